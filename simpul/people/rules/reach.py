"""How people are named and reached: the safe-contact rule, and what is shown to whom.

An automatic message to a shared phone is a safety decision: the husband, the neighbour or the officer complained about may
read it. So a message follows what the person said about each phone, and when nobody asked it says little.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, Literal, Protocol, TypeVar

from simpul.lib import phone

UNKNOWN_NAME = "Tidak diketahui"
"""What stands for the name of a person whom nobody could name."""

_NO_NAMES = frozenset({"tidak diketahui", "tidak tahu", "tak dikenal", "unknown", "-", "?"})

SEXES = frozenset({"", "L", "P"})
CHANNELS = ("phone", "whatsapp", "telegram", "email", "visit")
OWNERS = ("own", "family", "neighbour", "officer", "unknown")

Wants = Literal["write", "call"]


class Detail(StrEnum):
    """How much may be said by a contact."""

    FULL = "full"
    CALL_US = "call_us"  # nothing but "please call": no name, no subject, no number


class Reach(Protocol):
    """What the rule reads of a contact."""

    channel: Any
    address: Any
    owner: Any
    safe_to_call: Any
    safe_to_write: Any
    warning: Any
    is_current: Any


R = TypeVar("R", bound=Reach)


@dataclass(frozen=True, slots=True)
class SafeRoad(Generic[R]):
    """A contact that may be used, and how much may be said there."""

    contact: R
    detail: Detail


_ORDER: Mapping[Wants, tuple[str, ...]] = {
    "write": ("whatsapp", "phone", "telegram", "email"),
    "call": ("phone", "whatsapp"),
}


def safe_road(
    contacts: Iterable[R], *, wants: Wants, sensitive: bool = False, channels: Iterable[str] | None = None
) -> SafeRoad[R] | None:
    """The safest contact to write to or to call, with how much may be said there; None when there is no safe one.

    1. A contact that was called unsafe is never used; one nobody asked about may be used for an ordinary matter.
    2. A sensitive matter goes only to the person's own contact that they called safe, without any warning on it, and even
       there nothing is said but "please call".
    3. The person's own or their family's contact may carry the words of an ordinary matter. A neighbour's, an officer's, one
       of an unknown owner, or one with a warning on it carries only "please call".
    4. Contacts that may carry the words come first, then the person's own, then the channel that people read soonest.

    ``channels`` leaves only those that are up. Source: safe-contact practice for survivors (need-to-know, safety first);
    UU 27/2022 art. 16 (purpose) and 35 (security).
    """
    ways = tuple(channels) if channels is not None else _ORDER[wants]
    usable = [
        SafeRoad(contact, _detail(contact, sensitive=sensitive))
        for contact in contacts
        if contact.channel in ways and _may_use(contact, wants=wants, sensitive=sensitive)
    ]
    return min(usable, key=lambda road: _rank(road, wants), default=None)


def _may_use(contact: Reach, *, wants: Wants, sensitive: bool) -> bool:
    safe = contact.safe_to_write if wants == "write" else contact.safe_to_call
    if not contact.is_current or safe is False or contact.channel not in _ORDER[wants]:
        return False
    if wants == "write" and not contact.address:
        return False  # an officer can dial what was typed; a gateway cannot
    if sensitive:
        return contact.owner == "own" and safe is True and not contact.warning
    return True


def _detail(contact: Reach, *, sensitive: bool) -> Detail:
    if sensitive or contact.warning or contact.owner not in ("own", "family"):
        return Detail.CALL_US
    return Detail.FULL


def _rank(road: SafeRoad[R], wants: Wants) -> tuple[bool, int, int]:
    owner = OWNERS.index(road.contact.owner) if road.contact.owner in OWNERS else len(OWNERS)
    return (road.detail is not Detail.FULL, owner, _ORDER[wants].index(road.contact.channel))


_OPAQUE = re.compile(r"(?:[A-Z]{2}(?:\.ENT)?\.[A-Za-z0-9]{1,128}|-?[0-9]{4,20})")


def is_opaque(channel: str, address: str) -> bool:
    """True for an id that a provider made: a WhatsApp business-scoped id (``ID.1349...``), a Telegram chat.

    It is kept letter by letter, because it is no number. A WhatsApp contact given as a number stays one.
    """
    if channel == "telegram":
        return bool(_OPAQUE.fullmatch(address))
    return channel == "whatsapp" and address[:1].isalpha() and bool(_OPAQUE.fullmatch(address))


def is_no_name(name: str) -> bool:
    """True for the words that stand for "nobody could name this person"."""
    return name.strip().casefold() in _NO_NAMES


def mask_email(address: str) -> str:
    """An e-mail address for those who need only recognise it: ``siti@desa.id`` becomes ``s***@desa.id``."""
    name, at, host = address.partition("@")
    return f"{name[:1]}***@{host}" if at else "***"


def mask_contact(channel: str, shown: str) -> str:
    """A contact's address, hidden as its channel needs; directions for a visit are hidden whole."""
    if channel == "email":
        return mask_email(shown)
    if channel in ("phone", "whatsapp"):
        return phone.mask(shown)
    return "***"
