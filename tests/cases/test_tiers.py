"""From tier to tier: a refused or silent matter goes to the next desk without being retyped, and is never lost on the way."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simpul.cases import access
from simpul.cases.actions import escalation, handling, intake, protection, referral, tiers
from simpul.cases.actions import kinds as kind_actions
from simpul.cases.models import Case, Clock, ConsentOverride, Escalation, Hop, Kind
from simpul.cases.queries import clocks as clock_queries
from simpul.cases.queries import tiers as queries
from simpul.cases.rules import tiers as rules
from simpul.desks.models import Desk
from simpul.journal.models import Line
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotAllowed, NotFound
from simpul.people.models import Consent
from tests.cases.tiers import DAY, EXTRACT, again, chain, falls, refer, route, silence
from tests.cast import NOW, Cast

# --- the rule -------------------------------------------------------------------------------------------------------------


@settings(max_examples=300)
@given(
    st.lists(st.integers(0, 9), unique=True, max_size=8),
    st.integers(0, 9),
    st.integers(0, 9),
    st.frozensets(st.integers(0, 9)),
)
def test_the_next_desk_is_behind_the_last_and_was_never_asked(
    desks: list[int], after: int, holder: int, barred: frozenset[int]
) -> None:
    found = rules.next_desk(desks, after=after, holder=holder, barred=barred)
    left = [one for one in desks if one not in barred and one != holder]
    if after in desks:
        left = [one for one in left if desks.index(one) > desks.index(after)]
    elif holder in desks:
        left = [one for one in left if desks.index(one) > desks.index(holder)]
    assert found == (left[0] if left else None)


def test_days_with_two_bodies_at_once_count_once() -> None:
    start = datetime(2026, 1, 5, tzinfo=UTC)
    spans = [(start, start + 3 * DAY), (start + DAY, start + 5 * DAY), (start + 8 * DAY, None)]
    assert rules.days_outside(spans, start + 10 * DAY) == 7
    assert rules.days_outside([], start) == 0


# --- refusal --------------------------------------------------------------------------------------------------------------


def test_a_refusal_lets_the_next_desk_be_asked_with_everything_that_was_sent(cast: Cast) -> None:
    route(cast, "centre", "shelter", "water", "leaders-mamuju")
    falls()
    case = cast.case()
    refer(cast, case, "shelter", extract=EXTRACT)
    referral.decline_case(by=cast.pokja, at=NOW + DAY, case_id=case.id, reason="Bukan urusan hunian")
    now = again(case)
    assert (now.state, now.holder.code, now.acting.code) == ("offered", "centre", "water")
    assert chain(case) == [("shelter", "declined"), ("water", "offered")]
    second = Hop.objects.get(case=case, state="offered")
    assert (second.note, second.extract, second.tier) == ("Mohon dibantu", EXTRACT, 1)
    line = Line.objects.get(subject_id=case.id, kind="case.pass_on")
    assert (line.actor_name, line.facts["to"], line.facts["because"]) == (
        MACHINE.name,
        "Pokja Air Bersih",
        "declined",
    )
    referral.accept_case(by=cast.other_pokja, at=NOW + 2 * DAY, case_id=case.id)
    assert again(case).holder.code == "water"


def test_where_the_kind_asks_the_holder_one_button_passes_it_on(cast: Cast) -> None:
    route(cast, "centre", "shelter", "water")
    case = cast.case()
    refer(cast, case, "shelter")
    referral.decline_case(by=cast.pokja, at=NOW + DAY, case_id=case.id, reason="Bukan urusan hunian")
    assert again(case).acting.code == "centre"
    with pytest.raises(NotFound):
        tiers.pass_on_case(by=cast.neighbour, at=NOW + DAY, case_id=case.id)
    with pytest.raises((NotFound, NotAllowed, referral.NotYourTurn)):
        tiers.pass_on_case(by=cast.pokja, at=NOW + DAY, case_id=case.id)
    hop = tiers.pass_on_case(by=cast.admin, at=NOW + DAY, case_id=case.id)
    assert (hop.to_desk.code, hop.note, again(case).acting.code) == ("water", "Mohon dibantu", "water")


def test_a_desk_with_time_left_is_not_passed_over(cast: Cast) -> None:
    route(cast, "centre", "shelter", "water")
    case = cast.case()
    with pytest.raises(tiers.NothingToPassOn):
        tiers.pass_on_case(by=cast.admin, at=NOW, case_id=case.id)
    refer(cast, case, "shelter")
    with pytest.raises(tiers.NothingToPassOn):
        tiers.pass_on_case(by=cast.admin, at=NOW + DAY, case_id=case.id)
    hop = tiers.pass_on_case(by=cast.admin, at=NOW + 20 * DAY, case_id=case.id)
    assert chain(case) == [("shelter", "silent"), ("water", "offered")]
    assert hop.position == 2


def test_closed_and_kept_away_desks_are_skipped(cast: Cast) -> None:
    route(cast, "centre", "shelter", "water", "leaders-mamuju", "village")
    falls()
    case = cast.case()
    refer(cast, case, "shelter")
    Desk.objects.filter(code="water").update(closed_at=NOW)
    protection.exclude_case(
        by=cast.manager,
        at=NOW,
        case_id=case.id,
        desk_id=cast.desk("leaders-mamuju").id,
        user_id=None,
        reason="Laporan ini tentang meja itu",
    )
    referral.decline_case(by=cast.pokja, at=NOW + DAY, case_id=case.id, reason="Bukan urusan hunian")
    assert again(case).acting.code == "village"


def test_when_no_tier_is_left_the_holder_has_it_back_and_supervision_sees_it(cast: Cast) -> None:
    route(cast, "centre", "shelter")
    falls()
    case = cast.case()
    refer(cast, case, "shelter")
    referral.decline_case(by=cast.pokja, at=NOW + DAY, case_id=case.id, reason="Bukan urusan hunian")
    now = again(case)
    assert (now.state, now.holder.code, now.acting.code, now.untaken_at) == (
        "working",
        "centre",
        "centre",
        NOW + DAY,
    )
    assert [one.id for one in queries.untaken(cast.manager)] == [case.id]
    assert queries.untaken(cast.neighbour_manager) == []
    with pytest.raises(tiers.NoDeskLeft):
        tiers.pass_on_case(by=cast.admin, at=NOW + DAY, case_id=case.id)
    refer(cast, case, "water", at=NOW + 2 * DAY)
    assert again(case).untaken_at is None


def test_a_matter_that_was_returned_is_proposed_to_the_next_and_does_not_go_by_itself(cast: Cast) -> None:
    route(cast, "centre", "shelter", "water")
    falls()
    case = cast.case()
    refer(cast, case, "shelter")
    referral.accept_case(by=cast.pokja, at=NOW, case_id=case.id)
    referral.return_case(by=cast.pokja, at=NOW + DAY, case_id=case.id, reason="Kurang alamat")
    assert again(case).acting.code == "centre"
    assert tiers.pass_on_case(by=cast.admin, at=NOW + DAY, case_id=case.id).to_desk.code == "water"


# --- silence --------------------------------------------------------------------------------------------------------------


def test_silence_past_the_hops_deadline_asks_the_next_desk_and_raises_nothing(cast: Cast) -> None:
    route(cast, "centre", "shelter", "water")
    falls()
    case = cast.case()
    refer(cast, case, "shelter")
    assert silence(NOW + DAY) == []
    assert len(silence(NOW + 5 * DAY)) == 1
    assert silence(NOW + 5 * DAY) == []
    assert chain(case) == [("shelter", "silent"), ("water", "offered")]
    for clock_id in clock_queries.overdue(NOW + 5 * DAY):
        escalation.escalate_case(by=MACHINE, at=NOW + 5 * DAY, clock_id=clock_id)
    assert not Escalation.objects.exists()
    assert Line.objects.filter(subject_id=case.id, kind="silence.note").count() == 1
    with pytest.raises((NotFound, NotAllowed, referral.NotYourTurn)):
        referral.accept_case(by=cast.pokja, at=NOW + 6 * DAY, case_id=case.id)


def test_where_the_holder_is_asked_silence_is_raised_and_proposed(cast: Cast) -> None:
    route(cast, "centre", "shelter", "water")
    case = cast.case()
    refer(cast, case, "shelter")
    at = NOW + 5 * DAY
    assert silence(at) == []
    for clock_id in clock_queries.overdue(at):
        escalation.escalate_case(by=MACHINE, at=at, clock_id=clock_id)
    assert Escalation.objects.get().silent_desk.code == "shelter"
    now = again(case)
    assert (now.state, now.acting.code) == ("offered", "shelter")
    found = queries.standing_proposal(
        now, list(case.hops.select_related("to_desk")), list(case.clocks.all()), at
    )
    assert found is not None and found.desk.code == "water"


def test_the_last_silent_desk_gives_the_turn_back(cast: Cast) -> None:
    route(cast, "centre", "shelter")
    falls()
    case = cast.case()
    refer(cast, case, "shelter")
    assert silence(NOW + 9 * DAY) == []
    now = again(case)
    assert (now.state, now.acting.code, now.untaken_at) == ("working", "centre", NOW + 9 * DAY)
    assert chain(case) == [("shelter", "silent")]


def test_only_the_system_notices_silence(cast: Cast) -> None:
    case = cast.case()
    refer(cast, case, "shelter")
    clock = Clock.objects.get(case=case, key="hop")
    for somebody in (cast.admin, cast.manager, cast.administrator):
        with pytest.raises(NotFound):
            tiers.note_silence(by=somebody, at=NOW + 9 * DAY, clock_id=clock.id)


def test_an_outside_body_that_never_answers_is_passed_over_when_its_own_time_is_over(cast: Cast) -> None:
    route(cast, "centre", "outside", "water")
    falls()
    case = cast.case()
    refer(cast, case, "outside", extract=EXTRACT)
    assert silence(NOW + 10 * DAY) == []
    assert again(case).acting.code == "centre"
    assert len(silence(NOW + 25 * DAY)) == 1
    assert again(case).acting.code == "water"
    assert not Clock.objects.filter(case=case, key="theirs", stopped_at=None).exists()


def test_an_outside_body_that_took_it_on_and_stays_silent_is_raised_once_and_proposed(cast: Cast) -> None:
    route(cast, "centre", "outside", "water")
    falls()
    case = cast.case()
    refer(cast, case, "outside", extract=EXTRACT)
    referral.record_reply(
        by=cast.admin, at=NOW + DAY, case_id=case.id, reply="accepted", words="Survei pekan depan"
    )
    for days in (25, 26, 40):
        assert silence(NOW + days * DAY) == []
    raised = Escalation.objects.get()
    assert (raised.silent_desk.code, raised.to_desk and raised.to_desk.code) == ("outside", "leaders-mamuju")
    assert (again(case).state, again(case).holder.code) == ("working", "centre")
    hop = tiers.pass_on_case(by=cast.admin, at=NOW + 41 * DAY, case_id=case.id)
    assert chain(case) == [("outside", "silent"), ("water", "offered")]
    assert hop.note == "Mohon dibantu"


def test_a_later_day_that_they_promised_is_waited_for(cast: Cast) -> None:
    route(cast, "centre", "outside", "water")
    falls()
    case = cast.case()
    refer(cast, case, "outside", extract=EXTRACT, their_due_date=(NOW + 60 * DAY).date())
    assert silence(NOW + 40 * DAY) == []
    assert len(silence(NOW + 62 * DAY)) == 1


def test_while_an_outside_body_is_at_work_nobody_else_is_asked_by_hand(cast: Cast) -> None:
    case = cast.case()
    refer(cast, case, "outside", extract=EXTRACT)
    referral.record_reply(
        by=cast.admin, at=NOW, case_id=case.id, reply="accepted", words="Survei pekan depan"
    )
    with pytest.raises(referral.StillAsked) as refused:
        refer(cast, case, "water", at=NOW + DAY)
    assert cast.desk("outside").name in str(refused.value)
    with pytest.raises((NotFound, NotAllowed, referral.NotYourTurn)):
        referral.recall_case(by=cast.pokja, at=NOW + DAY, case_id=case.id, reason="Salah meja")
    referral.recall_case(by=cast.admin, at=NOW + DAY, case_id=case.id, reason="Mereka tidak sanggup")
    assert chain(case) == [("outside", "recalled")]
    assert Line.objects.get(subject_id=case.id, kind="case.recall").facts["desk"] == cast.desk("outside").name
    assert not Clock.objects.filter(case=case, key="theirs", stopped_at=None).exists()
    with pytest.raises(referral.NotYourTurn):
        referral.recall_case(by=cast.admin, at=NOW + DAY, case_id=case.id, reason="Lagi")
    refer(cast, case, "water", at=NOW + DAY)
    assert chain(case)[-1] == ("water", "offered")


# --- what another institution may know ----------------------------------------------------------------------------------------


def social(cast: Cast) -> Case:
    falls(asks_consent=True)
    return cast.case()


def tick(name: str = "Nurhayati") -> referral.ConsentTaken:
    return referral.ConsentTaken(mode="tick", given_by=name)


def test_a_social_matter_goes_to_another_institution_only_with_consent(cast: Cast) -> None:
    case = social(cast)
    with pytest.raises(referral.NoConsentToRefer):
        refer(cast, case, "outside", extract=EXTRACT)
    with pytest.raises(referral.NoConsentToRefer):  # a bare word is no consent that is kept
        refer(cast, case, "outside", extract=EXTRACT, consent="spoken")
    refer(cast, case, "outside", extract=EXTRACT, taken=tick())
    given_now = Consent.objects.get()
    assert (given_now.purpose, given_now.scope, given_now.mode) == ("referral_share", str(case.id), "tick")
    assert Hop.objects.get(case=case).consent == "ticked"


def test_the_consent_and_the_extract_travel_to_the_next_institution(cast: Cast) -> None:
    route(cast, "centre", "outside", "partner", "water")
    case = social(cast)
    refer(cast, case, "outside", extract=EXTRACT, taken=tick(), shares_contact=True)
    assert Consent.objects.count() == 2
    referral.record_reply(
        by=cast.admin, at=NOW + DAY, case_id=case.id, reply="refused", words="Di luar asnaf"
    )
    hop = Hop.objects.get(case=case, state="offered")
    assert (hop.to_desk.code, hop.extract, hop.shares_contact, hop.consent) == (
        "partner",
        EXTRACT,
        True,
        "ticked",
    )
    assert access.visible(cast.partner).filter(id=case.id).exists()
    referral.accept_case(by=cast.partner, at=NOW + 2 * DAY, case_id=case.id)
    referral.answer_referral(
        by=cast.partner,
        at=NOW + 3 * DAY,
        case_id=case.id,
        answer="Bantuan diserahkan",
        given=referral.Given("Bantuan makan", 750_000, (NOW + 3 * DAY).date(), "Nurhayati"),
    )
    hop.refresh_from_db()
    assert (hop.given_service, hop.given_amount, hop.given_to, hop.outcome) == (
        "Bantuan makan",
        750_000,
        "Nurhayati",
        "done",
    )


def test_a_consent_that_was_withdrawn_does_not_travel(cast: Cast) -> None:
    route(cast, "centre", "outside", "partner")
    case = social(cast)
    refer(cast, case, "outside", extract=EXTRACT, taken=tick())
    Consent.objects.update(withdrawn_at=NOW + DAY)
    at = NOW + 2 * DAY
    referral.record_reply(by=cast.admin, at=at, case_id=case.id, reply="refused", words="Di luar asnaf")
    assert (again(case).state, again(case).acting.code, again(case).untaken_at) == ("working", "centre", None)
    with pytest.raises(referral.NoConsentToRefer):
        tiers.pass_on_case(by=cast.admin, at=at, case_id=case.id)
    assert tiers.pass_on_case(by=cast.admin, at=at, case_id=case.id, taken=tick()).to_desk.code == "partner"


def test_without_an_extract_it_waits_for_the_holder(cast: Cast) -> None:
    route(cast, "centre", "shelter", "outside")
    falls()
    case = cast.case()
    refer(cast, case, "shelter")
    referral.decline_case(by=cast.pokja, at=NOW, case_id=case.id, reason="Bukan urusan hunian")
    assert again(case).acting.code == "centre"
    with pytest.raises(tiers.ExtractMissing):
        tiers.pass_on_case(by=cast.admin, at=NOW, case_id=case.id)
    hop = tiers.pass_on_case(by=cast.admin, at=NOW, case_id=case.id, extract=EXTRACT)
    assert (hop.to_desk.code, hop.extract) == ("outside", EXTRACT)


def test_somebody_with_the_power_may_send_it_without_consent_and_says_why(cast: Cast) -> None:
    case = social(cast)
    why = "Tidak sadarkan diri di rumah sakit, tanpa keluarga."
    with pytest.raises((NotFound, NotAllowed)):
        tiers.override_consent(by=cast.admin, at=NOW, case_id=case.id, reason=why)
    with pytest.raises(handling.steps.WordsMissing):  # type: ignore[attr-defined]
        tiers.override_consent(by=cast.manager, at=NOW, case_id=case.id, reason="Darurat")
    tiers.override_consent(by=cast.manager, at=NOW, case_id=case.id, reason=why)
    assert ConsentOverride.objects.get(case=case).by_name == "Marwah Tahir"
    assert (Line.objects.get(subject_id=case.id, kind="consent.override").inputs or {})["reason"] == why
    refer(cast, case, "outside", extract=EXTRACT)
    assert again(case).state == "offered"


def test_a_matter_without_a_name_needs_no_consent(cast: Cast) -> None:
    falls(asks_consent=True)
    case = cast.case(mode="anonymous", reporter=None)
    refer(cast, case, "outside", extract=EXTRACT)
    assert Hop.objects.get(case=case).state == "offered"


def test_an_amount_that_is_none_is_refused(cast: Cast) -> None:
    case = cast.case()
    refer(cast, case, "outside", extract=EXTRACT)
    with pytest.raises(referral.AmountWrong):
        referral.record_reply(
            by=cast.admin,
            at=NOW,
            case_id=case.id,
            reply="answered",
            words="Diserahkan",
            given=referral.Given(amount=-1),
        )


def test_the_same_person_asking_the_same_is_shown(cast: Cast) -> None:
    first = cast.case()
    second = cast.case(
        by=cast.admin, channel="desk", reporter=intake.PersonGiven(person_id=first.reporter_id)
    )
    assert [one.id for one in queries.duplicates(cast.admin, second)] == [first.id]
    assert queries.duplicates(cast.neighbour, second) == []


def test_whether_it_goes_by_itself_is_the_institutions_choice(cast: Cast) -> None:
    with pytest.raises(kind_actions.KindValueWrong):
        kind_actions.change_kind(
            by=cast.administrator, at=NOW, code="complaint", changes={"falls_through": "maybe"}
        )
    kind_actions.change_kind(
        by=cast.administrator,
        at=NOW,
        code="complaint",
        changes={"falls_through": "self", "asks_consent": True},
    )
    assert Kind.objects.get(code="complaint").falls_through == "self"
