"""The act on who moves in: somebody new to the seat's area, or somebody whom it has already.

Nothing here depends on who stands in the register of another area, and nothing is fetched from there: whoever types a NIK learns nothing
by it (UU 24/2013 art. 79). A likely same person elsewhere is looked for later, by the machine (``matching.compare_arrivals``), and
shown only to who serves both places.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.people import access
from simpul.people.actions import _lives, _reading, _units, households, persons
from simpul.people.models import Household, LifeEvent, Person
from simpul.people.queries import matching
from simpul.people.rules.history import Said
from simpul.regions import queries as region_queries


class LivesHereAlready(Refused):
    """An arrival of somebody who lives in this household."""

    code = "arrival.here_already"
    sentence = _("%(name)s lives in this household already.")


def record_arrival(
    *,
    by: Actor,
    at: datetime,
    household_id: UUID,
    who: matching.Asked,
    person_id: UUID | None = None,
    relation: str = "",
    on_date: date | None = None,
    from_region: str = "",
    said: Said | None = None,
    words: str = "",
) -> Person:
    """Take somebody who moved in into a household, with the day and where from.

    ``who`` is what was told of them: they are written down anew. With ``person_id`` they are somebody of the seat's own area, who moves
    between its villages, comes back, or changes houses.

    Raises:
        NotFound: no such household or person for this actor.
        Refused: a value that cannot be read, a day ahead, a household that ended, somebody who died or lives in it already.
    """
    household = _reading.household(by, household_id)
    roles.require(by, "arrival.record", roles.Place(region_code=household.region_code))
    told = _reading.said(said, at, by)
    day = _reading.day(on_date, at)
    known = None if person_id is None else _known(by, person_id)
    if known is not None and known.household_id == household.id and known.life == "here":
        raise LivesHereAlready(name=known.full_name)
    place = region_queries.find_region(from_region) if from_region else None
    origin = place.code if place else ""
    with transaction.atomic():
        if known is None:
            person = _new(by, at, household, who)
            _lives.event(
                person, "move_in", day, told, at, before={"born": True}, words=words,
                from_region=origin, to_region=household.region_code,
            )  # fmt: skip
        else:
            person = known
            _come(person, household, day, told, at, words)
        households.join_household(
            by=by,
            at=at,
            household_id=household.id,
            person_id=person.id,
            relation=relation,
            from_date=day,
            said=told,
        )
        _units.line(
            by,
            at,
            "arrival.record",
            ("household", household.id),
            region_code=household.region_code,
            said=told,
            facts={"person_id": str(person.id), "new": known is None, "from_region": origin},
            inputs={"on_date": day.isoformat(), "words": words},
        )
    return person


def _known(by: Actor, person_id: UUID) -> Person:
    """Somebody of the seat's area; nobody is drawn out of another one's register."""
    person = access.visible(by).filter(id=person_id).first()
    if person is None:
        raise NotFound
    return households.alive(person)


def _new(by: Actor, at: datetime, household: Household, who: matching.Asked) -> Person:
    return persons.register_person(
        by=by,
        at=at,
        full_name=who.name,
        sex=who.sex,
        birth_date=who.birth_date,
        nik=who.nik,
        region_code=household.region_code,
        hamlet_id=household.hamlet_id,
    ).person


def _come(
    person: Person, household: Household, day: date, told: Said, at: datetime, words: str
) -> LifeEvent | None:
    """What happens to somebody known: they move from their village, come back, or only change houses (no event)."""
    event = None
    if person.life == "away":
        event = _lives.back(person, day, told, at, words)
    if person.region_code != household.region_code:
        (event,) = _lives.move([person], day, household.region_code, told, at, words)
    person.hamlet_id = household.hamlet_id
    person.save(update_fields=["hamlet"])
    return event
