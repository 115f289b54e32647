"""The guest book: what it asks, how long names stay, and when somebody was served outside office hours. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

SHORTEST, LONGEST = 7, 3650
"""Days for which names may stay in the book, at least and at most."""
OFFICE = (time(8), time(16))
"""Office hours where the village office has none in its settings. Unconfirmed: usual hours of village offices."""


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


SEXES: Mapping[str, str] = {"F": _("woman"), "M": _("man")}
RATINGS: Mapping[int, tuple[str, str]] = {
    5: ("😀", _("very content")),
    4: ("🙂", _("content")),
    3: ("😐", _("so-so")),
    2: ("🙁", _("not content")),
    1: ("😞", _("not content at all")),
}
"""Five faces from very content to not at all, with their words."""
TICKETS: Mapping[str, str] = {
    "waiting": _("waiting"),
    "called": _("at the counter"),
    "served": _("done"),
    "absent": _("was not there"),
}


def blank_before(today: date, days: int) -> date:
    """Lines of days before this one lose their names."""
    return today - timedelta(days=max(SHORTEST, min(days, LONGEST)))


def is_office_time(local: datetime, *, working_day: bool) -> bool:
    """True inside the usual office hours of a working day, by the clock of the place."""
    return working_day and OFFICE[0] <= local.time().replace(tzinfo=None) < OFFICE[1]


def flags(came_at: datetime, left_at: datetime | None, recorded_at: datetime) -> list[str]:
    """What the times of a visitor contradict: written down and marked, never refused."""
    found = []
    if left_at is not None and left_at < came_at:
        found.append("order")
    if came_at > recorded_at + timedelta(minutes=5):
        found.append("ahead")
    return found
