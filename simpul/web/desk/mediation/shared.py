"""What the pages of a dispute share: its head with the bar of progress and tabs, and who may do what."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.lib.errors import NotFound
from simpul.mediation import access
from simpul.mediation.actions import opening
from simpul.mediation.queries import lists
from simpul.mediation.rules import moves, steps, words
from simpul.regions import queries as region_queries
from simpul.web.desk import frame
from simpul.web.desk import words as desk_words
from simpul.web.policy import Request

HERE = "desk_disputes"
READING = ("dispute.read",)
LISTING = ("dispute.open", "dispute.read")
TONES = {
    "open": "info",
    "agreed": "brand",
    "kept": "good",
    "broken": "bad",
    "failed": "warn",
    "withdrawn": "",
    "referred": "",
    "protected": "bad",
}
SESSION_TONES = {"planned": "info", "held": "warn", "ended": "good", "called_off": ""}
OBLIGATION_TONES = {"open": "info", "kept": "good", "waived": "", "broken": "bad"}


def dispute_or_404(request: Request, dispute_id: UUID) -> Any:
    """The dispute, if this seat may read it; opening it leaves a line."""
    try:
        return opening.read_dispute(by=request.by, at=timezone.now(), dispute_id=dispute_id)
    except NotFound as missing:
        raise Http404 from missing


def may(request: Request, act: str, dispute: Any) -> bool:
    """True when the seat may do this here, and the dispute is in a state in which it makes sense."""
    return roles.may(request.by, act, access.place_of(dispute))


def runs(dispute: Any) -> bool:
    """True while the office still has something to do."""
    return dispute.state in moves.RUNNING


def today(dispute: Any) -> Any:
    """The day at the place of the dispute."""
    return timezone.now().astimezone(desk_queries.zone_of(dispute.region_code)).date()


def act_url(dispute: Any, slug: str, item: Any = None, **more: str) -> str:
    """The address of an act's form."""
    url = reverse("desk_dispute_act", args=[dispute.id, slug])
    given = {**({"isi": str(item)} if item else {}), **more}
    return url + ("?" + "&".join(f"{key}={value}" for key, value in given.items()) if given else "")


def show(
    request: Request, dispute: Any, template: str, here: str, context: dict[str, Any], status: int = 200
) -> HttpResponseBase:
    """A page of one dispute."""
    tabs = [
        ("desk_dispute", _("Overview")),
        ("desk_dispute_sessions", _("Summons and sessions")),
        ("desk_dispute_files", _("Evidence and course")),
        ("desk_dispute_agreement", _("Agreement")),
        ("desk_dispute_followed", _("Follow-up")),
        ("desk_dispute_referrals", _("Sent on")),
    ]
    if access.may_audit(request.by, dispute):
        tabs.append(("desk_dispute_readers", _("Who reads it")))
    reached = lists.reached(dispute)
    base = {
        "dispute": dispute,
        "subject": _(words.SUBJECTS[dispute.subject]),
        "state": _(words.STATES[dispute.state]),
        "tone": TONES[dispute.state],
        "where": region_queries.path_names(dispute.region_code),
        "confidentiality": _(words.CONFIDENTIALITY[dispute.confidentiality]),
        "is_running": runs(dispute),
        "steps": [{"label": _(steps.STEPS[one.key]), "state": one.state} for one in steps.progress(reached)],
        "reached": reached,
        "ended": desk_words.short_day(dispute.ended_at, dispute.region_code),
        "tabs": [
            {"label": label, "url": reverse(name, args=[dispute.id]), "current": name == here}
            for name, label in tabs
        ],
    }
    return frame.show(request, template, {**base, **context}, status=status, here=HERE)
