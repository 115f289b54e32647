"""What the pages of trips share: tabs, the head of a trip, villages to choose from, and words for minutes and flags."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.outreach import access
from simpul.outreach.queries import trips
from simpul.outreach.rules import trips as rules
from simpul.regions import queries as region_queries
from simpul.web.desk import frame, trying, words
from simpul.web.policy import Request

HERE = "desk_trips"
ANY = ("stop.arrive",)
"""Whoever may write down what happens on a trip may read trips."""
TONES = {
    "planned": "info",
    "ready": "good",
    "under_way": "warn",
    "returned": "warn",
    "closed": "",
    "called_off": "",
}


def top_tabs(request: Request, here: str) -> list[dict[str, Any]]:
    """The pages beside the list of trips."""
    pages = (
        ("desk_trips", _("Trips"), "trip.plan"),
        ("desk_trip_map", _("Map of last contact"), "trip.plan"),
        ("desk_accompaniments", _("Accompaniment"), "accompaniment.record"),
        ("desk_trip_promises", _("Promises"), "promise.keep"),
        ("desk_trip_legs", _("Travel times"), "leg.set"),
        ("desk_trip_rules", _("Questions before leaving"), "check.set"),
    )
    return [
        {"label": label, "url": reverse(name), "current": name == here}
        for name, label, act in pages
        if roles.may_somewhere(request.by, act)
    ]


def show(
    request: Request, template: str, here: str, context: dict[str, Any], status: int = 200
) -> HttpResponseBase:
    """A page beside the trips."""
    return frame.show(
        request, template, {"tabs": top_tabs(request, here), **context}, status=status, here=HERE
    )


def trip_or_404(request: Request, trip_id: UUID) -> Any:
    """The trip, if this seat may see it."""
    return trying.found(access.trip_for, request, trip_id)


def stop_or_404(request: Request, stop_id: UUID) -> Any:
    """The stop, if this seat may see its trip."""
    return trying.found(access.stop_for, request, stop_id)


def show_trip(
    request: Request, trip: Any, template: str, here: str, context: dict[str, Any], status: int = 200
) -> HttpResponseBase:
    """A page of one trip."""
    tabs = (
        ("desk_trip", _("Stops")),
        ("desk_trip_load", _("Team and load")),
        ("desk_trip_doors", _("Households to see")),
        ("desk_trip_leave", _("Before leaving")),
        ("desk_trip_back", _("Return and figures")),
    )
    base = {
        "trip": trip,
        "state": _(rules.STATES[trip.state]),
        "tone": TONES[trip.state],
        "where": region_queries.path_names(trip.region_code),
        "days": days(trip.start_date, trip.end_date),
        "season": _(rules.SEASONS[trip.season]),
        "means": ", ".join(_(rules.MODES[mode]) for mode in trip.modes),
        "flags": flag_words(trip.flags),
        "may_plan": trip.state in rules.CHANGEABLE and may_plan(request, trip),
        "may_tell": may_tell(request, trip),
        "tabs": [
            {"label": label, "url": reverse(name, args=[trip.id]), "current": name == here}
            for name, label in tabs
        ],
    }
    return frame.show(request, template, {**base, **context}, status=status, here=HERE)


def may_plan(request: Request, trip: Any) -> bool:
    """True when this seat may change the plan."""
    return roles.may(request.by, "trip.change", access.place_of_plan(request.by, trip))


def may_tell(request: Request, trip: Any) -> bool:
    """True when this seat may write down what happens."""
    return roles.may(request.by, "stop.arrive", access.place_of_trip(request.by, trip))


def today(request: Request) -> date:
    """The date at the seat."""
    return timezone.now().astimezone(desk_queries.zone_of(request.by.served_areas[0])).date()


def zone(trip: Any) -> Any:
    """The time zone at the trip's area."""
    return desk_queries.zone_of(trip.region_code)


