"""What is in a bundle, told before anything is taken in: by whom, for whom, from when, how much, and what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from simpul.lib import sealing
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.lib.keys import ring
from simpul.sync import access
from simpul.sync.models import Carried, Device, Envelope, Letter, Parent
from simpul.sync.queries import devices
from simpul.sync.rules import bundles, segments

WORDS: Mapping[str, Any] = {
    "empty": gettext_lazy("The file is empty. Copy it again from the phone, the laptop or the stick."),
    "foreign": gettext_lazy(
        "This is no bundle of Simpul. Choose the file whose name ends in .simpul or .txt and that the phone or the laptop has made."
    ),
    "future": gettext_lazy(
        "This bundle was made by a newer version of Simpul. Bring this installation up to date, then take it in. Keep the file."
    ),
    "truncated": gettext_lazy(
        "The bundle was cut off on its way: something is missing at its end. Copy it again; what came whole can be taken in."
    ),
    "broken": gettext_lazy(
        "The bundle cannot be read: it was damaged on its way. Copy it again from where it was made."
    ),
    "tampered": gettext_lazy(
        "Something in this bundle was changed after it was made. What was changed is not taken in. Copy it again from where it was made."
    ),
    "reordered": gettext_lazy(
        "The parts of this bundle do not stand in the order in which they were made. Every part is whole, so all can be taken in."
    ),
    "missing": gettext_lazy(
        "Some QR pages were not read yet: %(pages)s. Read them as well; the order does not matter."
    ),
    "unsigned": gettext_lazy(
        "The signature of this bundle is not that of its maker. Nothing of it is taken in. Ask for a new one."
    ),
}
"""What is said about each fault (``rules.bundles.FAULTS``), with what to do next."""


class BundleRefused(Refused):
    """Bytes that are no bundle, or whose signature is not its maker's. ``reason`` is one of ``rules.bundles.FAULTS``."""

    code = "bundle.unreadable"
    sentence = "%(words)s"

    def __init__(self, reason: str, missing: Sequence[int] = ()) -> None:
        super().__init__(words=words_of(reason, missing))
        self.reason = reason


def words_of(reason: str, missing: Sequence[int] = ()) -> str:
    """What is said about a fault."""
    return str(WORDS[reason]) % {"pages": ", ".join(map(str, missing))} if missing else str(WORDS[reason])


Above = Parent
"""The server above, as doors that only read it call its row."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Envelopes of one device in one epoch: which numbers, how many can be opened here, how many are here already."""

    device_id: UUID
    label: str  # "" for a device that is not known here
    epoch: str
    first: int
    last: int
    envelopes: int
    events: int
    bytes: int
    ours: int  # sealed to this server, and of a device that it knows
    here: int
    bad: int  # of these, signed wrongly


@dataclass(frozen=True, slots=True)
class PartView:
    """One part as people see it."""

    kind: str
    bytes: int
    count: int
    fault: str


@dataclass(frozen=True, slots=True)
class View:
    """Everything that can be said about a bundle without opening a seal."""

    made_at: datetime | None
    by: str
    maker: str
    signature: str  # good, unknown (its maker is not known here), bad
    parts: tuple[PartView, ...]
    sent: tuple[Sent, ...]
    letters: tuple[tuple[UUID, str, int], ...]  # device, its label, how many
    files: int
    bytes: int
    faults: tuple[str, ...]
    words: tuple[str, ...] = field(default=())

    @property
    def events(self) -> int:
        """How many entries are inside."""
        return sum(one.events for one in self.sent)

    @property
    def takable(self) -> bool:
        """Whether anything of it may be taken in."""
        return self.signature != "bad" and any(
            not part.fault or part.fault == "reordered" for part in self.parts
        )


