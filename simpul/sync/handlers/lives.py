"""Events of life: births, deaths, moves; consents and categories of need."""

from __future__ import annotations

from collections.abc import Mapping

from simpul.people import access as people_access
from simpul.people import actions as people_actions
from simpul.people.actions import consent as consent_actions
from simpul.people.rules import consent as consent_rules
from simpul.sync.handlers import people
from simpul.sync.handlers.frame import Done, FileWanted, Given, Handler, Input, Work, handler
from simpul.sync.queries import told


def _record_birth(work: Work, given: Given) -> Done:
    child = people_actions.record_birth(
        by=work.by,
        at=work.at,
        household_id=given["household_id"],
        full_name=given["name"],
        birth_date=given["birth"] or people.today(work),
        sex=given["sex"],
        nik=given["nik"],
        birth_place=given["birth_place"],
        mother_id=given["mother_id"],
        relation=given["relation"] or "3",
        family_id=given["family_id"],
        said=people.said(work, given),
        person_id=given["person_id"],
    )
    return Done(region_code=child.region_code)


def _record_death(work: Work, given: Given) -> Done:
    person = people_access.person_for(work.by, given["person_id"])
    day = given["died"] or people.today(work)
    if not told.died_on(person.id, day):
        people_actions.record_death(
            by=work.by,
            at=work.at,
            person_id=person.id,
            died_date=day,
            said=people.said(work, given),
            words=given["words"],
        )
    return Done(region_code=person.region_code)


def _record_move(work: Work, given: Given) -> Done:
    day = given["on"] or people.today(work)
    first = people_access.person_for(work.by, given["person_ids"][0]) if given["person_ids"] else None
    left = told.not_moved(given["person_ids"], day, back=bool(given["back"]))
    if left or first is None:
        people_actions.record_move(
            by=work.by,
            at=work.at,
            person_ids=left,
            on_date=day,
            to_region=given["to"],
            back=bool(given["back"]),
            said=people.said(work, given),
            words=given["words"],
        )
    return Done(region_code=first.region_code if first else "")


def _set_flag(work: Work, given: Given) -> Done:
    person = people_access.person_for(work.by, given["person_id"])
    since = given["since"] or people.today(work)
    if (
        not people_access.flags_of(work.by, person.id)
        .filter(category=given["category"], ended_date=None)
        .exists()
    ):  # the same word again, or a colleague's: it stands
        people_actions.set_flag(
            by=work.by,
            at=work.at,
            person_id=person.id,
            category=given["category"],
            said=people.said(work, given),
            note=given["note"],
            since_date=since,
        )
    return Done(region_code=person.region_code)


def _give_consent(work: Work, given: Given) -> Done:
    """Paper and voice: the proof comes after its event, and is attached to the consent that waits for it."""
    person = people_access.person_for(work.by, given["person_id"])
    consent = consent_actions.give_consent(
        by=work.by,
        at=work.at,
        person_id=person.id,
        purpose=given["purpose"],
        mode=given["how"],
        given_by=given["given_by"] or person.full_name,
        scope=given["scope"],
        relation=given["relation"],
        language=given["language"] or "id",
        consent_id=given["consent_id"],
        proof_follows=bool(given["proof"]),
    )
    files = tuple(FileWanted("consent", consent.id, one) for one in given["proof"][:1])
    return Done(region_code=person.region_code, files=files)


_OF = Input("person_id", "person", True)
_ON = Input("on", "day", about="the event's own day when empty")

HANDLERS: Mapping[str, Handler] = {
    "birth.record/1": handler(
        _record_birth,
        "A child was born into a household.",
        Input("person_id", "new", True, "of the child"),
        Input("household_id", "household", True),
        Input("name", "text"),
        Input("birth", "day"),
        Input("birth_place", "text"),
        Input("sex", "choice", about="L, P"),
        Input("nik", "text"),
        Input("mother_id", "person"),
        Input("relation", "choice", about='to the head, "3" (child) when empty'),
        Input("family_id", "key"),
        *people.SOURCE,
    ),
    "death.record/1": handler(
        _record_death, "Somebody died.", _OF, Input("died", "day"), Input("words", "text"), *people.SOURCE
    ),
    "move.record/1": handler(
        _record_move,
        "People moved away, or came back.",
        Input("person_ids", "persons", True),
        _ON,
        Input("to", "text", about="code of the village they moved to, when it is known"),
        Input("back", "yes", about="true: they came back"),
        Input("words", "text"),
        *people.SOURCE,
    ),
    "consent.give/1": handler(
        _give_consent,
        "A person agreed to one purpose. The proof of paper and voice may come after its event.",
        Input("consent_id", "new", True),
        _OF,
        Input("purpose", "choice", True),
        Input("how", "choice", True, "tick, paper, voice"),
        Input("given_by", "text", about="who agreed; the person when empty"),
        Input(
            "relation",
            "choice",
            about="the person themselves when empty",
            among=tuple(consent_rules.RELATIONS),
        ),
        Input("scope", "text"),
        Input("language", "choice"),
        Input("proof", "files", about="photo of the paper, or the recording"),
    ),
    "flag.set/1": handler(
        _set_flag,
        "A category of need on a person.",
        _OF,
        Input("category", "number", True, "1 to 26"),
        Input("since", "day"),
        Input("note", "text"),
        *people.SOURCE,
        fact=False,
    ),
}
