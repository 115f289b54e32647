"""Events on the register: houses, households, families, persons and the ways to reach them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from simpul.lib import when
from simpul.people import access as people_access
from simpul.people import actions as people_actions
from simpul.people.queries import fields as field_queries
from simpul.people.rules import fields as field_rules
from simpul.people.rules import history
from simpul.regions import queries as region_queries
from simpul.sync.handlers.frame import (
    Done,
    EventUnreadable,
    Given,
    Handler,
    Input,
    TaskWanted,
    Work,
    degrees,
    handler,
)
from simpul.sync.queries import conflicts, short

SOURCE = (
    Input("source", "choice", about="whose word it is: visit (default), resident, family, officer, document, register"),
    Input("source_words", "text", about="name of the paper, when it is one"),
    Input("said_by", "text", about="who said it; the officer when empty"),
    Input("observed", "day", about="the day on which it was said or seen; the event's own day when empty, never later than today"),
)  # fmt: skip
REACH = frozenset({"region_code", "hamlet_id", "needs", "language"})
"""Fields of a person that ``change_profile`` does not ask about."""


def today(work: Work) -> date:
    """The date of the event at the actor's place."""
    return when.local_date(work.happened, _zone(work))


def _zone(work: Work) -> str:
    area = work.by.served_areas[0]
    return region_queries.zone_of(area) if area else "Asia/Makassar"


def said(work: Work, given: Given) -> people_actions.Said:
    """Whose word it is. A day after today is a clock that goes wrong: today stands in its place, and the word is kept."""
    latest = when.local_date(work.at, _zone(work))
    return people_actions.Said(
        given["source"] or "visit",
        min(given["observed"] or today(work), latest),
        given["source_words"],
        given["said_by"] or work.by.name,
    )


def values(about: Collection[str], texts: Mapping[str, Any]) -> dict[str, Any]:
    """The columns' values of what was sent as the history's text, of fields about some kinds of rows.

    Raises:
        EventUnreadable: no such field, or its text cannot be one.
    """
    found: dict[str, Any] = {}
    for name, text in texts.items():
        field = _field(about, name)
        if field is None or not isinstance(text, str):
            raise EventUnreadable(name=f"f.{name}")
        try:
            found[name] = field_rules.of_text(field, text)
        except ValueError:
            raise EventUnreadable(name=f"f.{name}") from None
        if text and found[name] is None:
            raise EventUnreadable(name=f"f.{name}")
    return found


def _field(about: Collection[str], name: str) -> field_rules.Field | None:
    for (kind, key), field in field_queries.of_history().items():
        if key == name and (kind in about or field.about in about):
            return field
    return None


def changed(kind: str, key: UUID, fields: Collection[str]) -> Done:
    """What became of an edit: accepted, or two values that a person chooses between."""
    region = short.region_of(f"{kind}:{key}")
    torn = conflicts.values([key], fields)
    if not torn:
        return Done(region_code=region)
    task = TaskWanted("conflict", f"{kind}:{key}", region, {"fields": torn})
    return Done("conflict", "two_values", facts={"fields": torn}, region_code=region, tasks=(task,))


# --- households and houses ----------------------------------------------------------------------------------------------------


def _open_household(work: Work, given: Given) -> Done:
    texts = given["f"]
    in_house = {name for name in texts if _field(("house",), name)}
    house = {**{name: given[name] for name in ("address", "landmark") if given[name]},
             **values(("house",), {name: texts[name] for name in in_house})}  # fmt: skip
    own = values(("household",), {name: text for name, text in texts.items() if name not in in_house})
    known = (
        given["house_id"] is not None and people_access.houses(work.by).filter(id=given["house_id"]).exists()
    )
    home = people_actions.open_household(
        by=work.by,
        at=work.at,
        region_code=given["region"],
        said=said(work, given),
        name=given["name"],
        hamlet_id=given["hamlet"],
        house_id=given["house_id"] if known else None,
        new_house_id=None if known else given["house_id"],
        head_id=given["head_id"],
        house=house,
        values=own,
        household_id=given["household_id"],
        position=_position(given),
        seen=_seen_home(work, given["head_id"]) if given["head_id"] else None,
    )
    twins = conflicts.twins(home.id)
    if not twins:
        return Done(region_code=home.region_code)
    task = TaskWanted("twice", f"household:{home.id}", home.region_code, {"like": twins})
    return Done("flagged", "twice", facts={"like": twins}, region_code=home.region_code, tasks=(task,))


def _position(given: Given) -> tuple[float, float] | None:
    north, east = degrees(given["lat"]), degrees(given["lon"])
    return None if north is None or east is None else (north, east)


def _change_household(work: Work, given: Given) -> Done:
    key, told = given["household_id"], values(("household",), given["f"])
    people_actions.change_household(
        by=work.by,
        at=work.at,
        household_id=key,
        changes=told,
        said=said(work, given),
        seen=work.event.seen,
        event_id=work.event_id,
    )
    return changed("household", key, told)


def _change_house(work: Work, given: Given) -> Done:
    home = people_access.household_for(work.by, given["household_id"]) if given["household_id"] else None
    key = given["house_id"] or (home.house_id if home else None)
    if key is None:
        raise EventUnreadable(name="house_id")
    told = values(("house",), given["f"])
    people_actions.change_house(
        by=work.by,
        at=work.at,
        house_id=key,
        changes=told,
        said=said(work, given),
        seen=work.event.seen,
        event_id=work.event_id,
    )
    return changed("house", key, told)


