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
from simpul.lib.actor import Actor
from simpul.sync.models import AwaitedFile, Blob, Erasure, ErasureReceipt, Event, Task
from simpul.sync.queries import erasures
from simpul.upkeep.actions import erasing as upkeep_erasing
from simpul.upkeep.queries import files as file_queries

LIST = "erasures.jsonl"
"""Beside the database, in no copy: which subjects were erased, so that an older copy cannot bring them back."""


def order_erasures(*, by: Actor, at: datetime) -> int:
    """Ask every device that may hold something of an erased person or matter to remove it, and empty the events that spoke of it.

    Header and hash of an event stay, so the chains verify. Returns how many erasures were ordered; a second call orders none twice.
    """
    roles.require(by, "erasures.order")
    found = erasures.unordered()
    for subject, region_code, _when in found:
        with transaction.atomic():
            erasure = Erasure.objects.create(subject=subject, region_code=region_code, ordered_at=at)
            emptied = 0
            files: set[str] = set()
            for keys in erasures.bodies_on(subject):
                files |= _let_go(keys)
                emptied += Event.objects.filter(id__in=keys).update(
                    body=b"", salt=b"", words="", facts={}, erased_at=at
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


def _let_go(event_ids: list[UUID]) -> set[str]:
    """Empty what hangs on events besides their bodies: questions' facts, and files that came with them; the names of those files."""
    Task.objects.filter(event_id__in=event_ids).update(facts={}, settled_words="")
    named = AwaitedFile.objects.filter(event_id__in=event_ids)
    files: set[str] = set()
    for device_id, digest in set(named.values_list("device_id", "digest")):
        blobs = Blob.objects.filter(device_id=device_id, digest=digest)
        files |= set(blobs.exclude(file_sha256="").values_list("file_sha256", flat=True))
        blobs.update(file_sha256="")
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
    for person_id in _listed():
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
