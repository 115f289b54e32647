"""Small groups: nobody can read them, nor work them out, whatever the table holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from simpul.lib import small_cells
from simpul.lib.small_cells import SMALL, Row, Shown, is_small, protect


@st.composite
def tables(draw: st.DrawFn, most_rows: int = 5, most: int = 14) -> list[Row]:
    wholes = draw(st.lists(st.integers(min_value=0, max_value=most), max_size=most_rows))
    return [
        Row(str(place), whole, (draw(st.integers(min_value=0, max_value=whole)),))
        for place, whole in enumerate(wholes)
    ]


def readings(bounds: Sequence[tuple[int, int]], total: int) -> Iterator[tuple[int, ...]]:
    """Every way to fill cells within their bounds so that they add up: what somebody who reads the table must think possible."""
    if not bounds:
        if total == 0:
            yield ()
        return
    (least, most), rest = bounds[0], bounds[1:]
    rest_least, rest_most = sum(low for low, _high in rest), sum(high for _low, high in rest)
    for value in range(max(least, total - rest_most), min(most, total - rest_least) + 1):
        for others in readings(rest, total - value):
            yield (value, *others)


def possible(bounds: Sequence[tuple[int, int]], total: int) -> list[set[int]]:
    found: list[set[int]] = [set() for _bound in bounds]
    for reading in readings(bounds, total):
        for place, value in enumerate(reading):
            found[place].add(value)
    return found


def hidden_wholes(table: Sequence[Row], read: Shown) -> list[int]:
    return [place for place, row in enumerate(read.rows) if row.whole is None]


@given(tables(most_rows=8, most=60))
def test_nothing_small_is_shown_nor_left_over(table: list[Row]) -> None:
    read = protect(table)
    for row in read.rows:
        assert row.whole is None or not is_small(row.whole)
        for part in row.parts:
            assert part is None or not is_small(part)
            assert part is None or row.whole is None or not is_small(row.whole - part)
        if row.whole is None:
            assert row.parts == (None,)
    assert read.whole is None or not is_small(read.whole)
    if read.rows and read.whole is not None:
        assert not is_small(read.whole - sum(row.whole or 0 for row in read.rows))
    if read.rows and read.parts[0] is not None:
        assert not is_small(read.parts[0])
        hidden = [row for row in read.rows if row.parts[0] is None]
        left = read.parts[0] - sum(row.parts[0] or 0 for row in read.rows)
        assert not hidden or len(hidden) > 1 or not is_small(left)


@settings(max_examples=300)
@given(tables(most_rows=5, most=9))
def test_no_hidden_whole_can_be_worked_out(table: list[Row]) -> None:
    read = protect(table)
    real = [row for row in table if row.whole]
    places = hidden_wholes(table, read)
    if not places:
        return
    assert read.whole is not None
    left = read.whole - sum(row.whole or 0 for row in read.rows)
    for place, values in zip(places, possible([(1, left)] * len(places), left), strict=True):
        assert real[place].whole in values
        assert len(values) > 1 and max(values) >= SMALL


@settings(max_examples=300)
@given(tables(most_rows=5, most=11))
def test_no_hidden_part_can_be_worked_out(table: list[Row]) -> None:
    read = protect(table)
    real = [row for row in table if row.whole]
    if not read.rows or read.parts[0] is None:
        return
    away = hidden_wholes(table, read)
    near = [place for place, row in enumerate(read.rows) if row.whole is not None and row.parts[0] is None]
    block = read.whole - sum(row.whole or 0 for row in read.rows) if read.whole is not None else 0
    bounds = [(1, real[place].whole) for place in near] + ([(0, block)] if away else [])
    if not bounds:
        return
    left = read.parts[0] - sum(row.parts[0] or 0 for row in read.rows)
    found = possible(bounds, left)
    for place, values in zip(near, found, strict=False):
        part, whole = real[place].parts[0], real[place].whole
        assert part in values
        if is_small(part) or is_small(whole - part):
            assert len(values) > 1 and max(values) >= SMALL and min(values) <= max(1, whole - SMALL)
    if away:
        part = sum(real[place].parts[0] for place in away)
        if is_small(part) or is_small(block - part):
            assert max(found[-1]) >= SMALL and min(found[-1]) <= max(0, block - SMALL)


@given(tables(most_rows=6, most=30))
def test_large_groups_alone_are_all_shown(table: list[Row]) -> None:
    large = [Row(row.key, row.whole + 10, (row.whole + 5,)) for row in table]
    read = protect(large)
    assert [row.whole for row in read.rows] == [row.whole for row in large]
    assert [row.parts for row in read.rows] == [row.parts for row in large]


def test_one_small_row_takes_a_neighbour_with_it() -> None:
    read = protect([Row("a", 30), Row("b", 7), Row("c", 2)])
    assert [(row.key, row.whole) for row in read.rows] == [("a", 30), ("b", None), ("c", None)]


def test_five_rows_of_one_are_not_left_as_five_rows_of_one() -> None:
    """Together they are five, so a reader who knows that noughts are shown would know each of them."""
    read = protect([Row(str(place), 1) for place in range(5)] + [Row("large", 40), Row("larger", 50)])
    assert [row.whole for row in read.rows] == [None] * 6 + [50]


def test_a_table_with_nothing_to_hide_behind_shows_no_rows() -> None:
    read = protect([Row("a", 2, (1,)), Row("b", 2, (1,)), Row("c", 2, (1,))])
    assert (read.rows, read.whole, read.withheld) == ((), 6, True)
    assert protect([Row("a", 3)]).whole is None


def test_a_small_remainder_is_hidden_as_a_small_part_is() -> None:
    read = protect([Row("a", 12, (10,)), Row("b", 40, (20,)), Row("c", 60, (30,))])
    assert [row.parts for row in read.rows] == [(None,), (None,), (30,)]
    assert read.parts == (60,)


def test_a_column_whose_total_is_hidden_elsewhere_shows_nothing() -> None:
    read = protect([Row("a", 30, (10,)), Row("b", 40, (20,))], blind_parts=[True])
    assert [row.parts for row in read.rows] == [(None,), (None,)]
    assert (read.parts, read.whole) == ((None,), 70)


def test_nought_is_shown_and_one_to_four_are_not() -> None:
    assert [small_cells.shown(number) for number in range(7)] == [0, None, None, None, None, 5, 6]
