"""The cash box and the development fund: counting, costs, money put in, what the fund holds and pays for."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul.community.access import works as work_access
from simpul.community.actions import bank_money
from simpul.community.queries import bank as queries
from simpul.community.queries import bank_public
from simpul.lib import money
from simpul.web import reading
from simpul.web.desk import trying, words
from simpul.web.desk.waste import forms, home, shared
from simpul.web.policy import Request, officer


@officer("cash.count")
@require_GET
def box(request: Request) -> HttpResponseBase:
    """What the box should hold, the last counts, and what was paid in and out."""
    bank = shared.bank_or_404(request)
    held = queries.holding(bank)
    counts = queries.postings(bank, queries.Filters(kind="count"))[0]
    costs = queries.postings(bank, queries.Filters(kind="expense"))[0]
    put_in = queries.postings(bank, queries.Filters(kind="capital"))[0]
    context = {
        "stats": [
            (money.rupiah(held.cash), _("in the cash box by the book")),
            (money.rupiah(held.costs), _("kept for costs")),
            (money.rupiah(held.capital), _("put in")),
            (money.rupiah(held.difference), _("missing in counts so far")),
        ],
        "tables": [
            (_("Counts of the cash box"), [shared.posting(one) for one in counts[:8]]),
            (_("Running costs"), [shared.posting(one) for one in costs[:8]]),
            (_("Money put in"), [shared.posting(one) for one in put_in[:8]]),
        ],
        "account": queries.accounts(bank)["cash"],
    }
    return shared.show(request, "desk/waste/cash.html", "desk_waste_cash", context, bank=bank)


@officer("cash.count")
def count(request: Request) -> HttpResponseBase:
    """Count the box."""
    bank = shared.bank_or_404(request)
    form = forms.CountForm(request.POST if request.method == "POST" else None)
    made: list[Any] = []
    if form.is_valid() and trying.run(
        form,
        lambda: made.append(
            bank_money.count_cash(
                by=request.by,
                at=timezone.now(),
                bank_id=bank.id,
                counted=form.cleaned_data["counted"],
                words=form.cleaned_data["words"],
                posting_id=form.cleaned_data["key"],
            )
        ),
    ):
        said = (
            _("The box is right.")
            if not made[0].rupiah
            else _("Differs by %(sum)s, and that is written down.")
        )
        messages.success(request, said % {"sum": money.rupiah(made[0].rupiah)} if made[0].rupiah else said)
        return redirect("desk_waste_cash")
    lead = _("Count first, without looking at the book. The difference is written down, not hidden.")
    return home.small(
        request, bank, form, _("Count the cash box"), reverse("desk_waste_cash"), _("Counted"), lead=lead
    )


def _done(form: Any, bank: Any, now: Any) -> dict[str, Any]:
    said = form.cleaned_data
    return {
        "rupiah": said["rupiah"],
        "words": said["words"],
        "done_at": forms.moment_of(said.get("day"), bank.region_code, now),
        "posting_id": said["key"],
    }


@officer("expense.record")
def expense(request: Request) -> HttpResponseBase:
    """Pay running costs."""
    bank = shared.bank_or_404(request)
    form = forms.MoneyForm(request.POST if request.method == "POST" else None, need=("words",))
    now = timezone.now()
    if form.is_valid() and trying.run(
        form,
        lambda: bank_money.record_expense(
            by=request.by,
            at=now,
            bank_id=bank.id,
            receipt=form.cleaned_data["receipt"],
            **_done(form, bank, now),
        ),
    ):
        messages.success(request, _("Written down."))
        return redirect("desk_waste_cash")
    facts = [(_("Kept for costs"), money.rupiah(queries.holding(bank).costs))]
    return home.small(
        request, bank, form, _("Pay running costs"), reverse("desk_waste_cash"), _("Write down"), facts=facts
    )


@officer("capital.record")
def capital(request: Request) -> HttpResponseBase:
    """Put money into the box, or give it back."""
    bank = shared.bank_or_404(request)
    form = forms.CapitalForm(request.POST if request.method == "POST" else None)
    form.fields["words"].label = _("From whom, or to whom?")
    now = timezone.now()
    if form.is_valid() and trying.run(
        form,
        lambda: bank_money.record_capital(
            by=request.by,
            at=now,
            bank_id=bank.id,
            back=form.cleaned_data["way"] == "back",
            **_done(form, bank, now),
        ),
    ):
        messages.success(request, _("Written down."))
        return redirect("desk_waste_cash")
    return home.small(
        request, bank, form, _("Money put in or given back"), reverse("desk_waste_cash"), _("Write down")
    )


@officer("sale.record")
@require_GET
def fund(request: Request) -> HttpResponseBase:
    """What the fund holds, what it got, what it paid for."""
    bank = shared.bank_or_404(request)
    found = bank_public.statement(bank)
    context = {
        "stats": [
            (money.rupiah(found.fund), _("in the development fund")),
            (money.rupiah(found.fund_in), _("came in so far")),
            (money.rupiah(found.fund_out), _("paid for works so far")),
            (money.rupiah(queries.holding(bank).free), _("result of sales, not given to the fund yet")),
        ],
        "rows": [
            {
                "posting": row,
                "day": words.day(row["one"].done_at.date()),
                "work": row["one"].work,
            }
            for row in map(shared.posting, queries.postings(bank, queries.Filters(kind="spending"))[0])
        ],
        "public": reverse("portal_waste", args=[bank.region_code]),
        "account": queries.accounts(bank)["fund"],
        "may_spend": shared.may(request, "fund.spend"),
        "may_assign": shared.may(request, "margin.assign"),
    }
    return shared.show(request, "desk/waste/fund.html", "desk_waste_fund", context, bank=bank)


@officer("fund.spend")
def spend(request: Request) -> HttpResponseBase:
    """Pay for a work."""
    bank = shared.bank_or_404(request)
    rows = work_access.visible(request.by).filter(region_code=bank.region_code).exclude(state="called_off")
    works = [(str(one.id), one.title) for one in rows.order_by("-changed_at")[:200]]
    first = {"work": request.GET.get("karya", "")}
    form = forms.SpendForm(request.POST if request.method == "POST" else None, works=works, initial=first)
    now = timezone.now()
    made: list[Any] = []
    if form.is_valid() and trying.run(
        form,
        lambda: made.append(
            bank_money.spend_fund(
                by=request.by,
                at=now,
                bank_id=bank.id,
                work_id=reading.key(form.cleaned_data["work"]),
                receipt=form.cleaned_data["receipt"],
                **_done(form, bank, now),
            )
        ),
    ):
        messages.success(request, _("Paid. It stands on the public page of the fund now."))
        return redirect("desk_waste_fund")
    held = queries.holding(bank)
    facts = [
        (_("In the fund"), money.rupiah(held.fund)),
        (_("In the cash box"), money.rupiah(held.cash)),
    ]
    lead = _("Everybody can read what the fund paid for, how much, and the number of the receipt.")
    if not works:
        lead = _("There is no work of this village yet. Write the work down first, under Works.")
    return home.small(
        request, bank, form, _("Pay for a work"), reverse("desk_waste_fund"), _("Pay"), lead=lead, facts=facts
    )


@officer("margin.assign")
def assign(request: Request) -> HttpResponseBase:
    """Give a gain of sales to the fund."""
    bank = shared.bank_or_404(request)
    free = queries.holding(bank).free
    form = forms.MoneyForm(
        request.POST if request.method == "POST" else None, without=("receipt",), need=("words",)
    )
    form.fields["words"].label = _("Decided by whom, and when?")
    now = timezone.now()
    if form.is_valid() and trying.run(
        form,
        lambda: bank_money.assign_margin(by=request.by, at=now, bank_id=bank.id, **_done(form, bank, now)),
    ):
        messages.success(request, _("Given to the fund."))
        return redirect("desk_waste_fund")
    facts = [(_("Result of sales, not given yet"), money.rupiah(free))]
    return home.small(
        request, bank, form, _("Give a gain to the fund"), reverse("desk_waste_fund"), _("Give"), facts=facts
    )
