"""What the pages of the night watch share: look-ups that answer "not found", the head with tabs, a form as a page, times of a night."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from simpul import roles
from simpul.lib import when
from simpul.regions import queries as region_queries
from simpul.village_post.access import ronda as access
from simpul.village_post.queries import ronda as queries
from simpul.village_post.queries import ronda_kinds
from simpul.village_post.rules import ronda as rules
from simpul.web.desk import frame, words
from simpul.web.policy import Request

HERE = "desk_ronda"
READING = access.READING
STATE_TONES = {
    "draft": "warn",
    "published": "good",
    "withdrawn": "",
    "asked": "warn",
    "agreed": "good",
    "refused": "",
}
SEVERITY_TONES = {"low": "", "medium": "warn", "high": "bad"}


def show(request: Request, template: str, context: Mapping[str, Any], status: int = 200) -> HttpResponseBase:
    """A page of the night watch."""
    return frame.show(request, template, context, status=status, here=HERE)


def form_page(
    request: Request, form: Any, title: str, back: str, button: str, **more: Any
) -> HttpResponseBase:
    """A form as a page of its own."""
    context = {"form": form, "title": title, "back": back, "button": button, **more}
    return show(request, "desk/ronda/form.html", context, 422 if form.errors else 200)


def post_page(
    request: Request, post: Any, template: str, here: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponseBase:
    """A page of one post, with its tabs."""
    tabs = [
        ("desk_ronda_post", _("Nights")),
        ("desk_ronda_rosters", _("Roster")),
        ("desk_ronda_people", _("Who takes turns")),
        ("desk_ronda_setup", _("The post")),
    ]
    base = {
        "post": post,
        "where": where(post),
        "hours": f"{clock(post.starts)}–{clock(post.ends)}",
        "tabs": [
            {"label": label, "url": reverse(name, args=[post.id]), "current": name == here}
            for name, label in tabs
        ],
    }
    return show(request, template, {**base, **context}, status)


def top_tabs(here: str) -> list[dict[str, Any]]:
    """The tabs of the first pages."""
    pages = [
        ("desk_ronda", _("Watch posts")),
        ("desk_ronda_incidents", _("Incidents")),
        ("desk_ronda_stays", _("Guests who stay")),
        ("desk_ronda_export", _("Figures and SIM Linmas")),
    ]
    return [{"label": label, "url": reverse(name), "current": name == here} for name, label in pages]


def where(post: Any) -> str:
    """Village, hamlet and place of a post."""
    village = region_queries.path_names(post.region_code).split(",", maxsplit=1)[0]
    return " · ".join(
        part for part in (village, post.hamlet.name if post.hamlet_id else "", post.place) if part
    )


def may(request: Request, act: str, region_code: str) -> bool:
    """True when the seat may do this there."""
    return roles.may(request.by, act, access.place(region_code, request.by))


def kind_name(code: str) -> str:
    """A kind of incident in the reader's language."""
    return str(words.said(ronda_kinds.kinds()[code], "name"))


def clock(value: time) -> str:
    """A time of day as people write it."""
    return value.strftime("%H.%M")


def hour(at: datetime | None, region_code: str) -> str:
    """The time of day of a moment at the place."""
    return at.astimezone(queries.zone_of(region_code)).strftime("%H.%M") if at else ""


def night_words(night: date) -> str:
    """A night by the day it begins: "night of Sunday, 22 November 2026"."""
    return _("night of %(day)s") % {"day": when.format_long_date(night, words.language())}


def in_night(night: Any, typed: time | None, now: datetime) -> datetime:
    """The moment of a time of day in a night; now, when none was written and the night is this one, else its beginning."""
    zone = queries.zone_of(night.post.region_code)
    if typed is not None:
        return rules.moment_in_night(night.night_date, typed, zone)
    if rules.night_of(now.astimezone(zone)) == night.night_date:
        return now
    return rules.moment_in_night(night.night_date, night.post.starts, zone)
