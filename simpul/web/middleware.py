"""What every request passes: faults become clear pages, the language is chosen, the actor is made."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import logout
from django.db import DatabaseError, OperationalError
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone, translation

from simpul.desks import queries as desk_queries
from simpul.lib.actor import ANYBODY
from simpul.lib.errors import NotFound, Refused
from simpul.web import faults
from simpul.web.policy import Request

log = logging.getLogger("simpul.web")
Next = Callable[[HttpRequest], HttpResponseBase]

SEAT_KEY = "seat"
SEEN_KEY = "seen_at"
SESSIONLESS = (
    settings.STATIC_URL,
    "/api/",
    "/hook/",
    "/sync/",
    "/lapangan/",
    "/jawaban/atom.xml",
    "/jawaban/feed.json",
    "/jawaban/sisip/",
)
"""Addresses of other programs and sites: a cookie that a browser sends along there changes nothing and is not renewed."""


class FaultMiddleware:
    """Turn what may go wrong into pages: a refusal that a view did not handle, "not found", a full disk, a locked database."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponseBase | None:
        """Answer expected failures; let the unexpected rise to the generic page."""
        if isinstance(fault, NotFound):
            raise Http404 from fault
        if isinstance(fault, Refused):
            return faults.refused(request, fault)
        if isinstance(fault, OperationalError | OSError):
            log.error("storage fault: %s", type(fault).__name__)
            return faults.storage(request)
        if isinstance(fault, DatabaseError):
            log.error("database fault: %s", type(fault).__name__, exc_info=fault)
        return None


class LanguageMiddleware:
    """The language the person chose (a cookie, or the account's); never guessed from the browser, which is often English."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class ActorMiddleware:
    """Make ``request.by``: the person in the seat of this session, or anybody. An idle or withdrawn session ends here."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, raw: HttpRequest) -> HttpResponseBase:
        request = cast(Request, raw)
        request.by = ANYBODY
        request.needs_second_factor = False
        if request.path_info.startswith(SESSIONLESS) or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return self.get_response(request)
        if request.user.is_authenticated:
            if self._idle(request):
                logout(request)
                return redirect(f"{settings.LOGIN_REDIRECT_URL}?istirahat=1")
            self._seat(request)
        return self.get_response(request)

    def _idle(self, request: Request) -> bool:
        now = int(timezone.now().timestamp())
        seen = request.session.get(SEEN_KEY, now)
        if now - seen > 60 or SEEN_KEY not in request.session:
            request.session[SEEN_KEY] = now
        return bool(now - seen > settings.SIMPUL_IDLE_SECONDS)

    def _seat(self, request: Request) -> None:
        strong = second_factor_passed(request)
        actor = desk_queries.actor_for(
            request.user, request.session.get(SEAT_KEY), strong=strong, at=timezone.now()
        )
        if actor is None:
            return
        request.by = actor
        request.needs_second_factor = desk_queries.demands_second_factor(actor)


def second_factor_passed(request: Any) -> bool:
    """True when this session was opened, or confirmed, with a second factor."""
    methods = request.session.get("account_authentication_methods", [])
    return any(method.get("method") == "mfa" for method in methods)
