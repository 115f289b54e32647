"""The scale, for one volunteer with a phone: whose waste it is, the kinds with large numbers, and the running total."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.community.access import bank as access
from simpul.community.actions import bank_counter
from simpul.community.queries import bank as queries
from simpul.community.queries import bank_books
from simpul.community.queries import bank_counter as counting
from simpul.community.rules import ledger, prices, sharing
from simpul.lib import money
from simpul.lib.errors import Refused
from simpul.web import reading
from simpul.web.desk import frame, trying, words
from simpul.web.desk.waste import forms, shared
from simpul.web.policy import Request, officer


@officer("deposit.record")
@require_GET
def whose(request: Request) -> HttpResponseBase:
    """Whose waste is it? A number, a name, the code of a pass book; or one of those who were here last."""
    bank = shared.bank_or_404(request)
    typed = request.GET.get("q", "").replace("\x00", "").strip()[:120]
    found = bank_books.listed(request.by, bank, bank_books.Filters(words=typed))[0] if typed else []
    if typed and len(found) == 1:
        return redirect("desk_waste_weigh", saver_id=found[0].saver.id)
    now = timezone.now()
    terms = queries.terms_on(bank, queries.day_of(bank, now))
    context = {
        "typed": typed,
        "found": [_book(one.saver) for one in found[:12]],
        "recent": [_book(one) for one in bank_books.recent(bank)],
        "is_open": prices.is_open(queries.day_of(bank, now), terms.open_days),
        "today": words.day(queries.day_of(bank, now)),
        "may_open": shared.may(request, "saver.open"),
    }
    return shared.show(request, "desk/waste/whose.html", "desk_waste_scale", context, bank=bank)


def _book(saver: Any) -> dict[str, Any]:
    return {
        "saver": saver,
        "number": shared.book_number(saver),
        "url": reverse("desk_waste_weigh", args=[saver.id]),
        "kind": _(prices.SAVERS[saver.kind]),
    }


@officer("deposit.record")
def weigh(request: Request, saver_id: UUID) -> HttpResponseBase:
    """Weigh the waste of one pass book."""
    saver = trying.found(access.saver_for, request, saver_id)
    return _weigh(request, saver.bank, saver)


@officer("deposit.record")
def gift(request: Request) -> HttpResponseBase:
    """Weigh waste that somebody gives away, without a pass book."""
    return _weigh(request, shared.bank_or_404(request), None)


def _weigh(request: Request, bank: Any, saver: Any) -> HttpResponseBase:
    now = timezone.now()
    kinds = queries.kinds(bank, queries.day_of(bank, now))
    form = forms.WeighForm(
        request.POST if request.method == "POST" else None, kinds=kinds, named=saver is not None
    )
    made: list[Any] = []

    def act() -> None:
        said = form.cleaned_data
        made.append(
            bank_counter.record_deposit(
                by=request.by,
                at=now,
                bank_id=bank.id,
                weighed=[counting.Weighed(key, grams) for key, grams in form.weighed()],
                saver_id=saver.id if saver else None,
                donated=said.get("donated", False),
                done_at=forms.moment_of(said["day"], bank.region_code, now),
                posting_id=said["key"],
            )
        )

    if form.is_valid() and trying.run(form, act):
        messages.success(request, _("Stored: %(sum)s.") % {"sum": money.rupiah(made[0].rupiah)})
        return redirect("desk_waste_posting", posting_id=made[0].id)
    groups: dict[str, list[Any]] = {}
    for one, field in form.rows():
        groups.setdefault(_(prices.GROUPS[one.waste.group]), []).append((one, field))
    context = {
        "form": form,
        "saver": saver,
        "book": shared.book_number(saver) if saver else "",
        "balance": money.rupiah(bank_books.whole(saver).balance) if saver else "",
        "groups": groups,
        "total": _reckoned(bank, saver, form),
    }
    status = 422 if form.errors else 200
    return shared.show(
        request, "desk/waste/weigh.html", "desk_waste_scale", context, bank=bank, status=status
    )


@officer("deposit.record")
@require_POST
def total(request: Request) -> HttpResponseBase:
    """The running total of what stands in the form: reckoned by the same rule as the posting."""
    bank = shared.bank_or_404(request)
    saver = None
    key = reading.key(request.POST.get("buku", ""))
    if key is not None:
        saver = trying.found(access.saver_for, request, key)
        bank = saver.bank
    kinds = queries.kinds(bank, queries.day_of(bank, timezone.now()))
    form = forms.WeighForm(request.POST, kinds=kinds, named=saver is not None)
    form.is_valid()
    context = {"total": _reckoned(bank, saver, form), "wrong": [form[name].label for name in form.errors]}
    return frame.show(request, "desk/waste/_total.html", context)


def _reckoned(bank: Any, saver: Any, form: Any) -> dict[str, Any] | None:
    """What the form comes to; None while nothing is weighed."""
    if not form.is_bound or not hasattr(form, "cleaned_data"):
        return None
    weighed = [counting.Weighed(key, grams) for key, grams in form.weighed()]
    day = form.cleaned_data.get("day") or queries.day_of(bank, timezone.now())
    gift_ = saver is None or bool(form.cleaned_data.get("donated"))
    try:
        found = counting.reckon(bank, weighed, saver, gift=gift_, day=day)
    except Refused:
        return None
    share = queries.share_of(queries.sharing_on(bank, day))
    parts = sharing.Parts(0, 0, found.rupiah) if gift_ else sharing.split(found.rupiah, share)
    return {
        "rupiah": money.rupiah(found.rupiah),
        "weight": money.weight(found.grams),
        "kinds": len(found.lines),
        "saver": money.rupiah(parts.saver),
        "costs": money.rupiah(parts.costs),
        "fund": money.rupiah(parts.fund),
        "flags": [_(ledger.FLAGS[code]) for code in found.flags],
    }
