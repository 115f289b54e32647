"""Everything every room holds about one person, and who looked or changed it: "Data saya" (UU 27/2022 art. 32)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from simpul import roles
from simpul.cases.queries import keeping as case_keeping
from simpul.desks import queries as desk_queries
from simpul.journal import queries as journal_queries
from simpul.letters.queries import keeping as letter_keeping
from simpul.lib.actor import Actor
from simpul.mediation.queries import keeping as mediation_keeping
from simpul.meetings.queries import keeping as meeting_keeping
from simpul.messages.queries import keeping as message_keeping
from simpul.outreach.queries import keeping as outreach_keeping
from simpul.people import access as people_access
from simpul.people.queries import keeping as people_keeping
from simpul.posyandu.queries import keeping as posyandu_keeping
from simpul.programmes.queries import keeping as programme_keeping
from simpul.upkeep.models import RightsRequest
from simpul.village_post.queries import keeping as post_keeping

Rows = dict[str, list[dict[str, Any]]]


def everything(person_id: UUID, *, at: datetime, by: Actor) -> dict[str, Any]:
    """What is held, by room; the trail; and what is never printed here. Names of others are blacked out or left out.

    ``by`` hands the copy out, and reads it: categories of need that only named officers see are in it when it is one of them.
    """
    words = people_keeping.words_of(person_id)
    flags = people_access.flags_of(by, person_id)
    rooms: dict[str, Rows] = {
        "register": people_keeping.held(person_id, flags.values_list("id", flat=True)),
        "matters": _filled(case_keeping.held(person_id, words.all)),
        "messages": _filled(message_keeping.held(person_id)),
        "programmes": programme_keeping.held(person_id),
        "outreach": outreach_keeping.held(person_id),
        "meetings": meeting_keeping.held(person_id),
        "letters": letter_keeping.held(person_id),
        "post": post_keeping.held(person_id),
        "posyandu": posyandu_keeping.held(person_id),
        "mediation": mediation_keeping.held(person_id),
        "wishes": {"wishes": _wishes(person_id)},
    }
    return {
        "institution": desk_queries.institution().name,
        "made_at": at,
        "held": {room: held for room, held in rooms.items() if held},
        "trail": trail(person_id),
        "receivers": [name for _key, name, _email in case_keeping.receivers(person_id)],
    }


def _filled(held: Rows) -> Rows:
    return {name: rows for name, rows in held.items() if rows}


def _wishes(person_id: UUID) -> list[dict[str, Any]]:
    found = RightsRequest.objects.filter(person_id=person_id).order_by("received_at")
    return [
        {"kind": row.kind, "received": row.received_at, "decision": row.decision, "told": row.told_at}
        for row in found
    ]


def trail(person_id: UUID) -> list[dict[str, Any]]:
    """Who looked at or changed a person's data and matters: when, what, in which office. Protected matters leave nothing here."""
    one = people_keeping.person(person_id)
    units = [one.household_id, one.family_id] if one is not None else []
    subjects = [person_id, *(unit for unit in units if unit), *case_keeping.subject_ids(person_id)]
    lines = journal_queries.timeline(subjects, limit=5000)
    desks = {line.desk_id for line in lines if line.desk_id}
    names, kinds = desk_queries.names(desks), desk_queries.kinds(desks)
    return [
        {
            "at": line.at,
            "act": roles.ACTS.get(line.kind, line.kind),
            "who": line.actor_name,
            "role": roles.called(line.role, kinds.get(line.desk_id, "") if line.desk_id else ""),
            "desk": names.get(line.desk_id, "") if line.desk_id else "",
        }
        for line in lines
    ]


def count(told: Mapping[str, Any]) -> int:
    """How many rows a copy holds, without the trail."""
    return sum(len(rows) for held in told["held"].values() for rows in held.values())
