"""What the pages about switched-off cards share: who may read them, their tabs, and a card in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.lib import nik as nik_lib
from simpul.programmes.queries import kis as queries
from simpul.programmes.queries import kis_rules
from simpul.programmes.rules import kis as rules
from simpul.regions import queries as region_queries
from simpul.web.desk import words
from simpul.web.policy import Request

READING = ("card.ask", "card.approve")
"""Acts of which one is enough to have a use for these pages; which cards are shown, ``programmes.access.kis`` says."""

TONES = {
    "": "",
    rules.REVISION: "warn",
    rules.REJECTED: "bad",
    rules.MINISTRY_NO: "bad",
    rules.REACTIVATED: "good",
    rules.COMPLETED: "good",
}
PRESSING = frozenset({"emergency", "catastrophic", "treatment"})


def today(request: Request) -> date:
    """The date where the seat is."""
    return timezone.now().astimezone(desk_queries.zone_of(request.by.served_areas[0])).date()


def oversees(request: Request) -> bool:
    """True for seats that give doors out and look at whole lists."""
    return request.by.role != "facilitator"


def tabs(request: Request, here: str) -> list[dict[str, Any]]:
    """The pages this seat has a use for, with what waits on them."""
    waits = queries.to_do(request.by)
    pages: list[tuple[str, str, int | None]] = []
    if oversees(request):
        pages.append(("desk_kis", _("Lists"), None))
    else:
        pages.append(("desk_kis_doors", _("My doors"), None))
    pages.append(("desk_kis_cards", _("Every card"), None))
    if roles.may_somewhere(request.by, "card.match"):
        pages.append(("desk_kis_doubtful", _("Who is this person?"), waits["doubtful"]))
    pages.append(("desk_kis_ministry", _("At the ministry"), waits["ministry"]))
    pages.append(("desk_kis_duties", _("Data duty"), waits["duty"]))
    pages.append(("desk_kis_rules", _("The rule"), None))
    return [
        {"label": label, "url": reverse(name), "current": name == here, "count": count}
        for name, label, count in pages
    ]


def state_words(state: str) -> str:
    """A state's label; "not asked for yet" for none."""
    return _(rules.STATES[state]) if state in rules.STATES else _("Not asked for yet")


def why(card: Any) -> str:
    """Why this door stands where it stands, in one sentence."""
    reason, source = rules.why(card.need, card.need_source)
    told = f"{_(reason)} ({_(source)})" if source else _(reason)
    return f"{told[:1].upper()}{told[1:]}"


def row(card: Any, places: Mapping[str, str], day: date) -> dict[str, Any]:
    """A card as a line of a list."""
    age = rules.age_on(card.birth_date, day)
    return {
        "card": card,
        "url": reverse("desk_kis_card", args=[card.id]),
        "need": _(rules.NEEDS.get(card.need, card.need)),
        "pressing": card.need in PRESSING,
        "why": why(card),
        "door": _(rules.DOORS.get(card.door, card.door)),
        "state": state_words(card.state),
        "tone": TONES.get(card.state, "info" if card.state else ""),
        "age": _("%(n)s years") % {"n": age} if age is not None else "",
        "place": place(card, places),
        "facilitator": card.seat.user.full_name if card.seat_id else "",
    }


def place(card: Any, places: Mapping[str, str]) -> str:
    """Hamlet and village in a few words."""
    village = places.get(card.region_code, card.region_code).split(",", maxsplit=1)[0]
    hamlet = card.hamlet.name if card.hamlet_id else ""
    return f"{hamlet}, {village}" if hamlet else village


def places_of(cards: Iterable[Any]) -> dict[str, str]:
    """The names of the cards' villages, in one look-up."""
    return region_queries.paths({card.region_code for card in cards})


def letters(card: Any, day: date) -> list[dict[str, Any]]:
    """Which letters the rule of the day wants for this card, and which are there."""
    rule = kis_rules.followed(card.region_code, day)
    wishes = {"facility_letter": rule.facility_letter, "village_letter": rule.village_letter}
    said = {"required": _("required"), "optional": _("helps, is not required"), "no": _("not needed")}
    dates = {"facility_letter": card.facility_date, "village_letter": card.village_date}
    return [
        {
            "name": _(rules.LETTERS[name]),
            "wish": said[wish],
            "required": wish == "required",
            "number": getattr(card, name),
            "there": bool(getattr(card, name)),
            "date": words.day(dates[name]) if dates[name] else "",
        }
        for name, wish in wishes.items()
        if wish != "no" or getattr(card, name)
    ]


def identity(card: Any) -> str:
    """The NIK as it is shown: masked."""
    return nik_lib.mask(card.nik) if card.nik else ""
