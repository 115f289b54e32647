"""``/meja/rencana/``: rehabilitation plans, from the assessment to the last look before closing."""

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
from simpul.cases import access as case_access
from simpul.lib.errors import NotFound, Refused
from simpul.people import access as people_access
from simpul.programmes.access import plans as access
from simpul.programmes.actions import plans as acts
from simpul.programmes.queries import plans as queries
from simpul.programmes.rules import plans as rules
from simpul.regions import queries as region_queries
from simpul.web import reading
from simpul.web.desk import frame, trying, words
from simpul.web.desk.plans import forms
from simpul.web.forms import choices
from simpul.web.policy import Request, officer

HERE = "desk_plans"


@officer("plan.assess")
@require_GET
def listed(request: Request) -> HttpResponseBase:
    """My plans, those due for a look first; who leads also sees the others, who oversees the counts."""
    at = timezone.now()
    mine = request.GET.get("punya", "saya") != "semua"
    state = request.GET.get("keadaan", "")
    page = reading.page_number(request.GET.get("page", ""))
    found = queries.listed(request.by, mine=mine, state=state, page=page)
    kept = {"punya": "saya" if mine else "semua", **({"keadaan": state} if state else {})}
    context = {
        "rows": [_row(one, at) for one in found.rows],
        "mine": mine,
        "leads": roles.may_somewhere(request.by, "plan.assign"),
        "state": state,
        "states": choices.pairs(rules.STATES),
        "tiles": _tiles(request, at),
        "older_url": f"?{urlencode({**kept, 'page': page + 1})}" if found.has_next else "",
        "newer_url": f"?{urlencode({**kept, 'page': page - 1})}" if page > 1 else "",
    }
    return frame.show(request, "desk/plans/list.html", context, here=HERE)


def _tiles(request: Request, at: Any) -> list[dict[str, Any]]:
    counts = queries.counts(request.by, at.date())
    running = [key for key in rules.ORDER if key != "closed"]
    return [
        {"label": _(rules.STATES[key]), "number": counts.by_state.get(key, 0), "tone": ""} for key in running
    ] + [
        {"label": _("Overdue for a look"), "number": counts.overdue, "tone": "bad" if counts.overdue else ""}
    ]


def _row(plan: Any, at: Any) -> dict[str, Any]:
    return {
        "plan": plan,
        "url": reverse("desk_plan", args=[plan.id]),
        "category": forms.category(plan.category),
        "state": _(rules.STATES[plan.state]),
        "place": region_queries.path_names(plan.region_code).split(",", maxsplit=1)[0],
        "late": plan.review_date is not None and plan.review_date < at.date(),
        "review": words.day(plan.review_date) if plan.review_date else "",
    }


@officer("plan.open")
def begin(request: Request) -> HttpResponseBase:
    """Make a plan of a matter (``?kasus=``) or for a person of the register (``?orang=``)."""
    case_id, person_id = reading.key(request.GET.get("kasus", "")), reading.key(request.GET.get("orang", ""))
    if case_id is None and person_id is None:
        raise Http404
    try:
        case = case_access.get_for(request.by, case_id) if case_id else None
        if case is None and person_id is not None:
            people_access.active_for(request.by, person_id)
    except NotFound as hidden:
        raise Http404 from hidden
    form = forms.OpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            plan = acts.open_plan(
                by=request.by,
                at=timezone.now(),
                category=int(given["category"]),
                case_id=case_id,
                person_id=None if case_id else person_id,
                cluster=given["cluster"],
                about=given["about"],
            )
        except NotFound as hidden:
            raise Http404 from hidden
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The plan is open. Begin with the assessment."))
            return redirect("desk_plan", plan_id=plan.id)
    back = reverse("desk_case", args=[case_id]) if case_id else reverse(HERE)
    return frame.show(
        request,
        "desk/plans/new.html",
        {"form": form, "case": case, "back": back},
        status=422 if form.errors else 200,
        here=HERE,
    )


@officer("plan.assess")
@require_GET
def plan(request: Request, plan_id: UUID) -> HttpResponseBase:
    """One plan: where it stands, what comes next, and everything in it."""
    return _page(request, plan_id)


@officer("plan.assess")
@require_GET
def print_plan(request: Request, plan_id: UUID) -> HttpResponseBase:
    """The plan on A4."""
    return _page(request, plan_id, template="desk/plans/print.html")


