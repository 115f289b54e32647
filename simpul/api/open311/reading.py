"""What GeoReport gives to read: discovery, services, their attributes, published requests, tokens."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from simpul.api.open311.formats import Fault
from simpul.cases.queries import kinds as kind_queries
from simpul.desks import queries as desk_queries
from simpul.exchange.queries import requests as request_queries
from simpul.regions import queries as region_queries

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
RANGE = timedelta(days=90)
"""How far a list reaches back when no beginning is given."""

_DATATYPES = {
    "text": "string",
    "long": "text",
    "choice": "singlevaluelist",
    "choices": "multivaluelist",
    "date": "datetime",
    "number": "number",
    "money": "number",
    "yes_no": "singlevaluelist",
}


def in_words(row: Any, name: str) -> str:
    """A text of a kind or of one of its fields in the language of the request."""
    get = row.get if isinstance(row, Mapping) else lambda key, default="": getattr(row, key, default)
    english = (get_language() or "id").startswith("en") and get(f"{name}_en", "")
    return str(english or get(name, "") or "")


def jurisdiction(given: str, request: HttpRequest) -> str:
    """The region code a ``jurisdiction_id`` stands for: a code inside the institution's area, or the installation's own name.

    Raises:
        Fault: unknown here.
    """
    home = desk_queries.institution().region_code
    names = {request.get_host().partition(":")[0].lower(), *(host.lower() for host in settings.ALLOWED_HOSTS)}
    if not given or given.lower() in names:
        return home
    region = region_queries.find_region(given[:20])
    if region is None or not region.code.startswith(home):
        raise Fault(404, f"jurisdiction_id {given[:40]!r} was not found")
    return region.code


def discovery(request: HttpRequest) -> dict[str, Any]:
    """Where the endpoints are, what they speak, and how to get a key."""
    home = desk_queries.institution()
    changed = request_queries.kinds_changed_at() or datetime(2026, 1, 1, tzinfo=UTC)
    changeset = moment(changed, _zone())
    url = request.build_absolute_uri(reverse("open311")).rstrip("/")
    contact = ", ".join(part for part in (home.name, home.phone, home.email, home.address) if part)
    return {
        "changeset": changeset,
        "contact": contact,
        "key_service": _("Ask %(name)s for a key: %(contact)s") % {"name": home.name, "contact": contact},
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": url,
                "changeset": changeset,
                "type": "production",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }


def services() -> list[dict[str, Any]]:
    """The kinds of matters that residents can bring. Those that are never public are given as "batch": they yield a token."""
    return [
        {
            "service_code": kind.code,
            "service_name": in_words(kind, "name"),
            "description": in_words(kind, "about"),
            "metadata": bool(kind.fields),
            "type": "realtime" if is_public(kind) else "batch",
            "keywords": "",
            "group": kind.group,
        }
        for kind in kind_queries.kinds_offered()
    ]


def is_public(kind: Any) -> bool:
    """True for a kind whose matters can appear on the public face one day."""
    return bool(kind.publishable) and kind.sensitivity == "normal"


def service(code: str) -> dict[str, Any]:
    """The questions of one kind.

    Raises:
        Fault: no such kind is offered.
    """
    kind = offered(code)
    return {
        "service_code": kind.code,
        "attributes": [_attribute(field, order) for order, field in enumerate(kind.fields, start=1)],
    }


def offered(code: str) -> Any:
    """A kind that residents can choose.

    Raises:
        Fault: there is none with this code.
    """
    kind = kind_queries.get_kind(code[:40]) if re.fullmatch(r"[-\w]+", code) else None
    if kind is None or not kind.is_active or not kind.is_public:
        raise Fault(404, f"service_code {code[:40]!r} was not found")
    return kind


def _attribute(field: Mapping[str, Any], order: int) -> dict[str, Any]:
    options = [
        {"key": str(option["value"]), "name": in_words(option, "label")}
        for option in field.get("options") or ()
    ]
    if field["type"] == "yes_no":
        options = [{"key": "yes", "name": _("Yes")}, {"key": "no", "name": _("No")}]
    return {
        "variable": True,
        "code": str(field["key"]),
        "datatype": _DATATYPES[str(field["type"])],
        "required": bool(field.get("required")),
        "datatype_description": in_words(field, "hint") or None,
        "order": order,
        "description": in_words(field, "label"),
        **({"values": options} if options else {}),
    }


def behind_token(token: str) -> list[dict[str, Any]]:
    """The number behind a token; empty until the matter is published.

    Raises:
        Fault: not a token of this installation.
    """
    known, number = request_queries.behind_token(token[:200])
    if not known:
        raise Fault(404, "token was not found")
    return [{"service_request_id": number or None, "token": token}]


def requests(request: HttpRequest, given: Mapping[str, str], at: datetime) -> list[dict[str, Any]]:
    """Published matters: by number, or by kind, date of arrival and status."""
    wanted = _wanted(given, jurisdiction(given.get("jurisdiction_id", ""), request), at)
    return _rows(request, request_queries.published(wanted))


def one_request(request: HttpRequest, number: str, given: Mapping[str, str]) -> list[dict[str, Any]]:
    """One published matter.

    Raises:
        Fault: there is none with this number.
    """
    inside = jurisdiction(given.get("jurisdiction_id", ""), request)
    found = request_queries.published_one(number.upper()[:24]) if number.isascii() else None
    if found is None or not found.region_code.startswith(inside):
        raise Fault(404, f"service_request_id {number[:40]!r} was not found")
    return _rows(request, [found])


def _wanted(given: Mapping[str, str], inside: str, at: datetime) -> request_queries.Wanted:
    """The filters of an address. Numbers go before everything else, as the standard has it."""
    page, size = (
        _count(given, "page", 1, 100_000),
        _count(given, "page_size", request_queries.MOST, request_queries.MOST),
    )
    if numbers := _list(given, "service_request_id"):
        return request_queries.Wanted(
            numbers=[number.upper()[:24] for number in numbers], region_code=inside, page=page, size=size
        )
    zone = _zone()
    begin, end = _day(given, "start_date", zone), _day(given, "end_date", zone)
    today = at.astimezone(zone).date()
    statuses = {status.lower() for status in _list(given, "status")}
    if statuses - {"open", "closed"}:
        raise Fault(400, "status must be open, closed, or both with a comma between")
    return request_queries.Wanted(
        kind_codes=[code[:40] for code in _list(given, "service_code")],
        begin=begin or (end or today) - RANGE,
        end=end,
        open_too=not statuses or "open" in statuses,
        closed_too=not statuses or "closed" in statuses,
        region_code=inside,
        page=page,
        size=size,
    )


def _list(given: Mapping[str, str], name: str) -> list[str]:
    said = [part.strip() for part in given.get(name, "").split(",")]
    return [part.replace("\x00", "") for part in said if part][:1000]


def _count(given: Mapping[str, str], name: str, default: int, most: int) -> int:
    said = given.get(name, "")
    if not said:
        return default
    if not re.fullmatch(r"[0-9]{1,9}", said) or int(said) < 1:
        raise Fault(400, f"{name} must be a whole number from 1")
    return min(int(said), most)


def _day(given: Mapping[str, str], name: str, zone: Any) -> date | None:
    """The local date of a moment as the W3C writes it; a bare date is taken too."""
    said = given.get(name, "").strip().replace(" ", "+")  # a "+" that was not encoded arrives as a blank
    if not said:
        return None
    try:
        read = parse_datetime(said)
        if read is None:
            day = date.fromisoformat(said)
        else:
            day = (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(zone).date()
        if not 1900 <= day.year <= 9000:
            raise ValueError(name)
        return day
    except (ValueError, OverflowError):
        raise Fault(
            400, f"{name} must be a date and time with zone, such as 2026-11-25T08:00:00+08:00"
        ) from None


def _zone() -> Any:
    return desk_queries.zone_of(desk_queries.institution().region_code)


def moment(value: datetime, zone: Any) -> str:
    """A moment as the W3C writes it, in a zone."""
    return value.astimezone(zone).isoformat(timespec="seconds")


def _rows(request: HttpRequest, found: Sequence[Any]) -> list[dict[str, Any]]:
    language = "en" if (get_language() or "id").startswith("en") else "id"
    names = kind_queries.names({row.kind_code for row in found}, language) if found else {}
    zone = _zone()
    return [_row(request, row, names, zone) for row in found]


def _row(request: HttpRequest, row: Any, names: Mapping[str, str], zone: Any) -> dict[str, Any]:
    """One published record. The hour of arrival is not public, nor is a place smaller than what was published."""
    arrived = datetime.combine(row.received_date, time(), tzinfo=zone)
    changed = row.corrected_at or row.released_at
    photo = reverse("answer_photo", args=[row.slug, 1]) if row.photos else ""
    return {
        "service_request_id": row.case.number,
        "status": "open" if row.case.is_open else "closed",
        "status_notes": row.answer,
        "service_name": names.get(row.kind_code, row.kind_code),
        "service_code": row.kind_code,
        "description": f"{row.title}\n\n{row.text}",
        "agency_responsible": row.desk_name,
        "service_notice": None,
        "requested_datetime": arrived.isoformat(timespec="seconds"),
        "updated_datetime": moment(changed, zone) if changed else None,
        "expected_datetime": None,
        "address": row.place_words,
        "address_id": row.region_code,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": request.build_absolute_uri(photo) if photo else None,
    }
