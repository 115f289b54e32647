"""The ministry's verification: taken, worked on, submitted, approved or sent back, matched again. Every step is written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import nik as nik_lib
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.lib.ids import uuid7
from simpul.outreach.actions import steps
from simpul.outreach.models import Assignment, PersonCheck, Verification
from simpul.outreach.queries import checks, doors
from simpul.outreach.rules import verification as rules


class PresenceMissing(Refused):
    """A household that is there has people, and each of them is looked for."""

    code = "verification.presence_missing"
    sentence = _("Say for each person whether they are there. Missing: %(names)s.")


class ApprovedAlready(Refused):
    """What was approved is not sent back."""

    code = "verification.approved"
    sentence = _("This household was approved already.")


class NoteMissing(Refused):
    """Whoever gets it back has to know why."""

    code = "verification.note_missing"
    sentence = _("Write what has to be put right, so that the facilitator knows.")
    field = "note"


@dataclass(frozen=True, slots=True)
class PersonSaid:
    """One person as they were found: of the register by ``person_id``, else by name. ``presence`` is the ministry's code 1 to 6."""

    presence: int | None
    person_id: UUID | None = None
    name: str = ""
    nik: str = ""
    check_id: UUID | None = None


def take_verification(*, by: Actor, at: datetime, verification_id: UUID) -> None:
    """Take a household (M1): only from P3 or P3a, and only while nobody has it. It comes onto the own list.

    Taking what one has already changes nothing.

    Raises:
        steps.NotYours, steps.MoveImpossible, NotFound, NotAllowed.
    """
    with transaction.atomic():
        row = steps.begin(by, "verification.take", verification_id)
        if row.seat_id is not None and row.seat_id == by.seat_id and row.state in rules.TAKEN:
            return
        _take(by, at, "verification.take", row)
        steps.line(by, at, "verification.take", "household", row.household_id, row.region_code)


def _take(by: Actor, at: datetime, act: str, row: Verification) -> None:
    listed = doors.open_assignment(row.household_id)
    if by.seat_id is None or (listed is not None and listed.seat_id != by.seat_id):
        raise steps.NotYours
    if row.seat_id is not None and row.state in rules.TAKEN:
        raise steps.NotYours
    following = rules.take(row.state, assigned=row.seat_id is not None)
    steps.move(by, at, act, row, following, seat_id=by.seat_id, taken_at=at)
    if listed is None:
        Assignment.objects.create(
            household_id=row.household_id,
            seat_id=by.seat_id,
            region_code=row.region_code,
            hamlet_id=row.hamlet_id,
            assigned_at=at,
            assigned_by=by.name[:150],
        )


def update_verification(
    *,
    by: Actor,
    at: datetime,
    verification_id: UUID,
    presence: int | None = None,
    persons: Sequence[PersonSaid] = (),
) -> None:
    """Keep what is known so far (M2); only who has the household. What is not said stays as it was.

    Raises:
        steps.NotYours, steps.MoveImpossible, steps.ChoiceUnknown.
    """
    with transaction.atomic():
        row = steps.begin(by, "verification.update", verification_id)
        _mine(by, row)
        _keep(at, row, presence, persons)
        steps.move(by, at, "verification.update", row, rules.update(row.state, mine=True))
        steps.line(
            by,
            at,
            "verification.update",
            "household",
            row.household_id,
            row.region_code,
            facts={"presence": presence, "persons": len(persons)},
        )


def _mine(by: Actor, row: Verification) -> None:
    if row.state in rules.TAKEN and (by.seat_id is None or row.seat_id != by.seat_id):
        raise steps.NotYours


def _keep(at: datetime, row: Verification, presence: int | None, persons: Sequence[PersonSaid]) -> None:
    """Write what was said into the rows of the verification."""
    said = [presence, *(one.presence for one in persons)]
    if any(code is not None and code not in rules.PRESENCES for code in said):
        raise steps.ChoiceUnknown
    if presence is not None:
        row.presence = presence
    members = {one.id: one for one in checks.members(row.household)}
    standing = checks.persons(row)
    for one in persons:
        known = _row_of(one, standing)
        member: Any = members.get(one.person_id) if one.person_id else None
        if known is None:
            if one.person_id is not None and member is None:
                raise steps.ChoiceUnknown
            known = PersonCheck(
                id=one.check_id or uuid7(), verification=row, person_id=one.person_id, name=""
            )
        known.name = text.clean_line(one.name)[:150] or known.name or (member.full_name if member else "")
        if len(known.name) < 2:
            raise steps.WordsMissing(field="name")
        known.nik = nik_lib.clean(one.nik) or known.nik
        known.presence = one.presence if one.presence is not None else known.presence
        known.changed_at = at
        known.save()


def _row_of(said: PersonSaid, standing: Sequence[PersonCheck]) -> PersonCheck | None:
    for one in standing:
        if (said.person_id is not None and one.person_id == said.person_id) or one.id == said.check_id:
            return one
    return None


