"""What other rooms know of a household, each in a panel of its own on the household's page.

A part of the house adds a function here and one line to ``PANELS``. It gets the request and the page of the register (with the members the
viewer may see), asks its own room's access, and returns a ``Panel`` or None when it has nothing to say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from simpul import roles
from simpul.cases import access as case_access
from simpul.people.queries import consent as consent_queries
from simpul.people.queries import register
from simpul.programmes.queries import benefits as benefit_queries
from simpul.programmes.queries import deliveries as delivery_queries
from simpul.programmes.queries import kis as kis_queries
from simpul.programmes.queries import plans as plan_queries
from simpul.programmes.queries import rounds as round_queries
from simpul.programmes.queries import verdicts as verdict_queries
from simpul.programmes.queries import words as programme_words
from simpul.programmes.rules import kis as kis_rules
from simpul.programmes.rules import plans as plan_rules
from simpul.web.desk import words as desk_words
from simpul.web.desk.rounds import shared as round_pages
from simpul.web.policy import Request


@dataclass(frozen=True, slots=True)
class Panel:
    """A block of the household's page: its heading, the fragment that draws it, and what the fragment needs (as ``panel.data``)."""

    title: str
    template: str
    data: Mapping[str, Any] = field(default_factory=dict)


Maker = Callable[[Request, register.Page], Panel | None]


def cases(request: Request, page: register.Page) -> Panel | None:
    """Matters from or about members, as far as the viewer may see them; who reported stays hidden where it must."""
    if not roles.may_somewhere(request.by, "case.open"):
        return None
    members = {one.person.id: one.person.full_name for one in page.members}
    if not members:
        return None
    seen = case_access.visible(request.by)
    rows = seen.filter(about_id__in=members) | seen.filter(reporter_id__in=members, hide_name=False).exclude(
        mode="anonymous"
    )
    found = [
        {
            "url": reverse("desk_case", args=[one.id]),
            "number": one.number,
            "title": one.title,
            "who": next((members[key] for key in (one.about_id, one.reporter_id) if key in members), ""),
            "state": desk_words.of(desk_words.STATES, one.state),
            "when": desk_words.short_day(one.received_at, one.region_code),
        }
        for one in rows.distinct().order_by("-received_at")[:10]
    ]
    return Panel(_("Matters"), "desk/register/_cases.html", {"rows": found})


def plans(request: Request, page: register.Page) -> Panel | None:
    """Rehabilitation plans of members that the viewer may read, and where to make one."""
    if not roles.may_somewhere(request.by, "plan.open"):
        return None
    members = {one.person.id: one.person.full_name for one in page.members}
    found = [
        {
            "url": reverse("desk_plan", args=[one.id]),
            "who": members[one.person_id],
            "state": _(plan_rules.STATES[one.state]),
        }
        for one in plan_queries.of_person(request.by, list(members))
    ]
    return Panel(_("Rehabilitation plans"), "desk/plans/_panel.html", {"rows": found}) if found else None


def programmes(request: Request, page: register.Page) -> Panel | None:
    """What its people receive, and the way to every authority's verdict."""
    if not roles.may_somewhere(request.by, "household.open"):
        return None
    household = page.household
    received = [
        {
            "programme": programme_words.said(one.programme),
            "state": benefit_queries.states()[one.state],
            "who": "",
        }
        for one in benefit_queries.of_household(request.by, household.id)
        if one.state not in ("ended", "refused")
    ]
    place = roles.Place(region_code=household.region_code)
    may = roles.may(request.by, "benefit.record", place)
    data = {
        "received": received,
        "sheet_url": reverse("desk_programmes_sheet", args=[household.id]),
        "benefits_url": reverse("desk_programmes_benefits", args=[household.id]) if may else "",
        "decided": len(verdict_queries.decisions_of(household.id)),
    }
    return Panel(_("Programmes"), "desk/programmes/_panel.html", data)


def rights(request: Request, page: register.Page) -> Panel | None:
    """What members agreed to, whose data stand still, and where their wishes about their data are taken up."""
    if not roles.may_somewhere(request.by, "consent.give"):
        return None
    held = consent_queries.standing_counts([one.person.id for one in page.members])
    rows = [
        {
            "url": reverse("desk_rights_person", args=[one.person.id]),
            "name": one.person.full_name,
            "consents": held.get(one.person.id, 0),
            "restricted": one.person.restricted_at is not None,
        }
        for one in page.members
    ]
    return Panel(_("Rights over data"), "desk/rights/_panel.html", {"rows": rows}) if rows else None


def cards(request: Request, page: register.Page) -> Panel | None:
    """KIS cards of members that were switched off, how far they have come, and what their data duty still wants."""
    found = [
        {
            "url": reverse("desk_kis_card", args=[one.id]),
            "who": one.name,
            "state": _(kis_rules.STATES[one.state]) if one.state else _("Not asked for yet"),
            "off": desk_words.day(one.off_date),
            "due": desk_words.day(one.data_due_date)
            if one.data_due_date and one.state == "reactivated"
            else "",
        }
        for one in kis_queries.of_persons(request.by, [one.person.id for one in page.members])
    ]
    return Panel(_("Switched-off KIS cards"), "desk/kis/_panel.html", {"rows": found}) if found else None


def rounds(request: Request, page: register.Page) -> Panel | None:
    """What was brought to the household, and the open rounds in which something may still be."""
    if not roles.may_somewhere(request.by, "delivery.record"):
        return None
    household = page.household
    found = delivery_queries.of_household(request.by, household.id)
    brought = [round_pages.delivery(one) for one in found[:8]]
    served = {
        one.delivery.round_id
        for one in found
        if one.delivery.outcome == "delivered" and one.delivery.state == "standing"
    }
    members = [one.person.id for one in page.members]
    place = roles.Place(region_code=household.region_code)
    may = roles.may(request.by, "delivery.record", place)
    around = round_queries.open_at(request.by, household.id, members, household.region_code) if may else []
    offered = [
        {
            "name": one.name,
            "listed": entry is not None,
            "url": f"{reverse('desk_round_record', args=[one.id])}?"
            + (f"nama={entry.id}" if entry is not None else f"rumah={household.id}"),
        }
        for one, entry in around
        if one.id not in served
    ]
    data = {"rows": brought, "open": offered}
    return Panel(_("Aid that was brought"), "desk/rounds/_panel.html", data) if brought or offered else None


PANELS: tuple[Maker, ...] = (cases, cards, plans, programmes, rounds, rights)
"""In the order of the page."""


def made(request: Request, page: register.Page) -> list[Panel]:
    """Every panel that has something to say."""
    return [panel for maker in PANELS if (panel := maker(request, page)) is not None]
