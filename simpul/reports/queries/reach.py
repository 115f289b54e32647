"""Need, reach, decision and result: whom a programme should reach, whom somebody met, what was decided, what arrived; by hamlet or village.

The unit is the household, because that is whom an officer can walk to; a programme of persons or families counts a household when one of
its persons or families does. *Need* is what the programme's rule says today (yes, or unknown while facts are missing): it advises, and
decides nothing. A figure that opens its rows does so only for who may see the register of that area.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from django.db.models import F, Q, QuerySet

from simpul.lib import areas, small_cells
from simpul.lib.actor import MACHINE, Actor
from simpul.outreach.models import Visit
from simpul.people import access as people_access
from simpul.people.models import Household
from simpul.programmes.models import Appointment, Benefit, CardDoor, Decision
from simpul.programmes.queries import catalogue, screening
from simpul.reports import access, rules

PAGE = 50
REACHED_DAYS = 365
"""How long a meeting counts as "reached": a year, as registers are renewed by year (our choice)."""

Keys = dict[UUID, str]
FIGURES = tuple(rules.REACH)
FIRST = ("households", "reached", "never", "decided", "refused", "listed", "receives")
OF_RULE = ("need", "need_unknown", "need_unreached", "left_out", "without_need")
"""Figures that need a programme's rule."""


@dataclass(slots=True)
class Group:
    """One hamlet or village: the households that each figure counts."""

    key: str
    name: str = ""
    members: dict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))

    def count(self, figure: str) -> int:
        """How many households a figure counts here."""
        return len(self.members.get(figure, ()))


class Counted(Protocol):
    """A group of a table of households."""

    key: str

    def count(self, figure: str) -> int: ...


@dataclass(frozen=True, slots=True)
class Table:
    """The groups, and all of them together."""

    groups: Sequence[Group]
    total: Group
    by: str  # hamlet or village


def table(by: Actor, region_code: str, programme: str, at: datetime, need: Mapping[UUID, str]) -> Table:
    """Households of an area by hamlet (inside one village) or by village.

    Args:
        programme: its code, or "" for every programme together (then ``need`` is empty).
        need: household -> "yes", "no" or "unknown" by the programme's rule (``need_of``).
    """
    rows = _households(by, region_code)
    split = "hamlet" if len(region_code) == 10 else "village"
    column = "hamlet__name" if split == "hamlet" else "region_code"
    place: Keys = {key: name or "" for key, name in rows.values_list("id", column)}
    groups: dict[str, Group] = {}
    total = Group("")
    for figure, found in _figures(by, region_code, programme, at, place, need).items():
        for household in found:
            key = place[household]
            groups.setdefault(key, Group(key, key)).members[figure].add(household)
            total.members[figure].add(household)
    return Table([groups[key] for key in sorted(groups)], total, split)


def need_of(region_code: str, programme: str, on: date) -> dict[UUID, str]:
    """What a programme's rule says of every household of an area on a day: yes, no or unknown; empty when no rule is in force."""
    rule = next(
        (one for one in catalogue.rules_in_force(on, region_code) if one.programme_id == programme), None
    )
    if rule is None:
        return {}
    found = screening.screen(region_code, on, [rule])
    answers = screening.per_household(found, rule).tolist()
    keys = found.area.columns.keys["household"]
    return {key: screening.WORDS[answer] for key, answer in zip(keys, answers, strict=True) if answer >= 0}


def _households(by: Actor, region_code: str) -> QuerySet[Household]:
    rows = people_access.households(by).filter(ended_date=None)
    return rows.filter(areas.inside(region_code)) if region_code else rows


