"""The posyandu day and its people, as cadres walk the pages: list, enrolment, card, five steps, questions, closing, recap."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from simpul.posyandu.actions import days as day_actions
from simpul.posyandu.actions import participants
from simpul.posyandu.models import Coming, Day, Examination, Participant, Task
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
def neighbour(cast: Cast) -> Client:
    return sit(cast, "neighbour_cadre")


@pytest.fixture
def card(cast: Cast, there: Furnished) -> Participant:
    return enrol(cast, there.melati, there.child, mother_id=there.mother.id)


@pytest.fixture
def day(cast: Cast, there: Furnished) -> Day:
    return day_actions.open_day(by=cast.cadre, at=NOW, posyandu_id=there.melati.id, day=TODAY)


def arrive(cast: Cast, day: Day, card: Participant) -> Coming:
    return day_actions.arrive_participant(by=cast.cadre, at=NOW, day_id=day.id, participant_id=card.id)


def hidden(page: Any) -> dict[str, str]:
    """The key and the mark of what was seen, as the page's form carries them."""
    text = page.content.decode()
    found = re.findall(r'<input type="hidden" name="(key|seen)" value="([^"]*)"', text)
    return dict(found)


def work(coming: Coming, step: int) -> str:
    return reverse("desk_posyandu_work", args=[coming.id, step])


def test_the_list_teaches_when_empty_and_finds_by_the_mothers_name(
    cast: Cast, there: Furnished, cadre: Client
) -> None:
    url = reverse("desk_posyandu_people", args=[there.melati.id])
    assert "Belum ada sasaran" in words(cadre.get(url))
    card = enrol(cast, there.melati, there.child, mother_id=there.mother.id)
    record(cast, card, TODAY, weight=8900, height=740)
    page = words(cadre.get(url, {"kata": "hawang"}))
    assert "Nur Aisyah" in page and "12 bulan" in page and "8,9 kg" in page and "penimbangan pertama" in page
    assert "Tidak ada yang cocok" in words(cadre.get(url, {"kata": "orang lain"}))
    assert "Nur Aisyah" not in words(cadre.get(url, {"kartu": "D"}))


def test_enrolling_a_newborn_with_the_mother_and_a_twin(there: Furnished, cadre: Client) -> None:
    url = reverse("desk_posyandu_enrol", args=[there.melati.id])
    assert "Sitti Hawang" in words(cadre.get(url, {"cariibu": "hawang"}))
    to = f"{url}?ibu={there.mother.id}"
    baby = {"full_name": "Muh. Adil", "sex": "L", "birth_date": "20/11/2026", "nik": ""}
    assert cadre.post(to, {**baby, "birth_date": ""}).status_code == 422
    made = cadre.post(to, baby)
    card = Participant.objects.get(person__full_name="Muh. Adil")
    assert made.url == reverse("desk_posyandu_person", args=[card.id])
    assert card.mother == there.mother and card.person.household_id == there.mother.household_id
    twin = {**baby, "full_name": "Muh. Arif"}
    asked = cadre.post(to, twin)
    assert (
        asked.status_code == 422
        and "Ya, mereka kembar" in words(asked)
        and "Muh. Arif" in asked.content.decode()
    )
    assert cadre.post(to, {**twin, "twins": "on"}).status_code == 302
    assert Participant.objects.count() == 2


def test_who_is_elsewhere_is_taken_over(cast: Cast, there: Furnished, cadre: Client) -> None:
    old = enrol(cast, there.mawar, there.child)
    url = reverse("desk_posyandu_enrol", args=[there.melati.id])
    assert "Posyandu Mawar" in words(cadre.get(url, {"cari": "aisyah"}))
    refused = cadre.post(f"{url}?warga={there.child.id}", {})
    move = reverse("desk_posyandu_card_move", args=[old.id])
    assert refused.status_code == 422 and move in refused.content.decode()
    assert cadre.get(move).status_code == 200
    done = cadre.post(move, {"posyandu": str(there.melati.id)})
    new = Participant.objects.get(posyandu=there.melati)
    assert done.url == reverse("desk_posyandu_person", args=[new.id]) and new.moved_from_id == old.id


