"""Pure rules of trips: verdicts, routes against trying every order, people counted once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simpul.outreach import routing
from simpul.outreach.rules import accompanying, checks, routes, seen, trips

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def leg(
    start: str, end: str, minutes: int | None, mode: str = "road", season: str = "wet", *, both: bool = True
) -> routes.Leg:
    return routes.Leg(start, end, mode, season, minutes, both)


def test_a_way_may_lead_through_other_places_and_other_means() -> None:
    known = routes.ways([leg("office", "A", 30), leg("A", "B", 60, "river")], "wet", ["road", "river"])
    assert known["office", "B"].minutes == 90
    assert known["office", "B"].parts == (("office", "A", "road"), ("A", "B", "river"))
    assert ("office", "B") not in routes.ways(
        [leg("office", "A", 30), leg("A", "B", 60, "river")], "wet", ["road"]
    )
    assert routes.ways([leg("office", "A", 30)], "dry", ["road"]) == {}


def test_what_is_said_of_a_direction_counts_before_both_ways() -> None:
    known = routes.ways([leg("A", "office", 40, both=True), leg("office", "A", 70)], "wet", ["road"])
    assert (known["office", "A"].minutes, known["A", "office"].minutes) == (70, 40)
    shut = routes.ways([leg("office", "A", None), leg("A", "B", 10)], "wet", ["road"])
    assert ("office", "A") not in shut


def test_missing_ways_are_named_not_guessed() -> None:
    known = routes.ways([leg("office", "A", 30), leg("B", "C", 5)], "wet", ["road"])
    found = routes.course(["A", "B"], known)
    assert (found.minutes, found.missing) == (30, (("A", "B"), ("B", "office")))
    assert routes.reachable(["A", "B"], known) == (["A"], ["B"])
    assert routes.course(["A", "A"], known, back=False).minutes == 30


def matrix(rng: Random, size: int, *, holes: float = 0.0) -> dict[tuple[str, str], routes.Way]:
    points = ["office", *[f"P{number}" for number in range(size)]]
    return {
        (start, end): routes.Way(rng.randint(5, 240), ((start, end, "road"),))
        for start in points
        for end in points
        if start != end and rng.random() >= holes
    }


@pytest.mark.parametrize("back", [True, False])
@pytest.mark.parametrize("seed", range(12))
def test_the_tool_finds_what_trying_every_order_finds(seed: int, back: bool) -> None:
    rng = Random(seed)
    size = rng.randint(2, routes.EXACT_UP_TO)
    known = matrix(rng, size)
    places = [f"P{number}" for number in range(size)]
    best = routes.best_exact(places, known, back=back)
    assert best is not None
    order = routing.order(places, known, back=back)
    assert sorted(order) == sorted(places)
    mine = routes.course(order, known, back=back).minutes
    assert mine >= best.minutes
    assert mine <= best.minutes * 1.1


def test_the_tool_leaves_out_what_cannot_be_fitted_in() -> None:
    known = matrix(Random(5), 4)
    cut = {pair: way for pair, way in known.items() if "P2" not in pair}
    order = routing.order([f"P{number}" for number in range(4)], cut)
    assert sorted(order) == ["P0", "P1", "P3"]
    assert routing.order(["P2"], cut) == []
    assert routing.order([], cut) == []


@pytest.mark.parametrize("seed", range(6))
def test_the_tool_uses_no_way_that_is_not_known(seed: int) -> None:
    known = matrix(Random(seed), 6, holes=0.4)
    order = routing.order([f"P{number}" for number in range(6)], known)
    assert all(pair in known for pair in pairwise(["office", *order, "office"]) if order)


def test_too_many_places_are_refused() -> None:
    with pytest.raises(ValueError, match="61"):
        routing.order([str(number) for number in range(61)], {})
    with pytest.raises(ValueError, match="8"):
        routes.best_exact([str(number) for number in range(8)], {})


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["A", "B", "C", "D"]), max_size=6), st.booleans())
def test_a_course_has_one_part_more_than_stops(order: list[str], back: bool) -> None:
    found = routes.course(order, {}, back=back)
    assert len(found.parts) == (len(order) + back if order else 0)


# --- verdicts -----------------------------------------------------------------------------------------------------------------


def test_nothing_answered_is_no() -> None:
    asked = [
        checks.Question("packs", True, 24, "at_most"),
        checks.Question("charged", True, 80, "at_least"),
        checks.Question("paper", False),
    ]
    assert checks.judge(asked, {}) == checks.Verdict(False, ("packs", "charged"), ("paper",))
    answers = {
        "packs": checks.Answer(number=24),
        "charged": checks.Answer(number=79),
        "paper": checks.Answer(ok=True),
    }
    assert checks.judge(asked, answers).missing == ("charged",)
    answers["charged"] = checks.Answer(number=80)
    assert checks.judge(asked, answers).go
    assert not checks.holds(asked[0], checks.Answer(ok=False, number=1))


def test_every_state_leads_somewhere_or_is_an_end() -> None:
    leads = {start for table in trips.MOVES.values() for start in table}
    assert set(trips.STATES) - leads == {"under_way", "closed", "called_off"} - {"under_way"}
    assert trips.move("closed", "start") == ""


def test_flags_follow_the_course() -> None:
    out = trips.Course("under_way", NOW)
    assert trips.flags_of(out, NOW + timedelta(hours=1), NOW + timedelta(hours=2)) == []
    assert trips.flags_of(out, NOW - timedelta(hours=1), NOW) == ["before_start"]
    assert trips.flags_of(trips.Course("called_off"), NOW, NOW) == ["called_off"]
    back = trips.Course("returned", NOW, NOW + timedelta(days=1))
    assert trips.flags_of(back, NOW + timedelta(days=2), NOW) == ["after_return", "ahead"]


@pytest.mark.parametrize(
    ("loaded", "back", "comes_back", "explained", "gap"),
    [
        (None, None, True, False, ""),
        (0, None, True, False, ""),
        (5, None, False, False, "uncounted"),
        (5, 3, False, False, ""),
        (5, 3, True, False, "short"),
        (5, 3, True, True, ""),
        (5, 6, False, False, "more"),
        (5, 5, True, False, ""),
    ],
)
def test_gaps_of_the_load(
    loaded: int | None, back: int | None, comes_back: bool, explained: bool, gap: str
) -> None:
    assert trips.carry_gap(trips.Loaded(loaded, back, comes_back, explained)) == gap


def test_whole_months() -> None:
    assert trips.months_since(None, date(2026, 11, 23)) is None
    assert trips.months_since(date(2026, 8, 24), date(2026, 11, 23)) == 2
    assert trips.months_since(date(2026, 8, 23), date(2026, 11, 23)) == 3
    assert trips.months_since(date(2027, 1, 1), date(2026, 11, 23)) == 0


# --- who was reached ----------------------------------------------------------------------------------------------------------


def test_marks_of_the_same_people_count_once() -> None:
    ana, home, other = uuid4(), uuid4(), uuid4()
    found = seen.count(
        [
            seen.Mark("guest", ana, home, place="A"),
            seen.Mark("visit", None, home, place="A"),
            seen.Mark("matter", ana, home, place="A"),
            seen.Mark("visit", None, other, place="B"),
            seen.Mark("guest", name="budi", place="B"),
            seen.Mark("guest", name="budi", place="B"),
        ]
    )
    assert (found.people, found.households, found.unknown_names) == (3, 2, 1)
    assert found.by_how == {"guest": 3, "visit": 2, "matter": 1}
    assert found.places == (("A", 1), ("B", 2))


def test_costs_and_ways_that_are_not_known_are_said() -> None:
    assert seen.cost_each(100, 3) == 34
    assert seen.cost_each(None, 3) is None
    assert seen.cost_each(100, 0) is None
    assert seen.saved([("A", 2), ("B", 3)], {"A": 50}) == seen.Saved(200, 2, 3)


def test_waiting_without_a_date_is_overdue() -> None:
    day = date(2026, 11, 23)
    assert accompanying.is_overdue("open", None, day)
    assert accompanying.is_overdue("open", day - timedelta(days=1), day)
    assert not accompanying.is_overdue("open", day, day)
    assert not accompanying.is_overdue("received", None, day)
