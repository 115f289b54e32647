"""Forms of tasks and findings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from simpul.posyandu.rules import tasks as rules
from simpul.web import forms
from simpul.web.desk.posyandu_tasks import shared


class WhyForm(forms.Form):
    """Some words: why, or what was done."""

    why = forms.LineField(label=_("Why?"), max_length=300)


class NoteForm(forms.Form):
    """What was done, or why it is not done."""

    note = forms.LineField(label=_("What was done, or why not?"), max_length=300)


class AssignForm(forms.Form):
    """Who goes, and by when."""

    cadre = forms.ChoiceField(label=_("Who visits?"), required=False, widget=django_forms.Select)
    due_date = forms.DateField(label=_("By when?"))

    def __init__(self, *args: Any, cadres: Sequence[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        names = [(str(one.id), one.name) for one in cadres]
        self.fields["cadre"].explain([("", gettext("whoever is free")), *names])  # type: ignore[attr-defined]

    def cadre_id(self) -> UUID | None:
        """The cadre, or nobody in particular."""
        return UUID(self.cleaned_data["cadre"]) if self.cleaned_data["cadre"] else None


class TaskForm(AssignForm):
    """Somebody on the list by hand."""

    person = forms.ChoiceField(label=_("Whom to visit?"), required=False, widget=django_forms.Select)
    reason = forms.ChoiceField(label=_("Why?"), choices=[])
    field_order = ("person", "reason", "due_date", "cadre")

    def __init__(self, *args: Any, members: Sequence[Any], first_day: date, **options: Any) -> None:
        super().__init__(*args, **options)
        people = [(str(one.id), one.full_name) for one in members]
        self.fields["person"].explain([("", gettext("the whole family")), *people])  # type: ignore[attr-defined]
        reasons = [(code, shared.reason(code)) for code in rules.REASONS]
        self.fields["reason"].explain(reasons)  # type: ignore[attr-defined]
        self.initial.setdefault("reason", "next_visit")
        self.initial.setdefault("due_date", first_day)

    def person_id(self) -> UUID | None:
        """The person, or the whole family."""
        return UUID(self.cleaned_data["person"]) if self.cleaned_data["person"] else None
