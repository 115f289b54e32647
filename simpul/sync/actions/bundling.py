"""Taking in what came by hand, and writing what goes back the same road.

Partial, repeated and reordered bundles are harmless: everything inside is named by its content. A wrong signature lets nothing in, and
nothing is half taken in: one transaction for the whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import sealing
from simpul.lib.actor import MACHINE, Actor
from simpul.lib.errors import Refused
from simpul.lib.keys import ring
from simpul.sync.actions import blobs, carrying, receiving
from simpul.sync.actions.receiving import Receipt
from simpul.sync.models import Blob, Carried, Parent
from simpul.sync.queries import bundles as queries
from simpul.sync.queries import devices
from simpul.sync.rules import bundles, segments

MOST_ENVELOPES = 20_000


@dataclass(slots=True)
class Imported:
    """What became of a bundle: envelopes by what was said of them, files likewise, letters and packs kept to hand on."""

    maker: str
    signature: str
    envelopes: Counter[str] = field(default_factory=Counter)
    files: Counter[str] = field(default_factory=Counter)
    letters: int = 0
    packs: int = 0
    devices: set[UUID] = field(default_factory=set)
    faults: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Everything that the bundle names could be read (parts in another order are whole)."""
        return not [fault for fault in self.faults if fault != "reordered"]

    @property
    def new(self) -> int:
        """How many things were not here before."""
        known = self.envelopes["stored"] + self.envelopes["fork"] + self.envelopes["held"]
        return known + self.files["held"] + self.files["here"] + self.letters + self.packs


@dataclass(frozen=True, slots=True)
class Carry:
    """What became of things handed over nearby, the devices whose work is to be judged here, and all that were in it."""

    receipts: Sequence[Receipt]
    judged: set[UUID]
    devices: set[UUID]


def import_bundle(*, by: Actor, at: datetime, data: bytes) -> Imported:
    """Take in whatever of a bundle is whole. The same bundle again changes nothing; a part of it harms nothing.

    Raises:
        BundleRefused: it is no bundle, of a future version, or its signature is not its maker's.
    """
    roles.require(by, "bundle.import", roles.Place(by.region_code))
    found = queries.opened(data)
    if found.signature == "bad":
        raise queries.BundleRefused("unsigned")
    done = Imported(found.maker, found.signature, faults=found.faults)
    with transaction.atomic():
        for start in range(0, len(found.envelopes), 500):
            kept = receiving.keep_envelopes(
                by=MACHINE, at=at, envelopes=found.envelopes[start : start + 500], road="bundle"
            )
            done.envelopes.update(one.state for one in kept.receipts)
            done.devices |= kept.devices
        _take_files(at, found.files, done)
        if Parent.objects.exists():
            # A letter takes its number: from somebody unknown it would keep the true one out.
            letters = found.letters if found.signature == "good" else ()
            done.letters = carrying.keep_letters(by=MACHINE, at=at, letters=letters)
            done.packs = carrying.keep_packs(by=MACHINE, at=at, packs=found.packs)
        journal_actions.record(
            by=by,
            at=at,
            kind="bundle.import",
            subject_kind="installation",
            subject_id=journal_actions.NOWHERE,
            region_code=by.region_code,
            facts={
                "maker": found.bundle.by,
                "signature": found.signature,
                "envelopes": dict(done.envelopes),
                "files": dict(done.files),
                "letters": done.letters,
                "faults": list(done.faults),
            },
        )
    return done


def _take_files(at: datetime, files: Sequence[bundles.File], done: Imported) -> list[Receipt]:
    """Files of devices that are known here are opened and kept; others go on to the server above."""
    known = devices.devices_by_id({one.device for one in files})
    others = [one for one in files if one.device not in known]
    received = [_taken(at, one) for one in files if one.device in known]
    if others:
        received += [Receipt(*one) for one in carrying.carry_files(by=MACHINE, at=at, files=others)]
    done.files.update(one.state for one in received)
    return received


def _taken(at: datetime, one: bundles.File) -> Receipt:
    """One file, opened: here (or refused, with why), whatever came of it before."""
    try:
        plain = sealing.unseal(ring().seal_private(), one.sealed, one.info)
        row = _received(at, one, plain)
    except Refused as refusal:
        return Receipt(one.sha256, "refused", refusal.code)
    return Receipt(one.sha256, "here" if row.state == "here" else "refused", row.fault)


