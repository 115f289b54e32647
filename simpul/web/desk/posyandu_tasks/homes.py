"""One household on one page: people with their cards, what was found, the house's water and toilet, tasks, visits, the next one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul import roles
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.actions import tasks as actions
from simpul.posyandu.queries import findings as finding_queries
from simpul.posyandu.queries import tasks as queries
from simpul.web.desk import trying, words
from simpul.web.desk.posyandu_tasks import forms, shared
from simpul.web.policy import Request, officer


def _sheet(request: Request, household_id: UUID) -> queries.HouseholdSheet:
    on = shared.today(timezone.now(), None, request)
    return trying.found(queries.household, request, household_id, today=on, language=words.language())


def _posyandu(request: Request, sheet: queries.HouseholdSheet) -> Any | None:
    """The posyandu that looks after the household: of its cards, of its tasks, else of its hamlet or village."""
    cards = [card.posyandu for own in sheet.cards.values() for card in own]
    known = next(iter([*cards, *(task.posyandu for task in sheet.tasks)]), None)
    if known is not None:
        return known
    rows = access.posyandus(request.by).filter(region_code=sheet.household.region_code, closed_date=None)
    own = rows.filter(hamlet_id=sheet.household.hamlet_id).first() if sheet.household.hamlet_id else None
    return own or rows.order_by("made_at", "id").first()


@officer(*shared.READING)
@require_GET
def one(request: Request, household_id: UUID) -> HttpResponseBase:
    """What is known of a household that a cadre needs before the visit."""
    sheet = _sheet(request, household_id)
    posyandu = _posyandu(request, sheet)
    on = shared.today(timezone.now(), posyandu, request)
    visit = shared.safe_link("desk_posyandu_visit_new", posyandu.id) if posyandu is not None else ""
    context: dict[str, Any] = {
        "sheet": sheet,
        "members": [
            {
                "one": person,
                "age": shared.age(person.birth_date, on),
                "cards": [
                    {"form": card.form, "url": shared.safe_link("desk_posyandu_person", card.id)}
                    for card in sheet.cards.get(person.id, ())
                ],
            }
            for person in sheet.members
        ],
        "findings": shared.finding_rows(finding_queries.folded(sheet.findings), on),
        "tasks": shared.task_rows(sheet.tasks, on),
        "visits": [{"one": one, "day": words.day(one.date)} for one in sheet.visits],
        "next_routine": shared.due(sheet.next_routine, on),
        "next_day": words.day(sheet.next_routine),
        "visit_url": f"{visit}?keluarga={sheet.household.id}" if visit else "",
        "register_url": reverse("desk_register_household", args=[sheet.household.id])
        if roles.may_somewhere(request.by, "household.open")
        else "",
        "may_add": posyandu is not None and roles.may_somewhere(request.by, "task.add"),
        "back": reverse("desk_posyandu_tasks") + (f"?posyandu={posyandu.id}" if posyandu is not None else ""),
    }
    return shared.show(request, "desk/posyandu_tasks/home.html", context)


@officer("task.add")
def add(request: Request, household_id: UUID) -> HttpResponseBase:
    """Put the family, or one of it, on the list."""
    sheet = _sheet(request, household_id)
    posyandu = _posyandu(request, sheet)
    if posyandu is None:
        raise Http404
    on = shared.today(timezone.now(), posyandu, request)
    form = forms.TaskForm(
        request.POST if request.method == "POST" else None,
        members=sheet.members,
        cadres=queries.cadres(posyandu.id),
        first_day=on,
    )
    back = reverse("desk_posyandu_home", args=[household_id])
    if form.is_valid() and trying.run(
        form,
        lambda: actions.add_task(
            by=request.by,
            at=timezone.now(),
            posyandu_id=posyandu.id,
            reason=form.cleaned_data["reason"],
            due_date=form.cleaned_data["due_date"],
            person_id=form.person_id(),
            household_id=household_id,
            cadre_id=form.cadre_id(),
        ),
    ):
        messages.success(request, _("Saved."))
        return redirect(back)
    return shared.form_page(request, form, _("Put on the list"), back, _("Save"), intro=sheet.household.name)
