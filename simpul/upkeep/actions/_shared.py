"""Steps that acts of upkeep share: the one line they leave, tombstones, and letting files go."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from simpul.journal import actions as journal_actions
from simpul.lib.actor import Actor
from simpul.upkeep.models import RightsRequest, Tombstone
from simpul.upkeep.queries import files as file_queries


def record(
    by: Actor,
    at: datetime,
    kind: str,
    request: RightsRequest,
    *,
    facts: Mapping[str, Any] | None = None,
    inputs: Mapping[str, Any] | None = None,
) -> None:
    """The line of an act on a wish; its subject is the person, so that it stands on their own trail."""
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind="person",
        subject_id=request.person_id,
        region_code=request.region_code,
        facts={"request": request.id, "right": request.kind, **(facts or {})},
        inputs=inputs,
    )


def bury(kind: str, keys: Iterable[UUID], why: str, at: datetime, region_code: str = "") -> None:
    """Leave a tombstone for each row, so that whoever holds a copy drops it."""
    Tombstone.objects.bulk_create(
        [
            Tombstone(subject_kind=kind, subject_id=key, why=why, at=at, region_code=region_code)
            for key in keys
        ],
        batch_size=500,
    )


def bury_files(digests: Collection[str], why: str, at: datetime) -> set[str]:
    """Leave a tombstone for each file that no row speaks of any more; returns them, to be deleted once the transaction is through."""
    gone = file_queries.unneeded(digests)
    Tombstone.objects.bulk_create(
        [Tombstone(subject_kind="file", subject_key=digest, why=why, at=at) for digest in sorted(gone)]
    )
    return gone


def delete_files(digests: Iterable[str]) -> int:
    """Delete files from the disk; those that are gone already count as well. Returns how many were here."""
    store = file_queries.store()
    return sum(store.delete(digest) for digest in digests)
