"""Acts on households: open, change, take in, let go, split."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.lib.ids import uuid7
from simpul.people import access
from simpul.people.actions import _reading, _twins, _units
from simpul.people.models import Belonging, House, Household, Person
from simpul.people.rules import history
from simpul.people.rules.history import Said, Sight


class HouseholdNameMissing(Refused):
    """A household needs something to be called by: its head, or a name."""

    code = "household.name_missing"
    sentence = _("Choose the head, or write what the village calls this household.")
    field = "name"


class HouseholdEnded(Refused):
    """Nobody lives in it any more."""

    code = "household.ended"
    sentence = _("This household has ended. Choose the one where the person lives now.")


class NotAMember(Refused):
    """Somebody who does not live in the household."""

    code = "household.not_a_member"
    sentence = _("%(name)s does not live in this household. Reload the page to see who does.")


class NobodyChosen(Refused):
    """A split without people."""

    code = "household.nobody_chosen"
    sentence = _("Tick who forms the new household, and choose its head among them.")
    field = "persons"


class NobodyLeft(Refused):
    """A split that leaves nobody behind."""

    code = "household.nobody_left"
    sentence = _("Somebody must stay in the old household. If all of them moved, record a move.")
    field = "persons"


class Dead(Refused):
    """The dead live nowhere."""

    code = "person.dead"
    sentence = _("The register says that %(name)s died. If that is wrong, take the death back first.")


def open_household(
    *,
    by: Actor,
    at: datetime,
    region_code: str,
    said: Said | None = None,
    name: str = "",
    hamlet_id: UUID | None = None,
    house_id: UUID | None = None,
    head_id: UUID | None = None,
    house: Mapping[str, Any] | None = None,
    values: Mapping[str, Any] | None = None,
    version: str = "bdt",
    household_id: UUID | None = None,
    new_house_id: UUID | None = None,
    seen: str | None = None,
    position: tuple[float, float] | None = None,
) -> Household:
    """Write a household down: where it lives, its head, its house (an old one, or a new one with what is known of it).

    The same ``household_id`` again changes nothing. ``new_house_id``: the key of the new house. ``seen``: the hash of
    the household in which the author had seen the head (``join_household``). A household that seems to be here already
    under another key is written down all the same, with a question for a person (``twins``). ``position``: where a new house stands, in
    degrees north and east; one that is nowhere on earth is left out.

    Raises:
        NotAllowed: not the actor's to do in this village.
        Refused: no village, nothing to call it by, a value that cannot be read.
    """
    roles.require(by, "household.open", roles.Place(region_code=region_code))
    known = _reading.made(Household, household_id, partial(access.household_for, by))
    if known is not None:
        return known
    told = _reading.said(said, at, by)
    code, hamlet = _reading.village(region_code), _reading.hamlet(hamlet_id, region_code)
    head = _alive(_reading.person(by, head_id)) if head_id else None
    own = _reading.values("household", values or {}, at, version)
    called = str(own.get("name") or name or (head.full_name if head else "")).strip()[:150]
    if not called:
        raise HouseholdNameMissing
    built = _reading.values("house", house or {}, at, version)
    with transaction.atomic():
        dwelling = (
            _reading.house(by, house_id)
            if house_id
            else House.objects.create(
                id=new_house_id or uuid7(), region_code=code, hamlet=hamlet, changed_at=at, **_where(position)
            )
        )
        household = Household.objects.create(
            id=household_id or uuid7(),
            region_code=code,
            hamlet=hamlet,
            house=dwelling,
            name=called,
            registered_at=at,
            changed_at=at,
        )
        _units.observe(
            [
                _units.Change(household, {**own, "name": called}, is_new=True),
                _units.Change(dwelling, built, is_new=house_id is None),
            ],
            said=told,
            by=by,
            at=at,
        )
        if head is not None:
            elsewhere = head.household_id
            unseen = seen is not None and seen != history.seen_hash(str(elsewhere or ""))
            if not _twins.lives_elsewhere(head, household, "bdt/1", told, by, at, apart=unseen):
                _units.join([_units.Joining(head, household, "bdt/1")], said=told, at=at)
                set_head(household, head)
                _leave_behind(elsewhere, head, told.observed_date)
            _twins.look_for(household, head, at)
        _units.line(
            by,
            at,
            "household.open",
            ("household", household.id),
            region_code=code,
            said=told,
            inputs={"name": called, **{key: str(value) for key, value in {**own, **built}.items()}},
        )
    return household


def change_household(
    *,
    by: Actor,
    at: datetime,
    household_id: UUID,
    changes: Mapping[str, Any],
    said: Said | None = None,
    version: str = "bdt",
    seen: Mapping[str, str] | None = None,
    unseen: Collection[str] = (),
    event_id: UUID | None = None,
) -> _units.Observed:
    """Write what somebody said about a household. What is older than what stands is kept as past; contradictions are kept beside.

    Args:
        seen: for an edit that was made away from the register, what its author had seen of each field (``queries.seen``).
        unseen: fields of which it is only known that their author had not seen what stands.
        event_id: the event the edit came in by; the same event again changes nothing.

    Raises:
        NotFound: there is no such household for this actor.
        Refused: a value that cannot be read, or nothing was given.
    """
    household = _reading.household(by, household_id)
    roles.require(by, "household.change", roles.Place(region_code=household.region_code))
    told = _reading.said(said, at, by)
    new = _reading.values("household", changes, at, version)
    if not new:
        raise _reading.NothingChanged
    if "name" in new and not new["name"]:
        raise HouseholdNameMissing
    with transaction.atomic():
        done = _units.observe(
            [_units.Change(household, new)], said=told, by=by, at=at, sight=Sight.of(seen, unseen, event_id)
        )
        _units.line_of_change(
            by,
            at,
            "household.change",
            ("household", household.id),
            household.region_code,
            said=told,
            new=new,
            done=done,
        )
    return done


def change_house(
    *,
    by: Actor,
    at: datetime,
    house_id: UUID,
    changes: Mapping[str, Any],
    said: Said | None = None,
    version: str = "bdt",
    seen: Mapping[str, str] | None = None,
    unseen: Collection[str] = (),
    event_id: UUID | None = None,
) -> _units.Observed:
    """Write what somebody said about a house; ``seen``, ``unseen`` and ``event_id`` as in ``change_household``.

    Raises:
        NotFound: there is no such house for this actor.
        Refused: a value that cannot be read, or nothing was given.
    """
    house = _reading.house(by, house_id)
    roles.require(by, "house.change", roles.Place(region_code=house.region_code))
    told = _reading.said(said, at, by)
    new = _reading.values("house", changes, at, version)
    if not new:
        raise _reading.NothingChanged
    with transaction.atomic():
        done = _units.observe(
            [_units.Change(house, new)], said=told, by=by, at=at, sight=Sight.of(seen, unseen, event_id)
        )
        _units.line_of_change(
            by, at, "house.change", ("house", house.id), house.region_code, said=told, new=new, done=done
        )
    return done


def join_household(
    *,
    by: Actor,
    at: datetime,
    household_id: UUID,
    person_id: UUID,
    relation: str = "",
    said: Said | None = None,
    from_date: date | None = None,
    version: str = "bdt",
    belonging_id: UUID | None = None,
    seen: str | None = None,
) -> Belonging | None:
    """Take a person into a household; where they lived before ends that day. As head they take the place of the one before.

    Args:
        belonging_id: the key of what is made; the same again changes nothing.
        seen: for an act away from the register, the hash of the household in which its author had seen the person ("" for none;
            ``queries.seen``, field "household_id"). Where they live in another by now, nobody is moved: the question is kept for a person,
            and None is returned.

    Raises:
        NotFound: no such household or person for this actor.
        Refused: an unknown relation, a day ahead, a household that ended, a person who died.
    """
    household = _reading.household(by, household_id)
    roles.require(by, "household.join", roles.Place(region_code=household.region_code))
    again = _units.joined(belonging_id, person_id)
    if again is not None:
        return again
    person = _alive(_reading.person(by, person_id))
    told = _reading.said(said, at, by)
    code = _reading.relation("household_relation", relation, version)
    since = _reading.day(from_date, at, field="from_date") if from_date else None
    if household.ended_date is not None:
        raise HouseholdEnded
    with transaction.atomic():
        person = Person.objects.select_for_update().get(id=person_id)
        unseen = seen is not None and seen != history.seen_hash(str(person.household_id or ""))
        if _twins.lives_elsewhere(person, household, code, told, by, at, apart=unseen):
            return None
        left = _households_of([person])
        (belonging,) = _units.join(
            [_units.Joining(person, household, code, since, key=belonging_id)], said=told, at=at
        )
        if _reading.is_head("household_relation", code):
            set_head(household, person)
            _twins.look_for(household, person, at)
        for gone in left - {household.id}:
            _leave_behind(gone, person, since or told.observed_date)
        _units.line(
            by,
            at,
            "household.join",
            ("household", household.id),
            region_code=household.region_code,
            said=told,
            facts={"person_id": str(person.id), "relation": code},
        )
    return belonging


def leave_household(
    *,
    by: Actor,
    at: datetime,
    person_id: UUID,
    said: Said | None = None,
    on_date: date | None = None,
    why: str = "moved",
) -> None:
    """Let a person leave the household they live in; where they live now is not known.

    Raises:
        NotFound: no such person for this actor.
        Refused: they live in none, or the day lies ahead.
    """
    person = _reading.person(by, person_id)
    roles.require(by, "household.leave", roles.Place(region_code=person.region_code))
    told = _reading.said(said, at, by)
    day = _reading.day(on_date, at)
    household = person.household
    if household is None:
        raise NotAMember(name=person.full_name)
    with transaction.atomic():
        _units.leave([person], ("household",), on=day, why=why if why in WHY_LEFT else "moved")
        drop_head(household.id, [person.id])
        _mark_empty({household.id}, day)
        _units.line(
            by,
            at,
            "household.leave",
            ("household", household.id),
            region_code=household.region_code,
            said=told,
            facts={"person_id": str(person.id), "why": why},
        )


def _where(position: tuple[float, float] | None) -> dict[str, float]:
    """The columns of a place on earth."""
    if position is None or not (-90 <= position[0] <= 90 and -180 <= position[1] <= 180):
        return {}
    return {"latitude": position[0], "longitude": position[1]}


WHY_LEFT = ("moved", "married", "corrected")


def split_household(
    *,
    by: Actor,
    at: datetime,
    household_id: UUID,
    person_ids: Sequence[UUID],
    head_id: UUID,
    said: Said | None = None,
    on_date: date | None = None,
    new_house: bool = False,
) -> Household:
    """Let some members form a household of their own, under the same roof or (``new_house``) another that is not described yet.

    Raises:
        NotFound: no such household for this actor.
        Refused: nobody or everybody was chosen, or somebody who does not live there.
    """
    household = _reading.household(by, household_id)
    roles.require(by, "household.split", roles.Place(region_code=household.region_code))
    told = _reading.said(said, at, by)
    day = _reading.day(on_date, at)
    living = {one.id: one for one in Person.objects.filter(household=household).exclude(life="dead")}
    chosen = [living[key] for key in person_ids if key in living]
    if not chosen or head_id not in {one.id for one in chosen} or len(chosen) != len(set(person_ids)):
        raise NobodyChosen
    if len(chosen) == len(living):
        raise NobodyLeft
    with transaction.atomic():
        made = _split(household, chosen, living[head_id], day, told, at, new_house=new_house)
        _units.line(
            by,
            at,
            "household.split",
            ("household", household.id),
            region_code=household.region_code,
            said=told,
            facts={"new_household_id": str(made.id), "persons": len(chosen)},
        )
    return made


def _split(
    old: Household,
    chosen: Sequence[Person],
    head: Person,
    day: date,
    told: Said,
    at: datetime,
    *,
    new_house: bool,
) -> Household:
    dwelling = (
        House.objects.create(region_code=old.region_code, hamlet=old.hamlet, changed_at=at)
        if new_house
        else old.house
    )
    made = Household.objects.create(
        region_code=old.region_code,
        hamlet=old.hamlet,
        house=dwelling,
        name=head.full_name,
        registered_at=at,
        changed_at=at,
    )
    _units.join(
        [
            _units.Joining(
                one, made, "bdt/1" if one.id == head.id else "", day
            )  # their relation to the new head is not known
            for one in chosen
        ],
        said=told,
        at=at,
    )
    drop_head(old.id, [one.id for one in chosen])
    set_head(made, head)
    return made


# --- steps that other acts of the register use ----------------------------------------------------------------------------------


def set_head(household: Household, person: Person) -> None:
    """Make a member the head; the one before keeps living there, with a relation nobody knows yet."""
    if household.head_id not in (None, person.id):
        before = Person.objects.filter(id=household.head_id, household=household)
        before.update(household_relation="")
        Belonging.objects.filter(person_id=household.head_id, household=household, until_date=None).update(
            relation=""
        )
    household.head = person
    Household.objects.filter(id=household.id).update(head=person)


def _leave_behind(household_id: UUID | None, person: Person, on: date) -> None:
    """The household somebody left loses its head with them, and ends when nobody is left."""
    if household_id is not None:
        drop_head(household_id, [person.id])
        _mark_empty({household_id}, on)


def drop_head(household_id: UUID, gone: Sequence[UUID]) -> None:
    """Leave a household without a head when its head is among those gone; the queries ask for a new one."""
    Household.objects.filter(id=household_id, head_id__in=list(gone)).update(head=None)


def _households_of(persons: Sequence[Person]) -> set[UUID]:
    return {one.household_id for one in persons if one.household_id is not None}


def _mark_empty(household_ids: set[UUID], on: date) -> None:
    """End the households in which nobody lives any more."""
    for household_id in household_ids:
        drop = Person.objects.filter(household_id=household_id)
        if not drop.exists():
            Household.objects.filter(id=household_id, ended_date=None).update(ended_date=on, head=None)


def mark_empty(household_ids: set[UUID], on: date) -> None:
    """End the households in which nobody lives any more; for acts that took people out of them."""
    _mark_empty(household_ids, on)


def _alive(person: Person) -> Person:
    if person.life == "dead":
        raise Dead(name=person.full_name)
    return person


def alive(person: Person) -> Person:
    """A person who did not die; for the acts on lives.

    Raises:
        Refused: they died.
    """
    return _alive(person)
