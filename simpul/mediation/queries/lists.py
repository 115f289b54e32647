"""The list of disputes, what is due, and everything of one dispute that its pages show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F, Q

from simpul.cases import access as case_access
from simpul.cases.models import Case
from simpul.lib.actor import Actor
from simpul.mediation import access
from simpul.mediation.models import (
    Attendance,
    Dispute,
    Evidence,
    Mediator,
    Obligation,
    Party,
    Referral,
    Session,
    Statement,
    Summons,
)
from simpul.mediation.queries import agreements
from simpul.mediation.rules import moves, steps
from simpul.mediation.rules import obligations as rules

PAGE = 40


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address says about the list."""

    state: str = ""
    subject: str = ""
    region: str = ""
    words: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """One dispute of the list; without its content for those who may not read it."""

    dispute: Dispute
    readable: bool
    parties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list."""

    rows: list[Row]
    has_next: bool


def listed(by: Actor, filters: Filters, limit: int = PAGE) -> Page:
    """Disputes of the area, those with something to do first, the next date first. Words search only in what the actor may read."""
    rows = access.listed(by).inside(filters.region)
    if filters.state == "running":
        rows = rows.filter(state__in=moves.RUNNING)
    elif filters.state:
        rows = rows.filter(state=filters.state)
    readable = access.visible(by)
    if filters.subject:
        rows = rows.filter(subject=filters.subject, id__in=readable.values("id"))
    if filters.words:
        named = Party.objects.filter(name__icontains=filters.words, withdrawn_at=None).values("dispute_id")
        rows = rows.filter(id__in=readable.values("id")).filter(
            Q(about__icontains=filters.words) | Q(id__in=named)
        )
    first = (max(1, filters.page) - 1) * limit
    found = list(
        rows.order_by(F("next_date").asc(nulls_last=True), "-year", "-sequence")[first : first + limit + 1]
    )
    return Page(_rows(by, found[:limit]), len(found) > limit)


def _rows(by: Actor, found: list[Dispute]) -> list[Row]:
    keys = [one.id for one in found]
    seen = set(access.visible(by).filter(id__in=keys).values_list("id", flat=True))
    names: dict[UUID, list[str]] = {}
    parties = Party.objects.filter(dispute_id__in=seen, withdrawn_at=None).order_by("recorded_at", "id")
    for key, name in parties.values_list("dispute_id", "name"):
        names.setdefault(key, []).append(name)
    return [Row(one, one.id in seen, tuple(names.get(one.id, ()))) for one in found]


def waiting_matters(by: Actor, limit: int = 20) -> list[Case]:
    """Matters of this kind that are in nobody's register yet: they wait for the questions of safety."""
    rows = case_access.visible(by).filter(kind_id="dispute", is_open=True).exclude(sensitivity="sealed")
    rows = rows.exclude(id__in=Dispute.objects.values("case_id"))
    return list(rows.select_related("hamlet").order_by("received_at", "id")[:limit])


def next_sessions(by: Actor, limit: int = 10) -> list[Session]:
    """Planned sessions of disputes the actor may read, the next first."""
    rows = Session.objects.filter(
        state="planned", withdrawn_at=None, dispute__in=access.visible(by).values("id")
    )
    return list(rows.select_related("dispute").order_by("planned_at", "id")[:limit])


def due_obligations(by: Actor, today: date, days: int = 14, limit: int = 20) -> list[Obligation]:
    """Obligations that are late or due soon, the oldest first."""
    rows = access.obligations(by).filter(state="open", due_date__lte=today + timedelta(days=days))
    return list(
        rows.select_related("agreement__dispute", "owed_by", "owed_to").order_by(
            "due_date", "position", "id"
        )[:limit]
    )


def to_remind(at: datetime, limit: int = 200) -> list[UUID]:
    """Obligations whose one who owes should be told now: soon due and not told, or late and told before that only."""
    today = at.date()
    rows = Obligation.objects.filter(state="open", agreement__state="signed", withdrawn_at=None).exclude(
        agreement__dispute__state="protected"
    )
    soon = Q(warned_at=None, due_date__lte=today + timedelta(days=rules.REMIND_DAYS))
    late = Q(warned_at__lt=F("due_date"), due_date__lt=today - timedelta(days=1))
    return list(rows.filter(soon | late).order_by("due_date", "id").values_list("id", flat=True)[:limit])


