"""Events at doors: visits and the ministry's verification."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from simpul.outreach import access as outreach_access
from simpul.outreach import actions as outreach_actions
from simpul.sync.handlers.frame import (
    Done,
    EventUnreadable,
    FileWanted,
    Given,
    Handler,
    Input,
    Work,
    degrees,
    handler,
    person_key,
)
from simpul.sync.queries import told


def _record_visit(work: Work, given: Given) -> Done:
    """Version 1 had no photos: both versions call the same act, for as long as a device may still send the old one."""
    visit = outreach_actions.record_visit(
        by=work.by,
        at=work.at,
        household_id=given["household_id"],
        visited_at=given["visited_ms"] or work.happened,
        found=outreach_actions.Found(
            outcome=given["outcome"],
            spoke_to=given["spoke_to"],
            words=given["words"],
            latitude=degrees(given["lat"]),
            longitude=degrees(given["lon"]),
        ),
        visit_id=given["visit_id"],
    )
    photos = tuple(FileWanted("visit", visit.id, one) for one in given.get("photos", ()))
    return Done(region_code=visit.region_code, files=photos)


def _take(work: Work, given: Given) -> Done:
    key = given["verification_id"]
    outreach_actions.take_verification(by=work.by, at=work.at, verification_id=key)
    return _verified(work, key)


def _update(work: Work, given: Given) -> Done:
    key, persons = given["verification_id"], _persons(work, given["persons"])
    row = outreach_access.verification_for(work.by, key)
    if not told.is_checked(row, given["presence"], persons):
        outreach_actions.update_verification(
            by=work.by, at=work.at, verification_id=key, presence=given["presence"], persons=persons
        )
    return _verified(work, key)


def _submit(work: Work, given: Given) -> Done:
    key = given["verification_id"]
    outreach_actions.submit_verification(
        by=work.by,
        at=work.at,
        verification_id=key,
        presence=given["presence"],
        persons=_persons(work, given["persons"]),
    )
    return _verified(work, key)


def _verified(work: Work, key: UUID) -> Done:
    row = outreach_access.verification_for(work.by, key)
    return Done(facts={"state": row.state}, region_code=row.region_code)


def _persons(work: Work, rows: tuple[Mapping[str, Any], ...]) -> tuple[outreach_actions.PersonSaid, ...]:
    return tuple(_person(work, row) for row in rows)


def _person(work: Work, row: Mapping[str, Any]) -> outreach_actions.PersonSaid:
    """One person as they were found."""
    try:
        presence = row.get("presence")
        if presence is not None and (not isinstance(presence, int) or isinstance(presence, bool)):
            raise EventUnreadable(name="persons")
        return outreach_actions.PersonSaid(
            presence=presence,
            person_id=person_key(work, "persons", row["person_id"]) if row.get("person_id") else None,
            name=str(row.get("name", "")),
            nik=str(row.get("nik", "")),
            check_id=UUID(row["check_id"]) if row.get("check_id") else None,
        )
    except (TypeError, ValueError, AttributeError):
        raise EventUnreadable(name="persons") from None


_VISIT = (
    Input("visit_id", "new", True),
    Input("household_id", "household", True),
    Input("visited_ms", "ms", about="when they were there; the event's own time when empty"),
    Input("outcome", "choice", True, "met, nobody_home, moved, died, not_found, refused"),
    Input("spoke_to", "text"),
    Input("words", "text"),
    Input("lat", "degrees"),
    Input("lon", "degrees"),
)
_CHECK = (
    Input("verification_id", "key", True),
    Input("presence", "number", about="of the household, the ministry's code 1 to 6"),
    Input("persons", "rows", about="each {presence, person_id or check_id or name, nik}"),
)

HANDLERS: Mapping[str, Handler] = {
    "visit.record/1": handler(_record_visit, "A visit to a door.", *_VISIT),
    "visit.record/2": handler(
        _record_visit, "A visit to a door, with photos.", *_VISIT, Input("photos", "files")
    ),
    "verification.take/1": handler(
        _take,
        "Take a household of a round of the ministry's verification.",
        Input("verification_id", "key", True),
        fact=False,
    ),
    "verification.update/1": handler(_update, "Keep what is known so far.", *_CHECK, fact=False),
    "verification.submit/1": handler(
        _submit,
        "Submit a household.",
        _CHECK[0],
        Input("presence", "number", True, "of the household, the ministry's code 1 to 6"),
        _CHECK[2],
        fact=False,
    ),
}
