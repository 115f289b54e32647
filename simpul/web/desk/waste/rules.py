"""What the village sets: kinds and prices, opening days and limits, how value is shared."""

from __future__ import annotations

from datetime import date, timedelta
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
from simpul.community.queries import bank as queries
from simpul.community.rules import prices
from simpul.lib import money, when
from simpul.meetings import queries as meeting_queries
from simpul.web.desk import trying, words
from simpul.web.desk.waste import forms, home, shared
from simpul.web.policy import Request, officer


def _grouped(bank: Any, day: Any, *, also_closed: bool = False) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in queries.kinds(bank, day, also_closed=also_closed):
        row = {
            "waste": one.waste,
            "paid": money.rupiah(one.price.in_per_kg) if one.price else "",
            "asked": money.rupiah(one.price.out_per_kg) if one.price and one.price.out_per_kg else "",
            "since": words.day(one.price.from_date) if one.price else "",
        }
        groups.setdefault(_(prices.GROUPS[one.waste.group]), []).append(row)
    return groups


@officer(*shared.READING)
@require_GET
def price_list(request: Request) -> HttpResponseBase:
    """Kinds with the prices of today."""
    bank = shared.bank_or_404(request)
    today = queries.day_of(bank, timezone.now())
    context = {
        "groups": _grouped(bank, today, also_closed=True),
        "today": words.day(today),
        "may_set": shared.may(request, "prices.set"),
        "may_add": shared.may(request, "waste.add"),
    }
    return shared.show(request, "desk/waste/prices.html", "desk_waste_prices", context, bank=bank)


@officer(*shared.READING)
@require_GET
def prices_paper(request: Request) -> HttpResponseBase:
    """The price list for the wall."""
    bank = shared.bank_or_404(request)
    today = queries.day_of(bank, timezone.now())
    terms = queries.terms_on(bank, today)
    context = {
        "groups": _grouped(bank, today),
        "today": words.day(today),
        "terms": terms,
        "days": _days(terms.open_days),
        "minimum": money.weight(terms.minimum_grams) if terms.minimum_grams else "",
    }
    return shared.show(request, "desk/waste/prices_print.html", "", context, bank=bank)


def _days(found: Any) -> str:
    monday = date(2026, 1, 5)
    return ", ".join(when.weekday_name(monday + timedelta(days=day), words.language()) for day in found)


@officer("prices.set")
def change_prices(request: Request) -> HttpResponseBase:
    """Set prices from a day on."""
    bank = shared.bank_or_404(request)
    today = queries.day_of(bank, timezone.now())
    kinds = queries.kinds(bank, today)
    form = forms.PricesForm(
        request.POST if request.method == "POST" else None, kinds=kinds, initial={"from_date": today}
    )
    done: list[int] = []
    if form.is_valid() and trying.run(
        form,
        lambda: done.append(
            setting.set_prices(
                by=request.by,
                at=timezone.now(),
                bank_id=bank.id,
                from_date=form.cleaned_data["from_date"],
                given=form.given(),
            )
        ),
    ):
        messages.success(request, _("Prices changed: %(n)s.") % {"n": done[0]})
        return redirect("desk_waste_prices")
    context = {"form": form}
    status = 422 if form.errors else 200
    return shared.show(
        request, "desk/waste/prices_form.html", "desk_waste_prices", context, bank=bank, status=status
    )


@officer("waste.add")
def new_kind(request: Request) -> HttpResponseBase:
    """Take another kind."""
    bank = shared.bank_or_404(request)
    form = forms.WasteForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and trying.run(
        form,
        lambda: setting.add_waste(
            by=request.by,
            at=timezone.now(),
            bank_id=bank.id,
            given=form.given(),
            waste_id=form.cleaned_data["key"],
        ),
    ):
        messages.success(request, _("Added. Give it a price next."))
        return redirect("desk_waste_prices_change")
    return home.small(request, bank, form, _("Take another kind"), reverse("desk_waste_prices"), _("Add"))


@officer("waste.change")
def kind(request: Request, waste_id: UUID) -> HttpResponseBase:
    """One kind: change it, and see all its prices."""
    waste = trying.found(access.waste_for, request, waste_id)
    first = {"name": waste.name, "group": waste.group, "hint": waste.hint, "is_active": waste.is_active}
    form = forms.WasteForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_valid() and trying.run(
        form,
        lambda: setting.change_waste(by=request.by, at=timezone.now(), waste_id=waste.id, given=form.given()),
    ):
        messages.success(request, _("Changed."))
        return redirect("desk_waste_prices")
    facts = [
        (
            words.day(one.from_date),
            _("%(paid)s to savers, %(asked)s from collectors")
            % {"paid": money.rupiah(one.in_per_kg), "asked": money.rupiah(one.out_per_kg)},
        )
        for one in queries.price_history(waste)
    ]
    return home.small(
        request, waste.bank, form, waste.name, reverse("desk_waste_prices"), _("Save"), facts=facts
    )


