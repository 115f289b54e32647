"""The support of one child: planned, its steps, what became of it, a false alarm."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from simpul.posyandu.access import marriage as access
from simpul.posyandu.actions import marriage as actions
from simpul.web.desk import trying
from simpul.web.desk.posyandu_marriage import forms, shared
from simpul.web.policy import Request, officer


def _risk(request: Request, key: UUID) -> tuple[Any, str, dict[str, Any]]:
    """The child's line, the address of its page, and the days that stand in a form at first."""
    risk = trying.found(access.risk_for, request, key)
    first = forms.first_day(shared.today(timezone.now(), risk.region_code))
    return risk, reverse("desk_posyandu_child", args=[risk.id]), first


def _data(request: Request) -> Any:
    return request.POST if request.method == "POST" else None


@officer("marriage.plan")
def plan(request: Request, marriagerisk_id: UUID) -> HttpResponseBase:
    """Plan the support with its first step."""
    risk, back, first = _risk(request, marriagerisk_id)
    form = forms.PlanForm(_data(request), initial={**first, "goal": risk.goal or "school"})
    if form.is_valid() and trying.run(
        form,
        lambda: actions.plan_marriage(
            by=request.by,
            at=timezone.now(),
            risk_id=risk.id,
            goal=form.cleaned_data["goal"],
            steps=[form.given()],
            with_matter=form.cleaned_data["with_matter"],
        ),
    ):
        return redirect(back)
    return shared.form_page(
        request, form, _("Plan the support"), back, _("Save"), intro=risk.person.full_name
    )


@officer("marriagestep.add")
def add_step(request: Request, marriagerisk_id: UUID) -> HttpResponseBase:
    """One more step."""
    risk, back, first = _risk(request, marriagerisk_id)
    form = forms.StepForm(_data(request), initial=first)
    if form.is_valid() and trying.run(
        form,
        lambda: actions.add_marriagestep(
            by=request.by, at=timezone.now(), risk_id=risk.id, step=form.given()
        ),
    ):
        return redirect(back)
    return shared.form_page(request, form, _("Add a step"), back, _("Save"), intro=risk.person.full_name)


@officer("marriagestep.finish")
def finish_step(request: Request, marriagestep_id: UUID) -> HttpResponseBase:
    """A step was done."""
    step = trying.found(access.step_for, request, marriagestep_id)
    _risk_row, back, first = _risk(request, step.risk_id)
    form = forms.DoneForm(_data(request), initial=first)
    if form.is_valid() and trying.run(
        form,
        lambda: actions.finish_marriagestep(
            by=request.by, at=timezone.now(), step_id=step.id, **form.cleaned_data
        ),
    ):
        return redirect(back)
    return shared.form_page(request, form, _("The step was done"), back, _("Save"), intro=step.what)


@officer("marriagestep.withdraw")
@require_POST
def withdraw_step(request: Request, marriagestep_id: UUID) -> HttpResponseBase:
    """A step was written down by mistake."""
    step = trying.found(access.step_for, request, marriagestep_id)
    back = reverse("desk_posyandu_child", args=[step.risk_id])
    return trying.attempt(
        request,
        lambda: actions.withdraw_marriagestep(by=request.by, at=timezone.now(), step_id=step.id),
        back,
    )


@officer("marriage.end")
def end(request: Request, marriagerisk_id: UUID) -> HttpResponseBase:
    """What became of it."""
    risk, back, _first = _risk(request, marriagerisk_id)
    form = forms.EndForm(_data(request))
    if form.is_valid() and trying.run(
        form,
        lambda: actions.end_marriage(by=request.by, at=timezone.now(), risk_id=risk.id, **form.cleaned_data),
    ):
        return redirect(back)
    return shared.form_page(
        request, form, _("What became of it?"), back, _("Save"), intro=risk.person.full_name
    )


@officer("marriage.withdraw")
def withdraw(request: Request, marriagerisk_id: UUID) -> HttpResponseBase:
    """A false alarm."""
    risk, back, _first = _risk(request, marriagerisk_id)
    form = forms.WrongForm(_data(request))
    if form.is_valid() and trying.run(
        form,
        lambda: actions.withdraw_marriage(
            by=request.by, at=timezone.now(), risk_id=risk.id, why=form.cleaned_data["why"]
        ),
    ):
        return redirect(back)
    return shared.form_page(
        request, form, _("False alarm"), back, _("Take off the list"), intro=risk.person.full_name
    )


@officer("marriage.resume")
@require_POST
def resume(request: Request, marriagerisk_id: UUID) -> HttpResponseBase:
    """Back on the list."""
    risk, back, _first = _risk(request, marriagerisk_id)
    return trying.attempt(
        request,
        lambda: actions.resume_marriage(by=request.by, at=timezone.now(), risk_id=risk.id),
        back,
    )
