"""Rows that lie inside an area: a dotless region code and everything whose code begins with it, as one range on an index."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import Q


def inside(code: str, column: str = "region_code") -> Q:
    """Rows whose ``column`` lies inside the area of ``code``; "" is everywhere.

    A range, because both databases walk an index for it and not for a pattern. "~" comes after every digit.
    """
    if not code:
        return Q(**{f"{column}__gte": ""})
    return Q(**{f"{column}__gte": code, f"{column}__lt": code + "~"})


def inside_any(codes: Iterable[str], column: str = "region_code") -> Q:
    """Rows inside at least one of several areas, as those that a seat serves; of no area, no row."""
    return reduce(or_, (inside(code, column) for code in codes), Q(pk__in=[]))
