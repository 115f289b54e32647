"""What the pages of a post share: which post, its tabs, and people and times in words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.village_post.access import duty as access
from simpul.village_post.queries import duty as queries
from simpul.village_post.rules import duty as rules
from simpul.web import reading
from simpul.web.desk import frame, words
from simpul.web.policy import Request

HERE = "desk_post"
READING = ("duty.begin", "post.set")
POST_KEY = "desk_post_chosen"


def chosen(request: Request) -> Any | None:
    """The post of this page: the one in the address, else the one chosen last, else the first of the area; None for none."""
    found = queries.own_posts(request.by)
    by_id = {one.id: one for one in found}
    asked = reading.key(request.GET.get("pos", "") or request.POST.get("pos", ""))
    if asked is not None:
        if asked not in by_id:
            raise Http404
        request.session[POST_KEY] = str(asked)
        return by_id[asked]
    kept = reading.key(str(request.session.get(POST_KEY, "")))
    return by_id.get(kept) if kept in by_id else next(iter(found), None)


def post_or_404(request: Request) -> Any:
    """The post this page is about; not found when none is set up."""
    post = chosen(request)
    if post is None:
        raise Http404
    return post


def may(request: Request, act: str, row: Any) -> bool:
    """True when the seat may do this at the place of this row."""
    return roles.may(request.by, act, access.place_of(row))


def tabs(request: Request, here: str) -> list[dict[str, Any]]:
    """The pages of the post as tabs."""
    names = {
        "desk_post": _("Counter"),
        "desk_post_roster": _("Roster"),
        "desk_post_mine": _("My duties"),
        "desk_post_relays": _("Hand-overs"),
        "desk_post_book": _("Guest book"),
        "desk_post_figures": _("Figures of the post"),
    }
    found = [{"label": label, "url": reverse(name), "current": name == here} for name, label in names.items()]
    if roles.may_somewhere(request.by, "post.set"):
        found.append(
            {"label": _("Settings"), "url": reverse("desk_post_setup"), "current": here == "desk_post_setup"}
        )
    return found


def show(
    request: Request, post: Any, template: str, here: str, context: dict[str, Any], status: int = 200
) -> HttpResponseBase:
    """A page of the post."""
    base = {
        "post": post,
        "post_name": post.desk.name if post is not None else "",
        "posts": queries.own_posts(request.by),
        "tabs": tabs(request, here),
        "back_to": here,
    }
    return frame.show(request, template, {**base, **context}, status=status, here=HERE)


def clock(moment: datetime | None, region_code: str) -> str:
    """ "18.00" at the post; "" for none."""
    if moment is None:
        return ""
    return f"{moment.astimezone(desk_queries.zone_of(region_code)):%H.%M}"


def hours(shift: Any) -> str:
    """ "18.00-01.00" at the post."""
    return f"{clock(shift.starts_at, shift.region_code)}–{clock(shift.ends_at, shift.region_code)}"


def person(duty: Any, region_code: str) -> dict[str, Any]:
    """One officer of a shift."""
    return {
        "duty": duty,
        "name": duty.name,
        "part": _(rules.PARTS[duty.part]),
        "came": clock(duty.came_at, region_code),
        "left": clock(duty.left_at, region_code),
        "flags": [_(rules.FLAGS[one]) for one in duty.flags if one in rules.FLAGS],
    }


def standing(one: Any) -> dict[str, Any]:
    """One shift as lists show it."""
    shift = one.shift
    return {
        "shift": shift,
        "url": reverse("desk_post_shift", args=[shift.id]),
        "day": words.day(shift.day),
        "weekday": _(rules.WEEKDAYS[shift.day.isoweekday()]),
        "hours": hours(shift),
        "officers": [person(duty, shift.region_code) for duty in one.officers],
        "on_call": [person(duty, shift.region_code) for duty in one.on_call],
        "missing": one.missing,
        "cancelled": shift.cancelled_at is not None,
    }
