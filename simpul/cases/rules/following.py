"""What a resident may see and do with their own matter, and how guessing is stopped.

Limits: five wrong tries against one number, then a wait of 15 minutes; 20 wrong tries in an hour from one address (villages share
addresses, so the limit is high). Source: the security reference, section 6.3, after GlobaLeaks. The reaction time is SP4N-LAPOR
practice: 10 days (unconfirmed, set per kind).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from simpul.cases.rules import moves

TRIES = 5
WAIT = timedelta(minutes=15)
ADDRESS_TRIES = 20
ADDRESS_WINDOW = timedelta(hours=1)
CLOSED_REACTION = timedelta(days=10)


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


STATE_WORDS: Mapping[str, str] = {
    moves.NEW: _("Received. An officer will look at it first."),
    moves.WORKING: _("Being worked on."),
    moves.OFFERED: _("Passed on to another desk, which has not taken it on yet."),
    moves.WAITING: _("We are waiting for your reply."),
    moves.HANDED_IN: _("The work is done and is being checked by a second person."),
    moves.ANSWERED: _("Answered."),
    moves.CLOSED: _("Closed."),
    moves.MERGED: _("Joined with another matter about the same thing."),
    moves.WITHDRAWN: _("Withdrawn."),
}
"""State -> how a resident is told, in English, to be translated by the page."""

NEXT_WORDS: Mapping[str, str] = {
    moves.NEW: _("An officer checks your report and passes it to the desk in charge."),
    moves.WORKING: _("The desk works on it and answers you."),
    moves.OFFERED: _("The other desk takes it on or explains why not. You will hear from us either way."),
    moves.WAITING: _("Please reply to the question. Our time limit stands still until then."),
    moves.HANDED_IN: _("After the check you get the answer."),
    moves.ANSWERED: _("If it is not solved, tell us before the date shown. You can also rate the answer."),
    moves.CLOSED: _("Nothing more happens. If it is not solved, you can still say so for a short time."),
    moves.MERGED: _("The answer to the other matter is also for you."),
    moves.WITHDRAWN: _("Nothing more happens. You can report again at any time."),
}
"""State -> what happens next."""


@dataclass(frozen=True, slots=True)
class Guard:
    """Wrong tries so far: how many, since when, and until when nobody may try."""

    wrong: int
    first_at: datetime
    locked_until: datetime | None = None


def is_locked(guard: Guard | None, now: datetime) -> bool:
    """True while nobody may try."""
    return guard is not None and guard.locked_until is not None and now < guard.locked_until


def after_wrong(guard: Guard | None, now: datetime, *, tries: int, window: timedelta) -> Guard:
    """The guard after one more wrong try. Tries older than the window, or before a wait that is over, no longer count."""
    over = guard is not None and (
        now - guard.first_at >= window or (guard.locked_until is not None and now >= guard.locked_until)
    )
    if guard is None or over:
        guard = Guard(0, now)
    wrong = guard.wrong + 1
    return Guard(wrong, guard.first_at, now + window if wrong >= tries else None)


REMIND_AFTER = timedelta(days=3)
"""How long a question to the resident waits before we say once that we still wait. Their own clock stands still meanwhile."""

ASK_RATING_AFTER = timedelta(days=3)
"""How long after the answer we ask once how it was: late enough to have seen what came of it, soon enough to say "not solved"."""


def asks_rating(state: str, rating: int | None, asked_at: datetime | None, sensitivity: str) -> bool:
    """Ask an answered person once, and nobody whose matter is protected: a mark is not worth a message about it."""
    return state == moves.ANSWERED and rating is None and asked_at is None and sensitivity == "normal"


def may_rate(state: str, answered: bool, rating: int | None) -> bool:
    """Once, after an answer."""
    return (
        answered
        and rating is None
        and state in {moves.ANSWERED, moves.CLOSED, moves.WORKING, moves.HANDED_IN}
    )


def may_dispute(state: str, now: datetime, react_until: datetime | None, closed_at: datetime | None) -> bool:
    """ "Not solved" is heard during the reaction time, and within 10 days of closing."""
    if not moves.allowed("case.dispute", state):
        return False
    until = [moment for moment in (react_until, closed_at + CLOSED_REACTION if closed_at else None) if moment]
    return bool(until) and now <= max(until)


def may_add(state: str) -> bool:
    """Words and files can be added until the matter has ended."""
    return state in moves.OPEN_STATES or state == moves.ANSWERED