def _figures(
    by: Actor, region_code: str, programme: str, at: datetime, place: Keys, need: Mapping[UUID, str]
) -> dict[str, set[UUID]]:
    """Each figure's households. A fixed number of queries, whatever the area's size."""
    everybody = set(place)
    reached = everybody & _reached(by, region_code, at)
    decided, refused, receives, listed = (found & everybody for found in _decided(region_code, programme))
    yes = {key for key in everybody if need.get(key) == "yes"}
    unknown = {key for key in everybody if need.get(key) == "unknown"}
    no = {key for key in everybody if need.get(key) == "no"}
    return {
        "households": everybody,
        "need": yes,
        "need_unknown": unknown,
        "reached": reached,
        "never": everybody - reached - receives,
        "need_unreached": yes - reached,
        "decided": decided,
        "refused": refused,
        "listed": listed - receives,
        "receives": receives,
        "left_out": yes - receives,
        "without_need": receives & no,
    }


def _reached(by: Actor, region_code: str, at: datetime) -> set[UUID]:
    """Households somebody met or heard within a year: a matter of a member, a door where they were found, a visit that was kept."""
    since = at - timedelta(days=REACHED_DAYS)
    cases = access.counted(by).filter(areas.inside(region_code), received_at__gte=since)
    found: set[UUID | None] = {
        *cases.exclude(reporter__household=None).values_list("reporter__household_id", flat=True),
        *cases.exclude(about__household=None).values_list("about__household_id", flat=True),
        *CardDoor.objects.filter(
            areas.inside(region_code, "card__region_code"), undone_at=None, at__gte=since
        )
        .exclude(found="not_found")
        .exclude(card__person__household=None)
        .values_list("card__person__household_id", flat=True),
        *Visit.objects.filter(
            areas.inside(region_code), outcome="met", undone_at=None, visited_at__gte=since
        ).values_list("household_id", flat=True),
        *Appointment.objects.filter(
            areas.inside(region_code, "plan__region_code"), result="met", kept_at__gte=since
        )
        .exclude(plan__case__sensitivity="sealed")
        .exclude(plan__person__household=None)
        .values_list("plan__person__household_id", flat=True),
    }
    return {key for key in found if key}


def _decided(region_code: str, programme: str) -> tuple[set[UUID], set[UUID], set[UUID], set[UUID]]:
    """Households with a decision, with a refusal, that receive, that are listed or proposed."""
    decisions = Decision.objects.filter(areas.inside(region_code))
    benefits = Benefit.objects.filter(areas.inside(region_code)).exclude(state="ended")
    if programme:
        decisions, benefits = (
            decisions.filter(programme_id=programme),
            benefits.filter(programme_id=programme),
        )
    refused, receives, listed = set[UUID](), set[UUID](), set[UUID]()
    decided = set(decisions.values_list("household_id", flat=True))
    refused |= set(decisions.filter(outcome="no").values_list("household_id", flat=True))
    states = {"refused": refused, "receives": receives, "listed": listed, "proposed": listed}
    rows = benefits.values_list("state", "household_id", "family__household_id", "person__household_id")
    for state, *units in rows.iterator(chunk_size=5000):
        household = next((unit for unit in units if unit), None)
        if household is not None and state in states:
            states[state].add(household)
            if state != "proposed":
                decided.add(household)
    return decided, refused, receives, listed


def behind(by: Actor, keys: Iterable[UUID], page: int = 1) -> tuple[list[Household], bool]:
    """The households behind a number, by name, a page at a time; and whether there are more. Only those the actor may see."""
    wanted = list(keys)
    first = (max(1, page) - 1) * PAGE
    rows = people_access.households(by).filter(id__in=wanted).select_related("hamlet", "head")
    rows = rows.filter(Q(head=None) | Q(head__restricted_at=None))  # they bear the name of who wants no list
    found = list(rows.order_by("name", "id")[first : first + PAGE + 1])
    return found[:PAGE], len(found) > PAGE


@dataclass(frozen=True, slots=True)
class Overview:
    """The same figures for whoever leads the area and keeps no register of it: small groups hidden, nothing to open."""

    figures: tuple[str, ...]
    table: small_cells.Shown
    by: str


