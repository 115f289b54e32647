"""Acts on ties between persons beside the family card: parent, guardian, who looks after whom."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.people.actions import _reading, _units
from simpul.people.models import Relation
from simpul.people.rules.history import Said

KINDS = ("parent", "guardian", "carer", "spouse", "heir")


class TieUnknown(Refused):
    """No such kind of tie."""

    code = "relation.unknown"
    sentence = _("Choose how the two belong together.")
    field = "kind"


class WithOneself(Refused):
    """Nobody is their own guardian."""

    code = "relation.with_oneself"
    sentence = _("Choose another person.")
    field = "other"


class TiedAlready(Refused):
    """The same tie a second time."""

    code = "relation.tied_already"
    sentence = _("This tie is in the register already.")
    field = "other"


def add_relation(
    *,
    by: Actor,
    at: datetime,
    person_id: UUID,
    other_id: UUID,
    kind: str,
    said: Said | None = None,
    from_date: date | None = None,
) -> Relation:
    """Tie two persons: ``other`` is the ``kind`` of ``person`` ("parent": other is a parent of person).

    Raises:
        NotFound: one of them is not for this actor.
        Refused: no such tie, the same person twice, or tied already.
    """
    person, other = _reading.person(by, person_id), _reading.person(by, other_id)
    roles.require(by, "relation.add", roles.Place(region_code=person.region_code))
    told = _reading.said(said, at, by)
    if kind not in KINDS:
        raise TieUnknown
    if person.id == other.id:
        raise WithOneself
    since = _reading.day(from_date, at, field="from_date") if from_date else None
    if Relation.objects.filter(person=person, other=other, kind=kind, until_date=None).exists():
        raise TiedAlready
    with transaction.atomic():
        tie = Relation.objects.create(
            person=person,
            other=other,
            kind=kind,
            from_date=since,
            source=(told.source_words or told.source)[:100],
            recorded_at=at,
        )
        _units.line(
            by,
            at,
            "relation.add",
            ("person", person.id),
            region_code=person.region_code,
            said=told,
            facts={"other_id": str(other.id), "kind": kind},
        )
    return tie


def end_relation(
    *, by: Actor, at: datetime, relation_id: UUID, until_date: date | None = None, said: Said | None = None
) -> Relation:
    """End a tie on a day; it stays in the history.

    Raises:
        NotFound: no such tie for this actor, or it ended already.
        Refused: the day lies ahead.
    """
    tie = Relation.objects.select_related("person").filter(id=relation_id, until_date=None).first()
    if tie is None:
        raise NotFound
    person = _reading.person(by, tie.person_id)
    roles.require(by, "relation.end", roles.Place(region_code=person.region_code))
    told = _reading.said(said, at, by)
    day = _reading.day(until_date, at, field="until_date")
    with transaction.atomic():
        tie.until_date = max(day, tie.from_date) if tie.from_date else day
        tie.save(update_fields=["until_date"])
        _units.line(
            by,
            at,
            "relation.end",
            ("person", person.id),
            region_code=person.region_code,
            said=told,
            facts={"other_id": str(tie.other_id), "kind": tie.kind},
        )
    return tie
