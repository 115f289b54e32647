"""A village node lays down what the server above has: each room its own tables, all of them or none."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from django.db import transaction

from simpul import roles
from simpul.accounts import actions as account_actions
from simpul.cases.actions import mirroring as case_mirroring
from simpul.desks import queries as desk_queries
from simpul.desks.actions import mirroring as desk_mirroring
from simpul.journal import actions as journal_actions
from simpul.lib import mirror
from simpul.lib.actor import Actor
from simpul.meetings.actions import mirroring as meeting_mirroring
from simpul.outreach.actions import mirroring as outreach_mirroring
from simpul.people.actions import mirroring as people_mirroring
from simpul.programmes.actions import mirroring as programme_mirroring
from simpul.regions.actions import mirroring as region_mirroring
from simpul.sync.models import Mirrored, Parent
from simpul.sync.queries import mirror as queries
from simpul.sync.queries import upward as upward_queries


class _Layer(Protocol):
    def __call__(
        self, *, by: Actor, at: datetime, parts: Mapping[str, mirror.Part], ground: mirror.Ground
    ) -> mirror.Done: ...


LAYERS: Sequence[tuple[Sequence[mirror.Table], _Layer]] = (
    (region_mirroring.TABLES, region_mirroring.mirror_places),
    (account_actions.MIRRORED, account_actions.mirror_users),
    (desk_mirroring.TABLES, desk_mirroring.mirror_desks),
    (people_mirroring.TABLES, people_mirroring.mirror_register),
    (case_mirroring.TABLES, case_mirroring.mirror_matters),
    (meeting_mirroring.TABLES, meeting_mirroring.mirror_meetings),
    (programme_mirroring.TABLES, programme_mirroring.mirror_programmes),
    (outreach_mirroring.TABLES, outreach_mirroring.mirror_trips),
)
"""What is pointed at comes first."""


def mirror_parent(
    *,
    by: Actor,
    at: datetime,
    told: Mapping[str, Any],
    known: Mapping[str, Mapping[str, str]],
    settled: bool,
    apart: Collection[str] = (),
) -> mirror.Done:
    """Lay down what the server above answered (``queries.mirror.answer``), in one transaction.

    Args:
        known: what the node said it had when it asked.
        settled: the server above has decided about everything that this node did until it asked, and this node has done nothing since.
        apart: subjects on which this node did something that is kept above as a note only: its own rows stay as they are.
    """
    roles.require(by, "parent.mirror")
    parts = queries.parts_of(told, known)
    done = mirror.Done()
    with transaction.atomic():
        parent = Parent.objects.select_for_update().get(id=1)
        quiet = settled and upward_queries.unsent(parent) == 0
        roots = {key for keys in known.values() for key in keys} | {
            key for part in parts.values() for key in part.rows
        }
        ground = mirror.Ground(known, quiet, frozenset(apart), frozenset(roots))
        for tables, lay in LAYERS:
            mine = {table.name: parts[table.name] for table in tables if table.name in parts}
            if mine or any(mirror.orphans(table, None, ground) for table in tables):
                done.add(lay(by=by, at=at, parts=mine, ground=ground))
        if done.clashes:
            mirror.mend(queries.TABLES)
        _note(known, done)
        Parent.objects.filter(id=1).update(
            mirror_mark="" if done.kept or done.clashes else str(told.get("mark", ""))[:80],
            scope_version=told.get("scope_version", 0),
            areas=told.get("areas", []),
            mirrored_at=at,
        )
        if parts or done.gave_way:
            journal_actions.record(
                by=by,
                at=at,
                kind="parent.mirror",
                subject_kind="installation",
                subject_id=journal_actions.NOWHERE,
                facts={
                    **done.facts,
                    "kept": done.kept,
                    "clashes": done.clashes,
                    "gave_way": done.gave_way,
                },
            )
    desk_queries.forget_institution()
    return done


def _note(known: Mapping[str, Mapping[str, str]], done: mirror.Done) -> None:
    """Write down how each row looked when it came."""
    rows = [
        Mirrored(table=table, key=key, digest=digest)
        for table, written in done.written.items()
        for key, digest in written.items()
        if known.get(table, {}).get(key) != digest
    ]
    Mirrored.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        update_fields=["digest"],
        unique_fields=["table", "key"],
    )
    for table, keys in done.gone.items():
        for start in range(0, len(keys), 400):
            Mirrored.objects.filter(table=table, key__in=keys[start : start + 400]).delete()
