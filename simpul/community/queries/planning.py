"""The village plan: its days, the ideas a meeting ranks, the rows of RKPDes and DU-RKP with their sums."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from simpul.community.access import ideas as access
from simpul.community.models import Idea, PlanRow, PlanYear, Ranking
from simpul.community.queries import ideas as idea_queries
from simpul.community.rules import ideas as idea_rules
from simpul.community.rules import planning as rules
from simpul.lib.actor import Actor
from simpul.meetings import access as meeting_access
from simpul.meetings import queries as meeting_queries
from simpul.meetings.models import Meeting


@dataclass(frozen=True, slots=True)
class Ranked:
    """One idea before a meeting, and what the meeting said of it."""

    idea: Idea
    voices: int
    ranking: Ranking | None


@dataclass(frozen=True, slots=True)
class Plan:
    """One list of a year's plan with its sums."""

    rows: tuple[PlanRow, ...]
    by_field: tuple[tuple[str, tuple[PlanRow, ...], rules.Sums], ...]
    sums: rules.Sums
    over: int


def year_of(region_code: str, year: int) -> PlanYear | None:
    """The row of a year's plan, where the village has one."""
    return PlanYear.objects.filter(region_code=region_code, year=year).first()


def calendar(region_code: str, year: int) -> rules.Calendar:
    """The days of a year's plan: the village's own, else the usual ones."""
    own = year_of(region_code, year)
    if own is None:
        return rules.usual_calendar(year)
    return rules.Calendar(
        year, own.starts_date, own.ideas_until_date, own.talks_until_date, own.musrenbang_date, own.ends_date
    )


def next_year(region_code: str, today: date) -> int:
    """The plan's year that ideas of today are meant for."""
    own = dict(PlanYear.objects.filter(region_code=region_code).values_list("year", "ideas_until_date"))
    return rules.year_for(today, own)


def working_year(region_code: str, today: date) -> int:
    """The plan's year that is being worked on, or was set last: next year's from its first day on."""
    following = today.year + 1
    return following if today >= calendar(region_code, following).starts else today.year


def villages(by: Actor) -> list[str]:
    """Villages of the actor's area that have ideas."""
    rows = access.visible(by).order_by("region_code").values_list("region_code", flat=True)
    return list(rows.distinct()[:200])


def years(by: Actor, region_code: str) -> list[int]:
    """Years of which the village has rows or days."""
    rows = set(access.plan_rows(by).filter(region_code=region_code).values_list("year", flat=True))
    rows |= set(PlanYear.objects.filter(region_code=region_code).values_list("year", flat=True))
    return sorted(rows, reverse=True)


def plan(by: Actor, region_code: str, year: int, which: str, *, dropped: bool = False) -> Plan:
    """One list of a year's plan."""
    rows = access.plan_rows(by).filter(region_code=region_code, year=year, list=which)
    return _plan(rows if dropped else rows.standing(), region_code, year)


def public_plan(region_code: str, year: int, which: str) -> Plan:
    """The same for everybody: what was set or sent, no drafts."""
    rows = PlanRow.objects.filter(region_code=region_code, year=year, list=which)
    return _plan(rows.exclude(state__in=["draft", "dropped"]), region_code, year)


def _plan(rows: Any, region_code: str, year: int) -> Plan:
    found = tuple(rows.select_related("idea", "hamlet").order_by("position", "recorded_at", "id"))
    groups = []
    for field in idea_rules.FIELDS:
        own = tuple(one for one in found if one.field == field)
        if own:
            groups.append((field, own, _sums(own)))
    own_year = year_of(region_code, year)
    counted = [(one.source, one.cost) for one in found if one.list == "rkp" and one.state != "dropped"]
    over = rules.over_ceiling(counted, own_year.ceiling if own_year else None)
    return Plan(found, tuple(groups), _sums(found), over)


def _sums(rows: tuple[PlanRow, ...]) -> rules.Sums:
    return rules.sums(money_of(one) for one in rows if one.state != "dropped")


def money_of(row: PlanRow) -> rules.Sums:
    """One row's money in the columns of book D1."""
    return rules.columns_of(row.source, row.cost, row.self_cost)


def rows_of(idea: Idea) -> list[PlanRow]:
    """The rows of plans an idea has stood in, the newest first."""
    return list(idea.plan_rows.order_by("-year", "-recorded_at"))


def rankings_of(idea: Idea) -> list[Ranking]:
    """What meetings said of an idea, in order."""
    rows = idea.rankings.filter(withdrawn_at=None).select_related("meeting", "meeting__hamlet")
    return list(rows.order_by("recorded_at", "id"))


def meetings(by: Actor, region_code: str, limit: int = 30) -> list[Meeting]:
    """Meetings about the village plan, the newest first."""
    rows = meeting_access.visible(by).filter(kind=rules.PLANNING_KIND, region_code=region_code)
    return list(rows.exclude(state="withdrawn").select_related("hamlet").order_by("-planned_at")[:limit])


def meeting_for(by: Actor, meeting_id: UUID) -> Meeting:
    """One meeting, if this actor may see it."""
    return meeting_access.meeting_for(by, meeting_id)


def agenda(by: Actor, meeting: Meeting) -> list[Ranked]:
    """The ideas a meeting speaks of: those it spoke of already by their place, then those that wait, by their voices.

    A meeting of one hamlet has the ideas of that hamlet.
    """
    said = {
        one.idea_id: one
        for one in Ranking.objects.filter(meeting=meeting, withdrawn_at=None).select_related("idea")
    }
    rows = access.visible(by).filter(region_code=meeting.region_code, state__in=["open", "talked", "ranked"])
    if meeting.hamlet_id:
        rows = rows.filter(hamlet_id=meeting.hamlet_id)
    found = {one.id: one for one in rows.select_related("hamlet")}
    spoken = access.visible(by).filter(id__in=list(said)).select_related("hamlet")
    found |= {one.id: one for one in spoken}
    voices = idea_queries.voices_of(list(found))
    ranked = [Ranked(one, voices[key], said.get(key)) for key, one in found.items()]
    return sorted(ranked, key=_order)


def _order(one: Ranked) -> tuple[int, int, int, str]:
    said = one.ranking
    if said is not None:
        return (0, said.place or 9999, -(said.points or 0), str(one.idea.id))
    return (1, 0, -one.voices, str(one.idea.id))


def present_by_group(meeting: Meeting) -> tuple[int, dict[str, int]]:
    """How many came to a meeting, and of which groups: evidence that all were heard."""
    came = meeting_queries.present(meeting)
    return came.people, dict(came.by_group)


def public_years(region_code: str) -> list[int]:
    """Years whose plan can be read by everybody."""
    rows = PlanRow.objects.filter(region_code=region_code).exclude(state__in=["draft", "dropped"])
    return sorted(set(rows.values_list("year", flat=True)), reverse=True)


def public_meetings(region_code: str, at: datetime, limit: int = 6) -> list[Meeting]:
    """Meetings about the village plan that are still to come: everybody may attend them."""
    rows = Meeting.objects.filter(
        kind=rules.PLANNING_KIND, region_code=region_code, state="planned", planned_at__gte=at
    )
    return list(rows.select_related("hamlet").order_by("planned_at")[:limit])
