"""The frame of every administration page: the rail, the seat, what was changed last, and pages that ask before they act."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.journal import queries as journal_queries
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.web import forms
from simpul.web.policy import Request

Layout = Sequence[tuple[Any, Sequence[str]]]
Done = tuple[str, str]
"""What is said after an act, and the address of the next page."""


def show(
    request: Request, template: str, context: Mapping[str, Any], *, here: str = "", status: int = 200
) -> HttpResponse:
    """A page of the administration, its times in the zone of the institution."""
    at = timezone.now()
    frame = {"nav": rail(request, here), "seat_switch_url": reverse("account_seats"), **seat(request, at)}
    with timezone.override(zone()):
        return render(request, template, {**frame, **context}, status=status)


def zone() -> Any:
    """The time zone of the institution."""
    return desk_queries.zone_of(desk_queries.institution().region_code)


def rail(request: Request, here: str) -> list[dict[str, Any]]:
    """The pages of this administration; the data-protection officer has the journal only."""
    watch = [{"heading": _("Watching")}, _link("manage_journal", _("Journal"), "history", here)]
    if not roles.may_somewhere(request.by, "desk.open"):
        return watch
    return [
        _link("manage_home", _("To do"), "check", here),
        {"heading": _("Who")},
        _link("manage_institution", _("Institution"), "flag", here),
        _link("manage_desks", _("Desks"), "desk", here),
        _link("manage_users", _("People"), "people", here),
        _link("manage_seats", _("Seats"), "user", here),
        _link("manage_links", _("Partner links"), "link", here),
        {"heading": _("Rules")},
        _link("manage_kinds", _("Kinds"), "paper", here),
        _link("manage_routes", _("Routes"), "arrow", here),
        _link("manage_programmes", _("Programmes"), "scales", here),
        _link("manage_services", _("Services"), "hand", here),
        _link("manage_calendar", _("Calendar"), "calendar", here),
        _link("desk_emergencies", _("Disaster mode"), "warning", here),
        _link("manage_texts", _("Texts"), "letter", here),
        _link("manage_gateways", _("Gateways"), "message", here),
        _link("manage_codes", _("Feedback codes"), "note", here),
        _link("manage_regions", _("Areas"), "pin", here),
        _link("manage_exchange", _("Other programs"), "box", here),
        _link("manage_publication", _("Publication"), "globe", here),
        *watch,
        _link("manage_numbers", _("Numbers given out"), "note", here),
        _link("manage_reconciliation", _("Reconciliation"), "check", here),
        _link("manage_health", _("Health"), "heart", here),
        *([_link("manage_parent", _("Server above"), "send", here)] if settings.SIMPUL_NODE else []),
    ]


def _link(name: str, label: str, icon: str, here: str) -> dict[str, Any]:
    return {"url": reverse(name), "label": label, "icon": icon, "current": here == name}


def seat(request: Request, at: datetime) -> dict[str, Any]:
    """Who sits here, and the other seats of the same person."""
    mine = desk_queries.seats_of(request.user, at)
    rows = [
        {"id": one.id, "label": desk_queries.seat_label(one), "current": one.id == request.by.seat_id}
        for one in mine
    ]
    label = next((row["label"] for row in rows if row["current"]), "")
    return {"seat": {"name": request.by.name, "label": label}, "seats": rows}


# --- what changed last ------------------------------------------------------------------------------------------------


def act_words(kind: str) -> str:
    """What somebody did, as the journal says it."""
    return _(roles.ACTS[kind]) if kind in roles.ACTS else kind


def role_words(role: str, desk_kind: str = "") -> str:
    """The name of a role, at a desk of this kind."""
    return _(roles.called(role, desk_kind))


def changes(by: Actor, *kinds: str, about: Collection[UUID] | None = None) -> list[dict[str, Any]]:
    """The last acts of some kinds, as rows for the foot of a page."""
    lines = journal_queries.last_changes(by, kinds, subject_ids=about)
    return [
        {"line": line, "words": act_words(line.kind), "about": subject_words(line.facts)} for line in lines
    ]


def subject_words(facts: Mapping[str, Any]) -> str:
    """The few words of a line's facts that say what it was about."""
    names = (
        ("name", "desk", "key", "year", "decision")
        if "name" in facts
        else ("gateway", "desk", "kind", "key", "year", "decision")
    )
    told = [facts.get(name) for name in names]
    return ", ".join(str(value) for value in told if value)[:120]


# --- pages that ask ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ask:
    """A page with one form. ``warnings`` tell what will follow, before it is done; ``layout`` groups the fields."""

    here: str
    title: str
    button: str
    back: str
    intro: str = ""
    warnings: Sequence[str] = ()
    tone: str = ""
    layout: Layout = ()
    template: str = "manage/form.html"
    extra: Mapping[str, Any] = field(default_factory=dict)


def ask(
    request: Request, page: Ask, form: forms.Form, run: Callable[[dict[str, Any]], Done | HttpResponse]
) -> HttpResponse:
    """Show the form; when it was sent and can be read, act. A refusal stands beside its field and nothing typed is lost."""
    if request.method == "POST" and form.is_valid():
        try:
            done = run(form.cleaned_data)
        except NotFound:
            raise
        except Refused as refusal:
            form.refuse(refusal)
        else:
            if isinstance(done, HttpResponse):
                return done
            messages.success(request, done[0])
            return redirect(done[1])
    context = {"page": page, "form": form, "groups": groups(form, page.layout), **page.extra}
    return show(request, page.template, context, here=page.here, status=422 if form.errors else 200)


def groups(form: forms.Form, layout: Layout) -> list[dict[str, Any]]:
    """The fields of a form under the headings of a layout."""
    return [
        {"title": title, "fields": [form[name] for name in names if name in form.fields]}
        for title, names in layout
    ]


def sent(request: Request) -> Any:
    """What was sent, or None when the page is only asked for: the first argument of every form."""
    return request.POST if request.method == "POST" else None
