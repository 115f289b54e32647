"""How things are said to people: by which road, when, in which words, and what happens when a road is down.

Telling somebody is an act of service and can be an act of harm. So the words follow the safe-contact rule of ``people``,
nobody is woken at night, nobody gets the same message twice, and when no road is safe or open the message becomes paper:
it waits on the list of its hamlet until somebody says how and when the person was told.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

SLIP = "slip"
"""The road that is always open: paper."""

ROADS: Mapping[str, str] = {
    "email": "email",
    "sms": "phone",
    "whatsapp": "whatsapp",
    "telegram": "telegram",
}
"""Road -> the channel of a contact that it reaches. A road is used once it has a transport and is set up."""

RETRY_AFTER: Sequence[timedelta] = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)
"""How long a message waits after its first, second, ... failure. After one more failure it leaves the road for good."""

CLAIM_LASTS = timedelta(minutes=10)
"""A claim older than this belongs to a worker that died; far above any transport's own time-out."""

HOW_TOLD = ("in_person", "phone", "family", "refused", "moved", "died", "not_met")
"""How telling ended. ``not_met`` is a try that is remembered: the message stays on the list."""

ONLY_IN_PERSON = frozenset({"in_person", "phone", "refused", "moved", "died", "not_met"})
"""How a protected matter may be told: never through the family."""

TELLABLE = ("queued", "printed", "sent", "failed", "held")
"""States from which somebody can report that the person was told."""


# --- roads and words ------------------------------------------------------------------------------------------------


def channels(up: Collection[str]) -> list[str]:
    """The channels of contacts that the roads which are up can reach."""
    return [channel for road, channel in ROADS.items() if road in up]


def road_to(channel: str, up: Collection[str]) -> str:
    """The road that reaches a channel; paper when none is up."""
    return next((road for road, reached in ROADS.items() if reached == channel and road in up), SLIP)


def text_key(asked: str, *, road: str, to_desk: bool, sensitive: bool, call_us: bool) -> str:
    """Which text is said: the one asked for, or one without content when others may read it.

    A protected or sensitive matter is never named, on no road; a contact that others may read carries only "please call".
    """
    if to_desk:
        return "desk_protected" if sensitive else asked
    if road == SLIP:
        return "tell_in_person" if sensitive else asked
    return "call_us" if sensitive or call_us else asked


def mark(road: str, contact_id: object = None) -> str:
    """How a message remembers a road that ended for good: the whole road, or this contact on it."""
    return f"{road}:{contact_id}" if contact_id else road


def is_tried(tried: Collection[str], road: str, contact_id: object = None) -> bool:
    """True when a message has been at the end of this road, or of this contact on it."""
    return road in tried or mark(road, contact_id) in tried


def expiry(queued_at: datetime, lasts_hours: int | None, given: datetime | None) -> datetime | None:
    """When a message has lost its sense: what its text says or what was given, whichever is sooner."""
    own = None if lasts_hours is None else queued_at + timedelta(hours=lasts_hours)
    return min((end for end in (own, given) if end is not None), default=None)


# --- words ----------------------------------------------------------------------------------------------------------

COMMON = ("to_name", "institution", "service", "reach_us", "follow_at", "letters_at", "desk_at")
"""Variables that every text has."""

_PLACE = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Words:
    """What a message says."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class TextKind:
    """A text of the catalogue: whom it is for, what it can name, how it may travel, and how long it makes sense."""

    key: str
    names: Mapping[str, str]
    to: str
    variables: frozenset[str]
    needs: frozenset[str]
    paper: bool
    at_once: bool
    lasts_hours: int | None
    words: Mapping[tuple[str, str], Words]

    @property
    def possible(self) -> frozenset[str]:
        """Every variable that may stand in this text."""
        return self.variables | frozenset(COMMON)


def places(text: str) -> set[str]:
    """The variables that a text names in braces."""
    return set(_PLACE.findall(text))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables filled in; what a value itself contains in braces stays as it is.

    Raises:
        KeyError: a variable has no value (a fault in the program: texts are checked when they are changed).
    """
    return _PLACE.sub(lambda place: values[place[1]], text).strip()


