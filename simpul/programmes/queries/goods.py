"""The goods of rounds: movements, balances, and what a trip, a device or an officer carries. For callers who checked who asks."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, Sum

from simpul.lib.actor import Actor
from simpul.programmes.access import rounds as access
from simpul.programmes.models import DeliveryLine, Movement, Round, RoundEntry, RoundItem
from simpul.programmes.rules import rounds as rules


@dataclass(frozen=True, slots=True)
class Carried:
    """What one pair of hands has of an item."""

    round_id: UUID
    item_id: UUID
    what: str
    unit: str
    allotted: Decimal
    left: Decimal


def items(round_id: UUID) -> list[RoundItem]:
    """The goods of a round, in their order."""
    return list(RoundItem.objects.filter(round_id=round_id).order_by("position", "id"))


def holders_of(trip_id: UUID | None, device: str, seat_id: UUID | None) -> tuple[rules.Holder, ...]:
    """The hands from which something can have come, the nearest first."""
    found = []
    if trip_id:
        found.append(rules.Holder("trip", str(trip_id)))
    if device:
        found.append(rules.Holder("device", device))
    if seat_id:
        found.append(rules.Holder("seat", str(seat_id)))
    return tuple(found)


def balances(item_ids: Iterable[UUID]) -> dict[UUID, rules.Balance]:
    """The balance of each item, of movements and of the deliveries that stand."""
    keys = list(item_ids)
    moves: dict[UUID, list[rules.Moved]] = {key: [] for key in keys}
    handed: dict[UUID, list[rules.Handed]] = {key: [] for key in keys}
    sums = Movement.objects.filter(item_id__in=keys).order_by("item_id")
    for item_id, kind, holder, key, total in sums.values_list(
        "item_id", "kind", "holder_kind", "holder_key"
    ).annotate(total=Sum("quantity")):
        moves[item_id].append(rules.Moved(kind, rules.Holder(holder, key), total))
    given = DeliveryLine.objects.filter(item_id__in=keys, delivery__state="standing").order_by("item_id")
    for item_id, trip, device, seat, total in given.values_list(
        "item_id", "delivery__trip_id", "delivery__device", "delivery__seat_id"
    ).annotate(total=Sum("quantity")):
        handed[item_id].append(rules.Handed(total, holders_of(trip, device, seat)))
    return {key: rules.balance(moves[key], handed[key]) for key in keys}


def balance_of(item_id: UUID) -> rules.Balance:
    """The balance of one item."""
    return balances([item_id])[item_id]


def source_of(balance: rules.Balance, holders: Iterable[rules.Holder]) -> rules.Holder:
    """The hands a delivery counts against: the first that was ever allotted some, else the store."""
    return next((one for one in holders if one in balance.others), rules.STORE)


def movements(by: Actor, round_id: UUID) -> list[Movement]:
    """Everything that happened to the goods of a round beside deliveries, the newest first.

    Raises:
        NotFound: there is no such round for this actor.
    """
    found = access.round_for(by, round_id)
    rows = Movement.objects.filter(item__round=found).select_related("item__round")
    return list(rows.order_by("-moved_at", "-id"))


def holders_in(round_id: UUID) -> set[tuple[str, str]]:
    """In whose hands goods of a round are or were, by kind and key: for callers who checked who asks."""
    rows = Movement.objects.filter(item__round_id=round_id).exclude(holder_kind="store")
    return set(rows.values_list("holder_kind", "holder_key"))


def movement(by: Actor, movement_id: UUID) -> Movement | None:
    """One row about goods that is no correction itself, of a round the actor may see."""
    rows = Movement.objects.filter(id=movement_id, corrects=None, item__round__in=access.rounds(by))
    return rows.select_related("item__round").first()


def quantity_now(row: Movement) -> Decimal:
    """What a row says with its corrections."""
    return row.quantity + (row.corrections.aggregate(total=Sum("quantity"))["total"] or Decimal(0))


def carried(
    by: Actor,
    *,
    trip_ids: Collection[UUID] = (),
    devices: Collection[str] = (),
    seat_ids: Collection[UUID] = (),
) -> list[Carried]:
    """What these trips, devices and seats carry of open rounds, for their packs."""
    wanted = [
        *(rules.Holder("trip", str(one)) for one in trip_ids),
        *(rules.Holder("device", one) for one in devices),
        *(rules.Holder("seat", str(one)) for one in seat_ids),
    ]
    if not wanted:
        return []
    named = Q(pk__in=[])
    for one in wanted:
        named |= Q(holder_kind=one.kind, holder_key=one.key)
    seen = access.rounds(by).filter(state="open")
    keys = set(Movement.objects.filter(named, item__round__in=seen).values_list("item_id", flat=True))
    found = []
    held = balances(keys)
    for item in RoundItem.objects.filter(id__in=keys).order_by("round_id", "position"):
        mine = [held[item.id].others[one] for one in wanted if one in held[item.id].others]
        found.append(
            Carried(
                item.round_id,
                item.id,
                item.what,
                item.unit,
                sum((one.came for one in mine), Decimal(0)),
                sum((one.left(store=False) for one in mine), Decimal(0)),
            )
        )
    return found


def round_balances(row: Round) -> list[tuple[RoundItem, rules.Balance]]:
    """Every item of a round with its balance."""
    found = items(row.id)
    held = balances([one.id for one in found])
    return [(one, held[one.id]) for one in found]


def due(entry: RoundEntry | None, of: Iterable[RoundItem]) -> dict[UUID, Decimal]:
    """How much of each item an entry should get; without an entry the usual amount."""
    own = entry.amounts if entry is not None else {}
    return {one.id: Decimal(own.get(str(one.id), one.per_household)) for one in of}
