"""What a musyawarah needs before it may be closed, who counts as present, and where deciders decide about their own house.

Sources: the flow of musyawarah desa in the practice of DTKS and DTSEN (list in, objections called usul and sanggah, list out, berita acara,
by-name-by-address list through Dinsos; secondary); Permendes 2/2024 for BLT Desa (special meeting; secondary). Quorums and the days for
objections are data (``meetings/catalogue/kinds.toml``), unconfirmed, and kept with each meeting.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


GROUPS: Mapping[str, str] = {
    "women": _("Women"),
    "men": _("Men"),
    "poor": _("Poor residents"),
    "disabled": _("Persons with disabilities"),
    "elderly": _("Elderly"),
    "youth": _("Young people"),
    "rt": _("RT, RW, hamlet heads"),
    "bpd": _("BPD"),
    "village": _("Village government"),
    "leaders": _("Religious and customary leaders"),
    "cadres": _("Cadres"),
    "district": _("Sub-district and district"),
}
"""Groups a person may belong to, several at once. Who is counted without a name is counted in one of them."""
STATES: Mapping[str, str] = {
    "planned": _("Planned"),
    "held": _("Being held"),
    "closed": _("Closed"),
    "withdrawn": _("Called off"),
}
MOVES: Mapping[str, tuple[str, str]] = {
    "meeting.hold": ("planned", "held"),
    "meeting.close": ("held", "closed"),
    "meeting.withdraw": ("planned", "withdrawn"),
}
"""Act -> from which state to which."""
OUTCOMES: Mapping[str, str] = {
    "in": _("On the list"),
    "out": _("Not on the list"),
    "deferred": _("Put off"),
}
OBJECTIONS: Mapping[str, str] = {
    "usul": _("Proposes a name (usul)"),
    "sanggah": _("Objects to a name (sanggah)"),
}
PHASES: Mapping[str, str] = {
    "before": _("before the meeting"),
    "during": _("during the meeting"),
    "after": _("after the meeting"),
}
ANSWERS: Mapping[str, str] = {"upheld": _("Granted"), "refused": _("Refused")}
SOURCES: Mapping[str, str] = {
    "typed": _("typed"),
    "list": _("from a list"),
    "register": _("from the register"),
    "usul": _("proposed in the meeting"),
    "older": _("from the version before"),
}
SHORTFALLS: Mapping[str, str] = {"people": _("too few people"), "group": _("nobody of this group")}


@dataclass(frozen=True, slots=True)
class Needed:
    """The quorum of one meeting; nought and no groups ask for nothing."""

    people: int = 0
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Came:
    """Somebody whose name is on the attendance list."""

    groups: tuple[str, ...]
    came: bool | None


@dataclass(frozen=True, slots=True)
class Present:
    """How many were there: by name, counted without a name, and by group."""

    named: int
    counted: int
    by_group: Mapping[str, int]
    absent: int  # asked, and did not come

    @property
    def people(self) -> int:
        """Everybody who was there."""
        return self.named + self.counted


@dataclass(frozen=True, slots=True)
class Short:
    """One thing that is missing for the quorum."""

    what: str  # people, group
    group: str = ""
    needed: int = 0
    there: int = 0


def present(named: Iterable[Came], counted: Mapping[str, int]) -> Present:
    """Who was there. A named person counts once, and in each of their groups; unnamed people are counted in one group.

    Args:
        counted: group -> how many were counted by the button; never below nought.
    """
    rows = list(named)
    there = [one for one in rows if one.came]
    groups = {group: max(0, counted.get(group, 0)) for group in GROUPS}
    for one in there:
        for group in one.groups:
            groups[group] = groups.get(group, 0) + 1
    return Present(
        named=len(there),
        counted=sum(max(0, number) for number in counted.values()),
        by_group=groups,
        absent=sum(one.came is not True for one in rows),
    )


def shortfalls(found: Present, needed: Needed) -> list[Short]:
    """What is missing for the quorum; empty when it is met."""
    missing = []
    if found.people < needed.people:
        missing.append(Short("people", needed=needed.people, there=found.people))
    missing += [
        Short("group", group=group, needed=1) for group in needed.groups if not found.by_group.get(group)
    ]
    return missing


@dataclass(frozen=True, slots=True)
class Open:
    """What keeps a list from being closed."""

    undecided: tuple[UUID, ...] = ()
    unanswered: tuple[UUID, ...] = ()
    empty: bool = False

    def __bool__(self) -> bool:
        """True while something is open."""
        return bool(self.undecided or self.unanswered or self.empty)


@dataclass(frozen=True, slots=True)
class Asked:
    """One objection as the rule needs it."""

    id: UUID
    kind: str
    item_id: UUID | None
    answer: str


def left_open(
    items: Mapping[UUID, str], objections: Iterable[Asked], *, reads_names: bool, course: str = ""
) -> Open:
    """What still has to be said: a decision for every name, an answer to every objection.

    A proposal of a name (usul) is answered by the decision on that name. A meeting that reads no names needs its course written down.

    Args:
        items: name's id -> outcome, "" while nothing is decided.
    """
    undecided = tuple(key for key, outcome in items.items() if not outcome)
    unanswered = tuple(
        one.id
        for one in objections
        if not one.answer
        and not (one.kind == "usul" and one.item_id is not None and bool(items.get(one.item_id)))
    )
    return Open(undecided, unanswered, empty=not items if reads_names else not (items or course))


def last_objection_day(closed: date, days: int) -> date:
    """The last day on which an objection is in time, ``days`` days after the day of closing."""
    return closed + timedelta(days=days)


def phase_of(state: str) -> str:
    """When an objection comes, by the state of its meeting."""
    return {"planned": "before", "held": "during"}.get(state, "after")


@dataclass(frozen=True, slots=True)
class Decider:
    """Somebody with a voice in the decisions: their house, and the keys of their name."""

    name: str
    person_id: UUID | None = None
    household_id: UUID | None = None
    family_id: UUID | None = None
    name_key: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """One name on the list, for the look at conflicts."""

    id: UUID
    name_key: str = ""
    person_id: UUID | None = None
    household_ids: frozenset[UUID] = field(default_factory=frozenset)
    family_ids: frozenset[UUID] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Conflict:
    """A decider decides about their own house. ``sure`` is false when only the names are alike."""

    item_id: UUID
    decider: str
    sure: bool


def conflicts(deciders: Iterable[Decider], items: Iterable[Read]) -> list[Conflict]:
    """Where somebody with a voice, or somebody of their household or family, is on the list.

    It is shown and written into the minutes; it forbids nothing (unconfirmed: village regulations differ).
    """
    voices = list(deciders)
    found = []
    for item in items:
        for one in voices:
            sure = (
                (one.person_id is not None and one.person_id == item.person_id)
                or (one.household_id is not None and one.household_id in item.household_ids)
                or (one.family_id is not None and one.family_id in item.family_ids)
            )
            if sure or (one.name_key and one.name_key == item.name_key and item.person_id is None):
                found.append(Conflict(item.id, one.name, sure))
    return found


def votes_fit(for_it: int | None, against: int | None, abstained: int | None, present_people: int) -> bool:
    """True when no more votes were counted than people were there; unknown numbers are no votes."""
    return sum(number or 0 for number in (for_it, against, abstained)) <= present_people


def known_groups(wanted: Collection[str]) -> bool:
    """True when each is a group we know."""
    return all(group in GROUPS for group in wanted)
