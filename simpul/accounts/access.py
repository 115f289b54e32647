"""Who may see the people who sign in."""

from __future__ import annotations

from django.db import models

from simpul.accounts.models import User
from simpul.lib.actor import SYSTEM, Actor


def visible(by: Actor) -> models.QuerySet[User]:
    """Everybody for administrators and the data-protection officer; oneself for all others."""
    if by.role == SYSTEM or (by.strong and by.role in {"administrator", "protection_officer"}):
        return User.objects.all()
    if by.user_id is None:
        return User.objects.none()
    return User.objects.filter(id=by.user_id)
