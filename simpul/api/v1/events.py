"""Where events are sent: the subscriptions of a partner's desk."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router, Status

from simpul.api.v1 import schemas
from simpul.api.v1.asking import ERRORS, Asking, Bearer, actor_of
from simpul.exchange import access as exchange_access
from simpul.exchange import actions as exchange_actions
from simpul.exchange import queries as exchange_queries

SCOPE = "subscriptions.write"
router = Router(tags=["subscriptions"], auth=Bearer(SCOPE))


@router.get("/subscriptions", response={200: schemas.SubscriptionsOut, **ERRORS})
def list_subscriptions(request: Asking) -> schemas.SubscriptionsOut:
    """Where events of this desk are sent."""
    rows = exchange_queries.subscriptions_listed(actor_of(request))
    return schemas.SubscriptionsOut(items=[_shown(row) for row in rows])


@router.post("/subscriptions", response={201: schemas.SubscriptionOut, **ERRORS})
def add_subscription(request: Asking, given: schemas.SubscriptionIn) -> Status[schemas.SubscriptionOut]:
    """Have events sent to an https address. The secret that signs them is given in this answer and never again."""
    by = actor_of(request)
    made = exchange_actions.add_subscription(
        by=by, at=timezone.now(), desk_id=_desk(request), url=given.url, events=given.events
    )
    return Status(201, _shown(made.subscription, made.secret))


@router.get("/subscriptions/{uuid:subscription_id}", response={200: schemas.SubscriptionOut, **ERRORS})
def read_subscription(request: Asking, subscription_id: UUID) -> schemas.SubscriptionOut:
    """One subscription."""
    return _shown(exchange_access.subscription_for(actor_of(request), subscription_id))


@router.patch("/subscriptions/{uuid:subscription_id}", response={200: schemas.SubscriptionOut, **ERRORS})
def change_subscription(
    request: Asking, subscription_id: UUID, given: schemas.SubscriptionChangeIn
) -> schemas.SubscriptionOut:
    """Change address or events, let it rest, or wake it."""
    changed = exchange_actions.change_subscription(
        by=actor_of(request),
        at=timezone.now(),
        subscription_id=subscription_id,
        url=given.url,
        events=given.events,
        active=given.active,
    )
    return _shown(changed)


@router.delete("/subscriptions/{uuid:subscription_id}", response={204: None, **ERRORS})
def withdraw_subscription(request: Asking, subscription_id: UUID) -> HttpResponse:
    """End a subscription: nothing more is sent."""
    exchange_actions.withdraw_subscription(
        by=actor_of(request), at=timezone.now(), subscription_id=subscription_id
    )
    return HttpResponse(status=204)


@router.post("/subscriptions/{uuid:subscription_id}/test", response={202: schemas.TestOut, **ERRORS})
def send_test(request: Asking, subscription_id: UUID) -> Status[schemas.TestOut]:
    """Have a test event ("ping") sent."""
    made = exchange_actions.test_subscription(
        by=actor_of(request), at=timezone.now(), subscription_id=subscription_id
    )
    return Status(202, schemas.TestOut(delivery=made.id))


def _desk(request: Asking) -> UUID:
    """The desk of the key; a key with this scope has one."""
    return request.auth.desk_id or UUID(int=0)


def _shown(row: exchange_queries.Receiver, secret: str | None = None) -> schemas.SubscriptionOut:
    return schemas.SubscriptionOut(
        id=row.id,
        url=row.url,
        events=row.events,
        active=row.active,
        added_at=row.added_at,
        changed_at=row.changed_at,
        secret=secret,
    )
