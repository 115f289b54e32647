"""Rules of desks: opening times over midnight and on holidays, colours that can be read, seats that may not meet."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from simpul.desks import rules

WITA = ZoneInfo("Asia/Makassar")
times = some.times().map(lambda moment: moment.replace(second=0, microsecond=0))
openings = some.builds(rules.Opening, some.integers(1, 8), times, times)


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=WITA)


def _never(_day: date) -> bool:
    return False


def test_levels_climb_from_the_village_and_partners_stand_beside() -> None:
    assert sorted(rules.LEVELS, key=rules.level_rank) == [
        "village",
        "district",
        "regency",
        "province",
        "national",
        "partner",
    ]


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (_at(25, 7, 59), False),
        (_at(25, 8), True),
        (_at(25, 15, 59), True),
        (_at(25, 16), False),
        (_at(26, 9), False),
    ],
)
def test_a_desk_is_open_from_its_first_minute_until_before_its_last(moment: datetime, is_open: bool) -> None:
    assert rules.is_open([rules.Opening(3, time(8), time(16))], moment, _never) is is_open


def test_what_opened_yesterday_closes_by_yesterdays_hours() -> None:
    night = [rules.Opening(3, time(16), time(7))]
    assert rules.is_open(night, _at(26, 6, 59), _never)
    assert not rules.is_open(night, _at(26, 7), _never)
    assert not rules.is_open(night, _at(25, 6), _never)


def test_on_a_holiday_only_the_holidays_hours_count() -> None:
    hours = [rules.Opening(3, time(8), time(16)), rules.Opening(8, time(20), time(2))]

    def holiday(day: date) -> bool:
        return day == date(2026, 11, 25)

    assert not rules.is_open(hours, _at(25, 9), holiday)
    assert rules.is_open(hours, _at(25, 21), holiday)
    assert rules.is_open(hours, _at(26, 1), holiday)


@given(some.lists(openings, max_size=6), some.integers(0, 60 * 24 * 14))
def test_a_desk_is_open_at_the_moment_it_says_it_opens_next(rows: list[rules.Opening], minutes: int) -> None:
    moment = _at(16, 0) + timedelta(minutes=minutes)
    opens = rules.next_opening(rows, moment, _never)
    if opens is None:
        assert all(row.weekday == rules.HOLIDAYS for row in rows)
    else:
        assert opens > moment
        assert rules.is_open(rows, opens, _never)


def test_a_sign_joins_neighbouring_days_with_the_same_hours() -> None:
    week = [rules.Opening(day, time(8), time(16)) for day in (1, 2, 3, 4)] + [
        rules.Opening(5, time(8), time(11))
    ]
    lines = rules.hours_lines(
        [*week, rules.Opening(7, time(8), time(11)), rules.Opening(8, time(8), time(11))]
    )
    assert [(line.first, line.last) for line in lines] == [(1, 4), (5, 5), (7, 7), (8, 8)]


def test_overlapping_hours_are_seen() -> None:
    assert rules.overlap([rules.Opening(1, time(8), time(12)), rules.Opening(1, time(11, 59), time(13))])
    assert rules.overlap([rules.Opening(1, time(8), time(7)), rules.Opening(1, time(9), time(10))])
    assert not rules.overlap([rules.Opening(1, time(8), time(12)), rules.Opening(1, time(12), time(13))])


def test_contrast_is_that_of_wcag() -> None:
    assert rules.contrast_with_white("#000000") == pytest.approx(21)
    assert rules.contrast_with_white("#ffffff") == pytest.approx(1)
    assert rules.contrast_with_white("#767676") == pytest.approx(4.54, abs=0.01)
    assert rules.contrast_with_white("#0b4f6c") >= rules.LEAST_CONTRAST
    assert not rules.is_colour("#fff")


def test_the_officer_who_watches_does_not_administer() -> None:
    assert rules.clash("protection_officer", ["front_office", "administrator"]) == "administrator"
    assert rules.clash("manager", ["front_office", "administrator"]) == ""


@pytest.mark.parametrize(
    ("first", "last", "fault"),
    [(1, 0, "order"), (-5, -1, "past"), (0, 0, ""), (-5, 0, ""), (0, 366, ""), (0, 367, "long")],
)
def test_a_delegation_has_sensible_dates(first: int, last: int, fault: str) -> None:
    today = date(2026, 11, 25)
    assert rules.delegation_fault(today + timedelta(days=first), today + timedelta(days=last), today) == fault


def test_weeks_codes_and_areas() -> None:
    assert rules.is_week("12345")
    assert rules.is_week("7")
    assert not any(rules.is_week(text) for text in ("", "21", "11", "0", "12a"))
    assert rules.is_desk_code("puskesos-2")
    assert not rules.is_desk_code("-x")
    assert not rules.is_desk_code("x")
    assert rules.region_chain("7602132001") == ["", "76", "7602", "760213", "7602132001"]
    assert rules.region_chain("") == [""]
    assert rules.title("Manager", "Puskesos") == "Manager, Puskesos"
    assert rules.title("Manager", "Puskesos", "Kepala") == "Kepala, Puskesos"