def _join_household(work: Work, given: Given) -> Done:
    joined = people_actions.join_household(
        by=work.by,
        at=work.at,
        household_id=given["household_id"],
        person_id=given["person_id"],
        relation=given["relation"],
        said=said(work, given),
        from_date=given["since"],
        belonging_id=work.event_id,
        seen=_seen_home(work, given["person_id"]),
    )
    region = short.region_of(f"household:{given['household_id']}")
    if joined is not None:
        return Done(region_code=region)
    task = TaskWanted(
        "twice", f"person:{given['person_id']}", region, {"household": str(given["household_id"])}
    )
    return Done("conflict", "lives_elsewhere", region_code=region, tasks=(task,))


def _seen_home(work: Work, person_id: UUID) -> str | None:
    """What the author had seen of where the person lives. A device that knows the household by its short key alone hashes that."""
    told = work.event.seen.get("household_id")
    if not told:
        return told
    person = people_access.visible(work.by).filter(id=person_id).first()
    home = person.household_id if person else None
    if home is not None and told == history.seen_hash(short.of(home)):
        return history.seen_hash(str(home))
    return told


def _leave_household(work: Work, given: Given) -> Done:
    person = people_access.person_for(work.by, given["person_id"])
    if person.household_id is None:  # they left before: the same word again
        return Done(region_code=person.region_code)
    people_actions.leave_household(
        by=work.by,
        at=work.at,
        person_id=person.id,
        said=said(work, given),
        on_date=given["on"] or today(work),
        why=given["why"] or "moved",
    )
    return Done(region_code=person.region_code)


# --- families -----------------------------------------------------------------------------------------------------------------


def _open_family(work: Work, given: Given) -> Done:
    family = people_actions.open_family(
        by=work.by,
        at=work.at,
        region_code=given["region"],
        kk=given["kk"],
        household_id=given["household_id"],
        head_id=given["head_id"],
        values=values(("family",), given["f"]),
        said=said(work, given),
        family_id=given["family_id"],
    )
    return Done(region_code=family.region_code)


def _join_family(work: Work, given: Given) -> Done:
    people_actions.join_family(
        by=work.by,
        at=work.at,
        family_id=given["family_id"],
        person_id=given["person_id"],
        relation=given["relation"],
        said=said(work, given),
        from_date=given["since"],
        belonging_id=work.event_id,
    )
    return Done(region_code=short.region_of(f"family:{given['family_id']}"))


def _change_family(work: Work, given: Given) -> Done:
    key, told = given["family_id"], values(("family",), given["f"])
    people_actions.change_family(
        by=work.by,
        at=work.at,
        family_id=key,
        changes=told,
        said=said(work, given),
        seen=work.event.seen,
        event_id=work.event_id,
    )
    return changed("family", key, told)


_UNIT = (
    Input(
        "f.*", "text", about='fields of the register in the history\'s text form; "" for what nobody knows'
    ),
    *SOURCE,
)
_JOIN = (
    Input("relation", "choice", about='code of the relation to the head, "bdt/3"; "" when nobody knows'),
    Input("since", "day", about="since when, if it is known"),
    *SOURCE,
)

HANDLERS: Mapping[str, Handler] = {
    "household.open/1": handler(
        _open_household,
        "Write a household down, with its house. One that seems to be here already becomes a question for a person.",
        Input("household_id", "new", True),
        Input(
            "house_id",
            "key",
            about="of a new house (then it is a new key), or of one that is here: a second household under its roof",
        ),
        Input("region", "text", True, "code of the village"),
        Input("hamlet", "key"),
        Input("name", "text", about="what the village calls it; the head's name when empty"),
        Input("head_id", "person", about="who heads it, when they are registered already"),
        Input("address", "text"),
        Input("landmark", "text"),
        Input("lat", "degrees", about="of a new house"),
        Input("lon", "degrees"),
        *_UNIT,
        seen="`household_id`: where the author saw the head live",
    ),
    "household.change/1": handler(
        _change_household,
        "What somebody said about a household.",
        Input("household_id", "household", True),
        *_UNIT,
        seen="each field of `f.*`",
    ),
    "house.change/1": handler(
        _change_house,
        "What somebody said about a house; a household names the house it lives in.",
        Input("house_id", "key"),
        Input("household_id", "household", about="in place of the house's key"),
        *_UNIT,
        seen="each field of `f.*`",
    ),
    "household.join/1": handler(
        _join_household,
        "Take a person into a household. One who lives in another by now, unseen by the author, is not moved: a person decides.",
        Input("household_id", "household", True),
        Input("person_id", "person", True),
        *_JOIN,
        seen="`household_id`: where the author saw the person live (hash of the key as the device has it)",
    ),
    "household.leave/1": handler(
        _leave_household,
        "A person left the household they lived in.",
        Input("person_id", "person", True),
        Input("on", "day"),
        Input("why", "choice", about="moved (default), married, corrected"),
        *SOURCE,
    ),
    "family.open/1": handler(
        _open_family,
        "Write a family card down. A number that is here already becomes a question for a person.",
        Input("family_id", "new", True),
        Input("region", "text", True, "code of the village"),
        Input("kk", "text", about='16 digits; "" when there is no card'),
        Input("household_id", "household"),
        Input("head_id", "person"),
        *_UNIT,
    ),
    "family.join/1": handler(
        _join_family,
        "Take a person onto a family card.",
        Input("family_id", "key", True),
        Input("person_id", "person", True),
        *_JOIN,
    ),
    "family.change/1": handler(
        _change_family,
        "What somebody said about a family card.",
        Input("family_id", "key", True),
        *_UNIT,
        seen="each field of `f.*`",
    ),
}
