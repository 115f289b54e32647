"""The supervisor's page: who is late, who is silent, how much lies where, and the figures with their definitions."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from simpul import roles
from simpul.cases import access
from simpul.cases.queries import figures as queries
from simpul.cases.queries import inbox as inbox_queries
from simpul.cases.queries import records as record_queries
from simpul.cases.queries import tiers as tier_queries
from simpul.journal import actions as journal_actions
from simpul.lib import text, when
from simpul.regions import queries as region_queries
from simpul.web.desk import frame, inbox, lapor, words
from simpul.web.policy import Request, officer

PERIODS = (30, 90, 365)
MOST_ROWS = 20_000
SUPERVISING = ("export.record", "case.verify", "case.answer")


@officer(*SUPERVISING)
def watch(request: Request) -> HttpResponseBase:
    """Figures and loads; each number opens the list behind it."""
    at = timezone.now()
    days = _period(request)
    since = at - timedelta(days=days)
    found = queries.figures(request.by, since=since, until=at, at=at)
    loads = queries.desk_loads(request.by, at)
    raised = inbox_queries.inbox(request.by, inbox_queries.Filters(view="raised", order="old"), at)
    context = {
        "days": days,
        "periods": [
            {"label": _("%(n)s days") % {"n": n}, "url": f"?hari={n}", "current": n == days} for n in PERIODS
        ],
        "figures": found,
        "stats": _stats(found),
        "loads": [_load(load, at) for load in loads],
        "silent": [_load(load, at) for load in loads if load.late_turns],
        "raised": inbox.rows(raised.rows[:10], request, at),
        "raised_total": raised.total,
        "untaken": inbox.rows(tier_queries.untaken(request.by)[:10], request, at),
        "outside": record_queries.waiting_outside(request.by, at),
        "months": [
            (_month(key), count)
            for key, count in queries.monthly(request.by, since=at - timedelta(days=365), until=at)
        ],
        "load_bars": [
            (load.desk.name, load.open, _list("all", load.desk), "bad" if load.late_turns else "")
            for load in loads[:20]
        ],
        "may_export": roles.may_somewhere(request.by, "export.record"),
    }
    return frame.show(request, "desk/watch/page.html", context, here="desk_watch")


def _period(request: Request) -> int:
    asked = request.GET.get("hari", "") or request.POST.get("hari", "")
    return int(asked) if asked in {str(n) for n in PERIODS} else 90


def _stats(found: queries.Figures) -> list[dict[str, Any]]:
    def decimal(value: float | None) -> str:
        return "–" if value is None else f"{value:.1f}".replace(".", "," if words.language() == "id" else ".")

    share = "–" if found.share_answered is None else f"{found.share_answered:.0f}%"
    base = reverse("desk_inbox")
    return [
        {
            "number": found.received,
            "label": _("received"),
            "note": _("in this period, sealed matters left out"),
            "url": f"{base}?view=all&order=new",
        },
        {"number": share, "label": _("answered"), "note": _("share of those received in this period")},
        {
            "number": decimal(found.mean_days),
            "label": _("days on average"),
            "note": _("from first disposition to first answer"),
        },
        {
            "number": decimal(found.median_days),
            "label": _("days in the middle"),
            "note": _("half were answered faster"),
        },
        {
            "number": decimal(found.p90_days),
            "label": _("days for nine of ten"),
            "note": _("one in ten waited longer"),
        },
        {
            "number": found.overdue,
            "label": _("open and overdue"),
            "note": _("counted, so that silence never looks punctual"),
            "tone": "bad" if found.overdue else "good",
            "url": f"{base}?view=late",
        },
        {
            "number": found.outside_hours,
            "label": _("outside service hours"),
            "note": _("came when the desk was closed"),
        },
        {
            "number": decimal(found.mean_rating),
            "label": _("rating of 5"),
            "note": _("from %(n)s residents") % {"n": found.rated},
        },
    ]


def _load(load: queries.DeskLoad, at: datetime) -> dict[str, Any]:
    return {
        "load": load,
        "open_url": _list("all", load.desk),
        "late_url": _list("late", load.desk),
        "oldest": words.age(load.oldest_at, at) if load.oldest_at else "",
    }


def _list(view: str, desk: Any) -> str:
    return f"{reverse('desk_inbox')}?{urlencode({'view': view, 'desk': desk.code, 'order': 'old'})}"


def _month(key: str) -> str:
    return when.format_month(datetime.strptime(f"{key}-01", "%Y-%m-%d").date(), words.language())  # noqa: DTZ007 - a month


# --- exports ------------------------------------------------------------------------------------------------------------


@officer("export.record")
@require_POST
def export(request: Request, what: str) -> HttpResponseBase:
    """A list for a spreadsheet: no names and no words of residents, cells neutralised, and a line in the journal first."""
    at = timezone.now()
    if what not in EXPORTS:
        raise Http404
    head, rows = EXPORTS[what](request, at)
    purpose = request.POST.get("purpose", "").strip()[:200]
    journal_actions.record_export(by=request.by, at=at, what=what, rows=len(rows), purpose=purpose)
    return as_csv(f"simpul-{what}-{at:%Y%m%d}.csv", head, rows)


def as_csv(name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A CSV that a spreadsheet opens without running anything in it."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow([text.neutralise_cell(cell) for cell in head])
    for row in rows:
        writer.writerow([text.neutralise_cell(cell) for cell in row])
    return response


def _desks(request: Request, at: datetime) -> tuple[list[str], list[list[Any]]]:
    head = [_("Desk"), _("Still open"), _("Overdue"), _("Late turns"), _("Raised"), _("Oldest since")]
    loads = queries.desk_loads(request.by, at)
    rows = [
        [
            load.desk.name,
            load.open,
            load.overdue,
            load.late_turns,
            load.raised,
            load.oldest_at.date().isoformat() if load.oldest_at else "",
        ]
        for load in loads
    ]
    return head, rows


def _cases(request: Request, at: datetime) -> tuple[list[str], list[list[Any]]]:
    head = [
        _("Case number"),
        _("Kind"),
        _("State"),
        _("Place"),
        _("Desk"),
        _("Road"),
        _("Received"),
        _("Due"),
        _("Answered"),
        _("Hours to the answer"),
        _("Decision"),
        _("Rating"),
    ]
    since = at - timedelta(days=_period(request))
    found = (
        access.visible(request.by)
        .unsealed()
        .filter(received_at__gte=since)
        .select_related("kind", "acting")
        .order_by("received_at")[:MOST_ROWS]
    )
    cases = list(found)
    places = region_queries.paths({case.region_code for case in cases})
    return head, [_case_row(case, places.get(case.region_code, case.region_code)) for case in cases]


def _case_row(case: Any, place: str) -> list[Any]:
    def iso(moment: datetime | None) -> str:
        return moment.isoformat(timespec="minutes") if moment else ""

    return [
        case.number,
        words.said(case.kind, "name"),
        words.of(words.STATES, case.state),
        place,
        case.acting.name,
        words.of(words.CHANNELS, case.channel),
        iso(case.received_at),
        iso(case.due_at),
        iso(case.first_answered_at),
        "" if case.hours_to_answer is None else case.hours_to_answer,
        words.decision_words(case.decision),
        case.rating or "",
    ]


def _lapor(request: Request, at: datetime) -> tuple[list[str], list[list[Any]]]:
    return lapor.export(request.by, at - timedelta(days=_period(request)), at)


EXPORTS: Mapping[str, Callable[[Request, datetime], tuple[list[str], list[list[Any]]]]] = {
    "meja": _desks,
    "kasus": _cases,
    "lapor": _lapor,
}
"""What may leave as a spreadsheet, by the word in the address."""
