"""The proof: the trial balance, every account down to its lines, every posting with its slip."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.community.access import bank as access
from simpul.community.actions import bank_correcting
from simpul.community.queries import bank as queries
from simpul.community.queries import bank_audit, bank_books
from simpul.community.rules import ledger, reversing
from simpul.lib import money
from simpul.web import reading
from simpul.web.desk import trying, words
from simpul.web.desk.waste import shared
from simpul.web.policy import Request, officer


@officer(*shared.READING)
@require_GET
def trial(request: Request) -> HttpResponseBase:
    """The trial balance, with the proof that every kept sum is what its lines say."""
    bank = shared.bank_or_404(request)
    found = bank_audit.trial(bank)
    wrong = bank_audit.unproved(bank)
    context = {
        "rows": [
            {
                "name": _(ledger.ROLES[row.role]),
                "debit": money.rupiah(row.debit) if row.debit else "",
                "credit": money.rupiah(row.credit) if row.credit else "",
                "grams": money.weight(row.grams) if row.grams else "",
                "accounts": [(shared.account(one), one.id) for one in row.accounts],
                "url": _down(row),
            }
            for row in found.rows
        ],
        "debit": money.rupiah(found.debit),
        "credit": money.rupiah(found.credit),
        "balances": found.balances,
        "proved": not wrong,
        "wrong": len(wrong),
        "printed": words.moment(timezone.now(), bank.region_code),
        "may_rebuild": shared.may(request, "standings.rebuild"),
    }
    return shared.show(request, "desk/waste/trial.html", "desk_waste_trial", context, bank=bank)


def _down(row: bank_audit.Row) -> str:
    """Where a row of the trial balance is told further; several accounts stand under it one by one."""
    if row.role == "saver":
        return reverse("desk_waste_books")
    return reverse("desk_waste_account", args=[row.accounts[0].id]) if len(row.accounts) == 1 else ""


@officer("standings.rebuild")
@require_POST
def rebuild(request: Request) -> HttpResponseBase:
    """Make the kept sums anew from the lines."""
    bank = shared.bank_or_404(request)
    differed = bank_correcting.rebuild_standings(by=request.by, at=timezone.now(), bank_id=bank.id)
    messages.success(request, _("Sums made anew from the lines; %(n)s had differed.") % {"n": differed})
    return redirect("desk_waste_trial")


@officer(*shared.READING)
@require_GET
def account(request: Request, account_id: UUID) -> HttpResponseBase:
    """One account down to its lines."""
    one = trying.found(access.account_for, request, account_id)
    page = reading.page_number(request.GET.get("page", ""))
    found, more = bank_audit.moves(one, page)
    context = {
        "account": shared.account(one),
        "rows": [
            {
                "number": shared.number(row.line.posting),
                "url": reverse("desk_waste_posting", args=[row.line.posting_id]),
                "kind": _(ledger.KINDS[row.line.posting.kind]),
                "day": words.short_day(row.line.posting.done_at, one.bank.region_code),
                "waste": row.line.waste.name if row.line.waste else "",
                "grams": money.weight(row.grams) if row.grams else "",
                "debit": money.rupiah(row.rupiah) if row.into else "",
                "credit": money.rupiah(-row.rupiah) if not row.into else "",
                "balance": money.rupiah(ledger.held(one.role, row.balance)),
            }
            for row in found
        ],
        "older_url": f"?{urlencode({'page': page + 1})}" if more else "",
        "newer_url": f"?{urlencode({'page': page - 1})}" if page > 1 else "",
    }
    return shared.show(request, "desk/waste/account.html", "desk_waste_trial", context, bank=one.bank)


@officer(*shared.READING)
@require_GET
def postings(request: Request) -> HttpResponseBase:
    """Every posting, the newest first."""
    bank = shared.bank_or_404(request)
    kind = request.GET.get("jenis", "")
    filters = queries.Filters(
        kind=kind if kind in ledger.KINDS else "",
        flagged=request.GET.get("tanda") == "1",
        page=reading.page_number(request.GET.get("page", "")),
    )
    found, more = queries.postings(bank, filters)
    kept = {name: request.GET[name] for name in ("jenis", "tanda") if request.GET.get(name)}
    context = {
        "rows": [shared.posting(one) for one in found],
        "filters": filters,
        "filtered": bool(kept),
        "kinds": [(code, _(label)) for code, label in ledger.KINDS.items()],
        "older_url": f"?{urlencode({**kept, 'page': filters.page + 1})}" if more else "",
        "newer_url": f"?{urlencode({**kept, 'page': filters.page - 1})}" if filters.page > 1 else "",
    }
    return shared.show(request, "desk/waste/postings.html", "desk_waste_trial", context, bank=bank)


def posting_or_404(request: Request, posting_id: UUID) -> Any:
    """One posting, if this seat may see it."""
    return trying.found(access.posting_for, request, posting_id)


@officer(*shared.READING)
@require_GET
def posting(request: Request, posting_id: UUID) -> HttpResponseBase:
    """One posting: what was brought, its lines, and the ways to take it back."""
    one = posting_or_404(request, posting_id)
    now = timezone.now()
    mirror = getattr(one, "reversed_by", None)
    free = mirror is None and one.kind != "reversal"
    limit = queries.terms_on(one.bank, queries.day_of(one.bank, one.recorded_at)).two_people_from
    two = reversing.needs_two(one.rupiah, limit)
    fresh = one.user_id == request.by.user_id and reversing.within_session(one.recorded_at, now)
    ask = one.asks.filter(state="open").first()
    context = {
        **_lines(one),
        "row": shared.posting(one),
        "mirror": mirror,
        "mirror_number": shared.number(mirror) if mirror else "",
        "mirrors": shared.number(one.reverses) if one.reverses else "",
        "ask": ask,
        "ask_mine": ask is not None and ask.user_id == request.by.user_id,
        "may_undo": free and fresh and not two and shared.may(request, "posting.undo"),
        "may_reverse": free and not two and shared.may(request, "posting.reverse"),
        "may_ask": free and two and ask is None and shared.may(request, "reversal.ask"),
        "may_confirm": ask is not None and shared.may(request, "reversal.confirm"),
        "may_weigh": shared.may(request, "deposit.record"),
        "at_scale": one.kind in ("deposit", "donation") and fresh,
    }
    return shared.show(request, "desk/waste/posting.html", "desk_waste_trial", context, bank=one.bank)


def _lines(one: Any) -> dict[str, Any]:
    """The lines of a posting: those with weight as on the slip, and all of them as the ledger has them."""
    rows = queries.lines_of(one)
    account = one.saver.account.id if one.saver else None
    shares = {
        row.from_account.role: row.rupiah
        for row in rows
        if row.waste_id is None and row.from_account.role in ("costs", "fund")
    }
    held = sum(
        row.rupiah * ((row.from_account_id == account) - (row.to_account_id == account)) for row in rows
    )
    return {
        "kinds": [
            {
                "name": row.waste.name,
                "grams": money.weight(row.grams),
                "per_kg": money.rupiah(row.per_kg) if row.per_kg is not None else "",
                "rupiah": money.rupiah(row.rupiah),
            }
            for row in rows
            if row.waste is not None and row.per_kg is not None
        ],
        "lines": [
            {
                "out": shared.account(row.from_account),
                "into": shared.account(row.to_account),
                "waste": row.waste.name if row.waste else "",
                "grams": money.weight(row.grams) if row.grams else "",
                "rupiah": money.rupiah(row.rupiah),
            }
            for row in rows
        ],
        "shares": [(_(ledger.ROLES[role]), money.rupiah(sum_)) for role, sum_ in shares.items()],
        "held": money.rupiah(held) if account else "",
    }


@officer(*shared.READING)
@require_GET
def slip(request: Request, posting_id: UUID, size: str) -> HttpResponseBase:
    """The receipt: on a roll of 58 mm, or on A4 with lines for signatures."""
    if size not in ("58", "a4"):
        raise Http404
    one = posting_or_404(request, posting_id)
    context = {
        **_lines(one),
        "row": shared.posting(one),
        "size": size,
        "balance": money.rupiah(bank_books.whole(one.saver).balance) if one.saver else "",
        "book": shared.book_number(one.saver) if one.saver else "",
        "link": request.build_absolute_uri(reverse("portal_waste_book", args=[one.saver.token]))
        if one.saver
        else "",
    }
    return shared.show(request, "desk/waste/slip.html", "", context, bank=one.bank)
