"""The end of a meeting: its course in words, taking an entry back, closing with frozen minutes, and the file for submission."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.meetings import access, rules
from simpul.meetings.actions import steps
from simpul.meetings.models import Decision, Item, Meeting, Minutes, Objection, Package
from simpul.meetings.queries import lists, running
from simpul.meetings.rules import minutes as minutes_rules
from simpul.regions import queries as region_queries


class StillOpen(Refused):
    """A list is closed when everything has been said about it."""

    code = "meeting.still_open"
    sentence = _(
        "Not everything is decided yet: %(names)s names without a decision, %(objections)s objections without an answer."
    )


class NothingDecided(Refused):
    """A meeting without names and without words has no minutes."""

    code = "meeting.nothing_decided"
    sentence = _("There is nothing to close yet: add names, or write down how the meeting went.")


class QuorumShort(Refused):
    """Fewer were there than was planned."""

    code = "meeting.quorum_short"
    sentence = _(
        "The quorum is not met. Write why the meeting is closed all the same; it will stand in the minutes."
    )
    field = "short_because"


class EntryHasMore(Refused):
    """What others have spoken about cannot be taken back silently."""

    code = "meeting.entry_has_more"
    sentence = _("Something was already said or decided about this name. Take that back first.")


class PurposeMissing(Refused):
    """A list of persons leaves the house for a purpose."""

    code = "meeting.purpose_missing"
    sentence = _("Write what the file is for and who receives it.")
    field = "purpose"


@dataclass(frozen=True, slots=True)
class Made:
    """A file for submission, and the row that remembers it."""

    package: Package
    data: bytes


def write_minutes(*, by: Actor, at: datetime, meeting_id: UUID, course: str) -> None:
    """Write down how the meeting went, in the minute taker's words.

    Raises:
        steps.MeetingClosed.
    """
    with transaction.atomic():
        meeting = steps.begin(by, "minutes.write", meeting_id)
        meeting.course = text.clean_text(course)[:20_000]
        meeting.save()
        steps.line(by, at, "minutes.write", meeting, facts={"signs": len(meeting.course)})


def withdraw_entry(*, by: Actor, at: datetime, meeting_id: UUID, kind: str, entry_id: UUID) -> None:
    """Take one entry back while the meeting is open: a name, a line of the attendance list, a count, an objection, a decision.

    A name that came with a proposal goes with it, unless something was decided about it.

    Raises:
        EntryHasMore, steps.MeetingClosed.
        NotFound: there is no such entry.
    """
    with transaction.atomic():
        meeting = steps.begin(by, "entry.withdraw", meeting_id)
        if kind not in running.TABLES:
            raise NotFound
        row = running.entries(meeting, kind).filter(id=entry_id).first()
        if row is None:
            raise NotFound
        if isinstance(row, Item):
            _refuse_if_spoken_of(row)
        if isinstance(row, Objection) and row.kind == "usul" and row.item and row.item.source == "usul":
            _refuse_if_spoken_of(row.item, besides=row.id)
            Item.objects.filter(id=row.item.id).update(withdrawn_at=at)
        row.withdrawn_at = at
        row.save()
        steps.line(by, at, "entry.withdraw", meeting, facts={"kind": kind, "entry": str(row.id)})


def _refuse_if_spoken_of(item: Item, besides: UUID | None = None) -> None:
    said = Objection.objects.filter(item=item, withdrawn_at=None).values_list("id", flat=True)
    if any(key != besides for key in said) or Decision.objects.filter(item=item, withdrawn_at=None).exists():
        raise EntryHasMore


def close_meeting(*, by: Actor, at: datetime, meeting_id: UUID, short_because: str = "") -> Minutes:
    """Close the list: every name has its decision, every objection its answer. From now on nothing in it changes.

    The content is frozen as one text with its digest. Whoever was asked and not seen counts as absent.

    Raises:
        StillOpen, NothingDecided, QuorumShort, steps.MeetingNotHeld, steps.MeetingClosed.
    """
    with transaction.atomic():
        meeting = steps.begin(by, "meeting.close", meeting_id, ("held",))
        left = running.left_open(meeting)
        if left.empty:
            raise NothingDecided
        if left:
            raise StillOpen(names=len(left.undecided), objections=len(left.unanswered))
        short = rules.shortfalls(running.present(meeting), running.needed(meeting))
        why = text.clean_line(short_because)[:300] if short else ""
        if short and len(why) < 3:
            raise QuorumShort
        day = at.astimezone(desk_queries.zone_of(meeting.region_code)).date()
        meeting.short_because = why
        meeting.state, meeting.closed_at = "closed", at
        meeting.objections_until = rules.last_objection_day(day, meeting.objection_days)
        meeting.save()
        words = minutes_rules.canonical(
            lists.content(Meeting.objects.select_related("hamlet").get(id=meeting.id))
        )
        frozen = Minutes.objects.create(
            meeting=meeting,
            content=words,
            digest=minutes_rules.digest(words),
            version=meeting.version,
            made_at=at,
            made_by=by.name[:150],
        )
        steps.line(
            by,
            at,
            "meeting.close",
            meeting,
            facts={
                "digest": frozen.digest,
                "version": meeting.version,
                "short": [one.what for one in short],
                "conflicts": len(running.conflicts(meeting)),
            },
        )
    return frozen


def make_package(*, by: Actor, at: datetime, meeting_id: UUID, purpose: str) -> Made:
    """The by-name-by-address file of a closed list, without NIK and KK; leaves a line among the exports.

    Raises:
        PurposeMissing, NotFound: not closed, or not for this actor.
    """
    with transaction.atomic():
        meeting = access.meeting_for(by, meeting_id)
        roles.require(by, "package.make", access.place_of(meeting))
        made = _package(by, at, meeting, purpose, with_nik=False)
        steps.line(
            by, at, "package.make", meeting, facts=_facts(made), inputs={"purpose": made.package.purpose}
        )
    return made


def make_full_package(*, by: Actor, at: datetime, meeting_id: UUID, purpose: str) -> Made:
    """The same file with NIK and KK, for those who send it on; leaves a line among the exports.

    Raises:
        PurposeMissing, NotFound: not closed, or not for this actor.
    """
    with transaction.atomic():
        meeting = access.meeting_for(by, meeting_id)
        roles.require(by, "package.make_full", access.place_of(meeting))
        made = _package(by, at, meeting, purpose, with_nik=True)
        steps.line(
            by, at, "package.make_full", meeting, facts=_facts(made), inputs={"purpose": made.package.purpose}
        )
    return made


def _package(by: Actor, at: datetime, meeting: Meeting, purpose: str, *, with_nik: bool) -> Made:
    frozen = lists.minutes_of(meeting)
    if meeting.state != "closed" or frozen is None:
        raise NotFound
    why = text.clean_line(purpose)[:200]
    if len(why) < 3:
        raise PurposeMissing
    rows = lists.package_rows(meeting, with_nik=with_nik)
    data = minutes_rules.package(
        rows,
        village_code=meeting.region_code,
        village=region_queries.path_names(meeting.region_code),
        programme=meeting.programme,
        seal=frozen.digest,
        with_nik=with_nik,
    )
    package = Package.objects.create(
        meeting=meeting,
        purpose=why,
        with_nik=with_nik,
        rows=len(rows),
        digest=minutes_rules.digest_of_bytes(data),
        made_at=at,
        made_by=by.name[:150],
    )
    steps.line(
        by,
        at,
        "export.record",
        meeting,
        facts={"what": "musyawarah", "rows": len(rows), "with_nik": with_nik},
        inputs={"purpose": why},
    )
    return Made(package, data)


def _facts(made: Made) -> dict[str, object]:
    return {"rows": made.package.rows, "digest": made.package.digest}
