"""Mandates: who may sign letters in the head's name, by which written decision, for which kinds, between which dates."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.desks.models import Seat
from simpul.journal import actions as journal_actions
from simpul.letters import access
from simpul.letters.actions import _letters as steps
from simpul.letters.models import Mandate
from simpul.letters.queries import mandates as mandate_queries
from simpul.letters.queries import types as type_queries
from simpul.letters.rules import mandates as rules
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.lib.ids import uuid7


class DatesBackwards(Refused):
    """A mandate ends after it begins."""

    code = "mandate.dates_backwards"
    sentence = _("The last day lies before the first one. Look at the dates again.")
    field = "to_date"


class DatesTooLong(Refused):
    """A mandate is decided again after a year."""

    code = "mandate.dates_too_long"
    sentence = _("A mandate lasts a year at most. Choose an earlier last day and decide again then.")
    field = "to_date"


class SeatUnfit(Refused):
    """Only an officer of the village signs in the head's name."""

    code = "mandate.seat_unfit"
    sentence = _("Choose an officer of this village's office or post.")
    field = "seat"


class OwnMandate(Refused):
    """Nobody writes down a mandate for himself."""

    code = "mandate.own"
    sentence = _(
        "Nobody writes down a mandate for themselves. Ask the village head or the secretary to do it."
    )
    field = "seat"


class MandateEnded(Refused):
    """What has ended does not end twice."""

    code = "mandate.ended"
    sentence = _("This mandate has ended already.")


def give_mandate(
    *,
    by: Actor,
    at: datetime,
    region_code: str,
    seat_id: UUID,
    decision_number: str,
    decision_date: date,
    title: str,
    acts: Collection[str],
    from_date: date,
    to_date: date,
    types: Collection[str] = (),
    name: str = "",
    mandate_id: UUID | None = None,
) -> Mandate:
    """Write down that an officer may act in the head's name.

    Args:
        title: as it is printed under "a.n.", such as "Sekretaris Desa"; ``name`` the officer's, as printed.
        acts: of ``rules.mandates.ACTS``. types: codes of kinds of letter; none means all.
        mandate_id: made by the door: the same id again changes nothing.

    Raises:
        DatesBackwards, DatesTooLong, SeatUnfit, OwnMandate, steps.WordsMissing, steps.ChoiceUnknown.
    """
    roles.require(by, "mandate.give", roles.Place(region_code=region_code))
    fault = rules.fault_of_dates(from_date, to_date)
    if fault:
        raise DatesBackwards if fault == "backwards" else DatesTooLong
    if not acts or not set(acts) <= set(rules.ACTS):
        raise steps.ChoiceUnknown(field="acts")
    known_types = {one.code for one in type_queries.types_for(region_code)}
    if not set(types) <= known_types:
        raise steps.ChoiceUnknown(field="types")
    seat = _seat(by, region_code, seat_id, at)
    with transaction.atomic():
        known = Mandate.objects.filter(id=mandate_id, region_code=region_code).first() if mandate_id else None
        if known is not None:
            return known
        given = Mandate.objects.create(
            id=mandate_id or uuid7(),
            region_code=region_code,
            decision_number=steps.words(decision_number, field="decision_number", most=100),
            decision_date=decision_date,
            seat=seat,
            name=steps.words(name or seat.user.full_name, field="name", most=150),
            title=steps.words(title, field="title", most=100),
            types=sorted(types),
            acts=[act for act in rules.ACTS if act in acts],
            from_date=from_date,
            to_date=to_date,
            given_at=at,
            given_by=by.name[:150],
        )
        facts = {
            "decision": given.decision_number,
            "seat": str(seat.id),
            "acts": given.acts,
            "types": given.types,
            "from": from_date.isoformat(),
            "to": to_date.isoformat(),
        }
        _line(by, at, "mandate.give", given, facts, {"name": given.name})
        return given


def end_mandate(*, by: Actor, at: datetime, mandate_id: UUID, why: str) -> None:
    """End a mandate before its last day. Letters that were released by it stay as they are.

    Raises:
        MandateEnded, steps.WordsMissing.
        NotFound: no such mandate of this actor's villages.
    """
    with transaction.atomic():
        given = access.mandate_for(by, mandate_id)
        roles.require(by, "mandate.end", roles.Place(region_code=given.region_code))
        reason = steps.words(why, field="why")
        if Mandate.objects.filter(id=given.id, ended_at=None).update(ended_at=at, ended_why=reason) != 1:
            raise MandateEnded
        _line(by, at, "mandate.end", given, {"decision": given.decision_number}, {"why": reason})


def _seat(by: Actor, region_code: str, seat_id: UUID, at: datetime) -> Seat:
    """The officer's seat: of this village, in a role that works on letters, and not the actor's own."""
    if seat_id == by.seat_id:
        raise OwnMandate
    seat = next((one for one in desk_queries.seats_visible(by, at) if one.id == seat_id), None)
    if seat is None or seat.role not in mandate_queries.DEPUTIES or seat.desk.region_code != region_code:
        raise SeatUnfit
    if seat.user_id == by.user_id:
        raise OwnMandate
    return seat


def _line(
    by: Actor, at: datetime, kind: str, mandate: Mandate, facts: dict[str, object], inputs: dict[str, str]
) -> None:
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind="letter_mandate",
        subject_id=mandate.id,
        region_code=mandate.region_code,
        facts=facts,
        inputs=inputs,
    )
