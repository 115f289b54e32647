"""Steps that the acts on plans share: begin, move, cleaned words, the line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.programmes.access import plans as access
from simpul.programmes.models import Plan
from simpul.programmes.rules import plans as rules


class PlanMoved(Refused):
    """The plan is not where this act starts."""

    code = "plan.moved"
    sentence = _("This plan is in another step now, so that can no longer be done. Look at the plan again.")


class PlanWordsMissing(Refused):
    """A text the act cannot do without."""

    code = "plan.words_missing"
    sentence = _("Write at least a few words, so that the next person understands.")


class PlanChoiceUnknown(Refused):
    """A value that is not offered."""

    code = "plan.choice_unknown"
    sentence = _("Choose one of the answers that are offered.")


class PlanDateOdd(Refused):
    """A day too far away to be meant."""

    code = "plan.date_odd"
    sentence = _("This day is too far away. Check the year.")


def begin(by: Actor, act: str, plan_id: UUID) -> Plan:
    """The plan for an act: read by the actor, allowed by the role table, in a state the act may start from.

    Raises:
        NotFound: unknown, hidden or not allowed: the three look the same.
        PlanMoved: the state does not allow it.
    """
    plan = access.plan_for(by, plan_id, lock=True)
    roles.require(by, act, access.place_of(plan))
    if act in rules.MOVES and rules.target(act, plan.state) is None:
        raise PlanMoved
    if act not in rules.MOVES and plan.closed_at is not None:
        raise PlanMoved
    return plan


def move(plan: Plan, act: str, at: datetime, **changes: Any) -> None:
    """Move the plan by its old state.

    Raises:
        PlanMoved: somebody else moved it first.
    """
    changes.update(state=rules.target(act, plan.state) or plan.state, changed_at=at)
    if Plan.objects.filter(id=plan.id, state=plan.state).update(**changes) != 1:
        raise PlanMoved
    for name, value in changes.items():
        setattr(plan, name, value)


def words(given: str, *, field: str, most: int = 2000, least: int = 3) -> str:
    """Cleaned words; ``least`` 0 lets them be empty.

    Raises:
        PlanWordsMissing, text.TooLong.
    """
    clean = text.clean_text(given, most)
    if len(clean) < least:
        raise PlanWordsMissing(field=field)
    return clean


def choice(value: str, table: Mapping[str, str], *, field: str) -> str:
    """A value of the table.

    Raises:
        PlanChoiceUnknown: it is not in it.
    """
    if value not in table:
        raise PlanChoiceUnknown(field=field)
    return value


def near(day: date | None, at: datetime, *, field: str, years: int = 5) -> date | None:
    """A day within some years of now.

    Raises:
        PlanDateOdd: it is not.
    """
    if day is not None and abs((day - at.date()).days) > 366 * years:
        raise PlanDateOdd(field=field)
    return day


def line(
    by: Actor,
    at: datetime,
    kind: str,
    plan: Plan,
    facts: Mapping[str, Any] | None = None,
    inputs: Mapping[str, Any] | None = None,
) -> None:
    """Write the act's line; nothing of the person stands in its facts."""
    journal_actions.record(
        by=by,
        at=at,
        kind=kind,
        subject_kind="plan",
        subject_id=plan.id,
        region_code=plan.region_code,
        facts=facts,
        inputs=inputs,
    )
