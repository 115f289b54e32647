"""Accompaniment goes on until the service is really received: a card that works, a house that stands. Handed in is not received."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date


def _(words: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return words


WHATS: Mapping[str, str] = {
    "kis": _("KIS card active again"),
    "house": _("house repaired"),
    "document": _("identity document issued"),
    "aid": _("aid received"),
    "health": _("treated"),
    "school": _("back at school"),
    "other": _("something else"),
}
STATES: Mapping[str, str] = {
    "open": _("still waiting"),
    "received": _("received"),
    "given_up": _("given up"),
}
HOWS: Mapping[str, str] = {
    "visit": _("visit to the house"),
    "phone": _("by telephone"),
    "office": _("at the office that decides"),
}
OUTCOMES: Mapping[str, str] = {
    "waiting": _("nothing new"),
    "progress": _("it goes on"),
    "obstacle": _("something stands in the way"),
    "said_done": _("they say it has come; not seen yet"),
}
ENDS = frozenset({"received", "given_up"})


def is_overdue(state: str, next_date: date | None, today: date) -> bool:
    """True when somebody should have looked by now. Open without a date is overdue: nobody has said when."""
    return state == "open" and (next_date is None or next_date < today)
