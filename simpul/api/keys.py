"""The key a request came with: whose it is, and how often it may ask."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from simpul.exchange import actions as exchange_actions
from simpul.exchange import queries as exchange_queries
from simpul.lib.actor import MACHINE
from simpul.lib.errors import Refused

_MINUTE = 60
_NOTED_EVERY = timedelta(seconds=_MINUTE)


class TooManyRequests(Refused):
    """This key asked more often than it may."""

    code = "api.too_many_requests"
    sentence = _("Too many requests with this key. Wait %(seconds)s seconds and go on.")

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds=seconds)
        self.seconds = seconds


def token_of(secret: str, at: datetime) -> exchange_queries.Key | None:
    """The live key with this secret, counted and noted; None for any other.

    Raises:
        TooManyRequests: its limit of this minute is reached.
    """
    token = exchange_queries.find_token(secret, at)
    if token is None:
        return None
    _count(token, at)
    if token.last_used_at is None or token.last_used_at < at - _NOTED_EVERY:
        exchange_actions.use_token(by=MACHINE, at=at, token_id=token.id)
    return token


def _count(token: exchange_queries.Key, at: datetime) -> None:
    """Count this request into the minute it came in."""
    seconds = int(at.timestamp())
    key = f"api:{token.id.hex}:{seconds // _MINUTE}"
    if cache.add(key, 1, 2 * _MINUTE):
        count = 1
    else:
        try:
            count = int(cache.incr(key))
        except ValueError:  # it ran out between the two calls
            count = 1
    if count > token.per_minute:
        raise TooManyRequests(_MINUTE - seconds % _MINUTE)
