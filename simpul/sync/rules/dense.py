"""Two more forms of columns, for packs: keys of one width side by side, and a table that stands in the order of another.

``{"x": base64url, "w": bytes}``: every value is that many bytes, written as hex. ``{"of": table, "by": column}``: the rows of this table
stand in the order of the rows of another one, as many for each as its column says; the value is that row's ``id``. Rows behind the last
have none. A pack of 8,000 households is a third smaller by it (docs/sync-protocol.md, section 9).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simpul.sync.rules.canonical import b64, unb64
from simpul.sync.rules.columns import ColumnsUnreadable, rows_of, turn

Tables = Mapping[str, Sequence[Mapping[str, Any]]]
HEAD = "bdt/1"
"""The code of the head among relations, in the version that forms write."""


def thinned(tables: Tables) -> dict[str, Sequence[Mapping[str, Any]]]:
    """Households without what their people tell: the head is who stands there as head, and the household is called by the head."""
    heads = _heads(tables)
    rows = []
    for row in tables["households"]:
        kept = dict(row)
        person = heads.get(row["id"])
        if person is not None and kept.get("head") == person["id"] and kept.get("name") == person.get("name"):
            kept.pop("head")
            kept.pop("name")
        elif person is not None and "head" not in kept and "name" not in kept:
            kept["name"] = ""  # called by nobody: not by whoever stands there as head
        rows.append(kept)
    return {**tables, "households": rows}


def filled(tables: Mapping[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """The households again with their head and name. One without both, and without a head among its people, has neither."""
    heads = _heads(tables)
    for row in tables.get("households", ()):
        person = heads.get(row["id"])
        if person is not None and "head" not in row and "name" not in row:
            row |= {"head": person["id"], "name": person.get("name", "")}
    return dict(tables)


def _heads(tables: Tables) -> dict[str, Mapping[str, Any]]:
    """Household -> the first of its people with the relation of a head."""
    found: dict[str, Mapping[str, Any]] = {}
    for row in tables.get("persons", ()):
        if row.get("relation") == HEAD and "household" in row:
            found.setdefault(row["household"], row)
    return found


def pack(tables: Tables, order: Mapping[str, tuple[str, str, str]]) -> dict[str, Any]:
    """Tables as columns.

    Args:
        order: table -> (its column, the other table, that one's count): ``{"persons": ("household", "households", "count")}``.
    """
    return {name: {"n": len(rows), "c": _columns(name, rows, tables, order)} for name, rows in tables.items()}


def _columns(
    name: str, rows: Sequence[Mapping[str, Any]], tables: Tables, order: Mapping[str, tuple[str, str, str]]
) -> dict[str, Any]:
    found = turn(rows)
    if name in order:
        column, other, count = order[name]
        if stands_in_order(rows, column, tables[other], count):
            found[column] = {"of": other, "by": count}
    if isinstance(found.get("id"), list):
        found["id"] = _side_by_side(found["id"])
    return found


def stands_in_order(
    rows: Sequence[Mapping[str, Any]], column: str, others: Sequence[Mapping[str, Any]], count: str
) -> bool:
    """True when the rows follow the others, as many for each as its count says, and those behind them belong to none."""
    expected = [other["id"] for other in others for _one in range(other.get(count, 0))]
    return [row.get(column) for row in rows] == expected + [None] * (len(rows) - len(expected))


def _side_by_side(values: list[Any]) -> Any:
    """Keys of ten hex signs, side by side; the column as it is when one is of another form."""
    if len(values) < 2 or not all(isinstance(one, str) and len(one) == 10 for one in values):
        return values
    try:
        return {"x": b64(bytes.fromhex("".join(values))), "w": 5}
    except ValueError:
        return values


def tables_of(packed: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The rows again.

    Raises:
        ColumnsUnreadable: a column is of another form, or too short.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    waiting = []
    for name, table in packed.items():
        plain = {}
        for column, kept in table["c"].items():
            if isinstance(kept, dict) and set(kept) == {"x", "w"}:
                plain[column] = _apart(kept, column)
            elif isinstance(kept, dict) and set(kept) == {"of", "by"}:
                waiting.append((name, column, kept["of"], kept["by"]))
            else:
                plain[column] = kept
        found[name] = rows_of(plain, table["n"])
    for name, column, other, count in waiting:
        keys = [row["id"] for row in found.get(other, []) for _one in range(row.get(count, 0))]
        if len(keys) > len(found[name]):
            raise ColumnsUnreadable(column)
        for row, key in zip(found[name], keys, strict=False):
            row[column] = key
    return found


def _apart(kept: Mapping[str, Any], column: str) -> list[str]:
    try:
        data, width = unb64(kept["x"]).hex(), 2 * int(kept["w"])
    except (ValueError, TypeError):
        raise ColumnsUnreadable(column) from None
    if width <= 0 or len(data) % width:
        raise ColumnsUnreadable(column)
    return [data[start : start + width] for start in range(0, len(data), width)]
