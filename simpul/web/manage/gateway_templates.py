"""Approved templates of a gateway: writing one down as its provider has it, with a preview, and changing it."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from simpul.messages import actions as message_actions
from simpul.messages import queries as message_queries
from simpul.messages.queries import gateways as gateway_queries
from simpul.messages.queries import templates as template_queries
from simpul.messages.rules import templates as template_rules
from simpul.web import forms
from simpul.web.manage import fields, frame
from simpul.web.manage import gateway_words as words
from simpul.web.policy import Request, officer
from simpul.web.portal import words as portal_words


class TemplateForm(forms.Form):
    """A template as its provider has it."""

    name = forms.LineField(
        max_length=template_rules.LONGEST_NAME,
        label=gettext_lazy("Name at the provider"),
        help_text=gettext_lazy("Small letters, digits and underscores, as in WhatsApp Manager."),
    )
    language = fields.drop_down(gettext_lazy("Language at the provider"), words.TEMPLATE_LANGUAGES.items())
    text_key = fields.drop_down(gettext_lazy("Stands for the text"))
    body = forms.LongTextField(
        max_length=4000,
        rows=6,
        label=gettext_lazy("Words as approved"),
        help_text=gettext_lazy("Copy them exactly, with {{1}}, {{2}}, … where something is filled in."),
    )
    variables = forms.LongTextField(
        required=False,
        max_length=1000,
        rows=3,
        label=gettext_lazy("What fills them, in order"),
        help_text=gettext_lazy("One variable on each line: the first fills {{1}}."),
    )
    state = forms.ChoiceField(
        label=gettext_lazy("What the provider says"),
        choices=[(state, label) for state, (label, _tone) in words.TEMPLATE_STATES.items()],
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        texts = [
            (key, text_name(key)) for key, kind in message_queries.catalogue().items() if kind.to == "person"
        ]
        fields.choose(self, "text_key", sorted(texts, key=lambda pair: pair[1]))


def named(variables: str) -> list[str]:
    """The variables that were written, one on each line or with commas."""
    return [one.strip("{}") for one in re.split(r"[\s,;]+", variables) if one.strip("{}")]


def text_name(key: str) -> str:
    """The name of a text of the catalogue."""
    kind = message_queries.catalogue().get(key)
    return str(kind.names.get(portal_words.language(), kind.names["id"])) if kind else key


def rows_of(gateway: Any) -> list[dict[str, Any]]:
    """The templates of a gateway as rows."""
    return [
        {
            "template": one,
            "text": text_name(one.text_key),
            "state": words.TEMPLATE_STATES[one.state][0],
            "tone": words.TEMPLATE_STATES[one.state][1],
            "preview": template_queries.preview(one.body, one.variables),
        }
        for one in template_queries.templates_of(gateway.id)
    ]


@officer("template.change")
def add_template(request: Request, gateway_id: UUID) -> HttpResponse:
    """Write down a template."""
    key = request.GET.get("teks", "")
    initial = {"state": "draft", "language": "id", "text_key": key}
    return _page(request, gateway_id, None, initial, _("Add a template"))


@officer("template.change")
def change_template(request: Request, gateway_id: UUID, template_id: UUID) -> HttpResponse:
    """Change a template."""
    found = template_queries.template(gateway_id, template_id)
    if found is None:
        raise Http404
    initial = {name: getattr(found, name) for name in ("name", "language", "text_key", "body", "state")}
    initial["variables"] = "\n".join(found.variables)
    return _page(request, gateway_id, template_id, initial, _("Change %(name)s") % {"name": found.name})


def _page(
    request: Request, gateway_id: UUID, template_id: UUID | None, initial: dict[str, Any], title: str
) -> HttpResponse:
    gateway = gateway_queries.gateway_by_id(gateway_id)
    if gateway is None or gateway.road not in template_rules.ROADS:
        raise Http404
    form = TemplateForm(frame.sent(request), initial=initial)
    tried = form.cleaned_data if form.is_bound and form.is_valid() else initial
    back = reverse("manage_gateway", args=[gateway_id])

    def run(values: dict[str, Any]) -> frame.Done:
        given = {**values, "variables": named(values["variables"])}
        message_actions.change_template(
            by=request.by, at=timezone.now(), gateway_id=gateway_id, template_id=template_id, **given
        )
        return _("The template was saved. It is used once it is approved."), f"{back}#templates"

    page = frame.Ask(
        here="manage_gateways",
        title=title,
        button=_("Save"),
        back=back,
        template="manage/gateway_template.html",
        extra=_extra(tried),
    )
    if "preview" in request.POST:
        context = {"page": page, "form": form, **page.extra}
        return frame.show(request, page.template, context, here=page.here, status=422 if form.errors else 200)
    return frame.ask(request, page, form, run)


def _extra(tried: dict[str, Any]) -> dict[str, Any]:
    """The preview, our own words for the same text, and what can be filled in."""
    key = tried.get("text_key", "")
    language = template_rules.our_language(tried.get("language", "id"))
    kind = message_queries.catalogue().get(key)
    samples = message_queries.samples()
    samples |= message_queries.common_values(samples["to_name"])
    return {
        "preview": template_queries.preview(tried.get("body", ""), named(tried.get("variables", ""))),
        "ours": message_queries.words(key, "whatsapp", language).body if kind else "",
        "possible": [{"name": name, "sample": samples.get(name, "")} for name in sorted(kind.possible)]
        if kind
        else [],
    }
