"""The letters of a matter, for who has proven its receipt: how far each is, and its check address once it is released."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from simpul.cases.queries import following as following_queries
from simpul.desks import queries as desk_queries
from simpul.letters.queries import letters as letter_queries
from simpul.letters.queries import proof as proof_queries
from simpul.web.portal import words
from simpul.web.portal.letters import shared

STATES = {
    "requested": gettext_lazy("Received. An officer writes it next."),
    "returned": gettext_lazy("It is being corrected."),
    "drafted": gettext_lazy("Written. It is checked next."),
    "checked": gettext_lazy("Checked. The village head approves it next."),
    "approved": gettext_lazy("Approved. It gets its number next."),
    "released": gettext_lazy("Ready: fetch it at the post, with what you were asked to show."),
    "refused": gettext_lazy("It cannot be given. You may ask again when the reason is gone."),
    "withdrawn": gettext_lazy("Withdrawn. You may ask for it again."),
    "cancelled": gettext_lazy("Cancelled by the village."),
}
VALIDITY = {
    "expired": gettext_lazy("Its time is over. Ask for a new one if you still need it."),
    "superseded": gettext_lazy("A newer letter replaced it."),
    "revoked": gettext_lazy("The village has taken it back. It is no longer valid."),
    "cancelled": gettext_lazy("Cancelled by the village."),
}


def block(proof: str, at: datetime) -> list[dict[str, Any]]:
    """What the matter's page shows of its letters; nothing for other kinds of matter.

    A dispute's summons are letters to its parties: whoever holds the receipt of the dispute reads no other party's letter here.
    """
    case = following_queries.own_case(proof)
    if case.kind_id != shared.KIND:
        return []
    return [_row(one, at) for one in letter_queries.of_case_public(case)]


def _row(one: Any, at: datetime) -> dict[str, Any]:
    english = words.language() == "en"
    name = (english and one.version.name_en) or one.version.name if one.version is not None else one.type.code
    shown = {
        "name": name,
        "state": STATES.get(one.state, ""),
        "why": one.refused_why if one.state == "refused" else "",
        "again_url": f"{reverse('letters_one', args=[one.type.code])}?desa={one.region_code}",
        "may_ask_again": one.state in ("refused", "withdrawn"),
    }
    if one.state not in ("released", "cancelled") or not one.number:
        return shown
    today = at.astimezone(desk_queries.zone_of(one.region_code)).date()
    worth = proof_queries.state_of(one, today)
    fetched = words.moment_words(one.received_at, one.region_code) if one.received_at else ""
    return {
        **shown,
        "number": one.number,
        "day": words.date_words(one.letter_date),
        "until": words.date_words(one.valid_until) if one.valid_until else "",
        "state": VALIDITY.get(worth)
        or (_("Handed over %(when)s.") % {"when": fetched} if fetched else shown["state"]),
        "tone": "good" if worth == "valid" else "warn",
        "token": one.token or "",
        "may_ask_again": worth in ("expired", "revoked", "cancelled"),
    }
