"""The ledger's arithmetic: rounding, sharing, sales, mirrors; and that whatever happens, everything sums to nought."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simpul.community.rules import ledger, prices, reversing, sharing

GRAMS = st.integers(1, 300_000)
PER_KG = st.integers(0, 200_000)
SHARES = st.tuples(st.integers(0, 10_000), st.integers(0, 10_000)).map(
    lambda pair: sharing.Share(
        10_000 - min(sum(pair), 10_000), min(pair[0], 10_000), max(0, min(sum(pair), 10_000) - pair[0])
    )
)


@pytest.mark.parametrize(
    ("grams", "per_kg", "rupiah"),
    [(1250, 1500, 1875), (1, 500, 1), (1, 499, 0), (999, 1, 1), (0, 5000, 0), (100_000, 3000, 300_000)],
)
def test_a_weight_is_worth_its_price_rounded_once_half_up(grams: int, per_kg: int, rupiah: int) -> None:
    assert prices.value(grams, per_kg) == rupiah


def test_no_weight_or_price_is_below_nought() -> None:
    with pytest.raises(ValueError, match="nought"):
        prices.value(-1, 100)
    with pytest.raises(ValueError, match="nought"):
        sharing.split(-1, sharing.ALL_TO_SAVER)
    with pytest.raises(ValueError, match="ten thousand"):
        sharing.split(5, sharing.Share(1, 2, 3))


@given(rupiah=st.integers(0, 10**9), share=SHARES)
def test_shares_always_make_the_whole(rupiah: int, share: sharing.Share) -> None:
    assert share.is_whole
    parts = sharing.split(rupiah, share)
    assert parts.saver + parts.costs + parts.fund == rupiah
    assert min(parts.saver, parts.costs, parts.fund) >= 0
    assert abs(parts.saver - rupiah * share.saver / 10_000) <= 2
    if not share.fund:
        assert parts.fund == 0


def test_the_odd_rupiah_is_the_funds() -> None:
    assert sharing.split(101, sharing.Share(7000, 1000, 2000)) == sharing.Parts(70, 10, 21)
    assert sharing.split(101, sharing.Share(9000, 1000, 0)) == sharing.Parts(91, 10, 0)


def test_the_newest_row_that_has_begun_is_valid() -> None:
    at = datetime(2026, 10, 1, tzinfo=UTC)

    def row(day: int, hours: int, word: str) -> SimpleNamespace:
        return SimpleNamespace(
            from_date=date(2026, 10, day), recorded_at=at + timedelta(hours=hours), word=word
        )

    rows = [row(1, 0, "first"), row(10, 0, "old"), row(10, 2, "corrected"), row(20, 1, "later")]
    assert prices.valid_on(rows, date(2026, 9, 30)) is None
    assert prices.valid_on(rows, date(2026, 10, 9)).word == "first"  # type: ignore[union-attr]
    assert prices.valid_on(rows, date(2026, 10, 10)).word == "corrected"  # type: ignore[union-attr]
    assert prices.valid_on(rows, date(2026, 12, 1)).word == "later"  # type: ignore[union-attr]


def test_opening_days_and_the_limits_of_correction() -> None:
    assert prices.is_open(date(2026, 11, 23), ()) and prices.is_open(date(2026, 11, 23), (0,))
    assert not prices.is_open(date(2026, 11, 23), (5, 6))
    now = datetime(2026, 11, 23, 2, tzinfo=UTC)
    assert reversing.within_session(now, now + timedelta(minutes=30))
    assert not reversing.within_session(now, now + timedelta(minutes=31))
    assert reversing.needs_two(-500, 500) and not reversing.needs_two(499, 500)
    assert not reversing.needs_two(10**9, 0)


# --- what each thing that happens makes ------------------------------------------------------------------------------------


def test_a_deposit_of_two_kinds_is_shared_once() -> None:
    scale = [ledger.Weighed("pet", "s-pet", 1250, 3000), ledger.Weighed("card", "s-card", 333, 1500)]
    lines = ledger.deposit(scale, "saver", "costs", "fund", sharing.Share(7000, 1000, 2000))
    sums = ledger.standings(lines)
    assert sums["s-pet", "pet"] == ledger.Sum(3750, 1250) and sums["s-card", "card"] == ledger.Sum(500, 333)
    money = {key: sum(one.rupiah for (who, _w), one in sums.items() if who == key) for key, _w in sums}
    assert (money["saver"], money["costs"], money["fund"]) == (-2975, -425, -850)


def test_a_sale_books_the_gain_the_loss_and_what_shrank() -> None:
    stock = ledger.Stock("pet", "s", 10_000, 30_000)
    gain = ledger.standings(
        ledger.sale(stock, 9_000, 4000, collector="c", margin="m", shrinkage="x", empties=True)
    )
    assert gain["c", "pet"] == ledger.Sum(27_000, 9_000) and gain["c", None].rupiah == 9_000
    assert gain["m", None].rupiah == -9_000
    assert gain["x", "pet"] == ledger.Sum(3_000, 1_000) and gain["s", "pet"] == ledger.Sum(-30_000, -10_000)
    loss = ledger.standings(
        ledger.sale(stock, 5_000, 1000, collector="c", margin="m", shrinkage="x", empties=False)
    )
    assert loss["m", None].rupiah == 10_000 and loss["s", "pet"] == ledger.Sum(-15_000, -5_000)


def test_more_than_the_book_has_is_found_first() -> None:
    stock = ledger.Stock("pet", "s", 1_000, 3_000)
    sums = ledger.standings(
        ledger.sale(stock, 1_200, 3000, collector="c", margin="m", shrinkage="x", empties=True)
    )
    assert sums["s", "pet"] == ledger.Sum(-3_000, -1_000) and sums["x", "pet"] == ledger.Sum(0, -200)
    assert ledger.standings(ledger.issue(stock, 1_200, "craft", "x"))["craft", "pet"] == ledger.Sum(
        3_000, 1_200
    )
    assert ledger.standings(ledger.stocktake(stock, 1_500, "x"))["s", "pet"] == ledger.Sum(0, 500)
    assert ledger.standings(ledger.stocktake(stock, 400, "x"))["x", "pet"] == ledger.Sum(1_800, 600)
    assert ledger.stocktake(stock, 1_000, "x") == []


@given(
    grams=st.integers(1, 10**7),
    rupiah=st.integers(0, 10**10),
    parts=st.lists(st.integers(1, 10**6), min_size=1, max_size=8),
)
def test_value_leaves_the_store_with_the_last_gram_and_never_more_than_there_is(
    grams: int, rupiah: int, parts: list[int]
) -> None:
    stock = ledger.Stock("k", "s", grams, rupiah)
    for part in parts:
        leaves = min(part, stock.grams)
        cost = ledger.worth(stock, leaves)
        assert 0 <= cost <= stock.rupiah
        stock = ledger.Stock("k", "s", stock.grams - leaves, stock.rupiah - cost)
    assert ledger.worth(stock, stock.grams) == stock.rupiah


@settings(max_examples=60)
@given(st.data())
def test_whatever_happens_everything_sums_to_nought(data: st.DataObject) -> None:
    """Random histories of the pure ledger: after every step rupiah and each kind balance, and the store is never below nought."""
    lines: list[ledger.Entry] = []
    for _step in range(data.draw(st.integers(1, 25))):
        sums = ledger.standings(lines)
        kind = data.draw(st.sampled_from(["pet", "card"]))
        stock_sum = sums.get((f"s-{kind}", kind), ledger.Sum(0, 0))
        stock = ledger.Stock(kind, f"s-{kind}", stock_sum.grams, stock_sum.rupiah)
        weighed = [ledger.Weighed(kind, f"s-{kind}", data.draw(GRAMS), data.draw(PER_KG))]
        what = data.draw(st.sampled_from(["deposit", "gift", "sale", "craft", "take", "count", "mirror"]))
        if what == "deposit":
            new = ledger.deposit(weighed, "saver", "costs", "fund", data.draw(SHARES))
        elif what == "gift":
            new = ledger.donation(weighed, data.draw(st.sampled_from([None, "saver"])), "fund")
        elif what == "sale":
            new = ledger.sale(
                stock,
                data.draw(GRAMS),
                data.draw(PER_KG),
                collector="c",
                margin="m",
                shrinkage="x",
                empties=data.draw(st.booleans()),
            )
        elif what == "craft":
            new = ledger.issue(stock, data.draw(GRAMS), "craft", "x")
        elif what == "take":
            new = ledger.stocktake(stock, data.draw(st.integers(0, 500_000)), "x")
        elif what == "count":
            new = ledger.counted(data.draw(st.integers(0, 1000)), data.draw(st.integers(0, 1000)), "k", "d")
        else:
            new = [*lines[-1:], *ledger.mirrored(lines[-1:])]
        assert all(one.out != one.into and one.rupiah >= 0 and one.grams >= 0 for one in new)
        lines += new
        sums = ledger.standings(lines)
        assert ledger.trial(sums)[0] == 0 and not any(ledger.trial(sums)[1].values())
        assert all(
            one.grams >= 0 and one.rupiah >= 0 for (key, _w), one in sums.items() if str(key).startswith("s-")
        )


# --- what everybody may read ---------------------------------------------------------------------------------------------


def month(first: str, **kinds: tuple[int, str]) -> sharing.Month:
    return sharing.Month(
        first,
        {kind: grams for kind, (grams, _who) in kinds.items()},
        {kind: frozenset(who) for kind, (_grams, who) in kinds.items()},
        fund=100,
    )


def test_few_savers_are_told_together_with_others() -> None:
    rows = sharing.public_months(
        [
            month("2026-07", pet=(1000, "ab")),
            month("2026-08", pet=(9000, "abcdef"), card=(500, "a"), glass=(3000, "abcde")),
            month("2026-09", pet=(100, "z")),
        ]
    )
    assert [(one.first, one.last, one.grams, one.fund) for one in rows] == [
        ("2026-07", "2026-09", 13_600, 300)
    ]
    assert rows[0].kinds == {"pet": 10_100} and rows[0].others == 3_500
    assert sharing.public_months([month("2026-07", pet=(5, "ab"))]) == []


@settings(max_examples=80)
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["pet", "card", "glass"]),
            st.tuples(st.integers(1, 9999), st.text("abcdefgh", min_size=1, max_size=8)),
        ),
        max_size=6,
    )
)
def test_no_public_figure_is_about_fewer_than_five_books(found: list[dict[str, tuple[int, str]]]) -> None:
    months = [month(f"2026-{place + 1:02}", **kinds) for place, kinds in enumerate(found)]
    for row in sharing.public_months(months):
        inside = [one for one in months if row.first <= one.first <= row.last]

        def behind(kinds: set[str], inside: list[sharing.Month] = inside) -> set[str]:
            return {who for one in inside for kind in kinds for who in one.givers.get(kind, ())}

        every = {kind for one in inside for kind in one.grams}
        assert len(behind(every)) >= sharing.FEW
        assert all(len(behind({kind})) >= sharing.FEW for kind in row.kinds)
        rest = every - set(row.kinds)
        assert not rest or len(behind(rest)) >= sharing.FEW
        assert row.grams == sum(row.kinds.values()) + row.others
