"""``/meja/posyandu-edukasi/``: the media that ship and those of the area's own, each as a sheet to say and to print."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul import roles
from simpul.lib import media
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.actions import education as actions
from simpul.posyandu.queries import education as queries
from simpul.posyandu.queries import forms as form_queries
from simpul.posyandu.rules import education as rules
from simpul.posyandu.rules import participants as people_rules
from simpul.web.desk import case, frame, trying
from simpul.web.desk.posyandu_education import forms
from simpul.web.policy import Request, officer

HERE = "desk_posyandu_education"
READING = ("posyandu.read",)


def language() -> str:
    """The reader's language, two letters."""
    return (get_language() or "id")[:2]


def topics() -> list[tuple[str, str]]:
    """Codes of topics with their words, as the cards have them."""
    field = next(one for one in form_queries.form("card_B").row if one.key == "education")
    return [(option.code, option.called(language())) for option in field.options]


def people() -> list[tuple[str, str]]:
    """The forms of the cards with whom they are for."""
    return [(code, _(name)) for code, name in people_rules.FORM_NAMES.items()]


@officer(*READING)
@require_GET
def listed(request: Request) -> HttpResponseBase:
    """The library, by topic and by whom it is for."""
    named = dict(topics())
    topic = request.GET.get("topik", "") if request.GET.get("topik") in named else ""
    known = dict(people())
    form = request.GET.get("untuk", "") if request.GET.get("untuk") in known else ""
    rows = queries.library(request.by, topic=topic, form=form)
    context = {
        "rows": [_row(one, named, known) for one in rows],
        "topics": list(named.items()),
        "people": list(known.items()),
        "topic": topic,
        "for_form": form,
        "may_add": roles.may_somewhere(request.by, "medium.add"),
        "posyandus": [
            {"name": one.name, "url": reverse("desk_posyandu_shown", args=[one.id])}
            for one in access.posyandus(request.by).filter(closed_date=None).order_by("name")[:30]
        ]
        if roles.may_somewhere(request.by, "examination.read")
        else [],
    }
    return frame.show(request, "desk/posyandu_education/library.html", context, here=HERE)


def _row(one: queries.Shown, named: dict[str, str], known: dict[str, str]) -> dict[str, Any]:
    return {
        "one": one,
        "name": one.name(language()),
        "topic": named.get(one.topic, one.topic),
        "kind": _(rules.KINDS.get(one.kind, one.kind)),
        "people": ", ".join(known[sign] for sign in one.forms if sign in known) or _("everybody"),
    }


@officer(*READING)
@require_GET
def one(request: Request, code: str) -> HttpResponseBase:
    """One medium: what to say in large letters, printable; its file; to whom it may be shown."""
    found = trying.found(queries.medium_for, request, code)
    context = {
        **_row(found, dict(topics()), dict(people())),
        "points": found.says(language()),
        "may_show": roles.may_somewhere(request.by, "showing.record"),
        "may_end": found.own and roles.may_somewhere(request.by, "medium.end"),
    }
    return frame.show(request, "desk/posyandu_education/medium.html", context, here=HERE)


@officer("medium.add")
def new(request: Request) -> HttpResponseBase:
    """Add a medium of the area's own."""
    form = forms.MediumForm(
        *((request.POST, request.FILES) if request.method == "POST" else (None, None)),
        topics=topics(),
        people=people(),
    )
    made: list[Any] = []
    if form.is_valid() and trying.run(form, lambda: made.append(_add(request, form.cleaned_data))):
        messages.success(request, _("The medium is in the library."))
        return redirect("desk_posyandu_medium", code=str(made[0].id))
    context = {"form": form, "title": _("A medium of your own"), "back": reverse(HERE), "button": _("Add")}
    status = 422 if form.is_bound and form.errors else 200
    return frame.show(request, "desk/posyandu_education/new.html", context, status=status, here=HERE)


def _add(request: Request, given: dict[str, Any]) -> Any:
    sent = given["file"]
    return actions.add_medium(
        by=request.by,
        at=timezone.now(),
        region_code=request.by.region_code,
        title=given["title"],
        topic=given["topic"],
        kind=given["kind"],
        forms_for="".join(given["forms_for"]),
        words=given["words"],
        file=media.inspect_and_clean(sent.read(), sent.name or "") if sent else None,
        medium_id=given["once"],
    )


@officer(*READING)
@require_GET
def file(request: Request, code: str) -> HttpResponseBase:
    """The kept file of a medium, to be saved."""
    row = trying.found(queries.own_for, request, code)
    if not row.file_sha256:
        raise Http404
    ending = "pdf" if row.file_mime == "application/pdf" else "jpg"
    return case.as_download(
        queries.store().read(row.file_sha256), row.file_mime, f"edukasi-{row.topic}.{ending}"
    )


@officer("medium.end")
@require_POST
def end(request: Request, code: str) -> HttpResponseBase:
    """Take a medium out of use."""
    row = trying.found(queries.own_for, request, code)
    key: UUID = row.id
    return trying.attempt(
        request,
        lambda: actions.end_medium(by=request.by, at=timezone.now(), medium_id=key),
        reverse(HERE),
    )
