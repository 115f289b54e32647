"""Watch over, close, open again."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.programmes.actions import _plans
from simpul.programmes.models import Monitoring, Plan
from simpul.programmes.queries import plans as queries
from simpul.programmes.rules import plans as rules


class NotReadyToClose(Refused):
    """No closing without a look at how the person does, and every goal's end."""

    code = "plan.not_ready_to_close"
    sentence = _("Before this plan is closed: %(what)s")


class PlanRunsAlready(Refused):
    """Another plan for the same need runs."""

    code = "plan.runs_already"
    sentence = _("Another plan for the same need runs meanwhile. Go on there.")


MISSING = {
    "monitoring": _("write down how the person does after the services."),
    "goals": _("say for every goal what came of it."),
}


def monitor_plan(*, by: Actor, at: datetime, plan_id: UUID, direction: str, words: str) -> Monitoring:
    """Write down how the person does: better, the same, worse, and what shows it.

    Raises:
        PlanMoved, PlanChoiceUnknown, PlanWordsMissing, NotFound.
    """
    with transaction.atomic():
        plan = _plans.begin(by, "plan.monitor", plan_id)
        _plans.choice(direction, rules.DIRECTIONS, field="direction")
        said = _plans.words(words, field="words")
        row = Monitoring.objects.create(plan=plan, direction=direction, words=said, at=at, by_name=by.name)
        _plans.move(plan, "plan.monitor", at, review_date=(at + timedelta(days=90)).date())
        _plans.line(by, at, "plan.monitor", plan, {"direction": direction}, {"words": said})
    return row


def close_plan(*, by: Actor, at: datetime, plan_id: UUID, outcome: str, words: str) -> Plan:
    """End the plan with what came of it.

    Raises:
        NotReadyToClose: what is missing, in words.
        PlanMoved, PlanChoiceUnknown, PlanWordsMissing, NotFound.
    """
    with transaction.atomic():
        plan = _plans.begin(by, "plan.close", plan_id)
        _plans.choice(outcome, rules.OUTCOMES, field="outcome")
        said = _plans.words(words, field="words")
        missing = rules.missing_to_close(queries.standing(plan), outcome)
        if missing:
            raise NotReadyToClose(what=MISSING[missing])
        _plans.move(
            plan, "plan.close", at, outcome=outcome, closing_words=said, closed_at=at, review_date=None
        )
        _plans.line(by, at, "plan.close", plan, {"outcome": outcome}, {"words": said})
    return plan


def reopen_plan(*, by: Actor, at: datetime, plan_id: UUID, words: str) -> Plan:
    """Take a closed plan up again, with the reason.

    Raises:
        PlanRunsAlready, PlanMoved, PlanWordsMissing, NotFound.
    """
    with transaction.atomic():
        plan = _plans.begin(by, "plan.reopen", plan_id)
        said = _plans.words(words, field="words")
        if Plan.objects.running().filter(person_id=plan.person_id, category=plan.category).exists():
            raise PlanRunsAlready
        _plans.move(
            plan, "plan.reopen", at, outcome="", closed_at=None, review_date=(at + timedelta(days=14)).date()
        )
        _plans.line(by, at, "plan.reopen", plan, inputs={"words": said})
    return plan
