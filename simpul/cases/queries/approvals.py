"""Decisions on paper: where each stands, who may do the next step, and whether one is signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from simpul import roles
from simpul.cases import access
from simpul.cases.models import Approval, ApprovalStep, Case
from simpul.cases.queries import clocks as clock_queries
from simpul.cases.rules import approvals as rules
from simpul.desks.models import Desk, Seat
from simpul.lib.actor import Actor

ACT_OF = {"check": "decision.check", "initial": "decision.initial", "sign": "decision.sign"}
"""The act that does a step."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One version with its steps in order, the step it waits for, and whether this actor may do it."""

    approval: Approval
    steps: list[ApprovalStep]
    waits_for: str | None
    mine: bool
    stood: bool


def papers_of(by: Actor, case: Case) -> list[Paper]:
    """Every version of the decision of a matter the actor sees, newest first: two queries."""
    rows = case.approvals.order_by("-version").prefetch_related("steps__desk")
    found = list(rows)
    place = access.place_of(case) if found else roles.Place()
    return [_paper(by, one, place) for one in found]


def _paper(by: Actor, approval: Approval, place: roles.Place) -> Paper:
    done = sorted(approval.steps.all(), key=lambda step: step.at)
    waits = (
        rules.next_step(approval.needs, {step.step for step in done}) if approval.state == "open" else None
    )
    stood = by.user_id in {step.user_id for step in done}
    mine = waits is not None and not stood and roles.may(by, ACT_OF[waits], place)
    return Paper(approval, done, waits, mine, stood)


def open_paper(case: Case) -> Approval | None:
    """The version that is on its way, if one is."""
    return Approval.objects.filter(case=case, state="open").first()


def signed(case: Case) -> Approval | None:
    """The version that was signed last and not voided since."""
    return Approval.objects.filter(case=case, state="signed").order_by("-version").first()


def paper_for(by: Actor, approval_id: UUID) -> Paper | None:
    """One version, when the actor sees its matter."""
    row = Approval.objects.filter(id=approval_id, case__in=access.visible(by).values("id")).first()
    return _paper(by, row, access.place_of(row.case)) if row is not None else None


def waiting(by: Actor, limit: int = 50) -> list[Paper]:
    """Papers that wait for a step this actor may do, the oldest first."""
    if not any(roles.may_somewhere(by, act) for act in ACT_OF.values()):
        return []
    rows = Approval.objects.filter(state="open", case__in=access.visible(by).values("id"))
    rows = rows.select_related("case__kind", "case__holder").prefetch_related("steps__desk")
    found = [_paper(by, row, access.place_of(row.case)) for row in rows.order_by("proposed_at")[:limit]]
    return [paper for paper in found if paper.mine]


def signing_desks(case: Case, at: datetime) -> list[Desk]:
    """The desks above the holder at which somebody sits who signs: they must be able to read the paper."""
    above = clock_queries.desks_above(case.holder)
    seated = set(
        Seat.objects.current(at).filter(desk__in=above, role="head").values_list("desk_id", flat=True)
    )
    return [desk for desk in above if desk.id in seated]
