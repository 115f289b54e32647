"""/meja/terima/: one page for the counter, the phone and the paper; several matters of one visit; the slip."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from simpul.cases.actions import incidents
from simpul.cases.models import Case, Visit
from tests.cast import DUNGKAIT, Cast, assemble
from tests.web.desk_pages import photo, sit, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble()


def given(client: Client, **changes: Any) -> dict[str, Any]:
    """The page filled in as an officer would, with the hidden keys it came with."""
    page = client.get("/meja/terima/").content.decode()
    hidden = {
        name: re.search(rf'name="{name}" value="([^"]*)"', page)[1]
        for name in ("case_id", "visit_id", "kept")
    }  # type: ignore[index]
    values = {
        "channel": "desk",
        "text": "Beras bantuan diberikan ke rumah yang salah.",
        "kind_code": "complaint",
        "region": DUNGKAIT,
        "urgency": "normal",
        "mode": "self",
        "name": "Sitti Nur",
        "phone": "0812 1111 2222",
        "owner": "family",
        "safe": "call",
        "consent": "spoken",
    }
    return {**hidden, **values, **changes}


def test_a_matter_is_taken_in_and_its_slip_shown(cast: Cast) -> None:
    client = sit(cast, "admin")
    answer = client.post("/meja/terima/", given(client), follow=True)
    case = Case.objects.get()
    shown = words(answer)
    assert case.number.replace("-", " ") in shown
    assert "PIN" in shown
    assert "Bukti" in shown or "Tanda terima" in shown
    contact = case.reporter.contacts.get()
    assert (contact.owner, contact.safe_to_call, contact.safe_to_write) == ("family", True, False)
    assert case.assisted_by == "Ratna Dewi"


def test_pressing_twice_takes_in_once(cast: Cast) -> None:
    client = sit(cast, "admin")
    values = given(client)
    client.post("/meja/terima/", values)
    client.post("/meja/terima/", values)
    assert Case.objects.count() == 1
    assert Visit.objects.count() == 1


def test_two_matters_of_one_visit_share_a_slip(cast: Cast) -> None:
    client = sit(cast, "village_officer")
    second = client.post("/meja/terima/", given(client, step="again"), follow=True).content.decode()
    visit = Visit.objects.get()
    assert f'name="visit_id" value="{visit.id}"' in second
    assert "Sitti Nur" in second
    person = Case.objects.get().reporter_id
    values = given(
        client,
        visit_id=str(visit.id),
        kind_code="information",
        text="Kapan jadwal posyandu?",
        person_id=str(person),
        phone="",
    )
    page = client.post("/meja/terima/", values, follow=True)
    first, other = Case.objects.order_by("number")
    assert first.visit_id == other.visit_id == visit.id
    assert first.reporter_id == other.reporter_id
    assert words(page).count("PIN: ") == 1
    assert other.number in words(page)


def test_the_questions_of_a_kind_appear_without_scripts(cast: Cast) -> None:
    client = sit(cast, "admin")
    page = client.post("/meja/terima/", given(client, kind_code="complaint_oversight", step="kind"))
    assert page.status_code == 200
    assert 'name="k_accused_office"' in page.content.decode()
    assert "Beras bantuan" in page.content.decode()
    fragment = client.post(
        "/meja/terima/jenis/", given(client, kind_code="complaint_oversight"), headers={"HX-Request": "true"}
    )
    assert 'name="k_accused_office"' in fragment.content.decode()
    assert b"<html" not in fragment.content


def test_a_missing_answer_of_the_kind_stands_beside_it(cast: Cast) -> None:
    client = sit(cast, "admin")
    page = client.post("/meja/terima/", given(client, kind_code="complaint_oversight"))
    assert page.status_code == 422
    assert "Beras bantuan" in page.content.decode()
    assert (
        client.post(
            "/meja/terima/", given(client, kind_code="complaint_oversight", k_accused_office="Puskesmas")
        ).status_code
        == 302
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"text": ""},
        {"kind_code": ""},
        {"region": "tidak ada desa begini"},
        {"region": ""},
        {"phone": "nol delapan"},
        {"nik": "12ab"},
        {"nik": "123"},
        {"happened": "31/31/2026"},
        {"received_time": "13.05"},
        {"received_date": "1/1/2020"},
        {"received_date": "1/1/2090"},
        {"received_date": "1/11/2026", "received_time": "25.99"},
        {"group_size": "banyak"},
        {"text": "x" * 5001},
        {"mode": "proxy"},
        {"email": "bukan surel"},
    ],
)
def test_what_cannot_be_read_is_asked_again_and_the_rest_stays(cast: Cast, changes: dict[str, str]) -> None:
    client = sit(cast, "admin")
    page = client.post(
        "/meja/terima/", given(client, **{"text": "Kata yang harus tetap ada di halaman.", **changes})
    )
    assert page.status_code == 422
    assert "govuk-error-summary" in page.content.decode()
    assert "Sitti Nur" in page.content.decode()
    assert not Case.objects.exists()


def test_invisible_signs_and_emoji_do_no_harm(cast: Cast) -> None:
    client = sit(cast, "admin")
    text = "Beras\u200b bantuan 🙏\u202e salah alamat"
    assert client.post("/meja/terima/", given(client, text=text)).status_code == 302
    assert "\u202e" not in Case.objects.get().text


def test_a_paper_keeps_its_own_date_and_the_clock_runs_from_when_it_came(cast: Cast) -> None:
    client = sit(cast, "admin")
    came = timezone.now() - timedelta(days=3)
    values = given(
        client,
        channel="paper",
        paper_number="12/DS",
        paper_date=f"{came.day}/{came.month}/{came.year}",
        received_date=f"{came.day}/{came.month}/{came.year}",
        received_time="09.00",
    )
    assert client.post("/meja/terima/", values).status_code == 302
    case = Case.objects.get()
    assert case.paper_number == "12/DS"
    assert case.received_at < timezone.now() - timedelta(days=1)


def test_persons_known_already_are_offered_but_never_from_elsewhere(cast: Cast) -> None:
    cast.case()
    client = sit(cast, "admin")
    page = words(
        client.post("/meja/terima/cek/", given(client, phone="081244556677"), headers={"HX-Request": "true"})
    )
    assert "Nurhayati" in page
    neighbour = sit(cast, "neighbour")
    assert "Nurhayati" not in words(neighbour.post("/meja/terima/cek/", given(client, phone="081244556677")))


def test_the_hamlets_of_the_village_come_once_it_is_known(cast: Cast) -> None:
    client = sit(cast, "admin")
    fragment = client.post(
        "/meja/terima/cek/", given(client, region="Dungkait"), headers={"HX-Request": "true"}
    )
    assert "hx-swap-oob" in fragment.content.decode()
    assert "Dusun Taludu" in words(fragment)


def test_matters_like_this_one_are_offered_and_a_shared_cause_can_be_joined(cast: Cast) -> None:
    first = cast.case(
        at=timezone.now(), text_given="Beras bantuan diberikan ke rumah yang salah di dusun kami"
    )
    cause = incidents.open_incident(
        by=cast.admin,
        at=timezone.now(),
        case_id=first.id,
        title="Beras bantuan salah rumah",
        text="Beras bantuan diberikan ke rumah yang salah.",
    )
    client = sit(cast, "admin")
    page = client.post("/meja/terima/", given(client, step="check"))
    assert str(cause.id) in page.content.decode()
    client.post("/meja/terima/", given(client, incident_id=str(cause.id)))
    assert Case.objects.exclude(id__in=(first.id, cause.id)).get().incident_id == cause.id


def test_an_anonymous_matter_gets_sixteen_digits_and_no_person(cast: Cast) -> None:
    client = sit(cast, "admin")
    page = words(
        client.post("/meja/terima/", given(client, mode="anonymous", name="", phone=""), follow=True)
    )
    case = Case.objects.get()
    assert case.reporter is None
    assert case.number not in page
    assert re.search(r"\d{4} \d{4} \d{4} \d{4}", page)


def test_an_accused_officer_is_kept_away_from_the_start(cast: Cast) -> None:
    client = sit(cast, "admin")
    client.post(
        "/meja/terima/", given(client, accused_name="Yusuf", accused_user=str(cast.user("second_admin").id))
    )
    case = Case.objects.get()
    assert sit(cast, "second_admin").get(f"/meja/kasus/{case.id}/").status_code == 404


def test_words_of_danger_seal_and_the_slip_names_nothing(cast: Cast) -> None:
    client = sit(cast, "admin")
    page = words(
        client.post("/meja/terima/", given(client, text="Anak itu diperkosa pamannya."), follow=True)
    )
    assert Case.objects.get().sensitivity == "sealed"
    assert "Unit Perlindungan" not in page


def test_a_file_is_kept_while_something_else_is_put_right(cast: Cast) -> None:
    client = sit(cast, "admin")
    page = client.post("/meja/terima/", given(client, region="", uploads=photo())).content.decode()
    kept = re.search(r'name="kept" value="([^"]+)"', page)[1]  # type: ignore[index]
    case_id = re.search(r'name="case_id" value="([^"]+)"', page)[1]  # type: ignore[index]
    client.post("/meja/terima/", given(client, kept=kept, case_id=case_id))
    assert Case.objects.get().attachments.count() == 1


def test_the_slip_is_for_this_session_alone(cast: Cast) -> None:
    client = sit(cast, "admin")
    address = client.post("/meja/terima/", given(client))["Location"]
    assert client.get(address).status_code == 200
    assert sit(cast, "second_admin").get(address).status_code == 404
    assert client.get(f"/meja/terima/tanda/{uuid4()}/").status_code == 404


def test_who_takes_nothing_in_finds_no_page(cast: Cast) -> None:
    for part in ("approver", "custodian", "administrator"):
        assert sit(cast, part).get("/meja/terima/").status_code == 404


def test_a_place_outside_the_seat_is_refused_and_nothing_typed_is_lost(cast: Cast) -> None:
    client = sit(cast, "admin")
    page = client.post("/meja/terima/", given(client, region="7303012008"))
    assert page.status_code == 422
    assert "Beras bantuan" in page.content.decode()
    assert not Case.objects.exists()


def test_a_known_person_brings_a_new_phone(cast: Cast) -> None:
    person = cast.case().reporter
    client = sit(cast, "admin")
    client.post("/meja/terima/", given(client, person_id=str(person.id), phone="0852 7777 8888"))
    assert sorted(person.contacts.values_list("as_typed", flat=True)) == ["0812-4455-6677", "0852 7777 8888"]
    client.post("/meja/terima/", given(client, person_id=str(person.id), phone="+62 852-7777-8888"))
    assert person.contacts.count() == 2


def test_without_a_name_and_yet_with_one_is_asked_again(cast: Cast) -> None:
    client = sit(cast, "admin")
    assert client.post("/meja/terima/", given(client, mode="anonymous")).status_code == 422
