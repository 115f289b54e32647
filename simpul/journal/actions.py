"""Writing the journal: record a line, seal a batch, redact inputs."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max, Q
from django.utils import timezone

from simpul import roles
from simpul.journal import rules
from simpul.journal.models import Line, Seal, Turn
from simpul.lib import merkle
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound
from simpul.lib.keys import ring

NOWHERE = UUID(int=0)
"""The subject of lines that concern the installation as a whole."""


def record(
    *,
    by: Actor,
    at: datetime,
    kind: str,
    subject_kind: str,
    subject_id: UUID,
    facts: Mapping[str, Any] | None = None,
    inputs: Mapping[str, Any] | None = None,
    region_code: str = "",
) -> Line:
    """Write the one line an act leaves; called last, inside the act's own transaction.

    Args:
        kind: the act's name, as in ``roles.ACTS``.
        facts: what is not personal: shown on the timeline and kept for ever.
        inputs: what was typed; covered by a salted digest and open to redaction.

    Raises:
        KeyError: ``kind`` is no act (a fault in the program).
    """
    if kind not in roles.ACTS:
        raise KeyError(kind)
    salt = secrets.token_bytes(16)
    clean_inputs = rules.jsonable(inputs or {})
    return Line.objects.create(
        kind=kind,
        subject_kind=subject_kind,
        subject_id=subject_id,
        region_code=region_code,
        at=at,
        recorded_at=timezone.now(),
        user_id=by.user_id,
        seat_id=by.seat_id,
        desk_id=by.desk_id,
        role=by.role,
        actor_name=by.name[:150],
        device=by.device,
        facts=rules.jsonable(facts or {}),
        inputs=clean_inputs,
        salt=salt,
        digest=rules.inputs_digest(clean_inputs, salt),
    )


def record_export(*, by: Actor, at: datetime, what: str, rows: int, purpose: str = "") -> None:
    """Leave a line for every list that leaves the system: what, how many rows, and for which purpose (UU 27/2022 art. 16)."""
    if not roles.may_somewhere(by, "export.record"):
        roles.require(by, "export.record")
    with transaction.atomic():
        record(
            by=by,
            at=at,
            kind="export.record",
            subject_kind="installation",
            subject_id=NOWHERE,
            facts={"what": what, "rows": rows},
            inputs={"purpose": purpose},
        )


def record_view(*, by: Actor, at: datetime, subject_kind: str, subject_id: UUID, why: str = "") -> None:
    """Leave a line when somebody opens a protected record, so that its subject can be told who looked."""
    roles.require(by, "view.record")
    with transaction.atomic():
        record(
            by=by,
            at=at,
            kind="view.record",
            subject_kind=subject_kind,
            subject_id=subject_id,
            inputs={"why": why},
        )


def seal_journal(*, by: Actor, at: datetime, limit: int = 5000) -> Seal | None:
    """Give the oldest unsealed lines their gap-free positions and freeze them under one signed Merkle root.

    Only one sealer runs at a time: positions and seal numbers are unique, so a second one fails and changes nothing.
    Returns the seal, or None when every line is sealed.
    """
    roles.require(by, "journal.seal")
    with transaction.atomic():
        lines = list(Line.objects.unsealed().order_by("recorded_at", "id")[:limit])
        if not lines:
            return None
        last = Seal.objects.order_by("-number").first()
        start = (Line.objects.aggregate(top=Max("position"))["top"] or 0) + 1
        for position, line in enumerate(lines, start=start):
            line.position = position
        Line.objects.bulk_update(lines, ["position"], batch_size=500)
        number = last.number + 1 if last else 1
        previous = rules.seal_digest(**rules.seal_fields(last)) if last else bytes(32)
        leaves = [rules.line_leaf(rules.line_fields(line)) for line in lines]
        fields = rules.SealFields(
            number=number,
            first_position=start,
            last_position=start + len(lines) - 1,
            root=merkle.root(leaves),
            previous=previous,
        )
        keys = ring()
        return Seal.objects.create(
            number=number,
            first_position=fields["first_position"],
            last_position=fields["last_position"],
            leaves=b"".join(leaves),
            root=fields["root"],
            previous=previous,
            signature=keys.sign(rules.seal_digest(**fields)),
            sealed_at=at,
        )


def redact_line(*, by: Actor, at: datetime, line_id: UUID, reason: str) -> None:
    """Remove the personal inputs of one line; its digest stays, so every seal stays true.

    Raises:
        NotFound: there is no such line.
    """
    roles.require(by, "line.redact")
    with transaction.atomic():
        line = Line.objects.filter(id=line_id, redacted_at=None).first()
        if line is None:
            raise NotFound
        Line.objects.filter(id=line_id).update(inputs=None, salt=b"", redacted_at=at)
        record(
            by=by,
            at=at,
            kind="line.redact",
            subject_kind=line.subject_kind,
            subject_id=line.subject_id,
            facts={"line": str(line_id)},
            inputs={"reason": reason},
        )


def redact_lines(
    *, by: Actor, at: datetime, subject_ids: Collection[UUID], reason: str, about: UUID = NOWHERE
) -> int:
    """Remove what was typed from every line on these subjects: an erasure reaches the journal (UU 27/2022 art. 43).

    Who did what and when stays, and so do the digests: every seal stays true. Returns how many lines were emptied.
    """
    roles.require(by, "lines.redact")
    with transaction.atomic():
        keys = list(subject_ids)
        found: list[UUID] = []
        for start in range(0, len(keys), 500):
            lines = Line.objects.filter(subject_id__in=keys[start : start + 500], redacted_at=None)
            found += lines.exclude(inputs={}).values_list("id", flat=True)
        for start in range(0, len(found), 500):
            part = Line.objects.filter(id__in=found[start : start + 500])
            part.update(inputs=None, salt=b"", redacted_at=at)
        record(
            by=by,
            at=at,
            kind="lines.redact",
            subject_kind="installation" if about == NOWHERE else "person",
            subject_id=about,
            facts={"lines": [str(key) for key in found], "reason": reason},
        )
    return len(found)


def claim_turn(*, by: Actor, at: datetime, name: str, stale_after: timedelta) -> bool:
    """Take a piece of periodic work if it is due and nobody is at it; a claim older than ``stale_after`` counts as dead.

    Leaves no journal line: it changes nothing that anybody did.
    """
    roles.require(by, "turn.claim")
    with transaction.atomic():
        Turn.objects.get_or_create(name=name, defaults={"next_at": at})
        free = Q(claimed_at=None) | Q(claimed_at__lt=at - stale_after)
        return Turn.objects.filter(free, name=name, next_at__lte=at).update(claimed_at=at) == 1


def finish_turn(*, by: Actor, at: datetime, name: str, next_at: datetime, error: str = "") -> None:
    """Lay a piece of periodic work down until ``next_at``, with how it went. Leaves no journal line."""
    roles.require(by, "turn.finish")
    with transaction.atomic():
        changes: dict[str, Any] = {
            "claimed_at": None,
            "finished_at": at,
            "next_at": next_at,
            "last_error": error[:200],
        }
        if not error:
            changes["succeeded_at"] = at
        Turn.objects.filter(name=name).update(runs=F("runs") + 1, **changes)