@officer("plan.assess")
@require_POST
def act(request: Request, plan_id: UUID, slug: str, row_id: UUID | None = None) -> HttpResponseBase:
    """Press one of the page's buttons."""
    step = forms.STEPS.get(slug)
    if step is None or step.of_row is not (row_id is not None):
        raise Http404
    at = timezone.now()
    try:
        found = access.plan_for(request.by, plan_id)
        form = forms.made(step, request.by, at, found, request.POST, prefix=slug)
        if form.is_valid():
            step.run(request.by, at, row_id or plan_id, form)
            messages.success(request, _("Saved."))
            return redirect(f"{reverse('desk_plans')}" if slug == "serahkan" else _back(plan_id, row_id))
    except NotFound as hidden:
        raise Http404 from hidden
    except Refused as refusal:
        form.refuse(refusal)
    return _page(request, plan_id, opened=(slug, row_id), wrong=form, status=422)


def _back(plan_id: UUID, row_id: UUID | None) -> str:
    return reverse("desk_plan", args=[plan_id]) + (f"#r-{row_id}" if row_id else "")


def _page(
    request: Request,
    plan_id: UUID,
    *,
    opened: tuple[str, UUID | None] = ("", None),
    wrong: Any = None,
    status: int = 200,
    template: str = "desk/plans/plan.html",
) -> HttpResponseBase:
    whole = trying.found(queries.whole, request, plan_id)
    at = timezone.now()

    def button(slug: str, row_id: UUID | None = None) -> dict[str, Any] | None:
        step = forms.STEPS[slug]
        if not roles.may(request.by, step.act, access.place_of(whole.plan)) or not _open_for(
            step.act, whole.plan
        ):
            return None
        mine = opened == (slug, row_id)
        form = wrong if mine else forms.made(step, request.by, at, whole.plan, prefix=slug)
        args = [plan_id, row_id, slug] if row_id else [plan_id, slug]
        name = "desk_plan_row_act" if row_id else "desk_plan_act"
        return {
            "title": _(step.title),
            "form": form,
            "url": reverse(name, args=args),
            "open": mine,
            "slug": slug,
        }

    next_act = rules.next_step(whole.standing)
    main = next((slug for slug, step in forms.STEPS.items() if step.act == next_act and not step.of_row), "")
    context = {
        "whole": whole,
        "plan": whole.plan,
        "category": forms.category(whole.plan.category),
        "cluster": _(rules.CLUSTERS[whole.plan.cluster]),
        "state": _(rules.STATES[whole.plan.state]),
        "outcome": _(rules.OUTCOMES[whole.plan.outcome]) if whole.plan.outcome else "",
        "steps": _steps(whole.plan),
        "next": button(main) if main else None,
        "assessments": [_assessment(one) for one in whole.assessments],
        "goals": [_goal(one, button) for one in whole.goals],
        "appointments": [_appointment(one, button) for one in whole.appointments],
        "monitorings": [
            {"row": one, "direction": _(rules.DIRECTIONS[one.direction])} for one in whole.monitorings
        ],
        "buttons": {
            slug.replace("-", "_"): button(slug)
            for slug, step in forms.STEPS.items()
            if not step.of_row and slug != main
        },
        "place": region_queries.path_names(whole.plan.region_code),
        "wrong": wrong,
    }
    return frame.show(request, template, context, status=status, here=HERE)


def _open_for(act_name: str, plan: Any) -> bool:
    if act_name in rules.MOVES:
        return rules.target(act_name, plan.state) is not None
    return plan.closed_at is None


def _steps(plan: Any) -> list[dict[str, Any]]:
    here = rules.ORDER.index(plan.state)
    return [
        {
            "title": _(rules.STATES[key]),
            "state": "done" if place < here else "now" if place == here else "next",
        }
        for place, key in enumerate(rules.ORDER)
    ]


def _assessment(row: Any) -> dict[str, Any]:
    areas = [
        {
            "area": _(rules.AREAS[key]),
            "level": _(rules.LEVELS[found["level"]]),
            "tone": {"3": "bad", "2": "warn"}.get(found["level"], "info"),
            "words": found["words"],
        }
        for key, found in row.findings.items()
        if key in rules.AREAS
    ]
    return {"row": row, "areas": areas}


def _goal(row: Any, button: Any) -> dict[str, Any]:
    services = [
        {
            "row": one,
            "service": _(rules.SERVICES[one.service]),
            "state": _(rules.MEASURE_STATES[one.state]),
            "button": button("keadaan", one.id),
        }
        for one in sorted(row.measures.all(), key=lambda one: (one.from_date, one.id))
    ]
    return {
        "row": row,
        "state": _(rules.GOAL_STATES[row.state]),
        "measures": services,
        "add": button("layanan", row.id) if row.state == "open" else None,
        "end": button("hasil", row.id),
    }


def _appointment(row: Any, button: Any) -> dict[str, Any]:
    return {
        "row": row,
        "way": _(rules.WAYS[row.way]),
        "result": _(rules.RESULTS[row.result]) if row.result else "",
        "button": None if row.result else button("bertemu", row.id),
    }
