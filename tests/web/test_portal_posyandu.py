"""The open page of posyandu: where and when, for a phone of any kind; figures of the whole area without small groups, and no names."""

from __future__ import annotations

import re
from datetime import date, time

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from simpul.lib.actor import MACHINE
from simpul.posyandu.actions import recaps as actions
from simpul.posyandu.models import Cadre, Posyandu
from simpul.posyandu.queries import open as queries
from tests.cast import BOTTENG, DUNGKAIT, NOW, Cast, assemble
from tests.posyandu.recap_help import card, entry, posyandu
from tests.web.desk_pages import words

pytestmark = pytest.mark.django_db
OCTOBER, DAY = date(2026, 10, 1), date(2026, 10, 12)


@pytest.fixture
def cast() -> Cast:
    cache.clear()
    return assemble()


@pytest.fixture
def melati(cast: Cast) -> Posyandu:
    """Forty children of whom three were not weighed in October, and who serves there."""
    place = posyandu(
        hamlet=cast.hamlet, secretariat="Balai Dusun Taludu", schedule={"day": 12}, starts=time(8, 30)
    )
    Cadre.objects.create(
        posyandu=place,
        name="Hasniah Rahasia",
        phone="081234567890",
        field="health",
        since_date=DAY,
        made_at=NOW,
    )
    for number in range(37):
        entry(card(place, f"Anak Rahasia {number}"), DAY)
    for number in range(3):
        card(place, f"Luput Rahasia {number}")
    return place


def show(**query: str) -> str:
    """The words of the page for somebody who is nobody here."""
    answer = Client().get(reverse("portal_posyandu"), query)
    assert answer.status_code == 200
    return words(answer)


def test_residents_find_when_and_where_the_posyandu_opens(melati: Posyandu) -> None:
    posyandu("Posyandu Kenanga")
    posyandu("Posyandu Botteng", BOTTENG, schedule={"week": 2, "weekday": 4})
    for asked in (DUNGKAIT, "dungkait", "760213"):
        told = show(tempat=asked)
        assert "Posyandu Melati" in told and "Balai Dusun Taludu" in told and "Dusun Taludu" in told
        assert re.search(r"12 \w+ 20\d\d ?, mulai pukul 08.30", told), asked
        assert "Posyandu Kenanga Belum diumumkan" in told and "Posyandu Botteng" not in told
    whole = show()
    assert "Pilih kecamatan Anda" in whole and "Tapalang Barat (2)" in whole and "Simboro (1)" in whole
    assert "tidak kami kenal" in show(tempat="entah di mana")
    melati.closed_date = DAY
    melati.save()
    assert "Posyandu Melati" not in show(tempat=DUNGKAIT)


def test_the_next_day_is_today_until_it_is_over(melati: Posyandu) -> None:
    first = queries.villages(DUNGKAIT, date(2026, 10, 12))[0].openings[0]
    assert first.day == date(2026, 10, 12)
    assert queries.villages(DUNGKAIT, date(2026, 10, 13))[0].openings[0].day == date(2026, 11, 12)


def test_nothing_personal_and_no_small_group_is_on_the_page(melati: Posyandu) -> None:
    actions.count_months(by=MACHINE, at=NOW, months=[OCTOBER])
    found = queries.last_month("7602", date(2026, 11, 23))
    assert found is not None and found.month == OCTOBER and found.bands == {"d_s": 0}
    told = {whole.figure: shown for whole, shown in found.rates}
    assert told["d_s"] is None and told["d_k"] is None
    for asked in ("", DUNGKAIT, "760213"):
        page = show(tempat=asked)
        assert "Rahasia" not in page and "0812" not in page
        assert "1 kader" not in page and not re.search(r"\b(37|3)\b(?! posyandu)", page.split("Angka")[-1])


def test_the_figures_are_of_the_whole_area_and_the_last_whole_month(melati: Posyandu, cast: Cast) -> None:
    for number in range(8):
        card(melati, f"Jauh {number}")
    actions.count_months(by=MACHINE, at=NOW, months=[OCTOBER])
    found = queries.last_month("7602", date(2026, 11, 23))
    assert found is not None
    shares = {whole.figure: shown.permille if shown else None for whole, shown in found.rates}
    assert shares["d_s"] == 771
    assert queries.last_month("7602", date(2026, 12, 2)) is None
    assert queries.last_month("73", date(2026, 11, 23)) is None
    five = queries.numbers(DUNGKAIT)
    assert (five.posyandu, five.serving) == (1, None)


def test_the_page_is_light_and_linked_from_the_front(melati: Posyandu) -> None:
    assert reverse("portal_posyandu") in Client().get(reverse("home")).content.decode()
    assert reverse("portal_posyandu") in Client().get(reverse("figures")).content.decode()
    page = Client().get(reverse("portal_posyandu"), {"tempat": DUNGKAIT})
    body = page.content.decode()
    assert "<img" not in body.split("<main")[1].split("</main>")[0] and len(body) < 40_000
