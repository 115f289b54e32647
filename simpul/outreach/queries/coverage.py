"""Who was never reached: households of a village with no matter, no visit and no aid, hamlet by hamlet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from simpul.cases.models import Case
from simpul.lib.actor import Actor
from simpul.outreach.models import Visit
from simpul.outreach.queries import doors
from simpul.programmes.models import Benefit, CardDoor


@dataclass(frozen=True, slots=True)
class HamletCover:
    """One hamlet: how many households there are, and by what they were ever reached. A household counts once in each column."""

    hamlet_id: UUID | None
    name: str
    households: int
    by_case: int
    by_visit: int
    by_benefit: int
    never: int

    @property
    def share(self) -> int:
        """Households that were reached by anything, in whole per cent, rounded down; 0 of none."""
        return (self.households - self.never) * 100 // self.households if self.households else 0


def hamlets(by: Actor, region_code: str) -> list[HamletCover]:
    """The hamlets of a village, those with most who were never reached first; households without a hamlet stand last."""
    table: dict[UUID | None, list[Any]] = {}
    rows = _marked(by, region_code).values_list(
        "hamlet_id", "hamlet__name", "has_case", "has_visit", "has_benefit"
    )
    for hamlet_id, name, case, visit, benefit in rows.iterator(chunk_size=5000):
        kept = table.setdefault(hamlet_id, [name or "", 0, 0, 0, 0, 0])
        kept[1] += 1
        kept[2] += bool(case)
        kept[3] += bool(visit)
        kept[4] += bool(benefit)
        kept[5] += not (case or visit or benefit)
    found = [HamletCover(key, *kept) for key, kept in table.items()]
    return sorted(found, key=lambda one: (one.hamlet_id is None, -one.never, one.name))


def never_reached(
    by: Actor, region_code: str, today: date, hamlet_id: UUID | None = None, *, limit: int = 200
) -> list[doors.Door]:
    """Households nobody ever reached, the most urgent first."""
    rows = _marked(by, region_code).filter(has_case=False, has_visit=False, has_benefit=False)
    if hamlet_id is not None:
        rows = rows.filter(hamlet_id=hamlet_id)
    ids = list(rows.order_by("id").values_list("id", flat=True)[: doors.MOST])
    return doors.of_households(ids, today)[:limit]


def _marked(by: Actor, region_code: str) -> Any:
    """Households of a place with whether a matter, a visit or an aid ever touched somebody in it.

    A matter counts by its mere existence; nothing of it is read, so a sealed one tells nothing either: it is left out.
    """
    member = OuterRef("pk")
    cases = Case.objects.exclude(sensitivity="sealed")
    opened = cases.filter(Q(reporter__household_id=member) | Q(about__household_id=member))
    visits = Visit.objects.filter(household_id=member, undone_at=None)
    kis = CardDoor.objects.filter(card__person__household_id=member, undone_at=None)
    aid = Benefit.objects.filter(state="receives")
    rows = doors.present_households(by, region_code)
    return rows.annotate(
        has_case=Exists(opened),
        has_visit=Exists(visits) | Exists(kis),
        has_benefit=Exists(aid.filter(household_id=member))
        | Exists(aid.filter(family__household_id=member))
        | Exists(aid.filter(person__household_id=member)),
    )