def test_the_card_shows_history_judgement_findings_and_what_is_due(
    cast: Cast, card: Participant, cadre: Client
) -> None:
    record(cast, card, date(2026, 10, 10), weight=8000, height=720)
    record(cast, card, TODAY, weight=5600, height=735)
    page = words(cadre.get(reverse("desk_posyandu_person", args=[card.id])))
    assert "5,6 kg" in page and "73,5 cm" in page and "T · tidak naik" in page and "Gizi buruk" in page
    assert (
        "Segera ke petugas kesehatan" in page and "Imunisasi yang jatuh tempo" in page and "HB0" not in page
    )
    assert "Sitti Hawang" in page and "10 Oktober 2026" in page


def test_the_card_leads_to_paper_door_and_chart(cast: Cast, card: Participant, cadre: Client) -> None:
    url = reverse("desk_posyandu_person", args=[card.id])
    sheet = reverse("desk_posyandu_card_sheet", args=[card.id, "card_B"])
    visit = f"{reverse('desk_posyandu_visit_new', args=[card.posyandu_id])}?kartu={card.id}"
    text = cadre.get(url).content.decode()
    assert f'href="{sheet}"' in text and f'href="{visit}"' in text and "<figure" not in text
    for target in (sheet, visit):
        assert cadre.get(target).status_code == 200
    record(cast, card, date(2026, 10, 12), weight=8500, height=730)
    text = cadre.get(url).content.decode()
    assert "<svg" in text.partition("<figure")[2].partition("</figure>")[0]
    participants.close_participant(by=cast.cadre, at=NOW, participant_id=card.id, why="away")
    assert visit not in cadre.get(url).content.decode()


def test_the_head_of_the_card_asks_back(card: Participant, there: Furnished, cadre: Client) -> None:
    url = reverse("desk_posyandu_card_details", args=[card.id])
    assert cadre.get(url).status_code == 200
    asked = cadre.post(url, {"birth_weight": "2900"})
    assert asked.status_code == 422 and "Pakai 2,9" in words(asked)
    assert cadre.post(url, {"birth_weight": "2900", "use": "birth_weight=2,9"}).status_code == 302
    card.refresh_from_db()
    assert card.details["birth_weight"] == 2900
    assert "2,9 kg" in words(cadre.get(reverse("desk_posyandu_person", args=[card.id])))


def test_a_card_is_closed_opened_and_advanced(cast: Cast, there: Furnished, cadre: Client) -> None:
    old = enrol(cast, there.melati, person("Sudah Besar", date(2020, 1, 1)), opened_date=date(2021, 1, 1))
    listed = reverse("desk_posyandu_outgrown", args=[there.melati.id])
    assert "Sudah Besar" in words(cadre.get(listed))
    assert cadre.post(reverse("desk_posyandu_card_advance", args=[old.id]), {"next": "list"}).url == listed
    new = Participant.objects.get(form="C")
    close = reverse("desk_posyandu_card_close", args=[new.id])
    assert cadre.get(close).status_code == 200 and cadre.post(close, {}).status_code == 422
    assert cadre.post(close, {"why": "away"}).status_code == 302
    page = words(cadre.get(reverse("desk_posyandu_person", args=[new.id])))
    assert "pindah dari desa" in page
    cadre.post(reverse("desk_posyandu_card_reopen", args=[new.id]))
    new.refresh_from_db()
    assert new.closed_date is None


