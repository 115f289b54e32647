"""How the shipped catalogue of forms becomes ``Form``: shared fields, versions, and the checks that a row is whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from simpul.posyandu.rules import forms_shape as forms


class FormUnsound(ValueError):  # noqa: N818 - a fault of the program's own files
    """A row of the shipped catalogue of forms is wrong; the message names it."""


THREE = (("date", "tanggal", "date"), ("place", "tempat", "place"), ("officer", "petugas", "health worker"))
"""What the sheets write beside a check: when, where, by whom (a row with ``three = true`` becomes these)."""


def read_fields(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, forms.Field]:
    """The shared fields by key; one that is ``like`` another differs in what it says. Raises ``FormUnsound``."""
    return {key: _field(key, {**rows.get(row.get("like", ""), {}), **row}) for key, row in rows.items()}


def read_form(
    given: Mapping[str, Any], shared: Mapping[str, forms.Field], version: Mapping[str, Any]
) -> forms.Form:
    """One version of a form. A row of fields is a key of ``shared``, a list of keys, or a table with the key and what differs.

    Raises:
        FormUnsound: a key is unknown or given twice, or words are missing.
    """
    made = forms.Form(
        code=given["code"],
        version=version["version"],
        title=given["title"],
        title_en=given["title_en"],
        layout=given["layout"],
        head=_fields(version.get("head", given.get("head", ())), shared, given["code"]),
        row=_fields(version.get("row", given.get("row", ())), shared, given["code"]),
        source=version["source"],
        confidence=version["confidence"],
        valid_from=version["valid_from"],
        lines=given.get("lines", 12),
        parts=tuple(forms.Section(*one) for one in given.get("parts", ())),
        sections=tuple(forms.Section(*one) for one in given.get("sections", ())),
        signatures=tuple(given.get("signatures", ())),
        columns_named=version.get("columns_named", 0),
    )
    _check(made)
    return made


def _fields(rows: Iterable[Any], shared: Mapping[str, forms.Field], form: str) -> tuple[forms.Field, ...]:
    found: list[forms.Field] = []
    for given in _each(rows):
        key = given.pop("key")
        if "label" in given and "type" in given:
            found.append(_field(key, given))
        elif (like := given.pop("like", key)) in shared:
            found.append(_changed(replace(shared[like], key=key), given))
        else:
            raise FormUnsound(f"{form}: {key} is no shared field and has no label and type")
    return tuple(found)


def _each(rows: Iterable[Any]) -> Iterator[dict[str, Any]]:
    for row in rows:
        given = {"key": row} if isinstance(row, str) else dict(row)
        if not given.pop("three", False):
            yield given
            continue
        key, label, label_en = given.pop("key"), given.pop("label"), given.pop("label_en")
        for part, word, word_en in THREE:
            yield {
                "key": f"{key}_{part}",
                "label": f"{label}: {word}",
                "label_en": f"{label_en}: {word_en}",
                "type": forms.DATE if part == "date" else forms.TEXT,
                "group": key,
                "group_label": label,
                "group_label_en": label_en,
                **given,
            }


def _field(key: str, row: dict[str, Any]) -> forms.Field:
    try:
        start = forms.Field(
            key=key, label=row.pop("label"), label_en=row.pop("label_en"), type=row.pop("type")
        )
    except KeyError as missing:
        raise FormUnsound(f"{key}: {missing} is missing") from missing
    return _changed(start, row)


def _changed(field: forms.Field, row: Mapping[str, Any]) -> forms.Field:
    given = {key: value for key, value in row.items() if key != "like"}
    if "options" in given:
        given["options"] = tuple(forms.Option(*one) for one in given["options"])
    if "bands" in given:
        given["bands"] = tuple(forms.Band(**one) for one in given["bands"])
    if "parts" in given:
        given["parts"] = tuple(given["parts"])
    try:
        return replace(field, **given)
    except TypeError as fault:
        raise FormUnsound(f"{field.key}: {fault}") from fault


def _check(form: forms.Form) -> None:
    for group in (form.head, form.row):
        keys = [one.key for one in group]
        if len(keys) != len(set(keys)):
            raise FormUnsound(f"{form.code}: {sorted(one for one in keys if keys.count(one) > 1)} twice")
    for one in form.fields():
        if one.type not in forms.TYPES or not (one.label and one.label_en):
            raise FormUnsound(f"{form.code}: {one.key} has no type or no words")
        if one.type in (forms.CHOICE, forms.MANY, forms.POINTS) and not one.options:
            raise FormUnsound(f"{form.code}: {one.key} has nothing to choose from")
