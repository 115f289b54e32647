"""For whom something goes down: the seat of a device in the areas it was given; or, for packs, everybody of one role there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from django.utils import translation

from simpul.lib import when
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound
from simpul.regions import queries as region_queries
from simpul.sync.models import Device
from simpul.sync.queries import devices, short

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class View:
    """Who reads, in which language, on which day. ``device`` is "" for what all devices of a role and area share."""

    by: Actor
    language: str
    today: date
    at: datetime
    device: str = ""


def of_device(device: Device, at: datetime) -> View:
    """What this device's person sees now, in the device's areas.

    Raises:
        NotFound: the seat is over, or the device is a node's, which mirrors whole tables.
    """
    by, _over = devices.actor_of(device, at)
    if by is None:
        raise NotFound
    areas = devices.areas_of(device)
    narrowed = replace(by, areas=areas, region_code=areas[0])
    return View(narrowed, devices.language_of(device), _today(areas[0], at), at, str(device.id))


def shared(role: str, areas: tuple[str, ...], at: datetime) -> View:
    """What everybody of this role sees in these areas, whoever they are."""
    by = Actor(role=role, region_code=areas[0], areas=areas, strong=True)
    return View(by, "id", _today(areas[0], at), at)


def scope_key(role: str, areas: Iterable[str]) -> str:
    """The name of a scope: a digest of role and areas."""
    return hashlib.sha256("|".join([role, *sorted(areas)]).encode()).hexdigest()[:32]


def _today(area: str, at: datetime) -> date:
    return when.local_date(at, region_queries.zone_of(area) if area else "Asia/Makassar")


def in_language(view: View, make: Callable[[], Made]) -> Made:
    """Make something while the words are those of the reader."""
    with translation.override(view.language):
        return make()


class Names:
    """The names by which a device knows households and persons: short keys, and whole ones where two rows of the area share a short one."""

    def __init__(self, clashing: frozenset[str] = frozenset()) -> None:
        self._clashing = clashing

    def __call__(self, key: UUID | None) -> str:
        """The name of a row; "" of none."""
        if key is None:
            return ""
        told = short.of(key)
        return str(key) if told in self._clashing else told

    @classmethod
    def of_area(cls, view: View) -> Names:
        """The names of every row of the area."""
        return cls(short.clashing_in(view.by))
