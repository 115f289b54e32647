"""Events on persons: written down, changed, how to reach them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast
from uuid import uuid5

from simpul.people import access as people_access
from simpul.people import actions as people_actions
from simpul.people.rules import reach
from simpul.sync.handlers import people
from simpul.sync.handlers.frame import Done, Given, Handler, Input, TaskWanted, Work, handler
from simpul.sync.queries import conflicts
from simpul.sync.queries import told as told_queries


def _register_person(work: Work, given: Given) -> Done:
    """The person, with the one telephone and the household that were told with them: they stand or fall together."""
    key = given["person_id"]
    registered = people_actions.register_person(
        by=work.by,
        at=work.at,
        full_name=given["name"],
        called=given["called"],
        sex=given["sex"],
        birth_date=given["birth"],
        nik=given["nik"],
        region_code=given["region"],
        hamlet_id=given["hamlet"],
        address=given["address"],
        needs=given["needs"],
        person_id=key,
    )
    if given["phone"]:
        people_actions.add_contact(
            by=work.by,
            at=work.at,
            person_id=key,
            channel="phone",
            as_typed=given["phone"],
            contact_id=uuid5(key, "phone"),
            safe_to_call=given["safe_call"],
            safe_to_write=given["safe_write"],
        )
    if given["household_id"] is not None:
        people_actions.join_household(
            by=work.by,
            at=work.at,
            household_id=given["household_id"],
            person_id=key,
            relation=given["relation"],
            said=people.said(work, given),
            belonging_id=work.event_id,
        )
    odd = sorted(str(one) for one in registered.warnings)
    return Done(facts={"nik": odd} if odd else {}, region_code=given["region"])


def _change_person(work: Work, given: Given) -> Done:
    key, told = given["person_id"], people.values(("person",), given["f"])
    return _changed(work, given, key, told)


def _change_profile(work: Work, given: Given) -> Done:
    key, told = given["person_id"], people.values(("person", "profile"), given["f"])
    return _changed(work, given, key, told)


def _changed(work: Work, given: Given, key: Any, told: Mapping[str, Any]) -> Done:
    same: dict[str, Any] = {
        "by": work.by, "at": work.at, "person_id": key, "said": people.said(work, given),
        "seen": work.event.seen, "event_id": work.event_id,
    }  # fmt: skip
    reach = {name: value for name, value in told.items() if name in people.REACH}
    asked = {name: value for name, value in told.items() if name not in people.REACH}
    if reach:
        people_actions.change_person(changes=cast("people_actions.PersonFields", reach), **same)
    if asked or not reach:
        people_actions.change_profile(changes=asked, **same)
    return people.changed("person", key, told)


def _add_contact(work: Work, given: Given) -> Done:
    contact = people_actions.add_contact(
        by=work.by,
        at=work.at,
        person_id=given["person_id"],
        channel=given["channel"] or "phone",
        as_typed=given["address"],
        owner=given["owner"] or "own",
        owner_name=given["owner_name"],
        safe_to_call=given["safe_call"],
        safe_to_write=given["safe_write"],
        warning=given["warning"],
        contact_id=given["contact_id"],
        seen_ids=given["seen_contacts"],
    )
    return _in_doubt(work, given["person_id"], contact.id)


def _change_contact(work: Work, given: Given) -> Done:
    names = {
        "address": "as_typed",
        "safe_call": "safe_to_call",
        "safe_write": "safe_to_write",
        "current": "is_current",
    }
    told = {
        names.get(name, name): given[name]
        for name in (
            "channel",
            "address",
            "owner",
            "owner_name",
            "safe_call",
            "safe_write",
            "warning",
            "current",
        )
        if name in work.event.data
    }
    seen = {names.get(name, name): mark for name, mark in work.event.seen.items()}
    stands = told_queries.contact_is(given["contact_id"], told)
    contact = stands or people_actions.change_contact(
        by=work.by,
        at=work.at,
        contact_id=given["contact_id"],
        changes=cast("people_actions.ContactFields", told),
        seen=seen,
        event_id=work.event_id,
    )
    return _in_doubt(work, contact.person_id, contact.id)


def _in_doubt(work: Work, person_id: Any, contact_id: Any) -> Done:
    region = people_access.person_for(work.by, person_id).region_code
    doubt = conflicts.contacts(person_id, contact_id)
    if not doubt:
        return Done(region_code=region)
    facts = {"fields": {"contact": doubt}}
    task = TaskWanted("conflict", f"person:{person_id}", region, facts)
    return Done("conflict", "two_values", facts=facts, region_code=region, tasks=(task,))


_SAFE = (
    Input("safe_call", "yes", about="whether it is safe to call there"),
    Input("safe_write", "yes", about="whether it is safe to write there"),
)
_WAY = (
    Input("owner", "choice", about="whose it is; own when empty", among=tuple(reach.OWNERS)),
    Input("owner_name", "text"),
    *_SAFE,
    Input("warning", "text"),
)

HANDLERS: Mapping[str, Handler] = {
    "person.register/1": handler(
        _register_person,
        "Write a person down; everything may be unknown but something to call them by.",
        Input("person_id", "new", True),
        Input("name", "text"),
        Input("called", "text", about="needed when the name is not known"),
        Input("sex", "choice", about="L, P"),
        Input("birth", "day"),
        Input("rough", "yes", about="only the year is known"),
        Input(
            "nik",
            "text",
            about="16 digits; a strange one brings `nik` in the facts of the answer, and is kept",
        ),
        Input("region", "text", True, "code of the village"),
        Input("hamlet", "key"),
        Input("address", "text"),
        Input("needs", "text", about="how to communicate"),
        Input("phone", "text"),
        *_SAFE,
        Input("household_id", "household", about="where they live"),
        Input("relation", "choice", about='code of the relation to the head, "bdt/3"'),
        *people.SOURCE,
    ),
    "person.change/1": handler(
        _change_person,
        "What somebody said about who a person is, and where they live.",
        Input("person_id", "person", True),
        Input("f.*", "text", about="fields of a person in the history's text form"),
        *people.SOURCE,
        seen="each field of `f.*`",
    ),
    "profile.change/1": handler(
        _change_profile,
        "What somebody said about a person's schooling, work, health and papers.",
        Input("person_id", "person", True),
        Input("f.*", "text", about="fields of a person and of their situation in the history's text form"),
        *people.SOURCE,
        seen="each field of `f.*`",
    ),
    "contact.add/1": handler(
        _add_contact,
        "A way to reach a person. Two numbers of officers who had not seen each other's are both kept, with a question.",
        Input("contact_id", "new", True),
        Input("person_id", "person", True),
        Input("channel", "choice", about="phone when empty", among=tuple(reach.CHANNELS)),
        Input("address", "text", True, "as typed"),
        *_WAY,
        Input("seen_contacts", "keys", about="the person's contacts that the author had seen"),
    ),
    "contact.change/1": handler(
        _change_contact,
        "Change a contact; only what is named is changed.",
        Input("contact_id", "key", True),
        Input("channel", "choice", among=tuple(reach.CHANNELS)),
        Input("address", "text"),
        *_WAY,
        Input("current", "yes", about="false: no longer used"),
        seen="each named input",
    ),
}
