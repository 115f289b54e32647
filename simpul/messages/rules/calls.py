"""The telephone: how a call can end, which ends need a call-back, and when a call-back is due.

There is no exchange to ask, only a mobile number and somebody who listens. So a call is what an officer wrote down, and a
promise to call back is a debt with a moment on it. Pacitan flood 2017: 222 calls on day one, and one of two operators down
(secondary): what was not answered must be called back, or it never existed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from simpul.messages import rules


def _(words: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return words


DIRECTIONS = ("in", "out", "missed")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a call ended. ``talked``: a person was heard, so what they were owed for a missed call is paid."""

    words: str
    talked: bool
    needs_notes: bool = False


OUTCOMES: Mapping[str, Outcome] = {
    "case": Outcome(_("Becomes a matter"), talked=True, needs_notes=True),
    "added": Outcome(_("Added to a matter"), talked=True, needs_notes=True),
    "information": Outcome(_("Information only"), talked=True),
    "callback": Outcome(_("We call back"), talked=True),
    "wrong_number": Outcome(_("Wrong number"), talked=True),
    "dropped": Outcome(_("The line broke"), talked=False),
    "silent": Outcome(_("Nobody spoke"), talked=False),
    "prank": Outcome(_("Prank call"), talked=True),
    "no_answer": Outcome(_("Nobody answered our call"), talked=False),
    "missed": Outcome(_("Missed call"), talked=False),
}
"""Every way a call can end. Only officers choose among them; ``missed`` is what a telephone reports by itself."""

CHOSEN_IN = ("case", "added", "information", "callback", "wrong_number", "dropped", "silent", "prank")
CHOSEN_OUT = ("case", "added", "information", "callback", "no_answer", "wrong_number", "dropped")

RESULTS: Mapping[str, str] = {
    "reached": _("Reached"),
    "not_reached": _("Not reached; promised anew"),
    "gave_up": _("Given up, with a reason"),
    "called_again": _("They called again themselves"),
}
"""How a promised call-back ended."""

MOST_TRIES = 5
"""After so many calls in vain the page proposes to give up; a person decides."""

LONGEST_PROMISE = timedelta(days=30)
"""A call-back further away is a typing error."""

LONGEST_CALL = timedelta(hours=12)
"""A call that lasted longer was not closed: its end is what the officer wrote, never this late."""

_AFTERNOON, _MORNING = time(15, 0), time(8, 0)
_HOUR = timedelta(hours=1)


def is_due(callback_due_at: datetime | None, callback_done_at: datetime | None, at: datetime) -> bool:
    """True when a promise to call back waits and its moment has come."""
    return callback_due_at is not None and callback_done_at is None and callback_due_at <= at


def quick_times(at: datetime, zone: ZoneInfo) -> dict[str, datetime]:
    """The moments an officer promises most: in one hour, this afternoon at 15.00, tomorrow morning at 08.00.

    This afternoon is left out once it has begun. All of them are in UTC, counted on the clock of the place.
    """
    local = at.astimezone(zone)
    tomorrow = (local + timedelta(days=1)).date()
    found = {"hour": at + _HOUR}
    afternoon = datetime.combine(local.date(), _AFTERNOON, tzinfo=zone)
    if afternoon > local:
        found["afternoon"] = afternoon.astimezone(at.tzinfo)
    found["morning"] = datetime.combine(tomorrow, _MORNING, tzinfo=zone).astimezone(at.tzinfo)
    return found


def missed_due(at: datetime, *, zone: ZoneInfo, quiet_from: time, quiet_to: time) -> datetime:
    """When a missed call is called back: at once by day, and when the quiet hours end by night, so that nobody is woken."""
    return rules.not_before(at, zone=zone, quiet_from=quiet_from, quiet_to=quiet_to)
