"""Proof: every figure of the bank down to its lines.

The trial balance, an account's lines, and whether the kept sums are what the lines say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Sum

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
    for side, sign in (("to_account_id", 1), ("from_account_id", -1)):
        rows = Line.objects.filter(**{f"{side[:-3]}__bank": bank}).order_by().values_list(side, "waste_id")
        for account_id, waste_id, rupiah, grams, lines in rows.annotate(
            rp=Sum("rupiah"), g=Sum("grams"), n=Count("id")
        ):
            found = sums.setdefault((account_id, waste_id), [0, 0, 0])
            found[0] += sign * rupiah
            found[1] += sign * grams
            found[2] += lines
    return {key: Proved(*key, *value) for key, value in sums.items()}


def unproved(bank: Bank) -> list[Proved]:
    """Kept sums that are not what the lines say, as the lines say them (nought lines: a sum without any). Empty when all is well."""
    lines = from_lines(bank)
    rows = Standing.objects.filter(account__bank=bank)
    kept: dict[tuple[UUID, UUID | None], list[int]] = {
        (account_id, waste_id): sums
        for account_id, waste_id, *sums in rows.values_list(
            "account_id", "waste_id", "rupiah", "grams", "lines"
        )
    }
    wrong = [one for key, one in lines.items() if kept.get(key) != [one.rupiah, one.grams, one.lines]]
    return wrong + [Proved(*key, 0, 0, 0) for key, sums in kept.items() if key not in lines and sums[2]]


def from_lines_of(account_id: UUID) -> int:
    """What one account stands at in rupiah, added up from its lines."""
    entered = Line.objects.filter(to_account_id=account_id).aggregate(sum=Sum("rupiah"))["sum"] or 0
    left = Line.objects.filter(from_account_id=account_id).aggregate(sum=Sum("rupiah"))["sum"] or 0
    return int(entered - left)


def trial(bank: Bank) -> Trial:
    """The trial balance by role, from the kept sums. Two queries."""
    sums = {
        (role, waste_id): ledger.Sum(rupiah, grams)
        for role, waste_id, rupiah, grams in Standing.objects.filter(account__bank=bank)
        .values_list("account__role", "waste_id")
        .annotate(rp=Sum("rupiah"), g=Sum("grams"))
    }
    found = bank.accounts.exclude(role="saver").select_related("waste", "collector", "saver")
    accounts = list(found.order_by("waste__position", "collector__name"))
    rows = []
    for role in ledger.ROLES:
        mine = [one for (whose, _waste), one in sums.items() if whose == role]
        total = sum(one.rupiah for one in mine)
        grams = sum(one.grams for one in mine)
        named = tuple(one for one in accounts if one.role == role)
        rows.append(Row(role, max(total, 0), max(-total, 0), grams, named))
    _rupiah, grams_of = ledger.trial(sums)
    return Trial(
        tuple(rows),
        sum(row.debit for row in rows),
        sum(row.credit for row in rows),
        {key: value for key, value in grams_of.items() if isinstance(key, UUID)},
    )


def moves(account: Account, page: int = 1) -> tuple[list[Move], bool]:
    """An account's lines, the newest first, each with the balance after it; and whether there are older ones.

    Both sides are read along their own index and joined here: a condition on either of two columns would read the whole ledger.
    """
    start = (page - 1) * PAGE
    keys: set[int] = set()
    for side in ("from_account", "to_account"):
        rows = Line.objects.filter(**{side: account}).order_by("-id").values_list("id", flat=True)
        keys.update(rows[: start + PAGE + 1])
    wanted = sorted(keys, reverse=True)[start : start + PAGE + 1]
    lines = Line.objects.filter(id__in=wanted).select_related("posting", "waste").order_by("-id")
    balance = _until(account, wanted[0], newest=page == 1) if wanted else 0
    made = []
    for line in list(lines)[:PAGE]:
        sign = 1 if line.to_account_id == account.id else -1
        made.append(Move(line, sign > 0, sign * line.rupiah, sign * line.grams, balance))
        balance -= sign * line.rupiah
    return made, len(wanted) > PAGE


def _until(account: Account, line_id: int, *, newest: bool) -> int:
    """What an account stood at after a line: the kept sum less what came later."""
    now = int(Standing.objects.filter(account=account).aggregate(sum=Sum("rupiah"))["sum"] or 0)
    if newest:
        return now
    later = Line.objects.filter(id__gt=line_id)
    entered = later.filter(to_account=account).aggregate(sum=Sum("rupiah"))["sum"] or 0
    left = later.filter(from_account=account).aggregate(sum=Sum("rupiah"))["sum"] or 0
    return int(now - entered + left)
