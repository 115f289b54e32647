"""Numbers given out before their matters, matters that arrive late, and acts that are carried back twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from simpul.cases import access
from simpul.cases.actions import following, handling, intake, referral
from simpul.cases.actions import reserving as actions
from simpul.cases.models import Case, CaseReservation, Clock, Hop, Note, NumberSeries
from simpul.cases.queries import receipts, reservations
from simpul.journal.models import Line
from simpul.lib import ids
from simpul.lib.actor import ANYBODY, MACHINE
from simpul.lib.errors import NotAllowed, NotFound
from simpul.lib.ids import uuid7
from tests.cast import DUNGKAIT, NOW, Cast


def _reserve(count: int = 3, **given: Any) -> list[actions.Reserved]:
    asked: dict[str, Any] = {"by": MACHINE, "at": NOW, "region_code": DUNGKAIT, "for_device": "HP-07"}
    return actions.reserve_numbers(count=count, **{**asked, **given})


def _sequence(number: str) -> int:
    found = ids.parse_case_number(number, "SPL")
    assert found is not None
    return found.sequence


def _field(cast: Cast, one: actions.Reserved, **given: Any) -> intake.Opened:
    return cast.opened(**{"by": cast.village_officer, "channel": "field", "case_id": one.case_id, **given})


def _follow(opened: intake.Opened) -> Any:
    return following.follow_case(
        by=ANYBODY,
        at=NOW,
        number_or_receipt=opened.receipt16 or opened.number,
        pin=opened.pin,
        address_hash="rumah",
    )


def test_numbers_are_reserved_without_a_gap_each_with_its_receipt(cast: Cast) -> None:
    before = cast.opened()
    given = _reserve()
    after = cast.opened()
    assert [_sequence(one.number) for one in given] == [2, 3, 4]
    assert (_sequence(before.number), _sequence(after.number)) == (1, 5)
    for one in given:
        assert one.pin == receipts.derive(one.case_id, None, secret=False).pin and len(one.pin) == 6
        assert ids.parse_receipt16(one.receipt16) == one.receipt16
    line = Line.objects.get(kind="numbers.reserve")
    assert line.facts == {"first": given[0].number, "last": given[-1].number, "count": 3, "device": "HP-07"}
    assert reservations.held_by("HP-07") == 3 and reservations.held_by_all(["HP-07", "x"]) == {
        "HP-07": 3,
        "x": 0,
    }


def test_the_same_allotment_again_gives_the_same_numbers(cast: Cast) -> None:
    key = uuid7()
    assert _reserve(allotment_id=key) == _reserve(allotment_id=key, at=NOW + timedelta(days=40))
    assert CaseReservation.objects.count() == 3 and NumberSeries.objects.get().last == 3


@pytest.mark.parametrize("count", [0, -1, actions.MOST + 1])
def test_none_or_too_many_are_refused(cast: Cast, count: int) -> None:
    with pytest.raises(actions.CountImpossible):
        _reserve(count)


def test_only_the_system_and_administrators_reserve_and_take_back(cast: Cast) -> None:
    assert len(_reserve(1, by=cast.administrator)) == 1
    with pytest.raises(NotAllowed):
        _reserve(by=cast.admin)
    with pytest.raises(NotAllowed):
        actions.return_numbers(by=cast.village_officer, at=NOW, for_device="HP-07")


def test_a_matter_arrives_with_the_number_and_pin_its_person_holds(cast: Cast) -> None:
    one = _reserve()[1]
    opened = _field(cast, one, number=one.number)
    assert (opened.number, opened.pin, opened.case.receipt_index) == (one.number, one.pin, "")
    assert receipts.pin_fits(opened.case, one.pin)
    again = _field(cast, one, number=one.number)
    assert (again.again, again.number, again.pin) == (True, one.number, one.pin)
    assert CaseReservation.objects.get(case_id=one.case_id).state == "used"
    assert NumberSeries.objects.get().last == 3 and Case.objects.count() == 1
    visit = intake.open_visit(by=cast.village_officer, at=NOW, channel="field")
    other = _reserve(1)[0]  # its PIN was handed over: it shares none with a visit
    assert _field(cast, other, number=other.number, visit_id=visit.id).pin == other.pin


def test_a_number_of_another_matter_is_refused(cast: Cast) -> None:
    one, other, _third = _reserve()
    with pytest.raises(intake.NumberNotFree):
        _field(cast, one, number=other.number)
    with pytest.raises(intake.NumberNotFree):
        cast.opened(case_id=uuid7(), number=one.number)
    with pytest.raises(intake.NumberNotFree):
        cast.opened(number="SPL-2611-00001-X")
    assert not Case.objects.exists()


def test_an_anonymous_matter_has_its_16_digits_and_its_number_stays_unused(cast: Cast) -> None:
    one = _reserve()[0]
    opened = _field(cast, one, mode="anonymous", reporter=None)
    assert (opened.pin, opened.receipt16) == ("", one.receipt16) and opened.number != one.number
    assert _follow(opened).number == opened.number
    assert CaseReservation.objects.get(case_id=one.case_id).state == "free"
    # a receipt of 16 digits was handed over for a matter that is not secret after all: it is found by it
    plain = _reserve(1)[0]
    assert _field(cast, plain).receipt16 == plain.receipt16


def test_a_matter_that_turns_out_sealed_keeps_what_was_handed_over(cast: Cast) -> None:
    one = _reserve()[0]
    opened = _field(
        cast, one, number=one.number, kind_code="protected_report", text_given="Saya takut pulang."
    )
    assert (opened.case.sensitivity, opened.case.number) == ("sealed", one.number)
    assert receipts.pin_fits(
        opened.case, one.pin
    )  # it opens again when the seal is lifted, as for a matter sealed later
    with pytest.raises(following.FollowWrong):
        _follow(opened)


def test_unused_numbers_are_taken_back_and_listed_and_used_if_their_matter_comes_after_all(
    cast: Cast,
) -> None:
    first, second, third = _reserve()
    _field(cast, first, number=first.number)
    assert actions.return_numbers(by=MACHINE, at=NOW) == []  # no device named
    assert actions.return_numbers(by=MACHINE, at=NOW, case_ids=[second.case_id]) == [second.number]
    assert actions.return_numbers(by=MACHINE, at=NOW, for_device="HP-07") == [third.number]
    assert actions.return_numbers(by=MACHINE, at=NOW, for_device="HP-07") == []
    assert [one.number for one in reservations.unused()] == [second.number, third.number]
    assert all(one.returned for one in reservations.unused("SPL-2611")) and not reservations.unused(
        "SPL-2610"
    )
    assert Line.objects.filter(kind="numbers.return").count() == 2
    assert _field(cast, third, number=third.number).number == third.number
    assert [one.number for one in reservations.unused()] == [second.number]


# --- when it was taken in ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declared", "since", "says"),
    [
        (NOW - timedelta(days=3), NOW - timedelta(days=3), "declared"),
        (NOW - intake.DECLARED_WITHIN, NOW - intake.DECLARED_WITHIN, "declared"),
        (NOW - timedelta(days=31), NOW, "receipt"),
        (datetime(1970, 1, 1, tzinfo=NOW.tzinfo), NOW, "receipt"),
        (datetime(2036, 1, 1, tzinfo=NOW.tzinfo), NOW, "receipt"),
    ],
)
def test_clocks_run_from_the_declared_moment_within_limits(
    cast: Cast, declared: datetime, since: datetime, says: str
) -> None:
    case = Case.objects.get(id=cast.case(channel="field", declared_at=declared).id)
    assert (case.received_at, case.device_at, case.changed_at) == (since, declared, NOW)
    assert set(Clock.objects.filter(case=case).values_list("started_at", flat=True)) == {since}
    line = Line.objects.get(kind="case.open", subject_id=case.id)
    assert (line.facts["clocks_from"], line.facts["declared_at"]) == (says, declared.isoformat())


# --- acts that are carried back twice ---------------------------------------------------------------------------------------------


def test_notes_additions_and_hand_overs_are_made_once(cast: Cast) -> None:
    opened = cast.opened()
    key, note, hop = opened.case.id, uuid7(), uuid7()
    for _turn in range(2):
        handling.note_case(by=cast.admin, at=NOW, case_id=key, text="Sudah dikunjungi", note_id=note)
        referral.refer_case(
            by=cast.admin, at=NOW, case_id=key, to_desk_id=cast.desk("shelter").id, note="Hunian", hop_id=hop
        )
    assert (Note.objects.get().id, Hop.objects.get().id) == (note, hop)
    assert Line.objects.filter(kind__in=("case.note", "case.refer"), subject_id=key).count() == 2
    other = cast.case()
    for act in (
        lambda: handling.note_case(by=cast.admin, at=NOW, case_id=other.id, text="Lain", note_id=note),
        lambda: referral.refer_case(
            by=cast.admin, at=NOW, case_id=other.id, to_desk_id=cast.desk("water").id, note="Air", hop_id=hop
        ),
    ):
        with pytest.raises(NotFound):
            act()
    assert access.visible(cast.admin).filter(id=key).exists()


def test_what_a_resident_adds_is_added_once_also_as_a_reply(cast: Cast) -> None:
    opened = cast.opened()
    proof = _follow(opened).proof
    key: UUID = uuid7()
    for _turn in range(2):
        following.add_case(by=ANYBODY, at=NOW, proof=proof, words="Tiangnya juga miring", note_id=key)
    assert Note.objects.filter(from_resident=True).count() == 1
    handling.claim_case(by=cast.admin, at=NOW, case_id=opened.case.id)
    handling.ask_question(by=cast.admin, at=NOW, case_id=opened.case.id, text="Sejak kapan?")
    reply = uuid7()
    for _turn in range(2):
        following.add_case(by=ANYBODY, at=NOW, proof=proof, words="Sejak Oktober", note_id=reply)
    assert Note.objects.filter(from_resident=True).count() == 1
    assert Line.objects.filter(kind="case.add").count() == 2
