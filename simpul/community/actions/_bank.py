"""Steps that the acts of the waste bank share: begin on the locked bank, write a posting with its lines, say why not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.community.access import bank as access
from simpul.community.models import Account, Bank, Line, Posting, Standing
from simpul.community.queries import bank as queries
from simpul.community.rules import ledger
from simpul.journal import actions as journal_actions
from simpul.lib import money, text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7

AHEAD = timedelta(days=1)
"""How far a phone's clock may run ahead before what it says is no fact."""
MOST_RUPIAH = 10**12


class BankWordsMissing(Refused):
    """Words the act cannot do without."""

    code = "bank.words_missing"
    sentence = _("Write a few words here.")


class BankChoiceUnknown(Refused):
    """A value that no form offers."""

    code = "bank.choice_unknown"
    sentence = _("One of the choices is not known here. Load the page again and choose once more.")


class BankAmountMissing(Refused):
    """No sum, or one that cannot be."""

    code = "bank.amount_missing"
    sentence = _("Write an amount of rupiah above nought.")
    field = "rupiah"


class TimeNotCome(Refused):
    """Only what has happened is booked."""

    code = "bank.time_not_come"
    sentence = _("This lies in the future. Write the day on which it happened.")
    field = "day"


class CashShort(Refused):
    """The box does not hold so much."""

    code = "bank.cash_short"
    sentence = _(
        "The cash box holds %(cash)s by the book. Write down what collectors have paid, or the money that was put in, and try again."
    )
    field = "rupiah"

    def __init__(self, cash: int) -> None:
        super().__init__(cash=money.rupiah(cash))


def begin(by: Actor, act: str, bank_id: UUID) -> Bank:
    """The bank, locked: what is posted to it has one order, and balances cannot change under an act's feet.

    Raises:
        NotFound: unknown, hidden or not allowed: the three look the same.
    """
    bank = access.bank_for(by, bank_id, lock=True)
    roles.require(by, act, access.place_of(bank))
    return bank


def again(table: type[models.Model], key: UUID | None, **owner: Any) -> Any:
    """The row that was written under this key before, so that a press or a phone that repeats itself changes nothing.

    Raises:
        NotFound: the key belongs to something else.
    """
    found: Any = table._default_manager.filter(pk=key).first() if key else None
    if found is not None and any(getattr(found, name) != value for name, value in owner.items()):
        raise NotFound
    return found


def written(by: Actor, at: datetime, key: UUID | None) -> dict[str, Any]:
    """The columns every recorded row has."""
    return {"id": key or uuid7(), "recorded_at": at, "recorded_by": by.name[:150], "user_id": by.user_id}


def words(given: str, *, field: str = "words", most: int = 300, least: int = 3) -> str:
    """A cleaned line; ``least`` 0 lets it be empty.

    Raises:
        BankWordsMissing, text.TooLong.
    """
    clean = text.clean_line(given, most)
    if len(clean) < least:
        raise BankWordsMissing(field=field)
    return clean


def amount(rupiah: int) -> int:
    """A sum above nought.

    Raises:
        BankAmountMissing.
    """
    if not 0 < rupiah <= MOST_RUPIAH:
        raise BankAmountMissing
    return rupiah


def moment(done_at: datetime | None, at: datetime) -> datetime:
    """When something happened: now, when nobody says otherwise.

    Raises:
        TimeNotCome.
    """
    if done_at is not None and done_at > at + AHEAD:
        raise TimeNotCome
    return done_at or at


def day_of(bank: Bank, moment_: datetime) -> date:
    """The day at the bank's place."""
    return queries.day_of(bank, moment_)


def need_cash(accounts: Mapping[str, UUID], rupiah: int) -> None:
    """See that the box holds so much.

    Raises:
        CashShort.
    """
    cash = queries.standing(accounts["cash"])
    if rupiah > cash:
        raise CashShort(cash)


def post(
    bank: Bank,
    kind: str,
    entries: Sequence[ledger.Entry],
    given: Mapping[str, Any],
    **columns: Any,
) -> Posting:
    """Write a posting, its lines and the standings they change, under the bank's next number. The bank is locked by the caller."""
    bank.last_number += 1
    Bank.objects.filter(pk=bank.pk).update(last_number=bank.last_number)
    month = f"{day_of(bank, columns['done_at']):%Y-%m}"
    posting = Posting(bank=bank, number=bank.last_number, kind=kind, month=month, **given, **columns)
    posting.save(force_insert=True)
    Line.objects.bulk_create(
        Line(
            posting=posting,
            from_account_id=one.out,
            to_account_id=one.into,
            rupiah=one.rupiah,
            waste_id=one.waste,
            grams=one.grams,
            per_kg=one.per_kg,
        )
        for one in entries
        if one.rupiah or one.grams
    )
    carry(entries)
    return posting


def carry(entries: Iterable[ledger.Entry]) -> None:
    """Carry lines into the standings of their accounts."""
    rows = [one for one in entries if one.rupiah or one.grams]
    sums = ledger.standings(rows)
    counts = Counter(key for one in rows for key in ((one.out, one.waste), (one.into, one.waste)))
    kept: dict[tuple[Any, Any], Standing] = {
        (one.account_id, one.waste_id): one
        for one in Standing.objects.filter(account_id__in={account for account, _waste in sums})
    }
    old: list[Standing] = []
    new: list[Standing] = []
    for key, change in sums.items():
        row = kept.get(key) or Standing(account_id=key[0], waste_id=key[1])
        row.rupiah += change.rupiah
        row.grams += change.grams
        row.lines += counts[key]
        (old if row.pk else new).append(row)
    if old:
        Standing.objects.bulk_create(
            old,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=["rupiah", "grams", "lines"],
        )
    if new:
        Standing.objects.bulk_create(new)


def stock_of(account: Account) -> ledger.Stock:
    """What the book has of one kind."""
    row = Standing.objects.filter(account=account, waste=account.waste_id).first()
    return ledger.Stock(account.waste_id, account.id, row.grams if row else 0, row.rupiah if row else 0)


def line(
    by: Actor,
    at: datetime,
    kind: str,
    subject: tuple[str, UUID],
    bank: Bank,
    facts: Mapping[str, Any] | None = None,
    inputs: Mapping[str, Any] | None = None,
) -> None:
    """Write the act's line; names and words go into ``inputs``, which can be removed."""
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind=subject[0],
        subject_id=subject[1],
        region_code=bank.region_code,
        facts=facts,
        inputs=inputs,
    )


def posted(
    by: Actor, at: datetime, act: str, posting: Posting, inputs: Mapping[str, Any] | None = None
) -> None:
    """The line of an act that posted something."""
    facts = {
        "number": posting.number,
        "rupiah": posting.rupiah,
        "grams": posting.grams,
        "done_at": posting.done_at,
        "flags": posting.flags,
    }
    line(by, at, act, ("posting", posting.id), posting.bank, facts, inputs)
