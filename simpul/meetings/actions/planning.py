"""Planning a meeting, starting it, calling it off, and correcting a closed one by a new version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.lib.ids import uuid7
from simpul.meetings import access, rules
from simpul.meetings.actions import steps
from simpul.meetings.models import Item, Meeting, Objection
from simpul.meetings.queries import kinds, lists, running
from simpul.regions import queries as region_queries


class PlaceUnknown(Refused):
    """A meeting belongs to a place."""

    code = "meeting.place_unknown"
    sentence = _("Choose the village, or the area, that this meeting is held for.")
    field = "region_code"


class NotClosedYet(Refused):
    """Only a closed meeting gets a new version."""

    code = "meeting.not_closed"
    sentence = _("This meeting is still open: change it directly, no new version is needed.")


class ReplacedAlready(Refused):
    """There is a newer version already."""

    code = "meeting.replaced"
    sentence = _("There is already a newer version of this meeting. Open that one to go on.")


class HeldTooEarly(Refused):
    """A meeting starts at a moment that has come."""

    code = "meeting.held_in_future"
    sentence = _("The start of the meeting lies in the future. Enter the time at which it really began.")
    field = "held_at"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a plan says besides its place and time. Numbers that are None are taken from the kind's catalogue."""

    title: str = ""
    purpose: str = ""
    programme: str = ""
    place: str = ""
    chair: str = ""
    minute_taker: str = ""
    hamlet_id: UUID | None = None
    quorum_people: int | None = None
    quorum_groups: tuple[str, ...] | None = None
    objection_days: int | None = None


def plan_meeting(
    *,
    by: Actor,
    at: datetime,
    kind: str,
    region_code: str,
    planned_at: datetime,
    plan: Plan,
    meeting_id: UUID | None = None,
) -> Meeting:
    """Plan a meeting. The same ``meeting_id`` again gives the same meeting.

    Raises:
        PlaceUnknown, steps.ChoiceUnknown, steps.WordsMissing.
        NotAllowed: this actor holds no meetings there.
    """
    roles.require(by, "meeting.plan", roles.Place(region_code, by.desk_ids, by.desk_ids))
    if region_queries.find_region(region_code) is None:
        raise PlaceUnknown
    with transaction.atomic():
        known = Meeting.objects.filter(id=meeting_id).first() if meeting_id else None
        if known is not None:
            return access.meeting_for(by, known.id)
        meeting = Meeting(
            id=meeting_id or uuid7(),
            kind=kind,
            region_code=region_code,
            desk_id=by.desk_id,
            planned_at=planned_at,
            recorded_at=at,
            recorded_by=by.name[:150],
        )
        _fill(meeting, plan)
        meeting.save(force_insert=True)
        steps.line(by, at, "meeting.plan", meeting, facts={"kind": kind, "planned_at": planned_at})
    return meeting


def change_meeting(*, by: Actor, at: datetime, meeting_id: UUID, planned_at: datetime, plan: Plan) -> None:
    """Change what was planned, as long as the meeting is open.

    Raises:
        steps.MeetingClosed, steps.ChoiceUnknown, steps.WordsMissing.
    """
    with transaction.atomic():
        meeting = steps.begin(by, "meeting.change", meeting_id)
        meeting.planned_at = planned_at
        _fill(meeting, plan)
        meeting.save()
        steps.line(by, at, "meeting.change", meeting, facts={"planned_at": planned_at})


def _fill(meeting: Meeting, plan: Plan) -> None:
    proposed = kinds.all_kinds().get(meeting.kind)
    groups = (
        plan.quorum_groups if plan.quorum_groups is not None else (proposed.quorum_groups if proposed else ())
    )
    if proposed is None or not rules.known_groups(groups):
        raise steps.ChoiceUnknown
    if plan.hamlet_id is not None and plan.hamlet_id not in {
        one.id for one in region_queries.hamlets(meeting.region_code)
    }:
        raise steps.ChoiceUnknown
    meeting.title = steps.words(plan.title, field="title", most=150, least=3)
    meeting.purpose = text.clean_text(plan.purpose)[:4000]
    meeting.programme = text.clean_line(plan.programme)[:40]
    meeting.place = text.clean_line(plan.place)[:150]
    meeting.chair = text.clean_line(plan.chair)[:150]
    meeting.minute_taker = text.clean_line(plan.minute_taker)[:150]
    meeting.hamlet_id = plan.hamlet_id
    meeting.quorum_people = proposed.quorum_people if plan.quorum_people is None else plan.quorum_people
    meeting.quorum_groups = list(groups)
    days = proposed.objection_days if plan.objection_days is None else plan.objection_days
    meeting.objection_days = min(days, 365)


