"""Acts on the list of a round: who stands on it, from a musyawarah's decided list or by name, and who is struck off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.meetings import queries as meeting_queries
from simpul.people import access as people_access
from simpul.people.models import Household, Person
from simpul.programmes.access import rounds as access
from simpul.programmes.actions import _rounds
from simpul.programmes.models import Round, RoundEntry
from simpul.programmes.rules import rounds as rules


class EntryServed(Refused):
    """Who got it already is not struck off."""

    code = "entry.served"
    sentence = _("Something was already handed over for this entry. Correct the delivery first.")


class NobodyToList(Refused):
    """A list has names."""

    code = "entries.nobody"
    sentence = _("Choose a decided list, or at least one household.")


@dataclass(frozen=True, slots=True)
class EntryGiven:
    """One household, or one person of it, with amounts other than the usual ones."""

    household_id: UUID | None = None
    person_id: UUID | None = None
    amounts: Mapping[UUID, Decimal] = field(default_factory=dict)
    note: str = ""
    entry_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """What became of the names: put on the list, there already, and those a list had that nobody can be found for."""

    made: tuple[RoundEntry, ...]
    there: int
    unknown: tuple[str, ...]


def list_entries(
    *,
    by: Actor,
    at: datetime,
    round_id: UUID,
    meeting_id: UUID | None = None,
    entries: Sequence[EntryGiven] = (),
) -> Listed:
    """Put households and persons on the list of a round: those a closed musyawarah decided to be in, and those named here.

    Who stands on it already stays as they are. Names of the musyawarah that the register does not know, and people whose data stand still,
    are told by name and not listed.

    Raises:
        NobodyToList: neither a list nor an entry was given.
        NotFound: no such round, meeting or household for this actor.
        _rounds.RoundClosed, _rounds.AmountWrong.
    """
    if meeting_id is None and not entries:
        raise NobodyToList
    with transaction.atomic():
        found = _begin(by, "entries.list", round_id)
        wanted, unknown = _from_meeting(by, meeting_id)
        taken = _taken(found)
        made: list[RoundEntry] = []
        there = 0
        for one in (*wanted, *entries):
            entry = _make(by, at, found, one, taken, meeting_id if one in wanted else None)
            if entry is None:
                there += 1
            elif isinstance(entry, str):
                unknown.append(entry)
            else:
                made.append(entry)
        RoundEntry.objects.bulk_create(made, batch_size=500)
        facts = {"made": len(made), "there": there, "unknown": len(unknown), "meeting": str(meeting_id or "")}
        _rounds.line(by, at, "entries.list", "round", found.id, found.region_code, facts)
    return Listed(tuple(made), there, tuple(unknown))


def _begin(by: Actor, act: str, round_id: UUID) -> Round:
    """The round, for who serves it or a part of it: an officer of one village lists that village."""
    found = access.round_for(by, round_id, lock=True)
    own = next((code for code in by.served_areas if code.startswith(found.region_code)), found.region_code)
    roles.require(by, act, access.place_of(found.region_code if by.serves(found.region_code) else own))
    if found.state != "open":
        raise _rounds.RoundClosed
    return found


def _from_meeting(by: Actor, meeting_id: UUID | None) -> tuple[list[EntryGiven], list[str]]:
    if meeting_id is None:
        return [], []
    decided = [one for one in meeting_queries.decided(by, meeting_id) if one.outcome == "in"]
    persons = people_access.visible(by).in_bulk([one.person_id for one in decided if one.person_id])
    wanted, unknown = [], []
    for one in decided:
        person = persons.get(one.person_id) if one.person_id else None
        home = one.household_id or (person.household_id if person else None)
        given = EntryGiven(home, None if home else one.person_id, note=one.reason)
        if (home is None and person is None) or _is_hidden(by, given):
            unknown.append(one.name)
        else:
            wanted.append(given)
    return wanted, unknown


def _is_hidden(by: Actor, given: EntryGiven) -> bool:
    """True for a name of a decided list that is no longer the actor's to list: moved to another area, or become part of another."""
    try:
        _who(by, given)
    except NotFound:
        return True
    return False


