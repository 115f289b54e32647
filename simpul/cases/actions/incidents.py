"""Acts on shared causes: one cause, many receipts, one answer, many notices.

A shared cause (an incident) is a case of its own without a reporter. Its title and text are written to be read by anybody, because
residents are offered it while they write. Each member keeps its own receipt, clocks and owner.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul.cases import access
from simpul.cases.actions import handling, intake, steps
from simpul.cases.models import Case, Question
from simpul.cases.rules import moves
from simpul.cases.rules import publication as publication_rules
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused


class IncidentUnfit(Refused):
    """These cannot share a cause."""

    code = "incident.unfit"
    sentence = _("This matter cannot be joined to that shared cause: %(why)s")
    field = "incident_id"


class IncidentNamesPeople(Refused):
    """Anybody may read the title of a shared cause."""

    code = "incident.names_people"
    sentence = _("Anybody can read the words of a shared cause. Take out what points to a person: %(found)s.")
    field = "title"


class NotMember(Refused):
    """The matter belongs to no shared cause."""

    code = "incident.not_member"
    sentence = _("This matter belongs to no shared cause.")


class NoIncident(Refused):
    """The matter is no shared cause."""

    code = "incident.none"
    sentence = _("This matter is not a shared cause.")


@dataclass(frozen=True, slots=True)
class MassAnswer:
    """How many people were answered now, and how many had their answer already."""

    answered: int
    already: int


def open_incident(*, by: Actor, at: datetime, case_id: UUID, title: str, text: str) -> Case:
    """Make a shared cause out of one matter, which becomes its first member.

    It stays with the desk that holds the matter and has no clock of its own: each member's promise runs on.

    Raises:
        IncidentUnfit: the matter is protected, ended, or belongs to a cause already.
        IncidentNamesPeople, WordsMissing.
    """
    with transaction.atomic():
        case = steps.begin(by, "incident.open", case_id)
        said, told = steps.words(title, field="title", most=150), steps.words(text, field="text")
        why = _why_not_member(case)
        if why:
            raise IncidentUnfit(why=why)
        left = publication_rules.left_in({"title": said, "text": told}, ())
        if left:
            raise IncidentNamesPeople(found=", ".join(dict.fromkeys(one.span.text for one in left)))
        opened = intake.open_case(
            by=by,
            at=at,
            kind_code=case.kind_id,
            text_given=told,
            title=said,
            region_code=case.region_code,
            channel="desk",
            answers=case.answers,
            mode="group",
            hamlet_id=case.hamlet_id,
            happened_date=case.happened_date,
            language=case.language,
        )
        incident = opened.case
        if incident.sensitivity != "normal":
            raise IncidentUnfit(why=str(_("its words speak of something that must be protected.")))
        steps.change(incident, at, is_incident=True, holder=case.holder, acting=case.holder)
        steps.join_chain(incident, case.holder, at)
        steps.stop_clocks(incident, "ended", at)
        steps.change(case, at, incident=incident)
        steps.journal(by, at, "incident.open", incident, {"from": case.number}, {"title": said})
        return incident


def join_incident(*, by: Actor, at: datetime, case_id: UUID, incident_id: UUID) -> None:
    """Join a matter to a shared cause.

    Raises:
        IncidentUnfit: either is protected or ended, or they are about different regencies.
        NotFound, MoveRefused.
    """
    with transaction.atomic():
        case = steps.begin(by, "incident.join", case_id)
        incident = access.get_for(by, incident_id, lock=True)
        why = _why_not_member(case) or _why_not_join(case, incident)
        if why:
            raise IncidentUnfit(why=why)
        steps.change(case, at, incident=incident)
        steps.journal(by, at, "incident.join", case, {"incident": incident.number})


def leave_incident(*, by: Actor, at: datetime, case_id: UUID, reason: str) -> None:
    """Take a matter out of a shared cause, because it is about something else after all.

    Raises:
        NotMember, WordsMissing.
    """
    with transaction.atomic():
        case = steps.begin(by, "incident.leave", case_id)
        if case.incident_id is None:
            raise NotMember
        why = steps.words(reason, field="reason")
        number = Case.objects.values_list("number", flat=True).get(id=case.incident_id)
        steps.change(case, at, incident=None)
        steps.journal(by, at, "incident.leave", case, {"incident": number}, {"reason": why})


def answer_incident(*, by: Actor, at: datetime, incident_id: UUID, text: str, decision: str) -> MassAnswer:
    """Give one answer to everybody: each member is answered, told by the road that is safe for them, and may react.

    Repeating answers only those who joined since. A member that waits on somebody is called back first. Sealed ones are left
    to the focal point, and those that the actor is kept away from to others; neither is counted.

    Raises:
        NoIncident, NotVerified, DecisionMissing, WordsMissing.
    """
    with transaction.atomic():
        incident = steps.begin(by, "incident.answer", incident_id)
        if not incident.is_incident:
            raise NoIncident
        if incident.kind.needs_verification and incident.verified_at is None and incident.answered_at is None:
            raise handling.NotVerified
        steps.words(text, field="text")
        members = Case.objects.filter(incident=incident).select_related(
            "kind", "holder", "acting", "reporter", "hamlet"
        )
        members = members.exclude(sensitivity="sealed").exclude(access.kept_away(by))
        waiting = members.open().order_by("received_at", "id").select_for_update(of=("self",))
        answered = 0
        for member in [*waiting, *([incident] if incident.is_open else [])]:
            _call_back(member, at)
            handling.give_answer(member, by, at, text, decision)
            answered += member.id != incident.id
        already = members.exclude(answered_at=None).count() - answered
        steps.journal(
            by, at, "incident.answer", incident, {"answered": answered, "already": already}, {"text": text}
        )
        return MassAnswer(answered, already)


def _call_back(case: Case, at: datetime) -> None:
    """Bring a member to where it can be answered, by moves that are declared: the cause settled what it was waiting for."""
    if case.state == moves.OFFERED:
        steps.move(case, "case.recall", at, acting=case.holder)
    elif case.state == moves.HANDED_IN:
        steps.move(case, "case.verify", at, verified_at=at)
    elif case.state == moves.WAITING:
        Question.objects.filter(case=case, replied_at=None).update(replied_at=at, reply_road="incident")
        steps.move(case, "question.reply", at)
        steps.resume_clocks(case, at)


def _why_not_member(case: Case) -> str:
    if case.sensitivity != "normal":
        return str(_("it is protected or restricted."))
    if not case.is_open:
        return str(_("it has been answered or closed."))
    if case.is_incident:
        return str(_("it is itself a shared cause."))
    return str(_("it belongs to one already; take it out first.")) if case.incident_id else ""


def _why_not_join(case: Case, incident: Case) -> str:
    if not incident.is_incident:
        return str(_("the other one is not a shared cause."))
    if not incident.is_open or incident.sensitivity != "normal":
        return str(_("the shared cause is not open."))
    return (
        ""
        if incident.region_code[:4] == case.region_code[:4]
        else str(_("they are about different regencies."))
    )
