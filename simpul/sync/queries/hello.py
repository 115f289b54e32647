"""What a device is told when it says hello: what is here, what is safe, what became of its entries, what it should do."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max, Min, Q

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.lib import sealing
from simpul.lib.errors import NotFound
from simpul.lib.keys import ring
from simpul.regions import queries as region_queries
from simpul.sync import handlers
from simpul.sync.models import BackupMark, Device, Envelope, Event, Letter
from simpul.sync.queries import devices, erasures
from simpul.sync.rules import heads
from simpul.sync.rules.canonical import b64, canonical, unb64
from simpul.sync.rules.outcomes import FINAL

MOST_OPEN = 500
MOST_HEADS = 200
PACK_INFO = b"simpul-pack"
Edges = dict[str, list[tuple[heads.Edge, datetime]]]
"""Epoch -> what is reached, and when it came."""


def speaker(said: dict[str, Any]) -> Device:
    """The device that signed this request.

    Raises:
        NotFound: no such device, or the signature is not its own: the two look the same.
    """
    try:
        device = devices.device(UUID(str(said["device"])))
        signature = unb64(said["sig"])
        rest = {key: value for key, value in said.items() if key != "sig"}
        signed = canonical(["simpul-hello", 1, rest])
    except (KeyError, TypeError, ValueError):
        raise NotFound from None
    if device is None or not sealing.signed_by(device.sign_algorithm, device.sign_public, signed, signature):
        raise NotFound
    return device


# --- what is here ---------------------------------------------------------------------------------------------------


def edges_of(device_id: UUID) -> Edges:
    """What a path without a gap leads to, by epoch."""
    found: Edges = defaultdict(list)
    rows = Envelope.objects.filter(device_id=device_id, reached=True)
    for epoch, first, last, prev, head, at in rows.values_list(
        "epoch", "first", "last", "prev", "head", "received_at"
    ):
        found[epoch].append((heads.Edge(first, last, bytes(prev), bytes(head)), at))
    return found


def have(device_id: UUID, edges: Edges, asked: Iterable[Sequence[Any]] = ()) -> list[list[Any]]:
    """The heads of every branch, the highest first; and those heads the device asks about that are here in the middle of one."""
    told = [
        [epoch, number, b64(digest)]
        for epoch in sorted(edges)
        for number, digest in heads.ends({edge for edge, _at in edges[epoch]})
    ]
    for epoch, number, digest in asked:
        if [epoch, number, digest] not in told and _is_here(device_id, edges, epoch, number, digest):
            told.append([epoch, number, digest])
    return told


def _is_here(device_id: UUID, edges: Edges, epoch: str, number: int, digest: str) -> bool:
    raw = unb64(digest)
    if any((edge.last, edge.head) == (number, raw) for edge, _at in edges.get(epoch, ())):
        return True
    rows = Event.objects.filter(device_id=device_id, epoch=epoch, seq=number, hash=raw)
    return rows.filter(envelope__reached=True).exists()


def covered_until() -> datetime | None:
    """Everything that was received before this moment is in a verified backup."""
    found: datetime | None = BackupMark.objects.aggregate(newest=Max("covers_until"))["newest"]
    return found


def safe(edges: Edges, until: datetime | None) -> list[list[Any]]:
    """Up to which number, with its hash, everything is in a verified backup: one line an epoch, one a branch where it forks."""
    if until is None:
        return []
    return [
        [epoch, number, b64(digest)]
        for epoch in sorted(edges)
        for number, digest in heads.ends({edge for edge, at in edges[epoch] if at < until})
    ]


def forks(device_id: UUID) -> list[list[Any]]:
    """Epochs in which two histories begin, and at which number."""
    rows = Event.objects.filter(device_id=device_id, is_fork=True).values_list("epoch").annotate(Min("seq"))
    return sorted([epoch, seq] for epoch, seq in rows)


# --- what became of entries -----------------------------------------------------------------------------------------


def outcomes_of(device_id: UUID, wanted: Iterable[tuple[str, int]]) -> list[list[Any]]:
    """What became of these events; nothing about one that never came."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for epoch, seq in list(wanted)[:MOST_OPEN]:
        numbers[epoch].append(seq)
    found = []
    for epoch, seqs in sorted(numbers.items()):
        rows = Event.objects.filter(device_id=device_id, epoch=epoch, seq__in=seqs)
        found += [outcome(row) for row in rows.order_by("seq", "received_at").defer("body", "salt")]
    return found


def settled_since(device_id: UUID, since: datetime | None) -> list[list[Any]]:
    """What a person decided since the device spoke last about entries it holds to be final."""
    rows = Event.objects.filter(device_id=device_id, settled_at__isnull=False).defer("body", "salt")
    if since is not None:
        rows = rows.filter(settled_at__gt=since - timedelta(days=1))
    return [outcome(row) for row in rows.order_by("-settled_at")[:MOST_OPEN]]


