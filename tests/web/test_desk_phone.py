"""/meja/telepon/: written while listening, made into a matter or added to one, promised and called back."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from simpul.cases.models import Case, Note
from simpul.journal.models import Line
from simpul.lib import ids
from simpul.messages import actions as message_actions
from simpul.messages.models import Call, Gateway
from tests.cast import DUNGKAIT, NOW, Cast, assemble
from tests.web.desk_pages import sit, words

pytestmark = pytest.mark.django_db
NUMBER = "0812 4455 6677"


@pytest.fixture
def cast() -> Cast:
    return assemble()


def ring(client: Client) -> str:
    """The address of a new call, as the button opens it."""
    answer = client.get("/meja/telepon/masuk/")
    assert answer.status_code == 302
    return str(answer["Location"])


def write(client: Client, address: str, outcome: str, **given: Any) -> Any:
    values = {
        "number": NUMBER,
        "language": "mdr",
        "notes": "Beras bantuan belum datang di Taludu.",
        "outcome": outcome,
    }
    return client.post(address, {**values, **given})


def late_promise(cast: Cast, **given: Any) -> Call:
    """A call-back that was due an hour ago."""
    at = timezone.now() - timedelta(hours=3)
    wanted: dict[str, Any] = {
        "by": cast.admin, "at": at, "number": NUMBER, "outcome": "callback", "callback_due_at": at + timedelta(hours=2),
        "callback_why": "Jadwal beras", "notes": "Minta kabar.",
    }  # fmt: skip
    return message_actions.log_call(**(wanted | given))


def test_a_call_is_written_down_with_its_clock_running(cast: Cast) -> None:
    Gateway.objects.create(
        code="hp", kind="android", road="sms", name="Telkomsel", number="0811", desk=cast.desk("centre"),
        region_code="7602", added_at=NOW,
    )  # fmt: skip
    client = sit(cast, "admin")
    address = ring(client)
    page = client.get(address).content.decode()
    assert "data-clock-from=" in page
    assert page.index('name="number"') < page.index('name="notes"')
    assert "autofocus" in page
    assert 'accesskey="c"' in page
    assert "Mandar" in page
    answer = write(client, address, "information", caller_name="Nurhayati", why="")
    assert answer.status_code == 302
    call = Call.objects.get()
    assert str(call.id) in address
    assert abs(call.started_at - ids.uuid7_moment(call.id)) < timedelta(milliseconds=2)
    assert (call.language, call.outcome, call.gateway_id) == ("mdr", "information", None)
    assert client.get(address)["Location"].endswith(f"/meja/telepon/{call.id}/")
    assert "Beras bantuan" in words(client.get(f"/meja/telepon/{call.id}/"))
    write(client, address, "prank")
    assert Call.objects.count() == 1


def test_who_is_calling_stands_beside_also_without_a_script(cast: Cast) -> None:
    case = cast.case()
    hidden = cast.case(hide_name=True)
    client = sit(cast, "admin")
    address = ring(client)
    shown = words(write(client, address, "look", number="+62 812-4455-6677"))
    assert "Nurhayati" in shown
    assert case.number in shown
    assert hidden.number not in shown
    assert (
        "Beras bantuan"
        in client.post(
            address, {"number": NUMBER, "notes": "Beras bantuan", "outcome": "look"}
        ).content.decode()
    )
    fragment = client.post("/meja/telepon/kenal/", {"number": NUMBER}, headers={"HX-Request": "true"})
    assert case.number in words(fragment)
    assert b"<html" not in fragment.content
    stranger = sit(cast, "neighbour")
    assert "Nurhayati" not in words(stranger.post("/meja/telepon/kenal/", {"number": NUMBER}))


def test_a_call_becomes_a_matter_with_its_words_number_and_person(cast: Cast) -> None:
    known = cast.case().reporter
    client = sit(cast, "admin")
    answer = write(client, ring(client), "case", person_id=str(known.id), number=NUMBER)
    call = Call.objects.get()
    assert f"telepon={call.id}" in answer["Location"]
    assert call.subject_id is None
    page = client.get(answer["Location"])
    html = page.content.decode()
    assert "Beras bantuan belum datang" in html
    assert NUMBER in html
    assert f'value="{known.id}"' in html
    hidden = {
        name: re.search(rf'name="{name}" value="([^"]*)"', html)[1]  # type: ignore[index]
        for name in ("case_id", "visit_id", "kept", "call_id")
    }
    taken = {
        "channel": "phone", "text": "Beras bantuan belum datang di Taludu.", "kind_code": "complaint",
        "region": DUNGKAIT, "urgency": "normal", "mode": "self", "name": "Nurhayati", "phone": NUMBER,
        "owner": "own", "safe": "call", "consent": "spoken", "person_id": str(known.id),
    }  # fmt: skip
    assert client.post("/meja/terima/", {**hidden, **taken}).status_code == 302
    call.refresh_from_db()
    case = Case.objects.get(id=hidden["case_id"])
    assert (call.subject_kind, call.subject_id, call.outcome) == ("case", case.id, "case")
    assert (case.channel, case.reporter_id) == ("phone", known.id)
    assert "Mandar" in words(client.get(f"/meja/kasus/{case.id}/"))
    assert client.post("/meja/terima/", {**hidden, **taken}).status_code == 302
    assert Case.objects.count() == 2


def test_a_call_is_added_to_a_matter_as_a_note(cast: Cast) -> None:
    case = cast.case()
    client = sit(cast, "admin")
    address = ring(client)
    wrong = write(client, address, "added", case_number="SPL-0000")
    assert wrong.status_code == 422
    assert not Call.objects.exists()
    assert "Beras bantuan" in wrong.content.decode()
    assert write(client, address, "added", case_number=case.number.lower()).status_code == 302
    assert Note.objects.get().text.startswith("Beras bantuan")
    assert Call.objects.get().subject_id == case.id


def test_a_promise_takes_one_press(cast: Cast) -> None:
    client = sit(cast, "admin")
    assert write(client, ring(client), "callback").status_code == 422
    assert write(client, ring(client), "callback", quick="hour", why="Jadwal").status_code == 302
    call = Call.objects.get()
    assert call.callback_due_at is not None
    assert timedelta(minutes=58) < call.callback_due_at - call.started_at < timedelta(minutes=62)
    hidden = write(client, ring(client), "callback", quick="hour", number="", withheld="on")
    assert hidden.status_code == 422
    other = write(client, ring(client), "callback", quick="other", later_time="xx")
    assert other.status_code == 422


def test_a_call_written_down_afterwards_keeps_its_own_time(cast: Cast) -> None:
    client = sit(cast, "admin")
    yesterday = timezone.now().date() - timedelta(days=1)
    answer = write(
        client, ring(client), "information", call_date=f"{yesterday:%d/%m/%Y}", started_time="23.50", ended_time="00.10"
    )  # fmt: skip
    assert answer.status_code in (302, 422)
    if answer.status_code == 302:
        call = Call.objects.get()
        assert call.ended_at - call.started_at == timedelta(minutes=20)  # type: ignore[operator]
    assert write(client, ring(client), "information", call_date=f"{yesterday:%d/%m/%Y}").status_code == 422
    assert write(client, ring(client), "information", started_time="pagi").status_code == 422


def test_words_of_violence_seal_the_call(cast: Cast) -> None:
    client = sit(cast, "admin")
    write(client, ring(client), "information", notes="Anak saya diperkosa tetangga.")
    call = Call.objects.get()
    assert call.sealed
    assert "diperkosa" not in words(sit(cast, "second_admin").get("/meja/telepon/"))
    assert sit(cast, "second_admin").get(f"/meja/telepon/{call.id}/").status_code == 404
    focal = sit(cast, "focal")
    assert "diperkosa" in words(focal.get(f"/meja/telepon/{call.id}/"))
    assert Line.objects.filter(kind="view.record", subject_id=call.id).exists()
    assert "1" in words(focal.get("/meja/telepon/?daftar=sealed"))


def test_who_waits_for_a_call_stands_in_the_inbox_and_is_called(cast: Cast) -> None:
    call = late_promise(cast)
    client = sit(cast, "second_admin")
    inbox = client.get("/meja/")
    assert "menunggu telepon kita" in words(inbox)
    assert f"/meja/telepon/{call.id}/balas/" in inbox.content.decode()
    page = client.get(f"/meja/telepon/{call.id}/balas/")
    assert "tel:+6281244556677" in page.content.decode()
    assert "Jadwal beras" in words(page)
    out_id = re.search(r'name="out_id" value="([^"]*)"', page.content.decode())[1]  # type: ignore[index]
    given = {"out_id": out_id, "language": "id"}
    vain = client.post(f"/meja/telepon/{call.id}/balas/", {**given, "result": "not_reached"})
    assert vain.status_code == 422
    assert Call.objects.count() == 1
    ok = client.post(f"/meja/telepon/{call.id}/balas/", {**given, "result": "not_reached", "quick": "hour"})
    assert ok.status_code == 302
    call.refresh_from_db()
    assert call.callback_tries == 1
    made = Call.objects.get(id=UUID(out_id))
    assert (made.direction, made.outcome) == ("out", "no_answer")
    assert "menunggu telepon kita" not in words(client.get("/meja/"))


def test_a_reached_person_may_become_a_matter(cast: Cast) -> None:
    call = late_promise(cast)
    client = sit(cast, "admin")
    page = client.get(f"/meja/telepon/{call.id}/balas/").content.decode()
    out_id = re.search(r'name="out_id" value="([^"]*)"', page)[1]  # type: ignore[index]
    answer = client.post(
        f"/meja/telepon/{call.id}/balas/",
        {
            "out_id": out_id,
            "language": "id",
            "result": "reached",
            "outcome": "case",
            "notes": "Beras belum datang.",
        },
    )
    assert answer["Location"].endswith(f"telepon={out_id}")
    call.refresh_from_db()
    assert call.callback_result == "reached"
    again = client.post(
        f"/meja/telepon/{call.id}/balas/",
        {"out_id": out_id, "language": "id", "result": "reached", "notes": "x"},
    )
    assert again.status_code == 422


def test_a_call_is_corrected_promised_and_added_on_its_own_page(cast: Cast) -> None:
    case = cast.case()
    call = late_promise(cast, outcome="information", callback_due_at=None)
    client = sit(cast, "admin")
    address = f"/meja/telepon/{call.id}/"
    assert (
        client.post(address, {"step": "notes", "notes": "Sudah datang.", "caller_name": "Nur"}).status_code
        == 302
    )
    assert client.post(address, {"step": "promise", "why": "x"}).status_code == 422
    assert client.post(address, {"step": "promise", "quick": "morning"}).status_code == 302
    assert client.post(address, {"step": "add", "case_number": "x"}).status_code == 422
    assert client.post(address, {"step": "add", "case_number": case.number}).status_code == 302
    call.refresh_from_db()
    assert (call.notes, call.caller_name, call.subject_id) == ("Sudah datang.", "Nur", case.id)
    assert case.number in words(client.get(address))
    assert sit(cast, "neighbour").get(address).status_code == 404
    assert client.post("/meja/telepon/ekspor/").status_code == 200


def test_the_log_is_narrowed_and_leaves_as_a_spreadsheet_without_names(cast: Cast) -> None:
    late_promise(cast, caller_name="Nurhayati")
    late_promise(cast, number="0853 1111 2222", outcome="prank", callback_due_at=None, notes="=cmd")
    client = sit(cast, "admin")
    assert "Nurhayati" in words(client.get("/meja/telepon/?words=0812"))
    assert "Nurhayati" not in words(client.get("/meja/telepon/?hasil=prank"))
    assert "Nurhayati" in words(client.get("/meja/telepon/?daftar=callback&dari=1/1/2026&bahasa=id"))
    assert client.get("/meja/telepon/?daftar=%00&page=9e9&dari=x&hasil=y&words=%00").status_code == 200
    answer = client.post("/meja/telepon/ekspor/?hasil=callback", {"purpose": "Laporan bulanan"})
    text = answer.content.decode()
    assert text.count("\n") == 2
    assert "Nurhayati" not in text
    assert "81244556677" not in text
    line = Line.objects.get(kind="export.record")
    assert (line.facts["what"], line.facts["rows"]) == ("telepon", 1)
    assert sit(cast, "village_officer").post("/meja/telepon/ekspor/").status_code == 404


@pytest.mark.parametrize("part", ["pokja", "custodian", "administrator", "protection_officer"])
def test_who_does_not_listen_finds_no_telephone(cast: Cast, part: str) -> None:
    client = sit(cast, part)
    for address in ("/meja/telepon/", "/meja/telepon/masuk/"):
        assert client.get(address).status_code == 404


def test_the_log_costs_a_bounded_number_of_queries(cast: Cast, django_assert_max_num_queries: Any) -> None:
    client = sit(cast, "admin")
    late_promise(cast)
    with django_assert_max_num_queries(45) as few:
        client.get("/meja/telepon/")
    for number in range(12):
        late_promise(cast, number=f"0812 0000 00{number:02d}")
    with django_assert_max_num_queries(len(few)):
        client.get("/meja/telepon/")
