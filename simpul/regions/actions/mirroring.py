"""Hamlets and what lies over an area, as the server above has them (``lib.mirror``)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib import areas, mirror
from simpul.lib.actor import Actor
from simpul.regions.models import Emergency, Hamlet, Suspension

TABLES: tuple[mirror.Table, ...] = (
    mirror.Table(
        Hamlet,
        lambda scope: Hamlet.objects.filter(areas.inside_any(scope.areas, "village_id")),
    ),
    mirror.Table(Suspension, lambda _scope: Suspension.objects.all()),
    mirror.Table(Emergency, lambda _scope: Emergency.objects.all()),
)
"""Regions and holidays ship with the program."""


def mirror_places(
    *, by: Actor, at: datetime, parts: Mapping[str, mirror.Part], ground: mirror.Ground
) -> mirror.Done:
    """Lay hamlets, suspensions and emergencies down as the server above has them.

    What this node changed meanwhile stays until it is settled above.

    Raises:
        NotAllowed: only the system.
    """
    roles.require(by, "places.mirror")
    with transaction.atomic():
        done = mirror.lay(TABLES, parts, ground)
        journal_actions.record(
            by=by,
            at=at,
            kind="places.mirror",
            subject_kind="installation",
            subject_id=journal_actions.NOWHERE,
            facts=done.facts,
        )
    return done
