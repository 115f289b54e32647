"""Night watch: whose turn it is, which night a moment belongs to, when a guest's report is late. Pure.

The roster is a ring. Whoever kept watch goes to its end; whoever is exempt that night goes to its end, too, as if they had; whoever kept
watch last night stays where they are and is taken the night after. So the order of people who are never exempt is never broken, their
nights differ by at most one, and nobody is asked two nights running, as long as twice as many people are free as one night needs.
Where they are not, nights stay short and are named: the rule asks nobody twice in a row to hide that people are missing.

Source: SE Mendagri 300.1.4/e.1/BAK (3 September 2025) asks villages to keep the siskamling going and leaves the turns to them; the
report of guests within 24 hours is old custom of RT/RW (unconfirmed: village regulations differ).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


EXEMPTIONS: Mapping[str, str] = {
    "elderly": _("elderly"),
    "disabled": _("disabled"),
    "birth": _("a child was just born"),
    "night_work": _("works at night"),
    "ill": _("ill"),
    "away": _("away for a while"),
    "other": _("another reason"),
}
MODES: Mapping[str, str] = {"person": _("person by person"), "group": _("group by group")}
ROADS: Mapping[str, str] = {"present": _("in person"), "phone": _("by telephone"), "message": _("by message")}
GEAR: Mapping[str, str] = {
    "key": _("key"),
    "kentongan": _("kentongan"),
    "torch": _("torch"),
    "radio": _("hand-held radio"),
    "first_aid": _("first-aid box"),
    "extinguisher": _("fire extinguisher"),
    "book": _("book of mutations"),
    "other": _("other thing"),
}
CONDITIONS: Mapping[str, str] = {"good": _("good"), "damaged": _("damaged"), "missing": _("missing")}
SEVERITIES: Mapping[str, str] = {"low": _("light"), "medium": _("serious"), "high": _("very serious")}
BODIES: Mapping[str, str] = {
    "head": _("Village head"),
    "rt": _("Head of RT or hamlet"),
    "babinsa": _("Babinsa"),
    "bhabinkamtibmas": _("Bhabinkamtibmas"),
    "police": _("Police (110)"),
    "puskesmas": _("Puskesmas or ambulance (119)"),
    "bpbd": _("BPBD"),
    "fire": _("Fire brigade (113)"),
    "damkar_village": _("Volunteers of the village"),
    "pln": _("PLN (123)"),
    "family": _("The family"),
    "other": _("Others"),
}
ROSTER_STATES: Mapping[str, str] = {
    "draft": _("draft"),
    "published": _("published"),
    "withdrawn": _("withdrawn"),
}
SWAP_STATES: Mapping[str, str] = {
    "asked": _("waits for consent"),
    "agreed": _("agreed"),
    "refused": _("refused"),
}

GUEST_HOURS = 24
"""After so many hours a guest should have been reported. Custom of RT/RW; unconfirmed."""
NOON = time(12, 0)
LONGEST_PERIOD = 62
"""Days of the longest roster."""
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Free:
    """A period in which somebody is asked for no nights; without an end while it lasts."""

    first: date
    last: date | None = None

    def covers(self, night: date) -> bool:
        """True when the night lies in the period."""
        return self.first <= night and (self.last is None or night <= self.last)


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody who takes turns: exemptions, and the last night they kept watch before the period."""

    key: str
    free: tuple[Free, ...] = ()
    last_night: date | None = None
    group: str = ""

    def exempt(self, night: date) -> bool:
        """True when nobody may ask for this night."""
        return any(one.covers(night) for one in self.free)


@dataclass(frozen=True, slots=True)
class Plan:
    """Who keeps watch on which night, and the nights for which there are too few people."""

    nights: dict[date, tuple[str, ...]] = field(default_factory=dict)
    short: tuple[date, ...] = ()

    def counts(self) -> dict[str, int]:
        """How many nights each has."""
        found: dict[str, int] = {}
        for keys in self.nights.values():
            for key in keys:
                found[key] = found.get(key, 0) + 1
        return found


def days(first: date, last: date) -> list[date]:
    """Every night from the first to the last."""
    return [first + timedelta(days=step) for step in range((last - first).days + 1)]


