"""Dates and times for people."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.lib import when

MOMENT = datetime(2026, 11, 22, 5, 5, tzinfo=UTC)


def test_dates_are_written_in_both_languages() -> None:
    day = date(2026, 11, 22)
    assert when.format_date(day) == "22 November 2026"
    assert when.format_long_date(day) == "Minggu, 22 November 2026"
    assert when.format_long_date(day, "en") == "Sunday, 22 November 2026"
    assert when.format_short_date(date(2026, 8, 17)) == "17 Agu 2026"
    assert when.format_month(date(2026, 5, 1)) == "Mei 2026"
    assert when.format_month(date(2026, 5, 1), "en-gb") == "May 2026"


@pytest.mark.parametrize(
    ("zone", "written"),
    [
        ("Asia/Jakarta", "12.05 WIB"),
        ("Asia/Makassar", "13.05 WITA"),
        ("Asia/Jayapura", "14.05 WIT"),
        ("UTC", "05.05 UTC"),
    ],
)
def test_times_carry_the_zone_of_the_place(zone: str, written: str) -> None:
    assert when.format_time(MOMENT, zone) == written


def test_a_moment_is_written_in_full() -> None:
    assert when.format_moment(MOMENT, "Asia/Makassar") == "22 November 2026, 13.05 WITA"
    assert when.format_moment(MOMENT, "Asia/Makassar", "en") == "22 November 2026, 13:05 WITA"
    assert when.local_date(datetime(2026, 11, 22, 16, 30, tzinfo=UTC), "Asia/Makassar") == date(2026, 11, 23)


def test_a_moment_without_a_zone_is_an_error() -> None:
    with pytest.raises(ValueError, match="time zone"):
        when.format_time(datetime(2026, 11, 22), "Asia/Makassar")  # noqa: DTZ001 - that is the point


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("22/11/2026", date(2026, 11, 22)),
        ("3/4/2026", date(2026, 4, 3)),
        (" 2026-11-22 ", date(2026, 11, 22)),
        ("２２/１１/２０２６", date(2026, 11, 22)),
        ("29/2/2024", date(2024, 2, 29)),
    ],
)
def test_day_month_year_and_iso_are_read(typed: str, day: date) -> None:
    assert when.parse_date(typed) == day


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "11/22/2026",
        "29/2/2026",
        "22-11-2026",
        "22/11/26",
        "2026/11/22",
        "2026-11-22T00:00",
        "besok",
        "1/1/0000",
        "1/1/0001",
        "9999-12-31",
        "😀",
    ],
)
def test_every_other_date_is_none(typed: str) -> None:
    assert when.parse_date(typed) is None


@given(st.dates(date(1800, 1, 1), date(8999, 12, 31)))
def test_dates_written_both_ways_read_back(day: date) -> None:
    assert when.parse_date(day.isoformat()) == when.parse_date(f"{day.day}/{day.month}/{day.year:04d}") == day


@pytest.mark.parametrize(
    ("typed", "clock"),
    [
        ("13.05", time(13, 5)),
        ("9:30", time(9, 30)),
        ("13.05.30 WITA", time(13, 5, 30)),
        ("25.00", None),
        ("siang", None),
    ],
)
def test_times_of_day_are_read_with_dot_or_colon(typed: str, clock: time | None) -> None:
    assert when.parse_time(typed) == clock
