"""Pass books: the list, one with its statement, opening, changing, paying out, the printed booklet."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.community.access import bank as access
from simpul.community.actions import bank_counter, bank_savers
from simpul.community.queries import bank_books
from simpul.community.rules import ledger, prices
from simpul.lib import money
from simpul.people import access as people_access
from simpul.people.queries import residents
from simpul.web import reading
from simpul.web.desk import trying, words
from simpul.web.desk.waste import forms, home, shared
from simpul.web.forms import choices
from simpul.web.policy import Request, officer

OFFERED = 8


def _saver(request: Request, saver_id: UUID) -> Any:
    return trying.found(access.saver_for, request, saver_id)


@officer(*shared.READING)
@require_GET
def listed(request: Request) -> HttpResponseBase:
    """The pass books, by number."""
    bank = shared.bank_or_404(request)
    given = request.GET
    filters = bank_books.Filters(
        words=given.get("kata", "").replace("\x00", "").strip()[:100],
        kind=given.get("jenis", "") if given.get("jenis", "") in prices.SAVERS else "",
        closed=given.get("tutup") == "1",
        page=reading.page_number(given.get("page", "")),
    )
    found, more = bank_books.listed(request.by, bank, filters)
    kept = {name: given[name] for name in ("kata", "jenis", "tutup") if given.get(name)}
    context = {
        "rows": [
            {
                "saver": one.saver,
                "number": shared.book_number(one.saver),
                "url": reverse("desk_waste_book", args=[one.saver.id]),
                "kind": _(prices.SAVERS[one.saver.kind]),
                "balance": money.rupiah(one.balance),
                "below": one.balance < 0,
            }
            for one in found
        ],
        "filters": filters,
        "filtered": bool(kept),
        "kinds": choices.pairs(prices.SAVERS),
        "may_open": shared.may(request, "saver.open"),
        "older_url": f"?{urlencode({**kept, 'page': filters.page + 1})}" if more else "",
        "newer_url": f"?{urlencode({**kept, 'page': filters.page - 1})}" if filters.page > 1 else "",
    }
    return shared.show(request, "desk/waste/books.html", "desk_waste_books", context, bank=bank)


@officer("saver.open")
def new(request: Request) -> HttpResponseBase:
    """Open a pass book: for a resident of the register, or by name alone."""
    bank = shared.bank_or_404(request)
    person = _person(request, request.GET.get("warga", ""))
    first = {"person": str(person.id), "name": person.full_name} if person else {}
    form = forms.SaverForm(
        request.POST if request.method == "POST" else None, region_code=bank.region_code, initial=first
    )
    made: list[Any] = []
    if form.is_valid() and trying.run(
        form,
        lambda: made.append(
            bank_savers.open_saver(
                by=request.by,
                at=timezone.now(),
                bank_id=bank.id,
                given=form.given(),
                saver_id=form.cleaned_data["key"],
            )
        ),
    ):
        messages.success(request, _("Opened. Print the pass book, or weigh at once."))
        return redirect("desk_waste_book", saver_id=made[0].id)
    return _form(request, bank, form, None, person)


def _person(request: Request, typed: str) -> Any:
    key = reading.key(typed)
    if key is None:
        return None
    return trying.found(people_access.person_for, request, key)


def _form(request: Request, bank: Any, form: Any, saver: Any, person: Any) -> HttpResponseBase:
    typed = request.GET.get("cari", "").replace("\x00", "").strip()[:100]
    found = residents.find_persons(request.by, residents.Filters(words=typed)).rows if typed else ()
    context = {
        "form": form,
        "saver": saver,
        "person": person,
        "typed": typed,
        "found": found[:OFFERED],
        "may_search": saver is None and people_access.visible(request.by).exists(),
    }
    status = 422 if form.errors else 200
    return shared.show(
        request, "desk/waste/book_form.html", "desk_waste_books", context, bank=bank, status=status
    )


@officer(*shared.READING)
@require_GET
def one(request: Request, saver_id: UUID) -> HttpResponseBase:
    """One pass book with its statement."""
    saver = _saver(request, saver_id)
    page = reading.page_number(request.GET.get("page", ""))
    context = {
        **_whole(request, saver, page),
        "may": {
            name: shared.may(request, act)
            for name, act in (
                ("weigh", "deposit.record"),
                ("pay_out", "withdrawal.record"),
                ("change", "saver.change"),
                ("close", "saver.close"),
                ("renew", "passbook.renew"),
            )
        },
    }
    return shared.show(request, "desk/waste/book.html", "desk_waste_books", context, bank=saver.bank)


def _whole(request: Request, saver: Any, page: int) -> dict[str, Any]:
    found, more = bank_books.entries(saver, page)
    whole = bank_books.whole(saver)
    return {
        "saver": saver,
        "number": shared.book_number(saver),
        "kind": _(prices.SAVERS[saver.kind]),
        "balance": money.rupiah(whole.balance),
        "below": whole.balance < 0,
        "brought": money.weight(whole.grams),
        "rows": [_entry(saver, row) for row in found],
        "link": request.build_absolute_uri(reverse("portal_waste_book", args=[saver.token])),
        "opened": words.moment(saver.recorded_at, saver.bank.region_code),
        "older_url": f"?{urlencode({'page': page + 1})}" if more else "",
        "newer_url": f"?{urlencode({'page': page - 1})}" if page > 1 else "",
    }


def _entry(saver: Any, row: bank_books.Entry) -> dict[str, Any]:
    return {
        "posting": row.posting,
        "number": shared.number(row.posting),
        "url": reverse("desk_waste_posting", args=[row.posting.id]),
        "day": words.short_day(row.posting.done_at, saver.bank.region_code),
        "kind": _(ledger.KINDS[row.posting.kind]),
        "what": ", ".join(
            f"{line.waste.name} {money.weight(line.grams)}" for line in row.kinds if line.waste
        ),
        "gross": money.rupiah(row.gross) if row.gross else "",
        "change": money.rupiah(row.change),
        "down": row.change < 0,
        "balance": money.rupiah(row.balance),
    }


@officer("saver.change")
def change(request: Request, saver_id: UUID) -> HttpResponseBase:
    """Change what is said of a saver."""
    saver = _saver(request, saver_id)
    first = {
        "kind": saver.kind,
        "name": saver.name,
        "person": str(saver.person_id or ""),
        "is_minor": saver.is_minor,
        "guardian": saver.guardian,
        "hamlet": str(saver.hamlet_id or ""),
        "phone": saver.phone,
    }
    post = request.POST if request.method == "POST" else None
    form = forms.SaverForm(post, region_code=saver.bank.region_code, initial=first)
    if form.is_valid() and trying.run(
        form,
        lambda: bank_savers.change_saver(
            by=request.by, at=timezone.now(), saver_id=saver.id, given=form.given()
        ),
    ):
        messages.success(request, _("Changed."))
        return redirect("desk_waste_book", saver_id=saver.id)
    return _form(request, saver.bank, form, saver, None)


@officer("withdrawal.record")
def pay_out(request: Request, saver_id: UUID) -> HttpResponseBase:
    """Pay savings out."""
    saver = _saver(request, saver_id)
    form = forms.MoneyForm(request.POST if request.method == "POST" else None, without=("receipt",))
    now = timezone.now()
    made: list[Any] = []
    if form.is_valid() and trying.run(
        form,
        lambda: made.append(
            bank_counter.record_withdrawal(
                by=request.by,
                at=now,
                saver_id=saver.id,
                rupiah=form.cleaned_data["rupiah"],
                words=form.cleaned_data["words"],
                done_at=forms.moment_of(form.cleaned_data["day"], saver.bank.region_code, now),
                posting_id=form.cleaned_data["key"],
            )
        ),
    ):
        messages.success(request, _("Paid out. Let the saver sign the receipt."))
        return redirect("desk_waste_posting", posting_id=made[0].id)
    whole = bank_books.whole(saver)
    facts = [
        (_("Pass book"), f"{shared.book_number(saver)} {saver.name}"),
        (_("In the book"), money.rupiah(whole.balance)),
    ]
    back = reverse("desk_waste_book", args=[saver.id])
    return home.small(request, saver.bank, form, _("Pay savings out"), back, _("Pay out"), facts=facts)


@officer(*shared.READING)
@require_GET
def paper(request: Request, saver_id: UUID) -> HttpResponseBase:
    """The pass book as an A5 booklet: cover with QR, and the last page of the statement."""
    saver = _saver(request, saver_id)
    context = {**_whole(request, saver, 1), "printed": words.moment(timezone.now(), saver.bank.region_code)}
    context["rows"] = list(reversed(context["rows"]))
    context["empty_lines"] = range(max(0, 18 - len(context["rows"])))
    return shared.show(request, "desk/waste/book_print.html", "", context, bank=saver.bank)


@officer("saver.close")
@require_POST
def close(request: Request, saver_id: UUID) -> HttpResponseBase:
    """Close a pass book at nought."""
    return trying.attempt(
        request,
        lambda: bank_savers.close_saver(by=request.by, at=timezone.now(), saver_id=saver_id),
        reverse("desk_waste_book", args=[saver_id]),
    )


@officer("saver.reopen")
@require_POST
def reopen(request: Request, saver_id: UUID) -> HttpResponseBase:
    """Open it again."""
    return trying.attempt(
        request,
        lambda: bank_savers.reopen_saver(by=request.by, at=timezone.now(), saver_id=saver_id),
        reverse("desk_waste_book", args=[saver_id]),
    )


@officer("passbook.renew")
@require_POST
def renew(request: Request, saver_id: UUID) -> HttpResponseBase:
    """A new code for a lost pass book."""

    def act() -> None:
        bank_savers.renew_passbook(by=request.by, at=timezone.now(), saver_id=saver_id)
        messages.success(request, _("The old code shows nothing any more. Print the pass book again."))

    return trying.attempt(request, act, reverse("desk_waste_book", args=[saver_id]))