def _taken(found: Round) -> set[tuple[UUID | None, UUID | None]]:
    rows = RoundEntry.objects.filter(round=found, state="listed")
    return {
        (None, person) if person else (home, None)
        for home, person in rows.values_list("household_id", "person_id")
    }


def _make(
    by: Actor,
    at: datetime,
    found: Round,
    one: EntryGiven,
    taken: set[tuple[UUID | None, UUID | None]],
    meeting_id: UUID | None,
) -> RoundEntry | str | None:
    """The new row; None when it is there already, the name when nothing may be done with it."""
    key = (None, one.person_id) if one.person_id else (one.household_id, None)
    if key in taken:
        return None
    columns = _who(by, one)
    if isinstance(columns, str):
        return columns
    if not str(columns["region_code"]).startswith(found.region_code):
        raise NotFound
    taken.add(key)
    return RoundEntry(
        id=one.entry_id or uuid7(),
        round=found,
        amounts=_amounts(found, one.amounts),
        note=text.clean_line(one.note, 300),
        meeting_id=meeting_id,
        recorded_at=at,
        recorded_by=by.name[:150],
        **columns,
    )


def _who(by: Actor, one: EntryGiven) -> dict[str, Any] | str:
    person: Person | None = None
    home: Household | None = None
    if one.person_id is not None:
        person = people_access.person_for(by, one.person_id)
        if person.restricted_at is not None:
            return person.full_name
        home = person.household
    elif one.household_id is not None:
        home = people_access.household_for(by, one.household_id)
        if home.head is not None and (home.head.restricted_at or home.head.erased_at):
            return home.name
    if person is None and home is None:
        raise NotFound
    unit: Any = home or person
    return {
        "household": home,
        "person": person,
        "name": person.full_name if person else unit.name,
        "region_code": unit.region_code,
        "hamlet_id": unit.hamlet_id,
    }


def _amounts(found: Round, given: Mapping[UUID, Decimal]) -> dict[str, str]:
    known = set(found.items.values_list("id", flat=True)) if given else set()
    if not known.issuperset(given):
        raise NotFound
    return {str(key): rules.plain(_rounds.amount(value, zero=True)) for key, value in given.items()}


def change_entry(
    *, by: Actor, at: datetime, entry_id: UUID, amounts: Mapping[UUID, Decimal], note: str = ""
) -> RoundEntry:
    """Change how much an entry gets, where it is not the usual amount.

    Raises:
        NotFound, _rounds.RoundClosed, _rounds.AmountWrong.
    """
    with transaction.atomic():
        entry = _entry(by, "entry.change", entry_id)
        entry.amounts, entry.note = _amounts(entry.round, amounts), text.clean_line(note, 300)
        entry.save()
        facts = {"entry": str(entry.id), "amounts": entry.amounts}
        _rounds.line(by, at, "entry.change", "round", entry.round_id, entry.region_code, facts)
    return entry


def strike_entry(*, by: Actor, at: datetime, entry_id: UUID, reason: str) -> RoundEntry:
    """Strike an entry off the list, with the reason; the row stays. Again it changes nothing.

    Raises:
        EntryServed: something was handed over for it.
        NotFound, _rounds.RoundClosed, _rounds.RoundWordsMissing.
    """
    with transaction.atomic():
        entry = _entry(by, "entry.strike", entry_id)
        if entry.state == "withdrawn":
            return entry
        if entry.deliveries.filter(state="standing", outcome="delivered").exists():
            raise EntryServed
        entry.reason = _rounds.words(reason, field="reason")
        entry.state, entry.withdrawn_at = "withdrawn", at
        entry.save()
        facts, said = {"entry": str(entry.id)}, {"reason": entry.reason}
        _rounds.line(by, at, "entry.strike", "round", entry.round_id, entry.region_code, facts, said)
    return entry


def _entry(by: Actor, act: str, entry_id: UUID) -> RoundEntry:
    entry = access.entry_for(by, entry_id, lock=True)
    roles.require(by, act, access.place_of(entry.region_code))
    if entry.round.state != "open":
        raise _rounds.RoundClosed
    return entry
