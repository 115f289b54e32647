"""Acts around a request that must not be done twice: claim its key, keep its answer, or let it go. And the sweeping of old rows.

None of them leaves a line: what the request itself does leaves its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from simpul import roles
from simpul.exchange import rules
from simpul.exchange.models import Dispatch, Reply
from simpul.lib.actor import Actor


@dataclass(frozen=True, slots=True)
class Claim:
    """What is known of a key: "new" (go on, and keep the answer), "done" (say ``body`` again), "busy", or "other" (another request)."""

    state: str
    reply_id: UUID
    status: int = 0
    body: str = ""


def claim_reply(
    *,
    by: Actor,
    at: datetime,
    token_id: UUID,
    key: str,
    digest: str,
    lasts: timedelta = rules.REPLY_LASTS,
) -> Claim:
    """Take up a request under its key, or say what became of it. Of many at once exactly one gets "new".

    A key that has come to its end, and a claim that a stopped process left, are taken over.
    """
    roles.require(by, "reply.claim")
    with transaction.atomic():
        row, made = Reply.objects.get_or_create(
            token_id=token_id,
            key=key,
            defaults={"digest": digest, "claimed_at": at, "expires_at": at + lasts},
        )
        if made:
            return Claim("new", row.id)
        if row.expires_at <= at:
            return _again(row, at, digest, lasts)
        if row.digest != digest:
            return Claim("other", row.id)
        if row.status is not None:
            return Claim("done", row.id, row.status, row.body)
        if row.claimed_at > at - rules.WORK_LASTS:
            return Claim("busy", row.id)
        mine = Reply.objects.filter(id=row.id, status=None, claimed_at=row.claimed_at)
        return Claim("new" if mine.update(claimed_at=at) == 1 else "busy", row.id)


def _again(row: Reply, at: datetime, digest: str, lasts: timedelta) -> Claim:
    """A key whose time is over stands for a new request, with a row of its own."""
    if Reply.objects.filter(id=row.id, expires_at=row.expires_at).delete()[0] != 1:
        return Claim("busy", row.id)
    fresh = Reply.objects.create(
        token_id=row.token_id, key=row.key, digest=digest, claimed_at=at, expires_at=at + lasts
    )
    return Claim("new", fresh.id)


def keep_reply(*, by: Actor, at: datetime, reply_id: UUID, status: int, body: str) -> None:
    """Keep what was answered, to be said again word for word."""
    roles.require(by, "reply.keep")
    Reply.objects.filter(id=reply_id, status=None).update(status=status, body=body)


def drop_reply(*, by: Actor, at: datetime, reply_id: UUID) -> None:
    """Let a key go whose request was refused: nothing was done, so it may be asked again, also with other words."""
    roles.require(by, "reply.drop")
    Reply.objects.filter(id=reply_id, status=None).delete()


def forget_exchanges(*, by: Actor, at: datetime) -> int:
    """Delete answers whose 48 hours are over, and events that were settled a month ago; returns how many rows."""
    roles.require(by, "exchanges.forget")
    with transaction.atomic():
        replies = Reply.objects.filter(expires_at__lte=at).delete()[0]
        old = Dispatch.objects.filter(
            state__in=("delivered", "dead", "dropped"), made_at__lt=at - rules.DISPATCH_LASTS
        )
        return replies + old.delete()[0]
