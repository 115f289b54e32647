"""Disaster mode of an area: declared and ended by decisions, with the clocks of the area when the decision says so."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.regions import queries, rules
from simpul.regions.actions import calendar
from simpul.regions.actions.areas import EmptyName, NoSource, UnknownRegion
from simpul.regions.models import Emergency, Region, Suspension

FIRST_SUSPENSION = timedelta(days=14)
"""How long clocks stand still when the decision names no last day: UU 24/2007 speaks of an emergency response without a
fixed length; 14 days is the usual first period (secondary, unconfirmed: the form asks for the day)."""

LONGEST = timedelta(days=366)


class EmergencyThere(Refused):
    """The same area is in an emergency already."""

    code = "emergency.already_there"
    sentence = _("An emergency is declared there already: %(name)s. End it first, or change nothing.")
    field = "region_code"


class EmergencyDates(Refused):
    """A period that ends before it begins, lies in the future, or is far too long."""

    code = "emergency.wrong_dates"
    sentence = _("Check the days: an emergency begins today or earlier, and ends within a year after that.")
    field = "until_date"


class EmergencyOver(Refused):
    """It has ended already."""

    code = "emergency.over"
    sentence = _("This emergency has ended already.")


def declare_emergency(
    *,
    by: Actor,
    at: datetime,
    region_code: str,
    name: str,
    decision_number: str,
    decision_date: date,
    decided_by: str,
    from_at: datetime | None = None,
    until_date: date | None = None,
    phones: str = "",
    words: str = "",
    relaxes_identity: bool = True,
    asks_safety: bool = True,
    suspends_clocks: bool = False,
    emergency_id: UUID | None = None,
) -> Emergency:
    """Put an area into disaster mode by a decision of who leads it; with ``suspends_clocks`` its day clocks stand still.

    ``until_date`` is the last day. Source: UU 24/2007 art. 7 and 51 (the state of emergency is fixed by the head of the
    region); PP 21/2008 art. 21-24 (easy access in an emergency).

    Raises:
        EmptyName, NoSource: no name, or a decision that is not named.
        UnknownRegion, EmergencyThere, EmergencyDates.
        NotAllowed: not this actor's area.
    """
    area = rules.plain_code(region_code)
    roles.require(by, "emergency.declare", roles.Place(region_code=area))
    title = " ".join(name.split())
    if not title or len(title) > 100:
        raise EmptyName(most=100)
    if not (decision_number.strip() and decided_by.strip()):
        raise NoSource(most=100, field="decision_number" if not decision_number.strip() else "decided_by")
    if not area or not Region.objects.filter(code=area).exists():
        raise UnknownRegion(code=region_code, field="region_code")
    zone = ZoneInfo(queries.zone_of(area))
    begins = from_at or at
    until_at = _end_of(until_date, zone) if until_date else None
    if begins > at or (until_at and not max(begins, at) < until_at <= begins + LONGEST):
        raise EmergencyDates
    if decision_date > at.astimezone(zone).date():
        raise EmergencyDates(field="decision_date")
    with transaction.atomic():
        there = next(
            (row for row in Emergency.objects.filter(region_code=area, ended_at=None) if row.is_on(at)), None
        )
        if there is not None:
            raise EmergencyThere(name=there.name)
        row = Emergency.objects.create(
            id=emergency_id or uuid7(),
            region_code=area,
            name=title,
            decision_number=decision_number.strip()[:100],
            decision_date=decision_date,
            decided_by=decided_by.strip()[:150],
            phones=" ".join(phones.split())[:200],
            words=words.strip()[:500],
            from_at=begins,
            until_at=until_at,
            relaxes_identity=relaxes_identity,
            asks_safety=asks_safety,
            suspends_clocks=suspends_clocks,
        )
        if suspends_clocks:
            first = begins.astimezone(zone).date()
            row.suspension = _suspend(by, at, row, first, until_date or first + FIRST_SUSPENSION)
            row.save(update_fields=["suspension"])
        transaction.on_commit(queries.forget)
        _line(by, at, "emergency.declare", row)
        return row


def end_emergency(*, by: Actor, at: datetime, emergency_id: UUID, decision: str) -> Emergency:
    """End disaster mode by a decision; the clocks that it stopped run again from tomorrow.

    Raises:
        NotFound: no such emergency.
        EmergencyOver, NoSource.
    """
    row = Emergency.objects.filter(id=emergency_id).first()
    roles.require(by, "emergency.end", roles.Place(region_code=row.region_code if row else ""))
    if row is None:
        raise NotFound
    if not decision.strip():
        raise NoSource(most=200, field="decision")
    with transaction.atomic():
        ended = {"ended_at": at, "ended_decision": decision.strip()[:200]}
        if not row.is_on(at) or Emergency.objects.filter(id=row.id, ended_at=None).update(**ended) != 1:
            raise EmergencyOver
        row.refresh_from_db()
        tomorrow = at.astimezone(ZoneInfo(queries.zone_of(row.region_code))).date() + timedelta(days=1)
        stop = row.suspension
        if stop is not None and stop.withdrawn_at is None and tomorrow <= stop.to_date:
            calendar.end_suspension(
                by=by, at=at, suspension_id=stop.id, on_date=tomorrow, decision=row.ended_decision
            )
        transaction.on_commit(queries.forget)
        _line(by, at, "emergency.end", row)
        return row


def _suspend(by: Actor, at: datetime, row: Emergency, first: date, last: date) -> Suspension:
    return calendar.add_suspension(
        by=by, at=at, region_code=row.region_code, from_date=first, to_date=last, decision=row.decision[:200]
    )


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(days=1)


def _line(by: Actor, at: datetime, kind: str, row: Emergency) -> None:
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind="emergency",
        subject_id=row.id,
        facts={
            "name": row.name,
            "decision": row.ended_decision or row.decision,
            "clocks": row.suspends_clocks,
        },
        region_code=row.region_code,
    )
