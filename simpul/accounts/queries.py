"""Looking people up: for the sign-in page, for lists, for their own page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from django.db import models
from django.db.models import Q

from simpul.accounts import access, rules
from simpul.accounts.models import User
from simpul.lib import phone
from simpul.lib.actor import SYSTEM, Actor
from simpul.lib.errors import NotFound


def sign_in_key(typed: str) -> str:
    """The one spelling of what somebody types as their name, e-mail or phone: what look-ups and the lock-out count by."""
    text = rules.clean_username(typed)
    if rules.looks_like_phone(text):
        return dialled(text) or text
    return text


def dialled(typed: str) -> str:
    """The phone in the form +62..., or "" when it cannot be one."""
    return phone.normalise(typed).e164 or ""


def find_for_sign_in(typed: str) -> User | None:
    """The person whose user name, e-mail or phone this is, in any spelling; one look-up. Also finds those switched off."""
    key = sign_in_key(typed)
    if not key:
        return None
    return User.objects.filter(
        Q(username__iexact=key) | Q(email__iexact=key, email__gt="") | Q(phone=key, phone__gt="")
    ).first()


def user(user_id: UUID) -> User | None:
    """The person with this key, also when switched off."""
    return User.objects.filter(id=user_id).first()


def user_for(by: Actor, user_id: UUID) -> User:
    """One person, if ``by`` may see them.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    found = access.visible(by).filter(id=user_id).first()
    if found is None:
        raise NotFound
    return found


def by_username(username: str) -> User | None:
    """The person with this user name, whatever its capitals: for the command line and the demo."""
    return User.objects.filter(username__iexact=rules.clean_username(username)).first()


def names(user_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Full names by key, in one query."""
    return dict(User.objects.filter(id__in=set(user_ids)).values_list("id", "full_name"))


def users(by: Actor, *, words: str = "", active: bool | None = None) -> models.QuerySet[User]:
    """The people ``by`` may see, by name; ``words`` looks in name, user name, e-mail and phone."""
    found = access.visible(by)
    if active is not None:
        found = found.filter(is_active=active)
    for word in rules.plain(words).split():
        either = Q(full_name__icontains=word) | Q(username__icontains=word) | Q(email__icontains=word)
        found = found.filter(either | Q(phone__contains=word) | Q(phone_as_typed__contains=word))
    return found.order_by("full_name", "id")


def own_actor(person: User, by: Actor) -> Actor:
    """Who acts when a person changes their own sign-in: the actor of their seat, or, without a seat, the installation for them.

    Somebody whose seats were withdrawn must still be able to change a password that leaked.
    """
    if by.user_id == person.id:
        return by
    return replace(by, role=SYSTEM, name=person.full_name, user_id=person.id)
