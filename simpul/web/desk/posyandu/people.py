"""Board and cadres: the list with the gap, one person with what they learned and have, appointing, changing, ending."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.posyandu.access import institution as own_access
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.actions import institution_people as actions
from simpul.posyandu.queries import institution as queries
from simpul.posyandu.queries import stock as stock_queries
from simpul.posyandu.queries import training as training_queries
from simpul.posyandu.rules import institution as rules
from simpul.web import reading
from simpul.web.desk import trying, words
from simpul.web.desk.posyandu import forms, shared
from simpul.web.policy import Request, officer


@officer(*shared.READING)
@require_GET
def board(request: Request, posyandu_id: UUID) -> HttpResponseBase:
    """Who serves here, field by field, against the norm."""
    posyandu = trying.found(access.posyandu_for, request, posyandu_id)
    today = queries.today_at(posyandu, timezone.now())
    people = queries.serving(posyandu)
    learned = training_queries.learned(people, today)
    levels = training_queries.level_names()
    context = {
        "rows": [_row(one, learned[one.id], levels, today) for one in people],
        "ended": [
            {"one": one, "position": shared.position(one), "until": words.day(one.ended_date)}
            for one in queries.ended(posyandu)
        ],
        "gap": queries.gap(posyandu),
        "fields": [
            {"name": one.label(words.language()), "head": head.name if head else "", "number": number}
            for one, head, number in queries.gaps_by_field(posyandu, people)
        ],
        "vacant": [_(rules.POSITIONS[code]) for code in rules.vacant([one.position for one in people])],
        "skills": len(training_queries.skills()),
        "may_appoint": shared.may(request, "cadre.appoint", posyandu),
        "may_train": shared.may(request, "training.record", posyandu),
    }
    return shared.page(request, posyandu, "desk/posyandu/board.html", "desk_posyandu_board", context)


def _row(one: Any, learned: training_queries.Learned, levels: dict[str, str], today: Any) -> dict[str, Any]:
    return {
        "one": one,
        "position": shared.position(one),
        "since": words.day(one.since_date),
        "until": words.day(one.until_date),
        "ends": rules.ends_soon(one.until_date, today),
        "learned": learned,
        "level": levels.get(learned.level, ""),
    }


@officer("cadre.appoint")
def new(request: Request, posyandu_id: UUID) -> HttpResponseBase:
    """Appoint somebody."""
    posyandu = trying.found(access.posyandu_for, request, posyandu_id)
    at = timezone.now()
    form = forms.CadreForm(
        request.POST if request.method == "POST" else None,
        posyandu=posyandu,
        seats=queries.seats_free(request.by, posyandu, at),
        initial={"position": "cadre", "since_date": queries.today_at(posyandu, at)},
    )
    if form.is_valid() and trying.run(
        form,
        lambda: actions.appoint_cadre(
            by=request.by,
            at=at,
            posyandu_id=posyandu.id,
            given=form.given(),
            cadre_id=form.cleaned_data["once"],
        ),
    ):
        messages.success(request, _("%(name)s serves here now.") % {"name": form.cleaned_data["name"]})
        return redirect("desk_posyandu_board", posyandu_id=posyandu.id)
    back = reverse("desk_posyandu_board", args=[posyandu.id])
    return shared.form_page(request, form, _("Appoint somebody"), back, _("Save"), intro=posyandu.name)


@officer(*shared.READING)
@require_GET
def one(request: Request, cadre_id: UUID) -> HttpResponseBase:
    """One person: position and term, skills by module, what was handed out."""
    cadre = trying.found(own_access.cadre_for, request, cadre_id)
    posyandu = cadre.posyandu
    today = queries.today_at(posyandu, timezone.now())
    learned = training_queries.learned([cadre], today)[cadre.id]
    language = words.language()
    skills = training_queries.skills()
    may_change = shared.may(request, "cadre.change", posyandu) and cadre.ended_date is None
    asks = may_change and cadre.person_id is None
    typed = request.GET.get("kata", "").replace("\x00", "")[:80]
    context = {
        "cadre": cadre,
        "row": _row(cadre, learned, training_queries.level_names(), today),
        "ended": words.day(cadre.ended_date),
        "modules": [
            {
                "name": module.label(language),
                "skills": [_skill(skill, learned, today) for skill in module.skills],
                "mastered": sum(
                    1
                    for skill in module.skills
                    if skill.code in learned.skills and learned.skills[skill.code].mastered
                ),
            }
            for module in training_queries.modules()
        ],
        "all_skills": len(skills),
        "confirmed": training_queries.is_confirmed(),
        "records": [
            {
                "one": one,
                "skill": skills[one.skill].label(language) if one.skill in skills else one.skill,
                "day": words.day(one.done_date),
            }
            for one in training_queries.records(cadre)
        ],
        "held": stock_queries.held(posyandu, cadre),
        "may_change": may_change,
        "typed": typed,
        "candidates": queries.candidates(request.by, cadre, typed) if asks else [],
        "asks": asks,
        "may_train": shared.may(request, "training.record", posyandu),
        "may_hand": shared.may(request, "stock.return", posyandu),
    }
    return shared.page(request, posyandu, "desk/posyandu/cadre.html", "desk_posyandu_board", context)


def _skill(
    skill: training_queries.SkillName, learned: training_queries.Learned, today: Any
) -> dict[str, Any]:
    state = learned.skills.get(skill.code)
    return {
        "name": skill.label(words.language()),
        "trained": words.day(state.trained) if state else "",
        "assessed": words.day(state.assessed) if state else "",
        "mastered": bool(state and state.mastered),
        "due": bool(state and state.is_due(today)),
    }


@officer("cadre.change")
def change(request: Request, cadre_id: UUID) -> HttpResponseBase:
    """Change position, field, term, telephone or account."""
    cadre = trying.found(own_access.cadre_for, request, cadre_id)
    posyandu, at = cadre.posyandu, timezone.now()
    names = ("name", "position", "since_date", "until_date", "sex", "phone")
    form = forms.CadreForm(
        request.POST if request.method == "POST" else None,
        posyandu=posyandu,
        seats=queries.seats_free(request.by, posyandu, at, cadre),
        cadre=cadre,
        initial={
            **{name: getattr(cadre, name) for name in names},
            "service": cadre.field,
            "seat": str(cadre.seat_id or ""),
        },
    )
    if form.is_valid() and trying.run(
        form, lambda: actions.change_cadre(by=request.by, at=at, cadre_id=cadre.id, given=form.given())
    ):
        messages.success(request, _("Changed."))
        return redirect("desk_posyandu_cadre", cadre_id=cadre.id)
    back = reverse("desk_posyandu_cadre", args=[cadre.id])
    return shared.form_page(request, form, cadre.name, back, _("Save"), intro=posyandu.name)


@officer("cadre.change")
@require_POST
def link(request: Request, cadre_id: UUID) -> HttpResponseBase:
    """Say which person of the register this is, or that it is none of them: nobody in two fields is then seen everywhere."""
    cadre = trying.found(own_access.cadre_for, request, cadre_id)
    person_id = reading.key(request.POST.get("siapa", ""))
    given = actions.CadreGiven(
        name=cadre.name,
        position=cadre.position,
        field=cadre.field,
        since_date=cadre.since_date,
        until_date=cadre.until_date,
        sex=cadre.sex,
        phone=cadre.phone,
        person_id=person_id,
        seat_id=cadre.seat_id,
        another=True,
    )
    return trying.attempt(
        request,
        lambda: actions.change_cadre(by=request.by, at=timezone.now(), cadre_id=cadre.id, given=given),
        reverse("desk_posyandu_cadre", args=[cadre.id]),
    )


@officer("cadre.end")
def end(request: Request, cadre_id: UUID) -> HttpResponseBase:
    """End a term."""
    cadre = trying.found(own_access.cadre_for, request, cadre_id)
    at = timezone.now()
    form = forms.EndForm(
        request.POST if request.method == "POST" else None,
        initial={"ended_date": queries.today_at(cadre.posyandu, at)},
    )
    if form.is_valid() and trying.run(
        form, lambda: actions.end_cadre(by=request.by, at=at, cadre_id=cadre.id, **form.cleaned_data)
    ):
        messages.success(request, _("The term has ended."))
        return redirect("desk_posyandu_board", posyandu_id=cadre.posyandu_id)
    back = reverse("desk_posyandu_cadre", args=[cadre.id])
    held = stock_queries.held(cadre.posyandu, cadre)
    intro = cadre.name
    if held:
        things = ", ".join(f"{row.number} {row.item.name}" for row in held)
        intro = _("%(name)s still has: %(things)s.") % {"name": cadre.name, "things": things}
    return shared.form_page(request, form, _("End the term"), back, _("End the term"), intro=intro)


@officer(*shared.READING)
@require_GET
def paper(request: Request, posyandu_id: UUID) -> HttpResponseBase:
    """Board and cadres as a sheet of paper, in the order of the decree."""
    posyandu = trying.found(access.posyandu_for, request, posyandu_id)
    people = queries.serving(posyandu)
    context = {
        "rows": [
            {
                "one": one,
                "position": shared.position(one),
                "since": words.day(one.since_date),
                "until": words.day(one.until_date),
            }
            for one in people
        ],
        "gap": queries.gap(posyandu),
        "today": words.day(queries.today_at(posyandu, timezone.now())),
    }
    return shared.page(request, posyandu, "desk/posyandu/board_print.html", "desk_posyandu_board", context)
