"""Lists: the saved views with filters in the address, search, and help."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from simpul import roles
from simpul.cases.queries import inbox as inbox_queries
from simpul.cases.queries import kinds as kind_queries
from simpul.cases.rules import moves
from simpul.desks import queries as desk_queries
from simpul.letters.queries import letters as letter_queries
from simpul.lib import ids
from simpul.messages.queries import calls as call_queries
from simpul.regions import queries as region_queries
from simpul.web.desk import frame, phone, words
from simpul.web.policy import Request, officer

MOST_FOUND = 50


@officer()
def inbox(request: Request) -> HttpResponseBase:
    """One saved view, filtered and ordered by what the address says; who only administers goes where their work is."""
    if roles.may_somewhere(request.by, "desk.open") or roles.may_somewhere(request.by, "line.redact"):
        return redirect("manage_home")
    at = timezone.now()
    filters = frame.filters_of(request)
    emergencies = region_queries.emergencies_touching(request.by.served_areas, at)
    page = inbox_queries.inbox(request.by, filters, at, danger_first=bool(emergencies))
    title, sentence = words.EMPTY[filters.view]
    context = {
        "title": words.VIEWS[filters.view][0],
        "rows": rows(page.rows, request, at),
        "filters": filters,
        "filtered": any(
            getattr(filters, name)
            for name in ("kind", "region", "state", "channel", "urgency", "desk", "words")
        ),
        "choices": _choices(request),
        "total": page.total,
        "total_is_exact": page.total_is_exact,
        "newer_url": _page_url(request, filters.page - 1) if filters.page > 1 else "",
        "older_url": _page_url(request, filters.page + 1) if page.has_next else "",
        "page_number": filters.page,
        "empty": {"title": title, "text": sentence},
        "bulk": _bulk_acts(request),
        "may_take_in": roles.may_somewhere(request.by, "case.open"),
        "owed": _owed(request, at, filters),
        "emergencies": emergencies,
        "letters_wait": _letters(request, filters),
    }
    return frame.show(request, "desk/inbox.html", context, here=f"inbox:{filters.view}")


def _owed(request: Request, at: datetime, filters: Any) -> dict[str, Any] | None:
    """People who were promised a call-back that is due now, the longest waiting first: on the first page of one's turn."""
    if filters.view != "turn" or filters.page > 1 or not roles.may_somewhere(request.by, "callback.keep"):
        return None
    found = call_queries.owed(request.by, at)
    return (
        {"due": found.due, "rows": [phone.row(one, at) for one in phone.shown(request, found.first)]}
        if found.due
        else None
    )


def _letters(request: Request, filters: inbox_queries.Filters) -> int:
    """How many letters wait for the village head: on the first page of the head's turn."""
    if (
        request.by.role != "head"
        or filters.view != "turn"
        or filters.page > 1
        or len(request.by.region_code) != 10
    ):
        return 0
    return letter_queries.count_waiting_for_head(request.by, letter_queries.ways_of(request.by.region_code))


@officer()
def search(request: Request) -> HttpResponseBase:
    """Search over everything this seat may see: a number in any spelling opens its matter at once."""
    at = timezone.now()
    asked = request.GET.get("q", "").strip()[:200]
    found = inbox_queries.find(request.by, asked, limit=MOST_FOUND) if asked else []
    if len(found) == 1 and _is_number(asked, found[0].number):
        return redirect("desk_case", case_id=found[0].id)
    context = {
        "asked": asked,
        "rows": rows(found, request, at),
        "many": len(found) >= MOST_FOUND,
        "glass": roles.may_somewhere(request.by, "case.break_glass"),
    }
    return frame.show(request, "desk/search.html", context, here="desk_search")


@officer()
def help_page(request: Request) -> HttpResponseBase:
    """How the desk is used, on one page."""
    return frame.show(request, "desk/help.html", {}, here="desk_help")


def rows(found: Iterable[Any], request: Request, at: datetime) -> list[dict[str, Any]]:
    """Cases as rows of a list; the places of all of them come in one query."""
    cases = list(found)
    places = region_queries.paths({case.region_code for case in cases})
    kept = frame.place_in_list(request)
    return [row(case, request, at, places.get(case.region_code, ""), kept) for case in cases]


def row(case: Any, request: Request, at: datetime, path: str, kept: str = "") -> dict[str, Any]:
    """One case as the row component takes it."""
    address = reverse("desk_case", args=[case.id])
    clock = words.case_chip(case, at)
    mine = case.acting_id in request.by.desk_ids
    meta = [words.said(case.kind, "name")]
    if case.handler_name:
        meta.append(case.handler_name)
    if case.state not in (moves.NEW, moves.WORKING):
        meta.append(words.of(words.STATES, case.state))
    return {
        "id": str(case.id),
        "url": f"{address}?{kept}" if kept else address,
        "panel_url": f"{address}?{kept}&panel=1" if kept else f"{address}?panel=1",
        "number": case.number,
        "title": case.title,
        "place": place_words(case, path),
        "desk": "" if mine else case.acting.name,
        "age": words.age(case.received_at, at),
        "new": case.state == moves.NEW and case.seat_id is None,
        "late": clock.tone == "late",
        "clock": {"words": clock.words, "tone": clock.tone, "due": clock.due},
        "tags": words.marks(case),
        "meta": meta,
    }


def place_words(case: Any, path: str) -> str:
    """The hamlet and village of a case, short enough for a row."""
    village = path.split(", ", maxsplit=1)[0] if path else ""
    return ", ".join(part for part in (case.hamlet.name if case.hamlet else "", village) if part)


def _choices(request: Request) -> dict[str, list[tuple[str, str]]]:
    """What the filters offer."""
    return {
        "kind": [(kind.code, words.said(kind, "name")) for kind in kind_queries.kinds_active()],
        "state": [(code, str(name)) for code, name in words.STATES.items()],
        "channel": [(code, str(name)) for code, name in words.CHANNELS.items()],
        "urgency": [("urgent", str(words.URGENCIES["urgent"])), ("danger", str(words.URGENCIES["danger"]))],
        "desk": [
            (desk.code, desk.name)
            for desk in desk_queries.desks_visible(request.by).open().order_by("name")[:200]
        ],
        "order": [
            ("due", _("Most urgent first")),
            ("new", _("Newest first")),
            ("old", _("Oldest first")),
            ("changed", _("Last changed first")),
        ],
    }


def _bulk_acts(request: Request) -> list[tuple[str, str]]:
    acts = [
        ("claim", "case.claim", _("Take on")),
        ("refer", "case.refer", _("Send on")),
        ("incident", "incident.join", _("Join to a shared cause")),
    ]
    found = [(slug, label) for slug, act, label in acts if roles.may_somewhere(request.by, act)]
    return [*found, ("print", _("Print"))]


def _page_url(request: Request, page: int) -> str:
    kept = {
        name: request.GET[name] for name in frame.FILTER_NAMES if request.GET.get(name) and name != "page"
    }
    return f"{reverse('desk_inbox')}?{urlencode({**kept, 'page': page})}"


def _is_number(asked: str, number: str) -> bool:
    """True when what was typed is this number, in any spelling."""
    plain = "".join(mark for mark in asked.upper() if mark.isalnum())
    whole = "".join(mark for mark in number.upper() if mark.isalnum())
    said = ids.said_case_number(asked, number.partition("-")[0])
    return str(said) == number or (bool(plain) and (whole.startswith(plain) or whole.endswith(plain)))
