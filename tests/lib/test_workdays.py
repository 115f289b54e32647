"""The clock engine: golden dates, and what must hold for every calendar."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from simpul.lib import workdays
from simpul.lib.workdays import Calendar, ClockRule

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "workdays.json").read_text())
INDONESIA = holidays.country_holidays("ID", years=range(2024, 2029), categories=("public", "government"))
OFFICE = Calendar(holidays=dict(INDONESIA))
TEN_DAYS = ClockRule("ppid.answer", 1, "working_days", 10)
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "Pacific/Kiritimati", "Europe/Berlin")

dates = st.dates(date(2019, 12, 20), date(2032, 3, 5))
moments = st.datetimes(datetime(2019, 12, 20), datetime(2032, 3, 5), timezones=st.just(UTC))
holiday_maps = st.dictionaries(dates, st.just("libur"), max_size=30)
weeks = st.frozensets(st.integers(1, 7), min_size=1)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Any working calendar: a week, holidays, a zone, perhaps a disaster."""
    suspended: tuple[tuple[date, date, str], ...] = ()
    if draw(st.booleans()):
        first = draw(dates)
        suspended = ((first, first + timedelta(days=draw(st.integers(0, 90))), "gempa"),)
    return Calendar(draw(holiday_maps), draw(weeks), draw(st.sampled_from(ZONES)), suspended)


@st.composite
def rules(draw: st.DrawFn) -> ClockRule:
    """Any rule whose clock may be paused."""
    unit: Any = draw(st.sampled_from(["working_days", "calendar_days"]))
    return ClockRule("any", 1, unit, draw(st.integers(1, 90)))


@pytest.mark.parametrize("vector", VECTORS["due_dates"], ids=lambda vector: vector["why"])
def test_due_dates_are_the_golden_ones(vector: dict[str, Any]) -> None:
    calendar = Calendar(OFFICE.holidays, frozenset(vector["week"]))
    due = workdays.due_date(date.fromisoformat(vector["start"]), vector["days"], calendar)
    assert due.date.isoformat() == vector["due"]
    assert [day.isoformat() for day, _reason in due.skipped] == vector["skipped"]


def test_the_days_skipped_tell_their_reasons() -> None:
    due = workdays.due_date(date(2026, 3, 13), 10, OFFICE)
    reasons = dict(due.skipped)
    assert reasons[date(2026, 3, 14)] == workdays.WEEKEND
    assert reasons[date(2026, 3, 19)] == INDONESIA[date(2026, 3, 19)]


@given(dates, st.integers(0, 120), calendars())
def test_a_due_date_is_a_working_day_with_exactly_the_days_between(
    start: date, days: int, calendar: Calendar
) -> None:
    due = workdays.due_date(start, days, calendar)
    assert workdays.count_working_days(start, due.date, calendar) == days
    assert days == 0 or calendar.is_working_day(due.date)
    assert (due.date - start).days == days + len(due.skipped)


@given(dates, st.integers(1, 60), calendars(), dates)
def test_adding_a_holiday_never_brings_a_deadline_nearer(
    start: date, days: int, calendar: Calendar, extra: date
) -> None:
    fuller = Calendar({**calendar.holidays, extra: "baru"}, calendar.week, calendar.zone, calendar.suspended)
    assert workdays.due_date(start, days, fuller).date >= workdays.due_date(start, days, calendar).date


@given(dates, st.integers(1, 60), calendars())
def test_one_day_later_is_never_due_earlier(start: date, days: int, calendar: Calendar) -> None:
    due = workdays.due_date(start, days, calendar).date
    assert workdays.due_date(start + timedelta(days=1), days, calendar).date >= due
    assert workdays.due_date(start, days + 1, calendar).date > due


