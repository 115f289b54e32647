"""Usul and sanggah: a name that is missing, a name that should not be there, and the answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.meetings import access, rules
from simpul.meetings.actions import steps
from simpul.meetings.models import Item, Meeting, Objection
from simpul.meetings.queries import running


class ItemMissing(Refused):
    """An objection is to a name of the list."""

    code = "meeting.item_missing"
    sentence = _("Choose the name on the list that this objection is about.")
    field = "item"


class CalledOff(Refused):
    """A meeting that is not held hears nobody."""

    code = "meeting.called_off"
    sentence = _("This meeting was called off. Write the objection down at the meeting that is held instead.")


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said: by whom (may stay unknown), about which name, and why."""

    kind: str  # usul, sanggah
    reasons: str
    by_name: str = ""
    by_group: str = ""
    item_id: UUID | None = None
    name: str = ""
    address: str = ""
    made_at: datetime | None = None


def record_objection(
    *, by: Actor, at: datetime, meeting_id: UUID, heard: Heard, objection_id: UUID | None = None
) -> Objection:
    """Write down a proposal of a name (usul) or an objection to one (sanggah), before, during or after the meeting.

    A proposed name joins the list while the meeting is open. After closing nothing of the meeting changes: what arrives then stands
    beside it, marked when the time for objections is over, and is heard by a new version.

    Raises:
        ItemMissing, CalledOff, steps.WordsMissing, steps.ChoiceUnknown.
    """
    with transaction.atomic():
        meeting = access.meeting_for(by, meeting_id, lock=True)
        roles.require(by, "objection.record", access.place_of(meeting))
        known = steps.again(Objection, objection_id, meeting)
        if known is not None:
            return known  # type: ignore[no-any-return]
        if meeting.state == "withdrawn":
            raise CalledOff
        if heard.kind not in rules.OBJECTIONS or (heard.by_group and heard.by_group not in rules.GROUPS):
            raise steps.ChoiceUnknown
        reasons = text.clean_text(heard.reasons)[:4000]
        if len(reasons) < 3:
            raise steps.WordsMissing(field="reasons")
        made_at = min(heard.made_at or at, at)
        item = _item_of(by, at, meeting, heard, reasons)
        made = Objection.objects.create(
            **steps.written(by, at, objection_id),
            meeting=meeting,
            item=item,
            kind=heard.kind,
            phase=rules.phase_of(meeting.state),
            late=_is_late(meeting, made_at),
            by_name=text.clean_line(heard.by_name)[:150],
            by_group=heard.by_group,
            about_name=item.name if item else steps.words(heard.name, field="name", most=150),
            about_address=item.address if item else text.clean_line(heard.address)[:200],
            reasons=reasons,
            made_at=made_at,
        )
        steps.line(
            by,
            at,
            "objection.record",
            meeting,
            facts={"kind": made.kind, "phase": made.phase, "late": made.late, "objection": str(made.id)},
            inputs={"about": made.about_name, "reasons": reasons},
        )
    return made


def _item_of(by: Actor, at: datetime, meeting: Meeting, heard: Heard, reasons: str) -> Item | None:
    """The name it is about; a proposed one is put on the list of a meeting that is open."""
    if heard.kind == "sanggah":
        item = next((one for one in running.items(meeting) if one.id == heard.item_id), None)
        if item is None:
            raise ItemMissing
        return item
    name = steps.words(heard.name, field="name", most=150)
    address = text.clean_line(heard.address)[:200]
    if meeting.state == "closed":
        return None
    wanted = (text.name_key(name), text.search_key(address))
    for one in running.items(meeting):
        if (text.name_key(one.name), text.search_key(one.address)) == wanted:
            return one
    top = Item.objects.filter(meeting=meeting).aggregate(top=Max("position"))["top"] or 0
    return Item.objects.create(
        **steps.written(by, at, uuid7()),
        meeting=meeting,
        position=top + 1,
        name=name,
        address=address,
        reason=reasons[:300],
        source="usul",
    )


def _is_late(meeting: Meeting, made_at: datetime) -> bool:
    if meeting.objections_until is None:
        return False
    return made_at.astimezone(desk_queries.zone_of(meeting.region_code)).date() > meeting.objections_until


def answer_objection(
    *, by: Actor, at: datetime, meeting_id: UUID, objection_id: UUID, outcome: str, answer: str
) -> None:
    """Answer an objection: upheld or refused, with the words that whoever objected is told. One made after closing may be answered too.

    Raises:
        steps.WordsMissing, steps.ChoiceUnknown.
        steps.MeetingClosed: it belongs to the minutes of a closed meeting.
        NotFound: there is no such objection.
    """
    with transaction.atomic():
        meeting = access.meeting_for(by, meeting_id, lock=True)
        roles.require(by, "objection.answer", access.place_of(meeting))
        row = Objection.objects.filter(id=objection_id, meeting=meeting, withdrawn_at=None).first()
        if row is None:
            raise NotFound
        if meeting.state == "closed" and row.phase != "after":
            raise steps.MeetingClosed
        if outcome not in rules.ANSWERS:
            raise steps.ChoiceUnknown
        words = text.clean_text(answer)[:4000]
        if len(words) < 3:
            raise steps.WordsMissing(field="answer")
        row.outcome, row.answer, row.answered_at, row.answered_by = outcome, words, at, by.name[:150]
        row.save()
        steps.line(
            by,
            at,
            "objection.answer",
            meeting,
            facts={"objection": str(row.id), "outcome": outcome},
            inputs={"answer": words},
        )
