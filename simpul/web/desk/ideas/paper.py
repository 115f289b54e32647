"""Papers: rows of the plan in the columns of book D1, the DU-RKP list, the ranking of a meeting, one idea; and the plan as a table."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul.community.queries import ideas as idea_queries
from simpul.community.queries import planning as queries
from simpul.community.rules import ideas as idea_rules
from simpul.community.rules import planning as rules
from simpul.regions import queries as region_queries
from simpul.web.desk import frame, watch, words
from simpul.web.desk.ideas import meeting, plan, shared
from simpul.web.policy import Request, officer


def _asked(request: Request) -> tuple[str, int, str]:
    code = shared.village(request)
    if not code:
        raise Http404
    which = request.GET.get("daftar", "") or request.POST.get("daftar", "")
    return code, plan.asked_year(request, code), which if which in rules.LISTS else "rkp"


@officer(*shared.READING)
@require_GET
def plan_print(request: Request) -> HttpResponseBase:
    """One list of the plan, A4 landscape: book D1 for the RKPDes, the list for the camat for the DU-RKP."""
    code, year, which = _asked(request)
    found = queries.plan(request.by, code, year, which)
    own = queries.year_of(code, year)
    number = 0
    groups: list[tuple[str, list[tuple[int, Any, rules.Sums, dict[str, str]]], rules.Sums]] = []
    for field, rows, sums in found.by_field:
        lines = []
        for row in rows:
            number += 1
            lines.append((number, row, queries.money_of(row), _words(row)))
        groups.append((_(idea_rules.FIELDS[field]), lines, sums))
    context = {
        "which": which,
        "groups": groups,
        "sums": found.sums,
        "year": year,
        "own": own,
        "village": shared.place_name(code),
        "where": region_queries.path_names(code),
        "printed": words.day(shared.today(code)),
        "back": plan.url(code, year),
    }
    return frame.show(request, "desk/ideas/plan_print.html", context, here=shared.HERE)


def _words(row: Any) -> dict[str, str]:
    return {
        "source": _(rules.SOURCES[row.source]),
        "pattern": _(rules.PATTERNS[row.pattern]),
        "state": _(rules.STATES[row.state]),
    }


@officer(*shared.READING)
@require_GET
def plan_csv(request: Request) -> HttpResponse:
    """One list of the plan as a table: a public paper without names."""
    code, year, which = _asked(request)
    found = queries.plan(request.by, code, year, which)
    head = [
        _("No."),
        _("Field"),
        _("Activity"),
        _("Location"),
        _("Volume"),
        _("Benefit"),
        _("Beneficiaries"),
        _("Time"),
        _("Cost (rupiah)"),
        _("Source"),
        _("Swadaya (rupiah)"),
        _("Executor"),
        _("Way"),
        _("State"),
        _("Note"),
    ]
    rows = [
        [
            place,
            _(idea_rules.FIELDS[one.field]),
            one.activity,
            one.location,
            one.volume,
            one.benefits,
            one.beneficiaries or "",
            one.time,
            one.cost,
            _words(one)["source"],
            one.self_cost,
            one.executor,
            _words(one)["pattern"],
            _words(one)["state"],
            one.note,
        ]
        for place, one in enumerate(found.rows, start=1)
    ]
    return watch.as_csv(f"simpul-{which}-{code}-{year}.csv", head, rows)


@officer(*shared.READING)
@require_GET
def ranking_print(request: Request, meeting_id: UUID) -> HttpResponseBase:
    """The ranking of a meeting on A4, with who was there by group."""
    found = meeting.meeting_or_404(request, meeting_id)
    context = {**meeting.facts(request, found), "printed": words.day(shared.today(found.region_code))}
    return frame.show(request, "desk/ideas/meeting_print.html", context, here=shared.HERE)


@officer(*shared.READING)
@require_GET
def idea_print(request: Request, idea_id: UUID) -> HttpResponseBase:
    """One idea on A4, for the hamlet talk."""
    idea = shared.idea_or_404(request, idea_id)
    context = {
        "idea": idea,
        "field": _(idea_rules.FIELDS[idea.field]),
        "state": shared.state_words(idea.state),
        "where": region_queries.path_names(idea.region_code),
        "voices": idea_queries.voices_of([idea.id])[idea.id],
        "steps": shared.path_steps(idea),
        "name": idea_queries.public_name(idea),
        "proposed": words.short_day(idea.proposed_at, idea.region_code),
        "printed": words.day(shared.today(idea.region_code)),
    }
    return frame.show(request, "desk/ideas/idea_print.html", context, here=shared.HERE)
