"""Packs are made before anybody asks for them, and old ones are let go."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib.actor import Actor
from simpul.lib.errors import NotFound
from simpul.sync.models import Pack
from simpul.sync.queries import packs as queries
from simpul.sync.queries import view as views
from simpul.sync.rules.canonical import b64


def build_pack(*, by: Actor, at: datetime, role: str, areas: tuple[str, ...]) -> Pack:
    """Make the pack of a scope: what everybody of a role sees in some areas. The file is on disk before the row is.

    Raises:
        NotAllowed: only the system makes packs.
        NotFound: no such role, or no area.
    """
    roles.require(by, "pack.build")
    if role not in roles.ROLES or not areas or not all(areas):
        raise NotFound
    made = queries.make(role, areas, at)
    digest = queries.store().put(made.sealed)
    with transaction.atomic():
        row = Pack.objects.create(
            scope=views.scope_key(role, areas),
            hash=digest,
            key=b64(made.key),
            size=len(made.sealed),
            households=made.households,
            cursor=made.cursor,
            version=queries.VERSION,
            built_at=at,
        )
        journal_actions.record(
            by=by,
            at=at,
            kind="pack.build",
            subject_kind="installation",
            subject_id=journal_actions.NOWHERE,
            facts={"role": role, "areas": list(areas), "households": made.households, "bytes": row.size},
        )
    return row


def forget_packs(*, by: Actor, at: datetime) -> int:
    """Let go of packs that newer ones have replaced for two weeks, and of those whose scope nobody uses. Returns how many."""
    roles.require(by, "packs.forget")
    with transaction.atomic():
        rows = queries.old(at)
        Pack.objects.filter(id__in=[one.id for one in rows]).delete()
        if rows:
            journal_actions.record(
                by=by,
                at=at,
                kind="packs.forget",
                subject_kind="installation",
                subject_id=journal_actions.NOWHERE,
                facts={"packs": len(rows)},
            )
    for one in rows:
        queries.store().delete(one.hash)
    return len(rows)
