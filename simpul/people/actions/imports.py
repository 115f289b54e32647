"""Acts on lists that are taken in. How another room takes a list of its own in: the head of ``people/rules/imports.py``.

A list goes *mapping → trying → tried → running → done*. Trying reads every row and writes nothing but what is wrong with it. A portion is
one act and one transaction: its rows, what was wrong with them, the counts and the place to go on from are written together or not at
all, and ``next_row`` is the claim. So a list that was cut off anywhere goes on exactly there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.files import FileStore
from simpul.lib.keys import ring
from simpul.people.actions import _bulk
from simpul.people.models import Batch, BatchFault, Layout
from simpul.people.queries import imports as queries
from simpul.people.rules import imports as rules
from simpul.regions import queries as region_queries

ResidentTaker = _bulk.ResidentTaker
"""What a portion of a list of residents means."""

FILES_LAST = timedelta(days=90)
"""How long the file of a list is kept after the list was last moved on."""

MOST_FAULTS = 12
"""So many faults of one row are kept; more say nothing new."""


class ListTooLarge(Refused):
    """More bytes than one list may have."""

    code = "batch.too_large"
    sentence = _("This file is larger than %(limit)s MB. Split it by district and send the parts one by one.")
    field = "file"


class ListEmpty(Refused):
    """A heading and nothing below it, or nothing at all."""

    code = "batch.empty"
    sentence = _(
        "There are no rows in this file. The first row holds the names of the columns, the others the people."
    )
    field = "file"


class HeadingsMissing(Refused):
    """The first row names no columns."""

    code = "batch.headings_missing"
    sentence = _(
        "The first row must name the columns (such as NIK, Nama, No KK). Remove titles above it and send the file again."
    )
    field = "file"


class AreaMissing(Refused):
    """A list is always of one regency, district or village."""

    code = "batch.area_missing"
    sentence = _("Choose the regency, district or village that the list is about.")
    field = "region"


class DayAhead(Refused):
    """A list of tomorrow."""

    code = "batch.day_ahead"
    sentence = _("The list cannot be of a day in the future.")
    field = "as_of_date"


class ColumnNeeded(Refused):
    """A column without which no row says anything."""

    code = "batch.column_needed"
    sentence = _("Choose the column that holds “%(name)s”: without it no row can be read.")


class ColumnUnknown(Refused):
    """A field or a column that there is not."""

    code = "batch.column_unknown"
    sentence = _(
        "A column was chosen that this sheet does not have. Open the page again and choose once more."
    )


class ColumnTwice(Refused):
    """One column for two fields."""

    code = "batch.column_twice"
    sentence = _("The column “%(name)s” was chosen for two fields. Choose it once.")


class NotNow(Refused):
    """The list is in a state from which this cannot be done."""

    code = "batch.not_now"
    sentence = _(
        "This cannot be done with the list now: somebody was faster, or it was taken in already. Open its page again."
    )


class PortionTaken(Refused):
    """Another worker has taken the same rows."""

    code = "batch.portion_taken"
    sentence = _("Another worker is taking this list in.")


def open_batch(
    *,
    by: Actor,
    at: datetime,
    kind: str,
    file_name: str,
    data: bytes,
    region_code: str,
    list_version: str = "",
    as_of_date: date | None = None,
    source_words: str = "",
) -> Batch:
    """Keep the file of a list (encrypted), read its headings, and name its columns as far as they are known.

    ``region_code`` is the area the list is about: rows of another one are refused. ``as_of_date`` is the day of the list's facts.

    Raises:
        NotAllowed: not the actor's to do there.
        Refused: too large, empty, no table, no headings (nothing is kept then).
    """
    roles.require(by, "batch.open", roles.Place(region_code=region_code))
    if kind not in rules.KINDS:
        raise KeyError(kind)
    if len(region_code) < 4 or region_queries.find_region(region_code) is None:
        raise AreaMissing
    if len(data) > rules.LARGEST:
        raise ListTooLarge(limit=rules.LARGEST // (1024 * 1024))
    _check_day(as_of_date, region_code, at)
    sheet = queries.look_at(data, first=0)
    if rules.faults_of_headings(sheet.headings):
        raise HeadingsMissing
    if not sheet.rows:
        raise ListEmpty
    columns = queries.columns(kind)
    known = queries.remembered(kind, sheet.headings)
    mapping = known.mapping if known else rules.guess(sheet.headings, columns.values())
    guessed = rules.version_of(rules.source_of(sheet.headings, columns.values()))
    digest = FileStore(settings.SIMPUL_FILES).put(ring().encrypt(data, queries.SEALED_AS))
    with transaction.atomic():
        batch = Batch.objects.create(
            kind=kind,
            region_code=region_code,
            file_name=text.clean_line(file_name)[-150:] or "daftar",
            sha256=digest,
            size=len(data),
            headings=sheet.headings,
            mapping=mapping,
            list_version=list_version or (known.list_version if known else "") or guessed,
            as_of_date=as_of_date or queries.today_of(region_code, at),
            source_words=text.clean_line(source_words)[:150],
            rows=sheet.rows,
            started_by=by.name[:150],
            started_at=at,
        )
        _record(
            by, at, "batch.open", batch, {"kind": kind, "rows": sheet.rows}, {"file_name": batch.file_name}
        )
    return batch


def map_batch(
    *,
    by: Actor,
    at: datetime,
    batch_id: UUID,
    mapping: Mapping[str, int],
    list_version: str = "",
    as_of_date: date | None = None,
    source_words: str = "",
) -> Batch:
    """Say which column holds which of our fields, and remember it for every sheet with the same headings.

    Raises:
        NotFound: there is no such list for this actor.
        Refused: a field every row needs has no column, a column is used twice, or it is too late.
    """
    batch = _batch(by, batch_id)
    roles.require(by, "batch.map", roles.Place(region_code=batch.region_code))
    _check_day(as_of_date, batch.region_code, at)
    _check_mapping(batch, mapping)
    if list_version and list_version not in rules.VERSIONS:
        raise ColumnUnknown
    with transaction.atomic():
        _move(
            batch,
            "mapping",
            mapping=dict(mapping),
            list_version=list_version or batch.list_version,
            as_of_date=as_of_date or batch.as_of_date,
            source_words=text.clean_line(source_words)[:150] or batch.source_words,
            fault="",
        )
        Layout.objects.update_or_create(
            kind=batch.kind,
            headings_key=queries.layout_key(batch.headings),
            defaults={
                "mapping": dict(mapping),
                "list_version": list_version or batch.list_version,
                "used_at": at,
            },
        )
        _record(by, at, "batch.map", batch, {"columns": sorted(mapping)})
    batch.refresh_from_db()
    return batch


def try_batch(*, by: Actor, at: datetime, batch_id: UUID) -> Batch:
    """Have every row read and compared, with nothing written; the worker does it portion by portion.

    Raises:
        NotFound: there is no such list for this actor.
        Refused: its columns are not named, or it is too late.
    """
    batch = _batch(by, batch_id)
    roles.require(by, "batch.try", roles.Place(region_code=batch.region_code))
    _check_mapping(batch, batch.mapping)
    with transaction.atomic():
        _move(batch, "trying", **_fresh(), fault="")
        BatchFault.objects.filter(batch=batch).delete()
        _record(by, at, "batch.try", batch)
    batch.refresh_from_db()
    return batch


def start_batch(*, by: Actor, at: datetime, batch_id: UUID) -> Batch:
    """Take a list in that was tried, or go on with one that was stopped or had failed: exactly where it stood.

    Raises:
        NotFound: there is no such list for this actor.
        Refused: it was not tried, or it runs already.
    """
    batch = _batch(by, batch_id)
    roles.require(by, "batch.start", roles.Place(region_code=batch.region_code))
    again = batch.state in ("stopped", "failed")
    with transaction.atomic():
        counts = {"beat_at": None, "ended_at": None} if again else _fresh()
        _move(batch, "running", fault="", **counts)
        if not again:
            BatchFault.objects.filter(batch=batch).delete()
        _record(by, at, "batch.start", batch, {"from_row": batch.next_row if again else 0})
    batch.refresh_from_db()
    return batch


def stop_batch(*, by: Actor, at: datetime, batch_id: UUID) -> Batch:
    """Let a list stand after the portion that is under way; a trial that is stopped goes back to its columns.

    Raises:
        NotFound: there is no such list for this actor.
        Refused: it does not run.
    """
    batch = _batch(by, batch_id)
    roles.require(by, "batch.stop", roles.Place(region_code=batch.region_code))
    with transaction.atomic():
        _move(batch, "mapping" if batch.state == "trying" else "stopped", ended_at=at)
        _record(by, at, "batch.stop", batch)
    batch.refresh_from_db()
    return batch


def fail_batch(*, by: Actor, at: datetime, batch_id: UUID, fault: str) -> Batch:
    """Note that a list could not be taken further, in words without anybody's name; it can be taken up again.

    Raises:
        NotFound: there is no such list.
        Refused: it does not run.
    """
    batch = _any(batch_id)
    roles.require(by, "batch.fail", roles.Place(region_code=batch.region_code))
    with transaction.atomic():
        state = "mapping" if batch.state == "trying" else "failed"
        _move(batch, state, fault=fault[:300], ended_at=at)
        _record(by, at, "batch.fail", batch, {"fault": fault[:300]})
    batch.refresh_from_db()
    return batch


def run_batch(
    *, by: Actor, at: datetime, batch_id: UUID, taker: rules.Taker, reading: queries.Reading
) -> Batch:
    """Take the next portion of a list in (or try it): one transaction, claimed by ``next_row``.

    ``taker`` and ``reading`` are kept by the caller from portion to portion; after any fault it makes new ones.

    Raises:
        NotFound: there is no such list.
        PortionTaken: another worker has taken these rows, or the list was stopped.
    """
    batch = _any(batch_id)
    roles.require(by, "batch.run", roles.Place(region_code=batch.region_code))
    if batch.state not in ("trying", "running"):
        raise PortionTaken
    dry = batch.state == "trying"
    for passed in reading.catch_up(batch.next_row):
        taker.pass_over([row for row in passed if not row.refused])
    rows = reading.portion(rules.DRY_PORTION if dry else rules.PORTION)
    portion = rules.Portion(by, at, batch, [row for row in rows if not row.refused], dry)
    outcome = taker.take(portion) if dry else None
    with transaction.atomic():
        _claim(batch, at, len(rows))
        outcome = outcome or taker.take(portion)
        _keep_faults(batch, rows, outcome)
        counts = {name: outcome.counts()[name] for name in rules.FOUND_IN_ALL}
        counts["refused"] += sum(row.refused for row in rows)
        ended = batch.next_row + len(rows) >= batch.rows or not rows
        state = ("tried" if dry else "done") if ended else batch.state
        Batch.objects.filter(id=batch.id).update(
            state=state,
            doubtful=F("doubtful") + outcome.doubtful,
            ended_at=at if ended else None,
            **{name: F(name) + count for name, count in counts.items()},
        )
        facts = {
            "from_row": batch.next_row,
            "rows": len(rows),
            "dry": dry,
            "doubtful": outcome.doubtful,
            **counts,
        }
        _record(by, at, "batch.run", batch, facts)
    batch.refresh_from_db()
    return batch


def forget_batches(*, by: Actor, at: datetime, limit: int = 200) -> int:
    """Delete the files of lists that were moved on last more than 90 days ago, with what was said about their rows; counts stay."""
    roles.require(by, "batches.forget")
    old = at - FILES_LAST
    rows = Batch.objects.exclude(sha256="").exclude(state__in=("trying", "running"))
    found = list(rows.filter(started_at__lt=old).exclude(beat_at__gte=old)[:limit])
    if not found:
        return 0
    with transaction.atomic():
        BatchFault.objects.filter(batch__in=found).delete()
        Batch.objects.filter(id__in=[one.id for one in found]).update(sha256="")
        journal_actions.record(
            by=by,
            at=at,
            kind="batches.forget",
            subject_kind="installation",
            subject_id=journal_actions.NOWHERE,
            facts={"lists": len(found)},
        )
    store = FileStore(settings.SIMPUL_FILES)
    for one in found:
        store.delete(one.sha256)
    return len(found)


def _claim(batch: Batch, at: datetime, rows: int) -> None:
    """Take the portion: only one worker can move ``next_row`` on from where it stood."""
    mine = Batch.objects.filter(id=batch.id, state=batch.state, next_row=batch.next_row)
    if not mine.update(next_row=batch.next_row + rows, beat_at=at):
        raise PortionTaken


def _keep_faults(batch: Batch, rows: list[rules.Row], outcome: rules.Outcome) -> None:
    said: dict[int, list[rules.Fault]] = {row.number: list(row.faults) for row in rows if row.faults}
    for number, fault in outcome.faults:
        said.setdefault(number, []).append(fault)
    BatchFault.objects.bulk_create(
        [
            BatchFault(
                batch=batch, row=number, field=one.field[:40], value=one.value[:150], code=one.code[:60], refused=one.refused
            )
            for number, found in sorted(said.items())
            for one in sorted(found, key=lambda fault: not fault.refused)[:MOST_FAULTS]
        ],
        batch_size=500,
    )  # fmt: skip


def _fresh() -> dict[str, Any]:
    """The columns of a list that begins from its first row."""
    names = ("next_row", "added", "changed", "unchanged", "refused", "doubtful")
    return {**dict.fromkeys(names, 0), "beat_at": None, "ended_at": None}


def _move(batch: Batch, state: str, **columns: Any) -> None:
    """Bring a list into another state, if it may go there and nobody was faster."""
    if state not in rules.MOVES[batch.state]:
        raise NotNow
    if not Batch.objects.filter(id=batch.id, state=batch.state).update(state=state, **columns):
        raise NotNow


def _check_day(day: date | None, region_code: str, at: datetime) -> None:
    if day is not None and day > queries.today_of(region_code, at):
        raise DayAhead


def _check_mapping(batch: Batch, mapping: Mapping[str, int]) -> None:
    columns = queries.columns(batch.kind)
    if any(name not in columns or not 0 <= place < len(batch.headings) for name, place in mapping.items()):
        raise ColumnUnknown
    for name in rules.KINDS[batch.kind].needs:
        if name not in mapping:
            raise ColumnNeeded(field=name, name=queries.label(batch.kind, name, (get_language() or "id")[:2]))
    places = list(mapping.values())
    twice = next((place for place in places if places.count(place) > 1), None)
    if twice is not None:
        name = [name for name, place in mapping.items() if place == twice][-1]
        raise ColumnTwice(field=name, name=batch.headings[twice])


def _batch(by: Actor, batch_id: UUID) -> Batch:
    return queries.batch_for(by, batch_id)


def _any(batch_id: UUID) -> Batch:
    batch = queries.batch_by_id(batch_id)
    if batch is None:
        raise NotFound
    return batch


def _record(
    by: Actor,
    at: datetime,
    kind: str,
    batch: Batch,
    facts: Mapping[str, Any] | None = None,
    inputs: Mapping[str, Any] | None = None,
) -> None:
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind="batch",
        subject_id=batch.id,
        region_code=batch.region_code,
        facts=facts or {},
        inputs=inputs or {},
    )
