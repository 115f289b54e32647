"""What the pages of the waste bank share: which bank, its tabs, postings and accounts in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from simpul import roles
from simpul.community.queries import bank as queries
from simpul.community.rules import ledger
from simpul.lib import money
from simpul.web import reading
from simpul.web.desk import frame, words
from simpul.web.policy import Request

HERE = "desk_waste"
READING = ("deposit.record", "fund.spend")
CHOSEN = "waste_bank"
TABS: Sequence[tuple[str, str, tuple[str, ...]]] = (
    ("desk_waste", "Overview", READING),
    ("desk_waste_scale", "Scale", ("deposit.record",)),
    ("desk_waste_books", "Pass books", READING),
    ("desk_waste_prices", "Prices", READING),
    ("desk_waste_store", "Store", ("sale.record",)),
    ("desk_waste_cash", "Cash box", ("cash.count",)),
    ("desk_waste_fund", "Fund", ("sale.record",)),
    ("desk_waste_rules", "Rules", READING),
    ("desk_waste_trial", "Trial balance", READING),
)


def names() -> dict[str, str]:
    """The tabs in words."""
    return {
        "Overview": _("Overview"),
        "Scale": _("Scale"),
        "Pass books": _("Pass books"),
        "Prices": _("Prices"),
        "Store": _("Store"),
        "Cash box": _("Cash box"),
        "Fund": _("Fund"),
        "Rules": _("Rules"),
        "Trial balance": _("Trial balance"),
    }


def current(request: Request) -> Any | None:
    """The bank this seat works with: the one that was chosen, else the first of its area; None when there is none yet."""
    found = queries.banks(request.by)
    wanted = reading.key(request.GET.get("bank", "") or str(request.session.get(CHOSEN, "")))
    chosen = next((one for one in found if one.id == wanted), None)
    if chosen is not None and request.GET.get("bank"):
        request.session[CHOSEN] = str(chosen.id)
    return chosen or next(iter(found), None)


def bank_or_404(request: Request) -> Any:
    """The bank; a page of one that is not there is not found."""
    found = current(request)
    if found is None:
        raise Http404
    return found


def may(request: Request, act: str) -> bool:
    """True when this seat may do it in its own area."""
    return roles.may_somewhere(request.by, act)


def show(
    request: Request,
    template: str,
    here: str,
    context: Mapping[str, Any],
    *,
    bank: Any = None,
    status: int = 200,
) -> HttpResponseBase:
    """A page of the bank with its tabs."""
    called = names()
    tabs = [
        {"label": called[label], "url": reverse(name), "current": name == here}
        for name, label, acts in TABS
        if any(may(request, act) for act in acts)
    ]
    base = {"bank": bank, "tabs": tabs}
    return frame.show(request, template, {**base, **context}, status=status, here=HERE)


def posting(one: Any) -> dict[str, Any]:
    """A posting as lists show it."""
    mirrored = getattr(one, "reversed_by", None) if hasattr(one, "reversed_by") else None
    return {
        "one": one,
        "url": reverse("desk_waste_posting", args=[one.id]),
        "number": number(one),
        "kind": _(ledger.KINDS[one.kind]),
        "when": words.moment(one.done_at, one.bank.region_code),
        "who": who(one),
        "rupiah": money.rupiah(one.rupiah),
        "grams": money.weight(one.grams) if one.grams else "",
        "flags": [_(ledger.FLAGS[code]) for code in one.flags if code in ledger.FLAGS],
        "reversed": number(mirrored) if mirrored is not None else "",
    }


def number(one: Any) -> str:
    """The number of a posting as it stands on paper."""
    return f"BS-{one.number:06}"


def book_number(saver: Any) -> str:
    """The number of a pass book as it stands on paper."""
    return f"{saver.number:04}"


def who(one: Any) -> str:
    """Whom a posting is about."""
    if one.saver is not None:
        return f"{book_number(one.saver)} {one.saver.name}"
    if one.collector is not None:
        return str(one.collector.name)
    return str(one.work.title) if one.work is not None else ""


def account(one: Any) -> str:
    """An account in words."""
    if one.saver_id is not None:
        return _("Pass book %(number)s") % {"number": book_number(one.saver)}
    if one.collector_id is not None:
        return str(one.collector.name)
    if one.waste_id is not None:
        return _("Stock: %(kind)s") % {"kind": one.waste.name}
    return _(ledger.ROLES[one.role])


def percent(points: int) -> str:
    """Basis points as people read them: 7000 -> "70"."""
    whole, rest = divmod(points, 100)
    return f"{whole},{rest:02}".rstrip("0").rstrip(",") if rest else str(whole)
