"""What the public pages of ideas share: the row, the voter a device remembers, and how often one network may write."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from simpul.community.queries import ideas as queries
from simpul.community.rules import ideas as rules
from simpul.desks import queries as desk_queries
from simpul.lib.errors import Refused
from simpul.lib.keys import ring
from simpul.web import reading
from simpul.web.portal import guard

_KEY = "voters"
_HOUR = 3600
MOST_AN_HOUR = 60
"""Comments, sentences and codes from one network within an hour. A village may share one, so it is not small."""


class TooMuchTalk(Refused):
    """One network writes without end."""

    code = "portal.too_much_talk"
    sentence = _(
        "Very much came from your network within the hour. Try again in an hour, or come to the village post."
    )


def idea_or_404(code: str) -> Any:
    """A published idea by the code of its page."""
    found = queries.public_idea(code)
    if found is None:
        raise Http404
    return found


def voter_of(request: HttpRequest, region_code: str) -> UUID | None:
    """The voter this device showed itself to be, as long as it is believed."""
    kept = request.session.get(_KEY, {}).get(region_code) if _KEY in request.session else None
    if not kept or datetime.fromisoformat(kept["until"]) < timezone.now():
        return None
    found = queries.voter(reading.key(kept["id"]), region_code)
    return found.id if found else None


def remember(request: HttpRequest, region_code: str, voter_id: UUID) -> None:
    """Believe this device for half a day."""
    until = timezone.now() + rules.VOTER_LASTS
    kept = request.session.get(_KEY, {})
    request.session[_KEY] = {**kept, region_code: {"id": str(voter_id), "until": until.isoformat()}}


def admit(request: HttpRequest) -> None:
    """Count one writing of this network.

    Raises:
        TooMuchTalk: the hour's number is reached.
    """
    key = ring().blind_index(f"{guard.address(request)}:{timezone.now():%Y%m%d%H}", "portal-ideas")[:32]
    name = f"portal:ideas:{key}"
    if cache.add(name, 1, _HOUR):
        return
    try:
        count = cache.incr(name)
    except ValueError:  # it ran out between the two calls
        return
    if count > MOST_AN_HOUR:
        raise TooMuchTalk


def phone() -> str:
    """The number of the office, for those who cannot go on here."""
    return desk_queries.institution().phone
