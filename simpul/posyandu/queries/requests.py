"""Reading requests of the six fields: the list with its flags, one request, who may be told, what a counter of a field says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from simpul.cases import access as case_access
from simpul.cases.models import Case
from simpul.desks import queries as desk_queries
from simpul.desks.models import Desk, Seat
from simpul.lib import areas, workdays
from simpul.lib.actor import Actor
from simpul.lib.files import FileStore
from simpul.posyandu.access import posyandu as posyandu_access
from simpul.posyandu.access import requests as access
from simpul.posyandu.models import FieldRequest, Finding, Posyandu, RequestPaper, RequestPhoto, RequestVisit
from simpul.posyandu.queries import services
from simpul.posyandu.rules import requests as rules
from simpul.regions import queries as region_queries

PAGE = 30
FIVE_DAYS = "12345"


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows the list. ``only``: open, flagged (red), late (over five days), ended; ``state``: how far it has come."""

    only: str = ""
    field: str = ""
    state: str = ""
    posyandu_id: UUID | None = None
    words: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of requests; which have all their papers."""

    rows: list[FieldRequest]
    complete: frozenset[UUID]
    has_next: bool


def listed(by: Actor, filters: Filters, now: datetime) -> Listed:
    """A page of the requests this seat sees: what is open and oldest first, ended ones newest first. Two queries."""
    rows = narrowed(access.listed(by), filters, now)
    order = ("-ended_at", "-id") if filters.only == "ended" else ("stale_at", "taken_at", "id")
    start = (filters.page - 1) * PAGE
    found = list(rows.order_by(*order)[start : start + PAGE + 1])
    return Listed(found[:PAGE], complete(one.id for one in found[:PAGE]), len(found) > PAGE)


def narrowed(rows: QuerySet[FieldRequest], filters: Filters, now: datetime) -> QuerySet[FieldRequest]:
    """Requests that fit the filters; without one, those that are open."""
    if filters.field:
        rows = rows.filter(field=filters.field)
    if filters.state:
        rows = rows.filter(state=filters.state)
    if filters.posyandu_id:
        rows = rows.filter(posyandu_id=filters.posyandu_id)
    if filters.words:
        rows = rows.filter(
            Q(case__number__icontains=filters.words)
            | Q(confidential=False, case__hide_name=False, case__reporter__full_name__icontains=filters.words)
        )
    if filters.only == "ended":
        return rows.exclude(state__in=rules.OPEN)
    rows = rows.filter(state__in=rules.OPEN)
    if filters.only == "flagged":
        return rows.filter(stale_at__lt=now)
    if filters.only == "late":
        return rows.filter(case__due_at__lt=now, case__is_open=True)
    return rows


def complete(request_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Which of these requests have every required paper."""
    keys = list(request_ids)
    lacking = RequestPaper.objects.filter(request__in=keys, required=True, mark="missing")
    return frozenset(keys) - set(lacking.values_list("request_id", flat=True))


def counts(by: Actor, now: datetime) -> dict[str, int]:
    """How many are open, flagged and late, in one query."""
    is_open = Q(state__in=rules.OPEN)
    found: dict[str, int] = access.visible(by).aggregate(
        open=Count("id", filter=is_open),
        flagged=Count("id", filter=is_open & Q(stale_at__lt=now)),
        late=Count("id", filter=is_open & Q(case__due_at__lt=now, case__is_open=True)),
    )
    return found


def papers_of(request: FieldRequest) -> list[RequestPaper]:
    """The checklist in its order, with photos."""
    return list(request.papers.prefetch_related("photos").order_by("position"))


def visits_of(request: FieldRequest) -> list[RequestVisit]:
    """Visits to the place, newest first, with photos."""
    return list(request.visits.prefetch_related("photos").order_by("-visited_date", "-recorded_at"))


def photo_for(by: Actor, photo_id: UUID) -> RequestPhoto | None:
    """A photo of a request that this seat sees."""
    seen = access.visible(by).values("id")
    return RequestPhoto.objects.filter(id=photo_id, request__in=seen).first()


def store() -> FileStore:
    """Where photos are kept, by their content."""
    return FileStore(settings.SIMPUL_FILES)


def of_case(by: Actor, case_id: UUID) -> FieldRequest | None:
    """The request of a matter, if this seat sees it."""
    return access.visible(by).filter(case_id=case_id).first()


def matter_of(request: FieldRequest) -> Case:
    """The matter as it is now; the act that changes it locks it."""
    return Case.objects.select_related("holder", "acting").get(id=request.case_id)


def is_joined(case_id: UUID) -> bool:
    """True when the matter is a request already, whoever sees it."""
    return FieldRequest.objects.filter(case_id=case_id).exists()


def waiting_matters(by: Actor, limit: int = 20) -> list[Case]:
    """Open matters of the kind in which somebody asks for a service by another door, and that are no request of a posyandu yet."""
    return list(_unjoined(by).filter(~_FROM_FINDING).order_by("received_at")[:limit])


def finding_matters(by: Actor, limit: int = 40) -> list[Case]:
    """Open matters of the kind that findings opened: the posyandu follows them up, nobody asked for them. The newest first."""
    return list(_unjoined(by).filter(_FROM_FINDING).order_by("-received_at", "-id")[:limit])


_FROM_FINDING = Exists(Finding.objects.filter(case=OuterRef("id")))


def _unjoined(by: Actor) -> QuerySet[Case]:
    rows = case_access.visible(by).filter(kind_id=services.KIND, is_open=True, field_request=None)
    return rows.filter(areas.inside_any(by.served_areas))


def posyandu_in(by: Actor, region_code: str = "") -> list[Posyandu]:
    """Posyandu that take requests in the area, the actor's own desk first."""
    rows = posyandu_access.posyandus(by).filter(closed_date=None)
    if region_code:
        rows = rows.filter(region_code=region_code)
    found = list(rows.order_by("region_code", "name")[:200])
    return sorted(found, key=lambda one: one.desk_id not in by.desk_ids)


def village_desk(region_code: str) -> Desk | None:
    """The desk of the village office."""
    return desk_queries.nearest("village_office", region_code)


def readers_of(posyandu: Posyandu) -> list[UUID]:
    """Users to whom a confidential request of this posyandu is trusted: its chair and the head of its village."""
    chair = Q(role="coordinator", desk_id=posyandu.desk_id)
    head = Q(role="head", desk__region_code=posyandu.region_code)
    seats = Seat.objects.filter(chair | head, withdrawn_at=None, user__is_active=True)
    return list(dict.fromkeys(seats.order_by("from_at").values_list("user_id", flat=True)))


def calendar_of(posyandu: Posyandu, at: datetime) -> workdays.Calendar:
    """The working days of a posyandu's desk: weekends, national holidays, joint leave and local holidays are out."""
    week = posyandu.desk.week if posyandu.desk is not None else FIVE_DAYS
    return region_queries.calendar_for(posyandu.region_code, week, around=at.date())
