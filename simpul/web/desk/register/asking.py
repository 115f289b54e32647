"""What every form page of the register shares: show, check, do, go on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from simpul.desks import queries as desk_queries
from simpul.lib.errors import NotFound, Refused
from simpul.web.desk import frame
from simpul.web.policy import Request

Do = Callable[[Any], str]
HERE = "desk_register"


def today(request: Request) -> date:
    """Today's date at the seat's place."""
    return timezone.now().astimezone(desk_queries.zone_of(request.by.served_areas[0])).date()


def ask(
    request: Request,
    form: Any,
    do: Do,
    *,
    title: str,
    back: str,
    button: str,
    done: str,
    lead: str = "",
    template: str = "desk/register/form.html",
    more: dict[str, Any] | None = None,
) -> HttpResponseBase:
    """Show a form; when it was sent and holds, ``do`` it and go to the address it gives. A refusal stands beside its field."""
    if request.method == "POST" and form.is_valid():
        try:
            where = do(form)
        except NotFound as missing:
            raise Http404 from missing
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, done)
            return redirect(where)
    context = {"form": form, "title": title, "back": back, "button": button, "lead": lead, **(more or {})}
    return frame.show(request, template, context, status=422 if form.errors else 200, here=HERE)


def posted(request: Request) -> Any:
    """What was sent, or None."""
    return request.POST if request.method == "POST" else None
