"""What belongs to works besides their book: price lists, lent tools, photos."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.community.actions import _works as steps
from simpul.community.models import Picture, Rate, Tool
from simpul.community.rules import works as rules
from simpul.lib import files, media, text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7

MOST_PICTURES = 30


class RateThere(Refused):
    """A price list is not written over."""

    code = "rate.there"
    sentence = _("This price is already on the list from that day on. Choose a later day for a new price.")
    field = "from_date"


class PhotoWanted(Refused):
    """A work shows photos."""

    code = "picture.photo_wanted"
    sentence = _("Choose a photo (JPG, PNG, WEBP or HEIC).")
    field = "file"


class TooManyPictures(Refused):
    """A page that opens on a cheap phone."""

    code = "picture.too_many"
    sentence = _("This work already has %(most)s photos. Take one back first.")
    field = "file"


def set_rate(
    *,
    by: Actor,
    at: datetime,
    region_code: str,
    name: str,
    unit: str,
    price: int,
    from_date: date,
    source: str = "",
    is_wage: bool = False,
    rate_id: UUID | None = None,
) -> Rate:
    """Put a price on the village's list from a day on. Works of earlier days keep the older price.

    Raises:
        RateThere, steps.AmountMissing, steps.WorkWordsMissing.
        NotAllowed: not for this actor.
    """
    roles.require(by, "rate.set", roles.Place(region_code))
    with transaction.atomic():
        known = steps.again(Rate, rate_id, region_code=region_code)
        if known is not None:
            return known  # type: ignore[no-any-return]
        if not 0 < price < 10**10:
            raise steps.AmountMissing(field="price")
        row = Rate(
            id=rate_id or uuid7(),
            region_code=region_code,
            name=steps.words(name, field="name", most=100),
            unit=steps.words(unit, field="unit", most=20, least=1),
            price=price,
            from_date=from_date,
            source=text.clean_line(source, 200),
            is_wage=is_wage,
            recorded_at=at,
            recorded_by=by.name[:150],
        )
        same = Rate.objects.filter(region_code=region_code, name=row.name, unit=row.unit, from_date=from_date)
        if same.exists():
            raise RateThere
        row.save(force_insert=True)
        facts = {"name": row.name, "unit": row.unit, "price": price, "from_date": from_date.isoformat()}
        steps.line(by, at, "rate.set", ("rate", row.id), region_code, facts)
    return row


@dataclass(frozen=True, slots=True)
class Lent:
    """A tool and whose it is."""

    name: str
    owner: str
    count: int = 1
    due_date: date | None = None


def lend_tool(
    *, by: Actor, at: datetime, work_id: UUID, day: date, lent: Lent, entry_id: UUID | None = None
) -> Tool:
    """Write down a tool that somebody lent.

    Raises:
        NotFound, steps.AmountMissing, steps.DayNotYet, steps.WorkCalledOff, steps.WorkWordsMissing.
    """
    with transaction.atomic():
        work = steps.begin_writing(by, "tool.lend", work_id)
        known = steps.again(Tool, entry_id, work_id=work.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        if not 1 <= lent.count <= 1000:
            raise steps.AmountMissing(field="count")
        row = Tool.objects.create(
            **steps.written(by, at, entry_id),
            work=work,
            name=steps.words(lent.name, field="name", most=100),
            owner=steps.words(lent.owner, field="owner"),
            count=lent.count,
            lent_date=steps.happened(day, at, work.region_code),
            due_date=lent.due_date,
        )
        inputs = {"name": row.name, "owner": row.owner, "entry": str(row.id)}
        steps.line(by, at, "tool.lend", ("work", work.id), work.region_code, {"count": row.count}, inputs)
    return row


def return_tool(*, by: Actor, at: datetime, entry_id: UUID, day: date, condition: str = "") -> None:
    """A tool went back to its owner. Once more changes nothing.

    Raises:
        NotFound, steps.DayNotYet.
    """
    with transaction.atomic():
        row = Tool.objects.filter(id=entry_id, withdrawn_at=None).first()
        if row is None:
            raise NotFound
        work = steps.begin(by, "tool.return", row.work_id)
        if row.returned_date is not None:
            return
        row.returned_date = steps.happened(day, at, work.region_code)
        row.condition = text.clean_line(condition, 200)
        row.save(update_fields=["returned_date", "condition"])
        inputs = {"name": row.name, "condition": row.condition}
        steps.line(
            by, at, "tool.return", ("work", work.id), work.region_code, {"day": day.isoformat()}, inputs
        )


@dataclass(frozen=True, slots=True)
class Shot:
    """A photo: when in the work's life, of which day, whether everybody may see it."""

    data: bytes
    name: str
    stage: str
    words: str = ""
    shown: bool = True


def add_picture(
    *, by: Actor, at: datetime, work_id: UUID, day: date, shot: Shot, entry_id: UUID | None = None
) -> Picture:
    """Keep a photo of before, meanwhile or after; it is made anew, without the place and the phone it was taken with.

    Raises:
        NotFound, PhotoWanted, TooManyPictures, steps.DayNotYet, steps.WorkCalledOff, steps.WorkChoiceUnknown.
        lib.media.FileRefused: the file cannot be taken, with its own sentence.
    """
    clean = media.inspect_and_clean(shot.data, shot.name, max_bytes=settings.SIMPUL_MAX_FILE)
    if clean.kind != "photo":
        raise PhotoWanted
    with transaction.atomic():
        work = steps.begin_writing(by, "picture.add", work_id)
        known = steps.again(Picture, entry_id, work_id=work.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        if Picture.objects.filter(work=work, withdrawn_at=None).count() >= MOST_PICTURES:
            raise TooManyPictures(most=MOST_PICTURES)
        row = Picture.objects.create(
            **steps.written(by, at, entry_id),
            work=work,
            stage=steps.choice(shot.stage, rules.STAGES, field="stage"),
            taken_date=steps.happened(day, at, work.region_code),
            words=text.clean_line(shot.words, 150),
            file_sha256=files.FileStore(settings.SIMPUL_FILES).put(clean.data),
            file_mime=clean.mime,
            size=len(clean.data),
            shown=shot.shown,
        )
        facts = {"stage": row.stage, "size": row.size, "shown": row.shown}
        steps.line(by, at, "picture.add", ("work", work.id), work.region_code, facts, {"entry": str(row.id)})
    return row


def remove_picture(*, by: Actor, at: datetime, entry_id: UUID, why: str) -> None:
    """Take a photo off the work.

    Raises:
        NotFound, steps.WhyMissing.
    """
    with transaction.atomic():
        row = Picture.objects.filter(id=entry_id).first()
        if row is None:
            raise NotFound
        work = steps.begin(by, "picture.remove", row.work_id)
        if steps.withdraw(row, at, why):
            inputs = {"why": row.withdrawn_why}
            steps.line(by, at, "picture.remove", ("work", work.id), work.region_code, {}, inputs)
