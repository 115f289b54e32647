"""Goods of a posyandu: the shelf against the norm, one kind of goods with its movements, every movement as one small form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from simpul.posyandu.access import institution as own_access
from simpul.posyandu.access import posyandu as access
from simpul.posyandu.actions import stock as actions
from simpul.posyandu.queries import institution as queries
from simpul.posyandu.queries import stock as stock_queries
from simpul.posyandu.rules import stock as rules
from simpul.web.desk import trying, words
from simpul.web.desk.posyandu import forms, shared
from simpul.web.policy import Request, officer

STEPS = ("terima", "serahkan", "kembali", "rusak", "perbaiki", "hapus", "hitung")


@officer(*shared.READING)
@require_GET
def listed(request: Request, posyandu_id: UUID) -> HttpResponseBase:
    """What is here, what is broken, what is missing to the norm, who has what."""
    posyandu = trying.found(access.posyandu_for, request, posyandu_id)
    context = {
        **_shelves(posyandu),
        "held": stock_queries.held(posyandu),
        "confirmed": stock_queries.is_confirmed(),
        "may": shared.may(request, "stock.receive", posyandu),
        "only_missing": request.GET.get("hanya") == "kurang",
    }
    return shared.page(request, posyandu, "desk/posyandu/stock.html", "desk_posyandu_stock", context)


def _shelves(posyandu: Any) -> dict[str, Any]:
    """The shelf by groups, with what is missing in all."""
    people = queries.gap(posyandu).have
    shelves = stock_queries.shelves(posyandu, people)
    groups = [
        {"name": _(label), "rows": [_shelf(one) for one in shelves if _group(one) == code]}
        for code, label in rules.GROUPS.items()
    ]
    return {
        "groups": [one for one in groups if one["rows"]],
        "missing": len(stock_queries.missing(shelves)),
        "kinds": sum(1 for one in shelves if one.balance.total),
        "broken": sum(one.balance.broken for one in shelves),
        "out": sum(one.balance.out for one in shelves),
    }


def _group(one: stock_queries.Shelf) -> str:
    return one.kit.group if one.kit else one.item.group if one.item else "other"


def _shelf(one: stock_queries.Shelf) -> dict[str, Any]:
    name = one.kit.label(words.language()) if one.kit else one.item.name if one.item else ""
    return {
        "name": name,
        "code": one.kit.code if one.kit else "",
        "unit": one.kit.unit if one.kit else one.item.unit if one.item else "",
        "item": one.item,
        "balance": one.balance,
        "wanted": one.wanted,
    }


@officer("stock.receive")
def receive(request: Request, posyandu_id: UUID) -> HttpResponseBase:
    """Take goods in."""
    posyandu = trying.found(access.posyandu_for, request, posyandu_id)
    at = timezone.now()
    form = forms.ReceiveForm(
        request.POST if request.method == "POST" else None,
        initial={"done_date": queries.today_at(posyandu, at), "code": request.GET.get("barang", "")[:30]},
    )
    if form.is_valid() and trying.run(
        form,
        lambda: actions.receive_stock(
            by=request.by,
            at=at,
            posyandu_id=posyandu.id,
            item=form.item(),
            given=form.given(),
            move_id=form.cleaned_data["once"],
        ),
    ):
        messages.success(request, _("Taken in."))
        return redirect("desk_posyandu_stock", posyandu_id=posyandu.id)
    back = reverse("desk_posyandu_stock", args=[posyandu.id])
    return shared.form_page(request, form, _("Take goods in"), back, _("Save"), intro=posyandu.name)


@officer(*shared.READING)
@require_GET
def one(request: Request, stockitem_id: UUID) -> HttpResponseBase:
    """One kind of goods: balances, who has them, every movement."""
    item = trying.found(own_access.item_for, request, stockitem_id)
    context = {
        "item": item,
        "name": _name(item),
        "balance": stock_queries.balance(item),
        "held": [row for row in stock_queries.held(item.posyandu) if row.item.id == item.id],
        "rows": [
            {"one": row, "kind": _(rules.MOVES[row.kind]), "day": words.day(row.done_date)}
            for row in stock_queries.moves(item)
        ],
        "steps": [(step, title) for step, title in _titles().items() if _fits(item, step)],
        "may": shared.may(request, "stock.receive", item.posyandu),
    }
    return shared.page(request, item.posyandu, "desk/posyandu/item.html", "desk_posyandu_stock", context)


def _name(item: Any) -> str:
    kit = stock_queries.kits().get(item.code)
    return kit.label(words.language()) if kit else item.name


def _titles() -> dict[str, str]:
    return {
        "terima": _("Take goods in"),
        "serahkan": _("Hand out"),
        "kembali": _("Take back"),
        "rusak": _("Broken"),
        "perbaiki": _("Mended"),
        "hitung": _("Count"),
        "hapus": _("Write off"),
    }


def _fits(item: Any, step: str) -> bool:
    """Whether a movement makes sense with what is there."""
    return {
        "kembali": item.out > 0,
        "rusak": item.good > 0,
        "perbaiki": item.broken > 0,
        "hapus": item.good + item.broken + item.out > 0,
    }.get(step, True)


@officer("stock.receive")
def move(request: Request, stockitem_id: UUID, step: str) -> HttpResponseBase:
    """One movement of one kind of goods."""
    if step not in STEPS:
        raise Http404
    item = trying.found(own_access.item_for, request, stockitem_id)
    at = timezone.now()
    people = queries.serving(item.posyandu)
    if step in ("kembali", "hapus"):
        people = [row.cadre for row in stock_queries.held(item.posyandu) if row.item.id == item.id]
    form = forms.MoveForm(
        request.POST if request.method == "POST" else None,
        step=step,
        today=queries.today_at(item.posyandu, at),
        people=people,
        item=item,
    )
    if form.is_valid() and trying.run(form, lambda: _act(request, item, step, form, at)):
        messages.success(request, _("Written down."))
        return redirect("desk_posyandu_item", stockitem_id=item.id)
    back = reverse("desk_posyandu_item", args=[item.id])
    return shared.form_page(request, form, _titles()[step], back, _("Save"), intro=_name(item))


def _act(request: Request, item: Any, step: str, form: Any, at: Any) -> None:
    said = form.cleaned_data
    base: dict[str, Any] = {"by": request.by, "at": at, "given": form.given(), "move_id": said["once"]}
    row = {**base, "item_id": item.id}
    acts: dict[str, Callable[[], Any]] = {
        "terima": lambda: actions.receive_stock(
            **base, posyandu_id=item.posyandu_id, item=actions.ItemGiven(item.code, item.name, item.group)
        ),
        "serahkan": lambda: actions.issue_stock(**row, straight=bool(said.get("straight"))),
        "kembali": lambda: actions.return_stock(**row, whole=said["state"] == "whole"),
        "rusak": lambda: actions.break_stock(**row),
        "perbaiki": lambda: actions.mend_stock(**row),
        "hapus": lambda: actions.write_off_stock(**row, place=said["place"]),
        "hitung": lambda: actions.count_stock(**row, good=said["good"], broken=said["broken"]),
    }
    acts[step]()


@officer(*shared.READING)
@require_GET
def paper(request: Request, posyandu_id: UUID) -> HttpResponseBase:
    """The inventory as a sheet of paper."""
    posyandu = trying.found(access.posyandu_for, request, posyandu_id)
    today = words.day(queries.today_at(posyandu, timezone.now()))
    context = {**_shelves(posyandu), "today": today}
    return shared.page(request, posyandu, "desk/posyandu/stock_print.html", "desk_posyandu_stock", context)
