"""Words that may speak of violence, abuse or danger: they flag a matter, and a person decides.

A flag only closes the matter until somebody has looked; it judges nothing. It therefore leans to flagging: missing one child is
worse than looking at ten harmless letters. Indonesian roots are found under their affixes (perkosa: diperkosa, pemerkosaan), in
capitals, with doubled letters and with digits for letters. Harmless uses of the same words are listed and taken out first.
Sources: the recipient of a report neither investigates nor counsels, and forwards within 24 hours (humanitarian PSEA procedures);
UU 12/2022, UU 23/2004, UU 35/2014.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from simpul.lib import text

_PREFIX = r"(?:(?:di|ke|se|ter|ber|be|per|pe|mem|men|meng|meny|me|pem|pen|peng|peny)?(?:per|ber)?)"
_SUFFIX = r"(?:kan|an|i)?(?:ku|mu|nya|lah|kah|pun)*"
_NASAL = {"p": "m", "t": "n", "k": "ng", "s": "ny"}
_LOOKALIKES = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s"})
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Table:
    """Compiled words by topic, and the harmless phrases."""

    topics: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    harmless: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Screening:
    """What was found. ``words`` stand as in the text (folded), for the person who decides."""

    flagged: bool
    words: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


def compile_table(data: Mapping[str, Any]) -> Table:
    """The table of a catalogue file: ``topics.<name>.words`` (roots, affixes allowed), ``.exact`` (as they stand), ``harmless``.

    Raises:
        ValueError: a topic without words.
    """
    topics = {}
    for name, rows in data["topics"].items():
        parts = [
            *(_root(word) for word in rows.get("words", ())),
            *(_exact(word) for word in rows.get("exact", ())),
        ]
        if not parts:
            raise ValueError(f"topic {name} has no words")
        topics[str(name)] = re.compile(rf"\b(?:{'|'.join(parts)})\b")
    harmless = [_root(phrase) for phrase in data.get("harmless", ())]
    return Table(topics, re.compile(rf"\b(?:{'|'.join(harmless)})\b") if harmless else None)


def screen(texts: Iterable[str], table: Table) -> Screening:
    """Look through everything that was typed. A flag says "look at this now", never "this happened"."""
    words: list[str] = []
    topics: list[str] = []
    for reading in _readings(texts):
        plain = table.harmless.sub(" ", reading) if table.harmless else reading
        for topic, pattern in table.topics.items():
            found = [" ".join(match.group().split()) for match in pattern.finditer(plain)]
            if found:
                topics.append(topic)
                words += found
    return Screening(bool(words), tuple(dict.fromkeys(words))[:20], tuple(dict.fromkeys(topics)))


def _readings(texts: Iterable[str]) -> Sequence[str]:
    """The text folded as it stands, and once more with digits read as the letters they look like."""
    whole = " . ".join(texts)[:_LONGEST]
    folded = _calm(text.search_key(whole))
    disguised = _calm(text.search_key(whole.translate(_LOOKALIKES)))
    return (folded,) if folded == disguised else (folded, disguised)


def _calm(folded: str) -> str:
    """Letters shouted three times or more are one."""
    return re.sub(r"([a-z])\1{2,}", r"\1", folded)


def _root(phrase: str) -> str:
    """A pattern for a word or phrase with the affixes of Indonesian around each of its words."""
    return r"\s+".join(_with_affixes(word) for word in text.search_key(phrase).split())


def _exact(phrase: str) -> str:
    return r"\s+".join(re.escape(word) for word in text.search_key(phrase).split())


def _with_affixes(word: str) -> str:
    """``perkosa`` -> also diperkosa, memerkosa, pemerkosaan. A first p, t, k or s may melt into the nasal before it."""
    if len(word) < 4:
        return re.escape(word)
    plain = re.escape(word)
    melted = _NASAL.get(word[0])
    start = rf"(?:{_PREFIX}{plain}"
    if melted and len(word) > 4:
        start += rf"|(?:di|se)?(?:me|pe){melted}{re.escape(word[1:])}"
    return rf"{start}){_SUFFIX}"
