"""What acts of the room share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simpul import roles

if TYPE_CHECKING:
    from simpul.desks.models import Desk


def place_of(desk: Desk) -> roles.Place:
    """Where a subscription is, in the words of the role table: at its desk."""
    return roles.Place(region_code=desk.region_code, holder_ids=frozenset({desk.id}))
