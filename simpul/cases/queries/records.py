"""What each desk promised and how it kept it: what it was asked, took on, refused, left lying, and how long it took.

Counts are over every matter that is not sealed, whoever asks: they are about desks, not about people. The reasons of refusals name
people's lives, and are shown for matters the actor sees anyway.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from uuid import UUID

from django.db.models import Count, Q

from simpul.cases import access
from simpul.cases.models import Hop
from simpul.lib.actor import Actor

YEAR = timedelta(days=365)
_DAY = timedelta(days=1)
MOST = 20_000
"""Hops of one desk and year that medians are made of; beyond, the newest."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What one desk was asked in a year, and what lies there now."""

    received: int = 0
    accepted: int = 0
    refused: int = 0
    silent: int = 0
    answered: int = 0
    open_now: int = 0

    @property
    def share_accepted(self) -> int | None:
        """Of those that are decided, in whole percent; None when none is."""
        decided = self.accepted + self.refused + self.silent
        return round(100 * self.accepted / decided) if decided else None


@dataclass(frozen=True, slots=True)
class Refusal:
    """One refusal with its reason, for who sees the matter."""

    hop: Hop
    number: str


@dataclass(frozen=True, slots=True)
class Record:
    """The record of one desk."""

    tally: Tally
    days_to_accept: float | None
    days_to_answer: float | None
    refusals: list[Refusal]
    gave_rupiah: int


def _of_year(at: datetime) -> Q:
    return Q(sent_at__gte=at - YEAR) & ~Q(case__sensitivity="sealed")


_COUNTS = {
    "received": Count("id"),
    "accepted": Count("id", filter=Q(accepted_at__isnull=False) & ~Q(state__in=("declined", "silent"))),
    "refused": Count("id", filter=Q(state="declined")),
    "silent": Count("id", filter=Q(state="silent")),
    "answered": Count("id", filter=Q(state="answered")),
    "open_now": Count("id", filter=Q(state__in=("offered", "accepted"))),
}


def tallies(desk_ids: Iterable[UUID], at: datetime) -> dict[UUID, Tally]:
    """The counts of many desks in one query; a desk that was never asked is not in it."""
    rows = Hop.objects.filter(_of_year(at), to_desk_id__in=list(desk_ids)).order_by()
    names = list(_COUNTS)
    found = rows.values("to_desk_id").annotate(**_COUNTS).values_list("to_desk_id", *names)
    return {desk_id: Tally(**dict(zip(names, counts, strict=True))) for desk_id, *counts in found}


def record_of(by: Actor, desk_id: UUID, at: datetime) -> Record:
    """The whole record of one desk: three queries."""
    rows = Hop.objects.filter(_of_year(at), to_desk_id=desk_id)
    tally = tallies([desk_id], at).get(desk_id, Tally())
    times = list(
        rows.filter(Q(accepted_at__isnull=False) | Q(state="answered"))
        .order_by("-sent_at")
        .values_list("sent_at", "accepted_at", "ended_at", "state", "given_amount")[:MOST]
    )
    taken = [(accepted - sent) / _DAY for sent, accepted, *_rest in times if accepted]
    done = [
        (ended - (accepted or sent)) / _DAY
        for sent, accepted, ended, state, _amount in times
        if state == "answered" and ended
    ]
    refused = (
        rows.filter(state="declined", case__in=access.visible(by).values("id"))
        .select_related("case", "from_desk")
        .order_by("-ended_at")[:10]
    )
    return Record(
        tally=tally,
        days_to_accept=_middle(taken),
        days_to_answer=_middle(done),
        refusals=[Refusal(hop, hop.case.number) for hop in refused],
        gave_rupiah=sum(amount for *_rest, amount in times if amount),
    )


def _middle(days: list[float]) -> float | None:
    return round(median(days), 1) if days else None


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long outside bodies keep matters waiting: how many lie there now, the longest, and the middle of those that came back."""

    now: int
    longest_days: int
    median_days: float | None


def waiting_outside(by: Actor, at: datetime) -> Waiting:
    """The clock that is not ours, over the matters the actor sees: two queries."""
    seen = access.visible(by).exclude(sensitivity="sealed").values("id")
    rows = Hop.objects.filter(Q(to_desk__outside=True) | Q(to_desk__level="partner"), case__in=seen)
    sent = list(
        rows.filter(ended_at=None, case__is_open=True).order_by("sent_at").values_list("sent_at", flat=True)
    )
    back = rows.filter(ended_at__gte=at - YEAR).exclude(state__in=("recalled", "superseded"))
    ends = back.values_list("sent_at", "ended_at")[:MOST]
    spans = [(ended - begun) / _DAY for begun, ended in ends if ended is not None]
    return Waiting(len(sent), max(0, (at - sent[0]) // _DAY) if sent else 0, _middle(spans))
