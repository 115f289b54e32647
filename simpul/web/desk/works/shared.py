"""What the pages of works and land share: finding the row, who may do what here, words and choices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from simpul import roles
from simpul.community.access import works as access
from simpul.community.rules import works as rules
from simpul.desks import queries as desk_queries
from simpul.regions import queries as region_queries
from simpul.web.desk import frame, trying
from simpul.web.policy import Request

HERE = "desk_works"
LAND = "desk_land"
READING = ("labour.record",)
TONES = {"planned": "", "running": "brand", "done": "good", "handed_over": "good", "called_off": "warn"}
LAND_TONES = {"idle": "brand", "no_consent": "", "used": "good", "due": "warn", "overdue": "bad"}


def work_or_404(request: Request, work_id: UUID) -> Any:
    """The work, if this seat may see it."""
    return trying.found(access.work_for, request, work_id)


def may(request: Request, act: str, code: str) -> bool:
    """True when the seat may do this at a place."""
    return roles.may(request.by, act, roles.Place(region_code=code))


def own_village(request: Request) -> str:
    """The code of the one village this seat serves; "" when it serves more."""
    served = request.by.served_areas
    return served[0] if len(served) == 1 and len(served[0]) == 10 else ""


def today(region_code: str) -> date:
    """The date at a place."""
    return timezone.now().astimezone(desk_queries.zone_of(region_code)).date()


def place_name(code: str) -> str:
    """A village's name alone."""
    return region_queries.path_names(code).split(",", maxsplit=1)[0]


def path(state: str) -> list[dict[str, Any]]:
    """The way of a work, for the line of knots: done, now, next."""
    if state not in rules.PATH:
        return []
    here = rules.PATH.index(state)
    return [
        {
            "title": str(_(rules.STATES[one])).capitalize(),
            "state": "done" if place < here or state == "handed_over" else "now" if place == here else "next",
        }
        for place, one in enumerate(rules.PATH)
    ]


def form_page(
    request: Request, template: str, form: Any, context: Mapping[str, Any], here: str = HERE
) -> HttpResponseBase:
    """A page that asks something; 422 when an answer was refused."""
    return frame.show(
        request, template, {"form": form, **context}, status=422 if form.errors else 200, here=here
    )
