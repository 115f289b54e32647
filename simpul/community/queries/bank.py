"""The waste bank as it is set and as it stands: dated rules, kinds with prices, accounts and what they hold."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import Sum

from simpul.community.access import bank as access
from simpul.community.models import (
    Account,
    Bank,
    Collector,
    Posting,
    ReversalAsk,
    Sharing,
    Standing,
    Terms,
    Waste,
    WastePrice,
)
from simpul.community.rules import ledger, prices, sharing
from simpul.desks import queries as desk_queries
from simpul.lib.actor import Actor

CATALOGUE = Path(__file__).resolve().parent.parent / "catalogue" / "waste_kinds.toml"
OWN = ("costs", "fund", "cash", "shrinkage", "craft", "margin", "capital", "difference")
PAGE = 50


@dataclass(frozen=True, slots=True)
class Priced:
    """A kind with the price that is valid on a day; ``price`` None: none is."""

    waste: Waste
    price: WastePrice | None


@dataclass(frozen=True, slots=True)
class Holding:
    """What the bank holds, in one look. Rupiah as people read them; ``free`` is the result that may go to the fund."""

    savers: int
    costs: int
    fund: int
    cash: int
    owed: int
    stock: int
    margin: int
    shrinkage: int
    craft: int
    capital: int
    difference: int

    @property
    def free(self) -> int:
        """The result of sales after what shrank, was given to crafts or was missing."""
        return self.margin - self.shrinkage - self.craft - self.difference


@lru_cache(maxsize=1)
def first_kinds() -> tuple[dict[str, str], ...]:
    """The kinds that a new bank begins with."""
    return tuple(tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))["kind"])


def banks(by: Actor) -> list[Bank]:
    """Banks of the area, by place."""
    return list(access.banks(by).order_by("region_code"))


def bank_of(by: Actor, region_code: str) -> Bank | None:
    """The bank of a village."""
    return access.banks(by).filter(region_code=region_code).first()


def day_of(bank: Bank, moment: datetime) -> date:
    """The day at the bank's place."""
    return moment.astimezone(desk_queries.zone_of(bank.region_code)).date()


def terms_on(bank: Bank, day: date) -> Terms:
    """What is set for a day; a row without limits when nothing is."""
    return prices.valid_on(Terms.objects.filter(bank=bank, from_date__lte=day), day) or Terms(
        bank=bank, from_date=day
    )


def sharing_on(bank: Bank, day: date) -> Sharing | None:
    """The rule of sharing that is valid on a day."""
    return prices.valid_on(Sharing.objects.filter(bank=bank, from_date__lte=day), day)


def share_of(rule: Sharing | None) -> sharing.Share:
    """The rule as the arithmetic takes it; without one all is the saver's."""
    if rule is None:
        return sharing.ALL_TO_SAVER
    return sharing.Share(rule.saver_bp, rule.costs_bp, rule.fund_bp)


def sharings(bank: Bank) -> list[Sharing]:
    """All rules of sharing, the newest first."""
    return list(bank.sharings.select_related("meeting").order_by("-from_date", "-recorded_at"))


def prices_on(waste_ids: Collection[UUID], day: date) -> dict[UUID, WastePrice]:
    """The price of each kind that is valid on a day."""
    found: dict[UUID, list[WastePrice]] = {}
    for row in WastePrice.objects.filter(waste_id__in=waste_ids, from_date__lte=day):
        found.setdefault(row.waste_id, []).append(row)
    newest = {key: prices.valid_on(rows, day) for key, rows in found.items()}
    return {key: one for key, one in newest.items() if one is not None}


def kinds(bank: Bank, day: date, *, also_closed: bool = False) -> list[Priced]:
    """The kinds of a bank in their order, with the prices of a day. Two queries."""
    rows = bank.wastes.order_by("position", "name")
    if not also_closed:
        rows = rows.filter(is_active=True)
    found = list(rows)
    valid = prices_on([one.id for one in found], day)
    return [Priced(one, valid.get(one.id)) for one in found]


