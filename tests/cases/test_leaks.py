"""What somebody may not see is not betrayed either: not by a kind, a copy, a number, a count, a message or a second seat."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from simpul.cases import access, search
from simpul.cases.actions import (
    afterwards,
    escalation,
    handling,
    incidents,
    intake,
    protection,
    publishing,
    referral,
    shaping,
)
from simpul.cases.models import Case, Clock, Escalation, Exclusion
from simpul.cases.queries import case as case_queries
from simpul.cases.queries import clocks as clock_queries
from simpul.cases.queries import figures, inbox, similar
from simpul.cases.queries import publishing as publishing_queries
from simpul.desks.models import Seat
from simpul.journal.models import Line
from simpul.lib.actor import MACHINE, Actor
from simpul.lib.errors import NotFound
from simpul.messages.models import Message
from tests.cast import NOW, Cast, actor

LATER = NOW + timedelta(hours=3)


def again(case: Case) -> Case:
    return Case.objects.get(id=case.id)


def sees(by: Actor, case: Case) -> bool:
    return access.visible(by).filter(id=case.id).exists()


def kept_away(case: Case, cast: Cast, part: str) -> None:
    protection.exclude_case(
        by=cast.focal, at=LATER, case_id=case.id, reason="Perkara ini tentang dia", user_id=cast.user(part).id
    )


def sealed(cast: Cast, **given: Any) -> Case:
    """An ordinary matter that its desk closed by hand: no word of it flags anything."""
    case = cast.case(**given)
    protection.seal_case(by=cast.admin, at=LATER, case_id=case.id, reason="Pelapor takut dibalas")
    return again(case)


# --- a more closed kind ---------------------------------------------------------------------------------------------


def test_a_kind_that_is_sealed_seals_the_matter_that_becomes_one(cast: Cast) -> None:
    case = cast.case()
    shaping.classify_case(by=cast.admin, at=LATER, case_id=case.id, kind_code="protected_report")
    case = again(case)
    assert (case.sensitivity, case.holder.code) == ("sealed", "protected")
    assert not sees(cast.admin, case)
    assert search.find_cases(cast.focal, "lampu jalan") == []


def test_a_restricted_kind_takes_the_matter_out_of_the_areas_lists(cast: Cast) -> None:
    case = cast.case()
    assert sees(cast.manager, case)
    shaping.classify_case(by=cast.admin, at=LATER, case_id=case.id, kind_code="complaint_oversight")
    assert again(case).sensitivity == "restricted"
    assert not sees(cast.manager, case)
    shaping.classify_case(by=cast.admin, at=LATER, case_id=case.id, kind_code="complaint")
    assert again(case).sensitivity == "restricted"


# --- what comes out of a matter -------------------------------------------------------------------------------------


def test_what_is_split_off_a_sealed_matter_is_sealed_and_keeps_the_same_people_away(cast: Cast) -> None:
    case = sealed(cast)
    kept_away(case, cast, "manager")
    opened = shaping.split_case(
        by=cast.focal, at=LATER, case_id=case.id, kind_code="complaint", text="Jalan desa juga rusak."
    )
    assert (opened.case.sensitivity, opened.case.holder.code, opened.pin) == ("sealed", "protected", "")
    assert Exclusion.objects.filter(case=opened.case, user_id=cast.user("manager").id).exists()
    line = Line.objects.get(kind="case.split", subject_id=case.id)
    assert line.facts["number"] == ""


def test_an_appeal_against_a_sealed_matter_is_no_open_copy_of_it(cast: Cast) -> None:
    case = sealed(cast)
    handling.answer_case(
        by=cast.focal, at=LATER, case_id=case.id, text="Sudah kami tangani.", decision="upheld"
    )
    opened = afterwards.appeal_case(by=cast.focal, at=LATER, case_id=case.id, reason="Belum ada hasilnya")
    assert (opened.case.sensitivity, opened.case.holder.code) == ("sealed", "protected")
    assert not any(sees(by, opened.case) for by in (cast.admin, cast.manager, cast.approver))


def test_an_appeal_starts_at_the_desk_above_with_its_clocks(cast: Cast) -> None:
    case = cast.case()
    handling.answer_case(
        by=cast.admin, at=LATER, case_id=case.id, text="Lampu sudah diganti.", decision="upheld"
    )
    appeal = afterwards.appeal_case(by=cast.admin, at=LATER, case_id=case.id, reason="Lampu masih padam").case
    assert (appeal.holder.code, again(appeal).appeal_of_id) == ("leaders-mamuju", case.id)
    owners = set(Clock.objects.filter(case=appeal, stopped_at=None).values_list("desk__code", flat=True))
    assert owners == {"leaders-mamuju"}


def test_a_timeline_does_not_name_a_sealed_matter(cast: Cast) -> None:
    plain, closed = cast.case(), sealed(cast)
    shaping.link_case(by=cast.focal, at=LATER, case_id=plain.id, other_id=closed.id)
    assert Line.objects.get(kind="case.link").facts["other"] == ""


# --- the desk and the people it is about ----------------------------------------------------------------------------


def test_a_matter_about_its_own_first_desk_starts_elsewhere(cast: Cast) -> None:
    about = [intake.PartyGiven(role="accused", name="Petugas", desk_id=cast.desk("centre").id)]
    case = cast.case(parties=about)
    assert case.holder.code == "leaders-mamuju"
    assert not sees(cast.admin, case)
    assert not Message.objects.filter(to_desk_id=cast.desk("centre").id).exists()


def test_who_is_kept_away_sees_the_publication_neither(cast: Cast) -> None:
    case = cast.case()
    handling.answer_case(
        by=cast.admin, at=LATER, case_id=case.id, text="Lampu sudah diganti.", decision="upheld"
    )
    publishing.prepare_publication(
        by=cast.admin,
        at=LATER,
        case_id=case.id,
        title="Lampu jalan padam",
        text="Lampu jalan di dusun padam sejak sebulan lalu.",
        answer="Lampu sudah diganti.",
    )
    assert len(publishing_queries.awaiting_release(cast.approver)) == 1
    weak = actor(cast.seats["manager"], strong=False)
    assert publishing_queries.awaiting_release(weak) == []
    kept_away(case, cast, "approver")
    assert publishing_queries.awaiting_release(cast.approver) == []


def test_an_answer_to_a_shared_cause_passes_by_what_the_actor_is_kept_away_from(cast: Cast) -> None:
    first = cast.case()
    incident = incidents.open_incident(
        by=cast.admin, at=NOW, case_id=first.id, title="Lampu jalan padam", text="Gardu dusun rusak."
    )
    hidden, other = (cast.case(incident_id=incident.id) for _ in range(2))
    kept_away(hidden, cast, "admin")
    done = incidents.answer_incident(
        by=cast.admin, at=LATER, incident_id=incident.id, text="Gardu sudah diganti.", decision="upheld"
    )
    assert (done.answered, again(hidden).state, again(other).state) == (2, "new", "answered")


def test_a_returned_matter_does_not_fall_back_to_a_desk_that_was_kept_away(cast: Cast) -> None:
    case = cast.case()
    referral.refer_case(
        by=cast.admin, at=NOW, case_id=case.id, to_desk_id=cast.desk("shelter").id, note="Urusan hunian"
    )
    referral.accept_case(by=cast.pokja, at=NOW, case_id=case.id)
    protection.exclude_case(
        by=cast.focal,
        at=LATER,
        case_id=case.id,
        reason="Perkara ini tentang meja itu",
        desk_id=cast.desk("centre").id,
    )
    referral.return_case(by=cast.pokja, at=LATER, case_id=case.id, reason="Bukan urusan hunian")
    assert again(case).holder.code == "protected"


# --- counts ---------------------------------------------------------------------------------------------------------


def test_silence_on_a_sealed_matter_is_no_number_on_anybodys_page(cast: Cast) -> None:
    case = cast.case(kind_code="protected_report", text_given="Ada kekerasan di rumah tetangga.")
    at = NOW + timedelta(days=3)
    for clock_id in clock_queries.overdue(at):
        escalation.escalate_case(by=MACHINE, at=at, clock_id=clock_id)
    assert Escalation.objects.filter(case=case, to_desk=cast.desk("leaders-mamuju")).exists()
    assert inbox.counts(cast.manager, at)["raised"] == 0
    assert not sees(cast.manager, case)
    assert all(load.late_turns == load.raised == 0 for load in figures.desk_loads(cast.manager, at))


def test_a_shared_cause_does_not_count_its_sealed_members(cast: Cast) -> None:
    first = cast.case()
    incident = incidents.open_incident(
        by=cast.admin, at=NOW, case_id=first.id, title="Lampu jalan padam", text="Gardu dusun rusak."
    )
    cast.case(incident_id=incident.id)
    danger = cast.case(incident_id=incident.id, text_given="Tukang lampunya mengancam saya dan anak saya.")
    assert danger.sensitivity == "sealed" and danger.incident_id is None
    protection.seal_case(by=cast.admin, at=LATER, case_id=first.id, reason="Pelapor takut dibalas")
    found = similar.similar(
        None,
        kind_code="complaint",
        region_code=first.region_code,
        hamlet_id=None,
        text="lampu jalan padam gardu rusak",
        at=LATER,
    )
    assert [(one.what, one.members) for one in found] == [("incident", 1)]


# --- names ----------------------------------------------------------------------------------------------------------


def test_messages_do_not_tell_who_reported_when_the_name_is_hidden(cast: Cast) -> None:
    case = cast.case(hide_name=True)
    handling.answer_case(
        by=cast.admin, at=LATER, case_id=case.id, text="Lampu sudah diganti.", decision="upheld"
    )
    told = case_queries.case_page(cast.admin, case.id, NOW).messages
    assert told and not any("Nurhayati" in f"{row.to_name}{row.subject}{row.body}" for row in told)
    seen = case_queries.case_page(cast.focal, case.id, NOW).messages
    assert any(row.to_name == "Nurhayati" for row in seen)


# --- receipts -------------------------------------------------------------------------------------------------------


def test_a_resident_gets_no_receipt_of_what_an_officer_took_in(cast: Cast) -> None:
    case = cast.case(by=cast.admin, channel="phone")
    with pytest.raises(NotFound):
        cast.opened(case_id=case.id)


def test_nobody_adds_to_the_visit_of_somebody_else_and_so_learns_its_pin(cast: Cast) -> None:
    visit = intake.open_visit(by=cast.admin, at=NOW, channel="desk")
    first = cast.opened(by=cast.admin, channel="desk", visit_id=visit.id)
    second = cast.opened(by=cast.admin, channel="desk", visit_id=visit.id)
    assert first.pin == second.pin
    for by in (cast.second_admin, cast.village_officer):
        with pytest.raises(NotFound):
            cast.opened(by=by, channel="desk", visit_id=visit.id)
    with pytest.raises(NotFound):
        cast.opened(visit_id=visit.id)


def test_only_a_shared_cause_can_be_joined_at_intake(cast: Cast) -> None:
    other = cast.case()
    for by in (cast.admin, None):
        with pytest.raises(NotFound):
            cast.opened(incident_id=other.id, **({"by": by, "channel": "desk"} if by else {}))


def test_somebody_with_a_second_seat_at_the_desk_kept_away_sees_nothing_from_the_first(cast: Cast) -> None:
    case = cast.case()
    Seat.objects.create(user=cast.user("approver"), desk=cast.desk("water"), role="pokja", from_at=NOW)
    protection.exclude_case(
        by=cast.focal,
        at=LATER,
        case_id=case.id,
        reason="Perkara ini tentang pokja air",
        desk_id=cast.desk("water").id,
    )
    assert not sees(cast.approver, case)
    assert sees(cast.manager, case)


def test_who_only_administers_reads_no_matter_of_the_desk_they_sit_at(cast: Cast) -> None:
    case = cast.case()
    handling.answer_case(
        by=cast.admin, at=LATER, case_id=case.id, text="Lampu sudah diganti.", decision="upheld"
    )
    appeal = afterwards.appeal_case(by=cast.admin, at=LATER, case_id=case.id, reason="Lampu masih padam").case
    assert appeal.holder.code == "leaders-mamuju" and sees(cast.manager, appeal)
    assert not sees(cast.administrator, appeal) and not sees(cast.protection_officer, appeal)