def filled(words: Words, values: Mapping[str, str]) -> Words:
    """Subject and body with their variables; the subject is one line of at most 150 signs."""
    subject = " ".join(fill(words.subject, values).split())
    return Words(subject[:150], fill(words.body, values))


def unknown_places(text: str, possible: Collection[str]) -> list[str]:
    """Variables in a text that nobody will fill in, sorted."""
    return sorted(places(text) - set(possible))


# --- when -----------------------------------------------------------------------------------------------------------


def not_before(at: datetime, *, zone: ZoneInfo, quiet_from: time, quiet_to: time) -> datetime:
    """The first moment from ``at`` on that lies outside the quiet hours of the place.

    ``quiet_from`` belongs to the quiet hours and ``quiet_to`` does not; they may run over midnight; equal times mean that
    there are none. The answer is never before ``at`` and less than 24 hours after it.
    """
    local = at.astimezone(zone)
    clock = local.time()
    if quiet_from < quiet_to:
        quiet = quiet_from <= clock < quiet_to
    else:
        quiet = quiet_from != quiet_to and (clock >= quiet_from or clock < quiet_to)
    if not quiet:
        return at
    end = local.replace(hour=quiet_to.hour, minute=quiet_to.minute, second=quiet_to.second, microsecond=0)
    if clock >= quiet_to:
        end += timedelta(days=1)
    return end.astimezone(at.tzinfo)


AT_ONCE_LASTS = timedelta(hours=1)
"""What is said at once because the person has just asked for it is no longer awaited after this long."""


def wakes(queued_at: datetime, at: datetime, *, at_once: bool, urgent: bool) -> bool:
    """True for what may reach a person in quiet hours: a warning, or an answer to what they asked a moment ago."""
    return urgent or (at_once and at - queued_at <= AT_ONCE_LASTS)


def next_try(at: datetime, tries: int) -> datetime | None:
    """When a message that failed ``tries`` times (1 or more) is tried again; None: no more, take another road."""
    if tries > len(RETRY_AFTER):
        return None
    return at + RETRY_AFTER[tries - 1]


# --- short messages -------------------------------------------------------------------------------------------------

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_DOUBLE = frozenset("^{}\\[~]|€\f")


@dataclass(frozen=True, slots=True)
class ShortLength:
    """How a text would travel as SMS: its length in the units of its alphabet, and how many parts are paid."""

    alphabet: str
    units: int
    parts: int


def short_length(text: str) -> ShortLength:
    """The size of a text as SMS (3GPP TS 23.038 and 23.040): 160 or 153 signs of 7 bits a part, else 70 or 67 of 16 bits."""
    plain = all(sign in _GSM or sign in _GSM_DOUBLE for sign in text)
    if plain:
        units = sum(2 if sign in _GSM_DOUBLE else 1 for sign in text)
        one, each = 160, 153
    else:
        units = len(text.encode("utf-16-be")) // 2
        one, each = 70, 67
    parts = 1 if units <= one else -(-units // each)
    return ShortLength("gsm" if plain else "ucs2", units, parts)


def not_gsm(text: str) -> str:
    """The signs of a text that the alphabet of SMS lacks; one of them makes every part cost more than twice."""
    return "".join(sorted({sign for sign in text if sign not in _GSM and sign not in _GSM_DOUBLE}))


# --- lists ----------------------------------------------------------------------------------------------------------


class Told(Protocol):
    """What a list reads of a message."""

    @property
    def region_code(self) -> str: ...
    @property
    def hamlet_name(self) -> str: ...


T = TypeVar("T", bound=Told)


def by_hamlet(messages: Iterable[T]) -> dict[tuple[str, str], list[T]]:
    """Messages grouped by village and hamlet, in the order in which they came."""
    groups: dict[tuple[str, str], list[T]] = {}
    for message in messages:
        groups.setdefault((message.region_code, message.hamlet_name), []).append(message)
    return groups
