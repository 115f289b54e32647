"""What every operation shares: the key and its scope, requests that are done once, cursors, and the errors each may answer."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Schema
from ninja.security import HttpBearer

from simpul.api import keys
from simpul.api.v1 import problems
from simpul.exchange import access as exchange_access
from simpul.exchange import actions as exchange_actions
from simpul.exchange import queries as exchange_queries
from simpul.lib.actor import MACHINE, Actor
from simpul.lib.errors import Refused

ERRORS: dict[Any, Any] = {(400, 401, 403, 404, 409, 413, 422, 429, 503): problems.Problem}
"""What any operation may answer besides its own."""


class CursorNotValid(Refused):
    """Not a mark that this interface gave."""

    code = "api.cursor_not_valid"
    sentence = _("This cursor was not given here. Begin again without one.")
    field = "cursor"


class Asking(HttpRequest):
    """A request with its key."""

    auth: exchange_queries.Key


class Bearer(HttpBearer):
    """The key in the header ``Authorization: Bearer``, good for ``scope``; without a scope any live key is."""

    def __init__(self, scope: str = "") -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> exchange_queries.Key:
        """The key, counted; refused when it is unknown or not for this.

        Raises:
            KeyNotValid, ScopeMissing, TooManyRequests.
        """
        found = keys.token_of(token.strip(), timezone.now())
        if found is None:
            raise problems.KeyNotValid
        if self.scope and self.scope not in found.scopes:
            raise problems.ScopeMissing(scope=self.scope)
        return found


def actor_of(request: Asking) -> Actor:
    """Who acts."""
    return exchange_access.actor_of(request.auth)


def once(
    request: Asking, key: str | None, run: Callable[[UUID | None], Schema], *, status: int = 200
) -> HttpResponse:
    """Do what is asked, and under one Idempotency-Key only once: asked again, the same answer is given word for word.

    A refusal changes nothing, so its key is free again. When a process stops in the middle, the key is taken over a minute
    later with the same row, whose id is the id of what is made: nothing is made twice.

    Raises:
        KeyReused, StillWorking, and what ``run`` raises.
    """
    if key is None:
        return _json(status, run(None).model_dump_json())
    at = timezone.now()
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.body).hexdigest()
    claim = exchange_actions.claim_reply(by=MACHINE, at=at, token_id=request.auth.id, key=key, digest=digest)
    if claim.state == "other":
        raise problems.KeyReused
    if claim.state == "busy":
        raise problems.StillWorking
    if claim.state == "done":
        answer = _json(claim.status, claim.body)
        answer["Idempotent-Replayed"] = "true"
        return answer
    try:
        body = run(claim.reply_id).model_dump_json()
    except Refused:
        exchange_actions.drop_reply(by=MACHINE, at=at, reply_id=claim.reply_id)
        raise
    exchange_actions.keep_reply(by=MACHINE, at=at, reply_id=claim.reply_id, status=status, body=body)
    return _json(status, body)


def _json(status: int, body: str) -> HttpResponse:
    return HttpResponse(body, status=status, content_type="application/json; charset=utf-8")


# --- cursors ----------------------------------------------------------------------------------------------------------


def write_cursor(moment: datetime, key: UUID) -> str:
    """A mark behind one row: when it changed, and its key."""
    return base64.urlsafe_b64encode(json.dumps([moment.isoformat(), key.hex]).encode()).decode().rstrip("=")


def read_cursor(text: str | None) -> tuple[datetime, UUID] | None:
    """What a mark stands for; None for none.

    Raises:
        CursorNotValid: it was not written here.
    """
    if not text:
        return None
    try:
        given = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        moment, key = json.loads(given)
        read = datetime.fromisoformat(moment)
        found = read, UUID(hex=key)
    except (binascii.Error, ValueError, TypeError, AttributeError) as fault:
        raise CursorNotValid from fault
    if read.tzinfo is None or not 2000 <= read.year <= 9000:
        raise CursorNotValid
    return found
