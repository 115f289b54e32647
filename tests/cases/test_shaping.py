"""Another kind, merged, linked, split: and the earliest promise always stays."""

from __future__ import annotations

from datetime import timedelta

import pytest

from simpul.cases.actions import intake, shaping
from simpul.cases.models import Case, Clock, Link
from simpul.journal.models import Line
from simpul.lib.errors import NotFound
from tests.cast import NOW, Cast

LATER = NOW + timedelta(days=2)


def again(case: Case) -> Case:
    return Case.objects.get(id=case.id)


def test_a_shorter_kind_brings_the_promise_nearer_counted_from_the_first_day(cast: Cast) -> None:
    case = cast.case()
    before = again(case).due_at
    shaping.classify_case(by=cast.admin, at=LATER, case_id=case.id, kind_code="information")
    after = again(case)
    assert after.kind_id == "information"
    assert before and after.due_at and after.due_at < before


def test_a_longer_kind_never_moves_the_promise_away(cast: Cast) -> None:
    case = cast.case()
    before = again(case).due_at
    shaping.classify_case(by=cast.admin, at=LATER, case_id=case.id, kind_code="complaint_oversight")
    assert again(case).due_at == before
    assert Clock.objects.filter(case=case, key="answer", stopped_at=None).count() == 1


def test_an_unknown_kind_is_refused(cast: Cast) -> None:
    with pytest.raises(intake.KindUnknown):
        shaping.classify_case(by=cast.admin, at=LATER, case_id=cast.case().id, kind_code="nothing")


def test_a_merge_keeps_the_earliest_promise_and_shows_where_it_went(cast: Cast) -> None:
    first = cast.case()
    second = cast.case(at=LATER)
    due = again(first).due_at
    shaping.merge_case(by=cast.admin, at=LATER, case_id=first.id, into_id=second.id, reason="Sama")
    assert (again(first).state, again(first).merged_into) == ("merged", second)
    assert again(second).due_at == due
    assert Line.objects.filter(kind="case.merge", subject_id=first.id).count() == 1


def test_a_matter_does_not_merge_into_itself_or_into_a_merged_or_sealed_one(cast: Cast) -> None:
    first, second, third = cast.case(), cast.case(), cast.case()
    with pytest.raises(shaping.CannotMerge):
        shaping.merge_case(by=cast.admin, at=LATER, case_id=first.id, into_id=first.id, reason="Sama")
    shaping.merge_case(by=cast.admin, at=LATER, case_id=first.id, into_id=second.id, reason="Sama")
    with pytest.raises(shaping.CannotMerge):
        shaping.merge_case(by=cast.admin, at=LATER, case_id=third.id, into_id=first.id, reason="Sama")


def test_linking_is_seen_from_both_sides_and_can_be_undone(cast: Cast) -> None:
    first, second = cast.case(), cast.case()
    shaping.link_case(by=cast.admin, at=LATER, case_id=first.id, other_id=second.id)
    shaping.link_case(by=cast.admin, at=LATER, case_id=first.id, other_id=second.id)
    assert Link.objects.count() == 1
    shaping.unlink_case(by=cast.admin, at=LATER, case_id=second.id, other_id=first.id)
    assert Link.objects.count() == 0


def test_nobody_links_to_a_matter_they_cannot_see(cast: Cast) -> None:
    mine = cast.case()
    theirs = cast.case(by=cast.neighbour, region_code="7303012008")
    with pytest.raises(NotFound):
        shaping.link_case(by=cast.admin, at=LATER, case_id=mine.id, other_id=theirs.id)
    with pytest.raises(NotFound):
        shaping.merge_case(by=cast.admin, at=LATER, case_id=mine.id, into_id=theirs.id, reason="Sama")


def test_a_split_matter_was_received_when_the_first_was(cast: Cast) -> None:
    case = cast.case()
    opened = shaping.split_case(
        by=cast.admin, at=LATER, case_id=case.id, kind_code="information", text="Kapan jadwal bantuan?"
    )
    assert opened.case.received_at == case.received_at
    assert opened.case.reporter_id == case.reporter_id
    assert Link.objects.get(kind="split").other == case


@pytest.mark.parametrize("part", ["pokja", "neighbour", "neighbour_manager", "custodian"])
def test_who_may_not_shape(cast: Cast, part: str) -> None:
    first, second = cast.case(), cast.case()
    stranger = getattr(cast, part)
    with pytest.raises(NotFound):
        shaping.classify_case(by=stranger, at=LATER, case_id=first.id, kind_code="information")
    with pytest.raises(NotFound):
        shaping.merge_case(by=stranger, at=LATER, case_id=first.id, into_id=second.id, reason="Sama")
    with pytest.raises(NotFound):
        shaping.split_case(by=stranger, at=LATER, case_id=first.id, kind_code="information", text="Kapan?")
    with pytest.raises(NotFound):
        shaping.unlink_case(by=stranger, at=LATER, case_id=first.id, other_id=second.id)
