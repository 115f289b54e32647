"""Forms of outreach: giving doors, a visit, reasons, a sample."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from simpul.lib.ids import uuid7
from simpul.outreach import actions
from simpul.outreach.rules import doors, sampling
from simpul.web import forms
from simpul.web.forms import choices
from simpul.web.manage import fields


def _choose(form: forms.Form, name: str, choices: Any) -> None:
    form.fields[name].explain(choices)  # type: ignore[attr-defined]


class AssignForm(forms.Form):
    """Who gets the ticked doors."""

    seat = forms.ChoiceField(label=_("Facilitator"), widget=django_forms.Select)
    due_date = forms.DateField(label=_("Until"), required=False)
    note = forms.LineField(label=_("What for?"), required=False, max_length=200)
    round_name = forms.LineField(
        label=_("Round of verification"),
        required=False,
        max_length=20,
        help_text=_("For example 2026-Q4. Leave empty when only a visit is wanted."),
    )

    def __init__(self, *args: Any, seats: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        _choose(self, "seat", [("", gettext("Choose")), *seats])


class VisitForm(forms.Form):
    """What was found at a door."""

    outcome = forms.ChoiceField(label=_("What did you find?"))
    spoke_to = forms.LineField(label=_("Who did you speak with?"), required=False, max_length=150)
    words = forms.LongTextField(label=_("What should be known?"), required=False, rows=3, max_length=4000)
    day = forms.DateField(
        label=_("Day, if it was not today"), required=False, help_text=_("Leave empty when it was just now.")
    )
    clock = fields.TimeField(label=_("Time"), required=False)
    visit_id = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _choose(self, "outcome", choices.pairs(doors.OUTCOMES))
        self.initial.setdefault("visit_id", str(uuid7()))

    def visited_at(self, now: datetime, zone: Any) -> datetime:
        """Now, or the moment that was typed."""
        given = self.cleaned_data
        if not given["day"] and given["clock"] is None:
            return now
        here = now.astimezone(zone)
        return datetime.combine(given["day"] or here.date(), given["clock"] or here.time(), zone)

    def found(self) -> actions.Found:
        """What was found, as the act takes it."""
        given = self.cleaned_data
        return actions.Found(given["outcome"], given["spoke_to"], given["words"])


class WhyForm(forms.Form):
    """A reason."""

    why = forms.LineField(label=_("Why?"), max_length=200)


class NoteForm(forms.Form):
    """What has to be put right."""

    note = forms.LineField(label=_("What has to be put right?"), max_length=300)


class SampleForm(forms.Form):
    """What to draw from, and how much."""

    seat = forms.ChoiceField(label=_("Facilitator"), required=False, widget=django_forms.Select)
    since = forms.DateField(label=_("Submitted from"))
    until = forms.DateField(label=_("until"))
    percent = fields.CountField(label=_("Share in per cent"), min_value=1, max_value=100)
    sample_id = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    def __init__(self, *args: Any, seats: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        _choose(self, "seat", [("", gettext("all of the area")), *seats])
        self.initial.setdefault("sample_id", str(uuid7()))
        self.initial.setdefault("percent", sampling.PROPOSED)