@officer(*shared.READING)
@require_GET
def rules(request: Request) -> HttpResponseBase:
    """What is set today, and every rule of sharing with its decision."""
    bank = shared.bank_or_404(request)
    today = queries.day_of(bank, timezone.now())
    terms = queries.terms_on(bank, today)
    valid = queries.sharing_on(bank, today)
    context = {
        "facts": [
            {"key": _("Opening days"), "value": _days(terms.open_days) or _("every day")},
            {"key": _("Hours"), "value": terms.hours},
            {
                "key": _("Least weight of a deposit"),
                "value": money.weight(terms.minimum_grams) if terms.minimum_grams else _("none"),
            },
            {
                "key": _("Least withdrawal"),
                "value": money.rupiah(terms.least_withdrawal) if terms.least_withdrawal else _("none"),
            },
            {
                "key": _("Two people reverse a posting from"),
                "value": money.rupiah(terms.two_people_from) if terms.two_people_from else _("never"),
            },
        ],
        "rows": [
            {
                "one": one,
                "from": words.day(one.from_date),
                "saver": shared.percent(one.saver_bp),
                "costs": shared.percent(one.costs_bp),
                "fund": shared.percent(one.fund_bp),
                "valid": valid is not None and one.id == valid.id,
            }
            for one in queries.sharings(bank)
        ],
        "may_set": shared.may(request, "sharing.set"),
    }
    return shared.show(request, "desk/waste/rules.html", "desk_waste_rules", context, bank=bank)


@officer("terms.set")
def terms(request: Request) -> HttpResponseBase:
    """Set opening days and limits from a day on."""
    bank = shared.bank_or_404(request)
    today = queries.day_of(bank, timezone.now())
    now = queries.terms_on(bank, today)
    first = {
        "from_date": today,
        "open_days": [str(day) for day in now.open_days],
        "hours": now.hours,
        "minimum": money.weight(now.minimum_grams) if now.minimum_grams else "",
        "least_withdrawal": now.least_withdrawal or None,
        "two_people_from": now.two_people_from or None,
    }
    form = forms.TermsForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_valid() and trying.run(
        form,
        lambda: setting.set_terms(
            by=request.by,
            at=timezone.now(),
            bank_id=bank.id,
            given=form.given(),
            terms_id=form.cleaned_data["key"],
        ),
    ):
        messages.success(request, _("Set."))
        return redirect("desk_waste_rules")
    return home.small(
        request, bank, form, _("Opening days and limits"), reverse("desk_waste_rules"), _("Set")
    )


@officer("sharing.set")
def share(request: Request) -> HttpResponseBase:
    """Set how value is shared from a day on."""
    bank = shared.bank_or_404(request)
    today = queries.day_of(bank, timezone.now())
    valid = queries.sharing_on(bank, today)
    first: dict[str, Any] = {"from_date": today}
    if valid is not None:
        first |= {name: shared.percent(getattr(valid, name)) for name in ("saver_bp", "costs_bp", "fund_bp")}
    form = forms.SharingForm(
        request.POST if request.method == "POST" else None, meetings=_meetings(request), initial=first
    )
    if form.is_valid() and trying.run(
        form,
        lambda: setting.set_sharing(
            by=request.by,
            at=timezone.now(),
            bank_id=bank.id,
            given=form.given(),
            sharing_id=form.cleaned_data["key"],
        ),
    ):
        messages.success(request, _("Set."))
        return redirect("desk_waste_rules")
    lead = _(
        "Of every deposit so much is the saver's, so much is kept for costs, and so much goes to the development fund."
    )
    return home.small(
        request, bank, form, _("How value is shared"), reverse("desk_waste_rules"), _("Set"), lead=lead
    )


def _meetings(request: Request) -> list[tuple[str, str]]:
    """Musyawarah of the area that were closed."""
    found = meeting_queries.listed(request.by, meeting_queries.Filters(state="closed"))
    return [
        (str(one.id), f"{one.title}, {words.short_day(one.closed_at, one.region_code)}") for one in found.rows
    ]
