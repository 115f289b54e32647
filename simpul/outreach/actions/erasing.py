"""Emptying a person out of visits, verifications and trips. Whether it may be done is decided by ``upkeep``."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import erasing
from simpul.lib.actor import Actor
from simpul.outreach.models import Accompaniment, Assignment, Promise, TripDoor, Verification, Visit


def blank_checks(
    *, by: Actor, at: datetime, person_id: UUID, household_id: UUID | None, words: Collection[str]
) -> erasing.Emptied:
    """Empty what was verified about a person; black their names and numbers out of visits to the household they live in."""
    roles.require(by, "checks.blank")
    done = erasing.Emptied()
    with transaction.atomic():
        erasing.empty_room("outreach", "people.Person", person_id, done)
        if household_id is not None:
            for found in (
                Assignment.objects.filter(household_id=household_id),
                Visit.objects.filter(household_id=household_id),
                Verification.objects.filter(household_id=household_id),
                TripDoor.objects.filter(household_id=household_id),
                Promise.objects.filter(household_id=household_id),
                Accompaniment.objects.filter(household_id=household_id),
            ):
                done.subjects |= set(found.values_list("id", flat=True))
                erasing.mask_rows(found, words, done)
        journal_actions.record(
            by=by,
            at=at,
            kind="checks.blank",
            subject_kind="person",
            subject_id=person_id,
            facts={"rows": done.rows},
        )
    return done
