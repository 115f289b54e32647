"""At the counter: waste comes in, savings go out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul.community.access import bank as access
from simpul.community.actions import _bank as steps
from simpul.community.models import Bank, Posting, Saver
from simpul.community.queries import bank as queries
from simpul.community.queries import bank_counter
from simpul.community.rules import ledger
from simpul.lib import money
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused


class BalanceShort(Refused):
    """Nobody takes out more than is in the book."""

    code = "withdrawal.balance_short"
    sentence = _("There is %(balance)s in this pass book. Pay out that much at most.")
    field = "rupiah"


class BelowLeast(Refused):
    """The village has set a least sum for withdrawals."""

    code = "withdrawal.below_least"
    sentence = _("The village pays out from %(least)s on; only the whole rest may be less.")
    field = "rupiah"


def record_deposit(
    *,
    by: Actor,
    at: datetime,
    bank_id: UUID,
    weighed: Sequence[bank_counter.Weighed],
    saver_id: UUID | None = None,
    donated: bool = False,
    done_at: datetime | None = None,
    posting_id: UUID | None = None,
) -> Posting:
    """Take waste in: several kinds on one receipt, at the prices and by the rule of sharing of the day it was weighed.

    A weighing is a fact: without a price, below the least weight, on a closed day it is written down all the same, and flagged.
    Without a saver, or ``donated``, all of its value is the fund's. The same ``posting_id`` again changes nothing.

    Raises:
        bank_counter.NothingWeighed, bank_counter.WeightNotPossible, steps.TimeNotCome.
        NotFound: no such bank, saver or kind for this actor.
    """
    with transaction.atomic():
        bank = steps.begin(by, "deposit.record", bank_id)
        known = steps.again(Posting, posting_id, bank_id=bank.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        moment = steps.moment(done_at, at)
        saver = _saver(by, bank, saver_id) if saver_id else None
        gift = donated or saver is None
        found = bank_counter.reckon(bank, weighed, saver, gift=gift, day=steps.day_of(bank, moment))
        posting = steps.post(
            bank,
            "donation" if gift else "deposit",
            found.entries,
            steps.written(by, at, posting_id),
            done_at=moment,
            saver=saver,
            rupiah=found.rupiah,
            grams=found.grams,
            flags=list(found.flags),
        )
        steps.posted(by, at, "deposit.record", posting)
    return posting


def _saver(by: Actor, bank: Bank, saver_id: UUID) -> Saver:
    saver = access.saver_for(by, saver_id)
    if saver.bank_id != bank.id:
        raise NotFound
    return saver


def record_withdrawal(
    *,
    by: Actor,
    at: datetime,
    saver_id: UUID,
    rupiah: int,
    words: str = "",
    done_at: datetime | None = None,
    posting_id: UUID | None = None,
) -> Posting:
    """Pay savings out of the cash box: never more than the pass book holds, nor than is in the box.

    Raises:
        BalanceShort, BelowLeast, steps.CashShort, steps.BankAmountMissing, steps.TimeNotCome.
        NotFound.
    """
    with transaction.atomic():
        saver = access.saver_for(by, saver_id)
        bank = steps.begin(by, "withdrawal.record", saver.bank_id)
        known = steps.again(Posting, posting_id, bank_id=bank.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        moment = steps.moment(done_at, at)
        steps.amount(rupiah)
        balance = ledger.held("saver", queries.standing(saver.account.id))
        if rupiah > balance:
            raise BalanceShort(balance=money.rupiah(max(balance, 0)))
        least = queries.terms_on(bank, steps.day_of(bank, moment)).least_withdrawal
        if rupiah < least and rupiah != balance:
            raise BelowLeast(least=money.rupiah(least))
        own = queries.accounts(bank)
        steps.need_cash(own, rupiah)
        posting = steps.post(
            bank,
            "withdrawal",
            [ledger.Entry(own["cash"], saver.account.id, rupiah)],
            steps.written(by, at, posting_id),
            done_at=moment,
            saver=saver,
            rupiah=rupiah,
            words=steps.words(words, least=0),
        )
        steps.posted(by, at, "withdrawal.record", posting)
    return posting
