"""Hand-overs between shifts: written, counted again, accepted, printed."""

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

from simpul.village_post.access import duty as access
from simpul.village_post.actions import handover as actions
from simpul.village_post.queries import duty as queries
from simpul.web import reading
from simpul.web.desk import trying, words
from simpul.web.desk.post import forms, shared, waiting
from simpul.web.policy import Request, officer

HERE = "desk_post_relays"


@officer(*shared.READING)
@require_GET
def listed(request: Request) -> HttpResponseBase:
    """Hand-overs of the post, newest first."""
    post = shared.post_or_404(request)
    page = reading.page_number(request.GET.get("page", ""))
    rows, more = queries.relays(request.by, post, page)
    context = {
        "rows": [_row(one) for one in rows],
        "open": queries.open_relay(request.by, post),
        "may_write": shared.may(request, "relay.write", post),
        "older_url": f"?page={page + 1}" if more else "",
        "newer_url": f"?page={page - 1}" if page > 1 else "",
    }
    return shared.show(request, post, "desk/post/relays.html", HERE, context)


def _row(one: Any) -> dict[str, Any]:
    state, tone = _("waits to be accepted"), "warn"
    if one.withdrawn_at:
        state, tone = _("taken back"), ""
    elif one.accepted_at:
        state, tone = (_("accepted, with differences"), "bad") if one.difference else (_("accepted"), "good")
    return {
        "relay": one,
        "url": reverse("desk_post_relay", args=[one.id]),
        "when": words.moment(one.written_at, one.region_code),
        "state": state,
        "tone": tone,
    }


@officer("relay.write")
def write(request: Request) -> HttpResponseBase:
    """Write the hand-over; keys and equipment begin ticked, cash as it was counted last."""
    post = shared.post_or_404(request)
    last = queries.last_relay(request.by, post)
    first = {"keys": post.keys, "equipment": post.equipment}
    if last is not None:
        gone = set(last.found)
        first = {name: [one for one in have if one not in gone] for name, have in first.items()}
    form = forms.RelayForm(request.POST if request.method == "POST" else None, initial=first, post=post)
    waits = waiting.for_head(request)
    if form.is_valid() and trying.run(form, lambda: _write(request, post, form, waits.count)):
        messages.success(request, _("Written. A colleague of the next shift counts again and accepts it."))
        return redirect(HERE)
    context = {
        "form": form,
        "last": last,
        "last_cash": last.found_cash if last is not None else None,
        "waits": waits,
    }
    return shared.show(
        request, post, "desk/post/relay_write.html", HERE, context, 422 if form.errors else 200
    )


def _write(request: Request, post: Any, form: forms.RelayForm, waits: int) -> None:
    actions.write_relay(
        by=request.by,
        at=timezone.now(),
        post_id=post.id,
        handed=form.handed(waits),
        relay_id=form.cleaned_data["relay_id"],
    )


@officer(*shared.READING)
def relay(request: Request, relay_id: UUID) -> HttpResponseBase:
    """One hand-over: read it, count again and accept it; ``cetak=1`` is the sheet both sign."""
    found = trying.found(access.relay_for, request, relay_id)
    form = forms.AcceptForm(request.POST if request.method == "POST" else None, relay=found)
    if (
        request.method == "POST"
        and form.is_valid()
        and trying.run(form, lambda: _accept(request, found, form))
    ):
        messages.success(request, _("Accepted. Two people stand for it now."))
        return redirect("desk_post_relay", relay_id=relay_id)
    own = found.user_id == request.by.user_id
    is_open = found.accepted_at is None and found.withdrawn_at is None
    context = {
        "relay": found,
        "row": _row(found),
        "accepted": words.moment(found.accepted_at, found.region_code),
        "less": found.found_cash - found.cash if found.found_cash is not None else 0,
        "form": form,
        "own": own,
        "may_accept": is_open and not own and shared.may(request, "relay.accept", found),
        "may_withdraw": is_open and (own or shared.may(request, "post.set", found)),
    }
    template = "desk/post/relay_print.html" if request.GET.get("cetak") else "desk/post/relay.html"
    return shared.show(request, found.post, template, HERE, context, 422 if form.errors else 200)


def _accept(request: Request, found: Any, form: forms.AcceptForm) -> None:
    given = form.cleaned_data
    actions.accept_relay(
        by=request.by,
        at=timezone.now(),
        relay_id=found.id,
        found_cash=given["found_cash"],
        not_there=given.get("not_there", ()),
        difference=given["difference"],
    )


@officer("relay.withdraw")
@require_POST
def withdraw(request: Request, relay_id: UUID) -> HttpResponseBase:
    """Take one's own hand-over back, to write it again."""
    return trying.attempt(
        request,
        lambda: actions.withdraw_relay(by=request.by, at=timezone.now(), relay_id=relay_id),
        reverse(HERE),
    )
