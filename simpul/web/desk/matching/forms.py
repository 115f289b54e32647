"""The decision about two persons."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from simpul.web import forms

DECISIONS = (
    ("same", gettext_lazy("This is one person")),
    ("different", gettext_lazy("These are two persons")),
)


class DecisionForm(forms.Form):
    """One person or two, which row stays, and why."""

    decision = forms.ChoiceField(
        label=gettext_lazy("What is your decision?"), choices=DECISIONS, widget=forms.Radios
    )
    kept = forms.ChoiceField(
        label=gettext_lazy("If it is one person: which row stays?"),
        help_text=gettext_lazy(
            "Its values stay. Empty ones are filled from the other row, and everything of the other row moves here."
        ),
        choices=(("first", gettext_lazy("The left one")), ("second", gettext_lazy("The right one"))),
        widget=forms.Radios,
        initial="first",
        required=False,
    )
    words = forms.LineField(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy("For example: saw both cards; asked the family."),
        max_length=300,
    )


class PartForm(forms.Form):
    """Why the two are two after all."""

    words = forms.LineField(label=gettext_lazy("Why are these two persons after all?"), max_length=300)
