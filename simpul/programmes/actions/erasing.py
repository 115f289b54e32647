"""Emptying what a person got, asked for and was judged by. Whether it may be done is decided by ``upkeep``."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import erasing
from simpul.lib.actor import Actor
from simpul.programmes.models import Benefit, CardDoor, Decision, Delivery, RoundEntry


def blank_benefits(
    *,
    by: Actor,
    at: datetime,
    person_id: UUID,
    case_ids: Collection[UUID] = (),
    household_id: UUID | None = None,
    words: Collection[str] = (),
) -> erasing.Emptied:
    """Empty cards, plans and decisions about a person. What was given from public money stays, without a name (UU 17/2003).

    Their names and numbers are blacked out of what was brought to the household they live in.
    """
    roles.require(by, "benefits.blank")
    done = erasing.Emptied()
    with transaction.atomic():
        CardDoor.objects.filter(card__person_id=person_id).update(before={})
        RoundEntry.objects.filter(person_id=person_id, state="listed").update(
            state="withdrawn", withdrawn_at=at
        )
        erasing.empty_room("programmes", "people.Person", person_id, done, skip=("Benefit",))
        for key in case_ids:
            erasing.empty_room("programmes", "cases.Case", key, done)
        own = Benefit.objects.filter(person_id=person_id)
        done.keep("public_money", own.count())
        done.count("programmes.Benefit", own.exclude(note="").update(note=""))
        if household_id is not None:
            for found in (
                RoundEntry.objects.filter(household_id=household_id),
                Delivery.objects.filter(household_id=household_id),
            ):
                done.subjects |= set(found.values_list("id", flat=True))
                erasing.mask_rows(found, words, done)
        judged = Decision.objects.filter(subject_id=person_id)
        erasing.empty_rows(judged, done, keep=("outcome", "advice"))
        journal_actions.record(
            by=by,
            at=at,
            kind="benefits.blank",
            subject_kind="person",
            subject_id=person_id,
            facts={"rows": done.rows, "kept": done.kept},
        )
    return done
