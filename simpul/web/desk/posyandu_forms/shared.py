"""What the pages of sheets and of visits share: the posyandu, its tabs, a form by its code, a day in the address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from simpul.lib import when
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.queries import forms as form_queries
from simpul.posyandu.rules import forms as rules
from simpul.regions import queries as region_queries
from simpul.web import forms
from simpul.web.desk import frame, trying
from simpul.web.policy import Request

NAMED = "examination.read"
HERE = "desk_posyandu_forms_home"


def posyandu_of(request: Request, posyandu_id: UUID) -> Any:
    """The posyandu, or "not found"."""
    return trying.found(access.posyandu_for, request, posyandu_id)


def form_of(code: str, version: str = "") -> rules.Form:
    """The form of an address, or "not found"."""
    if code not in form_queries.versions():
        raise Http404
    return form_queries.form(code, version)


def today(posyandu: Any) -> date:
    """The date at the posyandu."""
    return when.local_date(timezone.now(), region_queries.zone_of(posyandu.region_code))


def day_of(text: str, otherwise: date) -> date:
    """A date from an address or a field; ``otherwise`` for anything that is none, or lies ahead."""
    found = forms.read_date(text.strip()) if text.strip() else None
    return found if found is not None and found <= otherwise else otherwise


def maybe(name: str, *args: Any) -> str:
    """The address of a page, "" where there is none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


_DRAFT_DONE = "posyandu_draft_done"


def mark_draft(request: Request, key: str) -> None:
    """Everything of this page was taken: the next page tells the browser to forget what it kept of it."""
    request.session[_DRAFT_DONE] = key


def draft_done(request: Request) -> str:
    """The draft that is over, said once."""
    return str(request.session.pop(_DRAFT_DONE, "")) if request.method == "GET" else ""


def show(
    request: Request,
    template: str,
    posyandu: Any,
    context: Mapping[str, Any],
    *,
    here: str,
    status: int = 200,
) -> HttpResponse:
    """A page of a posyandu with the tabs of this part."""
    tabs = [
        {"label": label, "url": reverse(name, args=[posyandu.id]), "current": name == here}
        for name, label in (("desk_posyandu_forms", _("Forms")), ("desk_posyandu_visits", _("Home visits")))
    ]
    base = {
        "posyandu": posyandu,
        "tabs": tabs,
        "home_url": maybe("desk_posyandu_one", posyandu.id) or reverse(HERE),
    }
    return frame.show(request, template, {**base, **context}, status=status, here=HERE)
