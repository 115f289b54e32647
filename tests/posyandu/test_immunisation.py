"""What a child needs on a day: ages, gaps, the end of a window, and a schedule that changes midway."""

from __future__ import annotations

from datetime import date

import pytest

from simpul.posyandu.queries import rulebook
from simpul.posyandu.rules import immunisation, judging
from simpul.posyandu.rules.immunisation import Given
from tests.posyandu.judged import book, entry

BORN = date(2026, 1, 31)
VACCINES = book().data("vaccine_products")


def schedule(version: str) -> dict:  # type: ignore[type-arg]
    return dict(book(immunisation=version).data("immunisation"))


def due(
    on: date, *given: Given, version: str = "schedule-2023", born: date = BORN, **more: object
) -> dict[str, immunisation.Dose]:
    found = immunisation.due(born, given, on, schedule(version), VACCINES, **more)  # type: ignore[arg-type]
    return {one.code: one for one in found}


def test_months_end_where_the_month_ends() -> None:
    assert immunisation.months_after(BORN, 1) == date(2026, 2, 28)
    assert immunisation.months_after(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert immunisation.months_after(date(2026, 12, 5), 2) == date(2027, 2, 5)


def test_on_the_first_day_of_life() -> None:
    found = due(BORN)
    assert found["hb0"].state == "due"
    assert found["dpt1"].state == "early"
    assert found["dpt1"].earliest == date(2026, 3, 31)
    assert due(date(2026, 2, 2))["hb0"].state == "overdue"
    assert due(date(2026, 2, 8))["hb0"].state == "closed"


def test_due_until_the_planned_end_and_overdue_after_it() -> None:
    assert due(date(2026, 3, 30))["dpt1"].state == "early"
    assert due(date(2026, 3, 31))["dpt1"].state == "due"
    assert due(date(2026, 4, 30))["dpt1"].state == "due"
    assert due(date(2026, 5, 1))["dpt1"].state == "overdue"


def test_a_late_dose_moves_the_next_one_by_its_gap() -> None:
    late = Given("dpt1", date(2026, 6, 10))
    found = due(date(2026, 7, 9), late)["dpt2"]
    assert (found.state, found.earliest) == ("early", date(2026, 7, 10))
    assert due(date(2026, 7, 10), late)["dpt2"].state == "due"
    assert due(date(2026, 7, 11), late)["dpt2"].state == "overdue"
    assert due(date(2026, 7, 11), late)["dpt3"].state == "waiting"


@pytest.mark.parametrize(
    ("given", "dose", "earliest"),
    [
        ([Given("pcv1"), Given("pcv2", date(2026, 12, 20))], "pcv3", date(2027, 2, 14)),  # eight weeks
        ([Given("dpt3", date(2026, 9, 1))], "dpt4", date(2027, 9, 1)),  # twelve months
        ([Given("mr1", date(2027, 3, 1))], "mr2", date(2027, 9, 1)),  # six months
        ([Given("mr1", date(2026, 11, 1))], "mr2", date(2027, 7, 31)),  # the age is later than the gap
    ],
)
def test_gaps(given: list[Given], dose: str, earliest: date) -> None:
    assert due(date(2027, 7, 1), *given)[dose].earliest == earliest


def test_windows_close() -> None:
    assert due(date(2027, 1, 30))["bcg"].state == "overdue"
    assert due(date(2027, 1, 31))["bcg"].state == "closed"


def test_a_child_midway_goes_on_where_it_is() -> None:
    given = [Given("dpt1", date(2026, 4, 2)), Given("opv1"), Given("opv2", date(2026, 4, 2))]
    found = due(date(2026, 5, 2), *given, version="hexavalent-2026")
    assert (found["hexa1"].state, found["hexa1"].by) == ("given", "dpt1")
    assert found["hexa2"].state == "due"
    assert found["ipv1"].state == "not_needed"  # two hexavalent doses to come hold it
    assert found["ipv2"].state == "not_needed"


def test_a_child_with_three_old_doses_still_needs_polio_by_needle() -> None:
    given = [Given(f"dpt{number}", date(2026, 3 + number, 2)) for number in (1, 2, 3)]
    found = due(date(2026, 8, 1), *given, version="hexavalent-2026")
    assert [found[f"hexa{number}"].state for number in (1, 2, 3)] == ["given"] * 3
    assert found["ipv1"].state == "overdue"
    assert found["ipv2"].state == "early"
    with_one = due(date(2026, 11, 5), *given, Given("ipv1", date(2026, 6, 2)), version="hexavalent-2026")
    assert (with_one["ipv1"].state, with_one["ipv2"].state) == ("given", "due")


def test_one_hexavalent_at_the_end_leaves_one_by_needle() -> None:
    given = [Given("dpt1"), Given("dpt2", date(2026, 5, 1))]
    found = due(date(2026, 7, 1), *given, version="hexavalent-2026")
    assert found["hexa3"].state == "overdue"
    assert found["ipv1"].state == "not_needed"
    assert found["ipv2"].state == "early"


def test_the_way_back_counts_as_well() -> None:
    given = [Given("hexa1", date(2026, 4, 1)), Given("hexa2", date(2026, 5, 1))]
    found = due(date(2026, 7, 1), *given)
    assert [found[code].state for code in ("dpt1", "dpt2", "dpt3")] == ["given", "given", "overdue"]
    assert (found["ipv1"].state, found["ipv2"].state) == ("given", "given")


def test_a_number_implies_the_doses_before_it() -> None:
    found = due(date(2026, 7, 1), Given("opv3", date(2026, 5, 1)))
    assert [found[f"opv{number}"].state for number in (1, 2, 3, 4)] == ["given", "given", "given", "overdue"]
    assert found["opv1"].too_soon is False


def test_a_dose_given_too_soon_is_kept_and_shown() -> None:
    assert due(date(2026, 7, 1), Given("dpt1", date(2026, 3, 1)))["dpt1"].too_soon
    near = [Given("dpt1", date(2026, 4, 1)), Given("dpt2", date(2026, 4, 20))]
    assert due(date(2026, 7, 1), *near)["dpt2"].too_soon
    assert not due(date(2026, 7, 1), *near)["dpt1"].too_soon


def test_what_is_dated_later_or_unknown_is_not_counted() -> None:
    found = due(date(2026, 4, 5), Given("dpt1", date(2026, 5, 1)), Given("something"))
    assert found["dpt1"].state == "due"


def test_places_with_je_schools_and_sexes() -> None:
    on = date(2026, 12, 1)
    assert "je" not in due(on)
    assert due(on, endemic=True)["je"].state == "due"
    old = date(2015, 1, 10)
    assert "hpv1" not in due(on, born=old)
    assert "hpv1" not in due(on, born=old, school=True, sex="L")
    girl = due(on, born=old, school=True, sex="P")
    assert girl["hpv1"].state == "due"
    assert girl["td2"].state == "overdue"
    given = due(on, Given("td2", date(2023, 11, 2)), born=old, school=True)
    assert (given["td2"].state, given["td5"].state) == ("given", "due")


def test_one_dose_of_hpv_since_2025() -> None:
    codes = {row["code"] for row in schedule("kmk-35-2025")["doses"]}
    assert "hpv2" not in codes
    assert "hpv2" in {row["code"] for row in schedule("schedule-2023")["doses"]}


@pytest.mark.parametrize(
    ("on", "version"),
    [
        (date(2020, 5, 1), "schedule-2023"),
        (date(2024, 7, 31), "schedule-2023"),
        (date(2024, 8, 1), "kmk-1098-2024"),
        (date(2025, 1, 20), "kmk-1098-2024"),
        (date(2025, 1, 21), "kmk-35-2025"),
        (date(2026, 11, 1), "kmk-35-2025"),
    ],
)
def test_schedules_follow_each_other(on: date, version: str) -> None:
    assert rulebook.made("7602", on, ())["immunisation"].code == version


def test_doses_on_record_come_from_the_card_earlier_lines_and_this_one() -> None:
    past = [
        judging.Past(date(2026, 5, 5), values={"vaccines": ["dpt2"]}),
        judging.Past(date(2026, 4, 5), values={"vaccines": ["dpt1", "opv2"]}),
    ]
    found = immunisation.given_of(
        {"vaccines": {"hb0": "2026-01-31", "bcg": "unreadable"}},
        past,
        {"vaccines": ["dpt3", "dpt1"]},
        date(2026, 6, 5),
    )
    assert {one.dose: one.date for one in found} == {
        "hb0": date(2026, 1, 31),
        "bcg": None,
        "dpt1": date(2026, 4, 5),
        "opv2": date(2026, 4, 5),
        "dpt2": date(2026, 5, 5),
        "dpt3": date(2026, 6, 5),
    }
    assert immunisation.given_of({"vaccines": ["bcg"]}, (), {}, BORN) == (Given("bcg"),)


def test_an_entry_says_what_is_overdue_or_asks_for_the_book() -> None:
    given = {"months": 3, "birth": BORN, "on": date(2026, 5, 5)}
    assert "immunisation:not_known" in entry("B", **given)  # type: ignore[arg-type]
    found = entry("B", values={"vaccines": ["dpt1"]}, **given)  # type: ignore[arg-type]
    assert found["immunisation:overdue"].finding == "overdue_vaccine"
    assert not found["immunisation:overdue"].refer
