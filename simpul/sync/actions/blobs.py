"""Files of devices: they come in pieces, after the events that name them, and are made anew before they are kept.

The pieces lie beside the store until the last one is there. What is kept has no places and device names inside (``lib.media``).
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import media
from simpul.lib.actor import SYSTEM, Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.files import FileStore
from simpul.sync import handlers
from simpul.sync.models import AwaitedFile, Blob, Device
from simpul.sync.queries import blobs, devices

LARGEST_PIECE = 1_000_000
MOST_UNFINISHED = 100
MOST_UNNAMED = 300_000_000
"""Bytes of files that a device sends and that no entry of it names: events come first, so there are few. Product default, no law."""
_DIGEST = re.compile(r"[0-9a-f]{64}")


class BlobTooLarge(Refused):
    """Larger than any file that is kept."""

    code = "blob.too_large"
    sentence = _("This file is larger than %(limit)s MB. Make it smaller and add it again.")


class TooManyFiles(Refused):
    """A device that begins file after file and finishes none."""

    code = "blob.too_many"
    sentence = _("Too many files of this device are not complete. Send the rest of those first.")


class PieceElsewhere(Refused):
    """The piece does not begin where the last one ended."""

    code = "blob.offset"
    sentence = _("The piece does not follow on what is here.")

    def __init__(self, blob: Blob) -> None:
        super().__init__()
        self.blob = blob


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a file: where it begins, of how many bytes in all."""

    digest: str
    offset: int
    size: int
    data: bytes


def receive_blob(*, by: Actor, at: datetime, device_id: UUID, piece: Piece) -> Blob:
    """Add a piece to a file. The last one completes it: it is compared with its hash, made anew and kept. A repeat changes nothing.

    A file whose bytes are not those of its name begins again; one that cannot be kept is refused for good, with the reason.

    Raises:
        NotFound: no hash, or no such device.
        BlobTooLarge, TooManyFiles, PieceElsewhere, DiskFull.
    """
    roles.require(by, "blob.receive")
    if not _DIGEST.fullmatch(piece.digest) or not Device.objects.filter(id=device_id).exists():
        raise NotFound
    if not 0 < piece.size <= settings.SIMPUL_MAX_FILE:
        raise BlobTooLarge(limit=settings.SIMPUL_MAX_FILE // 1_000_000)
    with transaction.atomic():
        blob = _begun(device_id, piece, at)
        if blob.state != "coming":
            return blob
        _append(blob, piece)
        if blob.have == blob.size:
            _finish(blob, at)
            journal_actions.record(
                by=by,
                at=at,
                kind="blob.receive",
                subject_kind="device",
                subject_id=device_id,
                facts={"state": blob.state, "size": blob.size, "type": blob.media_type, "why": blob.fault},
            )
        blob.save()
    if blob.state != "coming":
        blobs.pieces_at(blob).unlink(missing_ok=True)
    return blob


def _begun(device_id: UUID, piece: Piece, at: datetime) -> Blob:
    list(Device.objects.select_for_update().filter(id=device_id).values_list("id"))
    blob = Blob.objects.filter(device_id=device_id, digest=piece.digest).first()
    if blob is None:
        unfinished = Blob.objects.filter(device_id=device_id, state="coming").count()
        if unfinished >= MOST_UNFINISHED or blobs.unnamed_bytes(device_id) + piece.size > MOST_UNNAMED:
            raise TooManyFiles
        blob = Blob(device_id=device_id, digest=piece.digest, size=piece.size, begun_at=at)
    if blob.state == "coming":
        path = blobs.pieces_at(blob)
        blob.size = piece.size
        blob.have = path.stat().st_size if path.exists() else 0
    return blob


def _append(blob: Blob, piece: Piece) -> None:
    if piece.offset != blob.have:
        raise PieceElsewhere(blob)
    if blob.have + len(piece.data) > blob.size:
        raise PieceElsewhere(blob)
    path = blobs.pieces_at(blob)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("ab") as stream:
        stream.write(piece.data)
        stream.flush()
        os.fsync(stream.fileno())
    blob.have += len(piece.data)


def _finish(blob: Blob, at: datetime) -> None:
    """Compare the whole with its name, and keep it; or say why not."""
    data = blobs.pieces_at(blob).read_bytes()
    if hashlib.sha256(data).hexdigest() != blob.digest:
        blobs.pieces_at(blob).unlink()
        blob.have = 0
        blob.fault = "changed"
        return
    try:
        clean = media.inspect_and_clean(data, "", max_bytes=settings.SIMPUL_MAX_FILE)
    except media.FileRefused as refusal:
        blob.state, blob.fault = "refused", refusal.code
        blob.done_at = at
        return
    blob.file_sha256 = FileStore(settings.SIMPUL_FILES).put(clean.data)
    blob.state, blob.media_type, blob.fault, blob.done_at = "here", clean.mime, "", at


# --- to what they belong -----------------------------------------------------------------------------------------------


def attach_files(*, by: Actor, at: datetime, limit: int = 50) -> int:
    """Put files that are here to what their events made; returns how many. One that cannot be put there says why and is left."""
    roles.require(by, "files.attach")
    done = 0
    for key in blobs.to_attach(limit):
        with transaction.atomic():
            row = (
                AwaitedFile.objects.select_for_update(of=("self",))
                .select_related("device__seat__user", "event")
                .filter(id=key, attached_at=None, fault="")
                .first()
            )
            if row is None:
                continue
            fault = _attach(row, at)
            AwaitedFile.objects.filter(id=key).update(attached_at=None if fault else at, fault=fault[:200])
            journal_actions.record(
                by=by,
                at=at,
                kind="files.attach",
                subject_kind=row.kind.partition(":")[0],
                subject_id=row.key,
                region_code=row.event.region_code,
                facts={"device": devices.code_of(row.device_id), "fault": fault},
            )
        done += 1
    return done


def _attach(row: AwaitedFile, at: datetime) -> str:
    """ "" when it is done, else the code of the refusal."""
    came = blobs.file_of(row.device_id, row.digest)
    if came is None:
        return "blob.gone"
    seat = row.device.seat
    name = seat.user.full_name if seat is not None else row.device.label
    author = Actor(role=SYSTEM, name=name, device=devices.code_of(row.device_id))
    try:
        with transaction.atomic():
            handlers.attach(by=author, at=at, kind=row.kind, key=row.key, data=blobs.read(came), name="")
    except Refused as refusal:
        return refusal.code
    return ""
