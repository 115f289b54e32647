"""Who may see keys and subscriptions, and as whom a key acts."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from simpul.desks.models import Desk
from simpul.exchange.models import Dispatch, Subscription, Token
from simpul.lib.actor import ANYBODY, SYSTEM, Actor
from simpul.lib.errors import NotFound


def tokens(by: Actor) -> QuerySet[Token]:
    """All keys, for those who issue them; for nobody else."""
    if by.role == SYSTEM or (by.role == "administrator" and by.strong):
        return Token.objects.all()
    return Token.objects.none()


def subscriptions(by: Actor) -> QuerySet[Subscription]:
    """All, for administrators; for a partner those of its own desk."""
    if by.role == SYSTEM or (by.role == "administrator" and by.strong):
        return Subscription.objects.all()
    if by.role == "partner" and by.strong:
        return Subscription.objects.filter(desk_id__in=by.desk_ids)
    return Subscription.objects.none()


def subscription_for(by: Actor, subscription_id: UUID) -> Subscription:
    """One subscription that has not been withdrawn, if this actor may see it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    found = subscriptions(by).filter(id=subscription_id, withdrawn_at=None).select_related("desk").first()
    if found is None:
        raise NotFound
    return found


def dispatches(by: Actor) -> QuerySet[Dispatch]:
    """What is on its way to the subscriptions this actor may see."""
    return Dispatch.objects.filter(subscription__in=subscriptions(by).values("id"))


def desk_actor(desk: Desk, name: str = "", device: str = "") -> Actor:
    """A program that speaks for a partner's desk: it sees and may do what the partner does at its own page.

    The key is long, was given by hand and can be withdrawn at once; it stands for both factors, as link and PIN do.
    """
    return Actor(
        role="partner",
        name=(f"{name}, {desk.name}" if name else desk.name)[:150],
        desk_id=desk.id,
        desk_ids=frozenset({desk.id}),
        region_code=desk.region_code,
        device=device[:60],
        strong=True,
    )


def resident_of(token: Token) -> Actor:
    """A resident, of whom a program brings the words: the program itself sees nothing."""
    return Actor(role=ANYBODY.role, device=_device(token))


def actor_of(token: Token) -> Actor:
    """Who acts with a key: its partner's desk, or for a key without one a resident."""
    return resident_of(token) if token.desk is None else desk_actor(token.desk, token.name, _device(token))


def _device(token: Token) -> str:
    return f"token {token.prefix}"
