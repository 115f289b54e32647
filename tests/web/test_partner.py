"""/mitra/: a link and a PIN, one page with what was forwarded, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from simpul.cases.actions import referral
from simpul.cases.models import Case
from simpul.desks import actions as desk_actions
from simpul.lib.actor import MACHINE
from simpul.people.models import Contact
from simpul.web.partner import session
from tests.cast import Cast, assemble
from tests.web.desk_pages import photo, sit, words

pytestmark = pytest.mark.django_db
EXTRACT = "Rumah di dekat masjid belum menerima terpal."


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def link(cast: Cast) -> Any:
    return desk_actions.issue_link(
        by=MACHINE, at=timezone.now(), desk_id=cast.desk("partner").id, holder_name="Grace Palit"
    )


@pytest.fixture
def case(cast: Cast) -> Case:
    found = cast.case(text_given="Ibu saya, Hasnah, belum menerima terpal. Kami di RT 2.")
    send(cast, found)
    return found


def send(cast: Cast, case: Case, **given: Any) -> None:
    values = {"note": "Mohon dibantu", "extract": EXTRACT, **given}
    referral.refer_case(
        by=cast.admin, at=timezone.now(), case_id=case.id, to_desk_id=cast.desk("partner").id, **values
    )


def enter(link: Any) -> Client:
    client = Client()
    answer = client.post(f"/mitra/{link.token}/", {"pin": link.pin})
    assert answer["Location"] == "/mitra/"
    return client


def test_link_and_pin_open_one_page_without_the_secret_in_it(cast: Cast, link: Any, case: Case) -> None:
    page = enter(link).get("/mitra/")
    assert EXTRACT in words(page)
    assert link.token not in page.content.decode()
    assert page["Referrer-Policy"] == "same-origin"
    assert "no-store" in page["Cache-Control"]


def test_the_extract_is_all_they_see(cast: Cast, link: Any, case: Case) -> None:
    other = cast.case(title="Bukan untuk mitra", text_given="Bukan untuk mitra sama sekali.")
    page = words(enter(link).get("/mitra/"))
    for hidden in ("Hasnah", "Nurhayati", "0812-4455-6677", other.title, other.number, "RT 2"):
        assert hidden not in page


def test_the_contact_goes_along_only_with_consent_and_only_safe_numbers(cast: Cast, link: Any) -> None:
    case = cast.case()
    send(cast, case, shares_contact=True, consent="spoken")
    client = enter(link)
    assert "0812-4455-6677" in words(client.get("/mitra/"))
    Contact.objects.update(safe_to_call=False)
    assert "0812-4455-6677" not in words(client.get("/mitra/"))


def test_accept_attach_answer(cast: Cast, link: Any, case: Case) -> None:
    client = enter(link)
    place = f"/mitra/kasus/{case.id}/"
    assert client.post(f"{place}terima/").status_code == 302
    prefix = f"lampirkan-{case.id.hex}"
    assert client.post(f"{place}lampirkan/", {f"{prefix}-uploads": photo()}).status_code == 302
    kept = case.attachments.get()
    assert client.get(f"/mitra/berkas/{kept.id}/")["Content-Disposition"].startswith("attachment")
    prefix = f"jawab-{case.id.hex}"
    assert (
        client.post(f"{place}jawab/", {f"{prefix}-answer": "", f"{prefix}-outcome": "done"}).status_code
        == 409
    )
    assert (
        client.post(
            f"{place}jawab/", {f"{prefix}-answer": "Terpal sudah diserahkan.", f"{prefix}-outcome": "done"}
        ).status_code
        == 302
    )
    assert "Terpal sudah diserahkan." in words(sit(cast, "admin").get(f"/meja/kasus/{case.id}/"))
    assert (
        client.post(
            f"{place}jawab/", {f"{prefix}-answer": "Sekali lagi saja.", f"{prefix}-outcome": "done"}
        ).status_code
        == 404
    )


def test_decline_needs_a_reason(cast: Cast, link: Any, case: Case) -> None:
    client = enter(link)
    assert client.post(f"/mitra/kasus/{case.id}/tolak/").status_code == 409
    prefix = f"tolak-{case.id.hex}"
    assert (
        client.post(f"/mitra/kasus/{case.id}/tolak/", {f"{prefix}-reason": "Bukan wilayah kami"}).status_code
        == 302
    )
    assert Case.objects.get(id=case.id).acting.code == "centre"


def test_a_wrong_pin_or_link_learns_nothing_and_five_tries_rest(cast: Cast, link: Any) -> None:
    client = Client()
    unknown = client.post("/mitra/tautan-yang-tidak-ada/", {"pin": "123456"})
    wrong = [client.post(f"/mitra/{link.token}/", {"pin": "000000"}) for _try in range(5)]
    assert {unknown.status_code, *(answer.status_code for answer in wrong)} == {403}
    assert client.post(f"/mitra/{link.token}/", {"pin": link.pin}).status_code == 403
    assert client.get("/mitra/").status_code == 403


def test_the_page_closes_after_half_an_hour_and_with_the_link(cast: Cast, link: Any, case: Case) -> None:
    client = enter(link)
    kept = client.session
    kept[session.KEY] = {
        **kept[session.KEY],
        "seen": int((timezone.now() - timedelta(minutes=31)).timestamp()),
    }
    kept.save()
    assert client.get("/mitra/").status_code == 403
    client = enter(link)
    desk_actions.withdraw_link(by=MACHINE, at=timezone.now(), link_id=link.link.id)
    assert client.get("/mitra/").status_code == 403
    assert client.post(f"/mitra/kasus/{case.id}/terima/").status_code == 403


def test_leaving_ends_it(cast: Cast, link: Any) -> None:
    client = enter(link)
    client.post("/mitra/keluar/")
    assert client.get("/mitra/").status_code == 403


def test_matters_of_others_are_not_found(cast: Cast, link: Any) -> None:
    other = cast.case()
    client = enter(link)
    assert client.post(f"/mitra/kasus/{other.id}/terima/").status_code == 404
    assert client.post(f"/mitra/kasus/{other.id}/entah/").status_code == 404


def test_the_page_costs_the_same_for_many(
    cast: Cast, link: Any, case: Case, django_assert_max_num_queries: Any
) -> None:
    client = enter(link)
    client.get("/mitra/")
    with django_assert_max_num_queries(25) as few:
        client.get("/mitra/")
    for _row in range(10):
        send(cast, cast.case())
    with django_assert_max_num_queries(len(few)):
        client.get("/mitra/")
