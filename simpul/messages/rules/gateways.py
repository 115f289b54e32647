"""Gateways: which kinds there are, which one carries a message, and how one that is down is left alone.

Two SIMs of two operators are one road with two ways: in the Pacitan flood of 2017 one of two operators was down for days
(secondary). So the way is chosen when the message leaves, not when it is queued.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar


@dataclass(frozen=True, slots=True)
class GatewayKind:
    """A kind of gateway: the road it serves, how it hears, and what an administrator has to give."""

    road: str
    hears: str  # webhook, poll, listen (a connection that is held), or "" when it only sends
    settings: tuple[str, ...]
    secrets: tuple[str, ...]


KINDS: Mapping[str, GatewayKind] = {
    "whatsapp": GatewayKind(
        "whatsapp",
        "webhook",
        ("phone_number_id", "business_id", "api_url", "api_version"),
        ("app_secret", "verify_token", "access_token"),
    ),
    "telegram": GatewayKind("telegram", "webhook", ("api_url",), ("bot_token", "secret_token")),
    "gammu": GatewayKind(
        "sms", "poll", ("database", "phone_id", "zone", "receive", "send_after", "send_before"), ()
    ),
    "android": GatewayKind(
        "sms", "webhook", ("api_url", "device_id", "sim"), ("signing_key", "user", "password")
    ),
    "http": GatewayKind(
        "sms",
        "webhook",
        ("profile", "networks", "public_url", "send_url"),
        ("shared_secret", "user", "password"),
    ),
    "smpp": GatewayKind(
        "sms",
        "listen",
        ("host", "port", "tls", "system_type", "source", "long", "coding", "receipt_ids"),
        ("system_id", "password"),
    ),
    "email": GatewayKind(
        "email",
        "poll",
        ("imap_host", "imap_port", "imap_folder", "imap_tls", "smtp_host", "smtp_port", "smtp_tls", "from"),
        ("user", "password"),
    ),
}
"""Every kind that can be added, with the settings its transport reads."""

RETRY_DOWN: Sequence[timedelta] = tuple(timedelta(minutes=wait) for wait in (1, 2, 5, 10, 20, 30))
"""How long a gateway that does not answer is left alone, from one careful try to the next; the last step repeats."""

COUNTS_AS_DOWN = timedelta(minutes=30)
"""After this long a road without a working gateway counts as closed: what is queued now takes the next safe road."""

WAITS_FOR_ROAD = timedelta(hours=24)
"""A message that could not leave for this long takes the next safe road, or paper, even when nobody refused it."""


SEEN_FAULTS = frozenset({"modem_silent", "no_modem"})
"""Faults that are seen by asking: the modem is asked on, so that its return is noticed within seconds."""


class Way(Protocol):
    """What the choice reads of a gateway."""

    code: str
    road: str
    prefixes: str
    rank: int
    is_active: bool
    sends: bool
    down_since_at: datetime | None
    retry_at: datetime | None


W = TypeVar("W", bound=Way)


def ways(gateways: Iterable[W], *, road: str, address: str, at: datetime) -> list[W]:
    """The gateways of a road that may be tried now, the best first.

    One that is down is left out until its wait is over, and then tried in its own place: one message learns whether it is
    back, and takes the next way when it is not. A gateway whose prefixes fit the number comes before the others, then the
    lower rank.
    """
    usable = [way for way in gateways if way.road == road and may_try(way, at)]
    return sorted(usable, key=lambda way: (not fits(way, address), way.rank, way.code))


def may_try(way: Way, at: datetime) -> bool:
    """True when a gateway sends, and answers or is due for a careful try."""
    resting = way.down_since_at is not None and way.retry_at is not None and way.retry_at > at
    return way.is_active and way.sends and not resting


def preferred(usable: Sequence[W], code: str, *, only: bool = False) -> list[W]:
    """The same ways with the one of this code first. ``only``: no other can reach the address.

    People answer in the conversation that they know, and an id that one account made means nothing to another.
    """
    own = [way for way in usable if way.code == code]
    return own if only else [*own, *(way for way in usable if way.code != code)]


MINUTE = timedelta(minutes=1)


def room(parts_per_minute: int, used: int) -> int | None:
    """How many more parts a gateway takes when ``used`` left in the last minute; None: as many as there are."""
    return None if parts_per_minute <= 0 else max(0, parts_per_minute - used)


def has_room(parts_per_minute: int, used: int, parts: int) -> bool:
    """May a message of ``parts`` leave now? In no 60 seconds more parts leave than the gateway takes in a minute.

    One message that is longer than a whole minute's parts leaves when nothing else has left for a minute: else it never would.
    """
    return parts_per_minute <= 0 or used + parts <= parts_per_minute or used == 0


def waits_too_long(since: datetime, at: datetime) -> bool:
    """True when a message has waited long enough for a closed road to take another one."""
    return at - since >= WAITS_FOR_ROAD


def fits(way: Way, address: str) -> bool:
    """True when a gateway is meant for numbers that begin like this one."""
    digits = address.lstrip("+")
    return any(
        digits.startswith(start.strip().lstrip("+")) for start in way.prefixes.split(",") if start.strip()
    )


class Asked(Protocol):
    """What the poll reads of a gateway."""

    down_since_at: datetime | None
    down_reason: str
    retry_at: datetime | None


def is_left_alone(asked: Asked, at: datetime) -> bool:
    """True while what a gateway is asked by (a file, a server) does not answer, and its next careful try is not due."""
    return (
        asked.down_since_at is not None
        and asked.down_reason not in SEEN_FAULTS
        and asked.retry_at is not None
        and asked.retry_at > at
    )


def is_open(way: Way, at: datetime) -> bool:
    """True while a gateway carries what is queued now: it answers, or has been silent for a short time only."""
    return (
        way.is_active and way.sends and (way.down_since_at is None or at - way.down_since_at < COUNTS_AS_DOWN)
    )


def next_careful_try(down_since_at: datetime, at: datetime) -> datetime:
    """When a gateway that is down is tried again: soon at first, then every half hour, so that its return is noticed."""
    waited = at - down_since_at
    passed = timedelta()
    for wait in RETRY_DOWN:
        passed += wait
        if waited < passed:
            return at + wait
    return at + RETRY_DOWN[-1]
