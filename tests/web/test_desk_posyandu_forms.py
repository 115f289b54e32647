"""Sheets, the grid for paper, and home visits, as cadres walk the pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from simpul.posyandu.actions import _tasks
from simpul.posyandu.actions import visits as visit_actions
from simpul.posyandu.models import Examination, Finding, HomeVisit, PaperLine, Participant, Task
from simpul.posyandu.queries import forms as form_queries
from tests.cast import NOW, Cast, assemble
from tests.posyandu.day_help import TODAY, Furnished, enrol, furnish, person, record
from tests.web.desk_pages import sit, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def there(cast: Cast) -> Furnished:
    return furnish(cast)


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    return None


@pytest.fixture
def cadre(cast: Cast) -> Client:
    return sit(cast, "cadre")


@pytest.fixture
def card(cast: Cast, there: Furnished) -> Participant:
    return enrol(cast, there.melati, there.child, mother_id=there.mother.id)


def grid_of(there: Furnished, code: str = "card_B") -> str:
    return reverse("desk_posyandu_grid", args=[there.melati.id, code])


def typed(card: Participant, **cells: str) -> dict[str, str]:
    base = {"tanggal": TODAY.isoformat(), "versi": "2023", "page": "1"}
    return {**base, **{f"{card.id}:{key}": text for key, text in cells.items()}}


# --- sheets


def test_the_list_of_sheets_shows_all_and_each_says_what_it_asks(
    cadre: Client, there: Furnished, card: Participant
) -> None:
    page = words(cadre.get(reverse("desk_posyandu_forms", args=[there.melati.id])))
    assert "Kartu Pemeriksaan Bayi, Balita, dan Anak Prasekolah" in page and "Isi setumpuk" in page
    assert sum(one.title in page for one in form_queries.forms()) == 22
    one = words(cadre.get(reverse("desk_posyandu_form", args=[there.melati.id, "card_D"]), {"versi": "2023"}))
    assert "versi 2023" in one and "Tekanan darah" in one
    assert cadre.get(reverse("desk_posyandu_form", args=[there.melati.id, "card_X"])).status_code == 404
    assert cadre.get(reverse("desk_posyandu_forms_home")).status_code in (200, 302)


@pytest.mark.parametrize("code", [one.code for one in form_queries.forms()])
def test_every_sheet_prints_empty(cadre: Client, there: Furnished, code: str) -> None:
    page = cadre.get(reverse("desk_posyandu_sheet", args=[there.melati.id, code]))
    text = words(page)
    form = form_queries.form(code)
    assert page.status_code == 200 and form.title in text and "Posyandu Melati" in text
    assert all(who in text for who in form.signatures)


def test_lists_recaps_and_cards_print_filled(
    cast: Cast, cadre: Client, there: Furnished, card: Participant
) -> None:
    record(cast, card, TODAY, weight=8900, height=740, values={"vitamin_a": True})
    sheet = reverse("desk_posyandu_sheet", args=[there.melati.id, "data_B"])
    assert "Nur Aisyah" in words(cadre.get(sheet, {"isi": "1"}))
    recap = reverse("desk_posyandu_sheet", args=[there.melati.id, "recap_B"])
    text = words(cadre.get(recap, {"isi": "1", "bulan": "2026-11"}))
    assert "Nur Aisyah" in text and "November 2026" in text and "Jumlah" in text and "✓" in text
    one = words(cadre.get(reverse("desk_posyandu_card_sheet", args=[card.id, "card_B"])))
    assert (
        "8,9" in one and "74,0" in one and "Normal" in one and "Sitti Hawang" in one and "23-11-2026" in one
    )
    assert cadre.get(reverse("desk_posyandu_card_sheet", args=[card.id, "card_D"])).status_code == 404


# --- the grid


def test_a_pile_of_paper_is_typed_in_line_by_line(
    cast: Cast, cadre: Client, there: Furnished, card: Participant
) -> None:
    other = enrol(cast, there.melati, person("Budi Santoso", sex="L"))
    assert "Budi Santoso" in words(cadre.get(grid_of(there)))
    given = typed(card, weight="8,9", height="74", vitamin_a="ya") | typed(other, weight="12000")
    page = cadre.post(grid_of(there), given)
    text = page.content.decode()
    assert page.status_code == 422 and 'value="12000"' in text and "12,0 kg" in text and "Pakai 12,0" in text
    assert Examination.objects.get().participant_id == card.id and PaperLine.objects.count() == 1
    again = cadre.get(grid_of(there)).content.decode()
    assert 'value="12000"' in again and 'value="8,9"' in again and "tersimpan" in again
    use = {**typed(other, weight="12000"), **typed(card, weight="8,9", height="74", vitamin_a="ya")}
    page = cadre.post(grid_of(there), {**use, "use": f"{other.id}:weight=12,0"})
    assert page.status_code == 302 and not PaperLine.objects.exists()
    assert Examination.objects.get(participant=other).weight_g == 12000
    mark = f'data-draft-done="grid:{there.melati.id}:card_B:{TODAY.isoformat()}:1"'
    assert mark in cadre.get(page["Location"]).content.decode()
    assert "data-draft-done" not in cadre.get(page["Location"]).content.decode()
    assert Examination.objects.count() == 2


def test_a_line_that_is_left_is_saved_alone(cadre: Client, there: Furnished, card: Participant) -> None:
    path = reverse("desk_posyandu_grid_line", args=[there.melati.id, "card_B", card.id])
    page = cadre.post(path, typed(card, weight="4,5"))
    assert 'data-state="kept"' in page.content.decode() and not Examination.objects.exists()
    page = cadre.post(path, {**typed(card, weight="4,5"), f"{card.id}:sure": "unusual.weight"})
    assert 'data-state="saved"' in page.content.decode()
    assert "sure:unusual.weight" in Examination.objects.get().flags


def test_a_kept_line_is_thrown_away(cadre: Client, there: Furnished, card: Participant) -> None:
    cadre.post(grid_of(there), typed(card, weight="12000"))
    path = reverse("desk_posyandu_grid_drop", args=[there.melati.id, "card_B", card.id])
    assert cadre.post(path, typed(card)).status_code == 302
    assert not PaperLine.objects.exists()


def test_an_untouched_page_saves_nothing(cadre: Client, there: Furnished, card: Participant) -> None:
    assert cadre.post(grid_of(there), typed(card)).status_code == 302
    assert not Examination.objects.exists()


def marks(page: Any, card: Participant) -> dict[str, str]:
    """What the page says it showed on a line."""
    found = re.search(rf'name="({card.id}:seen)" value="([^"]*)"', page.content.decode())
    assert found
    return {found.group(1): found.group(2)}


def test_an_old_page_reverts_and_deletes_nothing(
    cast: Cast, cadre: Client, there: Furnished, card: Participant
) -> None:
    second = sit(cast, "second_cadre")
    empty = marks(second.get(grid_of(there)), card)
    first = typed(card, weight="8,9", vitamin_a="ya")
    cadre.post(grid_of(there), {**first, **empty})
    second.post(grid_of(there), {**typed(card), **empty})
    old = marks(second.get(grid_of(there)), card)
    now = {**typed(card, weight="9,0", vitamin_a="ya"), **marks(cadre.get(grid_of(there)), card)}
    assert cadre.post(grid_of(there), now).status_code == 302
    assert second.post(grid_of(there), {**first, **old}).status_code == 302
    assert Examination.objects.get().weight_g == 9000
    moved = second.post(grid_of(there), {**typed(card, weight="8,7", vitamin_a="ya"), **old}, follow=True)
    assert "Keduanya disimpan" in words(moved)
    assert sorted(Examination.objects.values_list("weight_g", "stands")) == [(8700, False), (9000, True)]


def test_an_old_page_leaves_a_kept_line_and_an_emptied_cell_is_emptied(
    cast: Cast, cadre: Client, there: Furnished, card: Participant
) -> None:
    second = sit(cast, "second_cadre")
    empty = marks(second.get(grid_of(there)), card)
    asked = cadre.post(grid_of(there), {**typed(card, weight="12000"), **empty})
    second.post(grid_of(there), {**typed(card), **empty})
    path = reverse("desk_posyandu_grid_line", args=[there.melati.id, "card_B", card.id])
    refused = second.post(path, {**typed(card, weight="9000"), **empty})
    assert "Muat ulang" in words(refused) and 'value="9000"' in refused.content.decode()
    assert marks(refused, card) == empty and 'data-state="fault"' in refused.content.decode()
    assert PaperLine.objects.get().raw == {"weight": "12000"}
    better = {**typed(card, weight="8,9", vitamin_a="ya"), **marks(asked, card)}
    assert cadre.post(grid_of(there), better).status_code == 302 and not PaperLine.objects.exists()
    page = cadre.get(grid_of(there))
    cadre.post(grid_of(there), {**typed(card, weight="8,9"), **marks(page, card)})
    assert Examination.objects.get().values == {"weight": 8900}


def test_the_grid_costs_a_fixed_number_of_queries(
    cast: Cast, cadre: Client, there: Furnished, card: Participant
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as made:
            assert cadre.get(grid_of(there)).status_code == 200
        return len(made)

    cost()
    one = cost()
    for letter in "abcdefgh":
        enrol(cast, there.melati, person(f"Anak {letter}"))
    assert cost() == one


# --- visits


def new_visit(there: Furnished, **query: Any) -> str:
    asked = "&".join(f"{key}={value}" for key, value in query.items())
    return f"{reverse('desk_posyandu_visit_new', args=[there.melati.id])}?{asked}"


def key_of(page: Any) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page.content.decode())
    assert found
    return found.group(1)


def said(**more: str) -> dict[str, str]:
    return {"date": "23/11/2026", "met": "ya", "outcome": "", "reported_date": "", "next_date": "", **more}


def test_a_visit_is_written_down_by_the_proposed_checklist(
    cast: Cast, cadre: Client, there: Furnished, card: Participant
) -> None:
    found = words(cadre.get(new_visit(there, q="aisyah")))
    assert "Nur Aisyah" in found
    page = cadre.get(new_visit(there, kartu=card.id))
    text = words(page)
    assert "Daftar Periksa Kunjungan Rumah 4" in text and "Sesak napas" in text
    given = said(key=key_of(page), danger_breathing="ya", outcome="Diantar ke Puskesmas")
    answer = cadre.post(new_visit(there, kartu=card.id), given)
    row = HomeVisit.objects.get()
    assert answer.status_code == 302 and row.checklist == 4 and row.classes == ["danger_sign"]
    cadre.post(new_visit(there, kartu=card.id), given)
    assert HomeVisit.objects.count() == 1
    one = words(cadre.get(reverse("desk_posyandu_visit", args=[row.id])))
    assert "Tanda bahaya" in one and "Diantar ke Puskesmas" in one
    paper = words(cadre.get(reverse("desk_posyandu_visit_print", args=[row.id])))
    assert "Sesak napas" in paper and "Nur Aisyah" in paper and "23-11-2026" in paper


def test_what_looks_wrong_is_asked_before_a_visit_is_saved(
    cadre: Client, there: Furnished, card: Participant
) -> None:
    page = cadre.get(new_visit(there, kartu=card.id))
    given = said(key=key_of(page), temperature="39,9")
    asked = cadre.post(new_visit(there, kartu=card.id), given)
    assert asked.status_code == 422 and not HomeVisit.objects.exists() and "39,9" in words(asked)
    cadre.post(new_visit(there, kartu=card.id), {**given, "sure": "unusual.temperature"})
    assert HomeVisit.objects.get().flags == ["sure:unusual.temperature"]


def test_nobody_there_and_a_task_that_brought_the_cadre(
    cast: Cast, cadre: Client, there: Furnished, card: Participant
) -> None:
    task = _tasks.open_task(
        cast.cadre, NOW, posyandu=there.melati, reason="missed", due_date=TODAY,
        person=there.child, participant=card,
    )  # fmt: skip
    assert "Nur Aisyah" in words(cadre.get(reverse("desk_posyandu_visit_new", args=[there.melati.id])))
    page = cadre.get(new_visit(there, tugas=task.id))
    cadre.post(new_visit(there, tugas=task.id), said(key=key_of(page), met="tidak"))
    assert HomeVisit.objects.get().met is False and Task.objects.get(id=task.id).state == "open"
    page = cadre.get(new_visit(there, tugas=task.id))
    cadre.post(new_visit(there, tugas=task.id), said(key=key_of(page)))
    assert Task.objects.get(id=task.id).state == "done"


def test_the_family_sheet(cadre: Client, there: Furnished) -> None:
    household = there.child.household_id
    assert "Sitti Hawang" in words(cadre.get(new_visit(there, q="Sitti")))
    page = cadre.get(new_visit(there, keluarga=household))
    cadre.post(new_visit(there, keluarga=household), said(key=key_of(page), latrine="tidak"))
    assert Finding.objects.get().code == "no_toilet"
    paper = words(cadre.get(reverse("desk_posyandu_visit_print", args=[HomeVisit.objects.get().id])))
    assert "Nur Aisyah" in paper and "Ada jamban di rumah" in paper


def test_visits_are_listed_told_printed_by_the_week_and_taken_back(
    cast: Cast, cadre: Client, there: Furnished, card: Participant
) -> None:
    row = visit_actions.record_homevisit(
        by=cast.cadre, at=NOW, posyandu_id=there.melati.id, checklist=4, date=TODAY,
        values={"danger_cough": True}, participant_id=card.id,
    )  # fmt: skip
    path = reverse("desk_posyandu_visits", args=[there.melati.id])
    assert "Nur Aisyah" in words(cadre.get(path)) and "Nur Aisyah" in words(
        cadre.get(path, {"kelas": "danger_sign", "lapor": "belum"})
    )
    assert "Nur Aisyah" not in words(cadre.get(path, {"kelas": "tbc"}))
    cadre.post(
        reverse("desk_posyandu_visits_report", args=[there.melati.id]),
        {"kunjungan": [str(row.id), "x"], "tanggal": "23/11/2026"},
    )
    row.refresh_from_db()
    assert row.reported_date == TODAY
    week = words(cadre.get(reverse("desk_posyandu_visits_week", args=[there.melati.id])))
    assert "Rekapitulasi Kunjungan Rumah" in week and "Nur Aisyah" in week
    back = reverse("desk_posyandu_visit_withdraw", args=[row.id])
    assert cadre.post(back, {"why": ""}).status_code == 422
    assert cadre.post(back, {"why": "Salah rumah"}).status_code == 302
    row.refresh_from_db()
    assert row.withdrawn_at is not None
    assert "ditarik" in words(cadre.get(reverse("desk_posyandu_visit", args=[row.id])))


# --- others


def test_neighbours_and_those_without_named_people_find_nothing(
    cast: Cast, there: Furnished, card: Participant
) -> None:
    row = visit_actions.record_homevisit(
        by=cast.cadre, at=NOW, posyandu_id=there.melati.id, checklist=4, date=TODAY, values={},
        participant_id=card.id,
    )  # fmt: skip
    pages = [
        reverse("desk_posyandu_forms", args=[there.melati.id]),
        reverse("desk_posyandu_form", args=[there.melati.id, "card_B"]),
        reverse("desk_posyandu_sheet", args=[there.melati.id, "data_B"]) + "?isi=1",
        reverse("desk_posyandu_card_sheet", args=[card.id, "card_B"]),
        grid_of(there),
        reverse("desk_posyandu_visits", args=[there.melati.id]),
        reverse("desk_posyandu_visits_week", args=[there.melati.id]),
        new_visit(there, kartu=card.id),
        reverse("desk_posyandu_visit", args=[row.id]),
        reverse("desk_posyandu_visit_print", args=[row.id]),
    ]
    for part in ("neighbour_cadre", "village_head"):
        client = sit(cast, part)
        for page in pages:
            assert client.get(page).status_code == 404, (part, page)
    neighbour = sit(cast, "neighbour_cadre")
    assert neighbour.post(grid_of(there), typed(card, weight="8,9")).status_code == 404
    line = reverse("desk_posyandu_grid_line", args=[there.melati.id, "card_B", card.id])
    assert neighbour.post(line, typed(card, weight="8,9")).status_code == 404
    assert not Examination.objects.exists()


def test_the_midwife_sees_and_writes(cast: Cast, there: Furnished, card: Participant) -> None:
    midwife = sit(cast, "midwife")
    assert midwife.get(grid_of(there)).status_code == 200
    page = midwife.get(new_visit(there, kartu=card.id))
    assert midwife.post(new_visit(there, kartu=card.id), said(key=key_of(page))).status_code == 302


def test_the_pages_speak_english_too(cadre: Client, there: Furnished, card: Participant) -> None:
    cadre.get(reverse("language"), {"ke": "en", "kembali": "/"})
    text = words(cadre.get(grid_of(there)))
    assert "Type in from paper" in text
    assert "Home visit checklist 4" in words(cadre.get(new_visit(there, kartu=card.id)))
