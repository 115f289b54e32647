"""The figures for those who supervise: of the matters they may see, with nothing hidden, down to the matters themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from simpul.cases.models import Case
from simpul.lib.actor import Actor
from simpul.reports import access
from simpul.reports.queries import counts

PAGE = 50
FIGURES = {
    "received": Q(),
    "followed": counts.FOLLOWED,
    "not_followed": counts.NOT_FOLLOWED,
    "open": Q(is_open=True),
    "outside_hours": Q(outside_hours=True),
    "rated": Q(rating__isnull=False),
    "unsatisfied": Q(rating__lte=2),
}
"""Numbers that open the list of their matters; ``overdue`` needs the clock and stands beside them."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the figures are about."""

    since: datetime
    until: datetime
    region: str = ""
    dimension: str = "kind"
    key: str | None = None
    figure: str = "received"


def headline(by: Actor, asked: Asked, at: datetime) -> counts.Headline:
    """The figures of what an officer may see. Four queries."""
    return counts.headline(_rows(by, asked), at)


def groups(by: Actor, asked: Asked, at: datetime) -> list[counts.Group]:
    """The same by one dimension. Two queries."""
    return counts.groups_with_days(_rows(by, asked), asked.dimension, at)


def behind(by: Actor, asked: Asked, at: datetime, page: int = 1) -> tuple[list[Case], bool]:
    """The matters behind one number, oldest first, a page at a time; and whether there are more."""
    rows = _rows(by, asked).filter(_figure(asked.figure, at))
    if asked.key and not is_key(asked.dimension, asked.key):
        return [], False
    if asked.key is not None:
        column = counts.COLUMNS[asked.dimension]
        rows = rows.filter(**({column: asked.key} if asked.key else {f"{column}__isnull": True}))
    first = (max(1, page) - 1) * PAGE
    found = list(
        rows.select_related("kind", "acting", "hamlet").order_by("received_at", "id")[
            first : first + PAGE + 1
        ]
    )
    return found[:PAGE], len(found) > PAGE


def is_key(dimension: str, key: str) -> bool:
    """True for a key that the dimension can have: desks and hamlets have UUIDs."""
    if dimension not in ("desk", "hamlet"):
        return True
    try:
        UUID(key)
    except ValueError:
        return False
    return True


def _figure(name: str, at: datetime) -> Q:
    return Q(is_open=True, due_at__lt=at) if name == "overdue" else FIGURES.get(name, Q())


def _rows(by: Actor, asked: Asked) -> QuerySet[Case]:
    return counts.in_period(access.counted(by), asked.since, asked.until, asked.region)
