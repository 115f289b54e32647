"""What the pages of requests share: finding one, words, the line of progress, who may do what now."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.posyandu.access import requests as access
from simpul.posyandu.queries import requests as queries
from simpul.posyandu.queries import services
from simpul.posyandu.rules import requests as rules
from simpul.web.desk import trying
from simpul.web.desk import words as desk_words
from simpul.web.policy import Request

HERE = "desk_posyandu_requests"
READING = access.READING
TONES = {
    "papers": "info",
    "checked": "info",
    "verified": "brand",
    "handed": "brand",
    "forwarded": "brand",
    "done": "good",
    "refused": "",
    "set_aside": "",
}
LINE = {"done": "done", "now": "now", "next": "later", "left_out": "later"}


def language() -> str:
    """The reader's language, for the two names of catalogue rows."""
    return (get_language() or "id")[:2]


def request_or_404(request: Request, fieldrequest_id: UUID) -> Any:
    """The request, if this seat may see it: hidden ones are not found."""
    return trying.found(access.request_for, request, fieldrequest_id)


def today(region_code: str) -> date:
    """The date at a place."""
    return timezone.now().astimezone(desk_queries.zone_of(region_code)).date()


def field_words(options: Any, code: str) -> str:
    """A field or service of the kind in the reader's language."""
    return services.words_of(options, code, language())


def may(request: Request, act: str, one: Any) -> bool:
    """True when this seat may do this now."""
    place = roles.Place(region_code=one.region_code)
    return roles.may(request.by, act, place) and rules.allowed(act, one.state)


def steps_of(one: Any, *, complete: bool) -> list[dict[str, str]]:
    """The line of progress for ``steps-bar``."""
    line = rules.progress(one.state, papers_complete=complete, forwarded=one.forwarded_at is not None)
    return [{"label": _(rules.STEPS[step.key]), "state": LINE[step.state]} for step in line]


def who(request: Request, one: Any) -> str:
    """Who asked, as this seat may read it."""
    if one.anonymous:
        return _("Without a name")
    if not access.sees_name(request.by, one):
        return _("Name protected")
    return one.case.reporter.full_name if one.case.reporter is not None else _("Without a name")


def row(request: Request, one: Any, complete: frozenset[UUID], options: Any, now: datetime) -> dict[str, Any]:
    """One line of the list."""
    return {
        "one": one,
        "service": field_words(options, one.service),
        "who": who(request, one),
        "steps": steps_of(one, complete=one.id in complete),
        "state": _(rules.STATES[one.state]),
        "tone": TONES[one.state],
        "stale": rules.is_stale(one.state, one.stale_at, now),
        "hidden": one.confidential and one.released_at is None and one.state in rules.OPEN,
        "clock": desk_words.case_chip(one.case, now) if one.case.is_open else None,
        "taken": desk_words.short_day(one.taken_at, one.region_code),
    }


def posyandu_choices(request: Request) -> list[tuple[str, str]]:
    """Posyandu that take requests in this area, the seat's own first."""
    return [(str(one.id), one.name) for one in queries.posyandu_in(request.by)]
