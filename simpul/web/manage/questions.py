"""The questions of a kind: adding, changing, moving and removing one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from simpul.cases.rules import kinds as kind_rules
from simpul.web import forms
from simpul.web.manage import fields, frame, kinds, users
from simpul.web.policy import Request, officer
from simpul.web.portal import words as portal_words


class OptionsField(forms.LongTextField):
    """The answers to choose from, one on each line: value | Indonesian | English | sensitivity."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=8000, rows=8, **options)

    def clean(self, value: Any) -> list[dict[str, str]]:
        """The options; a line with too few parts is named."""
        made = []
        for number, line in enumerate(super().clean(value).splitlines(), start=1):
            if not line.strip():
                continue
            parts = [part.strip() for part in line.split("|")]
            if (
                len(parts) not in (3, 4)
                or not all(parts[:3])
                or (len(parts) == 4 and parts[3] not in kind_rules.SENSITIVITIES)
            ):
                raise ValidationError(
                    _("Line %(number)s does not have the form “value | Indonesian | English | sensitivity”.")
                    % {"number": number}
                )
            made.append(dict(zip(("value", "label", "label_en", "sensitivity"), parts, strict=False)))
        return made

    def prepare_value(self, value: Any) -> Any:
        """One option a line."""
        if not isinstance(value, list):
            return value
        names = ("value", "label", "label_en", "sensitivity")
        return "\n".join(" | ".join(option[name] for name in names if option.get(name)) for option in value)


class QuestionForm(forms.Form):
    """One question of a kind."""

    key = forms.LineField(
        max_length=40,
        width="20",
        label=gettext_lazy("Key of the question"),
        help_text=gettext_lazy("Small letters, digits and low lines; answers are kept under it."),
    )
    type = fields.drop_down(gettext_lazy("Answered by"), kinds.FIELD_TYPES.items())
    label = forms.LineField(max_length=200, label=gettext_lazy("Question in Indonesian"))
    label_en = forms.LineField(max_length=200, label=gettext_lazy("Question in English"))
    hint = forms.LineField(required=False, max_length=300, label=gettext_lazy("Hint in Indonesian"))
    hint_en = forms.LineField(required=False, max_length=300, label=gettext_lazy("Hint in English"))
    options = OptionsField(
        required=False,
        label=gettext_lazy("Answers to choose from"),
        help_text=gettext_lazy(
            "One on each line: value | Indonesian | English. A fourth part “restricted” or “sealed” closes the matter when chosen."
        ),
    )
    required = fields.SwitchField(label=gettext_lazy("Must be answered"))
    personal = fields.SwitchField(label=gettext_lazy("Personal: hidden from partners and never published"))
    routes = fields.SwitchField(label=gettext_lazy("The answer may choose the first desk"))

    def question(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """The question as it is kept: what is empty is left out."""
        values = {name: value for name, value in self.cleaned_data.items() if value not in ("", [], False)}
        rest = {name: value for name, value in before.items() if name not in self.fields}
        return {**rest, "key": before.get("key", ""), **values}


def _found(code: str, key: str) -> tuple[Any, int]:
    kind = kinds.kind_or_404(code)
    place = next((index for index, field in enumerate(kind.fields) if field["key"] == key), None)
    if place is None:
        raise Http404
    return kind, place


@officer("desk.open")
def add_question(request: Request, code: str) -> HttpResponse:
    """Add a question at the end."""
    kind = kinds.kind_or_404(code)
    form = QuestionForm(frame.sent(request))

    def run(_values: dict[str, Any]) -> frame.Done:
        return kinds.save(request, code, {"fields": [*kind.fields, form.question({})]})

    return frame.ask(request, kinds.page_for(kind, _("new question")), form, run)


@officer("desk.open")
def change_question(request: Request, code: str, key: str) -> HttpResponse:
    """Change a question; answers already given stay under its key."""
    kind, place = _found(code, key)
    form = QuestionForm(frame.sent(request), initial=kind.fields[place])
    del form.fields["key"]

    def run(_values: dict[str, Any]) -> frame.Done:
        changed = [
            form.question(field) if index == place else field for index, field in enumerate(kind.fields)
        ]
        return kinds.save(request, code, {"fields": changed})

    return frame.ask(request, kinds.page_for(kind, portal_words.said(kind.fields[place], "label")), form, run)


@officer("desk.open")
def remove_question(request: Request, code: str, key: str) -> HttpResponse:
    """Remove a question; answers already given stay with their matters."""
    kind, place = _found(code, key)

    def run(_values: dict[str, Any]) -> frame.Done:
        return kinds.save(
            request, code, {"fields": [field for index, field in enumerate(kind.fields) if index != place]}
        )

    title = _("remove “%(question)s”?") % {"question": portal_words.said(kind.fields[place], "label")}
    told = [
        _(
            "New matters are not asked this any more. Answers already given stay with their matters, without the question's words."
        )
    ]
    page = kinds.page_for(kind, title, button=_("Remove the question"), warnings=told, tone="bad")
    return frame.ask(request, page, users.YesForm(frame.sent(request)), run)


@officer("desk.open")
@require_POST
def move_question(request: Request, code: str, key: str) -> HttpResponse:
    """Move a question one place up or down."""
    kind, place = _found(code, key)
    other = place - 1 if request.POST.get("ke") == "atas" else place + 1
    if 0 <= other < len(kind.fields):
        moved = list(kind.fields)
        moved[place], moved[other] = moved[other], moved[place]
        said, _url = kinds.save(request, code, {"fields": moved})
        messages.success(request, said)
    return redirect(reverse("manage_kind", args=[code]) + "#questions")
