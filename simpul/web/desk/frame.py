"""The frame of every desk page: the rail with its counts, the seat, and where a list was left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from simpul import roles
from simpul.cases.queries import inbox as inbox_queries
from simpul.desks import queries as desk_queries
from simpul.messages.queries import calls as call_queries
from simpul.messages.queries import conversations as conversation_queries
from simpul.web import reading
from simpul.web.desk import words
from simpul.web.policy import Request

ALERTS = frozenset({"late", "raised"})
SUPERVISING = ("export.record", "case.verify", "case.answer")
KEYS = {"turn": "i", "mine": "m", "late": "l", "all": "a"}
ALSO: Sequence[tuple[Sequence[str], str, str, str, str]] = (
    (("stack.open",), "desk_stacks", gettext_noop("Papers"), "paper", "k"),
    (("message.tell",), "desk_notices", gettext_noop("Notices"), "letter", "n"),
    (("notice.send",), "desk_mass", gettext_noop("To everybody"), "speaker", ""),
    (
        ("publication.prepare", "publication.release"),
        "desk_publications",
        gettext_noop("Publications"),
        "globe",
        "p",
    ),
    (("feedback.record",), "desk_feedback", gettext_noop("Feedback"), "speaker", "u"),
    (SUPERVISING, "desk_watch", gettext_noop("Supervision"), "chart", "w"),
    (SUPERVISING, "desk_figures", gettext_noop("Figures"), "chart", ""),
    (("incoming.settle",), "desk_roads", gettext_noop("Gateways"), "phone", "g"),
    (("case.unseal", "identity.decide"), "desk_protected", gettext_noop("Protection"), "lock", ""),
    (("case.break_glass",), "desk_break_glass", gettext_noop("Emergency"), "lock", ""),
    (("emergency.declare",), "desk_emergencies", gettext_noop("Disaster mode"), "warning", ""),
    (("desk.open", "line.redact"), "manage_home", gettext_noop("Administration"), "gear", ""),
)
"""The pages below the views: the acts of which one is enough to have a use for it, its address, name, drawing and key."""
PEOPLE: Sequence[tuple[Sequence[str], str, str, str, str]] = (
    (("household.open",), "desk_register", gettext_noop("Residents"), "people", "r"),
    (("suspicion.settle",), "desk_matching", gettext_noop("Perhaps the same person"), "people", ""),
    (("batch.open",), "desk_imports", gettext_noop("Lists taken in"), "paper", ""),
    (("case.refer", "decision.sign"), "desk_referral", gettext_noop("Where it can go"), "send", ""),
    (("card.ask", "card.approve"), "desk_kis", gettext_noop("Switched-off KIS cards"), "hand", ""),
    (("household.open",), "desk_programmes", gettext_noop("Programmes"), "scales", ""),
    (("plan.assess",), "desk_plans", gettext_noop("Rehabilitation plans"), "heart", ""),
    (("visit.record",), "desk_outreach", gettext_noop("Doors"), "house", ""),
    (("stop.arrive",), "desk_trips", gettext_noop("Trips"), "pin", ""),
    (("device.invite", "event.settle"), "desk_devices", gettext_noop("Phones and laptops"), "phone", ""),
    (("bundle.import",), "desk_bundles", gettext_noop("Bundles"), "box", ""),
    (("sheet.print",), "desk_sheets", gettext_noop("Field sheets"), "paper", ""),
    (("delivery.record",), "desk_rounds", gettext_noop("Handing out aid"), "box", ""),
    (("meeting.plan", "package.make"), "desk_meetings", gettext_noop("Meetings"), "people", ""),
    (
        ("request.open", "request.review", "destruction.approve"),
        "desk_rights",
        gettext_noop("Rights over data"),
        "lock",
        "",
    ),
    (SUPERVISING, "desk_reach", gettext_noop("Need and reach"), "chart", ""),
)
"""The pages about people and what they are given, in the same form: one row a part of the house."""
POST: Sequence[tuple[Sequence[str], str, str, str, str]] = (
    (("duty.begin", "post.set"), "desk_post", gettext_noop("Post"), "house", ""),
    (("report.receive", "stage.open"), "desk_box", gettext_noop("Election box"), "box", ""),
    (("letter.draft",), "desk_letters", gettext_noop("Letters"), "letter", ""),
    (("assistance.begin", "planrow.decide"), "desk_ideas", gettext_noop("Ideas"), "idea", ""),
    (("labour.record",), "desk_works", gettext_noop("Works"), "house", ""),
    (("listing.add",), "desk_directory", gettext_noop("Directory"), "pin", ""),
    (("bulletin.add",), "desk_board", gettext_noop("Notice board"), "bell", ""),
    (("deposit.record", "fund.spend"), "desk_waste", gettext_noop("Waste bank"), "scales", ""),
    (("dispute.open", "dispute.read"), "desk_disputes", gettext_noop("Disputes"), "scales", ""),
    (("watchnight.open",), "desk_ronda", gettext_noop("Night watch"), "eye", ""),
    (("copy.lend",), "desk_reading", gettext_noop("Reading corner"), "note", ""),
    (
        ("labour.record", "case.verify"),
        "desk_village_figures",
        gettext_noop("Figures of the post"),
        "chart",
        "",
    ),
)
"""The pages of the village post, in the same form: letters, disputes, ideas and the life of the village."""
POSYANDU: Sequence[tuple[Sequence[str], str, str, str, str]] = (
    (("posyandu.read",), "desk_posyandu", gettext_noop("Posyandu"), "house", ""),
    (("paperline.enter",), "desk_posyandu_forms_home", gettext_noop("Forms and home visits"), "paper", ""),
    (("showing.record", "medium.add"), "desk_posyandu_education", gettext_noop("Teaching"), "note", ""),
    (("shipments.prepare", "connection.set"), "desk_posyandu_exchange", gettext_noop("Exchange"), "send", ""),
    (("posyandu.read",), "desk_posyandu_recaps", gettext_noop("Recaps of posyandu"), "paper", ""),
    (("posyandu.read",), "desk_posyandu_figures", gettext_noop("Figures of posyandu"), "chart", ""),
    (("rulechoice.set", "recap.close"), "desk_posyandu_rules", gettext_noop("Health rules"), "scales", ""),
    (
        ("fieldrequest.take", "fieldrequest.verify"),
        "desk_posyandu_requests",
        gettext_noop("Requests of the posyandu"),
        "hand",
        "",
    ),
    (("task.finish",), "desk_posyandu_tasks", gettext_noop("Whom to visit"), "house", ""),
    (("marriages.look",), "desk_posyandu_marriage", gettext_noop("Children to be accompanied"), "heart", ""),
)
"""The pages of the posyandu, in the same form: one row a part."""

FILTER_NAMES = ("view", "kind", "region", "state", "channel", "urgency", "desk", "words", "order", "page")


def show(
    request: Request, template: str, context: Mapping[str, Any], *, status: int = 200, here: str = ""
) -> HttpResponse:
    """A desk page. A fragment (a template whose name begins with "_") gets no frame and costs no count."""
    if template.rpartition("/")[2].startswith("_"):
        return render(request, template, dict(context), status=status)
    at = timezone.now()
    frame = {
        "nav": rail(request, at, here),
        "search_text": request.GET.get("q", ""),
        "seat_switch_url": reverse("account_seats"),
    }
    return render(request, template, {**frame, **seat(request, at), **context}, status=status)


def rail(request: Request, at: datetime, here: str) -> list[dict[str, Any]]:
    """Where work begins (the posyandu day for those who hold it), the saved views with their counts, then the other pages of this seat."""
    counts = inbox_queries.counts(request.by, at)
    base = reverse("desk_inbox")
    found: list[dict[str, Any]] = []
    if roles.may_somewhere(request.by, "day.open"):
        found.append(_link("desk_posyandu_today", _("Posyandu day"), "calendar", here))
    if roles.may_somewhere(request.by, "case.open"):
        found.append(_link("desk_intake", _("Take in"), "plus", here, key="t"))
    if roles.may_somewhere(request.by, "call.log"):
        found.append(_telephone(request, at, here))
    if roles.may_somewhere(request.by, "incoming.settle"):
        found.append(_talks(request, here))
    for view in inbox_queries.views_for(request.by):
        name, icon = words.VIEWS[view]
        count = counts.get(view, 0)
        found.append(
            {
                "url": f"{base}?view={view}",
                "label": name,
                "icon": icon,
                "current": here == f"inbox:{view}",
                "count": count,
                "count_label": ngettext("matter", "matters", count),
                "alert": view in ALERTS,
                "key": KEYS.get(view, ""),
            }
        )
    groups = (
        (_("Posyandu"), POSYANDU),
        (_("Village post"), POST),
        (_("Residents and aid"), PEOPLE),
        (_("Also"), ALSO),
    )
    for heading, pages in groups:
        links = [
            _link(name, _(label), icon, here, key=key)
            for acts, name, label, icon, key in pages
            if any(roles.may_somewhere(request.by, act) for act in acts)
        ]
        found += [{"heading": heading}, *links] if links else []
    found.append(_link("desk_help", _("Help"), "keyboard", here))
    return found


def _telephone(request: Request, at: datetime, here: str) -> dict[str, Any]:
    """The telephone, with how many people wait for a call-back that is due."""
    count = call_queries.owed(request.by, at, limit=0).due
    return {
        **_link("desk_phone", _("Telephone"), "phone", here, key="b"),
        "count": count,
        "count_label": ngettext("call-back is due", "call-backs are due", count),
        "alert": True,
    }


def _talks(request: Request, here: str) -> dict[str, Any]:
    """The conversations, with how many people wait for an answer."""
    count = conversation_queries.waiting_count(request.by)
    link = _link("desk_talks", _("Conversations"), "message", here, key="o")
    return {**link, "count": count, "count_label": ngettext("waits", "wait", count)}


def supervises(request: Request) -> bool:
    """True for seats that look over other desks."""
    return any(roles.may_somewhere(request.by, act) for act in SUPERVISING)


def _link(name: str, label: str, icon: str, here: str, key: str = "") -> dict[str, Any]:
    return {"url": reverse(name), "label": label, "icon": icon, "current": here == name, "key": key}


def seat(request: Request, at: datetime) -> dict[str, Any]:
    """Who sits here, and the other seats of the same person."""
    mine = desk_queries.seats_of(request.user, at)
    rows = [
        {"id": one.id, "label": desk_queries.seat_label(one), "current": one.id == request.by.seat_id}
        for one in mine
    ]
    label = next((row["label"] for row in rows if row["current"]), "")
    return {"seat": {"name": request.by.name, "label": label}, "seats": rows}


def filters_of(request: Request) -> inbox_queries.Filters:
    """What the address says about the list; anything unreadable is passed over."""
    given = request.GET
    view = given.get("view", "turn")
    return inbox_queries.Filters(
        view=view if view in inbox_queries.views_for(request.by) else "turn",
        kind=given.get("kind", "")[:40],
        region=given.get("region", "")[:10],
        state=given.get("state", "")[:12],
        channel=given.get("channel", "")[:12],
        urgency=given.get("urgency", "")[:10],
        desk=given.get("desk", "")[:40],
        words=given.get("words", "")[:100],
        order=given.get("order", "")[:10],
        page=reading.page_number(given.get("page", "")),
    )


def place_in_list(request: Request) -> str:
    """The part of the address that remembers the list: carried by its rows, so that reading goes on from case to case."""
    kept = {name: request.GET[name] for name in FILTER_NAMES if request.GET.get(name)}
    return urlencode(kept)
