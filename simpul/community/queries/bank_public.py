"""What everybody may read of a waste bank: what came in, what the fund holds, what it paid for. No saver is named, few are not told.

And the tonnage by month and group, as the national waste information system asks for it (its interface is unconfirmed: a file is made).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from django.db.models import Q, Sum

from simpul.community.models import Bank, Line, Posting, Saver
from simpul.community.queries import bank as queries
from simpul.community.rules import ledger, sharing
from simpul.desks import queries as desk_queries


@dataclass(frozen=True, slots=True)
class Spent:
    """One payment of the fund. ``work_id`` leads to the work's own page, with its photos, when that is public."""

    work_id: UUID
    work_title: str
    work_is_public: bool
    day: date
    rupiah: int
    words: str
    receipt: str


@dataclass(frozen=True, slots=True)
class Statement:
    """The public statement."""

    bank: Bank
    months: tuple[sharing.PublicMonth, ...]
    kinds: Mapping[str, str]
    fund: int
    fund_in: int
    fund_out: int
    spent: tuple[Spent, ...]
    share: sharing.Share | None
    decided: str


@dataclass(slots=True)
class Tonnage:
    """Grams of one group in one month: what came, what collectors took, what crafts took, what was lost (less what was found)."""

    month: str
    group: str
    came: int = 0
    sold: int = 0
    craft: int = 0
    lost: int = 0


@dataclass(slots=True)
class _Month:
    grams: dict[str, int] = field(default_factory=dict)
    givers: dict[str, set[str]] = field(default_factory=dict)
    fund: int = 0


def banks() -> list[Bank]:
    """Every waste bank, by place."""
    return list(Bank.objects.order_by("region_code"))


def bank_at(region_code: str) -> Bank | None:
    """The waste bank of a village."""
    return Bank.objects.filter(region_code=region_code).first()


def by_token(token: str) -> Saver | None:
    """The pass book behind a QR; None for anything that is none."""
    if len(token) != 20:
        return None
    return Saver.objects.select_related("bank", "account").filter(token=token, closed_at=None).first()


def book_balance(saver: Saver) -> int:
    """What a pass book holds."""
    return ledger.held("saver", queries.standing(saver.account.id))


def last_day(saver: Saver) -> datetime | None:
    """When something was last written in a pass book."""
    return saver.postings.order_by("-number").values_list("done_at", flat=True).first()


def statement(bank: Bank, months: int = 24) -> Statement:
    """The public statement of the last months. Six queries."""
    today = queries.day_of(bank, datetime.now(tz=UTC))
    rule = queries.sharing_on(bank, today)
    found = _months(bank)
    first = sorted(found)[-months:]
    rows = [
        sharing.Month(
            key,
            found[key].grams,
            {kind: frozenset(who) for kind, who in found[key].givers.items()},
            found[key].fund,
        )
        for key in first
    ]
    fund_in, fund_out = _fund(bank)
    return Statement(
        bank,
        tuple(reversed(sharing.public_months(rows))),
        {code: name for code, name in bank.wastes.values_list("code", "name") if _is_told(code, found)},
        fund_in - fund_out,
        fund_in,
        fund_out,
        tuple(_spent(bank)),
        queries.share_of(rule) if rule else None,
        rule.decided if rule else "",
    )


def _is_told(code: str, found: Mapping[str, _Month]) -> bool:
    return any(code in one.grams for one in found.values())


def _months(bank: Bank) -> dict[str, _Month]:
    """What came in by month of the weighing and kind, without what was reversed, and what of it the fund got."""
    came = Q(posting__bank=bank, posting__kind__in=("deposit", "donation"), posting__reversed_by=None)
    rows = (
        Line.objects.filter(came, waste__isnull=False)
        .order_by()
        .values_list("posting__month", "waste_id", "posting__saver_id")
        .annotate(sum=Sum("grams"))
    )
    codes = dict(bank.wastes.values_list("id", "code"))
    found: dict[str, _Month] = {}
    for key, waste_id, saver_id, grams in rows:
        month = found.setdefault(key, _Month())
        code = codes[waste_id]
        month.grams[code] = month.grams.get(code, 0) + grams
        month.givers.setdefault(code, set()).add(str(saver_id or ""))
    fund = Line.objects.filter(came, from_account=queries.accounts(bank)["fund"]).order_by()
    for key, rupiah in fund.values_list("posting__month").annotate(sum=Sum("rupiah")):
        found.setdefault(key, _Month()).fund += rupiah
    return found


def _fund(bank: Bank) -> tuple[int, int]:
    """What the fund got and what it paid, reversals taken off."""
    account = queries.accounts(bank)["fund"]
    paid = Posting.objects.filter(bank=bank, kind="spending", reversed_by=None)
    out = paid.aggregate(sum=Sum("rupiah"))["sum"] or 0
    return ledger.held("fund", queries.standing(account)) + out, out


def _spent(bank: Bank) -> list[Spent]:
    zone = desk_queries.zone_of(bank.region_code)
    rows = bank.postings.filter(kind="spending", reversed_by=None).select_related("work").order_by("-done_at")
    return [
        Spent(
            one.work.id,
            one.work.title,
            one.work.published_at is not None and one.work.state != "called_off",
            one.done_at.astimezone(zone).date(),
            one.rupiah,
            one.words,
            one.receipt,
        )
        for one in rows[:100]
        if one.work is not None
    ]


def tonnage(bank: Bank, year: int) -> list[Tonnage]:
    """Grams by month and group of a year, in the order of months. Two queries; a reversal counts in the month it was made."""
    lines = Line.objects.filter(
        posting__bank=bank, posting__month__startswith=f"{year}-", waste__isnull=False
    ).order_by()
    found: dict[tuple[str, str], Tonnage] = {}
    for mine, other, sign in (("from_account", "to_account", 1), ("to_account", "from_account", -1)):
        rows = lines.filter(**{f"{mine}__role": "stock"})
        named = rows.values_list("posting__month", "waste__group", f"{other}__role")
        for month, group, role, total in named.annotate(sum=Sum("grams")):
            one = found.setdefault((month, group), Tonnage(month, group))
            grams = sign * total
            if role == "collector":
                one.sold += grams
            elif role == "craft":
                one.craft += grams
            elif role == "shrinkage":
                one.lost += grams
            else:
                one.came -= grams
    return [found[key] for key in sorted(found)]
