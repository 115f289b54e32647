"""Forms of the post: a visitor, a hand-over, a pattern, a roster, a shift, the settings."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from simpul.desks import queries as desk_queries
from simpul.lib.ids import uuid7
from simpul.village_post.actions import guests, handover, posts
from simpul.village_post.rules import duty as rules
from simpul.village_post.rules import guests as guest_rules
from simpul.web import forms
from simpul.web.forms import choices
from simpul.web.manage import fields


def _choose(form: forms.Form, name: str, given: Any) -> None:
    form.fields[name].explain(given)  # type: ignore[attr-defined]


def seat_pairs(seats: Any) -> list[tuple[str, str]]:
    """Officers as choices: name and seat."""
    return [(str(one.id), f"{one.user.full_name}, {desk_queries.seat_label(one)}") for one in seats]


class VisitorForm(forms.Form):
    """One line of the guest book."""

    name = forms.NameField(label=_("Name"))
    purpose = forms.LineField(label=_("What do they come for?"), max_length=300, required=False)
    address = forms.LineField(label=_("Address"), max_length=200, required=False)
    phone = forms.LineField(label=_("Telephone"), max_length=30, required=False)
    institution = forms.LineField(label=_("Institution"), max_length=150, required=False)
    met = forms.LineField(label=_("Whom do they meet?"), max_length=150, required=False)
    sex = forms.ChoiceField(label=_("Sex"), required=False, inline=True)
    people = fields.CountField(
        label=_("How many people come together?"), required=False, min_value=1, max_value=200
    )
    visitor_id = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _choose(self, "sex", choices.pairs(guest_rules.SEXES))
        self.initial.setdefault("visitor_id", str(uuid7()))
        self.initial.setdefault("people", 1)

    def guest(self) -> guests.Guest:
        """The line as the act takes it."""
        given = self.cleaned_data
        return guests.Guest(
            name=given["name"],
            phone=given["phone"],
            institution=given["institution"],
            sex=given["sex"],
            address=given["address"],
            met=given["met"],
            purpose=given["purpose"],
            people=given["people"] or 1,
        )


class BookForm(forms.Form):
    """Which lines of the book are shown."""

    kata = forms.LineField(required=False, max_length=100)
    dari = forms.DateField(required=False)
    sampai = forms.DateField(required=False)


class RelayForm(forms.Form):
    """What this shift hands the next."""

    note = forms.LongTextField(
        label=_("What does the next shift need to know?"), max_length=2000, rows=4, required=False
    )
    items = forms.LongTextField(
        label=_("What stays open"),
        max_length=2000,
        rows=3,
        required=False,
        help_text=_("One matter on each line."),
    )
    keys = forms.ChoicesField(label=_("Keys that are here"), required=False)
    equipment = forms.ChoicesField(label=_("Equipment that is here"), required=False)
    cash = forms.RupiahField(label=_("Cash counted (rupiah)"), help_text=_("0 when there is none."))
    relay_id = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    def __init__(self, *args: Any, post: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.post = post
        for name, known in (("keys", post.keys), ("equipment", post.equipment)):
            if known:
                _choose(self, name, [(one, one) for one in known])
            else:
                del self.fields[name]
        self.initial.setdefault("relay_id", str(uuid7()))

    def handed(self, waiting: int) -> handover.Handed:
        """The hand-over as the act takes it."""
        given = self.cleaned_data
        return handover.Handed(
            note=given["note"],
            items=given["items"].splitlines(),
            keys=[(one, one in given.get("keys", ())) for one in self.post.keys],
            equipment=[(one, one in given.get("equipment", ())) for one in self.post.equipment],
            cash=given["cash"],
            waiting=waiting,
        )


class AcceptForm(forms.Form):
    """What the next shift finds."""

    found_cash = forms.RupiahField(label=_("Cash you counted (rupiah)"))
    not_there = forms.ChoicesField(label=_("What is not here, although it was written"), required=False)
    difference = forms.LongTextField(
        label=_("What differs, and why"),
        max_length=500,
        rows=2,
        required=False,
        help_text=_("Needed when something differs."),
    )

    def __init__(self, *args: Any, relay: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        there = [name for name, present in (*relay.keys, *relay.equipment) if present]
        if there:
            _choose(self, "not_there", [(one, one) for one in there])
        else:
            del self.fields["not_there"]


class PatternForm(forms.Form):
    """Days, times and people of a pattern."""

    name = forms.LineField(
        label=_("Name of the pattern"), max_length=80, help_text=_("For example: night, holiday morning.")
    )
    days = forms.ChoicesField(label=_("Days"))
    starts = fields.TimeField(label=_("Begins at"))
    ends = fields.TimeField(
        label=_("Ends at"), help_text=_("A time before the beginning lies on the next day.")
    )
    seats = forms.ChoicesField(label=_("Who takes turns?"))
    size = fields.CountField(label=_("How many officers on each shift?"), min_value=1, max_value=20)
    on_call = forms.TickField(label=_("One more is on call for each shift"), required=False)

    def __init__(self, *args: Any, seats: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _choose(self, "days", [(str(key), gettext(label)) for key, label in rules.WEEKDAYS.items()])
        _choose(self, "seats", seat_pairs(seats))
        for name, value in (("size", 1), ("on_call", True)):
            self.initial.setdefault(name, value)

    def pattern(self) -> posts.PatternGiven:
        """The pattern as the act takes it."""
        given = self.cleaned_data
        return posts.PatternGiven(
            name=given["name"],
            days=tuple(int(one) for one in given["days"]),
            starts=given["starts"],
            ends=given["ends"],
            seat_ids=tuple(UUID(one) for one in given["seats"]),
            size=given["size"],
            on_call=given["on_call"],
        )


class RosterForm(forms.Form):
    """For which weeks a roster is made."""

    first = forms.DateField(label=_("From"))
    until = forms.DateField(label=_("Until"))

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("first", today)
        self.initial.setdefault("until", today + timedelta(days=27))


class ShiftForm(forms.Form):
    """One shift out of the pattern."""

    day = forms.DateField(label=_("Day"))
    starts = fields.TimeField(label=_("Begins at"))
    ends = fields.TimeField(
        label=_("Ends at"), help_text=_("A time before the beginning lies on the next day.")
    )
    note = forms.LineField(label=_("Note"), max_length=200, required=False)


class AssignForm(forms.Form):
    """Who stands for a shift."""

    seat = forms.ChoiceField(label=_("Officer"), widget=django_forms.Select)
    part = forms.ChoiceField(label=_("How?"), inline=True)

    def __init__(self, *args: Any, seats: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _choose(self, "seat", seat_pairs(seats))
        _choose(self, "part", choices.pairs(rules.PARTS, only=("officer", "on_call")))
        self.initial.setdefault("part", "officer")


class WhyForm(forms.Form):
    """Why a shift is cancelled."""

    why = forms.LineField(label=_("Why?"), max_length=200)


class OfferForm(forms.Form):
    """Whom one asks to take a duty over, and for which duty in return."""

    to_seat = forms.ChoiceField(label=_("Whom do you ask?"), widget=django_forms.Select)
    in_return = forms.ChoiceField(label=_("In return you take"), widget=django_forms.Select, required=False)
    why = forms.LineField(label=_("Why?"), max_length=200, required=False)

    def __init__(self, *args: Any, seats: Any, returns: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _choose(self, "to_seat", seat_pairs(seats))
        _choose(self, "in_return", [("", gettext("nothing, the colleague helps out")), *returns])


class SetupForm(forms.Form):
    """What the post has."""

    keys = forms.LongTextField(
        label=_("Keys that change hands"),
        max_length=2000,
        rows=3,
        required=False,
        help_text=_("One on each line."),
    )
    equipment = forms.LongTextField(
        label=_("Equipment that changes hands"),
        max_length=2000,
        rows=4,
        required=False,
        help_text=_("One on each line."),
    )
    visitor_days = fields.CountField(
        label=_("For how many days do names stay in the guest book?"),
        min_value=1,
        max_value=9999,
        help_text=_(
            "180 is our proposal, not a rule of law. Afterwards the lines stay for counting, without names."
        ),
    )


class TimesForm(forms.Form):
    """A day and a time that are written down afterwards; empty means now."""

    clock = fields.TimeField(label=_("Time, if it was not now"), required=False)

    def moment(self, now: datetime, region_code: str) -> datetime:
        """Now, or the time that was typed: the last one that lies not ahead."""
        typed = self.cleaned_data["clock"]
        if typed is None:
            return now
        zone = desk_queries.zone_of(region_code)
        local = now.astimezone(zone)
        found = datetime.combine(local.date(), typed, zone)
        if found > now + timedelta(minutes=1):
            found = datetime.combine(local.date() - timedelta(days=1), typed, zone)
        if now - found > timedelta(hours=23):
            raise ValidationError(gettext("Write a time of the last hours."))
        return found
