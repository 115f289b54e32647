"""What the page of a case is made of, in the shapes its templates take."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from simpul import roles
from simpul.cases import access
from simpul.cases.queries.case import CasePage
from simpul.cases.rules import moves
from simpul.desks import queries as desk_queries
from simpul.lib import when
from simpul.lib.actor import PUBLIC, Actor
from simpul.people import queries as people_queries
from simpul.regions import queries as region_queries
from simpul.web.desk import acts, case_more, lapor, talk_words, words
from simpul.web.desk.referral import on_case
from simpul.web.portal import report_send, safety

SHOWN_INPUTS = ("reason", "note", "question", "answer", "words", "draft")
"""Inputs of a line that the timeline quotes: what officers wrote to each other. Never what identifies the resident."""

SILENT = frozenset({"message.queue", "message.deliver", "message.print", "case.draft"})
"""Lines that stand in their own place on the page, or would drown the others."""

ICONS = {
    "case.open": "inbox",
    "case.refer": "send",
    "case.accept": "check",
    "case.decline": "cross",
    "case.return": "arrow-back",
    "case.recall": "arrow-back",
    "case.pass_on": "send",
    "silence.note": "clock",
    "consent.override": "warning",
    "decision.propose": "paper",
    "decision.check": "check",
    "decision.initial": "check",
    "decision.sign": "check",
    "decision.return": "arrow-back",
    "case.answer": "message",
    "referral.answer": "message",
    "question.ask": "speaker",
    "question.reply": "speaker",
    "case.escalate": "flag",
    "case.close": "box",
    "case.finish": "box",
    "case.reopen": "history",
    "case.dispute": "history",
    "case.rate": "star",
    "case.seal": "lock",
    "case.view_sealed": "eye",
    "case.break_glass": "lock",
    "case.attach": "paperclip",
    "case.note": "note",
    "case.verify": "check",
}
TONES = {
    "case.answer": "good",
    "case.accept": "good",
    "case.verify": "good",
    "case.decline": "warn",
    "silence.note": "warn",
    "consent.override": "bad",
    "decision.sign": "good",
    "decision.return": "warn",
    "case.return": "warn",
    "case.reopen": "warn",
    "case.dispute": "warn",
    "case.escalate": "bad",
    "case.break_glass": "bad",
}


def parts(by: Actor, page: CasePage, at: datetime) -> dict[str, Any]:
    """Everything that is read: head, facts, people, chain, clocks, history."""
    case = page.case
    zone = region_queries.zone_of(case.region_code)
    reach = bool({case.holder_id, case.acting_id} & by.desk_ids) or by.role == "focal_point"
    clock = words.case_chip(case, at)
    return {
        "page": page,
        "case": case,
        "case_clock": clock,
        "case_marks": words.marks(case),
        "state_words": words.of(words.STATES, case.state),
        "kind_words": words.said(case.kind, "name"),
        "place_words": region_queries.path_names(case.region_code),
        "received_words": words.moment(case.received_at, case.region_code),
        "channel_words": words.of(words.CHANNELS, case.channel),
        "facts": _facts(page),
        "kind_answers": _kind_answers(page),
        "reporter": _person(by, page, case.reporter, page.contacts, reach=reach)
        if page.sees_reporter
        else None,
        "about": _person(by, page, case.about, page.about_contacts, reach=reach),
        "name_hidden": case.reporter_id is not None and not page.sees_reporter,
        "mode_words": words.of(words.MODES, case.mode),
        "hops": hops(by, page, at),
        "clocks": [_clock(row, at, case.region_code) for row in page.clocks],
        "stopped_by": _stopped_by(page),
        "calls": case_more.calls(by, case),
        "plans": case_more.plans(by, case),
        "letters": case_more.letters(by, case),
        "village": case_more.village(by, case),
        "wish_url": case_more.wish_url(by, case, sees_reporter=page.sees_reporter),
        "talks": case_more.talks(by, case, sees_reporter=page.sees_reporter),
        "notes": [{"note": row, "when": words.moment(row.at, case.region_code)} for row in page.notes],
        "questions": [_question(row, case.region_code) for row in page.questions],
        "answers_given": [
            {
                "row": row,
                "decision": words.decision_words(row.decision),
                "when": words.moment(row.at, case.region_code),
            }
            for row in page.answers
        ],
        "files": [_file(row) for row in page.attachments],
        "links": [{"link": row, "how": words.of(words.LINKS, row.kind)} for row in page.links],
        "told": [_message(row, case.region_code) for row in page.messages],
        "raised": [
            {"row": row, "when": words.moment(row.raised_at, case.region_code)} for row in page.escalations
        ],
        "publication_words": words.of(words.PUBLICATION_STATES, page.publication.state)
        if page.publication
        else "",
        "decision_words": words.decision_words(case.decision),
        "timeline": timeline(page, zone),
        **on_case.parts(by, page, at),
        "is_open": case.state in moves.OPEN_STATES,
        "needs_second": case.kind.needs_verification
        and case.verified_at is None
        and case.state in (moves.NEW, moves.WORKING),
        "react_words": words.moment(case.react_until_at, case.region_code),
    }


def act_parts(
    by: Actor, page: CasePage, at: datetime, wrong: Mapping[str, Any], opened: str = ""
) -> dict[str, Any]:
    """The acts that are offered, by group. The forms of the turn stand ready; the others come when they are opened.

    A form that was refused keeps what was typed and stands open, as does the one that was asked for.
    """
    made: dict[str, Any] = {}
    offers = offers_of(by, page)
    for group in ("turn", "more", "guard"):
        found = acts.offered(offers, group)
        found += [
            acts.BY_SLUG[slug]
            for slug in wrong
            if acts.BY_SLUG[slug].group == group and acts.BY_SLUG[slug] not in found
        ]
        made[f"acts_{group}"] = [_act(one, by, page, at, wrong, opened) for one in found]
    made["row_acts"] = {one.slug.replace("-", "_"): True for one in acts.offered(offers, "row")}
    made["row_wrong"] = [wrong[slug] for slug in wrong if acts.BY_SLUG[slug].group == "row"]
    made["may_prepare"] = "publication.prepare" in offers
    made["may_mask"] = "photo.mask" in offers
    return made


def offers_of(by: Actor, page: CasePage) -> frozenset[str]:
    """What the page offers, without what this very case gives no occasion for, and with what its shared cause does."""
    case = page.case
    offers = set(page.offers)
    if case.screening != "flagged":
        offers.discard("case.screen")
    if not any(hop.to_desk.outside and hop.ended_at is None for hop in page.hops):
        offers.discard("reply.record")
    back = page.recallable_hop
    if back is None or (not {back.from_desk_id, case.holder_id} & by.desk_ids and by.role != "focal_point"):
        offers.discard("case.recall")
    if case.reporter_id is None or page.sees_reporter:
        offers.discard("identity.ask")
    alone = (
        case.sensitivity == "normal" and not case.is_incident and case.incident_id is None and case.is_open
    )
    if not alone:
        offers -= {"incident.open", "incident.join"}
    place = access.place_of(case)
    if case.incident_id and roles.may(by, "incident.leave", place):
        offers.add("incident.leave")
    if case.is_incident:
        offers -= {"case.answer", "case.merge", "case.appeal", "case.withdraw"}
        if roles.may(by, "incident.answer", place):
            offers.add("incident.answer")
    return frozenset(offers)


def _act(
    one: acts.CaseAct, by: Actor, page: CasePage, at: datetime, wrong: Mapping[str, Any], opened: str
) -> dict[str, Any]:
    ready = one.group == "turn" or one.is_plain or one.slug in wrong or one.slug == opened
    address = reverse("desk_case", args=[page.case.id])
    form = act_form(one, by, page, at, wrong) if ready else None
    return {
        "act": one,
        "title": getattr(form, "title", "") or one.title,
        "form": form,
        "open": one.slug in wrong or one.slug == opened,
        "plain": one.is_plain or (form is not None and not form.fields),
        "url": reverse("desk_act", args=[page.case.id, one.slug]),
        "page_url": f"{address}?buka={one.slug}#do-{one.slug}",
        "draft_key": f"{page.case.id}:{one.slug}",
        "keeps": one.slug in ("jawab", "serahkan") and "case.draft" in page.offers,
    }


def act_form(one: acts.CaseAct, by: Actor, page: CasePage, at: datetime, wrong: Mapping[str, Any]) -> Any:
    """The form of one act: the one that was refused, or a fresh one."""
    return wrong.get(one.slug) or one.form(page=page, by=by, at=at, prefix=one.slug)


def one_act(by: Actor, page: CasePage, at: datetime, slug: str) -> dict[str, Any] | None:
    """One act with its form, when the page offers it."""
    one = acts.BY_SLUG.get(slug)
    if one is None or one.act not in offers_of(by, page):
        return None
    return _act(one, by, page, at, {}, slug)


def _facts(page: CasePage) -> list[tuple[str, str]]:
    case = page.case
    rows = [
        (_("Kind"), words.said(case.kind, "name")),
        (_("Place"), region_queries.path_names(case.region_code)),
        (_("Hamlet"), case.hamlet.name if case.hamlet else ""),
        (_("Where exactly"), case.place),
        (_("Happened"), words.day(case.happened_date)),
        (_("Came"), words.of(words.CHANNELS, case.channel)),
        (_("Received"), words.moment(case.received_at, case.region_code)),
        (_("Taken in without a network"), _offline(case)),
        (_("Outside service hours"), _("Yes") if case.outside_hours else ""),
        (_("Urgency"), words.of(words.URGENCIES, case.urgency) if case.urgency != "normal" else ""),
        (_("In the emergency"), "; ".join(safety.said(case.triage))),
        (_("Taken in by"), case.assisted_by),
        (
            _("Paper"),
            " · ".join(
                part for part in (case.paper_number, words.day(case.paper_date), case.paper_writer) if part
            ),
        ),
        (_("Held by"), case.holder.name),
        (_("Turn of"), case.acting.name if case.acting_id != case.holder_id else ""),
        (_("In the hands of"), case.handler_name),
        (_("Decision"), words.decision_words(case.decision)),
        (_("Reason of the decision"), case.decision_words),
        (_("Rating"), f"{case.rating} / 5 {case.rating_words}".strip() if case.rating else ""),
        (_("Other numbers"), ", ".join(f"{name} {number}" for name, number in case.outside_numbers.items())),
        *lapor.facts(case),
    ]
    return [(key, value) for key, value in rows if value]


def _offline(case: Any) -> str:
    """When a matter was taken in without a network, and from when its deadlines count."""
    if case.device_at is None:
        return ""
    shown = {
        "there": words.moment(case.device_at, case.region_code),
        "here": words.moment(case.recorded_at, case.region_code),
    }
    if case.received_at == case.device_at:
        return str(_("%(there)s; it arrived on %(here)s. Deadlines count from the first.") % shown)
    return str(
        _("The clock there said %(there)s, which cannot be right. Deadlines count from its arrival.") % shown
    )


def _kind_answers(page: CasePage) -> list[tuple[str, str]]:
    rows = [
        (words.said(spec, "label"), report_send.answer_words(spec, page.case.answers.get(spec["key"])), spec)
        for spec in page.case.kind.fields
    ]
    return [
        (label, value)
        for label, value, spec in rows
        if value and (page.sees_reporter or not spec.get("personal"))
    ]


def _person(
    by: Actor, page: CasePage, person: Any, contacts: list[Any], *, reach: bool
) -> dict[str, Any] | None:
    """A person with what is safe to do with each contact; numbers whole only for the desk that must reach them."""
    if person is None:
        return None
    keeps_register = roles.may_somewhere(by, "household.open") and by.serves(person.region_code)
    return {
        "register": reverse("desk_register_person", args=[person.id]) if keeps_register else "",
        "name": person.full_name,
        "nik": people_queries.masked_nik(person),
        "address": " · ".join(part for part in (person.address, person.landmark) if part),
        "needs": person.needs,
        "relation": page.case.relation,
        "contacts": [_contact(one) for one in people_queries.shown_contacts(contacts, whole=reach)],
    }


def _contact(one: people_queries.ShownContact) -> dict[str, Any]:
    safe = {True: _("safe"), False: _("NOT safe"), None: _("nobody asked")}
    return {
        "shown": one.shown,
        "channel": one.channel,
        "owner": " ".join(part for part in (words.of(words.OWNERS, one.owner), one.owner_name) if part),
        "call": _("Calling: %(how)s") % {"how": safe[one.safe_to_call]},
        "write": _("Writing: %(how)s") % {"how": safe[one.safe_to_write]},
        "danger": one.safe_to_call is False or one.safe_to_write is False,
        "warning": one.warning,
    }


def hops(by: Actor, page: CasePage, at: datetime) -> list[dict[str, Any]]:
    """The chain as knots on a thread: the first desk, then every hand-over."""
    case = page.case
    found: list[dict[str, Any]] = [
        {
            "desk": case.first_desk.name
            if case.first_desk_id not in (case.holder_id, case.acting_id)
            else _name_of(case, case.first_desk_id),
            "state": "here"
            if not page.hops or (case.holder_id == case.first_desk_id and page.offered_hop is None)
            else "done",
            "words": _("Received it first"),
            "since": words.moment(case.received_at, case.region_code),
        }
    ]
    by_hop = {clock.hop_id: clock for clock in page.clocks if clock.hop_id and clock.stopped_at is None}
    for hop in page.hops:
        state, said = words.HOPS.get(hop.state, ("done", hop.state))
        if hop.state == "accepted" and hop.to_desk_id == case.holder_id:
            state = "here"
        elif hop.to_desk.outside and hop.ended_at is None:
            state = "outside"
        running = by_hop.get(hop.id)
        chip = words.clock_chip(running, at, case.region_code) if running else None
        found.append(
            {
                "desk": hop.to_desk.name,
                "url": on_case.record_url(by, hop.to_desk),
                "state": state,
                "words": str(said),
                "since": words.moment(hop.ended_at or hop.accepted_at or hop.sent_at, case.region_code),
                "reason": on_case.hop_words(hop),
                "clock": {"words": chip.words, "tone": chip.tone, "due": chip.due} if chip else None,
            }
        )
    return found


def _name_of(case: Any, desk_id: UUID) -> str:
    """The name without another query when it is one of the two desks that came with the case."""
    return str(case.holder.name if case.holder_id == desk_id else case.acting.name)


def _clock(row: Any, at: datetime, region_code: str) -> dict[str, Any]:
    chip = words.clock_chip(row, at, region_code)
    return {
        "name": words.of(words.CLOCKS, row.key),
        "chip": chip,
        "desk": row.desk.name if row.desk else "",
        "amount": f"{row.amount} {words.of(words.UNITS, row.unit)}",
        "due": words.moment(row.due_at, region_code),
        "source": row.source,
        "version": row.rule_version,
        "running": row.stopped_at is None,
        "stood_still": [
            {"decision": one["decision"], "days": one["days"]} for one in getattr(row, "suspensions", [])
        ],
    }


def _stopped_by(page: CasePage) -> list[dict[str, str]]:
    """The decisions by which day clocks of this matter stood still: when, and by whom."""
    days = [row for row in page.clocks if row.unit != "hours"]
    return case_more.suspensions(page.case.region_code, days) if days else []


def _question(row: Any, region_code: str) -> dict[str, Any]:
    return {
        "row": row,
        "asked": words.moment(row.asked_at, region_code),
        "replied": words.moment(row.replied_at, region_code),
        "road": words.of(words.CHANNELS, row.reply_road),
    }


def _file(row: Any) -> dict[str, Any]:
    return {
        "row": row,
        "url": reverse("desk_attachment", args=[row.id]),
        "photo_url": reverse("desk_photo", args=[row.id]) if row.kind == "photo" else "",
        "mask_url": reverse("desk_mask", args=[row.id]) if row.kind == "photo" else "",
        "from": _("from the resident") if row.from_resident else row.by_name,
    }


def _message(row: Any, region_code: str) -> dict[str, Any]:
    return {
        "row": row,
        "road": words.of(words.ROADS, row.road),
        "state": _message_state(row),
        "before": ", ".join(dict.fromkeys(_road_before(one) for one in row.roads_tried)),
        "how": words.of(words.TOLD, row.told_how) if row.told_how else "",
        "when": words.moment(row.told_at or row.sent_at or row.printed_at or row.queued_at, region_code),
    }


def _message_state(row: Any) -> str:
    """What is known of it: what its provider reports, once it has left."""
    if row.state == "sent" and row.receipt:
        return words.of(talk_words.RECEIPTS, row.receipt)
    return words.of(words.MESSAGE_STATES, row.state)


def _road_before(tried: str) -> str:
    """A road that a message was at the end of; which contact it was is nobody's business here."""
    return words.of(words.ROADS, tried.partition(":")[0])


