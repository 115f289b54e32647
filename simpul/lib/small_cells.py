"""Tables of counts in which no small group can be read, nor worked out from what is shown.

A table has rows (villages, kinds, roads) that add up to a total, and for each row parts of it (answered, overdue). Three steps:

1. *Small cells are hidden*: a count from one to four, and a part that leaves one to four others (12 received, 10 answered tells
   of the two that were not). Nought is shown: it tells nothing about anybody.
2. *What would betray them is hidden too.* Whoever reads the table knows the total and what is shown, so they know the sum of what
   is hidden, that a hidden count is at least one (noughts are shown) and that a part is at most its whole. From that they can
   compute, for each hidden cell, the least and the most it can be. More cells are hidden, the smallest first, until for each
   small cell the most is at least five (and for a small remainder the least leaves at least five).
3. *When nothing is left to hide behind*, the column shows no total, or the table no rows.

Tables of the same matters by different features (kind, road, village) have no cell in common but the total, so each is protected
alone. Tables of periods that contain each other would have: use periods that do not overlap.

The threshold of five is the usual one for small-area figures; a choice of the institution, not of law (unconfirmed).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SMALL = 5


@dataclass(frozen=True, slots=True)
class Row:
    """Counts of one group: all of it, and parts of it, each at most the whole."""

    key: str
    whole: int
    parts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownRow:
    """The same with None in place of what is hidden."""

    key: str
    whole: int | None
    parts: tuple[int | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A table as it may be read. ``withheld``: rows could not be shown at all."""

    rows: tuple[ShownRow, ...]
    whole: int | None
    parts: tuple[int | None, ...]
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class _Cell:
    """A hidden cell as its protector sees it: its value, its bounds as a reader knows them, and whether it is a small one."""

    value: int
    least: int
    most: int
    guarded: bool


def is_small(number: int) -> bool:
    """True for one to four."""
    return 0 < number < SMALL


def shown(number: int) -> int | None:
    """The number, or None when it is small."""
    return None if is_small(number) else number


def protect(rows: Iterable[Row], *, blind_parts: Sequence[bool] = ()) -> Shown:
    """The table without what could be recognised.

    Args:
        rows: groups that do not overlap; their sum is the total that is shown.
        blind_parts: for each column of parts, True when its total is hidden elsewhere: then the whole column is.
    """
    table = [row for row in rows if row.whole > 0]
    whole = sum(row.whole for row in table)
    columns = len(table[0].parts) if table else len(blind_parts)
    blind = (*blind_parts, *[False] * columns)[:columns]
    nothing = tuple(None for _column in range(columns))
    if is_small(whole):
        return Shown((), None, nothing, withheld=True)
    away = _hidden_wholes(table)
    if away is None:
        totals = tuple(None if blind[place] else _total(table, place) for place in range(columns))
        return Shown((), whole, totals, withheld=True)
    read = [
        (None, frozenset(range(len(table)))) if blind[place] else _hidden_parts(table, place, away)
        for place in range(columns)
    ]
    shown_rows = tuple(
        ShownRow(
            row.key,
            None if place in away else row.whole,
            tuple(None if place in hidden else row.parts[column] for column, (_, hidden) in enumerate(read)),
        )
        for place, row in enumerate(table)
    )
    return Shown(shown_rows, whole, tuple(total for total, _hidden in read))


def _total(table: Sequence[Row], column: int) -> int | None:
    """The total of a column, or None when it, or what it leaves, is small."""
    total, whole = sum(row.parts[column] for row in table), sum(row.whole for row in table)
    return None if is_small(total) or is_small(whole - total) else total


def _hidden_wholes(table: Sequence[Row]) -> frozenset[int] | None:
    """Rows to hide, or None when not all small ones can be hidden among the others."""
    hidden = {place for place, row in enumerate(table) if is_small(row.whole)}
    if not hidden:
        return frozenset()
    others = sorted(
        (place for place in range(len(table)) if place not in hidden), key=lambda place: table[place].whole
    )
    while len(hidden) < 2 or sum(table[place].whole for place in hidden) - len(hidden) + 1 < SMALL:
        if not others:
            return None
        hidden.add(others.pop(0))
    return frozenset(hidden)


def _hidden_parts(
    table: Sequence[Row], column: int, away: frozenset[int]
) -> tuple[int | None, frozenset[int]]:
    """The total of a column of parts (or None), and the rows in which its cell is hidden. Hidden rows show no part."""
    near = [place for place in range(len(table)) if place not in away]
    small = {
        place
        for place in near
        if is_small(table[place].parts[column]) or is_small(table[place].whole - table[place].parts[column])
    }
    total = _total(table, column)
    if total is None:
        return None, away | small
    others = sorted(
        (place for place in near if place not in small and table[place].parts[column] > 0),
        key=lambda place: table[place].parts[column],
    )
    hidden = set(small)
    while not _is_safe(_cells(table, column, away, hidden, small)):
        if not others:
            return None, away | hidden
        hidden.add(others.pop(0))
    return total, away | hidden


def _cells(
    table: Sequence[Row], column: int, away: frozenset[int], hidden: set[int], small: set[int]
) -> list[_Cell]:
    """The hidden cells of a column. The hidden rows are one cell: only the sum of their wholes is known."""
    cells = [
        _Cell(table[place].parts[column], 1, table[place].whole, place in small) for place in sorted(hidden)
    ]
    if away:
        part = sum(table[place].parts[column] for place in away)
        whole = sum(table[place].whole for place in away)
        cells.append(_Cell(part, 0, whole, is_small(part) or is_small(whole - part)))
    return cells


def _is_safe(cells: Sequence[_Cell]) -> bool:
    """True when no reader can tell that a guarded cell, or what it leaves of its whole, is small."""
    total = sum(cell.value for cell in cells)
    least, most = sum(cell.least for cell in cells), sum(cell.most for cell in cells)
    for cell in cells:
        low = max(cell.least, total - (most - cell.most))
        high = min(cell.most, total - (least - cell.least))
        if cell.guarded and (high < SMALL or low > max(cell.least, cell.most - SMALL)):
            return False
    return True
