"""The rules of the night watch: a fair ring, nobody two nights running, swaps and exemptions kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from simpul.village_post.rules import ronda as rules

FIRST = date(2026, 12, 1)
NIGHTS = rules.days(FIRST, date(2026, 12, 31))


def turns(number: int, **more: object) -> list[rules.Turn]:
    return [rules.Turn(f"w{place:02d}", **more) for place in range(number)]  # type: ignore[arg-type]


def frees() -> st.SearchStrategy[tuple[rules.Free, ...]]:
    def made(pair: tuple[int, int | None]) -> rules.Free:
        first = FIRST + timedelta(days=pair[0])
        return rules.Free(first, None if pair[1] is None else first + timedelta(days=pair[1]))

    one = st.tuples(st.integers(-5, 35), st.none() | st.integers(0, 20)).map(made)
    return st.lists(one, max_size=2).map(tuple)


@settings(max_examples=120, deadline=None)
@given(
    per_night=st.integers(1, 5),
    whole=st.integers(0, 12),
    partly=st.lists(frees(), max_size=6),
    length=st.integers(1, 45),
    before=st.lists(st.integers(1, 9) | st.none(), max_size=18),
)
def test_nights_differ_by_at_most_one_and_nobody_is_asked_two_nights_running(
    per_night: int, whole: int, partly: list[tuple[rules.Free, ...]], length: int, before: list[int | None]
) -> None:
    people = turns(2 * per_night + whole) + [
        rules.Turn(f"p{place}", free) for place, free in enumerate(partly)
    ]
    people = [
        rules.Turn(one.key, one.free, FIRST - timedelta(days=ago) if ago else None)
        for one, ago in zip(people, [*before, *([None] * len(people))], strict=False)
    ]
    # On the first night there must be enough who did not keep watch the night before, or the night is short.
    nights = rules.days(FIRST, FIRST + timedelta(days=length - 1))
    plan = rules.plan_persons(nights, people, per_night)
    fresh = sum(1 for one in people if one.last_night != FIRST - timedelta(days=1) and not one.free)
    assert not rules.running(plan.nights)
    assert not any(
        one.exempt(night) for one in people for night, keys in plan.nights.items() if one.key in keys
    )
    if fresh >= per_night:
        assert plan.short == ()
        assert rules.fair(plan, people) <= 1
    assert all(len(set(keys)) == len(keys) <= per_night for keys in plan.nights.values())


def test_too_few_people_leave_nights_short_and_are_not_asked_twice() -> None:
    plan = rules.plan_persons(NIGHTS[:6], turns(3), 2)
    assert not rules.running(plan.nights) and plan.short


def test_a_person_who_was_exempt_is_not_made_to_catch_up() -> None:
    people = [*turns(4), rules.Turn("later", (rules.Free(FIRST, FIRST + timedelta(days=14)),))]
    counts = rules.plan_persons(NIGHTS, people, 1).counts()
    assert counts["later"] <= min(count for key, count in counts.items() if key != "later")


def test_who_kept_watch_longest_ago_begins_the_next_month() -> None:
    people = [
        rules.Turn("yesterday", last_night=FIRST - timedelta(days=1)),
        rules.Turn("long ago", last_night=FIRST - timedelta(days=9)),
        rules.Turn("never"),
    ]
    assert rules.plan_persons(NIGHTS[:3], people, 1).nights == {
        NIGHTS[0]: ("never",),
        NIGHTS[1]: ("long ago",),
        NIGHTS[2]: ("yesterday",),
    }


def test_nights_of_a_swap_stand_and_nobody_is_put_beside_them() -> None:
    fixed = {NIGHTS[3]: ["w00"], NIGHTS[10]: ["w05"]}
    plan = rules.plan_persons(NIGHTS, turns(8), 2, fixed)
    assert "w00" in plan.nights[NIGHTS[3]] and "w05" in plan.nights[NIGHTS[10]]
    assert not rules.running(plan.nights) and not plan.short


@given(groups=st.integers(2, 7), size=st.integers(1, 4))
def test_groups_follow_each_other(groups: int, size: int) -> None:
    people = [rules.Turn(f"{g}-{n}", group=f"G{g}") for g in range(groups) for n in range(size)]
    plan = rules.plan_groups(NIGHTS, people)
    assert plan.short == () and not rules.running(plan.nights) and rules.fair(plan, people) <= 1


def test_one_group_alone_rests_every_other_night() -> None:
    plan = rules.plan_groups(NIGHTS[:4], turns(3, group="A"))
    assert plan.short == (NIGHTS[1], NIGHTS[3])


def test_after_midnight_it_is_still_the_night_before() -> None:
    assert rules.night_of(datetime(2026, 12, 2, 3, 59)) == date(2026, 12, 1)  # noqa: DTZ001 - local time
    assert rules.night_of(datetime(2026, 12, 2, 21, 0)) == date(2026, 12, 2)  # noqa: DTZ001 - local time
    assert rules.moment_in_night(date(2026, 12, 1), time(1, 30), UTC) == datetime(
        2026, 12, 2, 1, 30, tzinfo=UTC
    )


def test_a_guest_is_late_after_24_hours() -> None:
    came = datetime(2026, 12, 1, 10, tzinfo=UTC)
    assert not rules.reported_late(came, came + timedelta(hours=24))
    assert rules.reported_late(came, came + timedelta(hours=24, minutes=1))
    assert rules.month(date(2026, 2, 9)) == (date(2026, 2, 1), date(2026, 2, 28))
