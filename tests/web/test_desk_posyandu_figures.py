"""Recaps and dashboards of posyandu at the desk: figures for all who work there, names for some, nothing for the neighbour."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.urls import reverse

from simpul.lib.actor import MACHINE
from simpul.posyandu.actions import recaps as actions
from simpul.posyandu.models import Cadre, Finding, MonthCount, Posyandu, Recap, Task
from simpul.regions.models import Region
from tests.cast import BOTTENG, DUNGKAIT, NOW, Cast, assemble
from tests.posyandu.recap_help import card, entry, posyandu
from tests.web.desk_pages import sit, words

pytestmark = pytest.mark.django_db
MONTH = {"bulan": "2026-11"}
DAY = date(2026, 11, 12)


@pytest.fixture
def cast() -> Cast:
    cache.clear()
    return assemble()


@pytest.fixture
def melati(cast: Cast) -> Posyandu:
    """Eight children: five gained, one did not for the second time, two were not weighed."""
    place = posyandu(desk=cast.desk("posyandu"), hamlet=cast.hamlet)
    cadre = Cadre.objects.create(
        posyandu=place,
        name="Hasniah Lino",
        field="health",
        seat=cast.seats["cadre"],
        since_date=DAY,
        made_at=NOW,
    )
    for number in range(5):
        entry(card(place, f"Anak Rahasia {number}"), DAY)
    entry(card(place, "Salma Rahasia"), DAY, "T", two_t=True, bgm=True, bb_u="severely_underweight")
    card(place, "Fatima Rahasia", cadre=cadre)
    card(place, "Rizal Rahasia")
    return place


def page(name: str, *args: Any, **query: Any) -> str:
    """The address of a page of November."""
    return f"{reverse(name, args=args)}?{urlencode({**MONTH, **query})}"


def test_the_recap_of_a_posyandu_adds_up_closes_and_opens_again(cast: Cast, melati: Posyandu) -> None:
    chair = sit(cast, "posyandu_chair")
    shown = words(chair.get(page("desk_posyandu_recap", melati.id)))
    assert "D 6 = N 5 + T 1 + O 0 + B 0" in shown and "75,0 %" in shown
    close = reverse("desk_posyandu_recap_close", args=[melati.id])
    done = chair.post(close, {**MONTH, "key": "0197f000-0000-7000-8000-000000000001"}, follow=True)
    assert "Ditutup oleh Kartini Salu" in words(done)
    chair.post(close, {**MONTH, "key": "0197f000-0000-7000-8000-000000000001"})
    recap = Recap.objects.get()
    assert "sudah ditutup" in words(chair.post(close, MONTH, follow=True))
    entry(card(melati, "Terlambat Rahasia"), DAY)
    later = words(chair.get(page("desk_posyandu_recap", melati.id)))
    assert "Berubah setelah ditutup" in later and "D 6 =" in later
    printed = words(chair.get(page("desk_posyandu_recap_print", melati.id)))
    assert recap.digest in printed and "D 6 = N 5" in printed
    again = reverse("desk_posyandu_recap_reopen", args=[recap.id])
    assert chair.post(again, {"why": ""}).status_code == 422
    assert "D 7 = N 6" in words(chair.post(again, {"why": "satu anak terlambat dicatat"}, follow=True))
    for part in ("cadre", "midwife", "village_head", "neighbour_coordinator"):
        assert sit(cast, part).post(again, {"why": "mau saja"}).status_code == 404


def test_a_month_that_does_not_add_up_says_why_and_is_not_closed(cast: Cast, melati: Posyandu) -> None:
    entry(card(melati, "Tanpa lahir Rahasia", born=None), DAY, "")
    chair = sit(cast, "posyandu_chair")
    shown = words(chair.get(page("desk_posyandu_recap", melati.id)))
    assert "D 7 ≠ N 5" in shown and "tanggal lahir" in shown
    refused = chair.post(reverse("desk_posyandu_recap_close", args=[melati.id]), MONTH, follow=True)
    assert "belum dapat ditutup" in words(refused) and not Recap.objects.exists()
    assert "Tanpa lahir Rahasia" in words(chair.get(page("desk_posyandu_figures_names", angka="no_status")))


def test_the_head_reads_figures_without_small_groups_and_never_a_name(cast: Cast, melati: Posyandu) -> None:
    head = sit(cast, "village_head")
    for name in (
        "desk_posyandu_recaps",
        "desk_posyandu_columns",
        "desk_posyandu_columns_print",
        "desk_posyandu_figures",
    ):
        answer = head.get(page(name))
        assert answer.status_code == 200 and "Rahasia" not in words(answer)
    table = words(head.get(page("desk_posyandu_recaps")))
    assert "disembunyikan" in table and "N 5" not in table
    assert head.get(page("desk_posyandu_recap", melati.id)).status_code == 302
    assert head.get(page("desk_posyandu_figures", posyandu=melati.id)).status_code == 302
    for name in ("desk_posyandu_recaps_csv", "desk_posyandu_figures_csv", "desk_posyandu_columns_csv"):
        sheet = head.get(page(name)).content.decode()
        assert "Rahasia" not in sheet and ",6," not in sheet
    for name in ("desk_posyandu_recap_csv", "desk_posyandu_recap_print"):
        assert head.get(page(name, melati.id)).status_code == 404
    assert head.get(page("desk_posyandu_figures_names", angka="missed")).status_code == 404


def test_no_posyandu_is_taken_out_of_its_village_to_tell_of_the_others(cast: Cast) -> None:
    """Sixteen of the village less thirteen of one posyandu would be the three of the other."""
    small, large = posyandu(), posyandu("Posyandu Mawar")
    for number in range(16):
        entry(card(small if number < 3 else large, f"Anak {number}"), DAY)
    head, chair = sit(cast, "village_head"), sit(cast, "posyandu_chair")
    for name in ("desk_posyandu_recaps", "desk_posyandu_recaps_csv"):
        led = head.get(page(name, posyandu=large.id))
        assert (led.status_code, led.headers["Location"]) == (302, page(name, wilayah=large.region_code))
        assert chair.get(page(name, posyandu=large.id)).status_code == 200
    sheet = head.get(page("desk_posyandu_recaps_csv")).content.decode()
    assert ",16," in sheet and ",13," not in sheet and ",3," not in sheet


def test_names_are_opened_by_cadres_and_found_by_no_neighbour(cast: Cast, melati: Posyandu) -> None:
    cadre, neighbour = sit(cast, "cadre"), sit(cast, "neighbour_cadre")
    names = page("desk_posyandu_figures_names", angka="missed")
    assert "Fatima Rahasia" in words(cadre.get(names)) and "Anak Rahasia 0" not in words(cadre.get(names))
    for figure, who in {
        "two_t": "Salma",
        "bgm": "Salma",
        "underweight": "Salma",
        "vitamin_a": "Anak Rahasia 1",
    }.items():
        shown = words(cadre.get(page("desk_posyandu_figures_names", angka=figure)))
        assert who in shown, figure
    for figure in (
        "stunted",
        "wasted",
        "rivals",
        "no_weight",
        "said_other",
        "findings",
        "overdue",
        "deworming",
    ):
        assert cadre.get(page("desk_posyandu_figures_names", angka=figure)).status_code == 200
    assert cadre.get(page("desk_posyandu_figures_names", angka="gaji")).status_code == 404
    assert (
        neighbour.get(page("desk_posyandu_figures_names", angka="missed", wilayah=DUNGKAIT)).status_code
        == 404
    )
    assert (
        neighbour.get(page("desk_posyandu_figures_names", angka="missed", posyandu=melati.id)).status_code
        == 404
    )
    assert "Rahasia" not in words(neighbour.get(names))
    for name in ("desk_posyandu_recap", "desk_posyandu_recap_print", "desk_posyandu_recap_csv"):
        assert neighbour.get(page(name, melati.id)).status_code == 404
    for name in (
        "desk_posyandu_recaps",
        "desk_posyandu_figures",
        "desk_posyandu_columns",
        "desk_posyandu_trend",
    ):
        assert neighbour.get(page(name, wilayah=DUNGKAIT)).status_code == 404
    close = reverse("desk_posyandu_recap_close", args=[melati.id])
    assert sit(cast, "neighbour_coordinator").post(close, MONTH).status_code == 404
    assert neighbour.post(close, MONTH).status_code == 404


def test_a_cadre_sees_their_own_people_and_tasks_first(cast: Cast, melati: Posyandu) -> None:
    cadre = Cadre.objects.get()
    person = melati.participations.get(person__full_name="Salma Rahasia").person
    found = Finding.objects.create(
        posyandu=melati,
        region_code=DUNGKAIT,
        person=person,
        code="not_gaining",
        level="watch",
        found_date=DAY,
        last_date=DAY,
    )
    Task.objects.create(
        posyandu=melati,
        region_code=DUNGKAIT,
        cadre=cadre,
        person=person,
        finding=found,
        reason="not_gaining",
        due_date=DAY,
        made_at=NOW,
    )
    shown = words(sit(cast, "cadre").get(page("desk_posyandu_figures")))
    assert "Sasaran dan tugas saya" in shown and "Fatima Rahasia" in shown and "Salma Rahasia" in shown
    overdue = words(sit(cast, "midwife").get(page("desk_posyandu_figures_names", angka="overdue")))
    assert "Salma Rahasia" in overdue
    assert "Sasaran dan tugas saya" not in words(sit(cast, "midwife").get(page("desk_posyandu_figures")))


def test_wide_areas_show_what_was_counted_with_a_map(cast: Cast, melati: Posyandu) -> None:
    other = posyandu("Posyandu Botteng", BOTTENG)
    for number in range(9):
        entry(card(other, f"Anak Rahasia {number}"), DAY)
    Region.objects.filter(code=DUNGKAIT).update(latitude=-2.7, longitude=118.8)
    actions.count_months(
        by=MACHINE, at=NOW - timedelta(hours=1), months=[date(2026, 10, 1), date(2026, 11, 1)]
    )
    manager = sit(cast, "manager")
    shown = manager.get(page("desk_posyandu_figures"))
    assert "Simboro" in words(shown) and "<circle" in shown.content.decode()
    assert "Rahasia" not in words(shown)
    recap = words(manager.get(page("desk_posyandu_recaps")))
    assert "Tapalang Barat" in recap and "2 posyandu" in recap
    assert "Dungkait" in words(manager.get(page("desk_posyandu_recaps", wilayah="760213")))
    trend = words(manager.get(page("desk_posyandu_trend", bulan_lalu="24")))
    assert "Oktober 2026" in trend
    assert "0 % pada 1 bulan yang ditampilkan" in trend, "of 24 months one was counted"
    assert manager.get(page("desk_posyandu_trend", wilayah="760213")).status_code == 302
    assert manager.get(page("desk_posyandu_trend_csv")).status_code == 200
    assert manager.get(page("desk_posyandu_columns")).status_code == 200
    assert MonthCount.objects.count() == 4


def test_the_sheet_of_columns_prints_with_its_numbers_and_signers(cast: Cast, melati: Posyandu) -> None:
    cadre = sit(cast, "cadre")
    printed = words(cadre.get(page("desk_posyandu_columns_print")))
    assert "46" in printed and "Kepala Desa" in printed and "Dusun Taludu (Posyandu Melati)" in printed
    page_text = cadre.get(page("desk_posyandu_columns_print")).content.decode()
    upper, lower = re.findall(r"<tr>(.*?)</tr>", page_text.split("<thead>")[1], flags=re.DOTALL)[:2]
    spans = [int(one) for one in re.findall(r'colspan="(\d+)"', upper)]
    assert sum(spans) == lower.count("<th ") and sum(spans) + upper.count('rowspan="2"') == 46
    sheet = io.StringIO(cadre.get(page("desk_posyandu_columns_csv")).content.decode("utf-8-sig")).readlines()
    assert len(sheet) == 3 and len(sheet[0].split(",")) == 46
    shown = words(cadre.get(page("desk_posyandu_columns")))
    assert "– tidak ditanya pada kartu: TT 1, TT 2, Diare Oralit" in shown
    assert sheet[1].count("–") == sheet[2].count("–") == 3
    recap = cadre.get(page("desk_posyandu_recap_csv", melati.id))
    assert recap["Content-Type"].startswith("text/csv") and "Rahasia" not in recap.content.decode()


def test_pages_ask_the_same_few_queries_at_any_size(
    cast: Cast, melati: Posyandu, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        place = posyandu(f"Posyandu {number}")
        for child in range(4):
            entry(card(place, f"Anak {child}"), DAY)
    cadre = sit(cast, "cadre")
    cadre.get(page("desk_posyandu_recaps"))
    for name in ("desk_posyandu_recaps", "desk_posyandu_figures", "desk_posyandu_columns"):
        with django_assert_max_num_queries(45):
            cadre.get(page(name))
    with django_assert_max_num_queries(15):
        cadre.get(page("desk_posyandu_figures_names", angka="missed"))


def test_what_cannot_be_read_is_left_at_its_first_value(cast: Cast, melati: Posyandu) -> None:
    cadre = sit(cast, "cadre")
    for query in (
        "?bulan=x",
        "?bulan=2999-12",
        "?bulan=2026-99",
        "?posyandu=x",
        "?wilayah=%00",
        "?bulan_lalu=999",
        "?page=x",
    ):
        for name in (
            "desk_posyandu_recaps",
            "desk_posyandu_figures",
            "desk_posyandu_columns",
            "desk_posyandu_trend",
        ):
            assert cadre.get(reverse(name) + query).status_code == 200
    assert (
        cadre.get(page("desk_posyandu_recaps", posyandu="0197f000-0000-7000-8000-000000000001")).status_code
        == 404
    )


FIGURE_PAGES = (
    "desk_posyandu_recaps",
    "desk_posyandu_columns",
    "desk_posyandu_trend",
    "desk_posyandu_figures",
)


def test_what_is_hidden_says_why_and_tells_its_band_where_it_may(cast: Cast, melati: Posyandu) -> None:
    for number in range(34):
        entry(card(melati, f"Lain Rahasia {number}"), DAY)
    posyandu("Posyandu Kenanga")
    actions.count_months(by=MACHINE, at=NOW, months=[date(2026, 11, 1)])
    head = sit(cast, "village_head")
    figures = words(head.get(page("desk_posyandu_figures")))
    assert "disembunyikan: kurang dari 5 orang" in figures and "80–100 %" in figures
    assert "D/S 80–100 %" in figures and "Tidak ditimbang bulan ini 2" not in figures
    for name in FIGURE_PAGES:
        assert "✱ disembunyikan" in words(head.get(page(name))), name
        assert "✱" not in words(sit(cast, "cadre").get(page(name))), name
    trend = words(head.get(page("desk_posyandu_trend")))
    assert "Belum ada batang yang dapat digambar: 1 bulan disembunyikan" in trend and "80–100 %" in trend
    recap = words(head.get(page("desk_posyandu_recaps")))
    assert "tidak dituliskan dalam angka di sini" in recap and "D 40" not in recap


def test_an_area_shows_no_total_that_the_wider_table_hides(cast: Cast, melati: Posyandu) -> None:
    """Dungkait has two children who were not weighed, Botteng six, and all Mamuju eight: Botteng is hidden for Dungkait's sake."""
    other = posyandu("Posyandu Botteng", BOTTENG)
    for number in range(24):
        entry(card(other, f"Anak {number}"), DAY)
    for number in range(6):
        card(other, f"Jauh {number}")
    for number in range(14):
        entry(card(melati, f"Dekat {number}"), DAY)
    actions.count_months(by=MACHINE, at=NOW, months=[date(2026, 11, 1)])
    manager = sit(cast, "manager")
    wide = manager.get(page("desk_posyandu_recaps_csv")).content.decode()
    assert "44" in wide
    part = manager.get(page("desk_posyandu_recaps_csv", wilayah=BOTTENG)).content.decode()
    assert "30" in part and "24" not in part and "80–100" not in part
    whole = sit(cast, "village_head").get(page("desk_posyandu_recaps_csv")).content.decode()
    assert "22" in whole and ",20," not in whole


