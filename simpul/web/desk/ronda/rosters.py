"""Rosters: made by the rule, looked at as a calendar, published, printed; nights swapped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul.lib import when
from simpul.village_post.access import ronda as access
from simpul.village_post.actions import ronda_rosters as actions
from simpul.village_post.queries import ronda as queries
from simpul.village_post.rules import ronda as rules
from simpul.web import reading
from simpul.web.desk import trying, words
from simpul.web.desk.ronda import forms, shared
from simpul.web.policy import Request, officer


@officer("watchroster.make", *shared.READING)
def listed(request: Request, watchpost_id: UUID) -> HttpResponseBase:
    """The rosters of a post, and a new one by the rule."""
    post = trying.found(access.post_for, request, watchpost_id)
    known = list(queries.rosters(post)[:24])
    begin = max(
        [
            queries.tonight(post, timezone.now()),
            *(one.ends_date + timedelta(days=1) for one in known if one.state == "published"),
        ]
    )
    form = forms.PeriodForm(
        request.POST if request.method == "POST" else None,
        initial={"first": begin, "last": rules.month(begin)[1]},
    )
    made: list[Any] = []
    if form.is_valid() and trying.run(form, lambda: made.append(_make(request, post, form.cleaned_data))):
        return redirect("desk_ronda_roster", watchroster_id=made[0].id)
    context = {
        "form": form,
        "rows": [
            {
                "one": one,
                "period": _period(one),
                "state": _(rules.ROSTER_STATES[one.state]),
                "tone": shared.STATE_TONES[one.state],
            }
            for one in known
        ],
        "watchers": post.watchers.filter(ended_at=None).count(),
        "wanted": post.per_night * 2,
    }
    status = 422 if form.errors else 200
    return shared.post_page(request, post, "desk/ronda/rosters.html", "desk_ronda_rosters", context, status)


def _make(request: Request, post: Any, said: Any) -> Any:
    return actions.make_watchroster(
        by=request.by,
        at=timezone.now(),
        post_id=post.id,
        starts_date=said["first"],
        ends_date=said["last"],
        roster_id=said["once"],
    )


def _period(roster: Any) -> str:
    return f"{words.day(roster.starts_date)} – {words.day(roster.ends_date)}"


@officer(*shared.READING)
@require_GET
def one(request: Request, watchroster_id: UUID) -> HttpResponseBase:
    """A roster as a calendar, with who has how many nights and the swaps."""
    roster = trying.found(access.roster_for, request, watchroster_id)
    return shared.post_page(
        request, roster.post, "desk/ronda/roster.html", "desk_ronda_rosters", _context(roster)
    )


def _context(roster: Any) -> dict[str, Any]:
    rows = queries.nights_of(roster)
    totals = queries.totals(rows)
    fair = queries.fair_range(roster, rows)
    return {
        "roster": roster,
        "period": _period(roster),
        "state": _(rules.ROSTER_STATES[roster.state]),
        "tone": shared.STATE_TONES[roster.state],
        "rows": [_night_row(row) for row in rows],
        "totals": totals,
        "fair": fair,
        "short": [words.day(row.night) for row in rows if row.short],
        "swaps": [
            {
                "one": swap,
                "night": words.day(swap.duty.night_date),
                "for_night": words.day(swap.other_duty.night_date) if swap.other_duty else "",
                "state": _(rules.SWAP_STATES[swap.state]),
                "tone": shared.STATE_TONES[swap.state],
            }
            for swap in queries.swaps(roster)
        ],
        "roads": [(code, _(label)) for code, label in rules.ROADS.items()],
    }


def _night_row(row: Any) -> dict[str, Any]:
    return {
        "row": row,
        "weekday": when.weekday_name(row.night, words.language()),
        "day": words.day(row.night),
        "weekend": row.night.isoweekday() > 5,
    }


@officer(*shared.READING)
@require_GET
def paper(request: Request, watchroster_id: UUID) -> HttpResponseBase:
    """The roster for the wall of the post."""
    roster = trying.found(access.roster_for, request, watchroster_id)
    context = {**_context(roster), "post": roster.post, "where": shared.where(roster.post)}
    context["hours"] = f"{shared.clock(roster.post.starts)}–{shared.clock(roster.post.ends)}"
    return shared.show(request, "desk/ronda/roster_print.html", context)


@officer("watchroster.publish")
@require_POST
def publish(request: Request, watchroster_id: UUID) -> HttpResponseBase:
    """Publish a draft."""
    return trying.attempt(
        request,
        lambda: actions.publish_watchroster(by=request.by, at=timezone.now(), roster_id=watchroster_id),
        reverse("desk_ronda_roster", args=[watchroster_id]),
    )


@officer("watchroster.withdraw")
def withdraw(request: Request, watchroster_id: UUID) -> HttpResponseBase:
    """Withdraw a roster with a reason."""
    roster = trying.found(access.roster_for, request, watchroster_id)
    form = forms.WhyForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and trying.run(
        form,
        lambda: actions.withdraw_watchroster(
            by=request.by, at=timezone.now(), roster_id=roster.id, why=form.cleaned_data["why"]
        ),
    ):
        messages.success(request, _("Withdrawn. Make a new one for these nights."))
        return redirect("desk_ronda_rosters", watchpost_id=roster.post_id)
    back = reverse("desk_ronda_roster", args=[roster.id])
    return shared.form_page(
        request, form, _("Withdraw the roster"), back, _("Withdraw"), intro=_period(roster)
    )


@officer("watchswap.ask")
def swap(request: Request, watchduty_id: UUID) -> HttpResponseBase:
    """Somebody cannot come: who takes the night over, in exchange for which of theirs?"""
    duty = queries.duty_of(request.by, watchduty_id)
    if duty is None:
        raise Http404
    form = forms.SwapForm(request.POST if request.method == "POST" else None, offers=_offers(duty))
    back = reverse("desk_ronda_roster", args=[duty.roster_id])
    if form.is_valid() and trying.run(form, lambda: _ask(request, duty, form.cleaned_data)):
        messages.success(request, _("Written down. It counts when the other one has agreed."))
        return redirect(back)
    intro = f"{duty.watcher.name} · {shared.night_words(duty.night_date)}"
    return shared.form_page(request, form, _("Swap a night"), back, _("Ask to swap"), intro=intro)


def _offers(duty: Any) -> list[tuple[str, str]]:
    """Nights of others in this roster, and people who take it over without one in exchange."""
    today = duty.night_date
    others = list(
        duty.roster.duties.exclude(watcher=duty.watcher_id).select_related("watcher").order_by("night_date")
    )
    watchers: Sequence[Any] = [
        row.watcher for row in queries.watchers(duty.roster.post, today) if row.watcher.id != duty.watcher_id
    ]
    gives = [
        (
            f"{one.watcher_id}:{one.id}",
            _("%(name)s, in exchange for %(day)s")
            % {"name": one.watcher.name, "day": words.day(one.night_date)},
        )
        for one in others
        if abs((one.night_date - today).days) > 0
    ]
    takes = [
        (f"{one.id}:", _("%(name)s, without a night in exchange") % {"name": one.name}) for one in watchers
    ]
    return [*takes, *gives]


def _ask(request: Request, duty: Any, said: Any) -> None:
    other, _sep, other_duty = said["other"].partition(":")
    actions.ask_watchswap(
        by=request.by,
        at=timezone.now(),
        duty_id=duty.id,
        other_id=UUID(other),
        other_duty_id=reading.key(other_duty),
        asked_by=said["asked_by"],
        why=said["why"],
        swap_id=said["once"],
    )


@officer("watchswap.agree")
@require_POST
def settle(request: Request, watchswap_id: UUID) -> HttpResponseBase:
    """The other one agrees, or refuses."""
    roster = reading.known_key(request.POST.get("jadwal", ""))
    at, road = timezone.now(), request.POST.get("lewat", "phone")
    agreed = request.POST.get("jawab") == "ya"

    def act() -> None:
        if agreed:
            actions.agree_watchswap(by=request.by, at=at, swap_id=watchswap_id, agreed_by=road)
        else:
            actions.refuse_watchswap(by=request.by, at=at, swap_id=watchswap_id)

    return trying.attempt(request, act, f"{reverse('desk_ronda_roster', args=[roster])}#tukar")
