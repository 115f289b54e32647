"""What the people of a household receive: the list, writing one down, ending one."""

from __future__ import annotations

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
from django.views.decorators.http import require_POST

from simpul import roles
from simpul.cases.queries import given as given_queries
from simpul.lib import money, when
from simpul.lib.errors import NotFound, Refused
from simpul.people import access as people_access
from simpul.people.queries import residents
from simpul.programmes.actions import benefits as acts
from simpul.programmes.queries import benefits as queries
from simpul.programmes.queries import words
from simpul.web import forms
from simpul.web.desk import frame
from simpul.web.desk.programmes import sheet
from simpul.web.policy import Request, officer

Select = django_forms.Select


class BenefitForm(forms.Form):
    """What somebody gets, how it stands, and where that is known from."""

    receiver = forms.ChoiceField(label=gettext_lazy("Who gets it?"), widget=Select)
    programme = forms.ChoiceField(label=gettext_lazy("What?"), widget=Select)
    state = forms.ChoiceField(
        label=gettext_lazy("How does it stand?"),
        widget=Select,
        help_text=gettext_lazy("“Listed” is not “receives”: choose “receives” only when something arrived."),
    )
    since_date = forms.DateField(label=gettext_lazy("Since when?"), required=False)
    source = forms.LineField(
        label=gettext_lazy("Where is this known from?"),
        max_length=150,
        help_text=gettext_lazy("For example “KKS card was shown” or “SIKS-NG list of October 2026”."),
    )
    note = forms.LineField(label=gettext_lazy("Note"), required=False, max_length=300)

    def __init__(self, *args: Any, receivers: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["receiver"].explain(receivers)  # type: ignore[attr-defined]
        offered = [(one.code, words.said(one)) for one in queries.given_programmes()]
        self.fields["programme"].explain(offered)  # type: ignore[attr-defined]
        self.fields["state"].explain(list(queries.states().items()))  # type: ignore[attr-defined]


@officer("benefit.record")
def benefits(request: Request, household_id: UUID) -> HttpResponseBase:
    """What is received here, and the form that writes one down."""
    household = people_access.household_for(request.by, household_id)
    receivers = queries.receivers(request.by, household_id)
    gifts = _gifts(request, receivers)
    form = BenefitForm(request.POST or None, receivers=receivers, initial=_taken_over(request, gifts))
    if request.method == "POST" and form.is_valid() and _record(request, form):
        messages.success(request, _("It is written down."))
        return redirect("desk_programmes_benefits", household_id=household_id)
    context = {
        "household": household,
        "household_name": residents.name_of(household),
        "rows": [_shown(one, receivers) for one in queries.of_household(request.by, household_id)],
        "gifts": gifts,
        "form": form,
        "filled": bool(form.initial),
        "may_end": roles.may(request.by, "benefit.end", roles.Place(region_code=household.region_code)),
    }
    status = 422 if form.errors else 200
    return frame.show(request, "desk/programmes/benefits.html", context, status=status, here=sheet.HERE)


def _gifts(request: Request, receivers: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """What referrals gave the people of the household, of matters that the viewer may see."""
    names = dict(receivers)
    persons = [UUID(key.removeprefix("person:")) for key in names if key.startswith("person:")]
    return [
        {
            "row": one,
            "receiver": f"person:{one.person_id}",
            "who": names[f"person:{one.person_id}"],
            "amount": money.rupiah(one.amount) if one.amount is not None else "",
            "day": words.day(one.on_date),
            "case_url": reverse("desk_case", args=[one.case_id]),
        }
        for one in given_queries.to_persons(request.by, persons)
    ]


def _taken_over(request: Request, gifts: list[dict[str, Any]]) -> dict[str, Any]:
    """With ``?dari=`` the form begins with what a referral gave; which programme that is, a person says."""
    chosen = next((one for one in gifts if str(one["row"].hop_id) == request.GET.get("dari")), None)
    if chosen is None:
        return {}
    row = chosen["row"]
    return {
        "receiver": chosen["receiver"],
        "state": "receives",
        "since_date": row.on_date,
        "source": _("%(desk)s, matter %(number)s") % {"desk": row.desk[:100], "number": row.number},
        "note": " ".join(part for part in (row.service, chosen["amount"]) if part),
    }


def _record(request: Request, form: BenefitForm) -> bool:
    given = form.cleaned_data
    scope, _sep, key = given["receiver"].partition(":")
    try:
        acts.record_benefit(
            by=request.by,
            at=timezone.now(),
            programme=given["programme"],
            scope=scope,
            receiver_id=UUID(key),
            state=given["state"],
            source=given["source"],
            since_date=given["since_date"],
            note=given["note"],
        )
    except NotFound as hidden:
        raise Http404 from hidden
    except Refused as refusal:
        form.refuse(refusal)
        return False
    return True


def _shown(one: Any, receivers: list[tuple[str, str]]) -> dict[str, Any]:
    names = dict(receivers)
    scope = next(scope for scope in ("person", "family", "household") if getattr(one, f"{scope}_id"))
    return {
        "id": one.id,
        "who": names.get(f"{scope}:{getattr(one, f'{scope}_id')}", ""),
        "programme": words.said(one.programme),
        "state": queries.states()[one.state],
        "tone": {"receives": "good", "listed": "info", "refused": "bad"}.get(one.state, ""),
        "since": words.day(one.since_date),
        "until": words.day(one.until_date),
        "source": one.source,
        "note": one.note,
        "open": one.state not in ("ended", "refused"),
    }


@officer("benefit.end")
@require_POST
def end(request: Request, household_id: UUID, benefit_id: UUID) -> HttpResponseBase:
    """Say that it is received no more."""
    people_access.household_for(request.by, household_id)
    until = when.parse_date(request.POST.get("until", "")) or sheet.today(request)
    try:
        acts.end_benefit(
            by=request.by,
            at=timezone.now(),
            benefit_id=benefit_id,
            until_date=until,
            source=request.POST.get("source", ""),
        )
    except NotFound as hidden:
        raise Http404 from hidden
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is written down that this ended."))
    return redirect("desk_programmes_benefits", household_id=household_id)
