"""Forms of health rules: choosing a version, ending a choice, judging again."""

from __future__ import annotations

from typing import Any

from django.forms import HiddenInput, UUIDField
from django.utils.translation import gettext_lazy

from simpul.web import forms


class ChoiceForm(forms.Form):
    """Which version an area follows, from when, and why."""

    key = UUIDField(widget=HiddenInput)
    version = forms.ChoiceField(label=gettext_lazy("Version to follow"))
    from_date = forms.DateField(label=gettext_lazy("From"))
    until_date = forms.DateField(label=gettext_lazy("Until (may stay empty)"), required=False)
    reason = forms.LineField(
        label=gettext_lazy("Why"),
        max_length=300,
        help_text=gettext_lazy("For example the letter of the Puskesmas or the agency, with its number."),
    )

    def __init__(self, *args: Any, versions: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        fields: Any = self.fields
        fields["version"].choices = versions


class EndForm(forms.Form):
    """Until when a choice counts, and why it ends."""

    until_date = forms.DateField(
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy("The day before its first day takes the choice back altogether."),
    )
    why = forms.LineField(label=gettext_lazy("Why"), max_length=300)


class AgainForm(forms.Form):
    """Why entries are judged again; area and first day are those of the preview."""

    key = UUIDField(widget=HiddenInput)
    since = forms.DateField(widget=HiddenInput)
    reason = forms.LineField(label=gettext_lazy("Why"), max_length=300)
