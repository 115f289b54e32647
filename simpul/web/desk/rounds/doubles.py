"""Two deliveries that may be one too many, side by side: which is right?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul.programmes.actions import doubles
from simpul.programmes.queries import deliveries as queries
from simpul.programmes.rules import deliveries as rules
from simpul.web.desk import frame, trying, words
from simpul.web.desk.rounds import forms, shared
from simpul.web.policy import Request, officer


@officer(*shared.READING)
@require_GET
def waiting(request: Request) -> HttpResponseBase:
    """All that wait in the area."""
    context = {"pairs": [_pair(one) for one in queries.open_doubles(request.by)], "settled": []}
    return frame.show(request, "desk/rounds/doubles_all.html", context, here=shared.HERE)


@officer(*shared.READING)
@require_GET
def of_round(request: Request, round_id: UUID) -> HttpResponseBase:
    """Those of one round: waiting and decided."""
    row = shared.round_or_404(request, round_id)
    context = {
        "pairs": [_pair(one) for one in queries.open_doubles(request.by, round_id=row.id)],
        "settled": [_pair(one) for one in queries.settled_doubles(request.by, row.id)],
    }
    return shared.show(request, row, "desk/rounds/doubles.html", "desk_round_doubles_of", context)


def _pair(one: queries.Pair) -> dict[str, Any]:
    task = one.double
    reasons = {
        "household": _("The same household got it twice."),
        "person": _("The same person got it twice."),
        "family": _("Two households of one family card got it."),
    }
    return {
        "task": task,
        "url": reverse("desk_round_double", args=[task.id]),
        "reason": reasons[task.kind],
        "sides": [shared.delivery(one.first), shared.delivery(one.second)],
        "decision": _DECIDED[task.decision]() if task.decision else "",
        "settled": words.moment(task.settled_at, task.region_code) if task.settled_at else "",
    }


_DECIDED: dict[str, Any] = {
    "both_right": lambda: _(rules.DECISIONS["both_right"]),
    "one_wrong": lambda: _(rules.DECISIONS["one_wrong"]),
    "returned": lambda: _(rules.DECISIONS["returned"]),
    "corrected": lambda: _("settled by a correction"),
}


@officer(*shared.READING)
def settle(request: Request, double_id: UUID) -> HttpResponseBase:
    """Look at both, and decide."""
    pair = trying.found(queries.pair, request, double_id)
    task = pair.double
    may = task.state == "open" and shared.may_here(request, "double.settle", task.region_code)
    if request.method == "POST" and not may:
        raise Http404
    form = forms.DoubleForm(request.POST if request.method == "POST" else None, pair=pair)
    if form.is_valid() and trying.run(
        form,
        lambda: doubles.settle_double(by=request.by, at=timezone.now(), double_id=task.id, **form.decided()),
    ):
        messages.success(request, _("Decided."))
        return redirect("desk_round_doubles_of", round_id=task.round_id)
    row = shared.round_or_404(request, task.round_id)
    context = {"pair": _pair(pair), "form": form, "may_settle": may}
    return shared.show(request, row, "desk/rounds/double.html", "", context, 422 if form.errors else 200)