def test_every_figure_opens_to_names_for_those_allowed(cast: Cast, melati: Posyandu) -> None:
    mother = card(melati, "Ibu Rahasia", form="A", born=date(1998, 1, 1))
    entry(mother, DAY, refer=True)
    cadre, head = sit(cast, "cadre"), sit(cast, "village_head")
    shown = {
        "s": "Rizal",
        "k": "Salma",
        "d": "Anak Rahasia 0",
        "n": "Anak Rahasia 0",
        "t": "Salma",
        "B.absent": "Fatima",
        "B.came": "Salma",
        "A.open": "Ibu Rahasia",
        "A.problem": "Ibu Rahasia",
        "A.refer": "Ibu Rahasia",
        "iron": "Ibu Rahasia",
        "immunised": "Salma",
    }
    for figure, who in shown.items():
        assert who in words(cadre.get(page("desk_posyandu_figures_names", angka=figure))), figure
        assert head.get(page("desk_posyandu_figures_names", angka=figure)).status_code == 404, figure
    assert "Rahasia" not in words(cadre.get(page("desk_posyandu_figures_names", angka="s", jk="L")))
    assert "Rahasia" in words(cadre.get(page("desk_posyandu_figures_names", angka="s", jk="P")))
    recap = cadre.get(page("desk_posyandu_recap", melati.id)).content.decode()
    for figure in ("s", "k", "d", "n", "t", "B.absent", "A.refer", "iron", "immunised"):
        assert f"angka={figure}" in recap, figure
    assert "angka=" not in head.get(page("desk_posyandu_recaps")).content.decode()


