"""One meeting while it is held: the list with its decisions, who is there, what is open, who decides about their own house."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.meetings import rules
from simpul.meetings.models import Attendance, Count, Decision, Entry, Item, Meeting, Objection
from simpul.meetings.queries import kinds
from simpul.people.models import Person

TABLES: dict[str, type[Entry]] = {
    "attendance": Attendance,
    "count": Count,
    "item": Item,
    "objection": Objection,
    "decision": Decision,
}
"""Kinds of entries that can be taken back while the meeting is open."""


@dataclass(frozen=True, slots=True)
class Row:
    """One name with what stands about it."""

    item: Item
    decision: Decision | None
    objections: tuple[Objection, ...]
    conflicts: tuple[rules.Conflict, ...]

    @property
    def outcome(self) -> str:
        """What was decided; "" while nothing is."""
        return self.decision.outcome if self.decision else ""


def items(meeting: Meeting) -> list[Item]:
    """The names that are read, in their order."""
    rows = Item.objects.filter(meeting=meeting, withdrawn_at=None)
    return list(rows.order_by("position", "recorded_at", "id"))


def decisions(meeting: Meeting) -> dict[UUID, Decision]:
    """Name's id -> the decision that stands: the newest that was not taken back."""
    rows = Decision.objects.filter(item__meeting=meeting, item__withdrawn_at=None, withdrawn_at=None)
    return {one.item_id: one for one in rows.order_by("recorded_at", "id")}


def objections(meeting: Meeting) -> list[Objection]:
    """Everything that was proposed or objected, in the order of time."""
    rows = Objection.objects.filter(meeting=meeting, withdrawn_at=None).select_related("item")
    return list(rows.order_by("made_at", "id"))


def attendances(meeting: Meeting) -> list[Attendance]:
    """The attendance list in the order in which it was written."""
    return list(Attendance.objects.filter(meeting=meeting, withdrawn_at=None).order_by("recorded_at", "id"))


def counted(meeting: Meeting) -> dict[str, int]:
    """Group -> how many people were counted without a name."""
    rows = Count.objects.filter(meeting=meeting, withdrawn_at=None).values_list("group")
    return {group: max(0, total or 0) for group, total in rows.annotate(total=Sum("number"))}


def present(meeting: Meeting) -> rules.Present:
    """Who is there."""
    named = [rules.Came(tuple(one.groups), one.came) for one in attendances(meeting)]
    return rules.present(named, counted(meeting))


def needed(meeting: Meeting) -> rules.Needed:
    """The quorum this meeting was planned with."""
    return rules.Needed(meeting.quorum_people, tuple(meeting.quorum_groups))


def left_open(meeting: Meeting) -> rules.Open:
    """What keeps the meeting from being closed."""
    stand = decisions(meeting)
    return rules.left_open(
        {one.id: stand[one.id].outcome if one.id in stand else "" for one in items(meeting)},
        [
            rules.Asked(one.id, one.kind, one.item_id, one.answer)
            for one in objections(meeting)
            if one.phase != "after"
        ],
        reads_names=kinds.reads_names(meeting.kind),
        course=meeting.course,
    )


def rows(meeting: Meeting) -> list[Row]:
    """The list with decisions, objections and conflicts."""
    names = items(meeting)
    stand = decisions(meeting)
    said: dict[UUID, list[Objection]] = defaultdict(list)
    for one in objections(meeting):
        if one.item_id is not None:
            said[one.item_id].append(one)
    own: dict[UUID, list[rules.Conflict]] = defaultdict(list)
    for clash in conflicts(meeting, names):
        own[clash.item_id].append(clash)
    return [
        Row(one, stand.get(one.id), tuple(said.get(one.id, ())), tuple(own.get(one.id, ()))) for one in names
    ]


def conflicts(meeting: Meeting, names: Iterable[Item] | None = None) -> list[rules.Conflict]:
    """Where somebody with a voice decides about their own house."""
    voices = _deciders(meeting)
    if not voices:
        return []
    return rules.conflicts(voices, _read(items(meeting) if names is None else names))


def _deciders(meeting: Meeting) -> list[rules.Decider]:
    rows = Attendance.objects.filter(meeting=meeting, withdrawn_at=None, decides=True)
    return [
        rules.Decider(
            name=one.name,
            person_id=one.person_id,
            household_id=one.person.household_id if one.person else None,
            family_id=one.person.family_id if one.person else None,
            name_key=text.name_key(one.name),
        )
        for one in rows.exclude(came=False).select_related("person")
    ]


def _read(names: Iterable[Item]) -> list[rules.Read]:
    """The names with the households and families they stand for: also that of a person whose name alone is on the list."""
    rows = list(names)
    persons = {one.person_id for one in rows if one.person_id}
    homes: dict[UUID | None, tuple[UUID | None, UUID | None]] = {
        key: (household, family)
        for key, household, family in Person.objects.filter(id__in=persons).values_list(
            "id", "household_id", "family_id"
        )
    }
    found = []
    for one in rows:
        household, family = homes.get(one.person_id, (None, None))
        found.append(
            rules.Read(
                id=one.id,
                name_key=text.name_key(one.name),
                person_id=one.person_id,
                household_ids=frozenset(key for key in (one.household_id, household) if key),
                family_ids=frozenset(key for key in (one.family_id, family) if key),
            )
        )
    return found


def last_entry(by: Actor, meeting: Meeting) -> tuple[str, Entry] | None:
    """What this officer wrote down last in a meeting that is open, and its kind; None when there is nothing to take back."""
    if meeting.state not in ("planned", "held"):
        return None
    found: list[tuple[str, Entry]] = []
    for kind in TABLES:
        newest = entries(meeting, kind).filter(user_id=by.user_key).order_by("-recorded_at", "-id").first()
        if newest is not None:
            found.append((kind, newest))
    return max(found, key=lambda pair: (pair[1].recorded_at, pair[1].id), default=None)


def entries(meeting: Meeting, kind: str) -> QuerySet[Any]:
    """The entries of one kind that stand."""
    where = Q(item__meeting=meeting) if kind == "decision" else Q(meeting=meeting)
    return TABLES[kind]._default_manager.filter(where, withdrawn_at=None)