@dataclass(frozen=True, slots=True)
class Opened:
    """A bundle whose parts are read: only whole parts, and nothing at all when the signature is wrong."""

    bundle: bundles.Bundle
    signature: str
    maker: str
    envelopes: tuple[segments.Envelope, ...]
    files: tuple[bundles.File, ...]
    letters: tuple[bundles.Letter, ...]
    packs: tuple[bytes, ...]
    faults: tuple[str, ...]
    counts: tuple[int, ...]


def opened(data: bytes) -> Opened:
    """The parts of a bundle, in whichever of its forms it was handed over.

    Raises:
        BundleRefused: it is no bundle, or of a future version, or nothing of it can be read.
    """
    try:
        found = bundles.read(bundles.from_anything(data))
    except bundles.BundleUnreadable as fault:
        raise BundleRefused(fault.reason, fault.missing) from None
    signature, maker = _signature(found)
    envelopes: list[segments.Envelope] = []
    files: list[bundles.File] = []
    letters: list[bundles.Letter] = []
    packs: list[bytes] = []
    faults, counts = list(found.faults), []
    for part in found.parts:
        before = len(envelopes) + len(files) + len(letters) + len(packs)
        if part.content is not None and signature != "bad":
            try:
                if part.kind == "envelopes":
                    envelopes += segments.read(part.content)
                elif part.kind == "blobs":
                    files += bundles.read_files(part.content)
                elif part.kind == "letters":
                    letters += bundles.read_letters(part.content)
                elif part.kind == "pack":
                    packs.append(part.content)
            except (bundles.BundleUnreadable, segments.SegmentUnreadable) as fault:
                faults.append(fault.reason)
        counts.append(len(envelopes) + len(files) + len(letters) + len(packs) - before)
    if signature == "bad":
        faults.append("unsigned")
    return Opened(
        found, signature, maker, tuple(envelopes), tuple(files), tuple(letters), tuple(packs),
        tuple(dict.fromkeys(faults)), tuple(counts),
    )  # fmt: skip


def _signature(found: bundles.Bundle) -> tuple[str, str]:
    """Whose signature it is: good, bad, or unknown; and how its maker is called here."""
    if found.by.startswith("server:"):
        for name, public in _servers().items():
            if bundles.server_name(public) == found.by:
                good = sealing.signed_by(sealing.ED25519, public, found.signed, found.signature)
                return ("good" if good else "bad"), name
        return "unknown", _("a server that is not known here")
    parent = Parent.objects.first()
    if parent is not None and found.by == str(parent.device_id):
        public = own_key(parent).public_key().public_bytes_raw()
        good = sealing.signed_by(sealing.ED25519, public, found.signed, found.signature)
        return ("good" if good else "bad"), _("this laptop")
    device = Device.objects.filter(id=UUID(found.by)).first()
    if device is None:
        return "unknown", _("a device that is not known here")
    good = sealing.signed_by(device.sign_algorithm, bytes(device.sign_public), found.signed, found.signature)
    return ("good" if good else "bad"), device.label


def _servers() -> dict[str, bytes]:
    keys = ring()
    known = {_("this server"): keys.public_key()}
    parent = Parent.objects.first()
    if parent is not None:
        known[_("the server above")] = bytes(parent.sign_public)
    return known


def own_key(parent: Parent) -> Ed25519PrivateKey:
    """The key by which the server above knows this node."""
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(json.loads(parent.private)["sign"]))


def own_seal_key(parent: Parent) -> ec.EllipticCurvePrivateKey:
    """The key that opens what the server above sealed to this node."""
    return sealing.private_from(bytes.fromhex(json.loads(parent.private)["seal"]), b"node")


