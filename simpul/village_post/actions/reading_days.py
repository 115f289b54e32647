"""What happens in a reading corner from day to day: readers counted, activities, and taking stock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.village_post.access import reading as access
from simpul.village_post.actions import _watch
from simpul.village_post.models import (
    BookCopy,
    ReaderCount,
    ReadingActivity,
    ReadingCorner,
    Stocktake,
    StocktakeCopy,
)
from simpul.village_post.queries import reading as queries
from simpul.village_post.queries import reading_stock as stock_queries
from simpul.village_post.rules import reading as rules

MOST_AT_ONCE = 200
ENTRIES = {"count": ReaderCount, "activity": ReadingActivity}


class StockRuns(Refused):
    """One taking of stock at a time."""

    code = "stocktake.runs"
    sentence = _("Stock is being taken already. Finish that first.")


class StockClosed(Refused):
    """A finished taking of stock takes nothing more."""

    code = "stocktake.closed"
    sentence = _("This taking of stock is finished. Begin a new one.")


class CodeUnknown(Refused):
    """A label that no copy of this corner bears."""

    code = "stocktake.code_unknown"
    sentence = _(
        "No copy of this reading corner bears the code %(code)s. Look at the label again, or add the book first."
    )
    field = "code"


@dataclass(frozen=True, slots=True)
class ActivityGiven:
    """What is said of an activity; ``count`` is None while it has not been."""

    name: str = ""
    kind: str = "aloud"
    leader: str = ""
    ages: str = ""
    count: int | None = None
    words: str = ""


def count_readers(
    *,
    by: Actor,
    at: datetime,
    corner_id: UUID,
    day: date,
    group: str,
    number: int = 1,
    count_id: UUID | None = None,
) -> int:
    """Count people of a group who came on a day; below nought takes back, never more than were counted.

    Returns how many of the group are counted for that day now.

    Raises:
        _watch.ChoiceNotThere.
    """
    with transaction.atomic():
        corner = _day_corner(by, "readers.count", corner_id)
        before = queries.counted(corner, day).get(group, 0)
        if _watch.again(ReaderCount, count_id, corner_id=corner.id) is not None:
            return before
        if group not in rules.GROUPS or not 0 < abs(number) <= MOST_AT_ONCE:
            raise _watch.ChoiceNotThere
        step = max(number, -before)
        if step == 0:
            return before
        ReaderCount.objects.create(
            **_watch.written(by, at, count_id), corner=corner, day=day, group=group, number=step
        )
        _day_line(by, at, "readers.count", corner, facts={"day": day, "group": group, "number": step})
    return before + step


def record_readingactivity(
    *,
    by: Actor,
    at: datetime,
    corner_id: UUID,
    starts_at: datetime,
    given: ActivityGiven,
    activity_id: UUID | None = None,
) -> ReadingActivity:
    """Write down an activity that is planned or was held.

    Raises:
        _watch.WordMissing, _watch.ChoiceNotThere.
    """
    with transaction.atomic():
        corner = _day_corner(by, "readingactivity.record", corner_id)
        known = _watch.again(ReadingActivity, activity_id, corner_id=corner.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        made = ReadingActivity(**_watch.written(by, at, activity_id), corner=corner)
        _fill_activity(made, starts_at, given)
        made.save(force_insert=True)
        facts = {"kind": made.kind, "starts_at": starts_at, "count": made.count}
        _day_line(by, at, "readingactivity.record", corner, facts=facts, inputs={"name": made.name})
    return made


def change_readingactivity(
    *, by: Actor, at: datetime, corner_id: UUID, activity_id: UUID, starts_at: datetime, given: ActivityGiven
) -> None:
    """Change an activity, or write down how many came.

    Raises:
        NotFound, _watch.WordMissing, _watch.ChoiceNotThere.
    """
    with transaction.atomic():
        corner = _day_corner(by, "readingactivity.change", corner_id)
        row = ReadingActivity.objects.filter(id=activity_id, corner=corner, withdrawn_at=None).first()
        if row is None:
            raise NotFound
        _fill_activity(row, starts_at, given)
        row.save()
        facts = {"activity": str(row.id), "starts_at": starts_at, "count": row.count}
        _day_line(by, at, "readingactivity.change", corner, facts=facts)


def _fill_activity(row: ReadingActivity, starts_at: datetime, given: ActivityGiven) -> None:
    row.name = _watch.words(given.name, field="name", most=150)
    row.kind = _watch.chosen(given.kind, rules.ACTIVITIES)
    row.ages = _watch.chosen(given.ages, rules.AGES)
    row.starts_at = starts_at
    row.leader = _watch.line_of(given.leader, 150)
    row.count = None if given.count is None else min(max(given.count, 0), 9999)
    row.words = text.clean_text(given.words)[:2000]


def strike_cornerentry(*, by: Actor, at: datetime, corner_id: UUID, kind: str, entry_id: UUID) -> None:
    """Take back a count or an activity; it stays, marked as taken back.

    Raises:
        NotFound: there is none.
    """
    with transaction.atomic():
        corner = _day_corner(by, "cornerentry.strike", corner_id)
        table = ENTRIES.get(kind)
        rows = table._default_manager.filter(id=entry_id, corner=corner) if table else None
        if rows is None or not rows.exists():
            raise NotFound
        if rows.filter(withdrawn_at=None).update(withdrawn_at=at):
            _day_line(by, at, "cornerentry.strike", corner, facts={"entry": str(entry_id), "kind": kind})


# --- taking stock ------------------------------------------------------------------------------------------------------------------


def begin_stocktake(
    *, by: Actor, at: datetime, corner_id: UUID, stocktake_id: UUID | None = None
) -> Stocktake:
    """Begin to take stock.

    Raises:
        StockRuns: another one is not finished.
    """
    with transaction.atomic():
        corner = _day_corner(by, "stocktake.begin", corner_id)
        known = _watch.again(Stocktake, stocktake_id, corner_id=corner.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        if corner.stocktakes.filter(closed_at=None).exists():
            raise StockRuns
        made = Stocktake.objects.create(
            id=stocktake_id or uuid7(), corner=corner, begun_at=at, begun_by=by.name[:150]
        )
        _day_line(by, at, "stocktake.begin", corner, facts={"stocktake": str(made.id)})
    return made


def scan_stocktake(
    *, by: Actor, at: datetime, stocktake_id: UUID, code: str, seen_at: datetime
) -> StocktakeCopy:
    """Hold a copy in the hand: scanned or typed. The same copy again changes nothing.

    Raises:
        StockClosed, CodeUnknown.
    """
    with transaction.atomic():
        take = _open_stocktake(by, "stocktake.scan", stocktake_id)
        clean = rules.plain_code(code)
        copy = BookCopy.objects.filter(code=clean, corner=take.corner_id).first()
        if copy is None:
            raise CodeUnknown(code=clean or code.strip()[:24])
        known = take.seen.filter(copy=copy).first()
        if known is not None:
            return known
        was = "out" if queries.open_loan(copy) is not None else copy.state
        made = StocktakeCopy.objects.create(stocktake=take, copy=copy, seen_at=seen_at, was=was)
        _day_line(by, at, "stocktake.scan", take.corner, facts={"copy": copy.code, "was": was})
    return made


def close_stocktake(*, by: Actor, at: datetime, stocktake_id: UUID, words: str = "") -> None:
    """Finish taking stock: what was found is written down for good. Copies stay as they are until somebody says what they are."""
    with transaction.atomic():
        take = access.stocktake_for(by, stocktake_id, lock=True)
        roles.require(by, "stocktake.close", access.place(take.corner.region_code, by))
        if take.closed_at is not None:
            return
        found = stock_queries.differences(take)
        take.counts = {
            "expected": len(found.stock.expected),
            "seen": len(found.stock.seen),
            "missing": [one.code for one in found.missing][:500],
            "surprise": [one.copy.code for one in found.surprise][:500],
        }
        take.closed_at, take.words = at, text.clean_text(words)[:2000]
        take.save()
        facts = {"expected": take.counts["expected"], "missing": len(found.missing)}
        _day_line(by, at, "stocktake.close", take.corner, facts=facts)


def _open_stocktake(by: Actor, act: str, stocktake_id: UUID) -> Stocktake:
    """Lock a taking of stock, ask for permission, and see that it runs."""
    take = access.stocktake_for(by, stocktake_id, lock=True)
    roles.require(by, act, access.place(take.corner.region_code, by))
    if take.closed_at is not None:
        raise StockClosed
    return take


def _day_corner(by: Actor, act: str, corner_id: UUID) -> ReadingCorner:
    """Lock the corner and ask for permission."""
    corner = access.corner_for(by, corner_id, lock=True)
    roles.require(by, act, access.place(corner.region_code, by))
    return corner


def _day_line(by: Actor, at: datetime, kind: str, corner: ReadingCorner, **more: object) -> None:
    _watch.line(by, at, kind, ("reading_corner", corner.id), corner.region_code, **more)  # type: ignore[arg-type]
