"""One person of two rows, and two again. Every room moves what is its own; what moved is kept, so that it can be put back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from simpul import roles
from simpul.cases.actions import moving as case_moving
from simpul.community.actions import moving as community_moving
from simpul.journal import actions as journal_actions
from simpul.letters.actions import moving as letter_moving
from simpul.lib import moving, text
from simpul.lib.actor import Actor
from simpul.lib.errors import Refused
from simpul.mediation.actions import moving as mediation_moving
from simpul.meetings.actions import moving as meeting_moving
from simpul.messages.actions import moving as message_moving
from simpul.outreach.actions import moving as outreach_moving
from simpul.people import access as people_access
from simpul.people import actions as people_actions
from simpul.people.actions import merging as people_merging
from simpul.people.queries import suspicions as suspicion_queries
from simpul.posyandu.actions import moving as posyandu_moving
from simpul.programmes.actions import moving as programme_moving
from simpul.upkeep.models import Affected, RightsRequest
from simpul.village_post.actions import moving as post_moving

COLUMNS: tuple[moving.Column, ...] = (
    (Affected, "person"),
    (RightsRequest, "person"),
)
"""Every column of this room that points at a person."""


class WhyMissing(Refused):
    """A merge is explained."""

    code = "merge.why_missing"
    sentence = _("Write in a few words why these two are one person. Others will read it.")
    field = "words"


class _Move(Protocol):
    def __call__(
        self,
        *,
        by: Actor,
        at: datetime,
        origin_id: UUID,
        target_id: UUID,
        region_code: str,
        only: Mapping[str, Sequence[str]] | None = None,
    ) -> moving.Moved: ...


_ROOMS: tuple[_Move, ...] = (
    case_moving.move_matters,
    message_moving.move_messages,
    programme_moving.move_benefits,
    meeting_moving.move_attendances,
    mediation_moving.move_disputes,
    letter_moving.move_letters,
    post_moving.move_postrecords,
    posyandu_moving.move_participants,
    outreach_moving.move_checks,
    community_moving.move_community,
)


def merge_persons(
    *,
    by: Actor,
    at: datetime,
    kept_id: UUID,
    gone_id: UUID,
    words: str,
    score: float | None = None,
    suspicion_id: UUID | None = None,
) -> UUID:
    """Make one person of two rows: all that hangs on ``gone_id`` moves to ``kept_id``, whose empty columns are filled. Returns the
    merge's id.

    With ``suspicion_id`` the pair that was suspected is settled with the same words. Values in which the two differ stay as they are
    in the kept row; the other row keeps its own, and both their histories.

    Raises:
        NotFound, NotAllowed: one of the two is not the actor's.
        Refused: no words, the same row, or one that cannot be merged.
    """
    kept = people_access.person_for(by, kept_id)
    gone = people_access.person_for(by, gone_id)
    region = kept.region_code or gone.region_code or by.served_areas[0]
    roles.require(by, "persons.merge", roles.Place(region_code=region))
    said = text.clean_line(words, 300)
    if not said:
        raise WhyMissing
    with transaction.atomic():
        if suspicion_id is not None:
            people_actions.settle_suspicion(
                by=by, at=at, suspicion_id=suspicion_id, decision="same", words=said
            )
        moved = _move(by, at, gone_id, kept_id, region)
        merge = people_merging.join_persons(
            by=by, at=at, kept_id=kept_id, gone_id=gone_id, why=said, score=score, moved=moved
        )
        journal_actions.record(
            by=by,
            at=at,
            kind="persons.merge",
            subject_kind="person",
            subject_id=kept_id,
            region_code=region,
            facts={"gone": str(gone_id), "merge": str(merge.id), "rows": sum(map(len, merge.moved.values()))},
            inputs={"words": said},
        )
    return merge.id


def unmerge_persons(*, by: Actor, at: datetime, merge_id: UUID, words: str) -> UUID:
    """Take two persons apart again: what the merge moved goes back, what was added since stays. Returns the person's id who is back.

    Raises:
        NotFound, NotAllowed: not the actor's to do here.
        Refused: no words, or a later merge stands on this one.
    """
    merge = suspicion_queries.merge_for(by, merge_id)
    region = merge.kept.region_code or by.served_areas[0]
    roles.require(by, "persons.unmerge", roles.Place(region_code=region))
    said = text.clean_line(words, 300)
    if not said:
        raise WhyMissing
    with transaction.atomic():
        people_merging.part_persons(by=by, at=at, merge_id=merge_id, words=said)
        _move(by, at, merge.kept_id, merge.gone_id, region, merge.moved)
        journal_actions.record(
            by=by,
            at=at,
            kind="persons.unmerge",
            subject_kind="person",
            subject_id=merge.kept_id,
            region_code=region,
            facts={"gone": str(merge.gone_id), "merge": str(merge_id)},
            inputs={"words": said},
        )
    return merge.gone_id


def _move(
    by: Actor,
    at: datetime,
    origin: UUID,
    target: UUID,
    region: str,
    only: Mapping[str, Sequence[str]] | None = None,
) -> moving.Moved:
    """Every room's rows, and this one's own."""
    moved = moving.move(COLUMNS, origin=origin, target=target, only=only)
    for room in _ROOMS:
        moved |= room(by=by, at=at, origin_id=origin, target_id=target, region_code=region, only=only)
    return moved
