"""Education at the desk: the library, a sheet, what was shown, telling families, over HTTP."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from simpul.posyandu.actions import days
from simpul.posyandu.models import Medium, Showing, Telling
from tests.cast import NOW, Cast, assemble
from tests.posyandu import day_help
from tests.web.desk_pages import photo, sit, words

pytestmark = pytest.mark.django_db
HOME = "/meja/posyandu-edukasi/"


@pytest.fixture
def cast() -> Cast:
    """One village with its officers, and the neighbour."""
    cache.clear()
    return assemble()


@pytest.fixture
def there(cast: Cast) -> day_help.Furnished:
    """A posyandu with a schedule."""
    found = day_help.furnish(cast)
    found.melati.schedule, found.melati.starts = {"day": 25}, time(8)
    found.melati.save()
    return found


def test_the_library_is_found_by_topic_and_by_whom(cast: Cast, there: Any) -> None:
    """In Indonesian, with sentences to read aloud; in English by the switch."""
    desk = sit(cast, "cadre")
    assert "Isi Piringku" in words(desk.get(HOME))
    page = words(desk.get(HOME, {"topik": "elderly", "untuk": "D"}))
    assert "Lanjut usia sehat" in page and "Timbang setiap bulan" not in page
    sheet = words(desk.get(reverse("desk_posyandu_medium", args=["asi"])))
    assert "Susui bayi dalam satu jam pertama" in sheet
    desk.get("/bahasa/", {"ke": "en", "kembali": HOME})
    assert "Breast-feed within the first hour" in words(
        desk.get(reverse("desk_posyandu_medium", args=["asi"]))
    )
    assert desk.get(reverse("desk_posyandu_medium", args=["sihir"])).status_code == 404


def test_a_medium_of_ones_own_with_its_picture(cast: Cast, there: Any) -> None:
    """Added, opened, saved, ended; a file that is no picture is explained and nothing is lost."""
    desk = sit(cast, "cadre")
    given = {
        "once": "01a216db-0000-7000-8000-000000000001",
        "title": "Lembar balik gizi",
        "topic": "nutrition",
        "kind": "flipchart",
        "forms_for": ["A", "B"],
        "words": "Makan ikan.\nMakan sayur.",
    }
    wrong = desk.post(reverse("desk_posyandu_medium_new"), {**given, "file": photo("x.exe")})
    assert wrong.status_code in (302, 422)
    desk.post(reverse("desk_posyandu_medium_new"), {**given, "file": photo()})
    row = Medium.objects.get()
    page = words(desk.get(reverse("desk_posyandu_medium", args=[row.id])))
    assert "Makan ikan." in page and "Berkas" in page
    assert desk.get(reverse("desk_posyandu_medium_file", args=[row.id])).status_code == 200
    assert sit(cast, "neighbour_cadre").get(reverse("desk_posyandu_medium", args=[row.id])).status_code == 404
    desk.post(reverse("desk_posyandu_medium_end", args=[row.id]))
    assert desk.get(reverse("desk_posyandu_medium", args=[row.id])).status_code == 404


def test_showing_to_all_and_to_some(cast: Cast, there: day_help.Furnished) -> None:
    """It stands in the log of the posyandu and can be taken back."""
    who = day_help.enrol(cast, there.melati, there.child)
    day = days.open_day(
        by=cast.cadre, at=NOW, posyandu_id=there.melati.id, day=date(2026, 11, 23), sure=["unscheduled"]
    )
    days.arrive_participant(by=cast.cadre, at=NOW, day_id=day.id, participant_id=who.id)
    desk = sit(cast, "cadre")
    address = reverse("desk_posyandu_show", args=["mpasi"])
    assert "Nur Aisyah" in words(desk.get(address, {"posyandu": str(there.melati.id)}))
    given = {
        "posyandu": str(there.melati.id),
        "once": "01a216db-0000-7000-8000-000000000002",
        "day": str(day.id),
        "to": "all",
    }
    answer = desk.post(address, given, follow=True)
    assert "1 orang yang datang" in words(answer)
    desk.post(
        address,
        {**given, "once": "01a216db-0000-7000-8000-000000000003", "to": "some", "people": [str(who.id)]},
    )
    nobody = desk.post(
        address, {**given, "once": "01a216db-0000-7000-8000-000000000004", "day": "", "to": "all"}
    )
    assert nobody.status_code == 422 and "Pilih kepada siapa" in words(nobody)
    unnamed = desk.post(address, {**given, "once": "01a216db-0000-7000-8000-000000000005", "to": "some"})
    assert unnamed.status_code == 422 and "Centang kepada siapa" in words(unnamed), (
        "nobody ticked is not everybody"
    )
    desk.post(address, {**given, "once": "01a216db-0000-7000-8000-000000000006"})
    assert Showing.objects.count() == 2, "to all of a day is written down once"
    for row in Showing.objects.all():
        desk.post(reverse("desk_posyandu_showing_withdraw", args=[row.id]))
    assert "Belum ada catatan" in words(desk.get(reverse("desk_posyandu_shown", args=[there.melati.id])))


def test_the_chair_sets_when_families_are_told(cast: Cast, there: day_help.Furnished) -> None:
    """A cadre sees it and cannot set it; the neighbour finds nothing; the head sees no names."""
    day = date(2026, 11, 23)
    days.open_day(by=cast.cadre, at=NOW, posyandu_id=there.melati.id, day=day, sure=["unscheduled"])
    address = reverse("desk_posyandu_telling", args=[there.melati.id])
    given = {"before_days": "2", "missed_days": "3", "bring": "Buku KIA"}
    assert sit(cast, "cadre").post(address, given).status_code == 404
    chair = sit(cast, "posyandu_chair")
    page = words(chair.post(address, given, follow=True))
    assert Telling.objects.get().before_days == 2 and "berikutnya 25" in page
    assert "Bawa Buku KIA." in page and "(23 Nov 2026)" in page, "the messages are read before they are sent"
    answer = chair.post(reverse("desk_posyandu_telling", args=[there.mawar.id]), given, follow=True)
    assert "Tetapkan dulu hari posyandu" in words(answer)
    for part in ("neighbour_cadre", "neighbour_coordinator", "village_head"):
        assert sit(cast, part).get(reverse("desk_posyandu_shown", args=[there.melati.id])).status_code == 404


def test_the_log_asks_the_same_for_any_number_of_rows(cast: Cast, there: day_help.Furnished) -> None:
    """Thirty lines cost what one costs."""
    who = day_help.enrol(cast, there.melati, there.child)
    desk = sit(cast, "cadre")
    address = reverse("desk_posyandu_shown", args=[there.melati.id])
    counts = []
    for _round in range(2):
        for _line in range(1 if not counts else 30):
            Showing.objects.create(
                posyandu=there.melati, region_code=there.melati.region_code, medium="asi", title="ASI",
                topic="breastfeeding", date=date(2026, 11, 1), participant=who, recorded_at=NOW,
            )  # fmt: skip
        desk.get(address)
        with CaptureQueriesContext(connection) as asked:
            desk.get(address)
        counts.append(len(asked))
    assert counts[0] == counts[1]
