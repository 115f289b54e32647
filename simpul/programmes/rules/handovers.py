"""Minutes of handing over (berita acara serah terima, BAST): what they freeze, and its digest. Pure.

The digest is SHA-256 over canonical JSON (UTF-8, NFC, sorted keys, no blanks), so that anybody can work it out again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from simpul.lib import frozen_text

FORMAT = "simpul-bast-1"
_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Row:
    """One delivery as it stands in the minutes."""

    key: str
    name: str
    hamlet: str
    outcome: str
    amounts: tuple[tuple[str, str, str], ...]  # what, quantity, unit
    receiver: str
    receiver_name: str
    authority: str
    witness: str
    proofs: tuple[str, ...]
    delivered_at: str
    by_name: str
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """The goods of one kind: how much was handed over, to how many."""

    what: str
    unit: str
    quantity: str
    receivers: int


@dataclass(frozen=True, slots=True)
class Content:
    """Everything the minutes say."""

    number: str
    version: int
    replaces: str  # digest of the version before
    programme: str
    round: str
    period: str
    region_code: str
    region: str
    place: str
    stop: str
    decided_by: str
    handed_date: str
    rows: tuple[Row, ...]
    totals: tuple[Total, ...]
    counts: Mapping[str, int]
    signers: tuple[tuple[str, str], ...]


def canonical(content: Content) -> str:
    """The content as the text whose digest is taken."""
    return frozen_text.canonical(FORMAT, content)


digest = frozen_text.digest
read = frozen_text.read


def same(frozen: str, now: Content) -> bool:
    """True when nothing but the version differs: then no new version is needed."""
    old, new = dict(read(frozen)), dict(read(canonical(now)))
    for one in (old, new):
        for name in ("version", "replaces"):
            one.pop(name, None)
    return old == new


def short_code(round_id: UUID) -> str:
    """Five signs that name a round in numbers, without 0, 1, I and O."""
    value, found = round_id.int & ((1 << 25) - 1), ""
    for _place in range(5):
        value, rest = divmod(value, len(_SIGNS))
        found = _SIGNS[rest] + found
    return found


def number(round_id: UUID, position: int, year: int) -> str:
    """The number of the minutes: position in the round, kind, round, year."""
    return f"{position:03d}/BAST/{short_code(round_id)}/{year}"
