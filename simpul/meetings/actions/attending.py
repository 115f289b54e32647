"""Who was asked, who came, who signed; and people counted without their names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.meetings import rules
from simpul.meetings.actions import steps
from simpul.meetings.models import Attendance, Count
from simpul.meetings.queries import running, subjects

MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Guest:
    """One line of the attendance list. ``came`` is None for somebody who was asked and has not been seen yet."""

    name: str = ""
    office: str = ""
    groups: tuple[str, ...] = ()
    came: bool | None = True
    signed: bool = False
    decides: bool = False
    person_id: UUID | None = None


def add_attendance(
    *, by: Actor, at: datetime, meeting_id: UUID, guest: Guest, attendance_id: UUID | None = None
) -> Attendance:
    """Write somebody on the attendance list. The same ``attendance_id`` again changes nothing.

    Raises:
        steps.WordsMissing, steps.ChoiceUnknown, steps.MeetingClosed.
    """
    with transaction.atomic():
        meeting = steps.begin(by, "attendance.add", meeting_id)
        known = steps.again(Attendance, attendance_id, meeting)
        if known is not None:
            return known  # type: ignore[no-any-return]
        if not rules.known_groups(guest.groups):
            raise steps.ChoiceUnknown
        person = next(iter(subjects.persons(by, [guest.person_id])), None) if guest.person_id else None
        made = Attendance.objects.create(
            **steps.written(by, at, attendance_id),
            meeting=meeting,
            person_id=person.person_id if person else None,
            name=steps.words(guest.name or (person.name if person else ""), field="name", most=150),
            office=text.clean_line(guest.office)[:100],
            groups=sorted(set(guest.groups)),
            came=guest.came,
            signed=guest.signed,
            decides=guest.decides,
        )
        steps.line(
            by,
            at,
            "attendance.add",
            meeting,
            facts={"groups": made.groups, "came": made.came},
            inputs={"name": made.name},
        )
    return made


def mark_attendance(
    *, by: Actor, at: datetime, meeting_id: UUID, attendance_id: UUID, came: bool | None, signed: bool
) -> None:
    """Say whether somebody who was asked came, and whether they signed. Saying the same again changes nothing.

    Raises:
        NotFound: there is no such line.
        steps.MeetingClosed.
    """
    with transaction.atomic():
        meeting = steps.begin(by, "attendance.mark", meeting_id)
        row = steps.entry(meeting, Attendance, attendance_id)
        if (row.came, row.signed) == (came, signed and came is True):
            return
        row.came, row.signed = came, signed and came is True
        row.save()
        steps.line(
            by,
            at,
            "attendance.mark",
            meeting,
            facts={"line": str(row.id), "came": came, "signed": row.signed},
        )


def count_attendance(
    *, by: Actor, at: datetime, meeting_id: UUID, group: str, number: int = 1, count_id: UUID | None = None
) -> int:
    """Count people of a group without their names; below nought takes some back, never more than were counted.

    Returns how many of the group are counted now.

    Raises:
        steps.ChoiceUnknown, steps.MeetingClosed.
    """
    with transaction.atomic():
        meeting = steps.begin(by, "attendance.count", meeting_id)
        before = running.counted(meeting).get(group, 0)
        if steps.again(Count, count_id, meeting) is not None:
            return before
        if group not in rules.GROUPS or not 0 < abs(number) <= MOST_AT_ONCE:
            raise steps.ChoiceUnknown
        step = max(number, -before)
        if step == 0:
            return before
        Count.objects.create(**steps.written(by, at, count_id), meeting=meeting, group=group, number=step)
        steps.line(by, at, "attendance.count", meeting, facts={"group": group, "number": step})
    return before + step
