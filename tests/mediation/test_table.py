"""At the table: parties and what they said, mediators without ties, summonses, sessions, evidence."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from simpul.journal.models import Line
from simpul.lib.errors import NotAllowed, NotFound
from simpul.lib.ids import uuid7
from simpul.lib.media.kinds import FileRefused
from simpul.mediation.actions import _steps, evidence, meeting, parties
from simpul.mediation.models import (
    Attendance,
    Dispute,
    Evidence,
    Mediator,
    Party,
    Session,
    Statement,
    Summons,
)
from simpul.mediation.queries import kin, lists
from simpul.people import actions as people_actions
from simpul.people.models import Person, Relation
from tests.cast import DUNGKAIT, NOW, Cast
from tests.mediation.conftest import SAFE, dispute, mediator, party, ready, session


def person(cast: Cast, name: str) -> Person:
    return people_actions.register_person(
        by=cast.manager, at=NOW, full_name=name, region_code=DUNGKAIT
    ).person


def said(cast: Cast, one: Dispute, **more: Any) -> dict[str, Any]:
    return {"by": cast.village_officer, "at": NOW, "dispute_id": one.id, **more}


# --- parties and statements -----------------------------------------------------------------------------------------


def test_a_party_of_the_register_or_from_elsewhere_is_written_down(cast: Cast) -> None:
    one = dispute(cast)
    known = party(cast, one, "", person_id=person(cast, "Nurhayati").id)
    assert known.name == "Nurhayati"
    key = uuid7()
    stranger = parties.PartyGiven(
        "Budi", "respondent", resident=False, phone="0812 7777 1234", spoken_by="Rahmat"
    )
    for _time in range(2):
        made = parties.record_party(**said(cast, one), given=stranger, party_id=key)
    assert (made.id, made.phone, made.resident) == (key, "+6281277771234", False)
    assert Party.objects.filter(dispute=one).count() == 2
    parties.change_party(**said(cast, one), party_id=key, given=parties.PartyGiven("Budi S.", "respondent"))
    assert Party.objects.get(id=key).name == "Budi S."
    parties.withdraw_party(**said(cast, one), party_id=key)
    assert lists.parties(one) == [known]
    assert set(Line.objects.filter(kind__startswith="party.").values_list("kind", flat=True)) == {
        "party.record",
        "party.change",
        "party.withdraw",
    }


def test_a_party_is_refused_without_a_name_and_to_strangers(cast: Cast) -> None:
    one = dispute(cast)
    for given, refusal in (
        (parties.PartyGiven(""), _steps.WordsMissing),
        (parties.PartyGiven("Ani", "king"), _steps.ChoiceUnknown),
        (parties.PartyGiven("Ani", person_id=uuid7()), NotFound),
    ):
        with pytest.raises(refusal):
            parties.record_party(**said(cast, one), given=given)
    with pytest.raises(NotFound):
        parties.record_party(
            by=cast.neighbour_head, at=NOW, dispute_id=one.id, given=parties.PartyGiven("Ani")
        )
    other = dispute(cast)
    made = party(cast, other)
    with pytest.raises(_steps.KeyTaken):
        parties.record_party(**said(cast, one), given=parties.PartyGiven("Ani"), party_id=made.id)


def test_a_party_that_was_summoned_stays(cast: Cast) -> None:
    one, first, _second = ready(cast)
    meeting.issue_summons(**said(cast, one), party_id=first.id, come_at=NOW, place="Balai")
    with pytest.raises(parties.PartyBound):
        parties.withdraw_party(**said(cast, one), party_id=first.id)


def test_no_more_parties_than_fit_at_a_table(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parties, "MOST_PARTIES", 1)
    one = dispute(cast)
    party(cast, one)
    with pytest.raises(parties.TooManyParties):
        party(cast, one, "Jufri")


def test_what_a_party_said_is_theirs_until_they_agree_to_share_it(cast: Cast) -> None:
    one, first, _second = ready(cast)
    statement = parties.take_statement(
        **said(cast, one), party_id=first.id, said="Pagar itu digeser malam hari."
    )
    assert statement.shared_at is None
    line = Line.objects.get(kind="statement.take")
    assert "digeser" not in str(line.inputs)
    share = said(cast, one, statement_id=statement.id)
    with pytest.raises(_steps.ChoiceUnknown):
        parties.share_statement(**share, how="")
    parties.share_statement(**share, how="written")
    assert Statement.objects.get(id=statement.id).shared_how == "written"
    parties.share_statement(**share, how="", shared=False)
    assert Statement.objects.get(id=statement.id).shared_at is None
    parties.withdraw_statement(**said(cast, one), statement_id=statement.id)
    assert lists.statements(one) == {}
    with pytest.raises(_steps.WordsMissing):
        parties.take_statement(**said(cast, one), party_id=first.id, said=" ")


# --- mediators ------------------------------------------------------------------------------------------------------


def test_only_the_head_or_the_secretary_names_a_mediator(cast: Cast) -> None:
    one = dispute(cast)
    with pytest.raises(NotAllowed):
        parties.name_mediator(**said(cast, one), given=parties.MediatorGiven("Haji Tompo"))
    first = mediator(cast, one, leads=True)
    second = mediator(cast, one, "Sitti Rabiah", leads=True)
    assert (first.conflicts, Mediator.objects.get(id=first.id).leads, second.leads) == ([], False, True)
    with pytest.raises(parties.MediatorUnknown):
        mediator(cast, one, "", account_id=cast.neighbour_head.user_id)
    assert Line.objects.filter(kind="mediator.name").count() == 2


def test_a_mediator_tied_to_a_party_needs_the_word_of_all(cast: Cast) -> None:
    one = dispute(cast)
    brother, side = person(cast, "Rahman"), person(cast, "Nurhayati")
    Relation.objects.create(person=brother, other=side, kind="parent", recorded_at=NOW)
    party(cast, one, "", person_id=side.id)
    with pytest.raises(parties.MediatorConflict):
        mediator(cast, one, "", person_id=brother.id)
    with pytest.raises(parties.MediatorConflict):
        mediator(cast, one, "Haji Tompo", interest="Menyewa kebun di sebelahnya")
    named = mediator(
        cast, one, "", person_id=brother.id, parties_agree="Kedua pihak tahu dan setuju, 23 November"
    )
    assert named.conflicts == ["relation"]
    with pytest.raises(parties.MediatorImpossible):
        mediator(cast, one, "", person_id=side.id, parties_agree="Semua setuju saja")
    same = mediator(cast, one, "Nurhayati")  # an equal name is a question, never a bar
    assert same.conflicts == ["name"]


def test_ties_are_looked_for_again_when_parties_change(cast: Cast) -> None:
    one = dispute(cast)
    named = mediator(cast, one, "Haji Tompo")
    party(cast, one, "Budi", spoken_by="Haji Tompo")
    assert Mediator.objects.get(id=named.id).conflicts == ["speaker"]


def test_others_of_the_office_are_proposed_without_ties_first(cast: Cast) -> None:
    one = dispute(cast)
    party(cast, one, cast.secretary.name)
    found = kin.proposals(one)
    assert [(row.name, row.ties) for row in found][-1] == (cast.secretary.name, ("name",))
    assert {row.name for row in found} >= {cast.village_head.name, cast.village_officer.name}
    assert all(row.name != cast.neighbour_head.name for row in found)


# --- summons --------------------------------------------------------------------------------------------------------


def test_summonses_are_counted_delivered_and_answered(cast: Cast) -> None:
    one, first, second = ready(cast)
    when = NOW + timedelta(days=3)
    made = [
        meeting.issue_summons(**said(cast, one), party_id=second.id, come_at=when, place="Balai desa")
        for _time in range(3)
    ]
    assert [row.ordinal for row in made] == [1, 2, 3]
    assert (
        meeting.issue_summons(**said(cast, one), party_id=first.id, come_at=when, place="Balai").ordinal == 1
    )
    deliver = said(cast, one, summons_id=made[0].id, delivered_at=NOW)
    with pytest.raises(_steps.ChoiceUnknown):
        meeting.deliver_summons(**deliver, result="burnt")
    meeting.deliver_summons(**deliver, result="refused", how="rt", to="istri")
    meeting.answer_summons(**said(cast, one), summons_id=made[0].id, appeared="absent")
    with pytest.raises(_steps.WordsMissing):
        meeting.answer_summons(**said(cast, one), summons_id=made[1].id, appeared="excused")
    meeting.answer_summons(**said(cast, one), summons_id=made[1].id, appeared="excused", excuse="sakit")
    meeting.letter_summons(**said(cast, one), summons_id=made[2].id, letter_id=uuid7())
    meeting.withdraw_summons(**said(cast, one), summons_id=made[2].id)
    row = Summons.objects.get(id=made[0].id)
    assert (row.delivery, row.delivered_how, row.delivered_to, row.appeared) == (
        "refused",
        "rt",
        "istri",
        "absent",
    )
    assert lists.absences(one) == {second.id: 1}
    with pytest.raises(NotFound):
        meeting.deliver_summons(
            by=cast.neighbour_officer,
            at=NOW,
            dispute_id=one.id,
            summons_id=row.id,
            result="received",
            delivered_at=NOW,
        )


# --- sessions -------------------------------------------------------------------------------------------------------


def test_a_session_goes_from_its_plan_to_its_end(cast: Cast) -> None:
    one = dispute(cast)
    first, second = party(cast, one), party(cast, one, "Jufri", "respondent")
    when = NOW + timedelta(days=2)
    planned = meeting.plan_session(**said(cast, one), planned_at=when, place="Balai desa")
    own = said(cast, one, session_id=planned.id)
    assert Dispute.objects.get(id=one.id).next_date == (when + timedelta(hours=8)).date()
    meeting.move_session(**own, planned_at=NOW, place="Pos Pintar")
    with pytest.raises(meeting.NobodyMediates):
        meeting.hold_session(**own, held_at=NOW, answers=SAFE)
    mediator(cast, one)
    summons = meeting.issue_summons(
        **said(cast, one), party_id=second.id, come_at=NOW, place="Pos", session_id=planned.id
    )
    with pytest.raises(meeting.SessionNotHeld):
        meeting.write_session(**own, minutes="Dibuka.")
    with pytest.raises(meeting.HeldTooEarly):
        meeting.hold_session(**own, held_at=NOW + timedelta(hours=1), answers=SAFE)
    assert meeting.hold_session(**own, held_at=NOW, answers=SAFE)
    with pytest.raises(meeting.SessionBegun):
        meeting.move_session(**own, planned_at=NOW, place="Balai")
    row = Attendance.objects.get(session=planned, party=second)
    meeting.attend_session(**own, attendance_id=row.id, came=False)
    assert Summons.objects.get(id=summons.id).appeared == "absent"
    meeting.attend_session(**own, attendance_id=Attendance.objects.get(party=first).id)
    meeting.attend_session(**own, name="Saksi Satu", part="witness")
    meeting.write_session(**own, minutes="Dibuka pukul 20.00.")
    with pytest.raises(_steps.ChoiceUnknown):
        meeting.end_session(**own, outcome="war", minutes="x")
    meeting.end_session(**own, outcome="next", minutes="")
    ended = Session.objects.get(id=planned.id)
    assert (ended.state, ended.outcome, ended.minutes) == ("ended", "next", "Dibuka pukul 20.00.")
    with pytest.raises(meeting.SessionOver):
        meeting.write_session(**own, minutes="Lagi.")
    kinds = set(Line.objects.filter(kind__startswith="session.").values_list("kind", flat=True))
    assert kinds == {f"session.{act}" for act in ("plan", "move", "hold", "attend", "write", "end")}


def test_a_session_is_called_off_before_it_begins(cast: Cast) -> None:
    one = dispute(cast)
    planned = meeting.plan_session(**said(cast, one), planned_at=NOW, place="Balai desa")
    own = said(cast, one, session_id=planned.id)
    meeting.cancel_session(**own, why="hujan lebat")
    assert Dispute.objects.get(id=one.id).next_date is None
    with pytest.raises(meeting.SessionOver):
        meeting.cancel_session(**own, why="hujan lebat")
    with pytest.raises(NotFound):
        meeting.plan_session(by=cast.neighbour_head, at=NOW, dispute_id=one.id, planned_at=NOW, place="Balai")


# --- evidence -------------------------------------------------------------------------------------------------------


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "JPEG")
    return out.getvalue()


def test_evidence_is_cleaned_kept_with_its_source_and_every_look_is_written(cast: Cast) -> None:
    one, first, _second = ready(cast)
    brought = said(cast, one, data=photo(), declared_name="pagar.jpg", title="Foto pagar", party_id=first.id)
    kept = evidence.add_evidence(**brought, source="Dibawa Mansyur")
    assert len(kept.sha256) == len(kept.brought_digest) == 64 and kept.sha256 != kept.brought_digest
    _row, data = evidence.read_evidence(by=cast.village_head, at=NOW, evidence_id=kept.id)
    assert data[:2] == b"\xff\xd8"
    assert Line.objects.filter(kind="evidence.read").count() == 1
    with pytest.raises(NotFound):
        evidence.read_evidence(by=cast.neighbour_head, at=NOW, evidence_id=kept.id)
    with pytest.raises(_steps.WordsMissing):
        evidence.add_evidence(**brought, source="")
    with pytest.raises(FileRefused):
        evidence.add_evidence(**{**brought, "data": b"MZ"}, source="Dibawa Mansyur")
    evidence.withdraw_evidence(**said(cast, one), evidence_id=kept.id, why="keliru berkas")
    assert lists.evidence(one) == []
    assert Evidence.objects.get().withdrawn_at is not None
    with pytest.raises(NotFound):
        evidence.read_evidence(by=cast.village_head, at=NOW, evidence_id=kept.id)


def test_a_session_held_twice_stays_one(cast: Cast) -> None:
    one = dispute(cast)
    party(cast, one)
    mediator(cast, one)
    begun = session(cast, one)
    with pytest.raises(meeting.SessionBegun):
        meeting.hold_session(**said(cast, one), session_id=begun.id, held_at=NOW, answers=SAFE)