def test_a_day_from_opening_to_the_next_person(
    cast: Cast, there: Furnished, card: Participant, cadre: Client
) -> None:
    second = enrol(cast, there.melati, person("Budi Santosa"))
    days = reverse("desk_posyandu_days", args=[there.melati.id])
    assert "Buka posyandu hari ini" in words(cadre.get(days))
    assert cadre.post(days, {"day": "24/11/2026"}).status_code == 422
    opened = cadre.post(days, {"day": "2026-11-23"})
    day = Day.objects.get()
    assert opened.url == reverse("desk_posyandu_day", args=[day.id])
    first = reverse("desk_posyandu_step", args=[day.id, 1])
    page = words(cadre.get(first))
    assert "2 orang ditunggu" in page and "Nur Aisyah" in page
    for letter, expected in (("A", "0 orang ditunggu"), ("B", "2 orang ditunggu")):
        assert expected in words(cadre.get(first, {"kartu": letter}))
    for one in (card, second):
        assert cadre.post(reverse("desk_posyandu_arrive", args=[day.id]), {"siapa": str(one.id)}).url == first
    assert "Semua sasaran sudah datang" in words(cadre.get(first))
    two = reverse("desk_posyandu_step", args=[day.id, 2])
    page = words(cadre.get(two))
    assert "Panggil dan mulai" in page and "Budi Santosa" in page
    coming, behind = Coming.objects.order_by("number")
    shown = cadre.get(work(coming, 2))
    assert "Berat badan" in words(shown)
    typed = {"weight": "8,9", "height": "74", "measured": "l", **hidden(shown)}
    assert cadre.post(work(coming, 2), {**typed, "go": "next"}).url == work(behind, 2)
    coming.refresh_from_db()
    assert coming.step == 3 and Examination.objects.get().weight_g == 8900
    assert cadre.post(work(behind, 2), {"weight": "8,5", "go": "on"}).url == work(behind, 3)
    assert "Tidak ada yang menunggu" in words(cadre.get(two))
    assert "<html" not in cadre.get(two, {"bagian": "1"}).content.decode()


def test_a_day_off_the_schedule_is_asked_about_and_a_mistake_taken_back(
    cast: Cast, there: Furnished, card: Participant, cadre: Client, neighbour: Client
) -> None:
    there.melati.schedule = {"day": 12}
    there.melati.save()
    listed = reverse("desk_posyandu_days", args=[there.melati.id])
    asked = cadre.post(listed, {"day": "2026-11-23"})
    assert asked.status_code == 422 and not Day.objects.exists()
    assert "23 November 2026 tidak ada di jadwal. Tetap buka?" in words(asked)
    assert "setiap bulan tanggal 12" in words(asked)
    day_url = cadre.post(listed, {"day": "2026-11-23", "unscheduled": "1"}).url
    day = Day.objects.get()
    assert day_url == reverse("desk_posyandu_day", args=[day.id])
    again = cadre.post(listed, {"day": "2026-11-23"}, follow=True)
    assert Day.objects.count() == 1 and "Hari ini sudah dibuka sebelumnya" in words(again)
    remove = reverse("desk_posyandu_day_remove", args=[day.id])
    assert "Salah buka" in words(cadre.get(day_url)) and "Ya, batalkan" in words(cadre.get(remove))
    for outsider in (neighbour, sit(cast, "village_head")):
        assert outsider.get(remove).status_code == outsider.post(remove).status_code == 404
    coming = arrive(cast, day, card)
    assert "Salah buka" not in words(cadre.get(day_url)) and "Ya, batalkan" not in words(cadre.get(remove))
    assert "Tutup saja harinya" in words(cadre.post(remove, follow=True)) and Day.objects.exists()
    coming.delete()
    assert cadre.post(remove).url == listed and not Day.objects.exists()


