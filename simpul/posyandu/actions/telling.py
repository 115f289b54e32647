"""Telling families: before the day, and after a missed one. By the safe road only; whom none reaches, a cadre tells."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.messages import actions as message_actions
from simpul.people.models import Person
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.models import Participant, Telling, Told
from simpul.posyandu.queries import education as queries
from simpul.posyandu.rules import education as rules


class DaysUnknown(Refused):
    """A week at most."""

    code = "telling.days"
    sentence = _("Choose 0 to %(most)s days. 0 means that nobody is told.")
    field = "before_days"


class NoSchedule(Refused):
    """Who does not say when the day is cannot tell of it."""

    code = "telling.no_schedule"
    sentence = _("Set the day of this posyandu first; then families can be told of it.")
    field = "before_days"


def set_telling(
    *, by: Actor, at: datetime, posyandu_id: UUID, before_days: int, missed_days: int, bring: str = ""
) -> Telling:
    """Say how many days before the day, and after a missed one, families are told; 0 switches it off.

    Raises:
        NotFound: no such posyandu for this actor.
        DaysUnknown, NoSchedule.
    """
    with transaction.atomic():
        posyandu = access.posyandu_for(by, posyandu_id, lock=True)
        roles.require(by, "telling.set", roles.Place(posyandu.region_code))
        if not (0 <= before_days <= rules.MOST_DAYS and 0 <= missed_days <= rules.MOST_DAYS):
            raise DaysUnknown(most=str(rules.MOST_DAYS))
        if before_days and not posyandu.schedule:
            raise NoSchedule
        row, _new = Telling.objects.update_or_create(
            posyandu=posyandu,
            defaults={
                "before_days": before_days,
                "missed_days": missed_days,
                "bring": text.clean_line(bring)[:120],
                "changed_at": at,
            },
        )
        journal_actions.record(
            by=by,
            at=at,
            kind="telling.set",
            subject_kind="posyandu",
            subject_id=posyandu.id,
            facts={"before_days": before_days, "missed_days": missed_days},
            region_code=posyandu.region_code,
        )
    return row


def tell_family(*, by: Actor, at: datetime, participant_id: UUID, kind: str, day: date) -> Told:
    """Tell one family once of a day that comes ("before") or that they missed ("missed"); asked for by the machine.

    A child's mother is told, and of her children in one message; where no road is safe and open, the row says that somebody has to go.

    Raises:
        NotFound: no such participant.
    """
    roles.require(by, "family.tell")
    with transaction.atomic():
        participant = access.participant_for(by, participant_id, lock=True)
        known = Told.objects.filter(participant_id=participant.id, kind=kind, day=day).first()
        if known is not None:
            return known
        whom = participant.mother or participant.person
        own_mother = participant.mother is not None
        name = rules.names_for(participant.form, participant.person.full_name, own_mother)
        sent = False
        if own_mother or participant.form != "B":
            sent = _send(by, at, participant, whom, kind, day, name)
        row = Told.objects.create(
            participant_id=participant.id,
            region_code=participant.region_code,
            kind=kind,
            day=day,
            sent=sent,
            told_at=at,
        )
        journal_actions.record(
            by=by,
            at=at,
            kind="family.tell",
            subject_kind="participant",
            subject_id=participant.id,
            facts={"kind": kind, "day": day.isoformat(), "sent": sent},
            region_code=participant.region_code,
        )
    return row


def _send(
    by: Actor, at: datetime, participant: Participant, whom: Person, kind: str, day: date, name: str
) -> bool:
    """Queue the message; True when it has a road. A mother of several children gets one message for the day."""
    posyandu = participant.posyandu
    telling = queries.telling_of(posyandu)
    zone = desk_queries.zone_of(participant.region_code)
    ends = datetime.combine(day, datetime.max.time(), zone) if kind == "before" else at + timedelta(days=7)
    values = queries.values_for(posyandu, telling, kind, day)
    text_key = "posyandu_day"
    if kind != "before":
        text_key = "posyandu_missed" if name else "posyandu_waited"
        values |= {"child": name} if name else {}
    queued = message_actions.queue_message(
        by=by,
        at=at,
        subject_kind="posyandu",
        subject_id=posyandu.id,
        once_key=f"posyandu:{kind}:{posyandu.id}:{day}:{whom.id}",
        text_key=text_key,
        values=values,
        person_id=whom.id,
        region_code=participant.region_code,
        expires_at=ends,
    )
    return queued is not None
