"""The second factor on a demo: a secret for each sign-in that anybody may know, because everything here is invented.

``ground.prepare`` lets the demo load only where no real installation is, so such a secret never stands before real data.
"""

from __future__ import annotations

import base64
import hashlib
import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings

from simpul.accounts import queries as account_queries

STEP = 30
"""Seconds for which a code is good."""


def secret_of(username: str) -> str:
    """The secret a visitor can type into an authenticator app: the same for a user name on every demo."""
    return base64.b32encode(hashlib.sha256(f"simpul-peragaan:{username}".encode()).digest()[:20]).decode()


def enrol(user: Any) -> None:
    """Set up the authenticator app of a sample sign-in through allauth's own door."""
    totp.TOTP.activate(user, secret_of(user.username))


def current_code(username: str, at: float | None = None) -> str:
    """The six digits that the authenticator app of a sample sign-in shows now; "" for anybody else, and off the demo."""
    if settings.SIMPUL_KIND not in ("demo", "test"):
        return ""
    user = account_queries.by_username(username)
    if (
        user is None
        or not Authenticator.objects.filter(user_id=user.id, type=Authenticator.Type.TOTP).exists()
    ):
        return ""
    counter = int(time.time() if at is None else at) // STEP
    return totp.format_hotp_value(totp.hotp_value(secret_of(user.username), counter))
