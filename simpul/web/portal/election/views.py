"""Putting a report into the election box from anywhere, and asking what became of it. What is written is sealed before it is kept."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from simpul.desks import queries as desk_queries
from simpul.lib.ids import uuid7
from simpul.regions import queries as region_queries
from simpul.village_post.queries import election as queries
from simpul.village_post.rules import election as rules
from simpul.web.desk import trying
from simpul.web.desk.election import filing, forms
from simpul.web.policy import Request, public
from simpul.web.portal import guard, words


@public
@require_GET
def boxes(request: Request) -> HttpResponseBase:
    """Which boxes are open; outside stages what to do instead."""
    found = [
        {
            "stage": one,
            "where": region_queries.path_names(one.region_code),
            "until": words.date_words(one.to_date),
        }
        for one in queries.open_publicly(timezone.now())
    ]
    return render(request, "portal/election/boxes.html", {"boxes": found})


@sensitive_post_parameters()
@public
@never_cache
def file(request: Request, stage_id: UUID) -> HttpResponseBase:
    """Form B.1."""
    at = timezone.now()
    stage = next((one for one in queries.open_publicly(at) if one.id == stage_id), None)
    if stage is None:
        return render(request, "portal/election/boxes.html", {"boxes": [], "shut": True}, status=404)
    form = forms.BoxForm(request.POST if request.method == "POST" else None, initial={"report_id": uuid7()})
    made: list[Any] = []

    def act() -> None:
        guard.admit_report(request, at, desk_queries.institution().phone)
        made.append(filing.put_in(request, stage, form))

    if form.is_valid() and trying.run(form, act):
        filing.remember(request, made[0])
        return redirect("portal_box_receipt", report_id=made[0].report.id)
    context = {
        **filing.form_context(stage, form),
        "kind": _(rules.KINDS[stage.kind]),
        "where": region_queries.path_names(stage.region_code),
    }
    return render(request, "portal/election/file.html", context, status=422 if form.errors else 200)


@public
@never_cache
@require_GET
def receipt(request: Request, report_id: UUID) -> HttpResponseBase:
    """The receipt, for who has just put the report in; it can be opened again in this browser until it is forgotten."""
    receipt16 = request.session.get(filing.RECEIPTS_KEY, {}).get(str(report_id), "")
    found = queries.by_receipt(receipt16) if receipt16 else None
    if found is None:
        raise Http404
    return render(request, "portal/election/receipt.html", filing.receipt_context(request, found, receipt16))


@public
@never_cache
def forget(request: Request) -> HttpResponseBase:
    """Leave nothing of it in this browser."""
    if request.method == "POST":
        request.session.pop(filing.RECEIPTS_KEY, None)
    return redirect("portal_box")


@public
@never_cache
def follow(request: Request) -> HttpResponseBase:
    """Where a report stands, for whoever holds its sixteen digits."""
    at = timezone.now()
    context: dict[str, Any] = {"asked": False}
    if request.method == "POST":
        digits = "".join(
            sign for sign in request.POST.get("tanda", "")[:60] if sign.isascii() and sign.isdigit()
        )
        context = {"asked": True, "fault": "", "digits": digits}
        found = queries.by_receipt(digits) if len(digits) == 16 else None
        if found is not None:
            context |= _standing(found, at)
        else:
            context |= _unknown(request, at)
    status = 422 if context.get("unknown") or context.get("fault") else 200
    return render(request, "portal/election/follow.html", context, status=status)


def _unknown(request: Request, at: Any) -> dict[str, Any]:
    """Digits that nobody has count against the address; honest questions do not. Sixteen digits are too many to guess."""
    try:
        guard.admit_report(request, at, desk_queries.institution().phone)
    except guard.TooManyReports as refusal:
        return {"fault": str(refusal)}
    return {"unknown": True}


def _standing(report: Any, at: Any) -> dict[str, Any]:
    days = queries.days_of(report, at)
    return {
        "report": report,
        "state": _(rules.STATES[report.state]),
        "outcome": _(rules.OUTCOMES[report.outcome]) if report.outcome else "",
        "filed": words.moment_words(report.filed_at, report.region_code),
        "due": words.date_words(days.last) if days else "",
        "follows": bool(days and days.what == "follow"),
        "source": days.source if days else "",
    }
