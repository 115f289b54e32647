"""The form of a reactivation rule of the district's own."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from simpul.programmes.rules import kis as rules
from simpul.web import forms
from simpul.web.desk.kis.forms import Select
from simpul.web.forms import choices


def wishes() -> list[tuple[str, str]]:
    """How much a letter is wanted."""
    return [("required", _("required")), ("optional", _("helps, is not required")), ("no", _("not needed"))]


class RuleForm(forms.Form):
    """A version of the reactivation rule of the district's own."""

    name = forms.LineField(label=gettext_lazy("Name of the rule"), max_length=120)
    authority = forms.LineField(label=gettext_lazy("Who says it"), max_length=80)
    source = forms.LineField(
        label=gettext_lazy("Letter or decree it stands in"),
        max_length=200,
        help_text=gettext_lazy("With number and date, so that anybody can look it up."),
    )
    from_date = forms.DateField(label=gettext_lazy("Holds from"))
    until_date = forms.DateField(label=gettext_lazy("Holds until"), required=False)
    facility_letter = forms.ChoiceField(label=gettext_lazy("Letter of the health facility"), widget=Select)
    village_letter = forms.ChoiceField(label=gettext_lazy("Letter of the village (SKTM)"), widget=Select)
    chronic_required = forms.ChoiceField(
        label=gettext_lazy("Only for chronic or life-threatening illness?"), widget=Select
    )
    off_from = forms.DateField(label=gettext_lazy("Only cards switched off from"), required=False)
    off_until = forms.DateField(label=gettext_lazy("Only cards switched off until"), required=False)
    excludes = forms.ChoicesField(label=gettext_lazy("Families left out"), required=False)
    follow_up_days = forms.DigitsField(
        label=gettext_lazy("Ask the ministry again after (days)"), required=False, max_length=3
    )
    duty_months = forms.DigitsField(
        label=gettext_lazy("Months until the data must be up to date"), required=False, max_length=2
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: Any = self.fields
        fields["facility_letter"].choices = wishes()
        fields["village_letter"].choices = wishes()
        fields["chronic_required"].choices = [("no", _("No")), ("yes", _("Yes"))]
        fields["excludes"].choices = choices.pairs(rules.EXCLUDED)
