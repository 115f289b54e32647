"""Forms of trips: the plan, a stop, the team, the load, the questions before leaving, the return."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from simpul.lib.ids import uuid7
from simpul.outreach import actions
from simpul.outreach.rules import trips as rules
from simpul.web import forms
from simpul.web.forms import choices
from simpul.web.manage import fields


class Born(forms.Form):
    """A form whose row gets its key before it is sent: sent twice, it makes one row."""

    row_id = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("row_id", str(uuid7()))


class Moment(forms.Form):
    """When something happened: now, unless somebody writes another day or time."""

    day = forms.DateField(
        label=_("Day, if it was not today"), required=False, help_text=_("Leave empty when it was just now.")
    )
    clock = fields.TimeField(label=_("Time"), required=False)

    def moment(self, now: datetime, zone: Any) -> datetime:
        """Now, or the moment that was typed."""
        given = self.cleaned_data
        if not given["day"] and given["clock"] is None:
            return now
        here = now.astimezone(zone)
        return datetime.combine(given["day"] or here.date(), given["clock"] or here.time(), zone)


class TripForm(Born):
    """The plan of a trip."""

    purpose = forms.LineField(label=_("What is the trip for?"), max_length=200)
    region_code = fields.AreaField(label=_("For which area?"))
    start_date = forms.DateField(label=_("First day"))
    end_date = forms.DateField(label=_("Last day"))
    season = forms.ChoiceField(label=_("Season"), inline=True)
    modes = forms.ChoicesField(label=_("How can the team travel?"))
    transport = forms.LineField(
        label=_("Vehicles"),
        required=False,
        max_length=200,
        help_text=_("For example: two trail motorcycles, a boat from Uren."),
    )
    ends_at_office = forms.TickField(label=_("The trip ends at the office again"), required=False)
    safety_name = forms.LineField(
        label=_("Who has to know when the team is back?"),
        required=False,
        max_length=150,
        help_text=_("The safety contact: somebody who stays and raises the alarm."),
    )
    safety_phone = forms.LineField(label=_("Their telephone"), required=False, max_length=40)
    fuel_plan = forms.RupiahField(label=_("Fuel, as planned"), required=False)
    cost_plan = forms.RupiahField(label=_("Everything else, as planned"), required=False)
    cost_words = forms.LineField(label=_("What is in the cost?"), required=False, max_length=300)
    words = forms.LongTextField(label=_("Notes"), required=False, rows=3, max_length=4000)
    joins = forms.TickField(label=_("I go along and lead the trip"), required=False)

    def __init__(self, *args: Any, old: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        fields.choose(self, "season", choices.pairs(rules.SEASONS))
        fields.choose(self, "modes", choices.pairs(rules.MODES))
        self.initial.setdefault("modes", ["road", "foot"])
        self.initial.setdefault("ends_at_office", True)
        if old:
            del self.fields["region_code"], self.fields["joins"]

    def plan(self) -> actions.TripPlan:
        """The plan as the act takes it."""
        given = self.cleaned_data
        names = (
            "purpose", "season", "start_date", "end_date", "transport", "ends_at_office", "safety_name",
            "safety_phone", "fuel_plan", "cost_plan", "cost_words", "words",
        )  # fmt: skip
        return actions.TripPlan(modes=tuple(given["modes"]), **{name: given[name] for name in names})


class StopForm(Born):
    """One stop."""

    village = forms.ChoiceField(label=_("Village"), widget=django_forms.Select)
    hamlet = forms.LineField(
        label=_("Hamlet"),
        required=False,
        max_length=80,
        help_text=_("As it stands on the list of hamlets; may stay empty."),
    )
    kind = forms.ChoiceField(label=_("What is done there?"), widget=django_forms.Select)
    planned_date = forms.DateField(label=_("Planned day"), required=False)
    place = forms.LineField(label=_("Where exactly?"), required=False, max_length=150)

    def __init__(self, *args: Any, villages: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        fields.choose(self, "village", [("", gettext("Choose")), *villages])
        fields.choose(self, "kind", choices.pairs(rules.STOPS))

    def stop(self, hamlets: Sequence[Any]) -> actions.StopPlan | None:
        """The stop as the act takes it; None when the hamlet is not on the list of the village."""
        given = self.cleaned_data
        wanted = given["hamlet"].casefold()
        found = next((one.id for one in hamlets if one.name.casefold() == wanted), None)
        if wanted and found is None:
            names = ", ".join(one.name for one in hamlets) or gettext("none yet")
            self.add_error("hamlet", gettext("This village has these hamlets: %(names)s.") % {"names": names})
            return None
        return actions.StopPlan(given["village"], given["kind"], found, given["planned_date"], given["place"])


class MemberForm(Born):
    """Somebody of the team."""

    seat = forms.ChoiceField(
        label=_("An officer who works with Simpul"), required=False, widget=django_forms.Select
    )
    name = forms.LineField(label=_("Or a name"), required=False, max_length=150)
    institution = forms.LineField(label=_("Institution"), required=False, max_length=150)
    role = forms.LineField(
        label=_("Part in the team"),
        required=False,
        max_length=100,
        help_text=_("For example: midwife, driver, data."),
    )
    leads = forms.TickField(label=_("Leads the trip"), required=False)

    def __init__(self, *args: Any, seats: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        fields.choose(self, "seat", [("", gettext("no officer")), *seats])

    def member(self) -> actions.Member:
        """The member as the act takes it."""
        given = self.cleaned_data
        return actions.Member(
            UUID(given["seat"]) if given["seat"] else None,
            given["name"],
            given["institution"],
            given["role"],
            given["leads"],
        )


class CarryForm(Born):
    """One thing to take along."""

    kind = forms.ChoiceField(label=_("Kind"), widget=django_forms.Select)
    name = forms.LineField(label=_("What?"), max_length=120)
    quantity = fields.CountField(label=_("How many?"), initial=1)
    unit = forms.LineField(label=_("Unit"), required=False, max_length=20)
    number_from = forms.LineField(label=_("First printed number"), required=False, max_length=30)
    number_to = forms.LineField(label=_("Last printed number"), required=False, max_length=30)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields.choose(self, "kind", choices.pairs(rules.CARRIED))

    def carry(self) -> actions.CarryPlan:
        """The thing as the act takes it."""
        given = self.cleaned_data
        return actions.CarryPlan(
            given["kind"],
            given["name"],
            given["quantity"],
            given["unit"],
            given["number_from"],
            given["number_to"],
        )


class WhyForm(forms.Form):
    """A reason."""

    why = forms.LineField(label=_("Why?"), max_length=300)


class StartForm(Moment):
    """The team leaves."""


class ReturnForm(Moment):
    """The team is back."""

    fuel_actual = forms.RupiahField(label=_("Fuel, as paid"), required=False)
    cost_actual = forms.RupiahField(label=_("Everything else, as paid"), required=False)
    words = forms.LongTextField(label=_("How was it?"), required=False, rows=4, max_length=4000)


class CloseForm(forms.Form):
    """The trip is closed."""

    because = forms.LineField(
        label=_("Why is it closed although something is open?"),
        required=False,
        max_length=300,
        help_text=_("Only needed when something above is still open."),
    )


class LegForm(Born):
    """How long one way takes."""

    from_place = forms.ChoiceField(label=_("From place"), widget=django_forms.Select)
    to_place = forms.ChoiceField(label=_("To place"), widget=django_forms.Select)
    mode = forms.ChoiceField(label=_("By what means?"), widget=django_forms.Select)
    season = forms.ChoiceField(label=_("Season"), inline=True)
    minutes = fields.CountField(
        label=_("Minutes"),
        required=False,
        help_text=_("Leave empty when the way cannot be passed in this season."),
    )
    both_ways = forms.TickField(label=_("Takes the same time in both directions"), required=False)
    source = forms.LineField(
        label=_("Who says so?"),
        required=False,
        max_length=150,
        help_text=_("For example: the village's driver, measured on a trip."),
    )
    confidence = forms.ChoiceField(label=_("How sure is it?"), widget=django_forms.Select)

    def __init__(self, *args: Any, places: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("from_place", "to_place"):
            fields.choose(self, name, [("", gettext("Choose")), *places])
        fields.choose(self, "mode", choices.pairs(rules.MODES))
        fields.choose(self, "season", choices.pairs(rules.SEASONS))
        fields.choose(
            self,
            "confidence",
            [
                ("confirmed", gettext("measured")),
                ("secondary", gettext("told by somebody who knows the way")),
                ("unconfirmed", gettext("a guess")),
            ],
        )
        self.initial.setdefault("both_ways", True)
        self.initial.setdefault("confidence", "secondary")


class PositionForm(forms.Form):
    """Where a village lies."""

    village = forms.ChoiceField(label=_("Village"), widget=django_forms.Select)
    latitude = forms.LineField(
        label=_("Latitude"),
        required=False,
        max_length=12,
        help_text=_("For example -2.35; south is below nought."),
    )
    longitude = forms.LineField(
        label=_("Longitude"), required=False, max_length=12, help_text=_("For example 115.58.")
    )

    def __init__(self, *args: Any, villages: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        fields.choose(self, "village", [("", gettext("Choose")), *villages])

    def clean_latitude(self) -> float | None:
        """Degrees, or nothing."""
        return _degrees(self.cleaned_data["latitude"])

    def clean_longitude(self) -> float | None:
        """Degrees, or nothing."""
        return _degrees(self.cleaned_data["longitude"])


def _degrees(typed: str) -> float | None:
    if not typed:
        return None
    try:
        return float(typed.replace(",", "."))
    except ValueError as wrong:
        raise django_forms.ValidationError(
            gettext("Write degrees as a number, for example -2.35.")
        ) from wrong


def today_of(now: datetime, zone: Any) -> date:
    """The date at a place."""
    return now.astimezone(zone).date()
