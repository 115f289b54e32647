"""Who sees which child on the early-marriage list: the chair of the posyandu, health officers of the area, focal points."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from simpul import roles
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound
from simpul.posyandu.access import posyandu as posyandu_access
from simpul.posyandu.models import Dispensation, MarriageRisk, MarriageStep, Posyandu

WATCHING = ("marriages.look",)


def posyandus(by: Actor) -> QuerySet[Posyandu]:
    """The posyandu whose list this actor may open: a chair those of the own desks alone."""
    found: QuerySet[Posyandu] = posyandu_access.rows(by, Posyandu, WATCHING)
    return found.filter(desk_id__in=by.desk_ids) if by.role == "coordinator" else found


def posyandu_for(by: Actor, posyandu_id: UUID, *, lock: bool = False) -> Posyandu:
    """One of them, locked when its list will be refreshed.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    found: Posyandu = posyandu_access.one(posyandus(by), posyandu_id, lock=lock)
    return found


def risks(by: Actor) -> QuerySet[MarriageRisk]:
    """Lines of the list. Who asked that nothing be done with their data, or was erased, is on none."""
    found: QuerySet[MarriageRisk] = posyandu_access.rows(by, MarriageRisk, WATCHING)
    if by.role == "coordinator":
        found = found.filter(posyandu__desk_id__in=by.desk_ids)
    return found.filter(person__restricted_at=None, person__erased_at=None)


def risk_for(by: Actor, risk_id: UUID, *, lock: bool = False) -> MarriageRisk:
    """One line. Raises ``NotFound`` as ``posyandu_for``."""
    rows = risks(by) if lock else risks(by).select_related("person", "posyandu", "case")
    found: MarriageRisk = posyandu_access.one(rows, risk_id, lock=lock)
    return found


def step_for(by: Actor, step_id: UUID) -> MarriageStep:
    """One step of a support. Raises ``NotFound``."""
    found = MarriageStep.objects.filter(id=step_id, risk__in=risks(by)).first()
    if found is None:
        raise NotFound
    return found


def dispensation_for(by: Actor, dispensation_id: UUID) -> Dispensation:
    """One request to a court. Raises ``NotFound``."""
    found = Dispensation.objects.filter(id=dispensation_id, risk__in=risks(by)).first()
    if found is None:
        raise NotFound
    return found


def place(risk: MarriageRisk) -> roles.Place:
    """Where an act on it happens."""
    return roles.Place(region_code=risk.region_code)
