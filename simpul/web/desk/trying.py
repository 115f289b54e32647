"""Looking for a row and doing an act that may be refused: what is not there stays not found, a refusal is said where it belongs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect

from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.web.policy import Request

_Given = ParamSpec("_Given")
_Row = TypeVar("_Row")


def found(
    look: Callable[Concatenate[Actor, _Given], _Row],
    request: Request,
    *given: _Given.args,
    **named: _Given.kwargs,
) -> _Row:
    """What this seat may see, or "not found"."""
    try:
        return look(request.by, *given, **named)
    except NotFound as missing:
        raise Http404 from missing


def attempt(request: Request, act: Callable[[], Any], back: str) -> HttpResponseBase:
    """Do a quick act and go back; what is refused is said at the top of that page."""
    try:
        act()
    except NotFound as missing:
        raise Http404 from missing
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(back)


def run(form: Any, act: Callable[[], Any]) -> bool:
    """Do the act of a filled form; False when it was refused, with the reason beside its field."""
    try:
        act()
    except NotFound as missing:
        raise Http404 from missing
    except Refused as refusal:
        form.refuse(refusal)
        return False
    return True
