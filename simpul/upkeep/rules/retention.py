"""How long what is kept, and who may approve that it is destroyed. Pure.

Source: UU 27/2022 art. 43-44 (erasing and destroying are two things); UU 43/2009 art. 51 (destroying archives: approval and minutes).
That two people approve is house practice; the exact offices are unconfirmed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

WITNESSES = frozenset({"head", "protection_officer"})
"""One of the two who approve sits here: somebody who does not run the service from day to day."""


@dataclass(frozen=True, slots=True)
class Class:
    """One class of records with its time."""

    code: str
    name: Mapping[str, str]
    clock: Mapping[str, str]
    days: int
    source: str
    confidence: str
    routine: bool


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a wish is refused, or why something stays."""

    code: str
    name: Mapping[str, str]
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity of the processing register."""

    rooms: tuple[str, ...]
    name: Mapping[str, str]
    purpose: Mapping[str, str]
    basis: str
    recipients: Mapping[str, str]
    confidence: str


def read_classes(data: Mapping[str, Any]) -> dict[str, Class]:
    """The retention catalogue by code."""
    return {
        row["code"]: Class(
            row["code"],
            {"id": row["name"], "en": row["name_en"]},
            {"id": row["clock"], "en": row["clock_en"]},
            row["days"],
            row["source"],
            row["confidence"],
            row.get("routine", False),
        )
        for row in data["classes"]
    }


def read_grounds(rows: Iterable[Mapping[str, Any]]) -> dict[str, Ground]:
    """Grounds by code."""
    return {
        row["code"]: Ground(
            row["code"], {"id": row["name"], "en": row["name_en"]}, row["source"], row["confidence"]
        )
        for row in rows
    }


def read_activities(data: Mapping[str, Any]) -> tuple[Activity, ...]:
    """The activities, in the order of the catalogue."""
    return tuple(
        Activity(
            tuple(row["rooms"]),
            {"id": row["name"], "en": row["name_en"]},
            {"id": row["purpose"], "en": row["purpose_en"]},
            row["basis"],
            {"id": row["recipients"], "en": row["recipients_en"]},
            row["confidence"],
        )
        for row in data["activities"]
    )


def list_digest(what: str, keys: Iterable[UUID]) -> str:
    """SHA-256 over a class and its sorted keys: the list that was approved is the list that is destroyed."""
    told = "\n".join([what, *sorted(str(key) for key in keys)])
    return hashlib.sha256(told.encode()).hexdigest()


def two_enough(roles: Iterable[str]) -> bool:
    """True when the two who approve include one who does not run the service."""
    return not WITNESSES.isdisjoint(roles)
