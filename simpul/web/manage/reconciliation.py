"""The books of a day: gateways, raw store and matters side by side, and what a person must look at.

The content of deliveries is personal and is shown to nobody here, not even to whoever may let one be read again: reason, size
and time are enough to find the cause.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from simpul.lib import when
from simpul.lib.spool import Spool
from simpul.messages import actions
from simpul.messages.queries import reconciliation as queries
from simpul.web.manage import fields, frame, gateway_words
from simpul.web.policy import Request, officer

HERE = "manage_reconciliation"
ONE_DAY = timedelta(days=1)

STATES = (
    ("parts", gettext_lazy("parts missing")),
    ("new", gettext_lazy("not looked at yet")),
    ("open", gettext_lazy("before a person")),
    ("settled", gettext_lazy("settled")),
)
OUTCOMES = {
    "case": gettext_lazy("became a matter"),
    "added": gettext_lazy("added to a matter"),
    "menu": gettext_lazy("answered by keyword"),
    "answered": gettext_lazy("answered by a person"),
    "feedback": gettext_lazy("feedback"),
    "no_action": gettext_lazy("laid aside with a reason"),
    "spam": gettext_lazy("spam"),
}
SAID = {
    "unread": gettext_lazy("%(count)s deliveries wait to be read for more than 15 minutes. Does the worker run?"),
    "broken": gettext_lazy("%(count)s deliveries could not be read. Look at the reason below, mend it, and let them be read again."),
    "unheard": gettext_lazy("%(count)s messages wait for the machine for more than 15 minutes. Does the worker run?"),
    "parts": gettext_lazy("%(count)s long messages miss a part and should be before a person by now. Does the worker run?"),
    "no_subject": gettext_lazy("%(count)s messages are said to have become a matter, and there is none. Report this fault."),
    "files": gettext_lazy("%(count)s files could not be fetched. The officer sees the reason beside the message and can ask for them."),
    "missing": gettext_lazy("%(count)s deliveries that the journal saw being kept are not in the raw store. Compare with a copy."),
}  # fmt: skip
LEADS = {
    "unread": "manage_health",
    "unheard": "manage_health",
    "parts": "manage_health",
    "missing": "manage_journal",
}


@officer("delivery.mend")
@require_GET
def reconciliation(request: Request) -> HttpResponse:
    """The books of one day, today first."""
    at = timezone.now()
    zone = frame.zone()
    today = at.astimezone(zone).date()
    chosen = min(when.parse_date(request.GET.get("hari", "")) or today, today)
    begin, end = fields.start_of(chosen, zone), fields.start_of(chosen + ONE_DAY, zone)
    day = queries.day(begin, end, at)
    context = {
        "chosen": chosen,
        "earlier_url": f"?hari={chosen - ONE_DAY}",
        "later_url": f"?hari={chosen + ONE_DAY}" if chosen < today else "",
        "rows": [_row(row, now=chosen == today) for row in day.rows],
        "differences": [_difference(one) for one in day.differences],
        "agrees": day.agrees,
        "refusals": [
            (name, gateway_words.reason(why), number) for name, why, number in queries.refusals(begin, end)
        ],
        "broken": [{"one": one, "reason": gateway_words.reason(one.reason)} for one in queries.broken()],
        "spool": _spool(at),
    }
    return frame.show(request, "manage/reconciliation.html", context, here=HERE)


@officer("delivery.mend")
@require_POST
def read_again(request: Request, delivery_id: UUID) -> HttpResponse:
    """Let a broken delivery be read once more."""
    actions.mend_delivery(by=request.by, at=timezone.now(), delivery_id=delivery_id)
    messages.success(request, _("It will be read again within a few seconds. Look here afterwards."))
    return redirect(f"{reverse(HERE)}#rusak")


def _row(row: queries.Row, *, now: bool) -> dict[str, Any]:
    """A line of the table; what the gateway itself still holds is asked for today only."""
    return {
        "url": reverse("manage_gateway", args=[row.gateway.id]) if row.gateway is not None else "",
        "held": queries.held(row.gateway) if now and row.gateway is not None else None,
        "name": row.gateway.name if row.gateway is not None else _("No gateway"),
        "code": row.gateway.code if row.gateway is not None else "",
        "received": row.received,
        "read": row.deliveries.get("read", 0),
        "waiting": row.deliveries.get("stored", 0),
        "broken": row.deliveries.get("broken", 0),
        "refused": row.refused,
        "repeats": row.repeats,
        "heard": row.heard,
        "states": [(label, row.messages[state]) for state, label in STATES if row.messages.get(state)],
        "outcomes": [(OUTCOMES.get(key, key), number) for key, number in sorted(row.outcomes.items())],
        "statuses": row.statuses,
        "alone": row.statuses_alone,
    }


def _difference(one: queries.Difference) -> dict[str, Any]:
    lead = LEADS.get(one.code, "")
    url = reverse(lead) if lead else ""
    if one.code == "missing":
        url += "?kind=delivery.store"
    return {
        "sentence": str(SAID[one.code]) % {"count": one.count},
        "gateway": one.gateway.name if one.gateway is not None else "",
        "url": "#rusak" if one.code == "broken" else url,
    }


def _spool(at: datetime) -> dict[str, Any]:
    spool = Spool(settings.SIMPUL_SPOOL)
    oldest = spool.oldest_at()
    return {
        "length": spool.length(),
        "aside": spool.laid_aside(),
        "oldest_at": datetime.fromtimestamp(oldest, UTC) if oldest is not None else None,
        "is_late": oldest is not None and at.timestamp() - oldest > 600,
    }
