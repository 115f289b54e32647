"""The list of rounds, a new one, a changed one, the end."""

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

from simpul import roles
from simpul.meetings import queries as meeting_queries
from simpul.programmes.actions import rounds
from simpul.programmes.queries import deliveries as delivery_queries
from simpul.programmes.queries import rounds as queries
from simpul.regions import queries as region_queries
from simpul.web import reading
from simpul.web.desk import frame, trying, words
from simpul.web.desk.rounds import forms, shared
from simpul.web.policy import Request, officer
from simpul.web.portal import words as portal_words


@officer(*shared.READING)
@require_GET
def listed(request: Request) -> HttpResponseBase:
    """The rounds of the area, open ones first, each with how far it is."""
    state = request.GET.get("keadaan", "")
    page = reading.page_number(request.GET.get("page", ""))
    found, more = queries.listed(request.by, state=state if state in ("open", "closed") else "", page=page)
    paths = region_queries.paths({one.round.region_code for one in found})
    kept = {"keadaan": state} if state else {}
    context = {
        "rows": [
            {
                "one": one,
                "url": reverse("desk_round", args=[one.round.id]),
                "programme": portal_words.said(one.round.programme, "name"),
                "place": paths.get(one.round.region_code, "").split(",", maxsplit=1)[0],
                "until": words.day(one.round.ends_date),
            }
            for one in found
        ],
        "state": state,
        "states": [("open", _("open")), ("closed", _("closed"))],
        "doubles": delivery_queries.count_open_doubles(request.by),
        "may_open": roles.may_somewhere(request.by, "round.open"),
        "older_url": f"?{urlencode({**kept, 'page': page + 1})}" if more else "",
        "newer_url": f"?{urlencode({**kept, 'page': page - 1})}" if page > 1 else "",
    }
    return frame.show(request, "desk/rounds/list.html", context, here=shared.HERE)


def closed_meetings(request: Request) -> list[tuple[str, str]]:
    """Musyawarah of the area that are closed, to choose a decided list from."""
    found = meeting_queries.listed(request.by, meeting_queries.Filters(state="closed"))
    return [
        (str(one.id), f"{one.title}, {words.short_day(one.closed_at, one.region_code)}") for one in found.rows
    ]


@officer("round.open")
def new(request: Request) -> HttpResponseBase:
    """Open a round."""
    post = request.POST if request.method == "POST" else None
    own = request.by.served_areas[0]
    first = {"place_code": own} if own else {}
    form = forms.RoundForm(
        post, initial=first, programmes=queries.programmes(), meetings=closed_meetings(request)
    )
    made: list[Any] = []
    if form.is_valid() and trying.run(
        form,
        lambda: made.append(
            rounds.open_round(
                by=request.by,
                at=timezone.now(),
                given=form.given(),
                round_id=form.cleaned_data["round_id"],
            )
        ),
    ):
        messages.success(request, _("Opened. Now name the goods, and bring the list in."))
        return redirect("desk_round_goods", round_id=made[0].id)
    return _plan(request, form, None)


def _plan(request: Request, form: Any, row: Any) -> HttpResponseBase:
    context = {"form": form, "round": row}
    return frame.show(
        request, "desk/rounds/plan.html", context, status=422 if form.errors else 200, here=shared.HERE
    )


@officer("round.change")
def change(request: Request, round_id: UUID) -> HttpResponseBase:
    """Change an open round."""
    row = shared.round_or_404(request, round_id)
    first = {
        "programme": row.programme_id,
        "name": row.name,
        "period": row.period,
        "starts_date": row.starts_date,
        "ends_date": row.ends_date,
        "meeting": str(row.meeting_id or ""),
        "authority": row.authority,
        "document": row.document,
        "document_date": row.document_date,
        "storage": row.storage,
    }
    post = request.POST if request.method == "POST" else None
    form = forms.RoundForm(
        post, initial=first, programmes=queries.programmes(), meetings=closed_meetings(request), old=True
    )
    if form.is_valid() and trying.run(
        form,
        lambda: rounds.change_round(
            by=request.by, at=timezone.now(), round_id=row.id, given=form.given(row.region_code)
        ),
    ):
        messages.success(request, _("Changed."))
        return redirect("desk_round", round_id=row.id)
    return _plan(request, form, row)


@officer("round.close")
def close(request: Request, round_id: UUID) -> HttpResponseBase:
    """Close a round: what is still open is shown first."""
    row = shared.round_or_404(request, round_id)
    form = forms.CloseForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and trying.run(
        form,
        lambda: rounds.close_round(
            by=request.by,
            at=timezone.now(),
            round_id=row.id,
            explanation=form.cleaned_data["explanation"],
        ),
    ):
        messages.success(request, _("The round is closed."))
        return redirect("desk_round", round_id=row.id)
    page = queries.page(request.by, row.id)
    names = shared.holder_names(request, row.id)
    differences = [
        f"{item.what}: {shared.holder_words(holder.kind, holder.key, names)} {shared.amount(left, item.unit)}"
        for item, held in page.goods
        for holder, left in held.differences
    ]
    context = {
        "form": form,
        "page": page,
        "waiting": page.totals.get(queries.WAITING, 0),
        "differences": differences,
    }
    return shared.show(request, row, "desk/rounds/close.html", "", context, 422 if form.errors else 200)


@officer("round.reopen")
@require_POST
def reopen(request: Request, round_id: UUID) -> HttpResponseBase:
    """Open a closed round again."""
    row = shared.round_or_404(request, round_id)

    def act() -> None:
        rounds.reopen_round(
            by=request.by, at=timezone.now(), round_id=row.id, why=request.POST.get("why", "")
        )
        messages.success(request, _("The round is open again."))

    return trying.attempt(request, act, reverse("desk_round", args=[row.id]))
