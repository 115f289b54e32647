"""Lists of what was said, and one piece of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch

from simpul.feedback import access
from simpul.feedback.models import Coding, Record, RecordSet
from simpul.lib.actor import Actor

PAGE = 40


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address says about the list; "" is everything."""

    state: str = ""
    type: str = ""
    code: str = ""
    region: str = ""
    channel: str = ""
    words: str = ""
    since: datetime | None = None
    until: datetime | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list."""

    rows: tuple[Record, ...]
    has_next: bool


def listed(by: Actor, filters: Filters) -> Page:
    """A page of what the actor may read, newest first."""
    first = (max(1, filters.page) - 1) * PAGE
    rows = _filtered(by, filters).select_related("hamlet", "rumour")
    rows = rows.prefetch_related(
        Prefetch("codings", Coding.objects.select_related("code").order_by("at", "id"))
    )
    found = list(rows.order_by("-received_at", "-id")[first : first + PAGE + 1])
    return Page(tuple(found[:PAGE]), len(found) > PAGE)


def to_code(by: Actor) -> int:
    """How many wait to be coded; counts to a thousand."""
    return access.visible(by).filter(state="new")[:1000].count()


def next_to_code(by: Actor, after: UUID | None = None) -> UUID | None:
    """The oldest record that waits to be coded, other than the one just left."""
    rows = access.visible(by).filter(state="new")
    if after is not None:
        rows = rows.exclude(id=after)
    return rows.order_by("received_at", "id").values_list("id", flat=True).first()


def codes_of(record: Record) -> list[str]:
    """The keys of a record's codes."""
    return list(record.codings.order_by("at", "id").values_list("code_id", flat=True))


def of_source(kind: str, source_id: UUID) -> Record | None:
    """The record that a message or a call became, for rooms and doors that have checked who asks."""
    return Record.objects.filter(source_kind=kind, source_id=source_id).first()


def _filtered(by: Actor, filters: Filters) -> RecordSet:
    found = access.visible(by).inside(filters.region)
    if filters.state:
        found = found.filter(state=filters.state)
    if filters.channel:
        found = found.filter(channel=filters.channel)
    if filters.since:
        found = found.filter(received_at__gte=filters.since)
    if filters.until:
        found = found.filter(received_at__lt=filters.until)
    if filters.words:
        found = found.filter(text__icontains=filters.words)
    if filters.code or filters.type:
        codings = Coding.objects.filter(record=OuterRef("pk"))
        codings = (
            codings.filter(code_id=filters.code) if filters.code else codings.filter(code__type=filters.type)
        )
        found = found.filter(Exists(codings))
    return found