def timeline(page: CasePage, zone: str) -> list[dict[str, Any]]:
    """The journal's lines in words. Who identifies the resident is not in them."""
    names = desk_queries.names({line.desk_id for line in page.timeline if line.desk_id})
    return [
        {
            "at": when.local_time(line.at, zone).replace(tzinfo=None),
            "who": line.actor_name or _(roles.called(line.role)),
            "desk": names.get(line.desk_id, "") if line.desk_id else "",
            "text": " ".join(
                part
                for part in (_did(line), _facts_of(line, names.get(line.desk_id, "") if line.desk_id else ""))
                if part
            ),
            "quote": _quote(line),
            "icon": ICONS.get(line.kind, "knot"),
            "tone": TONES.get(line.kind, ""),
            "private": line.kind == "case.note",
        }
        for line in page.timeline
        if line.kind not in SILENT and not _only_waits(line)
    ]


def _only_waits(line: Any) -> bool:
    """A try that is made again by the same road tells nobody anything."""
    return line.kind == "message.fail" and line.facts.get("left") == line.facts.get("road")


def _did(line: Any) -> str:
    if line.kind == "case.open" and line.role == PUBLIC:
        return _("brought the matter")
    return words.act_words(line.kind)


def _facts_of(line: Any, own: str) -> str:
    """Where it went, which decision, which number: the facts that are worth reading; the doer's own desk stands there already."""
    facts = line.facts
    found = []
    if facts.get("left") and facts.get("road") and facts["left"] != facts["road"]:
        found.append(" → ".join(words.of(words.ROADS, str(facts[name])) for name in ("left", "road")))
    if facts.get("from") and facts.get("to"):
        found.append(f"{facts['from']} → {facts['to']}")
    elif (facts.get("to") or facts.get("desk") or own) != own:
        found.append(str(facts.get("to") or facts.get("desk")))
    if facts.get("decision"):
        found.append(words.decision_words(str(facts["decision"])))
    found += [str(facts[name]) for name in ("other", "into") if facts.get(name)]
    return f"({', '.join(found)})" if found else ""


def _quote(line: Any) -> str:
    inputs = line.inputs or {}
    if line.kind in ("case.note", "question.ask"):
        return str(inputs.get("text", ""))[:600]
    if line.kind.startswith(("identity.", "case.exclude", "case.readmit", "case.break_glass")):
        return ""
    return next((str(inputs[name])[:600] for name in SHOWN_INPUTS if inputs.get(name)), "")
