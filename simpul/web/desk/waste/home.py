"""The opening page of the waste bank: what it holds, what waits, what to do next; and opening one."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.community.actions import bank as setting
from simpul.community.actions import bank_exporting
from simpul.community.queries import bank as queries
from simpul.community.rules import prices
from simpul.lib import money, text
from simpul.regions import queries as region_queries
from simpul.web.desk import trying, words
from simpul.web.desk.waste import forms, shared
from simpul.web.policy import Request, officer


@officer(*shared.READING)
@require_GET
def home(request: Request) -> HttpResponseBase:
    """What the bank holds, the last postings, and what waits; a village without a bank learns how to open one."""
    bank = shared.current(request)
    if bank is None:
        none: dict[str, Any] = {
            "may_open": shared.may(request, "bank.open") and len(request.by.served_areas[0]) == 10
        }
        return shared.show(request, "desk/waste/none.html", shared.HERE, none)
    held = queries.holding(bank)
    rows, _more = queries.postings(bank, queries.Filters())
    today = queries.day_of(bank, timezone.now())
    rule = queries.sharing_on(bank, today)
    kinds = queries.kinds(bank, today)
    context = {
        "stats": _opened(
            request,
            (money.rupiah(held.savers), _("held for savers"), "desk_waste_books"),
            (money.rupiah(held.fund), _("in the development fund"), "desk_waste_fund"),
            (money.rupiah(held.cash), _("in the cash box by the book"), "desk_waste_cash"),
            (
                money.weight(sum(one.grams for one in queries.stocks(bank).values())),
                _("in the store"),
                "desk_waste_store",
            ),
            (money.rupiah(held.owed), _("owed by collectors"), "desk_waste_store"),
        ),
        "rows": [shared.posting(one) for one in rows[:8]],
        "asks": [_ask(request, one) for one in queries.asks(bank)],
        "steps": _steps(request, bank, any(one.price for one in kinds), rule is not None),
        "where": region_queries.path_names(bank.region_code),
        "others": [one for one in queries.banks(request.by) if one.id != bank.id],
        "may_weigh": shared.may(request, "deposit.record"),
        "may_export": shared.may(request, "tonnage.export"),
        "may_change": shared.may(request, "bank.change"),
        "years": range(today.year, max(today.year - 3, bank.recorded_at.year - 1), -1),
    }
    return shared.show(request, "desk/waste/home.html", shared.HERE, context, bank=bank)


def _steps(request: Request, bank: Any, priced: bool, shared_out: bool) -> list[dict[str, Any]]:
    """What is still to be set before the first deposit."""
    wanted = [
        (
            priced,
            "prices.set",
            "desk_waste_prices_change",
            _("Set prices: without one a deposit stands at nought rupiah."),
        ),
        (
            shared_out,
            "sharing.set",
            "desk_waste_share",
            _("Set how the value is shared, as a meeting decided. Until then all of it is the saver's."),
        ),
        (bank.last_saver > 0, "saver.open", "desk_waste_book_new", _("Open the first pass book.")),
        (
            bank.collectors.exists(),
            "collector.add",
            "desk_waste_collector_new",
            _("Write down who buys the lots."),
        ),
    ]
    return [
        {"words": said, "url": reverse(name) if shared.may(request, act) else ""}
        for done, act, name, said in wanted
        if not done
    ]


def _opened(request: Request, *figures: tuple[str, str, str]) -> list[tuple[str, str, str]]:
    """The figures, each with its page where this seat may open it."""
    open_to = {name for name, _label, acts in shared.TABS if any(shared.may(request, act) for act in acts)}
    return [(number, label, reverse(name) if name in open_to else "") for number, label, name in figures]


def _ask(request: Request, ask: Any) -> dict[str, Any]:
    return {
        "ask": ask,
        "number": shared.number(ask.posting),
        "url": reverse("desk_waste_posting", args=[ask.posting_id]),
        "rupiah": money.rupiah(ask.posting.rupiah),
        "when": words.moment(ask.recorded_at, ask.posting.bank.region_code),
        "mine": ask.user_id == request.by.user_id,
    }


@officer("bank.open")
def new(request: Request) -> HttpResponseBase:
    """Open the waste bank of the seat's village."""
    own = request.by.served_areas[0]
    if len(own) != 10:
        raise Http404
    if shared.current(request) is not None:
        return redirect("desk_waste")
    form = forms.OpenForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and trying.run(
        form,
        lambda: setting.open_bank(by=request.by, at=timezone.now(), region_code=own, **form.cleaned_data),
    ):
        messages.success(request, _("Opened. Set the prices next."))
        return redirect("desk_waste")
    return small(request, None, form, _("Open the waste bank"), reverse("desk_waste"), _("Open"))


@officer("bank.change")
def rename(request: Request) -> HttpResponseBase:
    """Change name and place."""
    bank = shared.bank_or_404(request)
    first = {"name": bank.name, "place": bank.place}
    form = forms.OpenForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_valid() and trying.run(
        form,
        lambda: setting.change_bank(by=request.by, at=timezone.now(), bank_id=bank.id, **form.cleaned_data),
    ):
        return redirect("desk_waste")
    return small(request, bank, form, _("Name and place"), reverse("desk_waste"), _("Save"))


def small(
    request: Request,
    bank: Any,
    form: Any,
    title: str,
    back: str,
    button: str,
    *,
    lead: str = "",
    facts: Any = (),
) -> HttpResponseBase:
    """A page with one form."""
    context = {"form": form, "title": title, "back": back, "button": button, "lead": lead, "facts": facts}
    status = 422 if form.errors else 200
    return shared.show(request, "desk/waste/form.html", "", context, bank=bank, status=status)


@officer("tonnage.export")
@require_POST
def tonnage(request: Request) -> HttpResponseBase:
    """The monthly tonnage of a year as a file for SIPSN."""
    bank = shared.bank_or_404(request)
    typed = request.POST.get("tahun", "")
    now = timezone.now()
    year = (
        int(typed)
        if typed.isascii() and typed.isdigit() and len(typed) == 4 and typed[0] == "2"
        else now.year
    )
    rows = bank_exporting.export_tonnage(by=request.by, at=now, bank_id=bank.id, year=year)
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(
        [
            "kode_wilayah",
            "bank_sampah",
            "bulan",
            "kelompok",
            "masuk_ton",
            "terjual_ton",
            "kerajinan_ton",
            "susut_ton",
        ]
    )
    for one in rows:
        cells = [bank.region_code, text.neutralise_cell(bank.name), one.month, _(prices.GROUPS[one.group])]
        writer.writerow(
            [*cells, *(f"{grams / 1_000_000:.6f}" for grams in (one.came, one.sold, one.craft, one.lost))]
        )
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="sipsn-{bank.region_code}-{year}.csv"'
    return answer
