"""Choosing a letter: by village, by what it is for, by words; and one letter with what it takes."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from simpul.letters.queries import catalogue
from simpul.letters.queries import types as queries
from simpul.web.policy import Request, public
from simpul.web.portal import places, words
from simpul.web.portal.letters import shared


@public
@require_GET
def listed(request: Request) -> HttpResponseBase:
    """What letters are for, as big tiles; then the letters of one group, or those a search finds."""
    village = shared.village_of(request)
    if not village:
        return _choose_village(request)
    typed = request.GET.get("cari", "").replace("\x00", "").strip()[:80]
    group = request.GET.get("soal", "")
    offers = [one for one in queries.types_for(village, words=typed) if one.type.group != "office"]
    shown = [one for one in offers if typed or one.type.group == group]
    groups = catalogue.groups()
    context = {
        **shared.frame(request),
        "village": shared.village_name(village),
        "village_code": village if request.GET.get("desa") else "",
        "change_village": "" if not request.GET.get("desa") else shared.address(request, "letters", desa=""),
        "typed": typed,
        "heading": groups[group].label(words.language()) if group in groups and not typed else "",
        "tiles": [_tile(request, one) for one in shown],
        "groups": [] if shown or typed else _groups(request, offers),
        "how_long": shared.how_long(),
    }
    return render(request, "portal/letters/list.html", context)


def _choose_village(request: Request) -> HttpResponse:
    typed = request.GET.get("desa", "").replace("\x00", "").strip()[:80]
    found = places.find(typed) if typed else []
    context = {
        **shared.frame(request),
        "typed": typed,
        "found": [
            {"url": shared.address(request, "letters", desa=code), "label": label}
            for code, label in found
            if len(code) == shared.VILLAGE
        ],
    }
    return render(request, "portal/letters/village.html", context)


def _groups(request: Request, offers: list[queries.Offer]) -> list[dict[str, Any]]:
    language = words.language()
    counts: dict[str, list[str]] = {}
    for one in offers:
        counts.setdefault(one.type.group, []).append(_short(one.name(language)))
    return [
        {
            "url": shared.address(request, "letters", soal=code),
            "title": group.label(language),
            "text": ", ".join(counts[code][:3]) + (" …" if len(counts[code]) > 3 else ""),
            "icon_name": group.icon,
        }
        for code, group in catalogue.groups().items()
        if code in counts
    ]


def _short(name: str) -> str:
    """A name without the words that every letter's begins with, for a list of several."""
    for start in (
        "Surat Keterangan ",
        "Surat Pengantar ",
        "Surat Pernyataan ",
        "Surat Permohonan ",
        "Surat ",
    ):
        if name.startswith(start):
            return name.removeprefix(start)
    return name


def _tile(request: Request, one: queries.Offer) -> dict[str, Any]:
    language = words.language()
    return {
        "url": shared.address(request, "letters_one", one.code),
        "title": one.name(language),
        "text": one.about(language),
        "icon_name": "letter",
        "self_service": one.version.self_service,
    }


@public
@require_GET
def one(request: Request, code: str) -> HttpResponseBase:
    """One letter: what it is for, what to bring, who may ask, how long it takes; then to ask for it, or to come."""
    village = shared.village_of(request)
    if not village:
        return _choose_village(request)
    offer = shared.offer_or_404(code, village)
    language = words.language()
    forms = catalogue.forms()
    context = {
        **shared.frame(request),
        "village": shared.village_name(village),
        "name": offer.name(language),
        "about": offer.about(language),
        "self_service": offer.version.self_service,
        "requirements": shared.requirements(offer.version),
        "who": shared.who_may_ask(offer),
        "how_long": shared.how_long(),
        "validity": shared.validity(offer.version),
        "forms": [f"{code} {forms[code].name}" for code in offer.version.forms if code in forms],
        "posts": shared.posts(village, timezone.now()),
        "ask_url": shared.address(request, "letters_ask", code),
        "back": shared.address(request, "letters", soal=offer.type.group),
    }
    return render(request, "portal/letters/one.html", context)
