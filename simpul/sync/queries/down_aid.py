"""Aid, trips and meetings as they go down: open rounds with their lists, goods in one's hands, trips one goes on, meetings one holds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from simpul.meetings import access as meeting_access
from simpul.meetings.models import Attendance
from simpul.outreach import access as outreach_access
from simpul.outreach.models import Stop
from simpul.programmes.access import rounds as round_access
from simpul.programmes.models import Delivery, RoundItem
from simpul.programmes.queries import goods
from simpul.sync.queries import short
from simpul.sync.queries.down_register import Row, Tables, told
from simpul.sync.queries.view import Names, View

MOST_ENTRIES = 20_000
MEETINGS_AROUND = timedelta(days=30)


def hundredths(quantity: Decimal) -> int:
    """A quantity as it travels: whole hundredths of its unit."""
    return int(quantity * 100)


def rounds(view: View, names: Names) -> Tables:
    """Open rounds that touch the area, with the names on their lists inside it and what was given already."""
    found = list(round_access.rounds(view.by).filter(state="open").order_by("starts_date", "id"))
    keys = [one.id for one in found]
    items: dict[UUID, list[Row]] = {key: [] for key in keys}
    for item in RoundItem.objects.filter(round_id__in=keys).order_by("round_id", "position"):
        items[item.round_id].append(
            {"id": str(item.id), "what": item.what, "unit": item.unit, "each": hundredths(item.per_household)}
        )
    rows = [
        {
            "id": str(one.id), "programme": one.programme_id, "name": one.name, "from": one.starts_date.isoformat(),
            "until": one.ends_date.isoformat(), "items": items[one.id],
        }
        for one in found
    ]  # fmt: skip
    return {"rounds": rows, "entries": entries(view, names, keys)}


def entries(
    view: View, names: Names, round_ids: Collection[UUID], only: Collection[UUID] | None = None
) -> list[Row]:
    """Names on the lists of rounds; ``only``: of these households."""
    rows = round_access.entries(view.by).filter(round_id__in=list(round_ids), state="listed")
    given = Delivery.objects.filter(round_id__in=list(round_ids), state="standing", outcome="delivered")
    if only is not None:
        rows, given = rows.filter(household_id__in=list(only)), given.filter(household_id__in=list(only))
    had = set(given.values_list("round_id", "household_id", "person_id"))
    columns = ("id", "round_id", "household_id", "person_id", "amounts")
    return [
        _entry(one, (one["round_id"], one["household_id"], one["person_id"]) in had, names)
        for one in rows.order_by("round_id", "region_code", "household_id", "id").values(*columns)[
            :MOST_ENTRIES
        ]
    ]


def _entry(one: Mapping[str, Any], given: bool, names: Names) -> Row:
    row = {
        "id": short.of(one["id"]),
        "round": str(one["round_id"]),
        "household": names(one["household_id"]),
        "person": names(one["person_id"]),
        "amounts": {key: hundredths(Decimal(value)) for key, value in (one["amounts"] or {}).items()},
        "given": given,
    }
    return told(row)


def own_goods(view: View) -> Tables:
    """What lies in the hands of this device, its person and the trips they go on."""
    if not view.device:
        return {"goods": []}
    trips = [UUID(row["id"]) for row in own_trips(view)["trips"]]
    seats = [view.by.seat_id] if view.by.seat_id else []
    found = goods.carried(view.by, trip_ids=trips, devices=[view.device], seat_ids=seats)
    rows = [
        {
            "id": str(one.item_id), "round": str(one.round_id), "item": str(one.item_id),
            "quantity": hundredths(one.allotted), "given": hundredths(one.allotted - one.left),
        }
        for one in found
    ]  # fmt: skip
    return {"goods": rows}


def own_trips(view: View) -> Tables:
    """Trips that are open and in whose team the seat is, or which stop in its area, with their stops in order."""
    found = list(
        outreach_access.trips(view.by)
        .filter(state__in=["planned", "ready", "under_way", "returned"])
        .order_by("start_date", "id")[:50]
    )
    stops: dict[UUID, list[Row]] = {one.id: [] for one in found}
    for stop in Stop.objects.filter(trip_id__in=list(stops), dropped_at=None).order_by(
        "trip_id", "position", "id"
    ):
        stops[stop.trip_id].append(_stop(stop))
    rows = [
        {
            "id": str(one.id), "purpose": one.purpose, "from": one.start_date.isoformat(), "until": one.end_date.isoformat(),
            "state": one.state, "stops": stops[one.id],
        }
        for one in found
    ]  # fmt: skip
    return {"trips": rows}


def _stop(one: Stop) -> Row:
    return told({
        "id": str(one.id), "region": one.region_code, "hamlet": str(one.hamlet_id or ""), "kind": one.kind, "place": one.place,
        "date": one.planned_date.isoformat() if one.planned_date else "", "arrived": one.arrived_at is not None,
        "opened": one.opened_at is not None, "closed": one.closed_at is not None,
    })  # fmt: skip


def meetings(view: View, names: Names) -> Tables:
    """Meetings that are planned or being held about now, with their attendance lists."""
    around = (view.at - MEETINGS_AROUND, view.at + MEETINGS_AROUND)
    found = list(
        meeting_access.visible(view.by)
        .filter(state__in=["planned", "held"], planned_at__range=around)
        .order_by("planned_at", "id")[:50]
    )
    rows = [
        {
            "id": str(one.id),
            "title": one.title,
            "date": one.planned_at.date().isoformat(),
            "region": one.region_code,
            "state": one.state,
        }
        for one in found
    ]
    lines = Attendance.objects.filter(meeting_id__in=[one.id for one in found], withdrawn_at=None).order_by(
        "meeting_id", "id"
    )
    people = [
        told(
            {
                "id": str(one.id),
                "meeting": str(one.meeting_id),
                "person": names(one.person_id),
                "name": one.name,
                "present": one.came,
            },
            ("present",),
        )
        for one in lines
    ]
    return {"meetings": rows, "attendees": people}
