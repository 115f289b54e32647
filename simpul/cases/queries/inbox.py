"""The officers' inbox: one list per seat, with saved views and filters that live in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Case as Case_
from django.db.models import Count, Q, Value, When
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce, Least

from simpul import roles
from simpul.cases import access, search
from simpul.cases.models import Case, CaseSet, Escalation, Hop
from simpul.cases.rules import moves
from simpul.lib.actor import Actor

PAGE = 50
MOST_COUNTED = 1000
"""Lists are counted up to here; beyond it a page says "more than"."""

_NOT_SHOWN = ("answers", "draft_answer", "rating_words", "decision_words", "outside_numbers", "paper_writer")
"""Columns that no list shows and that would only be read and unpacked for nothing."""

VIEWS = (
    "turn",
    "mine",
    "offered",
    "late",
    "verify",
    "raised",
    "waiting",
    "sent",
    "answered",
    "sealed",
    "all",
)
"""The saved views, in the order the rail shows them."""

ORDERS: Mapping[str, Sequence[str]] = {
    "due": ("due_at", "received_at"),
    "new": ("-received_at",),
    "old": ("received_at",),
    "changed": ("-changed_at",),
}

_SOONEST: Sequence[str | OrderBy] = (
    Least(Coalesce("due_at", "turn_due_at"), Coalesce("turn_due_at", "due_at")).asc(nulls_last=True),
    "received_at",
)


_IN_DANGER = Case_(When(urgency="danger", is_open=True, then=Value(0)), default=Value(1)).asc()


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address of an inbox says."""

    view: str = "turn"
    kind: str = ""
    region: str = ""
    state: str = ""
    channel: str = ""
    urgency: str = ""
    desk: str = ""
    words: str = ""
    order: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Page:
    """One page of an inbox."""

    rows: list[Case]
    number: int
    has_next: bool
    total: int
    total_is_exact: bool
    filters: Filters = field(default_factory=Filters)


def inbox(by: Actor, filters: Filters, at: datetime, *, danger_first: bool = False) -> Page:
    """The cases of one view, filtered and ordered; three queries whatever the size of the table.

    With ``danger_first``, while an emergency lasts, matters in which somebody is in danger stand before all others.

    Keys come first, along an index in the order of the list; what a row shows is read for those of the page alone.
    """
    rows = _narrow(_view(by, filters.view, at), filters)
    if filters.words.strip():
        rows = rows.filter(id__in=search.find_cases(by, filters.words, limit=MOST_COUNTED))
    order = _order(filters)
    if danger_first and filters.order not in ORDERS:
        order = (_IN_DANGER, *order)
    start = (max(1, filters.page) - 1) * PAGE
    keys = list(rows.order_by(*order, "id").values_list("id", flat=True)[start : start + PAGE + 1])
    total = rows[: MOST_COUNTED + 1].count() if len(keys) > PAGE or start else len(keys)
    found = _in_order(keys)
    return Page(
        found[:PAGE],
        max(1, filters.page),
        len(keys) > PAGE,
        min(total, MOST_COUNTED),
        total <= MOST_COUNTED,
        filters,
    )


def find(by: Actor, words: str, limit: int = 20) -> list[Case]:
    """Search over everything the actor may see: number first, then words, newest first."""
    return _in_order(search.find_cases(by, words, limit=limit))


def _in_order(keys: Sequence[UUID]) -> list[Case]:
    """What rows show of cases that the actor was found to see, in the order of their keys.

    Kinds and desks are few: each is read once, and not once more with every row.
    """
    wanted = Case.objects.prefetch_related("kind", "holder", "acting", "hamlet").defer(*_NOT_SHOWN)
    found = wanted.in_bulk(keys)
    return [found[key] for key in keys if key in found]


