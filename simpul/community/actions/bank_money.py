"""Money of the bank itself: running costs, money put in, the cash count, and what the development fund pays for."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul.community.actions import _bank as steps
from simpul.community.models import Posting, Work
from simpul.community.queries import bank as queries
from simpul.community.rules import ledger
from simpul.lib import money
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused


class CostsShort(Refused):
    """What was kept for costs is used up."""

    code = "expense.costs_short"
    sentence = _(
        "Only %(held)s is kept for costs. Put money in for the rest, or let a meeting give costs a larger share."
    )
    field = "rupiah"


class FundShort(Refused):
    """The fund holds less."""

    code = "fund.short"
    sentence = _("The development fund holds %(held)s. It cannot pay more than that.")
    field = "rupiah"


class ResultShort(Refused):
    """There is no such gain."""

    code = "margin.short"
    sentence = _(
        "The result of sales, after shrinkage and what was given to crafts, is %(free)s. Give at most that much to the fund."
    )
    field = "rupiah"


class CapitalShort(Refused):
    """No more goes back than was put in."""

    code = "capital.short"
    sentence = _("%(held)s was put in. No more than that can go back.")
    field = "rupiah"


class WorkMissing(Refused):
    """The fund pays for something everybody can see."""

    code = "fund.work_missing"
    sentence = _(
        "Choose the work that is paid for: the fund pays for works of the village, and everybody sees which."
    )
    field = "work"


class ReceiptMissing(Refused):
    """Money of all is paid against a receipt."""

    code = "fund.receipt_missing"
    sentence = _("Write the number of the receipt. Without one, write who signed for the money and when.")
    field = "receipt"


class CountNotPossible(Refused):
    """No box holds less than nothing."""

    code = "cash.count_not_possible"
    sentence = _("Write the rupiah that lie in the box, nought when it is empty.")
    field = "counted"


def record_expense(
    *,
    by: Actor,
    at: datetime,
    bank_id: UUID,
    rupiah: int,
    words: str,
    receipt: str = "",
    done_at: datetime | None = None,
    posting_id: UUID | None = None,
) -> Posting:
    """Pay running costs (sacks, fuel, a helper) out of the box, from what is kept for costs.

    Raises:
        CostsShort, steps.CashShort, steps.BankAmountMissing, steps.BankWordsMissing, steps.TimeNotCome, NotFound.
    """
    with transaction.atomic():
        bank = steps.begin(by, "expense.record", bank_id)
        known = steps.again(Posting, posting_id, bank_id=bank.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        own = queries.accounts(bank)
        held = ledger.held("costs", queries.standing(own["costs"]))
        if steps.amount(rupiah) > held:
            raise CostsShort(held=money.rupiah(max(held, 0)))
        steps.need_cash(own, rupiah)
        posting = steps.post(
            bank,
            "expense",
            [ledger.Entry(own["cash"], own["costs"], rupiah)],
            steps.written(by, at, posting_id),
            done_at=steps.moment(done_at, at),
            rupiah=rupiah,
            words=steps.words(words),
            receipt=steps.words(receipt, field="receipt", most=60, least=0),
        )
        steps.posted(by, at, "expense.record", posting)
    return posting


def record_capital(
    *,
    by: Actor,
    at: datetime,
    bank_id: UUID,
    rupiah: int,
    words: str,
    back: bool = False,
    done_at: datetime | None = None,
    posting_id: UUID | None = None,
) -> Posting:
    """Put money into the box (of the village, a giver), or give it ``back``.

    Raises:
        CapitalShort, steps.CashShort, steps.BankAmountMissing, steps.BankWordsMissing, steps.TimeNotCome, NotFound.
    """
    with transaction.atomic():
        bank = steps.begin(by, "capital.record", bank_id)
        known = steps.again(Posting, posting_id, bank_id=bank.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        own = queries.accounts(bank)
        steps.amount(rupiah)
        entry = ledger.Entry(own["capital"], own["cash"], rupiah)
        if back:
            held = ledger.held("capital", queries.standing(own["capital"]))
            if rupiah > held:
                raise CapitalShort(held=money.rupiah(max(held, 0)))
            steps.need_cash(own, rupiah)
            entry = ledger.Entry(own["cash"], own["capital"], rupiah)
        posting = steps.post(
            bank,
            "capital",
            [entry],
            steps.written(by, at, posting_id),
            done_at=steps.moment(done_at, at),
            rupiah=-rupiah if back else rupiah,
            words=steps.words(words),
        )
        steps.posted(by, at, "capital.record", posting)
    return posting


def count_cash(
    *,
    by: Actor,
    at: datetime,
    bank_id: UUID,
    counted: int,
    words: str = "",
    done_at: datetime | None = None,
    posting_id: UUID | None = None,
) -> Posting:
    """Count the box. A count is a fact: what differs from the book goes to the differences, and one that is right is kept too.

    Raises:
        CountNotPossible, steps.TimeNotCome, NotFound.
    """
    with transaction.atomic():
        bank = steps.begin(by, "cash.count", bank_id)
        known = steps.again(Posting, posting_id, bank_id=bank.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        if not 0 <= counted <= steps.MOST_RUPIAH:
            raise CountNotPossible
        own = queries.accounts(bank)
        book = queries.standing(own["cash"])
        posting = steps.post(
            bank,
            "count",
            ledger.counted(book, counted, own["cash"], own["difference"]),
            steps.written(by, at, posting_id),
            done_at=steps.moment(done_at, at),
            rupiah=counted - book,
            words=steps.words(words, least=0),
        )
        steps.posted(by, at, "cash.count", posting)
    return posting


def assign_margin(
    *,
    by: Actor,
    at: datetime,
    bank_id: UUID,
    rupiah: int,
    words: str,
    done_at: datetime | None = None,
    posting_id: UUID | None = None,
) -> Posting:
    """Give a gain of sales to the development fund, as ``words`` say who decided.

    Raises:
        ResultShort, steps.BankAmountMissing, steps.BankWordsMissing, steps.TimeNotCome, NotFound.
    """
    with transaction.atomic():
        bank = steps.begin(by, "margin.assign", bank_id)
        known = steps.again(Posting, posting_id, bank_id=bank.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        free = queries.holding(bank).free
        if steps.amount(rupiah) > free:
            raise ResultShort(free=money.rupiah(max(free, 0)))
        own = queries.accounts(bank)
        posting = steps.post(
            bank,
            "assignment",
            [ledger.Entry(own["fund"], own["margin"], rupiah)],
            steps.written(by, at, posting_id),
            done_at=steps.moment(done_at, at),
            rupiah=rupiah,
            words=steps.words(words),
        )
        steps.posted(by, at, "margin.assign", posting)
    return posting


def spend_fund(
    *,
    by: Actor,
    at: datetime,
    bank_id: UUID,
    work_id: UUID | None,
    rupiah: int,
    words: str,
    receipt: str,
    done_at: datetime | None = None,
    posting_id: UUID | None = None,
) -> Posting:
    """Pay for a work of the village out of the development fund. Work, sum, purpose and receipt number are public.

    Raises:
        WorkMissing, ReceiptMissing, FundShort, steps.CashShort, steps.BankAmountMissing, steps.BankWordsMissing, steps.TimeNotCome.
        NotFound: no such bank, or no such work in its village.
    """
    with transaction.atomic():
        bank = steps.begin(by, "fund.spend", bank_id)
        known = steps.again(Posting, posting_id, bank_id=bank.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        if work_id is None:
            raise WorkMissing
        work = Work.objects.filter(id=work_id, region_code=bank.region_code).first()
        if work is None:
            raise NotFound
        if work.state == "called_off":
            raise WorkMissing
        number = steps.words(receipt, field="receipt", most=60, least=0)
        if not number:
            raise ReceiptMissing
        own = queries.accounts(bank)
        held = ledger.held("fund", queries.standing(own["fund"]))
        if steps.amount(rupiah) > held:
            raise FundShort(held=money.rupiah(max(held, 0)))
        steps.need_cash(own, rupiah)
        posting = steps.post(
            bank,
            "spending",
            [ledger.Entry(own["cash"], own["fund"], rupiah)],
            steps.written(by, at, posting_id),
            done_at=steps.moment(done_at, at),
            work=work,
            rupiah=rupiah,
            words=steps.words(words),
            receipt=number,
        )
        steps.posted(by, at, "fund.spend", posting)
    return posting
