"""``/ide/baru/``: propose an idea without an account; the receipt is the one every matter has."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from simpul.cases.actions import intake
from simpul.community.actions import ideas as actions
from simpul.lib.errors import NotFound, Refused
from simpul.regions import queries as region_queries
from simpul.web import reading
from simpul.web.policy import Request, public
from simpul.web.portal import guard, receipt_link, report_send
from simpul.web.portal.ideas import forms, shared


@public
def propose(request: Request) -> HttpResponseBase:
    """One page: what, where, who. Afterwards the receipt."""
    asked = request.GET.get("desa", "")
    first = {"place_code": region_queries.path_names(asked)} if len(asked) == 10 and asked.isdigit() else {}
    form = forms.ProposeForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            opened = _open(request, form)
        except NotFound:
            form.refuse(actions.IdeaPlaceUnknown())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect("report_receipt", token=receipt_link.seal(report_send.receipt_of(opened)))
    return render(request, "portal/ideas/propose.html", {"form": form}, status=422 if form.errors else 200)


def _open(request: Request, form: forms.ProposeForm) -> intake.Opened:
    given, at = form.cleaned_data, timezone.now()
    guard.admit_report(request, at, shared.phone())
    author = (
        intake.PersonGiven(name=given["name"], phone=given["phone"])
        if given["name"] or given["phone"]
        else None
    )
    taken = actions.open_idea(
        by=request.by,
        at=at,
        region_code=given["place_code"],
        given=form.idea(),
        channel="web",
        author=author,
        case_id=reading.own_key(key, "idea") if (key := forms.key(given, "case_id")) else None,
    )
    return taken.opened
