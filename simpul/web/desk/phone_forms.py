"""The forms of the telephone: what is written while listening, when we call back, and how the call-back went."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from simpul.desks import queries as desk_queries
from simpul.lib import when
from simpul.lib.actor import Actor
from simpul.messages.queries import calls as call_queries
from simpul.messages.rules import calls as call_rules
from simpul.web import forms
from simpul.web.portal import safety, words

LONGEST_AGO = timedelta(days=31)
QUICK = {
    "hour": _("In one hour"),
    "afternoon": _("This afternoon"),
    "morning": _("Tomorrow morning"),
    "other": _("Another time"),
}


def language_choices() -> list[tuple[str, str]]:
    """Languages people speak, in the language of the page."""
    return [(code, names[words.language()]) for code, names in call_queries.spoken().items()]


def telephone_choices(by: Actor) -> list[tuple[str, str]]:
    """The SIMs that ring here."""
    return [(str(one.id), f"{one.name} {one.number}") for one in call_queries.telephones(by)]


class LaterForm(forms.Form):
    """When we call back: one of the usual moments, or a date and a time."""

    quick = forms.ChoiceField(label=_("When do we call back?"), required=False, inline=True)
    later_date = forms.DateField(label=_("On"), required=False, help_text=_("For example 17/8/2026."))
    later_time = forms.LineField(label=_("at"), required=False, width="5", max_length=12)
    why = forms.LineField(label=_("What do we say then?"), required=False, max_length=200)

    def __init__(self, *args: Any, by: Actor, at: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.by, self.at = by, at
        self.zone: ZoneInfo = desk_queries.zone_of(by.served_areas[0])
        self.moments = call_rules.quick_times(at, self.zone)
        offered = [(code, _labelled(code, self.moments, self.zone)) for code in QUICK if self._offers(code)]
        self.fields["quick"].explain(offered)  # type: ignore[attr-defined]

    def _offers(self, code: str) -> bool:
        return code == "other" or code in self.moments

    def due_at(self) -> datetime | None:
        """The moment that was chosen; None for none.

        Raises:
            ValidationError: a date or a time that cannot be read.
        """
        chosen, day = self.cleaned_data.get("quick"), self.cleaned_data.get("later_date")
        if chosen in self.moments:
            return self.moments[chosen]
        clock = str(self.cleaned_data.get("later_time") or "")
        if day is None and not clock:
            return None
        moment = when.parse_time(clock or "08.00")
        if moment is None:
            raise ValidationError(_("Write the time as 13.05."))
        return _at(day or self.at.astimezone(self.zone).date(), moment, self.zone)


class CallForm(LaterForm):
    """One call while it lasts: the number first, then the words. Only one of number and "withheld" is needed."""

    number = forms.LineField(label=_("Number of the caller"), required=False, max_length=40, width="20")
    withheld = forms.TickField(label=_("Number withheld"), required=False)
    gateway_id = forms.ChoiceField(
        label=_("Called on"), widget=django_forms.Select, required=False, choices=()
    )
    language = forms.ChoiceField(label=_("Language spoken"), widget=django_forms.Select, choices=())
    caller_name = forms.NameField(label=_("Name, if given"), required=False)
    notes = forms.LongTextField(
        label=_("What is said"),
        rows=11,
        required=False,
        help_text=_("In the caller's own words. They become the matter."),
    )
    person_id = django_forms.CharField(required=False, widget=django_forms.HiddenInput)
    case_number = forms.LineField(
        label=_("Number of the matter it is added to"), required=False, max_length=40, width="20"
    )
    started_time = forms.LineField(
        label=_("Began at"), required=False, width="5", max_length=12, help_text=_("For example 13.05.")
    )
    ended_time = forms.LineField(label=_("Ended at"), required=False, width="5", max_length=12)
    call_date = forms.DateField(label=_("On another day"), required=False)

    def __init__(self, *args: Any, by: Actor, at: datetime, began_at: datetime, **options: Any) -> None:
        super().__init__(*args, by=by, at=at, **options)
        self.began_at = began_at
        sims = telephone_choices(by)
        self.fields["gateway_id"].choices = [("", gettext("Not known")), *sims]  # type: ignore[attr-defined]
        if len(sims) == 1:
            self.fields["gateway_id"].initial = sims[0][0]
        self.fields["language"].choices = language_choices()  # type: ignore[attr-defined]
        keys = {"number": "n", "notes": "c", "caller_name": "m", "language": "h"}
        for name, key in keys.items():
            self.fields[name].widget.attrs["accesskey"] = key
        self.fields["number"].widget.attrs.update(
            {
                "type": "tel",
                "inputmode": "tel",
                "autocomplete": "off",
                "autofocus": True,
                "data-enter-to": "id_notes",
            }
        )
        self.fields["caller_name"].widget.attrs["autocomplete"] = "off"
        safety.ask(self, safety.emergency_for(by.served_areas, at))

    def times(self) -> tuple[datetime, datetime | None]:
        """When it began and ended: since the page was opened until now, unless something else was written.

        Raises:
            ValidationError: a time that cannot be read.
        """
        given = self.cleaned_data
        day: date = given.get("call_date") or self.began_at.astimezone(self.zone).date()
        began = self._moment(given.get("started_time"), day)
        ended = self._moment(given.get("ended_time"), day)
        if began and ended and ended < began:
            ended += timedelta(days=1)  # over midnight
        if given.get("call_date") and began is None:
            raise ValidationError(_("Write when it began, too."))
        return began or self.began_at, ended or (self.at if began is None else None)

    def _moment(self, typed: Any, day: date) -> datetime | None:
        if not typed:
            return None
        clock = when.parse_time(str(typed))
        if clock is None:
            raise ValidationError(_("Write the time as 13.05."))
        return _at(day, clock, self.zone)

    def words_with_safety(self) -> str:
        """The notes, with what was ticked of the life-safety questions in front, so that it is never lost."""
        ticked = safety.said(self.cleaned_data.get("triage", ()))
        notes: str = self.cleaned_data["notes"]
        return f"[{'; '.join(ticked)}]\n{notes}".strip() if ticked else notes


class BackForm(LaterForm):
    """How a call-back went."""

    result = forms.ChoiceField(label=_("Was somebody reached?"), choices=())
    outcome = forms.ChoiceField(label=_("What became of it?"), choices=(), required=False)
    language = forms.ChoiceField(label=_("Language spoken"), widget=django_forms.Select, choices=())
    notes = forms.LongTextField(label=_("What is said"), rows=7, required=False)
    reason = forms.LineField(label=_("Why does nobody call any more?"), required=False, max_length=200)
    case_number = forms.LineField(
        label=_("Number of the matter it is added to"), required=False, max_length=40, width="20"
    )
    out_id = django_forms.UUIDField(widget=django_forms.HiddenInput)

    def __init__(self, *args: Any, by: Actor, at: datetime, **options: Any) -> None:
        super().__init__(*args, by=by, at=at, **options)
        self.fields["result"].explain(  # type: ignore[attr-defined]
            [
                ("reached", _("Yes")),
                ("not_reached", _("No: we call again")),
                ("gave_up", _("No, and nobody calls any more")),
            ]
        )
        self.fields["outcome"].explain(outcome_choices(("information", "case", "added", "wrong_number")))  # type: ignore[attr-defined]
        self.fields["language"].choices = language_choices()  # type: ignore[attr-defined]


def outcome_choices(codes: Sequence[str] = tuple(call_rules.OUTCOMES)) -> list[tuple[str, str]]:
    """Ways a call ends, in words."""
    return [(code, gettext(call_rules.OUTCOMES[code].words)) for code in codes]


def _labelled(code: str, moments: dict[str, datetime], zone: ZoneInfo) -> str:
    moment = moments.get(code)
    label = str(QUICK[code])
    return f"{label} ({moment.astimezone(zone):%H.%M})" if moment else label


def _at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, tzinfo=zone)


def midnight(day: date, zone: str) -> datetime:
    """The first moment of a day at a place."""
    return datetime.combine(day, time(0), tzinfo=ZoneInfo(zone))
