"""Events on matters: taken in with the receipt that was handed over, added to, noted, handed on."""

from __future__ import annotations

from collections.abc import Mapping

from simpul.cases import access as case_access
from simpul.cases.actions import handling, intake, referral
from simpul.people.rules import reach
from simpul.sync.handlers.frame import Done, FileWanted, Given, Handler, Input, Work, handler
from simpul.sync.queries import told

SEALED = "sealed"


def _open_case(work: Work, given: Given) -> Done:
    """Clocks run from the declared time, within the limits that ``open_case`` keeps. Nothing tells a sealed matter's number again."""
    if given["visit_id"] is not None:
        intake.open_visit(by=work.by, at=work.at, channel="field", visit_id=given["visit_id"])
    opened = intake.open_case(
        by=work.by,
        at=work.at,
        kind_code=given["kind"],
        text_given=given["text"],
        title=given["title"],
        region_code=given["region"],
        channel="field",
        answers=given["a"],
        mode=given["mode"] or "self",
        reporter=_person(given, "reporter"),
        about=_person(given, "about"),
        relation=given["relation"],
        group_size=given["group_size"],
        hamlet_id=given["hamlet"],
        place=given["place"],
        happened_date=given["happened"],
        urgency=given["urgency"] or "normal",
        consent=given["consent"],
        hide_name=bool(given["hide_name"]),
        language=given["language"] or "id",
        visit_id=given["visit_id"],
        case_id=given["case_id"],
        triage=given["triage"],
        number=given["number"],
        declared_at=work.happened,
    )
    case = opened.case
    facts = {} if case.sensitivity == SEALED else {"number": opened.number}
    files = tuple(FileWanted("case", case.id, one) for one in (*given["photos"], *given["voices"]))
    return Done(facts=facts, region_code=case.region_code, files=files)


def _person(given: Given, who: str) -> intake.PersonGiven | None:
    """Somebody who reports, or whom it is about; nobody when neither a key nor a name was told."""
    key, name = given[f"{who}_id"], given[f"{who}_name"]
    if key is None and not name:
        return None
    if who == "about":
        return intake.PersonGiven(name=name, person_id=key, safe_to_call=None, safe_to_write=None)
    return intake.PersonGiven(
        name=name,
        person_id=key,
        phone=given["reporter_phone"],
        needs=given["needs"],
        owner=given["owner"] or "own",
        owner_name=given["owner_name"],
        safe_to_call=given["safe_call"],
        safe_to_write=given["safe_write"],
    )


def _add(work: Work, given: Given) -> Done:
    """What the person told the officer of their matter: the answer to what was asked, else a note that the desk reads."""
    case = case_access.get_for(work.by, given["case_id"])
    if told.is_waiting(case) and not told.was_replied(case.id, given["text"]):
        handling.reply_question(by=work.by, at=work.at, case_id=case.id, reply=given["text"], road="field")
    elif given["text"] and not told.was_replied(case.id, given["text"]):
        handling.note_case(
            by=work.by, at=work.at, case_id=case.id, text=given["text"], note_id=given["addition_id"]
        )
    files = tuple(FileWanted("case", case.id, one) for one in (*given["photos"], *given["voices"]))
    return Done(region_code=case.region_code, files=files)


def _note(work: Work, given: Given) -> Done:
    case = case_access.get_for(work.by, given["case_id"])
    handling.note_case(by=work.by, at=work.at, case_id=case.id, text=given["text"], note_id=given["note_id"])
    return Done(region_code=case.region_code)


def _refer(work: Work, given: Given) -> Done:
    case = case_access.get_for(work.by, given["case_id"])
    hop = referral.refer_case(
        by=work.by,
        at=work.at,
        case_id=case.id,
        to_desk_id=given["desk_id"],
        note=given["words"],
        extract=given["extract"],
        shares_contact=bool(given["shares_contact"]),
        consent=given["consent"],
        service_id=given["service_id"],
        hop_id=given["hop_id"],
    )
    return Done(facts={"desk": hop.to_desk.name}, region_code=case.region_code)


_FILES = (Input("photos", "files"), Input("voices", "files", about="recordings"))

HANDLERS: Mapping[str, Handler] = {
    "case.open/1": handler(
        _open_case,
        "Take a matter in. Without a reserved number the server gives one and says so (`number` in the facts of the answer).",
        Input("case_id", "key", True, "a new key, or the one that its reserved number came with"),
        Input(
            "number",
            "text",
            about="the reserved number that was handed over with its PIN; empty when the 16-digit receipt was",
        ),
        Input("kind", "choice", True, "code of the kind"),
        Input("text", "text", True, "the person's own words"),
        Input("title", "text"),
        Input("region", "text", True, "code of the village"),
        Input("hamlet", "key"),
        Input("place", "text"),
        Input("mode", "choice", about="self (default), proxy, group, anonymous"),
        Input("reporter_id", "person"),
        Input("reporter_name", "text"),
        Input("reporter_phone", "text"),
        Input("owner", "choice", about="whose telephone; own when empty", among=tuple(reach.OWNERS)),
        Input("owner_name", "text"),
        Input("safe_call", "yes"),
        Input("safe_write", "yes"),
        Input("needs", "text"),
        Input("about_id", "person"),
        Input("about_name", "text"),
        Input("relation", "text"),
        Input("group_size", "number"),
        Input("happened", "day"),
        Input("urgency", "choice", about="normal (default), urgent, danger"),
        Input("triage", "texts", about="what was ticked of the life-safety questions"),
        Input("consent", "choice", about="spoken, ticked, paper, proxy"),
        Input("hide_name", "yes"),
        Input("language", "choice"),
        Input("a.*", "any", about="answers to the questions of the kind"),
        Input("visit_id", "key", about="joins several matters of one person"),
        *_FILES,
    ),
    "case.add/1": handler(
        _add,
        "What the person added to their matter: the answer to an open question, else a note for the desk.",
        Input("addition_id", "new", True),
        Input("case_id", "key", True),
        Input("text", "text"),
        *_FILES,
    ),
    "case.note/1": handler(
        _note,
        "An internal note; the person never sees it.",
        Input("note_id", "new", True),
        Input("case_id", "key", True),
        Input("text", "text", True),
    ),
    "case.refer/1": handler(
        _refer,
        "Offer the matter to another desk.",
        Input("hop_id", "new", True),
        Input("case_id", "key", True),
        Input("desk_id", "key", True),
        Input("words", "text", True, "why, for the receiver"),
        Input("extract", "text", about="what a partner or an outside body may read"),
        Input("consent", "choice", about="spoken, ticked, paper, proxy"),
        Input("shares_contact", "yes"),
        Input("service_id", "key"),
        fact=False,
    ),
}
