"""The switch to English reaches the pages of recaps, visits and rules: nothing of the catalogues' Indonesian is left on them.

The sheets that are printed are the official forms: they stay in Indonesian, in an element that says so, and the page tells why.
"""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from simpul.lib.actor import MACHINE
from simpul.posyandu.actions import recaps as actions
from simpul.posyandu.models import HomeVisit, Posyandu
from simpul.posyandu.queries import forms as form_queries
from simpul.posyandu.queries import institution, recap_rules, rulebook, stock
from simpul.posyandu.rules import recaps as rules
from tests.cast import NOW, Cast, assemble
from tests.posyandu.recap_help import card, entry, posyandu
from tests.web.desk_pages import sit

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 12)
FORM_NAMES = (
    "Ibu hamil, bersalin",
    "Bayi, balita, dan anak",
    "Usia sekolah dan remaja",
    "Dewasa dan lanjut usia",
)
PAGES = (
    "desk_posyandu_recaps",
    "desk_posyandu_columns",
    "desk_posyandu_trend",
    "desk_posyandu_figures",
    "desk_posyandu_rules",
)
PLACED = ("desk_posyandu_recap", "desk_posyandu_visits", "desk_posyandu_visits_week", "desk_posyandu_forms")
PRINTED = ("desk_posyandu_recap_print", "desk_posyandu_visits_week")


@pytest.fixture
def cast() -> Cast:
    cache.clear()
    return assemble()


@pytest.fixture
def melati(cast: Cast) -> Posyandu:
    place = posyandu(desk=cast.desk("posyandu"), hamlet=cast.hamlet)
    for number in range(6):
        entry(card(place, f"Child {number}"), DAY)
    one = card(place, "Child of a visit")
    HomeVisit.objects.create(
        posyandu=place,
        region_code=place.region_code,
        person=one.person,
        participant=one,
        checklist=4,
        form_version="2023",
        date=NOW.date(),
        classes=["no_access", "danger_sign"],
        recorded_at=NOW,
    )
    actions.count_months(by=MACHINE, at=NOW, months=[date(2026, 11, 1)])
    return place


def sit_english(cast: Cast, part: str) -> Client:
    """Somebody of the cast who reads English."""
    client = sit(cast, part)
    client.cookies["bahasa"] = "en"
    return client


def read(answer: Any) -> str:
    """The words of a page in the language of the page: what is marked as Indonesian is left out."""
    assert answer.status_code == 200
    body = answer.content.decode().split("<main", 1)[1].split("</main>")[0]
    body = re.sub(r'<div class="(?:sheet|book)[^"]*"[^>]* lang="id">.*', " ", body, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def indonesian() -> set[str]:
    """Labels of the catalogues in Indonesian that read otherwise in English."""
    found: set[str] = set(FORM_NAMES)
    for sheet in recap_rules.sheets():
        found |= {sheet.title, sheet.source}
        for column in sheet.columns:
            pairs = zip(column.heads("id"), column.heads("en"), strict=True)
            found |= {here for here, there in pairs if here != there and len(here) > 4}
    for form in form_queries.forms():
        for field in (*form.head, *form.row):
            if field.label != field.label_en and len(field.label) > 8:
                found.add(field.label)
    for rule in rulebook.shipped():
        found |= {rule.name} if rule.name != rule.name_en else set()
        for version in rule.versions:
            found |= {version.name} if version.name != version.name_en else set()
            found |= {version.note} if version.note else set()
    found |= {one.name for one in institution.fields() if one.name != one.name_en}
    return found | {kit.name for kit in stock.kits().values() if kit.name != kit.name_en}


def left_on(text: str) -> list[str]:
    """Indonesian labels that stand on a page as words of their own."""
    return sorted(one for one in indonesian() if re.search(rf"(?<!\w){re.escape(one)}(?!\w)", text))


def test_no_indonesian_label_is_left_on_english_pages(cast: Cast, melati: Posyandu) -> None:
    midwife = sit_english(cast, "midwife")
    for name in PAGES:
        assert left_on(read(midwife.get(reverse(name), {"bulan": "2026-11"}))) == [], name
    for name in PLACED:
        assert left_on(read(midwife.get(reverse(name, args=[melati.id])))) == [], name
    for figure in ("B.absent", "A.open", "s", "iron"):
        page = midwife.get(reverse("desk_posyandu_figures_names"), {"bulan": "2026-11", "angka": figure})
        assert left_on(read(page)) == [], figure


def test_every_rule_is_read_in_english(cast: Cast, melati: Posyandu) -> None:
    midwife = sit_english(cast, "midwife")
    for rule in rulebook.shipped():
        page = read(midwife.get(reverse("desk_posyandu_rule", args=[rule.code])))
        for version in rule.versions:  # where it stands is a title of a law or a book: it has no English
            page = page.replace(html.escape(version.source), "")
        for version in rule.versions:
            for here, there in ((version.name, version.name_en), (version.note, version.note_en)):
                assert not here or (there and (here == there or here not in page)), (rule.code, here)


def test_units_are_read_in_english() -> None:
    units = {
        field.unit_called("en")
        for form in form_queries.forms()
        for field in (*form.head, *form.row)
        if field.unit
    }
    assert not units & {"tahun", "bulan", "minggu", "hari"} and "weeks" in units


def test_every_printed_sheet_stays_indonesian_and_says_so(cast: Cast, melati: Posyandu) -> None:
    midwife = sit_english(cast, "midwife")
    answers = [midwife.get(reverse(name, args=[melati.id])) for name in PRINTED]
    answers.append(midwife.get(reverse("desk_posyandu_columns_print"), {"bulan": "2026-11"}))
    for answer in answers:
        body = answer.content.decode()
        assert "stays in Indonesian" in body and 'lang="id"' in body
    recap, week, columns = (answer.content.decode() for answer in answers)
    assert rules.SKDN_WORDS["s"] not in recap and "Kehadiran" in recap
    assert all(name in recap for name in FORM_NAMES) and "Cakupan" in recap
    assert "Tidak akses layanan" in week and "Ibu menyusui" in columns and "seluruhnya" in columns
    assert (
        "stays in Indonesian"
        not in sit(cast, "midwife")
        .get(reverse("desk_posyandu_recap_print", args=[melati.id]))
        .content.decode()
    )
