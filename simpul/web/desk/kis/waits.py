"""What waits: people of whom nobody knows for sure who they are, cards at the ministry, data that must be brought up to date."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST

from simpul.lib import nik as nik_lib
from simpul.lib.errors import NotFound, Refused
from simpul.programmes.actions import kis
from simpul.programmes.queries import kis as queries
from simpul.programmes.queries import kis_rules
from simpul.web import reading
from simpul.web.desk import frame, words
from simpul.web.desk.kis import shared
from simpul.web.policy import Request, officer


@officer("card.match")
@require_GET
def doubtful(request: Request) -> HttpResponseBase:
    """One person of the list beside those of the register they may be; a person decides."""
    page = reading.page_number(request.GET.get("page", ""))
    found, total = queries.doubtful(request.by, page=page)
    day = shared.today(request)
    places = shared.places_of(
        [card for card, _likely in found] + [one["person"] for _card, likely in found for one in likely]
    )
    context = {
        "tabs": shared.tabs(request, "desk_kis_doubtful"),
        "rows": [
            {
                **shared.row(card, places, day),
                "nik": shared.identity(card),
                "born": words.day(card.birth_date) if card.birth_date else "",
                "likely": [_likely_row(one, places) for one in likely],
            }
            for card, likely in found
        ],
        "total": total,
        "older_url": f"?page={page + 1}" if page * 20 < total else "",
        "newer_url": f"?page={page - 1}" if page > 1 else "",
    }
    return frame.show(request, "desk/kis/doubtful.html", context, here="desk_kis")


def _likely_row(one: dict[str, Any], places: dict[str, str]) -> dict[str, Any]:
    person = one["person"]
    return {
        "person": person,
        "score": round(100 * one["score"]),
        "reasons": [_agreement(reason) for reason in one["reasons"]],
        "born": words.day(person.birth_date) if person.birth_date else "",
        "nik": nik_lib.mask(person.nik) if person.nik else "",
        "place": shared.place(person, places),
    }


_AGREEMENTS = {
    "nik": gettext_noop("same NIK"),
    "nik.same": gettext_noop("same NIK"),
    "nik.forty": gettext_noop("same NIK but for the 40 of women"),
    "nik.other": gettext_noop("another NIK"),
    "nik.": gettext_noop("NIK alike"),
    "name": gettext_noop("same name"),
    "name.same": gettext_noop("same name"),
    "name.same_words": gettext_noop("same name, other order"),
    "name.": gettext_noop("name alike"),
    "birth": gettext_noop("same birth date"),
    "birth.same": gettext_noop("same birth date"),
    "birth.same_weak": gettext_noop("same birth date, often a placeholder"),
    "birth.other": gettext_noop("another birth date"),
    "birth.": gettext_noop("birth date alike"),
    "sex.other": gettext_noop("another sex"),
    "place.same": gettext_noop("same birthplace"),
    "village": gettext_noop("same village"),
    "home.village": gettext_noop("same village"),
    "home.address": gettext_noop("same address"),
    "home.kk": gettext_noop("same family card"),
    "home.": gettext_noop("family card alike"),
}
"""What agrees or differs, by the matcher's code ("nik.forty"), or by its first half for what is merely alike."""


def _agreement(code: str) -> str:
    return _(_AGREEMENTS.get(code) or _AGREEMENTS.get(f"{code.partition('.')[0]}.", code))


@officer("card.match")
@require_POST
def decide(request: Request, card_id: UUID) -> HttpResponseBase:
    """Say who the person of the list is, or that they are not in the register."""
    chosen = request.POST.get("person", "")
    try:
        person_id = UUID(chosen) if chosen else None
        kis.match_card(by=request.by, at=timezone.now(), card_id=card_id, person_id=person_id)
    except (NotFound, ValueError) as hidden:
        raise Http404 from hidden
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Decided. It can be changed on the card's page until somebody asks."))
    if request.POST.get("back") == "card":
        return redirect("desk_kis_card", card_id=card_id)
    return redirect("desk_kis_doubtful")


@officer(*shared.READING)
@require_GET
def ministry(request: Request) -> HttpResponseBase:
    """Cards that wait for the ministry; those to ask about stand first."""
    day = shared.today(request)
    found = queries.at_ministry(request.by, day)
    places = shared.places_of([one.card for one in found])
    context = {
        "tabs": shared.tabs(request, "desk_kis_ministry"),
        "rows": [
            {
                **shared.row(one.card, places, day),
                "days": one.days,
                "late": one.late,
                "proposed": words.day(one.card.proposed_date) if one.card.proposed_date else "",
                "chased": words.day(one.card.chased_date) if one.card.chased_date else "",
            }
            for one in found
        ],
        "late": sum(one.late for one in found),
        "days": kis_rules.followed(request.by.served_areas[0], day).follow_up_days,
    }
    return frame.show(request, "desk/kis/ministry.html", context, here="desk_kis")


@officer(*shared.READING)
@require_GET
def duties(request: Request) -> HttpResponseBase:
    """Cards that work again, whose family's data must be brought up to date; the nearest day first."""
    day = shared.today(request)
    found = queries.duties(request.by, day)
    places = shared.places_of([card for card, _left in found])
    context = {
        "tabs": shared.tabs(request, "desk_kis_duties"),
        "rows": [
            {
                **shared.row(card, places, day),
                "left": left,
                "over": -left,
                "due": words.day(card.data_due_date) if card.data_due_date else "",
                "since": words.day(card.reactivated_date) if card.reactivated_date else "",
            }
            for card, left in found
        ],
        "months": kis_rules.followed(request.by.served_areas[0], day).duty_months,
    }
    return frame.show(request, "desk/kis/duties.html", context, here="desk_kis")
