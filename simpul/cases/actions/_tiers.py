"""The matter goes to the next desk of its route without being retyped. Steps, no acts."""

from __future__ import annotations

from datetime import datetime

from simpul.cases.actions import _consents, _hops, steps
from simpul.cases.models import Case, Hop
from simpul.cases.queries import consents as consent_queries
from simpul.cases.queries import tiers as queries
from simpul.cases.rules import tiers as rules
from simpul.lib.actor import MACHINE, Actor


def fall(case: Case, at: datetime, hop: Hop, why: str) -> Hop | None:
    """After a refusal: ask the next desk when the kind lets it go by itself; else the holder has the turn and is told.

    Whatever happens, the holder keeps custody, and exactly one desk has the turn.
    """
    found = queries.proposal(case, hop, at)
    if found is not None and found.by_itself:
        made = pass_on(case, MACHINE, at, found)
        told = {"reason": why, "refused": hop.to_desk.name, "next": made.to_desk.name}
        steps.tell_desk(case, case.holder, "desk_passed_on", at, once=str(hop.position), values=told)
        return made
    if found is None and _was_on_route(case, hop):
        steps.change(case, at, untaken_at=at)
        steps.tell_desk(case, case.holder, "desk_untaken", at, once=str(hop.position), values={"reason": why})
        return None
    steps.tell_desk(case, case.holder, "desk_declined", at, once=str(hop.position), values={"reason": why})
    return None


def pass_on(
    case: Case,
    by: Actor,
    at: datetime,
    found: queries.Proposal,
    *,
    extract: str = "",
    taken: _consents.ConsentTaken | None = None,
) -> Hop:
    """Offer the matter to the proposed desk with the note, the extract and the consent it had; the line is written here."""
    before = found.after
    _hops.check_desk(case, found.desk)
    words = steps.free_words(extract, field="extract") or before.extract
    if consent_queries.is_institution(found.desk):
        words = steps.words(words, field="extract")
    said = _consents.settle(
        case,
        by,
        at,
        found.desk,
        shares_contact=found.shares_contact,
        said="",
        taken=taken,
    )
    sent = _hops.Sent(
        note=before.note, extract=words, shares_contact=found.shares_contact, consent=said or before.consent
    )
    hop = _hops.offer(case, by, at, "case.pass_on", found.desk, sent)
    steps.journal(
        by,
        at,
        "case.pass_on",
        case,
        {"from": before.to_desk.name, "to": found.desk.name, "hop": hop.position, "because": before.state},
        {"extract": words} if extract else None,
    )
    return hop


def end_silent(case: Case, hop: Hop, by: Actor, at: datetime) -> None:
    """The receiver's time ran out and another desk is asked: the hop ends, and the holder has the turn for a moment."""
    _hops.end(case, hop, by, at, "silent", silent_at=hop.silent_at or at)


def _was_on_route(case: Case, hop: Hop) -> bool:
    """True when it went by its route; a desk that was chosen by hand and refuses says nothing about the route."""
    if case.kind.falls_through == rules.SELF:
        return True
    return hop.to_desk_id in {desk.id for desk in queries.route_of(case)}
