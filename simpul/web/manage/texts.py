"""The words of messages: the list, editing with a preview, and going back to the words that ship."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from simpul.journal import queries as journal_queries
from simpul.messages import actions as message_actions
from simpul.messages import queries as message_queries
from simpul.messages import rules as message_rules
from simpul.web import forms
from simpul.web.manage import frame, users
from simpul.web.policy import Request, officer
from simpul.web.portal import words as portal_words

ROADS = {
    "any": gettext_lazy("every road"),
    "email": gettext_lazy("e-mail"),
    "sms": gettext_lazy("SMS"),
    "whatsapp": gettext_lazy("WhatsApp"),
    "telegram": gettext_lazy("Telegram"),
    "slip": gettext_lazy("paper"),
}
LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}
TO = {"person": gettext_lazy("to a resident"), "desk": gettext_lazy("to a desk")}


@officer("desk.open")
@require_GET
def texts(request: Request) -> HttpResponse:
    """Every text with the words it has now."""
    found = message_queries.texts()
    rows: dict[str, dict[str, Any]] = {}
    for shown in found:
        row = rows.setdefault(
            shown.kind.key,
            {"key": shown.kind.key, "name": _name(shown.kind), "to": TO.get(shown.kind.to, ""), "words": []},
        )
        own = shown.kind.words.get((shown.road, shown.language)) != shown.words
        row["words"].append(
            {
                "road": shown.road,
                "language": shown.language,
                "road_name": ROADS.get(shown.road, shown.road),
                "own": own,
                "first": Truncator(shown.words.body).words(16),
            }
        )
    context = {"rows": list(rows.values()), "changes": frame.changes(request.by, "text.change")}
    return frame.show(request, "manage/texts.html", context, here="manage_texts")


def _name(kind: Any) -> str:
    return str(kind.names.get(portal_words.language(), kind.names["id"]))


class TextForm(forms.Form):
    """Subject and words of a message."""

    subject = forms.LineField(
        required=False,
        max_length=150,
        label=gettext_lazy("Subject"),
        help_text=gettext_lazy("For e-mail and letters."),
    )
    body = forms.LongTextField(max_length=4000, rows=9, label=gettext_lazy("Words"))


def _known(key: str, road: str, language: str) -> Any:
    if not message_queries.is_known_text(key) or road not in ROADS or language not in LANGUAGES:
        raise Http404
    return message_queries.catalogue()[key]


@officer("desk.open")
def text(request: Request, key: str, road: str, language: str) -> HttpResponse:
    """Edit a text; the button "preview" shows it with sample values and saves nothing."""
    kind = _known(key, road, language)
    current = message_queries.words(key, road, language)
    form = TextForm(frame.sent(request), initial={"subject": current.subject, "body": current.body})
    trying = "preview" in request.POST
    tried = {"subject": None, "body": None}
    if form.is_bound and form.is_valid():
        tried = {name: form.cleaned_data[name] for name in tried}

    def run(values: dict[str, Any]) -> frame.Done:
        message_actions.change_text(
            by=request.by, at=timezone.now(), key=key, road=road, language=language, **values
        )
        return _("The words were saved. New messages use them at once."), reverse("manage_texts")

    shipped = kind.words.get((road, language))
    address = [key, road, language]
    extra = {
        "kind": kind,
        "preview": message_queries.preview(key, road, language, **tried),
        "possible": [
            {"name": "{" + name + "}", "sample": sample(name), "needed": name in kind.needs}
            for name in sorted(kind.possible)
        ],
        "own": shipped is not None and shipped != current,
        "shipped": shipped,
        "reset_url": reverse("manage_text_reset", args=address),
        "roads": [
            {
                "label": ROADS[one],
                "url": reverse("manage_text", args=[key, one, language]),
                "current": one == road,
            }
            for one in _roads(kind)
        ],
        "changes": _history(request, key),
    }
    title = f"{_name(kind)}: {ROADS[road]}, {LANGUAGES[language]}"
    page = frame.Ask(
        here="manage_texts",
        title=title,
        button=_("Save"),
        back=reverse("manage_texts"),
        template="manage/text.html",
        extra=extra,
    )
    if trying:
        context = {"page": page, "form": form, **extra}
        return frame.show(request, page.template, context, here=page.here, status=422 if form.errors else 200)
    return frame.ask(request, page, form, run)


def sample(name: str) -> str:
    """A sample value for a variable."""
    values = message_queries.samples()
    return (values | message_queries.common_values(values["to_name"])).get(name, "")


def _roads(kind: Any) -> list[str]:
    """The roads a text can have words of its own for."""
    return ["any", *message_rules.ROADS, *([message_rules.SLIP] if kind.paper else [])]


def _history(request: Request, key: str) -> list[dict[str, Any]]:
    """The last changes of one text."""
    lines = [
        line
        for line in journal_queries.last_changes(request.by, ("text.change",), limit=50)
        if line.facts.get("key") == key
    ]
    return [
        {"line": line, "words": frame.act_words(line.kind), "about": frame.subject_words(line.facts)}
        for line in lines[:5]
    ]


@officer("desk.open")
def reset_text(request: Request, key: str, road: str, language: str) -> HttpResponse:
    """Go back to the words that ship with the program."""
    kind = _known(key, road, language)
    shipped = kind.words.get((road, language))
    if shipped is None:
        raise Http404

    def run(_values: dict[str, Any]) -> frame.Done:
        message_actions.change_text(
            by=request.by,
            at=timezone.now(),
            key=key,
            road=road,
            language=language,
            subject=shipped.subject,
            body=shipped.body,
        )
        return _("The text has the words that ship with the program again."), reverse("manage_texts")

    page = frame.Ask(
        here="manage_texts",
        title=_("Back to the words that ship?"),
        button=_("Use the shipped words"),
        back=reverse("manage_text", args=[key, road, language]),
        intro=shipped.body,
        warnings=[_("Your own words go out of use. They stay in the journal.")],
    )
    return frame.ask(request, page, users.YesForm(frame.sent(request)), run)
