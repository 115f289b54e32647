"""Forms of a meeting: its plan, its start, somebody who came, a list that is pasted, an objection, the end."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from simpul.desks import queries as desk_queries
from simpul.lib.actor import Actor
from simpul.lib.ids import uuid7
from simpul.meetings import actions, queries, rules
from simpul.programmes.queries import catalogue
from simpul.regions import queries as region_queries
from simpul.web import forms
from simpul.web.desk import intake_form
from simpul.web.forms import choices
from simpul.web.manage import fields
from simpul.web.portal import words as portal_words

LARGEST = 5 * 1024 * 1024


def _choose(form: forms.Form, name: str, choices: Any) -> None:
    form.fields[name].explain(choices)  # type: ignore[attr-defined]


def _programmes(kept: str) -> list[tuple[str, str]]:
    """The programmes in use by name; one that was written down before stays, also when it is used no more."""
    rows = [one for one in catalogue.programmes_all() if one.is_active or one.code == kept]
    named = [(one.code, portal_words.said(one, "name")) for one in rows]
    unknown = [(kept, kept)] if kept and kept not in dict(named) else []
    return [("", gettext("of no programme")), *named, *unknown]


class PlanForm(forms.Form):
    """What is planned. What the kind usually asks for need not be said."""

    kind = forms.ChoiceField(label=_("What is the meeting about?"))
    title = forms.LineField(label=_("Title"), max_length=150, help_text=_("As it will stand on the minutes."))
    place_code = forms.RegionField(label=_("For which village?"))
    hamlet = forms.ChoiceField(label=_("Only for one hamlet"), required=False, widget=django_forms.Select)
    day = forms.DateField(label=_("Day"))
    clock = fields.TimeField(label=_("Time"))
    place = forms.LineField(label=_("Where do people meet?"), required=False, max_length=150)
    purpose = forms.LongTextField(label=_("Purpose"), required=False, rows=3, max_length=4000)
    programme = forms.ChoiceField(
        label=_("Programme"),
        required=False,
        widget=django_forms.Select,
        help_text=_("The programme whose list is decided."),
    )
    chair = forms.LineField(label=_("Who leads it?"), required=False, max_length=150)
    minute_taker = forms.LineField(label=_("Who writes the minutes?"), required=False, max_length=150)
    quorum_people = fields.CountField(
        label=_("How many people must come?"),
        required=False,
        min_value=0,
        max_value=5000,
        help_text=_("Leave empty to take what is usual for this kind of meeting; 0 asks for nobody."),
    )
    own_groups = forms.TickField(
        label=_("Choose below which groups must be there (else as usual)"), required=False
    )
    quorum_groups = forms.ChoicesField(label=_("Groups that must be there"), required=False)
    objection_days = fields.CountField(
        label=_("Days for objections after the meeting"),
        required=False,
        min_value=0,
        max_value=365,
        help_text=_("Leave empty to take what is usual for this kind of meeting."),
    )
    meeting_id = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    def __init__(self, *args: Any, by: Actor, village: str = "", old: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.zone = desk_queries.zone_of(by.served_areas[0])
        kinds = [
            forms.Choice(code, portal_words.said(one, "name"), portal_words.said(one, "about"))
            for code, one in queries.all_kinds().items()
        ]
        _choose(self, "kind", kinds)
        _choose(self, "quorum_groups", choices.pairs(rules.GROUPS))
        self.fields["place_code"].find = lambda text: intake_form.find_places(by, text)  # type: ignore[attr-defined]
        hamlets = region_queries.hamlets(village) if len(village) == 10 else []
        _choose(
            self,
            "hamlet",
            [("", gettext("the whole village")), *((str(one.id), one.name) for one in hamlets)],
        )
        _choose(self, "programme", _programmes(self.initial.get("programme", "")))
        if not hamlets:
            del self.fields["hamlet"]
        if old:
            del self.fields["kind"], self.fields["place_code"], self.fields["meeting_id"]
        else:
            self.initial.setdefault("meeting_id", str(uuid7()))

    def planned_at(self) -> datetime:
        """Day and time at the place."""
        given = self.cleaned_data
        return datetime.combine(given["day"], given["clock"], self.zone)

    def plan(self) -> actions.Plan:
        """The plan as the act takes it."""
        given = self.cleaned_data
        return actions.Plan(
            title=given["title"],
            purpose=given["purpose"],
            programme=given["programme"],
            place=given["place"],
            chair=given["chair"],
            minute_taker=given["minute_taker"],
            hamlet_id=UUID(given["hamlet"]) if given.get("hamlet") else None,
            quorum_people=given["quorum_people"],
            quorum_groups=tuple(given["quorum_groups"]) if given["own_groups"] else None,
            objection_days=given["objection_days"],
        )


class HoldForm(forms.Form):
    """The meeting begins."""

    chair = forms.LineField(label=_("Who leads it?"), max_length=150)
    minute_taker = forms.LineField(label=_("Who writes the minutes?"), max_length=150)
    day = forms.DateField(
        label=_("Day, if it was not today"), required=False, help_text=_("Leave empty when it begins now.")
    )
    clock = fields.TimeField(label=_("Time at which it began"), required=False)

    def held_at(self, now: datetime, zone: Any) -> datetime:
        """Now, or the moment that was typed."""
        given = self.cleaned_data
        if not given["day"] and given["clock"] is None:
            return now
        here = now.astimezone(zone)
        return datetime.combine(given["day"] or here.date(), given["clock"] or here.time(), zone)


class WhyForm(forms.Form):
    """A reason."""

    why = forms.LineField(label=_("Why?"), max_length=300)


class GuestForm(forms.Form):
    """Somebody on the attendance list."""

    name = forms.LineField(label=_("Name"), max_length=150)
    office = forms.LineField(
        label=_("Comes as"), required=False, max_length=100, help_text=_("For example: head of RT 02, BPD.")
    )
    groups = forms.ChoicesField(label=_("Belongs to"), required=False)
    came = forms.ChoiceField(label=_("Is this person here?"), inline=True)
    signed = forms.TickField(label=_("Has signed the paper list"), required=False)
    decides = forms.TickField(label=_("Has a voice in the decisions"), required=False)
    entry_id = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _choose(self, "groups", choices.pairs(rules.GROUPS))
        _choose(self, "came", [("yes", _("Here")), ("asked", _("Asked")), ("no", _("Did not come"))])
        self.initial.setdefault("came", "yes")
        self.initial.setdefault("entry_id", str(uuid7()))

    def guest(self) -> actions.Guest:
        """The line as the act takes it."""
        given = self.cleaned_data
        return actions.Guest(
            name=given["name"],
            office=given["office"],
            groups=tuple(given["groups"]),
            came={"yes": True, "no": False}.get(given["came"]),
            signed=given["signed"] and given["came"] == "yes",
            decides=given["decides"],
        )


class NameForm(forms.Form):
    """One name for the list."""

    name = forms.LineField(label=_("Name"), max_length=150)
    address = forms.LineField(label=_("Address"), required=False, max_length=200)
    reason = forms.LineField(label=_("Why is this name on the list?"), required=False, max_length=300)
    entry_id = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("entry_id", str(uuid7()))


class PasteForm(forms.Form):
    """A list of names, pasted or as a file."""

    rows = forms.LongTextField(
        label=_("Paste the list"),
        required=False,
        rows=8,
        max_length=200_000,
        help_text=_(
            "One name on each line; address, NIK and reason may follow, with a tab, a semicolon or a comma between. "
            "A first line with the names of the columns (NAMA, NIK, ALAMAT, KETERANGAN) is understood."
        ),
    )
    file = django_forms.FileField(
        label=_("Or choose a file (CSV or XLSX)"), required=False, widget=django_forms.FileInput
    )

    def clean_file(self) -> Any:
        """A list, not a film."""
        given = self.cleaned_data.get("file")
        if given is not None and given.size > LARGEST:
            raise django_forms.ValidationError(gettext("This file is larger than 5 MB. Split the list."))
        return given

    def clean(self) -> dict[str, Any]:
        """One of both."""
        given: dict[str, Any] = super().clean() or {}
        if not self.errors and not given.get("rows") and not given.get("file"):
            self.add_error("rows", gettext("Paste a list, or choose a file."))
        return given


class ObjectionForm(forms.Form):
    """A proposal or an objection."""

    kind = forms.ChoiceField(label=_("What is it?"))
    item = forms.ChoiceField(
        label=_("Which name on the list? (for an objection)"), required=False, widget=django_forms.Select
    )
    name = forms.LineField(
        label=_("Which name is proposed? (for a proposal)"), required=False, max_length=150
    )
    address = forms.LineField(label=_("Address of the proposed person"), required=False, max_length=200)
    reasons = forms.LongTextField(label=_("Reasons"), rows=3, max_length=4000)
    by_name = forms.LineField(
        label=_("Who says it?"), required=False, max_length=150, help_text=_("May stay empty.")
    )
    by_group = forms.ChoiceField(label=_("On whose behalf"), required=False, widget=django_forms.Select)
    entry_id = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    def __init__(self, *args: Any, items: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        _choose(self, "kind", choices.pairs(rules.OBJECTIONS))
        _choose(self, "item", [("", gettext("Choose")), *items])
        _choose(self, "by_group", choices.pairs(rules.GROUPS, gettext("not said")))
        self.initial.setdefault("entry_id", str(uuid7()))

    def heard(self) -> actions.Heard:
        """What was said, as the act takes it."""
        given = self.cleaned_data
        return actions.Heard(
            kind=given["kind"],
            reasons=given["reasons"],
            by_name=given["by_name"],
            by_group=given["by_group"],
            item_id=UUID(given["item"]) if given["item"] and given["kind"] == "sanggah" else None,
            name=given["name"],
            address=given["address"],
        )


class AnswerForm(forms.Form):
    """The answer to an objection."""

    outcome = forms.ChoiceField(label=_("What was decided?"), inline=True)
    answer = forms.LongTextField(label=_("Answer, as it was said"), rows=2, max_length=4000)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _choose(self, "outcome", choices.pairs(rules.ANSWERS))


class CourseForm(forms.Form):
    """How it went."""

    course = forms.LongTextField(
        label=_("How the meeting went"),
        required=False,
        rows=8,
        max_length=20_000,
        help_text=_(
            "Opening, what was explained, what was discussed, what was agreed. It stands in the minutes."
        ),
    )


class CloseForm(forms.Form):
    """The end."""

    short_because = forms.LineField(
        label=_("Why is it closed although the quorum is not met?"), required=False, max_length=300
    )


class PackageForm(forms.Form):
    """What the file is for."""

    purpose = forms.LineField(
        label=_("What is the file for, and who receives it?"),
        max_length=200,
        help_text=_("For example: proposed to the bupati through Dinsos."),
    )
    full = forms.TickField(label=_("With NIK and family card number"), required=False)


class RenewForm(forms.Form):
    """A new version of a closed meeting."""

    because = forms.LineField(label=_("What has to be corrected?"), max_length=300)
    day = forms.DateField(label=_("Day of the new meeting"))
    clock = fields.TimeField(label=_("Time"))
    new_id = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("new_id", str(uuid7()))


def how_many(number: int) -> str:
    """So many names, in words."""
    return ngettext("%(n)s name", "%(n)s names", number) % {"n": number}
