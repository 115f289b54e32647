"""Numbers, days of the schedule, the chain: pure."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.posyandu.rules import institution as rules

DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))
MONTHLY = st.builds(lambda day: {"day": day}, st.integers(1, 31))
WEEKLY = st.builds(lambda week, day: {"week": week, "weekday": day}, st.integers(1, 5), st.integers(1, 7))


@given(DAYS, MONTHLY | WEEKLY, st.integers(1, 14))
def test_each_month_has_exactly_one_day_of_the_schedule(
    after: date, kept: dict[str, int], count: int
) -> None:
    found = rules.next_dates(kept, after, count)
    assert len(found) == count
    assert found == sorted(found)
    assert found[0] >= after
    months = [(one.year, one.month) for one in found]
    assert len(set(months)) == count
    first = months[0][0] * 12 + months[0][1]
    assert [year * 12 + month for year, month in months] == list(range(first, first + count))
    assert first - (after.year * 12 + after.month) in (0, 1)


@given(DAYS, WEEKLY)
def test_a_weekday_of_a_week_is_that_weekday(after: date, kept: dict[str, int]) -> None:
    (found,) = rules.next_dates(kept, after, 1)
    assert found.isoweekday() == kept["weekday"]
    if kept["week"] < 5:
        assert (found.day - 1) // 7 + 1 == kept["week"]
    else:
        assert (found + timedelta(days=7)).month != found.month


@given(DAYS, st.integers(1, 31))
def test_a_day_of_the_month_is_that_day_or_the_last(after: date, day: int) -> None:
    (found,) = rules.next_dates({"day": day}, after, 1)
    assert found.day == day or (found.day < day and (found + timedelta(days=1)).day == 1)


def test_the_day_itself_counts_and_no_schedule_has_no_days() -> None:
    assert rules.next_dates({"day": 12}, date(2026, 11, 12), 1) == [date(2026, 11, 12)]
    assert rules.next_dates({"day": 12}, date(2026, 11, 13), 1) == [date(2026, 12, 12)]
    assert rules.next_dates({"day": 31}, date(2027, 2, 1), 1) == [date(2027, 2, 28)]
    assert rules.next_dates({}, date(2026, 11, 13)) == []


def test_a_schedule_is_a_day_or_a_weekday() -> None:
    assert rules.schedule() == {}
    assert rules.schedule(day=12) == {"day": 12}
    assert rules.schedule(week=5, weekday=1) == {"week": 5, "weekday": 1}
    for wrong in ({"day": 0}, {"day": 32}, {"week": 2}, {"weekday": 3}, {"week": 6, "weekday": 1}):
        with pytest.raises(rules.ScheduleWrong):
            rules.schedule(**wrong)
    with pytest.raises(rules.ScheduleWrong):
        rules.schedule(day=1, week=1, weekday=1)


@given(st.integers(0, 10**13 - 1))
def test_a_number_fits_its_own_village_alone(digits: int) -> None:
    text = f"{digits:013d}"
    dotted = f"{text[:2]}.{text[2:4]}.{text[4:6]}.{text[6:10]}.{text[10:]}"
    assert rules.number(text, text[:10]) == rules.number(dotted, text[:10]) == dotted
    other = f"{(int(text[:10]) + 1) % 10**10:010d}"
    with pytest.raises(rules.NumberElsewhere):
        rules.number(dotted, other)


def test_months_later_ends_on_the_last_day() -> None:
    assert rules.months_later(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert rules.months_later(date(2024, 11, 30), 24) == date(2026, 11, 30)


def test_vacant_positions_and_terms_that_end() -> None:
    assert rules.vacant(["chair", "cadre"]) == ["secretary", "treasurer"]
    today = date(2026, 11, 26)
    assert rules.ends_soon(date(2026, 12, 31), today)
    assert not rules.ends_soon(date(2027, 12, 31), today)
    assert not rules.ends_soon(None, today)
