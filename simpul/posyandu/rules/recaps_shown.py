"""A table of months for seats that may not see names: no group from one to four, nothing that tells of one. Pure.

S, K, D, those below the red line and those twice without gain are hidden column by column (``lib.small_cells``). N, T, O and B add up to
D, so they are shown or hidden together, and hidden where D is. Then the table is read as a reader would who knows how its figures hang
together (``recaps_reader``), and more is hidden until no small group can be worked out.

In place of a hidden share its band is told ("80-100 %"), where the band does not tell of a small group either.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from simpul.lib import small_cells
from simpul.posyandu.rules import recaps, recaps_reader

Cells = Mapping[str, int | None]
_Rows = Sequence[tuple[str, recaps.Skdn]]
_PARTS = tuple(name for name in recaps.SKDN if name != "s")
_NOTHING: dict[str, int | None] = dict.fromkeys(recaps.SKDN)
BANDS = ((80, 101), (60, 80), (0, 60))
"""Percent from, and below: from the usual target on, from 60 on, and less."""
BANDED = {"d_s": ("d", "s"), "n_d": ("n", "d")}
"""Rates whose band is told: what is counted, of what."""
Bands = Mapping[str, int]
"""Rate -> place in ``BANDS``."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows by key and their total; None in place of what is hidden, and bands of hidden rates."""

    rows: Mapping[str, Cells]
    total: Cells
    hides: bool = False
    bands: Mapping[str, Bands] = field(default_factory=dict)
    total_bands: Bands = field(default_factory=dict)


def skdn(rows: _Rows, *, hide: bool, blind: Collection[str] = ()) -> Table:
    """The table of several groups; whole when the seat may see names.

    Args:
        rows: groups that do not overlap.
        hide: whether small groups are hidden.
        blind: figures whose total is hidden in the table of a wider area: then the whole column is.
    """
    return _table(tuple(rows), hide, frozenset(blind))


@lru_cache(maxsize=512)
def _table(rows: tuple[tuple[str, recaps.Skdn], ...], hide: bool, blind: frozenset[str]) -> Table:
    """The same, kept: trends and maps ask for the same months again and again, and a table depends on nothing but its figures."""
    total = recaps.together_skdn(one for _key, one in rows)
    if not hide:
        return Table({key: _cells(one) for key, one in rows}, _cells(total))
    found = _Hiding(rows, total)
    if "s" in blind:
        found.withhold(every=True)
    else:
        found.drop(name for name in recaps.SKDN if name in blind)
    found.settle()
    bands = {} if blind else found.bands()
    by_row: dict[str, dict[str, int]] = {}
    whole: dict[str, int] = {}
    for (key, rate_name), place in bands.items():
        (whole if key is None else by_row.setdefault(key, {}))[rate_name] = place
    return Table(
        {key: found.cells.get(key, _cells(one)) for key, one in rows},
        found.cells[None],
        True,
        by_row,
        whole,
    )


