"""A table of months for seats that may not see names: no group from one to four, nothing that tells of one. Pure.

S, K, D, those below the red line and those twice without gain are hidden column by column (``lib.small_cells``). N, T, O and B add up to
D, so they are shown or hidden together: when one of them is small in a row, all four are hidden there, and in further rows until what is
hidden adds up to nought or at least five in each of them; else their totals are hidden, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simpul.lib import small_cells
from simpul.posyandu.rules import recaps

Cells = Mapping[str, int | None]
_PARTS = tuple(name for name in recaps.SKDN if name != "s")
_NOTHING: dict[str, int | None] = dict.fromkeys(recaps.SKDN)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows by key and their total; None in place of what is hidden."""

    rows: Mapping[str, Cells]
    total: Cells
    hides: bool = False


def skdn(rows: Sequence[tuple[str, recaps.Skdn]], *, hide: bool) -> Table:
    """The table of several groups; whole when the seat may see names."""
    total = recaps.Skdn(**{name: sum(getattr(one, name) for _key, one in rows) for name in recaps.SKDN})
    plain = {key: _cells(one) for key, one in rows}
    if not hide:
        return Table(plain, _cells(total))
    found = small_cells.protect(
        small_cells.Row(key, one.s, tuple(getattr(one, name) for name in _PARTS)) for key, one in rows
    )
    shown: dict[str, dict[str, int | None]] = {key: dict(_NOTHING) for key, _one in rows}
    for row in found.rows:
        shown[row.key] = {"s": row.whole, **dict(zip(_PARTS, row.parts, strict=True))}
    for key, one in rows:
        if not one.s:
            shown[key] = _cells(one)
    whole: dict[str, int | None] = {"s": found.whole, **dict(zip(_PARTS, found.parts, strict=False))}
    if not any(one.s for _key, one in rows):
        whole = _cells(total)
    _together(rows, shown, whole)
    return Table(shown, whole, hides=True)


def _cells(one: recaps.Skdn) -> dict[str, int | None]:
    return {name: getattr(one, name) for name in recaps.SKDN}


def _together(
    rows: Sequence[tuple[str, recaps.Skdn]],
    shown: dict[str, dict[str, int | None]],
    whole: dict[str, int | None],
) -> None:
    """Hide N, T, O and B together where one of them must be hidden."""
    hidden = {key for key, _one in rows if any(shown[key][name] is None for name in recaps.STATUSES)}
    by_size = sorted(
        (pair for pair in rows if pair[0] not in hidden and pair[1].d), key=lambda pair: pair[1].d
    )
    figures = dict(rows)
    while hidden and not _enough([figures[key] for key in hidden]) and by_size:
        hidden.add(by_size.pop(0)[0])
    if any(whole[name] is None for name in recaps.STATUSES) or (
        hidden and not _enough([figures[key] for key in hidden])
    ):
        whole.update(dict.fromkeys(recaps.STATUSES))
    for key in hidden:
        shown[key].update(dict.fromkeys(recaps.STATUSES))


def _enough(hidden: Sequence[recaps.Skdn]) -> bool:
    sums = [sum(getattr(one, name) for one in hidden) for name in recaps.STATUSES]
    return len(hidden) > 1 and not any(small_cells.is_small(number) for number in sums)


def column(
    values: Mapping[str, int], *, hide: bool, wholes: Mapping[str, int] | None = None
) -> tuple[Mapping[str, int | None], int | None]:
    """One column of counts and its total, without small ones and what would tell of them; with ``wholes``, of what each is a part."""
    if not hide:
        return dict(values), sum(values.values())
    if not any(values.values()):
        return dict(values), 0
    if wholes is None:
        found = small_cells.protect(small_cells.Row(key, number) for key, number in values.items())
        known = {row.key: row.whole for row in found.rows}
        return {key: (known.get(key) if number else 0) for key, number in values.items()}, found.whole
    rows = [small_cells.Row(key, max(wholes[key], number), (number,)) for key, number in values.items()]
    found = small_cells.protect(rows)
    parts = {row.key: row.parts[0] for row in found.rows}
    cells = {key: (parts.get(key) if wholes[key] or values[key] else 0) for key in values}
    return cells, found.parts[0] if found.parts else None


def sexes(
    rows: Sequence[tuple[str, Mapping[str, int]]], *, hide: bool
) -> tuple[Mapping[str, Mapping[str, Cells]], Mapping[str, Cells]]:
    """SKDN of boys and girls beside each other: by sex, then row; and the totals. What is hidden of one is hidden of the other, because
    a reader may know both together."""
    tables = {sex: skdn([(key, recaps.skdn(one, sex)) for key, one in rows], hide=hide) for sex in ("L", "P")}

    def both(cells: Mapping[str, Cells]) -> dict[str, Cells]:
        gone = [name for name in recaps.SKDN if any(one[name] is None for one in cells.values())]
        return {sex: {**one, **dict.fromkeys(gone)} for sex, one in cells.items()}

    by_row = {key: both({sex: table.rows[key] for sex, table in tables.items()}) for key, _one in rows}
    found = {sex: {key: by_row[key][sex] for key, _one in rows} for sex in tables}
    return found, both({sex: table.total for sex, table in tables.items()})


def rate(one: recaps.Rate, *, hide: bool) -> recaps.Rate | None:
    """A rate, or None when what it counts or leaves out is small."""
    small = small_cells.is_small(one.counted) or small_cells.is_small(one.out_of - one.counted)
    return None if hide and (small or small_cells.is_small(one.out_of)) else one


def form(one: recaps.FormRecap, *, hide: bool) -> dict[str, int | None]:
    """The recap of a form; pairs are hidden together, because they add up."""
    pairs = (("came", "absent"), ("problem", "normal"), ("referred", "kept"))
    found: dict[str, int | None] = {"open": one.open}
    for part, rest in pairs:
        numbers = getattr(one, part), getattr(one, rest)
        away = hide and any(small_cells.is_small(number) for number in numbers)
        found[part], found[rest] = (None, None) if away else numbers
    if hide and small_cells.is_small(one.open):
        found["open"] = None
    return found
