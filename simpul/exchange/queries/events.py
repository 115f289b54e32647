"""Events: sealed lines that are told to subscribers, what they are told, and what is on its way."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from django.db.models import F, Max, Window
from django.db.models.functions import RowNumber

from simpul.cases import access as case_access
from simpul.cases.models import Case
from simpul.desks.models import Desk
from simpul.exchange import access, rules
from simpul.exchange.models import Cursor, Dispatch, Subscription
from simpul.journal.models import Line, Seal
from simpul.lib.actor import Actor

Receiver: TypeAlias = Subscription
"""A subscription, by the name that doors know it by: they import no models."""


def sealed_up_to() -> int:
    """The last position that a seal covers; 0 before the first."""
    return Seal.objects.aggregate(top=Max("last_position"))["top"] or 0


def sealed_lines(after: int, limit: int) -> tuple[int, Sequence[Line]]:
    """The position up to which lines were read, and those among them that are told to subscribers, in their order.

    Args:
        limit: how many positions are read at most, told or not.
    """
    top = min(after + limit, sealed_up_to())
    if top <= after:
        return after, []
    lines = Line.objects.filter(
        position__gt=after, position__lte=top, subject_kind="case", kind__in=list(rules.EVENTS)
    )
    kept = lines.only("id", "kind", "subject_id", "at", "recorded_at", "facts", "position")
    return top, list(kept.order_by("position"))


def visible_ids(desk: Desk, case_ids: Collection[UUID]) -> set[UUID]:
    """Which of these matters the desk may see, by the one rule of the house."""
    by = access.desk_actor(desk)
    return set(case_access.visible(by).filter(id__in=list(case_ids)).values_list("id", flat=True))


def told_of(case_ids: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """What an event tells of a matter: its key, number and kind."""
    rows = Case.objects.filter(id__in=list(case_ids)).values_list("id", "number", "kind_id")
    return {key: {"id": str(key), "number": number, "kind": kind} for key, number, kind in rows}


def may_still_see(dispatch: Dispatch) -> bool:
    """False when the matter was sealed, or the desk kept away from it, since the event was gathered."""
    if dispatch.case_id is None:
        return True
    return bool(visible_ids(dispatch.subscription.desk, [dispatch.case_id]))


def dispatches_due(at: datetime, limit: int) -> list[tuple[UUID, UUID]]:
    """Events to be sent now: their keys, each with that of its subscription.

    The oldest of every subscription come first, then the second oldest: thousands that wait for a receiver that is down keep no
    other receiver waiting.
    """
    turn = Window(RowNumber(), partition_by=[F("subscription_id")], order_by=["next_try_at", "id"])
    due = Dispatch.objects.due(at, at - rules.CLAIM_LASTS).annotate(turn=turn)
    return list(due.order_by("turn", "next_try_at", "id").values_list("id", "subscription_id")[:limit])


def anything_to_tell(at: datetime) -> bool:
    """True when sealed lines were not gathered yet, or an event is due: asked before the work takes its turn."""
    position = Cursor.objects.values_list("position", flat=True).first()
    if position is None or position < sealed_up_to():
        return True
    return Dispatch.objects.due(at, at - rules.CLAIM_LASTS).exists()


def recent_dispatches(by: Actor, limit: int = 50) -> list[Dispatch]:
    """The newest events this actor may see, with their subscriptions."""
    rows = access.dispatches(by).select_related("subscription__desk")
    return list(rows.order_by("-made_at", "-id")[:limit])


def subscriptions_listed(by: Actor, limit: int = 200) -> list[Subscription]:
    """The subscriptions this actor may see that were not withdrawn, newest first."""
    rows = access.subscriptions(by).filter(withdrawn_at=None).select_related("desk")
    return list(rows.order_by("-added_at", "-id")[:limit])
