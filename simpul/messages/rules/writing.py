"""What an officer may write to somebody, and why not.

A reply is an act of service and can be an act of harm, whoever presses the button: so the safe-contact rule holds for
officers as it holds for the machine, and nothing free leaves outside the hours that WhatsApp allows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FREE = "written"
"""The text of the catalogue that carries an officer's own words."""

SAYS_NOTHING = "call_us"
"""The only text that may stand on a contact that others read, and in a protected matter."""

ROAD_OF: Mapping[str, str] = {
    "sms": "sms",
    "whatsapp": "whatsapp",
    "telegram": "telegram",
    "email": "email",
    "phone": "sms",
}
"""The road on which a correspondent's channel is answered in writing."""

LONGEST: Mapping[str, int] = {"sms": 918, "whatsapp": 4096, "telegram": 4096, "email": 20_000}
"""Characters that one message may have. Six parts of a short message; the limits of the providers (confirmed)."""

WINDOWED = frozenset({"whatsapp"})
"""Roads on which free words may be sent for 24 hours after the person's last message only."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known when somebody wants to write."""

    nameless: bool = False
    silenced: bool = False
    has_way: bool = True  # some gateway carries this road
    unsafe: bool = False  # the person said that nobody must write there
    unproven: bool = False  # a protected matter, and nobody has said that it is safe to write there
    others_read: bool = False  # only "please call us" may stand there
    text_key: str = FREE
    has_words: bool = True
    missing: str = ""  # variables of the text without a value
    length: int = 0
    longest: int = 4096
    may_be_free: bool = True  # inside the hours of WhatsApp, or another road
    has_template: bool = False


def refusal(now: Situation) -> str:
    """The code of the first reason against writing; "" when nothing stands against it. The gravest reason comes first."""
    reasons = (
        ("message.nameless", now.nameless),
        ("message.silenced", now.silenced),
        ("message.not_safe", now.unsafe or now.unproven),
        ("message.others_read", now.others_read and now.text_key != SAYS_NOTHING),
        ("message.no_way", not now.has_way),
        ("message.nothing_written", not now.has_words),
        ("message.value_missing", bool(now.missing)),
        ("message.too_long", now.length > now.longest),
        ("message.window_closed", not now.may_be_free and not now.has_template),
    )
    return next((code for code, holds in reasons if holds), "")


def slot_value(value: str) -> str:
    """A value as a template takes it: one line, no runs of blanks (a condition of WhatsApp), never empty."""
    return " ".join(value.split()) or "-"