def price_history(waste: Waste, limit: int = 40) -> list[WastePrice]:
    """All prices of a kind, the newest first."""
    return list(waste.prices.order_by("-from_date", "-recorded_at")[:limit])


def collectors(bank: Bank) -> list[tuple[Collector, int]]:
    """Collectors with what they owe."""
    rows = bank.collectors.select_related("account").order_by("-is_active", "name")
    owed = standings_of([one.account.id for one in rows])
    return [(one, owed.get(one.account.id, 0)) for one in rows]


def accounts(bank: Bank) -> dict[str, UUID]:
    """The bank's own accounts by role."""
    return dict(bank.accounts.filter(role__in=OWN).values_list("role", "id"))


def standing(account_id: UUID) -> int:
    """What entered an account less what left it, in rupiah."""
    return Standing.objects.filter(account_id=account_id).aggregate(sum=Sum("rupiah"))["sum"] or 0


def standings_of(account_ids: Iterable[UUID]) -> dict[UUID, int]:
    """The same for several accounts."""
    rows = Standing.objects.filter(account_id__in=list(account_ids)).values("account_id")
    return {row["account_id"]: row["sum"] for row in rows.annotate(sum=Sum("rupiah"))}


def holding(bank: Bank) -> Holding:
    """What the bank holds. One query."""
    rows = Standing.objects.filter(account__bank=bank).values("account__role").annotate(sum=Sum("rupiah"))
    sums = {row["account__role"]: ledger.held(row["account__role"], row["sum"]) for row in rows}
    return Holding(
        savers=sums.get("saver", 0),
        owed=sums.get("collector", 0),
        **{role: sums.get(role, 0) for role in (*OWN, "stock")},
    )


def stocks(bank: Bank) -> dict[UUID, ledger.Stock]:
    """What is in the store, by kind."""
    rows = Standing.objects.filter(account__bank=bank, account__role="stock")
    return {
        one.waste_id: ledger.Stock(one.waste_id, one.account_id, one.grams, one.rupiah)
        for one in rows
        if one.waste_id is not None
    }


@dataclass(frozen=True, slots=True)
class Filters:
    """How a list of postings is narrowed."""

    kind: str = ""
    flagged: bool = False
    work_id: UUID | None = None
    page: int = 1


def postings(bank: Bank, filters: Filters) -> tuple[list[Posting], bool]:
    """Postings, the newest first, and whether there are older ones."""
    rows = bank.postings.select_related("saver", "collector", "work", "reversed_by")
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.flagged:
        rows = rows.exclude(flags=[])
    if filters.work_id:
        rows = rows.filter(work_id=filters.work_id)
    start = (filters.page - 1) * PAGE
    found = list(rows.order_by("-number")[start : start + PAGE + 1])
    return found[:PAGE], len(found) > PAGE


def asks(bank: Bank) -> list[ReversalAsk]:
    """Reversals that wait for a second person."""
    rows = ReversalAsk.objects.filter(posting__bank=bank, state="open")
    return list(rows.select_related("posting__saver").order_by("recorded_at"))


def lines_of(posting: Posting) -> list[Any]:
    """The lines of a posting, with their accounts."""
    rows = posting.lines.select_related(
        "from_account__saver",
        "from_account__collector",
        "from_account__waste",
        "to_account__saver",
        "to_account__collector",
        "to_account__waste",
        "waste",
    )
    return list(rows.order_by("id"))


def fund_of_works(work_ids: Collection[UUID]) -> dict[UUID, int]:
    """What the fund has paid for each work, reversals taken off; for the pages of works."""
    rows = Posting.objects.filter(kind="spending", work_id__in=work_ids, reversed_by__isnull=True)
    return {row["work_id"]: row["sum"] for row in rows.values("work_id").annotate(sum=Sum("rupiah"))}


def account_of(bank: Bank, role: str) -> Account:
    """One of the bank's own accounts."""
    return bank.accounts.get(role=role)
