"""Who was reached: every person once, however often and by whatever they were met; what that cost, and what ways it saved them.

Definition. A *mark* is something that was written down about a meeting: a guest's line, a visit where the household was met, a
delivery, a matter. A person with a mark counts once. A household that was met without saying which of its people counts as one
person, unless one of its people has a mark of their own. A name in the guest book that belongs to nobody known counts once for the
same name from the same place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Mark:
    """One meeting: with a known person (and the household they live in), a household, or somebody of whom only the name is known."""

    how: str  # guest, visit, delivery, matter
    person: UUID | None = None
    household: UUID | None = None
    name: str = ""
    place: str = ""  # where they live: a village's code, "" unknown


@dataclass(frozen=True, slots=True)
class Seen:
    """How many were reached. ``by_how`` counts marks and may be larger than ``people``."""

    people: int = 0
    households: int = 0
    unknown_names: int = 0
    by_how: Mapping[str, int] | None = None
    places: tuple[tuple[str, int], ...] = ()  # where the reached live -> how many of them


def count(marks: Iterable[Mark]) -> Seen:
    """Everybody once."""
    every = list(marks)
    persons: dict[UUID, str] = {}
    lived_in: set[UUID] = set()
    bare: dict[UUID, str] = {}
    names: dict[tuple[str, str], str] = {}
    by_how: dict[str, int] = {}
    for one in every:
        by_how[one.how] = by_how.get(one.how, 0) + 1
        if one.person is not None:
            persons[one.person] = one.place or persons.get(one.person, "")
            if one.household is not None:
                lived_in.add(one.household)
        elif one.household is not None:
            bare[one.household] = one.place or bare.get(one.household, "")
        else:
            names[one.name, one.place] = one.place
    alone = {key: place for key, place in bare.items() if key not in lived_in}
    places: dict[str, int] = {}
    for place in (*persons.values(), *alone.values(), *names.values()):
        places[place] = places.get(place, 0) + 1
    return Seen(
        people=len(persons) + len(alone) + len(names),
        households=len(lived_in | set(bare)),
        unknown_names=len(names),
        by_how=by_how,
        places=tuple(sorted(places.items())),
    )


def cost_each(cost: int | None, people: int) -> int | None:
    """Whole rupiah per person reached, rounded up; None when the cost is not known or nobody was reached."""
    return None if cost is None or people <= 0 else -(-cost // people)


@dataclass(frozen=True, slots=True)
class Saved:
    """Ways that residents did not have to go: minutes there and back, of how many; for how many nobody has said how long it is."""

    minutes: int
    people: int
    unknown: int


def saved(places: Iterable[tuple[str, int]], minutes_to_office: Mapping[str, int]) -> Saved:
    """What the reached saved: their fastest way to the office and back, once each."""
    minutes = people = unknown = 0
    for place, number in places:
        one_way = minutes_to_office.get(place)
        if one_way is None:
            unknown += number
        else:
            minutes += 2 * one_way * number
            people += number
    return Saved(minutes, people, unknown)
