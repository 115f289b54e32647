"""Acts on the ways to reach a person. Of two numbers that two officers wrote unseen, both are kept until a person settles."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, TypedDict, cast
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import phone as phone_lib
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.people import rules
from simpul.people.actions import _persons
from simpul.people.models import Contact, ContactDoubt, Person
from simpul.people.rules import fields as field_rules
from simpul.people.rules import history

SAFE = ("safe_to_call", "safe_to_write")
"""What is asked twice before it is believed: while two officers differ, the more careful word holds."""


class ContactMissing(Refused):
    """A contact needs an address."""

    code = "contact.missing"
    sentence = _("Write the number, the e-mail address or where to find the person.")
    field = "as_typed"


class EmailUnreadable(Refused):
    """No message could ever arrive there."""

    code = "contact.email_unreadable"
    sentence = _("This is not a complete e-mail address. It looks like name@example.id.")
    field = "as_typed"


class PhoneUnreadable(Refused):
    """There is no number in it."""

    code = "contact.phone_unreadable"
    sentence = _("There is no phone number in this. Write the digits, or choose “visit”.")
    field = "as_typed"


class ContactSettledAlready(Refused):
    """Somebody chose already."""

    code = "contact.settled_already"
    sentence = _("Somebody has settled this already. Reload the page to see which number holds.")


class ContactFields(TypedDict, total=False):
    """What can be changed about a contact; what is not named stays."""

    channel: str
    as_typed: str
    owner: str
    owner_name: str
    safe_to_call: bool | None
    safe_to_write: bool | None
    warning: str
    is_current: bool


def add_contact(
    *,
    by: Actor,
    at: datetime,
    person_id: UUID,
    channel: str,
    as_typed: str,
    owner: str = "own",
    owner_name: str = "",
    safe_to_call: bool | None = None,
    safe_to_write: bool | None = None,
    warning: str = "",
    place: roles.Place | None = None,
    contact_id: UUID | None = None,
    seen_ids: Collection[UUID] | None = None,
) -> Contact:
    """Add a way to reach a person; the same address again only renews what is known about it. The same ``contact_id`` changes nothing.

    Args:
        seen_ids: for a contact written down away from the register, the person's contacts that its author had seen. Against an own one of
            the same channel that they had not seen, an open question is kept: which is right?

    Raises:
        NotFound: there is no such person for this actor, or the key is another person's contact.
        Refused: nothing to reach anybody by.
    """
    person = _persons.seen_by(by, person_id, place)
    roles.require(by, "contact.add", place or _persons.home_of(by, person))
    fields = ContactFields(
        channel=channel,
        as_typed=as_typed,
        owner=owner,
        owner_name=owner_name,
        safe_to_call=safe_to_call,
        safe_to_write=safe_to_write,
        warning=warning,
        is_current=True,
    )
    columns = _contact_columns(fields, channel)
    with transaction.atomic():
        again = Contact.objects.filter(id=contact_id).first() if contact_id else None
        if again is not None and again.person_id != person_id:
            raise NotFound
        if again is not None:
            return again
        contact, doubts = _added(person, columns, contact_id, seen_ids, by, at)
        journal_actions.record(
            by=by,
            at=at,
            kind="contact.add",
            subject_kind="person",
            subject_id=person_id,
            region_code=person.region_code,
            facts={"channel": channel, "owner": columns["owner"], **({"doubts": doubts} if doubts else {})},
            inputs=cast("Mapping[str, Any]", fields),
        )
    return contact


def _added(
    person: Person,
    columns: Mapping[str, Any],
    contact_id: UUID | None,
    seen_ids: Collection[UUID] | None,
    by: Actor,
    at: datetime,
) -> tuple[Contact, int]:
    """The contact, renewed or new, and how many open questions it brings."""
    rows = list(Contact.objects.select_for_update().filter(person=person).order_by("id"))
    known = next(
        (
            one
            for one in rows
            if (one.channel, one.address, one.as_typed)
            == (columns["channel"], columns["address"], columns["as_typed"])
        ),
        None,
    )
    if known is not None and seen_ids is not None and known.is_current and known.id not in seen_ids:
        twin = _beside(known, columns, contact_id or uuid7(), _differing(known, columns, columns), by, at)
        return (twin, 1) if twin else (known, 0)
    contact = known or Contact(id=contact_id or uuid7(), person=person)
    for name, value in columns.items():
        setattr(contact, name, value)
    contact.save()
    against = [
        one
        for one in rows
        if seen_ids is not None
        and one.id not in seen_ids
        and one.is_current
        and (one.channel, one.owner) == (contact.channel, contact.owner)
        and one.owner == "own"
        and not _same_address(one, columns)
    ]
    for one in against:
        _doubt(one, contact, by, at)
    return contact, len(against)


def change_contact(
    *,
    by: Actor,
    at: datetime,
    contact_id: UUID,
    changes: ContactFields,
    place: roles.Place | None = None,
    seen: Mapping[str, str] | None = None,
    unseen: Collection[str] = (),
    event_id: UUID | None = None,
) -> Contact:
    """Change a contact: whose it is, whether it is safe, or that it is no longer used (``is_current`` false).

    Args:
        seen: for a change that was made away from the register, what its author had seen of each field (``queries.seen``). Where something
            else stands now, both are kept as two current contacts, with an open question; the other fields are changed.
        unseen: fields of which it is only known that their author had not seen what stands.
        event_id: the event the change came in by; the same event again opens no second question.

    Raises:
        NotFound: there is no such contact for this actor.
        Refused: nothing to reach anybody by.
    """
    contact = Contact.objects.filter(id=contact_id).select_related("person").first()
    if contact is None:
        raise NotFound
    person = _persons.seen_by(by, contact.person_id, place)
    roles.require(by, "contact.change", place or _persons.home_of(by, person))
    if "channel" in changes and "as_typed" not in changes:
        changes = {**changes, "as_typed": contact.as_typed}
    columns = _contact_columns(changes, changes.get("channel", contact.channel))
    with transaction.atomic():
        contact = Contact.objects.select_for_update().select_related("person").get(id=contact_id)
        twin_id = uuid5(event_id, str(contact_id)) if event_id else uuid7()
        if event_id and Contact.objects.filter(id=twin_id).exists():
            return contact
        before = {name: getattr(contact, name) for name in changes}
        torn = _differing(contact, columns, _not_seen(contact, changes, seen, unseen))
        together = {"channel", "as_typed", "address"} if torn & {"channel", "as_typed"} else set()
        meant = not seen or "as_typed" not in _not_seen(contact, seen, seen, ())
        plain = {name: value for name, value in columns.items() if name not in torn | together}
        if not meant:
            plain.pop("is_current", None)  # another number stands there by now: it was not the one meant
        if plain:
            Contact.objects.filter(id=contact_id).update(**plain)
            contact.refresh_from_db()
        twin = _beside(contact, columns, twin_id, torn, by, at)
        journal_actions.record(
            by=by,
            at=at,
            kind="contact.change",
            subject_kind="person",
            subject_id=person.id,
            region_code=person.region_code,
            facts={
                "changed": sorted(changes),
                "channel": contact.channel,
                **({"doubts": 1, "unseen": sorted(torn)} if twin else {}),
            },
            inputs={"before": before, "after": changes},
        )
    return contact


def settle_contact(
    *, by: Actor, at: datetime, doubt_id: UUID, chosen_id: UUID | None = None, why: str = ""
) -> ContactDoubt:
    """Say which of two ways to reach a person is right; the other is used no more, and stays on the record. None: both hold.

    Raises:
        NotFound: there is no such question for this actor, or what was chosen is no side of it.
        ContactSettledAlready: somebody was faster.
    """
    doubt = ContactDoubt.objects.filter(id=doubt_id).first()
    if doubt is None:
        raise NotFound
    person = _persons.seen_by(by, doubt.person_id, None)
    roles.require(by, "contact.settle", _persons.home_of(by, person))
    with transaction.atomic():
        doubt = ContactDoubt.objects.select_for_update().get(id=doubt_id)
        if doubt.state != "open":
            raise ContactSettledAlready
        if chosen_id not in (None, doubt.first_id, doubt.second_id):
            raise NotFound
        for key, said in ((doubt.first_id, doubt.first_said), (doubt.second_id, doubt.second_said)):
            holds = chosen_id in (None, key)
            Contact.objects.filter(id=key).update(**({**said} if holds else {"is_current": False}))
        if chosen_id is not None:
            _pass_on(doubt, chosen_id)
        doubt.state, doubt.chosen_id, doubt.settled_at = "settled", chosen_id, at
        doubt.settled_by, doubt.why = by.name[:150], text.clean_line(why)[:300]
        doubt.save(update_fields=["state", "chosen", "settled_at", "settled_by", "why"])
        journal_actions.record(
            by=by,
            at=at,
            kind="contact.settle",
            subject_kind="person",
            subject_id=person.id,
            region_code=person.region_code,
            facts={"both": chosen_id is None},
            inputs={"why": doubt.why},
        )
    return doubt


def _pass_on(doubt: ContactDoubt, chosen_id: UUID) -> None:
    """Other questions about the contact that is used no more are asked of the one that holds."""
    gone = doubt.second_id if chosen_id == doubt.first_id else doubt.first_id
    others = ContactDoubt.objects.filter(Q(first_id=gone) | Q(second_id=gone), state="open").exclude(
        id=doubt.id
    )
    for other in others:
        rest = other.second_id if other.first_id == gone else other.first_id
        pair = Q(first_id=chosen_id, second_id=rest) | Q(first_id=rest, second_id=chosen_id)
        if rest == chosen_id or ContactDoubt.objects.filter(pair).exists():
            other.delete()
            continue
        other.first_id, other.second_id = chosen_id, rest
        said = doubt.first_said if chosen_id == doubt.first_id else doubt.second_said
        kept = other.second_said if rest == other.second_id else other.first_said
        other.first_said, other.second_said = said, kept
        other.save()


def _not_seen(
    contact: Contact, changes: Collection[str], seen: Mapping[str, str] | None, unseen: Collection[str]
) -> set[str]:
    """The fields of a change whose present value its author had not seen."""
    now = {name: history.seen_hash(field_rules.as_text(getattr(contact, name))) for name in changes}
    return {
        name
        for name in changes
        if name != "is_current" and (name in unseen or (seen or now).get(name, now[name]) != now[name])
    }


def _differing(contact: Contact, columns: Mapping[str, Any], names: Collection[str]) -> set[str]:
    """Those of these fields of which something else is said than what stands; one number written in two ways is the same."""
    found = {name for name in names if name in columns and columns[name] != getattr(contact, name)}
    return found - {"as_typed", "address"} if _same_address(contact, columns) else found


def _same_address(contact: Contact, columns: Mapping[str, Any]) -> bool:
    if "as_typed" not in columns:
        return True
    said = columns.get("address") or columns["as_typed"]
    return bool(said == (contact.address or contact.as_typed))


def _beside(
    contact: Contact, columns: Mapping[str, Any], key: UUID, torn: Collection[str], by: Actor, at: datetime
) -> Contact | None:
    """A second current contact with what was said unseen, and the question which is right; None when nothing differs."""
    if not torn:
        return None
    stands = {name.attname: getattr(contact, name.attname) for name in Contact._meta.concrete_fields}
    twin = Contact(**{**stands, **columns, "id": key, "is_current": True})
    first_said = {name: getattr(contact, name) for name in SAFE}
    second_said = {name: getattr(twin, name) for name in SAFE}
    if _same_address(contact, columns):
        for name in SAFE:
            held = _careful(first_said[name], second_said[name])
            setattr(contact, name, held)
            setattr(twin, name, held)
    contact.is_current = True
    contact.save(update_fields=[*SAFE, "is_current"])
    twin.save(force_insert=True)
    _doubt(contact, twin, by, at, first_said, second_said)
    return twin


def _careful(one: bool | None, other: bool | None) -> bool | None:
    """Of two words on whether it is safe, the one that can do no harm."""
    if False in (one, other):
        return False
    return None if None in (one, other) else True


def _doubt(
    first: Contact,
    second: Contact,
    by: Actor,
    at: datetime,
    first_said: Mapping[str, Any] | None = None,
    second_said: Mapping[str, Any] | None = None,
) -> None:
    ContactDoubt.objects.get_or_create(
        first=first,
        second=second,
        defaults={
            "person_id": first.person_id,
            "first_said": dict(first_said or {}),
            "second_said": dict(second_said or {}),
            "opened_at": at,
            "opened_by": by.name[:150],
        },
    )


_CONTACT_LIMITS = {"as_typed": 120, "owner_name": 100, "warning": 200}


def _contact_columns(fields: ContactFields, channel: str) -> dict[str, Any]:
    """Cleaned values by column; the address in the one form that look-ups and gateways use."""
    columns: dict[str, Any] = dict(fields)
    for name in _CONTACT_LIMITS.keys() & columns.keys():
        columns[name] = _persons.clean(name, columns[name], _CONTACT_LIMITS)
    if channel not in rules.CHANNELS or columns.get("owner", "own") not in rules.OWNERS:
        raise ValueError(f"{channel} of {columns.get('owner')}")
    if "as_typed" in columns:
        columns["address"] = _address(channel, columns["as_typed"])
    return columns


def _address(channel: str, as_typed: str) -> str:
    if not as_typed:
        raise ContactMissing
    if channel == "visit":
        return ""
    if channel == "email":
        try:
            validate_email(as_typed)
        except ValidationError:
            raise EmailUnreadable from None
        return as_typed.lower()
    if rules.is_opaque(channel, as_typed):
        return as_typed
    if channel == "telegram":
        raise PhoneUnreadable
    if not any(sign.isdigit() for sign in as_typed):
        raise PhoneUnreadable
    return phone_lib.normalise(as_typed).e164 or ""
