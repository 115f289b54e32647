"""What the pages of a reading corner share: look-ups that answer "not found", the head with tabs, hours in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from simpul.lib import when
from simpul.regions import queries as region_queries
from simpul.village_post.access import reading as access
from simpul.web.desk import frame, words
from simpul.web.policy import Request

HERE = "desk_reading"
READING = access.READING
STATE_TONES = {"here": "good", "out": "warn", "lost": "bad", "withdrawn": ""}


def show(request: Request, template: str, context: Mapping[str, Any], status: int = 200) -> HttpResponseBase:
    """A page of the reading corners."""
    return frame.show(request, template, context, status=status, here=HERE)


def form_page(
    request: Request, form: Any, title: str, back: str, button: str, **more: Any
) -> HttpResponseBase:
    """A form as a page of its own."""
    context = {"form": form, "title": title, "back": back, "button": button, **more}
    return show(request, "desk/reading/form.html", context, 422 if form.errors else 200)


def page(
    request: Request, corner: Any, template: str, here: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponseBase:
    """A page of one corner, with its tabs."""
    tabs = [
        ("desk_reading_corner", _("Counter")),
        ("desk_reading_books", _("Books")),
        ("desk_reading_members", _("Members")),
        ("desk_reading_late", _("Lent and late")),
        ("desk_reading_days", _("Readers and activities")),
        ("desk_reading_gifts", _("Gifts")),
        ("desk_reading_stocks", _("Stock")),
        ("desk_reading_settings", _("Settings")),
    ]
    base = {
        "corner": corner,
        "where": where(corner),
        "hours": hours(corner),
        "tabs": [
            {"label": label, "url": reverse(name, args=[corner.id]), "current": name == here}
            for name, label in tabs
        ],
    }
    return show(request, template, {**base, **context}, status)


def where(corner: Any) -> str:
    """Village and place of a corner."""
    village = region_queries.path_names(corner.region_code).split(",", maxsplit=1)[0]
    return " · ".join(part for part in (village, corner.place) if part)


def hours(corner: Any) -> str:
    """When the corner is open, as people say it."""
    names = [when.weekday_name(_monday(day), words.language()) for day in corner.open_days]
    named = _("every day") if len(names) in (0, 7) else ", ".join(names)
    if corner.opens and corner.closes:
        return f"{named}, {corner.opens:%H.%M}–{corner.closes:%H.%M}"
    return named


def _monday(weekday: int) -> date:
    """Some day that is this weekday."""
    return date(2026, 6, weekday)  # 1 June 2026 is a Monday
