"""/meja/bencana/ and /meja/pengumuman/: declared, felt at every door, told to everybody, ended."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from simpul.cases.models import Case, Clock, Kind
from simpul.messages.models import MassNotice, Message
from simpul.regions import queries as region_queries
from simpul.regions.models import Emergency, Suspension
from tests.cast import DUNGKAIT, Cast, assemble
from tests.web.desk_pages import sit, words
from tests.web.test_desk_intake import given as taken

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    region_queries.forget()
    return assemble()


def day(ago: int = 0) -> str:
    found = timezone.now().date() - timedelta(days=ago)
    return f"{found.day}/{found.month}/{found.year}"


def declare(client: Client, **given: Any) -> Any:
    values = {
        "region_code": "7602", "name": "Gempa Mamuju", "decided_by": "Bupati Mamuju", "decision_number": "188/77",
        "decision_date": day(1), "phones": "0426 21000, 0811 222 333", "words": "Tetap di luar rumah.",
        "asks_safety": "on", "relaxes_identity": "on",
    }  # fmt: skip
    return client.post("/meja/bencana/tetapkan/", {**values, **given})


def test_a_manager_and_an_administrator_declare_and_end_it(cast: Cast) -> None:
    for part in ("manager", "administrator"):
        client = sit(cast, part)
        assert client.get("/meja/bencana/").status_code == 200
        assert declare(client, until_date="31/12/9999").status_code == 422
        assert declare(client).status_code == 302
        assert declare(client).status_code == 422
        row = Emergency.objects.get(ended_at=None)
        assert "Gempa Mamuju" in words(client.get("/meja/bencana/"))
        assert client.post(f"/meja/bencana/{row.id}/akhiri/", {"decision": ""}).status_code == 422
        assert client.post(f"/meja/bencana/{row.id}/akhiri/", {"decision": "SK 80"}).status_code == 302
        assert client.post(f"/meja/bencana/{row.id}/akhiri/", {"decision": "SK 80"}).status_code == 422
    assert declare(sit(cast, "neighbour_manager")).status_code == 422
    row = Emergency.objects.first()
    assert row is not None
    assert sit(cast, "neighbour_manager").get(f"/meja/bencana/{row.id}/akhiri/").status_code == 404
    for part in ("admin", "pokja", "focal", "village_officer"):
        assert sit(cast, part).get("/meja/bencana/").status_code == 404
        assert sit(cast, part).get("/meja/bencana/tetapkan/").status_code == 404


def test_the_clocks_show_by_which_decision_they_stand_still(cast: Cast) -> None:
    case = cast.case(at=timezone.now() - timedelta(days=1))
    before = Clock.objects.get(case=case, key="answer").due_at
    declare(sit(cast, "manager"), suspends_clocks="on", until_date=day(-14))
    assert Suspension.objects.get().decision == "Bupati Mamuju, 188/77"
    clock = Clock.objects.get(case=case, key="answer")
    assert clock.due_at > before
    shown = words(sit(cast, "admin").get(f"/meja/kasus/{case.id}/"))
    assert "Bupati Mamuju, 188/77" in shown
    assert "berhenti" in shown


def test_danger_stands_first_and_is_asked_first_at_the_counter(cast: Cast) -> None:
    declare(sit(cast, "manager"))
    client = sit(cast, "admin")
    page = client.get("/meja/terima/").content.decode()
    assert page.index('name="triage"') < page.index('name="text"')
    cast.case(title="Biasa", at=timezone.now() - timedelta(days=2))
    answer = client.post(
        "/meja/terima/", taken(client, triage=["trapped"], region="", place="Jembatan Taludu", name="")
    )
    assert answer.status_code == 302
    case = Case.objects.get(urgency="danger")
    assert (case.region_code, case.triage, case.place) == ("7602", ["trapped"], "Jembatan Taludu")
    inbox = client.get("/meja/")
    rows = inbox.context["rows"]
    assert rows[0]["number"] == case.number
    assert "bahaya" in words(inbox).lower()
    assert "Mode bencana" in words(inbox)
    assert client.post("/meja/terima/", taken(client, region="", place="")).status_code == 422
    assert "tertimbun" in words(client.get(f"/meja/kasus/{case.id}/"))


def test_the_public_page_says_so_asks_safety_and_no_name(cast: Cast, client: Client) -> None:
    assert "Mode bencana" not in words(client.get("/"))
    Kind.objects.filter(code="information").update(anonymous_allowed=False)
    declare(sit(cast, "manager"))
    shown = words(client.get("/"))
    assert "Gempa Mamuju" in shown
    assert "0811 222 333" in shown
    assert "Tetap di luar rumah." in shown
    story = client.get("/lapor/cerita/?jenis=information").content.decode()
    assert story.index('name="triage"') < story.index('name="text"')
    client.post(
        "/lapor/cerita/", {"jenis": "information", "text": "Kami butuh air.", "triage": ["water_food"]}
    )
    assert client.post("/lapor/tempat/", {"region": "", "place": ""}).status_code == 422
    assert client.post("/lapor/tempat/", {"region": "", "place": "Dekat masjid Taludu"}).status_code == 302
    assert client.post("/lapor/pelapor/", {"mode": "anonymous"}).status_code == 302
    check = client.get("/lapor/periksa/")
    assert "air minum" in words(check)
    key = re.search(r'name="lapor" value="([^"]*)"', check.content.decode())[1]  # type: ignore[index]
    assert client.post("/lapor/periksa/", {"lapor": key}).status_code == 302
    case = Case.objects.get()
    assert (case.urgency, case.mode, case.region_code) == ("danger", "anonymous", "7602")


def test_the_telephone_carries_what_was_ticked_into_the_matter(cast: Cast) -> None:
    declare(sit(cast, "manager"))
    client = sit(cast, "admin")
    address = client.get("/meja/telepon/masuk/")["Location"]
    answer = client.post(
        address,
        {
            "number": "0812 4455 6677",
            "language": "id",
            "notes": "Rumah roboh.",
            "triage": ["life"],
            "outcome": "case",
        },
    )
    page = client.get(answer["Location"]).content.decode()
    assert "Nyawa seseorang terancam sekarang]" in page
    assert re.search(r'value="life"[^>]*checked', page)


# --- everybody --------------------------------------------------------------------------------------------------------


def written(client: Client, **given: Any) -> dict[str, Any]:
    page = client.get("/meja/pengumuman/tulis/").content.decode()
    key = re.search(r'name="notice_id" value="([^"]*)"', page)[1]  # type: ignore[index]
    return {
        "notice_id": key, "region_code": "7602", "title": "Pembagian air",
        "body": "Air dibagikan besok pukul 09.00 di balai desa.", "decided_by": "BPBD Mamuju", **given,
    }  # fmt: skip


def test_everybody_is_counted_before_anybody_is_told(cast: Cast) -> None:
    cast.case()
    client = sit(cast, "manager")
    given = written(client)
    looked = client.post("/meja/pengumuman/tulis/", {**given, "step": "count"})
    assert looked.status_code == 200
    assert "1 orang" in words(looked)
    assert "Air dibagikan besok" in words(looked)
    assert not MassNotice.objects.exists()
    sent = client.post("/meja/pengumuman/tulis/", {**given, "step": "send"})
    assert sent.status_code == 302
    client.post("/meja/pengumuman/tulis/", {**given, "step": "send"})
    assert MassNotice.objects.count() == Message.objects.filter(subject_kind="notice").count() == 1
    notice = MassNotice.objects.get()
    page = client.get(f"/meja/pengumuman/{notice.id}/")
    assert "Pembagian air" in words(page)
    assert "Pembagian air" in words(client.get("/meja/pengumuman/"))
    assert "Pembagian air" not in words(client.get("/meja/pemberitahuan/"))


def test_a_hamlet_is_reported_and_a_notice_is_stopped(cast: Cast) -> None:
    cast.case()
    client = sit(cast, "manager")
    client.post("/meja/pengumuman/tulis/", {**written(client), "step": "send"})
    notice = MassNotice.objects.get()
    village = sit(cast, "village_officer")
    listed = village.get(f"/meja/pengumuman/{notice.id}/dusun/?region_code={DUNGKAIT}&hamlet_name=")
    assert "Nurhayati" in words(listed)
    told = village.post(
        f"/meja/pengumuman/{notice.id}/dusun/",
        {"region_code": DUNGKAIT, "hamlet_name": "", "told_by": "Imam"},
    )
    assert told.status_code == 302
    assert Message.objects.get(subject_kind="notice").told_by == "Imam"
    again = village.post(f"/meja/pengumuman/{notice.id}/dusun/", {"region_code": DUNGKAIT, "hamlet_name": ""})
    assert again.status_code == 422
    assert village.post(f"/meja/pengumuman/{notice.id}/hentikan/", {"reason": "Salah"}).status_code == 404
    assert client.post(f"/meja/pengumuman/{notice.id}/hentikan/", {"reason": ""}).status_code == 422
    assert (
        client.post(f"/meja/pengumuman/{notice.id}/hentikan/", {"reason": "Jadwal berubah"}).status_code
        == 302
    )
    assert "Dihentikan" in words(client.get(f"/meja/pengumuman/{notice.id}/"))


def test_who_may_not_tell_everybody(cast: Cast) -> None:
    cast.case()
    for part in ("admin", "pokja", "administrator", "focal"):
        assert sit(cast, part).get("/meja/pengumuman/tulis/").status_code == 404
    other = sit(cast, "neighbour_manager")
    assert other.post("/meja/pengumuman/tulis/", {**written(other), "step": "count"}).status_code == 422
    assert other.post("/meja/pengumuman/tulis/", {**written(other), "step": "send"}).status_code == 422
    client = sit(cast, "manager")
    assert client.post(
        "/meja/pengumuman/tulis/", {**written(client, body="x"), "step": "count"}
    ).status_code in (200, 422)
    assert (
        client.post("/meja/pengumuman/tulis/", {**written(client, body="x"), "step": "send"}).status_code
        == 422
    )
    client.post("/meja/pengumuman/tulis/", {**written(client), "step": "send"})
    notice = MassNotice.objects.get()
    assert sit(cast, "neighbour_manager").get(f"/meja/pengumuman/{notice.id}/").status_code == 404
