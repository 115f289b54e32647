"""Trainings and assessments of cadres: two facts, each with its day; a mistake is taken back and stays readable."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.posyandu.access import institution as own_access
from simpul.posyandu.actions import _institution as steps
from simpul.posyandu.models import Cadre, Posyandu, SkillFact
from simpul.posyandu.queries import training as queries

MOST_PEOPLE = 200


class NobodyChosen(Refused):
    """A training is of somebody."""

    code = "training.nobody"
    sentence = _("Choose at least one person.")
    field = "cadres"


class NothingChosen(Refused):
    """A training is of something."""

    code = "training.nothing"
    sentence = _("Choose at least one skill.")
    field = "skills"


def record_training(
    *,
    by: Actor,
    at: datetime,
    posyandu_id: UUID,
    cadre_ids: Collection[UUID],
    skills: Collection[str],
    done_date: date,
    held_by: str = "",
) -> list[SkillFact]:
    """Write down that people of a posyandu were trained in some skills on a day. What is there already is not written twice.

    Raises:
        NobodyChosen, NothingChosen, steps.DayAhead, steps.ChoiceNotThere.
    """
    with transaction.atomic():
        posyandu = steps.begin(by, "training.record", posyandu_id, closed_too=True)
        steps.done(done_date, posyandu, at)
        people = _people(posyandu, cadre_ids)
        outcomes = dict.fromkeys(skills, True)
        made = _write(by, at, people, "trained", outcomes, done_date, held_by)
        facts = {
            "skills": sorted(outcomes),
            "day": done_date.isoformat(),
            "people": len(people),
            "new": len(made),
        }
        inputs = {"names": [one.name for one in people]}
        steps.line(by, at, "training.record", posyandu, facts=facts, inputs=inputs)
    return made


def record_assessment(
    *,
    by: Actor,
    at: datetime,
    cadre_id: UUID,
    outcomes: Mapping[str, bool],
    done_date: date,
    held_by: str = "",
) -> list[SkillFact]:
    """Write down how a cadre was assessed: skill -> mastered, or not yet. An assessment needs no training before it.

    Raises:
        NothingChosen, steps.DayAhead, steps.ChoiceNotThere.
    """
    with transaction.atomic():
        cadre = own_access.cadre_for(by, cadre_id, lock=True)
        roles.require(by, "assessment.record", own_access.place(cadre.posyandu))
        steps.done(done_date, cadre.posyandu, at)
        made = _write(by, at, [cadre], "assessed", outcomes, done_date, held_by)
        facts = {
            "day": done_date.isoformat(),
            "mastered": sorted(code for code, passed in outcomes.items() if passed),
            "not_yet": sorted(code for code, passed in outcomes.items() if not passed),
        }
        steps.line(
            by,
            at,
            "assessment.record",
            cadre.posyandu,
            facts=facts,
            inputs={"name": cadre.name},
            subject=("cadre", cadre.id),
        )
    return made


def withdraw_skillfact(*, by: Actor, at: datetime, skillfact_id: UUID, why: str) -> SkillFact:
    """Take a training or an assessment back that was written down by mistake.

    Raises:
        steps.WordMissing.
    """
    with transaction.atomic():
        fact = own_access.skillfact_for(by, skillfact_id, lock=True)
        posyandu = fact.cadre.posyandu
        roles.require(by, "skillfact.withdraw", own_access.place(posyandu))
        if fact.withdrawn_at is not None:
            return fact
        fact.withdrawn_why = steps.words(why, field="why", most=200)
        fact.withdrawn_at = at
        fact.save(update_fields=["withdrawn_at", "withdrawn_why"])
        steps.line(
            by,
            at,
            "skillfact.withdraw",
            posyandu,
            facts={"kind": fact.kind, "skill": fact.skill, "day": fact.done_date.isoformat()},
            inputs={"why": fact.withdrawn_why},
            subject=("cadre", fact.cadre_id),
        )
    return fact


def _people(posyandu: Posyandu, cadre_ids: Collection[UUID]) -> list[Cadre]:
    people = list(posyandu.cadres.filter(id__in=cadre_ids).order_by("name", "id")[:MOST_PEOPLE])
    if not cadre_ids:
        raise NobodyChosen
    if len(people) != len(set(cadre_ids)):
        raise steps.ChoiceNotThere(field="cadres")
    return people


def _write(
    by: Actor,
    at: datetime,
    people: Collection[Cadre],
    kind: str,
    outcomes: Mapping[str, bool],
    day: date,
    held_by: str,
) -> list[SkillFact]:
    """Rows for what is not there yet."""
    if not outcomes:
        raise NothingChosen
    known = queries.skills()
    for code in outcomes:
        steps.chosen(code, known, "skills")
    rows = SkillFact.objects.filter(
        cadre__in=people, kind=kind, done_date=day, skill__in=outcomes, withdrawn_at=None
    )
    there = set(rows.values_list("cadre_id", "skill"))
    return SkillFact.objects.bulk_create(
        SkillFact(
            cadre=cadre,
            kind=kind,
            skill=code,
            done_date=day,
            passed=passed,
            held_by=steps.line_of(held_by, 150),
            recorded_at=at,
            recorded_by=by.name[:150],
        )
        for cadre in people
        for code, passed in outcomes.items()
        if (cadre.id, code) not in there
    )
