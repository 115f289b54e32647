"""What only a person can decide: entries that were put aside, two deliveries, two histories; and erasures that devices still owe."""

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
from simpul.people import access as people_access
from simpul.sync.actions import settling
from simpul.sync.queries import erasures as erasure_queries
from simpul.sync.queries import watching
from simpul.sync.rules import outcomes
from simpul.web import reading
from simpul.web.desk import frame, trying, words
from simpul.web.desk.devices import forms, shared
from simpul.web.policy import Request, officer


@officer("event.settle")
@require_GET
def listed(request: Request) -> HttpResponseBase:
    """Everything that waits for a decision, oldest first."""
    kind = request.GET.get("jenis", "")
    kind = kind if kind in outcomes.TASKS else ""
    number = reading.page_number(request.GET.get("page", ""))
    found, more = watching.questions(request.by, kind=kind, page=number)
    counted = watching.counts(request.by)
    context = {
        "tabs": shared.tabs(request, "desk_repairs"),
        "rows": [_row(one) for one in found],
        "kinds": [
            {
                "label": _(outcomes.TASKS[code]),
                "url": f"?jenis={code}",
                "count": count,
                "current": code == kind,
            }
            for code, count in sorted(counted.items())
            if code in outcomes.TASKS
        ],
        "kind": kind,
        "older_url": f"?jenis={kind}&page={number + 1}" if more else "",
        "newer_url": f"?jenis={kind}&page={number - 1}" if number > 1 else "",
    }
    return frame.show(request, "desk/devices/repairs.html", context, here=shared.HERE)


def _row(one: watching.Question) -> dict[str, Any]:
    event = one.event
    device = event.device if event else (one.task.device if one.task else None)
    region = one.task.region_code if one.task else ""
    return {
        "url": reverse("desk_repair", args=[one.task.id]) if one.task else "",
        "title": _(outcomes.TASKS.get(one.kind, one.kind)),
        "act": shared.act_words(event.kind) if event else "",
        "words": event.words if event else "",
        "device": device.label if device else "",
        "owner": shared.owner(device) if device else "",
        "since": words.moment(one.opened_at, region) if one.opened_at else "",
    }


@officer("event.settle")
def one(request: Request, task_id: UUID) -> HttpResponseBase:
    """One question with what was sent, why it waits, and the buttons."""
    question = trying.found(watching.question, request, task_id)
    task = question.task
    if task is None:
        raise Http404
    event = question.event
    place = roles.Place(region_code=task.region_code)
    allowed = task.state == "open" and roles.may(request.by, "event.settle", place)
    offered = ["apply", "set_aside"] if event and event.state == "quarantined" else ["seen"]
    form = forms.DecisionForm(request.POST if request.method == "POST" else None, offered=offered)
    if request.method == "POST" and not allowed:
        raise Http404
    if form.is_valid() and trying.run(form, lambda: _settle(request, task.id, form.cleaned_data)):
        messages.success(request, _("Decided. The phone hears of it when it next talks to the server."))
        return redirect("desk_repairs")
    context = {
        "tabs": shared.tabs(request, "desk_repairs"),
        "task": task,
        "event": shared.event_row(event) if event else None,
        "title": _(outcomes.TASKS.get(task.kind, task.kind)),
        "device": event.device if event else task.device,
        "owner": shared.owner(event.device if event else task.device) if (event or task.device) else "",
        "inputs": shared.inputs(question.inputs),
        "protected": settling.EntryProtected.sentence if question.protected else "",
        "facts": _facts(task.facts),
        "links": _links(request, task),
        "form": form,
        "allowed": allowed,
        "since": words.moment(task.opened_at, task.region_code),
        "settled": words.moment(task.settled_at, task.region_code) if task.settled_at else "",
        "decision": _(outcomes.DECISIONS.get(task.decision, "")) if task.decision else "",
    }
    status = 422 if form.errors else 200
    return frame.show(request, "desk/devices/question.html", context, status=status, here=shared.HERE)


def _settle(request: Request, task_id: UUID, given: dict[str, Any]) -> None:
    settling.settle_question(
        by=request.by, at=timezone.now(), task_id=task_id, decision=given["decision"], words=given["words"]
    )


def _facts(facts: dict[str, Any]) -> list[dict[str, Any]]:
    """What the question is about, field by field: the two values side by side."""
    return [
        {"key": shared.label_of(name), "values": [str(value) for value in values]}
        for name, values in (facts.get("fields") or {}).items()
        if isinstance(values, list) and shared.is_for_people(name)
    ]


def _links(request: Request, task: Any) -> list[dict[str, str]]:
    """Where the thing itself stands on the desk, and where such questions are answered."""
    pages = {
        "household": ("desk_register_household", _("Open the household")),
        "person": ("desk_register_person", _("Open the person")),
        "case": ("desk_case", _("Open the matter")),
    }
    lists = {
        "double": ("desk_round_doubles", _("Deliveries side by side")),
        "twice": ("desk_register_doubts", _("Questions about households")),
    }
    kind, _sep, said = task.subject.partition(":")
    known = reading.key(said)
    if kind == "house" and known is not None:
        kind, known = (
            "household",
            people_access.households(request.by).filter(house_id=known).values_list("id", flat=True).first(),
        )
    found = []
    if known is not None and kind in pages:
        name, label = pages[kind]
        found.append({"url": reverse(name, args=[known]), "label": label})
    if task.kind in lists:
        name, label = lists[task.kind]
        found.append({"url": reverse(name), "label": label})
    return found


@officer(*shared.LOOKING)
@require_GET
def erasures(request: Request) -> HttpResponseBase:
    """Erasures with their receipts: which devices have not confirmed."""
    rows = []
    for standing in erasure_queries.standings(request.by):
        rows.append(
            {
                "standing": standing,
                "when": words.moment(standing.erasure.ordered_at, standing.erasure.region_code),
                "kind": _("a person") if standing.erasure.subject.startswith("person") else _("a matter"),
                "short": standing.erasure.subject[-8:],
                "owing": [f"{device.label} ({shared.owner(device)})" for device in standing.owing],
            }
        )
    context = {"tabs": shared.tabs(request, "desk_erasures"), "rows": rows}
    return frame.show(request, "desk/devices/erasures.html", context, here=shared.HERE)
