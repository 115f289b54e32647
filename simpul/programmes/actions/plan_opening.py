"""Open a rehabilitation plan, give it to somebody, write down what was found."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.cases import access as case_access
from simpul.desks import queries as desk_queries
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.people import access as people_access
from simpul.programmes.actions import _plans
from simpul.programmes.models import Assessment, Plan
from simpul.programmes.rules import plans as rules


class PlanAlreadyRuns(Refused):
    """One plan a category at a time."""

    code = "plan.already_runs"
    sentence = _("This person already has a plan for this need. Open that one and go on there.")
    field = "category"


class CategoryUnknown(Refused):
    """Not one of the 26."""

    code = "plan.category_unknown"
    sentence = _("Choose one of the 26 categories of need.")
    field = "category"


class NobodyNamed(Refused):
    """A matter without a person cannot become a plan."""

    code = "plan.nobody_named"
    sentence = _("This matter names nobody. Write down whom it is about first, then make the plan.")


class NotAtThisDesk(Refused):
    """The one to be given the plan has no seat at its desk."""

    code = "plan.not_at_this_desk"
    sentence = _("Choose somebody who sits at this desk today.")
    field = "seat"


class NothingFound(Refused):
    """An empty assessment."""

    code = "plan.nothing_found"
    sentence = _("Say at least for one area of life what you found.")
    field = "findings"


def open_plan(
    *,
    by: Actor,
    at: datetime,
    category: int,
    case_id: UUID | None = None,
    person_id: UUID | None = None,
    cluster: str = "",
    about: str = "",
) -> Plan:
    """Begin a plan for the person a matter is about, or for a person of the register; who opens it has it.

    Raises:
        NotFound: no such matter or person for this actor.
        NobodyNamed, CategoryUnknown, PlanAlreadyRuns.
    """
    case = case_access.get_for(by, case_id) if case_id else None
    if case is not None:
        person = case.about or case.reporter
        if person is None:
            raise NobodyNamed
        region = case.region_code
    elif person_id is not None:
        person = people_access.active_for(by, person_id)
        region = person.region_code
    else:
        raise NotFound
    if by.desk_id is None:
        raise NotFound
    roles.require(by, "plan.open", roles.Place(region, frozenset({by.desk_id}), frozenset({by.desk_id})))
    if category not in rules.CLUSTER_OF:
        raise CategoryUnknown
    chosen = cluster or rules.CLUSTER_OF[category]
    _plans.choice(chosen, rules.CLUSTERS, field="cluster")
    said = _plans.words(about, field="about", least=0)
    try:
        with transaction.atomic():
            plan = Plan.objects.create(
                person=person,
                case=case,
                category=category,
                cluster=chosen,
                about=said,
                region_code=region,
                desk_id=by.desk_id,
                user_id=by.user_id,
                assigned_name=by.name,
                opened_at=at,
                changed_at=at,
                review_date=(at + timedelta(days=7)).date(),
            )
            _plans.line(
                by, at, "plan.open", plan, {"cluster": chosen, "from_case": case is not None}, {"about": said}
            )
    except IntegrityError as taken:
        raise PlanAlreadyRuns from taken
    return plan


def assign_plan(*, by: Actor, at: datetime, plan_id: UUID, seat_id: UUID) -> Plan:
    """Give the plan to somebody who sits at its desk: from then on they read it, and who had it no longer does.

    Raises:
        NotFound, NotAtThisDesk.
    """
    with transaction.atomic():
        plan = _plans.begin(by, "plan.assign", plan_id)
        seat = next((one for one in desk_queries.seats_at(by, plan.desk_id, at) if one.id == seat_id), None)
        if seat is None:
            raise NotAtThisDesk
        before = plan.assigned_name
        Plan.objects.filter(id=plan.id).update(
            user_id=seat.user_id, assigned_name=seat.user.full_name, changed_at=at
        )
        plan.refresh_from_db()
        _plans.line(by, at, "plan.assign", plan, {"from": before, "to": plan.assigned_name})
    return plan


def assess_plan(
    *,
    by: Actor,
    at: datetime,
    plan_id: UUID,
    findings: Mapping[str, Mapping[str, str]],
    strengths: str = "",
    wishes: str = "",
    risks: str = "",
    needs_referral: bool = False,
    referral_words: str = "",
) -> Assessment:
    """Write down what was found in each area of life: ``{"health": {"level": "2", "words": "..."}}``; levels 0 (no need) to 3 (danger).

    Raises:
        NothingFound: no area was looked at.
        PlanChoiceUnknown, PlanMoved, NotFound.
    """
    with transaction.atomic():
        plan = _plans.begin(by, "plan.assess", plan_id)
        found = _found(findings)
        if needs_referral:
            referral_words = _plans.words(referral_words, field="referral_words", most=300)
        row = Assessment.objects.create(
            plan=plan,
            findings=found,
            strengths=_plans.words(strengths, field="strengths", least=0),
            wishes=_plans.words(wishes, field="wishes", least=0),
            risks=_plans.words(risks, field="risks", least=0),
            needs_referral=needs_referral,
            referral_words=referral_words if needs_referral else "",
            at=at,
            by_name=by.name,
        )
        _plans.move(plan, "plan.assess", at, review_date=(at + timedelta(days=14)).date())
        _plans.line(
            by,
            at,
            "plan.assess",
            plan,
            {"areas": len(found), "needs_referral": needs_referral},
            {"findings": found},
        )
    return row


def _found(findings: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for area, row in findings.items():
        level, said = row.get("level", ""), _plans.words(row.get("words", ""), field="findings", least=0)
        if area not in rules.AREAS or level not in rules.LEVELS:
            raise _plans.PlanChoiceUnknown(field="findings")
        if level or said:
            found[area] = {"level": level, "words": said}
    if not found:
        raise NothingFound
    return found
