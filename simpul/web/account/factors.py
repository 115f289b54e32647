"""The second factor: an authenticator app, passkeys, spare codes; and proving it again before something important."""

from __future__ import annotations

import json
import time
from typing import Any

from allauth.account import views as account_views
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa import app_settings as totp_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import views as mfa_views
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as code_views
from allauth.mfa.totp import views as totp_views
from allauth.mfa.totp.internal import auth as totp_auth
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn import views as webauthn_views
from django.conf import settings
from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from simpul.desks import queries as desk_queries
from simpul.lib.ids import group_digits
from simpul.web.account import forms
from simpul.web.policy import Request, public, signed_in

PRIMARY = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class _WithOptions:
    """Puts the browser's passkey options into the page as text: a data attribute, never a script."""

    def get_context_data(self, **values: Any) -> dict[str, Any]:
        """Allauth's context with ``options``."""
        page: dict[str, Any] = super().get_context_data(**values)  # type: ignore[misc]
        asked = page.get("js_data") or {}
        options = asked.get("creation_options") or asked.get("request_options")
        page["options"] = json.dumps(options, cls=DjangoJSONEncoder) if options else ""
        return page


def _prove(request: HttpRequest, kind: str) -> None:
    """Setting a factor up took a right answer of it: this session has passed it."""
    record_authentication(request, request.user, "mfa", type=kind)


# --- at sign-in -----------------------------------------------------------------------------------------------------


class _Authenticate(_WithOptions, mfa_views.AuthenticateView):
    """The code, or the passkey, after the password."""

    form_class = forms.CodeForm
    template_name = "account/code.html"

    def get_form_class(self) -> type[forms.CodeForm]:
        """Ours, whatever the settings say."""
        return self.form_class

    def get_context_data(self, **values: Any) -> dict[str, Any]:
        """With what this person has set up."""
        page = super().get_context_data(**values)
        person = self.stage.login.user
        page["has_app"] = is_mfa_enabled(person, [Authenticator.Type.TOTP])
        page["has_passkey"] = is_mfa_enabled(person, [Authenticator.Type.WEBAUTHN])
        page["sample_code"] = _sample_code(person) if settings.SIMPUL_KIND == "demo" else ""
        return page


