"""Corrections: a posting is never changed, it is mirrored by another one. Above the village's limit a second person agrees first."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.community.access import bank as access
from simpul.community.actions import _bank as steps
from simpul.community.models import Account, Bank, Line, Posting, ReversalAsk, Standing
from simpul.community.queries import bank as queries
from simpul.community.queries import bank_audit
from simpul.community.rules import ledger
from simpul.community.rules import reversing as rules
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused


class ReversedAlready(Refused):
    """Once is enough."""

    code = "posting.reversed"
    sentence = _("This was reversed already by number %(number)s. Nothing more is needed.")


class ReversalOfReversal(Refused):
    """A mirror of a mirror would hide what happened."""

    code = "posting.is_reversal"
    sentence = _("A reversal is not reversed. Write down anew what really happened.")


class TwoPeopleNeeded(Refused):
    """Too large for one person."""

    code = "posting.two_people"
    sentence = _(
        "A posting this large is reversed by two people. Ask for it with the reason: a second person agrees."
    )


class SecondPersonNeeded(Refused):
    """Nobody is their own second person."""

    code = "reversal.second_person"
    sentence = _("You asked for this yourself. Somebody else has to agree or decline.")


class AskedAlready(Refused):
    """It waits."""

    code = "reversal.asked"
    sentence = _("Somebody has asked for this already; it waits for a second person.")


class AskDecided(Refused):
    """It is decided."""

    code = "reversal.decided"
    sentence = _("This was decided already. Load the page again.")


class StockGone(Refused):
    """What came in has left the store."""

    code = "posting.stock_gone"
    sentence = _(
        "The store of %(name)s has less than this brought in: it was sold or used since. Reverse that first, or book the "
        "difference by weighing the store."
    )


class UndoOver(Refused):
    """The saver has gone home."""

    code = "posting.undo_over"
    sentence = _(
        "Only what you have just written yourself is undone, within half an hour. Ask the secretary to reverse it with a reason."
    )


def undo_posting(*, by: Actor, at: datetime, posting_id: UUID, reversal_id: UUID | None = None) -> Posting:
    """Take back what this person has just written: a slip of the finger at the scale.

    Raises:
        UndoOver: somebody else's, or too long ago.
        The same as ``reverse_posting`` besides.
    """
    with transaction.atomic():
        posting = access.posting_for(by, posting_id)
        bank = steps.begin(by, "posting.undo", posting.bank_id)
        known = steps.again(Posting, reversal_id, bank_id=bank.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        if posting.user_id != by.user_id or not rules.within_session(posting.recorded_at, at):
            raise UndoOver
        _only_one(bank, posting)
        made = _mirror(by, at, bank, posting, "", reversal_id)
        steps.posted(by, at, "posting.undo", made)
    return made


def reverse_posting(
    *, by: Actor, at: datetime, posting_id: UUID, why: str, reversal_id: UUID | None = None
) -> Posting:
    """Mirror a posting, with the reason. The same ``reversal_id`` again changes nothing.

    Raises:
        ReversedAlready, ReversalOfReversal, TwoPeopleNeeded, StockGone, steps.CashShort, steps.BankWordsMissing.
        NotFound.
    """
    with transaction.atomic():
        posting = access.posting_for(by, posting_id)
        bank = steps.begin(by, "posting.reverse", posting.bank_id)
        known = steps.again(Posting, reversal_id, bank_id=bank.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        _only_one(bank, posting)
        made = _mirror(by, at, bank, posting, steps.words(why, field="why"), reversal_id)
        steps.posted(by, at, "posting.reverse", made)
    return made


def ask_reversal(
    *, by: Actor, at: datetime, posting_id: UUID, why: str, ask_id: UUID | None = None
) -> ReversalAsk:
    """Ask for a reversal that needs two people.

    Raises:
        ReversedAlready, ReversalOfReversal, AskedAlready, steps.BankWordsMissing, NotFound.
    """
    with transaction.atomic():
        posting = access.posting_for(by, posting_id)
        bank = steps.begin(by, "reversal.ask", posting.bank_id)
        known = steps.again(ReversalAsk, ask_id, posting_id=posting.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        _reversible(posting)
        if posting.asks.filter(state="open").exists():
            raise AskedAlready
        row = ReversalAsk.objects.create(
            **steps.written(by, at, ask_id), posting=posting, why=steps.words(why, field="why")
        )
        steps.line(
            by,
            at,
            "reversal.ask",
            ("posting", posting.id),
            bank,
            {"number": posting.number},
            {"why": row.why},
        )
    return row


def confirm_reversal(*, by: Actor, at: datetime, ask_id: UUID, reversal_id: UUID | None = None) -> Posting:
    """Agree as the second person: the posting is mirrored now.

    Raises:
        SecondPersonNeeded, AskDecided, ReversedAlready, StockGone, steps.CashShort, NotFound.
    """
    with transaction.atomic():
        ask, bank = _ask(by, "reversal.confirm", ask_id)
        known = steps.again(Posting, reversal_id, bank_id=bank.id)
        if known is not None:
            return known  # type: ignore[no-any-return]
        _decide(by, at, ask, "agreed")
        posting = access.posting_for(by, ask.posting_id)
        _reversible(posting)
        made = _mirror(by, at, bank, posting, ask.why, reversal_id)
        steps.posted(by, at, "reversal.confirm", made)
    return made


def decline_reversal(*, by: Actor, at: datetime, ask_id: UUID, why: str) -> None:
    """Decline as the second person, with the reason; the posting stands.

    Raises:
        SecondPersonNeeded, AskDecided, steps.BankWordsMissing, NotFound.
    """
    with transaction.atomic():
        ask, bank = _ask(by, "reversal.decline", ask_id)
        _decide(by, at, ask, "declined", steps.words(why, field="why"))
        facts = {"number": ask.posting.number}
        steps.line(
            by, at, "reversal.decline", ("posting", ask.posting_id), bank, facts, {"why": ask.decided_why}
        )


def rebuild_standings(*, by: Actor, at: datetime, bank_id: UUID) -> int:
    """Make the sums of all accounts anew from the lines. Returns how many differed: nought, unless something went wrong outside Simpul.

    Raises:
        NotFound.
    """
    with transaction.atomic():
        bank = steps.begin(by, "standings.rebuild", bank_id)
        wrong = bank_audit.unproved(bank)
        for one in wrong:
            Standing.objects.filter(account_id=one.account_id, waste=one.waste_id).delete()
            if one.lines:
                Standing.objects.create(
                    account_id=one.account_id,
                    waste_id=one.waste_id,
                    rupiah=one.rupiah,
                    grams=one.grams,
                    lines=one.lines,
                )
        steps.line(by, at, "standings.rebuild", ("bank", bank.id), bank, {"differed": len(wrong)})
    return len(wrong)


def _ask(by: Actor, act: str, ask_id: UUID) -> tuple[ReversalAsk, Bank]:
    ask = access.ask_for(by, ask_id)
    bank = access.bank_for(by, ask.posting.bank_id, lock=True)
    roles.require(by, act, access.place_of(bank))
    ask.refresh_from_db()
    return ask, bank


def _decide(by: Actor, at: datetime, ask: ReversalAsk, state: str, why: str = "") -> None:
    if ask.state != "open":
        raise AskDecided
    if ask.user_id == by.user_id:
        raise SecondPersonNeeded
    ask.state = state
    ask.decided_at = at
    ask.decided_by = by.name[:150]
    ask.decided_user_id = by.user_id
    ask.decided_why = why
    ask.save()


def _reversible(posting: Posting) -> None:
    if posting.kind == "reversal":
        raise ReversalOfReversal
    mirror = Posting.objects.filter(reverses=posting).first()
    if mirror is not None:
        raise ReversedAlready(number=mirror.number)


def _only_one(bank: Bank, posting: Posting) -> None:
    """See that one person may do it alone."""
    _reversible(posting)
    limit = queries.terms_on(bank, steps.day_of(bank, posting.recorded_at)).two_people_from
    if rules.needs_two(posting.rupiah, limit):
        raise TwoPeopleNeeded


def _mirror(
    by: Actor, at: datetime, bank: Bank, posting: Posting, why: str, reversal_id: UUID | None
) -> Posting:
    """Write the mirror. Money that is not there and goods that have left are refused; what people owe afterwards is flagged."""
    lines = [
        ledger.Entry(one.from_account_id, one.to_account_id, one.rupiah, one.waste_id, one.grams, one.per_kg)
        for one in Line.objects.filter(posting=posting).order_by("id")
    ]
    entries = ledger.mirrored(lines)
    flags = _left_over(entries)
    return steps.post(
        bank,
        "reversal",
        entries,
        steps.written(by, at, reversal_id),
        done_at=at,
        saver_id=posting.saver_id,
        collector_id=posting.collector_id,
        work_id=posting.work_id,
        reverses=posting,
        rupiah=-posting.rupiah,
        grams=-posting.grams,
        words=why,
        flags=flags,
    )


def _left_over(entries: list[ledger.Entry]) -> list[str]:
    changes = ledger.standings(entries)
    accounts = {
        one.id: one
        for one in Account.objects.select_related("waste").filter(id__in={key[0] for key in changes})
    }
    now = {(one.account_id, one.waste_id): one for one in Standing.objects.filter(account_id__in=accounts)}
    money: dict[UUID, int] = {}
    for row in now.values():
        money[row.account_id] = money.get(row.account_id, 0) + row.rupiah
    for (account_id, waste_id), change in changes.items():
        money[account_id] = money.get(account_id, 0) + change.rupiah
        kept = now.get((account_id, waste_id))
        account = accounts[account_id]
        if account.role == "stock" and account.waste is not None:
            grams = (kept.grams if kept else 0) + change.grams
            rupiah = (kept.rupiah if kept else 0) + change.rupiah
            if grams < 0 or rupiah < 0:
                raise StockGone(name=account.waste.name)
    for account_id, rupiah in money.items():
        if accounts[account_id].role == "cash" and rupiah < 0:
            raise steps.CashShort(rupiah - changes[account_id, None].rupiah)
    holders = ("saver", "costs", "fund")
    below = any(
        ledger.held(accounts[key].role, sum_) < 0
        for key, sum_ in money.items()
        if accounts[key].role in holders
    )
    return ["overdrawn"] if below else []
