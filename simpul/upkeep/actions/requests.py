"""A wish about personal data: taking it up, proposing, reviewing, telling. What it asks for is done in ``carrying`` and ``erasing``."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.cases import access as case_access
from simpul.lib import text
from simpul.lib.actor import MACHINE, Actor
from simpul.lib.errors import NotFound, Refused
from simpul.messages import actions as message_actions
from simpul.people import access as people_access
from simpul.people.queries import keeping as people_keeping
from simpul.upkeep import access
from simpul.upkeep.actions import _shared
from simpul.upkeep.models import RightsRequest
from simpul.upkeep.queries import catalogue
from simpul.upkeep.rules import requests as rules


class AlreadyAsked(Refused):
    """One open wish of a kind for a person."""

    code = "request.already_asked"
    sentence = _(
        "This person has asked for the same already, and that is not settled. Open that wish instead."
    )


class KindUnknown(Refused):
    """Six rights."""

    code = "request.kind_unknown"
    sentence = _("Choose what the person asks for.")
    field = "kind"


class ProofMissing(Refused):
    """Data are handed to who they are about, and to nobody else."""

    code = "request.proof_missing"
    sentence = _("Write how you saw that the data are theirs, for example “KTP seen at the counter”.")
    field = "proof"


class AskerMissing(Refused):
    """Somebody asked."""

    code = "request.asker_missing"
    sentence = _("Write who asks.")
    field = "asked_by"


class NotTheirMatter(Refused):
    """A wish that came as a matter belongs to who brought it."""

    code = "request.not_their_matter"
    sentence = _("This person neither brought that matter nor is it about them.")


class GroundMissing(Refused):
    """No refusal without a ground of the law and words for the person (UU 27/2022 art. 33)."""

    code = "request.ground_missing"
    sentence = _("Choose the ground and write in plain words why.")
    field = "ground"


class DecisionMissing(Refused):
    """Granted, partly, or refused."""

    code = "request.decision_missing"
    sentence = _("Choose what should be decided.")
    field = "decision"


class SamePerson(Refused):
    """Nobody reviews their own proposal."""

    code = "request.same_person"
    sentence = _("You proposed this yourself. Somebody else has to look at it.")


class NotOpen(Refused):
    """The wish has moved on."""

    code = "request.not_open"
    sentence = _("This wish has moved on. Look at it again to see where it is now.")


class NotDoneYet(Refused):
    """Only what happened is told."""

    code = "request.not_done_yet"
    sentence = _("First do what was decided; then tell the person.")


class HowUnknown(Refused):
    """How the person got to know."""

    code = "request.how_unknown"
    sentence = _("Choose how the person got to know.")
    field = "how"


class NoRoad(Refused):
    """No message can reach them."""

    code = "request.no_road"
    sentence = _(
        "There is no safe road for a message to this person. Tell them at the counter, by letter or by a visit."
    )
    field = "how"


def open_request(
    *,
    by: Actor,
    at: datetime,
    person_id: UUID,
    kind: str,
    asked_by: str,
    proof: str,
    words: str = "",
    relation: str = "",
    case_id: UUID | None = None,
) -> RightsRequest:
    """Take a wish up, at the counter or out of a matter of the kind ``rights_request``. Its 72 hours run from when it was received.

    Raises:
        NotFound, NotAllowed: not the actor's to do here.
        Refused: see the subclasses above.
    """
    received, region = at, ""
    if case_id is not None:
        case = case_access.get_for(by, case_id)
        if person_id not in (case.reporter_id, case.about_id):
            raise NotTheirMatter
        received, region = case.received_at, case.region_code
        person = people_keeping.person(person_id)
        if person is None or person.erased_at is not None:
            raise NotFound
    else:
        person = people_access.person_for(by, person_id)
    place = region or person.region_code or by.served_areas[0]
    roles.require(by, "request.open", roles.Place(region_code=place))
    asker, seen = text.clean_line(asked_by)[:150], text.clean_line(proof)[:200]
    if kind not in rules.KINDS:
        raise KindUnknown
    if not asker:
        raise AskerMissing
    if not seen:
        raise ProofMissing
    with transaction.atomic():
        if RightsRequest.objects.open().filter(person_id=person_id, kind=kind).exists():
            raise AlreadyAsked
        request = RightsRequest.objects.create(
            person_id=person_id,
            case_id=case_id,
            kind=kind,
            region_code=place,
            words=text.clean_text(words)[:2000],
            asked_by=asker,
            relation=relation[:30],
            proof=seen,
            received_at=received,
            due_at=rules.due(received),
            opened_by=by.name[:150],
        )
        _shared.record(by, at, "request.open", request, inputs={"words": request.words, "asked_by": asker})
    return request


def propose_request(
    *, by: Actor, at: datetime, request_id: UUID, decision: str, ground: str = "", words: str = ""
) -> RightsRequest:
    """Write what should be decided. A wish that is granted is decided with that; refusals, and every erasure, wait for a second person.

    Raises:
        NotFound, NotAllowed: not the actor's to do here.
        DecisionMissing, GroundMissing, NotOpen.
    """
    request = access.request_for(by, request_id)
    roles.require(by, "request.propose", roles.Place(region_code=request.region_code))
    if decision not in rules.DECISIONS:
        raise DecisionMissing
    why = text.clean_text(words)[:2000]
    if decision != rules.GRANTED and (ground not in catalogue.refusals() or not why):
        raise GroundMissing
    waits = rules.needs_review(request.kind, decision)
    with transaction.atomic():
        changed = RightsRequest.objects.filter(id=request_id, state="open").update(
            state="proposed" if waits else decision,
            decision=decision,
            ground=ground if decision != rules.GRANTED else "",
            ground_words=why,
            proposed_at=at,
            proposed_by=by.name[:150],
            proposed_user_id=by.user_id,
        )
        if changed != 1:
            raise NotOpen
        facts = {"decision": decision, "ground": ground}
        _shared.record(by, at, "request.propose", request, facts=facts, inputs={"words": why})
    request.refresh_from_db()
    return request


def review_request(
    *, by: Actor, at: datetime, request_id: UUID, approve: bool, words: str = ""
) -> RightsRequest:
    """A second person agrees with what was proposed, or sends it back with words (UU 27/2022 art. 33: ground and reviewer).

    Raises:
        NotFound, NotAllowed: not the actor's to do here.
        SamePerson, NotOpen, GroundMissing: sent back without words.
    """
    request = access.request_for(by, request_id)
    roles.require(by, "request.review", roles.Place(region_code=request.region_code))
    if request.state != "proposed":
        raise NotOpen
    if by.user_id is None or by.user_id == request.proposed_user_id:
        raise SamePerson
    said = text.clean_text(words)[:2000]
    if not approve and not said:
        raise GroundMissing(field="words")
    with transaction.atomic():
        changed = RightsRequest.objects.filter(id=request_id, state="proposed").update(
            state=request.decision if approve else "open",
            reviewed_at=at,
            reviewed_by=by.name[:150],
            review_words=said,
        )
        if changed != 1:
            raise NotOpen
        facts = {"decision": request.decision, "approved": approve}
        _shared.record(by, at, "request.review", request, facts=facts, inputs={"words": said})
    request.refresh_from_db()
    return request


def tell_request(*, by: Actor, at: datetime, request_id: UUID, how: str, words: str = "") -> RightsRequest:
    """The person knows what became of their wish; with ``how`` "message" it is queued by the road that is safe.

    Raises:
        NotFound, NotAllowed: not the actor's to do here.
        NotDoneYet, NotOpen, HowUnknown, NoRoad.
    """
    request = access.request_for(by, request_id)
    roles.require(by, "request.tell", roles.Place(region_code=request.region_code))
    if request.told_at is not None:
        raise NotOpen
    if request.state not in rules.DECISIONS or (request.state != rules.REFUSED and request.done_at is None):
        raise NotDoneYet
    if how not in rules.HOW_TOLD:
        raise HowUnknown
    said = text.clean_line(words)[:300]
    with transaction.atomic():
        if how == "message" and not _write(request, at, said):
            raise NoRoad
        changed = RightsRequest.objects.filter(id=request_id, told_at=None).update(
            told_at=at, told_by=by.name[:150], told_how=how, told_words=said
        )
        if changed != 1:
            raise NotOpen
        _shared.record(by, at, "request.tell", request, facts={"how": how}, inputs={"words": said})
    request.refresh_from_db()
    return request


def _write(request: RightsRequest, at: datetime, said: str) -> bool:
    message = message_actions.queue_message(
        by=MACHINE,
        at=at,
        subject_kind="person",
        subject_id=request.person_id,
        once_key=f"rights:{request.id}",
        text_key=f"rights_{request.state}",
        values={"words": said or "-"},
        person_id=request.person_id,
        region_code=request.region_code,
    )
    return message is not None and message.road != "slip"


def warn_requests(*, by: Actor, at: datetime) -> int:
    """Mark wishes whose 72 hours are over and that nobody settled, once each; returns how many."""
    roles.require(by, "requests.warn")
    with transaction.atomic():
        late = list(RightsRequest.objects.late(at).filter(warned_at=None)[:500])
        for request in late:
            RightsRequest.objects.filter(id=request.id).update(warned_at=at)
            _shared.record(by, at, "requests.warn", request, facts={"due_at": request.due_at})
    return len(late)
