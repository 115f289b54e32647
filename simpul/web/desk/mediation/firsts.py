"""What the forms of a dispute show before anything is typed."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from simpul.desks import queries as desk_queries
from simpul.mediation.queries import agreements
from simpul.mediation.rules import obligations
from simpul.web.desk.mediation import shared


def dispute(one: Any, _item: Any) -> dict[str, Any]:
    """As the register has it."""
    return {name: getattr(one, name) for name in ("subject", "about", "place", "confidentiality")}


def party(_dispute: Any, item: Any) -> dict[str, Any]:
    """As it was written down."""
    names = ("role", "name", "resident", "address", "phone", "spoken_by", "spoken_basis")
    return {name: getattr(item, name) for name in names}


def place(one: Any, _item: Any) -> dict[str, Any]:
    """Where this dispute met last, and today as the day of a paper."""
    last = one.sessions.filter(withdrawn_at=None).order_by("-ordinal").first()
    return {"place": last.place if last else "", "issued_date": shared.today(one)}


def session(one: Any, item: Any) -> dict[str, Any]:
    """As it was planned."""
    local = item.planned_at.astimezone(desk_queries.zone_of(one.region_code))
    return {"day": local.date(), "clock": local.time().replace(second=0, microsecond=0), "place": item.place}


def now(one: Any, _item: Any) -> dict[str, Any]:
    """This moment."""
    local = timezone.now().astimezone(desk_queries.zone_of(one.region_code))
    return {"day": local.date(), "clock": local.time().replace(second=0, microsecond=0)}


def delivery(one: Any, item: Any) -> dict[str, Any]:
    """This moment, or as it was written down."""
    known = (
        {"result": item.delivery, "how": item.delivered_how, "to": item.delivered_to} if item.delivery else {}
    )
    return {**now(one, item), "how": "hand", "delivered_by": item.delivered_by, **known}


def agreement(one: Any, _item: Any) -> dict[str, Any]:
    """The draft as it stands."""
    draft = agreements.draft_of(one)
    if draft is None:
        return {"grace_days": 7, "place": place(one, None)["place"]}
    return {"preamble": draft.preamble, "place": draft.place, "grace_days": draft.grace_days}


def signed(one: Any, _item: Any) -> dict[str, Any]:
    """Today."""
    return {"signed_date": shared.today(one)}


def payment(one: Any, item: Any) -> dict[str, Any]:
    """Today, and what is left."""
    done = [part.amount for part in agreements.done_of([item.id])[item.id]]
    left = obligations.standing(item.amount, done).left
    return {"done_date": shared.today(one), "amount": left or None}
