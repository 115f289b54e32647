"""The election box: its stages, Form B.1, the days the law counts, and the moves of a report. Pure.

UU 7/2017 art. 454: a report counts within 7 working days of becoming known to the reporter; a finding is fixed within 7 days of
its discovery; both are followed up within 7 days of registration, or 14 working days when further statements are needed. The formal
and material conditions stand in Perbawaslu 7/2022 art. 15 (secondary). Elections of regional and village heads have rules of
their own that were not confirmed: their stages begin with the same numbers, marked unconfirmed, and can be set otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from simpul.lib import workdays

WORKING, CALENDAR = "working_days", "calendar_days"
LARGEST = 64 * 1024
"""A sealed report is at most this many bytes."""
TURNS = 600_000
"""Rounds of PBKDF2-SHA256 between a supervisor's passphrase and the key that wraps (OWASP, 2023)."""
SHORTEST_PASSPHRASE = 12
KEEP_YEARS = 5
"""After so many years sealed content is destroyed. Unconfirmed: set by the archive rules of the supervisor."""


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


KINDS: Mapping[str, str] = {
    "general": _("General election"),
    "regional": _("Election of regional heads"),
    "village": _("Election of the village head"),
}
STATES: Mapping[str, str] = {
    "filed": _("in the box"),
    "received": _("received by the supervisor"),
    "registered": _("registered"),
    "asking": _("further statements are asked for"),
    "decided": _("decided"),
    "forwarded": _("forwarded"),
}
MOVES: Mapping[str, frozenset[str]] = {
    "report.receive": frozenset({"filed"}),
    "report.register": frozenset({"received"}),
    "statements.ask": frozenset({"registered"}),
    "report.decide": frozenset({"received", "registered", "asking"}),
    "report.forward": frozenset({"received", "registered", "asking", "decided"}),
}
"""From which states an act may be done."""
CATEGORIES: Mapping[str, str] = {
    "money": _("Vote buying"),
    "neutrality": _("Officials who take sides"),
    "campaign": _("Campaign rules"),
    "roll": _("Voter roll"),
    "vote": _("Voting or counting"),
    "other": _("Something else"),
}
OUTCOMES: Mapping[str, str] = {
    "proven": _("a breach was found"),
    "not_proven": _("no breach was found"),
    "incomplete": _("conditions were not met, not registered"),
    "late": _("came after its time, kept as information"),
    "withdrawn": _("taken back by the reporter"),
}
WITHOUT_REGISTER = frozenset({"incomplete", "late", "withdrawn"})
"""Outcomes that need no registration before."""


@dataclass(frozen=True, slots=True)
class Clock:
    """So many days of one kind, with source and how sure it is."""

    days: int
    unit: str
    source: str
    confidence: str = "confirmed"


_ARTICLE = "UU 7/2017 pasal 454"


@dataclass(frozen=True, slots=True)
class Clocks:
    """The days of one stage."""

    report: Clock
    finding: Clock
    follow: Clock
    longer: Clock

    def plain(self) -> dict[str, dict[str, Any]]:
        """As plain values, to keep with the stage."""
        return asdict(self)


def clocks_of(kind: str, given: Mapping[str, tuple[int, str]] | None = None) -> Clocks:
    """The days of a kind of election; ``given`` sets some otherwise, which makes them the supervisor's own word."""
    known = "confirmed" if kind == "general" else "unconfirmed"
    base = {
        "report": (7, WORKING),
        "finding": (7, CALENDAR),
        "follow": (7, CALENDAR),
        "longer": (14, WORKING),
    }
    said = {key: (given or {}).get(key, value) for key, value in base.items()}
    return Clocks(
        **{
            key: Clock(
                days,
                unit,
                _ARTICLE if (days, unit) == base[key] else "ditetapkan pengawas",
                known if (days, unit) == base[key] else "own",
            )
            for key, (days, unit) in said.items()
        }
    )


def read_clocks(kept: Mapping[str, Any]) -> Clocks:
    """The days a stage was opened with."""
    return Clocks(**{key: Clock(**kept[key]) for key in ("report", "finding", "follow", "longer")})


def last_day(clock: Clock, after: date, calendar: workdays.Calendar) -> date:
    """The last day of a clock that begins the day after ``after``."""
    count = workdays.due_date if clock.unit == WORKING else workdays.calendar_due_date
    return count(after, clock.days, calendar).date


def days_left(clock: Clock, today: date, last: date, calendar: workdays.Calendar) -> int:
    """Days of the clock's own kind that are left after today; below zero when it is over."""
    early, late = min(today, last), max(today, last)
    if clock.unit == WORKING:
        between = workdays.count_working_days(early, late, calendar)
    else:
        between = (late - early).days
    return between if last >= today else -max(between, 1)


def may(act: str, state: str) -> bool:
    """True when the act may be done in this state."""
    return state in MOVES[act]


@dataclass(frozen=True, slots=True)
class Asked:
    """One field of Form B.1."""

    key: str
    label: str
    kind: str  # line, long, date
    group: str
    required: bool = False


FORM: tuple[Asked, ...] = (
    Asked("name", _("Your name"), "line", "reporter", required=True),
    Asked("birth", _("Place and date of birth"), "line", "reporter"),
    Asked("sex", _("Sex"), "line", "reporter"),
    Asked("job", _("Work"), "line", "reporter"),
    Asked("nationality", _("Nationality"), "line", "reporter"),
    Asked("address", _("Address"), "line", "reporter"),
    Asked("phone", _("Telephone"), "line", "reporter"),
    Asked("email", _("E-mail"), "line", "reporter"),
    Asked("party", _("Who is reported?"), "line", "party", required=True),
    Asked("party_address", _("Address of who is reported"), "line", "party"),
    Asked("what", _("What happened?"), "long", "event", required=True),
    Asked("where", _("Where did it happen?"), "line", "event", required=True),
    Asked("happened", _("When did it happen?"), "line", "event"),
    Asked("witnesses", _("Witnesses, with address and telephone"), "long", "proof"),
    Asked("evidence", _("Evidence, and where it is"), "long", "proof"),
    Asked("chronology", _("The course of events, step by step"), "long", "proof"),
)
"""Form B.1 (Perbawaslu 7/2022, secondary). The day of becoming known stands beside it in clear, because days are counted from it."""
GROUPS: Mapping[str, str] = {
    "reporter": _("Who reports"),
    "party": _("Who is reported"),
    "event": _("What happened"),
    "proof": _("Witnesses and evidence"),
}


def info(stage_id: object) -> bytes:
    """What a sealed report is bound to: the box of its stage. Browser and server use the same words."""
    return f"simpul:kotak-pemilu:{stage_id}".encode()
