"""Rules of ideas, plans, opinions, seasons and the group's text."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from simpul.community.rules import board, directory, ideas, opinions, planning

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def test_the_path_shows_what_was_where_it_is_and_what_comes() -> None:
    taken = [("new", NOON, ""), ("open", NOON, ""), ("ranked", NOON, "")]
    shown = [(one.state, one.standing) for one in ideas.path("ranked", taken)]
    assert shown == [
        ("new", "done"),
        ("open", "done"),
        ("ranked", "now"),
        ("planned", "next"),
        ("funded", "next"),
        ("works", "next"),
        ("done", "next"),
    ]


def test_an_end_stands_last_with_its_reason() -> None:
    taken = [("new", NOON, ""), ("open", NOON, ""), ("deferred", NOON, "dana habis")]
    last = ideas.path("deferred", taken)[-1]
    assert (last.state, last.standing, last.reason) == ("deferred", "now", "dana habis")


def test_half_an_hour_has_an_edge() -> None:
    until = NOON + ideas.ASSISTED_FOR
    assert ideas.assistance_open(NOON, until, None, until - timedelta(seconds=1))
    assert not ideas.assistance_open(NOON, until, None, until)
    assert not ideas.assistance_open(NOON, until, NOON, NOON)


def test_an_idea_of_the_last_day_goes_into_this_plan_and_a_day_later_into_the_next() -> None:
    assert planning.year_for(date(2026, 7, 31), {}) == 2027
    assert planning.year_for(date(2026, 8, 1), {}) == 2028
    assert planning.year_for(date(2026, 8, 1), {2027: date(2026, 8, 5)}) == 2027


def test_phases_of_a_plan_follow_its_days() -> None:
    days = planning.usual_calendar(2027)
    found = [
        planning.phase(days, date(2026, month, day))
        for month, day in ((6, 30), (7, 1), (8, 20), (9, 10), (9, 30), (10, 1))
    ]
    assert found == ["before", "ideas", "talks", "musrenbang", "setting", "over"]


def test_seasons_go_over_the_new_year() -> None:
    mask = directory.bits((11, 12, 1, 4), 12)
    assert directory.numbers(mask, 12) == (1, 4, 11, 12)
    assert directory.runs(mask) == ((4, 4), (11, 1))
    assert directory.in_season(mask, 1) and not directory.in_season(mask, 2)
    assert directory.in_season(0, 2)


@given(st.sets(st.integers(1, 12)))
@settings(max_examples=60, deadline=None)
def test_runs_hold_exactly_the_months(months: set[int]) -> None:
    found: set[int] = set()
    for first, last in directory.runs(directory.bits(months, 12)):
        month = first
        found.add(month)
        while month != last:
            month = month % 12 + 1
            found.add(month)
    assert found == (months if 0 < len(months) < 12 else set())


def test_the_groups_text_is_plain_and_leaves_empty_parts_out() -> None:
    said = board.group_text(
        "Kabar desa",
        [board.Part("Jadwal", ("Ronda *malam* ini", " ")), board.Part("Pasar", ())],
        ["Pos: 0411"],
    )
    assert said == "*Kabar desa*\n\n*Jadwal*\n- Ronda malam ini\n\nPos: 0411"


@given(st.lists(st.lists(st.text(max_size=300), max_size=30), max_size=6))
@settings(max_examples=60, deadline=None)
def test_the_groups_text_never_grows_too_long(parts: list[list[str]]) -> None:
    said = board.group_text("Kabar", [board.Part("Bagian", tuple(lines)) for lines in parts], ["x"], most=900)
    assert len(said) <= 900


_ANSWERS = st.dictionaries(
    st.integers(0, 40).map(str),
    st.dictionaries(st.sampled_from("abcd"), st.sampled_from([-1, 0, 1])),
    max_size=40,
)


@given(_ANSWERS)
@settings(max_examples=80, deadline=None)
def test_no_small_group_and_no_small_share_is_ever_shown(answers: dict[str, dict[str, int]]) -> None:
    view = opinions.view(answers, ["a", "b", "c", "d"])
    assert all(group.people >= opinions.SMALLEST for group in view.groups)
    shares = [*view.all, *(share for group in view.groups for share in group.shares)]
    assert all(share.agree is None or share.answered >= opinions.SMALLEST for share in shares)
    assert view == opinions.view(dict(sorted(answers.items(), reverse=True)), ["a", "b", "c", "d"])


def test_two_camps_are_found_and_agreement_is_common_ground() -> None:
    answers = {str(n): {"a": 1 if n < 7 else -1, "b": -1 if n < 7 else 1, "c": 1} for n in range(14)}
    view = opinions.view(answers, ["a", "b", "c"])
    assert ([group.people for group in view.groups], view.common) == ([7, 7], ("c",))


def test_everybody_alike_is_no_group() -> None:
    view = opinions.view({str(n): {"a": 1, "b": 1, "c": -1} for n in range(14)}, ["a", "b", "c"])
    assert (view.groups, view.common) == ((), ("a", "b"))
