"""The cast, and a musyawarah in Dungkait."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from simpul.meetings import actions
from simpul.meetings.models import Meeting
from tests.cast import DUNGKAIT, NOW, Cast, assemble


@pytest.fixture
def cast(db: None) -> Cast:
    """One village with its officers, and the neighbour."""
    return assemble()


Plan = Callable[..., Meeting]


def plan(cast: Cast, by: Any = None, **given: Any) -> Meeting:
    """A planned meeting without a quorum, unless told otherwise."""
    wanted: dict[str, Any] = {
        "kind": "beneficiary_list",
        "region_code": DUNGKAIT,
        "planned_at": NOW + timedelta(days=1),
        "at": NOW,
        **{
            key: given.pop(key)
            for key in ("kind", "region_code", "planned_at", "at", "meeting_id")
            if key in given
        },
    }
    said = {"title": "Musyawarah daftar BLT", "quorum_people": 0, "quorum_groups": (), **given}
    return actions.plan_meeting(by=by or cast.village_officer, plan=actions.Plan(**said), **wanted)


def held(cast: Cast, **given: Any) -> Meeting:
    """A meeting that has begun."""
    meeting = plan(cast, **given)
    actions.hold_meeting(
        by=cast.village_officer,
        at=NOW,
        meeting_id=meeting.id,
        held_at=NOW,
        chair="Muh. Rusli",
        minute_taker="Ilham",
    )
    return Meeting.objects.get(id=meeting.id)


def name(cast: Cast, meeting: Meeting, words: str = "Sitti Hasnah", **given: Any) -> UUID:
    """A name on its list."""
    return actions.add_item(
        by=cast.village_officer, at=NOW, meeting_id=meeting.id, given=actions.NameGiven(name=words, **given)
    ).id


def decide(
    cast: Cast,
    meeting: Meeting,
    item: UUID,
    outcome: str = "in",
    reason: str = "rumah tidak layak",
    **more: Any,
) -> Any:
    """A decision about a name."""
    return actions.decide_item(
        by=cast.village_officer,
        at=more.pop("at", NOW),
        meeting_id=meeting.id,
        item_id=item,
        outcome=outcome,
        reason=reason,
        **more,
    )


def closed(cast: Cast, **given: Any) -> Meeting:
    """A closed meeting: one name on the list, one left out."""
    meeting = held(cast, **given)
    decide(cast, meeting, name(cast, meeting))
    decide(cast, meeting, name(cast, meeting, "Baso Lurang"), "out", "sudah pindah")
    actions.close_meeting(by=cast.village_officer, at=NOW, meeting_id=meeting.id)
    return Meeting.objects.get(id=meeting.id)
