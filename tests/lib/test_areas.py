"""Inside an area: everything whose code begins with it, and nothing beside it, on both databases."""

from __future__ import annotations

import pytest

from simpul.lib import areas
from simpul.people.models import Person
from tests.cast import BONTO_JAI, BOTTENG, DUNGKAIT, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def people() -> None:
    Person.objects.bulk_create(
        Person(full_name=code, name_key=code, region_code=code, registered_at=NOW)
        for code in (DUNGKAIT, BOTTENG, BONTO_JAI, "7602", "76", "")
    )


def found(*codes: str) -> set[str]:
    return set(Person.objects.filter(areas.inside_any(codes)).values_list("region_code", flat=True))


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (("7602",), {DUNGKAIT, BOTTENG, "7602"}),
        ((DUNGKAIT,), {DUNGKAIT}),
        ((DUNGKAIT, "73"), {DUNGKAIT, BONTO_JAI}),
        (("760",), {DUNGKAIT, BOTTENG, "7602"}),
        (("",), {DUNGKAIT, BOTTENG, BONTO_JAI, "7602", "76", ""}),
        (("73", ""), {DUNGKAIT, BOTTENG, BONTO_JAI, "7602", "76", ""}),
        ((), set()),
    ],
)
def test_an_area_holds_what_begins_with_its_code(codes: tuple[str, ...], expected: set[str]) -> None:
    assert found(*codes) == expected


def test_the_column_may_be_one_of_another_row() -> None:
    assert str(areas.inside("76", "person__region_code")).count("person__region_code") == 2
