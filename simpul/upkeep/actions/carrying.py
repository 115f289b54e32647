"""Doing what a person asked for: the copy of their data, a correction, standing still, withdrawing consents."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import rules as journal_rules
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.people import actions as people_actions
from simpul.people.actions import consent as consent_actions
from simpul.people.actions import restricting as restrict_actions
from simpul.people.queries import consent as consent_queries
from simpul.upkeep import access
from simpul.upkeep.actions import _shared
from simpul.upkeep.actions.requests import NotOpen
from simpul.upkeep.models import RightsRequest
from simpul.upkeep.queries import dossier as dossier_queries
from simpul.upkeep.rules import requests as rules


class OtherKind(Refused):
    """The wish asks for something else."""

    code = "request.other_kind"
    sentence = _("This person asked for something else. Take that up as a wish of its own.")


class NothingToCorrect(Refused):
    """No field was changed."""

    code = "request.nothing_to_correct"
    sentence = _("Change at least one field, or refuse the wish with its ground.")


class NothingToWithdraw(Refused):
    """No consent was chosen."""

    code = "request.nothing_to_withdraw"
    sentence = _("Choose at least one consent that stands.")
    field = "consents"


@dataclass(frozen=True, slots=True)
class Dossier:
    """What a person takes home: everything that is held about them, readable and for machines, with its digest."""

    told: dict[str, Any]
    data: bytes
    digest: str


def prepare_dossier(*, by: Actor, at: datetime, request_id: UUID) -> Dossier:
    """Put the copy together and note that it is handed out: every call is one copy, none is kept here (UU 27/2022 art. 32).

    Raises:
        NotFound, NotAllowed: not the actor's to do here.
        OtherKind, NotOpen.
    """
    request = _begin(by, request_id, "dossier.prepare", {rules.ACCESS})
    told = dossier_queries.everything(request.person_id, at=at, by=by)
    data = json.dumps(journal_rules.jsonable(told), ensure_ascii=False, indent=1).encode()
    digest = hashlib.sha256(data).hexdigest()
    with transaction.atomic():
        _done(request, by, at, {"digest": digest, "bytes": len(data), "rows": dossier_queries.count(told)})
        _shared.record(by, at, "dossier.prepare", request, facts={"digest": digest, "bytes": len(data)})
    return Dossier(told, data, digest)


def correct_person(
    *, by: Actor, at: datetime, request_id: UUID, changes: people_actions.PersonFields
) -> RightsRequest:
    """Correct what the person says is wrong; the journal keeps what stood there before (UU 27/2022 art. 30).

    Raises:
        NotFound, NotAllowed: not the actor's to do here.
        OtherKind, NotOpen, NothingToCorrect.
        Refused: a value that cannot be read, from ``people``.
    """
    request = _begin(by, request_id, "person.correct", {rules.CORRECT})
    if not changes:
        raise NothingToCorrect
    with transaction.atomic():
        people_actions.change_person(
            by=by, at=at, person_id=request.person_id, changes=changes, place=_place(request)
        )
        _done(request, by, at, {"changed": sorted(changes)})
        _shared.record(by, at, "person.correct", request, facts={"changed": sorted(changes)})
    request.refresh_from_db()
    return request


def restrict_wish(*, by: Actor, at: datetime, request_id: UUID) -> RightsRequest:
    """Let the person's data stand still, as they asked (UU 27/2022 art. 41); devices are told to drop their copies.

    Raises:
        NotFound, NotAllowed: not the actor's to do here.
        OtherKind, NotOpen; AlreadyRestricted from ``people``.
    """
    request = _begin(by, request_id, "wish.restrict", {rules.RESTRICT})
    with transaction.atomic():
        restrict_actions.restrict_person(
            by=by,
            at=at,
            person_id=request.person_id,
            why=request.words or request.asked_by,
            place=_place(request),
        )
        _shared.bury("person", [request.person_id], "restricted", at, request.region_code)
        _done(request, by, at, {})
        _shared.record(by, at, "wish.restrict", request)
    request.refresh_from_db()
    return request


def withdraw_consents(
    *, by: Actor, at: datetime, request_id: UUID, consent_ids: Collection[UUID], why: str = ""
) -> RightsRequest:
    """Withdraw the consents the person names; each stops at once (UU 27/2022 art. 40).

    Raises:
        NotFound, NotAllowed: not the actor's to do here, or a consent of somebody else.
        OtherKind, NotOpen, NothingToWithdraw; AlreadyWithdrawn from ``people``.
    """
    request = _begin(by, request_id, "consents.withdraw", {rules.WITHDRAW})
    if not consent_ids:
        raise NothingToWithdraw
    held = {one.id for one in consent_queries.consents_of(by, request.person_id, through_matter=True)}
    if not held.issuperset(consent_ids):
        raise NotFound
    with transaction.atomic():
        for consent_id in consent_ids:
            consent_actions.withdraw_consent(
                by=by, at=at, consent_id=consent_id, why=why, place=_place(request)
            )
        _done(request, by, at, {"consents": len(consent_ids)})
        _shared.record(by, at, "consents.withdraw", request, facts={"consents": len(consent_ids)})
    request.refresh_from_db()
    return request


def _begin(by: Actor, request_id: UUID, act: str, kinds: Collection[str]) -> RightsRequest:
    """The wish for an act that grants it: of the right kind, not refused, not told yet."""
    request = access.request_for(by, request_id)
    roles.require(by, act, _place(request))
    if request.kind not in kinds:
        raise OtherKind
    if request.told_at is not None or request.state not in ("open", rules.GRANTED, rules.PARTLY):
        raise NotOpen
    return request


def _place(request: RightsRequest) -> roles.Place:
    return roles.Place(region_code=request.region_code)


def _done(request: RightsRequest, by: Actor, at: datetime, facts: dict[str, Any]) -> None:
    """Granted by doing it: what nobody has to review needs no step of its own."""
    values: dict[str, Any] = {"done_at": at, "done_facts": facts}
    if request.state == "open":
        values |= {
            "state": rules.GRANTED,
            "decision": rules.GRANTED,
            "proposed_at": at,
            "proposed_by": by.name[:150],
            "proposed_user_id": by.user_id,
        }
    RightsRequest.objects.filter(id=request.id).update(**values)
