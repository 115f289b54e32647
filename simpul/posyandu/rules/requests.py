"""The way of a request of the six fields: its states, the moves between them, what is still missing, and when nobody moved it.

Source of the chain (secondary): the guide of posyandu with six fields of minimum service (Permendagri 13/2024): papers, verification by
a cadre and by the village with a visit to the place, hand-over to the village, the agency, the result. Five working days; a red flag
when nothing moved for more than three. Requests about public order are confidential until the village head releases them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from simpul.lib import workdays


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


LIMIT_DAYS = 5
"""Working days from taking in to the result (secondary)."""
STALE_DAYS = 3
"""Working days without movement after which the red flag is up (secondary)."""
CONFIDENTIAL = frozenset({"order"})
"""Fields whose requests nobody but the chair, the taker and the village head reads before the head releases them."""

PAPERS = "papers"
CHECKED = "checked"
VERIFIED = "verified"
HANDED = "handed"
FORWARDED = "forwarded"
DONE = "done"
REFUSED = "refused"
SET_ASIDE = "set_aside"

STATES: Mapping[str, str] = {
    PAPERS: _("Collecting papers"),
    CHECKED: _("Verified by the cadre"),
    VERIFIED: _("Verified by the village"),
    HANDED: _("With the village"),
    FORWARDED: _("With the agency"),
    DONE: _("Result given"),
    REFUSED: _("Criteria not met"),
    SET_ASIDE: _("Set aside"),
}
"""State -> its words in English."""
OPEN = frozenset({PAPERS, CHECKED, VERIFIED, HANDED, FORWARDED})
"""States in which somebody still owes the person something."""

MOVES: Mapping[str, frozenset[str]] = {
    "fieldrequest.check": frozenset({PAPERS, CHECKED}),
    "fieldrequest.release": OPEN,
    "fieldrequest.verify": frozenset({CHECKED}),
    "fieldrequest.hand_over": frozenset({VERIFIED}),
    "fieldrequest.forward": frozenset({HANDED}),
    "fieldrequest.finish": frozenset({VERIFIED, HANDED, FORWARDED}),
    "fieldrequest.set_aside": OPEN,
}
"""Decisions and the states they start from. Papers and visits are facts: they are written down in any state."""

WAYS: Mapping[str, str] = {"desk": _("At the posyandu's desk"), "visit": _("At a home visit")}
MARKS: Mapping[str, str] = {"missing": _("Missing"), "seen": _("Seen"), "copied": _("Copy kept")}
"""How far a paper is: not there, looked at, kept as a copy or photo."""
SIDES: Mapping[str, str] = {
    "front": _("Front"),
    "left": _("Left side"),
    "right": _("Right side"),
    "inside": _("Inside"),
    "place": _("The place"),
}
"""Sides of a house or place on photos; a house is shown from three."""
RESULTS: Mapping[str, str] = {
    "done": _("The service was given"),
    "partly_done": _("Given in part"),
    "referred": _("Another institution has taken it on"),
    "redirected": _("Not for this village; directed elsewhere"),
    "not_eligible": _("Criteria not met"),
}
"""How a request ends: decisions of its kind of matter."""

STEPS: Mapping[str, str] = {
    "papers": _("Required papers"),
    "cadre": _("Cadre"),
    "village": _("The village"),
    "agency": _("Agency"),
    "result": _("Result"),
}
"""The line of progress."""


@dataclass(frozen=True, slots=True)
class Step:
    """One knot of the line: done, now, next, or left out."""

    key: str
    state: str


def allowed(act: str, state: str) -> bool:
    """True when a decision may start from this state; facts always may."""
    sources = MOVES.get(act)
    return sources is None or state in sources


def missing(required: Collection[str], marks: Mapping[str, str]) -> tuple[str, ...]:
    """The required papers that nobody has seen yet, in the order of ``required``."""
    return tuple(code for code in required if marks.get(code, "missing") == "missing")


def progress(state: str, *, papers_complete: bool, forwarded: bool) -> tuple[Step, ...]:
    """How far a request is. A result without an agency leaves that knot out; an end before the agency leaves out what never was."""
    if state == DONE:
        reached = {"papers", "cadre", "village", "result"} | ({"agency"} if forwarded else set())
        return tuple(Step(key, "done" if key in reached else "left_out") for key in STEPS)
    if state in (REFUSED, SET_ASIDE):
        return tuple(
            Step(key, "done" if key == "result" or (key == "papers" and papers_complete) else "left_out")
            for key in STEPS
        )
    now = {
        PAPERS: "cadre" if papers_complete else "papers",
        CHECKED: "village",
        VERIFIED: "village",
        HANDED: "agency",
        FORWARDED: "result",
    }[state]
    keys = list(STEPS)
    at = keys.index(now)
    return tuple(
        Step(key, "done" if place < at else "now" if place == at else "next")
        for place, key in enumerate(keys)
    )


def next_acts(
    state: str, *, papers_complete: bool, wants_visit: bool, visited: bool, held_back: bool
) -> tuple[str, ...]:
    """What is to be done next, the most needed first. ``held_back``: confidential and not released yet."""
    if state not in OPEN:
        return ()
    first = ("fieldrequest.release",) if held_back else ()
    look = ("fieldrequest.inspect",) if wants_visit and not visited else ()
    if state == PAPERS:
        return (*first, *(() if papers_complete else ("fieldrequest.mark",)), "fieldrequest.check", *look)
    if state == CHECKED:
        return (*first, *look, "fieldrequest.verify")
    if state == VERIFIED:
        return (*first, "fieldrequest.hand_over", "fieldrequest.finish")
    if state == HANDED:
        return (*first, "fieldrequest.forward", "fieldrequest.finish")
    return ("fieldrequest.finish",)


_STALE = workdays.ClockRule("stale", 1, "working_days", STALE_DAYS, pausable=False)


def stale_at(moved_at: datetime, calendar: workdays.Calendar) -> datetime:
    """The end of the third working day after a movement: after it the red flag is up.

    National holidays, joint leave, local holidays and weekends do not count; they are the calendar's. Stamped once per movement.
    """
    return workdays.start(_STALE, moved_at, calendar).due_at


def is_stale(state: str, flag_at: datetime | None, now: datetime) -> bool:
    """True when nobody moved an open request for more than three working days."""
    return state in OPEN and flag_at is not None and now > flag_at


def sides_missing(wanted: int, sides: Sequence[str]) -> int:
    """How many photos of different sides are still wanted."""
    return max(0, wanted - len({side for side in sides if side in SIDES}))
