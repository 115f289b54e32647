"""Doing an act that may be refused: the refusal is said where it belongs, and what is not there stays not found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect

from simpul.lib.errors import NotFound, Refused
from simpul.web.policy import Request


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
