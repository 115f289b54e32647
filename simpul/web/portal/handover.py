"""The public page of minutes of handing over: whoever holds the paper sees whether it is genuine, and reads no name there."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul.programmes.queries import handovers as queries
from simpul.programmes.rules import deliveries as delivery_rules
from simpul.programmes.rules import handovers as rules
from simpul.programmes.rules import rounds as goods_rules
from simpul.web.policy import Request, public
from simpul.web.portal import words


@public
@require_GET
def handover(request: Request, token: str) -> HttpResponseBase:
    """Number, place, day, totals and fingerprint; no names."""
    found = queries.by_token(token)
    if found is None:
        raise Http404
    content = rules.read(found.content)
    newest = queries.newest(found.round_id, found.region_code, found.stop_id)
    context = {
        "one": found,
        "content": content,
        "genuine": queries.is_genuine(found),
        "newer": newest.version if newest is not None and newest.id != found.id else None,
        "day": words.date_words(date.fromisoformat(content["handed_date"])),
        "totals": [
            {
                "what": one["what"],
                "much": f"{one['quantity']} {_(goods_rules.UNITS[one['unit']])}",
                "receivers": one["receivers"],
            }
            for one in content["totals"]
        ],
        "counts": [
            {"outcome": _(label), "number": content["counts"][code]}
            for code, label in delivery_rules.OUTCOMES.items()
            if content["counts"].get(code)
        ],
    }
    return render(request, "portal/handover.html", context)
