"""Whoever holds a record of settlement sees whether it is genuine: number, date and state. No name, no subject, no clause."""

from __future__ import annotations

from datetime import datetime

from django.core.cache import cache
from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from simpul.lib.errors import NotFound
from simpul.lib.keys import ring
from simpul.mediation import access
from simpul.mediation.queries import agreements
from simpul.regions import queries as region_queries
from simpul.web.policy import Request, public
from simpul.web.portal import guard, words

HOUR = 3600
MOST_MISSES = 60
"""Wrong addresses an hour from one network. Guessing is hopeless (128 bits); this spares the machine."""


@public
@require_safe
def settlement(request: Request, token: str) -> HttpResponseBase:
    """Number, place, day, state, fingerprint; nothing else."""
    key = _key(request, timezone.now())
    if int(cache.get(key) or 0) >= MOST_MISSES:
        raise Http404
    try:
        one = access.public_agreement(token)
    except NotFound as missing:
        _count(key)
        raise Http404 from missing
    context = {
        "one": one,
        "number": one.dispute.number,
        "where": region_queries.path_names(one.dispute.region_code),
        "day": words.date_words(one.signed_date),
        "genuine": agreements.is_whole(one),
        "replaced": one.state == "replaced",
    }
    return render(request, "portal/settlement/one.html", context)


def _key(request: Request, at: datetime) -> str:
    said = f"{guard.address(request)}:{at:%Y%m%d%H}"
    return f"settlement:{ring().blind_index(said, 'settlement-guard')[:32]}"


def _count(key: str) -> None:
    if not cache.add(key, 1, HOUR):
        try:
            cache.incr(key)
        except ValueError:  # it ran out between the two calls
            cache.add(key, 1, HOUR)
