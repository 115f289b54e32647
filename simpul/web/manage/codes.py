"""The coding frame of feedback: the list, a new code, and the words of one. Every change is a new version of the whole frame."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from simpul.feedback import actions as feedback_actions
from simpul.feedback import rules
from simpul.feedback.queries import frame as queries
from simpul.web import forms
from simpul.web.manage import fields, frame, kinds
from simpul.web.policy import Request, officer
from simpul.web.portal import words as portal_words

ACTS = ("code.add", "code.change", "frame.load")


@officer("code.change")
@require_GET
def codes(request: Request) -> HttpResponse:
    """The frame by type and category, with what is switched off, and its versions."""
    groups = [
        {
            "type": _(rules.TYPES[category.type]),
            "name": portal_words.said(category, "name"),
            "key": category.key,
            "rows": [
                {
                    "code": one,
                    "name": portal_words.said(one, "name"),
                    "about": portal_words.said(one, "about"),
                    "sure": kinds.CONFIDENCES.get(one.confidence, ""),
                }
                for one in category.codes
            ],
        }
        for category in queries.tree(queries.codes(all_of_them=True))
    ]
    context = {
        "groups": groups,
        "versions": queries.versions(10),
        "changes": frame.changes(request.by, *ACTS),
    }
    return frame.show(request, "manage/codes.html", context, here="manage_codes")


class CodeForm(forms.Form):
    """The words of a code."""

    name = forms.LineField(label=gettext_lazy("Name in Indonesian"), max_length=100)
    name_en = forms.LineField(label=gettext_lazy("Name in English"), max_length=100)
    about = forms.LineField(label=gettext_lazy("Explanation in Indonesian"), max_length=300, required=False)
    about_en = forms.LineField(label=gettext_lazy("Explanation in English"), max_length=300, required=False)
    confidence = forms.ChoiceField(label=gettext_lazy("How sure it is"), widget=django_forms.Select)
    is_active = fields.SwitchField(label=gettext_lazy("Is used for coding"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["confidence"].explain(list(kinds.CONFIDENCES.items()))  # type: ignore[attr-defined]


class NewCodeForm(CodeForm):
    """A code that is not in the frame yet."""

    code = forms.LineField(
        label=gettext_lazy("Short code"),
        max_length=40,
        help_text=gettext_lazy("Small letters, digits and hyphens. It never changes, for example q-vaccine."),
    )
    type = forms.ChoiceField(label=gettext_lazy("Type"), widget=django_forms.Select)
    category = forms.LineField(
        label=gettext_lazy("Short code of the category"),
        max_length=40,
        help_text=gettext_lazy("One that exists, as it stands on the list, or a new one."),
    )
    category_name = forms.LineField(
        label=gettext_lazy("Name of a new category"), max_length=80, required=False
    )
    field_order = ("code", "type", "category", "category_name")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["type"].explain([(key, _(label)) for key, label in rules.TYPES.items()])  # type: ignore[attr-defined]
        del self.fields["is_active"]


@officer("code.add")
def add_code(request: Request) -> HttpResponse:
    """Add a code."""
    form = NewCodeForm(frame.sent(request), initial={"confidence": "unconfirmed"})
    page = frame.Ask(
        here="manage_codes", title=_("New code"), button=_("Add the code"), back=reverse("manage_codes")
    )

    def run(given: dict[str, Any]) -> frame.Done:
        words = {**given, "category_name_en": given["category_name"]}
        made = feedback_actions.add_code(by=request.by, at=timezone.now(), given=rules.CodeGiven(**words))
        return _("Added: %(name)s. The frame has a new version.") % {"name": made.name}, reverse(
            "manage_codes"
        )

    return frame.ask(request, page, form, run)


@officer("code.change")
def code(request: Request, key: str) -> HttpResponse:
    """Change the words of a code, or switch it off."""
    known = queries.code(key)
    if known is None:
        raise Http404
    names = ("name", "name_en", "about", "about_en", "confidence", "is_active")
    form = CodeForm(frame.sent(request), initial={name: getattr(known, name) for name in names})
    page = frame.Ask(
        here="manage_codes",
        title=f"{portal_words.said(known, 'name')} ({known.code})",
        button=_("Save"),
        back=reverse("manage_codes"),
        intro=_("What was coded keeps its code. A code that is switched off is offered no more."),
    )

    def run(given: dict[str, Any]) -> frame.Done:
        feedback_actions.change_code(by=request.by, at=timezone.now(), code=key, changes=given)
        return _("Saved."), reverse("manage_codes")

    return frame.ask(request, page, form, run)
