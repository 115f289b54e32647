"""What these pages share: the frame, words of reasons, goals, outcomes and decisions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy

from simpul.posyandu.access import marriage as access
from simpul.posyandu.rules import marriage as rules
from simpul.web.desk import words
from simpul.web.desk.posyandu import shared as posyandu_shared

HERE = "desk_posyandu_marriage"
WATCHING = access.WATCHING

SIGNALS: Mapping[str, Any] = {
    "out_of_school": gettext_lazy("Out of school"),
    "pregnant": gettext_lazy("Pregnant, or was, below 19"),
    "poor": gettext_lazy("Poor household"),
    "dispensation": gettext_lazy("A request to marry was seen at a court"),
    "confidential": gettext_lazy("A confidential reason"),
}
SOURCES: Mapping[str, Any] = {
    "register": gettext_lazy("register of residents"),
    "finding": gettext_lazy("seen by a cadre"),
    "card": gettext_lazy("card of a pregnant woman"),
    "court": gettext_lazy("court"),
}
GOALS: Mapping[str, Any] = {
    "school": gettext_lazy("Back to school"),
    "work": gettext_lazy("Skills and work"),
    "health": gettext_lazy("Health of mother and child"),
    "family": gettext_lazy("Agreement of the family to wait"),
    "law": gettext_lazy("Protection by law"),
}
OUTCOMES: Mapping[str, Any] = {
    "back_to_school": gettext_lazy("Back at school"),
    "prevented": gettext_lazy("No marriage"),
    "postponed": gettext_lazy("Put off until 19"),
    "married": gettext_lazy("Married all the same"),
    "of_age": gettext_lazy("19 years old by now"),
    "moved": gettext_lazy("Moved away or died"),
    "signals_gone": gettext_lazy("No reason is held any more"),
}
DECISIONS: Mapping[str, Any] = {
    "pending": gettext_lazy("not decided yet"),
    "granted": gettext_lazy("granted"),
    "refused": gettext_lazy("refused"),
    "dropped": gettext_lazy("dropped by the family"),
}
STATES: Mapping[str, tuple[Any, str]] = {
    "open": (gettext_lazy("without support"), "warn"),
    "supported": (gettext_lazy("accompanied"), "info"),
    "ended": (gettext_lazy("ended"), "good"),
    "withdrawn": (gettext_lazy("false alarm"), ""),
}


show = partial(posyandu_shared.show, here=HERE)
"""A page about children to be accompanied."""
form_page = partial(posyandu_shared.form_page, here=HERE)
"""A form as a page of its own."""
today = posyandu_shared.today


def reasons(signals: list[Mapping[str, str]]) -> list[dict[str, str]]:
    """Each reason in words, with its source and date; the confidential one with neither."""
    return [
        {
            "text": str(SIGNALS.get(one["code"], one["code"])),
            "source": str(SOURCES.get(one["source"], "")) if one["source"] else "",
            "day": words.day(date.fromisoformat(one["date"])) if one["date"] else "",
        }
        for one in signals
    ]


def state(row: Any) -> dict[str, str]:
    """Where the support stands."""
    text, tone = STATES[row.state]
    return {"text": str(text), "tone": tone}


def years(born: date | None, on: date) -> int | None:
    """Completed years."""
    return rules.years(born, on) if born is not None else None
