"""In whose name a letter is signed: the head's own, or "a.n." (atas nama) by a written mandate with its dates, types and acts.

Source: UU 30/2014 art. 14 (mandate: the mandate holder acts in the name of who gave it, by a written decision, and the giver stays
responsible); Permendagri 1/2023 on official letters ("a.n."). How a village uses it is its own decision, so each mandate is a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


ACTS: Mapping[str, str] = {
    "receive": _("Receive requests"),
    "draft": _("Draft letters"),
    "release": _("Approve and release in the head's name"),
}
"""What a mandate may contain -> its words in English."""

LONGEST_DAYS = 366
"""A mandate lasts a year at most and is then decided again (unconfirmed: no law names a limit for villages)."""

FAULTS = ("none", "ended", "early", "late", "act", "type")
"""Why nobody may sign by a mandate, from the farthest to the nearest: the nearest is what the refusal names."""


@dataclass(frozen=True, slots=True)
class Held:
    """One mandate of one seat."""

    key: str
    acts: Sequence[str]
    types: Sequence[str]  # empty: all
    from_date: date
    to_date: date
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """The mandate that carries an act, or the nearest one and why it does not."""

    held: Held | None
    fault: str = ""  # "" carries it; else one of FAULTS

    def __bool__(self) -> bool:
        return not self.fault


def fault_of(held: Held, act: str, type_code: str, day: date) -> str:
    """Why this mandate does not carry this act for this kind of letter on this day; "" when it does. Both end days count."""
    if held.ended:
        return "ended"
    if day < held.from_date:
        return "early"
    if day > held.to_date:
        return "late"
    if act not in held.acts:
        return "act"
    if held.types and type_code not in held.types:
        return "type"
    return ""


def judge(mandates: Iterable[Held], act: str, type_code: str, day: date) -> Verdict:
    """The mandate that carries an act. Of several the one that lasts longest; of none the one that came nearest, for the refusal."""
    best = Verdict(None, "none")
    for held in sorted(mandates, key=lambda one: (one.to_date, one.key), reverse=True):
        fault = fault_of(held, act, type_code, day)
        if not fault:
            return Verdict(held)
        if FAULTS.index(fault) > FAULTS.index(best.fault):
            best = Verdict(held, fault)
    return best


def fault_of_dates(from_date: date, to_date: date) -> str:
    """What is wrong with the dates of a new mandate: "backwards", "too_long" or ""."""
    if to_date < from_date:
        return "backwards"
    return "too_long" if (to_date - from_date).days > LONGEST_DAYS else ""
