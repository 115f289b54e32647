"""The steps of a work: what each asks, and what is said when it is done."""

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
from django.utils.translation import gettext_lazy as _

from simpul.community.actions import works
from simpul.community.rules import works as rules
from simpul.web.desk import trying
from simpul.web.desk.works import forms, shared
from simpul.web.policy import Request, officer


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a work. The fields of its form are the act's own arguments; without a form it is done at once."""

    act: str
    states: tuple[str, ...]
    run: Callable[..., None]
    done: Any
    heading: Any = ""
    button: Any = ""
    form: Callable[..., Any] | None = None


_LIVING = rules.PATH
STEPS: dict[str, Step] = {
    "mulai": Step(
        "work.start",
        rules.MOVES["start"],
        works.start_work,
        _("The work has begun."),
        _("Begin the work"),
        _("Begin"),
        forms.DayForm,
    ),
    "selesai": Step(
        "work.finish",
        rules.MOVES["finish"],
        works.finish_work,
        _("Finished. Add a photo of how it looks now."),
        _("Finish the work"),
        _("Finish"),
        forms.FinishForm,
    ),
    "lanjut": Step("work.reopen", rules.MOVES["reopen"], works.reopen_work, _("The work goes on.")),
    "serah": Step(
        "work.hand_over",
        rules.MOVES["hand_over"],
        works.hand_over_work,
        _("Handed over."),
        _("Hand the work over"),
        _("Hand over"),
        forms.HandOverForm,
    ),
    "batal": Step(
        "work.call_off",
        rules.MOVES["call_off"],
        works.call_off_work,
        _("Called off."),
        _("Call the work off"),
        _("Call off"),
        forms.WhyForm,
    ),
    "tampilkan": Step("work.publish", _LIVING, works.publish_work, _("Everybody can see this work now.")),
    "sembunyikan": Step(
        "work.hide", (*_LIVING, "called_off"), works.hide_work, _("The public page is gone.")
    ),
}


@officer("work.change")
def step(request: Request, work_id: UUID, name: str) -> HttpResponseBase:
    """One step of a work; what needs no words is done at once."""
    work, found = shared.work_or_404(request, work_id), STEPS.get(name)
    if found is None or not shared.may(request, found.act, work.region_code):
        raise Http404
    given: dict[str, Any] = {"by": request.by, "at": timezone.now(), "work_id": work.id}
    here = reverse("desk_work", args=[work.id])
    if found.form is None:
        if request.method != "POST":
            return redirect(here)

        def at_once() -> None:
            found.run(**given)
            messages.success(request, str(found.done))

        return trying.attempt(request, at_once, here)
    first = {"day": shared.today(work.region_code)}
    form = found.form(request.POST if request.method == "POST" else None, initial=first)
    if form.is_valid() and trying.run(form, lambda: found.run(**given, **form.cleaned_data)):
        messages.success(request, str(found.done))
        return redirect(here)
    context = {"work": work, "heading": found.heading, "button": found.button, "danger": name == "batal"}
    return shared.form_page(request, "desk/works/ask.html", form, context)