class _Hiding:
    """A table while it is being hidden: the true figures of rows with children, and what is shown of them. None is all together."""

    def __init__(self, rows: _Rows, total: recaps.Skdn) -> None:
        self.figures: dict[recaps_reader.Key, recaps.Skdn] = {key: one for key, one in rows if one.s}
        self.figures[None] = total
        self.cells: dict[recaps_reader.Key, dict[str, int | None]] = {
            key: dict(_NOTHING) for key in self.figures
        }
        if not total.s:
            self.cells[None] = _cells(total)
            return
        found = small_cells.protect(
            small_cells.Row(key, one.s, tuple(getattr(one, name) for name in _PARTS))
            for key, one in rows
            if one.s
        )
        for row in found.rows:
            self.cells[row.key] = {"s": row.whole, **dict(zip(_PARTS, row.parts, strict=True))}
        self.cells[None] = {"s": found.whole, **dict(zip(_PARTS, found.parts, strict=False))}
        self._close()

    @property
    def keys(self) -> list[recaps_reader.Key]:
        """Rows without all together, the smallest first."""
        return sorted(
            (key for key in self.figures if key is not None), key=lambda key: (self.figures[key].d, key)
        )

    def drop(self, names: Iterable[str], keys: Iterable[recaps_reader.Key] | None = None) -> None:
        """Hide figures in some rows; in every row and the total when none are named."""
        wanted = list(self.figures if keys is None else keys)
        for name in names:
            for key in wanted:
                self.cells[key][name] = None
        self._close()

    def _close(self) -> None:
        """N, T, O and B are hidden together, and where D is; a total that nothing is left to hide behind takes its column with it."""
        for name in _PARTS:
            number, of = getattr(self.figures[None], name), self.figures[None].s
            lost = self.cells[None][name] is None and name not in recaps.STATUSES
            if lost and not (small_cells.is_small(number) or small_cells.is_small(of - number)):
                for cells in self.cells.values():
                    cells[name] = None
        for cells in self.cells.values():
            if cells["d"] is None or any(cells[name] is None for name in recaps.STATUSES):
                cells.update(dict.fromkeys(recaps.STATUSES))

    def withhold(self, *, every: bool = False) -> None:
        """Hide all but S; S of the rows, too, when ``every``."""
        for key, cells in self.cells.items():
            kept = (
                None
                if every and (key is not None or small_cells.is_small(self.figures[None].s))
                else cells["s"]
            )
            cells.update({**_NOTHING, "s": kept})

    def settle(self) -> None:
        """Hide more until a reader can work out no small group."""
        if not self.figures[None].s:
            return
        for _step in range(len(self.figures) * len(recaps.SKDN)):
            told = recaps_reader.told(self.figures, self.cells)
            if not told:
                return
            for name in sorted(told):
                if not self._more(name):
                    self.withhold(every="s" in told)
        self.withhold(every=True)

    def _more(self, name: str) -> bool:
        """Hide one more row of a figure, else its total, else the column; False when nothing of it is shown any more."""
        names = recaps.STATUSES if name in recaps.STATUSES else (name,)
        left = [key for key in self.keys if self.cells[key][name] is not None]
        if self.cells[None][name] is not None:
            with_some = [key for key in left if getattr(self.figures[key], "d" if len(names) > 1 else name)]
            self.drop(names, with_some[:1] or [None])
            return True
        if left:
            self.drop(names, left)
            return True
        return False

    # --- bands ---

    def bands(self) -> dict[tuple[recaps_reader.Key, str], int]:
        """Bands of hidden rates that tell of no small group; first all, then without those of all together, then without those of
        rows that are hidden only for others' sake."""
        kept: dict[tuple[recaps_reader.Key, str], int] = {}
        for rate_name, (above, below) in BANDED.items():
            found = {
                (key, rate_name): band(getattr(one, above), getattr(one, below))
                for key, one in self.figures.items()
                if self.cells[key][above] is None and self.cells[key][below]
            }
            own = {
                (key, name): place
                for (key, name), place in found.items()
                if _is_wide(place, self.cells[key][below] or 0)
            }
            rows = {place: one for place, one in own.items() if place[0] is not None}
            guarded = {place: one for place, one in rows.items() if self._is_small(place[0], above, below)}
            for wanted in (own, rows, guarded):
                if wanted and self._is_safe({**kept, **wanted}):
                    kept.update(wanted)
                    break
        return kept

    def _is_small(self, key: recaps_reader.Key, above: str, below: str) -> bool:
        one = self.figures[key]
        return small_cells.is_small(getattr(one, above)) or small_cells.is_small(
            getattr(one, below) - getattr(one, above)
        )

    def _is_safe(self, bands: Mapping[tuple[recaps_reader.Key, str], int]) -> bool:
        spans = {}
        for (key, rate_name), place in bands.items():
            above, below = BANDED[rate_name]
            spans[key, above] = counts_in(place, self.cells[key][below] or 0)
        return not recaps_reader.told(self.figures, self.cells, spans)


