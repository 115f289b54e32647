"""The start page: what needs attention, in the order in which a new administrator should work."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from simpul import roles
from simpul.cases.queries import kinds as kind_queries
from simpul.desks import queries as desk_queries
from simpul.messages.queries import gateway_health
from simpul.regions import queries as region_queries
from simpul.web.manage import calendar, desks, frame, gateways, users, watching
from simpul.web.policy import Request, officer
from simpul.web.portal import words as portal_words


@dataclass(frozen=True, slots=True)
class Todo:
    """One step: what it is for, whether it is done, and what is missing."""

    title: str
    why: str
    url: str
    done: bool
    missing: str = ""


@officer("desk.open", "line.redact")
@require_GET
def home(request: Request) -> HttpResponse:
    """The list of things to do."""
    if not roles.may_somewhere(request.by, "desk.open"):
        return watching.home_of_watcher(request)
    at = timezone.now()
    found = list(desk_queries.desks_visible(request.by).select_related("above").prefetch_related("hours"))
    seats = desk_queries.seats_visible(request.by, at)
    steps = [
        *_place(),
        *_desks(found, Counter(seat.desk_id for seat in seats)),
        *_people(seats),
        *_rules(),
        *_roads(at),
        *_partners(request, found, at),
    ]
    numbered: list[dict[str, Any]] = [
        {"number": number, "step": step} for number, step in enumerate(steps, start=1)
    ]
    context = {
        "open": [row for row in numbered if not row["step"].done],
        "done": [row for row in numbered if row["step"].done],
        "all": len(steps),
        "changes": frame.changes(request.by, *ACTS),
    }
    return frame.show(request, "manage/home.html", context, here="manage_home")


ACTS = (
    "institution.change",
    *desks.ACTS,
    *users.ACTS,
    "seat.give",
    "seat.withdraw",
    "delegation.give",
    "link.issue",
    "link.withdraw",
    "kind.change",
    "route.set",
    "text.change",
    *gateways.ACTS,
    *calendar.ACTS,
    "region.change",
    "hamlet.add",
)


def _place() -> list[Todo]:
    """The institution and its calendar."""
    home = desk_queries.institution()
    reached = any((home.phone, home.whatsapp, home.email, home.address))
    missing_years = region_queries.years_without_joint_leave(calendar.today())
    return [
        Todo(
            _("Say who you are"),
            _("Residents see the name, the area and how to reach you on every page and slip."),
            reverse("manage_institution"),
            done=reached,
            missing="" if reached else _("No phone, e-mail or address is given."),
        ),
        Todo(
            _("Name the data-protection officer"),
            _("Residents have a right to know whom to ask about their data (UU 27/2022)."),
            reverse("manage_institution"),
            done=bool(home.protection_officer),
        ),
        Todo(
            _("Complete the calendar"),
            _("Every promise is counted in working days. Missing joint leave makes the dates wrong."),
            reverse("manage_calendar"),
            done=not missing_years,
            missing=_("Joint leave is missing for %(years)s.") % {"years": ", ".join(map(str, missing_years))}
            if missing_years
            else "",
        ),
    ]


def _desks(found: list[Any], people: Counter[Any]) -> list[Todo]:
    """The desks: open, protected, seated, with hours."""
    live = [desk for desk in found if not desk.is_closed]
    empty = [desk.name for desk in live if desks.is_empty(desk, people)]
    hourless = [
        desk.name for desk in live if not desk.outside and desk.kind != "partner" and not desk.hours.all()
    ]
    return [
        Todo(
            _("Open the desks"),
            _("A matter is always at one desk. Begin with the counter that takes matters in."),
            reverse("manage_desks"),
            done=bool(live),
        ),
        Todo(
            _("Open a desk for sealed matters"),
            _("Violence, abuse and threats go only to people named for it."),
            reverse("manage_desks"),
            done=any(desk.protected for desk in live),
        ),
        Todo(
            _("Put people at every desk"),
            _("What comes to a desk without a seat waits for nobody."),
            reverse("manage_desks"),
            done=bool(live) and not empty,
            missing=_some(empty),
        ),
        Todo(
            _("Set the opening hours"),
            _("Residents see when they can come."),
            reverse("manage_desks"),
            done=bool(live) and not hourless,
            missing=_some(hourless),
        ),
    ]


def _people(seats: list[Any]) -> list[Todo]:
    """Second factors, a second administrator, a data-protection officer."""
    strong = {seat.user_id: seat.user.full_name for seat in seats if users.is_strong(seat)}
    factors = users.second_factors(strong)
    weak = sorted(name for user_id, name in strong.items() if not factors[user_id] & {"totp", "webauthn"})
    held = Counter(role for role, _user in {(seat.role, seat.user_id) for seat in seats})
    return [
        Todo(
            _("See that everybody has a second factor"),
            _("Strong roles work only after the person has set up an app or a passkey."),
            reverse("manage_seats"),
            done=not weak,
            missing=_some(weak),
        ),
        Todo(
            _("Have a second administrator"),
            _("When the only one falls ill, nobody can give a seat or a new password."),
            reverse("manage_seat_give"),
            done=held["administrator"] > 1,
        ),
        Todo(
            _("Seat the data-protection officer"),
            _("Reads the journal and removes personal data from it; never administers."),
            reverse("manage_seat_give"),
            done=held["protection_officer"] > 0,
        ),
    ]


def _rules() -> list[Todo]:
    """Routes."""
    lost = [portal_words.said(kind, "name") for kind in kind_queries.kinds_without_route()]
    return [
        Todo(
            _("Give every kind a route"),
            _(
                "Without a route the public page can send nothing, and a matter taken in at a counter stays there."
            ),
            reverse("manage_routes"),
            done=not lost,
            missing=_some(lost),
        )
    ]


def _roads(at: datetime) -> list[Todo]:
    """The roads by which residents write."""
    found = gateway_health.health(at)
    faulty = [one.gateway.name for one in found if one.state in ("down", "incomplete")]
    return [
        Todo(
            _("Open a road for messages"),
            _("Residents write by WhatsApp or SMS before they open a web page, and get their answers there."),
            reverse("manage_gateways"),
            done=any(one.state in ("up", "new") for one in found) and not faulty,
            missing=_("Does not work: %(names)s.") % {"names": _some(faulty)} if faulty else "",
        )
    ]


def _partners(request: Request, found: list[Any], at: datetime) -> list[Todo]:
    """Partners that nobody can work for."""
    partners = {
        desk.id: desk.name
        for desk in found
        if desk.kind == "partner" and not desk.outside and not desk.is_closed
    }
    if not partners:
        return []
    linked = {
        one.link.desk_id for one in desk_queries.links(request.by, at) if one.state in ("open", "locked")
    }
    without = [name for desk_id, name in partners.items() if desk_id not in linked]
    return [
        Todo(
            _("Send partners their links"),
            _("A partner institution works by a personal link, without an account."),
            reverse("manage_links"),
            done=not without,
            missing=_some(without),
        )
    ]


def _some(names: list[str]) -> str:
    """The first few names, and how many more there are."""
    shown = ", ".join(names[:5])
    more = len(names) - 5
    return (
        shown
        if more <= 0
        else shown + " " + ngettext("and %(count)s more", "and %(count)s more", more) % {"count": more}
    )
