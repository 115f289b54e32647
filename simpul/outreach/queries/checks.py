"""Verifications, their persons and steps; samples and what a second look found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from simpul.desks import queries as desk_queries
from simpul.lib import areas
from simpul.lib.actor import Actor
from simpul.outreach import access
from simpul.outreach.models import PersonCheck, Sample, SampleRow, Transition, Verification
from simpul.people import queries as people_queries
from simpul.people.models import Household, Person

PAGE = 40


@dataclass(frozen=True, slots=True)
class Page:
    """One page of verifications."""

    rows: tuple[Verification, ...]
    has_next: bool


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the second looks of a facilitator's work found."""

    seat_id: UUID | None
    name: str
    drawn: int
    agree: int
    differ: int
    returned: int

    @property
    def left(self) -> int:
        """Rows nobody has looked at yet."""
        return self.drawn - self.agree - self.differ - self.returned


def listed(by: Actor, *, state: str = "", region_code: str = "", page: int = 1) -> Page:
    """A page of verifications; what was submitted and waits for approval first."""
    rows = access.verifications(by).filter(access.free_heads())
    rows = rows.select_related("household", "hamlet", "seat__user")
    if state:
        rows = rows.filter(state=state)
    if region_code:
        rows = rows.filter(areas.inside(region_code))
    first = (max(1, page) - 1) * PAGE
    found = list(rows.order_by("-changed_at", "-id")[first : first + PAGE + 1])
    return Page(tuple(found[:PAGE]), len(found) > PAGE)


def states(by: Actor, region_code: str = "") -> Counter[str]:
    """Code -> how many households stand there."""
    rows = access.verifications(by)
    if region_code:
        rows = rows.filter(areas.inside(region_code))
    return Counter(rows.values_list("state", flat=True))


def waiting(by: Actor) -> list[Verification]:
    """Submitted households nobody approved yet, the oldest first."""
    rows = access.verifications(by).filter(access.free_heads(), state__in=["M4", "M4a"], approved_at=None)
    return list(rows.select_related("household", "hamlet", "seat__user").order_by("submitted_at", "id")[:200])


def persons(verification: Verification) -> list[PersonCheck]:
    """The persons of a verification, in the order in which they were written down."""
    return list(PersonCheck.objects.filter(verification=verification).order_by("id"))


def steps_of(verification: Verification) -> list[Transition]:
    """Every step of a household and its persons, the oldest first."""
    rows = Transition.objects.filter(verification=verification).select_related("person_check")
    return list(rows.order_by("at", "id"))


def current(household_id: UUID) -> Verification | None:
    """The newest verification of a household, for callers that checked who asks."""
    return Verification.objects.filter(household_id=household_id).order_by("-opened_at", "-id").first()


def members(household: Household) -> list[Person]:
    """Who lives in a household and may be looked at in lists."""
    rows = Person.objects.filter(household=household, life="here", restricted_at=None, erased_at=None)
    return list(rows.order_by("registered_at", "id"))


def registered_name(check: PersonCheck) -> str | None:
    """The name under which a person's NIK stands in the register of the village; None when it is not known there.

    The NIK that was shown counts; without one, that of the person the row is about. Only the village is looked at: a door is no
    place to find out whether a number exists elsewhere (UU 24/2013 art. 79).
    """
    shown, person = str(check.nik), check.person
    index = people_queries.nik_index(shown) if shown else (person.nik_index if person else "")
    if not index:
        return None
    rows = Person.objects.with_nik(index).filter(region_code=check.verification.region_code)
    found = rows.listed().order_by("-resident", "id").first()
    return found.full_name if found else None


def to_rematch(limit: int = 500) -> QuerySet[PersonCheck]:
    """Persons in Q1a, for the job that matches again."""
    rows = PersonCheck.objects.filter(state="Q1a").select_related("person", "verification")
    return rows.order_by("changed_at", "id")[:limit]


# --- samples ------------------------------------------------------------------------------------------------------------------


def pool(by: Actor, region_code: str, since: date, until: date, seat_id: UUID | None = None) -> list[UUID]:
    """What a sample can be drawn from: households submitted in the period, of one facilitator or of all."""
    zone = desk_queries.zone_of(region_code)
    rows = access.verifications(by).filter(
        areas.inside(region_code),
        state__in=["M4", "M4a"],
        submitted_at__gte=datetime.combine(since, time(), zone),
        submitted_at__lt=datetime.combine(until + timedelta(days=1), time(), zone),
    )
    if seat_id is not None:
        rows = rows.filter(seat_id=seat_id)
    return list(rows.values_list("id", flat=True))


def samples(by: Actor, limit: int = 30) -> list[Sample]:
    """Samples of the area with how many rows were looked at, the newest first."""
    rows = access.samples(by).select_related("seat__user")
    counted = rows.annotate(drawn=Count("rows"), looked=Count("rows", filter=~Q(rows__result="")))
    return list(counted.order_by("-drawn_at", "-id")[:limit])


def sample_rows(by: Actor, sample_id: UUID) -> list[SampleRow]:
    """The rows of a sample in the order they were drawn."""
    rows = SampleRow.objects.filter(sample__in=access.samples(by), sample_id=sample_id)
    joined = rows.select_related(
        "verification__household__house", "verification__hamlet", "verification__seat__user"
    )
    return list(joined.order_by("position"))


def agreement(by: Actor) -> list[Agreement]:
    """What second looks found, by facilitator."""
    rows = SampleRow.objects.filter(sample__in=access.samples(by)).values_list(
        "verification__seat_id", "verification__seat__user__full_name", "result"
    )
    table: dict[UUID | None, tuple[str, Counter[str]]] = {}
    for seat_id, name, result in rows:
        table.setdefault(seat_id, (name or "", Counter()))[1][result] += 1
    found = [
        Agreement(key, name, sum(counts.values()), counts["agree"], counts["differ"], counts["return"])
        for key, (name, counts) in table.items()
    ]
    return sorted(found, key=lambda one: (one.name == "", one.name))
