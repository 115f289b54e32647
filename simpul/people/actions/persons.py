"""Acts on persons and their contacts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, TypedDict, cast
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import nik as nik_lib
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.lib.ids import uuid7
from simpul.people import access, queries, rules
from simpul.people.actions import _keys, _persons, _reading, _units
from simpul.people.models import Person
from simpul.people.rules import history


class NameMissing(Refused):
    """A person needs something to be called by."""

    code = "person.name_missing"
    sentence = _("Write the name. If nobody knows it, write “tidak diketahui”.")
    field = "full_name"


TooLong = _persons.TooLong


class SexUnreadable(Refused):
    """Only L, P or nothing."""

    code = "person.sex_unreadable"
    sentence = _("Choose man, woman, or leave it open.")
    field = "sex"


class BirthDateImpossible(Refused):
    """Nobody is born tomorrow."""

    code = "person.birth_date_impossible"
    sentence = _("This birth date is not possible. Check the year, or leave it open.")
    field = "birth_date"


class NikUnreadable(Refused):
    """Letters, or more than 16 digits: a typing error. Everything else is only warned about."""

    code = "person.nik_unreadable"
    sentence = _("A NIK has 16 digits and no letters. Check the number, or leave it empty.")
    field = "nik"


class PersonFields(TypedDict, total=False):
    """What can be changed about a person; what is not named stays."""

    full_name: str
    called: str
    sex: str
    birth_date: date | None
    nik: str
    region_code: str
    hamlet_id: UUID | None
    address: str
    landmark: str
    needs: str
    language: str


@dataclass(frozen=True, slots=True)
class Registered:
    """The person, and what looked odd about the NIK: said to the officer, never a reason to refuse."""

    person: Person
    warnings: tuple[nik_lib.Warning, ...] = ()


def register_person(
    *,
    by: Actor,
    at: datetime,
    full_name: str = "",
    called: str = "",
    sex: str = "",
    birth_date: date | None = None,
    nik: str = "",
    region_code: str = "",
    hamlet_id: UUID | None = None,
    address: str = "",
    landmark: str = "",
    needs: str = "",
    language: str = "id",
    place: roles.Place | None = None,
    person_id: UUID | None = None,
) -> Registered:
    """Write a person down; everything may be unknown but something to call them by.

    Residents may do so for their own report. ``place`` is where the matter lies; without it, where the person lives, or
    the seat's own area when that is not known either. The same ``person_id`` again changes nothing.

    Raises:
        NotFound: somebody else's row has this key.
        NotAllowed: not the actor's to do here.
        Refused: a value that cannot be read (see the subclasses above); a strange NIK only brings warnings.
    """
    home = roles.Place(region_code=region_code or by.served_areas[0])
    roles.require(by, "person.register", place or home)
    known = _reading.made(Person, person_id, partial(access.person_for, by))
    if known is not None:
        return Registered(known, _nik_warnings(known, at))
    fields = PersonFields(
        full_name=full_name or called,
        called=called,
        sex=sex,
        birth_date=birth_date,
        nik=nik,
        region_code=region_code,
        hamlet_id=hamlet_id,
        address=address,
        landmark=landmark,
        needs=needs,
        language=language,
    )
    columns = _person_columns(fields, at)
    with transaction.atomic():
        person = Person.objects.create(id=person_id or uuid7(), registered_at=at, **columns)
        _keys.refresh_keys(person)
        journal_actions.record(
            by=by,
            at=at,
            kind="person.register",
            subject_kind="person",
            subject_id=person.id,
            region_code=person.region_code,
            inputs=_for_journal(fields),
        )
    return Registered(person, _nik_warnings(person, at))


def change_person(
    *,
    by: Actor,
    at: datetime,
    person_id: UUID,
    changes: PersonFields,
    place: roles.Place | None = None,
    said: history.Said | None = None,
    seen: Mapping[str, str] | None = None,
    unseen: Collection[str] = (),
    event_id: UUID | None = None,
) -> Registered:
    """Change what is known about a person; history and journal keep the old values (UU 27/2022 art. 30).

    ``said`` tells whose word it is; without it, the officer's. A word of an earlier day never covers a newer one. ``seen``, ``unseen`` and
    ``event_id`` as in ``change_household``.

    With ``place``, the matter through which the actor sees the person, the person may live outside the actor's area: the
    caller has checked that the person belongs to that matter.

    Raises:
        NotFound: there is no such person for this actor.
        Refused: a value that cannot be read.
    """
    person = _persons.seen_by(by, person_id, place)
    roles.require(by, "person.change", place or roles.Place(region_code=person.region_code))
    columns = _person_columns(changes, at)
    with transaction.atomic():
        before = {name: getattr(person, name) for name in changes}
        told = said or history.Said("officer", _units.local_day(by, at), said_by=by.name)
        done = _units.observe(
            [_units.Change(person, {name: columns[name] for name in changes})],
            said=told,
            by=by,
            at=at,
            sight=history.Sight.of(seen, unseen, event_id),
        )
        person.refresh_from_db()
        if done.is_again:
            return Registered(person, _nik_warnings(person, at))
        _keys.refresh_keys(person)
        journal_actions.record(
            by=by,
            at=at,
            kind="person.change",
            subject_kind="person",
            subject_id=person_id,
            region_code=person.region_code,
            facts={
                "changed": sorted(changes),
                **({"conflicts": sorted(name for _person, name in done.conflicts)} if done.conflicts else {}),
            },
            inputs={"before": _for_journal(before), "after": _for_journal(changes)},
        )
    return Registered(person, _nik_warnings(person, at))


_LIMITS = {
    "full_name": 150,
    "called": 60,
    "address": 1000,
    "landmark": 200,
    "needs": 200,
    "language": 5,
    "region_code": 10,
}


def _person_columns(fields: PersonFields, at: datetime) -> dict[str, Any]:
    """Cleaned values by column, with the keys that look-ups use."""
    columns: dict[str, Any] = {}
    for name, value in fields.items():
        columns[name] = _persons.clean(name, cast("str", value), _LIMITS) if name in _LIMITS else value
    if "full_name" in columns:
        if not columns["full_name"]:
            raise NameMissing
        unknown = rules.is_no_name(columns["full_name"])
        columns["full_name"] = rules.UNKNOWN_NAME if unknown else columns["full_name"]
        columns["name_key"] = "" if unknown else text.name_key(columns["full_name"])[:150]
    if columns.get("sex", "") not in rules.SEXES:
        raise SexUnreadable
    born = columns.get("birth_date")
    if born is not None and not (date(1890, 1, 1) <= born <= _units.last_day(at)):
        raise BirthDateImpossible
    if "nik" in columns:
        columns["nik"] = _read_nik(columns["nik"])
        columns["nik_index"] = queries.nik_index(columns["nik"])
    return columns


def _read_nik(value: str) -> str:
    clean = nik_lib.clean(value)
    if clean and (not (clean.isascii() and clean.isdigit()) or len(clean) > 16):
        raise NikUnreadable
    return clean


def _nik_warnings(person: Person, at: datetime) -> tuple[nik_lib.Warning, ...]:
    """What does not fit between the NIK and the rest; nothing when there is no NIK."""
    if not person.nik:
        return ()
    sex: nik_lib.Sex | None = {"L": "male", "P": "female"}.get(person.sex)  # type: ignore[assignment]
    return tuple(
        nik_lib.check(
            person.nik, today=at.date(), birth_date=person.birth_date, sex=sex, area=person.region_code[:4]
        )
    )


def _for_journal(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, with the NIK masked: the journal is read by more people than the register."""
    kept = {name: value for name, value in fields.items() if value not in ("", None)}
    if kept.get("nik"):
        kept["nik"] = nik_lib.mask(nik_lib.clean(kept["nik"]))
    return kept
