"""What the pages of outreach share: tabs, the village they are about, a door as a row, and how a refusal is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.outreach.queries import doors
from simpul.outreach.rules import doors as door_rules
from simpul.outreach.rules import need as need_rules
from simpul.outreach.rules import verification as rules
from simpul.regions import queries as region_queries
from simpul.web.desk import area, frame, words
from simpul.web.policy import Request

HERE = "desk_outreach"
WALKING = ("visit.record",)
OVERSEEING = ("households.assign",)
TABS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("desk_outreach", "My doors", ("verification.take",)),
    ("desk_outreach_progress", "Progress", OVERSEEING),
    ("desk_outreach_assign", "Give doors", OVERSEEING),
    ("desk_outreach_never", "Never reached", WALKING),
    ("desk_outreach_check", "To check", OVERSEEING),
    ("desk_outreach_samples", "Samples", ("sample.review",)),
)


def tabs(request: Request, here: str) -> list[dict[str, Any]]:
    """The pages this seat has a use for."""
    names = {
        "My doors": _("My doors"),
        "Progress": _("Progress"),
        "Give doors": _("Give doors"),
        "Never reached": _("Never reached"),
        "To check": _("To check"),
        "Samples": _("Samples"),
    }
    return [
        {"label": names[label], "url": reverse(name), "current": name == here}
        for name, label, acts in TABS
        if any(roles.may_somewhere(request.by, act) for act in acts)
    ]


def show(
    request: Request, template: str, here: str, context: dict[str, Any], status: int = 200
) -> HttpResponseBase:
    """A page of outreach."""
    return frame.show(request, template, {"tabs": tabs(request, here), **context}, status=status, here=HERE)


def today(request: Request) -> date:
    """The date at the seat."""
    return timezone.now().astimezone(desk_queries.zone_of(request.by.served_areas[0])).date()


@dataclass(frozen=True, slots=True)
class Place:
    """The village a page is about; ``code`` is "" while none was chosen."""

    code: str
    shown: str
    area: area.Area
    villages: tuple[tuple[str, str], ...]
    hamlets: tuple[tuple[str, str], ...]
    hamlet: str

    @property
    def hamlet_id(self) -> UUID | None:
        """The chosen hamlet."""
        return UUID(self.hamlet) if self.hamlet else None


def place(request: Request) -> Place:
    """The village of the address; the seat's own when it serves one alone. Districts offer their villages."""
    given = request.POST if request.method == "POST" else request.GET
    narrowed = area.read(request.by, given.get("wilayah", ""))
    own = request.by.served_areas
    code = narrowed.code or (own[0] if len(own) == 1 else "")
    if len(code) != 10 or not request.by.serves(code):
        inside = [one for one in own if one.startswith(code)] or (
            [code] if request.by.serves(code) else list(own)
        )
        return Place("", "", narrowed, _villages(inside), (), "")
    hamlets = tuple((str(one.id), one.name) for one in region_queries.hamlets(code))
    chosen = given.get("dusun", "")
    return Place(
        code,
        region_queries.path_names(code),
        narrowed,
        (),
        hamlets,
        chosen if chosen in dict(hamlets) else "",
    )


def _villages(codes: list[str]) -> tuple[tuple[str, str], ...]:
    """Villages, or the next level of areas, inside these codes: a place to choose from."""
    found: list[tuple[str, str]] = []
    for code in codes[:20]:
        region = region_queries.find_region(code) if len(code) == 10 else None
        rows = [region] if region is not None else region_queries.children(code)
        found += [(one.code, one.short_name) for one in rows]
    return tuple(found[:200])


def row(one: doors.Door) -> dict[str, Any]:
    """A door as the lists show it."""
    check = one.verification
    return {
        "door": one,
        "household": one.household,
        "url": reverse("desk_outreach_door", args=[one.household.id]),
        "reasons": reasons(one.need),
        "visited": words.short_day(one.visited_at, one.household.region_code),
        "outcome": _(door_rules.OUTCOMES[one.outcome]) if one.outcome in door_rules.OUTCOMES else "",
        "state": check.state if check else "",
        "state_words": state_words(check.state) if check else "",
        "tone": tone(check.state) if check else "",
        "who": one.assignment.seat.user.full_name if one.assignment else "",
        "due": words.day(one.assignment.due_date) if one.assignment and one.assignment.due_date else "",
    }


def reasons(need: need_rules.Need) -> list[str]:
    """Why a door is where it stands on the list."""
    return [_(need_rules.REASONS[name][1]) for name in need.reasons]


def state_words(code: str) -> str:
    """A household's code with its words: the code is what counts."""
    return f"{code}: {_(rules.HOUSEHOLD_STATES.get(code, code))}"


def person_words(code: str) -> str:
    """A person's code with its words."""
    return f"{code}: {_(rules.PERSON_STATES.get(code, code))}" if code else ""


def tone(code: str) -> str:
    """The colour of a household's state."""
    return {"M4": "good", "M4a": "warn", "P3a": "bad"}.get(code, "info")
