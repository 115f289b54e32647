"""Acts on keys: issue, withdraw, note that one was used.

A key is 32 random bytes, shown once. Only a keyed hash of it is stored, so the table opens nothing for whoever steals it.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.desks import queries as desk_queries
from simpul.exchange import queries, rules
from simpul.exchange.models import Token
from simpul.journal import actions as journal_actions
from simpul.lib import ids
from simpul.lib import text as texts
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.regions import queries as region_queries
from simpul.regions import rules as region_rules

if TYPE_CHECKING:
    from simpul.desks.models import Desk

_USE_NOTED_EVERY = timedelta(seconds=60)


class TokenNameless(Refused):
    """Somebody will ask one day whose key this is."""

    code = "token.nameless"
    sentence = _("Write the name of the program that will use this key.")
    field = "name"


class TokenScopesUnknown(Refused):
    """A key that may do nothing, or something unheard of."""

    code = "token.scopes_unknown"
    sentence = _("Choose at least one thing that this key may be used for, from the list.")
    field = "scopes"


class TokenDeskUnusable(Refused):
    """A key for matters speaks for a partner's desk."""

    code = "token.desk_unusable"
    sentence = _(
        "To work on matters, the key must belong to an open desk of a partner institution. Choose one, or leave those uses out."
    )
    field = "desk_id"


class TokenDaysInvalid(Refused):
    """A key ends."""

    code = "token.days_invalid"
    sentence = _("A key is valid for 1 to %(most)s days.")
    field = "days"


class TokenLimitInvalid(Refused):
    """A key has a limit."""

    code = "token.limit_invalid"
    sentence = _("The limit is 1 to %(most)s requests a minute.")
    field = "per_minute"


class TokenAreasUnknown(Refused):
    """An area that is not in the list of regions."""

    code = "token.areas_unknown"
    sentence = _("This area is not known here: %(area)s. Write its name or code.")
    field = "jurisdictions"


class TokenGone(Refused):
    """Somebody else withdrew it first."""

    code = "token.gone"
    sentence = _("This key was already withdrawn.")


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A new key. ``secret`` is shown once and kept nowhere."""

    token: Token
    secret: str


def issue_token(
    *,
    by: Actor,
    at: datetime,
    name: str,
    scopes: Sequence[str],
    desk_id: UUID | None = None,
    jurisdictions: Sequence[str] = (),
    days: int = rules.DAYS,
    per_minute: int = rules.PER_MINUTE,
) -> IssuedToken:
    """Make a key for another program.

    Args:
        desk_id: the partner's desk it speaks for; None for a program that only sends reports of residents.
        jurisdictions: region codes it may send reports from; none for everywhere.

    Raises:
        TokenNameless, TokenScopesUnknown, TokenDeskUnusable, TokenDaysInvalid, TokenLimitInvalid, TokenAreasUnknown.
    """
    roles.require(by, "token.issue")
    called, areas = _checked(name, scopes, jurisdictions, days, per_minute)
    with transaction.atomic():
        desk = _desk(desk_id, scopes)
        secret = rules.SECRET_START + secrets.token_urlsafe(32)
        token = Token.objects.create(
            id=ids.uuid7_at(at),
            name=called,
            desk=desk,
            scopes=[scope for scope in rules.SCOPES if scope in set(scopes)],
            jurisdictions=areas,
            prefix=rules.prefix_of(secret),
            secret_index=queries.secret_index(secret),
            per_minute=per_minute,
            issued_by=by.name,
            issued_at=at,
            expires_at=at + timedelta(days=days),
        )
        journal_actions.record(
            by=by,
            at=at,
            kind="token.issue",
            subject_kind="token",
            subject_id=token.id,
            facts={
                "name": token.name,
                "prefix": token.prefix,
                "desk": desk.name if desk else "",
                "scopes": token.scopes,
                "expires": token.expires_at,
            },
            region_code=desk.region_code if desk else "",
        )
    return IssuedToken(token, secret)


def withdraw_token(*, by: Actor, at: datetime, token_id: UUID) -> None:
    """Withdraw a key: the next request with it is refused.

    Raises:
        NotFound: there is no such key.
        TokenGone: it was withdrawn already.
    """
    roles.require(by, "token.withdraw")
    with transaction.atomic():
        token = Token.objects.filter(id=token_id).first()
        if token is None:
            raise NotFound
        if Token.objects.filter(id=token_id, withdrawn_at=None).update(withdrawn_at=at) != 1:
            raise TokenGone
        journal_actions.record(
            by=by,
            at=at,
            kind="token.withdraw",
            subject_kind="token",
            subject_id=token_id,
            facts={"name": token.name, "prefix": token.prefix},
        )


def use_token(*, by: Actor, at: datetime, token_id: UUID) -> None:
    """Note when a key was used last, at most once a minute. Leaves no line: what was done with it leaves its own."""
    roles.require(by, "token.use")
    old = Q(last_used_at=None) | Q(last_used_at__lt=at - _USE_NOTED_EVERY)
    Token.objects.filter(old, id=token_id).update(last_used_at=at)


def _checked(
    name: str, scopes: Sequence[str], jurisdictions: Sequence[str], days: int, per_minute: int
) -> tuple[str, list[str]]:
    called = texts.clean_line(name)[:100]
    if not called:
        raise TokenNameless
    if not scopes or set(scopes) - set(rules.SCOPES):
        raise TokenScopesUnknown
    if not 1 <= days <= rules.LONGEST_DAYS:
        raise TokenDaysInvalid(most=rules.LONGEST_DAYS)
    if not 1 <= per_minute <= rules.MOST_PER_MINUTE:
        raise TokenLimitInvalid(most=rules.MOST_PER_MINUTE)
    areas = []
    for given in jurisdictions:
        region = region_queries.find_region(given)
        if region is None:
            raise TokenAreasUnknown(area=given)
        areas.append(region_rules.plain_code(region.code))
    return called, areas


def _desk(desk_id: UUID | None, scopes: Sequence[str]) -> Desk | None:
    """The desk a key speaks for. Matters are worked on by partners that work here; anybody else sends reports only."""
    desk = desk_queries.desk(desk_id) if desk_id else None
    if desk_id is not None and (desk is None or desk.is_closed or desk.outside or desk.kind != "partner"):
        raise TokenDeskUnusable
    if desk is None and rules.DESK_SCOPES & set(scopes):
        raise TokenDeskUnusable
    return desk
