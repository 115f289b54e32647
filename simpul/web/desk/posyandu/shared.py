"""What the pages of a posyandu share: the frame, the head with its tabs, words of places, days and fields."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.http import HttpResponseBase
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.lib import when
from simpul.posyandu.access import institution as own_access
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.queries import institution as queries
from simpul.posyandu.rules import institution as rules
from simpul.regions import queries as region_queries
from simpul.web.desk import frame, words
from simpul.web.policy import Request

HERE = "desk_posyandu"
READING = access.INSTITUTION


def show(
    request: Request, template: str, context: Mapping[str, Any], status: int = 200, *, here: str = HERE
) -> HttpResponseBase:
    """A page of the posyandu; ``here`` is its row of the menu."""
    return frame.show(request, template, context, status=status, here=here)


def page(
    request: Request,
    posyandu: Any,
    template: str,
    here: str,
    context: Mapping[str, Any],
    status: int = 200,
) -> HttpResponseBase:
    """A page of one posyandu, with its tabs."""
    tabs = [
        ("desk_posyandu_one", _("Overview")),
        ("desk_posyandu_board", _("Board and cadres")),
        ("desk_posyandu_papers", _("Papers and number")),
        ("desk_posyandu_stock", _("Goods")),
    ]
    if may(request, "posyandu.change", posyandu):
        tabs.append(("desk_posyandu_settings", _("Settings")))
    base = {
        "posyandu": posyandu,
        "where": where(posyandu),
        "tabs": [
            {"label": label, "url": reverse(name, args=[posyandu.id]), "current": name == here}
            for name, label in tabs
        ],
    }
    return show(request, template, {**base, **context}, status)


def form_page(
    request: Request, form: Any, title: str, back: str, button: str, *, here: str = HERE, **more: Any
) -> HttpResponseBase:
    """A form as a page of its own."""
    context = {"form": form, "title": title, "back": back, "button": button, **more}
    return show(request, "desk/posyandu/form.html", context, 422 if form.errors else 200, here=here)


def today(at: datetime, region_code: str) -> date:
    """The date at a place."""
    return at.astimezone(desk_queries.zone_of(region_code)).date()


def may(request: Request, act: str, posyandu: Any) -> bool:
    """True when this seat may do an act at this posyandu."""
    return roles.may(request.by, act, own_access.place(posyandu))


def where(posyandu: Any) -> str:
    """Hamlet, village and kecamatan of a posyandu."""
    path = region_queries.path_names(posyandu.region_code).split(",")[:2]
    hamlet = [posyandu.hamlet.name] if posyandu.hamlet_id and posyandu.hamlet else []
    return ", ".join([*hamlet, *(part.strip() for part in path)])


def link(name: str, *given: Any) -> str:
    """The address of another part's page; "" when this installation has none."""
    try:
        return reverse(name, args=given)
    except NoReverseMatch:
        return ""


def schedule(posyandu: Any) -> str:
    """When the posyandu is held, as people say it."""
    kept = posyandu.schedule
    if not kept:
        return ""
    clock = f", {posyandu.starts:%H.%M}" if posyandu.starts else ""
    if "day" in kept:
        return _("every month on day %(day)s") % {"day": kept["day"]} + clock
    weekday = when.weekday_name(monday(kept["weekday"]), words.language())
    return weeks()[kept["week"]] % {"weekday": weekday} + clock


def weeks() -> dict[int, str]:
    """Weeks of a month, with the place of the weekday."""
    return {
        1: _("%(weekday)s of the first week"),
        2: _("%(weekday)s of the second week"),
        3: _("%(weekday)s of the third week"),
        4: _("%(weekday)s of the fourth week"),
        5: _("last %(weekday)s of the month"),
    }


def monday(weekday: int) -> date:
    """Some day that is this weekday."""
    return date(2026, 6, weekday)  # 1 June 2026 is a Monday


def position(cadre: Any) -> str:
    """What somebody does here, with the field."""
    name = _(rules.POSITIONS[cadre.position])
    if not cadre.field:
        return name
    return f"{name} · {queries.field_names(words.language()).get(cadre.field, cadre.field)}"
