"""Which posyandu, cards, entries, findings, tasks and visits an actor may see: those of the area of the seat, by the acts of the role.

The institution is open to all who work in the area. What was measured or found about a named person is health data (UU 27/2022 art. 4):
only roles that may record it or look after it see it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from simpul import roles
from simpul.lib import areas
from simpul.lib.actor import SYSTEM, Actor
from simpul.lib.errors import NotFound
from simpul.people.models import Household, Person
from simpul.posyandu.models import (
    Cadre,
    Coming,
    Day,
    Examination,
    Finding,
    HomeVisit,
    Participant,
    Posyandu,
    Task,
)
from simpul.regions.models import Region

INSTITUTION = ("posyandu.read",)
NAMED = ("examination.read",)


def rows(by: Actor, table: Any, acts: Iterable[str], column: str = "region_code") -> QuerySet[Any]:
    """Rows of this seat's area when its role has one of ``acts`` somewhere; all for the system, none for others."""
    if by.role == SYSTEM:
        found: QuerySet[Any] = table._default_manager.all()
        return found
    if not any(roles.may_somewhere(by, act) for act in acts):
        return table._default_manager.none()
    return table._default_manager.filter(areas.inside_any(by.served_areas, column))


def one(found: QuerySet[Any], key: UUID, *, lock: bool = False) -> Any:
    """One of the rows, locked when it will be changed; rows that point at it may be added meanwhile.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    if lock:
        found = found.select_for_update(of=("self",), no_key=True)
    row = found.filter(id=key).first()
    if row is None:
        raise NotFound
    return row


def posyandus(by: Actor) -> QuerySet[Posyandu]:
    """Posyandu of this actor's area."""
    found: QuerySet[Posyandu] = rows(by, Posyandu, INSTITUTION)
    return found.select_related("hamlet", "desk")


def posyandu_for(by: Actor, posyandu_id: UUID, *, lock: bool = False) -> Posyandu:
    """One posyandu. Raises ``NotFound`` as ``one``."""
    found: Posyandu = one(
        posyandus(by) if not lock else rows(by, Posyandu, INSTITUTION), posyandu_id, lock=lock
    )
    return found


def hold_home(household: Household | None, person: Person | None) -> None:
    """Hold whom something is written down for, so that of two who write at once the second sees what the first wrote."""
    if household is not None:
        Household.objects.select_for_update(of=("self",), no_key=True).only("id").get(id=household.id)
    if person is not None:
        Person.objects.select_for_update(of=("self",), no_key=True).only("id").get(id=person.id)


def hold_region(region_code: str) -> None:
    """Hold an area, so that the same thing sent twice at once is found by the second as it was written by the first."""
    Region.objects.select_for_update(of=("self",), no_key=True).only("code").filter(code=region_code).first()


def cadres(by: Actor) -> QuerySet[Cadre]:
    """Board and cadres of posyandu of the area."""
    found: QuerySet[Cadre] = rows(by, Cadre, INSTITUTION, "posyandu__region_code")
    return found.select_related("posyandu")


def participants(by: Actor) -> QuerySet[Participant]:
    """Cards of the area."""
    found: QuerySet[Participant] = rows(by, Participant, NAMED)
    return found.select_related("person", "posyandu")


def participant_for(by: Actor, participant_id: UUID, *, lock: bool = False) -> Participant:
    """One card. Raises ``NotFound`` as ``one``."""
    found: Participant = one(participants(by), participant_id, lock=lock)
    return found


def days(by: Actor) -> QuerySet[Day]:
    """Days of posyandu of the area."""
    found: QuerySet[Day] = rows(by, Day, NAMED)
    return found.select_related("posyandu")


def day_for(by: Actor, day_id: UUID, *, lock: bool = False) -> Day:
    """One day. Raises ``NotFound`` as ``one``."""
    found: Day = one(days(by), day_id, lock=lock)
    return found


def comings(by: Actor) -> QuerySet[Coming]:
    """Who came to days of the area."""
    found: QuerySet[Coming] = rows(by, Coming, NAMED, "day__region_code")
    return found.select_related("participant__person", "day")


def examinations(by: Actor) -> QuerySet[Examination]:
    """Lines of cards of the area."""
    found: QuerySet[Examination] = rows(by, Examination, NAMED)
    return found.select_related("person", "posyandu")


def examination_for(by: Actor, examination_id: UUID, *, lock: bool = False) -> Examination:
    """One line. Raises ``NotFound`` as ``one``."""
    found: Examination = one(examinations(by), examination_id, lock=lock)
    return found


def findings(by: Actor) -> QuerySet[Finding]:
    """Findings of the area."""
    found: QuerySet[Finding] = rows(by, Finding, NAMED)
    return found.select_related("person", "household", "posyandu")


def finding_for(by: Actor, finding_id: UUID, *, lock: bool = False) -> Finding:
    """One finding. Raises ``NotFound`` as ``one``."""
    rows_ = rows(by, Finding, NAMED) if lock else findings(by)
    found: Finding = one(rows_, finding_id, lock=lock)
    return found


def tasks(by: Actor) -> QuerySet[Task]:
    """Tasks of cadres of the area."""
    found: QuerySet[Task] = rows(by, Task, NAMED)
    return found.select_related("person", "household", "posyandu", "cadre")


def task_for(by: Actor, task_id: UUID, *, lock: bool = False) -> Task:
    """One task. Raises ``NotFound`` as ``one``."""
    rows_ = rows(by, Task, NAMED) if lock else tasks(by)
    found: Task = one(rows_, task_id, lock=lock)
    return found


def visits(by: Actor) -> QuerySet[HomeVisit]:
    """Visits at home of the area."""
    found: QuerySet[HomeVisit] = rows(by, HomeVisit, NAMED)
    return found.select_related("person", "household", "posyandu", "cadre")


def visit_for(by: Actor, visit_id: UUID, *, lock: bool = False) -> HomeVisit:
    """One visit. Raises ``NotFound`` as ``one``."""
    rows_ = rows(by, HomeVisit, NAMED) if lock else visits(by)
    found: HomeVisit = one(rows_, visit_id, lock=lock)
    return found
