"""The steps of an idea: shown, hidden, talked over, put off with a reason, carried over, joined, parted, told in person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST

from simpul.community.actions import idea_path, ideas
from simpul.community.queries import ideas as queries
from simpul.web import reading
from simpul.web.desk import trying
from simpul.web.desk.ideas import forms, shared
from simpul.web.policy import Request, officer


@dataclass(frozen=True, slots=True)
class Step:
    """One step: the act, what the page says, whether a reason is needed (None: none is asked)."""

    act: str
    heading: Any
    done: Any
    do: Callable[..., Any]
    needs: bool | None
    danger: bool = False
    takes: tuple[str, ...] = ("reason", "step_id")


def _advance(state: str) -> Callable[..., Any]:
    def act(**given: Any) -> None:
        idea_path.advance_idea(**given, state=state)

    return act


STEPS: dict[str, Step] = {
    "tampilkan": Step(
        "idea.publish",
        _lazy("Put it on the public page"),
        _lazy("Everybody can read it now. The author is told."),
        ideas.publish_idea,
        None,
        takes=("step_id",),
    ),
    "sembunyikan": Step(
        "idea.hide",
        _lazy("Take it off the public page"),
        _lazy("It is off the public page."),
        ideas.hide_idea,
        needs=True,
        danger=True,
        takes=("why",),
    ),
    "dusun": Step(
        "idea.advance",
        _lazy("Talked over in the hamlet"),
        _lazy("Written down. The author is told."),
        _advance("talked"),
        needs=False,
    ),
    "mulai": Step(
        "idea.advance",
        _lazy("The work has begun"),
        _lazy("Written down. The author is told."),
        _advance("works"),
        needs=False,
    ),
    "selesai": Step(
        "idea.advance",
        _lazy("It is done"),
        _lazy("Written down. The author is told."),
        _advance("done"),
        needs=False,
    ),
    "tunda": Step(
        "idea.defer",
        _lazy("Put off"),
        _lazy("Put off. The author is told why."),
        idea_path.defer_idea,
        needs=True,
    ),
    "bawa": Step(
        "idea.carry",
        _lazy("Carry over to the next plan"),
        _lazy("Carried over. The author is told."),
        idea_path.carry_idea,
        None,
        takes=("step_id",),
    ),
    "tolak": Step(
        "idea.reject",
        _lazy("Do not take it up"),
        _lazy("Not taken up. The author is told why."),
        idea_path.reject_idea,
        needs=True,
        danger=True,
    ),
    "tarik": Step(
        "idea.withdraw",
        _lazy("Take it back for the author"),
        _lazy("Taken back."),
        idea_path.withdraw_idea,
        needs=False,
        danger=True,
    ),
    "buka": Step(
        "idea.reopen",
        _lazy("Take it up again"),
        _lazy("Taken up again where it stood. The author is told."),
        idea_path.reopen_idea,
        None,
        takes=("step_id",),
    ),
    "pisah": Step(
        "idea.part",
        _lazy("Part it again"),
        _lazy("It stands for itself again."),
        ideas.part_idea,
        None,
        takes=("step_id",),
    ),
}


@officer(*shared.READING)
def step(request: Request, idea_id: UUID, name: str) -> HttpResponseBase:
    """Ask for the reason where one is due, then take the step."""
    idea, found = shared.idea_or_404(request, idea_id), STEPS.get(name)
    if found is None or not shared.may(request, found.act, idea.region_code):
        raise Http404
    form = forms.ReasonForm(request.POST if request.method == "POST" else None, needed=bool(found.needs))
    if found.needs is None:
        del form.fields["reason"]
    if form.is_valid() and trying.run(
        form,
        lambda: found.do(by=request.by, at=timezone.now(), idea_id=idea.id, **_given(form, found.takes)),
    ):
        messages.success(request, str(found.done))
        return redirect("desk_idea", idea_id=idea.id)
    context = {
        "heading": found.heading,
        "lead": idea.title,
        "said": idea.words if name == "tampilkan" else "",
        "said_label": _("This is what everybody will read:"),
        "button": found.heading,
        "danger": found.danger,
        "back": reverse("desk_idea", args=[idea.id]),
    }
    return shared.form_page(request, "desk/ideas/ask.html", form, context)


def _given(form: forms.ReasonForm, takes: tuple[str, ...]) -> dict[str, Any]:
    said = form.cleaned_data
    answers = {"reason": said.get("reason", ""), "why": said.get("reason", ""), "step_id": said["step_id"]}
    return {name: answers[name] for name in takes}


@officer("idea.merge")
def merge(request: Request, idea_id: UUID) -> HttpResponseBase:
    """Join an idea into another that says the same."""
    idea = shared.idea_or_404(request, idea_id)
    words = request.GET.get("kata", "").replace("\x00", "").strip()[:80]
    alike = [one for one, _near in queries.alike(request.by, idea)]
    rest = [one for one in queries.mergeable(request.by, idea, words) if one not in alike]
    offered = [(str(one.id), f"{one.title} ({shared.state_words(one.state)})") for one in [*alike, *rest]]
    form = forms.MergeForm(
        request.POST if request.method == "POST" else None,
        offered=offered,
        initial={"into": request.GET.get("ke", "")},
    )
    if form.is_valid() and trying.run(
        form,
        lambda: ideas.merge_idea(
            by=request.by,
            at=timezone.now(),
            idea_id=idea.id,
            into_id=reading.known_key(form.cleaned_data["into"]),
            why=form.cleaned_data["why"],
        ),
    ):
        messages.success(request, _("Joined. Both authors are kept and told; each voice counts once."))
        return redirect("desk_idea", idea_id=form.cleaned_data["into"])
    context = {
        "heading": _("Join with another idea"),
        "lead": idea.title,
        "button": _("Join"),
        "back": reverse("desk_idea", args=[idea.id]),
        "search": words,
        "searches": True,
        "nothing": not offered,
    }
    return shared.form_page(request, "desk/ideas/ask.html", form, context)


@officer("step.tell")
@require_POST
def tell(request: Request, step_id: UUID) -> HttpResponseBase:
    """The author heard it in person."""

    def act() -> None:
        idea_path.tell_step(by=request.by, at=timezone.now(), step_id=step_id)
        messages.success(request, _("Written down: the author knows."))

    back = request.POST.get("kembali", "")
    key = reading.key(back)
    return trying.attempt(
        request, act, reverse("desk_idea", args=[key]) if key else reverse("desk_ideas_untold")
    )
