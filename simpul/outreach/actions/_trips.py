"""What the acts of trips share: begin on a locked trip or stop, find a row again, flag what contradicts, write the line."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.outreach import access
from simpul.outreach.actions import steps
from simpul.outreach.models import Stop, Trip
from simpul.outreach.rules import trips as rules


class TripOver(Refused):
    """A plan that is over is not changed."""

    code = "trip.over"
    sentence = _("This trip is back, closed or called off, so its plan can no longer be changed.")


class TripStep(Refused):
    """The states of a trip know no such step."""

    code = "trip.step"
    sentence = _("This step is not possible now. Load the page again to see how far the trip has come.")


class KeyTaken(Refused):
    """The key of a row stands somewhere else."""

    code = "trip.key_taken"
    sentence = _("This was already written down elsewhere. Load the page again.")


def begin_plan(by: Actor, act: str, trip_id: UUID, states: Collection[str] = rules.CHANGEABLE) -> Trip:
    """Lock a trip whose plan is changed.

    Raises:
        NotFound, NotAllowed: there is none for this actor, or the role may not do this here.
        TripOver: it is too late.
    """
    trip = access.trip_for(by, trip_id, lock=True)
    roles.require(by, act, access.place_of_plan(by, trip))
    if trip.state not in states:
        raise TripOver
    return trip


def begin_stop(by: Actor, act: str, stop_id: UUID) -> Stop:
    """Lock the stop at which something happened; whatever state its trip is in.

    Raises:
        NotFound, NotAllowed.
    """
    stop = access.stop_for(by, stop_id, lock=True)
    roles.require(by, act, access.place_of_trip(by, stop.trip))
    return stop


def again(table: type[models.Model], row_id: UUID | None, **same: Any) -> Any:
    """The row that was written under this key before, so that a press or a phone that repeats itself changes nothing.

    Raises:
        KeyTaken: the key belongs to something else.
    """
    known: Any = table._default_manager.filter(pk=row_id).first() if row_id else None
    if known is not None and any(getattr(known, name) != value for name, value in same.items()):
        raise KeyTaken
    return known


def words(given: str, *, field: str, most: int, least: int = 2) -> str:
    """A line that has to be there.

    Raises:
        steps.WordsMissing, text.TooLong.
    """
    found = text.clean_line(given, most)
    if len(found) < least:
        raise steps.WordsMissing(field=field)
    return found


def known(value: str, table: Collection[str]) -> str:
    """A choice that exists.

    Raises:
        steps.ChoiceUnknown.
    """
    if value not in table:
        raise steps.ChoiceUnknown
    return value


def money(value: int | None) -> int | None:
    """Whole rupiah, not below nought.

    Raises:
        steps.ChoiceUnknown.
    """
    if value is not None and not 0 <= value < 10**13:
        raise steps.ChoiceUnknown
    return value


def course(trip: Trip) -> rules.Course:
    """What rules about facts look at."""
    return rules.Course(trip.state, trip.started_at, trip.returned_at)


def stop_flags(trip: Trip, stop: Stop, now: datetime) -> list[str]:
    """What contradicts about a stop as it stands."""
    found: set[str] = set()
    for moment in (stop.arrived_at, stop.opened_at, stop.shut_at, stop.left_at):
        if moment is not None:
            found.update(rules.flags_of(course(trip), moment, now))
    if stop.left_at and stop.arrived_at and stop.left_at < stop.arrived_at:
        found.add("left_first")
    if stop.shut_at and stop.opened_at and stop.shut_at < stop.opened_at:
        found.add("shut_first")
    return sorted(found)


def flag_again(trip: Trip, now: datetime) -> None:
    """Look at the trip's stops again when its departure or return has become known: facts may have arrived before."""
    for stop in trip.stops.filter(dropped_at=None):
        flags = stop_flags(trip, stop, now)
        if flags != stop.flags:
            stop.flags = flags
            stop.save()


def joined(before: str, more: str, between: str = "; ") -> str:
    """Two texts about the same thing side by side; what is there already is not said twice."""
    if not more or more in before:
        return before
    return f"{before}{between}{more}" if before else more


def stop_or_none(by: Actor, stop_id: UUID | None) -> Stop | None:
    """The stop at which a fact happened, when this actor knows it: a fact is kept also without it."""
    if stop_id is None:
        return None
    try:
        return access.stop_for(by, stop_id)
    except NotFound:
        return None


def line(
    by: Actor,
    at: datetime,
    kind: str,
    trip: Trip,
    *,
    facts: Mapping[str, Any] | None = None,
    inputs: Mapping[str, Any] | None = None,
) -> None:
    """Write the act's line under its trip; names and words go into ``inputs``, which can be removed."""
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind="trip",
        subject_id=trip.id,
        facts=facts,
        inputs=inputs,
        region_code=trip.region_code,
    )
