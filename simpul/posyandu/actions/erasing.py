"""Emptying a person out of cards, entries, visits and findings: lines stay for the counts, without what was measured or said."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import erasing
from simpul.lib.actor import Actor
from simpul.posyandu.models import Cadre, Finding, Participant, Task

_OTHERS = ("Cadre", "Participant")
"""Tables that also point at a person for another reason: a cadre looks after others, a mother has children. Those keep what is theirs."""


def blank_participants(*, by: Actor, at: datetime, person_id: UUID) -> erasing.Emptied:
    """Empty what points at a person: their cards, measurements, answers, visits, findings, tasks. Of their children only the tie goes."""
    roles.require(by, "participants.blank")
    done = erasing.Emptied()
    with transaction.atomic():
        Finding.objects.filter(person_id=person_id, state="open").update(state="closed", closed_at=at)
        Task.objects.filter(person_id=person_id, state="open").update(state="dropped", done_at=at)
        erasing.empty_room("posyandu", "people.Person", person_id, done, skip=_OTHERS)
        erasing.empty_rows(Participant.objects.filter(person_id=person_id), done)
        served = Cadre.objects.filter(person_id=person_id)
        done.count("posyandu.Cadre", served.update(**erasing.emptied(Cadre), person=None))
        _untie_children(person_id, done)
        journal_actions.record(
            by=by,
            at=at,
            kind="participants.blank",
            subject_kind="person",
            subject_id=person_id,
            facts={"rows": done.rows, "kept": done.kept},
        )
    return done


def _untie_children(person_id: UUID, done: erasing.Emptied) -> None:
    """A child keeps its card; who its mother was goes."""
    for row in Participant.objects.filter(mother_id=person_id):
        details = {key: value for key, value in row.details.items() if key != "mother_name"}
        rows = Participant.objects.filter(id=row.id)
        done.count("posyandu.Participant", rows.update(mother=None, details=details))