def hold_meeting(
    *, by: Actor, at: datetime, meeting_id: UUID, held_at: datetime, chair: str, minute_taker: str
) -> None:
    """Start the meeting: from now on names can be decided.

    Raises:
        HeldTooEarly, steps.MeetingHeld, steps.MeetingClosed, steps.WordsMissing.
    """
    with transaction.atomic():
        meeting = steps.begin(by, "meeting.hold", meeting_id, ("planned",))
        if held_at > at:
            raise HeldTooEarly
        meeting.chair = steps.words(chair, field="chair", most=150)
        meeting.minute_taker = steps.words(minute_taker, field="minute_taker", most=150)
        meeting.held_at = held_at
        meeting.state = "held"
        meeting.save()
        steps.line(by, at, "meeting.hold", meeting, facts={"held_at": held_at})


def withdraw_meeting(*, by: Actor, at: datetime, meeting_id: UUID, why: str) -> None:
    """Call a planned meeting off. One that was held is a fact and stays.

    Raises:
        steps.MeetingHeld, steps.MeetingClosed, steps.WordsMissing.
    """
    with transaction.atomic():
        meeting = steps.begin(by, "meeting.withdraw", meeting_id, ("planned",))
        meeting.withdrawn_why = steps.words(why, field="why", most=300, least=3)
        meeting.withdrawn_at = at
        meeting.state = "withdrawn"
        meeting.save()
        steps.line(by, at, "meeting.withdraw", meeting, inputs={"why": meeting.withdrawn_why})


def renew_meeting(
    *,
    by: Actor,
    at: datetime,
    meeting_id: UUID,
    because: str,
    planned_at: datetime,
    new_id: UUID | None = None,
) -> Meeting:
    """Plan a new version of a closed meeting, which itself is never changed. Its names and late objections come along, undecided.

    Raises:
        NotClosedYet, ReplacedAlready, steps.WordsMissing.
        NotFound, NotAllowed.
    """
    with transaction.atomic():
        old = access.meeting_for(by, meeting_id, lock=True)
        roles.require(by, "meeting.renew", access.place_of(old))
        known = Meeting.objects.filter(id=new_id, replaces=old).first() if new_id else None
        if known is not None:
            return known
        if old.state != "closed":
            raise NotClosedYet
        if lists.newer_version(old) is not None:
            raise ReplacedAlready
        why = steps.words(because, field="because", most=300, least=3)
        new = Meeting.objects.create(
            id=new_id or uuid7(),
            kind=old.kind,
            title=old.title,
            purpose=old.purpose,
            programme=old.programme,
            region_code=old.region_code,
            hamlet_id=old.hamlet_id,
            desk_id=by.desk_id,
            place=old.place,
            planned_at=planned_at,
            quorum_people=old.quorum_people,
            quorum_groups=old.quorum_groups,
            objection_days=old.objection_days,
            version=old.version + 1,
            replaces=old,
            replaces_because=why,
            recorded_at=at,
            recorded_by=by.name[:150],
        )
        carried = _carry_names(by, at, old, new)
        late = _carry_objections(by, at, old, new, carried)
        steps.line(
            by,
            at,
            "meeting.renew",
            new,
            facts={"replaces": str(old.id), "names": len(carried), "objections": late},
            inputs={"because": why},
        )
    return new


def _carry_names(by: Actor, at: datetime, old: Meeting, new: Meeting) -> dict[UUID, Item]:
    """Old name's id -> its copy in the new version, with what had been decided."""
    stand = running.decisions(old)
    made = {
        one.id: Item(
            **steps.written(by, at, uuid7()),
            meeting=new,
            position=place,
            person_id=one.person_id,
            household_id=one.household_id,
            family_id=one.family_id,
            name=one.name,
            address=one.address,
            nik=one.nik,
            reason=one.reason,
            source="older",
            before=stand[one.id].outcome if one.id in stand else "",
        )
        for place, one in enumerate(running.items(old), start=1)
    }
    Item.objects.bulk_create(made.values(), batch_size=200)
    return made


def _carry_objections(by: Actor, at: datetime, old: Meeting, new: Meeting, carried: dict[UUID, Item]) -> int:
    """What was said after the old meeting is heard before the new one; a name proposed then stands on the new list."""
    late = [one for one in running.objections(old) if one.phase == "after"]
    place = len(carried)
    for one in late:
        item = carried.get(one.item_id) if one.item_id else None
        if item is None and one.kind == "usul":
            place += 1
            item = Item.objects.create(
                **steps.written(by, at, uuid7()),
                meeting=new,
                position=place,
                name=one.about_name,
                address=one.about_address,
                reason=one.reasons[:300],
                source="usul",
            )
        Objection.objects.create(
            **steps.written(by, at, uuid7()),
            meeting=new,
            item=item,
            kind=one.kind,
            phase="before",
            by_name=one.by_name,
            by_group=one.by_group,
            about_name=one.about_name,
            about_address=one.about_address,
            reasons=one.reasons,
            made_at=one.made_at,
        )
    return len(late)
