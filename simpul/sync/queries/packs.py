"""Packs: everything of one scope, prebuilt, for devices that begin or that were away for long.

A scope is a role in some areas. A pack is encrypted with a key of its own, so that anybody may carry it; the key comes with hello, sealed
to the device. Its file lies in the data folder under its hash.
"""

from __future__ import annotations

import json
import secrets
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from simpul.journal.models import Line
from simpul.lib import areas as areas_lib
from simpul.lib.files import FileMissing, FileStore
from simpul.sync.models import Carried, Device, Erasure, Pack
from simpul.sync.queries import devices, down_rules, projection
from simpul.sync.queries import view as views
from simpul.sync.rules import dense
from simpul.sync.rules.canonical import unb64

BOUND = b"simpul-pack/1"
VERSION = 2
"""Of what a pack holds: another one makes every scope's pack anew."""
FRESH = timedelta(hours=20)
LONGEST = timedelta(days=7)
"""A pack in whose area nothing happened is made anew after a week, for the book of questions and answers."""
KEPT = timedelta(days=14)
_ORDER = {"persons": ("household", "households", "count")}


@dataclass(frozen=True, slots=True)
class PackReady:
    """A pack that a device may fetch: its hash is its address, its key opens it."""

    hash: str
    size: int
    key: bytes
    cursor: int
    households: int


@dataclass(frozen=True, slots=True)
class Made:
    """A pack as it was made, before it is kept."""

    sealed: bytes
    key: bytes
    cursor: int
    households: int


def store() -> FileStore:
    """Where packs lie."""
    return FileStore(settings.SIMPUL_DATA / "packs")


def scope_of(device: Device) -> tuple[str, tuple[str, ...]] | None:
    """The role and areas of a device; None for nodes, which mirror, and for devices without a seat."""
    if device.kind == "node" or device.seat is None:
        return None
    areas = devices.areas_of(device)
    return (device.seat.role, tuple(sorted(areas))) if areas[0] else None


def pack_for(device: Device) -> PackReady | None:
    """The newest pack of the scope of a device; None while there is none."""
    scope = scope_of(device)
    row = newest(*scope) if scope else None
    if row is None or not store().exists(row.hash):
        return None
    return PackReady(row.hash, row.size, unb64(row.key), row.cursor, row.households)


def newest(role: str, areas: Iterable[str]) -> Pack | None:
    """The newest pack of a scope."""
    rows = Pack.objects.filter(scope=views.scope_key(role, areas), version=VERSION)
    return rows.order_by("-built_at", "-id").first()


def size_of(digest: str) -> int | None:
    """How many bytes a pack has, one of this server or one that is carried; None for one that is not here."""
    own = Pack.objects.filter(hash=digest).values_list("size", flat=True).first()
    if own is not None and store().exists(digest):
        return own
    return Carried.objects.filter(kind="pack", name=digest).values_list("size", flat=True).first()


def read(digest: str, start: int, end: int) -> bytes:
    """Bytes of a pack, from ``start`` to before ``end``; none of one that is not here."""
    try:
        with store().open(digest) as stream:
            stream.seek(start)
            return stream.read(max(0, end - start))
    except FileMissing:
        row = Carried.objects.filter(kind="pack", name=digest).values_list("content", flat=True).first()
        return bytes(row)[start:end] if row is not None else b""


def scopes_in_use() -> list[tuple[str, tuple[str, ...]]]:
    """The scopes of telephones that are in use, each once."""
    rows = Device.objects.filter(state="active", kind="phone", seat__withdrawn_at=None)
    found = {scope_of(one) for one in rows.select_related("seat__desk", "desk")}
    return sorted(one for one in found if one is not None)


def is_due(role: str, areas: tuple[str, ...], at: datetime) -> bool:
    """True when a scope has no pack, or something happened in its area since the one of yesterday, or that is a week old."""
    row = newest(role, areas)
    if row is None or not store().exists(row.hash) or row.built_at <= at - LONGEST:
        return True
    if row.built_at > at - FRESH:
        return False
    return Line.objects.filter(areas_lib.inside_any(areas), position__gt=row.cursor).exists()


def make(role: str, areas: tuple[str, ...], at: datetime) -> Made:
    """Everything of a scope, packed and encrypted. The cursor is read first: what happens meanwhile comes again with the next pull."""
    cursor = projection.newest_position()
    view = views.shared(role, areas, at)
    tables = projection.everything(view, views.Names.of_area(view))
    told = {
        "v": projection.VERSION,
        "cursor": cursor,
        "areas": list(areas),
        "book": down_rules.digest({name: tables[name] for name in projection.BOOK}),
        "tables": dense.pack(dense.thinned(tables), _ORDER),
    }
    key = secrets.token_bytes(32)
    return Made(sealed(told, key), key, cursor, len(tables["households"]))


def sealed(told: object, key: bytes) -> bytes:
    """A pack's bytes: nonce, then the ciphertext of raw DEFLATE of JSON."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    plain = json.dumps(told, separators=(",", ":"), ensure_ascii=False).encode()
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(key).encrypt(nonce, deflate.compress(plain) + deflate.flush(), BOUND)


def opened(data: bytes, key: bytes) -> dict[str, object]:
    """What a pack holds, its tables as rows: as a device reads it; for tests and benchmarks.

    Raises:
        cryptography.exceptions.InvalidTag: another key, or damaged.
    """
    plain = zlib.decompress(AESGCM(key).decrypt(data[:12], data[12:], BOUND), -15)
    told = json.loads(plain)
    return {**told, "tables": dense.filled(dense.tables_of(told["tables"]))}


def old(at: datetime) -> list[Pack]:
    """Packs in whose scope a newer one is two weeks old, whose scope nobody uses any more, and those that still hold somebody erased."""
    used = {views.scope_key(role, areas): areas for role, areas in scopes_in_use()}
    erased = list(
        Erasure.objects.filter(ordered_at__gt=at - KEPT - LONGEST).values_list("ordered_at", "region_code")
    )
    found, seen = [], set()
    for row in Pack.objects.order_by("scope", "-built_at", "-id"):
        first = row.scope not in seen
        seen.add(row.scope)
        aged = row.built_at <= at - KEPT and (not first or row.scope not in used)
        if aged or _holds_erased(row, used.get(row.scope, ("",)), erased):
            found.append(row)
    return found


def _holds_erased(row: Pack, areas: tuple[str, ...], erased: Iterable[tuple[datetime, str]]) -> bool:
    """True when somebody of the pack's area was erased after it was made (UU 27/2022 art. 43): it is let go at once, and made anew."""
    return any(
        ordered >= row.built_at
        and (not region or region.startswith(areas) or any(one.startswith(region) for one in areas))
        for ordered, region in erased
    )
