"""What seats without names may read: nothing small, nothing that tells of it; boards, groups, names behind a figure, counting by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
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
    assert (
        found["came"] is None
        and found["absent"] is None
        and found["problem"] == 10
        and found["referred"] == 0
    )


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
