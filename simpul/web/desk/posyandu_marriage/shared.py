"""What these pages share: the frame, words of reasons, goals, outcomes and decisions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy

from simpul.desks import queries as desk_queries
from simpul.posyandu.access import marriage as access
from simpul.posyandu.rules import marriage as rules
from simpul.web import forms as web_forms
from simpul.web.desk import frame, words
from simpul.web.policy import Request

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


def show(request: Request, template: str, context: Mapping[str, Any], status: int = 200) -> HttpResponseBase:
    """A page about children to be accompanied."""
    return frame.show(request, template, context, status=status, here=HERE)


def form_page(
    request: Request, form: web_forms.Form, title: str, back: str, button: str, **more: Any
) -> HttpResponseBase:
    """A form as a page of its own."""
    context = {"form": form, "title": title, "back": back, "button": button, **more}
    return show(request, "desk/posyandu_marriage/form.html", context, 422 if form.errors else 200)


def today(at: datetime, region_code: str) -> date:
    """The date at a place."""
    return at.astimezone(desk_queries.zone_of(region_code)).date()


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
