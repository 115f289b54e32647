"""What the acts of the room share: moving a verification with its row of who, what, from and to; the seat of a facilitator; the line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.journal import actions as journal_actions
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.outreach import access
from simpul.outreach.models import PersonCheck, Transition, Verification
from simpul.outreach.queries import doors


class MoveImpossible(Refused):
    """The ministry's states know no such step."""

    code = "verification.move_impossible"
    sentence = _("A household in state %(state)s cannot take this step.")


class NotYours(Refused):
    """Only who took the household works on it."""

    code = "verification.not_yours"
    sentence = _("Another facilitator has this household. Ask the supervisor if it should be yours.")


class OwnWork(Refused):
    """Nobody checks their own work."""

    code = "verification.own_work"
    sentence = _("You submitted this household yourself, so another person must look at it.")


class SeatUnfit(Refused):
    """Doors go to facilitators of the place."""

    code = "outreach.seat_unfit"
    sentence = _("Choose a facilitator who serves this place. %(name)s does not.")
    field = "seat"


class WordsMissing(Refused):
    """A step that others have to understand needs words."""

    code = "outreach.words_missing"
    sentence = _("Write a few words here.")


class ChoiceUnknown(Refused):
    """A value that no form offers."""

    code = "outreach.choice_unknown"
    sentence = _("One of the choices is not known here. Load the page again and choose once more.")


def begin(by: Actor, act: str, verification_id: UUID) -> Verification:
    """Lock a verification and ask for permission.

    Raises:
        NotFound, NotAllowed.
    """
    row = access.verification_for(by, verification_id, lock=True)
    roles.require(by, act, roles.Place(row.region_code))
    return row


def refuse_own(by: Actor, row: Verification) -> None:
    """Refuse who did the work: the same person, whatever seat they sit in now.

    Raises:
        OwnWork.
    """
    if row.seat is not None and (row.seat_id == by.seat_id or row.seat.user_id == by.user_id):
        raise OwnWork


def move(
    by: Actor, at: datetime, act: str, row: Verification, to: str, *, note: str = "", **changes: Any
) -> None:
    """Move a household and write down who, what, from and to.

    Raises:
        MoveImpossible: ``to`` is empty: the rule knows no such step from here.
    """
    if not to:
        raise MoveImpossible(state=row.state)
    _log(by, at, act, row, None, row.state, to, note)
    row.state, row.changed_at = to, at
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()


def move_person(by: Actor, at: datetime, act: str, one: PersonCheck, to: str, **changes: Any) -> None:
    """Move a person of a verification, in the same way; nothing when there is no step."""
    if not to:
        return
    _log(by, at, act, one.verification, one, one.state, to, "")
    one.state, one.changed_at = to, at
    for name, value in changes.items():
        setattr(one, name, value)
    one.save()


def _log(
    by: Actor,
    at: datetime,
    act: str,
    row: Verification,
    one: PersonCheck | None,
    from_state: str,
    to_state: str,
    note: str,
) -> None:
    Transition.objects.create(
        verification=row,
        person_check=one,
        act=act,
        from_state=from_state,
        to_state=to_state,
        note=note[:300],
        at=at,
        by_name=by.name[:150],
        seat_id=by.seat_id,
    )


def opened(by: Actor, at: datetime, act: str, row: Verification) -> None:
    """Write down that a household came onto the prelist."""
    _log(by, at, act, row, None, "", "P0", "")


def fit_seat(by: Actor, seat_id: UUID, regions: Iterable[str]) -> str:
    """The name of the facilitator who sits there, when the seat serves all these places.

    Raises:
        NotFound, SeatUnfit.
    """
    seat = desk_queries.seat(seat_id)
    if seat is None or seat.withdrawn_at is not None:
        raise NotFound
    name = str(seat.user.full_name)
    areas = doors.areas_of(seat)
    if seat.role != "facilitator" or not all(
        any(region.startswith(area) for area in areas) for region in regions
    ):
        raise SeatUnfit(name=name)
    return name


def line(
    by: Actor,
    at: datetime,
    kind: str,
    subject_kind: str,
    subject_id: UUID,
    region_code: str,
    *,
    facts: Mapping[str, Any] | None = None,
    inputs: Mapping[str, Any] | None = None,
) -> None:
    """Write the act's line; names and words go into ``inputs``, which can be removed."""
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind=subject_kind,
        subject_id=subject_id,
        facts=facts,
        inputs=inputs,
        region_code=region_code,
    )
