"""Who may ask at this door, declared on every view (a test walks the addresses). No view here knows a session.

A program has no session, so there is nothing for another site to ride on: this is the one place where the token against forged
forms is not asked for. Answers are in the language the program names, and are not kept by caches unless a view says so.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt


class View(Protocol):
    """A view that says who may ask for it."""

    policy: str

    def __call__(self, request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponseBase: ...


Body = Callable[..., HttpResponseBase]


def public(view: Body) -> View:
    """Any program, without a key; the view itself asks for one where something is sent."""
    return _declare(view, "public")


def token(view: Body) -> View:
    """A program with a key; the view itself checks it, and what it may be used for."""
    return _declare(view, "token")


def _declare(view: Body, policy: str) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        language = language_of(request)
        with translation.override(language):
            answer = view(request, *args, **kwargs)
        answer.headers.setdefault("Content-Language", language)
        answer.headers.setdefault("Cache-Control", "private, no-store")
        answer.headers.setdefault("X-Robots-Tag", "noindex")
        patch_vary_headers(answer, ("Accept-Language",))
        return answer

    exempt = csrf_exempt(guarded)
    exempt.policy = policy  # type: ignore[attr-defined]
    return cast(View, exempt)


def language_of(request: HttpRequest) -> str:
    """The language a program asks for: ``?lang=en``, or the first known one it accepts; else the installation's."""
    known = dict(settings.LANGUAGES)
    wanted = [request.GET.get("lang", ""), *request.headers.get("Accept-Language", "")[:200].split(",")]
    for text in wanted:
        code = text.partition(";")[0].strip().lower()[:2]
        if code in known:
            return code
    return settings.LANGUAGE_CODE
