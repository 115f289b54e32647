"""The box as it is seen: stages, reports with their days, and what is counted afterwards with small groups hidden."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from simpul.cases.queries import receipts as receipt_queries
from simpul.desks import queries as desk_queries
from simpul.lib import small_cells, workdays
from simpul.lib.actor import Actor
from simpul.regions import queries as region_queries
from simpul.village_post.access import election as access
from simpul.village_post.models import Report, Stage
from simpul.village_post.rules import election as rules

MOST = 300


@dataclass(frozen=True, slots=True)
class Days:
    """The clock of a report that runs now: until when, how many days are left, by which source."""

    what: str  # receive (it waits to be registered), follow
    last: date
    left: int
    unit: str
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Seen:
    """One report with its running clock; None when nothing runs any more."""

    report: Report
    days: Days | None


def today(region_code: str, at: datetime) -> date:
    """The date at the place."""
    return at.astimezone(desk_queries.zone_of(region_code)).date()


def calendar(region_code: str, around: date) -> workdays.Calendar:
    """The working days that the law's clocks count there."""
    return region_queries.calendar_for(region_code, around=around)


def is_open(stage: Stage, at: datetime) -> bool:
    """True while the stage takes reports."""
    return stage.closed_at is None and stage.from_date <= today(stage.region_code, at) <= stage.to_date


def stages(by: Actor) -> list[Stage]:
    """Stages of the actor's area, newest first."""
    return list(access.stages(by).order_by("-from_date", "-id")[:60])


def open_for(by: Actor, at: datetime) -> list[Stage]:
    """Stages that take reports now, for the actor's area."""
    return [one for one in access.stages(by).filter(closed_at=None).order_by("from_date") if is_open(one, at)]


def open_publicly(at: datetime) -> list[Stage]:
    """Boxes that are open anywhere in this installation, for the public page."""
    day = today("", at)
    return [one for one in access.open_stages(day).order_by("region_code", "from_date") if is_open(one, at)]


def report_clock(stage: Stage, kind: str) -> rules.Clock:
    """Within how many days of becoming known a report or finding counts."""
    clocks = rules.read_clocks(stage.clocks)
    return clocks.finding if kind == "finding" else clocks.report


def file_by(stage: Stage, kind: str, known: date) -> date:
    """The last day on which something that became known on this day still counts."""
    return rules.last_day(report_clock(stage, kind), known, calendar(stage.region_code, known))


def follow_until(stage: Stage, registered: date, *, longer: bool) -> date:
    """The last day of the follow-up of what was registered on this day."""
    clocks = rules.read_clocks(stage.clocks)
    clock = clocks.longer if longer else clocks.follow
    return rules.last_day(clock, registered, calendar(stage.region_code, registered))


def days_of(report: Report, at: datetime) -> Days | None:
    """The clock of a report that runs now."""
    stage = report.stage
    if report.state in ("decided", "forwarded"):
        return None
    now = today(report.region_code, at)
    clocks = rules.read_clocks(stage.clocks)
    if report.due_date is not None:
        clock, what, last = (clocks.longer if report.asked_at else clocks.follow), "follow", report.due_date
    else:
        clock, what, last = report_clock(stage, report.kind), "receive", report.file_by_date
    left = rules.days_left(clock, now, last, calendar(report.region_code, now))
    return Days(what, last, left, clock.unit, clock.source, clock.confidence)


def reports(by: Actor, at: datetime, stage: Stage | None = None) -> list[Seen]:
    """Reports of the area, those whose days end first on top."""
    rows = access.reports(by)
    if stage is not None:
        rows = rows.filter(stage=stage)
    found = [Seen(one, days_of(one, at)) for one in rows.order_by("-filed_at")[:MOST]]
    return sorted(found, key=lambda one: (one.days is None, one.days.last if one.days else date.max))


def receipt_of(report: Report) -> str:
    """The 16 digits of its receipt, which are kept nowhere and derived again."""
    return receipt_queries.derive(report.id, None, secret=True).receipt16


def by_receipt(receipt16: str) -> Report | None:
    """The report of a receipt; None for one that nobody has."""
    index = receipt_queries.receipt_index(receipt16)
    if not index:
        return None
    return Report.objects.defer("sealed").select_related("stage").filter(receipt_index=index).first()


@dataclass(frozen=True, slots=True)
class Counted:
    """What a stage's box held, small groups hidden (None)."""

    categories: small_cells.Shown
    outcomes: small_cells.Shown
    exact: Mapping[str, int]


def counted(stage: Stage) -> Counted:
    """Figures of a stage: reports by category with the share that was proven, and by outcome. Small groups are hidden."""
    rows = list(stage.reports.values("category", "outcome", "in_time"))
    categories = Counter(row["category"] or "other" for row in rows)
    proven = Counter(row["category"] or "other" for row in rows if row["outcome"] == "proven")
    outcomes = Counter(row["outcome"] or "open" for row in rows)
    return Counted(
        small_cells.protect(
            [
                small_cells.Row(key, categories[key], (proven[key],))
                for key in rules.CATEGORIES
                if categories[key]
            ]
        ),
        small_cells.protect([small_cells.Row(key, number, ()) for key, number in sorted(outcomes.items())]),
        {"reports": len(rows), "late": sum(1 for row in rows if not row["in_time"])},
    )
