"""What the framework's sign-in asks of us: who this is, how passwords are kept, what a locked-out person reads.

Sign-in itself (forms, sessions, authenticator codes, passkeys, the lock-out) is allauth's and axes' work. Here stands only
what makes it ours: one name field for user name, e-mail and phone; the same work and the same sentence whether or not
somebody exists; no sign-up; and secrets of the second factor encrypted at rest.
"""

from __future__ import annotations

import base64
import time
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from simpul.accounts import queries
from simpul.lib.keys import ring

WRONG_SIGN_IN = _("This name and password do not fit together. Check both and try again.")
TOO_MANY = _("Too many tries from this place. Wait a minute and try again.")
WRONG_CODE = _("This code is not right. Wait for the next code in the app and type that one.")

CODE_TRIES = 10
CODE_WAIT = timedelta(minutes=15)
_TOTP_CONTEXT = "mfa.authenticator.data"


class Argon2Village(Argon2PasswordHasher):
    """Argon2id at 19 MiB, two passes, one lane (OWASP): about 20 ms on a village's box instead of 126 ms and 100 MiB."""

    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1


class NameMailOrPhone(BaseBackend):
    """Signs in by user name, e-mail or phone in any spelling, and a password.

    The password is hashed once in every case, also for somebody who does not exist or is switched off, so the time of the
    answer tells nothing.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **_others: Any,
    ) -> Any:
        """The person, or None for any reason whatever."""
        if not username or not password:
            return None
        person = queries.find_for_sign_in(username)
        if person is None or not person.has_usable_password():
            make_password(password)
            return None
        return person if person.check_password(password) and person.is_active else None

    def get_user(self, user_id: Any) -> Any:
        """The person of a session; None, which ends it, when they were switched off."""
        person = queries.user(user_id)
        return person if person is not None and person.is_active else None


class AccountAdapter(DefaultAccountAdapter):
    """No sign-up, one sentence for every failed sign-in, no chatter, and no second asking right after signing in."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": WRONG_SIGN_IN,
        "email_password_mismatch": WRONG_SIGN_IN,
        "username_password_mismatch": WRONG_SIGN_IN,
        "phone_password_mismatch": WRONG_SIGN_IN,
        "invalid_login": WRONG_SIGN_IN,
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
        "incorrect_password": _("The password is not right. Type it again."),
        "enter_current_password": _("The present password is not right. Type it again."),
        "incorrect_code": WRONG_CODE,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: an administrator adds people."""
        return False

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say what happened, but not that somebody came or went: the page shows that."""
        if message_template in {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}:
            return
        super().add_message(request, level, message_template, message_context, extra_tags, message)

    def post_login(self, request: HttpRequest, user: Any, **values: Any) -> HttpResponse:
        """Go on to the page asked for, in the person's own language; a first password is changed before anything else."""
        response: HttpResponse = super().post_login(request, user, **values)
        if user.must_change_password:
            wanted = urlencode({"next": response.headers.get("Location", "")})
            response = redirect(f"{reverse('account_change_password')}?{wanted}")
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            set_language(response, user.language)
        return response

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask for the password again before the second factor is touched, unless it was given a few minutes ago."""
        request = context.request
        records = get_authentication_records(request, request.user)
        fresh = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        return not any(record.get("at", 0) > fresh for record in records)


class MFAAdapter(DefaultMFAAdapter):
    """Keeps the secrets of the second factor encrypted, and draws the QR code as plain inline SVG."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
        "cannot_delete_authenticator": _("The second factor cannot be switched off."),
        "cannot_generate_recovery_codes": _("Set up a second factor first; then you can make spare codes."),
    }

    def encrypt(self, text: str) -> str:
        """Ciphertext of a secret, as text."""
        return base64.b64encode(ring().encrypt(text, _TOTP_CONTEXT)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again."""
        return ring().decrypt(base64.b64decode(encrypted_text), _TOTP_CONTEXT).decode()

    def get_totp_issuer(self) -> str:
        """The name shown in the authenticator app."""
        return str(settings.MFA_TOTP_ISSUER)

    def get_totp_label(self, user: Any) -> str:
        """The user name, shown in the authenticator app under the issuer."""
        return str(user.username)

    def build_totp_svg(self, url: str) -> str:
        """The QR code without style attributes, which our content security policy would refuse."""
        return segno.make(url, error="m", micro=False).svg_inline(scale=5, border=4, light="#fff")

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 - the framework's own word
        """The name a new passkey gets when none is written."""
        return str(_("Passkey of this device"))


def set_language(response: HttpResponse, language: str) -> None:
    """Keep the language a person reads in their browser, for a year."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def code_try_allowed(user_id: Any) -> bool:
    """Count one try of a second-factor code; False after ten within a quarter of an hour.

    Whoever gets this far knows the password, so the count is per person and not per address: a million codes would take
    years, and a stranger cannot use it to keep somebody out.
    """
    key = f"second-factor:{user_id}"
    cache.add(key, 0, timeout=CODE_WAIT.total_seconds())
    try:
        return cache.incr(key) <= CODE_TRIES
    except ValueError:  # it ran out between the two lines
        cache.set(key, 1, timeout=CODE_WAIT.total_seconds())
        return True


def forget_code_tries(user_id: Any) -> None:
    """Start counting anew after a right code."""
    cache.delete(f"second-factor:{user_id}")


def locked_out(request: HttpRequest, _response: HttpResponse, _credentials: Any) -> HttpResponse:
    """The page for a name that was tried wrongly too often from this address; other names at the address are not touched."""
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    return render(request, "account/locked.html", {"minutes": minutes}, status=429)
