"""What the pages share: the village, the kiosk, the words of a kind of letter, how long it takes, where the post is."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from simpul.cases.queries import kinds as kind_queries
from simpul.desks import queries as desk_queries
from simpul.letters.queries import types as queries
from simpul.regions import queries as region_queries
from simpul.web.policy import Request
from simpul.web.portal import places, services, words

KIND = "letter_request"
VILLAGE = 10
KIOSK_SECONDS = 180
"""After so long without a press a kiosk goes back to its first page and forgets what was typed."""
POSTS = ("post", "village_office")
"""Kinds of desk that take letters, the one that is open at night first."""


def is_kiosk(request: Request) -> bool:
    """Whether this is the screen of a kiosk, which many people use one after the other."""
    return request.GET.get("kios") == "1"


def village_of(request: Request) -> str:
    """The village asked, or the only one this installation serves; "" when it has to be chosen."""
    home = desk_queries.institution().region_code
    if len(home) == VILLAGE:
        return home
    asked = request.GET.get("desa", "").replace(".", "")[:VILLAGE]
    return asked if len(asked) == VILLAGE and asked.isdigit() and places.find(asked) else ""


def address(request: Request, name: str, *parts: str, **more: str) -> str:
    """A page of this part that keeps the village and the kiosk."""
    given = {"desa": request.GET.get("desa", ""), "kios": "1" if is_kiosk(request) else "", **more}
    kept = urlencode({key: value for key, value in given.items() if value})
    return reverse(name, args=parts) + (f"?{kept}" if kept else "")


def frame(request: Request) -> dict[str, Any]:
    """What every page gets: the kiosk with its clock, and the way home."""
    kiosk = is_kiosk(request)
    return {
        "kiosk": kiosk,
        "kiosk_seconds": KIOSK_SECONDS,
        "kiosk_end": address(request, "letters_finished", desa=village_of(request)) if kiosk else "",
        "home_url": address(request, "letters"),
    }


def offer_or_404(code: str, region_code: str) -> queries.Offer:
    """The kind in this village, while it may be asked for; letters of the office itself are no resident's."""
    found = queries.find(code, region_code)
    if found is None or found.type.group == "office":
        raise Http404
    return found


def requirements(version: Any) -> list[dict[str, str]]:
    """What is to be shown, with the code that a photo of it is kept under."""
    named = queries.requirement_labels(version, words.language())
    return [{"code": code, "name": name} for code, name in named.items()]


def how_long() -> str:
    """How soon a letter is promised, as the service standard says it; "" when it promises nothing."""
    kind = kind_queries.get_kind(KIND)
    clocks = kind.clocks if kind is not None else []
    answer = next((one for one in clocks if one["key"] == "answer"), None)
    return services.amount_words(answer) if answer else ""


def validity(version: Any) -> str:
    """How long the letter is good for, in words; "" when it has no end."""
    amount = version.validity_amount
    if amount == 0:
        return ""
    if version.validity_unit == "days":
        return ngettext("%(n)s day", "%(n)s days", amount) % {"n": amount}
    return ngettext("%(n)s month", "%(n)s months", amount) % {"n": amount}


def posts(region_code: str, at: datetime) -> list[dict[str, Any]]:
    """Where letters of this village are asked for, with the hours, and whether somebody is there now."""
    found = []
    for kind in POSTS:
        desk = desk_queries.nearest(kind, region_code)
        if desk is not None and desk.region_code == region_code:
            opens = desk_queries.opens_next(desk, at)
            found.append(
                {
                    "name": desk.name,
                    "contact": desk.contact,
                    "hours": desk_queries.hours_text(desk),
                    "open": desk_queries.is_open_now(desk, at),
                    "opens": words.moment_words(opens, region_code) if opens else "",
                }
            )
    return found


def village_name(region_code: str) -> str:
    """The village as an address has it."""
    region = region_queries.find_region(region_code)
    return region.short_name if region is not None else region_code


def who_may_ask(offer: queries.Offer) -> list[str]:
    """Who may ask for this letter, sentence by sentence."""
    version = offer.version
    said = [
        _("Residents of the village, also without a NIK.")
        if not version.nonresidents
        else _("Residents of the village, and people from elsewhere too.")
    ]
    if version.confirm:
        said.append(_("The head of your RT or RW confirms the request first."))
    return said