def test_who_was_seen_this_month_stands_apart_and_the_list_has_pages(
    cast: Cast, there: Furnished, card: Participant, day: Day, cadre: Client
) -> None:
    record(cast, card, date(2026, 11, 12), weight=8700)
    for number in range(21):
        enrol(cast, there.melati, person(f"Anak {number:02d}"))
    first = reverse("desk_posyandu_step", args=[day.id, 1])
    page = words(cadre.get(first))
    assert "21 orang ditunggu" in page and "1 orang sudah diperiksa di sini bulan ini" in page
    assert "sudah diperiksa 12 November 2026" in page and "Anak 19" in page and "Anak 20" not in page
    assert "Anak 20" in words(cadre.get(first, {"page": "2"}))
    assert "1 orang sudah diperiksa" in words(cadre.get(first, {"kartu": "B"}))
    other = words(cadre.get(first, {"kartu": "D"}))
    assert "Tidak ada lagi yang ditunggu dari kartu D" in other and "sudah datang" not in other
    assert "sudah diperiksa di sini bulan ini" not in other, "of this card nobody was seen"
    found = words(cadre.get(first, {"kata": "aisyah"}))
    assert "1 orang ditunggu" in found and "sudah diperiksa 12 November 2026" in found
    text = cadre.get(first, {"kata": "Orang Baru"}).content.decode()
    assert f"hari={day.id}" in text and "cari=Orang+Baru" in text


def test_the_navigation_shows_where_one_is(there: Furnished, day: Day, cadre: Client) -> None:
    def current(name: str, *given: Any) -> list[str]:
        rail = cadre.get(reverse(name, args=given)).content.decode().partition("</nav>")[0]
        assert rail.index("posyandu-hari") < rail.index("?view=")
        return re.findall(r'<a href="([^"]*)" aria-current="page"', rail)

    today = [reverse("desk_posyandu_today")]
    assert current("desk_posyandu_days", there.melati.id) == today
    assert current("desk_posyandu_step", day.id, 1) == today
    assert current("desk_posyandu_people", there.melati.id) == [reverse("desk_posyandu")]
    assert current("desk_posyandu_recap", there.melati.id) == [reverse("desk_posyandu_recaps")]
    assert current("desk_posyandu_columns") == [reverse("desk_posyandu_recaps")]
    assert current("desk_posyandu_figures") == [reverse("desk_posyandu_figures")]


def test_vaccines_that_are_due_stand_open_and_given_ones_are_told(
    cast: Cast, card: Participant, day: Day, cadre: Client
) -> None:
    participants.change_details(
        by=cast.cadre, at=NOW, participant_id=card.id, details={"vaccines": {"hb0": "2025-11-10"}}
    )
    old = record(cast, card, date(2026, 1, 12), values={"vaccines": ["bcg"]})
    coming = arrive(cast, day, card)
    page = cadre.get(work(coming, 4))
    text = page.content.decode()
    field = text[text.index('id="d-vaccines"') :]
    open_ones, _given, rest = field.partition('<ul class="pos-given">')
    given, _more, folded = rest.partition("<details")
    folded = folded.partition("</details>")[0]
    assert 'value="dpt1"' in open_ones and 'value="bcg"' not in field
    assert "terlambat DPT-HB-Hib 1 sejak" in words(page), "a late one is not due until a day that is over"
    assert "BCG" in given and "12 Januari 2026" in given and "10 November 2025" in given
    assert reverse("desk_posyandu_entry", args=[old.id]) in given
    assert reverse("desk_posyandu_card_details", args=[card.id]) in given
    assert 'value="mr2"' in folded and 'value="dpt1"' not in folded
    assert ">dpt1<" not in text and "BCG bcg" not in words(page)
    marks = hidden(page)
    assert cadre.post(work(coming, 4), {"vaccines": ["dpt1", "pcv1"], "go": "on", **marks}).status_code == 302
    assert Examination.objects.get(date=TODAY).values["vaccines"] == ["dpt1", "pcv1"]
    assert 'value="dpt1" checked' in cadre.get(work(coming, 4)).content.decode()


