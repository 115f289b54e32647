"""What a gateway needs before it can work, and in which state an administrator finds it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

NEEDED: Mapping[str, tuple[str, ...]] = {
    "whatsapp": ("phone_number_id", "app_secret", "verify_token", "access_token"),
    "telegram": ("bot_token", "secret_token"),
    "gammu": ("database",),
    "android": ("api_url", "signing_key", "user", "password"),
    "http": ("profile",),
    "smpp": ("host", "system_id", "password"),
    "email": ("imap_host", "smtp_host", "from", "user", "password"),
}
"""Settings and secrets without which a kind of gateway cannot work."""

INVENTED = frozenset({"verify_token", "secret_token", "signing_key", "shared_secret"})
"""Secrets that we make up and give to the provider; the others come from it."""


class Looked(Protocol):
    """What the state reads of a gateway."""

    kind: str
    is_active: bool
    heard_at: datetime | None
    down_since_at: datetime | None


def missing(kind: str, given: Mapping[str, object]) -> list[str]:
    """The names that a kind needs and that nobody has filled in."""
    return [name for name in NEEDED.get(kind, ()) if not given.get(name)]


def state(gateway: Looked, lacking: bool) -> str:
    """off, incomplete, down, new (nothing was heard from it yet), or up."""
    if not gateway.is_active:
        return "off"
    if lacking:
        return "incomplete"
    if gateway.down_since_at is not None:
        return "down"
    return "up" if gateway.heard_at is not None else "new"
