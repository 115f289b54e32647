"""The ledger's arithmetic: which lines each thing that happens makes. Whole grams, whole rupiah, no tables and no clock.

Every line moves something from one account to another, so whatever is written sums to nought: the account it leaves is credited, the one
it enters is debited. An account's *standing* is what entered less what left: above nought for what the bank has (stock, cash, what
collectors owe), below nought for what it owes or holds for others (savers, costs, the fund). ``held`` turns the sign for those. So a
saver's waste leaves the saver's account, and the share of costs and fund leaves theirs and enters the saver's.

Sources: Permen LHK 14/2021 leaves prices, sharing and withdrawals to the waste bank itself; the form of the ledger is Simpul's own rule.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from simpul.community.rules import prices, sharing


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


Key = Any
"""Whatever names an account or a kind: the ledger only compares it."""

HOLDING = frozenset({"saver", "costs", "fund", "margin", "capital"})
"""Accounts whose sign is turned when they are shown: what is held for somebody or something."""

ROLES: Mapping[str, str] = {
    "saver": _("Savers"),
    "costs": _("Costs of the bank"),
    "fund": _("Development fund"),
    "margin": _("Result of sales"),
    "capital": _("Money put in"),
    "cash": _("Cash box"),
    "collector": _("Owed by collectors"),
    "stock": _("Stock"),
    "shrinkage": _("Shrinkage"),
    "craft": _("Given to crafts"),
    "difference": _("Differences of cash counts"),
}
KINDS: Mapping[str, str] = {
    "deposit": _("Deposit"),
    "donation": _("Donated waste"),
    "withdrawal": _("Withdrawal"),
    "sale": _("Sale to a collector"),
    "payment": _("Collector has paid"),
    "craft": _("Given to crafts"),
    "shrinkage": _("Shrinkage"),
    "expense": _("Running costs"),
    "capital": _("Money put in"),
    "count": _("Cash count"),
    "spending": _("Paid from the fund"),
    "assignment": _("Result given to the fund"),
    "reversal": _("Reversal"),
}
FLAGS: Mapping[str, str] = {
    "no_price": _("no price was valid that day: it stands at nought rupiah"),
    "no_sharing": _("no sharing rule was valid that day: all of it went to the saver"),
    "below_minimum": _("less than the least weight"),
    "closed_day": _("not on an opening day"),
    "book_closed": _("the pass book was closed already"),
    "kind_closed": _("a kind that is not taken any more"),
    "overdrawn": _("the saver has taken out more than is left after this reversal"),
    "paid_ahead": _("the collector has paid more than was owed"),
    "more_than_booked": _("more left the store than the book had: the rest was booked as found"),
}


class Entry(NamedTuple):
    """One line before it is stored."""

    out: Key
    into: Key
    rupiah: int = 0
    waste: Key | None = None
    grams: int = 0
    per_kg: int | None = None


class Sum(NamedTuple):
    """What an account stands at for one kind (or for money alone)."""

    rupiah: int
    grams: int


@dataclass(frozen=True, slots=True)
class Weighed:
    """One kind on the scale: its account of stock, whole grams above nought, and the price of the day (None: there is none)."""

    waste: Key
    stock: Key
    grams: int
    per_kg: int | None


@dataclass(frozen=True, slots=True)
class Stock:
    """What the book has of one kind."""

    waste: Key
    account: Key
    grams: int
    rupiah: int


def deposit(
    weighed: Sequence[Weighed], saver: Key, costs: Key, fund: Key, share: sharing.Share
) -> list[Entry]:
    """A receipt of several kinds: each kind enters the stock at its value, and the saver's value is shared once for the whole receipt.

    Rounded once a line (``prices.value``); the shares of costs and saver are rounded down and the rest goes to the fund
    (``sharing.split``), so the parts always make the whole.
    """
    lines = [_weighed_in(one, saver) for one in weighed]
    parts = sharing.split(sum(line.rupiah for line in lines), share)
    return [
        *lines,
        *_money(costs, saver, parts.costs),
        *_money(fund, saver, parts.fund),
    ]


def donation(weighed: Sequence[Weighed], giver: Key | None, fund: Key) -> list[Entry]:
    """Waste given away: all of its value is the fund's; a named giver's book shows the kilograms and no money."""
    if giver is None:
        return [_weighed_in(one, fund) for one in weighed]
    lines = [_weighed_in(one, giver) for one in weighed]
    return [*lines, *_money(fund, giver, sum(line.rupiah for line in lines))]


def _weighed_in(one: Weighed, giver: Key) -> Entry:
    per_kg = one.per_kg or 0
    return Entry(giver, one.stock, prices.value(one.grams, per_kg), one.waste, one.grams, per_kg)


def _money(out: Key, into: Key, rupiah: int) -> list[Entry]:
    return [Entry(out, into, rupiah)] if rupiah else []


def worth(stock: Stock, grams: int) -> int:
    """What grams that leave the stock take along of its value: their part by weight, half a rupiah up; the last gram takes the rest."""
    if grams >= stock.grams:
        return stock.rupiah
    if grams <= 0:
        return 0
    return min(stock.rupiah, (2 * stock.rupiah * grams + stock.grams) // (2 * stock.grams))


def sale(
    stock: Stock,
    grams: int,
    per_kg: int,
    *,
    collector: Key,
    margin: Key,
    shrinkage: Key,
    empties: bool,
) -> list[Entry]:
    """One kind of a lot goes to a collector.

    It leaves the stock at its value in the book; what the collector pays above that is a gain of the margin, below it a loss. When the
    store is empty afterwards (``empties``), what the book still has is shrinkage. More than the book has is found weight, without a value.
    """
    lines = _found(stock, grams, shrinkage)
    leaves = min(grams, stock.grams)
    cost = worth(stock, leaves)
    lines.append(Entry(stock.account, collector, cost, stock.waste, grams, per_kg))
    price = prices.value(grams, per_kg)
    lines += (
        _money(margin, collector, price - cost) if price > cost else _money(collector, margin, cost - price)
    )
    rest = Stock(stock.waste, stock.account, stock.grams - leaves, stock.rupiah - cost)
    if empties and rest.grams:
        lines.append(Entry(stock.account, shrinkage, rest.rupiah, stock.waste, rest.grams))
    return lines


def issue(stock: Stock, grams: int, into: Key, shrinkage: Key) -> list[Entry]:
    """Grams leave the store without a buyer, for crafts, with what they are worth."""
    leaves = min(grams, stock.grams)
    line = Entry(stock.account, into, worth(stock, leaves), stock.waste, grams)
    return [*_found(stock, grams, shrinkage), line]


def stocktake(stock: Stock, counted: int, shrinkage: Key) -> list[Entry]:
    """The store was weighed: what is missing is shrinkage with what it is worth, what is too much was found and has no value."""
    if counted > stock.grams:
        return _found(stock, counted, shrinkage)
    gone = stock.grams - counted
    return [Entry(stock.account, shrinkage, worth(stock, gone), stock.waste, gone)] if gone else []


def _found(stock: Stock, grams: int, shrinkage: Key) -> list[Entry]:
    """Weight that leaves the store although the book has less: it is booked as found first, at no value."""
    more = grams - stock.grams
    return [Entry(shrinkage, stock.account, 0, stock.waste, more)] if more > 0 else []


def counted(book: int, found: int, cash: Key, difference: Key) -> list[Entry]:
    """A cash count: what is missing goes to the differences, what is too much comes from them."""
    if found < book:
        return _money(cash, difference, book - found)
    return _money(difference, cash, found - book)


def mirrored(lines: Iterable[Entry]) -> list[Entry]:
    """The same lines the other way round."""
    return [one._replace(out=one.into, into=one.out) for one in lines]


def standings(lines: Iterable[Entry]) -> dict[tuple[Key, Key | None], Sum]:
    """What every account stands at, by kind: what entered less what left."""
    rupiah: dict[tuple[Key, Key | None], int] = defaultdict(int)
    grams: dict[tuple[Key, Key | None], int] = defaultdict(int)
    for one in lines:
        for account, sign in ((one.into, 1), (one.out, -1)):
            rupiah[account, one.waste] += sign * one.rupiah
            grams[account, one.waste] += sign * one.grams
    return {key: Sum(rupiah[key], grams[key]) for key in rupiah}


def trial(sums: Mapping[tuple[Key, Key | None], Sum]) -> tuple[int, dict[Key, int]]:
    """The trial balance: rupiah over all accounts, and grams over all accounts for each kind. All of them are nought, always."""
    grams: dict[Key, int] = defaultdict(int)
    for (_account, waste), one in sums.items():
        if waste is not None:
            grams[waste] += one.grams
    return sum(one.rupiah for one in sums.values()), dict(grams)


def held(role: str, rupiah: int) -> int:
    """A standing as people read it: what is held for savers, costs and fund is shown above nought."""
    return -rupiah if role in HOLDING else rupiah