def plan_persons(
    nights: Sequence[date],
    turns: Sequence[Turn],
    per_night: int,
    fixed: Mapping[date, Collection[str]] | None = None,
) -> Plan:
    """A roster person by person; ``fixed`` are nights that stand already, because a swap was agreed.

    Of people who are never exempt in the period the nights differ by at most one, and nobody gets two nights running (see the head of
    the file for when nights stay short). Fixed nights are kept as they are.
    """
    kept = fixed or {}
    ring = [one.key for one in _in_order(turns)]
    known = {one.key: one for one in turns}
    last = {one.key: one.last_night for one in turns if one.last_night}
    made: dict[date, tuple[str, ...]] = {}
    short = []
    for night in nights:
        standing = [key for key in kept.get(night, ()) if key in known]
        taken, passed, held = list(standing), [], []
        tomorrow = set(kept.get(night + _ONE_DAY, ()))
        for key in [key for key in ring if key not in standing]:
            if len(taken) >= per_night:
                held.append(key)
            elif known[key].exempt(night):
                passed.append(key)
            elif last.get(key) == night - _ONE_DAY or key in tomorrow:
                held.append(key)
            else:
                taken.append(key)
        ring = [*held, *sorted((*taken, *passed), key=ring.index)]
        last.update(dict.fromkeys(taken, night))
        made[night] = tuple(taken)
        if len(taken) < per_night:
            short.append(night)
    return Plan(made, tuple(short))


def plan_groups(nights: Sequence[date], turns: Sequence[Turn]) -> Plan:
    """A roster group by group: the groups follow each other, and everybody of the group who is not exempt comes.

    The group that was longest ago begins. With one group alone every other night stays empty.
    """
    groups = _groups(turns)
    ring = [name for name, _members in groups]
    members = dict(groups)
    last: dict[str, date] = {}
    for name, people in groups:
        seen = [one.last_night for one in people if one.last_night]
        if seen:
            last[name] = max(seen)
    made: dict[date, tuple[str, ...]] = {}
    short = []
    for night in nights:
        turn = next((one for one in ring if last.get(one) != night - _ONE_DAY), "")
        taken = tuple(one.key for one in members.get(turn, ()) if not one.exempt(night))
        if turn:
            ring.remove(turn)
            ring.append(turn)
            last[turn] = night
        made[night] = taken
        if not taken:
            short.append(night)
    return Plan(made, tuple(short))


def _groups(turns: Sequence[Turn]) -> list[tuple[str, list[Turn]]]:
    """Groups with their people, the one that kept watch longest ago first."""
    named = [one for one in turns if one.group]
    found = [
        (name, list(people))
        for name, people in groupby(sorted(named, key=lambda one: one.group), key=lambda one: one.group)
    ]
    return sorted(found, key=lambda pair: (max(one.last_night or date.min for one in pair[1]), pair[0]))


def _in_order(turns: Iterable[Turn]) -> list[Turn]:
    """Who kept watch longest ago comes first; the order given decides between equals."""
    return sorted(turns, key=lambda one: one.last_night or date.min)


def fair(plan: Plan, turns: Iterable[Turn]) -> int:
    """By how many nights people who are never exempt in the period differ; 0 and 1 are fair."""
    counts = plan.counts()
    whole = [counts.get(one.key, 0) for one in turns if not any(one.exempt(night) for night in plan.nights)]
    return max(whole) - min(whole) if whole else 0


def running(nights: Mapping[date, Collection[str]]) -> set[tuple[str, date]]:
    """Who stands on two nights running, with the second of them."""
    return {
        (key, night)
        for night, keys in nights.items()
        for key in keys
        if key in nights.get(night - _ONE_DAY, ())
    }


def night_of(local: datetime) -> date:
    """The night a moment belongs to, in the place's own time: before noon it is still the night before."""
    return local.date() - _ONE_DAY if local.time() < NOON else local.date()


def moment_in_night(night: date, clock: time, zone: object) -> datetime:
    """The moment of a time of day in a night: before noon it is on the day after."""
    day = night + _ONE_DAY if clock < NOON else night
    return datetime.combine(day, clock, zone)  # type: ignore[arg-type]


def reported_late(arrived_at: datetime, reported_at: datetime) -> bool:
    """True when a guest was reported more than 24 hours after they came (1 x 24 hours, custom of RT/RW; unconfirmed)."""
    return reported_at - arrived_at > timedelta(hours=GUEST_HOURS)


def month(day: date) -> tuple[date, date]:
    """The first and the last day of a month."""
    first = day.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return first, following - _ONE_DAY
