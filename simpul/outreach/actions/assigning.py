"""Households onto the prelist and up to the facilitators; onto the list of one facilitator, and off it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.outreach import access
from simpul.outreach.actions import steps
from simpul.outreach.models import Assignment, Verification
from simpul.outreach.queries import checks
from simpul.outreach.rules import verification as rules
from simpul.people import access as people_access

MOST = 2000


class NothingChosen(Refused):
    """No household that can be taken was named."""

    code = "outreach.nothing_chosen"
    sentence = _("Tick at least one household of your area.")


class TooMany(Refused):
    """More than one list can carry."""

    code = "outreach.too_many"
    sentence = _("At most %(most)s households at once. Choose one hamlet.")


class RoundMissing(Refused):
    """A verification belongs to a round."""

    code = "verification.round_missing"
    sentence = _("Write the name of the round, for example 2026-Q4.")
    field = "round_name"


@dataclass(frozen=True, slots=True)
class Given:
    """How many doors came onto a list; ``before`` were there already."""

    given: int
    before: int


def open_verifications(*, by: Actor, at: datetime, household_ids: Sequence[UUID], round_name: str) -> int:
    """Put households onto the prelist of a round (P0). One that is in this round already is passed over. Returns how many are new.

    Raises:
        NothingChosen, TooMany, RoundMissing.
        NotAllowed: a household lies outside the seat's area, or the role opens no rounds.
    """
    homes = _homes(by, household_ids)
    for region in {one.region_code for one in homes}:
        roles.require(by, "verifications.open", roles.Place(region))
    name = text.clean_line(round_name)[:20]
    if len(name) < 2:
        raise RoundMissing
    with transaction.atomic():
        known = set(
            Verification.objects.filter(
                round_name=name, household_id__in=[one.id for one in homes]
            ).values_list("household_id", flat=True)
        )
        new = [one for one in homes if one.id not in known]
        for one in new:
            _open(by, at, "verifications.open", one, name)
        facts = {"round": name, "households": len(new)}
        journal_actions.record(
            by=by,
            at=at,
            kind="verifications.open",
            subject_kind="installation",
            subject_id=journal_actions.NOWHERE,
            facts=facts,
            region_code=homes[0].region_code,
        )
    return len(new)


def _open(by: Actor, at: datetime, act: str, home: Any, round_name: str) -> Verification:
    row = Verification.objects.create(
        household_id=home.id,
        round_name=round_name,
        region_code=home.region_code,
        hamlet_id=home.hamlet_id,
        state="P0",
        opened_at=at,
        changed_at=at,
    )
    steps.opened(by, at, act, row)
    return row


def publish_verifications(*, by: Actor, at: datetime, verification_ids: Sequence[UUID]) -> int:
    """Publish households one step further: P0 to P1, P1 to P2, P2 to P3. Others are passed over. Returns how many moved.

    Raises:
        NothingChosen: none of them can be published.
        NotAllowed: the role publishes nothing here.
    """
    with transaction.atomic():
        seen = access.verifications(by).filter(
            id__in=list(verification_ids)[:MOST], state__in=["P0", "P1", "P2"]
        )
        rows = list(
            Verification.objects.select_for_update().filter(id__in=[one.id for one in seen]).order_by("id")
        )
        for region in {one.region_code for one in rows}:
            roles.require(by, "verifications.publish", roles.Place(region))
        if not rows:
            raise NothingChosen
        for row in rows:
            steps.move(by, at, "verifications.publish", row, rules.publish(row.state))
        journal_actions.record(
            by=by,
            at=at,
            kind="verifications.publish",
            subject_kind="installation",
            subject_id=journal_actions.NOWHERE,
            facts={"households": len(rows)},
            region_code=rows[0].region_code,
        )
    return len(rows)


def assign_households(
    *,
    by: Actor,
    at: datetime,
    seat_id: UUID,
    household_ids: Sequence[UUID],
    note: str = "",
    due_date: date | None = None,
    round_name: str = "",
) -> Given:
    """Put households onto the list of a facilitator's seat. One on another's list moves; one on this list already is passed over.

    With ``round_name`` households without a verification in that round get one that is published to the facilitator at once: a list
    of one's own district needs no coordinators in between (unconfirmed). Each of those steps is written down.

    Raises:
        NothingChosen, TooMany, steps.SeatUnfit.
        NotFound: no such seat.
        NotAllowed: the role gives no doors there.
    """
    homes = _homes(by, household_ids)
    for region in {one.region_code for one in homes}:
        roles.require(by, "households.assign", roles.Place(region))
    steps.fit_seat(by, seat_id, {one.region_code for one in homes})
    with transaction.atomic():
        standing = {
            one.household_id: one
            for one in Assignment.objects.select_for_update().filter(
                household_id__in=[one.id for one in homes], ended_at=None
            )
        }
        new = [one for one in homes if one.id not in standing or standing[one.id].seat_id != seat_id]
        for one in new:
            if one.id in standing:
                _end(by, at, "households.assign", standing[one.id], "given to another facilitator")
            Assignment.objects.create(
                household_id=one.id,
                seat_id=seat_id,
                region_code=one.region_code,
                hamlet_id=one.hamlet_id,
                note=text.clean_line(note)[:200],
                due_date=due_date,
                assigned_at=at,
                assigned_by=by.name[:150],
            )
        for one in homes if round_name else ():
            _ready(by, at, one, text.clean_line(round_name)[:20])
        steps.line(
            by,
            at,
            "households.assign",
            "seat",
            seat_id,
            homes[0].region_code,
            facts={"doors": len(new), "round": round_name},
        )
    return Given(len(new), len(homes) - len(new))


def _ready(by: Actor, at: datetime, home: Any, round_name: str) -> None:
    """A verification of the round that a facilitator can take."""
    row = Verification.objects.filter(household_id=home.id, round_name=round_name).first()
    if row is None:
        row = _open(by, at, "households.assign", home, round_name)
    while following := rules.publish(row.state):
        steps.move(by, at, "households.assign", row, following)


def _homes(by: Actor, household_ids: Sequence[UUID]) -> list[Any]:
    if len(household_ids) > MOST:
        raise TooMany(most=MOST)
    rows = people_access.households(by).filter(id__in=list(household_ids), ended_date=None)
    found = list(rows.order_by("id"))
    if not found:
        raise NothingChosen
    return found


def withdraw_assignment(*, by: Actor, at: datetime, assignment_id: UUID, why: str) -> None:
    """Take a household off a facilitator's list; work that was begun and not submitted goes back to P3.

    Raises:
        steps.WordsMissing.
        NotFound: there is no such assignment, or it has ended.
    """
    with transaction.atomic():
        row = access.assignments(by).filter(id=assignment_id, ended_at=None).first()
        if row is None:
            raise NotFound
        roles.require(by, "assignment.withdraw", roles.Place(row.region_code))
        reason = text.clean_line(why)[:200]
        if len(reason) < 3:
            raise steps.WordsMissing(field="why")
        _end(by, at, "assignment.withdraw", row, reason)
        steps.line(
            by,
            at,
            "assignment.withdraw",
            "household",
            row.household_id,
            row.region_code,
            inputs={"why": reason},
        )


def _end(by: Actor, at: datetime, act: str, row: Assignment, why: str) -> None:
    """End an assignment; what its seat had begun is free again."""
    row.ended_at, row.ended_why = at, why[:200]
    row.save()
    current = checks.current(row.household_id)
    if current is not None and current.seat_id == row.seat_id and current.state in rules.TAKEN:
        steps.move(by, at, act, current, rules.give_up(current.state), note=why, seat_id=None, taken_at=None)
