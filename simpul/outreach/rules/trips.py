"""States of a trip, what may be carried and why a door is visited; which facts contradict. A fact is kept and flagged, never refused.

The codes and the order of states are our own (product rule, after the published practice of services that travel to villages).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime


def _(words: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return words


STATES: Mapping[str, str] = {
    "planned": _("planned"),
    "ready": _("ready to leave"),
    "under_way": _("under way"),
    "returned": _("back, not closed yet"),
    "closed": _("closed"),
    "called_off": _("called off"),
}
MOVES: Mapping[str, Mapping[str, str]] = {
    "check_go": {"planned": "ready", "ready": "ready"},
    "check_no": {"planned": "planned", "ready": "planned"},
    "clear": {"planned": "ready", "ready": "ready"},
    "start": {"ready": "under_way"},
    "left": {"planned": "under_way"},  # it happened, although nobody had answered the questions
    "return": {"under_way": "returned"},
    "close": {"returned": "closed"},
    "call_off": {"planned": "called_off", "ready": "called_off"},
}
"""Move -> from which state to which. What is not here is not possible."""
CHANGEABLE = frozenset({"planned", "ready", "under_way"})
"""States in which stops, team and loads may still be changed."""
OPEN = frozenset({"planned", "ready", "under_way", "returned"})

SEASONS: Mapping[str, str] = {"dry": _("dry season"), "wet": _("rainy season")}
MODES: Mapping[str, str] = {"road": _("by road"), "foot": _("on foot"), "river": _("by river")}
STOPS: Mapping[str, str] = {
    "service": _("open door: everything the office does"),
    "delivery": _("aid is handed over"),
    "visit": _("visits from house to house"),
    "meeting": _("musyawarah or explanation"),
}
CARRIED: Mapping[str, str] = {
    "form": _("forms"),
    "document": _("documents and cards"),
    "printer": _("printer and paper"),
    "charger": _("charger or power bank"),
    "device": _("telephone or laptop"),
    "goods": _("other goods"),
    "safety": _("medicine and safety"),
}
COME_BACK = frozenset({"printer", "charger", "device"})
"""Kinds that are expected back whole when nobody says otherwise."""
REASONS: Mapping[str, str] = {
    "need": _("high need"),
    "never": _("never visited"),
    "promise": _("something was promised"),
    "card": _("a card to bring or to look after"),
    "delivery": _("aid to hand over"),
    "verify": _("data to verify"),
    "accompany": _("waits for a service"),
    "asked": _("asked for a visit"),
    "other": _("another reason"),
}
CONTACTS: Mapping[str, str] = {
    "visit": _("visit"),
    "verification": _("data verified"),
    "delivery": _("aid handed over"),
    "accompaniment": _("accompaniment"),
    "card": _("door about a KIS card"),
    "matter": _("their own matter"),
    "stop": _("stop of a trip"),
}
"""By what somebody was last met."""
MARKS: Mapping[str, str] = {
    "guest": _("lines in the guest book"),
    "visit": _("households met at home"),
    "delivery": _("aid handed over"),
    "matter": _("matters taken in"),
}
"""What counts as having reached somebody on a trip (``rules.seen``)."""
FLAGS: Mapping[str, str] = {
    "unchecked": _("left although the questions before leaving were not answered"),
    "not_started": _("written down although the trip had not left"),
    "called_off": _("written down although the trip was called off"),
    "after_return": _("written down for a time after the return"),
    "before_start": _("written down for a time before the departure"),
    "left_first": _("left before it arrived"),
    "shut_first": _("shut before it opened"),
    "ahead": _("written down for a time that had not come"),
    "groups": _("a group is larger than all together"),
    "ended": _("written down after the end"),
}


def move(state: str, step: str) -> str:
    """The state after a step; "" when there is no such step from here."""
    return MOVES.get(step, {}).get(state, "")


@dataclass(frozen=True, slots=True)
class Course:
    """What is known of a trip when a fact arrives."""

    state: str
    started_at: datetime | None = None
    returned_at: datetime | None = None


def flags_of(course: Course, happened_at: datetime, now: datetime) -> list[str]:
    """What contradicts when something is said to have happened during a trip at a moment."""
    found = []
    if course.state == "called_off":
        found.append("called_off")
    elif course.started_at is None:
        found.append("not_started")
    elif happened_at < course.started_at:
        found.append("before_start")
    if course.returned_at is not None and happened_at > course.returned_at:
        found.append("after_return")
    if happened_at > now:
        found.append("ahead")
    return found


def flags_of_groups(men: int, women: int, parts: Iterable[int]) -> list[str]:
    """Contradictions of an attendance: a group that is part of the whole cannot be larger than it."""
    return ["groups"] if any(part > men + women for part in parts) else []


@dataclass(frozen=True, slots=True)
class Loaded:
    """One carried thing as it was counted."""

    loaded: int | None
    back: int | None
    comes_back: bool
    explained: bool


def carry_gap(one: Loaded) -> str:
    """What is missing about a carried thing after the return: "uncounted", "short", "more", or "" when it is in order.

    A thing that was never loaded has nothing to come back. A difference with its reason written down is in order.
    """
    if not one.loaded:
        return ""
    if one.back is None:
        return "uncounted"
    if one.back > one.loaded and not one.explained:
        return "more"
    if one.comes_back and one.back < one.loaded and not one.explained:
        return "short"
    return ""


GAPS: Mapping[str, str] = {
    "uncounted": _("not counted after the return"),
    "short": _("less came back than was loaded"),
    "more": _("more came back than was loaded"),
}


def months_since(last: date | None, today: date) -> int | None:
    """Whole months from a day until today; None when there was none."""
    if last is None:
        return None
    return max(0, (today.year - last.year) * 12 + today.month - last.month - (today.day < last.day))
