"""Short keys: packs name households and persons by the last ten hex signs of their UUID, and devices use those names in events.

Forty bits tell 36,000 rows of an area apart but for one area in 1,700; a pack writes the rows that clash with their whole keys
(``clashing_in``), so a short key of a pack is one row of its area.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from simpul.lib import areas
from simpul.lib.actor import Actor
from simpul.lib.fields import KeyEnding
from simpul.people.models import Family, House, Household, Person

SIGNS = 10
KINDS: dict[str, type[Any]] = {"household": Household, "person": Person}
_PLACED: dict[str, type[Any]] = {**KINDS, "house": House, "family": Family}
_SHORT = re.compile(r"[0-9a-f]{10}")


def is_short(key: str) -> bool:
    """True for ten hex signs."""
    return _SHORT.fullmatch(key) is not None


def of(key: UUID) -> str:
    """The short key of a whole one."""
    return key.hex[-SIGNS:]


def keys(by: Actor, kind: str, said: str) -> list[UUID]:
    """The households or persons of the actor's area with this short key: one, unless it is unknown or not clear."""
    rows = _ending(KINDS[kind].objects.filter(areas.inside_any(by.served_areas)), said)
    return list(rows.values_list("id", flat=True)[:2])


def _ending(rows: QuerySet[Any], said: str) -> QuerySet[Any]:
    return rows.annotate(ending=KeyEnding()).filter(ending=said)


def whole_subject(subject: str, held: Sequence[str]) -> str:
    """The subject of an event with its key written out: of the areas its device ever held, else of any; as it was when not clear."""
    kind, _sep, key = subject.partition(":")
    if kind not in KINDS or not is_short(key):
        return subject
    everywhere = _ending(KINDS[kind].objects.all(), key)
    for rows in (everywhere.filter(areas.inside_any(held)), everywhere):
        found = list(rows.values_list("id", flat=True)[:2])
        if len(found) == 1:
            return f"{kind}:{found[0]}"
    return subject


def region_of(subject: str) -> str:
    """Where the subject of an event lies now ("household:<uuid>"); "" for what has no place or is not known."""
    kind, _sep, key = subject.partition(":")
    model = _PLACED.get(kind)
    try:
        known = UUID(key)
    except ValueError:
        return ""
    row = model.objects.filter(id=known).values_list("region_code", flat=True).first() if model else None
    return row or ""


def clashing_in(by: Actor) -> frozenset[str]:
    """Short keys that more than one household, or more than one person, of the actor's area has."""
    found: set[str] = set()
    for model in KINDS.values():
        rows = model.objects.filter(areas.inside_any(by.served_areas)).order_by()
        shared = rows.values(ending=KeyEnding()).annotate(times=Count("id")).filter(times__gt=1)
        found |= {row["ending"] for row in shared}
    return frozenset(found)
