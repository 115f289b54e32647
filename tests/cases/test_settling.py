"""Another room's finished work answers a matter, wherever it stands."""

from __future__ import annotations

import pytest

from simpul.cases.actions import handling, settling, steps
from simpul.cases.models import Case
from simpul.cases.rules import moves
from simpul.cases.rules import settling as rules
from simpul.journal.models import Line
from simpul.lib.errors import NotFound
from simpul.messages.models import Message
from tests.cast import BONTO_JAI, NOW, Cast

SAID = "Kartu KIS aktif kembali."


def asked(cast: Cast) -> Case:
    return cast.case(
        kind_code="kis_reactivation",
        region_code=BONTO_JAI,
        answers={"reason": "chronic"},
        by=cast.neighbour,
        channel="desk",
    )


def settle(cast: Cast, case: Case, decision: str = "reactivated") -> None:
    settling.settle_case(by=cast.neighbour_manager, at=NOW, case_id=case.id, text=SAID, decision=decision)


@pytest.mark.parametrize("state", sorted(rules.SETTLED_FROM))
def test_it_answers_from_every_state_that_is_not_ended_for_good(cast: Cast, state: str) -> None:
    case = asked(cast)
    Case.objects.filter(id=case.id).update(state=state)
    settle(cast, case)
    case.refresh_from_db()
    assert (case.state, case.decision, case.is_open) == ("answered", "reactivated", False)
    assert case.react_until_at is not None
    assert not case.clocks.filter(stopped_at=None, key="answer").exists()
    line = Line.objects.get(kind="case.settle")
    assert (line.subject_id, line.facts["decision"], line.actor_name) == (case.id, "reactivated", "Asdar Nur")
    assert Message.objects.filter(subject_id=case.id, text_key="answer").exists()


def test_later_news_answers_again_and_the_first_answer_stays_measured(cast: Cast) -> None:
    case = asked(cast)
    settle(cast, case, "proposed")
    first = Case.objects.get(id=case.id)
    settle(cast, case)
    case.refresh_from_db()
    assert (case.first_answered_at, case.hours_to_answer, case.reopened) == (NOW, first.hours_to_answer, 0)
    assert case.given.count() == 2


@pytest.mark.parametrize("state", [moves.MERGED, moves.WITHDRAWN])
def test_what_was_merged_or_withdrawn_stays_as_it_is(cast: Cast, state: str) -> None:
    case = asked(cast)
    Case.objects.filter(id=case.id).update(state=state)
    with pytest.raises(steps.MoveRefused):
        settle(cast, case)


def test_a_decision_the_kind_does_not_know_is_refused(cast: Cast) -> None:
    with pytest.raises(handling.DecisionMissing):
        settle(cast, asked(cast), "upheld")


def test_only_those_who_bring_cards_back_in_the_area_may(cast: Cast) -> None:
    case = asked(cast)
    for by in (cast.manager, cast.admin, cast.administrator):
        with pytest.raises(NotFound):
            settling.settle_case(by=by, at=NOW, case_id=case.id, text=SAID, decision="reactivated")