def _received(at: datetime, one: bundles.File, plain: bytes) -> Blob:
    """Keep a file, behind those of its pieces that are here already.

    Raises:
        Refused: it cannot be kept; also when what is here is longer than this.
    """
    try:
        piece = blobs.Piece(one.sha256, 0, len(plain), plain)
        return blobs.receive_blob(by=MACHINE, at=at, device_id=one.device, piece=piece)
    except blobs.PieceElsewhere as elsewhere:
        have = elsewhere.blob.have
    piece = blobs.Piece(one.sha256, have, len(plain), plain[have:])
    return blobs.receive_blob(by=MACHINE, at=at, device_id=one.device, piece=piece)


def carry_bundle(*, by: Actor, at: datetime, data: bytes) -> Carry:
    """Take what a phone hands over nearby as a bundle or as sealed files: nobody vouches for it, because each piece is sealed and named.

    Raises:
        BundleRefused: it is neither.
    """
    roles.require(by, "bundle.carry")
    envelopes: tuple[segments.Envelope, ...] = ()
    if data.startswith(bundles.MAGIC_BLOBS):
        try:
            files = tuple(bundles.read_files(data))
        except bundles.BundleUnreadable as fault:
            raise queries.BundleRefused(fault.reason) from None
    else:
        found = queries.opened(data)
        envelopes, files = found.envelopes, found.files
    done = Imported("", "")
    with transaction.atomic():
        kept = (
            receiving.keep_envelopes(by=MACHINE, at=at, envelopes=envelopes, road="node")
            if envelopes
            else None
        )
        received = [*(kept.receipts if kept else ()), *_take_files(at, files, done)]
        journal_actions.record(
            by=by,
            at=at,
            kind="bundle.carry",
            subject_kind="installation",
            subject_id=journal_actions.NOWHERE,
            facts={"envelopes": len(envelopes), "files": dict(done.files)},
        )
    return Carry(
        received,
        kept.devices if kept else set(),
        {one.device for one in envelopes} | {one.device for one in files},
    )


# --- writing --------------------------------------------------------------------------------------------------------


def export_bundle(
    *,
    by: Actor,
    at: datetime,
    device_ids: Sequence[UUID] | None = None,
    packs: Sequence[bytes] = (),
    again: bool = False,
) -> bytes:
    """A bundle of what waits here: receipts for devices, and on a village node all that the server above does not have yet.

    Args:
        device_ids: whose receipts; None: those of every device this actor may see, on a node of every device it carries for.
        packs: encrypted packs to carry along.
        again: also what the server above said it has (it may have been restored, or the stick with it lost).
    """
    roles.require(by, "bundle.export", roles.Place(by.region_code))
    parent = Parent.objects.first()
    parts: list[tuple[str, bytes]] = []
    counts = {"envelopes": 0, "blobs": 0}
    if parent is not None:
        rows = Carried.objects.exclude(kind="pack").order_by("received_at", "id")
        if not again:
            rows = rows.filter(forwarded_at=None)
        for kind in ("envelope", "blob"):
            content = [bytes(one.content) for one in rows.filter(kind=kind)[:MOST_ENVELOPES]]
            content = [one for one in content if one]
            name = "envelopes" if kind == "envelope" else "blobs"
            counts[name] = len(content)
            if content:
                parts.append((name, bundles.joined(content)))
    if parent is None and device_ids is None:
        device_ids = [one.id for one in queries.devices_of(by)]
    letters = queries.waiting_letters(device_ids)
    if letters:
        parts.append(("letters", bundles.write_letters(letters)))
    parts += [("pack", one) for one in packs]
    data = _signed(parts, parent, at)
    with transaction.atomic():
        journal_actions.record(
            by=by,
            at=at,
            kind="bundle.export",
            subject_kind="installation",
            subject_id=journal_actions.NOWHERE,
            region_code=by.region_code,
            facts={**counts, "letters": len(letters), "packs": len(packs), "bytes": len(data)},
        )
    return data


def _signed(parts: Sequence[tuple[str, bytes]], parent: Parent | None, at: datetime) -> bytes:
    made = int(at.timestamp() * 1000)
    keys = ring()
    name = str(parent.device_id) if parent is not None else bundles.server_name(keys.public_key())
    signed = bundles.signed_of(made, name, bundles.named(parts))
    signature = queries.own_key(parent).sign(signed) if parent is not None else keys.sign(signed)[1:]
    return bundles.write(made, name, parts, signature)