def outcomes_by_key(keys: Iterable[UUID]) -> list[list[Any]]:
    """What became of these, by their rows."""
    rows = Event.objects.filter(id__in=list(keys)).defer("body", "salt")
    return [outcome(row) for row in rows.order_by("epoch", "seq", "received_at")]


def judged_since(
    device_id: UUID, since: datetime | None, until: datetime, most: int = MOST_OPEN
) -> list[list[Any]]:
    """What became of a device's events between two moments, when it is final: for letters."""
    rows = Event.objects.filter(device_id=device_id, state__in=FINAL, judged_at__lte=until)
    rows = rows.defer("body", "salt")
    if since is not None:
        rows = rows.filter(Q(judged_at__gt=since) | Q(settled_at__gt=since))
    return [outcome(row) for row in rows.order_by("judged_at", "epoch", "seq")[:most]]


def outcome(row: Event) -> list[Any]:
    """One line: epoch, number, short hash, state, reason, words, facts. What a person decided later counts as accepted, and says so."""
    return [
        row.epoch,
        row.seq,
        b64(bytes(row.hash))[:11],
        row.state,
        row.reason,
        row.settled_words or row.words,
        row.facts,
    ]


# --- the answer -----------------------------------------------------------------------------------------------------


def about_device(
    device: Device, *, known: Collection[str] | None = None, edges: Edges | None = None
) -> dict[str, Any]:
    """What holds for this device whatever it asked: the same words in a hello and in a letter.

    ``known``: the epochs that it named; those that are here and that it did not name are its own lost histories (``recall``).
    """
    edges = edges_of(device.id) if edges is None else edges
    return {
        "v": 1,
        "generation": devices.generation(),
        "have": have(device.id, edges),
        "safe": safe(edges, covered_until()),
        "forks": forks(device.id),
        "lease_until": device.lease_until.isoformat(),
        "scope_version": device.scope_version,
        "areas": areas_told(device),
        "oldest": handlers.oldest(),
        "kinds": handlers.newest(),
        "erase": [list(order) for order in erasures.orders_for(device.id)],
        "recall": {"epochs": [] if known is None else sorted(set(edges) - set(known))},
    }


SELDOM = ("areas", "oldest", "kinds")
"""What changes seldom, and is left out for a device that says it has it (``known``)."""


def digest_of(told: dict[str, Any]) -> str:
    """Eight hex signs for what changes seldom."""
    return hashlib.sha256(canonical([told[name] for name in SELDOM])).hexdigest()[:8]


def areas_told(device: Device) -> list[dict[str, str]]:
    """The areas of a device with their names."""
    found = []
    for code in devices.areas_of(device):
        region = region_queries.find_region(code)
        found.append(
            {"code": code, "name": region.name if region else code, "kind": region.kind if region else ""}
        )
    return found


def letters_waiting(device_id: UUID, after: int) -> int:
    """How many letters the device has not got."""
    return Letter.objects.filter(device_id=device_id, number__gt=after).count()


def letters(device_id: UUID, after: int, most: int = 20) -> list[tuple[int, bytes]]:
    """Sealed letters after a number, in order."""
    rows = Letter.objects.filter(device_id=device_id, number__gt=after).order_by("number")
    return [(number, bytes(sealed)) for number, sealed in rows.values_list("number", "sealed")[:most]]


def highest_letters(device_ids: Iterable[UUID]) -> dict[str, int]:
    """Device -> number of its newest letter here: for whoever carries."""
    rows = Letter.objects.filter(device_id__in=list(device_ids)).values_list("device_id")
    return {str(device_id): number for device_id, number in rows.annotate(Max("number"))}


def server_told() -> dict[str, Any]:
    """Who this server is, and its keys."""
    institution = desk_queries.institution()
    keys = ring()
    return {
        "sign": b64(keys.public_key()),
        "seal": b64(keys.seal_public()),
        "generation": devices.generation(),
        "name": institution.service_name,
        "institution": institution.name,
        "brand": institution.brand,
        "language": "id",
    }


def seat_told(device: Device) -> dict[str, Any] | None:
    """Who uses the device; None for a node."""
    seat = device.seat
    if seat is None:
        return None
    return {
        "id": str(seat.id),
        "role": seat.role,
        "role_words": desk_queries.seat_label(seat),
        "role_name": roles.called(seat.role, device.desk.kind),
        "desk": {"id": str(device.desk_id), "name": device.desk.name, "code": device.desk.code},
        "person": seat.user.full_name,
        "language": seat.user.language,
    }
