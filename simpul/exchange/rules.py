"""What another program may do and be sent: scopes, events, signatures, back-off, addresses that are never called. Pure."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


# --- keys -----------------------------------------------------------------------------------------------------------

SCOPES: Mapping[str, str] = {
    "requests.write": _("Send reports of residents (Open311)"),
    "cases.read": _("Read matters forwarded to the desk"),
    "cases.open": _("Take matters in"),
    "cases.write": _("Accept, decline, answer, write notes"),
    "feed.read": _("Read published answers"),
    "subscriptions.write": _("Manage where events are sent"),
}
"""What a key may be used for, with the words an administrator reads."""

DESK_SCOPES = frozenset({"cases.read", "cases.open", "cases.write", "subscriptions.write"})
"""Scopes that speak for a partner's desk; the others need none."""

LONGEST_DAYS = 730
DAYS = 365
PER_MINUTE = 120
MOST_PER_MINUTE = 6000
SECRET_START = "spl_"  # noqa: S105 - how a key begins, no key
_SECRET = re.compile(r"spl_[A-Za-z0-9_-]{43}")


def is_secret(text: str) -> bool:
    """True for what may be a key of ours: others are not looked up."""
    return bool(_SECRET.fullmatch(text))


def prefix_of(secret: str) -> str:
    """The first signs, by which people tell keys apart; they open nothing."""
    return secret[: len(SECRET_START) + 6]


def is_live(expires_at: datetime, withdrawn_at: datetime | None, at: datetime) -> bool:
    """True for a key that was neither withdrawn nor has come to its end."""
    return withdrawn_at is None and at < expires_at


# --- requests that are repeated -------------------------------------------------------------------------------------

REPLY_LASTS = timedelta(hours=48)
WORK_LASTS = timedelta(seconds=60)
"""A request is answered well within this; a claim that is older was left by a process that stopped."""

_KEY = re.compile(r"[\x21-\x7e]{8,100}")


def is_key(text: str) -> bool:
    """True for an idempotency key: 8 to 100 visible ASCII signs, so that chance alone does not make two equal."""
    return bool(_KEY.fullmatch(text))


# --- events ---------------------------------------------------------------------------------------------------------

EVENTS: Mapping[str, str] = {
    "case.open": _("A matter was taken in"),
    "case.refer": _("A matter was referred"),
    "case.pass_on": _("A matter was passed on to the next desk"),
    "case.recall": _("A referral was called back"),
    "case.accept": _("A matter was accepted"),
    "case.decline": _("A matter was declined"),
    "case.return": _("A matter was returned"),
    "referral.answer": _("A referral was answered"),
    "question.ask": _("The resident was asked something"),
    "question.reply": _("The resident replied"),
    "case.answer": _("A matter was answered"),
    "case.close": _("A matter was closed"),
    "case.reopen": _("A matter was reopened"),
    "case.dispute": _("The resident says it is not solved"),
    "case.withdraw": _("A matter was withdrawn"),
    "case.merge": _("A matter was merged"),
    "case.escalate": _("Silence raised a matter one level"),
}
"""Acts that are told to subscribers, by the names they have everywhere; "ping" is a test and needs no subscription."""

PING = "ping"

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440, 1440))
"""Waits after each failed try: ten tries in about four days, then a person decides."""

CLAIM_LASTS = timedelta(minutes=3)
DISPATCH_LASTS = timedelta(days=30)


def next_try(at: datetime, tries: int) -> datetime | None:
    """When to try again after ``tries`` failures; None when it is given up."""
    return at + BACK_OFF[tries - 1] if 1 <= tries <= len(BACK_OFF) else None


def faults_of_events(events: Iterable[str]) -> list[str]:
    """Events nobody knows."""
    return sorted(set(events) - set(EVENTS))


def signature(secret: str, moment: int, body: bytes) -> str:
    """The header by which a receiver knows that the bytes are ours and fresh: ``t=<seconds>,v1=<hex>``.

    HMAC-SHA256 over the seconds, a full stop, and the body as it was sent.
    """
    mac = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256)
    return f"t={moment},v1={mac.hexdigest()}"


# --- addresses ------------------------------------------------------------------------------------------------------

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_NEVER = (
    ipaddress.ip_network("64:ff9b::/96"),  # NAT64: an IPv4 address in its last 32 bits
    ipaddress.ip_network("2002::/16"),  # 6to4: an IPv4 address after the first 16 bits
    ipaddress.ip_network("2001::/32"),  # Teredo
    ipaddress.ip_network("fec0::/10"),  # the site's own, given up in 2004 and still routed inside some walls
    ipaddress.ip_network("192.88.99.0/24"),  # relays of 6to4
)
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\]")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a subscription points: the parts of its address."""

    secure: bool
    host: str
    port: int
    path: str


def read_target(url: str) -> Target | None:
    """The parts of a webhook's address; None for one that is not called: no http(s), a user name in it, strange signs."""
    if len(url) > 500 or not url.isascii() or any(sign <= " " or sign == "\\" for sign in url):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    netloc = parts.netloc.rsplit(":", 1)[0] if port is not None else parts.netloc
    if parts.scheme not in ("https", "http") or parts.fragment or not _HOST.fullmatch(netloc):
        return None
    secure = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if port == 0:
        return None
    return Target(secure, netloc.strip("[]"), port or (443 if secure else 80), path)


def may_call(address: Address, allowed: Iterable[Network]) -> bool:
    """True for an address of the open internet, or one in a network that the installation names itself.

    Everything else is refused, because a subscriber could otherwise make the installation knock at doors that stand inside its
    own walls: this machine, the office's network, the metadata service of a cloud.
    """
    plain = getattr(address, "ipv4_mapped", None) or address
    if any(plain in network for network in allowed):
        return True
    if any(plain in network for network in _NEVER):
        return False
    return plain.is_global and not plain.is_multicast and not plain.is_reserved


def is_inner(address: Address, allowed: Iterable[Network]) -> bool:
    """True for an address in a network the installation named: only there may a target go without encryption."""
    plain = getattr(address, "ipv4_mapped", None) or address
    return any(plain in network for network in allowed)


# --- cursors --------------------------------------------------------------------------------------------------------

SETTLES = timedelta(seconds=60)
"""How far a poller's next round reaches back, since what was begun before may be written after it looked."""
