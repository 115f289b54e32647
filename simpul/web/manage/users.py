"""People who sign in: adding, changing, switching off and on, first passwords, and how their second factor stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from simpul import roles
from simpul.accounts import actions as account_actions
from simpul.accounts import queries as account_queries
from simpul.desks import access as desk_access
from simpul.desks import queries as desk_queries
from simpul.web import forms
from simpul.web.manage import desks, fields, frame
from simpul.web.policy import Request, officer

ACTS = ("user.add", "user.change", "user.disable", "user.enable", "password.issue")
PAGE = 50


class PersonForm(forms.Form):
    """How a person is called and reached."""

    full_name = forms.NameField(max_length=150, label=gettext_lazy("Full name"))
    username = forms.LineField(
        max_length=60,
        width="20",
        label=gettext_lazy("User name"),
        help_text=gettext_lazy("Small letters, digits, dots or hyphens."),
    )
    email = forms.LineField(required=False, max_length=254, label=gettext_lazy("E-mail"))
    phone = forms.LineField(required=False, max_length=40, width="20", label=gettext_lazy("Phone"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"


def second_factors(user_ids: Iterable[UUID]) -> dict[UUID, set[str]]:
    """The kinds of second factor that people have set up, in one query."""
    found: dict[UUID, set[str]] = defaultdict(set)
    for user_id, kind in Authenticator.objects.filter(user_id__in=set(user_ids)).values_list(
        "user_id", "type"
    ):
        found[user_id].add(kind)
    return found


def factor_state(kinds: set[str], *, demanded: bool) -> dict[str, str]:
    """The second factor of a person as a tag."""
    if kinds & {"totp", "webauthn"}:
        return {"text": _("Passkey") if "webauthn" in kinds else _("App"), "tone": "good"}
    return {"text": _("Missing"), "tone": "bad"} if demanded else {"text": _("None"), "tone": ""}


def is_strong(seat: Any) -> bool:
    """True when the role of a seat demands a second factor."""
    return seat.role in roles.ROLES and roles.ROLES[seat.role].strong


@officer("desk.open")
@require_GET
def users(request: Request) -> HttpResponse:
    """Everybody who can sign in, with their seats and second factor."""
    words, off = forms.tidy_line(request.GET.get("cari", ""))[:60], request.GET.get("mati") == "1"
    found = account_queries.users(request.by, words=words, active=not off)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    ids = [person.id for person in page]
    factors = second_factors(ids)
    seats: dict[UUID, list[Any]] = defaultdict(list)
    for seat in (
        desk_access.seats_visible(request.by)
        .current(timezone.now())
        .filter(user_id__in=ids)
        .order_by("desk__name", "id")
    ):
        seats[seat.user_id].append(seat)
    rows = [
        {
            "person": person,
            "seats": [desk_queries.seat_label(seat) for seat in seats[person.id]],
            "factor": factor_state(
                factors[person.id], demanded=any(is_strong(seat) for seat in seats[person.id])
            ),
        }
        for person in page
    ]
    tabs = [
        {"label": _("Can sign in"), "url": "?", "current": not off},
        {"label": _("Switched off"), "url": "?mati=1", "current": off},
    ]
    context = {
        "rows": rows,
        "page_of": page,
        "tabs": tabs,
        "words": words,
        "off": off,
        "changes": frame.changes(request.by, *ACTS),
    }
    return frame.show(request, "manage/users.html", context, here="manage_users")


@officer("desk.open")
@require_GET
def user(request: Request, user_id: UUID) -> HttpResponse:
    """One person: details, seats past and present, second factor, what was changed."""
    at = timezone.now()
    person = account_queries.user_for(request.by, user_id)
    seats = list(
        desk_access.seats_visible(request.by).filter(user_id=user_id).order_by("withdrawn_at", "-from_at")
    )
    rows: list[dict[str, Any]] = [
        {
            "seat": seat,
            "label": desk_queries.seat_label(seat),
            "state": seat_state(seat, at),
            "strong": is_strong(seat),
        }
        for seat in seats
    ]
    demanded = any(row["strong"] and row["seat"].withdrawn_at is None for row in rows)
    context = {
        "person": person,
        "rows": rows,
        "factor": factor_state(second_factors([user_id])[user_id], demanded=demanded),
        "demanded": demanded,
        "own": request.by.user_id == user_id,
        "changes": frame.changes(request.by, *ACTS, "password.change", about=[user_id]),
    }
    return frame.show(request, "manage/user.html", context, here="manage_users")


def seat_state(seat: Any, at: Any) -> dict[str, str]:
    """Whether a seat counts now."""
    if seat.withdrawn_at is not None:
        return {"text": _("Withdrawn"), "tone": ""}
    if seat.from_at > at:
        return {"text": _("Not begun"), "tone": "info"}
    if seat.until_at is not None and seat.until_at <= at:
        return {"text": _("Ended"), "tone": ""}
    return {"text": _("Counts"), "tone": "good"}


@officer("desk.open")
def add_user(request: Request) -> HttpResponse:
    """Add a person; the first password is on the slip that follows, and nowhere else."""
    form = PersonForm(frame.sent(request))

    def run(values: dict[str, Any]) -> HttpResponse:
        made = account_actions.add_user(by=request.by, at=timezone.now(), **values)
        return slip(request, made.user, made.first_password)

    page = frame.Ask(
        here="manage_users",
        title=_("Add a person"),
        button=_("Add and show the first password"),
        back=reverse("manage_users"),
        intro=_(
            "A seat comes afterwards: it says what the person may do. One account is for one person; never share it."
        ),
    )
    return frame.ask(request, page, form, run)


def slip(request: Request, person: Any, password: str) -> HttpResponse:
    """The slip with a first password, shown once."""
    context = {
        "person": person,
        "password": password,
        "sign_in": request.build_absolute_uri(reverse("account_login")),
    }
    return frame.show(request, "manage/user_slip.html", context, here="manage_users")


@officer("desk.open")
def change_user(request: Request, user_id: UUID) -> HttpResponse:
    """Change how a person is called and reached."""
    person = account_queries.user_for(request.by, user_id)
    initial = {
        "full_name": person.full_name,
        "username": person.username,
        "email": person.email,
        "phone": person.phone_as_typed,
    }

    def run(values: dict[str, Any]) -> frame.Done:
        account_actions.change_user(by=request.by, at=timezone.now(), user_id=user_id, **values)
        return _("The details were changed."), reverse("manage_user", args=[user_id])

    title = _("Change %(name)s") % {"name": person.full_name}
    page = frame.Ask(
        here="manage_users", title=title, button=_("Save"), back=reverse("manage_user", args=[user_id])
    )
    return frame.ask(request, page, PersonForm(frame.sent(request), initial=initial), run)


@officer("desk.open")
def disable_user(request: Request, user_id: UUID) -> HttpResponse:
    """Switch a sign-in off, with what follows said first."""
    person = account_queries.user_for(request.by, user_id)
    alone = _alone_at(request, user_id)
    told = [
        _("The person is signed out with their next click and cannot sign in again."),
        _("Their seats and everything they did stay on record."),
    ]
    if alone:
        told.append(_("Nobody else sits at: %(names)s.") % {"names": ", ".join(alone)})

    def run(values: dict[str, Any]) -> frame.Done:
        account_actions.disable_user(
            by=request.by, at=timezone.now(), user_id=user_id, reason=values["reason"]
        )
        return _("The sign-in is switched off."), reverse("manage_user", args=[user_id])

    title = _("Switch off the sign-in of %(name)s?") % {"name": person.full_name}
    page = frame.Ask(
        here="manage_users",
        title=title,
        button=_("Switch off"),
        back=reverse("manage_user", args=[user_id]),
        warnings=told,
        tone="bad",
    )
    return frame.ask(request, page, desks.ReasonForm(frame.sent(request)), run)


def _alone_at(request: Request, user_id: UUID) -> list[str]:
    """The desks at which nobody but this person sits."""
    seats = desk_queries.seats_visible(request.by, timezone.now())
    by_desk: dict[UUID, set[UUID]] = defaultdict(set)
    for seat in seats:
        by_desk[seat.desk_id].add(seat.user_id)
    return sorted({seat.desk.name for seat in seats if by_desk[seat.desk_id] == {user_id}})


class YesForm(forms.Form):
    """Nothing to fill in: the button is the answer."""


@officer("desk.open")
def enable_user(request: Request, user_id: UUID) -> HttpResponse:
    """Switch a sign-in on again."""
    person = account_queries.user_for(request.by, user_id)

    def run(_values: dict[str, Any]) -> frame.Done:
        account_actions.enable_user(by=request.by, at=timezone.now(), user_id=user_id)
        return _("The sign-in is switched on."), reverse("manage_user", args=[user_id])

    title = _("Switch on the sign-in of %(name)s?") % {"name": person.full_name}
    told = [
        _("Seats that were not withdrawn count again."),
        _("The old password works; issue a new one when it may be known to others."),
    ]
    page = frame.Ask(
        here="manage_users",
        title=title,
        button=_("Switch on"),
        back=reverse("manage_user", args=[user_id]),
        warnings=told,
    )
    return frame.ask(request, page, YesForm(frame.sent(request)), run)


class PasswordForm(forms.Form):
    """Whether the second factor goes too."""

    drop_second_factor = fields.SwitchField(
        label=gettext_lazy("Also remove the second factor (lost phone or key)"),
        help_text=gettext_lazy("Only when you know that it is really this person who asks."),
    )


@officer("desk.open")
def issue_password(request: Request, user_id: UUID) -> HttpResponse:
    """Issue a new first password, shown once."""
    person = account_queries.user_for(request.by, user_id)
    told = [
        _("The old password stops working and every session of the person ends."),
        _("They choose their own password when they next sign in."),
    ]

    def run(values: dict[str, Any]) -> HttpResponse:
        password = account_actions.issue_password(by=request.by, at=timezone.now(), user_id=user_id, **values)
        return slip(request, person, password)

    title = _("New first password for %(name)s?") % {"name": person.full_name}
    page = frame.Ask(
        here="manage_users",
        title=title,
        button=_("Issue and show it"),
        back=reverse("manage_user", args=[user_id]),
        warnings=told,
    )
    return frame.ask(request, page, PasswordForm(frame.sent(request)), run)
