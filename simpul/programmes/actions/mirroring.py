"""Programmes, rounds of aid, deliveries and cards of an area, as the server above has them (``lib.mirror``)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import areas, mirror
from simpul.lib.actor import Actor
from simpul.people import queries as people_queries
from simpul.programmes.models import (
    Benefit,
    Card,
    CardDoor,
    CardRule,
    Deactivation,
    Delivery,
    DeliveryLine,
    Double,
    Movement,
    Programme,
    Proof,
    Round,
    RoundEntry,
    RoundItem,
    RuleVersion,
)


def _rounds(scope: mirror.Scope) -> QuerySet[Round]:
    """Rounds of the area, and wider ones on whose list somebody of the area stands."""
    listed = RoundEntry.objects.filter(areas.inside_any(scope.areas)).values("round_id")
    return Round.objects.filter(areas.inside_any(scope.areas)) | Round.objects.filter(pk__in=listed)


def _cards(scope: mirror.Scope) -> QuerySet[Card]:
    return Card.objects.filter(areas.inside_any(scope.areas))


TABLES: tuple[mirror.Table, ...] = (
    mirror.Table(Programme, lambda _scope: Programme.objects.all()),
    mirror.Table(RuleVersion, lambda _scope: RuleVersion.objects.all()),
    mirror.Table(Benefit, lambda scope: Benefit.objects.filter(areas.inside_any(scope.areas))),
    mirror.Table(Round, _rounds),
    mirror.Table(RoundItem, lambda scope: RoundItem.objects.filter(round__in=_rounds(scope))),
    mirror.Table(
        RoundEntry,
        lambda scope: RoundEntry.objects.filter(areas.inside_any(scope.areas), round__in=_rounds(scope)),
    ),
    mirror.Table(Movement, lambda scope: Movement.objects.filter(item__round__in=_rounds(scope))),
    mirror.Table(Delivery, lambda scope: Delivery.objects.filter(areas.inside_any(scope.areas))),
    mirror.Table(
        DeliveryLine,
        lambda scope: DeliveryLine.objects.filter(areas.inside_any(scope.areas, "delivery__region_code")),
        under="delivery_id",
    ),
    mirror.Table(
        Proof,
        lambda scope: Proof.objects.filter(areas.inside_any(scope.areas, "delivery__region_code")),
    ),
    mirror.Table(
        Double, lambda scope: Double.objects.filter(areas.inside_any(scope.areas)), under="round_id"
    ),
    mirror.Table(Deactivation, lambda scope: Deactivation.objects.filter(cards__in=_cards(scope))),
    mirror.Table(CardRule, lambda _scope: CardRule.objects.all()),
    mirror.Table(Card, _cards, leave_out=frozenset({"nik_index"})),
    mirror.Table(CardDoor, lambda scope: CardDoor.objects.filter(card__in=_cards(scope)), under="card_id"),
)
"""A card's blind look-up is made anew with this installation's key."""


def mirror_programmes(
    *, by: Actor, at: datetime, parts: Mapping[str, mirror.Part], ground: mirror.Ground
) -> mirror.Done:
    """Lay programmes, rounds, deliveries and cards down as the server above has them.

    What this node changed meanwhile stays until it is settled above.

    Raises:
        NotAllowed: only the system.
    """
    roles.require(by, "programmes.mirror")
    with transaction.atomic():
        done = mirror.lay(TABLES, parts, ground)

        _index(done)
        journal_actions.record(
            by=by,
            at=at,
            kind="programmes.mirror",
            subject_kind="installation",
            subject_id=journal_actions.NOWHERE,
            facts=done.facts,
        )
    return done


def _index(done: mirror.Done) -> None:
    cards = Card.objects.in_bulk([UUID(key) for key in done.written.get("programmes.Card", {})])
    for card in cards.values():
        card.nik_index = people_queries.nik_index(card.nik)
    Card.objects.bulk_update(cards.values(), ["nik_index"], batch_size=300)
