"""Forms of rehabilitation plans, and what each calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from simpul.desks import queries as desk_queries
from simpul.lib.actor import Actor
from simpul.people.queries import lists as people_lists
from simpul.programmes.actions import plans as acts
from simpul.programmes.rules import plans as rules
from simpul.web import forms
from simpul.web.forms import choices
from simpul.web.portal import words as portal_words

Select = django_forms.Select


def category(number: int) -> str:
    """A category of need in the reader's language."""
    return next(
        (portal_words.said(one, "name") for one in people_lists.categories() if one.number == number), ""
    )


class OpenForm(forms.Form):
    """For which need, and in which cluster."""

    category = forms.ChoiceField(label=gettext_lazy("Which need?"), widget=Select)
    cluster = forms.ChoiceField(
        label=gettext_lazy("Cluster"),
        widget=Select,
        required=False,
        help_text=gettext_lazy("Leave it empty to take the usual cluster of this need."),
    )
    about = forms.LongTextField(
        label=gettext_lazy("What is known so far?"), required=False, rows=4, max_length=2000
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["category"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose")),
            *(
                (str(one.number), f"{one.number}. {portal_words.said(one, 'name')}")
                for one in people_lists.categories()
            ),
        ]
        self.fields["cluster"].choices = choices.pairs(rules.CLUSTERS, _("the usual one"))  # type: ignore[attr-defined]


class AssessForm(forms.Form):
    """What was found, area by area."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for key, label in rules.AREAS.items():
            self.fields[f"level_{key}"] = forms.ChoiceField(
                label=_(label), choices=choices.pairs(rules.LEVELS), widget=Select, required=False
            )
            self.fields[f"words_{key}"] = forms.LineField(
                label=_("%(area)s: what did you find?") % {"area": _(label)}, required=False, max_length=500
            )
        self.fields["strengths"] = forms.LongTextField(
            label=_("What is strong"), required=False, rows=2, max_length=2000
        )
        self.fields["wishes"] = forms.LongTextField(
            label=_("What the person wants, in their words"), required=False, rows=2, max_length=2000
        )
        self.fields["risks"] = forms.LongTextField(label=_("Risks"), required=False, rows=2, max_length=2000)
        self.fields["needs_referral"] = forms.TickField(
            label=_("Another agency is needed: refer"), required=False
        )
        self.fields["referral_words"] = forms.LineField(
            label=_("Which one, and why"), required=False, max_length=300
        )

    def findings(self) -> dict[str, dict[str, str]]:
        """The areas as the act takes them."""
        given = self.cleaned_data
        return {
            area: {"level": given[f"level_{area}"], "words": given[f"words_{area}"]} for area in rules.AREAS
        }


class GoalForm(forms.Form):
    """One goal."""

    words = forms.LineField(label=gettext_lazy("What shall be different?"), max_length=300)
    sign = forms.LineField(
        label=gettext_lazy("How will you see it?"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("For example: goes to school four days a week."),
    )
    due_date = forms.DateField(label=gettext_lazy("By when?"), required=False)


class MeasureForm(forms.Form):
    """One service for a goal."""

    service = forms.ChoiceField(
        label=gettext_lazy("Service"),
        widget=Select,
        choices=[(key, gettext_lazy(label)) for key, label in rules.SERVICES.items()],
    )
    words = forms.LineField(label=gettext_lazy("What exactly?"), required=False, max_length=300)
    provider = forms.LineField(label=gettext_lazy("Who gives it?"), required=False, max_length=150)
    from_date = forms.DateField(label=gettext_lazy("From"))
    until_date = forms.DateField(label=gettext_lazy("Until"), required=False)
    cost = forms.RupiahField(label=gettext_lazy("Cost in rupiah"), required=False)


class _StateForm(forms.Form):
    """A choice and the words for it."""

    table: Any = {}
    name = "state"
    label: Any = ""
    words_needed = True

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields[self.name] = forms.ChoiceField(
            label=self.label, choices=choices.pairs(self.table), widget=Select
        )
        self.fields["words"] = forms.LongTextField(
            label=_("What shows it?"), rows=3, max_length=2000, required=self.words_needed
        )


class GoalEndForm(_StateForm):
    """What came of a goal."""

    table, label = rules.GOAL_STATES, gettext_lazy("What came of it?")


class MeasureStateForm(_StateForm):
    """How a service stands."""

    table, label, words_needed = rules.MEASURE_STATES, gettext_lazy("How does it stand?"), False


class AppointmentForm(forms.Form):
    """A visit."""

    on_date = forms.DateField(label=gettext_lazy("On which day?"))
    way = forms.ChoiceField(
        label=gettext_lazy("Where?"),
        widget=Select,
        choices=[(key, gettext_lazy(label)) for key, label in rules.WAYS.items()],
    )
    purpose = forms.LineField(label=gettext_lazy("What for?"), required=False, max_length=200)


class KeepForm(_StateForm):
    """What came of a visit."""

    table, name, label = rules.RESULTS, "result", gettext_lazy("Did you meet?")


class MonitorForm(_StateForm):
    """How the person does."""

    table, name, label = rules.DIRECTIONS, "direction", gettext_lazy("How does the person do?")


class CloseForm(_StateForm):
    """With what the plan ends."""

    table, name, label = rules.OUTCOMES, "outcome", gettext_lazy("What came of the plan?")


class ReopenForm(forms.Form):
    """Why it is taken up again."""

    words = forms.LongTextField(label=gettext_lazy("Why?"), rows=3, max_length=2000)


class NothingForm(forms.Form):
    """Only a button."""


class AssignForm(forms.Form):
    """To whom."""

    seat = forms.ChoiceField(label=gettext_lazy("Who looks after it?"), widget=Select)


class ReferForm(forms.Form):
    """To which desk, and why."""

    to_desk = forms.ChoiceField(label=gettext_lazy("To which desk?"), widget=Select)
    note = forms.LongTextField(label=gettext_lazy("Why?"), rows=3, max_length=2000)


Run = Callable[[Actor, datetime, UUID, Any], object]


def _assess(by: Actor, at: datetime, plan_id: UUID, form: Any) -> object:
    given = form.cleaned_data
    rest = {key: given[key] for key in ("strengths", "wishes", "risks", "needs_referral", "referral_words")}
    return acts.assess_plan(by=by, at=at, plan_id=plan_id, findings=form.findings(), **rest)


@dataclass(frozen=True, slots=True)
class Step:
    """A button of the plan's page: its act, words, form, and what it calls with the plan's (or the row's) key."""

    act: str
    title: str
    form: type[forms.Form]
    run: Run
    of_row: bool = False


STEPS: dict[str, Step] = {
    "asesmen": Step("plan.assess", gettext_noop("Write an assessment"), AssessForm, _assess),
    "tujuan": Step(
        "goal.add",
        gettext_noop("Add a goal"),
        GoalForm,
        lambda by, at, key, form: acts.add_goal(by=by, at=at, plan_id=key, **form.cleaned_data),
    ),
    "layanan": Step(
        "measure.add",
        gettext_noop("Add a service"),
        MeasureForm,
        lambda by, at, key, form: acts.add_measure(by=by, at=at, goal_id=key, **form.cleaned_data),
        of_row=True,
    ),
    "hasil": Step(
        "goal.end",
        gettext_noop("Say what came of it"),
        GoalEndForm,
        lambda by, at, key, form: acts.end_goal(by=by, at=at, goal_id=key, **form.cleaned_data),
        of_row=True,
    ),
    "keadaan": Step(
        "measure.change",
        gettext_noop("Say how it stands"),
        MeasureStateForm,
        lambda by, at, key, form: acts.change_measure(by=by, at=at, measure_id=key, **form.cleaned_data),
        of_row=True,
    ),
    "mulai": Step(
        "plan.begin",
        gettext_noop("Let the services begin"),
        NothingForm,
        lambda by, at, key, _form: acts.begin_plan(by=by, at=at, plan_id=key),
    ),
    "kunjungan": Step(
        "appointment.make",
        gettext_noop("Agree on a visit"),
        AppointmentForm,
        lambda by, at, key, form: acts.make_appointment(by=by, at=at, plan_id=key, **form.cleaned_data),
    ),
    "bertemu": Step(
        "appointment.keep",
        gettext_noop("Say what came of the visit"),
        KeepForm,
        lambda by, at, key, form: acts.keep_appointment(
            by=by, at=at, appointment_id=key, **form.cleaned_data
        ),
        of_row=True,
    ),
    "pantau": Step(
        "plan.monitor",
        gettext_noop("Write how the person does"),
        MonitorForm,
        lambda by, at, key, form: acts.monitor_plan(by=by, at=at, plan_id=key, **form.cleaned_data),
    ),
    "rujuk": Step(
        "plan.refer",
        gettext_noop("Refer"),
        ReferForm,
        lambda by, at, key, form: acts.refer_plan(
            by=by,
            at=at,
            plan_id=key,
            to_desk_id=UUID(form.cleaned_data["to_desk"]),
            note=form.cleaned_data["note"],
        ),
    ),
    "serahkan": Step(
        "plan.assign",
        gettext_noop("Give it to somebody else"),
        AssignForm,
        lambda by, at, key, form: acts.assign_plan(
            by=by, at=at, plan_id=key, seat_id=UUID(form.cleaned_data["seat"])
        ),
    ),
    "tutup": Step(
        "plan.close",
        gettext_noop("Close the plan"),
        CloseForm,
        lambda by, at, key, form: acts.close_plan(by=by, at=at, plan_id=key, **form.cleaned_data),
    ),
    "buka-lagi": Step(
        "plan.reopen",
        gettext_noop("Take it up again"),
        ReopenForm,
        lambda by, at, key, form: acts.reopen_plan(by=by, at=at, plan_id=key, **form.cleaned_data),
    ),
}
"""The acts of the page, by the last part of their address."""


def made(step: Step, by: Actor, at: datetime, plan: Any, data: Any = None, prefix: str = "") -> forms.Form:
    """The form of a step, with the choices that depend on the plan."""
    form = step.form(data, prefix=prefix or None)
    if "seat" in form.fields:
        seats = [
            (str(one.id), desk_queries.seat_label(one)) for one in desk_queries.seats_at(by, plan.desk_id, at)
        ]
        form.fields["seat"].choices = seats  # type: ignore[attr-defined]
    if "to_desk" in form.fields:
        desks = desk_queries.desks_for_referral(by, plan.region_code)
        form.fields["to_desk"].choices = [(str(one.id), one.name) for one in desks]  # type: ignore[attr-defined]
    return form
