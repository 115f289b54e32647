"""Numbers that were given out before their matters: who holds them, which were never used, and taking them back."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from simpul.cases.actions import reserving
from simpul.cases.queries import reservations
from simpul.web.manage import frame
from simpul.web.policy import Request, officer

ACTS = ("numbers.reserve", "numbers.return")


@officer("numbers.return")
@require_GET
def numbers(request: Request) -> HttpResponse:
    """Numbers without a matter, by device: they explain every gap of the series."""
    rows = sorted(reservations.unused(), key=attrgetter("returned", "device", "number"))
    groups = [
        {"device": device, "returned": returned, "rows": list(found)}
        for (returned, device), found in groupby(rows, key=attrgetter("returned", "device"))
    ]
    context = {"groups": groups, "changes": frame.changes(request.by, *ACTS)}
    return frame.show(request, "manage/numbers.html", context, here="manage_numbers")


@officer("numbers.return")
@require_POST
def take_back(request: Request) -> HttpResponseBase:
    """Take back what a device did not use."""
    found = reserving.return_numbers(
        by=request.by, at=timezone.now(), for_device=request.POST.get("device", "")[:80]
    )
    told = ngettext(
        "%(n)s number was taken back. It stays unused.",
        "%(n)s numbers were taken back. They stay unused.",
        len(found),
    )
    messages.success(request, told % {"n": len(found)} if found else _("There was nothing to take back."))
    return redirect("manage_numbers")
