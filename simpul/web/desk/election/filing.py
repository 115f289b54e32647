"""Taking a report in at the counter: the reporter types, the browser seals, the slip is printed."""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET

from simpul.lib.ids import uuid7
from simpul.village_post.access import election as access
from simpul.village_post.actions import election as actions
from simpul.village_post.queries import election as queries
from simpul.village_post.rules import election as rules
from simpul.web import reading
from simpul.web.desk import frame, trying, words
from simpul.web.desk.election import forms, pages
from simpul.web.policy import Request, officer

RECEIPTS_KEY = "box_receipts"
MOST = 5


@sensitive_post_parameters()
@officer("report.file")
def file(request: Request, stage_id: UUID) -> HttpResponseBase:
    """Form B.1 at the counter."""
    stage = pages.stage_or_404(request, stage_id)
    form = forms.BoxForm(request.POST if request.method == "POST" else None, initial={"report_id": uuid7()})
    made: list[Any] = []
    if form.is_valid() and trying.run(form, lambda: made.append(put_in(request, stage, form))):
        remember(request, made[0])
        return redirect("desk_box_receipt", report_id=made[0].report.id)
    context = {**form_context(stage, form), "is_open": queries.is_open(stage, timezone.now())}
    return frame.show(
        request, "desk/election/file.html", context, status=422 if form.errors else 200, here=pages.HERE
    )


@sensitive_variables("given", "form")
def put_in(request: Request, stage: Any, form: forms.BoxForm) -> Any:
    """File what the form holds: sealed by the browser, or sealed by the act."""
    given = form.cleaned_data
    key = given["report_id"]
    return actions.file_report(
        by=request.by,
        at=timezone.now(),
        stage_id=stage.id,
        known_date=given["known_date"],
        sealed=pages.plain(given["sealed"]),
        form=None if given["sealed"] else form.content(),
        report_id=reading.own_key(key, "box") if request.by.is_public and key else key,
    )


def form_context(stage: Any, form: forms.BoxForm) -> dict[str, Any]:
    """What the page of the form needs, at the counter and on the public page."""
    clock = queries.report_clock(stage, "report")
    return {
        "stage": stage,
        "kind": rules.KINDS[stage.kind],
        "form": form,
        "public": base64.b64encode(bytes(stage.keeper.public)).decode(),
        "info": rules.info(stage.id).decode(),
        "clock": clock,
        "unit": forms.UNITS[clock.unit],
        "until": words.day(stage.to_date),
    }


def remember(request: Request, filed: Any) -> None:
    """Keep the receipt with the session, so that its slip can be opened again and printed."""
    kept = dict(request.session.get(RECEIPTS_KEY, {}))
    kept[str(filed.report.id)] = filed.receipt16
    request.session[RECEIPTS_KEY] = dict(list(kept.items())[-MOST:])


def receipt_context(request: Request, report: Any, receipt16: str) -> dict[str, Any]:
    """The slip of a report."""
    return {
        "report": report,
        "receipt": {
            "number": receipt16,
            "kind": "",
            "place": "",
            "at": words.moment(report.filed_at, report.region_code),
            "url": request.build_absolute_uri(reverse("portal_box_follow")),
            "lines": [],
        },
        "in_time": report.in_time,
        "file_by": words.day(report.file_by_date),
        "sealed_by": report.sealed_by,
    }


@officer("report.file")
@require_GET
def receipt(request: Request, report_id: UUID) -> HttpResponseBase:
    """The slip of a report that was just taken in."""
    receipt16 = request.session.get(RECEIPTS_KEY, {}).get(str(report_id), "")
    report = access.reports(request.by).filter(id=report_id).first()
    if not receipt16 or report is None:
        raise Http404
    context = receipt_context(request, report, receipt16)
    return frame.show(request, "desk/election/receipt.html", context, here=pages.HERE)
