"""The night's page for one officer: who is on duty, the numbers, who comes, what waits, and the hand-over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from simpul import roles
from simpul.lib.errors import NotFound
from simpul.lib.ids import uuid7
from simpul.village_post.access import duty as access
from simpul.village_post.actions import counter as actions
from simpul.village_post.actions import duty as duty_actions
from simpul.village_post.actions import guests as guest_actions
from simpul.village_post.queries import duty as queries
from simpul.village_post.queries import election as box_queries
from simpul.village_post.queries import guests as guest_queries
from simpul.village_post.rules import guests as guest_rules
from simpul.web import reading
from simpul.web.desk import trying
from simpul.web.desk.post import forms, shared, visits, waiting
from simpul.web.policy import Request, officer

NIGHT = timedelta(hours=14)


@officer(*shared.READING)
@require_GET
def counter(request: Request) -> HttpResponseBase:
    """The page that stays open all night."""
    post = shared.chosen(request)
    if post is None:
        may_set = roles.may_somewhere(request.by, "post.set")
        return shared.show(request, None, "desk/post/empty.html", shared.HERE, {"may_set": may_set})
    return _page(request, post, forms.VisitorForm())


def _page(request: Request, post: Any, form: forms.VisitorForm, status: int = 200) -> HttpResponseBase:
    at = timezone.now()
    now = queries.now(request.by, post, at)
    since = now.current.shift.starts_at - timedelta(hours=2) if now.current else at - NIGHT
    people = guest_queries.tonight(request.by, post, since)
    own = queries.unfinished(request.by, at)
    relay = queries.open_relay(request.by, post)
    context = {
        "form": form,
        "now": shared.standing(now.current) if now.current else None,
        "running": bool(now.current and now.current.shift.starts_at <= at),
        "following": shared.standing(now.following) if now.following else None,
        "own": own,
        "own_came": shared.clock(own.came_at, post.region_code) if own else "",
        "came_already": bool(own and now.current and own.shift_id == now.current.shift.id),
        "queue": queries.queue(request.by, post, at),
        "people": visits.rows(request, post, people),
        "inside": sum(one.people for one in people if one.left_at is None),
        "served": sum(one.people for one in people),
        "relay": relay,
        "own_relay": relay is not None and relay.user_id == request.by.user_id,
        "gaps": len(queries.gaps(request.by, post, at)) if shared.may(request, "duty.assign", post) else 0,
        "waits": waiting.for_head(request),
        "boxes": box_queries.open_for(request.by, at)
        if roles.may_somewhere(request.by, "report.file")
        else [],
        "faces": [(face, sign, _(label)) for face, (sign, label) in guest_rules.RATINGS.items()],
        "may_enter": shared.may(request, "visitor.enter", post),
        "key": uuid7(),
    }
    return shared.show(request, post, "desk/post/counter.html", shared.HERE, context, status)


def _home(post: Any) -> str:
    return f"{reverse('desk_post')}?pos={post.id}"


# --- duty -----------------------------------------------------------------------------------------------------------


@officer("duty.begin")
@require_POST
def begin(request: Request, shift_id: UUID) -> HttpResponseBase:
    """The officer comes on duty, now or at a time that is typed."""
    shift = _or_404(lambda: access.shift_for(request.by, shift_id))
    at = timezone.now()
    form = forms.TimesForm(request.POST)
    came_at = _moment(form, at, shift.region_code)

    def act() -> None:
        duty_actions.begin_duty(by=request.by, at=at, shift_id=shift_id, came_at=came_at)
        messages.success(request, _("You are on duty. Good work tonight."))

    return trying.attempt(request, act, _home(shift.post))


@officer("duty.finish")
@require_POST
def finish(request: Request, duty_id: UUID) -> HttpResponseBase:
    """The officer goes off duty."""
    duty = _or_404(lambda: access.duty_for(request.by, duty_id))
    at = timezone.now()
    left_at = _moment(forms.TimesForm(request.POST), at, duty.shift.region_code)

    def act() -> None:
        duty_actions.finish_duty(by=request.by, at=at, duty_id=duty_id, left_at=left_at)
        messages.success(request, _("You are off duty. Have you written the hand-over?"))

    return trying.attempt(request, act, _home(duty.shift.post))


def _moment(form: forms.TimesForm, at: datetime, region_code: str) -> datetime:
    """The time that was typed; now when none can be read."""
    try:
        return form.moment(at, region_code) if form.is_valid() else at
    except ValidationError:
        return at


def _or_404(fetch: Any) -> Any:
    try:
        return fetch()
    except NotFound as missing:
        raise Http404 from missing


# --- numbers --------------------------------------------------------------------------------------------------------


@officer("ticket.give")
@require_POST
def give(request: Request) -> HttpResponseBase:
    """Give the next number."""
    post = shared.post_or_404(request)

    def act() -> None:
        key = reading.key(request.POST.get("kunci", ""))
        ticket = actions.give_ticket(by=request.by, at=timezone.now(), post_id=post.id, ticket_id=key)
        messages.success(request, _("Number %(number)s.") % {"number": ticket.number})

    return trying.attempt(request, act, _home(post))


@officer("ticket.call")
@require_POST
def call(request: Request) -> HttpResponseBase:
    """Call the next number, or one that was not there before."""
    post = shared.post_or_404(request)

    def act() -> None:
        key = reading.key(request.POST.get("nomor", ""))
        ticket = actions.call_ticket(by=request.by, at=timezone.now(), post_id=post.id, ticket_id=key)
        messages.success(
            request, _("Number %(number)s, please come to the counter.") % {"number": ticket.number}
        )

    return trying.attempt(request, act, _home(post))


@officer("ticket.serve")
@require_POST
def settle(request: Request, ticket_id: UUID, step: str) -> HttpResponseBase:
    """A number is done, or nobody came."""
    ticket = _or_404(lambda: access.ticket_for(request.by, ticket_id))
    steps = {"selesai": actions.serve_ticket, "lewati": actions.skip_ticket}
    if step not in steps:
        raise Http404
    return trying.attempt(
        request,
        lambda: steps[step](by=request.by, at=timezone.now(), ticket_id=ticket_id),
        f"{reverse('desk_post')}?pos={ticket.post_id}",
    )


# --- visitors -------------------------------------------------------------------------------------------------------


@officer("visitor.enter")
@require_POST
def enter(request: Request) -> HttpResponseBase:
    """Somebody comes: a line of the guest book, and with it a visit for what they bring."""
    post = shared.post_or_404(request)
    form = forms.VisitorForm(request.POST)
    at = timezone.now()
    made: list[Any] = []

    def act() -> None:
        made.append(
            guest_actions.enter_visitor(
                by=request.by,
                at=at,
                post_id=post.id,
                guest=form.guest(),
                visitor_id=form.cleaned_data["visitor_id"],
                ticket_id=reading.key(request.POST.get("nomor", "")),
            )
        )

    if not form.is_valid() or not trying.run(form, act):
        return _page(request, post, form, status=422)
    if request.POST.get("langkah") == "urusan":
        visits.open_visit(request, made[0])
        return redirect("desk_post_visit", visitor_id=made[0].id)
    messages.success(request, _("Written into the guest book, line %(number)s.") % {"number": made[0].number})
    return redirect(_home(post))


@officer("visitor.leave")
@require_POST
def leave(request: Request, visitor_id: UUID) -> HttpResponseBase:
    """A visitor leaves, and says how content they are when they want to."""
    visitor = _or_404(lambda: access.visitor_for(request.by, visitor_id))
    at = timezone.now()
    said = request.POST.get("wajah", "")

    def act() -> None:
        guest_actions.leave_visitor(by=request.by, at=at, visitor_id=visitor_id)
        if said.isascii() and said.isdigit():
            guest_actions.rate_visitor(
                by=request.by,
                at=at,
                visitor_id=visitor_id,
                rating=int(said[:2]),
                words=request.POST.get("kata", "")[:300],
            )

    return trying.attempt(request, act, f"{reverse('desk_post')}?pos={visitor.post_id}")
