"""Accompanying somebody until the service is really received: begun, looked after, ended."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.cases import access as case_access
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.outreach import access
from simpul.outreach.actions import _trips
from simpul.outreach.models import Accompaniment, AccompanimentVisit
from simpul.outreach.rules import accompanying as rules
from simpul.people import access as people_access


class SomebodyMissing(Refused):
    """Somebody is accompanied."""

    code = "accompaniment.nobody"
    sentence = _("Choose the household or the person who waits for the service.")


class EvidenceMissing(Refused):
    """Received is what somebody has seen."""

    code = "accompaniment.evidence_missing"
    sentence = _(
        "Write what shows that it was received, for example: the card worked at the clinic on 3 November."
    )
    field = "evidence"


class ReceivedAhead(Refused):
    """What was received has been received."""

    code = "accompaniment.ahead"
    sentence = _("The day on which it was received lies in the future, or is missing.")
    field = "received_date"


class AccompanimentOver(Refused):
    """It has ended already."""

    code = "accompaniment.over"
    sentence = _("This accompaniment has ended. Begin a new one if something is needed again.")


def open_accompaniment(
    *,
    by: Actor,
    at: datetime,
    what: str,
    household_id: UUID | None = None,
    person_id: UUID | None = None,
    words: str = "",
    case_id: UUID | None = None,
    stop_id: UUID | None = None,
    next_date: date | None = None,
    opened_at: datetime | None = None,
    accompaniment_id: UUID | None = None,
) -> Accompaniment:
    """Begin to accompany a household or a person. The same ``accompaniment_id`` again gives the same.

    Raises:
        SomebodyMissing, steps.ChoiceUnknown, _trips.KeyTaken.
        NotFound: no such household, person or matter for this actor.
    """
    if household_id is None and person_id is None:
        raise SomebodyMissing
    person = people_access.active_for(by, person_id) if person_id else None
    key = household_id or (person.household_id if person else None)
    home = people_access.household_for(by, key) if household_id and key else None
    region = home.region_code if home else (person.region_code if person else "")
    roles.require(by, "accompaniment.open", roles.Place(region))
    _trips.known(what, rules.WHATS)
    case = case_access.get_for(by, case_id) if case_id else None
    with transaction.atomic():
        known: Accompaniment | None = _trips.again(
            Accompaniment, accompaniment_id, household_id=key, person_id=person_id
        )
        if known is not None:
            return known
        row = Accompaniment.objects.create(
            id=accompaniment_id or uuid7(),
            region_code=region,
            household_id=key,
            person=person,
            case=case,
            stop=_trips.stop_or_none(by, stop_id),
            seat_id=by.seat_id,
            what=what,
            words=text.clean_line(words, 300),
            next_date=next_date,
            opened_at=opened_at or at,
            opened_by=by.name[:150],
            recorded_at=at,
        )
        _line(by, at, "accompaniment.open", row, {"what": what, "next": next_date}, {"words": row.words})
    return row


def record_accompaniment(
    *,
    by: Actor,
    at: datetime,
    accompaniment_id: UUID,
    seen_at: datetime,
    how: str,
    outcome: str,
    words: str = "",
    next_date: date | None = None,
    visit_id: UUID | None = None,
) -> AccompanimentVisit:
    """Write down how far it has come. A fact, kept also after the end. The same ``visit_id`` again changes nothing.

    Raises:
        steps.ChoiceUnknown, _trips.KeyTaken, NotFound, NotAllowed.
    """
    with transaction.atomic():
        row = access.accompaniment_for(by, accompaniment_id, lock=True)
        roles.require(by, "accompaniment.record", _place(by, row))
        known: AccompanimentVisit | None = _trips.again(AccompanimentVisit, visit_id, accompaniment_id=row.id)
        if known is not None:
            return known
        flags = [] if row.state == "open" else ["ended"]
        visit = AccompanimentVisit.objects.create(
            id=visit_id or uuid7(),
            accompaniment=row,
            seen_at=seen_at,
            how=_trips.known(how, rules.HOWS),
            outcome=_trips.known(outcome, rules.OUTCOMES),
            words=text.clean_line(words, 500),
            next_date=next_date,
            flags=sorted([*flags, *(["ahead"] if seen_at > at else [])]),
            recorded_at=at,
            recorded_by=by.name[:150],
        )
        newest = row.visits.order_by("-seen_at", "-id").first()
        if row.state == "open" and newest is not None and newest.id == visit.id:
            row.next_date = next_date
            row.save()
        _line(
            by,
            at,
            "accompaniment.record",
            row,
            {"visit": str(visit.id), "outcome": outcome, "seen_at": seen_at},
            {"words": visit.words},
        )
    return visit


def end_accompaniment(
    *,
    by: Actor,
    at: datetime,
    accompaniment_id: UUID,
    state: str,
    evidence: str,
    today: date,
    received_date: date | None = None,
) -> None:
    """End it: received, with the day and what shows it; or given up, with the reason. The same again changes nothing.

    Raises:
        EvidenceMissing, ReceivedAhead, AccompanimentOver, steps.ChoiceUnknown, NotFound, NotAllowed.
    """
    with transaction.atomic():
        row = access.accompaniment_for(by, accompaniment_id, lock=True)
        roles.require(by, "accompaniment.end", _place(by, row))
        _trips.known(state, rules.ENDS)
        if row.state != "open":
            if row.state == state and row.received_date == (received_date if state == "received" else None):
                return
            raise AccompanimentOver
        shown = text.clean_line(evidence, 300)
        if len(shown) < 5:
            raise EvidenceMissing
        if state == "received" and (received_date is None or received_date > today):
            raise ReceivedAhead
        row.state, row.evidence = state, shown
        row.received_date = received_date if state == "received" else None
        row.next_date, row.ended_at, row.ended_by = None, at, by.name[:150]
        row.save()
        _line(
            by,
            at,
            "accompaniment.end",
            row,
            {"state": state, "received": row.received_date},
            {"evidence": shown},
        )


def _place(by: Actor, row: Accompaniment) -> roles.Place:
    """Where it lies; for who began it, their own area, also when the household has moved out of it."""
    mine = row.seat_id is not None and row.seat_id == by.seat_id and not by.serves(row.region_code)
    return roles.Place(by.served_areas[0] if mine else row.region_code)


def _line(
    by: Actor,
    at: datetime,
    kind: str,
    row: Accompaniment,
    facts: dict[str, object],
    inputs: dict[str, object],
) -> None:
    about = ("household", row.household_id) if row.household_id else ("person", row.person_id)
    if about[1] is None:
        raise NotFound
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind=about[0],
        subject_id=about[1],
        facts={"accompaniment": str(row.id), **facts},
        inputs=inputs,
        region_code=row.region_code,
    )
