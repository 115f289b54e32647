"""Emptying a person's name out of meetings. Signed minutes stay: they are the record of a public decision."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import erasing
from simpul.lib.actor import Actor
from simpul.meetings.models import Attendance, Item, Minutes, Objection


def blank_attendances(*, by: Actor, at: datetime, person_id: UUID, words: Collection[str]) -> erasing.Emptied:
    """Empty where a person came, was on a list, or was spoken about; the decision per row and the counts stay.

    Minutes that were signed keep their names under their digest (UU 43/2009: the archive of a public body's decision).
    """
    roles.require(by, "attendances.blank")
    done = erasing.Emptied()
    with transaction.atomic():
        meetings = set(Attendance.objects.filter(person_id=person_id).values_list("meeting_id", flat=True))
        meetings |= set(Item.objects.filter(person_id=person_id).values_list("meeting_id", flat=True))
        spoken = Q(item__person_id=person_id) | Q(meeting_id__in=meetings)
        erasing.mask_rows(Objection.objects.filter(spoken), words, done)
        erasing.empty_room("meetings", "people.Person", person_id, done)
        done.keep("minutes", Minutes.objects.filter(meeting_id__in=meetings).count())
        journal_actions.record(
            by=by,
            at=at,
            kind="attendances.blank",
            subject_kind="person",
            subject_id=person_id,
            facts={"rows": done.rows, "kept": done.kept},
        )
    return done
