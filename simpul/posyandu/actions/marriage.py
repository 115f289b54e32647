"""Acts on the early-marriage list: look at it, refresh its reasons, plan support, write down what became of it, courts' dispensations.

Every opening of the list or of one child leaves a line, and so does every act. No line says a name, a reason or a word of the support.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.cases.actions import intake
from simpul.journal import actions as journal_actions
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.posyandu.access import marriage as access
from simpul.posyandu.actions import _marriages, _matters, _tasks
from simpul.posyandu.models import MarriageRisk, MarriageStep
from simpul.posyandu.queries import marriage as queries
from simpul.posyandu.rules import marriage as rules

MATTER = "social_problem"
DayWrong = _marriages.DayWrong
MarriageChoiceUnknown = _marriages.MarriageChoiceUnknown
MarriageEnded = _marriages.MarriageEnded
MarriageWordsMissing = _marriages.MarriageWordsMissing
NotMinor = _marriages.NotMinor


class StepsMissing(Refused):
    """A plan has steps."""

    code = "marriage.steps_missing"
    sentence = _("Write at least one step: what is done, by whom, by when.")
    field = "what"


@dataclass(frozen=True, slots=True)
class StepGiven:
    """One step of a plan."""

    what: str
    who: str
    due_date: date
    step_id: UUID | None = None


def look_marriages(
    *, by: Actor, at: datetime, posyandu_id: UUID | None = None, risk_id: UUID | None = None
) -> None:
    """Leave a line that somebody opened the list, or one child on it: called by the page before it shows anything.

    Raises:
        NotFound: not for this actor.
    """
    if risk_id is not None:
        row = access.risk_for(by, risk_id)
        subject, key, region = "marriagerisk", row.id, row.region_code
    elif posyandu_id is not None:
        posyandu = access.posyandu_for(by, posyandu_id)
        subject, key, region = "posyandu", posyandu.id, posyandu.region_code
    else:
        subject, key, region = "area", journal_actions.NOWHERE, by.served_areas[0]
    roles.require(by, "marriages.look", roles.Place(region_code=region))
    with transaction.atomic():
        journal_actions.record(
            by=by, at=at, kind="marriages.look", subject_kind=subject, subject_id=key, region_code=region
        )


def sweep_marriages(*, by: Actor, at: datetime, posyandu_id: UUID) -> dict[str, int]:
    """Refresh the list of one posyandu from what is held already: new names, reasons that changed, those who came of age.

    A false alarm stays one until a reason that leads is new. Swept again, nothing changes. Returns how many were listed and ended.

    Raises:
        NotFound: not for this actor.
    """
    with transaction.atomic():
        posyandu = access.posyandu_for(by, posyandu_id, lock=True)
        roles.require(by, "marriages.sweep", roles.Place(region_code=posyandu.region_code))
        on = _tasks.today(posyandu.region_code, at)
        held = queries.signals_of(posyandu, on)
        rows = MarriageRisk.objects.select_for_update(of=("self",)).select_related("person")
        live = {row.person_id: row for row in rows.filter(person__in=held, state__in=rules.LIVE)}
        live.update({row.person_id: row for row in rows.filter(posyandu=posyandu, state__in=rules.LIVE)})
        counts = {"listed": 0, "ended": 0}
        for person_id, (person, signals) in held.items():
            row = live.pop(person_id, None)
            if row is not None:
                _refresh(row, signals, at)
            elif not _set_aside(person_id, signals):
                MarriageRisk.objects.create(
                    posyandu=posyandu,
                    region_code=posyandu.region_code,
                    person=person,
                    signals=rules.merged((), signals),
                    found_date=on,
                    changed_at=at,
                )
                counts["listed"] += 1
        for row in live.values():
            counts["ended"] += _fade(by, at, row, on)
        if any(counts.values()):
            journal_actions.record(
                by=by,
                at=at,
                kind="marriages.sweep",
                subject_kind="posyandu",
                subject_id=posyandu.id,
                region_code=posyandu.region_code,
            )
    return counts


def _refresh(row: MarriageRisk, signals: Sequence[rules.Signal], at: datetime) -> None:
    merged = rules.merged(row.signals, signals)
    if merged != row.signals:
        row.signals, row.changed_at = merged, at
        row.save(update_fields=["signals", "changed_at"])


def _set_aside(person_id: UUID, signals: Sequence[rules.Signal]) -> bool:
    """True when somebody called it a false alarm, or the support ended, and no reason that leads is new since."""
    last = (
        MarriageRisk.objects.filter(person_id=person_id)
        .exclude(state__in=rules.LIVE)
        .order_by("-ended_at")
        .first()
    )
    if last is None or last.outcome == "signals_gone":
        return False
    return not rules.is_news(last.signals, signals)


def _fade(by: Actor, at: datetime, row: MarriageRisk, on: date) -> int:
    """A line for which no reason is held any more: over at 19; without support over too; under support people decide."""
    person = row.person
    kept = rules.merged(row.signals, ())
    if person.life == "dead" or not rules.is_minor(person.birth_date, on):
        _marriages.finish(by, at, row, rules.ENDED, "moved" if person.life == "dead" else "of_age", "")
    elif row.state == rules.OPEN and not rules.listed(kept):
        _marriages.finish(by, at, row, rules.ENDED, "signals_gone", "")
    else:
        return 0
    return 1


def plan_marriage(
    *,
    by: Actor,
    at: datetime,
    risk_id: UUID,
    goal: str,
    steps: Sequence[StepGiven],
    with_matter: bool = False,
) -> MarriageRisk:
    """Plan the support of a child: what it is to lead to, and its first steps. Steps with a known key are not added twice.

    Args:
        with_matter: also open a matter, whose words tell of support for a family and nothing more.

    Raises:
        NotFound, MarriageEnded, MarriageChoiceUnknown, StepsMissing, MarriageWordsMissing, DayWrong.
    """
    with transaction.atomic():
        row = _marriages.begin(by, "marriage.plan", risk_id)
        if goal not in rules.GOALS:
            raise _marriages.MarriageChoiceUnknown(field="goal")
        if not steps and not row.steps.filter(withdrawn_at=None).exists():
            raise StepsMissing
        for step in steps:
            _add_step(by, at, row, step)
        row.goal, row.changed_at = goal, at
        if row.state == rules.OPEN:
            row.state, row.supported_at, row.made_by = rules.SUPPORTED, at, by.name[:150]
        if with_matter and row.case_id is None:
            row.case = _open_matter(at, row)
        row.save()
        _marriages.line(by, at, "marriage.plan", row, {"steps": len(steps)})
    return row


def _open_matter(at: datetime, row: MarriageRisk) -> Any:
    with translation.override("id"):
        title = gettext("Support of a family")
        words = gettext("A family is accompanied. Ask whoever accompanies it at %(posyandu)s.") % {
            "posyandu": row.posyandu.name
        }
    return intake.open_case(
        by=_matters.machine_at(row.posyandu),
        at=at,
        kind_code=MATTER,
        title=title,
        text_given=words,
        region_code=row.region_code,
        channel="field",
        mode="proxy",
        answers={"sector": "education"},
        desk_id=row.posyandu.desk_id,
        quiet=True,
    ).case


def add_marriagestep(*, by: Actor, at: datetime, risk_id: UUID, step: StepGiven) -> MarriageStep:
    """Add one step to the support. The same ``step_id`` again gives the same step.

    Raises:
        NotFound, MarriageEnded, MarriageWordsMissing, DayWrong.
    """
    with transaction.atomic():
        row = _marriages.begin(by, "marriagestep.add", risk_id)
        made = _add_step(by, at, row, step)
        _marriages.line(by, at, "marriagestep.add", row)
    return made


def _add_step(by: Actor, at: datetime, row: MarriageRisk, step: StepGiven) -> MarriageStep:
    known = MarriageStep.objects.filter(id=step.step_id).first() if step.step_id else None
    if known is not None:
        if known.risk_id != row.id:
            raise NotFound
        return known
    if step.due_date < _tasks.today(row.region_code, at):
        raise _marriages.DayWrong(field="due_date")
    return MarriageStep.objects.create(
        id=step.step_id or uuid7(),
        risk=row,
        what=_marriages.words(step.what, "what", 200),
        who=_marriages.words(step.who, "who", 150),
        due_date=step.due_date,
        made_at=at,
        made_by=by.name[:150],
    )


def finish_marriagestep(
    *, by: Actor, at: datetime, step_id: UUID, done_date: date, result: str
) -> MarriageStep:
    """Write down that a step was done, when, and what came of it. Done already, nothing changes.

    Raises:
        NotFound, MarriageWordsMissing, DayWrong.
    """
    with transaction.atomic():
        step = access.step_for(by, step_id)
        row = _marriages.begin(by, "marriagestep.finish", step.risk_id, ended_too=True)
        if step.done_date is not None or step.withdrawn_at is not None:
            return step
        if done_date > _tasks.today(row.region_code, at):
            raise _marriages.DayWrong(field="done_date")
        step.done_date, step.result, step.done_by = (
            done_date,
            _marriages.words(result, "result", 300),
            by.name[:150],
        )
        step.save(update_fields=["done_date", "result", "done_by"])
        _marriages.line(by, at, "marriagestep.finish", row)
    return step


def withdraw_marriagestep(*, by: Actor, at: datetime, step_id: UUID) -> MarriageStep:
    """Take a step back that was written down by mistake.

    Raises:
        NotFound.
    """
    with transaction.atomic():
        step = access.step_for(by, step_id)
        row = _marriages.begin(by, "marriagestep.withdraw", step.risk_id, ended_too=True)
        if step.withdrawn_at is None:
            step.withdrawn_at = at
            step.save(update_fields=["withdrawn_at"])
            _marriages.line(by, at, "marriagestep.withdraw", row)
    return step


def end_marriage(*, by: Actor, at: datetime, risk_id: UUID, outcome: str, words: str) -> MarriageRisk:
    """Write down what became of it: back at school, no marriage, put off, married, moved away.

    Raises:
        NotFound, MarriageChoiceUnknown, MarriageWordsMissing.
    """
    with transaction.atomic():
        row = _marriages.begin(by, "marriage.end", risk_id, ended_too=True)
        if row.state not in rules.LIVE:
            return row
        if outcome not in rules.BY_HAND:
            raise _marriages.MarriageChoiceUnknown(field="outcome")
        _marriages.finish(by, at, row, rules.ENDED, outcome, _marriages.words(words, "words", 300))
        _marriages.line(by, at, "marriage.end", row)
    return row


def withdraw_marriage(*, by: Actor, at: datetime, risk_id: UUID, why: str) -> MarriageRisk:
    """Take a child off the list as a false alarm, and say why. The child returns when a reason that leads is new.

    Raises:
        NotFound, MarriageWordsMissing.
    """
    with transaction.atomic():
        row = _marriages.begin(by, "marriage.withdraw", risk_id, ended_too=True)
        if row.state not in rules.LIVE:
            return row
        _marriages.finish(by, at, row, rules.WITHDRAWN, "", _marriages.words(why, "why", 300))
        _marriages.line(by, at, "marriage.withdraw", row)
    return row


def resume_marriage(*, by: Actor, at: datetime, risk_id: UUID) -> MarriageRisk:
    """Put a child back on the list.

    Raises:
        NotFound; NotMinor: of age by now.
    """
    with transaction.atomic():
        row = _marriages.begin(by, "marriage.resume", risk_id, ended_too=True)
        if row.state in rules.LIVE:
            return row
        if not rules.is_minor(row.person.birth_date, _tasks.today(row.region_code, at)):
            raise _marriages.NotMinor
        other = MarriageRisk.objects.filter(person=row.person, state__in=rules.LIVE).first()
        if other is not None:
            return other
        row.state = rules.SUPPORTED if row.supported_at else rules.OPEN
        row.outcome, row.words, row.ended_at, row.ended_by, row.changed_at = "", "", None, "", at
        row.save()
        _marriages.line(by, at, "marriage.resume", row)
    return row
