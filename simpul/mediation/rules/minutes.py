"""The agreement as one frozen text (berita acara perdamaian): the same content gives the same text, any other content another one. Pure.

Canonical JSON in Unicode NFC with sorted keys; its SHA-256 stands on the paper. No NIK and no telephone number is ever part of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simpul.lib import frozen_text

FORMAT = "simpul-perdamaian-1"


@dataclass(frozen=True, slots=True)
class Side:
    """One party."""

    role: str
    name: str
    address: str
    spoken_by: str


@dataclass(frozen=True, slots=True)
class Clause:
    """One obligation."""

    position: int
    what: str
    owed_by: str
    owed_to: str
    amount: int | None
    due_date: str
    part: int
    parts: int


@dataclass(frozen=True, slots=True)
class Sign:
    """One name under it."""

    part: str
    name: str
    mark: str


@dataclass(frozen=True, slots=True)
class Content:
    """Everything the agreement says."""

    number: str
    version: int
    replaces: str  # digest of the version before
    because: str
    region_code: str
    region: str
    subject: str
    about: str
    sessions: Sequence[str]
    parties: Sequence[Side]
    mediators: Sequence[str]
    preamble: str
    clauses: Sequence[Clause]
    signers: Sequence[Sign]
    place: str
    signed_date: str
    grace_days: int


def canonical(content: Content) -> str:
    """The content as the text whose digest is taken."""
    return frozen_text.canonical(FORMAT, content)


digest = frozen_text.digest
read = frozen_text.read
