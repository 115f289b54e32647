"""Steps of the acts on lives: what an event changes, what it remembers, and putting it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound
from simpul.lib.ids import uuid7
from simpul.people.actions import _keys, _reading, _units, families, households
from simpul.people.models import Belonging, Family, Household, LifeEvent, Person, Relation
from simpul.people.rules.history import Said


def born(
    household: Household,
    own: Mapping[str, Any],
    day: date,
    card: Family | None,
    mother: Person | None,
    relation: str,
    told: Said,
    by: Actor,
    at: datetime,
    key: UUID | None = None,
) -> Person:
    """Make the child, with what was told of it, where it belongs and whose it is."""
    child = Person(
        id=key or uuid7(),
        full_name=own["full_name"],
        region_code=household.region_code,
        hamlet=household.hamlet,
        registered_at=at,
        resident=True,
    )
    _units.derive(child, "full_name")
    child.save()
    _units.observe([_units.Change(child, own, is_new=True)], said=told, by=by, at=at)
    code = _reading.relation("household_relation", relation)
    joinings = [_units.Joining(child, household, code, day, is_new=True)]
    if card is not None:
        joinings.append(_units.Joining(child, card, code, day, is_new=True))
    _units.join(joinings, said=told, at=at)
    _keys.refresh_keys(child)
    if mother is not None:
        Relation.objects.create(
            person=child, other=mother, kind="parent", from_date=day, source=told.source, recorded_at=at
        )
    event(child, "birth", day, told, at, before={"born": True}, to_region=household.region_code)
    return child


def move(
    persons: Sequence[Person], day: date, target: str, told: Said, at: datetime, words: str
) -> list[LifeEvent]:
    """Let persons move away together; a household of which all go moves as a whole."""
    chosen = {one.id for one in persons}
    whole = [
        household
        for household in Household.objects.filter(id__in={one.household_id for one in persons})
        if target and set(Person.objects.filter(household=household).values_list("id", flat=True)) <= chosen
    ]
    carried = {household.id for household in whole}
    before = standing(persons)
    for household in whole:
        for key in (one.id for one in persons if one.household_id == household.id):
            before[key]["carried"] = _carried(household)
        Household.objects.filter(id=household.id).update(
            region_code=target, hamlet=None, house=None, changed_at=at
        )
        Family.objects.filter(household=household).update(region_code=target, changed_at=at)
    depart([one for one in persons if one.household_id not in carried], day, "moved", before)
    events = []
    for one in persons:
        origin = one.region_code
        if target:
            one.region_code, one.hamlet, one.address, one.landmark = target, None, "", ""
        else:
            one.life = "away"
        events.append(
            event(
                one,
                "move_out",
                day,
                told,
                at,
                before=before[one.id],
                words=words,
                from_region=origin,
                to_region=target,
            )
        )
    Person.objects.bulk_update(persons, ["region_code", "hamlet", "address", "landmark", "life"])
    _keys.write_keys(persons)
    return events


def back(person: Person, day: date, told: Said, at: datetime, words: str) -> LifeEvent:
    """Let somebody who was away live here again."""
    before = standing([person])[person.id]
    person.life = "here"
    person.save(update_fields=["life"])
    return event(person, "return", day, told, at, before=before, words=words, to_region=person.region_code)


def _carried(household: Household) -> dict[str, Any]:
    """Where a household stood before it moved as a whole, with its families."""
    rows = Family.objects.filter(household=household)
    return {
        "household": str(household.id),
        "region_code": household.region_code,
        "hamlet": str(household.hamlet_id or ""),
        "house": str(household.house_id or ""),
        "families": {str(one.id): one.region_code for one in rows},
    }


def standing(persons: Sequence[Person]) -> dict[UUID, dict[str, Any]]:
    """What an event may change about persons, so that it can be put back."""
    heads = {
        ("households", one.head_id): str(one.id) for one in Household.objects.filter(head__in=persons)
    } | {("families", one.head_id): str(one.id) for one in Family.objects.filter(head__in=persons)}
    return {
        one.id: {
            "life": one.life,
            "region_code": one.region_code,
            "hamlet": str(one.hamlet_id or ""),
            "address": one.address,
            "landmark": one.landmark,
            "household": str(one.household_id or ""),
            "household_relation": one.household_relation,
            "family": str(one.family_id or ""),
            "family_relation": one.family_relation,
            "headed_household": heads.get(("households", one.id), ""),
            "headed_family": heads.get(("families", one.id), ""),
            "ended": [],
        }
        for one in persons
    }


def depart(persons: Sequence[Person], day: date, why: str, before: Mapping[UUID, dict[str, Any]]) -> None:
    """Let persons leave household and family; heads are dropped, empty units end. What ended is remembered in ``before``."""
    if not persons:
        return
    homes = {one.household_id for one in persons if one.household_id}
    cards = {one.family_id for one in persons if one.family_id}
    ended = _units.leave(persons, ("household", "family"), on=day, why=why)
    for row in Belonging.objects.filter(id__in=ended):
        before[row.person_id]["ended"].append(str(row.id))
    gone = [one.id for one in persons]
    for home in homes:
        households.drop_head(home, gone)
    Family.objects.filter(head_id__in=gone).update(head=None)
    households.mark_empty(homes, day)
    families.end_empty(cards, day)


def event(
    person: Person,
    kind: str,
    day: date,
    told: Said,
    at: datetime,
    *,
    before: Mapping[str, Any],
    words: str = "",
    from_region: str = "",
    to_region: str = "",
) -> LifeEvent:
    """Write the event."""
    return LifeEvent.objects.create(
        person=person,
        kind=kind,
        on_date=day,
        from_region=from_region,
        to_region=to_region,
        words=words[:300],
        said_by=told.said_by[:150],
        source=told.source,
        recorded_at=at,
        before=dict(before),
    )


def restore(person: Person, event: LifeEvent) -> None:
    """Put back what the event changed."""
    old = event.before
    if event.kind == "birth" or old.get("born"):
        Belonging.objects.filter(person=person, until_date=None).update(
            until_date=event.on_date, why_ended="corrected"
        )
        person.household = person.family = None
        person.household_relation = person.family_relation = ""
        person.life, person.resident = "away", False
        person.save()
        return
    if not old:
        raise NotFound
    if carried := old.get("carried"):
        Household.objects.filter(id=carried["household"]).update(
            region_code=carried["region_code"],
            hamlet_id=carried["hamlet"] or None,
            house_id=carried["house"] or None,
        )
        for family_id, region_code in carried["families"].items():
            Family.objects.filter(id=family_id).update(region_code=region_code)
    person.life, person.region_code = old["life"], old["region_code"]
    person.address, person.landmark = old["address"], old["landmark"]
    person.hamlet_id = UUID(old["hamlet"]) if old["hamlet"] else None
    if event.kind == "death":
        person.died_date = None
    if event.kind != "return":
        _restore_units(person, old, event.on_date)
    person.save()


def _restore_units(person: Person, old: Mapping[str, Any], event_day: date) -> None:
    joined = Belonging.objects.filter(person=person, until_date=None)  # where they went since
    joined.update(until_date=event_day, why_ended="corrected")
    for kind, model in (("household", Household), ("family", Family)):
        if not old[kind]:
            setattr(person, kind, None)
            continue
        unit_id = UUID(old[kind])
        setattr(person, f"{kind}_id", unit_id)
        setattr(person, f"{kind}_relation", old[f"{kind}_relation"])
        rows: Any = model.objects.filter(id=unit_id)
        rows.update(ended_date=None)
        if old[f"headed_{kind}"]:
            rows.filter(head=None).update(head=person)
    Belonging.objects.filter(id__in=old["ended"]).update(until_date=None, why_ended="")
