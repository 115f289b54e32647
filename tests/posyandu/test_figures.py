"""What seats without names may read: nothing small, nothing that tells of it; boards, groups, names behind a figure, counting by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from simpul.jobs import posyandu_counts
from simpul.posyandu.models import Cadre, Finding, MonthCount, Task
from simpul.posyandu.queries import figures as queries
from simpul.posyandu.queries import recaps
from simpul.posyandu.rules import recaps as rules
from simpul.posyandu.rules import recaps_shown as shown
from tests.cast import BONTO_JAI, DUNGKAIT, NOW, Cast, assemble
from tests.posyandu.recap_help import MONTH, card, entry, posyandu

DAY = date(2026, 11, 12)


@pytest.fixture
def cast(db: Any) -> Cast:
    return assemble()


@some.composite
def months(draw: Any) -> rules.Skdn:
    """A month that adds up."""
    n, t, o, b = (draw(some.integers(0, 30)) for _name in rules.STATUSES)
    d = n + t + o + b
    s = d + draw(some.integers(0, 20))
    return rules.Skdn(
        s=s,
        k=draw(some.integers(d, s)),
        d=d,
        n=n,
        t=t,
        o=o,
        b=b,
        bgm=draw(some.integers(0, d)),
        two_t=min(t, 3),
    )


@given(some.lists(months(), max_size=6))
def test_no_small_group_is_shown_and_none_can_be_worked_out(found: list[rules.Skdn]) -> None:
    rows = [(str(place), one) for place, one in enumerate(found)]
    table = shown.skdn(rows, hide=True)
    for key, _one in rows:
        cells = table.rows[key]
        assert not any(value is not None and 0 < value < 5 for value in cells.values())
        four = [cells[name] for name in rules.STATUSES]
        assert all(value is None for value in four) or all(value is not None for value in four)
    hidden = [one for key, one in rows if one.d and table.rows[key]["n"] is None]
    if hidden and table.total["n"] is not None:
        assert len(hidden) > 1
        assert not any(0 < sum(getattr(one, name) for one in hidden) < 5 for name in rules.STATUSES)


def _determined(rows: list[tuple[str, rules.Skdn]], table: shown.Table) -> set[tuple[str | None, str]]:
    """Hidden figures that the sums of what is shown fix: a linear system of columns (rows add up to their total) and rows
    (N + T + O + B = D), solved for what is hidden. Rows of nought children are shown."""
    cells: dict[str | None, Any] = {**table.rows, None: table.total}
    hidden = [(key, name) for key in cells for name in rules.SKDN if cells[key][name] is None]
    place = {one: number for number, one in enumerate(hidden)}
    sums = [[((None, name), -1), *(((key, name), 1) for key, _one in rows)] for name in rules.SKDN]
    sums += [[((key, "d"), -1), *(((key, name), 1) for name in rules.STATUSES)] for key in cells]
    matrix = np.zeros((len(sums), len(hidden)))
    for line, terms in enumerate(sums):
        for one, weight in terms:
            if one in place:
                matrix[line, place[one]] += weight
    rank = np.linalg.matrix_rank(matrix) if hidden else 0
    return {
        one
        for one, number in place.items()
        if np.linalg.matrix_rank(np.vstack([matrix, np.eye(len(hidden))[number]])) == rank
    }


@settings(max_examples=60, deadline=None)
@given(some.lists(months(), max_size=4))
def test_no_hidden_small_figure_follows_from_the_shown_margins(found: list[rules.Skdn]) -> None:
    rows = [(str(place), one) for place, one in enumerate(found)]
    table = shown.skdn(rows, hide=True)
    figures: dict[str | None, rules.Skdn] = {**dict(rows), None: _summed(found)}
    for key, name in _determined(rows, table):
        number, one = getattr(figures[key], name), figures[key]
        assert not 0 < number < 5, (key, name)
        assert name in (*rules.STATUSES, "s") or not 0 < one.s - number < 5, (key, name)
    for key, one in figures.items():
        cells = table.total if key is None else table.rows[key]
        for whole, part in (("s", "k"), ("s", "d"), ("k", "d"), ("d", "bgm"), ("d", "two_t")):
            if cells[whole] is not None and cells[part] is not None:
                assert not 0 < getattr(one, whole) - getattr(one, part) < 5, (key, whole, part)


def _summed(found: list[rules.Skdn]) -> rules.Skdn:
    return rules.Skdn(**{name: sum(getattr(one, name) for one in found) for name in rules.SKDN})


@settings(max_examples=60, deadline=None)
@given(some.lists(months(), min_size=1, max_size=3))
def test_a_band_tells_of_no_small_group(found: list[rules.Skdn]) -> None:
    """Every count of weighed children that fits what is shown, row by row: a small group could always be a larger one."""
    rows = [(str(place), one) for place, one in enumerate(found)]
    table = shown.skdn(rows, hide=True)
    near = [(key, one) for key, one in rows if one.s]
    if not near or any(table.rows[key]["s"] is None for key, _one in near) or table.total["s"] is None:
        return
    choices = [_may_be(table.rows[key]["d"], table.bands.get(key, {}), one.s) for key, one in near]
    grid = [one.ravel() for one in np.meshgrid(*choices, indexing="ij")]
    total = np.sum(grid, axis=0)
    fits = np.isin(total, _may_be(table.total["d"], table.total_bands, sum(one.s for _key, one in near)))
    assert fits.any()
    for (_key, one), column in [*zip(near, grid, strict=True), ((None, _summed(found)), total)]:
        assert not 0 < one.d < 5 or column[fits].max() >= 5
        assert not 0 < one.s - one.d < 5 or one.s - column[fits].min() >= 5


def _may_be(cell: int | None, bands: Any, whole: int) -> Any:
    """What a reader takes a hidden count for: its band in whole percents of its own arithmetic, else anything up to the whole."""
    if cell is not None:
        return np.array([cell])
    every = np.arange(0, whole + 1)
    if "d_s" not in bands:
        return every
    least, below = ((80, 101), (60, 80), (0, 60))[bands["d_s"]]
    return every[(every * 100 >= least * whole) & (every * 100 < below * whole)]


def test_bands_are_told_where_they_may_be() -> None:
    big = rules.Skdn(s=40, k=40, d=37, n=30, t=3, o=2, b=2)
    table = shown.skdn([("a", big)], hide=True)
    assert (
        table.rows["a"]["d"] is None and table.bands == {"a": {"d_s": 0}} and table.total_bands == {"d_s": 0}
    )
    assert shown.skdn([("a", rules.Skdn(s=20, k=20, d=18, n=18))], hide=True).bands == {}
    weighed = rules.Skdn(s=60, k=60, d=50, n=41, t=3, o=3, b=3)
    assert shown.skdn([("a", weighed)], hide=True).bands == {"a": {"n_d": 0}}
    assert shown.skdn([("a", big)], hide=False).bands == {}


def test_weighed_children_do_not_follow_from_their_four_kinds() -> None:
    one = rules.Skdn(s=40, k=40, d=38, n=20, t=8, o=5, b=5)
    cells = shown.skdn([("a", one)], hide=True).rows["a"]
    assert cells["d"] is None and all(cells[name] is None for name in rules.STATUSES)


def test_what_a_wider_table_hides_no_part_of_it_shows() -> None:
    rows = [("a", rules.Skdn(s=30, k=30, d=20, n=20)), ("b", rules.Skdn(s=30, k=30, d=20, n=20))]
    assert shown.skdn(rows, hide=True).total["d"] == 40
    blind = shown.skdn(rows, hide=True, blind=("d",))
    assert blind.total["d"] is None and blind.total["n"] is None and blind.rows["a"]["d"] is None
    assert blind.total["s"] == 60 and not blind.bands
    nothing = shown.skdn(rows, hide=True, blind=("s",))
    assert all(cell is None for cells in nothing.rows.values() for cell in cells.values())


@given(some.lists(months(), max_size=6))
def test_who_may_see_names_sees_all(found: list[rules.Skdn]) -> None:
    table = shown.skdn([(str(place), one) for place, one in enumerate(found)], hide=False)
    assert [tuple(cells.values()) for cells in table.rows.values()] == [
        tuple(getattr(one, name) for name in rules.SKDN) for one in found
    ]
    assert table.total["d"] == sum(one.d for one in found)


def test_columns_parts_sexes_rates_and_forms_hide_what_is_small() -> None:
    cells, total = shown.column({"a": 3, "b": 40, "c": 0, "d": 20}, hide=True)
    assert cells == {"a": None, "b": 40, "c": 0, "d": None} and total == 63
    cells, _total = shown.column({"a": 38, "b": 0}, hide=True, wholes={"a": 40, "b": 0})
    assert cells == {"a": None, "b": 0}
    assert shown.column({"a": 3}, hide=False) == ({"a": 3}, 3)
    by_sex, _totals = shown.sexes([("a", {"s.L": 3, "s.P": 30}), ("b", {"s.L": 20, "s.P": 20})], hide=True)
    assert by_sex["L"]["a"]["s"] is None and by_sex["P"]["a"]["s"] is None
    assert shown.rate(rules.Rate("d_s", 38, 40, ""), hide=True) is None
    assert shown.rate(rules.Rate("d_s", 30, 40, ""), hide=True) is not None
    found = shown.form(rules.FormRecap("B", 40, 38, 10, 0), hide=True)
    assert found == {
        "open": 40,
        "came": None,
        "absent": None,
        "problem": 10,
        "normal": None,
        "referred": 0,
        "kept": None,
    }
    first = shown.column({"a": 2, "b": 6, "c": 9}, hide=True, wholes={"a": 12, "b": 16, "c": 19})
    again = shown.column({"a": 10, "b": 10, "c": 10}, hide=True, wholes={"a": 12, "b": 16, "c": 19})
    joint = shown.alike({"first": first, "again": again})
    assert joint["first"][0]["a"] is None and joint["again"][0]["a"] is None
    assert [one for one in joint["first"][0] if joint["first"][0][one] is None] == [
        one for one in joint["again"][0] if joint["again"][0][one] is None
    ]


def test_a_board_counts_findings_tasks_people_fields_and_goods(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    melati = posyandu(norm=3)
    child = card(melati)
    cadre = Cadre.objects.create(posyandu=melati, name="Hasniah", field="health", since_date=DAY, made_at=NOW)
    for code, due in (("not_gaining", DAY), ("below_red_line", date(2026, 12, 30))):
        found = Finding.objects.create(
            posyandu=melati,
            region_code=DUNGKAIT,
            person=child.person,
            code=code,
            level="watch",
            found_date=DAY,
            last_date=DAY,
        )
        Task.objects.create(
            posyandu=melati,
            region_code=DUNGKAIT,
            cadre=cadre,
            person=child.person,
            finding=found,
            reason=code,
            due_date=due,
            made_at=NOW,
        )
    scope = recaps.Scope(DUNGKAIT)
    rows = recaps.posyandus(cast.cadre, scope)
    with django_assert_num_queries(5):
        found_board = queries.board(rows, scope, NOW.date(), "id")
    assert (found_board.open_findings, found_board.overdue) == (2, 1)
    assert (found_board.tasks_open, found_board.tasks_overdue) == (2, 1)
    assert (found_board.serving, found_board.missing, found_board.below) == (1, 2, 1)
    assert [(code, number) for code, _name, number in found_board.fields] == [("health", 1)]
    assert all(one.lacking <= 1 for one in found_board.kits)


def test_groups_go_one_level_down_and_names_stay_in_the_area(cast: Cast) -> None:
    melati, far = posyandu(), posyandu("Posyandu Bonto Jai", BONTO_JAI)
    entry(card(melati), DAY)
    card(melati, "Fatima")
    card(far, "Jauh")
    scope = recaps.Scope("76")
    tallies = recaps.count(scope, MONTH)
    rows = recaps.posyandus(cast.manager, scope)
    assert [one.name for one in queries.groups(rows, tallies, "7602")] == ["Tapalang Barat"]
    assert [one.name for one in queries.groups(rows, tallies, "760213")] == ["Dungkait"]
    assert [one.name for one in queries.groups(rows, tallies, DUNGKAIT)] == ["Posyandu Melati"]
    missed = queries.behind(cast.cadre, recaps.Scope(""), "missed", MONTH)
    assert [one.person.full_name for one in missed] == ["Fatima"]
    assert not queries.behind(cast.manager, recaps.Scope(""), "missed", MONTH).exists()
    assert not queries.findings(cast.village_head, recaps.Scope(""), NOW.date(), overdue=False).exists()
    for figure in (*queries.CHILDREN, *queries.LEFT):
        assert {one.posyandu_id for one in queries.behind(cast.cadre, recaps.Scope(""), figure, MONTH)} <= {
            melati.id
        }


def test_months_are_counted_by_themselves(cast: Cast) -> None:
    melati = posyandu()
    entry(card(melati), DAY)
    outcome = posyandu_counts.count(datetime(2026, 11, 24, tzinfo=UTC))
    assert outcome.done == 2 and not outcome.error
    assert MonthCount.objects.get(month=MONTH).d == 1