@pytest.mark.parametrize(
    "closed",
    [Calendar(week=frozenset()), Calendar(suspended=((date(2026, 1, 1), date.max, "tutup"),))],
    ids=["no working week", "suspended for ever"],
)
def test_a_calendar_without_working_days_is_a_clear_refusal(closed: Calendar) -> None:
    with pytest.raises(workdays.NoWorkingDay, match="2026-01-05"):
        workdays.due_date(date(2026, 1, 5), 3, closed)


def test_the_end_of_time_is_a_refusal_too() -> None:
    with pytest.raises(workdays.NoWorkingDay):
        workdays.due_date(date(9999, 12, 30), 5, Calendar())


def test_negative_days_are_an_error() -> None:
    with pytest.raises(ValueError, match="negative"):
        workdays.due_date(date(2026, 1, 5), -1, OFFICE)


def test_a_day_clock_ends_with_the_last_second_at_the_office() -> None:
    state = workdays.start(TEN_DAYS, datetime(2026, 3, 13, 2, tzinfo=UTC), OFFICE)
    assert state.due_at == datetime(2026, 4, 6, 23, 59, 59, tzinfo=ZoneInfo("Asia/Makassar"))
    assert state.due_at.tzinfo is UTC
    assert workdays.status(state, state.due_at) == "running"
    assert workdays.status(state, state.due_at + timedelta(seconds=1)) == "late"


def test_the_day_of_filing_is_the_office_s_day_not_the_server_s() -> None:
    late_evening_utc = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)  # 01.00 on Wednesday in Makassar
    one_day = ClockRule("hop", 1, "working_days", 1)
    assert workdays.start(one_day, late_evening_utc, OFFICE).due_at.date() == date(2026, 11, 26)
    jakarta = Calendar(OFFICE.holidays, zone="Asia/Jakarta")  # still 00.00 on Wednesday
    assert workdays.start(one_day, late_evening_utc, jakarta).due_at == datetime(
        2026, 11, 26, 16, 59, 59, tzinfo=UTC
    )


def test_three_times_24_hours_run_through_holidays_and_are_never_paused() -> None:
    rule = ClockRule("pdp.access", 1, "hours", 72, pausable=False, source="UU 27/2022")
    begun = datetime(2026, 3, 20, 5, 0, tzinfo=UTC)
    state = workdays.start(rule, begun, OFFICE)
    assert state.due_at == begun + timedelta(hours=72)
    assert workdays.pause(state, begun + timedelta(hours=1)) is state
    assert workdays.remaining(state, begun + timedelta(minutes=1), OFFICE).amount == 72
    assert workdays.remaining(state, begun + timedelta(hours=71, minutes=1), OFFICE).amount == 1
    assert workdays.remaining(state, begun + timedelta(hours=73), OFFICE) == workdays.Remaining(
        "hours", -1, True
    )


@pytest.mark.parametrize(
    ("unit", "amount", "pausable"), [("hours", 72, True), ("working_days", 0, True), ("weeks", 1, True)]
)
def test_a_rule_that_makes_no_sense_is_an_error(unit: Any, amount: int, pausable: bool) -> None:
    with pytest.raises(ValueError, match=r"hours|unit"):
        ClockRule("x", 1, unit, amount, pausable)


def test_a_moment_without_a_zone_is_an_error() -> None:
    with pytest.raises(ValueError, match="time zone"):
        workdays.start(TEN_DAYS, datetime(2026, 1, 5, 9), OFFICE)  # noqa: DTZ001 - that is the point


def test_waiting_over_a_weekend_gives_back_one_day() -> None:
    state = workdays.start(TEN_DAYS, datetime(2026, 11, 16, 1, tzinfo=UTC), OFFICE)
    assert state.due_at.date() == date(2026, 11, 30)
    paused = workdays.pause(state, datetime(2026, 11, 20, 8, tzinfo=UTC))
    assert workdays.status(paused, datetime(2027, 1, 1, tzinfo=UTC)) == "paused"
    resumed = workdays.resume(paused, datetime(2026, 11, 23, 0, tzinfo=UTC), OFFICE)
    assert resumed.due_at.date() == date(2026, 12, 1)
    assert resumed.pauses[0].given == 1


