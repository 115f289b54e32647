"""Wishes about personal data: the list, how urgent, and what the page of one shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from simpul.lib.actor import Actor
from simpul.people.queries import consent as consent_queries
from simpul.upkeep import access
from simpul.upkeep.models import RightsRequest
from simpul.upkeep.rules import requests as rules

SOON = timedelta(hours=24)


def listed(by: Actor, *, settled: bool = False, kind: str = "", limit: int = 200) -> list[RightsRequest]:
    """Wishes the actor may see: those that run, the most urgent first; or those that are settled, the newest first."""
    rows = access.requests(by).select_related("person")
    rows = rows.exclude(told_at=None) if settled else rows.open()
    if kind in rules.KINDS:
        rows = rows.filter(kind=kind)
    return list(rows.order_by("-told_at" if settled else "due_at", "id")[:limit])


@dataclass(frozen=True, slots=True)
class Counts:
    """How many wishes run, wait for a review, are due within a day, and are late."""

    open: int
    to_review: int
    soon: int
    late: int


def counts(by: Actor, at: datetime) -> Counts:
    """The numbers above the list."""
    rows = access.requests(by).open()
    return Counts(
        open=rows.count(),
        to_review=rows.filter(state="proposed").count(),
        soon=rows.filter(due_at__gte=at, due_at__lt=at + SOON).count(),
        late=rows.late(at).count(),
    )


def standing_consents(request: RightsRequest, by: Actor, at: datetime) -> list[object]:
    """Consents of the wish's person that stand: what a withdrawal may name."""
    held = consent_queries.consents_of(by, request.person_id, through_matter=True)
    return [one for one in held if consent_queries.is_standing(one, at=at)]
