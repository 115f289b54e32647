"""What the topics of the post share: the rows of the area of a seat, for roles that have at least one of some acts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from simpul import roles
from simpul.lib import areas
from simpul.lib.actor import SYSTEM, Actor
from simpul.lib.errors import NotFound


def rows(by: Actor, table: Any, acts: Iterable[str], column: str = "region_code") -> QuerySet[Any]:
    """Rows of this seat's area when its role has one of ``acts`` somewhere; all for the system, none for others."""
    if by.role == SYSTEM:
        found: QuerySet[Any] = table._default_manager.all()
        return found
    if not any(roles.may_somewhere(by, act) for act in acts):
        return table._default_manager.none()
    return table._default_manager.filter(_inside(by, column))


def one(found: QuerySet[Any], key: UUID, *, lock: bool = False) -> Any:
    """One of the rows, locked when it will be changed.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    if lock:
        found = found.select_for_update(of=("self",))
    row = found.filter(id=key).first()
    if row is None:
        raise NotFound
    return row


def _inside(by: Actor, column: str) -> Q:
    return areas.inside_any(by.served_areas, column)
