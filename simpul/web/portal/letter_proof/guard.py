"""The guard of the checking pages: guessing addresses is hopeless (100 bits), but it costs the machine time, as files do."""

from __future__ import annotations

from datetime import datetime

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from simpul.lib.errors import Refused
from simpul.lib.keys import ring
from simpul.web.policy import Request
from simpul.web.portal import guard

HOUR = 3600
MOST_MISSES = 60
"""Wrong addresses an hour from one network: a village shares one, and a smudged code is scanned again."""
MOST_CHECKS = 240
"""Codes and files an hour from one network: an office that checks a stack of letters."""


class TooManyChecks(Refused):
    """This network checked more letters within the hour than one office does."""

    code = "portal.too_many_checks"
    sentence = _(
        "Many letters were checked from your network within the hour. Try again in an hour, or call the village office."
    )


def misses_are_over(request: Request, at: datetime) -> bool:
    """True when this network has asked for too many addresses that are not there."""
    return int(cache.get(_key("miss", request, at)) or 0) >= MOST_MISSES


def count_miss(request: Request, at: datetime) -> None:
    """One more address that is not there."""
    _count(_key("miss", request, at))


def admit_check(request: Request, at: datetime) -> None:
    """Count a code or a file. Raises ``TooManyChecks``."""
    if _count(_key("check", request, at)) > MOST_CHECKS:
        raise TooManyChecks


def _key(purpose: str, request: Request, at: datetime) -> str:
    said = f"{guard.address(request)}:{at:%Y%m%d%H}"
    return f"letters:{purpose}:{ring().blind_index(said, 'letters-guard')[:32]}"


def _count(key: str) -> int:
    if cache.add(key, 1, HOUR):
        return 1
    try:
        return int(cache.incr(key))
    except ValueError:  # it ran out between the two calls
        cache.add(key, 1, HOUR)
        return 1
