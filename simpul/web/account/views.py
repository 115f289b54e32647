"""Pages of one's own sign-in: in, out, password, seat, data."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account_views
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.accounts import actions as account_actions
from simpul.accounts import queries as account_queries
from simpul.accounts import signin
from simpul.desks import queries as desk_queries
from simpul.journal import access as journal_access
from simpul.lib import phone, when
from simpul.lib.errors import NotFound, Refused
from simpul.web.account import forms
from simpul.web.policy import Request, public, signed_in

SEAT_KEY = "seat"
LAST_ACTS = 20


class _SignIn(account_views.LoginView):
    """Sign in by user name, e-mail or phone."""

    form_class = forms.SignInForm
    template_name = "account/login.html"

    def get_form_class(self) -> type[forms.SignInForm]:
        """Ours, whatever the settings say."""
        return self.form_class

    def get_context_data(self, **values: Any) -> dict[str, Any]:
        """With the sentence for whoever was away for half an hour."""
        return {
            **super().get_context_data(**values),
            "rested": "istirahat" in (self.request.GET.get("next") or ""),
        }


sign_in = public(_SignIn.as_view())


class _SignOut(account_views.LogoutView):
    """Ask, then sign out; a POST signs out at once."""

    template_name = "account/logout.html"

    def dispatch(self, request: Any, *args: Any, **values: Any) -> HttpResponseBase:
        """Out: the browser forgets pages and half-written texts, for whoever sits down next."""
        answer: HttpResponseBase = super().dispatch(request, *args, **values)
        if request.method == "POST":
            answer.headers["Clear-Site-Data"] = '"cache", "storage"'
        return answer


sign_out = public(_SignOut.as_view())


def _after(request: Request, otherwise: str) -> str:
    """Where to go on: the page asked for, when it is one of ours."""
    wanted = str(request.POST.get("next") or request.GET.get("next") or "")
    fits = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and fits else otherwise


@signed_in
def change_password(request: Request) -> HttpResponseBase:
    """Change the password; a first password has to be changed before anything else."""
    form = forms.PasswordForm(request.POST or None)
    forced = bool(getattr(request.user, "must_change_password", False))
    if request.method == "POST" and form.is_valid():
        try:
            person = account_actions.change_password(
                by=account_queries.own_actor(request.user, request.by),  # type: ignore[arg-type]
                at=timezone.now(),
                old=form.cleaned_data["old"],
                new=form.cleaned_data["new"],
            )
        except NotFound:
            raise
        except Refused as refusal:
            form.refuse(refusal)
        else:
            update_session_auth_hash(request, person)
            messages.success(
                request, gettext("Your password was changed. Every other session of yours has ended.")
            )
            return redirect(_after(request, "/meja/" if forced else reverse("account_home")))
    page = {"form": form, "forced": forced, "next": _after(request, "")}
    return render(request, "account/password.html", page, status=422 if form.errors else 200)


@signed_in
def seats(request: Request) -> HttpResponseBase:
    """The seats of this person; choosing one is open and lasts until another is chosen."""
    mine = desk_queries.seats_of(request.user, timezone.now())
    if request.method == "POST":
        chosen = next((seat for seat in mine if str(seat.id) == request.POST.get("seat")), None)
        if chosen is None:
            raise NotFound
        request.session[SEAT_KEY] = str(chosen.id)
        account_actions.keep_preference(
            by=request.by, at=timezone.now(), user_id=chosen.user_id, seat_id=chosen.id
        )
        return redirect(_after(request, "/meja/"))
    page = {"rows": [_seat_row(seat, request) for seat in mine], "next": _after(request, "")}
    return render(request, "account/seats.html", page)


def _seat_row(seat: Any, request: Request) -> dict[str, Any]:
    role = roles.ROLES[seat.role]
    return {
        "id": seat.id,
        "label": desk_queries.seat_label(seat),
        "desk": seat.desk.name,
        "current": seat.id == request.by.seat_id,
        "strong": role.strong,
        "until": seat.until_at and _moment(seat.until_at),
    }


@signed_in
def home(request: Request) -> HttpResponseBase:
    """My data: what is kept about this person, where they sit, what they did last, and their language."""
    person: Any = request.user
    form = forms.LanguageForm(request.POST or None, initial={"language": person.language})
    if request.method == "POST" and form.is_valid():
        language = form.cleaned_data["language"]
        account_actions.keep_preference(
            by=request.by, at=timezone.now(), user_id=person.id, language=language
        )
        response = redirect("account_home")
        signin.set_language(response, language)
        return response
    page = {
        "form": form,
        "facts": _facts(person),
        "rows": [_seat_row(seat, request) for seat in desk_queries.seats_of(person, timezone.now())],
        "acts": _acts(request),
    }
    return render(request, "account/home.html", page, status=422 if form.errors else 200)


def _facts(person: Any) -> list[dict[str, Any]]:
    return [
        {"key": _("Name"), "value": person.full_name},
        {"key": _("User name"), "value": person.username},
        {"key": _("E-mail"), "value": person.email},
        {"key": _("Phone"), "value": phone.display(person.phone) if person.phone else ""},
    ]


def _acts(request: Request) -> list[dict[str, str]]:
    lines = (
        journal_access.visible(request.by)
        .filter(user_id=request.user.pk)
        .order_by("-recorded_at")[:LAST_ACTS]
    )
    return [
        {"what": gettext(roles.ACTS.get(line.kind, line.kind)), "when": _moment(line.at)} for line in lines
    ]


def _moment(moment: Any) -> str:
    zone = desk_queries.zone_of("")
    return when.format_moment(moment, str(zone), get_language() or "id")
