"""Deciding about two households that may be one, and about a person said to live in two. Nothing is overwritten; it can be undone."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.people import access
from simpul.people.actions import _reading, _units, households
from simpul.people.models import Family, Household, HouseholdDoubt, Person
from simpul.people.rules.history import Said

DECISIONS = {"lives": ("first", "second", "same"), "nik": ("same", "different")}
"""What can be said: where the person lives, or whether the two are one; for all reasons but *lives* the same."""


class TwinsSettledAlready(Refused):
    """Somebody was faster, or one of the two has ended since."""

    code = "household.settled_already"
    sentence = _("This was decided already, or one of the two households has ended. Reload the page.")


class TwinsDecisionUnreadable(Refused):
    """None of the answers to the question."""

    code = "household.decision_unreadable"
    sentence = _("Choose one of the answers.")
    field = "decision"


def settle_household(
    *, by: Actor, at: datetime, doubt_id: UUID, decision: str, words: str = ""
) -> HouseholdDoubt:
    """Decide: ``first`` or ``second`` is where the person lives; ``same``: the two are one household; ``different``: they are two.

    As one household, who lives in the second lives in the first from now on, and the second ends; both rows and all that was said of them
    stay, and ``part_household`` takes it back.

    Raises:
        NotFound: there is no such question for this actor.
        TwinsSettledAlready, TwinsDecisionUnreadable.
    """
    found = _one_for(by, doubt_id)
    roles.require(by, "household.settle", roles.Place(region_code=found.first.region_code))
    if decision not in DECISIONS.get(found.reason, DECISIONS["nik"]):
        raise TwinsDecisionUnreadable
    with transaction.atomic():
        doubt = HouseholdDoubt.objects.select_for_update().get(id=doubt_id)
        first, second = _held(doubt)
        ended = decision in ("same", "second") and (first.ended_date or second.ended_date)
        if doubt.state != "open" or ended:
            raise TwinsSettledAlready
        if decision == "second" and doubt.person_id is not None:
            doubt.moved = _move_in(doubt, doubt.person_id, second, by, at)
        elif decision == "same":
            doubt.moved = _make_one(first, second, by, at)
        doubt.state, doubt.decided_at = decision, at
        doubt.decided_by, doubt.words = by.name[:150], text.clean_line(words)[:300]
        doubt.save()
        _line(by, at, "household.settle", doubt, first)
    return doubt


def part_household(*, by: Actor, at: datetime, doubt_id: UUID, words: str = "") -> HouseholdDoubt:
    """Make two households of one again: who was moved and still lives there goes back.

    Raises:
        NotFound: there is no such decision for this actor.
        TwinsSettledAlready: they are not one.
    """
    found = _one_for(by, doubt_id)
    roles.require(by, "household.part", roles.Place(region_code=found.first.region_code))
    with transaction.atomic():
        doubt = HouseholdDoubt.objects.select_for_update().get(id=doubt_id)
        first, second = _held(doubt)
        if doubt.state != "same":
            raise TwinsSettledAlready
        _make_two(doubt, first, second, by, at)
        doubt.state, doubt.decided_at = "different", at
        doubt.decided_by, doubt.words, doubt.moved = by.name[:150], text.clean_line(words)[:300], {}
        doubt.save()
        _line(by, at, "household.part", doubt, first)
    return doubt


def _one_for(by: Actor, doubt_id: UUID) -> HouseholdDoubt:
    found = access.household_doubts(by).filter(id=doubt_id).select_related("first").first()
    if found is None:
        raise NotFound
    return found


def _held(doubt: HouseholdDoubt) -> tuple[Household, Household]:
    rows = (
        Household.objects.select_for_update().filter(id__in=(doubt.first_id, doubt.second_id)).order_by("id")
    )
    held = {one.id: one for one in rows}
    return held[doubt.first_id], held[doubt.second_id]


def _move_in(
    doubt: HouseholdDoubt, person_id: UUID, second: Household, by: Actor, at: datetime
) -> dict[str, Any]:
    """The person lives in the second household, as was said; from the day that was said."""
    person = Person.objects.select_for_update().get(id=person_id)
    if person.merged_into_id is not None:  # two rows became one since: that one moves
        person = Person.objects.select_for_update().get(id=person.merged_into_id)
    households.alive(person)
    day = doubt.from_date or doubt.observed_date or _units.local_day(by, at)
    told = Said(doubt.source or "officer", day, doubt.source_words, doubt.said_by)
    left, before = person.household_id, [str(person.household_id or ""), person.household_relation]
    _units.join([_units.Joining(person, second, doubt.relation, doubt.from_date)], said=told, at=at)
    if _reading.is_head("household_relation", doubt.relation):
        households.set_head(second, person)
    if left is not None and left != second.id:
        households.drop_head(left, [person.id])
        households.mark_empty({left}, day)
    return {"from": before}


def _make_one(first: Household, second: Household, by: Actor, at: datetime) -> dict[str, Any]:
    """Who lives in the second lives in the first; its cards go along. What was said of the second stays with its own row."""
    living = list(Person.objects.select_for_update().filter(household=second).order_by("id"))
    cards = list(Family.objects.filter(household=second).values_list("id", flat=True))
    moved = {
        "persons": [[str(one.id), one.household_relation] for one in living],
        "cards": [str(key) for key in cards],
        "head": str(second.head_id or ""),
    }
    told = Said("officer", _units.local_day(by, at), said_by=by.name)
    joinings = [
        _units.Joining(one, first, "" if _is_second_head(one, first) else one.household_relation)
        for one in living
    ]
    _units.join(joinings, said=told, at=at, why="corrected")
    if first.head_id is None and second.head_id is not None:
        households.set_head(first, Person.objects.get(id=second.head_id))
    Family.objects.filter(id__in=cards).update(household=first)
    Household.objects.filter(id=second.id).update(ended_date=told.observed_date, head=None, changed_at=at)
    return moved


def _is_second_head(person: Person, first: Household) -> bool:
    return first.head_id is not None and _reading.is_head("household_relation", person.household_relation)


def _make_two(doubt: HouseholdDoubt, first: Household, second: Household, by: Actor, at: datetime) -> None:
    told = Said("officer", _units.local_day(by, at), said_by=by.name)
    relations = {UUID(key): relation for key, relation in doubt.moved.get("persons", ())}
    back = list(Person.objects.select_for_update().filter(id__in=relations, household=first).order_by("id"))
    Household.objects.filter(id=second.id).update(
        ended_date=None if back else told.observed_date, changed_at=at
    )
    _units.join(
        [_units.Joining(one, second, relations[one.id]) for one in back], said=told, at=at, why="corrected"
    )
    households.drop_head(first.id, [one.id for one in back])
    head = next((one for one in back if str(one.id) == doubt.moved.get("head")), None)
    if head is not None:
        households.set_head(second, head)
    keys = [UUID(key) for key in doubt.moved.get("cards", ())]
    Family.objects.filter(id__in=keys, household=first).update(household=second)
    households.mark_empty({first.id}, told.observed_date)


def _line(by: Actor, at: datetime, kind: str, doubt: HouseholdDoubt, first: Household) -> None:
    _units.line(
        by,
        at,
        kind,
        ("household", first.id),
        region_code=first.region_code,
        facts={
            "other": str(doubt.second_id),
            "reason": doubt.reason,
            "decision": doubt.state,
            "person_id": str(doubt.person_id or ""),
        },
        inputs={"words": doubt.words},
    )
