"""The goods of a round: the balance, and the acts that move them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.programmes.actions import goods, rounds
from simpul.programmes.queries import goods as queries
from simpul.programmes.rules import rounds as rules
from simpul.web.desk import trying, words
from simpul.web.desk.rounds import forms, shared
from simpul.web.policy import Request, officer

STEPS: dict[str, tuple[str, str]] = {
    "jenis": ("goods.add", "item"),
    "masuk": ("goods.receive", "receive"),
    "keluar": ("goods.allot", "allot"),
    "kembali": ("goods.return", "back"),
    "hilang": ("goods.write_off", "loss"),
}
"""The part of the address that moves goods: the act it needs, and the name of its form on the page."""


@officer(*shared.READING)
@require_GET
def listed(request: Request, round_id: UUID) -> HttpResponseBase:
    """Balance, movements, and the forms this seat may use."""
    return _show(request, shared.round_or_404(request, round_id), {})


def _show(request: Request, row: Any, bound: dict[str, Any]) -> HttpResponseBase:
    held = queries.round_balances(row)
    items = [item for item, _balance in held]
    names = shared.holder_names(request, row.id)
    made = _forms(request, items)
    allowed = {
        name: shared.may(request, act, row.region_code)
        if act == "goods.return"
        else shared.may_here(request, act, row.region_code)
        for act, name in STEPS.values()
    }
    is_open = row.state == "open"
    forms_now = {**made, **bound}
    context = {
        "goods": [_balance_row(item, balance, names) for item, balance in held],
        "even": all(balance.is_even for _item, balance in held),
        "moves": [_move_row(one, names) for one in queries.movements(request.by, row.id)],
        "forms": [
            {
                "name": name,
                "title": _TITLES[name](),
                "form": forms_now[name],
                "open": bool(bound.get(name)) or (name == "item" and not items),
                "url": reverse("desk_round_goods_move", args=[row.id, step]),
            }
            for step, (_act, name) in STEPS.items()
            if allowed[name] and (items or name == "item") and (is_open or name in ("back", "loss"))
        ],
        "may_correct": shared.may_here(request, "goods.correct", row.region_code),
    }
    status = 422 if any(one.errors for one in bound.values()) else 200
    return shared.show(request, row, "desk/rounds/goods.html", "desk_round_goods", context, status)


_TITLES: dict[str, Any] = {
    "item": lambda: _("Name goods"),
    "receive": lambda: _("Goods came in"),
    "allot": lambda: _("Hand goods out to a team"),
    "back": lambda: _("Goods were brought back"),
    "loss": lambda: _("Goods were lost or damaged"),
}


def _forms(request: Request, items: list[Any], post: Any = None) -> dict[str, Any]:
    hands = shared.holders(request)
    return {
        "item": forms.ItemForm(post, prefix="item"),
        "receive": forms.ReceiveForm(post, prefix="receive", items=items),
        "allot": forms.AllotForm(post, prefix="allot", items=items, holders=hands),
        "back": forms.ReturnForm(post, prefix="back", items=items, holders=hands),
        "loss": forms.LossForm(post, prefix="loss", items=items, holders=hands, store=True),
    }


def _balance_row(item: Any, held: rules.Balance, names: Any) -> dict[str, Any]:
    def say(much: Any) -> str:
        return shared.amount(much, item.unit)

    return {
        "item": item,
        "each": say(item.per_household),
        "received": say(held.received),
        "allotted": say(held.allotted),
        "given": say(held.given),
        "back": say(held.store.back),
        "lost": say(held.lost),
        "in_store": say(held.in_store),
        "on_the_way": say(held.on_the_way),
        "even": held.is_even,
        "short": held.in_store < 0,
        "holders": [
            {
                "name": shared.holder_words(holder.kind, holder.key, names),
                "came": say(account.came),
                "given": say(account.given),
                "back": say(account.back),
                "lost": say(account.lost),
                "left": say(account.left(store=False)),
                "tone": "bad"
                if account.left(store=False) < 0
                else "warn"
                if account.left(store=False)
                else "good",
            }
            for holder, account in sorted(held.others.items())
        ],
    }


def _move_row(one: Any, names: Any) -> dict[str, Any]:
    return {
        "one": one,
        "when": words.moment(one.moved_at, one.item.round.region_code),
        "kind": _(rules.MOVES[one.kind]),
        "what": f"{one.item.what} {shared.amount(one.quantity, one.item.unit)}",
        "who": shared.holder_words(one.holder_kind, one.holder_key, names),
        "said": ", ".join(part for part in (one.source, one.document, one.reason, one.taken_by) if part),
    }


@officer("goods.add", "goods.return")
@require_POST
def move(request: Request, round_id: UUID, step: str) -> HttpResponseBase:
    """One movement."""
    row = shared.round_or_404(request, round_id)
    if step not in STEPS:
        raise Http404
    name = STEPS[step][1]
    form = _forms(request, queries.items(row.id), request.POST)[name]
    if form.is_valid() and trying.run(form, lambda: _act(request, row, name, form)):
        messages.success(request, _("Written down."))
        return redirect("desk_round_goods", round_id=row.id)
    return _show(request, row, {name: form})


def _act(request: Request, row: Any, name: str, form: Any) -> None:
    said = form.cleaned_data
    base: dict[str, Any] = {"by": request.by, "at": timezone.now()}
    if name == "item":
        rounds.add_goods(
            **base,
            round_id=row.id,
            what=said["what"],
            unit=said["unit"],
            per_household=said["per_household"],
            item_id=said["item_id"],
        )
        return
    base |= {"item_id": form.item_id, "quantity": said["quantity"], "movement_id": said["movement_id"]}
    if name == "receive":
        goods.receive_goods(
            **base, source=said["source"], received_date=said["received_date"], document=said["document"]
        )
    elif name == "allot":
        hands = goods.Hands(taken_by=said["taken_by"])
        goods.allot_goods(**base, holder=form.chosen(), out_at=base["at"], hands=hands)
    elif name == "back":
        hands = goods.Hands(handed_by=said["taken_by"])
        goods.return_goods(**base, holder=form.chosen(), back_at=base["at"], hands=hands)
    else:
        goods.write_off_goods(**base, holder=form.chosen(), lost_at=base["at"], reason=said["reason"])


@officer("goods.correct")
def correct(request: Request, movement_id: UUID) -> HttpResponseBase:
    """Say what a row about goods should have been."""
    old = queries.movement(request.by, movement_id)
    if old is None:
        raise Http404
    row = shared.round_or_404(request, old.item.round_id)
    first = {"quantity": rules.plain(queries.quantity_now(old))}
    form = forms.CorrectGoodsForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_valid() and trying.run(
        form,
        lambda: goods.correct_goods(
            by=request.by,
            at=timezone.now(),
            movement_id=movement_id,
            quantity=form.cleaned_data["quantity"],
            why=form.cleaned_data["why"],
            correction_id=form.cleaned_data["correction_id"],
        ),
    ):
        messages.success(request, _("Corrected. The first row stays to be seen."))
        return redirect("desk_round_goods", round_id=row.id)
    context = {"form": form, "move": _move_row(old, shared.holder_names(request, row.id))}
    return shared.show(
        request, row, "desk/rounds/correct_goods.html", "", context, 422 if form.errors else 200
    )