def submit_verification(
    *, by: Actor, at: datetime, verification_id: UUID, presence: int, persons: Sequence[PersonSaid] = ()
) -> None:
    """Submit a household (M4 when it is there, else M4a); only who has it. Each person is matched with the name of their NIK.

    Submitting again what one submitted changes nothing.

    Raises:
        PresenceMissing: the household is there, and nothing is said about somebody of it.
        steps.NotYours, steps.MoveImpossible, steps.ChoiceUnknown.
    """
    with transaction.atomic():
        row = steps.begin(by, "verification.submit", verification_id)
        if row.state in rules.SUBMITTED and row.seat_id == by.seat_id and row.presence == presence:
            return
        _mine(by, row)
        _keep(at, row, presence, persons)
        following = rules.submit(row.state, mine=row.seat_id == by.seat_id, presence=presence)
        if not following:
            raise steps.MoveImpossible(state=row.state)
        rows = checks.persons(row)
        if presence == 1:
            _refuse_gaps(row, rows)
        for one in rows:
            if one.presence is not None:
                one.verification = row
                steps.move_person(by, at, "verification.submit", one, rules.submit_person(one.presence))
                _match(by, at, "verification.submit", one)
        steps.move(by, at, "verification.submit", row, following, submitted_at=at, revoke_note="")
        steps.line(
            by,
            at,
            "verification.submit",
            "household",
            row.household_id,
            row.region_code,
            facts={"state": following, "presence": presence, "persons": len(rows)},
        )


def _refuse_gaps(row: Verification, rows: Sequence[PersonCheck]) -> None:
    told = {one.person_id for one in rows if one.presence is not None}
    gaps = [one.full_name for one in checks.members(row.household) if one.id not in told]
    gaps += [one.name for one in rows if one.presence is None and one.person_id is None]
    if gaps:
        raise PresenceMissing(names=", ".join(gaps[:8]))


def _match(by: Actor, at: datetime, act: str, one: PersonCheck) -> None:
    """The population match of somebody who was confirmed."""
    if one.state == "M4":
        similar = _similar(one)
        steps.move_person(by, at, act, one, rules.match(one.state, similar), similar=similar)


def _similar(one: PersonCheck) -> int | None:
    registered = checks.registered_name(one)
    return None if registered is None else rules.similarity(one.name, registered)


def approve_verification(*, by: Actor, at: datetime, verification_id: UUID) -> None:
    """The district's approval: each person moves on to their last state. Nobody approves their own work.

    Raises:
        steps.OwnWork, steps.MoveImpossible, ApprovedAlready.
    """
    with transaction.atomic():
        row = steps.begin(by, "verification.approve", verification_id)
        steps.refuse_own(by, row)
        if row.approved_at is not None:
            raise ApprovedAlready
        if row.state not in rules.SUBMITTED:
            raise steps.MoveImpossible(state=row.state)
        ends: dict[str, int] = {}
        for one in checks.persons(row):
            following = rules.approve(one.state, one.presence or 0)
            one.verification = row
            steps.move_person(by, at, "verification.approve", one, following)
            if following:
                ends[following] = ends.get(following, 0) + 1
        row.approved_at = row.changed_at = at
        row.save()
        steps.line(
            by,
            at,
            "verification.approve",
            "household",
            row.household_id,
            row.region_code,
            facts={"persons": ends},
        )


def return_verification(*, by: Actor, at: datetime, verification_id: UUID, note: str) -> None:
    """Send a submitted household back (P3a) with what has to be put right; whoever has it on the list takes it again.

    Raises:
        NoteMissing, ApprovedAlready, steps.MoveImpossible.
    """
    with transaction.atomic():
        row = steps.begin(by, "verification.return", verification_id)
        words = text.clean_line(note)[:300]
        if len(words) < 3:
            raise NoteMissing
        if row.approved_at is not None:
            raise ApprovedAlready
        following = rules.send_back(row.state, approved=False, note=words)
        steps.move(
            by,
            at,
            "verification.return",
            row,
            following,
            note=words,
            revoke_note=words,
            seat_id=None,
            taken_at=None,
            submitted_at=None,
        )
        steps.line(
            by,
            at,
            "verification.return",
            "household",
            row.household_id,
            row.region_code,
            inputs={"note": words},
        )


def rematch_verifications(*, by: Actor, at: datetime, limit: int = 500) -> int:
    """Match again who is under repair (Q1a): Q2 from 60 per cent on, else they stay. Asked for by the machine; returns how many moved."""
    roles.require(by, "verifications.rematch")
    moved = 0
    with transaction.atomic():
        for one in checks.to_rematch(limit):
            similar = _similar(one)
            if rules.rematch(one.state, similar) == "Q2":
                steps.move_person(by, at, "verifications.rematch", one, "Q2", similar=similar)
                moved += 1
        if moved:
            journal_actions.record(
                by=by,
                at=at,
                kind="verifications.rematch",
                subject_kind="installation",
                subject_id=journal_actions.NOWHERE,
                facts={"persons": moved},
            )
    return moved
