"""What may be published, and what must not stand in it.

A publication is a separate record in its own words, released by a second person (LAPOR publishes every forwarded report with notice to
the reporter; GlobaLeaks keeps masking and releasing apart). "A widow in RT 3" identifies somebody in a hamlet, so places below the
village are named only where enough people live (k-anonymity; the number is unconfirmed).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from simpul.lib import redact
from simpul.lib import text as texts

DRAFT, OFFERED, RETURNED, RELEASED, WITHDRAWN = "draft", "offered", "returned", "released", "withdrawn"

MOVES: Mapping[str, tuple[frozenset[str], str]] = {
    "publication.prepare": (frozenset({"", DRAFT, OFFERED, RETURNED, WITHDRAWN}), OFFERED),
    "publication.return": (frozenset({OFFERED}), RETURNED),
    "publication.release": (frozenset({OFFERED}), RELEASED),
    "publication.correct": (frozenset({RELEASED}), RELEASED),
    "publication.withdraw": (frozenset({OFFERED, RETURNED, RELEASED}), WITHDRAWN),
}
"""Act -> from which states ("": there is none yet) and to which."""

NEVER = frozenset({"nik", "kk"})
"""Identity numbers: no reviewing makes them publishable."""

REVIEWED = frozenset({"phone", "email", "account", "name", "plate", "birth_date"})
"""Kinds of finds that must be gone, or be looked at and kept on purpose (an office's own telephone number)."""

LEAST_PEOPLE = 500
"""A hamlet with fewer people, or an unknown number, is not named."""


@dataclass(frozen=True, slots=True)
class Left:
    """Personal data that still stands in a text of the publication; ``never`` when nobody may keep it."""

    part: str
    span: redact.Span

    @property
    def never(self) -> bool:
        """True for identity numbers."""
        return self.span.kind in NEVER


def allowed(act: str, state: str) -> bool:
    """True when an act on a publication may start from a state."""
    return state in MOVES[act][0]


def target(act: str) -> str:
    """The state an act leads to."""
    return MOVES[act][1]


def why_not(*, sensitivity: str, publishable: bool, answered: bool, merged: bool) -> str:
    """Why a case may not be published: "sealed", "restricted", "kind", "merged", "unanswered"; "" when it may.

    Protected and restricted matters are never public (UU 12/2022, UU 27/2022 art. 4); an unanswered one has nothing to show.
    """
    if sensitivity in ("sealed", "restricted"):
        return sensitivity
    if not publishable:
        return "kind"
    if merged:
        return "merged"
    return "" if answered else "unanswered"


def left_in(parts: Mapping[str, str], names: Iterable[str], reviewed: Collection[str] = ()) -> list[Left]:
    """Personal data that stands in the way of a release.

    Args:
        parts: the texts by name ("title", "text", "answer").
        names: of the parties, as registered.
        reviewed: finds, as they stand in the text, that a person looked at and keeps on purpose.
    """
    kept = {texts.search_key(words) for words in reviewed}
    known = list(names)
    return [
        Left(part, span)
        for part, words in parts.items()
        for span in redact.suggest(words, known)
        if span.kind in NEVER or (span.kind in REVIEWED and texts.search_key(span.text) not in kept)
    ]


def suggested(words: str, names: Sequence[str]) -> tuple[list[redact.Span], str]:
    """What to blacken in a text, and the text with all of it blackened."""
    spans = redact.suggest(words, names)
    return spans, redact.apply(words, spans)


def place_words(village: str, hamlet: str = "", people: int | None = None, least: int = LEAST_PEOPLE) -> str:
    """How the place is named: the hamlet only where enough people are known to live, else the village."""
    named = bool(hamlet) and people is not None and people >= least
    return f"{hamlet}, {village}" if named else village
