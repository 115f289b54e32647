"""One cell of a grid for typing paper in: what stands in it, what it may hold, what is asked about it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from simpul.posyandu.rules import forms as rules
from simpul.web.desk import words


def cell(one: rules.Field, name: str, text: str, read: rules.Read | None) -> dict[str, Any]:
    """A cell as the template draws it."""
    keys = (one.key, one.beside) if one.beside else (one.key,)
    language = words.language()
    options = [(option.code, option.called(language)) for option in one.options]
    options = options or [("ya", _("Yes")), ("tidak", _("No"))]
    if text and text not in dict(options):  # what was kept is shown and comes back as it is
        options = [*options, (text, text)]
    choosing = one.type in (rules.CHOICE, rules.POINTS, rules.YES_NO)
    return {
        "key": one.key,
        "name": name,
        "label": one.called(language),
        "text": text,
        "kind": "choice" if choosing else "many" if one.type == rules.MANY else "text",
        "number": one.type in (rules.WHOLE, rules.DECIMAL) and not one.beside,
        "options": options,
        "step": one.step,
        "faults": [
            {"words": _(fault.words) % dict(fault.facts), "suggestion": fault.suggestion}
            for fault in (read.faults if read else ())
            if fault.field in keys
        ],
        "questions": [
            {
                "words": _(question.words) % dict(question.facts),
                "token": question.token,
                "suggestion": question.suggestion,
                "must": question.must,
            }
            for question in (read.questions if read else ())
            if question.field in keys
        ],
    }


def column(one: rules.Field) -> dict[str, Any]:
    """The head of a column."""
    head = one.head if words.language() != "en" else one.label_en
    return {"head": head, "step": one.step, "title": one.called(words.language())}


def lists(fields: list[rules.Field]) -> list[dict[str, Any]]:
    """Answers that are offered while typing, for questions with several answers."""
    return [
        {"key": one.key, "words": [option.called(words.language()) for option in one.options]}
        for one in fields
        if one.type == rules.MANY
    ]
