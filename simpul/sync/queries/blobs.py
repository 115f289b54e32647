"""Files of devices: how much of one is here, and which file of the store it became."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Subquery, Sum

from simpul.lib.files import FileStore
from simpul.sync.models import AwaitedFile, BackupMark, Blob

Row = Blob
"""A file on its way, as doors may name its type."""


@dataclass(frozen=True, slots=True)
class Came:
    """A file that is here, made anew: its name in the store, and what it is."""

    sha256: str
    media_type: str


def pieces_at(blob: Blob) -> Path:
    """Where the pieces of a file lie until it is complete."""
    return Path(settings.SIMPUL_DATA) / "coming" / f"{blob.device_id.hex}-{blob.digest}"


def of(device_id: UUID, digest: str) -> Blob | None:
    """What is known of one file of a device."""
    return Blob.objects.filter(device_id=device_id, digest=digest).first()


def is_safe(blob: Blob) -> bool:
    """True when a verified backup holds the file: only then may a device forget it."""
    if blob.state != "here" or blob.done_at is None:
        return False
    return BackupMark.objects.filter(covers_until__gt=blob.done_at).exists()


def file_of(device_id: UUID, digest: str) -> Came | None:
    """The kept file that a device named by the hash of what it sent; None while it is on its way, or when it was refused."""
    found = Blob.objects.filter(device_id=device_id, digest=digest, state="here").first()
    return Came(found.file_sha256, found.media_type) if found else None


def read(came: Came) -> bytes:
    """Its bytes. Raises ``FileMissing``."""
    return FileStore(settings.SIMPUL_FILES).read(came.sha256)


def to_attach(most: int = 50) -> list[UUID]:
    """Files that are here and belong to something, and were not attached yet."""
    here = Blob.objects.filter(device_id=OuterRef("device_id"), digest=OuterRef("digest"), state="here")
    awaited = AwaitedFile.objects.filter(Exists(here), attached_at=None, fault="")
    return list(awaited.order_by("asked_at").values_list("id", flat=True)[:most])


def unnamed_bytes(device_id: UUID) -> int:
    """How large the files of a device are, here or on their way, that no entry names."""
    named = AwaitedFile.objects.filter(device_id=device_id, digest=OuterRef("digest"))
    rows = Blob.objects.filter(~Exists(named), device_id=device_id).exclude(state="refused")
    return int(rows.aggregate(bytes=Sum("size"))["bytes"] or 0)


def photos_of(kind: str, keys: Collection[UUID]) -> dict[UUID, list[str]]:
    """Photos that came with events about these things, by their key: names in the store, in the order of their coming. One query."""
    came = Blob.objects.filter(
        device_id=OuterRef("device_id"), digest=OuterRef("digest"), state="here"
    ).values("file_sha256")[:1]
    rows = (
        AwaitedFile.objects.filter(kind=kind, key__in=list(keys), attached_at__isnull=False, fault="")
        .annotate(stored=Subquery(came))
        .exclude(stored=None)
        .exclude(stored="")
        .order_by("attached_at", "id")
    )
    found: dict[UUID, list[str]] = {}
    for key, stored in rows.values_list("key", "stored"):
        found.setdefault(key, []).append(str(stored))
    return found


def photo(kind: str, key: UUID, place: int) -> Came | None:
    """One of them, counted from 0."""
    stored = photos_of(kind, [key]).get(key, [])
    if not 0 <= place < len(stored):
        return None
    found = Blob.objects.filter(file_sha256=stored[place]).values_list("media_type", flat=True).first()
    return Came(stored[place], found or "application/octet-stream")
