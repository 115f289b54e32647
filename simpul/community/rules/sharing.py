"""How the value of a deposit is shared between saver, costs and development fund; and what of it everybody may read.

A meeting of the village decides the shares: Permen LHK 14/2021 leaves them to the bank. The usual figures are unconfirmed, so none is
built in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

WHOLE = 10_000
"""Basis points of the whole."""
FEW = 5
"""Figures behind which fewer savers stand are not shown alone (as ``lib.small_cells``; a choice of the institution, unconfirmed)."""


@dataclass(frozen=True, slots=True)
class Share:
    """Basis points of saver, costs and fund."""

    saver: int
    costs: int
    fund: int

    @property
    def is_whole(self) -> bool:
        """True when none is below nought and they make ten thousand."""
        return min(self.saver, self.costs, self.fund) >= 0 and self.saver + self.costs + self.fund == WHOLE


ALL_TO_SAVER = Share(WHOLE, 0, 0)


@dataclass(frozen=True, slots=True)
class Parts:
    """Rupiah of each."""

    saver: int
    costs: int
    fund: int


def split(rupiah: int, share: Share) -> Parts:
    """Share a value: saver and costs are rounded down, what is left over goes to the fund, so that nothing is lost or made.

    Where the rule gives the fund nothing, the odd rupiah is the saver's. The parts always make ``rupiah``.

    Raises:
        ValueError: a value below nought, or shares that do not make the whole.
    """
    if rupiah < 0 or not share.is_whole:
        raise ValueError("a value is not below nought, and shares make ten thousand")
    costs = rupiah * share.costs // WHOLE
    if not share.fund:
        return Parts(rupiah - costs, costs, 0)
    saver = rupiah * share.saver // WHOLE
    return Parts(saver, costs, rupiah - saver - costs)


@dataclass(frozen=True, slots=True)
class Month:
    """What one month brought: grams by kind with the books behind them, and what the fund got."""

    first: str  # "2026-10"
    grams: Mapping[str, int]
    givers: Mapping[str, frozenset[str]]
    fund: int = 0
    last: str = ""

    @property
    def people(self) -> frozenset[str]:
        """Every book behind this row."""
        return frozenset().union(*self.givers.values())


@dataclass(frozen=True, slots=True)
class PublicMonth:
    """The same as everybody may read it: one month, or several in one row; kinds with few savers are one figure."""

    first: str
    last: str
    grams: int
    fund: int
    kinds: Mapping[str, int] = field(default_factory=dict)
    others: int = 0


def public_months(months: Sequence[Month]) -> list[PublicMonth]:
    """Months in which fewer than five books brought something are told together with the next ones; what is then still few is not told.

    Neither a shown figure nor the difference of two is about fewer than five books: rows do not overlap, and kinds that fewer than five
    brought are added up with others until five stand behind them.
    """
    groups: list[Month] = []
    waiting: Month | None = None
    for month in months:
        waiting = month if waiting is None else _joined(waiting, month)
        if len(waiting.people) >= FEW:
            groups.append(waiting)
            waiting = None
    if waiting is not None and waiting.people and groups:
        groups[-1] = _joined(groups[-1], waiting)
    return [_public(one) for one in groups]


def _joined(one: Month, other: Month) -> Month:
    kinds = {*one.grams, *other.grams}
    return Month(
        one.first,
        {kind: one.grams.get(kind, 0) + other.grams.get(kind, 0) for kind in kinds},
        {kind: one.givers.get(kind, frozenset()) | other.givers.get(kind, frozenset()) for kind in kinds},
        one.fund + other.fund,
        other.last or other.first,
    )


def _public(month: Month) -> PublicMonth:
    shown = {kind for kind in month.grams if len(month.givers[kind]) >= FEW}
    rest = sorted(set(month.grams) - shown)
    while rest and len(_behind(month, rest)) < FEW and shown:
        least = min(shown, key=lambda kind: (month.grams[kind], kind))
        shown.remove(least)
        rest.append(least)
    return PublicMonth(
        month.first,
        month.last or month.first,
        sum(month.grams.values()),
        month.fund,
        {kind: month.grams[kind] for kind in sorted(shown)},
        sum(month.grams[kind] for kind in rest),
    )


def _behind(month: Month, kinds: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(month.givers[kind] for kind in kinds))
