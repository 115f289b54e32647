"""``/direktori/``: businesses, produce with its seasons, market days, shared places. A contact only where its owner agreed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul.community.queries import directory as queries
from simpul.community.rules import directory as rules
from simpul.desks import queries as desk_queries
from simpul.regions import queries as region_queries
from simpul.web.policy import Request, public
from simpul.web.portal import places
from simpul.web.portal import words as portal_words
from simpul.web.portal.directory import words


def place(typed: str) -> tuple[str, str]:
    """The village or district that was typed, with its whole name; ("", "") when nothing is narrowed."""
    asked = typed.replace("\x00", "").strip()[:80]
    if len(asked) == 10 and asked.isascii() and asked.isdigit():
        path = region_queries.path_names(asked)
        return (asked, path) if path else ("", "")
    found = places.find(asked) if asked else []
    return found[0] if found else ("", "")


def shown(one: queries.Line) -> dict[str, Any]:
    """One line as the pages show it."""
    found = one.listing
    return {
        "one": found,
        "kind": _(rules.ONE[found.kind]),
        "where": region_queries.path_names(found.region_code).split(",", maxsplit=1)[0],
        "season": words.season(found),
        "days": words.days(found),
        "price": words.price(found),
        "price_day": portal_words.date_words(found.price_date),
        "contact_name": one.contact_name,
        "contact_phone": one.contact_phone,
    }


@public
@require_GET
def listed(request: Request) -> HttpResponse:
    """The directory, by kind."""
    kind = request.GET.get("jenis", "")
    kind = kind if kind in rules.KINDS else ""
    typed = request.GET.get("cari", "").replace("\x00", "").strip()[:80]
    region, asked = place(request.GET.get("tempat", ""))
    found = [shown(one) for one in queries.public_lines(region=region, kind=kind, words=typed)]
    context = {
        "groups": [
            (_(name), rows)
            for code, name in rules.KINDS.items()
            if (rows := [one for one in found if one["one"].kind == code])
        ],
        "kinds": [(code, _(name)) for code, name in rules.KINDS.items()],
        "kind": kind,
        "search": typed,
        "place": asked or request.GET.get("tempat", "")[:80],
        "filtered": bool(kind or typed or asked),
    }
    return render(request, "portal/directory/list.html", context)


@public
@require_GET
def one(request: Request, listing_id: UUID) -> HttpResponse:
    """One line of the directory."""
    found = queries.public_line(listing_id)
    if found is None:
        raise Http404
    parcel, work = queries.links_of(found.listing)
    context = {**shown(found), "parcel": parcel, "work": work}
    return render(request, "portal/directory/one.html", context)


@public
@require_GET
def seasons(request: Request) -> HttpResponse:
    """The calendar of seasons: which produce there is in which month; can be printed."""
    region, asked = place(request.GET.get("tempat", ""))
    rows = []
    for line in queries.public_lines(region=region, kind="produce"):
        found = line.listing
        rows.append(
            {
                "one": found,
                "where": region_queries.path_names(found.region_code).split(",", maxsplit=1)[0],
                "words": words.season(found) or _("the whole year"),
                "months": [
                    (str(MONTHS[number]), rules.in_season(found.months, number)) for number in range(1, 13)
                ],
            }
        )
    zone = desk_queries.zone_of(region or desk_queries.institution().region_code)
    context = {
        "rows": rows,
        "months": [(number, str(MONTHS_3[number])) for number in range(1, 13)],
        "now": timezone.now().astimezone(zone).month,
        "place": asked,
    }
    return render(request, "portal/directory/seasons.html", context)
