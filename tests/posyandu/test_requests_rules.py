"""The way of a request: the line of progress, what comes next, the red flag; and the catalogue against the kind of matter."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.cases.queries import kinds as kind_queries
from simpul.cases.rules import decisions
from simpul.lib import workdays
from simpul.posyandu.queries import services
from simpul.posyandu.rules import requests as rules
from simpul.regions.data import national
from tests.cast import Cast


def office(*years: int) -> workdays.Calendar:
    """A five-day office in Makassar with the holidays and joint leave that ship."""
    days = {one.day: one.name for year in years for one in national.holidays_of(year)}
    return workdays.Calendar(holidays=days)


def flag_day(moved: date, *years: int) -> date:
    """The last day before the flag is up, for a movement at ten in the morning."""
    calendar = office(*years)
    at = datetime(moved.year, moved.month, moved.day, 2, tzinfo=UTC)
    return calendar.local_date(rules.stale_at(at, calendar))


# --- the red flag -----------------------------------------------------------------------------------------------------


def test_a_weekend_does_not_raise_the_flag() -> None:
    assert flag_day(date(2026, 11, 23), 2026) == date(2026, 11, 26)  # Monday to Thursday
    assert flag_day(date(2026, 11, 26), 2026) == date(2026, 12, 1)  # Thursday: Friday, Monday, Tuesday
    assert flag_day(date(2026, 11, 28), 2026) == date(2026, 12, 2)  # moved on a Saturday


def test_lebaran_and_its_joint_leave_do_not_raise_the_flag() -> None:
    off = [one.day for one in national.holidays_of(2026) if date(2026, 3, 15) <= one.day <= date(2026, 3, 31)]
    assert len(off) >= 4  # Idul Fitri and its joint leave
    before = min(off) - timedelta(days=1)
    last = flag_day(before, 2026)
    calendar = office(2026)
    worked = [
        before + timedelta(days=step)
        for step in range(1, (last - before).days + 1)
        if calendar.is_working_day(before + timedelta(days=step))
    ]
    assert last > max(off) and len(worked) == 3


def test_the_end_of_the_year_does_not_raise_the_flag() -> None:
    moved = date(2026, 12, 30)
    last = flag_day(moved, 2026, 2027)
    calendar = office(2026, 2027)
    assert last >= date(2027, 1, 5) and not calendar.is_working_day(date(2027, 1, 1))
    assert workdays.count_working_days(moved, last, calendar) == 3


def test_a_local_holiday_does_not_raise_the_flag() -> None:
    calendar = workdays.Calendar(holidays={date(2026, 11, 24): "Hari jadi daerah"})
    at = datetime(2026, 11, 23, 2, tzinfo=UTC)
    assert calendar.local_date(rules.stale_at(at, calendar)) == date(2026, 11, 27)


@given(st.dates(date(2026, 1, 5), date(2027, 11, 30)), st.integers(0, 23))
def test_the_flag_is_up_after_exactly_three_working_days(moved: date, hour: int) -> None:
    calendar = office(2026, 2027, 2028)
    at = datetime(moved.year, moved.month, moved.day, hour, tzinfo=UTC)
    flag = rules.stale_at(at, calendar)
    here, last = calendar.local_date(at), calendar.local_date(flag)
    assert workdays.count_working_days(here, last, calendar) == 3 and calendar.is_working_day(last)
    assert not rules.is_stale(rules.PAPERS, flag, flag) and rules.is_stale(
        rules.PAPERS, flag, flag + timedelta(seconds=1)
    )


def test_what_has_ended_has_no_flag() -> None:
    long_ago = datetime(2026, 1, 5, tzinfo=UTC)
    for state in set(rules.STATES) - rules.OPEN:
        assert not rules.is_stale(state, long_ago, long_ago + timedelta(days=60))
    assert not rules.is_stale(rules.PAPERS, None, long_ago)


# --- progress and the next step ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "complete", "now"),
    [
        ("papers", False, "papers"),
        ("papers", True, "cadre"),
        ("checked", True, "village"),
        ("verified", True, "village"),
        ("handed", True, "agency"),
        ("forwarded", True, "result"),
    ],
)
def test_the_line_shows_where_it_is(state: str, complete: bool, now: str) -> None:
    line = rules.progress(state, papers_complete=complete, forwarded=state == "forwarded")
    assert [one.key for one in line] == list(rules.STEPS)
    assert [one.key for one in line if one.state == "now"] == [now]


def test_an_end_without_an_agency_leaves_that_knot_out() -> None:
    line = {one.key: one.state for one in rules.progress("done", papers_complete=True, forwarded=False)}
    assert line["agency"] == "left_out" and line["result"] == "done"
    line = {one.key: one.state for one in rules.progress("done", papers_complete=True, forwarded=True)}
    assert set(line.values()) == {"done"}
    line = {one.key: one.state for one in rules.progress("set_aside", papers_complete=False, forwarded=False)}
    assert line["result"] == "done" and line["papers"] == "left_out"


def test_the_next_step_asks_for_the_release_and_the_visit_first() -> None:
    state: dict[str, bool] = {"papers_complete": True, "wants_visit": True, "visited": False}
    assert rules.next_acts("checked", **state, held_back=False)[0] == "fieldrequest.inspect"
    assert rules.next_acts("checked", **state, held_back=True)[0] == "fieldrequest.release"
    assert (
        rules.next_acts("papers", **{**state, "papers_complete": False}, held_back=False)[0]
        == "fieldrequest.mark"
    )
    assert rules.next_acts("done", **state, held_back=False) == ()
    for state_name in rules.OPEN:
        acts = rules.next_acts(state_name, **state, held_back=False)
        assert acts and all(rules.allowed(act, state_name) for act in acts)


def test_what_is_missing_keeps_its_order() -> None:
    marks = {"kk": "seen", "location": "missing", "rt_letter": "copied"}
    assert rules.missing(("ktp", "kk", "rt_letter", "location"), marks) == ("ktp", "location")
    assert rules.sides_missing(3, ["front", "front", "left", "somewhere"]) == 1


# --- the catalogue ----------------------------------------------------------------------------------------------------


def test_the_catalogue_and_the_kind_of_matter_agree(cast: Cast) -> None:
    book = services.catalogue()
    assert set(book.services) == set(services.kind_options("service"))
    assert (
        {one.field for one in book.services.values()}
        == set(services.kind_options("field"))
        == set(book.indicators)
    )
    assert set(services.kind_options("documents")) <= set(book.papers)
    kind = kind_queries.get_kind(services.KIND)
    assert kind is not None and set(rules.RESULTS) <= set(kind.decisions)
    assert all(decisions.is_answer(result) for result in rules.RESULTS)
    limit = next(one for one in kind.clocks if one["key"] == "answer")
    assert (limit["unit"], limit["amount"]) == ("working_days", rules.LIMIT_DAYS)
    field = next(one for one in kind.fields if one["key"] == "field")
    closed = {one["value"] for one in field["options"] if one.get("sensitivity") == "restricted"}
    assert closed == rules.CONFIDENTIAL


def test_every_paper_is_named_and_every_indicator_says_where_it_is_written() -> None:
    book = services.catalogue()
    for one in book.services.values():
        assert set(one.asked) <= set(book.papers) and len(set(one.asked)) == len(one.asked)
        assert not one.photos or "photos" in one.papers
    for code, found in book.indicators.items():
        assert found, code
        for one in found:
            assert one.source and one.confidence in ("confirmed", "secondary", "unconfirmed")
            assert bool(one.count) != bool(one.lacks)
