"""Every authority's verdict on one household, side by side; on paper; and the form with which a person decides."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.lib import when
from simpul.lib.errors import NotFound, Refused
from simpul.people import access as people_access
from simpul.people.queries import residents
from simpul.programmes.actions import deciding
from simpul.programmes.queries import reports, verdicts, words
from simpul.web import forms
from simpul.web.desk import frame
from simpul.web.desk import words as desk_words
from simpul.web.desk.programmes import blocks
from simpul.web.policy import Request, officer

HERE = "desk_register"
ASKED_FIRST = 5
"""Questions that stand open; the others are folded."""


def today(request: Request) -> date:
    """The date where the seat is."""
    return timezone.now().astimezone(desk_queries.zone_of(request.by.served_areas[0])).date()


def asked_day(request: Request) -> date:
    """The day whose rules are asked for; today when none or an unreadable one is given."""
    return when.parse_date(request.GET.get("tanggal", "")) or today(request)


@officer("household.open")
@require_GET
def sheet(request: Request, household_id: UUID) -> HttpResponseBase:
    """The verdicts, what to ask next, and where the authorities differ."""
    context = _context(request, household_id)
    return frame.show(request, "desk/programmes/sheet.html", context, here=HERE)


@officer("household.open")
@require_GET
def paper(request: Request, household_id: UUID) -> HttpResponseBase:
    """The same on A4."""
    context = {**_context(request, household_id), "printed": desk_words.day(today(request))}
    return frame.show(request, "desk/programmes/print.html", context, here=HERE)


def _context(request: Request, household_id: UUID) -> dict[str, Any]:
    on = asked_day(request)
    household = people_access.household_for(request.by, household_id)
    given = verdicts.side_by_side(request.by, household_id, on)
    told = reports.sheet(given)
    place = roles.Place(region_code=household.region_code)
    return {
        "household": household,
        "household_name": residents.name_of(household),
        "day": words.day(on),
        "day_typed": on.isoformat(),
        "groups": blocks.groups(told["verdicts"]),
        "differences": told["differences"],
        "questions": told["ask_next"][:ASKED_FIRST],
        "more_questions": told["ask_next"][ASKED_FIRST:],
        "any_rule": bool(told["verdicts"]),
        "elsewhere": sum(one.withheld for one in given.record.members),
        "decisions": [_decision(one) for one in given.decisions],
        "may_decide": roles.may(request.by, "verdict.decide", place),
        "may_record": roles.may(request.by, "benefit.record", place),
    }


def _decision(one: Any) -> dict[str, Any]:
    outcome = {"yes": _("Yes"), "no": _("No"), "later": _("Later")}
    return {
        "programme": words.said(one.programme),
        "outcome": outcome.get(one.outcome, one.outcome),
        "advice": words.outcome(one.programme, one.advice),
        "differs": one.outcome in ("yes", "no") and one.outcome != one.advice,
        "why": one.why,
        "who": one.decided_by,
        "when": desk_words.day(one.on_date),
        "version": one.version.version if one.version else "",
    }


class DecideForm(forms.Form):
    """What a person decides, and why."""

    outcome = forms.ChoiceField(label=gettext_lazy("What do you decide?"))
    why = forms.LongTextField(
        label=gettext_lazy("Why?"),
        max_length=1000,
        help_text=gettext_lazy("In a sentence. It is kept with your name, beside what the rule said."),
    )
    programme = forms.LineField(widget=django_forms.HiddenInput, max_length=60)
    subject = forms.LineField(widget=django_forms.HiddenInput, max_length=36)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["outcome"].explain(  # type: ignore[attr-defined]
            [("yes", _("Yes")), ("no", _("No")), ("later", _("Later, something is still to be found out"))]
        )


@officer("verdict.decide")
def decide(request: Request, household_id: UUID) -> HttpResponseBase:
    """The page on which a person decides about one verdict, with what the rule says as advice."""
    on = today(request)
    given = request.POST if request.method == "POST" else request.GET
    row, household = _row(request, household_id, on, given.get("programme", ""), given.get("subject", ""))
    form = DecideForm(request.POST if request.method == "POST" else None, initial=given.dict())
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            deciding.decide_verdict(
                by=request.by,
                at=timezone.now(),
                household_id=household_id,
                programme=said["programme"],
                subject_key=said["subject"],
                outcome=said["outcome"],
                why=said["why"],
                on=on,
            )
        except NotFound as hidden:
            raise Http404 from hidden
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Your decision is kept, with your name."))
            return redirect("desk_programmes_sheet", household_id=household_id)
    context = {
        "household": household,
        "household_name": residents.name_of(household),
        "row": blocks.dressed(row),
        "form": form,
        "back": reverse("desk_programmes_sheet", args=[household_id]),
    }
    return frame.show(
        request, "desk/programmes/decide.html", context, status=422 if form.errors else 200, here=HERE
    )


def _row(
    request: Request, household_id: UUID, on: date, programme: str, subject: str
) -> tuple[dict[str, Any], Any]:
    household = people_access.household_for(request.by, household_id)
    given = verdicts.side_by_side(request.by, household_id, on)
    for one in given.judged:
        if one.rule.programme_id == programme and one.subject_key == subject and one.rule.version_id:
            return reports.row(one, given), household
    raise Http404
