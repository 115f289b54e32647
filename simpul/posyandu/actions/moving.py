"""Moving a person's cards, entries, visits and findings to another row of the same person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import moving
from simpul.lib.actor import Actor
from simpul.posyandu.models import (
    Cadre,
    Examination,
    FieldRequest,
    Finding,
    HomeVisit,
    MarriageRisk,
    PaperLine,
    Participant,
    Task,
)

COLUMNS: tuple[moving.Column, ...] = (
    (Cadre, "person"),
    (Participant, "person"),
    (Participant, "mother"),
    (Examination, "person"),
    (HomeVisit, "person"),
    (Finding, "person"),
    (Task, "person"),
    (FieldRequest, "person"),
    (MarriageRisk, "person"),
    (PaperLine, "person"),
)
"""Every column of this room that points at a person."""


def move_participants(
    *,
    by: Actor,
    at: datetime,
    origin_id: UUID,
    target_id: UUID,
    region_code: str,
    only: Mapping[str, Sequence[str]] | None = None,
) -> moving.Moved:
    """Point what belongs to one person at another: asked for by ``upkeep``, which has seen both persons.

    With ``only`` just these rows, to put back what a merge had moved. Returns what moved.

    Raises:
        NotAllowed: not the actor's to do here.
    """
    roles.require(by, "participants.move", roles.Place(region_code=region_code))
    with transaction.atomic():
        moved = moving.move(COLUMNS, origin=origin_id, target=target_id, only=only)
        if moved:
            journal_actions.record(
                by=by,
                at=at,
                kind="participants.move",
                subject_kind="person",
                subject_id=target_id,
                region_code=region_code,
                facts={"from": str(origin_id), "rows": {name: len(keys) for name, keys in moved.items()}},
            )
    return moved
