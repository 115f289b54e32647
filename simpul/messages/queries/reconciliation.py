"""The books of a day: what gateways handed over, what became of it, and where the two do not agree.

Every figure is counted from its own table: deliveries from the raw store, messages from theirs, reports from theirs, kept
deliveries from the journal. A difference is said with its number and what it means; the page puts it into words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from simpul.journal import queries as journal_queries
from simpul.messages import transports
from simpul.messages.models import Delivery, Gateway, Incoming, IncomingFile, Message, Status
from simpul.messages.queries import gateways as gateway_queries
from simpul.messages.rules import incoming as rules
from simpul.messages.transports import requests

MOST_SHOWN = 50
_CHUNK = 500


@dataclass(slots=True)
class Row:
    """One gateway on one day. ``gateway`` is None for what belongs to none."""

    gateway: Gateway | None
    deliveries: dict[str, int] = field(default_factory=dict)  # by state: stored, read, broken, refused
    repeats: int = 0
    refused_uncounted: int = 0  # refused ones that were counted and not kept
    made: int = 0
    messages: dict[str, int] = field(default_factory=dict)  # by state: parts, new, open, settled
    outcomes: dict[str, int] = field(default_factory=dict)
    statuses: int = 0
    statuses_alone: int = 0  # about no message of ours

    @property
    def received(self) -> int:
        """Deliveries that could be trusted."""
        return sum(number for state, number in self.deliveries.items() if state != "refused")

    @property
    def refused(self) -> int:
        """Deliveries that could not be trusted, counted ones too."""
        return self.deliveries.get("refused", 0) + self.refused_uncounted

    @property
    def heard(self) -> int:
        """Messages that came of them."""
        return sum(self.messages.values())


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the books do not agree. ``code`` names what it is (see ``CODES``)."""

    code: str
    count: int
    gateway: Gateway | None = None


CODES = (
    "unread",  # deliveries that wait for longer than they should
    "broken",  # deliveries that could not be read
    "unheard",  # messages that the machine has not looked at for too long
    "parts",  # long messages whose parts did not come
    "no_subject",  # messages that became a matter, without the matter
    "files",  # files that could not be fetched
    "missing",  # the journal says that a delivery was kept, and it is not there
)


@dataclass(frozen=True, slots=True)
class Day:
    """The books of a day."""

    begin: datetime
    end: datetime
    rows: list[Row]
    differences: list[Difference]

    @property
    def agrees(self) -> bool:
        """True when nothing is open that should not be."""
        return not self.differences


def day(begin: datetime, end: datetime, at: datetime) -> Day:
    """The books of the time from ``begin`` to ``end``, as they stand at ``at``."""
    rows = _rows(begin, end)
    return Day(begin, end, rows, list(_differences(begin, end, at, {row.gateway: row for row in rows})))


def _rows(begin: datetime, end: datetime) -> list[Row]:
    gateways: dict[UUID | None, Gateway] = {one.id: one for one in Gateway.objects.order_by("rank", "code")}
    rows: defaultdict[UUID | None, Row] = defaultdict(lambda: Row(None))
    for key, gateway in gateways.items():
        rows[key] = Row(gateway)
    came = Q(received_at__gte=begin, received_at__lt=end)
    for key, state, number, repeats, made in (
        Delivery.objects.filter(came)
        .values_list("gateway_id", "state")
        .annotate(number=Count("id"), again=Sum("repeats"), sum_made=Sum("made"))
        .order_by()
    ):
        row = rows[key]
        row.deliveries[state] = number
        row.made += made or 0
        if state == "refused":
            row.refused_uncounted += repeats or 0
        else:
            row.repeats += repeats or 0
    for key, state, outcome, number in (
        Incoming.objects.filter(came)
        .values_list("gateway_id", "state", "outcome")
        .annotate(number=Count("id"))
        .order_by()
    ):
        messages, outcomes = rows[key].messages, rows[key].outcomes
        messages[state] = messages.get(state, 0) + number
        if outcome:
            outcomes[outcome] = outcomes.get(outcome, 0) + number
    _count_statuses(rows, begin, end)
    return [row for row in rows.values() if _says_something(row)]


def _says_something(row: Row) -> bool:
    return (row.gateway is not None and row.gateway.is_active) or bool(
        row.deliveries or row.messages or row.statuses
    )