# --- one dispute ----------------------------------------------------------------------------------------------------


def parties(dispute: Dispute) -> list[Party]:
    """The parties that stand, in the order in which they were written down."""
    return list(Party.objects.filter(dispute=dispute, withdrawn_at=None).order_by("recorded_at", "id"))


def statements(dispute: Dispute) -> dict[UUID, list[Statement]]:
    """What each party said on their own, oldest first."""
    found: dict[UUID, list[Statement]] = {}
    rows = Statement.objects.filter(party__dispute=dispute, withdrawn_at=None).order_by("said_at", "id")
    for one in rows:
        found.setdefault(one.party_id, []).append(one)
    return found


def mediators(dispute: Dispute) -> list[Mediator]:
    """Everybody who mediates or did, those who do first."""
    rows = Mediator.objects.filter(dispute=dispute, withdrawn_at=None)
    return list(rows.order_by(F("ended_at").asc(nulls_first=True), "-leads", "recorded_at", "id"))


def summonses(dispute: Dispute) -> list[Summons]:
    """Every summons, newest first."""
    rows = Summons.objects.filter(dispute=dispute, withdrawn_at=None).select_related("party", "session")
    return list(rows.order_by("-issued_date", "-recorded_at", "-id"))


def sessions(dispute: Dispute) -> list[Session]:
    """Every session in its order."""
    return list(Session.objects.filter(dispute=dispute, withdrawn_at=None).order_by("ordinal"))


def attendances(session: Session) -> list[Attendance]:
    """Who was asked to a session, who came."""
    return list(Attendance.objects.filter(session=session, withdrawn_at=None).order_by("recorded_at", "id"))


def evidence(dispute: Dispute) -> list[Evidence]:
    """Files that stand, oldest first."""
    rows = Evidence.objects.filter(dispute=dispute, withdrawn_at=None).select_related("party")
    return list(rows.order_by("recorded_at", "id"))


def referrals(dispute: Dispute) -> list[Referral]:
    """Where it was sent on, newest first."""
    rows = Referral.objects.filter(dispute=dispute, withdrawn_at=None).select_related("desk")
    return list(rows.order_by("-sent_date", "-recorded_at", "-id"))


def reached(dispute: Dispute) -> steps.Reached:
    """How far it has come."""
    standing = agreements.standing_of(dispute)
    rows = agreements.clauses(standing) if standing else []
    return steps.Reached(
        parties=Party.objects.filter(dispute=dispute, withdrawn_at=None).count(),
        mediators=Mediator.objects.filter(dispute=dispute, withdrawn_at=None, ended_at=None).count(),
        summonses=Summons.objects.filter(dispute=dispute, withdrawn_at=None).count(),
        sessions=Session.objects.filter(dispute=dispute, state__in=("held", "ended")).count(),
        signed=standing is not None,
        obligations=len(rows),
        settled=sum(one.state in ("kept", "waived") for one in rows),
        state=dispute.state,
    )


def absences(dispute: Dispute) -> dict[UUID, int]:
    """How often each party was summoned and stayed away without an excuse."""
    found: dict[UUID, int] = {}
    rows = Summons.objects.filter(dispute=dispute, withdrawn_at=None, appeared="absent")
    for key in rows.values_list("party_id", flat=True):
        found[key] = found.get(key, 0) + 1
    return found


def dispute_of_case(by: Actor, case_id: UUID) -> Dispute | None:
    """The dispute of a matter, if the actor may read it."""
    return access.visible(by).filter(case_id=case_id).first()


def is_taken_in(case_id: UUID) -> bool:
    """True when the matter has a dispute, whoever may read it: nothing is taken in twice."""
    return Dispute.objects.filter(case_id=case_id).exists()


def register(by: Actor, region_code: str, year: int) -> list[Row]:
    """The register of disputes of a village and year, number by number."""
    rows = access.listed(by).inside(region_code).filter(year=year)
    return _rows(by, list(rows.order_by("region_code", "sequence")[:2000]))