def test_a_mother_is_asked_as_what_she_is(cast: Cast, there: Furnished, day: Day, cadre: Client) -> None:
    mother = enrol(cast, there.melati, there.mother, "A")
    coming = arrive(cast, day, mother)
    page = words(cadre.get(work(coming, 4)))
    assert "Ditanya sebagai ibu hamil" in page and "Tablet tambah darah" in page and "Menyusui" not in page
    page = words(cadre.get(work(coming, 4), {"keadaan": "postpartum"}))
    assert "ibu nifas" in page and "Menyusui" in page and "Tablet tambah darah" not in page
    details = reverse("desk_posyandu_card_details", args=[mother.id])
    back = cadre.post(
        f"{details}?antrean={coming.id}&langkah=4", {"delivered_date": "10-11-2026", "pregnancy_number": "2"}
    )
    assert back.url == work(coming, 4)
    page = words(cadre.get(back.url))
    assert "Ditanya sebagai ibu nifas" in page and "Kapsul vitamin A" in page


def test_a_number_that_is_doubted_is_read_back_as_people_write_it(
    cast: Cast, there: Furnished, day: Day, cadre: Client
) -> None:
    child = enrol(cast, there.melati, person("Budi", date(2022, 11, 1)))
    step = work(arrive(cast, day, child), 2)
    asked = words(cadre.post(step, {"weight": "16500", "height": "101"}))
    assert "16.500 kg? Apakah maksudnya 16,5 kg?" in asked and "Pakai 16,5" in asked
    cadre.cookies["bahasa"] = "en"
    asked = words(cadre.post(step, {"weight": "16500", "height": "101"}))
    assert "16,500 kg? Is 16.5 kg meant?" in asked


def test_what_is_doubted_comes_back_and_nothing_typed_is_lost(
    cast: Cast, card: Participant, day: Day, cadre: Client
) -> None:
    record(cast, card, date(2026, 10, 12), weight=8700, height=745)
    coming = arrive(cast, day, card)
    marks = hidden(cadre.get(work(coming, 2)))
    typed = {"weight": "8900", "height": "74,1", "measured": "l", "muac": "14,2", **marks}
    asked = cadre.post(work(coming, 2), typed)
    page = words(asked)
    text = asked.content.decode()
    assert asked.status_code == 422 and "Pakai 8,9" in page and "Ya, memang begitu" in page
    assert 'value="8900"' in text and 'value="14,2"' in text and "2 isian diragukan" in page
    assert not Examination.objects.filter(date=TODAY).exists()
    again = cadre.post(work(coming, 2), {**typed, "use": "weight=8,9"})
    assert again.status_code == 422 and 'value="8,9"' in again.content.decode()
    sure = cadre.post(work(coming, 2), {**typed, "weight": "8,9", "sure": "shorter.height", "go": "on"})
    assert sure.url == work(coming, 3)
    row = Examination.objects.get(date=TODAY)
    assert (row.weight_g, row.height_mm, row.muac_mm) == (8900, 741, 142)
    assert "sure:shorter.height" in row.flags
    page = words(cadre.get(work(coming, 3)))
    assert "8,9 kg" in page and "Grafik pertumbuhan" in page and "Sudah ditanyakan dan dibenarkan" in page


def test_whoever_comes_back_to_a_step_corrects_it(
    cast: Cast, there: Furnished, day: Day, cadre: Client
) -> None:
    mother = enrol(cast, there.melati, person("Ibu Hamil", date(1999, 2, 1)), "A")
    coming = arrive(cast, day, mother)
    first = {"gestation_weeks": "20", "weight": "65", "go": "on"}
    assert cadre.post(work(coming, 2), {**first, **hidden(cadre.get(work(coming, 2)))}).status_code == 302
    again = {**first, "weight": "56", **hidden(cadre.get(work(coming, 2)))}
    assert cadre.post(work(coming, 2), again).status_code == 302
    row = Examination.objects.get()
    assert row.stands and row.weight_g == 56000 and row.values["gestation_weeks"] == 20


