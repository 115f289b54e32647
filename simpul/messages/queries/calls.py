"""Reading the call log: what is owed a call-back, who called before, the languages people speak."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from simpul.lib import phone as phone_lib
from simpul.lib.actor import Actor
from simpul.messages import access
from simpul.messages.models import Call, Correspondent, Gateway

_SPOKEN = Path(__file__).parents[1] / "catalogue" / "spoken.toml"
PAGE = 50
VIEWS = ("all", "callback", "missed", "loose", "sealed")
"""The lists of the log: everything, who waits for a call-back, what was missed, what should have become a matter, sealed."""


@lru_cache(maxsize=1)
def spoken() -> Mapping[str, Mapping[str, str]]:
    """Languages people speak, by code, each with its name in Indonesian and English."""
    rows = tomllib.loads(_SPOKEN.read_text(encoding="utf-8"))["languages"]
    return {row["code"]: {"id": row["name_id"], "en": row["name_en"]} for row in rows}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address of the log says."""

    view: str = "all"
    words: str = ""
    outcome: str = ""
    language: str = ""
    since: datetime | None = None
    until: datetime | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the log."""

    rows: list[Call]
    has_next: bool


@dataclass(frozen=True, slots=True)
class Owed:
    """Who waits for a call-back: how many now, how many altogether, and the first of them."""

    due: int
    waiting: int
    first: list[Call]


def log(by: Actor, filters: Filters) -> Page:
    """One page of the log, newest first; call-backs by their moment, the latest promise first."""
    start = (max(1, filters.page) - 1) * PAGE
    found = list(_ordered(by, filters)[start : start + PAGE + 1])
    return Page(found[:PAGE], len(found) > PAGE)


def whole_log(by: Actor, filters: Filters, most: int) -> list[Call]:
    """The log for a spreadsheet: sealed calls are left out of it for everybody."""
    return list(_ordered(by, filters).filter(sealed=False)[:most])


def _ordered(by: Actor, filters: Filters) -> QuerySet[Call]:
    found = access.calls(by).select_related("correspondent__person", "desk", "gateway")
    found = _narrow(_view(found, filters.view), filters)
    if filters.view == "callback":
        return found.order_by("callback_due_at", "id")
    return found.order_by("-started_at", "-id")


def _view(found: QuerySet[Call], view: str) -> QuerySet[Call]:
    if view == "callback":
        return found.filter(callback_done_at=None).exclude(callback_due_at=None)
    if view == "missed":
        return found.filter(direction="missed")
    if view == "loose":
        return found.filter(outcome="case", subject_id=None)
    return found.filter(sealed=True) if view == "sealed" else found


def _narrow(found: QuerySet[Call], filters: Filters) -> QuerySet[Call]:
    if filters.outcome:
        found = found.filter(outcome=filters.outcome)
    if filters.language:
        found = found.filter(language=filters.language)
    if filters.since:
        found = found.filter(started_at__gte=filters.since)
    if filters.until:
        found = found.filter(started_at__lt=filters.until)
    asked = filters.words.strip()
    if asked:
        number = phone_lib.normalise(asked).e164
        by_number = Q(number_typed__icontains=asked) | Q(caller_name__icontains=asked)
        if number:
            by_number |= Q(correspondent__number=number)
        found = found.filter(by_number)
    return found


def owed(by: Actor, at: datetime, limit: int = 5) -> Owed:
    """Call-backs that are due at the actor's desks now, the most overdue first, and how many more are promised."""
    waiting = _view(access.calls(by).filter(desk_id__in=by.desk_ids), "callback")
    counted = waiting.aggregate(all=Count("id"), due=Count("id", filter=Q(callback_due_at__lte=at)))
    if not counted["due"] or not limit:
        return Owed(counted["due"], counted["all"], [])
    first = waiting.filter(callback_due_at__lte=at).select_related("correspondent")
    return Owed(counted["due"], counted["all"], list(first.order_by("callback_due_at", "id")[:limit]))


def counts(by: Actor, at: datetime) -> dict[str, int]:
    """How many calls wait in each list that is work: one query."""
    found = access.calls(by)
    waits = Q(callback_due_at__isnull=False, callback_done_at=None)
    return found.aggregate(
        callback=Count("id", filter=waits),
        due=Count("id", filter=waits & Q(callback_due_at__lte=at)),
        loose=Count("id", filter=Q(outcome="case", subject_id=None)),
        sealed=Count("id", filter=Q(sealed=True, subject_id=None)),
    )


def earlier(by: Actor, number: str, limit: int = 5) -> list[Call]:
    """The last calls from and to a number, as far as the actor may see them; whatever spelling it is typed in."""
    dialled = phone_lib.normalise(number).e164
    if not dialled:
        return []
    found = access.calls(by).filter(correspondent__number=dialled)
    return list(found.select_related("desk").order_by("-started_at", "-id")[:limit])


def conversations(by: Actor, number: str, limit: int = 5) -> list[Correspondent]:
    """Conversations on other channels with the same number, as far as the actor may read them."""
    dialled = phone_lib.normalise(number).e164
    if not dialled:
        return []
    found = access.correspondents(by).filter(number=dialled).exclude(channel="phone")
    return list(found.select_related("person").order_by("-last_in_at")[:limit])


def of_subject(subject_id: UUID) -> list[Call]:
    """The calls of a matter, newest first. The caller has checked that its actor may see the matter."""
    found = Call.objects.filter(subject_id=subject_id).select_related("correspondent", "gateway", "desk")
    return list(found.order_by("-started_at", "-id"))


def telephones(by: Actor) -> list[Gateway]:
    """The SIMs that ring at the actor's desks, or all of the installation when none is theirs."""
    found = Gateway.objects.filter(road="sms", is_active=True).exclude(number="").order_by("rank", "name")
    mine = list(found.filter(desk_id__in=by.desk_ids))
    return mine or list(found)
