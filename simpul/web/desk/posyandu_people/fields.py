"""Fields of the catalogue of forms as inputs: what was typed stays, what is doubted stands beside it as a question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from simpul.posyandu.rules import examinations as entry_rules
from simpul.posyandu.rules import forms as rules
from simpul.web.desk import words

Parts = Sequence[tuple[str, Sequence[rules.Field]]]


def typed(given: QueryDict, fields: Iterable[rules.Field]) -> dict[str, str]:
    """What was typed under each field's key; boxes that were ticked stand with commas between.

    A press on a proposal ("use 12,0") comes as ``use`` with the key and the text: it is put in the place of what was typed.
    """
    found = {}
    for field in fields:
        if field.type == rules.MANY:
            found[field.key] = ",".join(given.getlist(field.key))
        else:
            found[field.key] = given.get(field.key, "").replace("\x00", "").strip()[:300]
    key, _equals, text = given.get("use", "").partition("=")
    if key in found:
        found[key] = text[:60]
    return found


def typed_of(values: Mapping[str, Any], fields: Iterable[rules.Field]) -> dict[str, str]:
    """Kept values as they would be typed."""
    return {field.key: rules.written(field, values.get(field.key)) for field in fields}


def only(form: rules.Form, fields: Sequence[rules.Field]) -> rules.Form:
    """The form with these fields alone: what a step reads."""
    return replace(form, row=tuple(fields))


def shown(
    fields: Iterable[rules.Field],
    given: Mapping[str, str],
    read: rules.Read | None = None,
    before: Mapping[str, Any] | None = None,
) -> list[dict[str, Any]]:
    """Each field as the template draws it."""
    language = words.language()
    return [_one(field, given.get(field.key, ""), read, before or {}, language) for field in fields]


def _one(
    field: rules.Field, text: str, read: rules.Read | None, before: Mapping[str, Any], language: str
) -> dict[str, Any]:
    chosen = set(text.split(",")) if field.type == rules.MANY else {text}
    number = field.type in (rules.WHOLE, rules.DECIMAL)
    return {
        "key": field.key,
        "label": field.called(language),
        "kind": {rules.POINTS: rules.CHOICE, rules.WHOLE: "number", rules.DECIMAL: "number"}.get(
            field.type, field.type
        ),
        "unit": field.unit_called(language),
        "text": text,
        "mode": "numeric" if field.type == rules.WHOLE else "decimal" if number else "text",
        "options": [
            {"code": one.code, "label": one.called(language), "chosen": one.code in chosen}
            for one in field.options
        ]
        or [
            {"code": "ya", "label": _("Yes"), "chosen": text == "ya"},
            {"code": "tidak", "label": _("No"), "chosen": text == "tidak"},
        ],
        "note": (field.note_en if language == "en" else field.note) or "",
        "last": rules.shown(field, before.get(field.key), language) if number else "",
        "danger": field.danger,
        "faults": _faults(field, read),
        "questions": _questions(field, read),
    }


def _faults(field: rules.Field, read: rules.Read | None) -> list[dict[str, str]]:
    return [
        {"words": _(one.words) % dict(one.facts), "suggestion": one.suggestion}
        for one in (read.faults if read else ())
        if one.field == field.key
    ]


def _questions(field: rules.Field, read: rules.Read | None) -> list[dict[str, Any]]:
    return [
        {
            "words": _(one.words) % {name: _number(fact) for name, fact in one.facts.items()},
            "token": one.token,
            "suggestion": one.suggestion,
            "must": one.must,
        }
        for one in (read.questions if read else ())
        if one.field == field.key
    ]


def _number(fact: str) -> str:
    """A number with its unit as the reader's language writes it; anything else as it is."""
    if words.language() != "en" or not fact[:1].isdigit():
        return fact
    return fact.translate(str.maketrans(",.", ".,"))


def seen(values: Mapping[str, Any], fields: Iterable[rules.Field]) -> str:
    """The mark of the answers that stand in these fields now."""
    return entry_rules.fingerprint(values, [field.key for field in fields])


def values_of(read: rules.Read, fields: Iterable[rules.Field]) -> dict[str, Any]:
    """What was answered, and empty for what was left out: who empties a field means it."""
    return {field.key: read.values.get(field.key) for field in fields}


def parts(form: rules.Form, fields: Sequence[rules.Field]) -> Parts:
    """The fields under the headings of the sheet: its tables (pregnant, post-partum) and its blocks (signs of TB), in their order."""
    language = words.language()
    names = {one.code: one.called(language) for one in (*form.parts, *form.sections)}
    found: dict[str, list[rules.Field]] = {}
    for field in fields:
        own = field.section or (field.parts[0] if len(field.parts) == 1 else "")
        found.setdefault(names.get(own, ""), []).append(field)
    return list(found.items())