def test_the_severe_case_is_seen_at_once_and_gets_a_slip(
    cast: Cast, card: Participant, day: Day, cadre: Client
) -> None:
    coming = arrive(cast, day, card)
    cadre.post(work(coming, 2), {"weight": "5,6", "height": "74", "measured": "l", "sure": "unusual.weight"})
    row = Examination.objects.get()
    assert row.refer
    assert "Segera ke petugas kesehatan" in words(cadre.get(work(coming, 3)))
    services = cadre.get(work(coming, 4))
    assert "Perlu dirujuk ke petugas kesehatan" in words(services) and "Imunisasi yang jatuh tempo" in words(
        services
    )
    slip = reverse("desk_posyandu_slip", args=[row.id])
    assert slip in services.content.decode() and "Nur Aisyah" in words(cadre.get(slip))
    marks = hidden(services)
    given = {
        "vaccines": ["mr1", "ipv2"],
        "tbc_cough": "tidak",
        "vitamin_a": "ya",
        "refer_slip": "ya",
        **marks,
    }
    assert cadre.post(work(coming, 4), {**given, "go": "on"}).url == work(coming, 5)
    row.refresh_from_db()
    assert row.values["vaccines"] == ["ipv2", "mr1"] and row.values["refer_slip"] is True
    education = cadre.get(work(coming, 5))
    assert "Bicarakan ini lebih dahulu" in words(education)
    cadre.post(work(coming, 5), {"education": ["nutrition"], **hidden(education)})
    assert cadre.get(work(coming, 1)).status_code == 302


def test_two_cadres_at_one_child_keep_both(cast: Cast, card: Participant, day: Day, cadre: Client) -> None:
    coming = arrive(cast, day, card)
    other = sit(cast, "second_cadre")
    mine, theirs = hidden(cadre.get(work(coming, 2))), hidden(other.get(work(coming, 2)))
    cadre.post(work(coming, 2), {"weight": "8,9", **mine})
    other.post(work(coming, 2), {"weight": "9,4", **theirs})
    first, second = Examination.objects.order_by("recorded_at", "id")
    assert first.stands != second.stands
    page = words(cadre.get(work(coming, 3)))
    assert "Kader lain mencatat hasil yang berbeda" in page
    rival = next(one for one in (first, second) if not one.stands)
    entry = reverse("desk_posyandu_entry", args=[rival.id])
    assert "Bandingkan dan pilih" in words(cadre.get(reverse("desk_posyandu_person", args=[card.id])))
    assert "Catatan ini yang berlaku" in words(cadre.get(entry))
    cadre.post(reverse("desk_posyandu_entry_choose", args=[rival.id]))
    rival.refresh_from_db()
    assert rival.stands
    cadre.post(reverse("desk_posyandu_entry_withdraw", args=[rival.id]), {"why": "Salah timbang"})
    rival.refresh_from_db()
    assert "withdrawn" in rival.flags and "Salah timbang" in words(cadre.get(entry))


def test_an_entry_from_paper_is_asked_about_too(card: Participant, cadre: Client) -> None:
    url = reverse("desk_posyandu_entry_new", args=[card.id])
    marks = hidden(cadre.get(url))
    assert cadre.post(url, {"date": "10/10/2026"}).status_code == 422
    asked = cadre.post(url, {"date": "10/10/2026", "weight": "8600", **marks})
    assert "Pakai 8,6" in words(asked) and asked.status_code == 422
    done = cadre.post(url, {"date": "10/10/2026", "weight": "8,6", **marks})
    row = Examination.objects.get()
    assert done.url == reverse("desk_posyandu_entry", args=[row.id]) and row.source == "paper"
    assert row.date == date(2026, 10, 10) and "dari kertas" in words(cadre.get(done.url))


