"""Letting a person's data stand still at their wish, and letting them go on (UU 27/2022 art. 41)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.people import access
from simpul.people.models import Person


class AlreadyRestricted(Refused):
    """Once is enough."""

    code = "person.already_restricted"
    sentence = _("The data of this person stand still already.")


class NotRestricted(Refused):
    """There is nothing to lift."""

    code = "person.not_restricted"
    sentence = _("The data of this person do not stand still.")


class RestrictReasonMissing(Refused):
    """Standing still, and going on, both need words that the person can be told."""

    code = "person.restrict_reason_missing"
    sentence = _("Write why: what the person asked for, or what has changed.")
    field = "why"


def restrict_person(
    *, by: Actor, at: datetime, person_id: UUID, why: str, place: roles.Place | None = None
) -> Person:
    """Let a person's data stand still: from now on they are on no list, in no screening, figure by name or export.

    Their own page and their own matters stay, for those who deal with their wish. With ``place``, that of the wish by which the actor
    knows the person, the person may live outside of the actor's area: the caller has checked the wish.

    Raises:
        NotFound, NotAllowed: not the actor's to do here.
        AlreadyRestricted, RestrictReasonMissing.
    """
    person = access.person_for(by, person_id) if place is None else _wished(person_id)
    roles.require(by, "person.restrict", place or roles.Place(region_code=person.region_code))
    reason = text.clean_line(why)[:300]
    if not reason:
        raise RestrictReasonMissing
    with transaction.atomic():
        if Person.objects.filter(id=person_id, restricted_at=None).update(restricted_at=at) != 1:
            raise AlreadyRestricted
        _record(by, at, "person.restrict", person, reason)
    person.restricted_at = at
    return person


def _wished(person_id: UUID) -> Person:
    person = Person.objects.filter(id=person_id, erased_at=None).first()
    if person is None:
        raise NotFound
    return person


def unrestrict_person(*, by: Actor, at: datetime, person_id: UUID, why: str) -> Person:
    """Let the data go on: the person took their wish back, or its reason is gone and they were told.

    Raises:
        NotFound, NotAllowed: not the actor's to do here.
        NotRestricted, RestrictReasonMissing.
    """
    person = access.person_for(by, person_id)
    roles.require(by, "person.unrestrict", roles.Place(region_code=person.region_code))
    reason = text.clean_line(why)[:300]
    if not reason:
        raise RestrictReasonMissing
    with transaction.atomic():
        if Person.objects.filter(id=person_id).exclude(restricted_at=None).update(restricted_at=None) != 1:
            raise NotRestricted
        _record(by, at, "person.unrestrict", person, reason)
    person.restricted_at = None
    return person


def _record(by: Actor, at: datetime, kind: str, person: Person, why: str) -> None:
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind="person",
        subject_id=person.id,
        region_code=person.region_code,
        inputs={"why": why},
    )
