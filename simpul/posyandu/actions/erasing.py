"""Emptying a person out of cards, entries, visits and findings: lines stay for the counts, without what was measured or said."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import erasing
from simpul.lib.actor import Actor


def blank_participants(*, by: Actor, at: datetime, person_id: UUID) -> erasing.Emptied:
    """Empty what points at a person: cards, measurements, answers, visits, findings, tasks."""
    roles.require(by, "participants.blank")
    done = erasing.Emptied()
    with transaction.atomic():
        erasing.empty_room("posyandu", "people.Person", person_id, done)
        journal_actions.record(
            by=by,
            at=at,
            kind="participants.blank",
            subject_kind="person",
            subject_id=person_id,
            facts={"rows": done.rows, "kept": done.kept},
        )
    return done
