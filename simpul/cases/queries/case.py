"""Everything one case page shows, in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from simpul import roles
from simpul.cases import access
from simpul.cases.models import (
    Answer,
    Attachment,
    Case,
    Clock,
    ConsentOverride,
    Escalation,
    Exclusion,
    Hop,
    Link,
    Note,
    Party,
    Publication,
    Question,
)
from simpul.cases.queries import approvals as approval_queries
from simpul.cases.queries import consents as consent_queries
from simpul.cases.queries import tiers as tier_queries
from simpul.cases.rules import moves
from simpul.cases.rules import tiers as tier_rules
from simpul.journal import queries as journal_queries
from simpul.journal.models import Line
from simpul.lib.actor import Actor
from simpul.messages import queries as message_queries
from simpul.messages.models import Message
from simpul.people import queries as people_queries
from simpul.people.models import Contact

RECEIVER_ACTS = frozenset({"case.accept", "case.decline"})
HOLDER_ACTS = frozenset(
    {"case.claim", "case.refer", "case.pass_on", "case.return", "referral.answer", "case.release"}
)
FREE_ACTS = (
    "case.note",
    "case.attach",
    "case.link",
    "case.unlink",
    "case.seal",
    "case.unseal",
    "case.screen",
    "case.exclude",
    "case.readmit",
    "identity.ask",
    "identity.decide",
    "publication.prepare",
    "publication.release",
    "photo.mask",
    "message.print",
    "message.tell",
    "attachment.remove",
    "incident.open",
    "lapor.note",
    "consent.override",
)
"""Acts that do not move a case; the page offers them when the role includes them."""


@dataclass(frozen=True, slots=True)
class CasePage:
    """One case as its page shows it to one actor."""

    case: Case
    offers: frozenset[str]
    hops: list[Hop]
    held_hop: Hop | None
    offered_hop: Hop | None
    clocks: list[Clock]
    notes: list[Note]
    questions: list[Question]
    answers: list[Answer]
    attachments: list[Attachment]
    links: list[Link]
    parties: list[Party]
    escalations: list[Escalation]
    exclusions: list[Exclusion]
    publication: Publication | None
    messages: list[Message]
    timeline: list[Line]
    sees_reporter: bool
    contacts: list[Contact]
    about_contacts: list[Contact]
    proposal: tier_queries.Proposal | None
    papers: list[approval_queries.Paper]
    override: ConsentOverride | None
    outside_days: int | None
    """Whole days that outside bodies had it before them; None when none ever had."""

    @property
    def recallable_hop(self) -> Hop | None:
        """The hop that can be called back: an offer, or one at an outside body that took the matter on."""
        found = (hop for hop in reversed(self.hops) if hop.ended_at is None)
        return next((hop for hop in found if hop.state == "offered" or hop.to_desk.outside), None)

    @property
    def open_question(self) -> Question | None:
        """The question the resident has not replied to yet."""
        return next((question for question in self.questions if question.replied_at is None), None)


def case_page(by: Actor, case_id: UUID, at: datetime) -> CasePage:
    """Everything about one case that this actor may see.

    Raises:
        NotFound: there is no such case, or not for this actor.
    """
    case = access.get_for(by, case_id)
    place = access.place_of(case)
    hops = list(case.hops.select_related("from_desk", "to_desk").order_by("position"))
    held = next(
        (hop for hop in reversed(hops) if hop.state == "accepted" and hop.to_desk_id == case.holder_id), None
    )
    sees = access.sees_reporter(by, case, at=at)
    clocks = list(case.clocks.select_related("desk").order_by("started_at"))
    proposal = tier_queries.standing_proposal(case, hops, clocks, at) if hops else None
    papers = approval_queries.papers_of(by, case)
    return CasePage(
        case=case,
        offers=_fitting(offers(by, case, place, held), case, proposal, papers),
        hops=hops,
        held_hop=held,
        offered_hop=next((hop for hop in reversed(hops) if hop.state == "offered"), None),
        clocks=clocks,
        notes=list(case.notes.select_related("desk").order_by("-at")),
        questions=list(case.questions.select_related("desk").order_by("-asked_at")),
        answers=list(case.given.select_related("desk").order_by("-at")),
        attachments=list(case.attachments.filter(removed_at=None).order_by("added_at")),
        links=_links(by, case),
        parties=list(case.parties.order_by("role", "name")),
        escalations=list(case.escalations.select_related("silent_desk", "to_desk").order_by("-raised_at")),
        exclusions=list(case.exclusions.filter(lifted_at=None).select_related("desk")) if _guards(by) else [],
        publication=Publication.objects.filter(case=case).first(),
        messages=_messages(case, sees),
        timeline=journal_queries.timeline([case.id]),
        sees_reporter=sees,
        contacts=people_queries.contacts_of(case.reporter_id) if case.reporter_id and sees else [],
        about_contacts=people_queries.contacts_of(case.about_id) if case.about_id else [],
        proposal=proposal,
        papers=papers,
        override=consent_queries.override_of(case) if case.kind.asks_consent else None,
        outside_days=_outside_days(hops, at),
    )


def _fitting(
    allowed: frozenset[str],
    case: Case,
    proposal: tier_queries.Proposal | None,
    papers: list[approval_queries.Paper],
) -> frozenset[str]:
    """The acts without those for which this matter gives no occasion: nobody to pass it on to, no paper to sign."""
    found = set(allowed)
    if proposal is None:
        found.discard("case.pass_on")
    waiting = next((paper for paper in papers if paper.waits_for), None)
    for step, act in approval_queries.ACT_OF.items():
        if waiting is None or waiting.waits_for != step or not waiting.mine:
            found.discard(act)
    if waiting is None or not waiting.mine:
        found.discard("decision.return")
    if case.kind.approvals:
        if not any(paper.approval.state == "signed" for paper in papers):
            found.discard("case.answer")
    else:
        found.discard("decision.propose")
    if not case.kind.asks_consent or not case.is_open:
        found.discard("consent.override")
    return frozenset(found)


def _outside_days(hops: list[Hop], at: datetime) -> int | None:
    spans = [
        (hop.sent_at, hop.ended_at) for hop in hops if hop.to_desk.outside or hop.to_desk.level == "partner"
    ]
    return tier_rules.days_outside(spans, at) if spans else None


def offers(by: Actor, case: Case, place: roles.Place, held: Hop | None) -> frozenset[str]:
    """The acts the page may offer: declared from this state, allowed to this role here, and this desk's turn."""
    wanted = {*moves.acts_from(case.state), *FREE_ACTS}
    allowed = {act for act in wanted if roles.may(by, act, place)}
    wide = by.role == "focal_point"
    if not wide and case.acting_id not in by.desk_ids:
        allowed -= RECEIVER_ACTS
    if not wide and case.holder_id not in by.desk_ids:
        allowed -= HOLDER_ACTS
    if held is None:
        allowed -= {"case.return", "referral.answer"}
    if case.seat_id is None:
        allowed.discard("case.release")
    if by.user_id is not None and case.handed_in_by == by.user_id:
        allowed.discard("case.verify")
    if case.sensitivity == "sealed":
        allowed -= {"publication.prepare", "case.seal", "case.break_glass"}
    else:
        allowed -= {"case.unseal"}
    if not case.kind.publishable or case.answered_at is None:
        allowed.discard("publication.prepare")
    return frozenset(allowed)


def _links(by: Actor, case: Case) -> list[Link]:
    """Links both ways, only to cases the actor may also see."""
    outward = list(case.links.select_related("other", "other__kind"))
    inward = list(case.linked_from.select_related("case", "case__kind"))
    ends = {link.other_id for link in outward} | {link.case_id for link in inward}
    seen = set(access.visible(by).filter(id__in=ends).values_list("id", flat=True)) if ends else set()
    found = [link for link in outward if link.other_id in seen]
    known = {link.other_id for link in found}
    for link in inward:
        if link.case_id in seen and link.case_id not in known:
            link.other = link.case
            found.append(link)
    return found


def _messages(case: Case, sees_reporter: bool) -> list[Message]:
    """What was said and when; to whom, and in which words (they begin with the name), only where the reporter is no secret."""
    found = message_queries.for_subject(case.id)
    for message in found:
        if message.to_person_id is not None and not sees_reporter:
            message.to_name = message.to_address = message.subject = message.body = message.told_note = ""
            message.landmark = message.hamlet_name = ""
    return found


def _guards(by: Actor) -> bool:
    return roles.may_somewhere(by, "case.exclude")
