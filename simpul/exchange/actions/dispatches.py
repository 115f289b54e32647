"""Acts on events: gather them from the sealed journal, send one, send it again, send a test.

The source is the journal's sealed lines. Positions are given in order, without gaps, in one transaction per seal, so a
cursor over them passes nothing by, however slow an act's own transaction was (docs/decisions/0041-api.md).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.exchange import access, queries, rules, wire
from simpul.exchange.actions._shared import place_of
from simpul.exchange.models import Cursor, Dispatch, Subscription
from simpul.journal import actions as journal_actions
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused

if TYPE_CHECKING:
    from simpul.journal.models import Line

CURSOR = "dispatch"


class DispatchOnItsWay(Refused):
    """It is being sent, or waits to be."""

    code = "dispatch.on_its_way"
    sentence = _("This event is on its way already. Look again in a few minutes.")


def gather_dispatches(*, by: Actor, at: datetime, limit: int = 2000) -> int:
    """Make one dispatch for every sealed line that a subscription waits for; returns how many lines were read.

    Only matters that the subscription's desk may see are told. A line older than its subscription is passed over.
    Leaves no line: it tells of acts that have left theirs.
    """
    roles.require(by, "dispatches.gather")
    with transaction.atomic():
        Cursor.objects.get_or_create(name=CURSOR, defaults={"position": queries.sealed_up_to()})
        cursor = Cursor.objects.select_for_update().get(name=CURSOR)
        newest = (
            queries.sealed_up_to()
        )  # before the list: who subscribes after it wants nothing of what it covers
        wanted = list(Subscription.objects.filter(active=True, withdrawn_at=None).select_related("desk"))
        if not wanted:
            Cursor.objects.filter(name=CURSOR).update(position=newest)
            return 0
        top, lines = queries.sealed_lines(cursor.position, limit)
        if top == cursor.position:
            return 0
        if lines:
            rows = _rows(wanted, lines, at)
            Dispatch.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
        Cursor.objects.filter(name=CURSOR).update(position=top)
        return top - cursor.position


def _rows(wanted: Sequence[Subscription], lines: Sequence[Line], at: datetime) -> list[Dispatch]:
    """The dispatches of a batch; one query for each desk, and one for what is told of the matters."""
    ids = {line.subject_id for line in lines}
    seen = {row.desk_id: queries.visible_ids(row.desk, ids) for row in wanted}
    told = queries.told_of(set().union(*seen.values()))
    return [
        Dispatch(
            subscription=row,
            position=line.position,
            event=line.kind,
            case_id=line.subject_id,
            payload=_payload(line, told[line.subject_id]),
            next_try_at=at,
            made_at=at,
        )
        for line in lines
        for row in wanted
        if line.kind in row.events
        and line.subject_id in seen[row.desk_id]
        and line.recorded_at >= row.added_at
    ]


def _payload(line: Line, told: Mapping[str, Any]) -> dict[str, Any]:
    """What is told: which act, when, on which matter. Nothing that anybody typed: the receiver asks for that with its key."""
    return {
        "event": line.kind,
        "position": line.position,
        "at": line.at.isoformat(),
        "case": {**told, "state": str(line.facts.get("state", ""))},
    }


def send_dispatch(*, by: Actor, at: datetime, dispatch_id: UUID) -> str:
    """Send one event that is due, and say what became of it: delivered, waiting, dead, dropped or busy.

    Claimed by compare-and-set; nothing is sent inside a transaction. Whether the desk may still see the matter is asked
    again just before. Any 2xx answer is a receipt; a redirect is a failure. Leaves no line: its row tells.
    """
    roles.require(by, "dispatch.send")
    row = _claim(dispatch_id, at)
    if row is None:
        return "busy"
    subscription = row.subscription
    if subscription.withdrawn_at is not None or not queries.may_still_see(row):
        return _settle(row, at, "dropped")
    target = rules.read_target(subscription.url)
    if target is None:
        return _settle(row, at, "dead", error="address")
    body = json.dumps({"id": str(row.id), **row.payload}, ensure_ascii=False, separators=(",", ":")).encode()
    try:
        status = wire.post(target, body, _headers(row, body, at))
    except wire.TargetRefused as refusal:
        return _failed(row, at, None, str(refusal))
    except wire.Unreachable as fault:
        return _failed(row, at, None, str(fault))
    if 200 <= status < 300:
        return _settle(row, at, "delivered", status=status)
    return _failed(row, at, status, f"HTTP {status}")


def retry_dispatch(*, by: Actor, at: datetime, dispatch_id: UUID) -> None:
    """Send an event again that was given up, or that its receiver lost.

    Raises:
        NotFound: no such event for this actor.
        DispatchOnItsWay: it waits already.
    """
    with transaction.atomic():
        row = access.dispatches(by).filter(id=dispatch_id).select_related("subscription__desk").first()
        if row is None or row.subscription.withdrawn_at is not None:
            raise NotFound
        roles.require(by, "dispatch.retry", place_of(row.subscription.desk))
        settled = Dispatch.objects.filter(id=row.id, state__in=("delivered", "dead"))
        if settled.update(state="waiting", tries=0, next_try_at=at, settled_at=None, last_error="") != 1:
            raise DispatchOnItsWay
        journal_actions.record(
            by=by,
            at=at,
            kind="dispatch.retry",
            subject_kind="subscription",
            subject_id=row.subscription_id,
            facts={"event": row.event, "dispatch": str(row.id), "desk": row.subscription.desk.name},
        )


def test_subscription(*, by: Actor, at: datetime, subscription_id: UUID) -> Dispatch:
    """Have a test event ("ping") sent, so that both sides see whether address and signature work.

    Raises:
        NotFound: no such subscription for this actor.
    """
    with transaction.atomic():
        row = access.subscription_for(by, subscription_id)
        roles.require(by, "subscription.test", place_of(row.desk))
        dispatch = Dispatch.objects.create(
            subscription=row,
            event=rules.PING,
            payload={"event": rules.PING, "at": at.isoformat()},
            next_try_at=at,
            made_at=at,
        )
        journal_actions.record(
            by=by,
            at=at,
            kind="subscription.test",
            subject_kind="subscription",
            subject_id=row.id,
            facts={"desk": row.desk.name},
        )
        return dispatch


def _claim(dispatch_id: UUID, at: datetime) -> Dispatch | None:
    """Take a due event for this worker; None when another has it, or it is no longer due."""
    due = Dispatch.objects.due(at, at - rules.CLAIM_LASTS).filter(id=dispatch_id)
    row = due.select_related("subscription__desk").first()
    if row is None:
        return None
    mine = due.filter(state=row.state, tries=row.tries)
    mine = mine.filter(Q(claimed_at=row.claimed_at) if row.claimed_at else Q(claimed_at=None))
    if mine.update(state="sending", claimed_at=at, tries=row.tries + 1) != 1:
        return None
    row.state, row.claimed_at, row.tries = "sending", at, row.tries + 1
    return row


def _headers(row: Dispatch, body: bytes, at: datetime) -> dict[str, str]:
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Simpul",
        "X-Simpul-Event": row.event,
        "X-Simpul-Delivery": str(row.id),
        "X-Simpul-Signature": rules.signature(row.subscription.secret, int(at.timestamp()), body),
    }


def _failed(row: Dispatch, at: datetime, status: int | None, error: str) -> str:
    again_at = rules.next_try(at, row.tries)
    if again_at is None:
        return _settle(row, at, "dead", status=status, error=error)
    return _settle(row, at, "waiting", status=status, error=error, next_try_at=again_at)


def _settle(
    row: Dispatch,
    at: datetime,
    state: str,
    *,
    status: int | None = None,
    error: str = "",
    next_try_at: datetime | None = None,
) -> str:
    """Lay a claimed event down in its new state; "busy" when the claim was lost meanwhile."""
    changes: dict[str, Any] = {
        "state": state,
        "claimed_at": None,
        "settled_at": None if state == "waiting" else at,
        "last_status": status,
        "last_error": error[:200],
    }
    if next_try_at is not None:
        changes["next_try_at"] = next_try_at
    mine = Dispatch.objects.filter(id=row.id, state="sending", claimed_at=row.claimed_at)
    return state if mine.update(**changes) == 1 else "busy"
