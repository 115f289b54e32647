"""Steps of the acts on requests of the six fields: get one for an act, move it, keep photos, answer its matter, write the line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.cases.actions import confining, settling
from simpul.journal import actions as journal_actions
from simpul.lib import media, text
from simpul.lib.actor import MACHINE, Actor
from simpul.lib.errors import Refused
from simpul.posyandu.access import requests as access
from simpul.posyandu.models import FieldRequest, RequestPaper, RequestPhoto, RequestVisit
from simpul.posyandu.queries import requests as queries
from simpul.posyandu.rules import requests as rules

MOST_PHOTOS = 12


class RequestMovedOn(Refused):
    """The request is in a state from which this does not start."""

    code = "fieldrequest.moved_on"
    sentence = _("This request has moved on, so that can no longer be done. Look where it is now.")


class NotReleased(Refused):
    """A request about public order waits for the village head."""

    code = "fieldrequest.not_released"
    sentence = _("A request about public order goes on only when the village head has released it.")


class ReasonMissing(Refused):
    """A "no" has a reason."""

    code = "fieldrequest.reason_missing"
    sentence = _("Write why, in a few words. The person may ask.")
    field = "why"


class TooManyPhotos(Refused):
    """A request keeps a bounded number of photos."""

    code = "fieldrequest.too_many_photos"
    sentence = _("A request keeps at most %(most)s photos. Send the ones that show most.")
    field = "photos"


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo as it was sent; ``side`` is of ``rules.requests.SIDES``, or empty."""

    data: bytes
    name: str = "foto.jpg"
    side: str = ""


def begin(by: Actor, act: str, fieldrequest_id: UUID) -> FieldRequest:
    """Get the request for an act: seen by the actor, allowed by the role table, in a state the act may start from.

    Raises:
        NotFound, NotAllowed, RequestMovedOn.
    """
    request = access.request_for(by, fieldrequest_id, lock=True)
    roles.require(by, act, place_of(request))
    if not rules.allowed(act, request.state):
        raise RequestMovedOn
    return request


def place_of(request: FieldRequest) -> roles.Place:
    """Where a request is, in the words of the role table."""
    return roles.Place(region_code=request.region_code)


def held_back(request: FieldRequest) -> bool:
    """True for a request about public order that the head has not released."""
    return request.confidential and request.released_at is None


def check_released(request: FieldRequest) -> None:
    """Raises NotReleased."""
    if held_back(request):
        raise NotReleased


def move(request: FieldRequest, at: datetime, **changes: Any) -> None:
    """Change the request; the red flag counts three working days from now again, and is off at the end."""
    state = changes.get("state", request.state)
    changes["moved_at"] = at
    changes["stale_at"] = (
        rules.stale_at(at, queries.calendar_of(request.posyandu, at)) if state in rules.OPEN else None
    )
    FieldRequest.objects.filter(id=request.id).update(**changes)
    for name, value in changes.items():
        setattr(request, name, value)


def why(words: str, *, needed: bool, most: int = 500) -> str:
    """A reason, cleaned.

    Raises:
        ReasonMissing: it is needed and not there.
    """
    clean = text.clean_line(words)[:most]
    if needed and len(clean) < 3:
        raise ReasonMissing
    return clean


def cleaned(photos: Sequence[Photo]) -> list[tuple[str, media.CleanFile]]:
    """Photos made anew without hidden data, each with its side. Raises media.FileRefused."""
    return [
        (
            one.side if one.side in rules.SIDES else "",
            media.inspect_and_clean(one.data, one.name, max_bytes=settings.SIMPUL_MAX_FILE),
        )
        for one in photos
    ]


def keep(
    request: FieldRequest,
    at: datetime,
    files: Sequence[tuple[str, media.CleanFile]],
    *,
    paper: RequestPaper | None = None,
    visit: RequestVisit | None = None,
) -> None:
    """Keep cleaned photos of a paper or a visit. Raises TooManyPhotos."""
    if request.photos.count() + len(files) > MOST_PHOTOS:
        raise TooManyPhotos(most=MOST_PHOTOS)
    store = queries.store()
    RequestPhoto.objects.bulk_create(
        RequestPhoto(
            request=request,
            paper=paper,
            visit=visit,
            side=side,
            file_sha256=store.put(clean.data),
            file_mime=clean.mime,
            added_at=at,
        )
        for side, clean in files
    )


def confine(request: FieldRequest, at: datetime) -> None:
    """Keep the matter of a request about public order to those it is trusted to. One that was sealed is closed enough."""
    if not held_back(request) or request.case.sensitivity != "restricted":
        return
    readers = queries.readers_of(request.posyandu)
    if request.taken_by_user_id is not None and request.taken_by_user_id not in readers:
        readers.append(request.taken_by_user_id)
    if readers:
        reason = str(_("Public order: waits for the village head."))
        confining.confine_case(by=MACHINE, at=at, case_id=request.case_id, reader_ids=readers, reason=reason)


def settle(request: FieldRequest, by: Actor, at: datetime, *, decision: str, words: str) -> str:
    """Answer the matter. What became of the request is a fact: a matter that was answered, merged or sealed meanwhile stays as it is,
    and the word that is returned says why nobody was told."""
    case = request.case
    case.refresh_from_db(fields=["state", "is_open"])
    if not case.is_open:
        return "matter_closed"
    try:
        with transaction.atomic():
            settling.settle_case(by=by, at=at, case_id=case.id, text=words, decision=decision)
    except Refused as refusal:
        return refusal.code
    return "answered"


def line(
    by: Actor,
    at: datetime,
    act: str,
    request: FieldRequest,
    facts: Mapping[str, Any] | None = None,
    inputs: Mapping[str, Any] | None = None,
) -> None:
    """Write the act's line. One about public order says what happened, not what it is about."""
    plain = {} if request.confidential else {"service": request.service}
    journal_actions.record(
        by=by,
        at=at,
        kind=act,
        subject_kind="fieldrequest",
        subject_id=request.id,
        region_code=request.region_code,
        facts={"state": request.state, **plain, **(facts or {})},
        inputs=inputs,
    )
