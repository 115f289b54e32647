"""The list of requests with its flags, and what the indicators of the six fields come to."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET

from simpul import roles
from simpul.posyandu.queries import requests as queries
from simpul.posyandu.queries import requests_indicators, services
from simpul.posyandu.rules import requests as rules
from simpul.web import reading
from simpul.web.desk import frame
from simpul.web.desk import words as desk_words
from simpul.web.desk.posyandu_recaps import asked
from simpul.web.desk.posyandu_requests import shared
from simpul.web.policy import Request, officer

SHOWN = {"": gettext_noop("Under way"), "flagged": gettext_noop("Red flag"), "late": gettext_noop("Over five days"),
    "ended": gettext_noop("Ended")}  # fmt: skip
FILTERS = ("bidang", "keadaan", "posyandu", "kata")
SMALL = 5


@officer(*shared.READING)
@require_GET
def listed(request: Request) -> HttpResponseBase:
    """Requests of the area: what nobody moved stands first."""
    given, now = request.GET, timezone.now()
    only = given.get("tampil", "")
    filters = queries.Filters(
        only=only if only in SHOWN else "",
        field=given.get("bidang", "")[:20],
        state=state if (state := given.get("keadaan", "")) in _states(only) else "",
        posyandu_id=reading.key(given.get("posyandu", "")),
        words=given.get("kata", "").replace("\x00", "").strip()[:80],
        page=reading.page_number(given.get("page", "")),
    )
    page = queries.listed(request.by, filters, now)
    options, fields = services.kind_options("service"), services.kind_options("field")
    counts = queries.counts(request.by, now)
    kept = {name: given[name] for name in ("tampil", *FILTERS) if given.get(name)}
    may_take = roles.may_somewhere(request.by, "fieldrequest.take")
    first = may_take and filters.page == 1 and not kept
    narrow = {name: value for name, value in kept.items() if name != "tampil"}
    context = {
        "rows": [shared.row(request, one, page.complete, options, now) for one in page.rows],
        "tabs": [
            {
                "label": _(label),
                "url": f"?{urlencode({**narrow, **({'tampil': code} if code else {})})}",
                "current": code == filters.only,
                "count": counts.get(code or "open"),
            }
            for code, label in SHOWN.items()
        ],
        "only": filters.only,
        "filters": {name: given.get(name, "") for name in FILTERS},
        "filtered": bool(narrow),
        "fields": [
            (code, shared.field_words(fields, code)) for code in services.in_force(request.by.served_areas)
        ],
        "states": [(code, _(label)) for code, label in _states(only).items()],
        "posyandus": shared.posyandu_choices(request),
        "waiting": [_matter(one) for one in queries.waiting_matters(request.by)] if first else [],
        "found": [_found(one) for one in queries.finding_matters(request.by)] if first else [],
        "may_take": may_take,
        "older_url": f"?{urlencode({**kept, 'page': filters.page + 1})}" if page.has_next else "",
        "newer_url": f"?{urlencode({**kept, 'page': filters.page - 1})}" if filters.page > 1 else "",
    }
    return frame.show(request, "desk/posyandu_requests/list.html", context, here=shared.HERE)


def _states(only: str) -> dict[str, str]:
    """The states that a tab of the list can hold."""
    return {code: label for code, label in rules.STATES.items() if (code in rules.OPEN) is (only != "ended")}


def _found(case: Any) -> dict[str, str]:
    return {**_matter(case), "url": reverse("desk_case", args=[case.id])}


def _matter(case: Any) -> dict[str, str]:
    return {
        "number": case.number,
        "title": case.title,
        "url": reverse("desk_posyandu_request_join", args=[case.id]),
        "when": desk_words.short_day(case.received_at, case.region_code),
    }


@officer(*shared.READING)
@require_GET
def indicators(request: Request) -> HttpResponseBase:
    """Each field's services, what is shown for them, and its indicators with figures where the house knows them."""
    language = shared.language()
    figures = requests_indicators.counted(request.by, shared.today(request.by.served_areas[0]))
    options, fields = services.kind_options("service"), services.kind_options("field")
    named = roles.may_somewhere(request.by, "examination.read")
    book = services.catalogue()
    here = services.in_force(request.by.served_areas)
    context = {
        "fields": [
            {
                "name": shared.field_words(fields, code),
                "indicators": [_indicator(one, figures.get(one.code), language, named=named) for one in rows],
                "services": [
                    _service(one, options, language) for one in book.services.values() if one.field == code
                ],
            }
            for code, rows in book.indicators.items()
            if code in here
        ]
    }
    return frame.show(request, "desk/posyandu_requests/indicators.html", context, here=shared.HERE)


def _indicator(one: Any, figure: Any, language: str, *, named: bool) -> dict[str, Any]:
    small = figure is not None and 0 < figure.value < SMALL and not named
    shown = None if figure is None else _("fewer than 5") if small else figure.value
    return {
        "name": one.label(language),
        "value": asked.hidden_note() if figure is not None and figure.hidden else shown,
        "unknown": figure.unknown if figure is not None else 0,
        "lacks": one.missing(language),
        "source": one.source,
        "confidence": {
            "confirmed": _("confirmed"), "secondary": _("secondary source"), "unconfirmed": _("unconfirmed"),
        }[one.confidence],
    }  # fmt: skip


def _service(one: services.Service, options: Any, language: str) -> dict[str, Any]:
    return {
        "name": shared.field_words(options, one.code),
        "papers": ", ".join(services.paper_name(code, language) for code in one.papers),
        "optional": ", ".join(services.paper_name(code, language) for code in one.optional),
        "visit": one.visit,
    }
