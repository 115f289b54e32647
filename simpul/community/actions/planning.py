"""The village plan of a year: its days, the rows of RKPDes and DU-RKP, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.community.access import ideas as access
from simpul.community.actions import _idea_path as path
from simpul.community.actions import _ideas as steps
from simpul.community.actions import _plan_years as years
from simpul.community.models import Idea, PlanRow, PlanYear
from simpul.community.rules import ideas as idea_rules
from simpul.community.rules import planning as rules
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.regions import queries as region_queries


class DaysTurned(Refused):
    """A day before the one it follows."""

    code = "plan.days_turned"
    sentence = _(
        "The days do not follow one another. Put them in order: begin, ideas, hamlet talks, musrenbang, end."
    )
    field = "starts"


class CostMissing(Refused):
    """A plan says what it costs."""

    code = "plan.cost_missing"
    sentence = _("Write what it costs in whole rupiah, also a first estimate.")
    field = "cost"


class RowFixed(Refused):
    """A row that was decided is not rewritten."""

    code = "plan.row_fixed"
    sentence = _(
        "This row is “%(state)s” and is not changed any more. Take that back first, or write a new row."
    )


class RowStands(Refused):
    """An idea has one row a year."""

    code = "plan.row_stands"
    sentence = _("This idea stands in the plan of %(year)s already.")
    field = "idea"


class PlanReasonMissing(Refused):
    """Money that is not there is explained."""

    code = "plan.reason_missing"
    sentence = _("Write why: residents read it, and whoever proposed it is told.")
    field = "reason"


class NumberOfListMissing(Refused):
    """A regulation and a letter have numbers."""

    code = "plan.number_missing"
    sentence = _("Write the number of the regulation, or of the letter.")
    field = "number"


class NothingToSet(Refused):
    """No row waits."""

    code = "plan.nothing_to_set"
    sentence = _("There is no draft row in this list. Add rows first.")


@dataclass(frozen=True, slots=True)
class RowGiven:
    """One row of the plan as it was written."""

    activity: str
    field: str
    location: str
    cost: int | None
    source: str
    list: str = "rkp"
    volume: str = ""
    benefits: str = ""
    beneficiaries: int | None = None
    time: str = ""
    self_cost: int = 0
    executor: str = ""
    pattern: str = "self"
    note: str = ""
    hamlet_id: UUID | None = None
    position: int = 0


def set_calendar(
    *,
    by: Actor,
    at: datetime,
    region_code: str,
    calendar: rules.Calendar,
    ceiling: int | None = None,
) -> PlanYear:
    """Set the days of a year's plan, and the indicative ceiling. Setting them anew takes the place of what was set.

    Raises:
        DaysTurned.
        NotFound: not allowed here.
    """
    roles.require(by, "calendar.set", access.place_of(region_code))
    if not calendar.in_order:
        raise DaysTurned
    with transaction.atomic():
        row, _new = PlanYear.objects.update_or_create(
            region_code=region_code,
            year=calendar.year,
            defaults={
                "starts_date": calendar.starts,
                "ideas_until_date": calendar.ideas_until,
                "talks_until_date": calendar.talks_until,
                "musrenbang_date": calendar.musrenbang,
                "ends_date": calendar.ends,
                "ceiling": ceiling,
                "recorded_at": at,
                "recorded_by": by.name[:150],
            },
        )
        steps.line(
            by, at, "calendar.set", ("plan_year", row.id), region_code, {"year": row.year, "ceiling": ceiling}
        )
    return row


# --- rows of the plan -----------------------------------------------------------------------------------------------------


def add_planrow(
    *,
    by: Actor,
    at: datetime,
    region_code: str,
    year: int,
    given: RowGiven,
    idea_id: UUID | None = None,
    carried_from_id: UUID | None = None,
    row_id: UUID | None = None,
) -> PlanRow:
    """Add an activity to a year's plan, from an idea or without one. The same ``row_id`` again gives the same row.

    Raises:
        RowStands, CostMissing, steps.IdeaWordsMissing, steps.IdeaChoiceUnknown, steps.IdeaMoveRefused.
        NotFound: unknown idea, or not allowed here.
    """
    roles.require(by, "planrow.add", access.place_of(region_code))
    with transaction.atomic():
        known = PlanRow.objects.filter(id=row_id).first() if row_id else None
        if known is not None:
            return access.plan_row_for(by, known.id)
        idea = access.idea_for(by, idea_id, lock=True) if idea_id else None
        _fits(idea, region_code, year)
        row = PlanRow(
            id=row_id or uuid7(),
            region_code=region_code,
            year=year,
            idea=idea,
            carried_from_id=carried_from_id,
            recorded_at=at,
            recorded_by=by.name[:150],
            changed_at=at,
        )
        years.year_row(by, at, region_code, year)
        _fill(row, given)
        if not row.position:
            row.position = (
                1 + PlanRow.objects.filter(region_code=region_code, year=year, list=row.list).count()
            )
        row.save(force_insert=True)
        steps.line(
            by,
            at,
            "planrow.add",
            ("plan_row", row.id),
            region_code,
            {"year": year, "list": row.list, "cost": row.cost, "idea": str(idea_id or "")},
            {"activity": row.activity},
        )
    return row


def _fits(idea: Idea | None, region_code: str, year: int) -> None:
    if idea is None:
        return
    if idea.region_code != region_code:
        raise NotFound
    if PlanRow.objects.standing().filter(idea=idea, year=year).exists():
        raise RowStands(year=year)
    if idea.state not in ("open", "talked", "ranked", "planned", "proposed", "deferred"):
        raise steps.IdeaMoveRefused(state=gettext(idea_rules.STATES[idea.state]))


def change_planrow(*, by: Actor, at: datetime, row_id: UUID, given: RowGiven) -> PlanRow:
    """Change a row as long as it is a draft.

    Raises:
        RowFixed, CostMissing, steps.IdeaWordsMissing, steps.IdeaChoiceUnknown.
        NotFound: unknown, or not allowed here.
    """
    with transaction.atomic():
        row = _row(by, "planrow.change", row_id)
        if row.state != "draft":
            raise RowFixed(state=gettext(rules.STATES[row.state]))
        _fill(row, given)
        row.changed_at = at
        row.save()
        steps.line(
            by,
            at,
            "planrow.change",
            ("plan_row", row.id),
            row.region_code,
            {"cost": row.cost, "source": row.source},
            {"activity": row.activity},
        )
    return row


def _row(by: Actor, act: str, row_id: UUID) -> PlanRow:
    found = access.plan_row_for(by, row_id, lock=True)
    roles.require(by, act, access.place_of(found.region_code))
    return found


def _fill(row: PlanRow, given: RowGiven) -> None:
    if not given.cost and not given.self_cost:
        raise CostMissing
    if given.hamlet_id is not None and given.hamlet_id not in {
        one.id for one in region_queries.hamlets(row.region_code)
    }:
        raise steps.IdeaChoiceUnknown(field="hamlet")
    row.activity = steps.words(given.activity, field="activity", most=200, least=5)
    row.field = steps.choice(given.field, idea_rules.FIELDS, field="field")
    row.list = steps.choice(given.list, rules.LISTS, field="list")
    row.source = steps.choice(given.source, rules.SOURCES, field="source")
    row.pattern = steps.choice(given.pattern, rules.PATTERNS, field="pattern")
    row.location = steps.words(given.location, field="location", most=150, least=2)
    row.volume = text.clean_line(given.volume, 100)
    row.benefits = text.clean_line(given.benefits, 200)
    row.beneficiaries = given.beneficiaries
    row.time = text.clean_line(given.time, 80)
    row.cost, row.self_cost = given.cost or 0, given.self_cost
    row.executor = text.clean_line(given.executor, 120)
    row.note = text.clean_line(given.note, 200)
    row.hamlet_id = given.hamlet_id
    row.position = given.position or row.position


def decide_planrow(
    *,
    by: Actor,
    at: datetime,
    row_id: UUID,
    state: str,
    reason: str = "",
    decided_date: date | None = None,
) -> PlanRow:
    """Write down what became of a row: funded, not funded with the reason, struck out; or a draft again, to take a decision back.

    The idea it came from takes the same step, and its author is told.

    Raises:
        RowFixed, PlanReasonMissing, steps.IdeaChoiceUnknown.
        NotFound: unknown, or not allowed here.
    """
    with transaction.atomic():
        row = _row(by, "planrow.decide", row_id)
        if row.state == state:
            return row
        steps.choice(state, ("funded", "unfunded", "dropped", "draft"), field="state")
        if not rules.may_become(row.state, state):
            raise RowFixed(state=gettext(rules.STATES[row.state]))
        why = text.clean_line(reason, 500)
        if state in ("unfunded", "dropped") and len(why) < 5:
            raise PlanReasonMissing
        row.reason = why
        row.decided_date = (decided_date or steps.today(row.region_code, at)) if state != "draft" else None
        _becomes(by, at, row, state, why)
        steps.line(
            by,
            at,
            "planrow.decide",
            ("plan_row", row.id),
            row.region_code,
            {"state": state, "year": row.year},
            {"reason": why},
        )
    return row


def _becomes(by: Actor, at: datetime, row: PlanRow, state: str, why: str = "") -> None:
    """Bring a row to a state, and the idea it came from with it, where the idea can go there."""
    row.state, row.changed_at = state, at
    row.save()
    wanted = rules.IDEA_STATE.get(state)
    if row.idea_id is None or wanted is None:
        return
    idea = Idea.objects.select_for_update(of=("self",)).get(id=row.idea_id)
    if idea.state != wanted and idea_rules.may_become(idea.state, wanted):
        path.take_step(by, at, idea, wanted, why)


def set_planlist(
    *, by: Actor, at: datetime, region_code: str, year: int, number: str, regulation_date: date
) -> int:
    """Set the draft rows of a year's RKPDes by village regulation. Returns how many rows; a second time sets what was added since.

    Raises:
        NothingToSet, NumberOfListMissing.
        NotFound: not allowed here.
    """
    roles.require(by, "planlist.set", access.place_of(region_code))
    with transaction.atomic():
        plan = years.year_row(by, at, region_code, year)
        plan.regulation = _number(number)[:100]
        plan.regulation_date = regulation_date
        rows = _drafts(region_code, year, "rkp")
        plan.save()
        for row in rows:
            row.decided_date = regulation_date
            _becomes(by, at, row, "set")
        steps.line(
            by,
            at,
            "planlist.set",
            ("plan_year", plan.id),
            region_code,
            {"year": year, "rows": len(rows), "number": plan.regulation},
        )
    return len(rows)


def send_planlist(
    *, by: Actor, at: datetime, region_code: str, year: int, number: str, sent_date: date
) -> int:
    """Write down that the DU-RKP list went to the camat, by which letter. Returns how many rows.

    Raises:
        NothingToSet, NumberOfListMissing.
        NotFound: not allowed here.
    """
    roles.require(by, "planlist.send", access.place_of(region_code))
    with transaction.atomic():
        plan = years.year_row(by, at, region_code, year)
        plan.sent_number = _number(number)[:80]
        plan.sent_date = sent_date
        rows = _drafts(region_code, year, "du")
        plan.save()
        for row in rows:
            row.decided_date = sent_date
            _becomes(by, at, row, "sent")
        steps.line(
            by,
            at,
            "planlist.send",
            ("plan_year", plan.id),
            region_code,
            {"year": year, "rows": len(rows), "number": plan.sent_number},
        )
    return len(rows)


def _number(given: str) -> str:
    number = text.clean_line(given)
    if len(number) < 1:
        raise NumberOfListMissing
    return number


def _drafts(region_code: str, year: int, which: str) -> list[PlanRow]:
    rows = list(
        PlanRow.objects.select_for_update(of=("self",))
        .filter(region_code=region_code, year=year, list=which, state="draft")
        .order_by("position", "id")
    )
    if not rows:
        raise NothingToSet
    return rows
