"""Keys: the one a request came with, and the list of all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from simpul.exchange import access, rules
from simpul.exchange.models import Token
from simpul.lib.actor import Actor
from simpul.lib.keys import ring

PURPOSE = "exchange.token"

Key: TypeAlias = Token
"""A key, by the name that doors know it by: they import no models."""


@dataclass(frozen=True, slots=True)
class TokenState:
    """A key as the administrator's list shows it; its secret is nowhere."""

    token: Token
    state: str  # open, expired, withdrawn


def secret_index(secret: str) -> str:
    """How a key is found without being stored."""
    return ring().blind_index(secret, PURPOSE)


def find_token(secret: str, at: datetime) -> Token | None:
    """The live key with this secret; None for an unknown, withdrawn or expired one, or one whose desk is closed. One query."""
    if not rules.is_secret(secret):
        return None
    token = Token.objects.select_related("desk").filter(secret_index=secret_index(secret)).first()
    if token is None or not rules.is_live(token.expires_at, token.withdrawn_at, at):
        return None
    return None if token.desk is not None and token.desk.is_closed else token


def tokens_listed(by: Actor, at: datetime, limit: int = 300) -> list[TokenState]:
    """The keys this actor may see, newest first."""
    rows = access.tokens(by).select_related("desk").order_by("-issued_at", "-id")[:limit]
    return [TokenState(row, _state(row, at)) for row in rows]


def _state(token: Token, at: datetime) -> str:
    if token.withdrawn_at is not None:
        return "withdrawn"
    return "open" if at < token.expires_at else "expired"
