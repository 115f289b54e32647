"""Emergencies: which one is on at a place now, and all that were."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from simpul.lib.errors import NotFound
from simpul.regions import rules
from simpul.regions.models import Emergency
from simpul.regions.queries._memory import Memory

_open: Memory[tuple[Emergency, ...]] = Memory(seconds=30, size=1)


def _not_ended() -> tuple[Emergency, ...]:
    """Those that nobody has ended: a few rows, kept for half a minute, so that every page may ask."""
    return _open.get(
        "open", lambda: tuple(Emergency.objects.filter(ended_at=None).order_by("-from_at", "-id"))
    )


def emergency_at(region_code: str, at: datetime) -> Emergency | None:
    """The emergency that holds at a place now: its own, or one of an area around it; the narrowest first."""
    above = ["", *rules.lineage(region_code)]
    found = [one for one in _not_ended() if one.region_code in above and one.is_on(at)]
    return max(found, key=lambda one: len(one.region_code), default=None)


def emergencies_touching(areas: Iterable[str], at: datetime) -> list[Emergency]:
    """The emergencies that lie in, or around, any of these areas ("" is everywhere), latest first."""
    codes = tuple(areas)
    return [
        one
        for one in _not_ended()
        if one.is_on(at)
        and any(one.region_code.startswith(code) or code.startswith(one.region_code) for code in codes)
    ]


def emergencies(areas: Iterable[str]) -> QuerySet[Emergency]:
    """Every emergency that lies in one of these areas, or around it, latest first."""
    found = Emergency.objects.none()
    for code in areas:
        above = Emergency.objects.filter(region_code__in=["", *rules.lineage(code)])
        found = found | above | Emergency.objects.filter(region_code__startswith=code)
    return found.order_by("-from_at", "-id")


def get_emergency(emergency_id: UUID) -> Emergency:
    """One emergency.

    Raises:
        NotFound: there is none.
    """
    row = Emergency.objects.filter(id=emergency_id).select_related("suspension").first()
    if row is None:
        raise NotFound
    return row
