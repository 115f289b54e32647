"""Blacking a person out of feedback, and letting old words go. Nobody's name is kept here, but somebody may have written one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from simpul import roles
from simpul.feedback.models import Record
from simpul.journal import actions as journal_actions
from simpul.lib import erasing
from simpul.lib.actor import Actor


def blank_feedback(
    *,
    by: Actor,
    at: datetime,
    person_id: UUID,
    case_ids: Collection[UUID],
    source_ids: Collection[UUID],
    words: Collection[str],
) -> erasing.Emptied:
    """Black a person's names and numbers out of feedback that came from their messages, calls or matters; what was said stays."""
    roles.require(by, "feedback.blank")
    done = erasing.Emptied()
    with transaction.atomic():
        found = Record.objects.filter(Q(case_id__in=list(case_ids)) | Q(source_id__in=list(source_ids)))
        done.subjects |= set(found.values_list("id", flat=True))
        erasing.mask_rows(found, words, done)
        journal_actions.record(
            by=by,
            at=at,
            kind="feedback.blank",
            subject_kind="person",
            subject_id=person_id,
            facts={"rows": done.rows},
        )
    return done


def destroy_feedback(*, by: Actor, at: datetime, ids: Collection[UUID]) -> erasing.Emptied:
    """Let the words of old feedback go; its codes are counted for ever."""
    roles.require(by, "feedback.destroy")
    done = erasing.Emptied()
    with transaction.atomic():
        erasing.empty_rows(Record.objects.filter(id__in=list(ids)), done)
        journal_actions.record(
            by=by,
            at=at,
            kind="feedback.destroy",
            subject_kind="installation",
            subject_id=journal_actions.NOWHERE,
            facts={"rows": done.rows},
        )
    return done
