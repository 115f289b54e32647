"""Who may ask for a page at all: every view declares it, and a test walks the addresses and fails on one that does not.

This is the door's lock. What an officer sees behind it is decided by each room's ``access``, what they may do by ``roles``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from simpul import roles
from simpul.lib.actor import Actor


class Request(HttpRequest):
    """A request as the middleware leaves it: with the actor."""

    by: Actor
    needs_second_factor: bool
    htmx: Any


class View(Protocol):
    """A view that says who may ask for it."""

    policy: str

    def __call__(self, request: Request, /, *args: Any, **kwargs: Any) -> HttpResponseBase: ...


Body = Callable[..., HttpResponseBase]


def _declare(view: Body, policy: str) -> View:
    view.policy = policy  # type: ignore[attr-defined]
    return cast(View, view)


def public(view: Body) -> View:
    """Anybody, without an account."""
    return _declare(view, "public")


def resident(view: Body) -> View:
    """Anybody who has proved a receipt in this session; the view itself checks the proof. Never kept by caches."""
    return _declare(never_cache(view), "resident")


def partner(view: Body) -> View:
    """A partner's focal point, by personal link and PIN; the view itself checks the link. Never kept by caches."""
    return _declare(never_cache(view), "partner")


def signed_in(view: Body) -> View:
    """Anybody with an account, also before they have chosen a seat."""

    @wraps(view)
    @never_cache
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _ask_to_sign_in(request)
        if _first_password(request):
            return _go(request, "account_change_password")
        return view(request, *args, **kwargs)

    return _declare(guarded, "signed_in")


def _first_password(request: Request) -> bool:
    """True while the password is one that somebody else has seen: nothing may be set up with it, least of all a passkey."""
    changing = reverse("account_change_password"), reverse("account_logout")
    return bool(getattr(request.user, "must_change_password", False)) and request.path not in changing


def officer(*acts: str) -> Callable[[Body], View]:
    """Somebody in a seat; with ``acts``, only one whose role includes at least one of them. Others see "not found"."""

    def declare(view: Body) -> View:
        @wraps(view)
        @never_cache
        def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _ask_to_sign_in(request)
            if _first_password(request):
                return _go(request, "account_change_password")
            if request.needs_second_factor:
                return _go(request, "account_second_factor")
            if request.by.seat_id is None:
                return _go(request, "account_seats")
            if acts and not any(roles.may_somewhere(request.by, act) for act in acts):
                raise Http404
            return view(request, *args, **kwargs)

        return _declare(guarded, f"officer:{','.join(acts)}")

    return declare


def _ask_to_sign_in(request: Request) -> HttpResponse:
    """To the sign-in page, and afterwards back to the page that was read: never to a fragment or to the address of a form."""
    back = request.get_full_path()
    if getattr(request, "htmx", False):
        back = request.htmx.current_url_abs_path or settings.LOGIN_REDIRECT_URL
    elif request.method not in ("GET", "HEAD"):
        back = settings.LOGIN_REDIRECT_URL
    return _go(request, redirect_to_login(back).url)


def _go(request: Request, where: str) -> HttpResponse:
    """Somewhere else; an htmx fragment asks the whole page to go there."""
    answer = redirect(where)
    if not getattr(request, "htmx", False):
        return answer
    fragment = HttpResponse(status=204)
    fragment["HX-Redirect"] = answer.url
    return fragment
