"""What comes in: when two deliveries or messages are the same, when a long message is whole, and how long one may write back.

Sources: WhatsApp Cloud API (window of 24 hours, at least once, unordered; confirmed), 3GPP TS 23.040 (concatenation),
Gammu SMSD (each part is a row, references repeat; confirmed).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

WINDOW = timedelta(hours=24)
"""Free words may be sent on WhatsApp this long after the person's last message."""

PARTS_WAIT = timedelta(minutes=15)
"""A long message whose last part does not come is shown as it is after this time: half a cry for help is not thrown away."""

PARTS_APART = timedelta(minutes=30)
"""Parts of one long message leave the sender's phone within this time; the same reference later is another message."""

LATE_PART = timedelta(hours=24)
"""A part that reaches us this late still finds its message: a modem may have been without power meanwhile."""

READ_AGAIN = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
"""How long a delivery waits that the program could not read for a fault of its own; then a person looks at it."""

SHOULD_BE_READ = timedelta(minutes=15)
"""A delivery that is not read, or a message that nobody looked at, for longer than this is a difference in the books."""

VERIFIED_CHANNELS = frozenset({"whatsapp", "telegram"})
"""Channels whose provider vouches for the sender. The sender of an SMS or a mail can be written by anybody."""

LARGEST_DELIVERY = 3_000_000
"""Bytes of one delivery that are kept; a larger one is refused unread."""

REFUSED_KEPT = 4_096
"""Bytes that are kept of a delivery whose signature is wrong: enough to see what it was."""

REFUSED_PER_HOUR = 200
"""Refused deliveries of one gateway that are kept in an hour; the rest are counted, so that a flood cannot fill the disk."""

HOUR = timedelta(hours=1)
REFUSED_STEP = 100
"""Above that number one of so many is noted, and stands for them all."""

UNCHECKED_LARGEST = 256_000
UNCHECKED_MOST = 2_000
UNCHECKED_ROOM = 500_000_000
"""Bytes, records, and free bytes of the disk: what may lie unchecked in the spool while nobody knows the gateways."""

LONGEST = 20_000
"""Characters of one message that are kept as its words; the raw delivery has the rest."""


def digest(body: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(body).hexdigest()


def once_key(gateway_code: str, external_id: str, once: str) -> str:
    """What makes an incoming message the same one: the provider's id on this gateway, else the hash of its content."""
    return f"{gateway_code}:{external_id or once}"[:190]


def content_hash(*parts: str) -> str:
    """A stable name for a message whose provider gives it none."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:40]


def joined(parts: Mapping[str, str], total: int) -> str:
    """The words of a long message in the order of its parts; a missing part leaves a mark, also at the end."""
    return "".join(parts.get(str(number), " […] ") for number in range(1, total + 1))


def is_in_group(data: Mapping[str, object]) -> bool:
    """True when something was said in a group: everybody there read it, and it was said to them first."""
    return bool(data.get("group") or data.get("group_id"))


def part_gap(one: datetime | None, other: datetime | None) -> timedelta | None:
    """How far apart two parts were sent; None when that is not known."""
    return None if one is None or other is None else abs(one - other)


def in_window(last_in_at: datetime | None, at: datetime) -> bool:
    """True while free words may be sent on a channel with a window."""
    return last_in_at is not None and at - last_in_at < WINDOW


def window_ends(last_in_at: datetime | None) -> datetime | None:
    """When the window closes."""
    return None if last_in_at is None else last_in_at + WINDOW


STATUS_ORDER = ("", "accepted", "sent", "delivered", "read")


def better_receipt(known: str, reported: str) -> str:
    """What is known of a message after one more report, in whatever order reports come.

    Delivered is never taken back by a late "sent"; a failure is only believed when nothing better is known.
    """
    if reported == "failed":
        return known if known in ("delivered", "read") else "failed"
    if reported not in STATUS_ORDER:
        return known
    if known == "failed":
        return reported if reported in ("delivered", "read") else known
    return max(known, reported, key=STATUS_ORDER.index)


def receipt_of(reports: Iterable[tuple[int, str]], parts: int) -> str:
    """What all reports of a message say together, in whatever order they came: pairs of part (0: the whole) and status.

    A message of several parts has come as far as its slowest part, and failed when one of them did.
    """
    by_part: dict[int, str] = {}
    for part, status in reports:
        by_part[part] = better_receipt(by_part.get(part, ""), status)
    whole = by_part.pop(0, "")
    if not by_part:
        return whole
    known = list(by_part.values())
    known += ["accepted"] * (parts - len(known))
    together = "failed" if "failed" in known else min(known, key=STATUS_ORDER.index)
    return better_receipt(whole, together)
