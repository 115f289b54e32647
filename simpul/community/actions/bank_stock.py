"""The store: lots to collectors, what collectors pay, what crafts take, and what the scale says is really there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul.community.access import bank as access
from simpul.community.actions import _bank as steps
from simpul.community.models import Account, Bank, Posting
from simpul.community.queries import bank as queries
from simpul.community.rules import ledger, prices
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused


class NothingSold(Refused):
    """A lot without a weight."""

    code = "sale.nothing_sold"
    sentence = _("Write the weight and the price of at least one kind.")


class LotNotPossible(Refused):
    """A weight or price that is a slip of the finger."""

    code = "sale.lot_not_possible"
    sentence = _("Weight or price of %(name)s cannot be right. Write kilograms and rupiah for one kilogram.")


@dataclass(frozen=True, slots=True)
class Lot:
    """One kind of a sale. ``empties``: the store of this kind is empty afterwards, so what the book still has is shrinkage."""

    waste_id: UUID
    grams: int
    per_kg: int
    empties: bool = False


def record_sale(
    *,
    by: Actor,
    at: datetime,
    collector_id: UUID,
    lots: Sequence[Lot],
    paid: bool = False,
    words: str = "",
    receipt: str = "",
    done_at: datetime | None = None,
    posting_id: UUID | None = None,
) -> Posting:
    """Sell a lot of one or several kinds at the collector's weights and prices; ``paid``: the money went into the box at once.

    The collector's scale is a fact: more than the book has is sold all the same, and flagged. The same ``posting_id`` changes nothing.

    Raises:
        NothingSold, LotNotPossible, steps.TimeNotCome.
        NotFound: no such collector or kind for this actor.
    """
    with transaction.atomic():
        collector = access.collector_for(by, collector_id)
        bank = steps.begin(by, "sale.record", collector.bank_id)
        known = steps.again(Posting, posting_id, bank_id=bank.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        moment = steps.moment(done_at, at)
        entries, flags = _sold(bank, lots, collector.account.id)
        price = sum(prices.value(one.grams, one.per_kg) for one in lots)
        posting = steps.post(
            bank,
            "sale",
            entries,
            steps.written(by, at, posting_id),
            done_at=moment,
            collector=collector,
            rupiah=price,
            grams=sum(one.grams for one in lots),
            words=steps.words(words, least=0),
            receipt=steps.words(receipt, field="receipt", most=60, least=0),
            flags=flags,
        )
        if paid and price:
            own = queries.accounts(bank)
            steps.post(
                bank,
                "payment",
                [ledger.Entry(collector.account.id, own["cash"], price)],
                steps.written(by, at, uuid5(posting.id, "payment")),
                done_at=moment,
                collector=collector,
                rupiah=price,
            )
        steps.posted(by, at, "sale.record", posting)
    return posting


def _sold(bank: Bank, lots: Sequence[Lot], collector: UUID) -> tuple[list[ledger.Entry], list[str]]:
    if not lots:
        raise NothingSold
    own = queries.accounts(bank)
    wastes = {
        one.id: one
        for one in bank.wastes.select_related("stock").filter(id__in=[lot.waste_id for lot in lots])
    }
    if len(wastes) != len(lots):
        raise NotFound
    entries: list[ledger.Entry] = []
    flags: list[str] = []
    for lot in lots:
        if not (0 < lot.grams <= prices.MOST_GRAMS and 0 <= lot.per_kg <= prices.MOST_PER_KG):
            raise LotNotPossible(name=wastes[lot.waste_id].name)
        stock = steps.stock_of(wastes[lot.waste_id].stock)
        if lot.grams > stock.grams:
            flags = ["more_than_booked"]
        entries += ledger.sale(
            stock,
            lot.grams,
            lot.per_kg,
            collector=collector,
            margin=own["margin"],
            shrinkage=own["shrinkage"],
            empties=lot.empties,
        )
    return entries, flags


def record_payment(
    *,
    by: Actor,
    at: datetime,
    collector_id: UUID,
    rupiah: int,
    words: str = "",
    receipt: str = "",
    done_at: datetime | None = None,
    posting_id: UUID | None = None,
) -> Posting:
    """A collector pays into the cash box. More than is owed is money paid ahead, and flagged.

    Raises:
        steps.BankAmountMissing, steps.TimeNotCome, NotFound.
    """
    with transaction.atomic():
        collector = access.collector_for(by, collector_id)
        bank = steps.begin(by, "payment.record", collector.bank_id)
        known = steps.again(Posting, posting_id, bank_id=bank.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        ahead = steps.amount(rupiah) > queries.standing(collector.account.id)
        posting = steps.post(
            bank,
            "payment",
            [ledger.Entry(collector.account.id, queries.accounts(bank)["cash"], rupiah)],
            steps.written(by, at, posting_id),
            done_at=steps.moment(done_at, at),
            collector=collector,
            rupiah=rupiah,
            words=steps.words(words, least=0),
            receipt=steps.words(receipt, field="receipt", most=60, least=0),
            flags=["paid_ahead"] if ahead else [],
        )
        steps.posted(by, at, "payment.record", posting)
    return posting


def record_craft(
    *,
    by: Actor,
    at: datetime,
    waste_id: UUID,
    grams: int,
    words: str,
    done_at: datetime | None = None,
    posting_id: UUID | None = None,
) -> Posting:
    """Give something of the store to crafts: decoration, paving, a school. ``words`` say to whom and what for.

    Raises:
        LotNotPossible, steps.BankWordsMissing, steps.TimeNotCome, NotFound.
    """
    with transaction.atomic():
        waste = access.waste_for(by, waste_id)
        bank = steps.begin(by, "craft.record", waste.bank_id)
        known = steps.again(Posting, posting_id, bank_id=bank.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        if not 0 < grams <= prices.MOST_GRAMS:
            raise LotNotPossible(name=waste.name)
        own = queries.accounts(bank)
        stock = steps.stock_of(Account.objects.get(waste=waste))
        entries = ledger.issue(stock, grams, own["craft"], own["shrinkage"])
        posting = steps.post(
            bank,
            "craft",
            entries,
            steps.written(by, at, posting_id),
            done_at=steps.moment(done_at, at),
            rupiah=entries[-1].rupiah,
            grams=grams,
            words=steps.words(words),
            flags=["more_than_booked"] if grams > stock.grams else [],
        )
        steps.posted(by, at, "craft.record", posting)
    return posting


def record_shrinkage(
    *,
    by: Actor,
    at: datetime,
    waste_id: UUID,
    counted_grams: int,
    words: str = "",
    done_at: datetime | None = None,
    posting_id: UUID | None = None,
) -> Posting:
    """Say what the scale shows of one kind in the store: what is missing is shrinkage, what is too much was found.

    Raises:
        LotNotPossible, steps.TimeNotCome, NotFound.
    """
    with transaction.atomic():
        waste = access.waste_for(by, waste_id)
        bank = steps.begin(by, "shrinkage.record", waste.bank_id)
        known = steps.again(Posting, posting_id, bank_id=bank.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        if not 0 <= counted_grams <= prices.MOST_GRAMS:
            raise LotNotPossible(name=waste.name)
        stock = steps.stock_of(Account.objects.get(waste=waste))
        entries = ledger.stocktake(stock, counted_grams, queries.accounts(bank)["shrinkage"])
        posting = steps.post(
            bank,
            "shrinkage",
            entries,
            steps.written(by, at, posting_id),
            done_at=steps.moment(done_at, at),
            rupiah=sum(one.rupiah for one in entries),
            grams=stock.grams - counted_grams,
            words=steps.words(words, least=0),
        )
        steps.posted(by, at, "shrinkage.record", posting)
    return posting
