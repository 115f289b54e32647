"""The names that are read, and what is decided about each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from simpul.lib import nik as nik_lib
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.meetings import rules
from simpul.meetings.actions import steps
from simpul.meetings.models import Decision, Item, Meeting
from simpul.meetings.queries import running, subjects
from simpul.people import queries as people_queries

MOST = 1000


class ListTooLong(Refused):
    """One meeting cannot read thousands of names."""

    code = "meeting.list_too_long"
    sentence = _("One list holds at most %(most)s names. Split it by hamlet.")
    field = "names"


class NothingNew(Refused):
    """Every name stands on the list already, or none could be read."""

    code = "meeting.nothing_new"
    sentence = _("No new name was found: they are on the list already, or the list has no names.")
    field = "names"


class TooManyVotes(Refused):
    """More votes than people."""

    code = "meeting.too_many_votes"
    sentence = _("More votes were entered than people were present. Check the votes, or the attendance.")
    field = "votes_for"


class ReasonMissing(Refused):
    """Who is left out is told why."""

    code = "meeting.reason_missing"
    sentence = _("Write the reason: whoever is not on the list has a right to know why.")
    field = "reason"


@dataclass(frozen=True, slots=True)
class NameGiven:
    """One name for the list: typed, or by the key of a household or person of the register."""

    name: str = ""
    address: str = ""
    nik: str = ""
    reason: str = ""
    household_id: UUID | None = None
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """How many names a list gave: new ones, and those that stood there already or are not of this area."""

    added: int
    passed_over: int


@dataclass(frozen=True, slots=True)
class Votes:
    """Votes, where any were counted."""

    for_it: int | None = None
    against: int | None = None
    abstained: int | None = None


def add_item(
    *, by: Actor, at: datetime, meeting_id: UUID, given: NameGiven, item_id: UUID | None = None
) -> Item:
    """Put one name on the list that is read. The same ``item_id``, or the same household or person again, gives the row that stands.

    Raises:
        steps.WordsMissing, steps.MeetingClosed, ListTooLong.
        NotFound: no such household or person for this actor.
    """
    with transaction.atomic():
        meeting = steps.begin(by, "item.add", meeting_id)
        known = steps.again(Item, item_id, meeting)
        if known is not None:
            return known  # type: ignore[no-any-return]
        rows = _prepared(by, meeting, [given], "typed")
        if not rows:
            twin = _twin(by, meeting, given)
            if twin is None:
                raise NotFound
            return twin
        row = rows[0]
        for name, value in steps.written(by, at, item_id or row.id).items():
            setattr(row, name, value)
        row.save(force_insert=True)
        steps.line(
            by,
            at,
            "item.add",
            meeting,
            facts={"item": str(row.id), "from": row.source},
            inputs={"name": row.name},
        )
    return row


def add_items(
    *, by: Actor, at: datetime, meeting_id: UUID, given: Sequence[NameGiven], source: str = "list"
) -> Added:
    """Put many names on the list at once, in their order; names that stand there already are passed over.

    Raises:
        NothingNew, ListTooLong, steps.MeetingClosed, steps.ChoiceUnknown.
    """
    with transaction.atomic():
        meeting = steps.begin(by, "items.add", meeting_id)
        if source not in ("list", "register"):
            raise steps.ChoiceUnknown
        rows = _prepared(by, meeting, given, source)
        if not rows:
            raise NothingNew
        for row in rows:
            for name, value in steps.written(by, at, row.id).items():
                setattr(row, name, value)
        Item.objects.bulk_create(rows, batch_size=200)
        steps.line(by, at, "items.add", meeting, facts={"names": len(rows), "from": source})
    return Added(len(rows), len(given) - len(rows))


def _prepared(by: Actor, meeting: Meeting, given: Sequence[NameGiven], source: str) -> list[Item]:
    """New rows for the names that are not on the list yet, tied to the register where it knows them."""
    stand = running.items(meeting)
    if len(stand) + len(given) > MOST:
        raise ListTooLong(most=MOST)
    seen = {key for one in stand for key in _keys(one)}
    place = Item.objects.filter(meeting=meeting).aggregate(top=Max("position"))["top"] or 0
    made: list[Item] = []
    for row in _looked_up(by, given, source):
        keys = _keys(row)
        if not keys & seen:
            seen |= keys
            place += 1
            row.meeting, row.position = meeting, place
            made.append(row)
    return made


def _looked_up(by: Actor, given: Sequence[NameGiven], source: str) -> list[Item]:
    homes = {
        one.household_id: one
        for one in subjects.households(by, [g.household_id for g in given if g.household_id])
    }
    people = {one.person_id: one for one in subjects.persons(by, [g.person_id for g in given if g.person_id])}
    numbers = {nik_lib.clean(one.nik) for one in given if one.nik}
    indexes = {number: people_queries.nik_index(number) for number in numbers}
    by_nik = subjects.persons_of_niks(by, indexes.values())
    rows = []
    for one in given:
        known = (
            homes.get(one.household_id)
            if one.household_id
            else people.get(one.person_id)
            if one.person_id
            else None
        )
        if known is None and (one.household_id or one.person_id):
            continue  # of another area, ended, or restricted
        number = nik_lib.clean(one.nik)
        person = by_nik.get(indexes.get(number, "")) if number else None
        rows.append(
            Item(
                id=uuid7(),
                person_id=known.person_id if known else (person.id if person else None),
                household_id=known.household_id if known else (person.household_id if person else None),
                family_id=known.family_id if known else (person.family_id if person else None),
                name=steps.words(one.name or (known.name if known else ""), field="name", most=150),
                address=text.clean_line(one.address or (known.address if known else ""))[:200],
                nik=number,
                reason=text.clean_line(one.reason)[:300],
                source="register" if known else source,
            )
        )
    return rows


def _keys(row: Item) -> set[str]:
    """Under which keys a name counts as being on the list already: its person, or its words when no register knows it."""
    if row.person_id or row.household_id:
        return {str(key) for key in (row.person_id, row.household_id) if key}
    return {f"{text.name_key(row.name)}|{text.search_key(row.address)}|{row.nik}"}


def _twin(by: Actor, meeting: Meeting, given: NameGiven) -> Item | None:
    """The row that stands for the same name already."""
    wanted = {key for row in _looked_up(by, [given], "typed") for key in _keys(row)}
    return next((one for one in running.items(meeting) if _keys(one) & wanted), None)


def decide_item(
    *,
    by: Actor,
    at: datetime,
    meeting_id: UUID,
    item_id: UUID,
    outcome: str,
    reason: str = "",
    votes: Votes | None = None,
    decision_id: UUID | None = None,
) -> Decision:
    """Write down what was decided about one name; deciding again replaces it, and both stay written.

    Raises:
        ReasonMissing: somebody is left out, or put off, without a reason.
        TooManyVotes, steps.ChoiceUnknown, steps.MeetingNotHeld, steps.MeetingClosed.
        NotFound: the name is not on this list.
    """
    counted = votes or Votes()
    with transaction.atomic():
        meeting = steps.begin(by, "item.decide", meeting_id, ("held",))
        known = steps.again(Decision, decision_id, meeting)
        if known is not None:
            return known  # type: ignore[no-any-return]
        item = steps.entry(meeting, Item, item_id)
        why = _reason(outcome, reason)
        if not rules.votes_fit(
            counted.for_it, counted.against, counted.abstained, running.present(meeting).people
        ):
            raise TooManyVotes
        made = Decision.objects.create(
            **steps.written(by, at, decision_id),
            item=item,
            outcome=outcome,
            reason=why,
            votes_for=counted.for_it,
            votes_against=counted.against,
            abstained=counted.abstained,
        )
        steps.line(
            by,
            at,
            "item.decide",
            meeting,
            facts={"item": str(item.id), "outcome": outcome},
            inputs={"name": item.name, "reason": why},
        )
    return made


def decide_items(
    *, by: Actor, at: datetime, meeting_id: UUID, item_ids: Sequence[UUID], outcome: str, reason: str = ""
) -> int:
    """Decide alike about several names that are undecided, and about which nobody objected. Returns how many.

    Raises:
        ReasonMissing, steps.ChoiceUnknown, steps.MeetingNotHeld, steps.MeetingClosed.
    """
    with transaction.atomic():
        meeting = steps.begin(by, "items.decide", meeting_id, ("held",))
        why = _reason(outcome, reason)
        wanted = set(item_ids)
        names = [
            row.item
            for row in running.rows(meeting)
            if row.item.id in wanted
            if not row.outcome
            if not any(one.kind == "sanggah" for one in row.objections)
        ]
        Decision.objects.bulk_create(
            Decision(**steps.written(by, at, uuid7()), item=one, outcome=outcome, reason=why) for one in names
        )
        steps.line(by, at, "items.decide", meeting, facts={"names": len(names), "outcome": outcome})
    return len(names)


def _reason(outcome: str, given: str) -> str:
    if outcome not in rules.OUTCOMES:
        raise steps.ChoiceUnknown
    why = text.clean_line(given)[:300]
    if outcome != "in" and len(why) < 3:
        raise ReasonMissing
    return why
