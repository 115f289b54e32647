"""The proof that a matter is one's own, kept with the session for a quarter of an hour after it was last used."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest

_KEY = "followed"
LASTS = timedelta(minutes=15)


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
