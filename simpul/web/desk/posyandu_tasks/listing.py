"""Whom to visit: the list by household, its paper for the week, one task with what can be done with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from simpul import roles
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.actions import findings as finding_actions
from simpul.posyandu.actions import tasks as actions
from simpul.posyandu.queries import findings as finding_queries
from simpul.posyandu.queries import tasks as queries
from simpul.posyandu.queries import visits
from simpul.web.desk import trying, words
from simpul.web.desk.posyandu_tasks import forms, shared
from simpul.web.policy import Request, officer

WEEK = 7


def _list(request: Request, *, within_days: int | None = None) -> dict[str, Any]:
    """The list as the address asks for it: of one posyandu, all or one's own."""
    posyandu, mine = shared.chosen(request)
    on = shared.today(timezone.now(), posyandu, request)
    own = queries.own_cadre(request.by, posyandu.id) if posyandu is not None else None
    only_mine = own is not None and request.GET.get("siapa") == "saya"
    found = queries.to_visit(
        request.by,
        today=on,
        posyandu_id=posyandu.id if posyandu is not None else None,
        cadre_id=own.id if own is not None and only_mine else None,
        within_days=within_days,
    )
    return {
        "posyandu": posyandu,
        "mine": mine,
        "own": own,
        "only_mine": only_mine,
        "today": on,
        "found": found,
        "groups": [{"group": group, "rows": shared.task_rows(group.tasks, on)} for group in found.groups],
    }


@officer(*shared.READING)
@require_GET
def listed(request: Request) -> HttpResponseBase:
    """Whom to visit, by household, overdue first."""
    context = _list(request)
    posyandu = context["posyandu"]
    query = f"?posyandu={posyandu.id}" if posyandu is not None else ""
    context |= {
        "tabs": shared.tabs("desk_posyandu_tasks", posyandu),
        "print_url": reverse("desk_posyandu_tasks_print") + query,
        "may_sweep": posyandu is not None and roles.may_somewhere(request.by, "findings.sweep"),
        "counts": queries.counts(
            request.by, today=context["today"], posyandu_id=posyandu.id if posyandu is not None else None
        ),
    }
    return shared.show(request, "desk/posyandu_tasks/list.html", context)


@officer(*shared.READING)
@require_GET
def paper(request: Request) -> HttpResponseBase:
    """The list of the week on paper: whom, why, by when, and room to write what came of it."""
    context = _list(request, within_days=WEEK)
    context["printed"] = words.day(context["today"])
    for entry in context["groups"]:
        for row in entry["rows"]:
            kind = finding_queries.kind(row["one"].reason)
            row["steps"] = kind.steps(words.language()) if kind is not None else ()
    return shared.show(request, "desk/posyandu_tasks/paper.html", context)


@officer("findings.sweep")
@require_POST
def look_again(request: Request, posyandu_id: UUID) -> HttpResponseBase:
    """Read the register anew and propose the visits that are due."""
    posyandu = trying.found(access.posyandu_for, request, posyandu_id)
    back = f"{reverse('desk_posyandu_tasks')}?posyandu={posyandu.id}"

    def look() -> None:
        given: dict[str, Any] = {"by": request.by, "at": timezone.now(), "posyandu_id": posyandu.id}
        opened = finding_actions.sweep_findings(**given)["opened"]
        made = actions.propose_tasks(**given)
        text = ngettext(
            "%(count)s new task was put on the list.",
            "%(count)s new tasks were put on the list.",
            opened + made,
        )
        messages.success(request, text % {"count": opened + made})

    return trying.attempt(request, look, back)


@officer(*shared.READING)
@require_GET
def one(request: Request, cadretask_id: UUID) -> HttpResponseBase:
    """One task: why, what to look at, by when, and what can be done."""
    task = _task(request, cadretask_id)
    return _page(request, task, forms.NoteForm(), _assign_form(task))


def _task(request: Request, key: UUID) -> Any:
    task = trying.found(access.task_for, request, key)
    if task.reason in finding_queries.guarded_codes():
        raise Http404
    return task


def _assign_form(task: Any, data: Any = None) -> forms.AssignForm:
    first = {"cadre": str(task.cadre_id or ""), "due_date": task.due_date}
    return forms.AssignForm(data, cadres=queries.cadres(task.posyandu_id), initial=first)


def _page(
    request: Request, task: Any, note: forms.NoteForm, assign: forms.AssignForm, status: int = 200
) -> HttpResponseBase:
    on = shared.today(timezone.now(), task.posyandu, request)
    kind = finding_queries.kind(task.reason)
    home = task.person.household_id if task.person is not None else task.household_id
    may = roles.may(request.by, "task.finish", roles.Place(region_code=task.region_code))
    context = {
        "row": shared.task_row(task, on),
        "task": task,
        "meaning": kind.meaning(words.language()) if kind is not None else "",
        "steps": kind.steps(words.language()) if kind is not None else (),
        "home": home or task.household_id,
        "open": shared.is_open(task),
        "ended": shared.ended(task.note),
        "done": task.state == "done",
        "done_day": words.moment(task.done_at, task.region_code),
        "may": may,
        "note": note,
        "assign": assign,
        "back": f"{reverse('desk_posyandu_tasks')}?posyandu={task.posyandu_id}",
        "card_url": shared.safe_link("desk_posyandu_person", task.participant_id)
        if task.participant_id
        else "",
        "checklist": visits.checklist_of(request.by, task, on),
    }
    return shared.show(request, "desk/posyandu_tasks/task.html", context, status)


@officer("task.finish")
@require_POST
def act(request: Request, cadretask_id: UUID, step: str) -> HttpResponseBase:
    """Give a task to somebody, write down that it is done or not, put it back."""
    task = _task(request, cadretask_id)
    by: dict[str, Any] = {"by": request.by, "at": timezone.now(), "task_id": task.id}
    here = reverse("desk_posyandu_task", args=[task.id])
    if step == "kembali":
        return trying.attempt(request, lambda: actions.resume_task(**by), here)
    note, assign = forms.NoteForm(), _assign_form(task)
    if step == "beri":
        assign = _assign_form(task, request.POST)
        ok = assign.is_valid() and trying.run(
            assign,
            lambda: actions.assign_task(
                **by, cadre_id=assign.cadre_id(), due_date=assign.cleaned_data["due_date"]
            ),
        )
    elif step in ("selesai", "batal"):
        note = forms.NoteForm(request.POST)
        chosen = actions.finish_task if step == "selesai" else actions.drop_task
        ok = note.is_valid() and trying.run(note, lambda: chosen(**by, note=note.cleaned_data["note"]))
    else:
        raise Http404
    if not ok:
        return _page(request, task, note, assign, 422)
    messages.success(request, _("Saved."))
    return redirect(here)
