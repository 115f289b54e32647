"""Taking ideas in at the counter: the half hour for somebody present, a new idea, one out of a matter, and its public words."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from simpul.cases import access as case_access
from simpul.cases.actions import intake
from simpul.community.actions import ideas as actions
from simpul.community.queries import ideas as queries
from simpul.community.rules import ideas as rules
from simpul.web.desk import trying
from simpul.web.desk.ideas import forms, shared
from simpul.web.policy import Request, officer


@officer("assistance.begin")
def assist(request: Request) -> HttpResponseBase:
    """Say for whom one writes and why; then the half hour runs."""
    form = forms.AssistForm(
        request.POST if request.method == "POST" else None, by=request.by, village=shared.own_village(request)
    )
    if form.is_valid() and trying.run(
        form,
        lambda: actions.begin_assistance(
            by=request.by,
            at=timezone.now(),
            region_code=form.cleaned_data["place_code"],
            reason=form.why(),
            name=form.cleaned_data["name"],
            assistance_id=form.cleaned_data["assistance_id"],
        ),
    ):
        messages.success(request, _("You may write for this person for half an hour."))
        back = request.GET.get("untuk", "")
        if back and len(back) == 36:
            return redirect("desk_idea", idea_id=back)
        return redirect("desk_idea_new")
    context = {
        "heading": _("Write for somebody present"),
        "lead": _(
            "Write only what the person says, and read it back. Who wrote for whom, when and why stays in the books."
        ),
        "button": _("Begin"),
        "back": reverse("desk_ideas"),
    }
    return shared.form_page(request, "desk/ideas/ask.html", form, context)


@officer("assistance.end")
@require_POST
def assist_end(request: Request, assistance_id: UUID) -> HttpResponseBase:
    """The person has gone."""

    def act() -> None:
        actions.end_assistance(by=request.by, at=timezone.now(), assistance_id=assistance_id)
        messages.success(request, _("Ended. Whoever comes next begins a half hour of their own."))

    return trying.attempt(request, act, reverse("desk_ideas"))


@officer("idea.open")
def new(request: Request) -> HttpResponseBase:
    """A new idea at the counter: for the person of the open half hour."""
    helped = queries.assistance_now(request.by, timezone.now())
    if helped is None:
        return redirect("desk_ideas_assist")
    form = forms.IdeaForm(
        request.POST if request.method == "POST" else None,
        village=helped.region_code,
        asks_phone=helped.person_id is None,
    )
    made: list[Any] = []
    if form.is_valid() and trying.run(form, lambda: made.append(_open(request, form, helped))):
        return _taken(request, made[0])
    context = {
        "heading": _("New idea"),
        "lead": _("For %(name)s") % {"name": helped.name},
        "button": _("Take it in"),
        "back": reverse("desk_ideas"),
    }
    return shared.form_page(request, "desk/ideas/ask.html", form, context)


def _open(request: Request, form: forms.IdeaForm, helped: Any) -> actions.Taken:
    given = form.cleaned_data
    author = (
        intake.PersonGiven(person_id=helped.person_id)
        if helped.person_id
        else intake.PersonGiven(name=helped.name, phone=given.get("phone", ""))
    )
    return actions.open_idea(
        by=request.by,
        at=timezone.now(),
        region_code=helped.region_code,
        given=form.idea(),
        channel="desk",
        author=author,
        assistance_id=helped.id,
        idea_id=given["idea_id"],
        case_id=given["case_id"],
    )


def _taken(request: Request, taken: actions.Taken) -> HttpResponseBase:
    """Tell the receipt: it is the author's."""
    opened = taken.opened
    if taken.idea is None:
        messages.warning(
            request,
            _(
                "What was told needs protection: it was made a protected matter and no public idea. "
                "Receipt: %(receipt)s. Give it to the person."
            )
            % {"receipt": opened.receipt16},
        )
        return redirect("desk_ideas")
    messages.success(
        request,
        _("Taken in. Number %(number)s, PIN %(pin)s: write both down for the author.")
        % {"number": opened.number, "pin": opened.pin or opened.receipt16},
    )
    return redirect("desk_idea", idea_id=taken.idea.id)


@officer("idea.adopt")
def adopt(request: Request, case_id: UUID) -> HttpResponseBase:
    """Make an idea of a matter that came by any road."""
    case = trying.found(case_access.get_for, request, case_id)
    known = queries.idea_of_case(case.id)
    if known is not None:
        return redirect("desk_idea", idea_id=known.id)
    answers = case.answers or {}
    first = {
        "title": case.title[:120],
        "words": case.text[:3000],
        "field": answers.get("field", "") if answers.get("field", "") in rules.FIELDS else "development",
        "benefits": str(answers.get("benefits", ""))[:300],
        "place": case.place[:150],
        "hamlet": str(case.hamlet_id or ""),
    }
    form = forms.IdeaForm(
        request.POST if request.method == "POST" else None, initial=first, village=case.region_code
    )
    made: list[Any] = []
    if form.is_valid() and trying.run(
        form,
        lambda: made.append(
            actions.adopt_idea(
                by=request.by,
                at=timezone.now(),
                case_id=case.id,
                given=form.idea(),
                idea_id=form.cleaned_data["idea_id"],
            )
        ),
    ):
        messages.success(request, _("The matter is an idea now. Its receipt stays its author's."))
        return redirect("desk_idea", idea_id=made[0].id)
    context = {
        "heading": _("Make an idea of this matter"),
        "lead": f"{case.number} · {case.title}",
        "button": _("Make it an idea"),
        "back": reverse("desk_ideas"),
    }
    return shared.form_page(request, "desk/ideas/ask.html", form, context)


@officer("idea.change")
def change(request: Request, idea_id: UUID) -> HttpResponseBase:
    """Change what everybody reads."""
    idea = shared.idea_or_404(request, idea_id)
    first = {
        "title": idea.title,
        "words": idea.words,
        "field": idea.field,
        "benefits": idea.benefits,
        "place": idea.place,
        "hamlet": str(idea.hamlet_id or ""),
        "show_author": idea.show_author,
    }
    form = forms.IdeaForm(
        request.POST if request.method == "POST" else None, initial=first, village=idea.region_code
    )
    if form.is_valid() and trying.run(
        form,
        lambda: actions.change_idea(by=request.by, at=timezone.now(), idea_id=idea.id, given=form.idea()),
    ):
        messages.success(request, _("Changed. The author's own words stay beside it."))
        return redirect("desk_idea", idea_id=idea.id)
    context = {
        "heading": _("Change the public words"),
        "lead": _("Leave the sense as it is: take out names and numbers of persons, and what hurts others."),
        "said": idea.said,
        "button": _("Save"),
        "back": reverse("desk_idea", args=[idea.id]),
    }
    return shared.form_page(request, "desk/ideas/ask.html", form, context)
