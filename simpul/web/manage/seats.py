"""Seats, delegations and the personal links of partners: who may do what where, for how long, and by which decision."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from simpul.accounts import queries as account_queries
from simpul.desks import access as desk_access
from simpul.desks import actions as desk_actions
from simpul.desks import queries as desk_queries
from simpul.desks import rules as desk_rules
from simpul.lib.errors import NotFound
from simpul.web import forms
from simpul.web.manage import desks, fields, frame, users
from simpul.web.policy import Request, officer

ACTS = ("seat.give", "seat.withdraw", "delegation.give", "delegation.end")


def _tabs(here: str) -> list[dict[str, Any]]:
    pages = (("manage_seats", _("Who sits where")), ("manage_delegations", _("Delegations")))
    return [{"label": label, "url": reverse(name), "current": name == here} for name, label in pages]


@officer("desk.open")
@require_GET
def seats(request: Request) -> HttpResponse:
    """Who sits where, now or from a day to come."""
    at = timezone.now()
    found = (
        desk_access.seats_visible(request.by)
        .filter(withdrawn_at=None, user__is_active=True)
        .order_by("desk__name", "user__full_name", "id")
    )
    live = [seat for seat in found if seat.until_at is None or seat.until_at > at]
    factors = users.second_factors(seat.user_id for seat in live)
    rows = [
        {
            "seat": seat,
            "role": frame.role_words(seat.role, seat.desk.kind),
            "state": users.seat_state(seat, at),
            "factor": users.factor_state(factors[seat.user_id], demanded=True)
            if users.is_strong(seat)
            else None,
        }
        for seat in live
    ]
    context = {"rows": rows, "tabs": _tabs("manage_seats"), "changes": frame.changes(request.by, *ACTS)}
    return frame.show(request, "manage/seats.html", context, here="manage_seats")


class SeatForm(forms.Form):
    """A person, a desk, a role; and for how long and where."""

    user_id = fields.drop_down(gettext_lazy("Person"))
    desk_id = fields.drop_down(gettext_lazy("Desk"))
    role = fields.drop_down(gettext_lazy("Role"))
    title = forms.LineField(
        required=False,
        max_length=100,
        label=gettext_lazy("Title of the seat"),
        help_text=gettext_lazy("Stands beside their acts instead of the role."),
    )
    areas = fields.AreasField(
        required=False,
        label=gettext_lazy("Areas"),
        help_text=gettext_lazy("One on each line. Empty: the area of the desk."),
    )
    from_at = forms.DateField(
        required=False, label=gettext_lazy("From"), help_text=gettext_lazy("Empty: from now on.")
    )
    until_at = forms.DateField(
        required=False, label=gettext_lazy("Last day"), help_text=gettext_lazy("Empty: for good.")
    )

    def __init__(self, *args: Any, people: Iterable[Any], desks: Iterable[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        fields.choose(
            self,
            "user_id",
            [("", _("Choose")), *((str(one.id), f"{one.full_name} ({one.username})") for one in people)],
        )
        fields.choose(self, "desk_id", fields.desk_choices(desks, _("Choose")))
        fields.choose(self, "role", [("", _("Choose")), *fields.role_choices()])

    def given(self) -> dict[str, Any]:
        """The values as the act takes them; the last day counts whole."""
        values, zone = dict(self.cleaned_data), frame.zone()
        values |= {"user_id": UUID(values["user_id"]), "desk_id": UUID(values["desk_id"])}
        values["from_at"] = fields.start_of(values["from_at"], zone) if values["from_at"] else None
        if values["until_at"]:
            values["until_at"] = fields.start_of(values["until_at"], zone) + timedelta(days=1)
        return values


@officer("desk.open")
def give_seat(request: Request) -> HttpResponse:
    """Give a person a seat."""
    people = account_queries.users(request.by, active=True)
    places = desk_queries.desks_visible(request.by).filter(closed_at=None)
    initial = {"user_id": request.GET.get("orang", ""), "desk_id": request.GET.get("meja", "")}
    form = SeatForm(frame.sent(request), people=people, desks=places, initial=initial)

    def run(_values: dict[str, Any]) -> frame.Done:
        made = desk_actions.give_seat(by=request.by, at=timezone.now(), **form.given())
        return _("The seat was given. The person sees it when they next sign in."), reverse(
            "manage_user", args=[made.user_id]
        )

    page = frame.Ask(
        here="manage_seats",
        title=_("Give a seat"),
        button=_("Give the seat"),
        back=reverse("manage_seats"),
        intro=_(
            "A seat is a person in a role at a desk. Roles marked with “second factor” work only after the person has set one up."
        ),
    )
    return frame.ask(request, page, form, run)


@officer("desk.open")
def withdraw_seat(request: Request, seat_id: UUID) -> HttpResponse:
    """Withdraw a seat, with what follows said first."""
    seat = desk_access.seats_visible(request.by).filter(id=seat_id).first()
    if seat is None:
        raise NotFound
    others = {one.user_id for one in desk_queries.seats_at(request.by, seat.desk_id, timezone.now())} - {
        seat.user_id
    }
    told = [
        _("The person is signed out and cannot work at this desk any more."),
        _("Delegations from and to this seat end."),
    ]
    if not others:
        told.append(_("Nobody else sits at this desk. Give somebody a seat first."))

    def run(values: dict[str, Any]) -> frame.Done:
        desk_actions.withdraw_seat(by=request.by, at=timezone.now(), seat_id=seat_id, reason=values["reason"])
        return _("The seat was withdrawn."), reverse("manage_user", args=[seat.user_id])

    title = _("Withdraw this seat from %(name)s?") % {"name": seat.user.full_name}
    page = frame.Ask(
        here="manage_seats",
        title=title,
        button=_("Withdraw the seat"),
        back=reverse("manage_user", args=[seat.user_id]),
        intro=desk_queries.seat_label(seat),
        warnings=told,
        tone="bad",
    )
    return frame.ask(request, page, desks.ReasonForm(frame.sent(request)), run)


# --- delegations ------------------------------------------------------------------------------------------------------


@officer("desk.open")
@require_GET
def delegations(request: Request) -> HttpResponse:
    """Who stands in for whom, with the decision and its dates."""
    today = timezone.now().astimezone(frame.zone()).date()
    rows = [
        {"one": one, "state": _delegation_state(one, today)}
        for one in desk_queries.delegations(request.by)[:200]
    ]
    context = {
        "rows": rows,
        "tabs": _tabs("manage_delegations"),
        "changes": frame.changes(request.by, "delegation.give", "delegation.end"),
    }
    return frame.show(request, "manage/delegations.html", context, here="manage_seats")


def _delegation_state(one: Any, today: Any) -> dict[str, Any]:
    if one.ended_at is not None or one.to_date < today:
        return {"text": _("Ended"), "tone": "", "live": False}
    if one.from_date > today:
        return {"text": _("Not begun"), "tone": "info", "live": True}
    return {"text": _("Counts"), "tone": "good", "live": True}


class DelegationForm(forms.Form):
    """Whose desk, to whom, by which decision, from when until when."""

    seat_id = fields.drop_down(gettext_lazy("Whose desk"))
    to_seat_id = fields.drop_down(gettext_lazy("Who stands in"))
    decision = forms.LineField(max_length=120, label=gettext_lazy("Number of the decision"))
    from_date = forms.DateField(label=gettext_lazy("First day"))
    to_date = forms.DateField(label=gettext_lazy("Last day"))

    def __init__(self, *args: Any, seats: list[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", _("Choose")), *fields.seat_choices(seats)]
        for name in ("seat_id", "to_seat_id"):
            fields.choose(self, name, choices)


@officer("desk.open")
def give_delegation(request: Request) -> HttpResponse:
    """Lend the work of a desk to another person."""
    form = DelegationForm(frame.sent(request), seats=desk_queries.seats_visible(request.by, timezone.now()))

    def run(values: dict[str, Any]) -> frame.Done:
        given = {**values, "seat_id": UUID(values["seat_id"]), "to_seat_id": UUID(values["to_seat_id"])}
        desk_actions.give_delegation(by=request.by, at=timezone.now(), **given)
        return _("The delegation was recorded."), reverse("manage_delegations")

    page = frame.Ask(
        here="manage_seats",
        title=_("Delegate a desk"),
        button=_("Delegate"),
        back=reverse("manage_delegations"),
        intro=_(
            "The other person gets the work of the desk, in their own role: a delegation hands over matters, never powers."
        ),
    )
    return frame.ask(request, page, form, run)


@officer("desk.open")
def end_delegation(request: Request, delegation_id: UUID) -> HttpResponse:
    """End a delegation before its last day."""
    found = next((one for one in desk_queries.delegations(request.by) if one.id == delegation_id), None)
    if found is None:
        raise NotFound

    def run(_values: dict[str, Any]) -> frame.Done:
        desk_actions.end_delegation(by=request.by, at=timezone.now(), delegation_id=delegation_id)
        return _("The delegation has ended."), reverse("manage_delegations")

    told = [
        _("%(name)s loses the work of %(desk)s at once.")
        % {"name": found.to_seat.user.full_name, "desk": found.seat.desk.name}
    ]
    page = frame.Ask(
        here="manage_seats",
        title=_("End this delegation?"),
        button=_("End it"),
        back=reverse("manage_delegations"),
        warnings=told,
        tone="bad",
    )
    return frame.ask(request, page, users.YesForm(frame.sent(request)), run)


# --- personal links ---------------------------------------------------------------------------------------------------


@officer("desk.open")
@require_GET
def links(request: Request) -> HttpResponse:
    """The personal links of partners."""
    words = {
        "open": (_("Can be opened"), "good"),
        "locked": (_("Resting"), "warn"),
        "expired": (_("Expired"), ""),
        "withdrawn": (_("Withdrawn"), ""),
    }
    rows = [
        {
            "link": one.link,
            "text": words[one.state][0],
            "tone": words[one.state][1],
            "live": one.state in ("open", "locked"),
        }
        for one in desk_queries.links(request.by, timezone.now())[:300]
    ]
    context = {"rows": rows, "changes": frame.changes(request.by, "link.issue", "link.withdraw")}
    return frame.show(request, "manage/links.html", context, here="manage_links")


class LinkForm(forms.Form):
    """For whom, at which partner, how long."""

    desk_id = fields.drop_down(gettext_lazy("Partner"))
    holder_name = forms.NameField(max_length=150, label=gettext_lazy("Name of the person"))
    holder_contact = forms.LineField(required=False, max_length=150, label=gettext_lazy("Phone or e-mail"))
    days = fields.CountField(label=gettext_lazy("Valid for how many days"), initial=desk_rules.LINK_DAYS)


@officer("desk.open")
def issue_link(request: Request) -> HttpResponse:
    """Issue a personal link; link and PIN are on the slips that follow, and nowhere else."""
    places = [
        one
        for one in desk_queries.desks_visible(request.by).filter(closed_at=None, kind="partner")
        if not one.outside
    ]
    form = LinkForm(frame.sent(request), initial={"desk_id": request.GET.get("meja", "")})
    fields.choose(form, "desk_id", fields.desk_choices(places, _("Choose")))

    def run(values: dict[str, Any]) -> HttpResponse:
        made = desk_actions.issue_link(
            by=request.by, at=timezone.now(), **{**values, "desk_id": UUID(values["desk_id"])}
        )
        url = request.build_absolute_uri(f"/mitra/{made.token}/")
        return frame.show(
            request,
            "manage/link_slip.html",
            {"link": made.link, "url": url, "pin": made.pin},
            here="manage_links",
        )

    page = frame.Ask(
        here="manage_links",
        title=_("Issue a personal link"),
        button=_("Issue and show it"),
        back=reverse("manage_links"),
        intro=_(
            "A partner works here without an account. Send the link by one way and tell the PIN by another."
        ),
    )
    return frame.ask(request, page, form, run)


@officer("desk.open")
def withdraw_link(request: Request, link_id: UUID) -> HttpResponse:
    """Withdraw a link."""
    found = next(
        (one.link for one in desk_queries.links(request.by, timezone.now()) if one.link.id == link_id), None
    )
    if found is None:
        raise NotFound

    def run(_values: dict[str, Any]) -> frame.Done:
        desk_actions.withdraw_link(by=request.by, at=timezone.now(), link_id=link_id)
        return _("The link was withdrawn."), reverse("manage_links")

    told = [_("%(name)s can open nothing from the next click on.") % {"name": found.holder_name}]
    page = frame.Ask(
        here="manage_links",
        title=_("Withdraw this link?"),
        button=_("Withdraw the link"),
        back=reverse("manage_links"),
        warnings=told,
        tone="bad",
    )
    return frame.ask(request, page, users.YesForm(frame.sent(request)), run)
