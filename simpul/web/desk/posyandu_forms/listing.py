"""``/meja/posyandu-formulir/``: which sheets there are, and what one of them asks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET

from simpul.posyandu.queries import forms as form_queries
from simpul.posyandu.queries import forms_grid, institution
from simpul.posyandu.rules import forms as rules
from simpul.web.desk import frame, words
from simpul.web.desk.posyandu_forms import shared
from simpul.web.policy import Request, officer

KINDS = (
    ("card", gettext_noop("Examination cards")),
    ("list", gettext_noop("Lists of those looked after")),
    ("recap", gettext_noop("Recaps")),
    ("checklist", gettext_noop("Home visit checklists")),
)
TYPES = {
    rules.WHOLE: gettext_noop("whole number"),
    rules.DECIMAL: gettext_noop("number"),
    rules.YES_NO: gettext_noop("yes or no"),
    rules.CHOICE: gettext_noop("one answer"),
    rules.POINTS: gettext_noop("one answer with points"),
    rules.MANY: gettext_noop("several answers"),
    rules.DATE: gettext_noop("date"),
    rules.TEXT: gettext_noop("words"),
    rules.COMPUTED: gettext_noop("filled in by itself"),
}
CONFIDENCE = {
    "confirmed": gettext_noop("confirmed from the regulation"),
    "secondary": gettext_noop("from copies of the sheet, not from the regulation itself"),
    "unconfirmed": gettext_noop("not confirmed"),
}


@officer(shared.NAMED)
@require_GET
def home(request: Request) -> HttpResponseBase:
    """The sheets of one's own posyandu; which one, where there are several."""
    own = institution.own_posyandu(request.by)
    if len(own) == 1:
        return redirect("desk_posyandu_forms", posyandu_id=own[0].id)
    context = {"own": own}
    return frame.show(request, "desk/posyandu_forms/home.html", context, here=shared.HERE)


@officer(shared.NAMED)
@require_GET
def listed(request: Request, posyandu_id: UUID) -> HttpResponseBase:
    """All sheets with what can be done with each."""
    posyandu = shared.posyandu_of(request, posyandu_id)
    groups = [
        (_(label), [_row(posyandu.id, one) for one in form_queries.forms() if one.layout == layout])
        for layout, label in KINDS
    ]
    context = {"groups": groups}
    return shared.show(
        request, "desk/posyandu_forms/listed.html", posyandu, context, here="desk_posyandu_forms"
    )


def _row(posyandu_id: UUID, form: rules.Form) -> dict[str, Any]:
    printed = reverse("desk_posyandu_sheet", args=[posyandu_id, form.code])
    one_url, stack_url = _typed(posyandu_id, form)
    return {
        "form": form,
        "title": form.called(words.language()),
        "url": reverse("desk_posyandu_form", args=[posyandu_id, form.code]),
        "empty_url": printed,
        "filled_url": f"{printed}?isi=1" if form.layout in ("list", "recap") else "",
        "one_url": one_url,
        "stack_url": stack_url,
        "recap_url": reverse("desk_posyandu_recap", args=[posyandu_id]) if form.layout == "recap" else "",
    }


def _typed(posyandu_id: UUID, form: rules.Form) -> tuple[str, str]:
    """Where one sheet is typed in, and where a stack of them; a recap is worked out and typed nowhere."""
    if form.layout == "list":
        letter = form.code[-1]
        one = f"{reverse('desk_posyandu_enrol', args=[posyandu_id])}?kartu={letter}"
        return one, reverse("desk_posyandu_stack_people", args=[posyandu_id, letter])
    if form.layout == "checklist":
        number = int(form.code[-1])
        one = f"{reverse('desk_posyandu_visit_new', args=[posyandu_id])}?daftar={number}"
        return one, reverse("desk_posyandu_stack_visits", args=[posyandu_id, number])
    if form.code in forms_grid.SHEETS:
        letter = forms_grid.letter_of(form.code)
        one = f"{reverse('desk_posyandu_people', args=[posyandu_id])}?kartu={letter}"
        return one, reverse("desk_posyandu_grid", args=[posyandu_id, form.code])
    return "", ""


@officer(shared.NAMED)
@require_GET
def one(request: Request, posyandu_id: UUID, code: str) -> HttpResponseBase:
    """What a sheet asks: every field with its kind, unit and answers, and where the sheet comes from."""
    posyandu = shared.posyandu_of(request, posyandu_id)
    form = shared.form_of(code, request.GET.get("versi", ""))
    versions = form_queries.versions()[code]
    parts: list[tuple[str, list[dict[str, Any]]]] = []
    if form.head:
        parts.append((_("Head of the sheet"), [_field(one) for one in form.head]))
    parts.append((_("Columns and questions"), [_field(one) for one in form.row]))
    context = {
        "official": form,
        "title": form.called(words.language()),
        "parts": parts,
        "confidence": _(CONFIDENCE[form.confidence]),
        "since": words.day(form.valid_from),
        "versions": versions if len(versions) > 1 else (),
        "row": _row(posyandu.id, form),
    }
    return shared.show(request, "desk/posyandu_forms/one.html", posyandu, context, here="desk_posyandu_forms")


def _field(one: rules.Field) -> dict[str, Any]:
    language = words.language()
    return {
        "label": one.called(language),
        "kind": _(TYPES[one.type]),
        "unit": one.unit_called(language),
        "answers": [option.called(language) for option in one.options][:30],
        "step": one.step,
        "danger": one.danger,
        "printed": one.printed,
    }
