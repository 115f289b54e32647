"""The store: what is there, lots to collectors, what they pay, what crafts take, and weighing the store."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul.community.access import bank as access
from simpul.community.actions import bank as setting
from simpul.community.actions import bank_stock
from simpul.community.queries import bank as queries
from simpul.lib import money
from simpul.web import reading
from simpul.web.desk import trying
from simpul.web.desk.waste import forms, home, shared
from simpul.web.policy import Request, officer


@officer("sale.record")
@require_GET
def store(request: Request) -> HttpResponseBase:
    """What is in the store by kind, and what collectors owe."""
    bank = shared.bank_or_404(request)
    stocks = queries.stocks(bank)
    kinds = queries.kinds(bank, queries.day_of(bank, timezone.now()), also_closed=True)
    context = {
        "rows": [
            {
                "kind": one.waste,
                "weight": money.weight(stocks[one.waste.id].grams),
                "value": money.rupiah(stocks[one.waste.id].rupiah),
                "url": reverse("desk_waste_account", args=[stocks[one.waste.id].account]),
            }
            for one in kinds
            if one.waste.id in stocks and stocks[one.waste.id].grams
        ],
        "total": money.weight(sum(one.grams for one in stocks.values())),
        "value": money.rupiah(sum(one.rupiah for one in stocks.values())),
        "collectors": [
            {"one": one, "owed": money.rupiah(owed), "owes": owed > 0}
            for one, owed in queries.collectors(bank)
        ],
        "may_add": shared.may(request, "collector.add"),
    }
    return shared.show(request, "desk/waste/store.html", "desk_waste_store", context, bank=bank)


@officer("sale.record")
def sell(request: Request) -> HttpResponseBase:
    """Sell a lot of one or several kinds."""
    bank = shared.bank_or_404(request)
    collectors = queries.collectors(bank)
    if not any(one.is_active for one, _owed in collectors):
        messages.info(request, _("Write down who buys first."))
        return redirect("desk_waste_collector_new")
    now = timezone.now()
    stocks = queries.stocks(bank)
    kinds = [
        one
        for one in queries.kinds(bank, queries.day_of(bank, now), also_closed=True)
        if one.waste.is_active or (one.waste.id in stocks and stocks[one.waste.id].grams)
    ]
    kinds.sort(key=lambda one: -(stocks[one.waste.id].grams if one.waste.id in stocks else 0))
    form = forms.SaleForm(
        request.POST if request.method == "POST" else None, kinds=kinds, collectors=collectors
    )
    made: list[Any] = []
    if form.is_valid() and trying.run(form, lambda: made.append(_sell(request, bank, form, now))):
        messages.success(request, _("Sold: %(sum)s.") % {"sum": money.rupiah(made[0].rupiah)})
        return redirect("desk_waste_posting", posting_id=made[0].id)
    context = {
        "form": form,
        "rows": [
            (one, *fields, money.weight(stocks[one.waste.id].grams) if one.waste.id in stocks else "")
            for one, *fields in form.rows()
        ],
    }
    status = 422 if form.errors else 200
    return shared.show(request, "desk/waste/sell.html", "desk_waste_store", context, bank=bank, status=status)


def _sell(request: Request, bank: Any, form: Any, now: Any) -> Any:
    said = form.cleaned_data
    return bank_stock.record_sale(
        by=request.by,
        at=now,
        collector_id=reading.known_key(said["collector"]),
        lots=[bank_stock.Lot(*lot) for lot in form.lots()],
        paid=said["paid"],
        receipt=said["receipt"],
        done_at=forms.moment_of(said["day"], bank.region_code, now),
        posting_id=said["key"],
    )


@officer("craft.record")
def craft(request: Request) -> HttpResponseBase:
    """Give something to crafts."""
    bank = shared.bank_or_404(request)
    form = _goods(request, bank)
    form.fields["words"].required = True
    made: list[Any] = []
    if form.is_valid() and trying.run(
        form,
        lambda: made.append(
            bank_stock.record_craft(
                by=request.by,
                at=timezone.now(),
                waste_id=reading.known_key(form.cleaned_data["waste"]),
                grams=form.cleaned_data["grams"],
                words=form.cleaned_data["words"],
                posting_id=form.cleaned_data["key"],
            )
        ),
    ):
        messages.success(request, _("Written down."))
        return redirect("desk_waste_store")
    lead = _(
        "Decoration, paving stones, school work: it leaves the store without being sold, and everybody can see for what."
    )
    return home.small(
        request, bank, form, _("Give to crafts"), reverse("desk_waste_store"), _("Write down"), lead=lead
    )


@officer("shrinkage.record")
def weigh_store(request: Request) -> HttpResponseBase:
    """Weigh what is really in the store."""
    bank = shared.bank_or_404(request)
    form = _goods(request, bank)
    form.fields["grams"].label = _("Weight in the store now (kg)")
    form.fields["words"].label = _("Remark")
    if form.is_valid() and trying.run(
        form,
        lambda: bank_stock.record_shrinkage(
            by=request.by,
            at=timezone.now(),
            waste_id=reading.known_key(form.cleaned_data["waste"]),
            counted_grams=form.cleaned_data["grams"],
            words=form.cleaned_data["words"],
            posting_id=form.cleaned_data["key"],
        ),
    ):
        messages.success(request, _("Written down. What was missing is booked as shrinkage."))
        return redirect("desk_waste_store")
    lead = _("Write what the scale shows. Less than the book is shrinkage, more was found.")
    return home.small(
        request, bank, form, _("Weigh the store"), reverse("desk_waste_store"), _("Write down"), lead=lead
    )


def _goods(request: Request, bank: Any) -> Any:
    kinds = queries.kinds(bank, queries.day_of(bank, timezone.now()), also_closed=True)
    first = {"waste": request.GET.get("jenis", "")}
    return forms.GoodsForm(request.POST if request.method == "POST" else None, kinds=kinds, initial=first)


@officer("collector.add")
def new_collector(request: Request) -> HttpResponseBase:
    """Write down who buys."""
    bank = shared.bank_or_404(request)
    post = request.POST if request.method == "POST" else None
    form = forms.CollectorForm(post, initial={"is_active": True})
    if form.is_valid() and trying.run(
        form,
        lambda: setting.add_collector(
            by=request.by,
            at=timezone.now(),
            bank_id=bank.id,
            given=form.given(),
            collector_id=form.cleaned_data["key"],
        ),
    ):
        return redirect("desk_waste_store")
    return home.small(request, bank, form, _("A collector"), reverse("desk_waste_store"), _("Add"))


def _collector(request: Request, collector_id: UUID) -> Any:
    return trying.found(access.collector_for, request, collector_id)


@officer("collector.change")
def collector(request: Request, collector_id: UUID) -> HttpResponseBase:
    """Change what is said of a collector."""
    one = _collector(request, collector_id)
    first = {"name": one.name, "phone": one.phone, "place": one.place, "is_active": one.is_active}
    form = forms.CollectorForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_valid() and trying.run(
        form,
        lambda: setting.change_collector(
            by=request.by, at=timezone.now(), collector_id=one.id, given=form.given()
        ),
    ):
        return redirect("desk_waste_store")
    return home.small(request, one.bank, form, one.name, reverse("desk_waste_store"), _("Save"))


@officer("payment.record")
def pay_in(request: Request, collector_id: UUID) -> HttpResponseBase:
    """A collector pays."""
    one = _collector(request, collector_id)
    owed = queries.standing(one.account.id)
    first = {"rupiah": owed} if owed > 0 else {}
    form = forms.MoneyForm(request.POST if request.method == "POST" else None, initial=first)
    form.fields["words"].label = _("Remark")
    now = timezone.now()
    made: list[Any] = []
    if form.is_valid() and trying.run(
        form,
        lambda: made.append(
            bank_stock.record_payment(
                by=request.by,
                at=now,
                collector_id=one.id,
                rupiah=form.cleaned_data["rupiah"],
                words=form.cleaned_data["words"],
                receipt=form.cleaned_data["receipt"],
                done_at=forms.moment_of(form.cleaned_data["day"], one.bank.region_code, now),
                posting_id=form.cleaned_data["key"],
            )
        ),
    ):
        messages.success(request, _("Written down."))
        return redirect("desk_waste_store")
    facts = [(_("Collector"), one.name), (_("Owes"), money.rupiah(owed))]
    return home.small(
        request,
        one.bank,
        form,
        _("A collector pays"),
        reverse("desk_waste_store"),
        _("Write down"),
        facts=facts,
    )
