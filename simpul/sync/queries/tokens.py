"""The token of a device: signed by this server, good for a day, handed over sealed to the device so that only it can use it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from simpul.lib import sealing
from simpul.lib.keys import ring
from simpul.sync.models import Device
from simpul.sync.rules.canonical import b64, unb64

LASTS = timedelta(hours=24)
INFO = b"simpul-token"
_HEAD = b"simpul-token:1:"


def issue(device: Device, at: datetime) -> tuple[str, datetime]:
    """A token sealed to the device (b64), and until when it is good."""
    until = at + LASTS
    said = device.id.bytes + int(until.timestamp()).to_bytes(8, "big")
    token = b64(said + ring().sign(_HEAD + said))
    return b64(sealing.seal(bytes(device.seal_public), token.encode(), INFO)), until


def read(token: str, at: datetime) -> UUID | None:
    """Whose token it is; None for one that is over, forged, or no token."""
    try:
        raw = unb64(token[:400])
    except ValueError:
        return None
    said, signature = raw[:24], raw[24:]
    if len(raw) != 24 + 65 or not ring().verify(_HEAD + said, signature):
        return None
    if datetime.fromtimestamp(int.from_bytes(said[16:], "big"), UTC) <= at:
        return None
    return UUID(bytes=said[:16])
