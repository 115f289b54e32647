"""Looking persons up: is this person here already, how to reach them, what to show."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from simpul.lib import areas, text
from simpul.lib import nik as nik_lib
from simpul.lib import phone as phone_lib
from simpul.lib.actor import Actor
from simpul.lib.keys import ring
from simpul.people import access, rules
from simpul.people.models import Contact, Person


@dataclass(frozen=True, slots=True)
class Same:
    """A person who may be the one at the counter, and what they have in common: nik, phone or name."""

    person: Person
    why: str


@dataclass(frozen=True, slots=True)
class ShownContact:
    """A contact as a page may show it: masked unless ``whole``."""

    id: UUID
    channel: str
    shown: str
    owner: str
    owner_name: str
    safe_to_call: bool | None
    safe_to_write: bool | None
    warning: str


def nik_index(value: str) -> str:
    """The blind index under which a NIK is looked up; "" for an empty one."""
    clean = nik_lib.clean(value)
    return ring().blind_index(clean, "nik") if clean else ""


def find_same(
    by: Actor, *, nik: str = "", phone: str = "", name: str = "", region_code: str = "", limit: int = 5
) -> list[Same]:
    """Persons whom the actor may see and who share the NIK, a phone, or the name in the same region; surest first.

    It never tells that a NIK exists outside the actor's own area: a counter is no oracle for numbers (UU 24/2013 art. 79).
    """
    seen = access.visible(by)
    found: dict[UUID, Same] = {}
    number = phone_lib.normalise(phone).e164 if phone.strip() else None
    key = text.name_key(name)
    for why, rows in (
        ("nik", seen.with_nik(nik_index(nik))),
        ("phone", seen.reached_at(number or "")),
        ("name", seen.filter(name_key=key, region_code=region_code) if key and region_code else seen.none()),
    ):
        for person in rows.order_by("-registered_at")[:limit]:
            found.setdefault(person.id, Same(person, why))
    return list(found.values())[:limit]


def addressee(person_id: UUID) -> Person | None:
    """The person a message is for, with their hamlet. Only rooms that tell people something ask for it."""
    return Person.objects.filter(id=person_id).select_related("hamlet").first()


def contacts_of(person_id: UUID) -> list[Contact]:
    """A person's current contacts, in the order they were given. The caller has checked that its actor may see the person."""
    return list(Contact.objects.filter(person_id=person_id, is_current=True).order_by("id"))


def contacts_of_all(person_ids: Iterable[UUID]) -> dict[UUID, list[Contact]]:
    """The current contacts of several persons, in one query."""
    found: dict[UUID, list[Contact]] = {person_id: [] for person_id in person_ids}
    for contact in Contact.objects.filter(person_id__in=list(found), is_current=True).order_by("id"):
        found[contact.person_id].append(contact)
    return found


def safe_road(
    contacts: Iterable[Contact],
    wants: rules.Wants,
    *,
    sensitive: bool = False,
    channels: Iterable[str] | None = None,
) -> rules.SafeRoad[Contact] | None:
    """The contact that is safe to write to or to call, by ``people.rules.safe_road``; None when there is none."""
    return rules.safe_road(contacts, wants=wants, sensitive=sensitive, channels=channels)


def shown_contacts(contacts: Iterable[Contact], *, whole: bool) -> list[ShownContact]:
    """Contacts for a page: as typed for those who must reach the person, masked for everybody else."""
    return [
        ShownContact(
            id=contact.id,
            channel=contact.channel,
            shown=contact.as_typed
            if whole
            else rules.mask_contact(contact.channel, contact.address or contact.as_typed),
            owner=contact.owner,
            owner_name=contact.owner_name if whole else "",
            safe_to_call=contact.safe_to_call,
            safe_to_write=contact.safe_to_write,
            warning=contact.warning,
        )
        for contact in contacts
    ]


def masked_nik(person: Person) -> str:
    """The NIK as it is shown: ``7305********0012``; "" when the person gave none."""
    return nik_lib.mask(person.nik) if person.nik else ""


def living_in(
    region_code: str, *, also: Iterable[UUID] = (), chunk: int = 500
) -> Iterator[list[tuple[Person, list[Contact]]]]:
    """Who lives in an area and can be told something, and those named besides, with their current contacts: some hundred at a time.

    For what is told to a whole area: no more than one chunk is ever held, however many people live there. Left out are the dead, those
    who moved away, those whose data stand still, and residents of the register without any contact: their hamlet is told by word of mouth.
    """
    inside = Person.objects.listed().filter(
        Exists(Contact.objects.filter(person=OuterRef("pk"), is_current=True)) | Q(resident=False),
        areas.inside(region_code),
        life="here",
    )
    found = inside | Person.objects.filter(id__in=list(also))
    last: UUID | None = None
    while True:
        rows = found if last is None else found.filter(id__gt=last)
        people = list(rows.select_related("hamlet").order_by("id")[:chunk])
        if not people:
            return
        contacts = contacts_of_all(person.id for person in people)
        yield [(person, contacts[person.id]) for person in people]
        last = people[-1].id


@dataclass(frozen=True, slots=True)
class Met:
    """Who a list may be about: by NIK, and by name and birth date (several people may share both)."""

    by_nik: dict[str, Person]
    by_birth: dict[tuple[str, date], list[Person]]


def met_in_list(base: str, indexes: Collection[str], births: Collection[tuple[str, date]]) -> Met:
    """People of the area ``base`` with one of these blind NIK indexes, or one of these (name key, birth date): two queries for any list.

    For rooms that take a list of their own in: that a name and a birth date meet proves nothing, so all who share them are given.
    """
    inside = Person.objects.listed().filter(areas.inside(base))
    by_nik = {one.nik_index: one for one in inside.filter(nik_index__in=set(indexes) - {""})}
    by_birth: dict[tuple[str, date], list[Person]] = {}
    rows = inside.filter(
        name_key__in={name for name, _day in births}, birth_date__in={day for _name, day in births}
    )
    for one in rows.order_by("registered_at"):
        if one.birth_date is not None and (one.name_key, one.birth_date) in births:
            by_birth.setdefault((one.name_key, one.birth_date), []).append(one)
    return Met(by_nik, by_birth)