def _sample_code(person: Any) -> str:
    """What the app of a sample sign-in would show now, so that a visitor of the demo needs no app. Never elsewhere."""
    app = Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).first()
    if app is None:
        return ""
    secret = get_adapter().decrypt(app.data["secret"])
    return totp_auth.format_hotp_value(
        totp_auth.hotp_value(secret, int(time.time()) // totp_settings.TOTP_PERIOD)
    )


authenticate = public(_Authenticate.as_view())
sign_in_by_passkey = public(webauthn_views.LoginWebAuthnView.as_view())


# --- once more, before something important --------------------------------------------------------------------------


class _ConfirmPassword(account_views.ReauthenticateView):
    form_class = forms.ConfirmPasswordForm
    template_name = "account/confirm_password.html"

    def get_form_class(self) -> type[forms.ConfirmPasswordForm]:
        """Ours, whatever the settings say."""
        return self.form_class


class _ConfirmCode(mfa_views.ReauthenticateView):
    form_class = forms.ConfirmCodeForm
    template_name = "account/confirm_code.html"

    def get_form_class(self) -> type[forms.ConfirmCodeForm]:
        """Ours, whatever the settings say."""
        return self.form_class


class _ConfirmPasskey(_WithOptions, webauthn_views.ReauthenticateWebAuthnView):
    template_name = "account/confirm_passkey.html"


confirm_password = signed_in(_ConfirmPassword.as_view())
confirm_code = signed_in(_ConfirmCode.as_view())
confirm_passkey = signed_in(_ConfirmPasskey.as_view())


# --- what is set up -------------------------------------------------------------------------------------------------


@signed_in
def index(request: Request) -> HttpResponseBase:
    """The second factors of this person."""
    mine = list(Authenticator.objects.filter(user_id=request.user.pk).order_by("created_at", "pk"))
    codes = next((one for one in mine if one.type == Authenticator.Type.RECOVERY_CODES), None)
    page = {
        "app": next((one for one in mine if one.type == Authenticator.Type.TOTP), None),
        "passkeys": [one.wrap() for one in mine if one.type == Authenticator.Type.WEBAUTHN],
        "codes": codes,
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "demanded": desk_queries.holds_strong_seat(request.user, timezone.now()),
    }
    return render(request, "mfa/index.html", page)


@signed_in
def demanded(request: Request) -> HttpResponseBase:
    """Why this seat asks for a second factor, and the way to it: setting one up, or proving the one there is."""
    if not request.needs_second_factor:
        return redirect("/meja/")
    has_app = is_mfa_enabled(request.user, [Authenticator.Type.TOTP])
    has_passkey = is_mfa_enabled(request.user, [Authenticator.Type.WEBAUTHN])
    seats = desk_queries.seats_of(request.user, timezone.now())
    seat = next((one for one in seats if one.id == request.by.seat_id), None)
    page = {
        "has_app": has_app,
        "has_passkey": has_passkey,
        "seat": desk_queries.seat_label(seat) if seat else "",
        "other_seats": len(seats) > 1,
    }
    return render(request, "account/second_factor.html", page)


class _AddApp(totp_views.ActivateTOTPView):
    form_class = forms.AddAppForm
    template_name = "mfa/app.html"

    def get_form_class(self) -> type[forms.AddAppForm]:
        """Ours, whatever the settings say."""
        return self.form_class

    def get_context_data(self, **values: Any) -> dict[str, Any]:
        """With the key as text, in groups, for whoever cannot scan."""
        page = super().get_context_data(**values)
        return {**page, "secret": group_digits(page["form"].secret, 4)}

    def form_valid(self, form: Any) -> HttpResponse:
        """Set it up; the code just typed is the proof of this session."""
        response: HttpResponse = super().form_valid(form)
        _prove(self.request, "totp")
        return response


class _AddPasskey(_WithOptions, webauthn_views.AddWebAuthnView):
    form_class = forms.AddPasskeyForm
    template_name = "mfa/passkey.html"

    def get_form_class(self) -> type[forms.AddPasskeyForm]:
        """Ours, whatever the settings say."""
        return self.form_class

    def get_context_data(self, **values: Any) -> dict[str, Any]:
        """With the form, also when it was refused."""
        page = super().get_context_data(**values)
        page["form"] = values.get("form") or self.get_form()
        return page

    def form_valid(self, form: Any) -> HttpResponse:
        """Set it up; the passkey just used is the proof of this session."""
        response: HttpResponse = super().form_valid(form)
        _prove(self.request, "webauthn")
        return response


class _Keeping:
    """Removing a factor is refused while it is the last one of somebody whose seat demands one."""

    def dispatch(self, request: HttpRequest, *args: Any, **values: Any) -> HttpResponseBase:
        """Send whoever may not remove it back with the reason."""
        if request.user.is_authenticated:
            left = Authenticator.objects.filter(user_id=request.user.pk, type__in=PRIMARY).count()
            if left <= 1 and desk_queries.holds_strong_seat(request.user, timezone.now()):
                messages.error(
                    request,
                    gettext(
                        "One of your seats demands a second factor. Set up another one first, then remove this one."
                    ),
                )
                return redirect("mfa_index")
        answer: HttpResponseBase = super().dispatch(request, *args, **values)  # type: ignore[misc]
        return answer


class _RemoveApp(_Keeping, totp_views.DeactivateTOTPView):
    template_name = "mfa/remove_app.html"


class _RemovePasskey(_Keeping, webauthn_views.RemoveWebAuthnView):
    template_name = "mfa/remove_passkey.html"

    def get_success_url(self) -> str:
        """Back to the list."""
        return reverse("mfa_index")


class _SpareCodes(code_views.ViewRecoveryCodesView):
    template_name = "mfa/codes.html"


class _NewSpareCodes(code_views.GenerateRecoveryCodesView):
    template_name = "mfa/new_codes.html"


class _DownloadSpareCodes(code_views.DownloadRecoveryCodesView):
    template_name = "mfa/codes.txt"

    def render_to_response(self, context: dict[str, Any], **options: Any) -> HttpResponse:
        """Under an Indonesian name."""
        response: HttpResponse = super().render_to_response(context, **options)
        response["Content-Disposition"] = 'attachment; filename="kode-cadangan-simpul.txt"'
        return response


add_app = signed_in(_AddApp.as_view())
remove_app = signed_in(_RemoveApp.as_view())
add_passkey = signed_in(_AddPasskey.as_view())
remove_passkey = signed_in(_RemovePasskey.as_view())
spare_codes = signed_in(_SpareCodes.as_view())
new_spare_codes = signed_in(_NewSpareCodes.as_view())
download_spare_codes = signed_in(_DownloadSpareCodes.as_view())