def counts(by: Actor, at: datetime) -> dict[str, int]:
    """How many matters wait in each view of the rail: one query over what the actor's desks have open."""
    if not by.desk_ids:
        return {}
    mine = access.visible(by).filter(is_open=True, acting_id__in=by.desk_ids)
    found = mine.aggregate(
        turn=Count("id", filter=~Q(state=moves.WAITING)),
        mine=Count("id", filter=Q(seat_id=by.seat_id)),
        offered=Count("id", filter=Q(state=moves.OFFERED)),
        late=Count("id", filter=_late(at)),
        waiting=Count("id", filter=Q(state=moves.WAITING)),
    )
    if roles.may_somewhere(by, "case.verify"):
        found["verify"] = _view(by, "verify", at)[: MOST_COUNTED + 1].count()
    raised = Escalation.objects.filter(to_desk_id__in=by.desk_ids, clock__stopped_at=None).values("case_id")
    found["raised"] = access.visible(by).filter(is_open=True, id__in=raised).count()
    return found


def views_for(by: Actor) -> list[str]:
    """The views that make sense for a seat."""
    hidden = set()
    if not roles.may_somewhere(by, "case.verify"):
        hidden.add("verify")
    if by.role not in {"focal_point", "manager", "head"}:
        hidden.add("sealed")
    return [view for view in VIEWS if view not in hidden]


def neighbours(by: Actor, filters: Filters, at: datetime, case_id: UUID) -> tuple[UUID | None, UUID | None]:
    """The cases before and after one in its list, so that reading goes on without going back; within the first 500."""
    rows = _narrow(_view(by, filters.view, at), filters)
    order = _order(filters)
    ids = list(rows.order_by(*order, "id").values_list("id", flat=True)[:500])
    if case_id not in ids:
        return None, None
    place = ids.index(case_id)
    return (ids[place - 1] if place else None), (ids[place + 1] if place + 1 < len(ids) else None)


def _order(filters: Filters) -> Sequence[str | OrderBy]:
    """The order of a list. Where one desk or one person works, what a row shows decides: the earlier of its two clocks.

    Longer lists follow the promise to the resident alone, along an index.
    """
    chosen = filters.order if filters.order in ORDERS else "changed"
    if filters.order not in ORDERS and filters.view in {"turn", "mine", "late"}:
        chosen = "due"
    if chosen == "due" and filters.view in {"turn", "mine"}:
        return _SOONEST
    return ORDERS[chosen]


def _view(by: Actor, view: str, at: datetime) -> CaseSet:
    seen = access.visible(by)
    mine = Q(acting_id__in=by.desk_ids, is_open=True)
    chosen = {
        "turn": mine & ~Q(state=moves.WAITING),
        "mine": Q(seat_id=by.seat_id, is_open=True),
        "offered": mine & Q(state=moves.OFFERED),
        "late": Q(is_open=True) & _late(at),
        "verify": Q(state=moves.HANDED_IN),
        "raised": Q(is_open=True)
        & Q(id__in=Escalation.objects.filter(to_desk_id__in=by.desk_ids).values("case_id")),
        "waiting": Q(state=moves.WAITING),
        "sent": Q(is_open=True)
        & ~Q(acting_id__in=by.desk_ids)
        & Q(id__in=Hop.objects.filter(from_desk_id__in=by.desk_ids, ended_at=None).values("case_id")),
        "answered": Q(state=moves.ANSWERED),
        "sealed": Q(sensitivity="sealed"),
    }.get(view)
    return seen if chosen is None else seen.filter(chosen)


def _late(at: datetime) -> Q:
    return Q(due_at__lt=at) | Q(turn_due_at__lt=at)


def _narrow(rows: CaseSet, filters: Filters) -> CaseSet:
    """Apply the address's filters; values that mean nothing are passed over."""
    if filters.kind:
        rows = rows.filter(kind_id=filters.kind)
    if filters.region.isdigit():
        rows = rows.inside(filters.region)
    if filters.state in moves.STATES:
        rows = rows.filter(state=filters.state)
    if filters.channel:
        rows = rows.filter(channel=filters.channel)
    if filters.urgency in {"urgent", "danger"}:
        rows = rows.filter(urgency=filters.urgency)
    if filters.desk:
        rows = rows.filter(acting__code=filters.desk)
    return rows
