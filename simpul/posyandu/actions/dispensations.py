"""Acts on requests to a court to marry below 19: seen, decided, taken back. A request that was seen is a reason of its own."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from simpul import roles
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound
from simpul.lib.ids import uuid7
from simpul.people import access as people_access
from simpul.posyandu.access import marriage as access
from simpul.posyandu.actions import _marriages, _tasks
from simpul.posyandu.models import Dispensation, MarriageRisk
from simpul.posyandu.rules import marriage as rules


def record_dispensation(
    *,
    by: Actor,
    at: datetime,
    posyandu_id: UUID,
    person_id: UUID,
    court: str,
    seen_date: date,
    number: str = "",
    words: str = "",
    dispensation_id: UUID | None = None,
) -> Dispensation:
    """Write down that a request to marry below 19 was seen: it puts the child on the list. The same key again gives the same one.

    Raises:
        NotFound, NotMinor, MarriageWordsMissing, DayWrong.
    """
    with transaction.atomic():
        posyandu = access.posyandu_for(by, posyandu_id)
        roles.require(by, "dispensation.record", roles.Place(region_code=posyandu.region_code))
        person = people_access.active_for(by, person_id)
        known = Dispensation.objects.filter(id=dispensation_id).first() if dispensation_id else None
        if known is not None:
            return access.dispensation_for(by, known.id)
        today = _tasks.today(posyandu.region_code, at)
        if not rules.is_minor(person.birth_date, today):
            raise _marriages.NotMinor
        if seen_date > today:
            raise _marriages.DayWrong(field="seen_date")
        row = MarriageRisk.objects.filter(person=person, state__in=rules.LIVE).select_for_update().first()
        if row is None:
            row = MarriageRisk(
                posyandu=posyandu, region_code=posyandu.region_code, person=person, found_date=today
            )
        elif not access.risks(by).filter(id=row.id).exists():
            raise NotFound
        signal = {"code": rules.DISPENSATION, "source": "court", "date": seen_date.isoformat()}
        others = [one for one in row.signals if one["code"] != rules.DISPENSATION]
        row.signals, row.changed_at = rules.merged(row.signals, [*others, signal]), at
        row.save()
        made = Dispensation.objects.create(
            id=dispensation_id or uuid7(),
            risk=row,
            court=_marriages.words(court, "court", 100),
            number=text.clean_line(number)[:60],
            seen_date=seen_date,
            words=text.clean_line(words)[:300],
            recorded_at=at,
            recorded_by=by.name[:150],
        )
        _marriages.line(by, at, "dispensation.record", row)
    return made


def decide_dispensation(
    *, by: Actor, at: datetime, dispensation_id: UUID, decision: str, decided_date: date, words: str = ""
) -> Dispensation:
    """Write down what the court decided, or that the request was dropped.

    Raises:
        NotFound, MarriageChoiceUnknown, DayWrong.
    """
    with transaction.atomic():
        one = access.dispensation_for(by, dispensation_id)
        row = _marriages.begin(by, "dispensation.decide", one.risk_id, ended_too=True)
        if decision not in rules.DECISIONS[1:]:
            raise _marriages.MarriageChoiceUnknown(field="decision")
        if not one.seen_date <= decided_date <= _tasks.today(row.region_code, at):
            raise _marriages.DayWrong(field="decided_date")
        one.decision, one.decided_date = decision, decided_date
        one.words = text.clean_line(words)[:300] or one.words
        one.save(update_fields=["decision", "decided_date", "words"])
        _marriages.line(by, at, "dispensation.decide", row)
    return one


def withdraw_dispensation(*, by: Actor, at: datetime, dispensation_id: UUID) -> Dispensation:
    """Take back a request that was written down wrongly; without another one it is no reason any more.

    Raises:
        NotFound.
    """
    with transaction.atomic():
        one = access.dispensation_for(by, dispensation_id)
        row = _marriages.begin(by, "dispensation.withdraw", one.risk_id, ended_too=True)
        if one.withdrawn_at is not None:
            return one
        one.withdrawn_at = at
        one.save(update_fields=["withdrawn_at"])
        if not row.dispensations.filter(withdrawn_at=None).exists():
            row.signals = [signal for signal in row.signals if signal["code"] != rules.DISPENSATION]
            row.changed_at = at
            row.save(update_fields=["signals", "changed_at"])
        _marriages.line(by, at, "dispensation.withdraw", row)
    return one
