"""Matters like the one being told, in the words that the public may read anyway."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from simpul.cases.queries import similar as similar_queries
from simpul.lib.actor import ANYBODY
from simpul.web import forms
from simpul.web.portal import draft as drafts


@dataclass(frozen=True, slots=True)
class Offers:
    """Shared causes that can be joined, and answers that may already help (title and address)."""

    incidents: list[forms.Choice]
    answered: list[tuple[str, str]]


def offers(draft: drafts.Draft, at: datetime) -> Offers:
    """What is known of this kind of thing in this place."""
    found = similar_queries.similar(
        ANYBODY,
        kind_code=draft.kind_code,
        region_code=draft.region_code,
        hamlet_id=None,
        text=draft.text,
        at=at,
    )
    incidents = [
        forms.Choice(str(one.id), one.title, _joined(one.members)) for one in found if one.what == "incident"
    ]
    answered = [(one.title, reverse("answer", args=[one.slug])) for one in found if one.slug]
    return Offers(incidents, answered)


def still_open(incident: str) -> UUID | None:
    """The key of a chosen cause, when it can still be joined."""
    key = UUID(incident) if incident else None
    return key if key and similar_queries.open_incident(key) else None


def _joined(members: int) -> str:
    """How many said so; small numbers are not told."""
    return _("%(n)s people said so.") % {"n": members} if members >= 5 else _("Others said so too.")
