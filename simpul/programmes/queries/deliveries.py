"""Deliveries: of a household, a stop, a trip; doubles that wait; and what the acts have to know before they write."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet, Sum

from simpul.lib.actor import Actor
from simpul.lib.files import FileStore
from simpul.people.models import Family, Person
from simpul.programmes.access import rounds as access
from simpul.programmes.models import Delivery, DeliveryLine, Double, Proof, RoundEntry
from simpul.programmes.queries import goods
from simpul.programmes.rules import deliveries as rules


@dataclass(frozen=True, slots=True)
class Shown:
    """A delivery with what was handed over and its files."""

    delivery: Delivery
    lines: tuple[DeliveryLine, ...]
    files: tuple[Proof, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two deliveries that may be one too many, side by side."""

    double: Double
    first: Shown
    second: Shown


def store() -> FileStore:
    """Where files are kept, by their content."""
    return FileStore(settings.SIMPUL_FILES)


def proof_file(by: Actor, proof_id: UUID) -> tuple[Proof, bytes]:
    """A file of a delivery with its bytes, if this actor may see it.

    Raises:
        NotFound, lib.files.FileMissing.
    """
    found = access.proof_for(by, proof_id)
    return found, store().read(found.sha256)


# --- lists ----------------------------------------------------------------------------------------------------------------


def of_household(by: Actor, household_id: UUID) -> list[Shown]:
    """What was brought to a household and its people, the newest first."""
    rows = access.deliveries(by).filter(Q(household_id=household_id) | Q(person__household_id=household_id))
    return shown(rows.order_by("-delivered_at", "-id")[:200])


def of_stop(by: Actor, stop_id: UUID) -> list[Shown]:
    """The deliveries of one stop of a trip, in their order."""
    return shown(access.deliveries(by).filter(stop_id=stop_id).order_by("delivered_at", "id"))


def of_trip(by: Actor, trip_id: UUID) -> list[Shown]:
    """The deliveries of a trip, in their order."""
    return shown(access.deliveries(by).filter(trip_id=trip_id).order_by("delivered_at", "id"))


def one(by: Actor, delivery_id: UUID) -> Shown:
    """One delivery.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    return shown([access.delivery_for(by, delivery_id)])[0]


def shown(rows: Iterable[Delivery]) -> list[Shown]:
    """Deliveries with their lines and files."""
    if isinstance(rows, QuerySet):
        rows = rows.select_related("round", "household", "person", "entry", "hamlet")
    found = list(rows)
    keys = [one.id for one in found]
    lines: dict[UUID, list[DeliveryLine]] = {}
    for line in (
        DeliveryLine.objects.filter(delivery_id__in=keys).select_related("item").order_by("item__position")
    ):
        lines.setdefault(line.delivery_id, []).append(line)
    files: dict[UUID, list[Proof]] = {}
    for proof in Proof.objects.filter(delivery_id__in=keys).order_by("added_at", "id"):
        files.setdefault(proof.delivery_id, []).append(proof)
    return [Shown(one, tuple(lines.get(one.id, ())), tuple(files.get(one.id, ()))) for one in found]


def open_doubles(by: Actor, *, round_id: UUID | None = None, limit: int = 50) -> list[Pair]:
    """Possible doubles that wait for a person, the oldest first."""
    rows = access.doubles(by).filter(state="open")
    if round_id is not None:
        rows = rows.filter(round_id=round_id)
    return _pairs(rows.order_by("found_at", "id")[:limit])


def settled_doubles(by: Actor, round_id: UUID, limit: int = 50) -> list[Pair]:
    """Those of a round that were decided, the newest first."""
    rows = access.doubles(by).filter(state="settled", round_id=round_id)
    return _pairs(rows.order_by("-settled_at", "-id")[:limit])


def count_open_doubles(by: Actor) -> int:
    """How many wait."""
    return access.doubles(by).filter(state="open").count()


def pair(by: Actor, double_id: UUID) -> Pair:
    """One possible double.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    found = access.double_for(by, double_id)
    first, second = shown([found.first, found.second])
    return Pair(found, first, second)


def _pairs(rows: QuerySet[Double]) -> list[Pair]:
    tasks = list(rows.select_related("round"))
    keys = {key for one in tasks for key in (one.first_id, one.second_id)}
    found = {one.delivery.id: one for one in shown(Delivery.objects.filter(id__in=keys))}
    return [Pair(one, found[one.first_id], found[one.second_id]) for one in tasks]


