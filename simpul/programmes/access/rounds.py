"""Which rounds, entries, deliveries and minutes an actor may see: those of their area, for roles that hand out aid there.

A round of a whole sub-district is seen by who serves one of its villages, with the entries and deliveries of that village only.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from simpul import roles
from simpul.lib import areas
from simpul.lib.actor import SYSTEM, Actor
from simpul.lib.errors import NotFound
from simpul.people.models import Household, Person
from simpul.programmes.models import Delivery, Double, Handover, Proof, Round, RoundEntry
from simpul.programmes.models.deliveries import HandingSet
from simpul.programmes.models.rounds import RoundSet

_HANDING_OUT = "delivery.record"
_LEVELS = (0, 2, 4, 6)


def hands_out(by: Actor) -> bool:
    """True for roles that have to do with rounds at all."""
    return by.role == SYSTEM or roles.may_somewhere(by, _HANDING_OUT)


def inside(by: Actor) -> Q:
    """Rows with a ``region_code`` inside the area of this seat."""
    return Q() if by.role == SYSTEM else areas.inside_any(by.served_areas)


def rounds(by: Actor) -> RoundSet:
    """Rounds in the actor's area, and wider ones that it is a part of."""
    if not hands_out(by):
        return Round.objects.none()
    if by.role == SYSTEM:
        return Round.objects.all()
    around = {code[:size] for code in by.served_areas for size in _LEVELS if size < len(code)}
    return Round.objects.filter(inside(by) | Q(region_code__in=around))


def round_for(by: Actor, round_id: UUID, *, lock: bool = False) -> Round:
    """One round, if this actor may see it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    rows = rounds(by)
    rows = rows.select_for_update(of=("self",)) if lock else rows.select_related("programme")
    found = rows.filter(id=round_id).first()
    if found is None:
        raise NotFound
    return found


def open_names() -> Q:
    """Entries whose person or head did not ask that their data stand still (UU 27/2022 art. 41)."""
    return Q(person=None) | Q(person__restricted_at=None, person__erased_at=None)


def open_homes() -> Q:
    """Entries of households that bear the name of nobody who asked that their data stand still."""
    return (
        Q(household=None)
        | Q(household__head=None)
        | Q(household__head__restricted_at=None, household__head__erased_at=None)
    )


def entries(by: Actor) -> QuerySet[RoundEntry]:
    """Names on the lists of rounds, inside the actor's area."""
    if not hands_out(by):
        return RoundEntry.objects.none()
    return RoundEntry.objects.filter(inside(by), open_names(), open_homes())


def entry_for(by: Actor, entry_id: UUID, *, lock: bool = False) -> RoundEntry:
    """One entry, if this actor may see it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    rows = entries(by).select_related("round")
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(id=entry_id).first()
    if found is None:
        raise NotFound
    return found


def deliveries(by: Actor) -> HandingSet:
    """Deliveries inside the actor's area; who asked that their data stand still is on no list of them."""
    if not hands_out(by):
        return Delivery.objects.none()
    return Delivery.objects.filter(inside(by), open_names(), open_homes())


def delivery_for(by: Actor, delivery_id: UUID, *, lock: bool = False) -> Delivery:
    """One delivery, if this actor may see it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    rows = deliveries(by).select_related("round")
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(id=delivery_id).first()
    if found is None:
        raise NotFound
    return found


def proof_for(by: Actor, proof_id: UUID) -> Proof:
    """One file of a delivery, if this actor may see it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    found = Proof.objects.filter(id=proof_id, delivery__in=deliveries(by)).first()
    if found is None:
        raise NotFound
    return found


def doubles(by: Actor) -> QuerySet[Double]:
    """Possible doubles inside the actor's area."""
    return Double.objects.filter(inside(by)) if hands_out(by) else Double.objects.none()


def double_for(by: Actor, double_id: UUID, *, lock: bool = False) -> Double:
    """One possible double, if this actor may see it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    rows = doubles(by)
    rows = rows.select_for_update(of=("self",)) if lock else rows.select_related("round", "first", "second")
    found = rows.filter(id=double_id).first()
    if found is None:
        raise NotFound
    return found


def handovers(by: Actor) -> QuerySet[Handover]:
    """Minutes of handing over inside the actor's area."""
    return Handover.objects.filter(inside(by)) if hands_out(by) else Handover.objects.none()


def handover_for(by: Actor, handover_id: UUID) -> Handover:
    """One of them, if this actor may see it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    found = handovers(by).select_related("round__programme", "replaces").filter(id=handover_id).first()
    if found is None:
        raise NotFound
    return found


def home_for(by: Actor, round_id: UUID, household_id: UUID) -> Household:
    """The household something was brought to: of the actor's area, or on the list that they carried although it belongs elsewhere now.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    own = Household.objects.filter(inside(by), id=household_id)
    carried = RoundEntry.objects.filter(inside(by), round_id=round_id, household_id=household_id)
    found = own.first() or (Household.objects.filter(id=household_id).first() if carried.exists() else None)
    if found is None or not hands_out(by):
        raise NotFound
    return found


def person_for(by: Actor, round_id: UUID, person_id: UUID) -> Person:
    """The person something was brought to, by the same rule; a row that became part of another is that other one's.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    own = Person.objects.filter(inside(by), id=person_id, erased_at=None)
    carried = RoundEntry.objects.filter(inside(by), round_id=round_id, person_id=person_id)
    found = own.first() or (Person.objects.filter(id=person_id).first() if carried.exists() else None)
    if found is None or not hands_out(by):
        raise NotFound
    return found


def lock_unit(home: Household | None, person: Person | None) -> None:
    """Lock to whom something was brought, so that of two deliveries at once the second sees the first."""
    if home is not None:
        Household.objects.select_for_update(of=("self",)).only("id").get(id=home.id)
    elif person is not None:
        Person.objects.select_for_update(of=("self",)).only("id").get(id=person.id)


def place_of(code: str) -> roles.Place:
    """A place by its region, for the role table."""
    return roles.Place(region_code=code)
