"""What the pages of ideas share: finding the row, who may do what here, words, tabs, the open half hour."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from simpul import roles
from simpul.community.access import ideas as access
from simpul.community.queries import ideas as queries
from simpul.community.rules import ideas as rules
from simpul.desks import queries as desk_queries
from simpul.regions import queries as region_queries
from simpul.web.desk import frame, trying, words
from simpul.web.policy import Request

HERE = "desk_ideas"
READING = access.READING
TONES = {
    "new": "warn",
    "open": "info",
    "talked": "info",
    "ranked": "brand",
    "planned": "brand",
    "proposed": "brand",
    "funded": "good",
    "works": "good",
    "done": "good",
    "deferred": "warn",
    "rejected": "bad",
    "merged": "",
    "withdrawn": "",
}


def idea_or_404(request: Request, idea_id: UUID) -> Any:
    """The idea, if this seat may see it."""
    return trying.found(access.idea_for, request, idea_id)


def may(request: Request, act: str, code: str) -> bool:
    """True when the seat may do this at a place."""
    return roles.may(request.by, act, roles.Place(region_code=code))


def own_village(request: Request) -> str:
    """The code of the one village this seat serves; "" when it serves more."""
    served = request.by.served_areas
    return served[0] if len(served) == 1 and len(served[0]) == 10 else ""


def village(request: Request) -> str:
    """The village a page is about: from the address, inside the area of the seat, else the seat's own; "" when it must be chosen."""
    asked = request.GET.get("desa", "") or request.POST.get("desa", "")
    if len(asked) == 10 and asked.isascii() and asked.isdigit() and request.by.serves(asked):
        return asked
    return own_village(request)


def today(region_code: str) -> date:
    """The date at a place."""
    return timezone.now().astimezone(desk_queries.zone_of(region_code)).date()


def place_name(code: str) -> str:
    """A village's name alone."""
    return region_queries.path_names(code).split(",", maxsplit=1)[0]


def state_words(state: str) -> str:
    """A state in the reader's language."""
    return _(rules.STATES.get(state, state))


def step_words(kind: str) -> str:
    """What a step is called on the path."""
    own = {
        "carried": _("Carried over to the next plan"),
        "reopened": _("Taken up again"),
        "unmerged": _("Stands for itself again"),
        "joined": _("Another idea was joined with it"),
        "echo": _("News of the idea it was joined with"),
        "undone": _("Taken back: written by mistake"),
    }
    return own.get(kind) or state_words(kind)


def path_steps(idea: Any) -> list[dict[str, str]]:
    """The path of an idea for the line of knots."""
    return [
        {
            "title": state_words(one.state) if one.state != "new" else _("Received"),
            "when": words.short_day(one.at, idea.region_code),
            "text": one.reason,
            "state": one.standing,
        }
        for one in queries.path_of(idea)
    ]


def row(found: queries.Row) -> dict[str, Any]:
    """One idea in a list."""
    idea = found.idea
    return {
        "idea": idea,
        "url": reverse("desk_idea", args=[idea.id]),
        "state": state_words(idea.state),
        "tone": TONES[idea.state],
        "field": _(rules.FIELDS[idea.field]),
        "voices": found.voices,
        "joined": found.joined,
        "waiting": found.waiting,
        "when": words.short_day(idea.proposed_at, idea.region_code),
        "hidden": idea.hidden_at is not None,
    }


def tabs(here: str, waiting: queries.Waiting, *, may_read: bool) -> list[dict[str, Any]]:
    """The pages about ideas; what waits to be read only for those who read it for the village."""
    pages = [
        ("desk_ideas", _("Ideas"), None),
        ("desk_ideas_waiting", _("To read"), waiting.new + waiting.comments + waiting.statements),
        ("desk_plan", _("Village plan"), None),
        ("desk_ideas_deferred", _("Put off"), waiting.deferred),
        ("desk_ideas_untold", _("To be told"), waiting.untold),
        ("desk_ideas_figures", _("Figures"), None),
    ]
    return [
        {
            "label": label,
            "url": reverse(name),
            "current": name == here,
            **({"count": count} if count else {}),
        }
        for name, label, count in pages
        if may_read or name != "desk_ideas_waiting"
    ]


def show(
    request: Request, template: str, here: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponseBase:
    """A page with the tabs of ideas, and the open half hour of assisted entry."""
    base = {
        "tabs": tabs(
            here,
            queries.waiting(request.by),
            may_read=any(roles.may_somewhere(request.by, act) for act in ("idea.publish", "comment.judge")),
        ),
        "assistance": queries.assistance_now(request.by, timezone.now()),
    }
    return frame.show(request, template, {**base, **context}, status=status, here=HERE)


def form_page(request: Request, template: str, form: Any, context: Mapping[str, Any]) -> HttpResponseBase:
    """A page that asks something; 422 when an answer was refused."""
    base = {"form": form, "assistance": queries.assistance_now(request.by, timezone.now())}
    return frame.show(request, template, {**base, **context}, status=422 if form.errors else 200, here=HERE)
