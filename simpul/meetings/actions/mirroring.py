"""Meetings of an area, as the server above has them (``lib.mirror``)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import areas, mirror
from simpul.lib.actor import Actor
from simpul.meetings.models import Attendance, Count, Decision, Item, Meeting, Minutes, Objection

_IN = "meeting__region_code"
TABLES: tuple[mirror.Table, ...] = (
    mirror.Table(Meeting, lambda scope: Meeting.objects.filter(areas.inside_any(scope.areas))),
    mirror.Table(Attendance, lambda scope: Attendance.objects.filter(areas.inside_any(scope.areas, _IN))),
    mirror.Table(Count, lambda scope: Count.objects.filter(areas.inside_any(scope.areas, _IN))),
    mirror.Table(Item, lambda scope: Item.objects.filter(areas.inside_any(scope.areas, _IN))),
    mirror.Table(Objection, lambda scope: Objection.objects.filter(areas.inside_any(scope.areas, _IN))),
    mirror.Table(
        Decision, lambda scope: Decision.objects.filter(areas.inside_any(scope.areas, f"item__{_IN}"))
    ),
    mirror.Table(Minutes, lambda scope: Minutes.objects.filter(areas.inside_any(scope.areas, _IN))),
)


def mirror_meetings(
    *, by: Actor, at: datetime, parts: Mapping[str, mirror.Part], ground: mirror.Ground
) -> mirror.Done:
    """Lay meetings down as the server above has them.

    What this node changed meanwhile stays until it is settled above.

    Raises:
        NotAllowed: only the system.
    """
    roles.require(by, "meetings.mirror")
    with transaction.atomic():
        done = mirror.lay(TABLES, parts, ground)
        journal_actions.record(
            by=by,
            at=at,
            kind="meetings.mirror",
            subject_kind="installation",
            subject_id=journal_actions.NOWHERE,
            facts=done.facts,
        )
    return done
