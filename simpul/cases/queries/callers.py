"""Who is calling: the persons of a number, and their matters, as far as the actor may see them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from simpul.cases import access
from simpul.cases.models import Case
from simpul.lib.actor import SYSTEM, Actor


def matters_of(by: Actor, person_ids: Iterable[UUID], limit: int = 8) -> list[Case]:
    """The matters of these persons that the actor may see, open ones first, newest first.

    A matter whose reporter is to stay unnamed is not found by who they are: a telephone number must not give them away.
    """
    ids = list(person_ids)
    if not ids:
        return []
    mine = Q(reporter_id__in=ids)
    if by.role not in {SYSTEM, "focal_point"}:
        mine &= Q(hide_name=False) & ~Q(mode="anonymous")
    found = access.visible(by).filter(mine | Q(about_id__in=ids)).select_related("kind", "acting", "hamlet")
    return list(found.order_by("-is_open", "-received_at", "-id")[:limit])


def matter_by_number(by: Actor, number: str) -> Case | None:
    """The matter with exactly this number, in capitals or not, when the actor sees it."""
    typed = number.strip().upper().replace(" ", "-")
    return access.visible(by).filter(number=typed).select_related("kind", "acting").first() if typed else None
