"""The proof that a matter is one's own, kept with the session for a quarter of an hour after it was last used."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest

from simpul.cases.actions import following
from simpul.lib.errors import Refused
from simpul.web.policy import Request
from simpul.web.portal import guard
from simpul.web.portal.follow_forms import ProveForm

_KEY = "followed"
LASTS = timedelta(minutes=15)


def prove(request: Request, form: ProveForm, at: datetime) -> bool:
    """Try the number in a form. The right one opens the matter in a session with a new name; a wrong one is refused in the form."""
    if not form.is_valid():
        return False
    given = form.cleaned_data
    try:
        found = following.follow_case(
            by=request.by,
            at=at,
            number_or_receipt=given["number"],
            pin=given["pin"],
            address_hash=guard.address(request),
        )
    except Refused as refusal:
        form.refuse(refusal)
        return False
    request.session.cycle_key()
    keep(request, found.proof, at)
    return True


def keep(request: HttpRequest, proof: str, at: datetime) -> None:
    """Remember a proof, and start its quarter of an hour anew."""
    request.session[_KEY] = {"proof": proof, "until": (at + LASTS).isoformat()}


def kept(request: HttpRequest, at: datetime) -> str:
    """The proof of this session; "" when there is none or its time is over."""
    found = request.session.get(_KEY)
    if not found or datetime.fromisoformat(found["until"]) < at:
        return ""
    return str(found["proof"])


def forget(request: HttpRequest) -> None:
    """Close the matter on this device."""
    request.session.pop(_KEY, None)
