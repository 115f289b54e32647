"""Acts on families: the unit of a family card (KK)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
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
from simpul.people.actions import _keys, _reading, _twins, _units, households
from simpul.people.models import Belonging, Family, Person
from simpul.people.rules.history import Said, Sight


class FamilyEnded(Refused):
    """Nobody belongs to it any more."""

    code = "family.ended"
    sentence = _("This family card has ended. Choose the one that holds now.")


class FamilyKnown(Refused):
    """A second card with the number of one that is here."""

    code = "family.known"
    sentence = _("A family with this card number is in the register here already. Open it instead.")
    field = "kk"


def open_family(
    *,
    by: Actor,
    at: datetime,
    region_code: str,
    kk: str = "",
    household_id: UUID | None = None,
    head_id: UUID | None = None,
    values: Mapping[str, Any] | None = None,
    said: Said | None = None,
    family_id: UUID | None = None,
) -> Family:
    """Write a family card down. The number may be unknown: a family without a card is a family all the same.

    The same ``family_id`` again changes nothing. With a key of its own the card was written down away from the register: one that is here
    already under another key is then a question for a person (``twins``), no refusal.

    Raises:
        NotAllowed: not the actor's to do in this village.
        Refused: a number with letters, a card that is here already, a decile that cannot be.
    """
    roles.require(by, "family.open", roles.Place(region_code=region_code))
    known = _reading.made(Family, family_id, partial(_reading.family, by))
    if known is not None:
        return known
    told = _reading.said(said, at, by)
    code = _reading.village(region_code)
    own = _reading.values("family", {**(values or {}), "kk": kk or (values or {}).get("kk", "")}, at)
    household = _reading.household(by, household_id) if household_id else None
    head = _reading.person(by, head_id) if head_id else None
    index = Family(kk=own["kk"])
    _units.derive(index, "kk")
    if family_id is None and _twins.cards_like(access.families(by), index.kk_index):
        raise FamilyKnown
    with transaction.atomic():
        family = Family.objects.create(
            id=family_id or uuid7(), region_code=code, household=household, registered_at=at, changed_at=at
        )
        _units.observe([_units.Change(family, own, is_new=True)], said=told, by=by, at=at)
        if head is not None:
            _units.join([_units.Joining(head, family, "bdt/1")], said=told, at=at)
            Family.objects.filter(id=family.id).update(head=head)
            family.head = head
            _keys.refresh_keys(head)
        _twins.same_card(family, at)
        _units.line(
            by,
            at,
            "family.open",
            ("family", family.id),
            region_code=code,
            said=told,
            inputs={key: str(value) for key, value in own.items()},
        )
    return family


def change_family(
    *,
    by: Actor,
    at: datetime,
    family_id: UUID,
    changes: Mapping[str, Any],
    said: Said | None = None,
    seen: Mapping[str, str] | None = None,
    unseen: Collection[str] = (),
    event_id: UUID | None = None,
) -> _units.Observed:
    """Write what somebody said about a family: its card, its decile and period, its accounts.

    ``seen``, ``unseen`` and ``event_id`` as in ``change_household``.

    Raises:
        NotFound: no such family for this actor.
        Refused: a value that cannot be read, or nothing was given.
    """
    family = _reading.family(by, family_id)
    roles.require(by, "family.change", roles.Place(region_code=family.region_code))
    told = _reading.said(said, at, by)
    new = _reading.values("family", changes, at)
    if not new:
        raise _reading.NothingChanged
    with transaction.atomic():
        done = _units.observe(
            [_units.Change(family, new)], said=told, by=by, at=at, sight=Sight.of(seen, unseen, event_id)
        )
        if "kk" in done.changed.get(family.id, ()):
            _keys.write_keys(list(Person.objects.filter(family=family)))
        _units.line_of_change(
            by, at, "family.change", ("family", family.id), family.region_code, said=told, new=new, done=done
        )
    return done


def join_family(
    *,
    by: Actor,
    at: datetime,
    family_id: UUID,
    person_id: UUID,
    relation: str = "",
    said: Said | None = None,
    from_date: date | None = None,
    version: str = "bdt",
    belonging_id: UUID | None = None,
) -> Belonging:
    """Take a person onto a family card; the card they stood on before ends for them that day. The same ``belonging_id`` changes nothing.

    Raises:
        NotFound: no such family or person for this actor.
        Refused: an unknown relation, a day ahead, a family that ended, a person who died.
    """
    family = _reading.family(by, family_id)
    roles.require(by, "family.join", roles.Place(region_code=family.region_code))
    again = _units.joined(belonging_id, person_id)
    if again is not None:
        return again
    person = _reading.person(by, person_id)
    told = _reading.said(said, at, by)
    code = _reading.relation("family_relation", relation, version)
    since = _reading.day(from_date, at, field="from_date") if from_date else None
    if family.ended_date is not None:
        raise FamilyEnded
    if person.life == "dead":
        raise households.Dead(name=person.full_name)
    with transaction.atomic():
        left = person.family_id
        (belonging,) = _units.join(
            [_units.Joining(person, family, code, since, key=belonging_id)], said=told, at=at
        )
        if _reading.is_head("family_relation", code):
            Family.objects.filter(id=family.id).update(head=person)
        _keys.refresh_keys(person)
        if left and left != family.id:
            end_empty({left}, since or told.observed_date)
        _units.line(
            by,
            at,
            "family.join",
            ("family", family.id),
            region_code=family.region_code,
            said=told,
            facts={"person_id": str(person.id), "relation": code},
        )
    return belonging


def end_empty(family_ids: set[UUID], on: date) -> None:
    """End the families to which nobody belongs any more."""
    for family in Family.objects.filter(id__in=family_ids, ended_date=None):
        if not Person.objects.filter(family=family).exists():
            Family.objects.filter(id=family.id).update(ended_date=on, head=None)
