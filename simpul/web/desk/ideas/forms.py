"""Forms of ideas and of the village plan."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from simpul.community.actions import ideas as actions
from simpul.community.actions import planning as plan_actions
from simpul.community.rules import ideas as rules
from simpul.community.rules import planning as plan_rules
from simpul.lib.actor import Actor
from simpul.lib.ids import uuid7
from simpul.regions import queries as region_queries
from simpul.web import forms
from simpul.web.desk import intake_form
from simpul.web.forms import choices
from simpul.web.manage import fields


def _choose(form: forms.Form, name: str, given: Any) -> None:
    form.fields[name].explain(given)  # type: ignore[attr-defined]


def _hamlets(form: forms.Form, village: str) -> None:
    hamlets = region_queries.hamlets(village) if len(village) == 10 else []
    _choose(
        form,
        "hamlet",
        [("", gettext("the whole village")), *((str(one.id), one.name) for one in hamlets)],
    )
    if not hamlets:
        del form.fields["hamlet"]


def _key(given: dict[str, Any], name: str) -> UUID | None:
    return UUID(given[name]) if given.get(name) else None


class AssistForm(forms.Form):
    """For whom an officer writes, and why."""

    name = forms.NameField(label=_("For whom do you write?"))
    reason = forms.ChoiceField(label=_("Why do you write in this person's place?"))
    other = forms.LineField(label=_("If another reason: which?"), required=False, max_length=200)
    place_code = forms.RegionField(label=_("Village"))
    assistance_id = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    REASONS = (
        ("no_reading", _("Cannot read or write")),
        ("no_phone", _("Has no telephone or network")),
        ("eyes", _("Does not see well")),
        ("language", _("Speaks another language")),
        ("wish", _("Asked the officer to write")),
        ("other", _("Another reason")),
    )

    def __init__(self, *args: Any, by: Actor, village: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        _choose(self, "reason", self.REASONS)
        self.fields["place_code"].find = lambda text: intake_form.find_places(by, text)  # type: ignore[attr-defined]
        if len(village) == 10:
            self.initial.setdefault("place_code", region_queries.path_names(village))
        self.initial.setdefault("assistance_id", str(uuid7()))

    def why(self) -> str:
        """The reason in words."""
        given = self.cleaned_data
        if given["reason"] == "other":
            return str(given["other"])
        return str(dict(self.REASONS)[given["reason"]])


class IdeaForm(forms.Form):
    """An idea: what is proposed, where, whom it helps."""

    title = forms.LineField(
        label=_("The idea in one line"),
        max_length=120,
        help_text=_("For example: harden the farm road to the maize fields."),
    )
    words = forms.LongTextField(
        label=_("What is proposed, and why?"),
        rows=6,
        max_length=3000,
        help_text=_("Everybody will read this. Leave out names and numbers of persons."),
    )
    field = forms.ChoiceField(label=_("Which field?"))
    hamlet = forms.ChoiceField(label=_("For which hamlet?"), required=False, widget=django_forms.Select)
    place = forms.LineField(label=_("Where exactly?"), required=False, max_length=150)
    benefits = forms.LineField(label=_("Whom does it help?"), required=False, max_length=300)
    show_author = forms.TickField(
        label=_("The author's name may stand on the public page"),
        required=False,
        help_text=_("Only when the author said so. Without it no name is shown."),
    )
    phone = forms.PhoneField(label=_("Author's phone, for news of the idea"), required=False)
    idea_id = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)
    case_id = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    def __init__(self, *args: Any, village: str = "", asks_phone: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        _choose(self, "field", choices.pairs(rules.FIELDS))
        _hamlets(self, village)
        if not asks_phone:
            del self.fields["phone"]
        for name in ("idea_id", "case_id"):
            self.initial.setdefault(name, str(uuid7()))

    def idea(self) -> actions.IdeaGiven:
        """The idea as the acts take it."""
        given = self.cleaned_data
        return actions.IdeaGiven(
            title=given["title"],
            words=given["words"],
            field=given["field"],
            benefits=given["benefits"],
            place=given["place"],
            hamlet_id=_key(given, "hamlet"),
            show_author=given["show_author"],
        )


class ReasonForm(forms.Form):
    """A reason that the author hears and everybody may read."""

    reason = forms.LongTextField(label=_("Reason, in plain words"), rows=3, max_length=500)
    step_id = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    def __init__(self, *args: Any, needed: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].required = needed
        if not needed:
            self.fields["reason"].label = gettext("A word to the author")
        self.initial.setdefault("step_id", str(uuid7()))


class MergeForm(forms.Form):
    """With which idea another is joined."""

    into = forms.ChoiceField(label=_("Which idea says the same?"))
    why = forms.LineField(label=_("A word to the author"), required=False, max_length=300)

    def __init__(self, *args: Any, offered: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _choose(self, "into", offered)


class SpeakForm(forms.Form):
    """What the village says, or somebody present says."""

    words = forms.LongTextField(label=_("What is said?"), rows=3, max_length=1000)
    name = forms.LineField(label=_("Name to be shown"), required=False, max_length=80)
    comment_id = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("comment_id", str(uuid7()))


class SentenceForm(forms.Form):
    """One sentence to agree or disagree with."""

    words = forms.LineField(
        label=_("A sentence to agree or disagree with"),
        max_length=200,
        help_text=_("One thought, for example: the road comes before the street lights."),
    )
    statement_id = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("statement_id", str(uuid7()))


class DaysForm(forms.Form):
    """The days of a plan."""

    starts = forms.DateField(label=_("Work on the plan begins"))
    ideas_until = forms.DateField(label=_("Ideas are taken until"))
    talks_until = forms.DateField(label=_("Hamlets talk until"))
    musrenbang = forms.DateField(label=_("Musrenbang"))
    ends = forms.DateField(label=_("The plan is set at the latest"))
    ceiling = forms.RupiahField(
        label=_("Indicative ceiling (rupiah)"),
        required=False,
        help_text=_("What the village can spend of its own: DD, ADD, own income, shares of taxes."),
    )

    def calendar(self, year: int) -> plan_rules.Calendar:
        """The days as the act takes them."""
        given = self.cleaned_data
        return plan_rules.Calendar(
            year,
            given["starts"],
            given["ideas_until"],
            given["talks_until"],
            given["musrenbang"],
            given["ends"],
        )


class RowForm(forms.Form):
    """A row of RKPDes or DU-RKP."""

    list = forms.ChoiceField(label=_("Which list?"), inline=True)
    field = forms.ChoiceField(label=_("Which field?"), widget=django_forms.Select)
    activity = forms.LineField(label=_("Activity"), max_length=200)
    location = forms.LineField(label=_("Location"), max_length=150)
    hamlet = forms.ChoiceField(label=_("For which hamlet?"), required=False, widget=django_forms.Select)
    volume = forms.LineField(
        label=_("Volume"), required=False, max_length=100, help_text=_("For example: 350 m x 3 m.")
    )
    benefits = forms.LineField(label=_("Benefit"), required=False, max_length=200)
    beneficiaries = fields.CountField(label=_("How many people benefit?"), required=False, min_value=0)
    time = forms.LineField(label=_("When in the year?"), required=False, max_length=80)
    cost = forms.RupiahField(label=_("Cost (rupiah)"), required=False)
    source = forms.ChoiceField(label=_("Source of the money"), widget=django_forms.Select)
    self_cost = forms.RupiahField(
        label=_("Swadaya on top (rupiah)"),
        required=False,
        help_text=_("Hours, materials and money of residents; stands apart from the budget."),
    )
    executor = forms.LineField(label=_("Who carries it out?"), required=False, max_length=120)
    pattern = forms.ChoiceField(label=_("How is it carried out?"), widget=django_forms.Select)
    note = forms.LineField(label=_("Note"), required=False, max_length=200)
    position = fields.CountField(label=_("Priority"), required=False, min_value=1, max_value=999)
    row_id = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    def __init__(self, *args: Any, village: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        _choose(self, "list", choices.pairs(plan_rules.LISTS))
        _choose(self, "field", choices.pairs(rules.FIELDS))
        _choose(self, "source", choices.pairs(plan_rules.SOURCES))
        _choose(self, "pattern", choices.pairs(plan_rules.PATTERNS))
        _hamlets(self, village)
        self.initial.setdefault("row_id", str(uuid7()))
        self.initial.setdefault("list", "rkp")

    def row(self) -> plan_actions.RowGiven:
        """The row as the acts take it."""
        given = self.cleaned_data
        return plan_actions.RowGiven(
            activity=given["activity"],
            field=given["field"],
            location=given["location"],
            cost=given["cost"],
            source=given["source"],
            list=given["list"],
            volume=given["volume"],
            benefits=given["benefits"],
            beneficiaries=given["beneficiaries"],
            time=given["time"],
            self_cost=given["self_cost"] or 0,
            executor=given["executor"],
            pattern=given["pattern"],
            note=given["note"],
            hamlet_id=_key(given, "hamlet"),
            position=given["position"] or 0,
        )


class DecideForm(forms.Form):
    """What became of a row."""

    state = forms.ChoiceField(label=_("What became of it?"))
    day = forms.DateField(label=_("Decided on"), required=False)
    reason = forms.LongTextField(
        label=_("Reason, in plain words"),
        rows=3,
        max_length=500,
        required=False,
        help_text=_("Needed when it is not funded or struck out: the author is told."),
    )

    def __init__(self, *args: Any, states: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _choose(self, "state", states)


class NumberForm(forms.Form):
    """The number and day of a regulation or letter."""

    number = forms.LineField(label=_("Number of the regulation or letter"), max_length=100)
    day = forms.DateField(label=_("Date"))


class RankForm(forms.Form):
    """What the meeting said of one idea."""

    outcome = forms.ChoiceField(label=_("What does the meeting say?"), inline=True)
    place = fields.CountField(label=_("Place in the ranking"), required=False, min_value=1, max_value=999)
    points = fields.CountField(label=_("Points or votes"), required=False, min_value=0, max_value=100000)
    reason = forms.LineField(
        label=_("Reason, in plain words"),
        required=False,
        max_length=500,
        help_text=_("Needed when it does not go on: the author is told."),
    )
    ranking_id = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _choose(self, "outcome", choices.pairs(plan_rules.OUTCOMES))
        self.initial.setdefault("ranking_id", str(uuid7()))


def first_days(calendar: plan_rules.Calendar, ceiling: int | None) -> dict[str, Any]:
    """What the form of the days shows at first."""
    days: dict[str, date | int | None] = {
        "starts": calendar.starts,
        "ideas_until": calendar.ideas_until,
        "talks_until": calendar.talks_until,
        "musrenbang": calendar.musrenbang,
        "ends": calendar.ends,
        "ceiling": ceiling,
    }
    return days