# --- what the acts ask ----------------------------------------------------------------------------------------------------


def entry_of(round_id: UUID, household_id: UUID | None, person_id: UUID | None) -> RoundEntry | None:
    """The entry of a unit: the person's own first, then the household's, one that stands before one that was struck off."""
    rows = RoundEntry.objects.filter(round_id=round_id).order_by("state", "-recorded_at")
    own = rows.filter(person_id=person_id).first() if person_id else None
    if own is not None and own.state == "listed":
        return own
    whole = rows.filter(household_id=household_id, person=None).first() if household_id else None
    if whole is not None and (own is None or whole.state == "listed"):
        return whole
    return own


def given_to(round_id: UUID, household_id: UUID | None, person_id: UUID | None) -> dict[UUID, Decimal]:
    """How much of each item the unit got already in a round."""
    unit = Q(delivery__person_id=person_id) if person_id else Q(delivery__household_id=household_id)
    rows = DeliveryLine.objects.filter(unit, delivery__round_id=round_id, delivery__state="standing")
    return dict(rows.values_list("item_id").annotate(total=Sum("quantity")).order_by("item_id"))


def comparable(made: Delivery) -> QuerySet[Delivery]:
    """Deliveries of the round that stand and could be to the same people as this one."""
    families = _families(
        [made.household_id] if made.household_id else [], [made.person_id] if made.person_id else []
    )
    cards = {key for found in families.values() for key in found}
    same = Q(household_id=made.household_id) if made.household_id else Q(pk__in=[])
    if made.person_id:
        same |= Q(person_id=made.person_id)
    if cards:
        persons = list(Person.objects.filter(family_id__in=cards).values_list("id", "household_id"))
        same |= Q(person_id__in=[key for key, _home in persons])
        homes = Family.objects.filter(id__in=cards, household__isnull=False).values_list(
            "household_id", flat=True
        )
        same |= Q(household_id__in={*homes, *(home for _key, home in persons if home)})
    rows = Delivery.objects.standing().filter(same, round_id=made.round_id, outcome="delivered")
    return rows.exclude(id=made.id)


def as_given(rows: Iterable[Delivery]) -> list[rules.Given]:
    """Deliveries as the rule of doubles sees them."""
    found = list(rows)
    homes = [one.household_id for one in found if one.household_id]
    persons = [one.person_id for one in found if one.person_id]
    families = _families(homes, persons)
    lines: dict[UUID, dict[UUID, Decimal]] = {}
    for line in DeliveryLine.objects.filter(delivery__in=[one.id for one in found]):
        lines.setdefault(line.delivery_id, {})[line.item_id] = line.quantity
    entries = RoundEntry.objects.in_bulk([one.entry_id for one in found if one.entry_id])
    items = {key: goods.items(key) for key in {one.round_id for one in found}}
    return [
        rules.Given(
            key=one.id,
            household=one.household_id,
            person=one.person_id,
            families=families.get(one.person_id or one.household_id, frozenset()),
            lines=lines.get(one.id, {}),
            due=goods.due(entries.get(one.entry_id) if one.entry_id else None, items[one.round_id]),
        )
        for one in found
    ]


def _families(
    household_ids: Collection[UUID], person_ids: Collection[UUID]
) -> dict[UUID | None, frozenset[UUID]]:
    """Household or person -> the family cards of its people."""
    found: dict[UUID | None, set[UUID]] = {}
    rows = Person.objects.filter(Q(household_id__in=household_ids) | Q(id__in=person_ids)).exclude(
        family=None
    )
    for key, home, card in rows.values_list("id", "household_id", "family_id"):
        if card is not None:
            found.setdefault(key, set()).add(card)
            found.setdefault(home, set()).add(card)
    for home, card in Family.objects.filter(household_id__in=household_ids).values_list("household_id", "id"):
        found.setdefault(home, set()).add(card)
    return {key: frozenset(cards) for key, cards in found.items()}


def open_doubles_of(delivery_id: UUID) -> QuerySet[Double]:
    """The tasks about one delivery that wait."""
    return Double.objects.filter(Q(first_id=delivery_id) | Q(second_id=delivery_id), state="open")
