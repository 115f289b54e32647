"""The server above this village laptop: whether it can be reached, how far both are, what waits."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.cases.queries import reservations
from simpul.sync.actions import upward as actions
from simpul.sync.queries import bundles as queries
from simpul.sync.queries import upward
from simpul.web.manage import frame
from simpul.web.policy import Request, officer

HERE = "manage_parent"
LONG_AGO = timedelta(days=7)


@officer("parent.retry")
@require_GET
def parent(request: Request) -> HttpResponse:
    """The four steps of this laptop's work, what it carries for phones, and the last word of the server above."""
    found = queries.parent()
    if found is None:
        return frame.show(request, "manage/parent_none.html", {}, here=HERE)
    waiting = queries.waiting()
    unwritten = upward.unsent(found)
    steps = [
        (_("Saved on this laptop"), unwritten + max(0, found.seq - found.have_seq)),
        (_("Received by the server"), max(0, found.have_seq - found.safe_seq)),
        (_("Safe in the backup"), found.safe_seq),
    ]
    put_aside = sum(found.outcomes.get(state, 0) for state in ("quarantined", "conflict", "flagged"))
    context = {
        "parent": found,
        "steps": steps,
        "waiting": waiting,
        "put_aside": put_aside,
        "rows": upward.mirrored_rows(),
        "numbers": reservations.held_here(),
        "old": found.talked_at is None or found.talked_at < timezone.now() - LONG_AGO,
        "locked": found.fault == "locked",
        "changes": frame.changes(request.by, "parent.join", "parent.mirror", "parent.note"),
    }
    return frame.show(request, "manage/parent.html", context, here=HERE)


@officer("parent.retry")
@require_POST
def retry(request: Request) -> HttpResponseBase:
    """Try again now."""
    actions.retry_parent(by=request.by, at=timezone.now())
    messages.success(request, _("The laptop tries again within two minutes."))
    return redirect(HERE)
