"""Printed sheets: which are out, what is on one, and finding one by the code on the paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from simpul.lib.actor import Actor
from simpul.outreach import access
from simpul.outreach.models import Sheet, SheetRow, Stop
from simpul.outreach.queries import doors
from simpul.outreach.rules import papers as rules
from simpul.programmes.access import rounds as round_access
from simpul.programmes.queries import rounds as round_queries

PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One line: whose door it is, what is to be handed over there, or which number is printed on it."""

    row: SheetRow
    name: str
    address: str
    hamlet: str
    about: str
    amounts: Mapping[UUID, Any]


def listed(by: Actor, *, state: str = "", page: int = 1) -> tuple[list[Any], bool]:
    """Sheets of the area, those still out first, with how many rows they have and how many are open."""
    rows = access.sheets(by).annotate(count=Count("rows"), left=Count("rows", filter=Q(rows__state="open")))
    if state:
        rows = rows.filter(state=state)
    first = (page - 1) * PAGE
    found = list(rows.order_by("-state", "-printed_at", "id")[first : first + PAGE + 1])
    return found[:PAGE], len(found) > PAGE


def find(by: Actor, said: str) -> tuple[Sheet, int | None] | None:
    """The sheet of a code as it was typed or scanned, with the row when the row's own code was; None when there is none for this actor."""
    read = rules.read(said)
    sheet = access.sheets(by).filter(code=read[0]).first() if read else None
    return (sheet, read[1]) if sheet is not None and read else None


def rows(by: Actor, sheet: Sheet) -> list[Row]:
    """The lines of a sheet with what is printed on them. A household whose data stand still has no name here."""
    found = list(sheet.rows.order_by("position"))
    homes = {
        one.id: one
        for one in doors.present_households(by, sheet.region_code)
        .filter(id__in=[row.household_id for row in found if row.household_id])
        .select_related("house", "hamlet")
    }
    entries = _entries(by, sheet)
    made = []
    for row in found:
        home = homes.get(row.household_id) if row.household_id else None
        entry = entries.get(row.entry_id) if row.entry_id else None
        made.append(
            Row(
                row=row,
                name=(entry.entry.name if entry else "") or (home.name if home else ""),
                address=doors.address_of(home) if home else "",
                hamlet=home.hamlet.name if home and home.hamlet else "",
                about=row.number,
                amounts=entry.due if entry else {},
            )
        )
    return made


def _entries(by: Actor, sheet: Sheet) -> dict[UUID, Any]:
    if not sheet.round_id or not round_access.rounds(by).filter(id=sheet.round_id).exists():
        return {}
    return {one.entry.id: one for one in round_queries.to_print(by, sheet.round_id, sheet.region_code)}


def stops_at(by: Actor, village: str) -> list[Stop]:
    """Stops of trips in a village that may still be on their way or were there lately, the newest first: whose sheets are printed."""
    rows = Stop.objects.filter(
        region_code=village,
        dropped_at=None,
        trip__in=access.trips(by),
        trip__state__in=("planned", "ready", "under_way", "returned"),
    )
    return list(rows.select_related("trip").order_by("-trip__start_date", "position")[:50])