def test_tasks_people_fields_and_goods_open_what_is_behind_them(cast: Cast, melati: Posyandu) -> None:
    person = melati.participations.get(person__full_name="Salma Rahasia").person
    Task.objects.create(
        posyandu=melati, region_code=DUNGKAIT, person=person, reason="not_gaining", due_date=DAY, made_at=NOW
    )
    cadre, head = sit(cast, "cadre"), sit(cast, "village_head")
    dashboard = cadre.get(page("desk_posyandu_figures")).content.decode()
    for figure in ("tasks", "tasks_overdue"):
        assert f"angka={figure}" in dashboard
        assert "Salma Rahasia" in words(cadre.get(page("desk_posyandu_figures_names", angka=figure)))
    for asked in (
        {"apa": "people"},
        {"apa": "serving"},
        {"apa": "field", "kode": "health"},
        {"apa": "kit", "kode": "scale_baby"},
    ):
        told = head.get(page("desk_posyandu_figures_posyandu", **asked))
        assert "Posyandu Melati" in words(told) and "Rahasia" not in words(told), asked
    assert "Posyandu Melati" not in words(head.get(page("desk_posyandu_figures_posyandu", apa="pilots")))
    for wrong in ({"apa": "gaji"}, {"apa": "field", "kode": "x"}, {"apa": "kit", "kode": ""}):
        assert head.get(page("desk_posyandu_figures_posyandu", **wrong)).status_code == 404
    neighbour = sit(cast, "neighbour_cadre")
    assert neighbour.get(page("desk_posyandu_figures_posyandu", wilayah=DUNGKAIT)).status_code == 404
