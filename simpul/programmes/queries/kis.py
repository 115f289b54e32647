"""Switched-off cards: how far each list has come, by hamlet and by facilitator; doors, doubts, waits and duties; one card.

Counts are grouped by the database: the same few queries for a list of forty and of forty thousand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from simpul.desks.models import Seat
from simpul.journal.models import Line
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.people import access as people_access
from simpul.people.models import Profile
from simpul.programmes.access import kis as access
from simpul.programmes.models import Card, CardDoor, Deactivation
from simpul.programmes.models.kis import CardSet
from simpul.programmes.queries import kis_rules
from simpul.programmes.rules import kis as rules

PAGE = 50
_NOBODY = UUID(int=0)
MOST_DOORS = 500

_VISITED = Q(door__in=sorted(rules.VISITED))
_ASKED = ~Q(state="")
COUNTS: Mapping[str, Q] = {
    "matched": Q(match__in=("sure", "decided")),
    "doubtful": Q(match="doubtful"),
    "given": Q(seat__isnull=False),
    "visited": _VISITED,
    "reached": Q(door__in=sorted(rules.REACHED)),
    "asked": _ASKED,
    "proposed": Q(state__in=sorted(rules.BY_THE_MINISTRY)),
    "restored": Q(state__in=sorted(rules.RESTORED)),
    "refused": Q(state__in=(rules.REJECTED, rules.MINISTRY_NO)),
    "not_found": Q(door=rules.NOT_FOUND),
    "moved": Q(door=rules.MOVED),
    "dead": Q(door=rules.DEAD),
    "unwilling": Q(door=rules.REFUSED_TO_ASK),
    "pressing": Q(rank__lte=rules.rank("child"), state="") & ~Q(door__in=(rules.DEAD, rules.REFUSED_TO_ASK)),
}
"""What is counted of a list: name -> condition on its cards. ``pressing``: people in need for whom nobody has asked yet."""


STATE_GROUPS: Mapping[str, frozenset[str]] = {
    "none": frozenset({rules.NOT_ASKED}),
    "asked": frozenset(rules.STATES),
    "proposed": rules.BY_THE_MINISTRY,
    "restored": rules.RESTORED,
    "refused": frozenset({rules.REJECTED, rules.MINISTRY_NO}),
}
"""States that are counted together, by the word a list of them is asked for with: a number opens exactly its cards."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a list, a hamlet or a facilitator has come."""

    listed: int
    counts: Mapping[str, int]

    def __getitem__(self, name: str) -> int:
        return self.listed if name == "listed" else self.counts[name]

    def share(self, name: str) -> int:
        """A count in whole percent of the list; 0 for an empty one."""
        return round(100 * self[name] / self.listed) if self.listed else 0

    @property
    def waits(self) -> int:
        """People on the list for whom nobody has asked, and who are neither dead, gone nor unwilling: the gap."""
        return self.listed - self["asked"] - self["dead"] - self["moved"] - self["unwilling"]


@dataclass(frozen=True, slots=True)
class Part:
    """A hamlet's or a facilitator's part of a list."""

    key: str
    name: str
    region_code: str
    hamlet_id: UUID | None
    seat_id: UUID | None
    progress: Progress


def _aggregates() -> dict[str, Count]:
    return {f"n_{name}": Count("id", filter=condition) for name, condition in COUNTS.items()}


def _progress(row: Mapping[str, Any]) -> Progress:
    return Progress(row["n_listed"], {name: row[f"n_{name}"] for name in COUNTS})


def _cards(by: Actor, deactivation_id: UUID | None, region_code: str = "") -> CardSet:
    rows = access.visible(by).inside(region_code)
    return rows.filter(deactivation_id=deactivation_id) if deactivation_id is not None else rows


def progress(by: Actor, deactivation_id: UUID | None = None, region_code: str = "") -> Progress:
    """How far everything this actor sees has come; of one list, or of all. One query."""
    found = _cards(by, deactivation_id, region_code).aggregate(n_listed=Count("id"), **_aggregates())
    return _progress(found)


def lists(by: Actor) -> list[tuple[Deactivation, Progress]]:
    """The lists that touch this actor's area, the newest first, each with how far it has come there. Two queries."""
    groups = list(access.lists(by).order_by("-off_date", "-loaded_at")[:200])
    rows = access.visible(by).filter(deactivation__in=groups).values("deactivation_id")
    counted = {
        row["deactivation_id"]: _progress(row)
        for row in rows.annotate(n_listed=Count("id"), **_aggregates()).order_by()
    }
    empty = Progress(0, dict.fromkeys(COUNTS, 0))
    return [(group, counted.get(group.id, empty)) for group in groups]


