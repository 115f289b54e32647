"""One visit: its answers, what was found, its paper, taking it back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from simpul import roles
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.actions import visits as actions
from simpul.posyandu.queries import findings as finding_queries
from simpul.posyandu.queries import forms as form_queries
from simpul.posyandu.queries import forms_cells, forms_sheets
from simpul.posyandu.queries import visits as queries
from simpul.posyandu.rules import forms as rules
from simpul.posyandu.rules import visits as visit_rules
from simpul.web import forms
from simpul.web.desk import trying, words
from simpul.web.desk.posyandu_forms import shared as pages
from simpul.web.desk.posyandu_forms import sheets
from simpul.web.desk.posyandu_visits import shared
from simpul.web.policy import Request, officer


class WhyForm(forms.Form):
    """Why a visit is taken back."""

    why = forms.LineField(label=gettext_lazy("Why is the visit taken back?"), max_length=180)


@officer(pages.NAMED)
@require_GET
def one(request: Request, homevisit_id: UUID) -> HttpResponseBase:
    """The visit."""
    return _page(request, trying.found(access.visit_for, request, homevisit_id), WhyForm())


def _page(request: Request, visit: Any, why: WhyForm, status: int = 200) -> HttpResponseBase:
    form = form_queries.checklist(visit.checklist, visit.form_version)
    language = words.language()
    signs = set(visit_rules.danger_signs(form, visit.values))
    place = roles.Place(region_code=visit.region_code)
    context = {
        "visit": visit,
        "row": shared.row(visit),
        "title": form.called(language),
        "blocks": _blocks(form, visit, signs),
        "findings": [
            {
                "name": finding_queries.label(row.code, language),
                "open": row.state == "open",
                "case_url": reverse("desk_case", args=[row.case_id]) if row.case_id else "",
                "number": row.case.number if row.case is not None else "",
            }
            for row in queries.findings_of(request.by, visit)
        ],
        "next": words.day(visit.next_date) if visit.next_date else "",
        "when": words.moment(visit.recorded_at, visit.region_code),
        "person_url": pages.maybe("desk_posyandu_person", visit.participant_id)
        if visit.participant_id
        else "",
        "why": why,
        "may_withdraw": visit.withdrawn_at is None and roles.may(request.by, "homevisit.withdraw", place),
    }
    return pages.show(
        request,
        "desk/posyandu_visits/one.html",
        visit.posyandu,
        context,
        here="desk_posyandu_visits",
        status=status,
    )


def _blocks(form: rules.Form, visit: Any, signs: set[str]) -> list[dict[str, Any]]:
    """What was answered, by the blocks of the sheet."""
    language = words.language()
    found = []
    for section in form.sections:
        answers = [
            {
                "label": field.called(language),
                "value": _value(field, visit, language),
                "sign": field.key in signs,
            }
            for field in form.row
            if field.section == section.code and field.key in visit.values
        ]
        if answers:
            found.append({"title": section.called(language), "answers": answers})
    return found


def _value(field: rules.Field, visit: Any, language: str) -> str:
    text = rules.shown(field, visit.values[field.key], language)
    return f"{text} {field.unit_called(language)}".strip() if text else text


@officer(pages.NAMED)
@require_GET
def paper(request: Request, homevisit_id: UUID) -> HttpResponseBase:
    """The checklist with this visit and those before it."""
    visit = trying.found(access.visit_for, request, homevisit_id)
    form = form_queries.checklist(visit.checklist, visit.form_version)
    visits = queries_of(request, visit)
    made = forms_sheets.checklist(form, visits, _head(visit))
    return sheets.paper(request, visit.posyandu, made, back=reverse("desk_posyandu_visit", args=[visit.id]))


def queries_of(request: Request, visit: Any) -> list[Any]:
    """The visits beside one another on the sheet; one that was taken back stands alone."""
    if visit.withdrawn_at is not None:
        return [visit]
    return forms_sheets.visits_of(request.by, visit)


def _head(visit: Any) -> dict[str, str]:
    if visit.participant is not None and visit.participant.person_id == visit.person_id:
        return forms_cells.of_person(visit.participant, visit.date)
    if visit.person is not None:
        return forms_cells.person_values(visit.person, visit.date)
    return forms_cells.of_household(visit.household)


@officer("homevisit.withdraw")
def withdraw(request: Request, homevisit_id: UUID) -> HttpResponseBase:
    """Take the visit back."""
    visit = trying.found(access.visit_for, request, homevisit_id)
    form = WhyForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        actions.withdraw_homevisit(
            by=request.by, at=timezone.now(), visit_id=visit.id, why=form.cleaned_data["why"]
        )

    if form.is_valid() and trying.run(form, act):
        return redirect("desk_posyandu_visit", homevisit_id=visit.id)
    return _page(request, visit, form, status=422 if form.errors else 200)
