"""Findings: what is open, one with its matter and tasks, ended and opened again by hand."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul import roles
from simpul.cases import access as cases_access
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.actions import findings as actions
from simpul.posyandu.queries import findings as queries
from simpul.posyandu.queries import rulebook
from simpul.posyandu.rules import findings as rules
from simpul.web import reading
from simpul.web.desk import trying, words
from simpul.web.desk.posyandu_tasks import forms, shared
from simpul.web.policy import Request, officer

PAGE = 50


@officer(*shared.READING)
@require_GET
def listed(request: Request) -> HttpResponseBase:
    """Open findings, the newest first."""
    posyandu, mine = shared.chosen(request)
    code = request.GET.get("temuan", "")
    code = code if code in queries.book() else ""
    page = reading.page_number(request.GET.get("page", ""))
    rows = queries.open_of(request.by, posyandu_id=posyandu.id if posyandu is not None else None, code=code)
    start = (page - 1) * PAGE
    found = list(rows[start : start + PAGE + 1])
    on = shared.today(timezone.now(), posyandu, request)
    lines = [rules.Fold(one) for one in found[:PAGE]] if code else queries.folded_page(found[:PAGE], rows)
    kept = {"posyandu": str(posyandu.id) if posyandu is not None else "", "temuan": code}
    kept = {name: value for name, value in kept.items() if value}
    context = {
        "posyandu": posyandu,
        "mine": mine,
        "tabs": shared.tabs("desk_posyandu_findings", posyandu),
        "rows": shared.finding_rows(lines, on),
        "codes": [
            (one.code, one.label(words.language())) for one in queries.book().values() if not one.guarded
        ],
        "code": code,
        "older_url": f"?{urlencode({**kept, 'page': page + 1})}" if len(found) > PAGE else "",
        "newer_url": f"?{urlencode({**kept, 'page': page - 1})}" if page > 1 else "",
    }
    return shared.show(request, "desk/posyandu_tasks/findings.html", context)


def _finding(request: Request, key: UUID) -> Any:
    row = trying.found(access.finding_for, request, key)
    if row.code in queries.guarded_codes():
        raise Http404
    return row


@officer(*shared.READING)
@require_GET
def one(request: Request, finding_id: UUID) -> HttpResponseBase:
    """One finding: what it means, what to do, its matter, its tasks."""
    return _page(request, _finding(request, finding_id), forms.WhyForm())


def _page(request: Request, row: Any, form: forms.WhyForm, status: int = 200) -> HttpResponseBase:
    on = shared.today(timezone.now(), row.posyandu, request)
    kind, place = queries.book()[row.code], roles.Place(region_code=row.region_code)
    readable = row.case_id is not None and cases_access.visible(request.by).filter(id=row.case_id).exists()
    home = row.person.household_id if row.person is not None else row.household_id
    tasks = row.tasks.select_related("person", "household", "cadre", "finding").order_by("-made_at", "-id")
    context = {
        "row": shared.finding_row(row, on),
        "finding": row,
        "meaning": kind.meaning(words.language()),
        "steps": kind.steps(words.language()),
        "source": kind.source,
        "rule": rulebook.called(row.rule, row.rule_version, words.language()),
        "open": row.state == "open",
        "home": home,
        "closed_day": words.moment(row.closed_at, row.region_code),
        "case_url": reverse("desk_case", args=[row.case_id]) if readable else "",
        "card_url": shared.safe_link("desk_posyandu_person", row.participant_id)
        if row.participant_id
        else "",
        "tasks": [
            {**shared.task_row(task, on), "open": shared.is_open(task), "done": task.state == "done"}
            for task in tasks[:20]
        ],
        "may": roles.may(request.by, _ending(row) if row.state == "open" else "finding.reopen", place),
        "by_health": row.state == "open" and bool(kind.ended_by),
        "may_take_up": row.state == "open"
        and (row.case is None or not row.case.is_open)
        and roles.may(request.by, "finding.take_up", place),
        "form": form,
        "back": f"{reverse('desk_posyandu_findings')}?posyandu={row.posyandu_id}",
    }
    return shared.show(request, "desk/posyandu_tasks/finding.html", context, status)


def _ending(row: Any) -> str:
    """The act that ends it by hand: a danger is the health worker's."""
    return "danger.end" if queries.book()[row.code].ended_by else "finding.close"


@officer("finding.close")
@require_POST
def act(request: Request, finding_id: UUID, step: str) -> HttpResponseBase:
    """End a finding, open it again, or make a matter of it."""
    row = _finding(request, finding_id)
    by: dict[str, Any] = {"by": request.by, "at": timezone.now(), "finding_id": row.id}
    here = reverse("desk_posyandu_finding", args=[row.id])
    if step == "urusan":
        return trying.attempt(request, lambda: actions.take_up_finding(**by), here)
    ending = actions.end_danger if _ending(row) == "danger.end" else actions.close_finding
    acts = {"tutup": ending, "buka": actions.reopen_finding}
    if step not in acts:
        raise Http404
    form = forms.WhyForm(request.POST)
    if not (form.is_valid() and trying.run(form, lambda: acts[step](**by, why=form.cleaned_data["why"]))):
        return _page(request, row, form, 422)
    messages.success(request, _("Saved."))
    return redirect(here)
