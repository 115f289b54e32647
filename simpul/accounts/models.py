"""People who sign in."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from simpul.lib.ids import uuid7


class UserManager(BaseUserManager["User"]):
    """Finds people by the name they sign in with. People are made by ``accounts.actions.add_user`` alone."""

    def get_by_natural_key(self, username: str | None) -> User:
        """The user of this user name, whatever its capitals."""
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """A person who signs in, with a user name, an e-mail address or a phone. What they may do comes from their seats."""

    personal_data: ClassVar[dict[str, str]] = {
        "full_name": "personal",
        "username": "personal",
        "email": "personal",
        "phone": "personal",
        "phone_as_typed": "personal",
    }
    retention: ClassVar[str] = "while the person works here, then switched off and kept for the journal"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField(max_length=60, unique=True)
    password = models.CharField(
        max_length=128
    )  # these two as the framework has them, without words of their own
    last_login = models.DateTimeField(null=True, blank=True)
    full_name = models.CharField(max_length=150)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    phone_as_typed = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=5, default="id")
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    last_seat_id = models.UUIDField(null=True)
    session_salt = models.CharField(max_length=32, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("username"), name="user_username_once"),
            models.UniqueConstraint(Lower("email"), name="user_email_once", condition=~models.Q(email="")),
            models.UniqueConstraint("phone", name="user_phone_once", condition=~models.Q(phone="")),
        ]

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        """The name shown beside acts."""
        return self.full_name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What every session of this person is bound to: a new password or a new ``session_salt`` ends them all.

        Django compares it on each request, so a session is over with the next click, on every machine that serves.
        """
        value = f"{self.password}|{self.session_salt}"
        return salted_hmac("simpul.accounts.session", value, secret=secret, algorithm="sha256").hexdigest()

    @property
    def is_staff(self) -> bool:
        """Nobody enters a framework's administration; seats decide everything."""
        return False

    @property
    def is_superuser(self) -> bool:
        """There is no user above the rules."""
        return False
