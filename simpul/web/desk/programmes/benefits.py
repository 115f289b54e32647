"""What the people of a household receive: the list, writing one down, ending one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from simpul import roles
from simpul.lib import when
from simpul.lib.errors import NotFound, Refused
from simpul.people import access as people_access
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
    form = BenefitForm(request.POST or None, receivers=receivers)
    if request.method == "POST" and form.is_valid() and _record(request, form):
        messages.success(request, _("It is written down."))
        return redirect("desk_programmes_benefits", household_id=household_id)
    context = {
        "household": household,
        "rows": [_shown(one, receivers) for one in queries.of_household(request.by, household_id)],
        "form": form,
        "may_end": roles.may(request.by, "benefit.end", roles.Place(region_code=household.region_code)),
    }
    status = 422 if form.errors else 200
    return frame.show(request, "desk/programmes/benefits.html", context, status=status, here=sheet.HERE)


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
