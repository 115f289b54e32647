"""The roster of a post: made fairly, over midnight, changed by consent, with facts that are marked and never refused."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simpul.journal.models import Line
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.village_post.access import duty as access
from simpul.village_post.actions import counter, duty, handover, offers, posts
from simpul.village_post.models import Duty, Post, Shift, Ticket
from simpul.village_post.queries import duty as queries
from simpul.village_post.rules import duty as rules
from tests.cast import NOW, Cast, assemble

WITA = ZoneInfo("Asia/Makassar")


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def post(cast: Cast) -> Post:
    return posts.set_post(
        by=cast.village_head,
        at=NOW,
        desk_id=cast.desk("village").id,
        keys=["Pintu depan", "Laci"],
        equipment=["Senter"],
    )


def pattern(cast: Cast, post: Post, *parts: str, **given: object) -> object:
    said: dict[str, object] = {
        "name": "Malam",
        "days": (1, 2, 3, 4, 5, 6, 7),
        "starts": time(18),
        "ends": time(1),
        "seat_ids": tuple(
            cast.seats[one].id for one in parts or ("village_officer", "secretary", "village_head")
        ),
        **given,
    }
    return posts.make_pattern(
        by=cast.village_head,
        at=NOW,
        post_id=post.id,
        given=posts.PatternGiven(**said),  # type: ignore[arg-type]
    )


def weeks(cast: Cast, post: Post, days: int = 13) -> list[Shift]:
    first = NOW.date()
    return duty.make_shifts(
        by=cast.village_head,
        at=NOW,
        post_id=post.id,
        from_date=first,
        until_date=first + timedelta(days=days),
    )


def mine(shift: Shift, cast: Cast, part: str) -> Duty:
    return Duty.objects.get(shift=shift, seat=cast.seats[part], ended_at=None)


# --- rules ----------------------------------------------------------------------------------------------------------


def test_a_shift_over_midnight_ends_on_the_next_day() -> None:
    begin, end = rules.span(date(2026, 12, 31), time(18), time(1), WITA)
    assert begin == datetime(2026, 12, 31, 10, tzinfo=UTC)
    assert end - begin == timedelta(hours=7)


def test_a_holiday_counts_as_itself_and_as_its_weekday() -> None:
    thursday = date(2026, 12, 24)
    assert rules.falls_on(thursday, [8], is_holiday=True)
    assert rules.falls_on(thursday, [4], is_holiday=True)
    assert not rules.falls_on(thursday, [8], is_holiday=False)


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 7), st.integers(1, 3), st.integers(1, 40), st.booleans())
def test_turns_differ_by_one_at_most_and_nobody_has_two_days_running(
    people: int, size: int, days: int, on_call: bool
) -> None:
    who = [UUID(int=n) for n in range(1, people + 1)]
    size = min(size, people)
    found = rules.roster(
        [date(2026, 1, 1) + timedelta(days=n) for n in range(days)], who, size, on_call=on_call
    )
    turns = Counter(dict.fromkeys(who, 0))
    for one in found:
        turns.update(one.officers)
        assert len(one.officers) == size
        assert one.on_call not in one.officers
    assert max(turns.values()) - min(turns.values()) <= 1
    if people >= 2 * size:
        assert all(not set(a.officers) & set(b.officers) for a, b in itertools.pairwise(found))


def test_who_is_away_is_passed_over_and_a_gap_is_left_open() -> None:
    one, other = UUID(int=1), UUID(int=2)
    day = date(2026, 1, 1)
    found = rules.roster([day], [one, other], 2, on_call=True, away=lambda who, _day: who == one)
    assert found[0].officers == (other,)
    assert found[0].on_call is None


# --- setting up -----------------------------------------------------------------------------------------------------


def test_a_post_is_set_by_who_leads_it(cast: Cast, post: Post) -> None:
    assert post.keys == ["Pintu depan", "Laci"]
    assert Line.objects.filter(kind="post.set", subject_id=post.id).count() == 1
    posts.set_post(by=cast.secretary, at=NOW, desk_id=post.desk_id, visitor_days=90)
    assert Post.objects.get().visitor_days == 90
    with pytest.raises(posts.DaysUnknown):
        posts.set_post(by=cast.secretary, at=NOW, desk_id=post.desk_id, visitor_days=1)
    for part in ("village_officer", "neighbour_head", "administrator"):
        with pytest.raises(NotFound):
            posts.set_post(by=getattr(cast, part), at=NOW, desk_id=post.desk_id)
    with pytest.raises(posts.NoPostThere):
        posts.set_post(by=cast.village_head, at=NOW, desk_id=cast.desk("centre").id)


def test_the_tablet_gets_an_address_nobody_can_guess(cast: Cast, post: Post) -> None:
    token = posts.open_kiosk(by=cast.village_head, at=NOW, post_id=post.id)
    assert len(token) >= 20
    assert access.kiosk(token).id == post.id
    posts.close_kiosk(by=cast.village_head, at=NOW, post_id=post.id)
    posts.close_kiosk(by=cast.village_head, at=NOW, post_id=post.id)
    with pytest.raises(NotFound):
        access.kiosk(token)
    assert Line.objects.filter(kind="kiosk.close").count() == 1


def test_a_pattern_needs_days_and_people(cast: Cast, post: Post) -> None:
    with pytest.raises(posts.PatternEmpty):
        pattern(cast, post, days=())
    with pytest.raises(posts.PatternEmpty):
        pattern(cast, post, "village_officer", size=2)
    with pytest.raises(NotFound):
        pattern(cast, post, "neighbour_officer")


# --- the roster -----------------------------------------------------------------------------------------------------


def test_a_roster_is_made_for_weeks_and_made_again_changes_nothing(cast: Cast, post: Post) -> None:
    with pytest.raises(duty.NoPattern):
        weeks(cast, post)
    pattern(cast, post)
    made = weeks(cast, post)
    assert len(made) == 14
    turns = Counter(Duty.objects.filter(part="officer").values_list("seat_id", flat=True))
    assert max(turns.values()) - min(turns.values()) <= 1
    assert Duty.objects.filter(part="on_call").count() == 14
    assert weeks(cast, post) == []
    assert len(queries.month(cast.village_officer, post, NOW.date())) == 8
    assert Line.objects.filter(kind="shifts.make").count() == 2


def test_an_ended_pattern_makes_no_more_shifts(cast: Cast, post: Post) -> None:
    one = pattern(cast, post)
    posts.end_pattern(by=cast.village_head, at=NOW, pattern_id=one.id)  # type: ignore[attr-defined]
    with pytest.raises(duty.NoPattern):
        weeks(cast, post)


def test_a_span_is_bounded(cast: Cast, post: Post) -> None:
    pattern(cast, post)
    with pytest.raises(duty.SpanUnknown):
        weeks(cast, post, 400)


def test_a_shift_by_hand_is_planned_cancelled_and_put_back(cast: Cast, post: Post) -> None:
    key = uuid7()
    said = {
        "by": cast.village_head,
        "at": NOW,
        "post_id": post.id,
        "day": NOW.date(),
        "starts": time(18),
        "ends": time(23),
    }
    shift = duty.plan_shift(**said, shift_id=key)  # type: ignore[arg-type]
    assert duty.plan_shift(**said, shift_id=key).id == shift.id  # type: ignore[arg-type]
    with pytest.raises(duty.ShiftThere):
        duty.plan_shift(**said)  # type: ignore[arg-type]
    duty.cancel_shift(by=cast.village_head, at=NOW, shift_id=shift.id, why="Pesta adat")
    assert queries.now(cast.village_officer, post, shift.starts_at).current is None
    duty.restore_shift(by=cast.village_head, at=NOW, shift_id=shift.id)
    found = queries.now(cast.village_officer, post, shift.starts_at)
    assert found.current is not None
    assert found.current.missing == 1
    assert [one.shift.id for one in queries.gaps(cast.village_officer, post, NOW)] == [shift.id]
    with pytest.raises(duty.ShiftOver):
        duty.cancel_shift(by=cast.village_head, at=shift.ends_at, shift_id=shift.id, why="Pesta adat")


def test_people_are_put_on_a_shift_and_taken_off(cast: Cast, post: Post) -> None:
    pattern(cast, post, "village_officer")
    shift = weeks(cast, post, 0)[0]
    seat = cast.seats["secretary"].id
    extra = duty.assign_duty(by=cast.village_head, at=NOW, shift_id=shift.id, seat_id=seat)
    with pytest.raises(duty.OnItAlready):
        duty.assign_duty(by=cast.village_head, at=NOW, shift_id=shift.id, seat_id=seat)
    duty.assign_duty(by=cast.village_head, at=NOW, shift_id=shift.id, seat_id=seat, part="on_call")
    assert mine(shift, cast, "secretary").part == "on_call"
    duty.release_duty(by=cast.village_head, at=NOW, duty_id=mine(shift, cast, "secretary").id)
    assert not Duty.objects.filter(shift=shift, seat_id=seat, ended_at=None).exists()
    assert extra.part == "officer"
    with pytest.raises(NotFound):
        duty.assign_duty(by=cast.village_officer, at=NOW, shift_id=shift.id, seat_id=seat)
    with pytest.raises(NotFound):
        duty.assign_duty(
            by=cast.village_head, at=NOW, shift_id=shift.id, seat_id=cast.seats["neighbour_officer"].id
        )


# --- attendance -----------------------------------------------------------------------------------------------------


def test_coming_and_leaving_are_facts_with_marks(cast: Cast, post: Post) -> None:
    pattern(cast, post, "village_officer")
    shift = weeks(cast, post, 0)[0]
    late = shift.starts_at + timedelta(hours=1)
    one = duty.begin_duty(by=cast.village_officer, at=late, shift_id=shift.id)
    assert one.flags == ["late"]
    again = duty.begin_duty(by=cast.village_officer, at=late + timedelta(hours=1), shift_id=shift.id)
    assert again.came_at == late
    done = duty.finish_duty(by=cast.village_officer, at=shift.ends_at, duty_id=one.id)
    assert done.flags == ["late"]
    with pytest.raises(duty.CameAlready):
        duty.release_duty(by=cast.village_head, at=late, duty_id=one.id)
    with pytest.raises(NotFound):
        duty.finish_duty(by=cast.secretary, at=shift.ends_at, duty_id=one.id)


def test_who_was_not_on_the_roster_is_written_down_and_marked_even_when_it_was_cancelled(
    cast: Cast, post: Post
) -> None:
    pattern(cast, post, "village_officer")
    shift = weeks(cast, post, 0)[0]
    duty.cancel_shift(by=cast.village_head, at=NOW, shift_id=shift.id, why="Banjir di jalan")
    one = duty.begin_duty(by=cast.secretary, at=shift.starts_at, shift_id=shift.id, came_at=shift.starts_at)
    assert one.part == "came"
    assert one.flags == ["off_roster", "cancelled"]
    assert Line.objects.filter(kind="duty.begin", subject_id=shift.id).count() == 1
    with pytest.raises(NotFound):
        duty.begin_duty(by=cast.neighbour_officer, at=NOW, shift_id=shift.id)


# --- a duty changes hands -------------------------------------------------------------------------------------------


def two_nights(cast: Cast, post: Post) -> tuple[Duty, Duty]:
    pattern(cast, post, "village_officer", "secretary", on_call=False)
    shifts = weeks(cast, post, 1)
    return mine(shifts[0], cast, "village_officer"), mine(shifts[1], cast, "secretary")


def test_a_swap_happens_when_both_agree(cast: Cast, post: Post) -> None:
    own, other = two_nights(cast, post)
    offer = offers.offer_duty(
        by=cast.village_officer,
        at=NOW,
        duty_id=own.id,
        to_seat_id=cast.seats["secretary"].id,
        in_return_id=other.id,
        why="Anak sakit",
    )
    assert mine(own.shift, cast, "village_officer").id == own.id
    assert [one.id for one in queries.asked_of_me(cast.secretary, NOW)] == [offer.id]
    with pytest.raises(NotFound):
        offers.take_duty(by=cast.village_head, at=NOW, offer_id=offer.id)
    taken = offers.take_duty(by=cast.secretary, at=NOW, offer_id=offer.id)
    assert offers.take_duty(by=cast.secretary, at=NOW, offer_id=offer.id).id == taken.id
    assert mine(own.shift, cast, "secretary").id == taken.id
    assert mine(other.shift, cast, "village_officer")
    assert Line.objects.filter(kind="duty.take").count() == 1


def test_a_question_is_declined_or_withdrawn_and_nothing_changes(cast: Cast, post: Post) -> None:
    own, other = two_nights(cast, post)
    ask = {"by": cast.village_officer, "at": NOW, "duty_id": own.id, "to_seat_id": cast.seats["secretary"].id}
    first = offers.offer_duty(**ask)  # type: ignore[arg-type]
    with pytest.raises(offers.AskedAlready):
        offers.offer_duty(**ask)  # type: ignore[arg-type]
    offers.withdraw_offer(by=cast.village_officer, at=NOW, offer_id=first.id)
    second = offers.offer_duty(**ask)  # type: ignore[arg-type]
    offers.decline_duty(by=cast.secretary, at=NOW, offer_id=second.id, answer="Saya di Makassar")
    with pytest.raises(Refused):
        offers.take_duty(by=cast.secretary, at=NOW, offer_id=second.id)
    with pytest.raises(offers.NotYours):
        offers.offer_duty(
            by=cast.village_officer, at=NOW, duty_id=other.id, to_seat_id=cast.seats["secretary"].id
        )
    with pytest.raises(offers.TooLate):
        offers.offer_duty(**{**ask, "at": own.shift.ends_at})  # type: ignore[arg-type]
    assert mine(own.shift, cast, "village_officer").id == own.id


# --- hand-over ------------------------------------------------------------------------------------------------------


def handed(cast: Cast, post: Post, **given: object) -> object:
    said: dict[str, object] = {
        "note": "Surat Pak Mansyur menunggu tanda tangan.",
        "items": ("Surat menunggu",),
        "keys": (("Pintu depan", True), ("Laci", True)),
        "cash": 150_000,
        **given,
    }
    return handover.write_relay(
        by=cast.village_officer, at=NOW, post_id=post.id, handed=handover.Handed(**said)
    )  # type: ignore[arg-type]


def test_two_people_stand_for_keys_and_cash(cast: Cast, post: Post) -> None:
    relay = handed(cast, post)
    with pytest.raises(handover.EarlierOpen):
        handed(cast, post)
    said = {"at": NOW, "relay_id": relay.id, "found_cash": 140_000, "not_there": ["Laci"]}  # type: ignore[attr-defined]
    with pytest.raises(handover.SamePerson):
        handover.accept_relay(by=cast.village_officer, **said)
    with pytest.raises(handover.DifferenceUnsaid):
        handover.accept_relay(by=cast.secretary, **said)
    done = handover.accept_relay(
        by=cast.secretary, **said, difference="Rp10.000 untuk materai, kunci dibawa Ilham"
    )
    assert done.found == ["Laci"]
    line = Line.objects.get(kind="relay.accept")
    assert line.facts["difference"] == -10_000
    with pytest.raises(handover.Accepted):
        handover.withdraw_relay(by=cast.village_officer, at=NOW, relay_id=done.id)
    with pytest.raises(NotFound):
        handover.accept_relay(by=cast.neighbour_officer, **said)
    last = queries.last_relay(cast.village_officer, post)
    assert last is not None
    assert last.id == done.id


def test_a_hand_over_can_be_taken_back_and_written_again(cast: Cast, post: Post) -> None:
    relay = handed(cast, post)
    handover.withdraw_relay(by=cast.village_officer, at=NOW, relay_id=relay.id)  # type: ignore[attr-defined]
    assert handed(cast, post).id != relay.id  # type: ignore[attr-defined]


# --- numbers --------------------------------------------------------------------------------------------------------


def test_numbers_are_given_called_skipped_and_called_again(cast: Cast, post: Post) -> None:
    by = cast.village_officer
    key = uuid7()
    one = counter.give_ticket(by=by, at=NOW, post_id=post.id, ticket_id=key)
    assert counter.give_ticket(by=by, at=NOW, post_id=post.id, ticket_id=key).number == one.number == 1
    two = counter.give_ticket(by=by, at=NOW, post_id=post.id)
    called = counter.call_ticket(by=by, at=NOW, post_id=post.id)
    assert called.id == one.id
    counter.skip_ticket(by=by, at=NOW, ticket_id=one.id)
    assert counter.call_ticket(by=by, at=NOW, post_id=post.id).id == two.id
    counter.serve_ticket(by=by, at=NOW, ticket_id=two.id)
    assert counter.call_ticket(by=by, at=NOW, post_id=post.id, ticket_id=one.id).state == "called"
    with pytest.raises(counter.NobodyWaits):
        counter.call_ticket(by=by, at=NOW, post_id=post.id)
    found = queries.queue(by, post, NOW)
    assert (found.served, len(found.called), found.last) == (1, 1, 2)
    with pytest.raises(NotFound):
        counter.give_ticket(by=cast.neighbour_officer, at=NOW, post_id=post.id)


def test_numbers_of_a_night_go_on_after_midnight(cast: Cast, post: Post) -> None:
    pattern(cast, post)
    shift = weeks(cast, post, 0)[0]
    counter.give_ticket(by=cast.village_officer, at=shift.starts_at, post_id=post.id)
    late = counter.give_ticket(
        by=cast.village_officer, at=shift.ends_at - timedelta(minutes=5), post_id=post.id
    )
    assert late.number == 2
    assert Ticket.objects.values("day").distinct().count() == 1
