"""Who somebody on a channel is: linked to a person, unlinked again, silenced, or given to another desk."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.journal import actions as journal_actions
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.messages import access
from simpul.messages.models import Correspondent
from simpul.people import access as people_access
from simpul.people import actions as people_actions
from simpul.people import queries as people_queries

CONTACT_CHANNEL = {
    "sms": "phone",
    "phone": "phone",
    "whatsapp": "whatsapp",
    "email": "email",
    "telegram": "telegram",
}


class AlreadyLinked(Refused):
    """It belongs to somebody else: that link is undone first, openly."""

    code = "correspondent.already_linked"
    sentence = _("This contact is already linked to another person. Undo that link first if it is wrong.")


class NobodyToLink(Refused):
    """A message without a sender belongs to no channel that could reach anybody."""

    code = "correspondent.nameless"
    sentence = _("This message came without a sender, so there is nothing that could be linked to a person.")


def link_correspondent(
    *,
    by: Actor,
    at: datetime,
    correspondent_id: UUID,
    person_id: UUID,
    owner: str = "own",
    owner_name: str = "",
    safe_to_call: bool | None = None,
    safe_to_write: bool | None = None,
    warning: str = "",
    place: roles.Place | None = None,
) -> Correspondent:
    """Say that this contact is a way to reach this person, and how safe it is; the person's contact is added or renewed.

    Args:
        place: the place of a matter through which the actor sees the person; without it the person must be the actor's to see.

    Raises:
        NotFound: no such correspondent or person for this actor.
        NobodyToLink, AlreadyLinked.
    """
    who = access.correspondent_for(by, correspondent_id)
    roles.require(by, "correspondent.link", access.place_of(who))
    if who.is_nameless:
        raise NobodyToLink
    if who.person_id is not None and who.person_id != person_id:
        raise AlreadyLinked
    if place is None:
        people_access.person_for(by, person_id)
    with transaction.atomic():
        contact = people_actions.add_contact(
            by=by,
            at=at,
            person_id=person_id,
            channel=CONTACT_CHANNEL[who.channel],
            as_typed=who.number if who.channel in ("sms", "phone") and who.number else who.address,
            owner=owner,
            owner_name=owner_name,
            safe_to_call=safe_to_call,
            safe_to_write=safe_to_write,
            warning=warning,
            place=place or access.place_of(who),
        )
        free = Correspondent.objects.filter(Q(person_id=None) | Q(person_id=person_id), id=who.id)
        linked = {"person_id": person_id, "contact_id": contact.id, "linked_at": at, "linked_by": by.name}
        if free.update(**linked) != 1:
            raise AlreadyLinked
        who.refresh_from_db()
        _line(by, at, "correspondent.link", who, person=str(person_id))
    return who


def unlink_correspondent(*, by: Actor, at: datetime, correspondent_id: UUID) -> Correspondent:
    """Undo a link that was wrong: the person is no longer reached there, and what was said stays where it was said.

    Raises:
        NotFound: no such linked correspondent for this actor.
    """
    who = access.correspondent_for(by, correspondent_id)
    roles.require(by, "correspondent.unlink", access.place_of(who))
    if who.person_id is None:
        raise NotFound
    person_id = who.person_id
    with transaction.atomic():
        current = {contact.id for contact in people_queries.contacts_of(person_id)}
        if who.contact_id in current:
            people_actions.change_contact(
                by=by,
                at=at,
                contact_id=who.contact_id,
                changes={"is_current": False},
                place=access.place_of(who),
            )
        cleared = {"person_id": None, "contact_id": None, "linked_at": None, "linked_by": ""}
        if Correspondent.objects.filter(id=who.id, person_id=person_id).update(**cleared) != 1:
            raise NotFound
        who.refresh_from_db()
        _line(by, at, "correspondent.unlink", who, person=str(person_id))
    return who


def stop_correspondent(*, by: Actor, at: datetime, correspondent_id: UUID, why: str) -> Correspondent:
    """Send nothing there any more: because they asked for silence (``asked``), or because it is ``spam``.

    Raises:
        NotFound: no such correspondent for this actor.
    """
    who = access.correspondent_for(by, correspondent_id)
    roles.require(by, "correspondent.stop", access.place_of(who))
    if why not in ("asked", "spam"):
        raise KeyError(why)
    with transaction.atomic():
        Correspondent.objects.filter(id=who.id).update(stopped_at=at, stopped_why=why)
        who.refresh_from_db()
        _line(by, at, "correspondent.stop", who, why=why)
    return who


def resume_correspondent(*, by: Actor, at: datetime, correspondent_id: UUID) -> Correspondent:
    """Take the silence back.

    Raises:
        NotFound: no such silenced correspondent for this actor.
    """
    who = access.correspondent_for(by, correspondent_id)
    roles.require(by, "correspondent.resume", access.place_of(who))
    with transaction.atomic():
        silent = Correspondent.objects.filter(id=who.id).exclude(stopped_at=None)
        if silent.update(stopped_at=None, stopped_why="") != 1:
            raise NotFound
        who.refresh_from_db()
        _line(by, at, "correspondent.resume", who)
    return who


def pass_correspondent(*, by: Actor, at: datetime, correspondent_id: UUID, desk_id: UUID) -> Correspondent:
    """Give a conversation to another desk of this installation; its open messages wait there from now on.

    Raises:
        NotFound: no such correspondent for this actor, or no such open desk.
    """
    who = access.correspondent_for(by, correspondent_id)
    roles.require(by, "correspondent.pass", access.place_of(who))
    desk = desk_queries.desk(desk_id)
    if desk is None or desk.closed_at is not None or desk.outside:
        raise NotFound
    with transaction.atomic():
        Correspondent.objects.filter(id=who.id).update(desk=desk)
        who.refresh_from_db()
        _line(by, at, "correspondent.pass", who, desk=desk.code)
    return who


def step_correspondent(
    *,
    by: Actor,
    at: datetime,
    correspondent_id: UUID,
    step: str,
    until_at: datetime | None = None,
    subject_id: UUID | None = None,
) -> None:
    """Remember what the keyword menu waits for, or that it waits for nothing."""
    roles.require(by, "correspondent.step")
    Correspondent.objects.filter(id=correspondent_id).update(
        menu_step=step, menu_until_at=until_at, menu_subject_id=subject_id
    )


def _line(by: Actor, at: datetime, kind: str, who: Correspondent, **facts: str) -> None:
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind="correspondent",
        subject_id=who.id,
        region_code=who.region_code,
        facts={"channel": who.channel, **facts},
    )