def test_elders_and_mothers_have_their_own_fields(
    cast: Cast, there: Furnished, day: Day, cadre: Client
) -> None:
    elder = arrive(cast, day, enrol(cast, there.melati, person("Nenek Sitti", date(1950, 1, 1)), "D"))
    page = words(cadre.get(work(elder, 4)))
    assert "Lembar lansia" in page and "Gula darah sewaktu" in page
    mother = arrive(cast, day, enrol(cast, there.melati, there.mother, "A"))
    page = words(cadre.get(work(mother, 2)))
    assert "Usia kehamilan" in page and "Lingkar lengan atas" in page
    assert cadre.post(work(mother, 2), {"weight": "48", "muac": "22", "go": "on"}).status_code == 302
    assert "LiLA" in words(cadre.get(work(mother, 3))) or "lengan" in words(cadre.get(work(mother, 3)))


def test_closing_counts_tasks_and_the_recap_adds_up(
    cast: Cast, there: Furnished, card: Participant, day: Day, cadre: Client
) -> None:
    coming = arrive(cast, day, card)
    enrol(cast, there.melati, person("Tidak Datang"))
    cadre.post(work(coming, 2), {"weight": "8,9"})
    close = reverse("desk_posyandu_day_close", args=[day.id])
    page = words(cadre.get(close))
    assert "Ditimbang tanpa tinggi badan (1)" in page and "Tidak Datang" in page
    refused = cadre.post(close, {"missed": ["A", "B"], "note": "Hujan"})
    assert refused.status_code == 422 and "belum selesai" in words(refused)
    given = {"missed": ["A", "B"], "note": "Hujan", "unfinished": "on", "education": ["tbc"], "tools": "on"}
    recap = reverse("desk_posyandu_day_recap", args=[day.id])
    assert cadre.post(close, given).url == recap and cadre.get(close).url == recap
    assert Task.objects.filter(reason="missed").count() == 1
    page = words(cadre.get(recap))
    assert "D 1 = N 0 + T 0 + O 0 + B 1" in page and "Hujan" in page and "TBC" in page
    assert "Buka kembali harinya" in page
    cadre.post(reverse("desk_posyandu_day_reopen", args=[day.id]))
    day.refresh_from_db()
    assert day.closed_at is None


def test_somebody_goes_home_and_is_back(cast: Cast, card: Participant, day: Day, cadre: Client) -> None:
    coming = arrive(cast, day, card)
    leave = reverse("desk_posyandu_leave", args=[coming.id])
    cadre.post(leave)
    assert "went" not in words(cadre.get(reverse("desk_posyandu_day", args=[day.id])))
    coming.refresh_from_db()
    assert coming.left_at is not None
    cadre.post(leave, {"kembali": "1"})
    coming.refresh_from_db()
    assert coming.left_at is None


def test_nobody_waits_on_a_closed_day(
    cast: Cast, there: Furnished, card: Participant, day: Day, cadre: Client
) -> None:
    coming = arrive(cast, day, card)
    enrol(cast, there.melati, person("Absen"))
    one = reverse("desk_posyandu_day", args=[day.id])
    assert "1 masih ditunggu" in words(cadre.get(one)) and "pulang" in words(cadre.get(one))
    day_actions.close_day(by=cast.cadre, at=NOW, day_id=day.id, sure=["unfinished"])
    page = words(cadre.get(one))
    assert "1 tidak datang" in page and "masih ditunggu" not in page and "sudah kembali" not in page
    said = words(cadre.post(reverse("desk_posyandu_leave", args=[coming.id]), {"kembali": "1"}, follow=True))
    coming.refresh_from_db()
    assert "Buka kembali" in said and coming.left_at is not None


