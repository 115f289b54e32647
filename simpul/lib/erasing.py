"""Emptying the personal columns of a row, as its table declares them: what is added to a table tomorrow is emptied too."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models

ERASED = "[dihapus]"
"""What stands where a name has to stand and was erased."""


def emptied(model: type[models.Model], *, keep: Iterable[str] = ()) -> dict[str, Any]:
    """New values for the columns that ``model.personal_data`` names: empty text, nothing, or an empty list.

    ``keep`` names columns that stay as they are, each for a reason that the caller states.

    Raises:
        TypeError: a column that can be neither empty nor unknown; it has to be kept, or its row deleted.
    """
    kept = set(keep)
    values: dict[str, Any] = {}
    for name in model.personal_data:  # type: ignore[attr-defined]
        if name in kept:
            continue
        field = model._meta.get_field(name)
        if not isinstance(field, models.Field):
            raise TypeError(f"{model.__name__}.{name} is no column")
        values[name] = _nothing(field)
    return values


def _nothing(field: models.Field[Any, Any]) -> Any:
    if field.null:
        return None
    if isinstance(field, models.JSONField):
        return field.get_default() if field.has_default() else {}
    if isinstance(field, models.CharField | models.TextField):
        return "" if field.blank or isinstance(field, models.TextField) else ERASED[: field.max_length]
    if isinstance(field, models.BinaryField):
        return "" if field.has_default() and field.get_default() == "" else b""
    raise TypeError(f"{field.model.__name__}.{field.name} cannot be empty: keep it for a reason, or delete the row")


def without(text: str, words: Iterable[str], mark: str = "█████") -> str:
    """``text`` with every one of ``words`` blacked out, whatever their capitals; the longest first."""
    for word in sorted({word for word in words if word}, key=len, reverse=True):
        lowered, wanted, place = text.casefold(), word.casefold(), 0
        if len(lowered) != len(text):  # a sign that grows when folded: compare as typed
            text = text.replace(word, mark)
            continue
        pieces = []
        while (found := lowered.find(wanted, place)) >= 0:
            pieces += [text[place:found], mark]
            place = found + len(wanted)
        text = "".join([*pieces, text[place:]])
    return text
