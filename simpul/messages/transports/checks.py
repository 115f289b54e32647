"""Which settings of a gateway no transport can read: said when they are typed, not when the first message comes.

Only the form of a value is judged; whether a server answers is found out by a test message.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from simpul.messages.transports.profiles import ProfileWrong, profile_of

CHOICES: Mapping[str, tuple[str, ...]] = {
    "receive": ("database", "command"),
    "sim": ("1", "2"),
    "long": ("payload",),
    "coding": ("latin1",),
    "receipt_ids": ("decimal",),
    "imap_tls": ("tls", "starttls", "none"),
    "smtp_tls": ("starttls", "tls", "none"),
}
"""Settings with few answers; none given is the usual one."""

_HOST = re.compile(r"[A-Za-z0-9.:_-]{1,253}")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?")
_VERSION = re.compile(r"v\d{1,3}(\.\d{1,2})?")
_MAILBOX = re.compile(r"[^\s@<>]+@[A-Za-z0-9.-]+")
_PREFIXES = re.compile(r"\+?\d{1,15}(\s*,\s*\+?\d{1,15})*\s*,?")


def wrong(kind: str, settings: Mapping[str, Any]) -> dict[str, str]:
    """The settings that cannot be read, each with the kind of fault: address, port, host, digits, clock and so on."""
    faults = {}
    for name, value in settings.items():
        text = value.strip() if isinstance(value, str) else ""
        if not text:
            continue
        if name in CHOICES and text not in CHOICES[name]:
            faults[name] = "choice"
        elif name in _FORMS and not _FORMS[name][1](text):
            faults[name] = _FORMS[name][0]
    if kind == "http" and "networks" not in faults:
        try:
            profile_of(settings)
        except ProfileWrong:
            faults["profile"] = "profile"
    return faults


def trust_of(settings: Mapping[str, Any]) -> str:
    """By what the deliveries of a web gateway are trusted: secret, path (its code is the secret), networks, or "" for a wrong one."""
    try:
        profile = profile_of(settings)
    except ProfileWrong:
        return ""
    if profile.trust == "path":
        return "path"
    return "networks" if profile.trust == "none" and not profile.signature else "secret"


def can_send(kind: str, settings: Mapping[str, Any]) -> bool:
    """False for a web gateway without an address that takes our messages; a profile that cannot be read is another fault."""
    if kind != "http":
        return True
    try:
        return bool(profile_of(settings).send_url)
    except ProfileWrong:
        return True


def are_prefixes(text: str) -> bool:
    """True for beginnings of numbers with commas between, and for none at all."""
    return not text.strip() or _PREFIXES.fullmatch(text.strip()) is not None


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in text
    except ValueError:
        return False


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= 65535


def _are_networks(text: str) -> bool:
    try:
        for one in text.replace(",", " ").split():
            ipaddress.ip_network(one, strict=False)
    except ValueError:
        return False
    return True


def _is_database(text: str) -> bool:
    return (
        text.startswith(("/", "postgresql://", "postgres://"))
        or re.match(r"[A-Za-z]:[\\/]", text) is not None
    )


_FORMS: Mapping[str, tuple[str, Callable[[str], bool]]] = {
    "phone_number_id": ("digits", lambda text: text.isascii() and text.isdigit()),
    "business_id": ("digits", lambda text: text.isascii() and text.isdigit()),
    "api_version": ("version", lambda text: _VERSION.fullmatch(text) is not None),
    "api_url": ("address", _is_address),
    "public_url": ("address", _is_address),
    "send_url": ("address", lambda text: _is_address(re.sub(r"\{\w+\}", "x", text))),
    "networks": ("networks", _are_networks),
    "database": ("database", _is_database),
    "zone": ("zone", lambda text: text in available_timezones()),
    "send_after": ("clock", lambda text: _CLOCK.fullmatch(text) is not None),
    "send_before": ("clock", lambda text: _CLOCK.fullmatch(text) is not None),
    "host": ("host", lambda text: _HOST.fullmatch(text) is not None),
    "imap_host": ("host", lambda text: _HOST.fullmatch(text) is not None),
    "smtp_host": ("host", lambda text: _HOST.fullmatch(text) is not None),
    "port": ("port", _is_port),
    "imap_port": ("port", _is_port),
    "smtp_port": ("port", _is_port),
    "from": ("mailbox", lambda text: _MAILBOX.fullmatch(text.rpartition("<")[2].rstrip(">")) is not None),
}
"""Setting -> the name of its form, and whether a value has it."""
