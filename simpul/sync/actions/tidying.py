"""Closing questions that a person answered where the thing itself stands, so that nobody is asked twice."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib.actor import Actor
from simpul.sync.models import Task
from simpul.sync.queries import answered


def tidy_questions(*, by: Actor, at: datetime) -> int:
    """Settle questions to which nothing open belongs any more; returns how many. A second call finds none."""
    roles.require(by, "questions.tidy")
    done = 0
    for task in answered.elsewhere():
        with transaction.atomic():
            taken = Task.objects.filter(id=task.id, state="open").update(
                state="settled", settled_at=at, settled_by=by.name[:150]
            )
            if not taken:
                continue
            done += 1
            journal_actions.record(
                by=by,
                at=at,
                kind="questions.tidy",
                subject_kind="question",
                subject_id=task.id,
                region_code=task.region_code,
                facts={"kind": task.kind},
            )
    return done
