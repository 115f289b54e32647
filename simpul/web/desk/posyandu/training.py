"""Trainings of several people at once, the assessment of one person, taking a record back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from simpul.lib.errors import Refused
from simpul.posyandu.access import institution as own_access
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.actions import training as actions
from simpul.posyandu.queries import institution as queries
from simpul.posyandu.queries import training as training_queries
from simpul.web import forms as web_forms
from simpul.web import reading
from simpul.web.desk import trying, words
from simpul.web.desk.posyandu import forms, shared
from simpul.web.policy import Request, officer


@officer("training.record")
def train(request: Request, posyandu_id: UUID) -> HttpResponseBase:
    """Write a training down: who, in what, when."""
    posyandu = trying.found(access.posyandu_for, request, posyandu_id)
    at = timezone.now()
    only = request.GET.getlist("kader")
    form = forms.TrainingForm(
        request.POST if request.method == "POST" else None,
        people=queries.serving(posyandu),
        initial={"done_date": queries.today_at(posyandu, at), "cadres": only},
    )
    made: list[Any] = []
    if form.is_valid() and trying.run(form, lambda: made.extend(_train(request, posyandu.id, form, at))):
        text = ngettext("%(n)s record written.", "%(n)s records written.", len(made))
        messages.success(request, text % {"n": len(made)})
        return redirect("desk_posyandu_board", posyandu_id=posyandu.id)
    back = reverse("desk_posyandu_board", args=[posyandu.id])
    intro = "" if training_queries.is_confirmed() else _("Names of skills and levels are not confirmed yet.")
    return shared.form_page(request, form, _("Write a training down"), back, _("Save"), intro=intro)


def _train(request: Request, posyandu_id: UUID, form: Any, at: Any) -> list[Any]:
    said = form.cleaned_data
    keys = [key for key in map(reading.key, said["cadres"]) if key]
    return actions.record_training(
        by=request.by,
        at=at,
        posyandu_id=posyandu_id,
        cadre_ids=keys,
        skills=said["skills"],
        done_date=said["done_date"],
        held_by=said["held_by"],
    )


@officer("assessment.record")
def assess(request: Request, cadre_id: UUID) -> HttpResponseBase:
    """Assess one person skill by skill: mastered, not yet, or not assessed today."""
    cadre = trying.found(own_access.cadre_for, request, cadre_id)
    at = timezone.now()
    today = queries.today_at(cadre.posyandu, at)
    typed = request.POST.get("tanggal", f"{today.day}/{today.month}/{today.year}")
    answers = {code: request.POST.get(f"s-{code}", "") for code in training_queries.skills()}
    fault = ""
    if request.method == "POST":
        day = web_forms.read_date(typed)
        fault = "" if day else _("Write the date as day/month/year, for example 17/8/2026.")
        outcomes = {code: said == "ya" for code, said in answers.items() if said in ("ya", "belum")}
        try:
            if day:
                actions.record_assessment(
                    by=request.by,
                    at=at,
                    cadre_id=cadre.id,
                    outcomes=outcomes,
                    done_date=day,
                    held_by=request.POST.get("oleh", ""),
                )
                messages.success(request, _("The assessment is written down."))
                return redirect("desk_posyandu_cadre", cadre_id=cadre.id)
        except Refused as refusal:
            fault = str(refusal)
    learned = training_queries.learned([cadre], today)[cadre.id]
    language = words.language()
    context = {
        "cadre": cadre,
        "modules": [
            {
                "name": module.label(language),
                "skills": [
                    {
                        "code": skill.code,
                        "name": skill.label(language),
                        "answer": answers[skill.code],
                        "state": learned.skills.get(skill.code),
                    }
                    for skill in module.skills
                ],
            }
            for module in training_queries.modules()
        ],
        "typed": typed,
        "fault": fault,
        "confirmed": training_queries.is_confirmed(),
    }
    status = 422 if fault else 200
    return shared.page(
        request, cadre.posyandu, "desk/posyandu/assess.html", "desk_posyandu_board", context, status
    )


@officer("skillfact.withdraw")
@require_POST
def withdraw(request: Request, skillfact_id: UUID) -> HttpResponseBase:
    """Take a training or an assessment back."""
    fact = trying.found(own_access.skillfact_for, request, skillfact_id)
    return trying.attempt(
        request,
        lambda: actions.withdraw_skillfact(
            by=request.by, at=timezone.now(), skillfact_id=fact.id, why=request.POST.get("kata", "")
        ),
        reverse("desk_posyandu_cadre", args=[fact.cadre_id]),
    )
