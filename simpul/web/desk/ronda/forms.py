"""Forms of the night watch."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from simpul.lib.actor import Actor
from simpul.lib.ids import uuid7
from simpul.regions import queries as region_queries
from simpul.village_post.actions import ronda_incidents, ronda_nights, ronda_posts
from simpul.village_post.queries import ronda_kinds
from simpul.village_post.rules import ronda as rules
from simpul.web import forms
from simpul.web.desk import intake_form, words
from simpul.web.forms import choices
from simpul.web.manage import fields


def _once() -> Any:
    return django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)


def hamlets(village: str) -> list[tuple[str, Any]]:
    """The hamlets of a village as choices, and none."""
    return [
        ("", gettext("not of one hamlet")),
        *((str(one.id), one.name) for one in region_queries.hamlets(village)),
    ]


class OnceForm(forms.Form):
    """A form whose act carries a key, so that a press repeated changes nothing."""

    once = _once()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("once", str(uuid7()))

    def choose(self, name: str, given: Any) -> None:
        """Set the choices of a field."""
        self.fields[name].explain(given)  # type: ignore[attr-defined]


class PostForm(OnceForm):
    """A watch post."""

    name = forms.LineField(
        label=_("Name of the post"), max_length=100, help_text=_("For example: Pos Ronda Taruttuka.")
    )
    place_code = forms.RegionField(label=_("In which village?"))
    hamlet = forms.ChoiceField(label=_("Hamlet"), required=False, widget=django_forms.Select)
    place = forms.LineField(label=_("Where it stands"), required=False, max_length=150)
    starts = fields.TimeField(label=_("Watch begins at"))
    ends = fields.TimeField(label=_("Watch ends at"))
    mode = forms.ChoiceField(label=_("Who takes turns?"), choices=[])
    per_night = fields.CountField(
        label=_("How many people each night?"),
        min_value=1,
        max_value=30,
        help_text=_("Only when people take turns one by one."),
    )
    round_times = forms.LineField(
        label=_("When are the points walked?"),
        required=False,
        max_length=100,
        help_text=_("For example: 23.00, 01.00, 03.00."),
    )

    def __init__(self, *args: Any, by: Actor, village: str = "", old: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.choose("mode", choices.pairs(rules.MODES))
        self.choose(
            "hamlet", hamlets(village) if len(village) == 10 else [("", gettext("not of one hamlet"))]
        )
        self.fields["place_code"].find = lambda text: intake_form.find_places(by, text)  # type: ignore[attr-defined]
        if old or len(village) == 10:
            del self.fields["place_code"]
        self.village = village
        for name, value in (("starts", "22.00"), ("ends", "04.00"), ("mode", "person"), ("per_night", 4)):
            self.initial.setdefault(name, value)

    def clean_round_times(self) -> tuple[str, ...]:
        """The times of the rounds, as HH:MM."""
        found = [
            fields.read_time(part)
            for part in self.cleaned_data["round_times"].replace(";", ",").split(",")
            if part.strip()
        ]
        if None in found:
            raise django_forms.ValidationError(str(ronda_posts.TimesWrong()))
        return tuple(one.strftime("%H:%M") for one in found if one is not None)

    def code(self) -> str:
        """The village."""
        return self.cleaned_data.get("place_code") or self.village

    def given(self) -> ronda_posts.PostGiven:
        """The post as the act takes it."""
        said = self.cleaned_data
        return ronda_posts.PostGiven(
            name=said["name"],
            place=said["place"],
            hamlet_id=UUID(said["hamlet"]) if said["hamlet"] else None,
            starts=said["starts"],
            ends=said["ends"],
            per_night=said["per_night"],
            mode=said["mode"],
            round_times=said["round_times"],
        )


class WatcherForm(OnceForm):
    """Somebody who takes turns, by name."""

    name = forms.LineField(label=_("Name"), max_length=150)
    phone = forms.LineField(label=_("Telephone"), required=False, max_length=30)
    group = forms.LineField(
        label=_("Group"), required=False, max_length=24, help_text=_("For example: A, or Kelompok Jumat.")
    )


class ExemptionForm(OnceForm):
    """Why somebody is asked for no nights."""

    kind = forms.ChoiceField(label=_("Why is this person free of the watch?"), choices=[])
    from_date = forms.DateField(label=_("From"))
    until_date = forms.DateField(
        label=_("Until"), required=False, help_text=_("Leave empty when it has no end.")
    )
    note = forms.LineField(label=_("Note"), required=False, max_length=200)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.choose("kind", choices.pairs(rules.EXEMPTIONS))


class PeriodForm(OnceForm):
    """The nights of a roster, or of a file."""

    first = forms.DateField(label=_("First night"))
    last = forms.DateField(label=_("Last night"))


class SwapForm(OnceForm):
    """Who takes over a night, and for which of theirs."""

    other = forms.ChoiceField(label=_("Who takes over?"), widget=django_forms.Select)
    asked_by = forms.ChoiceField(label=_("How did the one who cannot come say so?"), choices=[], inline=True)
    why = forms.LineField(label=_("Why?"), required=False, max_length=200)

    def __init__(self, *args: Any, offers: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.choose("other", offers)
        self.choose("asked_by", choices.pairs(rules.ROADS))
        self.initial.setdefault("asked_by", "phone")


class WhyForm(forms.Form):
    """A reason."""

    why = forms.LineField(label=_("Why?"), max_length=200)


class IncidentForm(OnceForm):
    """What happened."""

    kind = forms.ChoiceField(label=_("What kind of incident?"), choices=[])
    day = forms.DateField(label=_("Day"))
    clock = fields.TimeField(label=_("Time"))
    severity = forms.ChoiceField(label=_("How serious is it?"), choices=[], inline=True)
    place = forms.LineField(label=_("Where?"), required=False, max_length=150)
    words = forms.LongTextField(label=_("What happened?"), rows=4, max_length=5000)
    persons = forms.LineField(
        label=_("Who is concerned?"),
        required=False,
        max_length=300,
        help_text=_("Names stay in this book and are never in a text to copy."),
    )
    first_action = forms.LongTextField(
        label=_("What was done first?"), rows=2, max_length=2000, required=False
    )

    def __init__(self, *args: Any, zone: Any, old: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.zone = zone
        kinds = [
            forms.Choice(code, words.said(one, "name"), words.said(one, "first"), one.icon)
            for code, one in ronda_kinds.kinds().items()
            if not one.protected
        ]
        self.choose("kind", kinds)
        self.choose("severity", choices.pairs(rules.SEVERITIES))
        self.initial.setdefault("severity", "low")
        if old:
            for name in ("kind", "day", "clock"):
                del self.fields[name]

    def happened_at(self) -> datetime:
        """The moment, in the place's own time."""
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["clock"], self.zone)

    def given(self) -> ronda_incidents.IncidentGiven:
        """The incident as the act takes it."""
        said = self.cleaned_data
        return ronda_incidents.IncidentGiven(
            kind=said["kind"],
            words=said["words"],
            severity=said["severity"],
            place=said["place"],
            persons=said["persons"],
            first_action=said["first_action"],
        )


