"""Forms about children to be accompanied."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from simpul.lib.ids import uuid7
from simpul.posyandu.actions import marriage as actions
from simpul.posyandu.rules import marriage as rules
from simpul.web import forms
from simpul.web.desk.posyandu_marriage import shared


class OnceForm(forms.Form):
    """A form whose act carries a key, so that a press repeated changes nothing."""

    once = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("once", str(uuid7()))


class StepForm(OnceForm):
    """One step of the support."""

    what = forms.LineField(
        label=_("What is done?"),
        max_length=200,
        help_text=_("For example: talk with the parents and the school."),
    )
    who = forms.NameField(label=_("Who does it?"), max_length=150)
    due_date = forms.DateField(label=_("By when?"))

    def given(self) -> actions.StepGiven:
        """The step as the act takes it."""
        said = self.cleaned_data
        return actions.StepGiven(said["what"], said["who"], said["due_date"], said["once"])


class PlanForm(StepForm):
    """What the support is to lead to, and its first step."""

    goal = forms.ChoiceField(label=_("What is it to lead to?"), choices=list(shared.GOALS.items()))
    with_matter = forms.TickField(
        label=_("Also open a matter"),
        required=False,
        help_text=_("Its words tell of support for a family, and nothing more."),
    )
    field_order = ("once", "goal", "what", "who", "due_date", "with_matter")


class DoneForm(forms.Form):
    """A step that was done."""

    done_date = forms.DateField(label=_("When was it done?"))
    result = forms.LineField(label=_("What came of it?"), max_length=300)


class EndForm(forms.Form):
    """What became of it."""

    outcome = forms.ChoiceField(
        label=_("What became of it?"), choices=[(code, shared.OUTCOMES[code]) for code in rules.BY_HAND]
    )
    words = forms.LineField(label=_("In a few words"), max_length=300)


class WrongForm(forms.Form):
    """Why it was a false alarm."""

    why = forms.LineField(label=_("Why was it a false alarm?"), max_length=300)


class WhoForm(forms.Form):
    """A name to look for."""

    q = forms.LineField(label=_("Name of the child"), max_length=100, required=False)


class RequestForm(OnceForm):
    """A request to a court that somebody saw."""

    court = forms.LineField(label=_("Which court?"), max_length=100, help_text=_("For example: PA Takalar."))
    number = forms.LineField(label=_("Number of the request, if it was seen"), max_length=60, required=False)
    seen_date = forms.DateField(label=_("When was it seen?"))
    words = forms.LineField(label=_("In a few words"), max_length=300, required=False)


class DecisionForm(forms.Form):
    """What the court decided."""

    decision = forms.ChoiceField(
        label=_("What was decided?"), choices=[(code, shared.DECISIONS[code]) for code in rules.DECISIONS[1:]]
    )
    decided_date = forms.DateField(label=_("When?"))
    words = forms.LineField(label=_("In a few words"), max_length=300, required=False)


def first_day(on: date) -> dict[str, date]:
    """The day that stands in a form at first."""
    return {"due_date": on, "done_date": on, "seen_date": on, "decided_date": on}
