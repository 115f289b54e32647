"""Which doors an actor may see: a facilitator those of their own seat, who oversees all of the area."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from simpul import roles
from simpul.lib import areas
from simpul.lib.actor import SYSTEM, Actor
from simpul.lib.errors import NotFound
from simpul.outreach.models import Assignment, Sample, SampleRow, Verification

_OVERSEEING = "households.assign"
_WALKING = "visit.record"


def assignments(by: Actor) -> QuerySet[Assignment]:
    """Doors on somebody's list: those of the area for who assigns, one's own for who walks."""
    return Assignment.objects.filter(_seen(by))


def verifications(by: Actor) -> QuerySet[Verification]:
    """Verifications: those of the area for who assigns; for who walks, those they have and those of doors on their list."""
    seen = _seen(by)
    if _walks(by):
        seen |= Q(household__assignments__seat_id=by.seat_id, household__assignments__ended_at=None)
    return Verification.objects.filter(seen).distinct()


def verification_for(by: Actor, verification_id: UUID, *, lock: bool = False) -> Verification:
    """One verification, if this actor may see it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    if not verifications(by).filter(id=verification_id).exists():
        raise NotFound
    rows = Verification.objects.select_related("household", "seat__user", "hamlet")
    if lock:
        rows = Verification.objects.select_for_update()
    found = rows.filter(id=verification_id).first()
    if found is None:
        raise NotFound
    return found


def samples(by: Actor) -> QuerySet[Sample]:
    """Samples of the area, for who reviews them."""
    if by.role != SYSTEM and not roles.may_somewhere(by, "sample.review"):
        return Sample.objects.none()
    return Sample.objects.filter(inside(by))


def sample_row_for(by: Actor, row_id: UUID, *, lock: bool = False) -> SampleRow:
    """One row of a sample, if this actor may see it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    rows = SampleRow.objects.filter(sample__in=samples(by))
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(id=row_id).first()
    if found is None:
        raise NotFound
    return found


def oversees(by: Actor) -> bool:
    """True for who gives doors to others."""
    return by.role == SYSTEM or roles.may_somewhere(by, _OVERSEEING)


def free_heads() -> Q:
    """Rows of households whose head did not ask for processing to stand still: a household bears its head's name (UU 27/2022 art. 41)."""
    return Q(household__head=None) | Q(household__head__restricted_at=None)


def inside(by: Actor) -> Q:
    """Rows with a ``region_code`` inside the area of this seat."""
    return areas.inside_any(by.served_areas)


def _walks(by: Actor) -> bool:
    return by.seat_id is not None and not oversees(by) and roles.may_somewhere(by, _WALKING)


def _seen(by: Actor) -> Q:
    if by.role == SYSTEM:
        return Q()
    if oversees(by):
        return inside(by)
    if _walks(by):
        return Q(seat_id=by.seat_id)
    return Q(pk=None)
