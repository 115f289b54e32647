"""Doors and verifications: who may, what is refused, each step written down, and nothing twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from simpul.journal.models import Line
from simpul.lib.actor import ANYBODY, MACHINE
from simpul.lib.errors import NotAllowed, NotFound
from simpul.lib.ids import uuid7
from simpul.outreach import access, actions
from simpul.outreach.actions import assigning, checking, moving, sampling, steps, visiting
from simpul.outreach.models import Assignment, PersonCheck, Sample, SampleRow, Transition, Verification, Visit
from simpul.outreach.queries import checks, coverage, doors
from simpul.people.models import Household, Observation, Person
from simpul.programmes.models import Card, Deactivation
from tests.cast import BONTO_JAI, DUNGKAIT, NOW
from tests.outreach.conftest import TODAY, Field

NIK = "7303015001800001"


def given(
    field: Field, *homes: Household, to: str = "arman", round_name: str = "2026-Q4", **more: Any
) -> assigning.Given:
    return actions.assign_households(
        by=field.rosdiana,
        at=NOW,
        seat_id=field.seats[to].id,
        household_ids=[one.id for one in homes],
        round_name=round_name,
        **more,
    )


def check_of(home: Household) -> Verification:
    found = checks.current(home.id)
    assert found is not None
    return found


def taken(field: Field, home: Household) -> Verification:
    given(field, home)
    row = check_of(home)
    actions.take_verification(by=field.arman, at=NOW, verification_id=row.id)
    return check_of(home)


def person_of(home: Household, presence: int = 1, **more: Any) -> actions.PersonSaid:
    return actions.PersonSaid(presence, person_id=Person.objects.get(household=home).id, **more)


def submitted(
    field: Field, home: Household, presence: int = 1, person: int = 1, at: Any = NOW, **more: Any
) -> Verification:
    row = taken(field, home)
    actions.submit_verification(
        by=field.arman,
        at=at,
        verification_id=row.id,
        presence=presence,
        persons=[person_of(home, person, **more)],
    )
    return check_of(home)


def line_of(kind: str) -> Line:
    return Line.objects.filter(kind=kind).latest("recorded_at")


def walk(row: Verification) -> list[tuple[str, str, str]]:
    return [
        (one.act, one.from_state, one.to_state) for one in checks.steps_of(row) if one.person_check_id is None
    ]


# --- the prelist and publishing ---------------------------------------------------------------------------------------------


def test_a_prelist_goes_up_step_by_step_and_each_step_is_written_down(field_: Field) -> None:
    home = field_.home()
    assert (
        actions.open_verifications(by=field_.rosdiana, at=NOW, household_ids=[home.id], round_name="2026-Q4")
        == 1
    )
    assert (
        actions.open_verifications(by=field_.rosdiana, at=NOW, household_ids=[home.id], round_name="2026-Q4")
        == 0
    )
    row = check_of(home)
    for state in ("P1", "P2", "P3"):
        assert actions.publish_verifications(by=field_.rosdiana, at=NOW, verification_ids=[row.id]) == 1
        assert check_of(home).state == state
    with pytest.raises(assigning.NothingChosen):
        actions.publish_verifications(by=field_.rosdiana, at=NOW, verification_ids=[row.id])
    assert [step[1:] for step in walk(row)] == [("", "P0"), ("P0", "P1"), ("P1", "P2"), ("P2", "P3")]
    assert line_of("verifications.open").facts["households"] == 0
    assert line_of("verifications.publish").facts == {"households": 1}


def test_a_prelist_needs_households_and_a_round(field_: Field) -> None:
    home, far = field_.home(), field_.home(region=DUNGKAIT)
    with pytest.raises(assigning.RoundMissing):
        actions.open_verifications(by=field_.rosdiana, at=NOW, household_ids=[home.id], round_name="")
    for ids in ([], [uuid4()], [far.id]):
        with pytest.raises(assigning.NothingChosen):
            actions.open_verifications(by=field_.rosdiana, at=NOW, household_ids=ids, round_name="2026-Q4")
    with pytest.raises(assigning.TooMany):
        actions.open_verifications(
            by=field_.rosdiana, at=NOW, household_ids=[home.id] * 2001, round_name="2026-Q4"
        )
    with pytest.raises(NotAllowed):
        actions.open_verifications(by=field_.arman, at=NOW, household_ids=[home.id], round_name="2026-Q4")
    given(field_, home)
    with pytest.raises(assigning.NothingChosen):
        actions.publish_verifications(by=field_.arman, at=NOW, verification_ids=[check_of(home).id])


# --- giving doors -------------------------------------------------------------------------------------------------------------


def test_doors_come_onto_a_list_once_and_move_to_another(field_: Field) -> None:
    home, other = field_.home(), field_.home("Baso")
    assert given(
        field_, home, other, note="kunjungan pertama", due_date=date(2026, 12, 1)
    ) == assigning.Given(2, 0)
    assert given(field_, home) == assigning.Given(0, 1)
    assert line_of("households.assign").facts["doors"] == 0
    assert [one.household for one in doors.mine(field_.arman, TODAY)] == [other, home]
    taken_row = check_of(home)
    actions.take_verification(by=field_.arman, at=NOW, verification_id=taken_row.id)
    assert given(field_, home, to="nur").given == 1
    row = check_of(home)
    assert (row.state, row.seat) == ("P3", None) and Assignment.objects.filter(
        household=home, ended_at=None
    ).count() == 1
    assert [one.household for one in doors.mine(field_.arman, TODAY)] == [other]
    assert walk(row)[-1] == ("households.assign", "M1", "P3")


def test_a_list_without_a_round_opens_no_verification(field_: Field) -> None:
    home = field_.home()
    given(field_, home, round_name="")
    assert checks.current(home.id) is None and doors.open_assignment(home.id) is not None


def test_doors_go_to_facilitators_of_the_place_only(field_: Field) -> None:
    home = field_.home()
    for seat in (field_.seats["rosdiana"].id, field_.cast.seats["village_officer"].id):
        with pytest.raises(steps.SeatUnfit):
            actions.assign_households(by=field_.rosdiana, at=NOW, seat_id=seat, household_ids=[home.id])
    with pytest.raises(NotFound):
        actions.assign_households(by=field_.rosdiana, at=NOW, seat_id=uuid4(), household_ids=[home.id])
    with pytest.raises(assigning.NothingChosen):
        given(field_, field_.home(region=DUNGKAIT))
    for part in (field_.arman, field_.cast.neighbour):
        with pytest.raises(NotAllowed):
            actions.assign_households(
                by=part, at=NOW, seat_id=field_.seats["arman"].id, household_ids=[home.id]
            )
    with pytest.raises(assigning.NothingChosen):
        actions.assign_households(
            by=ANYBODY, at=NOW, seat_id=field_.seats["arman"].id, household_ids=[home.id]
        )


def test_a_door_is_taken_off_the_list_with_a_reason(field_: Field) -> None:
    home = field_.home()
    row = taken(field_, home)
    one = Assignment.objects.get()
    with pytest.raises(steps.WordsMissing):
        actions.withdraw_assignment(by=field_.rosdiana, at=NOW, assignment_id=one.id, why="")
    with pytest.raises(NotAllowed):
        actions.withdraw_assignment(by=field_.arman, at=NOW, assignment_id=one.id, why="jauh sekali")
    actions.withdraw_assignment(by=field_.rosdiana, at=NOW, assignment_id=one.id, why="jalan putus")
    assert check_of(home).state == "P3" and walk(row)[-1] == ("assignment.withdraw", "M1", "P3")
    assert line_of("assignment.withdraw").inputs == {"why": "jalan putus"}
    with pytest.raises(NotFound):
        actions.withdraw_assignment(by=field_.rosdiana, at=NOW, assignment_id=one.id, why="jalan putus")


# --- visits -------------------------------------------------------------------------------------------------------------------


def visit(field: Field, home: Household, outcome: str = "met", by: Any = None, **more: Any) -> Visit:
    found = actions.Found(
        outcome, **{key: more.pop(key) for key in ("words", "latitude", "longitude") if key in more}
    )
    return actions.record_visit(
        by=by or field.arman,
        at=NOW,
        household_id=home.id,
        visited_at=more.pop("visited_at", NOW),
        found=found,
        **more,
    )


def test_a_visit_is_kept_once_and_taken_back_by_who_wrote_it(field_: Field) -> None:
    home, key = field_.home(), uuid7()
    assert visit(field_, home, words="Sendirian di rumah", visit_id=key) == visit(field_, home, visit_id=key)
    assert Visit.objects.count() == 1 and line_of("visit.record").inputs["words"] == "Sendirian di rumah"
    with pytest.raises(NotFound):
        visit(field_, field_.home("Baso"), visit_id=key)
    with pytest.raises(NotFound):
        actions.withdraw_visit(by=field_.nur, at=NOW, visit_id=key)
    actions.withdraw_visit(by=field_.arman, at=NOW, visit_id=key)
    assert line_of("visit.withdraw").facts == {"visit": str(key)} and doors._last_visits([home.id]) == {}
    with pytest.raises(NotFound):
        actions.withdraw_visit(by=field_.arman, at=NOW, visit_id=key)


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"outcome": "dragons"}, steps.ChoiceUnknown),
        ({"latitude": 91.0, "longitude": 0.0}, steps.ChoiceUnknown),
        ({"latitude": 5.0}, steps.ChoiceUnknown),
        ({"visited_at": NOW + timedelta(minutes=1)}, visiting.VisitAhead),
    ],
)
def test_a_visit_that_cannot_be_is_refused(field_: Field, more: Any, refusal: Any) -> None:
    with pytest.raises(refusal):
        visit(field_, field_.home(), **more)


def test_who_walks_elsewhere_or_not_at_all_writes_no_visit(field_: Field) -> None:
    with pytest.raises(NotFound):
        visit(field_, field_.home(region=DUNGKAIT))
    with pytest.raises(NotAllowed):
        visit(field_, field_.home(), by=field_.cast.neighbour)


# --- taking and working -------------------------------------------------------------------------------------------------------


def test_only_one_takes_a_household_and_only_from_p3(field_: Field) -> None:
    home = field_.home()
    row = taken(field_, home)
    assert (row.state, row.seat_id) == ("M1", field_.seats["arman"].id)
    actions.take_verification(by=field_.arman, at=NOW, verification_id=row.id)
    assert [step[2] for step in walk(row)] == ["P0", "P1", "P2", "P3", "M1"]
    assert line_of("verification.take").subject_id == home.id
    with pytest.raises(NotFound):
        actions.take_verification(by=field_.nur, at=NOW, verification_id=row.id)
    early = field_.home("Baso")
    actions.open_verifications(by=field_.rosdiana, at=NOW, household_ids=[early.id], round_name="2026-Q4")
    actions.assign_households(
        by=field_.rosdiana, at=NOW, seat_id=field_.seats["arman"].id, household_ids=[early.id]
    )
    with pytest.raises(steps.MoveImpossible, match="P0"):
        actions.take_verification(by=field_.arman, at=NOW, verification_id=check_of(early).id)


def test_what_is_known_so_far_is_kept_by_who_has_it(field_: Field) -> None:
    home = field_.home(nik=NIK)
    row = taken(field_, home)
    said: dict[str, Any] = {"at": NOW, "verification_id": row.id}
    actions.update_verification(
        by=field_.arman, **said, persons=[person_of(home, 1), actions.PersonSaid(None, name="Anak kecil")]
    )
    actions.update_verification(by=field_.arman, **said, presence=1)
    assert (check_of(home).state, check_of(home).presence) == ("M2", 1)
    assert [(one.name, one.presence, one.state) for one in checks.persons(row)] == [
        ("Daeng Ngemba", 1, ""),
        ("Anak kecil", None, ""),
    ]
    assert line_of("verification.update").facts["presence"] == 1
    with pytest.raises(NotFound):
        actions.update_verification(by=field_.nur, **said, presence=2)
    for persons in ([actions.PersonSaid(9, name="Ali")], [actions.PersonSaid(1, person_id=uuid4())]):
        with pytest.raises(steps.ChoiceUnknown):
            actions.update_verification(by=field_.arman, **said, persons=persons)
    with pytest.raises(steps.WordsMissing):
        actions.update_verification(by=field_.arman, **said, persons=[actions.PersonSaid(1)])
    with pytest.raises(steps.ChoiceUnknown):
        actions.update_verification(by=field_.arman, **said, presence=7)


def test_a_supervisor_sees_it_but_does_not_work_on_it(field_: Field) -> None:
    row = taken(field_, field_.home())
    with pytest.raises(NotAllowed):
        actions.update_verification(by=field_.rosdiana, at=NOW, verification_id=row.id, presence=1)
    with pytest.raises(NotAllowed):
        actions.submit_verification(by=field_.rosdiana, at=NOW, verification_id=row.id, presence=2)
    assert row in access.verifications(field_.rosdiana) and row in access.verifications(field_.arman)
    for other in (field_.nur, field_.cast.neighbour, field_.cast.manager, ANYBODY):
        assert row not in access.verifications(other)


def test_a_seat_that_lost_the_door_works_on_it_no_more(field_: Field) -> None:
    home = field_.home()
    row = taken(field_, home)
    Verification.objects.update(seat=field_.seats["nur"])
    with pytest.raises(steps.NotYours):
        actions.update_verification(by=field_.arman, at=NOW, verification_id=row.id, presence=1)
    with pytest.raises(steps.NotYours):
        actions.take_verification(by=field_.arman, at=NOW, verification_id=row.id)


# --- submitting, approving, sending back --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("presence", "person", "name", "nik", "states"),
    [
        (1, 1, "Daeng Ngemba", NIK, ("M4", "MK", "Q2", 100)),
        (1, 6, "Ngemba/DAENG NGEMBA", "", ("M4", "MK", "Q2", 100)),
        (1, 1, "Orang Lain Sekali", NIK, ("M4", "MKa", "Q1a", None)),
        (1, 1, "Daeng Ngemba", "7303015001809999", ("M4", "MKa", "Q1a", None)),
        (1, 2, "", "", ("M4", "MKb", "Q1b", None)),
        (1, 5, "", "", ("M4", "MKb", "Q1b", None)),
        (1, 3, "", "", ("M4", "MKb", "Q2a", None)),
        (1, 4, "", "", ("M4", "MKb", "Q2a", None)),
        (2, 2, "", "", ("M4a", "MKb", "Q1b", None)),
        (4, 4, "", "", ("M4a", "MKb", "Q2a", None)),
    ],
)
def test_a_household_and_its_person_from_the_door_to_the_end(
    field_: Field, presence: int, person: int, name: str, nik: str, states: Any
) -> None:
    home = field_.home(nik=NIK)
    row = submitted(field_, home, presence, person, name=name, nik=nik)
    one = PersonCheck.objects.get()
    assert (row.state, one.state) == states[:2]
    if states[3] is not None:
        assert one.similar == states[3]
    actions.approve_verification(by=field_.rosdiana, at=NOW, verification_id=row.id)
    one.refresh_from_db()
    assert one.state == states[2] and check_of(home).approved_at == NOW
    path = [
        (step.from_state, step.to_state)
        for step in Transition.objects.filter(person_check=one).order_by("at", "id")
    ]
    assert path[0] == ("", "MKb" if states[1] == "MKb" else "M4") and path[-1][1] == states[2]
    assert all(step.by_name and step.act for step in Transition.objects.all())
    assert line_of("verification.approve").facts["persons"] == {states[2]: 1}
    assert line_of("verification.submit").facts["state"] == states[0]


def test_nobody_of_a_household_that_is_there_is_passed_over(field_: Field) -> None:
    home = field_.home()
    row = taken(field_, home)
    with pytest.raises(checking.PresenceMissing, match="Daeng Ngemba"):
        actions.submit_verification(by=field_.arman, at=NOW, verification_id=row.id, presence=1)
    assert check_of(home).state == "M1"
    actions.submit_verification(by=field_.arman, at=NOW, verification_id=row.id, presence=2)
    actions.submit_verification(by=field_.arman, at=NOW, verification_id=row.id, presence=2)
    assert check_of(home).state == "M4a" and [step[2] for step in walk(row)][-1] == "M4a"
    with pytest.raises(steps.MoveImpossible):
        actions.submit_verification(
            by=field_.arman, at=NOW, verification_id=row.id, presence=1, persons=[person_of(home)]
        )


def test_nobody_approves_their_own_work_or_twice(field_: Field) -> None:
    row = submitted(field_, field_.home())
    own = replace(field_.rosdiana, seat_id=field_.seats["arman"].id)
    with pytest.raises(steps.OwnWork):
        actions.approve_verification(by=own, at=NOW, verification_id=row.id)
    with pytest.raises(NotAllowed):
        actions.approve_verification(by=field_.arman, at=NOW, verification_id=row.id)
    actions.approve_verification(by=field_.rosdiana, at=NOW, verification_id=row.id)
    with pytest.raises(checking.ApprovedAlready):
        actions.approve_verification(by=field_.rosdiana, at=NOW, verification_id=row.id)
    with pytest.raises(checking.ApprovedAlready):
        actions.return_verification(by=field_.rosdiana, at=NOW, verification_id=row.id, note="ulangi lagi")
    with pytest.raises(steps.MoveImpossible):
        actions.approve_verification(
            by=field_.rosdiana, at=NOW, verification_id=taken(field_, field_.home("Baso")).id
        )


def test_what_is_sent_back_is_taken_again_and_submitted_anew(field_: Field) -> None:
    home = field_.home(nik=NIK)
    row = submitted(field_, home, person=2)
    with pytest.raises(checking.NoteMissing):
        actions.return_verification(by=field_.rosdiana, at=NOW, verification_id=row.id, note="")
    with pytest.raises(NotAllowed):
        actions.return_verification(by=field_.arman, at=NOW, verification_id=row.id, note="ulangi lagi")
    actions.return_verification(by=field_.rosdiana, at=NOW, verification_id=row.id, note="orangnya ada")
    row = check_of(home)
    assert (row.state, row.revoke_note, row.seat) == ("P3a", "orangnya ada", None)
    assert line_of("verification.return").inputs == {"note": "orangnya ada"}
    assert doors.mine(field_.arman, TODAY)[0].need.reasons.count("sent_back") == 1
    with pytest.raises(NotFound):
        actions.take_verification(by=field_.nur, at=NOW, verification_id=row.id)
    actions.take_verification(by=field_.arman, at=NOW, verification_id=row.id)
    actions.submit_verification(
        by=field_.arman, at=NOW, verification_id=row.id, presence=1, persons=[person_of(home, 1)]
    )
    assert PersonCheck.objects.get().state == "MK" and check_of(home).revoke_note == ""


def test_who_is_under_repair_is_matched_again_by_the_machine(field_: Field) -> None:
    home = field_.home("Sangkala", nik=NIK)
    row = submitted(field_, home, name="Muhammad Yusuf")
    actions.approve_verification(by=field_.rosdiana, at=NOW, verification_id=row.id)
    assert PersonCheck.objects.get().state == "Q1a" and actions.rematch_verifications(by=MACHINE, at=NOW) == 0
    assert not Line.objects.filter(kind="verifications.rematch").exists()
    Person.objects.update(full_name="Muh. Yusuf")
    assert actions.rematch_verifications(by=MACHINE, at=NOW) == 1
    assert PersonCheck.objects.get().state == "Q2" and line_of("verifications.rematch").facts == {
        "persons": 1
    }
    with pytest.raises(NotAllowed):
        actions.rematch_verifications(by=field_.rosdiana, at=NOW)


# --- samples ------------------------------------------------------------------------------------------------------------------


def draw(field: Field, by: Any = None, **more: Any) -> Sample:
    said = {
        "region_code": BONTO_JAI,
        "since": date(2026, 11, 1),
        "until": TODAY,
        "percent": 50,
        "seed": 7,
        **more,
    }
    return actions.draw_sample(by=by or field.rosdiana, at=NOW, **said)


def test_a_sample_is_drawn_by_its_seed_and_kept(field_: Field) -> None:
    rows = [submitted(field_, field_.home(f"Keluarga {number}")) for number in range(6)]
    key: UUID = uuid7()
    sample = draw(field_, sample_id=key)
    assert draw(field_, sample_id=key) == sample and (sample.pool, sample.seed) == (6, 7)
    chosen = [one.verification_id for one in checks.sample_rows(field_.rosdiana, sample.id)]
    assert len(chosen) == 3 and set(chosen) <= {one.id for one in rows}
    assert [one.verification_id for one in checks.sample_rows(field_.rosdiana, draw(field_).id)] == chosen
    assert line_of("sample.draw").facts["drawn"] == 3
    assert draw(field_, seat_id=field_.seats["arman"].id).pool == 6
    for more in ({"seat_id": field_.seats["nur"].id}, {"until": date(2026, 11, 2)}):
        with pytest.raises(sampling.NothingToDraw):
            draw(field_, **more)
    for percent in (0, 101):
        with pytest.raises(sampling.PercentWrong):
            draw(field_, percent=percent)
    for other in (field_.arman, field_.cast.manager):
        with pytest.raises(NotAllowed):
            draw(field_, by=other)


def test_the_second_look_agrees_differs_or_sends_back(field_: Field) -> None:
    for number in range(3):
        submitted(field_, field_.home(f"Keluarga {number}"))
    rows = checks.sample_rows(field_.rosdiana, draw(field_, percent=100).id)

    def look(row: Any, result: str, words: str = "", by: Any = None) -> None:
        actions.review_sample(by=by or field_.rosdiana, at=NOW, row_id=row.id, result=result, words=words)

    look(rows[0], "agree")
    with pytest.raises(sampling.LookedAtAlready):
        look(rows[0], "agree")
    with pytest.raises(steps.ChoiceUnknown):
        look(rows[1], "shrug")
    with pytest.raises(steps.WordsMissing):
        look(rows[1], "differ")
    with pytest.raises(steps.OwnWork):
        look(rows[1], "agree", by=replace(field_.rosdiana, seat_id=field_.seats["arman"].id))
    with pytest.raises(NotFound):
        look(rows[1], "agree", by=field_.arman)
    look(rows[1], "differ", "atapnya rumbia, bukan seng")
    look(rows[2], "return", "belum didatangi")
    assert Verification.objects.get(id=rows[2].verification_id).state == "P3a"
    found = checks.agreement(field_.rosdiana)
    assert [(one.drawn, one.agree, one.differ, one.returned, one.left) for one in found[-1:]] == [
        (1, 0, 0, 1, 0)
    ] or len(found) == 1
    assert line_of("sample.review").facts["result"] == "return"
    assert checks.samples(field_.rosdiana)[0].looked == 3  # type: ignore[attr-defined]


def test_what_was_approved_is_not_sent_back_by_a_sample(field_: Field) -> None:
    row = submitted(field_, field_.home())
    sample = draw(field_)
    actions.approve_verification(by=field_.rosdiana, at=NOW, verification_id=row.id)
    one = checks.sample_rows(field_.rosdiana, sample.id)[0]
    with pytest.raises(checking.ApprovedAlready):
        actions.review_sample(by=field_.rosdiana, at=NOW, row_id=one.id, result="return", words="ulangi lagi")
    one.refresh_from_db()
    assert one.result == ""


# --- lists and figures --------------------------------------------------------------------------------------------------------


def test_the_list_is_ordered_by_need_and_says_why(field_: Field) -> None:
    calm = field_.home("Tenang")
    ill = field_.home("Sakit", kis_state="inactive", pregnant=True, born=date(1990, 1, 1))
    old = field_.home("Tua", born=date(1950, 1, 1), disability="bdt/1")
    visit(field_, calm)
    Observation.objects.create(
        subject_kind="household", subject_id=old.id, field="motorcycle", value="yes", state="conflict", source="visit",
        observed_date=TODAY, recorded_at=NOW,
    )  # fmt: skip
    given(field_, calm, ill, old)
    found = doors.mine(field_.arman, TODAY)
    assert [one.household for one in found] == [ill, old, calm]
    assert {"kis_off", "pregnant", "never"} <= set(found[0].need.reasons)
    assert {"elderly", "disabled", "conflict"} <= set(found[1].need.reasons)
    assert set(found[2].need.reasons) == {"no_benefit"}
    assert doors.mine(field_.nur, TODAY) == []


def test_a_card_on_a_deactivation_list_is_a_reason_until_it_works_again(field_: Field) -> None:
    home = field_.home("Sakit")
    given(field_, home)
    group = Deactivation.objects.create(
        name="SK 3", source="Kemensos", off_date=TODAY, region_code="7303", loaded_at=NOW, loaded_by="x"
    )
    card = Card.objects.create(
        deactivation=group, row_key="1", name="Sakit", name_key="", region_code=home.region_code, off_date=TODAY,
        person=home.head, match="sure", listed_at=NOW, changed_at=NOW,
    )  # fmt: skip
    assert "kis_off" in doors.mine(field_.arman, TODAY)[0].need.reasons
    Card.objects.filter(id=card.id).update(state="reactivated")
    assert "kis_off" not in doors.mine(field_.arman, TODAY)[0].need.reasons


def test_progress_counts_each_household_once(field_: Field) -> None:
    first, second, third = (field_.home(f"Keluarga {number}") for number in range(3))
    submitted(field_, first)
    given(field_, second, third)
    visit(field_, first)
    visit(field_, second, "nobody_home")
    visit(field_, second, "moved", visited_at=NOW)
    parts = doors.by_facilitator(field_.rosdiana)
    assert [
        (one.name, one.progress.doors, one.progress.visited, one.progress.confirmed, one.progress.not_found)
        for one in parts
    ] == [("Arman", 3, 2, 1, 1)]
    hamlet = doors.by_hamlet(field_.rosdiana, BONTO_JAI)
    assert [(one.name, one.progress.doors) for one in hamlet] == [("Dusun Pundingin", 3)]
    assert doors.by_facilitator(field_.cast.manager) == []
    assert [one.user.full_name for one in doors.facilitators(field_.rosdiana, NOW)] == ["Arman", "Nur"]


def test_who_was_never_reached_is_found_hamlet_by_hamlet(field_: Field) -> None:
    visited, asked, unknown = (field_.home(name) for name in ("Dikunjungi", "Bertanya", "Tak Dikenal"))
    visit(field_, visited)
    case = field_.cast.case(region_code=BONTO_JAI)
    type(case).objects.filter(id=case.id).update(about=asked.head)
    found = coverage.hamlets(field_.rosdiana, BONTO_JAI)
    assert [(one.name, one.households, one.by_case, one.by_visit, one.by_benefit, one.never, one.share) for one in found] == [
        ("Dusun Pundingin", 3, 1, 1, 0, 1, 66)
    ]  # fmt: skip
    never = coverage.never_reached(field_.rosdiana, BONTO_JAI, TODAY, field_.hamlet.id)
    assert [one.household for one in never] == [unknown]
    assert coverage.hamlets(field_.cast.manager, BONTO_JAI) == []


def test_households_on_nobodys_list_can_be_shown_alone(field_: Field) -> None:
    mine, free = field_.home("Sudah"), field_.home("Belum")
    given(field_, mine)
    found = doors.of_hamlet(field_.rosdiana, BONTO_JAI, TODAY, free=True)
    assert [one.household for one in found] == [free]
    assert len(doors.of_hamlet(field_.rosdiana, BONTO_JAI, TODAY, field_.hamlet.id)) == 2


def test_nobody_checks_their_own_work_from_another_seat(field_: Field) -> None:
    row = submitted(field_, field_.home())
    drawn = SampleRow.objects.get(sample=draw(field_, percent=100))
    other_seat = replace(field_.rosdiana, user_id=field_.arman.user_id)
    with pytest.raises(steps.OwnWork):
        actions.approve_verification(by=other_seat, at=NOW, verification_id=row.id)
    with pytest.raises(steps.OwnWork):
        actions.review_sample(by=other_seat, at=NOW, row_id=drawn.id, result="agree")


@pytest.mark.parametrize("elsewhere", [True, False])
def test_a_door_tells_nothing_of_a_number_that_exists_elsewhere(field_: Field, elsewhere: bool) -> None:
    known = field_.home("Sangkala", DUNGKAIT if elsewhere else BONTO_JAI, nik=NIK)
    if not elsewhere:
        Person.objects.filter(household=known).update(restricted_at=NOW)
    submitted(field_, field_.home("Nobody"), name="Sangkala", nik=NIK)
    one = PersonCheck.objects.get()
    assert (one.state, one.similar) == ("MKa", None)


def test_whose_data_stand_still_is_on_no_facilitators_list(field_: Field) -> None:
    home = field_.home()
    submitted(field_, home)
    assert doors.mine(field_.arman, TODAY) and checks.waiting(field_.rosdiana)
    Person.objects.filter(household=home).update(restricted_at=NOW)
    assert not doors.mine(field_.arman, TODAY) and not checks.waiting(field_.rosdiana)
    assert not doors.of_seat(field_.rosdiana, field_.seats["arman"].id, TODAY)
    assert not checks.listed(field_.rosdiana).rows


def test_what_was_checked_goes_to_the_other_row_of_a_person(field_: Field) -> None:
    home, other = field_.home(nik=NIK), field_.home("St. Aminah")
    submitted(field_, home)
    said: dict[str, Any] = {"by": MACHINE, "at": NOW, "region_code": BONTO_JAI}
    moving.move_checks(**said, origin_id=home.head_id, target_id=other.head_id)
    assert (
        PersonCheck.objects.get().person_id == other.head_id
        and line_of("checks.move").subject_id == other.head_id
    )