def inspect(data: bytes) -> View:
    """What is in a bundle.

    Raises:
        BundleRefused: it is no bundle, or of a future version, or nothing of it can be read.
    """
    found = opened(data)
    try:
        made_at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=found.bundle.made)
    except OverflowError:
        made_at = None
    named = {one.device for one in found.envelopes} | {one.device for one in found.files}
    known = devices.devices_by_id(named | {one.device for one in found.letters})
    parts = tuple(
        PartView(part.kind, part.size, count, part.fault)
        for part, count in zip(found.bundle.parts, found.counts, strict=True)
    )
    letters: dict[UUID, int] = {}
    for one in found.letters:
        letters[one.device] = letters.get(one.device, 0) + 1
    return View(
        made_at,
        found.bundle.by,
        found.maker,
        found.signature,
        parts,
        tuple(_sent(found.envelopes, known)),
        tuple((key, known[key].label if key in known else "", count) for key, count in letters.items()),
        len(found.files),
        sum(part.size for part in found.bundle.parts),
        found.faults,
        tuple(words_of(fault) for fault in found.faults),
    )


def _sent(envelopes: Sequence[segments.Envelope], known: Mapping[UUID, Device]) -> list[Sent]:
    ids = ring().seal_ids()
    names = {one.name for one in envelopes}
    here = set(Envelope.objects.filter(name__in=names).values_list("name", flat=True)) | set(
        Carried.objects.filter(name__in=names).values_list("name", flat=True)
    )
    groups: dict[tuple[UUID, str], list[segments.Envelope]] = {}
    for one in envelopes:
        groups.setdefault((one.device, one.epoch), []).append(one)
    found = []
    for (device_id, epoch), some in sorted(groups.items(), key=lambda group: (str(group[0][0]), group[0][1])):
        device = known.get(device_id)
        bad = [
            one
            for one in some
            if device is not None
            and not sealing.signed_by(
                device.sign_algorithm, bytes(device.sign_public), one.signed, one.signature
            )
        ]
        found.append(
            Sent(
                device_id,
                device.label if device is not None else "",
                epoch,
                min(one.first for one in some),
                max(one.last for one in some),
                len(some),
                sum(one.count for one in some),
                sum(len(one.sealed) for one in some),
                sum(device is not None and one.key in ids for one in some),
                sum(one.name in here for one in some),
                len(bad),
            )
        )
    return found


# --- letters --------------------------------------------------------------------------------------------------------


def highest_letters(device_ids: Sequence[UUID]) -> dict[str, int]:
    """Device -> the number of the newest letter that waits here for it."""
    found: dict[str, int] = {}
    for device_id, number in Letter.objects.filter(device_id__in=device_ids).values_list(
        "device_id", "number"
    ):
        found[str(device_id)] = max(number, found.get(str(device_id), 0))
    return found


def waiting_letters(device_ids: Sequence[UUID] | None) -> list[bundles.Letter]:
    """Letters for these devices (None: for all that this node carries for) that nobody has taken yet."""
    rows = Letter.objects.filter(taken_at=None)
    if device_ids is not None:
        rows = rows.filter(device_id__in=device_ids)
    return [
        bundles.Letter(one.device_id, one.number, bytes(one.sealed))
        for one in rows.order_by("device_id", "number")[:5000]
    ]


# --- what is carried here -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Waiting:
    """What this node still has to hand on: of its own, of others; and the bytes."""

    own: int
    own_events: int
    others: int
    devices: int
    files: int
    bytes: int


def waiting() -> Waiting:
    """What waits for the server above."""
    rows = list(
        Carried.objects.filter(forwarded_at=None).values_list(
            "kind", "own", "device_id", "first", "last", "size"
        )
    )
    envelopes = [row for row in rows if row[0] == "envelope"]
    own = [row for row in envelopes if row[1]]
    return Waiting(
        len(own),
        sum((row[4] or 0) - (row[3] or 0) + 1 for row in own),
        len(envelopes) - len(own),
        len({row[2] for row in envelopes if not row[1]}),
        len(rows) - len(envelopes),
        sum(row[5] for row in rows),
    )


def parent() -> Parent | None:
    """The server above this installation, when it is a village node."""
    return Parent.objects.first()


def devices_of(by: Actor) -> list[Device]:
    """Devices whose receipts this actor may carry: those of the area they oversee, and their own."""
    return list(access.devices(by).filter(state="active").order_by("label")[:500])
