"""Proof: every figure of the bank down to its lines.

The trial balance, an account's lines, and whether the kept sums are what the lines say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, Sum

from simpul.community.models import Account, Bank, Line, Standing
from simpul.community.rules import ledger

PAGE = 50


@dataclass(frozen=True, slots=True)
class Proved:
    """The sums of one account for one kind, as the lines say."""

    account_id: UUID
    waste_id: UUID | None
    rupiah: int
    grams: int
    lines: int


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the trial balance: debit when more entered than left, credit when more left."""

    role: str
    debit: int
    credit: int
    grams: int
    accounts: tuple[Account, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """The trial balance. ``rupiah`` and each of ``grams`` are nought."""

    rows: tuple[Row, ...]
    debit: int
    credit: int
    grams: Mapping[UUID, int]

    @property
    def balances(self) -> bool:
        """True when all of it sums to nought."""
        return self.debit == self.credit and not any(self.grams.values())


@dataclass(frozen=True, slots=True)
class Move:
    """One line of an account's statement, with what the account held after it."""

    line: Line
    into: bool
    rupiah: int
    grams: int
    balance: int


def from_lines(bank: Bank) -> dict[tuple[UUID, UUID | None], Proved]:
    """The sums of every account of a bank, added up from all its lines. Two queries over the whole ledger."""
    sums: dict[tuple[UUID, UUID | None], list[int]] = {}
    for side, sign in (("to_account", 1), ("from_account", -1)):
        rows = Line.objects.filter(posting__bank=bank).order_by().values(f"{side}_id", "waste_id")
        for row in rows.annotate(rp=Sum("rupiah"), g=Sum("grams"), n=Count("id")):
            found = sums.setdefault((row[f"{side}_id"], row["waste_id"]), [0, 0, 0])
            found[0] += sign * row["rp"]
            found[1] += sign * row["g"]
            found[2] += row["n"]
    return {key: Proved(*key, *value) for key, value in sums.items()}


def unproved(bank: Bank) -> list[Proved]:
    """Kept sums that are not what the lines say, as the lines say them (nought lines: a sum without any). Empty when all is well."""
    lines = from_lines(bank)
    kept = {
        (one.account_id, one.waste_id): Proved(one.account_id, one.waste_id, one.rupiah, one.grams, one.lines)
        for one in Standing.objects.filter(account__bank=bank)
    }
    wrong = [one for key, one in lines.items() if kept.get(key) != one]
    return wrong + [Proved(*key, 0, 0, 0) for key, one in kept.items() if key not in lines and one.lines]


def trial(bank: Bank) -> Trial:
    """The trial balance by role, from the kept sums. Two queries."""
    sums = {
        (one.account_id, one.waste_id): ledger.Sum(one.rupiah, one.grams)
        for one in Standing.objects.filter(account__bank=bank)
    }
    accounts = list(bank.accounts.select_related("waste", "collector"))
    money: dict[UUID, int] = {}
    weight: dict[UUID, int] = {}
    for (account_id, _waste), one in sums.items():
        money[account_id] = money.get(account_id, 0) + one.rupiah
        weight[account_id] = weight.get(account_id, 0) + one.grams
    rows = []
    for role in ledger.ROLES:
        mine = [one for one in accounts if one.role == role]
        total = sum(money.get(one.id, 0) for one in mine)
        shown = tuple(one for one in mine if role in ("stock", "collector") or len(mine) == 1)
        grams = sum(weight.get(one.id, 0) for one in mine)
        rows.append(Row(role, max(total, 0), max(-total, 0), grams, shown))
    _rupiah, grams_of = ledger.trial(sums)
    return Trial(
        tuple(rows),
        sum(row.debit for row in rows),
        sum(row.credit for row in rows),
        {key: value for key, value in grams_of.items() if isinstance(key, UUID)},
    )


def moves(account: Account, page: int = 1, until: datetime | None = None) -> tuple[list[Move], bool]:
    """An account's lines, the newest first, each with the balance after it; and whether there are older ones. Three queries."""
    rows = Line.objects.filter(Q(from_account=account) | Q(to_account=account))
    if until is not None:
        rows = rows.filter(posting__done_at__lt=until)
    start = (page - 1) * PAGE
    wanted = rows.select_related("posting__reverses", "posting__reversed_by", "waste").order_by("-id")
    found = list(wanted[start : start + PAGE + 1])
    balance = _until(account, found[0].id) if found else 0
    made = []
    for line in found[:PAGE]:
        sign = 1 if line.to_account_id == account.id else -1
        made.append(Move(line, sign > 0, sign * line.rupiah, sign * line.grams, balance))
        balance -= sign * line.rupiah
    return made, len(found) > PAGE


def _until(account: Account, line_id: int) -> int:
    """What an account stood at after a line: the kept sum less what came later."""
    later = Line.objects.filter(id__gt=line_id)
    entered = later.filter(to_account=account).aggregate(sum=Sum("rupiah"))["sum"] or 0
    left = later.filter(from_account=account).aggregate(sum=Sum("rupiah"))["sum"] or 0
    now = Standing.objects.filter(account=account).aggregate(sum=Sum("rupiah"))["sum"] or 0
    return int(now - entered + left)
