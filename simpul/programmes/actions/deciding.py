"""The act with which a person decides on a verdict and signs: what the rule said is kept beside it, as advice."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import text
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound, Refused
from simpul.people import access as people_access
from simpul.programmes.models import Decision
from simpul.programmes.queries import verdicts

OUTCOMES = ("yes", "no", "later")


class OutcomeMissing(Refused):
    """Yes, no, or later."""

    code = "verdict.outcome_missing"
    sentence = _("Choose what you decide: yes, no, or later.")
    field = "outcome"


class WhyMissing(Refused):
    """A decision without a reason helps nobody who asks for it later."""

    code = "verdict.why_missing"
    sentence = _("Write in a sentence why you decide so. It is kept with your name.")
    field = "why"


def decide_verdict(
    *,
    by: Actor,
    at: datetime,
    household_id: UUID,
    programme: str,
    subject_key: str,
    outcome: str,
    why: str,
    on: date,
) -> Decision:
    """Decide about a person, family, household or house under one programme's rule, and sign with one's name.

    The verdict is worked out again here, so that what stands beside the decision is what the rule says now.

    Raises:
        NotFound: no such household or verdict, or not for this actor.
        OutcomeMissing, WhyMissing: see their sentences.
    """
    household = people_access.household_for(by, household_id)
    roles.require(by, "verdict.decide", roles.Place(region_code=household.region_code))
    if outcome not in OUTCOMES:
        raise OutcomeMissing
    reason = text.clean_text(why, 1000)
    if len(reason) < 5:
        raise WhyMissing
    judged = _judged(by, household_id, on, programme, subject_key)
    with transaction.atomic():
        made = Decision.objects.create(
            household=household,
            programme_id=programme,
            version_id=judged.rule.version_id,
            unit=judged.rule.unit,
            subject_id=UUID(subject_key),
            region_code=household.region_code,
            advice=judged.word,
            outcome=outcome,
            why=reason,
            facts=verdicts.facts_before(judged),
            on_date=on,
            decided_at=at,
            decided_by=by.name,
            decided_user_id=by.user_id,
        )
        journal_actions.record(
            by=by,
            at=at,
            kind="verdict.decide",
            subject_kind="household",
            subject_id=household.id,
            facts={
                "programme": programme,
                "version": judged.rule.given.version,
                "advice": judged.word,
                "outcome": outcome,
            },
            inputs={"why": reason, "subject": subject_key},
            region_code=household.region_code,
        )
    return made


def _judged(by: Actor, household_id: UUID, on: date, programme: str, subject_key: str) -> verdicts.Judged:
    sheet = verdicts.side_by_side(by, household_id, on)
    found = next(
        (
            one
            for one in (*sheet.judged, *sheet.positions)
            if one.rule.programme_id == programme and one.subject_key == subject_key and one.rule.version_id
        ),
        None,
    )
    if found is None:
        raise NotFound
    return found
