"""Failures to protect data: whom one concerns, who was told, who has to be visited, and the words for the authority."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from simpul.cases.queries import keeping as case_keeping
from simpul.journal import queries as journal_queries
from simpul.lib.actor import Actor
from simpul.people.queries import keeping as people_keeping
from simpul.upkeep import access
from simpul.upkeep.models import Affected, Authority, Breach


@dataclass(frozen=True, slots=True)
class Scope:
    """How those concerned are found: ``region``, ``desk``, ``user``, ``device`` or ``persons``; with a time where that says more."""

    kind: str
    region_code: str = ""
    desk_id: UUID | None = None
    user_id: UUID | None = None
    device: str = ""
    person_ids: tuple[UUID, ...] = ()
    begin: datetime | None = None
    end: datetime | None = None

    @property
    def told(self) -> dict[str, str]:
        """The scope in plain values, without anybody's name: kept beside the failure, so that the list can be made again."""
        values = {
            "kind": self.kind,
            "region": self.region_code,
            "desk": self.desk_id,
            "user": self.user_id,
            "device": self.device,
            "persons": len(self.person_ids) or "",
            "begin": self.begin.isoformat() if self.begin else "",
            "end": self.end.isoformat() if self.end else "",
        }
        return {name: str(value) for name, value in values.items() if value}


KINDS = ("region", "desk", "user", "device", "persons")


def concerned(scope: Scope) -> set[UUID]:
    """Keys of the persons a scope finds. By user or device: whoever's page, matter or family they opened or changed in that time.

    Raises:
        ValueError: the scope lacks what its kind needs.
    """
    if scope.kind == "region" and scope.region_code:
        return people_keeping.living_at(scope.region_code)
    if scope.kind == "persons":
        return people_keeping.known(scope.person_ids)
    if scope.begin is None or scope.end is None:
        raise ValueError(scope.kind)
    if scope.kind == "desk" and scope.desk_id is not None:
        return people_keeping.known(case_keeping.persons_at(scope.desk_id, scope.begin, scope.end))
    if scope.kind in ("user", "device") and (scope.user_id or scope.device):
        seen = journal_queries.touched(scope.begin, scope.end, user_id=scope.user_id, device=scope.device)
        return _persons(seen)
    raise ValueError(scope.kind)


def _persons(seen: Mapping[str, set[UUID]]) -> set[UUID]:
    found = people_keeping.known(seen.get("person", set()))
    found |= case_keeping.persons_of(seen.get("case", set()))
    return found | people_keeping.members_of(seen.get("household", set()) | seen.get("family", set()))


def listed(by: Actor) -> list[Breach]:
    """Failures the actor may see: open ones first, the most urgent on top."""
    rows = list(access.breaches(by).order_by("due_at")[:500])
    return sorted(rows, key=lambda one: (one.closed_at is not None, one.due_at))


@dataclass(frozen=True, slots=True)
class Reach:
    """How far telling has come."""

    all: int
    told: int
    sent: int
    to_visit: int
    waiting: int


def reach(breach_id: UUID) -> Reach:
    """How many are concerned, told by word of mouth, sent a message, to be visited, and not reached yet."""
    rows = list(Affected.objects.filter(breach_id=breach_id).values_list("road", "notified_at", "told_at"))
    told = sum(told_at is not None for _road, _sent, told_at in rows)
    visit = sum(road in ("visit", "slip") and told_at is None for road, _sent, told_at in rows)
    waiting = sum(sent is None and told_at is None for _road, sent, told_at in rows)
    return Reach(len(rows), told, len(rows) - told - visit - waiting, visit, waiting)


def to_visit(by: Actor, breach_id: UUID) -> list[Affected]:
    """Who has no telephone or no safe road and was not told yet, by hamlet: the list somebody walks with.

    Raises:
        NotFound: no such failure for this actor.
    """
    access.breach_for(by, breach_id)
    found = access.affected(by).filter(breach_id=breach_id, road__in=("visit", "slip"), told_at=None)
    return list(
        found.select_related("person__hamlet").order_by(
            "person__region_code", "person__hamlet__name", "person__full_name"
        )
    )


def authority() -> Authority | None:
    """Whom a failure is reported to; None until somebody wrote it down."""
    return Authority.objects.filter(id=1).first()


def late(at: datetime) -> list[UUID]:
    """Open failures that were not reported within 72 hours and not marked yet."""
    rows = Breach.objects.filter(closed_at=None, authority_told_at=None, warned_at=None, due_at__lt=at)
    return list(rows.values_list("id", flat=True))


def scopes_of(breach: Breach) -> Iterable[Mapping[str, Any]]:
    """How those concerned were found so far."""
    return list(breach.scopes)