def _count_statuses(rows: Mapping[UUID | None, Row], begin: datetime, end: datetime) -> None:
    ours = Message.objects.filter(gateway=OuterRef("gateway"), external_id=OuterRef("external_id"))
    told = (
        Status.objects.filter(recorded_at__gte=begin, recorded_at__lt=end)
        .exclude(status="removed")
        .values_list("gateway_id")
        .annotate(number=Count("id"), alone=Count("id", filter=~Exists(ours)))
        .order_by()
    )
    for key, number, alone in told:
        rows[key].statuses, rows[key].statuses_alone = number, alone


def _differences(
    begin: datetime, end: datetime, at: datetime, rows: Mapping[Gateway | None, Row]
) -> Iterator[Difference]:
    came = Q(received_at__gte=begin, received_at__lt=end)
    late = at - rules.SHOULD_BE_READ
    by_code: dict[str, dict[UUID | None, int]] = {
        "unread": _by_gateway(Delivery.objects.filter(came, state="stored", received_at__lt=late)),
        "broken": _by_gateway(Delivery.objects.filter(came, state="broken")),
        "unheard": _by_gateway(Incoming.objects.filter(came, state="new", hear_at__lt=late)),
        "parts": _by_gateway(Incoming.objects.filter(came, state="parts", hear_at__lt=late)),
        "no_subject": _by_gateway(
            Incoming.objects.filter(came, outcome__in=("case", "added", "feedback"), subject_id=None)
        ),
        "files": _by_gateway(_files(begin, end), "incoming__gateway_id"),
    }
    known = {gateway.id: gateway for gateway in rows if gateway is not None}
    for code, counts in by_code.items():
        for key, number in counts.items():
            yield Difference(code, number, known.get(key) if key else None)
    gone = _missing(begin, end)
    if gone:
        yield Difference("missing", gone)


def _files(begin: datetime, end: datetime) -> QuerySet[IncomingFile]:
    """Files that were never got. One that was refused, or is too large, was got and judged: its message says so."""
    return IncomingFile.objects.filter(
        incoming__received_at__gte=begin,
        incoming__received_at__lt=end,
        state="gone",
    )


def _by_gateway(found: QuerySet[Any], column: str = "gateway_id") -> dict[UUID | None, int]:
    return dict(found.values_list(column).annotate(number=Count("id")).order_by())


def _missing(begin: datetime, end: datetime) -> int:
    """How many deliveries the journal saw being kept, and the raw store does not have."""
    keys = journal_queries.subjects("delivery.store", begin, end)
    there = 0
    for start in range(0, len(keys), _CHUNK):
        there += Delivery.objects.filter(id__in=keys[start : start + _CHUNK]).count()
    return len(keys) - there


def broken(limit: int = MOST_SHOWN) -> list[Delivery]:
    """Deliveries that a person must look at, newest first; their content stays where it is."""
    found = (
        Delivery.objects.filter(state="broken").select_related("gateway").defer("body", "headers", "query")
    )
    return list(found.order_by("-received_at")[:limit])


def held(gateway: Gateway) -> int | None:
    """What the gateway itself says it holds for us now; None for one that cannot say, or does not answer."""
    ask = requests.option(transports.PROVIDERS.get(gateway.kind), "holds")
    try:
        return None if ask is None else int(ask(gateway_queries.setup_of(gateway)))
    except (transports.Unreachable, transports.Rejected):
        return None


def refusals(begin: datetime, end: datetime, limit: int = 20) -> list[tuple[str, str, int]]:
    """Why deliveries of a day were refused: gateway's name, reason, how many."""
    found = (
        Delivery.objects.filter(state="refused", received_at__gte=begin, received_at__lt=end)
        .values_list("gateway__name", "reason")
        .annotate(number=Count("id"), again=Sum("repeats"))
        .order_by("-number", "reason")[:limit]
    )
    return [(name or "", reason, number + (again or 0)) for name, reason, number, again in found]


def oldest_unread_at() -> datetime | None:
    """Since when the oldest delivery waits to be read; None when none waits."""
    return (
        Delivery.objects.filter(state="stored")
        .order_by("received_at")
        .values_list("received_at", flat=True)
        .first()
    )
