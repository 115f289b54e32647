"""What is answered when something is wrong: problem details (RFC 9457) with the house's own codes and sentences."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from simpul.api import keys
from simpul.cases.actions import intake
from simpul.lib.errors import NotFound, Refused

log = logging.getLogger("simpul.api")
MEDIA_TYPE = "application/problem+json"


class ErrorPart(Schema):
    """One thing that is wrong with what was sent."""

    field: str
    detail: str


class Problem(Schema):
    """Why a request was not done, and what to do next. ``code`` is stable; ``detail`` is for people."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    field: str | None = None
    errors: list[ErrorPart] | None = None


class KeyNotValid(Refused):
    """No key, or none of ours."""

    code = "api.key_not_valid"
    sentence = gettext_lazy("Send a valid key in the header Authorization: Bearer.")


class ScopeMissing(Refused):
    """The key is ours, and not for this."""

    code = "api.scope_missing"
    sentence = gettext_lazy(
        "This key may not be used for this (%(scope)s). Ask the administrator for another one."
    )


class KeyReused(Refused):
    """The idempotency key already stands for another request."""

    code = "api.idempotency_key_reused"
    sentence = gettext_lazy(
        "This Idempotency-Key was used for another request. Make a new one for each request."
    )


class StillWorking(Refused):
    """The same request is being worked on."""

    code = "api.still_working"
    sentence = gettext_lazy(
        "The same request is being worked on just now. Ask again in a moment with the same key."
    )


_STATUS: tuple[tuple[type[Refused], int], ...] = (
    (NotFound, 404),
    (KeyNotValid, 401),
    (ScopeMissing, 403),
    (KeyReused, 422),
    (StillWorking, 409),
    (keys.TooManyRequests, 429),
)
_TITLES = {
    400: gettext_lazy("The request cannot be read"),
    401: gettext_lazy("A key is needed"),
    403: gettext_lazy("Not with this key"),
    404: gettext_lazy("Not found"),
    405: gettext_lazy("Not this way"),
    409: gettext_lazy("Not now"),
    413: gettext_lazy("Too large"),
    422: gettext_lazy("Something is missing or wrong"),
    429: gettext_lazy("Too many requests"),
    500: gettext_lazy("A fault on our side"),
    503: gettext_lazy("Not available for the moment"),
}


def answer(
    status: int, code: str, detail: str, *, field: str = "", errors: Sequence[ErrorPart] = ()
) -> HttpResponse:
    """A problem as an answer."""
    body: dict[str, Any] = {
        "type": f"urn:simpul:problem:{code}",
        "title": str(_TITLES.get(status, _TITLES[400])),
        "status": status,
        "code": code,
        "detail": detail,
    }
    if field:
        body["field"] = field
    if errors:
        body["errors"] = [part.model_dump() for part in errors]
    text = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return HttpResponse(text, status=status, content_type=MEDIA_TYPE)


def of_refusal(_request: HttpRequest, refusal: Refused) -> HttpResponse:
    """A refusal: what names a field can be put right and sent again (422), the rest is a matter of state (409)."""
    status = next((status for kind, status in _STATUS if isinstance(refusal, kind)), 0)
    errors: list[ErrorPart] = []
    if isinstance(refusal, intake.AnswersWrong):
        errors = [ErrorPart(field=f"answers.{key}", detail=_(said)) for key, said in refusal.errors.items()]
    status = status or (422 if refusal.field or errors else 409)
    found = answer(status, refusal.code, str(refusal), field=refusal.field, errors=errors)
    if isinstance(refusal, keys.TooManyRequests):
        found["Retry-After"] = str(refusal.seconds)
    elif isinstance(refusal, StillWorking):
        found["Retry-After"] = "2"
    elif status == 401:
        found["WWW-Authenticate"] = 'Bearer realm="simpul"'
    return found


def register(api: NinjaAPI) -> None:
    """Give every failure its answer."""
    handlers: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
        Refused: of_refusal,
        AuthenticationError: lambda request, _fault: of_refusal(request, KeyNotValid()),
        Http404: lambda request, _fault: of_refusal(request, NotFound()),
        ValidationError: _not_valid,
        HttpError: _unreadable,
        SuspiciousOperation: _unreadable,
        BadRequest: _unreadable,
        UnreadablePostError: _unreadable,
        RequestDataTooBig: _too_large,
        OperationalError: _storage,
        InterfaceError: _storage,
        OSError: _storage,
        Exception: _unexpected,
    }
    for fault, handler in handlers.items():
        api.add_exception_handler(fault, handler)


def _not_valid(_request: HttpRequest, fault: ValidationError) -> HttpResponse:
    parts = [
        ErrorPart(
            field=".".join(str(step) for step in row.get("loc", ())[1:] if step != "given"),
            detail=str(row.get("msg", "")),
        )
        for row in fault.errors[:20]
    ]
    return answer(422, "api.not_valid", _("Something that was sent is missing or wrong."), errors=parts)


def _unreadable(_request: HttpRequest, _fault: Exception) -> HttpResponse:
    return answer(400, "api.unreadable", _("The request cannot be read. Send JSON in UTF-8."))


def _too_large(_request: HttpRequest, _fault: Exception) -> HttpResponse:
    return answer(413, "api.too_large", _("The request is too large."))


def _storage(_request: HttpRequest, fault: Exception) -> HttpResponse:
    log.error("storage fault: %s", type(fault).__name__)
    return answer(503, "api.storage", _("Nothing was stored. Try again in a minute."))


def _unexpected(request: HttpRequest, fault: Exception) -> HttpResponse:
    log.error("fault at %s %s", request.method, request.resolver_match, exc_info=fault)
    return answer(500, "api.fault", _("This is our fault, and was noted. Try again later."))
