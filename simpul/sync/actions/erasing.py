"""An erasure reaches every device that may hold a copy, and the events that carried the data here (UU 27/2022 art. 43)."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib.actor import MACHINE, Actor
from simpul.people.queries import keeping as people_keeping
from simpul.sync.models import AwaitedFile, Blob, Erasure, ErasureReceipt, Event, Task
from simpul.sync.queries import blobs as blob_queries
from simpul.sync.queries import erasures, waiting
from simpul.upkeep.actions import erasing as upkeep_erasing
from simpul.upkeep.queries import files as file_queries

PORTION = 500
LIST = "erasures.jsonl"
"""Beside the database, in no copy: which subjects were erased, so that an older copy cannot bring them back."""


def order_erasures(*, by: Actor, at: datetime) -> int:
    """Ask every device that may hold something of an erased person or matter to remove it, and empty the events that spoke of it.

    Header and hash of an event stay, so the chains verify. Returns how many erasures were ordered; a second call orders none twice.
    """
    roles.require(by, "erasures.order")
    found = erasures.unordered()
    speaking = erasures.bodies_on([subject for subject, _region, _when in found])
    for subject, region_code, _when in found:
        with transaction.atomic():
            erasure = Erasure.objects.create(subject=subject, region_code=region_code, ordered_at=at)
            emptied = 0
            files: set[str] = set()
            for start in range(0, len(speaking[subject]), PORTION):
                keys = speaking[subject][start : start + PORTION]
                files |= _let_go(keys, at)
                emptied += (
                    Event.objects.filter(id__in=keys)
                    .exclude(body=b"")
                    .update(body=b"", salt=b"", words="", facts={}, erased_at=at)
                )
            Erasure.objects.filter(id=erasure.id).update(events=emptied)
            ErasureReceipt.objects.bulk_create(
                [ErasureReceipt(erasure=erasure, device_id=key) for key in erasures.holders(region_code)],
                batch_size=500,
            )
            journal_actions.record(
                by=by,
                at=at,
                kind="erasures.order",
                subject_kind=subject.partition(":")[0],
                subject_id=UUID(subject.partition(":")[2]),
                region_code=region_code,
                facts={"events": emptied},
            )
            transaction.on_commit(partial(_remember, subject, at))
            transaction.on_commit(partial(_delete, files))
    return len(found)


def empty_late(row: Event, at: datetime) -> bool:
    """Step: empty an event that was decided about and that speaks of somebody who was erased before it came; True when it was.

    The device wrote it in the hills, before it heard of the erasure. One that could not be applied has nobody left to decide about.
    """
    if not row.body or not erasures.speaks_of_erased(waiting.as_event(row)):
        return False
    files = _let_go([row.id], at)
    Event.objects.filter(id=row.id).update(body=b"", salt=b"", words="", facts={}, erased_at=at)
    if Event.objects.filter(id=row.id, state="quarantined").update(state="erased", reason="erased"):
        Task.objects.filter(event=row, state="open").update(
            state="settled", decision="set_aside", settled_at=at, settled_by=MACHINE.name
        )
    transaction.on_commit(partial(_delete, files))
    return True


def _let_go(event_ids: list[UUID], at: datetime) -> set[str]:
    """Empty what hangs on events besides their bodies: questions' facts, and files that came with them; the names of those files.

    A file that has not come yet is refused when it comes, for good.
    """
    Task.objects.filter(event_id__in=event_ids).update(facts={}, settled_words="")
    named = AwaitedFile.objects.filter(event_id__in=event_ids)
    files: set[str] = set()
    for device_id, digest in set(named.values_list("device_id", "digest")):
        blob = Blob.objects.filter(device_id=device_id, digest=digest).first() or Blob(
            device_id=device_id, digest=digest, size=0, begun_at=at
        )
        files |= {blob.file_sha256} - {""}
        transaction.on_commit(partial(blob_queries.pieces_at(blob).unlink, missing_ok=True))
        blob.state, blob.fault, blob.file_sha256, blob.done_at = "refused", "erased", "", at
        blob.save()
    named.filter(attached_at=None, fault="").update(fault="erased")
    return files


def _delete(files: set[str]) -> None:
    """Delete files of which no row speaks any more."""
    store = file_queries.store()
    for digest in file_queries.unneeded(files):
        store.delete(digest)


def repeat_erasures(*, by: Actor, at: datetime) -> int:
    """Erase again who was erased before and came back with an older copy, by the list that lies beside the database.

    ``simpul serve`` does it before it serves anything. Leaves lines of its own for each person only; returns how many there were.
    """
    roles.require(by, "erasures.repeat")
    again = 0
    for person_id in people_keeping.known(_listed()):
        done = upkeep_erasing.repeat_erasure(by=by, at=at, person_id=person_id)
        again += bool(done.rows)
    if again:
        order_erasures(by=by, at=at)
    return again


def _list() -> Path:
    return Path(settings.SIMPUL_DATA) / LIST


def _remember(subject: str, at: datetime) -> None:
    """Write one line to the list, on the disk for good: it is not part of a copy, so no restore takes it away."""
    with _list().open("a", encoding="utf-8") as lines:
        lines.write(json.dumps({"subject": subject, "at": at.isoformat()}) + "\n")
        lines.flush()
        os.fsync(lines.fileno())


def _listed() -> list[UUID]:
    """Persons on the list; a line that was cut off by a failing disk is left out."""
    try:
        lines = _list().read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    found: dict[UUID, None] = {}
    for line in lines:
        try:
            kind, _sep, key = json.loads(line)["subject"].partition(":")
            if kind == "person":
                found[UUID(key)] = None
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
    return list(found)


def confirm_erasures(*, by: Actor, at: datetime, device_id: UUID, erasure_ids: Iterable[UUID]) -> int:
    """A device says that it has removed what it was asked to. Returns how many receipts are new; a repeat changes nothing."""
    roles.require(by, "erasures.confirm")
    with transaction.atomic():
        new = ErasureReceipt.objects.filter(
            device_id=device_id, erasure_id__in=list(erasure_ids)[:1000], done_at=None
        ).update(done_at=at)
        if new:
            journal_actions.record(
                by=by,
                at=at,
                kind="erasures.confirm",
                subject_kind="device",
                subject_id=device_id,
                facts={"erasures": new},
            )
    return new