def villages(code: str) -> list[tuple[str, str]]:
    """The villages inside an area, by name; of a regency, sub-district by sub-district."""
    if len(code) == 10:
        region = region_queries.find_region(code)
        return [(region.code, region.short_name)] if region else []
    if len(code) == 6:
        return [(one.code, one.short_name) for one in region_queries.children(code)]
    rows = region_queries.children(code) if len(code) == 4 else []
    return [
        (one.code, f"{one.short_name}, {district.short_name}")
        for district in rows
        for one in region_queries.children(district.code)
    ]


def area_of(request: Request) -> str:
    """The area that the pages beside the trips are about: the one of the address inside one's own, else one's own."""
    given = (request.POST if request.method == "POST" else request.GET).get("wilayah", "")
    code = given.replace(".", "")
    if code and code.isdigit() and len(code) in (2, 4, 6, 10) and request.by.serves(code):
        return str(code)
    own = request.by.served_areas[0]
    return str(own[:6] if len(own) == 10 else own)


def areas_to_choose(request: Request, current: str) -> list[dict[str, Any]]:
    """Narrower areas to choose from: the sub-districts of the seat's own regency."""
    own = request.by.served_areas
    wide = [code for code in own if len(code) <= 4]
    rows = [one for code in wide[:5] for one in region_queries.children(code)] if wide else []
    rows += [one for code in own if len(code) == 6 for one in [region_queries.find_region(code)] if one]
    found = [
        {"label": one.short_name, "url": f"?wilayah={one.code}", "current": one.code == current}
        for one in rows[:60]
    ]
    return found if len(found) > 1 else []


def days(first: date, last: date) -> str:
    """From which day until which."""
    return words.day(first) if first == last else f"{words.day(first)} – {words.day(last)}"


def flag_words(flags: list[str]) -> list[str]:
    """What contradicts, in words."""
    return [_(rules.FLAGS.get(flag, flag)) for flag in flags]


def told_name(name: str, person: Any, household: Any = None) -> str:
    """A name that was written down; hidden when whose it is wants no use of their data (UU 27/2022 art. 41)."""
    head = household.head if household is not None else None
    still = any(one is not None and one.restricted_at is not None for one in (person, head))
    return _("name hidden") if still and name else name


def minutes(number: int | None) -> str:
    """How long, in hours and minutes; said when nobody knows."""
    if number is None:
        return _("not known")
    hours, rest = divmod(number, 60)
    if not hours:
        return ngettext("%(n)s minute", "%(n)s minutes", rest) % {"n": rest}
    if not rest:
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest}


def place_names(codes: list[str]) -> dict[str, str]:
    """Names of villages and of the office."""
    found = {code: one.short_name for code, one in region_queries.regions_by_code(codes).items()}
    return {"office": _("Office"), **found}


def stop_row(stop: Any, names: dict[str, str]) -> dict[str, Any]:
    """A stop as lists show it."""
    if stop.left_at is not None:
        state, tone = _("was there"), "good"
    elif stop.arrived_at is not None:
        state, tone = _("is there"), "warn"
    elif stop.closed_at is not None:
        state, tone = _("not reached"), "bad"
    else:
        state, tone = _("planned"), "info"
    return {
        "stop": stop,
        "name": names.get(stop.region_code, stop.region_code),
        "hamlet": stop.hamlet.name if stop.hamlet else "",
        "kind": _(rules.STOPS.get(stop.kind, stop.kind)),
        "day": words.day(stop.planned_date),
        "state": state,
        "tone": tone,
        "url": reverse("desk_trip_stop", args=[stop.id]),
        "flags": flag_words(stop.flags),
        "arrived": words.moment(stop.arrived_at, stop.region_code),
        "left": words.moment(stop.left_at, stop.region_code),
    }


def stops(trip: Any) -> list[dict[str, Any]]:
    """The stops of a trip in order."""
    rows = trips.stops(trip)
    names = place_names([one.region_code for one in rows])
    return [stop_row(one, names) for one in rows]
