"""Who read a dispute, from the lines of the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from simpul.journal.models import Line
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound
from simpul.mediation import access
from simpul.mediation.models import Dispute

KINDS = ("dispute.read", "evidence.read", "dispute.export")


@dataclass(frozen=True, slots=True)
class Look:
    """One opening: who, in which role, when, of what."""

    at: datetime
    name: str
    role: str
    kind: str


def has_read(user_id: UUID, dispute_id: UUID, since: datetime) -> bool:
    """True when this person opened it since then."""
    return Line.objects.about(dispute_id).filter(at__gte=since, user_id=user_id, kind="dispute.read").exists()


def looks(by: Actor, dispute: Dispute, limit: int = 200) -> list[Look]:
    """Every opening, newest first; for the village head alone.

    Raises:
        NotFound: not this actor's to see.
    """
    if not access.may_audit(by, dispute):
        raise NotFound
    rows = Line.objects.about(dispute.id).filter(kind__in=KINDS).order_by("-at", "-id")[:limit]
    return [Look(one.at, one.actor_name, one.role, one.kind) for one in rows]
