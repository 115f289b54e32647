"""The door for village nodes: what differs of the tables of their area, sealed to the node."""

from __future__ import annotations

import json
import zlib

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from simpul.api.sync import policy, reading
from simpul.api.sync.policy import Stop
from simpul.lib import sealing
from simpul.sync.queries import mirror

INFO = b"simpul-mirror"


@policy.device("POST")
def tables(request: HttpRequest) -> HttpResponseBase:
    """Rows that a node has not got, or has otherwise: raw-DEFLATE JSON sealed to it. Phones have packs and pulls for that."""
    at = timezone.now()
    device = reading.served_device(request, at)
    if device.kind != "node":
        raise Stop(404, "sync.device")
    reading.count(device.id.hex, "mirror", 30, at)
    told = mirror.answer(device, reading.json_of(request), at)
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    plain = json.dumps(told, separators=(",", ":"), ensure_ascii=False).encode()
    sealed = sealing.seal(bytes(device.seal_public), packer.compress(plain) + packer.flush(), INFO)
    return HttpResponse(sealed, content_type="application/octet-stream")
