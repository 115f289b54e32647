"""The notice board: announcements from a day to a day, and the text that was copied into the village's group."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.community.access import ideas as access
from simpul.community.actions import _ideas as steps
from simpul.community.models import Bulletin, Digest
from simpul.community.rules import board as rules
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.regions import queries as region_queries

LONGEST = 366


class BulletinPlaceUnknown(Refused):
    """A board hangs in a village."""

    code = "bulletin.place_unknown"
    sentence = _("Choose the village whose board this is for.")
    field = "place_code"


class BulletinDaysTurned(Refused):
    """An end before its beginning."""

    code = "bulletin.days_turned"
    sentence = _(
        "The last day lies before the first one, or more than a year after it. Look at the two days again."
    )
    field = "until_date"


class NothingShared(Refused):
    """An empty text was copied."""

    code = "digest.nothing_shared"
    sentence = _("There is no text to copy. Choose at least one part.")


@dataclass(frozen=True, slots=True)
class BulletinGiven:
    """An announcement as it was written."""

    kind: str
    title: str
    words: str
    from_date: date
    until_date: date
    hamlet_id: UUID | None = None
    first: bool = False


def add_bulletin(
    *, by: Actor, at: datetime, region_code: str, given: BulletinGiven, bulletin_id: UUID | None = None
) -> Bulletin:
    """Put an announcement on the board. The same ``bulletin_id`` again gives the same one.

    Raises:
        BulletinPlaceUnknown, BulletinDaysTurned, steps.IdeaWordsMissing, steps.IdeaChoiceUnknown.
        NotFound: not allowed here.
    """
    roles.require(by, "bulletin.add", access.place_of(region_code))
    if len(region_code) != 10 or region_queries.find_region(region_code) is None:
        raise BulletinPlaceUnknown
    with transaction.atomic():
        known = Bulletin.objects.filter(id=bulletin_id).first() if bulletin_id else None
        if known is not None:
            return access.bulletin_for(by, known.id)
        row = Bulletin(
            id=bulletin_id or uuid7(), region_code=region_code, recorded_at=at, recorded_by=by.name[:150]
        )
        _fill(row, given, at)
        row.save(force_insert=True)
        steps.line(
            by,
            at,
            "bulletin.add",
            ("bulletin", row.id),
            region_code,
            {"kind": row.kind, "from": row.from_date.isoformat(), "until": row.until_date.isoformat()},
            {"title": row.title},
        )
    return row


def change_bulletin(*, by: Actor, at: datetime, bulletin_id: UUID, given: BulletinGiven) -> Bulletin:
    """Change an announcement.

    Raises:
        BulletinDaysTurned, steps.IdeaWordsMissing, steps.IdeaChoiceUnknown.
        NotFound: unknown, or not allowed here.
    """
    with transaction.atomic():
        row = _begin(by, "bulletin.change", bulletin_id)
        _fill(row, given, at)
        row.save()
        steps.line(
            by, at, "bulletin.change", ("bulletin", row.id), row.region_code, inputs={"title": row.title}
        )
    return row


def _begin(by: Actor, act: str, bulletin_id: UUID) -> Bulletin:
    row = access.bulletin_for(by, bulletin_id, lock=True)
    roles.require(by, act, access.place_of(row.region_code))
    return row


def _fill(row: Bulletin, given: BulletinGiven, at: datetime) -> None:
    days = (given.until_date - given.from_date).days
    if not 0 <= days <= LONGEST:
        raise BulletinDaysTurned
    if given.hamlet_id is not None and given.hamlet_id not in {
        one.id for one in region_queries.hamlets(row.region_code)
    }:
        raise steps.IdeaChoiceUnknown(field="hamlet")
    row.kind = steps.choice(given.kind, rules.KINDS, field="kind")
    row.title = steps.words(given.title, field="title", most=120, least=3)
    row.words = steps.paragraphs(given.words, field="words", most=1500, least=3)
    row.from_date, row.until_date = given.from_date, given.until_date
    row.hamlet_id, row.first, row.changed_at = given.hamlet_id, given.first, at


def end_bulletin(*, by: Actor, at: datetime, bulletin_id: UUID) -> None:
    """Take an announcement down before its last day. Doing it again changes nothing.

    Raises:
        NotFound: unknown, or not allowed here.
    """
    with transaction.atomic():
        row = _begin(by, "bulletin.end", bulletin_id)
        if row.ended_at is None:
            row.ended_at = row.changed_at = at
            row.save(update_fields=["ended_at", "changed_at"])
            steps.line(by, at, "bulletin.end", ("bulletin", row.id), row.region_code)


def restore_bulletin(*, by: Actor, at: datetime, bulletin_id: UUID) -> None:
    """Put an announcement up again that was taken down.

    Raises:
        NotFound: unknown, or not allowed here.
    """
    with transaction.atomic():
        row = _begin(by, "bulletin.restore", bulletin_id)
        if row.ended_at is not None:
            row.ended_at, row.changed_at = None, at
            row.save(update_fields=["ended_at", "changed_at"])
            steps.line(by, at, "bulletin.restore", ("bulletin", row.id), row.region_code)


def share_digest(
    *, by: Actor, at: datetime, region_code: str, body: str, digest_id: UUID | None = None
) -> Digest:
    """Keep the text that an officer copied into the village's group, so that everybody knows what was said there and when.

    Raises:
        NothingShared.
        NotFound: not allowed here.
    """
    roles.require(by, "digest.share", access.place_of(region_code))
    with transaction.atomic():
        known = Digest.objects.filter(id=digest_id).first() if digest_id else None
        if known is not None:
            if known.region_code != region_code:
                raise NotFound
            return known
        words = text.clean_text(body, rules.MOST + 500)
        if len(words) < 10:
            raise NothingShared
        made = Digest.objects.create(
            id=digest_id or uuid7(),
            region_code=region_code,
            day_date=steps.today(region_code, at),
            body=words,
            shared_at=at,
            shared_by=by.name[:150],
        )
        steps.line(by, at, "digest.share", ("digest", made.id), region_code, {"signs": len(words)})
    return made
