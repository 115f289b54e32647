"""The next desk of the route for one matter, what it still needs, and which turns are silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q

from simpul.cases import access
from simpul.cases.models import Case, Clock, Exclusion, Hop
from simpul.cases.queries import consents
from simpul.cases.queries import kinds as kind_queries
from simpul.cases.rules import clocks as clock_rules
from simpul.cases.rules import moves
from simpul.cases.rules import tiers as rules
from simpul.lib import when
from simpul.lib.actor import Actor
from simpul.regions import queries as region_queries

if TYPE_CHECKING:
    from simpul.desks.models import Desk

PASSABLE = moves.MOVES["case.pass_on"].sources


@dataclass(frozen=True, slots=True)
class Proposal:
    """The desk that is asked next, after which hop, and what has to be given before (``extract``, ``consent``)."""

    desk: Desk
    after: Hop
    missing: tuple[str, ...]
    shares_contact: bool
    by_itself: bool


def route_of(case: Case) -> list[Desk]:
    """The desks of the route this matter goes by, in their order; closed ones left out."""
    return kind_queries.tiers(case.kind, case.region_code, case.answers)


def proposal(case: Case, hop: Hop, at: datetime, *, more_extract: str = "") -> Proposal | None:
    """Who is asked after ``hop`` was refused or stayed silent; None when no tier is left.

    Consents travel with the matter as long as they stand; the extract travels as it was written.
    """
    route = {desk.id: desk for desk in route_of(case)}
    barred = _barred(case, route)
    found = rules.next_desk(list(route), after=hop.to_desk_id, holder=case.holder_id, barred=barred)
    if found is None:
        return None
    desk = route[found]
    shares = hop.shares_contact and consents.stands(case, consents.CONTACT, at)
    lacks = []
    if consents.is_institution(desk) and len((more_extract or hop.extract).strip()) < 3:
        lacks.append("extract")
    if consents.missing(case, desk, at, shares_contact=False):
        lacks.append("consent")
    by_itself = case.kind.falls_through == rules.SELF and not lacks
    return Proposal(desk, hop, tuple(lacks), shares, by_itself)


def _barred(case: Case, route: dict[UUID, Desk]) -> set[UUID]:
    """Desks that cannot be asked: asked before, on the chain, kept away, or not fit for a sealed matter."""
    barred = {case.holder_id, case.first_desk_id}
    for from_id, to_id, state in case.hops.values_list("from_desk_id", "to_desk_id", "state"):
        barred.add(to_id)
        if state == "accepted":
            barred.add(from_id)
    barred |= set(
        Exclusion.objects.filter(case=case, lifted_at=None, desk_id__isnull=False).values_list(
            "desk_id", flat=True
        )
    )
    if case.sensitivity == "sealed":
        barred |= {desk.id for desk in route.values() if not desk.protected}
    return barred


def last_asked(hops: Sequence[Hop], at: datetime, clocks: Sequence[Clock]) -> Hop | None:
    """The newest hop, when it ended in a refusal or when its time ran out: then the next desk may be asked."""
    last = hops[-1] if hops else None
    if last is None:
        return None
    if last.state in rules.REFUSED_STATES:
        return last
    running = [clock for clock in clocks if clock.hop_id == last.id and clock.stopped_at is None]
    return last if any(is_silent(clock, last, at) for clock in running) else None


def is_silent(clock: Clock, hop: Hop, at: datetime) -> bool:
    """True when the receiver let its time run out: a desk here its turn to accept, an outside body the day it promised."""
    if clock.paused_at is not None or clock.stopped_at is not None or hop.ended_at is not None:
        return False
    if hop.to_desk.outside:
        if clock.key != clock_rules.THEIRS or clock.due_at >= at:
            return False
        today = when.local_date(at, region_queries.zone_of(clock.case.region_code))
        return hop.their_due_date is None or hop.their_due_date < today
    return clock.key == clock_rules.HOP and hop.state == "offered" and clock.due_at < at


def standing_proposal(
    case: Case, hops: Sequence[Hop], clocks: Sequence[Clock], at: datetime
) -> Proposal | None:
    """What the page of a matter may offer with one button."""
    if case.state not in PASSABLE:
        return None
    last = last_asked(hops, at, clocks)
    return proposal(case, last, at) if last is not None else None


def silent_clocks(at: datetime, limit: int = 500) -> list[UUID]:
    """Clocks of hops whose time ran out and whose silence nobody has noticed yet, the longest silent first."""
    theirs = Q(key=clock_rules.THEIRS, hop__to_desk__outside=True)
    ours = Q(key=clock_rules.HOP, hop__to_desk__outside=False, hop__state="offered")
    rows = Clock.objects.filter(
        theirs | ours,
        due_at__lt=at,
        stopped_at=None,
        paused_at=None,
        hop__ended_at=None,
        hop__silent_at=None,
        case__state__in=PASSABLE,
    )
    rows = rows.exclude(key=clock_rules.THEIRS, hop__their_due_date__gte=at.date())
    return list(rows.order_by("due_at").values_list("id", flat=True)[:limit])


def untaken(by: Actor, limit: int = 50) -> list[Case]:
    """Open matters that every desk of their route refused or left lying, oldest first, as far as the actor sees them."""
    rows = access.visible(by).filter(
        untaken_at__isnull=False, is_open=True, state__in=(moves.NEW, moves.WORKING)
    )
    return list(rows.select_related("kind", "holder", "acting", "hamlet").order_by("untaken_at")[:limit])


def duplicates(by: Actor, case: Case, limit: int = 5) -> list[Case]:
    """Other open matters of the same kind for the same person: the same help is perhaps asked for twice."""
    whom = [one for one in (case.about_id or case.reporter_id,) if one]
    if not whom:
        return []
    same = access.visible(by).filter(
        Q(about_id__in=whom) | Q(about_id=None, reporter_id__in=whom), kind_id=case.kind_id, is_open=True
    )
    return list(same.exclude(id=case.id).select_related("acting").order_by("-received_at")[:limit])