def band(counted: int, out_of: int) -> int:
    """The place in ``BANDS`` of a share."""
    return next(place for place, (least, _below) in enumerate(BANDS) if counted * 100 >= least * out_of)


def counts_in(place: int, out_of: int) -> tuple[int, int]:
    """The least and the most that a band can mean of so many."""
    least, below = BANDS[place]
    return -(-least * out_of // 100), min(out_of, -(-below * out_of // 100) - 1)


def _is_wide(place: int, out_of: int) -> bool:
    """True when a band leaves room for five, counted and left."""
    least, most = counts_in(place, out_of)
    return most >= small_cells.SMALL and least <= out_of - small_cells.SMALL


def _cells(one: recaps.Skdn) -> dict[str, int | None]:
    return {name: getattr(one, name) for name in recaps.SKDN}


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
    rows: Sequence[tuple[str, Mapping[str, int]]], *, hide: bool, blind: Collection[str] = ()
) -> tuple[Mapping[str, Mapping[str, Cells]], Mapping[str, Cells]]:
    """SKDN of boys and girls beside each other: by sex, then row; and the totals. What is hidden of one, or of both together on another
    page, is hidden of the other, because a reader may know all three."""
    tables = {
        sex: skdn([(key, recaps.skdn(one, sex)) for key, one in rows], hide=hide, blind=blind)
        for sex in ("L", "P")
    }
    joint = skdn([(key, recaps.skdn(one)) for key, one in rows], hide=hide, blind=blind)

    def both(cells: Mapping[str, Cells], known: Cells) -> dict[str, Cells]:
        gone = [
            name
            for name in recaps.SKDN
            if known[name] is None or any(one[name] is None for one in cells.values())
        ]
        return {sex: {**one, **dict.fromkeys(gone)} for sex, one in cells.items()}

    by_row = {
        key: both({sex: table.rows[key] for sex, table in tables.items()}, joint.rows[key])
        for key, _one in rows
    }
    found = {sex: {key: by_row[key][sex] for key, _one in rows} for sex in tables}
    return found, both({sex: table.total for sex, table in tables.items()}, joint.total)


def alike(
    columns: Mapping[str, tuple[Mapping[str, int | None], int | None]],
) -> dict[str, tuple[Mapping[str, int | None], int | None]]:
    """Columns that add up to another one: what is hidden in one of them is hidden in all, rows and total."""
    gone = {key for cells, _total in columns.values() for key, cell in cells.items() if cell is None}
    lost = any(total is None for _cells_, total in columns.values())
    return {
        name: ({key: None if key in gone else cell for key, cell in cells.items()}, None if lost else total)
        for name, (cells, total) in columns.items()
    }


def rate(one: recaps.Rate, *, hide: bool) -> recaps.Rate | None:
    """A rate, or None when what it counts or leaves out is small."""
    small = small_cells.is_small(one.counted) or small_cells.is_small(one.out_of - one.counted)
    return None if hide and (small or small_cells.is_small(one.out_of)) else one


def form(one: recaps.FormRecap, *, hide: bool) -> dict[str, int | None]:
    """The recap of a form; pairs are hidden together, because they add up: to the cards, and to who came."""
    pairs = (("came", "absent"), ("problem", "normal"), ("referred", "kept"))
    found: dict[str, int | None] = {"open": one.open}
    for part, rest in pairs:
        numbers = getattr(one, part), getattr(one, rest)
        away = hide and any(small_cells.is_small(number) for number in numbers)
        found[part], found[rest] = (None, None) if away else numbers
    if found["came"] is None:
        found["normal"] = found["kept"] = None
    if hide and small_cells.is_small(one.open):
        found["open"] = None
    return found