def by_hamlet(by: Actor, deactivation_id: UUID | None = None, region_code: str = "") -> list[Part]:
    """How far each hamlet has come, the longest way to go first; people whose hamlet nobody knows stand under their village. One query."""
    rows = _cards(by, deactivation_id, region_code).values("region_code", "hamlet_id", "hamlet__name")
    found = [
        Part(
            key=f"{row['region_code']}:{row['hamlet_id'] or ''}",
            name=row["hamlet__name"] or "",
            region_code=row["region_code"],
            hamlet_id=row["hamlet_id"],
            seat_id=None,
            progress=_progress(row),
        )
        for row in rows.annotate(n_listed=Count("id"), **_aggregates()).order_by()
    ]
    return sorted(found, key=lambda part: (-part.progress.waits, part.region_code, part.name))


def by_facilitator(by: Actor, deactivation_id: UUID | None = None, region_code: str = "") -> list[Part]:
    """How far each facilitator has come; doors given to nobody stand last. One query."""
    rows = _cards(by, deactivation_id, region_code).values("seat_id", "seat__user__full_name")
    found = [
        Part(
            key=str(row["seat_id"] or ""),
            name=row["seat__user__full_name"] or "",
            region_code="",
            hamlet_id=None,
            seat_id=row["seat_id"],
            progress=_progress(row),
        )
        for row in rows.annotate(n_listed=Count("id"), **_aggregates()).order_by()
    ]
    return sorted(found, key=lambda part: (part.seat_id is None, part.name))


def by_state(by: Actor, deactivation_id: UUID | None = None, region_code: str = "") -> dict[str, int]:
    """How many cards stand in each state of the application ("" nothing asked). One query, for the reports."""
    rows = _cards(by, deactivation_id, region_code).values_list("state").annotate(n=Count("id")).order_by()
    return dict(rows)


# --- doors --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address says about a list of cards; "" is everything."""

    deactivation_id: UUID | None = None
    region: str = ""
    hamlet_id: UUID | None = None
    seat_id: UUID | None = None
    nobody: bool = False  # given to nobody
    door: str = ""
    state: str = ""
    need: str = ""
    words: str = ""
    open_doors: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class Page:
    """One page of cards, in the order of doors."""

    rows: tuple[Card, ...]
    total: int
    has_next: bool


def listed(by: Actor, filters: Filters, *, size: int = PAGE) -> Page:
    """A page of the cards this actor sees, those in the greatest need first."""
    rows = _filtered(by, filters)
    first = (max(1, filters.page) - 1) * size
    ordered = rows.select_related("hamlet", "seat__user").order_by("rank", "name_key", "id")
    found = list(ordered[first : first + size + 1])
    return Page(tuple(found[:size]), rows.count(), len(found) > size)


