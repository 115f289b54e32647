"""States of a case, and the one table of moves between them. A move that is not here is refused.

``offered`` is a hand-over that the receiver has not taken on: custody is still the sender's. ``waiting`` is for the resident:
clocks that can pause stand still. ``answered`` starts the time in which the person may say that it is not solved.
There is no state "scheduled": matters would hang there in nobody's count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

NEW = "new"
WORKING = "working"
OFFERED = "offered"
WAITING = "waiting"
HANDED_IN = "handed_in"
ANSWERED = "answered"
CLOSED = "closed"
MERGED = "merged"
WITHDRAWN = "withdrawn"

STATES = (NEW, WORKING, OFFERED, WAITING, HANDED_IN, ANSWERED, CLOSED, MERGED, WITHDRAWN)
OPEN_STATES = frozenset({NEW, WORKING, OFFERED, WAITING, HANDED_IN})
"""States in which somebody still owes the person something."""
ENDED_STATES = frozenset({CLOSED, MERGED, WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Move:
    """From which states an act may start, and the state it leads to (None: it stays)."""

    sources: frozenset[str]
    target: str | None


def _move(target: str | None, *sources: str) -> Move:
    return Move(frozenset(sources), target)


MOVES: Mapping[str, Move] = {
    "case.claim": _move(WORKING, NEW, WORKING),
    "case.release": _move(WORKING, WORKING),
    "case.classify": _move(None, NEW, WORKING),
    "case.refer": _move(OFFERED, NEW, WORKING),
    "case.pass_on": _move(OFFERED, NEW, WORKING, OFFERED),
    "silence.note": _move(WORKING, OFFERED),
    "case.accept": _move(WORKING, OFFERED),
    "case.decline": _move(WORKING, OFFERED),
    "case.recall": _move(WORKING, OFFERED, WORKING),
    "case.return": _move(WORKING, WORKING),
    "referral.answer": _move(WORKING, WORKING),
    "reply.record": _move(WORKING, OFFERED, WORKING),
    "question.ask": _move(WAITING, NEW, WORKING),
    "question.reply": _move(WORKING, WAITING),
    "case.draft": _move(None, NEW, WORKING),
    "decision.propose": _move(None, NEW, WORKING),
    "decision.check": _move(None, NEW, WORKING),
    "decision.initial": _move(None, NEW, WORKING),
    "decision.sign": _move(None, NEW, WORKING),
    "decision.return": _move(None, NEW, WORKING),
    "case.hand_in": _move(HANDED_IN, NEW, WORKING),
    "case.verify": _move(WORKING, HANDED_IN),
    "case.send_back": _move(WORKING, HANDED_IN),
    "case.answer": _move(ANSWERED, NEW, WORKING),
    "case.close": _move(CLOSED, NEW, WORKING, ANSWERED),
    "case.finish": _move(CLOSED, ANSWERED),
    "case.confirm": _move(CLOSED, ANSWERED),
    "case.reopen": _move(WORKING, ANSWERED, CLOSED),
    "case.dispute": _move(WORKING, ANSWERED, CLOSED),
    "case.appeal": _move(None, ANSWERED, CLOSED),
    "case.withdraw": _move(WITHDRAWN, NEW, WORKING, OFFERED, WAITING, HANDED_IN),
    "case.merge": _move(MERGED, NEW, WORKING, WAITING),
    "case.split": _move(None, NEW, WORKING),
    "incident.join": _move(None, NEW, WORKING, OFFERED, WAITING, HANDED_IN),
    "case.escalate": _move(None, NEW, WORKING, OFFERED, HANDED_IN),
}


def allowed(act: str, state: str) -> bool:
    """True when ``act`` may start from ``state``. An act without a row in the table does not move a case and is allowed."""
    move = MOVES.get(act)
    return move is None or state in move.sources


def target(act: str, state: str) -> str:
    """The state after ``act`` from ``state``.

    Raises:
        KeyError: the move is not declared (the caller asks ``allowed`` first).
    """
    move = MOVES[act]
    if state not in move.sources:
        raise KeyError(f"{act} from {state}")
    return move.target or state


def acts_from(state: str) -> frozenset[str]:
    """Acts that may start from a state: what the case page may offer, before permissions."""
    return frozenset(act for act, move in MOVES.items() if state in move.sources)
