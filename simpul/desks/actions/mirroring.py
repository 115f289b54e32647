"""The institution, its desks and who sits there, as the server above has them (``lib.mirror``)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from simpul import roles
from simpul.desks.models import Delegation, Desk, Institution, Seat, Service, ServiceHours
from simpul.journal import actions as journal_actions
from simpul.lib import mirror
from simpul.lib.actor import Actor

TABLES: tuple[mirror.Table, ...] = (
    mirror.Table(
        Institution,
        lambda _scope: Institution.objects.all(),
        leave_out=frozenset({"emblem_sha256", "emblem_mime"}),
    ),
    mirror.Table(Desk, lambda _scope: Desk.objects.all()),
    mirror.Table(ServiceHours, lambda _scope: ServiceHours.objects.all()),
    mirror.Table(Seat, lambda scope: Seat.objects.filter(desk__in=scope.desk_ids)),
    mirror.Table(Delegation, lambda scope: Delegation.objects.filter(seat__desk__in=scope.desk_ids)),
    mirror.Table(Service, lambda _scope: Service.objects.all()),
)
"""Every desk, since matters are sent to them; seats only of the desks of the area."""


def mirror_desks(
    *, by: Actor, at: datetime, parts: Mapping[str, mirror.Part], ground: mirror.Ground
) -> mirror.Done:
    """Lay desks and seats down as the server above has them.

    What this node changed meanwhile stays until it is settled above.

    Raises:
        NotAllowed: only the system.
    """
    roles.require(by, "desks.mirror")
    with transaction.atomic():
        done = mirror.lay(TABLES, parts, ground)
        journal_actions.record(
            by=by,
            at=at,
            kind="desks.mirror",
            subject_kind="installation",
            subject_id=journal_actions.NOWHERE,
            facts=done.facts,
        )
    return done
