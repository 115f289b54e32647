"""Forms of field sheets: what shall be printed, the end of a sheet."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from simpul.lib.actor import Actor
from simpul.outreach.queries import papers
from simpul.outreach.rules import papers as rules
from simpul.programmes.queries import rounds
from simpul.regions import queries as region_queries
from simpul.web import forms
from simpul.web.forms import choices
from simpul.web.manage import fields


class SheetForm(forms.Form):
    """What kind of sheet, for which place, how long."""

    kind = forms.ChoiceField(label=_("What shall be on the paper?"))
    title = forms.LineField(
        label=_("Title"), max_length=200, required=False, help_text=_("For example: Uren, first day.")
    )
    hamlet = forms.ChoiceField(label=_("Only one hamlet"), required=False, widget=django_forms.Select)
    lines = fields.CountField(
        label=_("How many rows?"), min_value=1, max_value=rules.MOST_ROWS, initial=20, required=False
    )
    round = forms.ChoiceField(
        label=_("Which round of aid?"),
        required=False,
        widget=django_forms.Select,
        help_text=_("Only for a list of aid to hand over."),
    )
    stop = forms.ChoiceField(
        label=_("Which stop of a trip?"),
        required=False,
        widget=django_forms.Select,
        help_text=_("A guest book belongs to a stop; the other sheets may."),
    )

    def __init__(self, *args: Any, by: Actor, village: str, **options: Any) -> None:
        super().__init__(*args, **options)
        choose = {
            "kind": choices.pairs(rules.KINDS),
            "hamlet": [
                ("", gettext("the whole village")),
                *((str(one.id), one.name) for one in region_queries.hamlets(village)),
            ],
            "round": [
                ("", gettext("none")),
                *((str(one.id), one.name) for one in rounds.of_region(by, [village])),
            ],
            "stop": [
                ("", gettext("none")),
                *((str(one.id), f"{one.trip.purpose}: {one.place}") for one in papers.stops_at(by, village)),
            ],
        }
        for name, offered in choose.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A list of aid needs its round, a guest book its stop."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("kind") == "deliveries" and not found.get("round"):
            self.add_error("round", gettext("Choose the round whose list is printed."))
        if found.get("kind") == "guests" and not found.get("stop"):
            self.add_error("stop", gettext("Choose the stop at which the guest book lies."))
        return found


class EndForm(forms.Form):
    """Why rows stay open, or why a sheet is void."""

    words = forms.LineField(label=_("Why?"), required=False, max_length=300)
