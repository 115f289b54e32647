"""Templates that a provider has approved: their names, and their places {{1}}, {{2}}, ...

Source: WhatsApp Business Platform, message templates (confirmed): a name of small letters, digits and underscores, a body of at
most 1,024 characters, places numbered from 1 without a gap.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

ROADS = frozenset({"whatsapp"})
"""Roads with a window after which only approved words may be sent."""

STATES: Sequence[str] = ("draft", "approved", "paused", "rejected")
"""draft: not handed in yet, or being looked at; paused: the provider holds it back after complaints."""

LONGEST_BODY = 1_024
LONGEST_NAME = 100

LANGUAGES: Sequence[str] = ("id", "en", "en_US", "en_GB")
"""The provider's names of languages; the part before the underscore is ours."""

_NAME = re.compile(r"[a-z0-9_]{1,100}")
_PLACE = re.compile(r"\{\{(\d{1,2})\}\}")


def is_name(name: str) -> bool:
    """True for a name that the provider takes."""
    return _NAME.fullmatch(name) is not None


def places(body: str) -> list[int]:
    """The numbers of the places in a body, each once, in order of size."""
    return sorted({int(number) for number in _PLACE.findall(body)})


def are_without_gap(numbers: Sequence[int]) -> bool:
    """True for 1, 2, 3, ...; also for none at all."""
    return list(numbers) == list(range(1, len(numbers) + 1))


def filled(body: str, values: Sequence[str]) -> str:
    """The body with its places filled; a place without a value stays as it is."""
    given = dict(enumerate(values, start=1))
    return _PLACE.sub(lambda place: given.get(int(place[1]), place[0]), body)


def our_language(language: str) -> str:
    """The language of our texts that a provider's name means: en_US is en."""
    return language.partition("_")[0]
