"""Growth at the desk: the chart, its figures as a table, the paper; only for those who may see what was measured."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from simpul.people.models import Person
from simpul.posyandu.models import Examination, Participant
from simpul.posyandu.queries import chart as queries
from tests.cast import Cast, assemble
from tests.posyandu.day_help import BORN, TODAY, Furnished, enrol, furnish, person, record
from tests.web.desk_pages import sit, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def there(cast: Cast) -> Furnished:
    return furnish(cast)


@pytest.fixture
def card(cast: Cast, there: Furnished) -> Participant:
    return enrol(cast, there.melati, there.child)


def weighed(cast: Cast, card: Participant) -> None:
    for month, weight, height in ((12, 4200, 530), (1, 5000, 560), (2, 5500, 580), (4, 5600, 600)):
        record(cast, card, date(2025 if month == 12 else 2026, month, 14), weight=weight, height=height)


def page(card: Participant, name: str = "desk_posyandu_growth", query: str = "") -> str:
    return reverse(name, args=[card.id]) + query


def test_the_page_shows_the_card_and_every_figure(cast: Cast, card: Participant) -> None:
    weighed(cast, card)
    answer = sit(cast, "cadre").get(page(card))
    text, shown = answer.content.decode(), words(answer)
    assert answer.status_code == 200
    assert text.count("<svg xmlns") == 1 and 'role="img"' in text and " style=" not in text
    assert "Berat badan menurut umur (KMS), perempuan, 0 sampai 24 bulan. 4 pengukuran" in shown
    assert "5,60" in shown and "60,0" in shown and "telentang" in shown
    assert "Permenkes 2/2020" in shown
    last = Examination.objects.order_by("-date").first()
    assert last is not None and f"{last.waz_m / 100:.2f}".replace(".", ",").replace("-", "−") in shown


def test_other_charts_are_a_click_away_and_nonsense_falls_back(cast: Cast, card: Participant) -> None:
    weighed(cast, card)
    client = sit(cast, "midwife")
    for kind, said in (
        ("haz", "Panjang atau tinggi badan menurut umur"),
        ("whz", "Berat badan menurut panjang atau tinggi"),
        ("baz", "Indeks massa tubuh menurut umur"),
        ("hcz", "Lingkar kepala menurut umur"),
    ):
        shown = words(client.get(page(card, query=f"?grafik={kind}&umur=0-24")))
        assert f"{said}, perempuan" in shown
    shown = words(client.get(page(card, query="?grafik=x&umur=y")))
    assert "Berat badan menurut umur (KMS), perempuan, 0 sampai 24 bulan" in shown
    shown = words(client.get(page(card, query="?grafik=hcz&umur=60-228")))
    assert "Indeks massa tubuh menurut umur, perempuan, 5 sampai 19 tahun. Belum ada pengukuran." in shown


def test_the_paper(cast: Cast, card: Participant) -> None:
    weighed(cast, card)
    answer = sit(cast, "cadre").get(page(card, "desk_posyandu_growth_print"))
    shown = words(answer)
    assert "Nur Aisyah" in shown and "data kesehatan" in shown and "<svg xmlns" in answer.content.decode()


def test_pages_without_measurements_or_without_a_chart_teach(
    cast: Cast, there: Furnished, card: Participant
) -> None:
    client = sit(cast, "cadre")
    shown = words(client.get(page(card)))
    assert "Belum ada pengukuran" in shown and "hari posyandu pertama" in shown
    Person.objects.filter(id=there.child.id).update(sex="")
    assert "Grafik memerlukan jenis kelamin dan tanggal lahir" in words(client.get(page(card)))
    adult = enrol(cast, there.melati, person("Daeng Tua", date(1950, 1, 1), "L"), form="D")
    assert "sampai umur 19 tahun" in words(client.get(page(adult)))
    assert client.get(page(adult, "desk_posyandu_growth_print")).status_code == 200


@pytest.mark.parametrize("name", ["desk_posyandu_growth", "desk_posyandu_growth_print"])
def test_only_those_who_may_see_what_was_measured(cast: Cast, card: Participant, name: str) -> None:
    for part, status in (
        ("cadre", 200),
        ("posyandu_chair", 200),
        ("midwife", 200),
        ("village_head", 404),
        ("secretary", 404),
        ("neighbour_cadre", 404),
    ):
        assert sit(cast, part).get(page(card, name)).status_code == status, part


def test_the_cost_does_not_grow_with_the_history(cast: Cast, card: Participant) -> None:
    client = sit(cast, "cadre")

    def queries_of() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get(page(card))
        return len(seen)

    record(cast, card, date(2025, 12, 14), weight=4200, height=530)
    queries_of()
    few = queries_of()
    for month in range(1, 8):
        record(cast, card, date(2026, month, 14), weight=4200 + month * 400, height=530 + month * 15)
    assert queries_of() == few


def test_what_does_not_count_is_not_drawn(cast: Cast, card: Participant) -> None:
    weighed(cast, card)
    first: Any = Examination.objects.order_by("date").first()
    Examination.objects.filter(id=first.id).update(stands=False)
    drawn = queries.card(cast.cadre, card, TODAY)
    assert (drawn.kind, drawn.span, drawn.points) == ("waz", "0-24", 3)
    assert queries.card(cast.neighbour_cadre, card, TODAY).points == 0


@pytest.mark.parametrize(
    ("on", "span"),
    [
        (date(2025, 11, 9), ""),
        (date(2027, 11, 9), "0-24"),
        (date(2027, 11, 10), "24-60"),
        (date(2030, 11, 10), "60-228"),
        (date(2044, 11, 10), ""),
    ],
)
def test_parts_of_childhood(on: date, span: str) -> None:
    assert queries.span_of(BORN, on) == span