def test_the_neighbour_and_the_head_see_nothing(
    cast: Cast, there: Furnished, card: Participant, day: Day, cadre: Client, neighbour: Client
) -> None:
    row = record(cast, card, TODAY, weight=8900)
    coming = arrive(cast, day, card)
    pages = [
        reverse("desk_posyandu_people", args=[there.melati.id]),
        reverse("desk_posyandu_enrol", args=[there.melati.id]),
        reverse("desk_posyandu_outgrown", args=[there.melati.id]),
        reverse("desk_posyandu_person", args=[card.id]),
        reverse("desk_posyandu_card_details", args=[card.id]),
        reverse("desk_posyandu_card_move", args=[card.id]),
        reverse("desk_posyandu_card_close", args=[card.id]),
        reverse("desk_posyandu_entry_new", args=[card.id]),
        reverse("desk_posyandu_entry", args=[row.id]),
        reverse("desk_posyandu_slip", args=[row.id]),
        reverse("desk_posyandu_days", args=[there.melati.id]),
        reverse("desk_posyandu_day", args=[day.id]),
        reverse("desk_posyandu_step", args=[day.id, 1]),
        reverse("desk_posyandu_step", args=[day.id, 3]),
        reverse("desk_posyandu_day_close", args=[day.id]),
        reverse("desk_posyandu_day_recap", args=[day.id]),
        work(coming, 2),
    ]
    head = sit(cast, "village_head")
    for url in pages:
        assert cadre.get(url).status_code == 200, url
        assert neighbour.get(url).status_code == 404, url
        assert head.get(url).status_code == 404, url
    for name, key in (
        ("desk_posyandu_card_reopen", card.id),
        ("desk_posyandu_card_advance", card.id),
        ("desk_posyandu_entry_choose", row.id),
        ("desk_posyandu_entry_withdraw", row.id),
        ("desk_posyandu_day_reopen", day.id),
        ("desk_posyandu_leave", coming.id),
    ):
        assert neighbour.post(reverse(name, args=[key]), {"why": "coba"}).status_code == 404
    assert (
        neighbour.post(reverse("desk_posyandu_arrive", args=[day.id]), {"siapa": str(card.id)}).status_code
        == 404
    )


def test_today_leads_to_ones_own_posyandu(there: Furnished, cadre: Client) -> None:
    answer = cadre.get(reverse("desk_posyandu_today"))
    assert answer.url == reverse("desk_posyandu_days", args=[there.melati.id])


def test_pages_ask_the_database_as_often_for_many_as_for_few(
    cast: Cast,
    there: Furnished,
    day: Day,
    cadre: Client,
) -> None:
    first = enrol(cast, there.melati, there.child, mother_id=there.mother.id)
    record(cast, first, date(2026, 10, 10), weight=8500, height=730)
    coming = arrive(cast, day, first)
    enrol(cast, there.melati, person("Anak Ditunggu"))
    pages = [
        reverse("desk_posyandu_people", args=[there.melati.id]),
        reverse("desk_posyandu_person", args=[first.id]),
        reverse("desk_posyandu_days", args=[there.melati.id]),
        reverse("desk_posyandu_day", args=[day.id]),
        reverse("desk_posyandu_step", args=[day.id, 1]),
        reverse("desk_posyandu_step", args=[day.id, 2]),
        reverse("desk_posyandu_day_close", args=[day.id]),
        reverse("desk_posyandu_day_recap", args=[day.id]),
        work(coming, 4),
    ]
    counts = [_queries(cadre, url) for url in pages]
    for number in range(6):
        card = enrol(cast, there.melati, person(f"Anak {number}", date(2024, 5, 1 + number)))
        record(cast, card, date(2026, 10, 10), weight=9000 + 100 * number, height=800)
        if number % 2:
            record(cast, card, TODAY, weight=9100, height=805, day_id=day.id)
            arrive(cast, day, card)
    for month in (7, 8, 9):
        record(cast, first, date(2026, month, 10), weight=8000, height=720)
    for url, before in zip(pages, counts, strict=True):
        assert _queries(cadre, url) <= before, url


def _queries(client: Client, url: str) -> int:

    client.get(url)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)
