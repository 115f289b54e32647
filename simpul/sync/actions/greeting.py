"""A device speaks: what it says about itself is noted, and it is answered; letters say the same to one that cannot be reached."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import sealing
from simpul.lib.actor import Actor
from simpul.sync.actions import enrolling, erasing, generation
from simpul.sync.models import Device, Letter
from simpul.sync.queries import devices, hello
from simpul.sync.rules.canonical import canonical


@dataclass(frozen=True, slots=True)
class Said:
    """What a device said of itself."""

    at_ms: int
    app: str = ""
    persisted: bool | None = None
    unsent: int | None = None
    erased: Sequence[UUID] = field(default_factory=tuple)
    letters: int = 0


def greet_device(*, by: Actor, at: datetime, device_id: UUID, said: Said) -> Device:
    """Note that a device spoke: its clock, its app, what it still holds, what it erased, which letters it has. Its lease goes on."""
    roles.require(by, "device.greet")
    generation.begin_generation(by=by, at=at)
    offset = said.at_ms - round(at.timestamp() * 1000)
    with transaction.atomic():
        Device.objects.filter(id=device_id).update(
            last_seen_at=at,
            app_version=said.app[:40],
            clock_offset_ms=max(-_FAR, min(offset, _FAR)),
            is_persisted=said.persisted,
            unsent=said.unsent,
        )
        if said.letters:
            Letter.objects.filter(device_id=device_id, number__lte=said.letters, taken_at=None).update(
                taken_at=at
            )
    if said.erased:
        erasing.confirm_erasures(by=by, at=at, device_id=device_id, erasure_ids=said.erased)
    enrolling.renew_lease(by=by, at=at, device_id=device_id)
    found = devices.device(device_id)
    if found is None:
        raise LookupError(device_id)
    return found


_FAR = 2**53 - 1
SETTLES = timedelta(seconds=30)
"""What was judged in the last moments may not be written yet for others to see: the next letter tells it."""


def write_letters(*, by: Actor, at: datetime, device_ids: Sequence[UUID]) -> int:
    """Write to devices whose work came by a village laptop or a bundle what became of it, sealed to each; returns how many letters.

    A letter that would say nothing new is not written.
    """
    roles.require(by, "letters.write")
    written = 0
    for device_id in device_ids:
        with transaction.atomic():
            device = Device.objects.select_for_update(of=("self",)).filter(id=device_id).first()
            last = Letter.objects.filter(device_id=device_id).aggregate(
                number=Max("number"), made_at=Max("made_at")
            )
            outcomes = hello.judged_since(device_id, last["made_at"], at - SETTLES)
            if device is None or (not outcomes and last["made_at"] is not None):
                continue
            number = (last["number"] or 0) + 1
            told = hello.about_device(devices.device(device_id) or device)
            told |= {"number": number, "now": at.isoformat(), "outcomes": outcomes}
            Letter.objects.create(
                device_id=device_id, number=number, sealed=_sealed(device, number, told), made_at=at - SETTLES
            )
            journal_actions.record(
                by=by,
                at=at,
                kind="letters.write",
                subject_kind="device",
                subject_id=device_id,
                facts={"number": number, "outcomes": len(outcomes)},
            )
        written += 1
    return written


def _sealed(device: Device, number: int, told: dict[str, object]) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    plain = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    info = canonical(["simpul-letter", 1, str(device.id), number])
    return sealing.seal(bytes(device.seal_public), packer.compress(plain) + packer.flush(), info)
