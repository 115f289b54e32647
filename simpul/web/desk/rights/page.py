"""What the pages about rights share: their tabs, forms that ask before they act, and words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.lib.errors import NotFound, Refused
from simpul.upkeep.rules import requests as rules
from simpul.web import forms
from simpul.web.desk import frame
from simpul.web.policy import Request

HERE = "desk_rights"
WISHES = ("request.open", "request.review", "destruction.approve")
DESTROYING = ("destruction.propose", "destruction.approve")
FAILURES = ("breach.note", "breach.close")

KINDS = {
    rules.ACCESS: gettext_lazy("See their data"),
    rules.CORRECT: gettext_lazy("Correct their data"),
    rules.WITHDRAW: gettext_lazy("Withdraw consents"),
    rules.RESTRICT: gettext_lazy("Let the data stand still"),
    rules.ERASE: gettext_lazy("Erase their data"),
    rules.OBJECT: gettext_lazy("Object to a decision"),
}
STATES = {
    "open": gettext_lazy("Running"),
    "proposed": gettext_lazy("Waits for a second person"),
    "granted": gettext_lazy("Granted"),
    "partly": gettext_lazy("Partly granted"),
    "refused": gettext_lazy("Refused"),
}
TONES = {"open": "info", "proposed": "warn", "granted": "good", "partly": "info", "refused": "bad"}
HOW = {
    "here": gettext_lazy("At the counter"),
    "letter": gettext_lazy("By letter"),
    "phone": gettext_lazy("By telephone"),
    "visit": gettext_lazy("By a visit"),
    "message": gettext_lazy("By a message, on the road that is safe"),
}
CLASSES = {
    "personal": gettext_lazy("Personal: name, address, telephone"),
    "specific": gettext_lazy("Specific: health, poverty, disability, children"),
    "identity": gettext_lazy("Identity numbers: NIK, KK"),
    "safeguarding": gettext_lazy("Protected matters: violence, abuse"),
}


def tabs(request: Request, here: str) -> list[dict[str, Any]]:
    """The pages about rights that this seat has a use for."""
    pages = [("desk_rights", _("Wishes"))]
    if any(roles.may_somewhere(request.by, act) for act in DESTROYING):
        pages.append(("desk_rights_destruction", _("Destruction")))
    if any(roles.may_somewhere(request.by, act) for act in FAILURES):
        pages.append(("desk_rights_breaches", _("Failures")))
    if roles.may_somewhere(request.by, "destruction.approve"):
        pages.append(("desk_rights_register", _("Processing register")))
    return [{"label": label, "url": reverse(name), "current": name == here} for name, label in pages]


def said(words: Mapping[str, str]) -> str:
    """One of two languages of the catalogues."""
    return words.get((get_language() or "id")[:2], words["id"])


def moment(value: datetime | None, request: Request) -> str:
    """A moment as the seat's area reads it."""
    if value is None:
        return ""
    return value.astimezone(desk_queries.zone_of(request.by.served_areas[0])).strftime("%d/%m/%Y %H.%M")


def left(due_at: datetime, at: datetime) -> dict[str, str]:
    """How many hours are left of the 72, in words and a tone."""
    hours = rules.hours_left(due_at, at)
    if due_at < at:
        return {"words": _("%(n)s hours late") % {"n": -hours}, "tone": "bad"}
    return {"words": _("%(n)s hours left") % {"n": hours}, "tone": "warn" if hours < 24 else "good"}


@dataclass(frozen=True, slots=True)
class Ask:
    """A page with one form: what it is about, what follows, and its one button."""

    title: str
    button: str
    back: str
    intro: str = ""
    warnings: Sequence[str] = ()
    tone: str = ""
    template: str = "desk/rights/form.html"
    extra: Mapping[str, Any] = field(default_factory=dict)


def ask(
    request: Request, asked: Ask, form: forms.Form, run: Callable[[dict[str, Any]], tuple[str, str]]
) -> HttpResponse:
    """Show the form; when it was sent and can be read, act. A refusal stands beside its field and nothing typed is lost."""
    if request.method == "POST" and form.is_valid():
        try:
            done, where = run(form.cleaned_data)
        except NotFound as missing:
            raise Http404 from missing
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, done)
            return redirect(where)
    context = {"page": asked, "form": form, **asked.extra}
    return frame.show(request, asked.template, context, status=422 if form.errors else 200, here=HERE)


def do(request: Request, run: Callable[[], object], done: str, where: str) -> HttpResponseBase:
    """A button without a form: act, and say how it went on the next page."""
    try:
        run()
    except NotFound as missing:
        raise Http404 from missing
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect(where)


def given(request: Request) -> Any:
    """What was sent, or None when the page is only asked for."""
    return request.POST if request.method == "POST" else None
