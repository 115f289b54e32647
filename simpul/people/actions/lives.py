"""Acts on lives: a birth, a death, a move, and taking back what was recorded by mistake.

Each event keeps what it changed (``LifeEvent.before``), so that ``undo_event`` gives the register back as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.people import access, rules
from simpul.people.actions import _lives, _reading, _units
from simpul.people.models import LifeEvent, Person
from simpul.people.rules.history import Said
from simpul.regions import queries as region_queries


class DeathBeforeBirth(Refused):
    """Nobody dies before they are born."""

    code = "death.before_birth"
    sentence = _("The day of death lies before the birth (%(birth)s). Check both dates.")
    field = "died_date"


class DiedAlready(Refused):
    """A second death."""

    code = "death.recorded_already"
    sentence = _(
        "This death is in the register already. If the day is wrong, take it back and record it anew."
    )
    field = "died_date"


class NobodyMoves(Refused):
    """A move without people."""

    code = "move.nobody"
    sentence = _("Tick who moved.")
    field = "persons"


class MovedNowhere(Refused):
    """A move to where they live already."""

    code = "move.nowhere"
    sentence = _("They live in this village already. To move within it, take them into another household.")
    field = "to_region"


class UndoneAlready(Refused):
    """Taken back before."""

    code = "event.undone_already"
    sentence = _("This was taken back already.")


class SomethingFollowed(Refused):
    """Something happened since that would be lost."""

    code = "event.something_followed"
    sentence = _("Something was recorded about %(name)s since then. Take that back first.")


def record_birth(
    *,
    by: Actor,
    at: datetime,
    household_id: UUID,
    full_name: str,
    birth_date: date | None = None,
    sex: str = "",
    nik: str = "",
    birth_place: str = "",
    mother_id: UUID | None = None,
    relation: str = "3",
    family_id: UUID | None = None,
    said: Said | None = None,
    person_id: UUID | None = None,
) -> Person:
    """Write a child down that was born into a household: a person, a member, tied to the mother when she is named.

    Without ``family_id`` the child stands on the mother's card. A NIK may come later; nothing waits for it. The same ``person_id`` again
    changes nothing.

    Raises:
        NotFound: no such household for this actor.
        Refused: no name, a birth that lies ahead, a number with letters.
    """
    household = _reading.household(by, household_id)
    roles.require(by, "birth.record", roles.Place(region_code=household.region_code))
    known = _reading.made(Person, person_id, partial(access.person_for, by))
    if known is not None:
        return known
    told = _reading.said(said, at, by)
    day = _reading.day(birth_date, at, field="birth_date")
    own = _reading.values(
        "person",
        {
            "full_name": full_name,
            "sex": sex,
            "birth_date": birth_date,
            "nik": nik,
            "birth_place": birth_place,
        },
        at,
    )
    if not own["full_name"]:
        own["full_name"] = rules.UNKNOWN_NAME
    mother = Person.objects.filter(id=mother_id, household=household).first() if mother_id else None
    card = _reading.family(by, family_id) if family_id else (mother.family if mother else None)
    with transaction.atomic():
        child = _lives.born(household, own, day, card, mother, relation, told, by, at, person_id)
        _units.line(
            by,
            at,
            "birth.record",
            ("person", child.id),
            region_code=child.region_code,
            said=told,
            facts={"household_id": str(household.id)},
            inputs={key: str(value) for key, value in own.items()},
        )
    return child


def record_death(
    *,
    by: Actor,
    at: datetime,
    person_id: UUID,
    died_date: date | None = None,
    said: Said | None = None,
    words: str = "",
) -> LifeEvent:
    """Write a death down. The household goes on; when its head died, the queries ask for a new one.

    Raises:
        NotFound: no such person for this actor.
        Refused: the day lies ahead or before the birth, or the death is recorded already.
    """
    person = _reading.person(by, person_id)
    roles.require(by, "death.record", roles.Place(region_code=person.region_code))
    told = _reading.said(said, at, by)
    day = _reading.day(died_date, at, field="died_date")
    if person.life == "dead":
        raise DiedAlready
    if person.birth_date is not None and day < person.birth_date:
        raise DeathBeforeBirth(birth=person.birth_date.isoformat())
    with transaction.atomic():
        before = _lives.standing([person])[person.id]
        _lives.depart([person], day, "died", {person.id: before})
        person.life, person.died_date = "dead", day
        person.save(update_fields=["life", "died_date"])
        event = _lives.event(
            person, "death", day, told, at, before=before, words=words, from_region=person.region_code
        )
        _units.line(
            by,
            at,
            "death.record",
            ("person", person.id),
            region_code=person.region_code,
            said=told,
            facts={"event_id": str(event.id)},
            inputs={"died_date": day.isoformat(), "words": words},
        )
    return event


def record_move(
    *,
    by: Actor,
    at: datetime,
    person_ids: Sequence[UUID],
    on_date: date | None = None,
    to_region: str = "",
    back: bool = False,
    said: Said | None = None,
    words: str = "",
) -> list[LifeEvent]:
    """Write down that persons moved away from their village, together. The old village keeps the trace alone: who left, when, where to.

    ``to_region`` is the new village when it is known: they stand in its register from that day on. When all who live in a household go
    there, the household goes with them, and its house stays behind. Without a village they are *away*, and can return: ``back`` says
    that they did (which household they joined is told by joining it).

    Raises:
        NotFound: one of them is not for this actor.
        Refused: nobody was chosen, the day lies ahead, or they live there already.
    """
    persons = [_reading.person(by, one) for one in dict.fromkeys(person_ids)]
    if not persons:
        raise NobodyMoves
    for one in persons:
        roles.require(by, "move.record", roles.Place(region_code=one.region_code))
    told = _reading.said(said, at, by)
    day = _reading.day(on_date, at)
    target = region_queries.find_region(to_region) if len(to_region) == 10 else None
    if target is not None and any(one.region_code == target.code for one in persons):
        raise MovedNowhere
    with transaction.atomic():
        events = (
            [_lives.back(one, day, told, at, words) for one in persons]
            if back
            else _lives.move(persons, day, target.code if target else "", told, at, words)
        )
        _units.line(
            by,
            at,
            "move.record",
            ("person", persons[0].id),
            region_code=events[0].from_region or events[0].to_region,
            said=told,
            facts={
                "persons": [str(one.id) for one in persons],
                "to_region": target.code if target else "",
                "back": back,
            },
            inputs={"on_date": day.isoformat(), "words": words},
        )
    return events


def undo_event(*, by: Actor, at: datetime, event_id: UUID, why: str = "") -> LifeEvent:
    """Take back a birth, a death or a move that was recorded by mistake: the register is as before, and both lines stay.

    A person who moved to another village is taken back by who recorded it there or by who serves the old village.

    Raises:
        NotFound: no such event for this actor.
        Refused: it was taken back already, or something was recorded since that builds on it.
    """
    event = LifeEvent.objects.select_related("person").filter(id=event_id).first()
    if event is None or not _may_undo(by, event):
        raise NotFound
    roles.require(by, "event.undo", roles.Place(region_code=_village(event)))
    person = event.person
    if event.undone_at is not None:
        raise UndoneAlready
    later = LifeEvent.objects.filter(person=person, undone_at=None, recorded_at__gt=event.recorded_at)
    if later.exists():
        raise SomethingFollowed(name=person.full_name)
    with transaction.atomic():
        _lives.restore(person, event)
        event.undone_at = at
        event.save(update_fields=["undone_at"])
        _units.line(
            by,
            at,
            "event.undo",
            ("person", person.id),
            region_code=_village(event),
            facts={"event_id": str(event.id), "kind": event.kind},
            inputs={"why": why},
        )
    return event


def _village(event: LifeEvent) -> str:
    """The village whose event it is: where somebody came to, else where they left."""
    return event.to_region if event.kind == "move_in" else event.from_region or event.to_region


def _may_undo(by: Actor, event: LifeEvent) -> bool:
    regions = [one for one in (event.from_region, event.to_region, event.person.region_code) if one]
    return any(by.serves(one) for one in regions) and roles.may_somewhere(by, "event.undo")
