"""What an event is about, where that lies now, and whether its device ever had it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from simpul.journal.models import Line
from simpul.lib import areas
from simpul.sync.models import ScopeGrant
from simpul.sync.queries import short
from simpul.sync.rules import chain

_NAMED = (
    ("household_id", "household"),
    ("person_id", "person"),
    ("house_id", "house"),
    ("family_id", "family"),
)
"""Inputs that say what an event without a subject is about."""


def about(event: chain.Event) -> str:
    """The subject of an event; of one that names none, the household or person among its inputs."""
    if event.subject:
        return event.subject
    data = event.data
    for name, kind in _NAMED:
        if isinstance(data.get(name), str) and data[name]:
            return f"{kind}:{data[name]}"
    return ""


def held_areas(device_id: UUID) -> list[str]:
    """Every area that a device was ever sent."""
    grants = ScopeGrant.objects.filter(device_id=device_id).values_list("areas", flat=True)
    return sorted({code for codes in grants for code in codes})


def once_held(device_id: UUID, subject: str) -> str:
    """Where a subject lies now that this device had before its eyes at some time; "" for one that it never had, or that nobody knows.

    It had what lies in an area it was ever sent, and what lay there once, as the journal knows.
    """
    held = held_areas(device_id)
    whole = short.whole_subject(subject, held)
    region = short.region_of(whole)
    if not region:
        return ""
    if region.startswith(tuple(held)):
        return region
    key = UUID(whole.partition(":")[2])
    lay_there = Line.objects.filter(areas.inside_any(held), subject_id=key).exists()
    return region if lay_there else ""


_PERSONS = (
    "head_id", "mother_id", "reporter_id", "about_id", "person_ids",
)  # fmt: skip
"""Further inputs that name persons."""


def all_once_held(device_id: UUID, event: chain.Event, serves: Callable[[str], bool]) -> bool:
    """True when every household, person, house and family among the inputs lies in the author's area or was once before their eyes.

    A subject is only what a device says: that one thing moved to another village opens no other thing there. Matters are never opened so:
    they have desks of their own.
    """
    data = event.data
    if "case_id" in data and not event.kind.startswith("case.open/"):
        return False
    held = held_areas(device_id)
    for name, kind in (*_NAMED, *((name, "person") for name in _PERSONS)):
        said = data.get(name)
        for key in said if isinstance(said, list) else [said]:
            if not isinstance(key, str) or not key:
                continue
            region = short.region_of(short.whole_subject(f"{kind}:{key}", held))
            if region and not serves(region) and not once_held(device_id, f"{kind}:{key}"):
                return False
    return True


def place_of(device_id: UUID, subject: str) -> str:
    """Where a subject lies now; "" when that is not known."""
    return short.region_of(short.whole_subject(subject, held_areas(device_id))) if subject else ""


def keys_in(subject: str, values: Any) -> Iterator[str]:
    """The last ten hex signs of every key that a subject and inputs name: enough to tell two things of one device apart."""
    yield from _ending(subject.partition(":")[2])
    yield from _in(values)


def _in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from _ending(value)
    elif isinstance(value, list):
        for one in value:
            yield from _in(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _in(one)


def _ending(words: str) -> Iterator[str]:
    if short.is_short(words):
        yield words
    elif len(words) == 36 and words.count("-") == 4:
        yield words[-short.SIGNS :]


def born_in(subject: str, values: Any, at_ms: int) -> set[str]:
    """Keys, by their last ten signs, that an event brought into the world: they carry its own time."""
    stamp = f"{max(at_ms, 0) & ((1 << 48) - 1):012x}"
    head = f"{stamp[:8]}-{stamp[8:]}-7"
    return {
        one[-short.SIGNS :]
        for one in (subject.partition(":")[2], *_texts(values))
        if len(one) == 36 and one.startswith(head)
    }


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
