"""``/bank-sampah/``: the public statement of a village's waste bank, and the page behind the QR of a pass book.

The statement names no saver and tells of no month or kind behind which fewer than five pass books stand. The page of a pass book shows its
number and what it holds, and no name: the address cannot be guessed (100 bits), and asking for many that are not there is slowed down.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from simpul.community.queries import bank as bank_queries
from simpul.community.queries import bank_public as queries
from simpul.community.rules import sharing
from simpul.lib import money, when
from simpul.lib.keys import ring
from simpul.regions import queries as region_queries
from simpul.web.policy import Request, public
from simpul.web.portal import guard, words

KEPT_SECONDS = 600
MOST_MISSES = 60
"""Codes that are not there, an hour from one network: a smudged code is scanned again, and a village shares one address."""


@public
@require_safe
def listed(request: Request) -> HttpResponse:
    """Every waste bank, by place."""
    rows = queries.banks()
    paths = region_queries.paths({one.region_code for one in rows})
    context = {"rows": [{"bank": one, "where": paths.get(one.region_code, "")} for one in rows]}
    return render(request, "portal/waste/list.html", context)


@public
@require_safe
def statement(request: Request, code: str) -> HttpResponse:
    """What came in by month and kind, what the fund holds, what it paid for."""
    bank = queries.bank_at(code) if code.isascii() and code.isdigit() and len(code) == 10 else None
    if bank is None:
        raise Http404
    found = _kept(bank)
    today = bank_queries.day_of(bank, timezone.now())
    context = {
        "bank": bank,
        "where": region_queries.path_names(bank.region_code),
        "fund": money.rupiah(found.fund),
        "fund_in": money.rupiah(found.fund_in),
        "fund_out": money.rupiah(found.fund_out),
        "months": [_month(one, found.kinds) for one in found.months],
        "spent": [
            {"one": one, "day": words.date_words(one.day), "rupiah": money.rupiah(one.rupiah)}
            for one in found.spent
        ],
        "share": _share(found.share),
        "decided": found.decided,
        "prices": [
            {"name": one.waste.name, "paid": money.rupiah(one.price.in_per_kg)}
            for one in bank_queries.kinds(bank, today)
            if one.price is not None and one.price.in_per_kg
        ],
        "terms": bank_queries.terms_on(bank, today),
        "days": _days(bank_queries.terms_on(bank, today).open_days),
    }
    return render(request, "portal/waste/statement.html", context)


def _kept(bank: Any) -> queries.Statement:
    """The statement, added up anew at most every ten minutes, and whenever something was posted."""
    key = f"waste:statement:{bank.id}:{bank.last_number}"
    found: queries.Statement | None = cache.get(key)
    if found is None:
        found = queries.statement(bank)
        cache.set(key, found, KEPT_SECONDS)
    return found


def _month(one: sharing.PublicMonth, kinds: Any) -> dict[str, Any]:
    first, last = _words(one.first), _words(one.last)
    return {
        "label": first if first == last else f"{first} – {last}",
        "weight": money.weight(one.grams),
        "fund": money.rupiah(one.fund),
        "kinds": [f"{kinds.get(code, code)} {money.weight(grams)}" for code, grams in one.kinds.items()],
        "others": money.weight(one.others) if one.others else "",
    }


def _words(month: str) -> str:
    return when.format_month(date.fromisoformat(f"{month}-01"), words.language())


def _share(share: sharing.Share | None) -> dict[str, str] | None:
    if share is None:
        return None
    parts = {"saver": share.saver, "costs": share.costs, "fund": share.fund}
    return {name: f"{points / 100:g}".replace(".", ",") for name, points in parts.items()}


def _days(found: Any) -> str:
    monday = date(2026, 1, 5).toordinal()
    return ", ".join(when.weekday_name(date.fromordinal(monday + day), words.language()) for day in found)


@public
@never_cache
@require_safe
def book(request: Request, token: str) -> HttpResponse:
    """What one pass book holds: its number and its sum, no name."""
    at = timezone.now()
    key = _key(request, at)
    saver = queries.by_token(token) if int(cache.get(key) or 0) < MOST_MISSES else None
    if saver is None:
        _count(key)
        raise Http404
    last = queries.last_day(saver)
    context = {
        "number": f"{saver.number:04}",
        "bank": saver.bank,
        "balance": money.rupiah(queries.book_balance(saver)),
        "last": words.day_words(last, saver.bank.region_code) if last else "",
    }
    return render(request, "portal/waste/book.html", context)


def _key(request: Request, at: datetime) -> str:
    said = f"{guard.address(request)}:{at:%Y%m%d%H}"
    return f"waste:miss:{ring().blind_index(said, 'waste-guard')[:32]}"


def _count(key: str) -> None:
    if not cache.add(key, 1, 3600):
        try:
            cache.incr(key)
        except ValueError:  # it ran out between the two calls
            cache.add(key, 1, 3600)
