"""A facilitator's doors in the order of need, with why; and the pack of paper for a day without signal."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul.journal import actions as journal_actions
from simpul.programmes.queries import kis as queries
from simpul.programmes.queries import kis_rules
from simpul.programmes.rules import kis as rules
from simpul.web.desk import frame
from simpul.web.desk.kis import forms, shared
from simpul.web.policy import Request, officer

HERE = "desk_kis_doors"


@officer("door.record")
@require_GET
def mine(request: Request) -> HttpResponseBase:
    """The doors that were given to this seat (or, for who oversees, to the seat in the address)."""
    seat_id = _seat(request)
    day = shared.today(request)
    doors = queries.doors(request.by, seat_id=seat_id)
    going = queries.under_way(request.by, seat_id=seat_id)
    places = shared.places_of([*doors, *going])
    rows = [shared.row(card, places, day) for card in doors]
    hamlet = request.GET.get("dusun", "")
    hamlets = sorted({row["place"] for row in rows})
    context = {
        "tabs": shared.tabs(request, HERE),
        "rows": [row for row in rows if not hamlet or row["place"] == hamlet],
        "going": [shared.row(card, places, day) for card in going],
        "hamlets": hamlets,
        "hamlet": hamlet if hamlet in hamlets else "",
        "bring": [_(one) for one in rules.BRING],
        "letters": letters_wanted(request),
        "progress": queries.progress(request.by) if not shared.oversees(request) else None,
        "oversees": shared.oversees(request),
        "seats": forms.seats(request.by, timezone.now()) if shared.oversees(request) else [],
        "seat": str(seat_id or ""),
    }
    return frame.show(request, "desk/kis/doors.html", context, here="desk_kis")


def _seat(request: Request) -> UUID | None:
    try:
        return UUID(request.GET.get("petugas", ""))
    except ValueError:
        return request.by.seat_id


def letters_wanted(request: Request) -> list[str]:
    """The letters the rule of the day wants in this seat's area, in words."""
    rule = kis_rules.followed(request.by.served_areas[0], shared.today(request))
    wanted = (("facility_letter", rule.facility_letter), ("village_letter", rule.village_letter))
    said = {"required": _("required"), "optional": _("helps, is not required")}
    return [f"{_(rules.LETTERS[name])} ({said[wish]})" for name, wish in wanted if wish != "no"]


@officer("door.record")
@require_GET
def pack(request: Request) -> HttpResponseBase:
    """The doors on A4: who, where, why, what to bring, and room to write. Printing people's names leaves a line."""
    seat_id = _seat(request)
    day = shared.today(request)
    doors = queries.doors(request.by, seat_id=seat_id)[:100]
    places = shared.places_of(doors)
    rows: list[dict[str, Any]] = [
        {**shared.row(card, places, day), "place_number": place} for place, card in enumerate(doors, start=1)
    ]
    if rows and request.by.seat_id is not None:
        journal_actions.record_view(
            by=request.by,
            at=timezone.now(),
            subject_kind="seat",
            subject_id=seat_id or request.by.seat_id,
            why=_("Doors of KIS cards printed: %(n)s") % {"n": len(rows)},
        )
    context = {
        "rows": rows,
        "bring": [_(one) for one in rules.BRING],
        "letters": letters_wanted(request),
        "findings": [_(rules.DOORS[found]) for found in rules.FINDINGS],
        "day": day,
    }
    return frame.show(request, "desk/kis/pack.html", context, here="desk_kis")
