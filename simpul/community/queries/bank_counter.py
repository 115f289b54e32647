"""What is on the scale: which lines a receipt makes and what it comes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from simpul.community.models import Bank, Saver, Waste
from simpul.community.queries import bank as queries
from simpul.community.rules import ledger, prices
from simpul.lib.errors import NotFound, Refused


class NothingWeighed(Refused):
    """A receipt without a weight."""

    code = "deposit.nothing_weighed"
    sentence = _("Write the weight of at least one kind.")


class WeightNotPossible(Refused):
    """A weight that is a slip of the finger."""

    code = "deposit.weight_not_possible"
    sentence = _("The weight of %(name)s cannot be right. Write kilograms, for example 2,5.")


@dataclass(frozen=True, slots=True)
class Weighed:
    """One kind on the scale."""

    waste_id: UUID
    grams: int


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What a receipt comes to, before or after it is stored."""

    lines: tuple[tuple[Waste, int, int | None, int], ...]  # kind, grams, price, rupiah
    entries: tuple[ledger.Entry, ...]
    rupiah: int
    grams: int
    flags: tuple[str, ...]


def reckon(bank: Bank, weighed: Sequence[Weighed], saver: Saver | None, *, gift: bool, day: date) -> Reckoned:
    """What a receipt comes to, by the prices and rules of a day: for the running total and for the posting alike.

    Raises:
        NothingWeighed, WeightNotPossible.
        NotFound: a kind of another bank.
    """
    if not weighed:
        raise NothingWeighed
    rows = bank.wastes.select_related("stock").filter(id__in={one.waste_id for one in weighed})
    wastes = {one.id: one for one in rows}
    valid = queries.prices_on(list(wastes), day)
    scale = []
    for one in weighed:
        waste = wastes.get(one.waste_id)
        if waste is None:
            raise NotFound
        if not 0 < one.grams <= prices.MOST_GRAMS:
            raise WeightNotPossible(name=waste.name)
        price = valid.get(waste.id)
        scale.append(ledger.Weighed(waste.id, waste.stock.id, one.grams, price.in_per_kg if price else None))
    own = queries.accounts(bank)
    rule = queries.sharing_on(bank, day)
    giver = saver.account.id if saver else None
    if gift or giver is None:
        entries = ledger.donation(scale, giver, own["fund"])
    else:
        entries = ledger.deposit(scale, giver, own["costs"], own["fund"], queries.share_of(rule))
    flags = _flags(bank, scale, [wastes[one.waste_id] for one in weighed], saver, day)
    if rule is None and not gift:
        flags.append("no_sharing")
    grams = sum(one.grams for one in weighed)
    lines = tuple(
        (wastes[one.waste_id], one.grams, price.per_kg, entry.rupiah)
        for one, price, entry in zip(weighed, scale, entries, strict=False)
    )
    return Reckoned(lines, tuple(entries), sum(line[3] for line in lines), grams, tuple(flags))


def _flags(
    bank: Bank, scale: Sequence[ledger.Weighed], wastes: Sequence[Waste], saver: Saver | None, day: date
) -> list[str]:
    flags = []
    if any(one.per_kg is None for one in scale):
        flags.append("no_price")
    if not all(one.is_active for one in wastes):
        flags.append("kind_closed")
    if saver is not None and saver.closed_at is not None:
        flags.append("book_closed")
    terms = queries.terms_on(bank, day)
    if sum(one.grams for one in scale) < terms.minimum_grams:
        flags.append("below_minimum")
    if not prices.is_open(day, terms.open_days):
        flags.append("closed_day")
    return flags
