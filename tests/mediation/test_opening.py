"""Safety first: what is mediated, what goes the protected way, who reads what, how it ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from simpul.cases.models import Case
from simpul.journal.models import Line
from simpul.lib.actor import ANYBODY, MACHINE
from simpul.lib.errors import NotAllowed, NotFound
from simpul.mediation import access
from simpul.mediation.actions import _steps, meeting, opening, parties
from simpul.mediation.models import Dispute, Screening
from simpul.mediation.queries import readers
from tests.cast import NOW, Cast
from tests.mediation.conftest import SAFE, dispute, matter, mediator, party, ready

GIVEN = opening.DisputeGiven("land", "Batas kebun")


def opened(cast: Cast, case: Any, answers: dict[str, str], by: Any = None) -> opening.Opened:
    return opening.open_dispute(
        by=by or cast.village_officer, at=NOW, case_id=case.id, answers=answers, given=GIVEN
    )


def state(one: Dispute) -> str:
    return Dispute.objects.get(id=one.id).state


def test_a_matter_enters_the_register_after_the_questions_of_safety(cast: Cast) -> None:
    case = matter(cast)
    made = opened(cast, case, SAFE)
    assert made.dispute is not None and not made.protected
    assert (made.dispute.number, made.dispute.state) == ("001/2026", "open")
    assert made.dispute.meet_until_date == made.dispute.opened_date + timedelta(days=14)
    assert opened(cast, case, SAFE).dispute == made.dispute  # a second press changes nothing
    assert dispute(cast).number == "002/2026"
    line = Line.objects.filter(kind="dispute.open", subject_id=made.dispute.id).get()
    assert line.facts["number"] == "001/2026"
    assert Screening.objects.get(case=case).verdict == "clear"


@pytest.mark.parametrize(("key", "answer"), [("violence", "yes"), ("household", "unsure"), ("child", "yes")])
def test_what_endangers_somebody_is_never_mediated(cast: Cast, key: str, answer: str) -> None:
    case = matter(cast)
    made = opened(cast, case, {**SAFE, key: answer})
    assert made.dispute is None and made.protected
    case = Case.objects.select_related("holder").get(id=case.id)
    assert (case.sensitivity, case.kind_id) == ("sealed", "protected_report")
    assert case.holder.protected
    assert not Dispute.objects.exists()
    kept = Screening.objects.get(case=case)
    assert kept.verdict == "protect" and key in kept.answers
    line = Line.objects.filter(kind="dispute.screen").get()
    assert "answers" not in (line.inputs or {})
    with pytest.raises(NotFound):  # the post reads nothing of it any more
        opened(cast, case, SAFE)


def test_every_question_is_answered_and_doubt_is_cleared_first(cast: Cast) -> None:
    case = matter(cast)
    with pytest.raises(opening.ScreenIncomplete):
        opened(cast, case, {**SAFE, "crime": ""})
    with pytest.raises(opening.ScreenUnsure):
        opened(cast, case, {**SAFE, "fear": "unsure"})
    assert not Screening.objects.exists()


def test_only_disputes_are_mediated_and_only_by_those_of_the_place(cast: Cast) -> None:
    with pytest.raises(opening.NoDispute):
        opened(cast, matter(cast, kind_code="complaint", answers={}), SAFE)
    case = matter(cast)
    for stranger in (cast.neighbour_officer, cast.neighbour_head, ANYBODY):
        with pytest.raises(NotFound):
            opened(cast, case, SAFE, stranger)
    with pytest.raises(_steps.ChoiceUnknown):
        opening.open_dispute(
            by=cast.village_officer,
            at=NOW,
            case_id=case.id,
            answers=SAFE,
            given=opening.DisputeGiven("moon", "Batas"),
        )


def test_the_questions_are_asked_again_and_close_everything_when_they_must(cast: Cast) -> None:
    one, *_rest = ready(cast)
    by = cast.village_officer
    planned = meeting.plan_session(by=by, at=NOW, dispute_id=one.id, planned_at=NOW, place="Balai")
    said: dict[str, Any] = {
        "by": by,
        "at": NOW,
        "dispute_id": one.id,
        "session_id": planned.id,
        "held_at": NOW,
    }
    assert meeting.hold_session(**said, answers={**SAFE, "violence": "yes"}) is False
    assert state(one) == "protected"
    for away in (by, cast.village_head, cast.secretary):
        assert not access.visible(away).exists()
        assert not access.listed(away).exists()
    assert access.dispute_for(cast.focal, one.id)
    with pytest.raises(NotFound):
        parties.record_party(by=by, at=NOW, dispute_id=one.id, given=parties.PartyGiven(name="Ani"))


def test_content_is_for_mediators_head_secretary_and_who_took_it_in(cast: Cast) -> None:
    one = dispute(cast)
    for reader in (cast.village_officer, cast.village_head, cast.secretary, MACHINE):
        assert access.dispute_for(reader, one.id)
    for stranger in (
        cast.neighbour_officer,
        cast.neighbour_head,
        cast.manager,
        cast.admin,
        cast.focal,
        cast.administrator,
        ANYBODY,
    ):
        with pytest.raises(NotFound):
            access.dispute_for(stranger, one.id)
    assert not access.listed(cast.neighbour_officer).exists()


def test_another_officer_sees_number_and_date_until_they_mediate(cast: Cast) -> None:
    one = dispute(cast, by=cast.secretary)
    officer = cast.village_officer
    assert not access.visible(officer).exists()
    assert access.listed(officer).get().number == "001/2026"
    named = mediator(cast, one, "", account_id=officer.user_id)
    assert named.name == officer.name
    assert access.dispute_for(officer, one.id)
    parties.end_mediator(by=cast.village_head, at=NOW, dispute_id=one.id, mediator_id=named.id, why="selesai")
    assert not access.visible(officer).exists()


def test_a_narrow_dispute_is_for_mediators_and_the_head(cast: Cast) -> None:
    one = dispute(cast, confidentiality="narrow")
    assert access.dispute_for(cast.village_head, one.id)
    for away in (cast.secretary, cast.village_officer):
        with pytest.raises(NotFound):
            access.dispute_for(away, one.id)


def test_who_is_kept_away_from_the_matter_sees_no_dispute(cast: Cast) -> None:
    one = dispute(cast)
    one.case.exclusions.create(user_id=cast.village_head.user_id, reason="pihak", made_at=NOW)
    with pytest.raises(NotFound):
        access.dispute_for(cast.village_head, one.id)
    assert not access.listed(cast.village_head).exists()


def test_every_opening_leaves_a_line_that_the_head_reads(cast: Cast) -> None:
    one = dispute(cast)
    for minutes in (0, 5, 30):
        opening.read_dispute(by=cast.secretary, at=NOW + timedelta(minutes=minutes), dispute_id=one.id)
    looks = readers.looks(cast.village_head, one)
    assert [(look.name, look.kind) for look in looks] == [(cast.secretary.name, "dispute.read")] * 2
    with pytest.raises(NotFound):
        readers.looks(cast.secretary, one)
    with pytest.raises(NotFound):
        opening.read_dispute(by=cast.neighbour_head, at=NOW, dispute_id=one.id)


def test_what_the_register_says_is_corrected(cast: Cast) -> None:
    one = dispute(cast)
    given = opening.DisputeGiven("debt", "Utang pupuk", confidentiality="narrow")
    opening.change_dispute(by=cast.village_officer, at=NOW, dispute_id=one.id, given=given)
    one.refresh_from_db()
    assert (one.subject, one.about, one.confidentiality) == ("debt", "Utang pupuk", "narrow")
    assert Line.objects.filter(kind="dispute.change").exists()


def test_it_ends_without_an_agreement_and_is_taken_up_again(cast: Cast) -> None:
    one = dispute(cast)
    said: dict[str, Any] = {"at": NOW, "dispute_id": one.id}
    with pytest.raises(NotAllowed):
        opening.end_dispute(**said, by=cast.village_officer, outcome="failed", why="tidak ada titik temu")
    with pytest.raises(opening.NotOver):
        opening.end_dispute(**said, by=cast.village_head, outcome="kept", why="tidak ada titik temu")
    opening.end_dispute(**said, by=cast.village_head, outcome="failed", why="tidak ada titik temu")
    assert state(one) == "failed"
    case = Case.objects.get(id=one.case_id)
    assert (case.state, case.decision) == ("answered", "not_settled")
    with pytest.raises(_steps.DisputeEnded):
        parties.record_party(
            by=cast.village_head, at=NOW, dispute_id=one.id, given=parties.PartyGiven(name="Ani")
        )
    with pytest.raises(NotAllowed):
        opening.reopen_dispute(**said, by=cast.village_officer, why="para pihak mau bicara lagi")
    opening.reopen_dispute(**said, by=cast.secretary, why="para pihak mau bicara lagi")
    assert state(one) == "open"
    assert Case.objects.get(id=one.case_id).state == "working"
    assert Line.objects.filter(kind="dispute.reopen").get().facts["from"] == "failed"


def test_the_end_of_a_dispute_whose_matter_is_gone_is_still_a_fact(cast: Cast) -> None:
    one = dispute(cast)
    Case.objects.filter(id=one.case_id).update(state="merged", is_open=False)
    opening.end_dispute(
        by=cast.village_head, at=NOW, dispute_id=one.id, outcome="withdrawn", why="dicabut pemohon"
    )
    assert state(one) == "withdrawn"
    assert Line.objects.filter(kind="dispute.end").get().facts["matter"] == "case.move_refused"


def test_parties_make_it_ready(cast: Cast) -> None:
    one = dispute(cast)
    party(cast, one)
    assert one.parties.count() == 1


def test_the_questions_are_asked_again_at_any_time(cast: Cast) -> None:
    one = dispute(cast)
    own: dict[str, Any] = {"by": cast.village_officer, "at": NOW, "dispute_id": one.id}
    assert opening.screen_dispute(**own, answers=SAFE)
    with pytest.raises(opening.ScreenIncomplete):
        opening.screen_dispute(**own, answers={})
    with pytest.raises(NotFound):
        opening.screen_dispute(**{**own, "by": cast.neighbour_officer}, answers=SAFE)
    opening.end_dispute(
        by=cast.village_head, at=NOW, dispute_id=one.id, outcome="failed", why="tidak ada titik temu"
    )
    assert opening.screen_dispute(**own, answers={**SAFE, "violence": "yes"}) is False
    assert state(one) == "protected"
    case = Case.objects.get(id=one.case_id)
    assert (case.sensitivity, case.is_open) == ("sealed", True)
