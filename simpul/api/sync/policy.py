"""Who may ask at the door for devices. There is no session: a device proves itself with its signature, or the token it got for one.

What is carried needs no proof at the door, because every envelope is signed: anybody may bring it, and nobody can change it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.core.exceptions import BadRequest, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.http.request import UnreadablePostError
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from simpul.api import policy
from simpul.lib.errors import NotFound, Refused

log = logging.getLogger("simpul.api.sync")
RETRY_SECONDS = 5


class Stop(Exception):  # noqa: N818 - it is an answer
    """The answer is this status, and what is said with it."""

    def __init__(self, status: int, code: str, **said: Any) -> None:
        super().__init__(code)
        self.status = status
        self.said = {"code": code, **said}


Body = Callable[..., HttpResponseBase]


def device(*methods: str) -> Callable[[Body], policy.View]:
    """A device of ours, by its signature or its token; the view itself checks it."""
    return _declared("device", methods)


def anybody(*methods: str) -> Callable[[Body], policy.View]:
    """Whoever carries: what is brought is signed, and what is handed out is sealed."""
    return _declared("carrier", methods)


def _declared(name: str, methods: tuple[str, ...]) -> Callable[[Body], policy.View]:
    def declare(view: Body) -> policy.View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            with translation.override(policy.language_of(request)):
                answer = _answered(view, methods, request, *args, **kwargs)
            answer.headers.setdefault("Cache-Control", "private, no-store")
            answer.headers.setdefault("X-Robots-Tag", "noindex")
            return answer

        exempt = csrf_exempt(guarded)
        exempt.policy = name  # type: ignore[attr-defined]
        return cast(policy.View, exempt)

    return declare


def _answered(
    view: Body, methods: tuple[str, ...], request: HttpRequest, *args: Any, **kwargs: Any
) -> HttpResponseBase:
    if request.method not in methods:
        answer = problem(405, "sync.method")
        answer["Allow"] = ", ".join(methods)
        return answer
    try:
        return view(request, *args, **kwargs)
    except Stop as stop:
        answer = JsonResponse(stop.said, status=stop.status)
        if "wait" in stop.said:
            answer["Retry-After"] = str(stop.said["wait"])
        return answer
    except RequestDataTooBig:
        return problem(413, "sync.too_large")
    except (UnreadablePostError, BadRequest):
        return problem(400, "sync.cut_off")
    except NotFound as refusal:
        return problem(404, refusal.code, str(refusal))
    except Refused as refusal:
        return problem(400, refusal.code, str(refusal))
    except (OperationalError, InterfaceError, OSError) as fault:
        log.error("storage fault at the door for devices: %s", type(fault).__name__)
        answer = problem(503, "sync.busy")
        answer["Retry-After"] = str(RETRY_SECONDS)
        return answer


def problem(status: int, code: str, detail: str = "") -> HttpResponse:
    """An answer that says what is wrong, for programs and for people."""
    return JsonResponse({"code": code, "detail": detail}, status=status)
