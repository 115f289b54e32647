"""How far a dispute has come, for the bar at the top of its page; and what the office does next. Dates that the law names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

MEET_WITHIN_DAYS = 14
"""UU 30/1999 art. 6(2): a direct meeting within at most 14 days, result in writing (secondary; a guide, it voids nothing)."""
REGISTER_WITHIN_DAYS = 30
"""UU 30/1999 art. 6(7): the written agreement is registered at the district court within 30 days of signing (unconfirmed)."""
SUMMONS_USUAL = 3
"""After the third summons in vain the mediators may end it; practice, no law (unconfirmed)."""


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


STEPS: Mapping[str, str] = {
    "safety": _("Safety asked"),
    "parties": _("Parties"),
    "mediator": _("Mediator"),
    "summons": _("Summons"),
    "session": _("Session"),
    "agreement": _("Agreement"),
    "kept": _("Kept"),
}


@dataclass(frozen=True, slots=True)
class Reached:
    """What there is already."""

    parties: int = 0
    mediators: int = 0
    summonses: int = 0
    sessions: int = 0
    signed: bool = False
    obligations: int = 0
    settled: int = 0  # kept or waived
    state: str = "open"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: done, the one to do now, or still to come."""

    key: str
    state: str  # done, now, later


def progress(reached: Reached) -> tuple[Step, ...]:
    """The steps with what is done. A later step that is done counts the ones before it as passed."""
    done = [
        True,
        reached.parties >= 2,
        reached.mediators > 0,
        reached.summonses > 0 or reached.sessions > 0,
        reached.sessions > 0,
        reached.signed,
        reached.state == "kept",
    ]
    last = max(place for place, one in enumerate(done) if one)
    ended = reached.state in ("failed", "withdrawn", "referred", "protected")
    rows = []
    for place, key in enumerate(STEPS):
        state = "done" if place <= last else "now" if place == last + 1 and not ended else "later"
        rows.append(Step(key, state))
    return tuple(rows)


def meet_until(opened: date) -> date:
    """Until when the parties should have met."""
    return opened + timedelta(days=MEET_WITHIN_DAYS)


def register_until(signed: date) -> date:
    """Until when an agreement may be registered at the district court."""
    return signed + timedelta(days=REGISTER_WITHIN_DAYS)
