"""What the pages of a round share: its head with tabs, goods and holders in words, a delivery as a line, and how much is due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.outreach import access as trip_access
from simpul.outreach.queries import trips
from simpul.programmes.access import rounds as access
from simpul.programmes.queries import deliveries as delivery_queries
from simpul.programmes.queries import goods as goods_queries
from simpul.programmes.queries import rounds as queries
from simpul.programmes.rules import deliveries as rules
from simpul.programmes.rules import rounds as goods_rules
from simpul.regions import queries as region_queries
from simpul.web import reading
from simpul.web.desk import frame, trying, words
from simpul.web.policy import Request
from simpul.web.portal import words as portal_words

HERE = "desk_rounds"
READING = ("delivery.record",)
TONES = {
    "delivered": "good",
    "refused": "warn",
    "absent": "warn",
    "dead": "bad",
    "moved": "bad",
    "not_found": "bad",
    "waiting": "",
}
STATES = {"standing": "", "corrected": "warn", "wrong": "bad", "returned": "warn"}


def status_words(code: str) -> str:
    """What came of an entry."""
    return _("waiting") if code == queries.WAITING else _(rules.OUTCOMES[code])


def state_words(code: str) -> str:
    """How a delivery stands; "" when it counts."""
    return {
        "corrected": _("corrected"),
        "wrong": _("written down wrongly"),
        "returned": _("brought back"),
    }.get(code, "")


def round_or_404(request: Request, round_id: UUID) -> Any:
    """The round, if this seat may see it."""
    return trying.found(access.round_for, request, round_id)


def may(request: Request, act: str, code: str) -> bool:
    """True when the seat may do this at a place, or in its own part of it."""
    if roles.may(request.by, act, roles.Place(region_code=code)):
        return True
    own = [one for one in request.by.served_areas if one.startswith(code)]
    return any(roles.may(request.by, act, roles.Place(region_code=one)) for one in own)


def may_here(request: Request, act: str, code: str) -> bool:
    """True when the seat may do this at exactly this place."""
    return roles.may(request.by, act, roles.Place(region_code=code))


def show(
    request: Request, row: Any, template: str, here: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponseBase:
    """A page of one round."""
    doubles = access.doubles(request.by).filter(round=row, state="open").count()
    tabs: list[tuple[str, str, int | None]] = [
        ("desk_round", _("List"), None),
        ("desk_round_goods", _("Goods"), None),
        ("desk_round_doubles_of", _("Perhaps twice"), doubles or None),
        ("desk_round_flagged", _("To look at"), None),
        ("desk_round_handovers", _("Minutes of handing over"), None),
    ]
    base = {
        "round": row,
        "programme": portal_words.said(row.programme, "name"),
        "where": region_queries.path_names(row.region_code),
        "period": f"{words.day(row.starts_date)} – {words.day(row.ends_date)}",
        "is_open": row.state == "open",
        "may_change": row.state == "open" and may_here(request, "round.change", row.region_code),
        "tabs": [
            {
                "label": label,
                "url": reverse(name, args=[row.id]),
                "current": name == here,
                **({"count": count} if count else {}),
            }
            for name, label, count in tabs
        ],
    }
    return frame.show(request, template, {**base, **context}, status=status, here=HERE)


# --- goods ----------------------------------------------------------------------------------------------------------------


def amount(much: Decimal, unit: str) -> str:
    """A quantity as people read it: "2,5 kg", "Rp150.000"."""
    if unit == "rupiah":
        return "Rp" + f"{much:,.0f}".replace(",", ".")
    text = f"{much:,.2f}".rstrip("0").rstrip(".")
    if words.language() == "id":
        text = text.translate(str.maketrans(",.", ".,"))
    return f"{text} {_(goods_rules.UNITS[unit])}"


def due_words(due: Mapping[UUID, Decimal], items: Iterable[Any]) -> str:
    """What an entry should get."""
    found = [f"{one.what} {amount(due[one.id], one.unit)}" for one in items if due.get(one.id)]
    return ", ".join(found) or _("nothing")


def lines_words(lines: Iterable[Any]) -> str:
    """What was handed over."""
    return ", ".join(f"{one.item.what} {amount(one.quantity, one.item.unit)}" for one in lines)


def holder_words(kind: str, key: str, names: Mapping[tuple[str, str], str]) -> str:
    """In whose hands goods are."""
    if kind == "store":
        return _("store")
    return names.get((kind, key)) or f"{_(goods_rules.HOLDERS[kind])} {key[:8]}"


def holders(request: Request) -> list[tuple[str, str]]:
    """Hands that goods can go to: officers of the area, and trips that are not over."""
    at = timezone.now()
    seats = [
        (f"seat:{one.id}", f"{one.user.full_name}, {one.desk.name}")
        for one in desk_queries.seats_visible(request.by, at)
        if one.role in _CARRYING and _touches(request, one)
    ]
    plans = [(f"trip:{one.id}", _("Trip: %(what)s") % {"what": one.purpose}) for one in _trips(request)]
    return [*plans, *seats]


_CARRYING = frozenset({"facilitator", "post_officer", "back_office", "coordinator", "supervisor"})


def _touches(request: Request, seat: Any) -> bool:
    own = tuple(seat.areas or ()) or (seat.desk.region_code,)
    return any(
        one.startswith(area) or area.startswith(one) for one in own for area in request.by.served_areas
    )


def _trips(request: Request) -> list[Any]:
    return trips.listed(request.by, "open")[0]


def recent_trips(request: Request) -> list[tuple[str, str]]:
    """Trips of the area by purpose and day, the newest first: on which something may have been handed over."""
    rows = trips.listed(request.by)[0]
    return [(str(one.id), f"{one.purpose}, {words.day(one.start_date)}") for one in rows]


def stop_of(request: Request, trip_id: UUID | None, region_code: str) -> UUID | None:
    """The stop of a trip in a village."""
    trip = trip_access.trips(request.by).filter(id=trip_id).first() if trip_id else None
    found = [one for one in trips.stops(trip) if one.region_code == region_code] if trip else []
    return found[0].id if found else None


def holder_names(request: Request, round_id: UUID) -> dict[tuple[str, str], str]:
    """Everybody in whose hands goods of a round are or were, by kind and key, with their names."""
    keys: dict[str, set[UUID]] = {"trip": set(), "seat": set()}
    for kind, key in goods_queries.holders_in(round_id):
        found = reading.key(key)
        if kind in keys and found is not None:
            keys[kind].add(found)
    rows = trip_access.trips(request.by).filter(id__in=keys["trip"])
    names = {("trip", str(one.id)): _("Trip: %(what)s") % {"what": one.purpose} for one in rows}
    for seat_id in keys["seat"]:
        seat = desk_queries.seat(seat_id)
        if seat is not None:
            names["seat", str(seat_id)] = seat.user.full_name
    return names


# --- deliveries -----------------------------------------------------------------------------------------------------------


def unit_name(row: Any) -> str:
    """To whom something was brought."""
    if row.entry is not None:
        return str(row.entry.name)
    if row.person is not None:
        return str(row.person.full_name)
    return str(row.household.name) if row.household else ""


def delivery(one: delivery_queries.Shown) -> dict[str, Any]:
    """A delivery as lists and its own page show it."""
    row = one.delivery
    receiver = _(rules.RECEIVERS[row.receiver]) if row.receiver else ""
    return {
        "one": row,
        "url": reverse("desk_round_delivery", args=[row.id]),
        "name": unit_name(row),
        "when": words.moment(row.delivered_at, row.region_code),
        "day": words.short_day(row.delivered_at, row.region_code),
        "outcome": _(rules.OUTCOMES[row.outcome]),
        "tone": TONES[row.outcome],
        "what": lines_words(one.lines),
        "receiver": ", ".join(part for part in (receiver, row.receiver_name) if part),
        "proofs": [_(rules.PROOFS[code]) for code in row.proofs],
        "flags": [_(rules.FLAGS[code]) for code in row.flags if code in rules.FLAGS],
        "state": state_words(row.state),
        "state_tone": STATES[row.state],
        "where": ", ".join(part for part in (row.hamlet.name if row.hamlet else "", row.place) if part),
        "files": [
            {"url": reverse("desk_round_proof", args=[file.id]), "kind": _(rules.PROOFS[file.kind])}
            for file in one.files
        ],
    }