def test_many_short_pauses_do_not_win_many_days() -> None:
    state = workdays.start(TEN_DAYS, datetime(2026, 11, 16, 0, tzinfo=UTC), OFFICE)
    for minute in range(0, 600, 10):
        at = datetime(2026, 11, 17, 0, tzinfo=UTC) + timedelta(minutes=minute)
        state = workdays.resume(workdays.pause(state, at), at + timedelta(minutes=5), OFFICE)
    assert state.due_at.date() == date(2026, 12, 1)
    assert len(state.pauses) == 60


@given(
    rules(),
    moments,
    calendars(),
    st.lists(st.tuples(st.integers(1, 200_000), st.integers(0, 3_000_000)), max_size=5),
)
def test_pauses_never_shorten_a_clock(
    rule: ClockRule, begun: datetime, calendar: Calendar, waits: list[tuple[int, int]]
) -> None:
    state = first = workdays.start(rule, begun, calendar)
    at = begun
    for before, length in waits:
        paused = workdays.pause(state, at + timedelta(seconds=before))
        at = at + timedelta(seconds=before + length)
        resumed = workdays.resume(paused, at, calendar)
        assert resumed.due_at >= paused.due_at
        assert resumed.paused_at is None
        state = resumed
    counted = sum(pause.counted for pause in state.pauses)
    given_days = sum(pause.given for pause in state.pauses)
    assert given_days * 86_400 >= counted > (given_days - 1) * 86_400 or given_days == counted == 0
    assert state.started_at == first.started_at


@given(rules(), moments, calendars(), st.integers(0, 5_000_000), st.integers(0, 5_000_000))
def test_as_many_days_remain_after_a_pause_as_before(
    rule: ClockRule, begun: datetime, calendar: Calendar, before: int, length: int
) -> None:
    paused = workdays.pause(workdays.start(rule, begun, calendar), begun + timedelta(seconds=before))
    assume(paused.paused_at is not None)
    end = begun + timedelta(seconds=before + length)
    resumed = workdays.resume(paused, end, calendar)
    assert workdays.status(resumed, end) == "running"
    assert workdays.remaining(resumed, end, calendar).amount >= workdays.remaining(
        paused, end, calendar
    ).amount - (0 if resumed.pauses[0].given else 1)


def test_a_clock_that_is_late_stays_late_whatever_is_asked_of_the_resident() -> None:
    state = workdays.start(TEN_DAYS, datetime(2026, 11, 2, 1, tzinfo=UTC), OFFICE)
    after = state.due_at + timedelta(hours=1)
    assert workdays.pause(state, after) is state
    assert workdays.status(workdays.resume(workdays.pause(state, after), after, OFFICE), after) == "late"


def test_pausing_twice_and_resuming_twice_is_once() -> None:
    state = workdays.start(TEN_DAYS, datetime(2026, 11, 16, 1, tzinfo=UTC), OFFICE)
    paused = workdays.pause(state, datetime(2026, 11, 17, 1, tzinfo=UTC))
    assert workdays.pause(paused, datetime(2026, 11, 18, 1, tzinfo=UTC)) is paused
    resumed = workdays.resume(paused, datetime(2026, 11, 19, 1, tzinfo=UTC), OFFICE)
    assert workdays.resume(resumed, datetime(2026, 11, 20, 1, tzinfo=UTC), OFFICE) is resumed


def test_stopping_decides_between_in_time_and_too_late_for_good() -> None:
    state = workdays.start(TEN_DAYS, datetime(2026, 11, 2, 1, tzinfo=UTC), OFFICE)
    met = workdays.stop(state, state.due_at)
    assert workdays.status(met, datetime(2030, 1, 1, tzinfo=UTC)) == "met"
    assert workdays.stop(met, datetime(2030, 1, 1, tzinfo=UTC)) is met
    late = workdays.stop(state, state.due_at + timedelta(seconds=1))
    assert workdays.status(late, state.due_at) == "stopped_late"
    while_waiting = workdays.stop(workdays.pause(state, state.due_at), state.due_at + timedelta(days=9))
    assert workdays.status(while_waiting, state.due_at) == "met"