def _filtered(by: Actor, filters: Filters) -> CardSet:
    rows = _cards(by, filters.deactivation_id, filters.region)
    exact = {
        "hamlet_id": filters.hamlet_id,
        "seat_id": filters.seat_id,
        "door": filters.door,
        "need": filters.need,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if filters.state in STATE_GROUPS:
        rows = rows.filter(state__in=sorted(STATE_GROUPS[filters.state]))
    elif filters.state:
        rows = rows.filter(state=filters.state)
    if filters.nobody:
        rows = rows.filter(seat=None)
    if filters.open_doors:
        rows = rows.at_the_door()
    if filters.words:
        key = text.name_key(filters.words)
        digits = "".join(sign for sign in filters.words if sign.isdigit())
        wanted = Q(name_key__contains=key) if key else Q(name__icontains=filters.words)
        rows = rows.filter(wanted | Q(kis_number=digits)) if len(digits) > 5 else rows.filter(wanted)
    return rows


def doors(by: Actor, *, seat_id: UUID | None = None, hamlet_id: UUID | None = None) -> list[Card]:
    """The open doors of a facilitator in the order in which they are walked: by need, then by hamlet and name."""
    rows = access.visible(by).at_the_door().filter(seat_id=seat_id or by.seat_id or _NOBODY)
    if hamlet_id is not None:
        rows = rows.filter(hamlet_id=hamlet_id)
    ordered = rows.select_related("hamlet", "deactivation").order_by("rank", "hamlet__name", "name_key", "id")
    return list(ordered[:MOST_DOORS])


def under_way(by: Actor, *, seat_id: UUID | None = None) -> list[Card]:
    """The doors of a facilitator that were visited, and their applications: newest first."""
    rows = access.visible(by).filter(seat_id=seat_id or by.seat_id or _NOBODY).filter(_VISITED)
    ordered = (
        rows.exclude(door=rules.NOT_FOUND, state="").select_related("hamlet").order_by("-changed_at", "-id")
    )
    return list(ordered[:MOST_DOORS])


def doubtful(
    by: Actor, *, page: int = 1, size: int = 20
) -> tuple[list[tuple[Card, list[dict[str, Any]]]], int]:
    """Cards of which nobody knows for sure who they are, with the persons they may be; and how many there are. Three queries.

    Only persons whom the actor sees in the register are offered.
    """
    rows = access.visible(by).filter(match="doubtful", state="")
    first = (max(1, page) - 1) * size
    cards = list(rows.select_related("hamlet").order_by("rank", "name_key", "id")[first : first + size])
    named = {UUID(one["person"]) for card in cards for one in card.candidates}
    seen = people_access.visible(by).filter(id__in=named)
    people = seen.select_related("hamlet").in_bulk()
    found = [
        (
            card,
            [
                {**one, "person": people[UUID(one["person"])]}
                for one in card.candidates
                if UUID(one["person"]) in people
            ],
        )
        for card in cards
    ]
    return found, rows.count()


# --- waiting for others -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Waiting:
    """A card at the ministry: since when, when it was last asked about, and whether it is time to ask again."""

    card: Card
    days: int
    late: bool


def at_ministry(by: Actor, today: date) -> list[Waiting]:
    """The cards that wait for the ministry, those to ask about first. The days come from the rule followed in their area."""
    rows = access.visible(by).filter(state=rules.PROPOSED).select_related("hamlet")
    days: dict[str, int] = {}
    found = []
    for card in rows.order_by("proposed_date", "id")[:2000]:
        area = card.region_code[:6]
        if area not in days:
            days[area] = kis_rules.followed(card.region_code, today).follow_up_days
        waited = (today - card.proposed_date).days if card.proposed_date else 0
        late = rules.needs_follow_up(card.proposed_date, card.chased_date, today, days[area])
        found.append(Waiting(card, waited, late))
    return sorted(found, key=lambda one: (not one.late, one.card.rank, -one.days))


def duties(by: Actor, today: date) -> list[tuple[Card, int]]:
    """Cards that work again and whose family's data must still be brought up to date, with the days that are left; the nearest first."""
    rows = access.visible(by).filter(state=rules.REACTIVATED).select_related("hamlet", "seat__user")
    found = rows.order_by("data_due_date", "id")[:2000]
    return [(card, (card.data_due_date - today).days if card.data_due_date else 0) for card in found]


def to_do(by: Actor) -> dict[str, int]:
    """How many cards wait in each state that an office acts on, and how many are doubtful. One query."""
    waiting = {
        "check": Q(state__in=(rules.SUBMITTED,)),
        "revision": Q(state=rules.REVISION),
        "eligibility": Q(state__in=(rules.CHECK, rules.ELIGIBILITY)),
        "approval": Q(state=rules.AWAITING),
        "propose": Q(state=rules.ISSUED),
        "ministry": Q(state=rules.PROPOSED),
        "confirm": Q(state=rules.MINISTRY_YES),
        "duty": Q(state=rules.REACTIVATED),
        "doubtful": Q(match="doubtful", state=""),
    }
    counts = {name: Count("id", filter=condition) for name, condition in waiting.items()}
    return dict(access.visible(by).aggregate(**counts))


# --- one card -----------------------------------------------------------------------------------------------------------


def history(card: Card) -> list[Line]:
    """What was done with a card, oldest first; the caller has checked that its actor may see it."""
    found = Line.objects.filter(subject_kind="card", subject_id=card.id)
    return list(found.order_by("at", "recorded_at", "id")[:300])


def visits(card: Card) -> list[CardDoor]:
    """What was found at its door, newest first, also what was taken back."""
    return list(card.doors.order_by("-at", "-id")[:50])


def office_of(card: Card) -> str:
    """A position in the person's family that a rule may leave out; "" is unknown."""
    person = card.person
    if person is None:
        return ""
    family = Q(person__family_id=person.family_id) if person.family_id else Q(person_id=person.id)
    told = list(Profile.objects.filter(family).exclude(office="").values_list("office", flat=True))
    return next((office for office in told if office in rules.EXCLUDED), "none" if told else "")


def of_persons(by: Actor, person_ids: Iterable[UUID]) -> list[Card]:
    """The switched-off cards of some persons, for the page of their household; as far as this actor sees them."""
    rows = access.visible(by).filter(person_id__in=list(person_ids)).select_related("deactivation", "person")
    return list(rows.order_by("rank", "name_key"))


def facilitators(by: Actor, at: datetime) -> list[Seat]:
    """The facilitators who sit in this actor's area, by name."""
    seats = Seat.objects.current(at).filter(role="facilitator").select_related("user", "desk")
    found = [
        seat
        for seat in seats
        if any(
            area.startswith(mine) or mine.startswith(area)
            for area in (tuple(seat.areas) or (seat.desk.region_code,))
            for mine in by.served_areas
        )
    ]
    return sorted(found, key=lambda seat: (str(seat.user.full_name), str(seat.id)))


def exported(by: Actor, deactivation_id: UUID) -> Iterator[Card]:
    """Every card of a list this actor sees, in the order of doors, for the spreadsheet."""
    rows = _cards(by, deactivation_id).select_related("hamlet", "seat__user", "case")
    return rows.order_by("rank", "name_key", "id").iterator(chunk_size=1000)


def next_steps(card: Card) -> Sequence[str]:
    """The acts that may start from where the card stands, before permissions."""
    return rules.acts_from(card.state)


def find(by: Actor, name: str, region_code: str) -> UUID | None:
    """The card of this name in an area, among those this actor sees; None when there is none, or more than one."""
    found = list(access.visible(by).inside(region_code).filter(name=name).values_list("id", flat=True)[:2])
    return found[0] if len(found) == 1 else None