class ProtectForm(OnceForm):
    """What a protected matter begins with; it is stored nowhere else."""

    kind = forms.ChoiceField(label=_("What is it about?"), choices=[])
    words = forms.LongTextField(
        label=_("What does the protection officer need to know?"),
        rows=4,
        max_length=5000,
        help_text=_("Say whether somebody is in danger now, and how the person can be reached safely."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.choose(
            "kind",
            [
                forms.Choice(code, words.said(one, "name"), words.said(one, "first"), one.icon)
                for code, one in ronda_kinds.kinds().items()
                if one.protected
            ],
        )


class ToldForm(OnceForm):
    """Who was told."""

    body = forms.ChoiceField(label=_("Who was told?"), widget=django_forms.Select)
    name = forms.LineField(label=_("Name"), required=False, max_length=100)
    road = forms.ChoiceField(label=_("How?"), choices=[], inline=True)
    clock = fields.TimeField(label=_("Time, if not now"), required=False)
    reply = forms.LineField(label=_("What did they say?"), required=False, max_length=200)

    def __init__(self, *args: Any, proposed: tuple[str, ...] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        pairs = dict(choices.pairs(rules.BODIES))
        order = [*proposed, *(code for code in pairs if code not in proposed)]
        self.choose("body", [(code, pairs[code]) for code in order])
        self.choose("road", choices.pairs(rules.ROADS))
        self.initial.setdefault("road", "phone")


class CloseForm(forms.Form):
    """How an incident ended."""

    outcome = forms.LongTextField(label=_("How did it end?"), rows=2, max_length=1000)


class StayForm(OnceForm):
    """A guest who stays."""

    name = forms.LineField(label=_("Name of the guest"), max_length=150)
    host_name = forms.LineField(label=_("Stays with"), max_length=150)
    hamlet = forms.ChoiceField(label=_("Hamlet"), required=False, widget=django_forms.Select)
    people = fields.CountField(label=_("How many people?"), min_value=1, max_value=500)
    origin = forms.LineField(label=_("Comes from"), required=False, max_length=200)
    purpose = forms.LineField(label=_("Purpose of the visit"), required=False, max_length=200)
    nik = forms.LineField(
        label=_("NIK"),
        required=False,
        max_length=25,
        help_text=_("Only when the guest shows a card. It is stored encrypted."),
    )
    phone = forms.LineField(label=_("Telephone"), required=False, max_length=30)
    day = forms.DateField(label=_("Arrived on"))
    clock = fields.TimeField(label=_("at"))
    until_date = forms.DateField(label=_("Stays until"), required=False)

    def __init__(self, *args: Any, village: str, zone: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.zone = zone
        self.choose("hamlet", hamlets(village))
        self.initial.setdefault("people", 1)

    def arrived_at(self) -> datetime:
        """The moment, in the place's own time."""
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["clock"] or time(12), self.zone)

    def given(self) -> ronda_nights.StayGiven:
        """The guest as the act takes it."""
        said = self.cleaned_data
        until: date | None = said["until_date"]
        return ronda_nights.StayGiven(
            name=said["name"],
            host_name=said["host_name"],
            nik=said["nik"],
            origin=said["origin"],
            phone=said["phone"],
            people=said["people"],
            hamlet_id=UUID(said["hamlet"]) if said["hamlet"] else None,
            purpose=said["purpose"],
            until_date=until,
        )