@given(rules(), moments, calendars(), st.integers(0, 4_000_000))
def test_reopening_gives_no_time(rule: ClockRule, begun: datetime, calendar: Calendar, worked: int) -> None:
    state = workdays.start(rule, begun, calendar)
    stopped = workdays.stop(state, begun + timedelta(seconds=worked))
    assert workdays.reopen(stopped, calendar) == state
    assert workdays.reopen(state, calendar) is state


def test_an_extension_is_counted_from_the_due_day() -> None:
    state = workdays.start(TEN_DAYS, datetime(2026, 11, 16, 1, tzinfo=UTC), OFFICE)
    assert workdays.extend(state, 7, OFFICE).due_at.date() == date(2026, 12, 9)
    with pytest.raises(ValueError, match="extension"):
        workdays.extend(state, 0, OFFICE)


def test_a_disaster_stops_day_clocks_and_no_hours() -> None:
    quake = Calendar(OFFICE.holidays, suspended=((date(2026, 11, 17), date(2026, 11, 27), "gempa bumi"),))
    begun = datetime(2026, 11, 16, 1, tzinfo=UTC)
    two_days = ClockRule("hop", 1, "working_days", 2)
    assert workdays.start(two_days, begun, quake).due_at.date() == date(2026, 12, 1)
    assert workdays.start(ClockRule("x", 1, "calendar_days", 2), begun, quake).due_at.date() == date(
        2026, 11, 29
    )
    hours = ClockRule("pdp", 1, "hours", 72, pausable=False)
    assert workdays.start(hours, begun, quake).due_at == begun + timedelta(hours=72)
    assert dict(workdays.due_date(date(2026, 11, 16), 2, quake).skipped)[date(2026, 11, 18)] == "gempa bumi"


@pytest.mark.parametrize(
    ("today", "amount", "late"),
    [(16, 10, False), (20, 6, False), (21, 6, False), (22, 6, False), (30, 0, False)],
)
def test_remaining_days_are_counted_after_today(today: int, amount: int, late: bool) -> None:
    state = workdays.start(TEN_DAYS, datetime(2026, 11, 16, 1, tzinfo=UTC), OFFICE)
    left = workdays.remaining(state, datetime(2026, 11, today, 4, tzinfo=UTC), OFFICE)
    assert left == workdays.Remaining("working_days", amount, late)


def test_overdue_days_are_negative_and_a_stopped_clock_stands_still() -> None:
    state = workdays.start(TEN_DAYS, datetime(2026, 11, 16, 1, tzinfo=UTC), OFFICE)
    assert workdays.remaining(state, datetime(2026, 12, 2, 4, tzinfo=UTC), OFFICE).amount == -2
    stopped = workdays.stop(state, datetime(2026, 11, 25, 4, tzinfo=UTC))
    assert workdays.remaining(stopped, datetime(2027, 12, 2, 4, tzinfo=UTC), OFFICE).amount == 3


@given(rules(), moments, calendars(), st.integers(0, 500_000), st.integers(0, 500_000))
def test_pauses_survive_being_kept_in_a_row(
    rule: ClockRule, begun: datetime, calendar: Calendar, before: int, length: int
) -> None:
    state = workdays.pause(workdays.start(rule, begun, calendar), begun + timedelta(seconds=before))
    state = workdays.resume(state, begun + timedelta(seconds=before + length), calendar)
    kept = json.loads(json.dumps(workdays.pauses_to_json(state.pauses)))
    assert workdays.pauses_from_json(kept) == state.pauses
