"""The way of an application for a switched-off card: every step, what refuses it, who may; and the rule of the day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simpul.cases.models import Case
from simpul.journal.models import Line
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.messages.models import Message
from simpul.people.models import Person, Profile
from simpul.programmes.access import kis as access
from simpul.programmes.actions import kis
from simpul.programmes.models import Card, Deactivation
from simpul.programmes.queries import kis_rules
from simpul.programmes.rules import kis as rules
from tests import kis as story
from tests.cast import BONTO_JAI, DUNGKAIT, NOW, assemble

NIK = "7303015504850001"


@pytest.fixture
def office(db: None) -> story.Office:
    return story.furnish(assemble())


@pytest.fixture
def group(office: story.Office) -> Deactivation:
    hamlet = office.hamlets["Beloparang"].id
    return story.load(
        [
            story.row(
                2, "Hasnah Daeng Bau", nik=NIK, birth_date=date(1985, 4, 15), sex="P", hamlet_id=hamlet
            ),
            story.row(3, "Sangkala", off_reason="cuci darah", hamlet_id=hamlet),
            story.row(4, "Nurbaya", off_reason="hamil", hamlet_id=office.hamlets["Sunggumanai"].id),
        ]
    )


def line(kind: str) -> Line:
    return Line.objects.filter(kind=kind).order_by("-recorded_at", "-id")[0]


def given_to(office: story.Office, name: str, part: str = "walker") -> Card:
    found = story.card(name)
    kis.assign_cards(by=office.overseer, at=NOW, seat_id=office.seats[part].id, card_ids=[found.id])
    return found


def asked(office: story.Office, name: str = "Hasnah Daeng Bau", **given_: Any) -> Card:
    found = given_to(office, name)
    kis.ask_card(**{"by": office.walker, "at": NOW, "card_id": found.id, "consent": "spoken", **given_})
    return Card.objects.get(id=found.id)


# --- the way ------------------------------------------------------------------------------------------------------------


def test_the_whole_way_from_asking_to_the_data_duty(office: story.Office, group: Deactivation) -> None:
    found = asked(office, phone="0812-0000-7001")
    story.go(office, found.id, "propose_card")
    found.refresh_from_db()
    assert found.state == "proposed_to_ministry"
    assert (found.checked_by_name, found.approved_by_name, found.signer) == (
        "Nurlina Sari",
        "Asdar Nur",
        "Asdar Nur",
    )
    case = Case.objects.get(id=found.case_id)
    assert (case.state, case.decision) == ("answered", "proposed")
    later = NOW + timedelta(days=20)
    kis.chase_card(by=office.checker, at=later, card_id=found.id, words="Ditanyakan lewat SIKS-NG")
    kis.grant_card(by=office.checker, at=later, card_id=found.id)
    kis.confirm_card(by=office.walker, at=later, card_id=found.id)
    found.refresh_from_db()
    case.refresh_from_db()
    assert (found.state, found.data_due_date) == ("reactivated", date(2027, 6, 13))
    assert (case.state, case.decision, case.reopened) == ("answered", "reactivated", 0)
    assert case.given.count() == 2
    assert "13 Juni 2027" in case.given.order_by("-at")[0].text
    kis.complete_card(by=office.walker, at=later + timedelta(days=30), card_id=found.id)
    found.refresh_from_db()
    assert (found.state, found.data_done_date) == ("completed", date(2027, 1, 12))
    told = set(Message.objects.filter(subject_id=case.id).values_list("text_key", flat=True))
    assert {
        "answer",
        "card_granted",
    } <= told  # on the list of the hamlet; what is not worth a walk is told by phone alone
    kinds = list(
        Line.objects.filter(subject_id=found.id).order_by("recorded_at", "id").values_list("kind", flat=True)
    )
    assert kinds == [
        "card.ask",
        "letters.note",
        "card.check",
        "card.pass",
        "card.verify",
        "card.approve",
        "card.propose",
        "card.chase",
        "card.grant",
        "card.confirm",
        "card.complete",
    ]
    facts = line("card.confirm").facts
    assert (facts["told"], facts["register"]) == ("answered", "said")
    assert Profile.objects.get(person=found.person).kis_state.endswith("active")


def test_who_checked_does_not_approve(office: story.Office, group: Deactivation) -> None:
    found = asked(office)
    story.go(office, found.id, "verify_card")
    Card.objects.filter(id=found.id).update(checked_by=office.manager.user_id)
    with pytest.raises(kis.OwnCheck):
        kis.approve_card(by=office.manager, at=NOW, card_id=found.id, recommendation="1/2026")
    kis.approve_card(by=office.head, at=NOW, card_id=found.id, recommendation="1/2026", signer="Kepala Dinas")
    assert Card.objects.get(id=found.id).signer == "Kepala Dinas"


def test_papers_that_the_rule_requires_hold_the_application_back(
    office: story.Office, group: Deactivation
) -> None:
    found = asked(office, phone="0812-0000-7001")
    kis.check_card(by=office.checker, at=NOW, card_id=found.id)
    with pytest.raises(kis.PapersMissing) as refused:
        kis.pass_card(by=office.checker, at=NOW, card_id=found.id)
    assert "Surat dari fasilitas kesehatan" in str(refused.value)
    kis.revise_card(by=office.checker, at=NOW, card_id=found.id, missing="Surat dari Puskesmas Bissappu")
    assert Message.objects.filter(subject_id=found.case_id, text_key="card_missing").exists()
    kis.note_letters(
        by=office.walker, at=NOW, card_id=found.id, letters=kis.LetterWords(facility_letter="5/PKM")
    )
    kis.check_card(by=office.checker, at=NOW, card_id=found.id)
    kis.pass_card(by=office.checker, at=NOW, card_id=found.id)
    found.refresh_from_db()
    assert (found.state, found.revision_words) == ("eligibility_verification", "")
    assert line("card.pass").facts["rule"] == "pusdatin-2026-02-18"


@pytest.mark.parametrize(
    ("act", "upto", "given_", "refusal"),
    [
        ("revise_card", "check_card", {"missing": " "}, kis.WordsMissing),
        ("verify_card", "pass_card", {"words": ""}, kis.WordsMissing),
        ("verify_card", "pass_card", {"words": "Layak", "decile": 12}, kis.DateImpossible),
        ("approve_card", "verify_card", {"recommendation": ""}, kis.RecommendationMissing),
        (
            "approve_card",
            "verify_card",
            {"recommendation": "1", "recommendation_date": date(2027, 1, 1)},
            kis.DateImpossible,
        ),
        ("propose_card", "approve_card", {"proposed_date": date(2026, 11, 1)}, kis.DateImpossible),
        ("grant_card", "propose_card", {"ministry_date": date(2026, 11, 1)}, kis.DateImpossible),
        ("deny_card", "propose_card", {"reason": ""}, kis.WordsMissing),
        ("chase_card", "propose_card", {"chased_date": date(2027, 1, 1)}, kis.DateImpossible),
        ("chase_card", "approve_card", {}, kis.CardMoved),
        ("confirm_card", "grant_card", {"reactivated_date": date(2027, 1, 1)}, kis.DateImpossible),
        ("complete_card", "confirm_card", {"data_date": date(2026, 11, 1)}, kis.DateImpossible),
        ("reject_card", "check_card", {"reason": ""}, kis.WordsMissing),
    ],
)
def test_steps_without_words_or_with_impossible_days_are_refused(
    office: story.Office,
    group: Deactivation,
    act: str,
    upto: str,
    given_: dict[str, Any],
    refusal: type[Refused],
) -> None:
    found = asked(office)
    story.go(office, found.id, upto)
    before = Card.objects.get(id=found.id).state
    by = {"verify_card": office.checker, "revise_card": office.checker, "complete_card": office.walker}.get(
        act, office.manager
    )
    with pytest.raises(refusal):
        getattr(kis, act)(by=by, at=NOW, card_id=found.id, **given_)
    assert Card.objects.get(id=found.id).state == before


def test_a_refusal_tells_the_person_why_and_where_it_stood(office: story.Office, group: Deactivation) -> None:
    found = asked(office)
    story.go(office, found.id, "check_card")
    kis.reject_card(by=office.checker, at=NOW, card_id=found.id, reason="Sudah ditanggung perusahaan")
    found.refresh_from_db()
    case = Case.objects.get(id=found.case_id)
    assert (found.state, found.before_end) == ("rejected", "document_check")
    assert (case.decision, case.state) == ("not_eligible", "answered")
    assert "Sudah ditanggung perusahaan" in case.given.get().text
    assert line("card.reject").facts["from"] == "document_check"


def test_the_ministrys_refusal_is_answered_too(office: story.Office, group: Deactivation) -> None:
    found = asked(office)
    story.go(office, found.id, "propose_card")
    kis.deny_card(by=office.checker, at=NOW, card_id=found.id, reason="Desil 7")
    assert Card.objects.get(id=found.id).state == "ministry_rejected"
    assert Case.objects.get(id=found.case_id).decision == "not_eligible"


def test_a_card_that_works_is_a_fact_even_when_its_matter_was_withdrawn(
    office: story.Office, group: Deactivation
) -> None:
    found = asked(office)
    story.go(office, found.id, "grant_card")
    Case.objects.filter(id=found.case_id).update(state="withdrawn", is_open=False)
    kis.confirm_card(by=office.walker, at=NOW, card_id=found.id)
    assert Card.objects.get(id=found.id).state == "reactivated"
    assert line("card.confirm").facts["told"] == "case.move_refused"


STEPS: dict[str, dict[str, Any]] = {
    "check_card": {},
    "revise_card": {"missing": "Surat fasilitas"},
    "pass_card": {},
    "verify_card": {"words": "Layak menurut data"},
    "approve_card": {"recommendation": "1/2026"},
    "propose_card": {},
    "grant_card": {},
    "deny_card": {"reason": "Tidak layak"},
    "confirm_card": {},
    "complete_card": {},
    "reject_card": {"reason": "Tidak layak"},
}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(act=st.sampled_from(sorted(STEPS)), state=st.sampled_from(sorted(rules.STATES)))
def test_only_declared_moves_succeed(office: story.Office, group: Deactivation, act: str, state: str) -> None:
    found = story.card("Sangkala")
    Card.objects.filter(id=found.id).update(state=state, facility_letter="1", checked_by=None)
    name = roles_name(act)
    leads_to = rules.target(name, state)
    if leads_to is None:
        with pytest.raises(kis.CardMoved):
            getattr(kis, act)(by=story.MACHINE, at=NOW, card_id=found.id, **STEPS[act])
        assert Card.objects.get(id=found.id).state == state
    else:
        getattr(kis, act)(by=story.MACHINE, at=NOW, card_id=found.id, **STEPS[act])
        assert Card.objects.get(id=found.id).state == leads_to


def roles_name(act: str) -> str:
    verb, _sep, noun = act.rpartition("_")
    return f"{noun}.{verb}"


MAY = {
    "check_card": {"checker", "coordinator"},
    "revise_card": {"checker", "coordinator"},
    "pass_card": {"checker", "coordinator"},
    "verify_card": {"checker", "coordinator"},
    "approve_card": {"manager", "head"},
    "propose_card": {"checker", "coordinator", "manager"},
    "grant_card": {"checker", "coordinator", "manager"},
    "deny_card": {"checker", "coordinator", "manager"},
    "chase_card": {"checker", "coordinator", "manager"},
    "confirm_card": {"walker", "front", "checker", "coordinator", "overseer", "manager"},
    "complete_card": {"walker", "front", "checker", "coordinator", "overseer", "manager"},
    "reject_card": {"checker", "coordinator", "manager", "head"},
}


def test_who_may_take_which_step(office: story.Office, group: Deactivation) -> None:
    found = given_to(office, "Sangkala")
    for act, may in MAY.items():
        name = roles_name(act)
        state = "proposed_to_ministry" if act == "chase_card" else min(rules.MOVES[name][0])
        for part in office.seats:
            Card.objects.filter(id=found.id).update(state=state, facility_letter="1", checked_by=None)
            if part in may:
                getattr(kis, act)(by=getattr(office, part), at=NOW, card_id=found.id, **STEPS.get(act, {}))
            else:
                with pytest.raises(NotFound):
                    getattr(kis, act)(
                        by=getattr(office, part), at=NOW, card_id=found.id, **STEPS.get(act, {})
                    )
    far: Actor = office.cast.manager
    with pytest.raises(NotFound):
        kis.approve_card(by=far, at=NOW, card_id=found.id, recommendation="1")


def test_people_whose_data_stand_still_are_in_no_list(office: story.Office) -> None:
    person = story.resident("Hasnah Daeng Bau", nik=NIK, birth_date=date(1985, 4, 15))
    story.load([story.row(2, "Hasnah Daeng Bau", nik=NIK, birth_date=date(1985, 4, 15))])
    assert access.visible(office.manager).count() == 1
    Person.objects.filter(id=person.id).update(restricted_at=NOW)
    assert access.visible(office.manager).count() == 0


# --- the rule -----------------------------------------------------------------------------------------------------------


def adopted(office: story.Office, **given_: Any) -> Any:
    wanted = {
        "by": office.manager,
        "at": NOW,
        "region_code": "7303",
        "name": "Edaran Bantaeng",
        "authority": "Dinsos Bantaeng",
        "source": "Surat Edaran 12/2026",
        "from_date": date(2026, 11, 1),
        "wishes": kis.RuleWishes(facility_letter="no", village_letter="required"),
        **given_,
    }
    return kis.adopt_rule(**wanted)


def test_a_district_adds_a_rule_of_its_own_and_ends_it(office: story.Office, group: Deactivation) -> None:
    assert kis_rules.followed(BONTO_JAI, NOW.date()).code == "pusdatin-2026-02-18"
    rule = adopted(office)
    ours = kis_rules.followed(BONTO_JAI, NOW.date())
    assert (ours.name, ours.village_letter, ours.confidence) == ("Edaran Bantaeng", "required", "configured")
    assert kis_rules.followed(DUNGKAIT, NOW.date()).code == "pusdatin-2026-02-18"
    assert line("rule.adopt").facts["source"] == "Surat Edaran 12/2026"
    with pytest.raises(NotFound):
        kis.drop_rule(by=office.cast.manager, at=NOW, rule_id=rule.id)
    kis.drop_rule(by=office.manager, at=NOW, rule_id=rule.id)
    assert kis_rules.followed(BONTO_JAI, NOW.date()).code == "pusdatin-2026-02-18"
    assert line("rule.drop").facts["name"] == "Edaran Bantaeng"


@pytest.mark.parametrize(
    "wrong",
    [
        {"source": ""},
        {"name": "x"},
        {"until_date": date(2026, 10, 1)},
        {"wishes": kis.RuleWishes(facility_letter="perhaps")},
        {"wishes": kis.RuleWishes(excludes=("neighbour",))},
        {"wishes": kis.RuleWishes(off_from=date(2026, 5, 1), off_until=date(2026, 4, 1))},
        {"wishes": kis.RuleWishes(follow_up_days=0)},
    ],
)
def test_a_rule_without_source_or_with_days_the_wrong_way_round_is_refused(
    office: story.Office, wrong: dict[str, Any]
) -> None:
    with pytest.raises(kis.RuleIncomplete):
        adopted(office, **wrong)


def test_who_may_not_add_a_rule(office: story.Office) -> None:
    for by in (office.checker, office.walker, office.overseer, office.cast.manager):
        with pytest.raises(NotFound):
            adopted(office, by=by)
