"""Deciding on requests of the six fields: verified by the cadre, released by the head, verified by the village, handed over, forwarded,
ended. Each decision has its turn; a visit and papers come before."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.cases import access as case_access
from simpul.cases.actions import confining, referral
from simpul.cases.rules import moves
from simpul.desks import queries as desk_queries
from simpul.lib import text
from simpul.lib.actor import MACHINE, Actor
from simpul.lib.errors import NotFound, Refused
from simpul.posyandu.actions import _requests as steps
from simpul.posyandu.models import FieldRequest
from simpul.posyandu.queries import requests as queries
from simpul.posyandu.queries import services
from simpul.posyandu.rules import requests as rules

if TYPE_CHECKING:
    from simpul.cases.models import Case
    from simpul.desks.models import Desk


class PapersMissing(Refused):
    """The checklist is not complete."""

    code = "fieldrequest.papers_missing"
    sentence = _("Still missing: %(names)s. Mark what you have seen, then verify.")


class VisitMissing(Refused):
    """Nobody has looked at the place."""

    code = "fieldrequest.visit_missing"
    sentence = _("For this service the place is looked at first. Write the visit down, then verify.")


class OwnVerification(Refused):
    """The village looks with other eyes than the cadre's."""

    code = "fieldrequest.own_verification"
    sentence = _("You verified this yourself as the first. Somebody else of the village looks at it now.")


class NoVillageDesk(Refused):
    """There is nobody to hand it to."""

    code = "fieldrequest.no_village_desk"
    sentence = _("This village has no desk of the village office yet. Its administrator opens one first.")


class MatterElsewhere(Refused):
    """Another desk holds the matter."""

    code = "fieldrequest.matter_elsewhere"
    sentence = _("The matter is with %(desk)s now. That desk hands it on, or gives it back first.")


class NothingToRelease(Refused):
    """Only a request about public order waits for the head."""

    code = "fieldrequest.nothing_to_release"
    sentence = _("This request waits for no release: it is not about public order, or it was released.")


class NotAnonymous(Refused):
    """Who gave a name gets an answer."""

    code = "fieldrequest.not_anonymous"
    sentence = _(
        "Only a request about public order without a name may be set aside. Who gave a name is answered."
    )


class ResultUnknown(Refused):
    """Say how it ended."""

    code = "fieldrequest.result_unknown"
    sentence = _("Choose what came of the request.")
    field = "result"


def check_fieldrequest(
    *, by: Actor, at: datetime, fieldrequest_id: UUID, meets: bool, note: str = ""
) -> FieldRequest:
    """Verify as a cadre: the papers are complete, and what was asked fits or not. The village decides after it.

    Raises:
        PapersMissing, ReasonMissing: "does not fit" without a reason; RequestMovedOn, NotFound, NotAllowed.
    """
    with transaction.atomic():
        request = steps.begin(by, "fieldrequest.check", fieldrequest_id)
        said = steps.why(note, needed=not meets)
        lacking = _lacking(request)
        if lacking:
            raise PapersMissing(names=", ".join(lacking))
        steps.move(
            request,
            at,
            state=rules.CHECKED,
            checked_at=at,
            checked_by=by.name,
            checked_by_user_id=by.user_id,
            checked_meets=meets,
            checked_note=said,
        )
        steps.line(by, at, "fieldrequest.check", request, {"meets": meets}, {"note": said})
        return request


def release_fieldrequest(*, by: Actor, at: datetime, fieldrequest_id: UUID, note: str = "") -> FieldRequest:
    """Let a request about public order go on: from now on the village and its desks see it. The head alone does this.

    Raises:
        NothingToRelease, RequestMovedOn, NotFound, NotAllowed.
    """
    with transaction.atomic():
        request = steps.begin(by, "fieldrequest.release", fieldrequest_id)
        if not steps.held_back(request):
            raise NothingToRelease
        said = steps.why(note, needed=False)
        steps.move(request, at, released_at=at, released_by=by.name, released_note=said)
        reason = str(_("Released by the village head."))
        confining.free_case(by=MACHINE, at=at, case_id=request.case_id, reason=reason)
        steps.line(by, at, "fieldrequest.release", request, {}, {"note": said})
        return request


def verify_fieldrequest(
    *, by: Actor, at: datetime, fieldrequest_id: UUID, meets: bool, why: str = ""
) -> FieldRequest:
    """Verify for the village. Criteria met: it is handed over next. Not met: it ends, and the person reads why.

    Raises:
        NotReleased, VisitMissing, OwnVerification, ReasonMissing, RequestMovedOn, NotFound, NotAllowed.
    """
    with transaction.atomic():
        request = steps.begin(by, "fieldrequest.verify", fieldrequest_id)
        steps.check_released(request)
        if request.checked_by_user_id is not None and request.checked_by_user_id == by.user_id:
            raise OwnVerification
        wanted = services.service(request.service)
        if meets and wanted is not None and wanted.visit and not request.visits.exists():
            raise VisitMissing
        said = steps.why(why, needed=not meets)
        done = {"verified_at": at, "verified_by": by.name, "verified_why": said}
        facts: dict[str, object] = {"meets": meets}
        if meets:
            steps.move(request, at, state=rules.VERIFIED, **done)
        else:
            ended = {"ended_at": at, "ended_by": by.name, "result": "not_eligible", "result_words": said}
            steps.move(request, at, state=rules.REFUSED, **done, **ended)
            facts["told"] = steps.settle(request, by, at, decision="not_eligible", words=said)
        steps.line(by, at, "fieldrequest.verify", request, facts, {"why": said})
        return request


