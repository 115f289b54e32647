"""Rows of one kind, turned on their side: alike values stand together, so that they compress to almost nothing.

A column is a list of values when every row has one; ``{"=": value}`` when all have the same; ``{"i": [rows], "v": [values]}`` when
some have none. Keys that the event itself brings into the world are written ``~0``, ``~1`` ...; text that begins with ``~`` gets a second.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from simpul.sync.rules.canonical import canonical

MOST_OWN_IDS = 10


class ColumnsUnreadable(ValueError):  # noqa: N818 - it is a fact about bytes, said to a program
    """The columns do not make rows."""


def turn(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Columns of rows."""
    names = sorted({name for row in rows for name in row})
    return {name: _column(rows, name) for name in names}


def _column(rows: Sequence[Mapping[str, Any]], name: str) -> Any:
    have = [place for place, row in enumerate(rows) if name in row]
    values = [rows[place][name] for place in have]
    if len(have) < len(rows):
        return {"i": have, "v": values}
    if len(values) > 1 and _are_one(values):
        return {"=": values[0]}
    return values


def _are_one(values: Sequence[Any]) -> bool:
    """True when all are spelled alike; yes is not 1, though the two compare as equal."""
    first = values[0]
    return all(one == first for one in values) and len({canonical(one) for one in values}) == 1


def rows_of(columns: Mapping[str, Any], count: int) -> list[dict[str, Any]]:
    """The rows again.

    Raises:
        ColumnsUnreadable: a column is too short, too long, or of another form.
    """
    rows: list[dict[str, Any]] = [{} for _place in range(count)]
    for name, column in columns.items():
        if isinstance(column, list):
            places, values = list(range(count)), column
        elif isinstance(column, dict) and set(column) == {"="}:
            places, values = list(range(count)), [column["="]] * count
        elif isinstance(column, dict) and set(column) == {"i", "v"}:
            places, values = column["i"], column["v"]
        else:
            raise ColumnsUnreadable(name)
        if type(places) is not list or type(values) is not list or len(places) != len(values):
            raise ColumnsUnreadable(name)
        for place, value in zip(places, values, strict=True):
            if type(place) is not int or not 0 <= place < count:
                raise ColumnsUnreadable(name)
            rows[place][name] = value
    return rows


def shorten(value: Any, own: Mapping[str, int]) -> Any:
    """A value with the event's own keys written short."""
    if isinstance(value, str):
        if value in own:
            return f"~{own[value]}"
        return f"~{value}" if value.startswith("~") else value
    if isinstance(value, list):
        return [shorten(one, own) for one in value]
    if isinstance(value, dict):
        return {key: shorten(one, own) for key, one in value.items()}
    return value


def lengthen(value: Any, own: Callable[[int], str]) -> Any:
    """The value again.

    Raises:
        ColumnsUnreadable: a short key that no event has.
    """
    if isinstance(value, str) and value.startswith("~"):
        if value.startswith("~~"):
            return value[1:]
        if len(value) != 2 or value[1] not in "0123456789":
            raise ColumnsUnreadable(value)
        return own(int(value[1]))
    if isinstance(value, list):
        return [lengthen(one, own) for one in value]
    if isinstance(value, dict):
        return {key: lengthen(one, own) for key, one in value.items()}
    return value
