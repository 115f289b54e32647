"""The pages for what went wrong: one clear sentence, what to do next, and nothing acknowledged."""

from __future__ import annotations

import sys
from typing import Any

from django.db import DatabaseError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from simpul.lib.errors import Refused


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """A refusal that the view did not show beside its form."""
    return render(
        request, "faults/refused.html", {"sentence": str(refusal), "code": refusal.code}, status=409
    )


def storage(request: HttpRequest) -> HttpResponse:
    """The disk is full or the database does not answer: nothing was stored, and we say so."""
    return _plain(request, "faults/storage.html", 503)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - the framework passes it
    """The form was opened too long ago, or in another session."""
    return _plain(request, "faults/stale_form.html", 403)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:  # noqa: ARG001 - the framework passes it
    """Unknown and forbidden look the same."""
    return _plain(request, "faults/not_found.html", 404)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:  # noqa: ARG001 - the framework passes it
    """Refused before any page of ours was asked."""
    return _plain(request, "faults/forbidden.html", 403)


def not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    """An address that only takes a form, opened as a page; or the other way round."""
    response = _plain(request, "faults/not_allowed.html", 405)
    response["Allow"] = allowed
    return response


def too_large(request: HttpRequest) -> HttpResponse:
    """More at once than any form takes: refused unread."""
    return _plain(request, "faults/too_large.html", 413)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:  # noqa: ARG001 - the framework passes it
    """What came is not a request this page understands (too many fields, too large)."""
    return _plain(request, "faults/bad_request.html", 400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Something unexpected: logged, nothing acknowledged. A disk that filled up under the session is told as what it is."""
    if isinstance(sys.exc_info()[1], OperationalError | OSError):
        return storage(request)
    return _plain(request, "faults/server_error.html", 500)


def _plain(request: HttpRequest, template: str, status: int) -> HttpResponse:
    response = _drawn(request, template, status)
    if status == 503:
        response["Retry-After"] = "60"
    return response


def _drawn(
    request: HttpRequest, template: str, status: int, said: dict[str, Any] | None = None
) -> HttpResponse:
    """The page, also when the database does not answer: then without the institution's own name."""
    try:
        return render(request, template, said, status=status)
    except DatabaseError:
        plain = {"institution": {"name": "Simpul", "short_name": "Simpul"}, **(said or {})}
        return HttpResponse(render_to_string(template, plain), status=status)