def hand_over_fieldrequest(*, by: Actor, at: datetime, fieldrequest_id: UUID) -> FieldRequest:
    """Hand a verified request over to the village office, with its matter.

    Raises:
        NotReleased, NoVillageDesk, MatterElsewhere, RequestMovedOn, NotFound, NotAllowed; the refusals of ``refer_case``.
    """
    with transaction.atomic():
        request = steps.begin(by, "fieldrequest.hand_over", fieldrequest_id)
        steps.check_released(request)
        desk = queries.village_desk(request.region_code)
        if desk is None:
            raise NoVillageDesk
        case = queries.matter_of(request)
        if desk.id not in {case.holder_id, case.acting_id}:
            _refer_to_village(by, at, request, case, desk)
        steps.move(request, at, state=rules.HANDED, handed_at=at, handed_by=by.name)
        steps.line(by, at, "fieldrequest.hand_over", request, {"desk": desk.name})
        return request


def forward_fieldrequest(
    *,
    by: Actor,
    at: datetime,
    fieldrequest_id: UUID,
    to_desk_id: UUID,
    note: str,
    consent: str = "",
    shares_contact: bool = False,
    their_due_date: date | None = None,
    outside_number: str = "",
) -> FieldRequest:
    """Forward a request from the village to an agency, the kecamatan or an outside body; its own clock starts there.

    Of a request about public order neither name nor contact goes along.

    Raises:
        NotReleased, MatterElsewhere, RequestMovedOn, NotFound, NotAllowed; the refusals of ``refer_case``.
    """
    with transaction.atomic():
        request = steps.begin(by, "fieldrequest.forward", fieldrequest_id)
        steps.check_released(request)
        case = queries.matter_of(request)
        if case.state == moves.OFFERED and case.acting_id in by.desk_ids:
            referral.accept_case(by=by, at=at, case_id=case.id)
            case = queries.matter_of(request)
        if case.holder_id not in by.desk_ids or case.state == moves.OFFERED:
            raise MatterElsewhere(desk=case.acting.name)
        desk = desk_queries.desk(to_desk_id)
        if desk is None:
            raise NotFound
        referral.refer_case(
            by=by,
            at=at,
            case_id=case.id,
            to_desk_id=desk.id,
            note=note,
            extract=_extract(request, note),
            shares_contact=shares_contact and not request.confidential,
            consent=consent,
            their_due_date=their_due_date,
            outside_number=outside_number,
        )
        steps.move(
            request, at, state=rules.FORWARDED, forwarded_at=at, forwarded_by=by.name, forwarded_desk=desk
        )
        steps.line(by, at, "fieldrequest.forward", request, {"desk": desk.name}, {"note": note})
        return request


def finish_fieldrequest(
    *, by: Actor, at: datetime, fieldrequest_id: UUID, result: str, words: str
) -> FieldRequest:
    """Give the result back to the person: the matter is answered with it, whichever desk holds it.

    Raises:
        ResultUnknown, ReasonMissing: no words; NotReleased, RequestMovedOn, NotFound, NotAllowed.
    """
    with transaction.atomic():
        request = steps.begin(by, "fieldrequest.finish", fieldrequest_id)
        steps.check_released(request)
        if result not in rules.RESULTS:
            raise ResultUnknown
        said = text.clean_text(words)[:1000]
        if len(said) < 3:
            raise steps.ReasonMissing(field="words")
        state = rules.REFUSED if result == "not_eligible" else rules.DONE
        steps.move(request, at, state=state, result=result, result_words=said, ended_at=at, ended_by=by.name)
        told = steps.settle(request, by, at, decision=result, words=said)
        steps.line(by, at, "fieldrequest.finish", request, {"result": result, "told": told}, {"words": said})
        return request


def set_aside_fieldrequest(*, by: Actor, at: datetime, fieldrequest_id: UUID, why: str) -> FieldRequest:
    """Set a request about public order aside that nobody put a name to, with the reason. It stays in the book.

    Raises:
        NotAnonymous, ReasonMissing, RequestMovedOn, NotFound, NotAllowed.
    """
    with transaction.atomic():
        request = steps.begin(by, "fieldrequest.set_aside", fieldrequest_id)
        if not (request.anonymous and request.confidential):
            raise NotAnonymous
        said = steps.why(why, needed=True)
        steps.move(
            request,
            at,
            state=rules.SET_ASIDE,
            result="not_eligible",
            result_words=said,
            ended_at=at,
            ended_by=by.name,
        )
        told = steps.settle(request, by, at, decision="not_eligible", words=said)
        steps.line(by, at, "fieldrequest.set_aside", request, {"told": told}, {"why": said})
        return request


def _lacking(request: FieldRequest) -> list[str]:
    """Names of the required papers that nobody has seen."""
    lacking = request.papers.filter(required=True, mark="missing").order_by("position")
    return [
        services.paper_name(code, (get_language() or "id")[:2])
        for code in lacking.values_list("code", flat=True)
    ]


def _refer_to_village(by: Actor, at: datetime, request: FieldRequest, case: Case, desk: Desk) -> None:
    """The matter goes to the village office: by the actor where the role may refer, else by the posyandu's hand-over itself."""
    if case.holder_id != request.posyandu.desk_id or case.state == moves.OFFERED:
        raise MatterElsewhere(desk=case.acting.name)
    sender = by if roles.may(by, "case.refer", case_access.place_of(case)) else MACHINE
    referral.refer_case(
        by=sender,
        at=at,
        case_id=case.id,
        to_desk_id=desk.id,
        note=str(_("Papers complete, verified by %(name)s.")) % {"name": request.checked_by or by.name},
    )


def _extract(request: FieldRequest, note: str) -> str:
    """What another institution reads: the service, the place, and the note; never who asked."""
    named = services.words_of(services.kind_options("service"), request.service, "id")
    return ". ".join(one for one in (named, request.place, text.clean_text(note)) if one)