def overview(by: Actor, region_code: str, programme: str, at: datetime, need: Mapping[UUID, str]) -> Overview:
    """The figures of the actor's area with small groups hidden, also by what would betray them.

    A place outside the actor's area has no rows. Guarded are the parts of all households; figures overlap, so each stands alone.
    """
    whose = region_code if by.serves(region_code) else "-"
    found = table(without_register(by), whose, programme, at, need)
    figures = tuple(key for key in FIGURES if key in FIRST or (programme and key in OF_RULE))
    return Overview(figures, protected(found.groups, figures[1:]), found.by)


def without_register(by: Actor) -> Actor:
    """Who counts for somebody that keeps no register: everything of the area, to be shown with small groups hidden alone."""
    return replace(MACHINE, desk_ids=by.desk_ids)


def protected(groups: Iterable[Counted], figures: Sequence[str]) -> small_cells.Shown:
    """A table of households with small groups hidden."""
    rows = [
        small_cells.Row(one.key, one.count("households"), tuple(one.count(name) for name in figures))
        for one in groups
    ]
    return small_cells.protect(rows)


# --- who waits, and why it was refused -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits for a result: since when, for what, how long."""

    household_id: UUID | None
    what: str
    programme: str
    since: datetime
    days: int


def waiting(by: Actor, region_code: str, programme: str, at: datetime, limit: int = 20) -> list[Waiting]:
    """Who waits longest: aid proposed or listed that does not arrive, and matters of the register's people without an answer."""
    benefits = (
        Benefit.objects.filter(areas.inside(region_code), state__in=("proposed", "listed"))
        .filter(Q(person=None) | Q(person__restricted_at=None))
        .annotate(home=F("household_id"), home_f=F("family__household_id"), home_p=F("person__household_id"))
        .order_by("recorded_at")
    )
    if programme:
        benefits = benefits.filter(programme_id=programme)
    seen = people_access.households(by)
    found = [
        Waiting(home, "benefit", one.programme_id, one.recorded_at, (at - one.recorded_at).days)
        for one in benefits[: limit * 3]
        if (home := one.home or one.home_f or one.home_p)
    ]
    if not programme:
        found += [
            Waiting(about or reporter, "case", number, since, (at - since).days)
            for about, reporter, number, since in _open_matters(by, region_code)[:limit]
        ]
    known = set(
        seen.filter(id__in=[one.household_id for one in found if one.household_id]).values_list(
            "id", flat=True
        )
    )
    kept = [one for one in found if one.household_id in known]
    return sorted(kept, key=lambda one: one.since)[:limit]


def _open_matters(by: Actor, region_code: str) -> Any:
    """Open social matters of the register's people: household of whom it is about, of who told it, number, since when."""
    rows = access.counted(by).filter(areas.inside(region_code), is_open=True, kind__group="social")
    return rows.order_by("received_at").values_list(
        "about__household_id", "reporter__household_id", "number", "received_at"
    )


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something was refused: by whom, in their words, when."""

    household_id: UUID
    programme: str
    words: str
    at: datetime


def refusals(by: Actor, region_code: str, programme: str, limit: int = 20) -> list[Refusal]:
    """The newest refusals with the words of who decided."""
    decisions = Decision.objects.filter(
        areas.inside(region_code), outcome="no", household__in=people_access.households(by)
    )
    if programme:
        decisions = decisions.filter(programme_id=programme)
    rows = decisions.order_by("-decided_at").values_list("household_id", "programme_id", "why", "decided_at")
    return [Refusal(*row) for row in rows[:limit]]


def refused_by_programme(by: Actor, region_code: str) -> list[tuple[str, int]]:
    """How many refusals each programme has, the most first."""
    counted: dict[str, int] = defaultdict(int)
    rows = Decision.objects.filter(
        areas.inside(region_code), outcome="no", household__in=people_access.households(by)
    )
    for code in rows.values_list("programme_id", flat=True):
        counted[code] += 1
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
