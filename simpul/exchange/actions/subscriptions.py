"""Acts on subscriptions: add, change, withdraw."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.desks import access as desk_access
from simpul.exchange import access, rules, wire
from simpul.exchange.actions._shared import place_of
from simpul.exchange.models import Dispatch, Subscription
from simpul.journal import actions as journal_actions
from simpul.lib import ids
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused


class TargetUnusable(Refused):
    """An address that is never called."""

    code = "subscription.target_unusable"
    sentence = _(
        "Events cannot be sent to this address. Give an https address that can be reached from the open internet."
    )
    field = "url"


class EventsUnknown(Refused):
    """Nothing to tell, or something unheard of."""

    code = "subscription.events_unknown"
    sentence = _("Choose at least one event from the list.")
    field = "events"


class SubscriptionDeskUnusable(Refused):
    """Events belong to a partner that works here."""

    code = "subscription.desk_unusable"
    sentence = _("Events are sent for the open desk of a partner institution. Choose one.")
    field = "desk_id"


@dataclass(frozen=True, slots=True)
class AddedSubscription:
    """A new subscription, and the secret its receiver checks signatures with: shown once."""

    subscription: Subscription
    secret: str


def add_subscription(
    *, by: Actor, at: datetime, desk_id: UUID, url: str, events: Sequence[str]
) -> AddedSubscription:
    """Have events of a desk's matters sent to an address, from now on.

    Raises:
        NotFound: no such desk for this actor.
        TargetUnusable, EventsUnknown, SubscriptionDeskUnusable.
    """
    desk = desk_access.desk_for(by, desk_id)
    roles.require(by, "subscription.add", place_of(desk))
    if desk.is_closed or desk.outside or desk.kind != "partner":
        raise SubscriptionDeskUnusable
    wanted = _events(events)
    _check_target(url)
    with transaction.atomic():
        secret = "whsec_" + secrets.token_urlsafe(32)
        row = Subscription.objects.create(
            id=ids.uuid7_at(at),
            desk=desk,
            url=url,
            events=wanted,
            secret=secret,
            added_by=by.name,
            added_at=at,
            changed_at=at,
        )
        _journal(by, at, "subscription.add", row)
    return AddedSubscription(row, secret)


def change_subscription(
    *,
    by: Actor,
    at: datetime,
    subscription_id: UUID,
    url: str | None = None,
    events: Sequence[str] | None = None,
    active: bool | None = None,
) -> Subscription:
    """Change address or events, or let it rest. What is not given stays. While it rests nothing is gathered for it.

    Raises:
        NotFound: no such subscription for this actor.
        TargetUnusable, EventsUnknown.
    """
    with transaction.atomic():
        row = access.subscription_for(by, subscription_id)
        roles.require(by, "subscription.change", place_of(row.desk))
        if url is not None:
            _check_target(url)
            row.url = url
        if events is not None:
            row.events = _events(events)
        if active is not None:
            row.active = active
        row.changed_at = at
        Subscription.objects.filter(id=row.id, withdrawn_at=None).update(
            url=row.url, events=row.events, active=row.active, changed_at=at
        )
        _journal(by, at, "subscription.change", row)
        return row


def withdraw_subscription(*, by: Actor, at: datetime, subscription_id: UUID) -> None:
    """End a subscription: nothing more is sent, not even what waits.

    Raises:
        NotFound: no such subscription for this actor.
    """
    with transaction.atomic():
        row = access.subscription_for(by, subscription_id)
        roles.require(by, "subscription.withdraw", place_of(row.desk))
        Subscription.objects.filter(id=row.id).update(withdrawn_at=at, active=False, changed_at=at)
        Dispatch.objects.filter(subscription=row, state="waiting").update(state="dropped", settled_at=at)
        _journal(by, at, "subscription.withdraw", row)


def _events(events: Sequence[str]) -> list[str]:
    if not events or rules.faults_of_events(events):
        raise EventsUnknown
    return [event for event in rules.EVENTS if event in set(events)]


def _check_target(url: str) -> None:
    """Refuse at once what would be refused at every sending. A name that is not known today may be tomorrow."""
    target = rules.read_target(url)
    if target is None:
        raise TargetUnusable
    try:
        wire.addresses_of(target)
    except wire.TargetRefused as refusal:
        raise TargetUnusable from refusal
    except wire.Unreachable:
        if not target.secure:
            raise TargetUnusable from None


def _journal(by: Actor, at: datetime, kind: str, row: Subscription) -> None:
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind="subscription",
        subject_id=row.id,
        facts={
            "desk": row.desk.name,
            "host": getattr(rules.read_target(row.url), "host", ""),
            "events": row.events,
            "active": row.active,
        },
        inputs={"url": row.url},
        region_code=row.desk.region_code,
    )
