"""Packs and files: in pieces, and again from where it stopped."""

from __future__ import annotations

import re
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import timezone

from simpul.api.sync import policy, reading
from simpul.api.sync.policy import Stop
from simpul.lib.actor import MACHINE
from simpul.sync.actions import blobs as blob_actions
from simpul.sync.queries import blobs, packs

_RANGE = re.compile(r"bytes=([0-9]{1,15})-([0-9]{0,15})")
_HASH = re.compile(r"[0-9a-f]{64}")


@policy.anybody("GET")
def pack(request: HttpRequest, digest: str) -> HttpResponseBase:
    """An encrypted pack, or a part of it: of no use without its key."""
    size = packs.size_of(digest) if _HASH.fullmatch(digest) else None
    if size is None:
        raise Stop(404, "sync.pack")
    start, end, part = 0, size, False
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    if asked:
        start = int(asked[1])
        end = min(int(asked[2]) + 1, size) if asked[2] else size
        if start >= end:
            refused = HttpResponse(status=416)
            refused["Content-Range"] = f"bytes */{size}"
            return refused
        part = True
    answer = HttpResponse(
        packs.read(digest, start, end),
        content_type="application/octet-stream",
        status=206 if part else 200,
    )
    answer["Accept-Ranges"] = "bytes"
    answer["ETag"] = f'"{digest}"'
    answer["Cache-Control"] = "public, max-age=1209600, immutable"
    answer["Content-Encoding"] = (
        "identity"  # it is random bytes: nothing on the way should try to make it smaller
    )
    if part:
        answer["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return answer


@policy.device("GET", "PUT")
def blob(request: HttpRequest, digest: str) -> HttpResponseBase:
    """How much of a file is here, or its next piece."""
    at = timezone.now()
    device_id = reading.device_of(request, at)
    if not _HASH.fullmatch(digest):
        raise Stop(404, "sync.blob")
    if request.method == "GET":
        return JsonResponse(_said(blobs.of(device_id, digest)))
    reading.count(device_id.hex, "blob", 1200, at)
    try:
        found = _put(request, device_id, digest)
    except blob_actions.PieceElsewhere as elsewhere:
        return JsonResponse(_said(elsewhere.blob), status=409)
    return JsonResponse(_said(found))


def _put(request: HttpRequest, device_id: UUID, digest: str) -> blobs.Row:
    piece = blob_actions.Piece(
        digest=digest,
        offset=reading.number_of(request, "offset"),
        size=reading.number_of(request, "size"),
        data=reading.body_of(request, blob_actions.LARGEST_PIECE),
    )
    return blob_actions.receive_blob(by=MACHINE, at=timezone.now(), device_id=device_id, piece=piece)


def _said(found: blobs.Row | None) -> dict[str, object]:
    if found is None:
        return {"have": 0, "state": "coming", "reason": "", "safe": False}
    return {"have": found.have, "state": found.state, "reason": found.fault, "safe": blobs.is_safe(found)}
