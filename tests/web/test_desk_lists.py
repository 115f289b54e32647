"""/meja/: lists, filters, the panel, search, bulk acts, and what a neighbour sees of it all."""

from __future__ import annotations

import gzip
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from simpul.cases.actions import handling, referral
from simpul.cases.models import Case
from simpul.cases.queries import inbox
from tests.cast import Cast, assemble
from tests.web.desk_pages import sit, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble()


def test_the_inbox_shows_number_title_place_and_clock_in_words(cast: Cast) -> None:
    case = cast.case(at=timezone.now())
    shown = words(sit(cast, "admin").get("/meja/"))
    for text in (case.number, case.title, "Dungkait", "hari lagi", "Giliran Anda"):
        assert text in shown


def test_a_late_matter_says_so_in_words(cast: Cast) -> None:
    cast.case(at=timezone.now() - timedelta(days=60))
    assert "terlambat" in words(sit(cast, "admin").get("/meja/?view=late"))


def test_an_empty_list_teaches(cast: Cast) -> None:
    assert "Tidak ada yang menunggu Anda" in words(sit(cast, "admin").get("/meja/"))


@pytest.mark.parametrize("view", [*inbox.VIEWS, "??"])
def test_every_view_opens(cast: Cast, view: str) -> None:
    cast.case()
    assert sit(cast, "manager").get(f"/meja/?view={view}&page=zz&kind=x&region=aa&order=q").status_code == 200


def test_filters_live_in_the_address(cast: Cast) -> None:
    cast.case(title="Lampu padam")
    cast.case(kind_code="information", title="Jadwal posyandu", answers={})
    client = sit(cast, "admin")
    shown = words(client.get("/meja/?view=all&kind=information"))
    assert "Jadwal posyandu" in shown
    assert "Lampu padam" not in shown


def test_the_neighbour_sees_nothing(cast: Cast) -> None:
    case = cast.case()
    for part in ("neighbour", "neighbour_coordinator", "neighbour_manager"):
        client = sit(cast, part)
        assert case.title not in words(client.get("/meja/?view=all"))
        assert client.get(f"/meja/kasus/{case.id}/").status_code == 404
        assert client.post(f"/meja/kasus/{case.id}/ambil/").status_code == 404
        assert case.title not in words(client.get("/meja/cari/", {"q": case.number}))


def test_nobody_enters_without_signing_in(cast: Cast) -> None:
    case = cast.case()
    for address in ("/meja/", f"/meja/kasus/{case.id}/", "/meja/terima/", "/meja/pantau/", "/meja/cari/"):
        answer = Client().get(address)
        assert answer.status_code == 302
        assert "/akun/masuk/" in answer["Location"]


def test_the_panel_is_a_fragment_and_a_whole_page_without_scripts(cast: Cast) -> None:
    case = cast.case()
    client = sit(cast, "admin")
    panel = client.get(f"/meja/kasus/{case.id}/?panel=1&view=turn", headers={"HX-Request": "true"})
    assert b"<html" not in panel.content
    assert case.title in words(panel)
    assert b"<html" in client.get(f"/meja/kasus/{case.id}/?panel=1").content


@pytest.mark.parametrize("spelling", ["{}", " {} ", "{}".lower()])
def test_search_by_number_opens_the_matter(cast: Cast, spelling: str) -> None:
    case = cast.case()
    answer = sit(cast, "admin").get(
        "/meja/cari/", {"q": spelling.format(case.number.lower().replace("-", " "))}
    )
    assert answer.status_code == 302
    assert str(case.id) in answer["Location"]


def test_search_by_words_lists_what_is_found(cast: Cast) -> None:
    case = cast.case(text_given="Jembatan gantung putus diterjang banjir.")
    shown = words(sit(cast, "admin").get("/meja/cari/", {"q": "jembatan banjir"}))
    assert case.number in shown
    assert "Tidak ada yang ditemukan" in words(sit(cast, "admin").get("/meja/cari/", {"q": "zebra"}))


def test_a_list_costs_the_same_with_five_and_with_fifty_rows(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for _row in range(5):
        cast.case()
    client = sit(cast, "admin")
    client.get("/meja/?view=all")
    with django_assert_max_num_queries(40) as few:
        client.get("/meja/?view=all")
    for _row in range(45):
        cast.case()
    with django_assert_max_num_queries(len(few)):
        page = client.get("/meja/?view=all")
    assert page.content.count(b"data-row") == 50
    assert len(gzip.compress(page.content)) < 60_000


def test_pages_of_a_long_list(cast: Cast) -> None:
    for _row in range(53):
        cast.case()
    client = sit(cast, "admin")
    first, second = client.get("/meja/?view=all"), client.get("/meja/?view=all&page=2")
    assert first.content.count(b"data-row") == 50
    assert second.content.count(b"data-row") == 3


# --- bulk ---------------------------------------------------------------------------------------------------------------


def test_a_bulk_act_names_what_it_will_change_before_it_changes_anything(cast: Cast) -> None:
    cases = [cast.case(title=f"Lampu {place}") for place in ("satu", "dua")]
    client = sit(cast, "admin")
    asked = client.post("/meja/serentak/", {"do": "claim", "ids": [str(case.id) for case in cases]})
    assert "2 urusan" in words(asked)
    assert "Lampu satu" in words(asked)
    assert not Case.objects.filter(seat_id=cast.seats["admin"].id).exists()
    client.post("/meja/serentak/", {"do": "claim", "confirmed": "1", "ids": [str(case.id) for case in cases]})
    assert Case.objects.filter(seat_id=cast.seats["admin"].id).count() == 2


def test_a_bulk_act_checks_each_and_reports_each(cast: Cast) -> None:
    mine, other = cast.case(), cast.case()
    elsewhere = cast.case(region_code="7303012008")
    handling.claim_case(by=cast.admin, at=cast.now, case_id=other.id)
    referral.refer_case(
        by=cast.admin, at=cast.now, case_id=other.id, to_desk_id=cast.desk("shelter").id, note="Mohon dicek"
    )
    ids = [str(mine.id), str(other.id), str(elsewhere.id), str(uuid4())]
    answer = sit(cast, "admin").post(
        "/meja/serentak/",
        {
            "do": "refer",
            "confirmed": "1",
            "ids": ids,
            "to_desk_id": str(cast.desk("shelter").id),
            "note": "Untuk pokja",
        },
    )
    shown = words(answer)
    assert "1 dari 4" in shown
    assert shown.count("ditolak") == 3
    assert elsewhere.number not in shown
    mine.refresh_from_db()
    assert mine.state == "offered"


def test_a_bulk_act_without_a_needed_choice_asks_again(cast: Cast) -> None:
    case = cast.case()
    answer = sit(cast, "admin").post(
        "/meja/serentak/", {"do": "refer", "confirmed": "1", "ids": [str(case.id)]}
    )
    assert answer.status_code == 422


def test_printing_several_leaves_out_what_is_not_for_the_seat(cast: Cast) -> None:
    case, elsewhere = (
        cast.case(title="Punya kami"),
        cast.case(region_code="7303012008", title="Punya tetangga"),
    )
    client = sit(cast, "admin")
    answer = client.post(
        "/meja/serentak/", {"do": "print", "ids": [str(case.id), str(elsewhere.id)]}, follow=True
    )
    assert "Punya kami" in words(answer)
    assert "Punya tetangga" not in words(answer)


def test_the_way_back_leads_nowhere_else(cast: Cast) -> None:
    answer = sit(cast, "admin").post("/meja/serentak/", {"do": "claim", "back": "https://jahat.example/"})
    assert answer["Location"] == "/meja/"
