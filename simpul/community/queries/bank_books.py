"""Pass books as lists and on their own page: who, how much, what came when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Max, Q, QuerySet, Sum

from simpul.community.access import bank as access
from simpul.community.models import Account, Bank, Line, Posting, Saver, Standing
from simpul.community.rules import ledger
from simpul.lib import text
from simpul.lib.actor import Actor

PAGE = 50


@dataclass(frozen=True, slots=True)
class Filters:
    """How the list is narrowed."""

    words: str = ""
    kind: str = ""
    closed: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class Book:
    """A pass book in a list."""

    saver: Saver
    balance: int


@dataclass(slots=True)
class Entry:
    """One posting in a pass book: its kinds, what was credited and shared, what the book held after it."""

    posting: Posting
    balance: int
    change: int = 0
    gross: int = 0
    kinds: list[Line] = field(default_factory=list)


def listed(by: Actor, bank: Bank, filters: Filters) -> tuple[list[Book], bool]:
    """Pass books by number, with what they hold; a number, the QR's secret or part of a name finds them. Two queries."""
    rows = access.savers(by).filter(bank=bank, closed_at__isnull=not filters.closed)
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.words:
        rows = rows.filter(_said(filters.words))
    start = (filters.page - 1) * PAGE
    found = list(rows.select_related("hamlet", "account").order_by("number")[start : start + PAGE + 1])
    return books(found[:PAGE]), len(found) > PAGE


def _said(words: str) -> Q:
    plain = words.strip().rstrip("/").rpartition("/")[2]
    if plain.isascii() and plain.isdigit() and len(plain) < 8:
        return Q(number=int(plain))
    if len(plain) == 20 and plain.isascii() and plain.isupper():
        return Q(token=plain)
    found = Q()
    for word in text.name_key(words).split():
        found &= Q(name_key__contains=word)
    return found if text.name_key(words) else Q(pk__in=[])


def books(savers: Sequence[Saver]) -> list[Book]:
    """What each holds."""
    rows = Standing.objects.filter(account__saver__in=savers).values("account_id").annotate(sum=Sum("rupiah"))
    sums = {row["account_id"]: row["sum"] for row in rows}
    return [Book(one, ledger.held("saver", sums.get(one.account.id, 0))) for one in savers]


def recent(bank: Bank, limit: int = 8) -> list[Saver]:
    """Who was at the scale last, the newest first: the volunteer's next saver is often among them."""
    rows = Saver.objects.filter(bank=bank, closed_at=None).annotate(last=Max("postings__number"))
    return list(rows.filter(last__isnull=False).select_related("hamlet").order_by("-last")[:limit])


def entries(saver: Saver, page: int = 1) -> tuple[list[Entry], bool]:
    """What was written in a pass book, the newest first, each with what the book held after it. Four queries."""
    start = (page - 1) * PAGE
    rows = list(
        saver.postings.select_related("reverses", "reversed_by").order_by("-number")[start : start + PAGE + 1]
    )
    shown = {one.id: Entry(one, 0) for one in rows[:PAGE]}
    account = saver.account
    for line in _lines(account).filter(posting_id__in=shown).select_related("waste").order_by("id"):
        entry = shown[line.posting_id]
        sign = 1 if line.from_account_id == account.id else -1
        entry.change += sign * line.rupiah
        if line.waste_id is not None:
            entry.kinds.append(line)
            entry.gross += sign * line.rupiah
    balance = _after(account, rows[0], newest=page == 1) if rows else 0
    for one in rows[:PAGE]:
        shown[one.id].balance = balance
        balance -= shown[one.id].change
    return list(shown.values()), len(rows) > PAGE


def _lines(account: Account) -> QuerySet[Line]:
    return Line.objects.filter(Q(from_account=account) | Q(to_account=account))


def _after(account: Account, posting: Posting, *, newest: bool) -> int:
    """What the book held right after a posting."""
    now = int(Standing.objects.filter(account=account).aggregate(sum=Sum("rupiah"))["sum"] or 0)
    if newest:
        return -now
    later = Line.objects.filter(posting__bank_id=posting.bank_id, posting__number__gt=posting.number)
    left = later.filter(from_account=account).aggregate(sum=Sum("rupiah"))["sum"] or 0
    entered = later.filter(to_account=account).aggregate(sum=Sum("rupiah"))["sum"] or 0
    return int(-now - left + entered)


@dataclass(frozen=True, slots=True)
class Whole:
    """A book as a whole."""

    balance: int
    grams: int
    last_at: datetime | None


def whole(saver: Saver) -> Whole:
    """What a book holds, all it ever brought, and when something was written last. Two queries."""
    sums = Standing.objects.filter(account=saver.account).aggregate(rp=Sum("rupiah"), g=Sum("grams"))
    last = saver.postings.aggregate(last=Max("done_at"))["last"]
    return Whole(ledger.held("saver", sums["rp"] or 0), -(sums["g"] or 0), last)
