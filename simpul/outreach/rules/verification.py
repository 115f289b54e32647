"""The states of a household's and a person's verification, kept exactly as the ministry's village application has them.

Codes are stored, never labels: the ministry's label of Q1a contradicts how a person comes to it, and current codes may differ.
Source: the ministry's DTKS village application, as its software shows it (confirmed for that version; newer ones unconfirmed).

A household: P0 (prelist) -> P1 (regional coordinator) -> P2 (district coordinator) -> P3 (for the facilitator) -> M1 (taken; only from P3
or P3a, and only while nobody has it) -> M2 (being worked on; only who has it) -> M4 or M4a (submitted; only who has it). P3a is P3 sent
back with a note. A person, on submitting: M4 or MKb; the match of names makes MK or MKa of M4; approval makes Q2, Q1a, Q1b or Q2a of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import SequenceMatcher

from simpul.lib import text


def _(words: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return words


HOUSEHOLD_STATES: Mapping[str, str] = {
    "P0": _("Initial prelist"),
    "P1": _("Published by the regional coordinator"),
    "P2": _("Published by the district coordinator"),
    "P3": _("Published to the facilitator"),
    "P3a": _("Sent back to the facilitator"),
    "M1": _("Taken by the facilitator"),
    "M2": _("MK process"),
    "M4": _("Household confirmed"),
    "M4a": _("Household not confirmed"),
}
PERSON_STATES: Mapping[str, str] = {
    "M4": _("Submitted"),
    "MK": _("Confirmed, matches"),
    "MKa": _("Confirmed, does not match"),
    "MKb": _("Not confirmed"),
    "Q1": _("Does not match, under repair"),
    "Q1a": _("Not confirmed, under repair"),
    "Q1b": _("Passed, not confirmed"),
    "Q2": _("Matches"),
    "Q2a": _("Does not match"),
    "Q2b": _("Not confirmed, matches"),
}
"""Labels after the ministry's; Q1 and Q2b are known to it but no way to them is documented, so nothing here leads there."""
PRESENCES: Mapping[int, str] = {
    1: _("Confirmed"),
    2: _("Not confirmed"),
    3: _("Stands twice"),
    4: _("Has died"),
    5: _("Has no civil papers"),
    6: _("Confirmed (code 6)"),
}
CONFIRMED = frozenset({1, 6})
OVERRIDING = frozenset({3, 4})
"""Presences that make Q2a on approval, whatever the match said."""
LEAST_SIMILAR = 60
"""Per cent of Ratcliff-Obershelp at which two names count as one (confirmed)."""
OPEN = frozenset({"P3", "P3a"})
TAKEN = frozenset({"M1", "M2"})
SUBMITTED = frozenset({"M4", "M4a"})
_PUBLISHED = {"P0": "P1", "P1": "P2", "P2": "P3"}


def publish(state: str) -> str:
    """The next state of publishing: P0 to P1, P1 to P2, P2 to P3; "" from anywhere else."""
    return _PUBLISHED.get(state, "")


def take(state: str, *, assigned: bool) -> str:
    """M1, by downloading: only from P3 or P3a, and only while nobody has it; "" otherwise."""
    return "M1" if state in OPEN and not assigned else ""


def update(state: str, *, mine: bool) -> str:
    """M2, by saving: only from M1 or M2, and only for who has it; "" otherwise."""
    return "M2" if state in TAKEN and mine else ""


def submit(state: str, *, mine: bool, presence: int) -> str:
    """M4 when the household is there (presence 1), else M4a: only from M1 or M2, and only for who has it; "" otherwise."""
    if state not in TAKEN or not mine or presence not in PRESENCES:
        return ""
    return "M4" if presence == 1 else "M4a"


def submit_person(presence: int) -> str:
    """M4 for a person whose presence is 1 or 6, MKb for any other; "" for a code that is none."""
    if presence not in PRESENCES:
        return ""
    return "M4" if presence in CONFIRMED else "MKb"


def match(state: str, similar: int | None) -> str:
    """The population match of a person in M4: MK from 60 per cent on, MKa below or when the NIK was not found; "" from elsewhere.

    Args:
        similar: per cent, or None when the NIK is not in the register.
    """
    if state != "M4":
        return ""
    return "MK" if similar is not None and similar >= LEAST_SIMILAR else "MKa"


def approve(state: str, presence: int) -> str:
    """The district's approval of a person: MK to Q2, MKa to Q1a, MKb to Q1b; a presence of 3 or 4 makes Q2a of any; "" from elsewhere."""
    following = {"MK": "Q2", "MKa": "Q1a", "MKb": "Q1b"}.get(state, "")
    return "Q2a" if following and presence in OVERRIDING else following


def rematch(state: str, similar: int | None) -> str:
    """The job that matches again: Q1a becomes Q2 from 60 per cent on and stays otherwise; "" from elsewhere."""
    if state != "Q1a":
        return ""
    return "Q2" if similar is not None and similar >= LEAST_SIMILAR else "Q1a"


def send_back(state: str, *, approved: bool, note: str) -> str:
    """P3a with its note, from M4 or M4a that nobody approved yet; "" without a note or from elsewhere."""
    return "P3a" if state in SUBMITTED and not approved and note.strip() else ""


def give_up(state: str) -> str:
    """P3 again when who had it gives it up before submitting, so that another may take it (own rule); "" otherwise."""
    return "P3" if state in TAKEN else ""


def similarity(said: str, registered: str) -> int:
    """How alike two names are, in whole per cent rounded down: Ratcliff-Obershelp, aliases apart by "/" each tried, the best counts.

    Case, accents and blanks more than one are no difference. An empty name is like nothing.
    """
    ours, theirs = _aliases(said), _aliases(registered)
    best = 0.0
    for one in ours:
        for other in theirs:
            best = max(best, SequenceMatcher(None, one, other, autojunk=False).ratio())
    return int(best * 100 + 1e-9)


def _aliases(name: str) -> list[str]:
    parts = (text.clean_line(part[:300]).casefold() for part in name.split("/"))
    return [part for part in parts if part]
