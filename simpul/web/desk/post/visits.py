"""One visit at the counter: a line of the guest book and everything the person brings, on one receipt."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db import transaction
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul import roles
from simpul.cases import access as case_access
from simpul.cases.actions import intake as intake_actions
from simpul.lib.ids import uuid7
from simpul.village_post.access import duty as access
from simpul.village_post.actions import guests as actions
from simpul.village_post.rules import guests as rules
from simpul.web.desk import intake, trying, words
from simpul.web.desk.post import shared
from simpul.web.policy import Request, officer

KINDS = (("dispute", "scales"), ("idea", "idea"))
"""Kinds of matter with a door of their own on the counter: code and drawing."""


def rows(request: Request, post: Any, people: list[Any]) -> list[dict[str, Any]]:
    """Visitors of the night as the counter shows them."""
    counted = _matters(request, [one.visit_id for one in people if one.visit_id])
    return [
        {
            "one": one,
            "came": shared.clock(one.came_at, post.region_code),
            "left": shared.clock(one.left_at, post.region_code),
            "face": rules.RATINGS[one.rating][0] if one.rating else "",
            "matters": len(counted.get(one.visit_id, ())),
            "url": reverse("desk_post_visit", args=[one.id]),
        }
        for one in people
    ]


def _matters(request: Request, visit_ids: list[UUID]) -> dict[Any, list[Any]]:
    """The matters of visits, as far as this seat may see them: one query."""
    found: dict[Any, list[Any]] = {}
    if visit_ids:
        rows = case_access.visible(request.by).filter(visit_id__in=visit_ids).select_related("kind", "holder")
        for case in rows.order_by("received_at"):
            found.setdefault(case.visit_id, []).append(case)
    return found


@officer("visitor.enter")
@require_GET
def visit(request: Request, visitor_id: UUID) -> HttpResponseBase:
    """What this person brings: one door for each kind of matter, and what was taken in so far."""
    visitor = visitor_or_404(request, visitor_id)
    visit_id = visitor.visit_id
    cases = _matters(request, [visit_id] if visit_id else []).get(visit_id, [])
    own = _is_own(request, visitor)
    if own:
        _tell_intake(request, visit_id, visitor)
    kept = request.session.get(intake.VISITS_KEY, {}).get(str(visit_id), {})
    context = {
        "visitor": visitor,
        "came": words.moment(visitor.came_at, visitor.region_code),
        "visit_id": visit_id,
        "own": own,
        "may_open": roles.may_somewhere(request.by, "visit.open") and visitor.blanked_at is None,
        "doors": doors(str(visit_id) if own else ""),
        "other_url": f"{reverse('desk_intake')}?kunjungan={visit_id}" if own else reverse("desk_intake"),
        "receipt_url": reverse("desk_receipt", args=[visit_id]) if kept.get("tokens") else "",
        "cases": [
            {
                "url": reverse("desk_case", args=[one.id]),
                "title": one.title,
                "kind": words.said(one.kind, "name"),
                "number": one.number,
                "desk": one.holder.name,
                "due": words.moment(one.due_at, one.region_code),
            }
            for one in cases
        ],
        "faces": [(face, sign, _(label)) for face, (sign, label) in rules.RATINGS.items()],
    }
    return shared.show(request, visitor.post, "desk/post/visit.html", shared.HERE, context)


@officer("visit.open")
@require_POST
def begin(request: Request, visitor_id: UUID) -> HttpResponseBase:
    """Open a visit for a line that has none yet."""
    visitor = visitor_or_404(request, visitor_id)
    return trying.attempt(
        request, lambda: open_visit(request, visitor), reverse("desk_post_visit", args=[visitor_id])
    )


def visitor_or_404(request: Request, visitor_id: UUID) -> Any:
    """The line, if this seat may see it."""
    return trying.found(access.visitor_for, request, visitor_id)


def open_visit(request: Request, visitor: Any) -> None:
    """A visit for this line: everything the person brings shares its receipt."""
    if visitor.visit_id is not None or not roles.may_somewhere(request.by, "visit.open"):
        return
    at, key = timezone.now(), uuid7()
    with transaction.atomic():
        intake_actions.open_visit(by=request.by, at=at, channel="desk", visit_id=key)
        actions.enter_visitor(
            by=request.by,
            at=at,
            post_id=visitor.post_id,
            guest=actions.Guest(name=visitor.name),
            visitor_id=visitor.id,
            visit_id=key,
        )
    _tell_intake(request, key, visitor)


def _is_own(request: Request, visitor: Any) -> bool:
    """A visit's matters share one PIN, so only who opened it adds to it."""
    found = visitor.visit
    return found is not None and (found.desk_id, found.opened_by) == (request.by.desk_id, request.by.name)


def doors(visit: str) -> list[dict[str, Any]]:
    """Where a letter, a quarrel, an idea is taken in; each knows the visit, so that all share its receipt."""
    names = {"dispute": _("A quarrel"), "idea": _("An idea")}
    of_visit = {"kunjungan": visit} if visit else {}
    letter = {
        "url": f"{reverse('desk_letter_new')}?{urlencode(of_visit)}",
        "label": _("A letter"),
        "icon": "letter",
    }
    others = [
        {
            "url": f"{reverse('desk_intake')}?{urlencode({**of_visit, 'jenis': kind})}",
            "label": names[kind],
            "icon": icon,
        }
        for kind, icon in KINDS
    ]
    return [letter, *others]


def _tell_intake(request: Request, visit_id: UUID, visitor: Any) -> None:
    """The taking-in page keeps its visits with the session: put this one there, unless it is there already."""
    visits = dict(request.session.get(intake.VISITS_KEY, {}))
    if str(visit_id) in visits:
        return
    visits[str(visit_id)] = {
        "tokens": {},
        "person": "",
        "name": visitor.name,
        "region": visitor.region_code,
        "channel": "desk",
    }
    request.session[intake.VISITS_KEY] = dict(list(visits.items())[-intake.MOST_VISITS :])
