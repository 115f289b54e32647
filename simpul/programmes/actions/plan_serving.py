"""Goals, services, visits and referral: what is done for the person."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from simpul.cases.actions import referral
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.programmes.actions import _plans
from simpul.programmes.models import Appointment, Goal, Measure, Plan
from simpul.programmes.queries import plans as queries
from simpul.programmes.rules import plans as rules


class NotReadyToBegin(Refused):
    """Services need an assessment, a goal and a service."""

    code = "plan.not_ready"
    sentence = _("Before services begin: %(what)s")


class NoReferralNeeded(Refused):
    """Nobody is referred unless the assessment says so."""

    code = "plan.no_referral"
    sentence = _(
        "The assessment does not say that a referral is needed. Write a new assessment that says why, then refer."
    )


class NoMatterToRefer(Refused):
    """Only a matter can be handed on."""

    code = "plan.no_matter"
    sentence = _(
        "This plan belongs to no matter. Take a matter in for the person first; a referral travels with it."
    )


class CostOdd(Refused):
    """No money, or far too much."""

    code = "plan.cost_odd"
    sentence = _("Write the cost in whole rupiah, up to one billion, or leave it empty.")
    field = "cost"


class DatesUpsideDown(Refused):
    """It ends before it begins."""

    code = "plan.dates_upside_down"
    sentence = _("The last day lies before the first one. Check both.")
    field = "until_date"


MISSING = {
    "assessment": _("write an assessment."),
    "goal": _("name at least one goal."),
    "measure": _("name at least one service for a goal."),
}


def add_goal(
    *, by: Actor, at: datetime, plan_id: UUID, words: str, sign: str = "", due_date: date | None = None
) -> Goal:
    """Name what shall be different, how one will see it (``sign``), and by when.

    Raises:
        PlanMoved, PlanWordsMissing, PlanDateOdd, NotFound.
    """
    with transaction.atomic():
        plan = _plans.begin(by, "goal.add", plan_id)
        said = _plans.words(words, field="words", most=300)
        goal = Goal.objects.create(
            plan=plan,
            position=(plan.goals.aggregate(top=Max("position"))["top"] or 0) + 1,
            words=said,
            sign=_plans.words(sign, field="sign", most=300, least=0),
            due_date=_plans.near(due_date, at, field="due_date"),
        )
        _plans.move(plan, "goal.add", at)
        _plans.line(by, at, "goal.add", plan, {"goal": goal.position}, {"words": said})
    return goal


def end_goal(*, by: Actor, at: datetime, goal_id: UUID, state: str, words: str) -> Goal:
    """Say what came of a goal: reached, partly, given up; or open it again.

    Raises:
        PlanChoiceUnknown, PlanWordsMissing, NotFound.
    """
    with transaction.atomic():
        goal = _goal(by, "goal.end", goal_id)
        _plans.choice(state, rules.GOAL_STATES, field="state")
        said = _plans.words(words, field="words", most=300)
        ended = None if state == "open" else at
        Goal.objects.filter(id=goal.id).update(state=state, ended_words=said, ended_at=ended)
        goal.refresh_from_db()
        _plans.line(by, at, "goal.end", goal.plan, {"goal": goal.position, "state": state}, {"words": said})
    return goal


def add_measure(
    *,
    by: Actor,
    at: datetime,
    goal_id: UUID,
    service: str,
    from_date: date,
    words: str = "",
    provider: str = "",
    until_date: date | None = None,
    cost: int | None = None,
) -> Measure:
    """Plan one of ATENSI's services for a goal. ``cost`` in rupiah.

    Raises:
        PlanChoiceUnknown, CostOdd, DatesUpsideDown, NotFound.
    """
    with transaction.atomic():
        goal = _goal(by, "measure.add", goal_id)
        _plans.choice(service, rules.SERVICES, field="service")
        if cost is not None and not 0 <= cost <= 1_000_000_000:
            raise CostOdd
        _plans.near(from_date, at, field="from_date")
        if until_date is not None and until_date < from_date:
            raise DatesUpsideDown
        measure = Measure.objects.create(
            goal=goal,
            service=service,
            words=_plans.words(words, field="words", most=300, least=0),
            provider=_plans.words(provider, field="provider", most=150, least=0),
            from_date=from_date,
            until_date=_plans.near(until_date, at, field="until_date"),
            cost=cost,
        )
        Plan.objects.filter(id=goal.plan_id).update(changed_at=at)
        facts = {"goal": goal.position, "service": service, "cost": cost}
        _plans.line(
            by, at, "measure.add", goal.plan, facts, {"provider": measure.provider, "words": measure.words}
        )
    return measure


def change_measure(*, by: Actor, at: datetime, measure_id: UUID, state: str, words: str = "") -> Measure:
    """Say how a service stands; one that was not given needs the reason.

    Raises:
        PlanChoiceUnknown, PlanWordsMissing, NotFound.
    """
    with transaction.atomic():
        found = Measure.objects.filter(id=measure_id).select_related("goal").first()
        if found is None:
            raise NotFound
        plan = _plans.begin(by, "measure.change", found.goal.plan_id)
        _plans.choice(state, rules.MEASURE_STATES, field="state")
        said = _plans.words(words, field="words", most=300, least=3 if state == "not_given" else 0)
        Measure.objects.filter(id=measure_id).update(state=state, ended_words=said)
        found.refresh_from_db()
        Plan.objects.filter(id=plan.id).update(changed_at=at)
        _plans.line(
            by, at, "measure.change", plan, {"service": found.service, "state": state}, {"words": said}
        )
    return found


def begin_plan(*, by: Actor, at: datetime, plan_id: UUID) -> Plan:
    """Let the services begin.

    Raises:
        NotReadyToBegin: what is missing, in words.
    """
    with transaction.atomic():
        plan = _plans.begin(by, "plan.begin", plan_id)
        missing = rules.missing_to_begin(queries.standing(plan))
        if missing:
            raise NotReadyToBegin(what=MISSING[missing])
        _plans.move(plan, "plan.begin", at)
        _plans.line(by, at, "plan.begin", plan)
    return plan


def make_appointment(
    *, by: Actor, at: datetime, plan_id: UUID, on_date: date, way: str, purpose: str = ""
) -> Appointment:
    """Agree on a visit.

    Raises:
        PlanChoiceUnknown, PlanDateOdd, NotFound.
    """
    with transaction.atomic():
        plan = _plans.begin(by, "appointment.make", plan_id)
        _plans.choice(way, rules.WAYS, field="way")
        row = Appointment.objects.create(
            plan=plan,
            on_date=_plans.near(on_date, at, field="on_date", years=2) or on_date,
            way=way,
            purpose=_plans.words(purpose, field="purpose", most=200, least=0),
            by_name=by.name,
        )
        _review(plan, at)
        _plans.line(by, at, "appointment.make", plan, {"on": on_date, "way": way}, {"purpose": row.purpose})
    return row


def keep_appointment(
    *, by: Actor, at: datetime, appointment_id: UUID, result: str, words: str
) -> Appointment:
    """Say what came of a visit: met, not met, put off.

    Raises:
        PlanChoiceUnknown, PlanWordsMissing, PlanMoved (already said), NotFound.
    """
    with transaction.atomic():
        row = Appointment.objects.filter(id=appointment_id).first()
        if row is None:
            raise NotFound
        plan = _plans.begin(by, "appointment.keep", row.plan_id)
        _plans.choice(result, rules.RESULTS, field="result")
        said = _plans.words(words, field="words")
        changes = {"result": result, "words": said, "kept_at": at, "by_name": by.name}
        if Appointment.objects.filter(id=row.id, result="").update(**changes) != 1:
            raise _plans.PlanMoved
        row.refresh_from_db()
        _review(plan, at)
        _plans.line(by, at, "appointment.keep", plan, {"on": row.on_date, "result": result}, {"words": said})
    return row


def refer_plan(
    *, by: Actor, at: datetime, plan_id: UUID, to_desk_id: UUID, note: str, extract: str = ""
) -> Plan:
    """Hand the plan's matter to another desk: only when the newest assessment says that a referral is needed.

    Raises:
        NoReferralNeeded, NoMatterToRefer; and what ``refer_case`` raises.
    """
    with transaction.atomic():
        plan = _plans.begin(by, "plan.refer", plan_id)
        if not queries.standing(plan).needs_referral:
            raise NoReferralNeeded
        if plan.case_id is None:
            raise NoMatterToRefer
        referral.refer_case(
            by=by, at=at, case_id=plan.case_id, to_desk_id=to_desk_id, note=note, extract=extract or note
        )
        Plan.objects.filter(id=plan.id).update(changed_at=at)
        _plans.line(by, at, "plan.refer", plan, {"to": str(to_desk_id)})
    return plan


def _goal(by: Actor, act: str, goal_id: UUID) -> Goal:
    goal = Goal.objects.filter(id=goal_id).select_related("plan").first()
    if goal is None:
        raise NotFound
    goal.plan = _plans.begin(by, act, goal.plan_id)
    return goal


def _review(plan: Plan, at: datetime) -> None:
    """The day on which the plan is looked at next follows its visits and goals."""
    days = [
        *plan.appointments.filter(result="").values_list("on_date", flat=True),
        *(day for day in plan.goals.filter(state="open").values_list("due_date", flat=True) if day),
    ]
    Plan.objects.filter(id=plan.id).update(
        changed_at=at, review_date=rules.next_review(at.date(), days) or plan.review_date
    )
