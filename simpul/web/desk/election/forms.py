"""Forms of the election box: a stage, its days, and what the supervisor says about a report."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from simpul.village_post.rules import election as rules
from simpul.web import forms
from simpul.web.forms import choices
from simpul.web.manage import fields

CLOCKS = (
    ("report", _("Days to report, since it became known")),
    ("finding", _("Days to fix a finding, since its discovery")),
    ("follow", _("Days to follow up, since registration")),
    ("longer", _("Days to follow up when further statements are asked for")),
)
UNITS = {rules.WORKING: _("working days"), rules.CALENDAR: _("days")}


class StageForm(forms.Form):
    """A stage: where, what, from when till when, whose box, how many days."""

    name = forms.LineField(
        label=_("Name of the stage"),
        max_length=120,
        help_text=_("For example: campaign, quiet days, voting and counting."),
    )
    kind = forms.ChoiceField(label=_("Which election?"))
    region_code = fields.AreaField(label=_("Area"))
    from_date = forms.DateField(label=_("First day"))
    to_date = forms.DateField(label=_("Last day"))
    keeper = forms.ChoiceField(
        label=_("Whose box is it?"),
        help_text=_("Reports are sealed to this supervisor's key. Nobody else can read them."),
    )

    def __init__(self, *args: Any, keepers: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].explain(choices.pairs(rules.KINDS))  # type: ignore[attr-defined]
        self.fields["keeper"].explain([(str(one.id), one.name) for one in keepers])  # type: ignore[attr-defined]
        base = rules.clocks_of("general").plain()
        for key, label in CLOCKS:
            self.fields[f"days_{key}"] = fields.CountField(
                label=label, min_value=1, max_value=60, initial=base[key]["days"]
            )
            self.fields[f"unit_{key}"] = forms.ChoiceField(
                label=_("counted in"), inline=True, choices=choices.pairs(UNITS), initial=base[key]["unit"]
            )

    def days(self) -> dict[str, tuple[int, str]]:
        """The clocks as the act takes them."""
        given = self.cleaned_data
        return {key: (given[f"days_{key}"], given[f"unit_{key}"]) for key, _label in CLOCKS}


class DaysForm(forms.Form):
    """The first and last day of a stage."""

    from_date = forms.DateField(label=_("First day"))
    to_date = forms.DateField(label=_("Last day"))


class RegisterForm(forms.Form):
    """A report is registered."""

    category = forms.ChoiceField(label=_("What is it about?"))
    register_number = forms.LineField(label=_("Number of the register"), max_length=60, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["category"].explain(choices.pairs(rules.CATEGORIES))  # type: ignore[attr-defined]


class DecideForm(forms.Form):
    """What came of a report."""

    outcome = forms.ChoiceField(label=_("What came of it?"))
    answer = forms.LongTextField(
        label=_("What the reporter is told"),
        max_length=500,
        rows=3,
        help_text=_("Read with the receipt by whoever holds it. Write no names."),
    )

    def __init__(self, *args: Any, registered: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        only = set(rules.OUTCOMES) if registered else set(rules.WITHOUT_REGISTER)
        self.fields["outcome"].explain(choices.pairs(rules.OUTCOMES, only=only))  # type: ignore[attr-defined]


class ForwardForm(forms.Form):
    """A report is handed on."""

    forwarded_to = forms.LineField(
        label=_("To whom?"),
        max_length=120,
        help_text=_("For example: Panwascam, Bawaslu of the regency, Gakkumdu."),
    )
    answer = forms.LongTextField(label=_("What the reporter is told"), max_length=500, rows=2, required=False)


class BoxForm(forms.Form):
    """Form B.1. What is typed here goes sealed into the box; only the day of becoming known stays in clear."""

    known_date = forms.DateField(
        label=_("When did you learn of it?"),
        help_text=_(
            "For example 23/11/2026. Days are counted from it; it is the only answer that is not sealed."
        ),
    )
    sealed = django_forms.CharField(widget=django_forms.HiddenInput, required=False)
    report_id = django_forms.UUIDField(widget=django_forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        sealed_here = bool(self.data.get("sealed")) if self.is_bound else False
        for asked in rules.FORM:
            label = gettext(asked.label)
            needed = asked.required and not sealed_here
            field: Any
            if asked.kind == "long":
                field = forms.LongTextField(label=label, max_length=5000, rows=4, required=needed)
            else:
                field = forms.LineField(label=label, max_length=300, required=needed)
            field.widget.attrs["data-seal"] = asked.key
            field.widget.attrs["autocomplete"] = "off"
            if asked.required:
                field.widget.attrs["data-needed"] = "1"
            self.fields[asked.key] = field

    def groups(self) -> list[dict[str, Any]]:
        """The fields of the form in their groups, for the page."""
        return [
            {"label": gettext(label), "fields": [self[one.key] for one in rules.FORM if one.group == group]}
            for group, label in rules.GROUPS.items()
        ]

    def clean_sealed(self) -> str:
        """What the browser sealed, in base64; nothing longer than a report."""
        given: str = self.cleaned_data["sealed"]
        if len(given) > rules.LARGEST * 2:
            raise ValidationError(gettext("This is too long. Shorten the course of events."))
        return given

    def content(self) -> dict[str, str]:
        """What was typed, when the browser could not seal it."""
        return {one.key: self.cleaned_data.get(one.key, "") for one in rules.FORM}
