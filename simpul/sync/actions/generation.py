"""The lives of this server: a restore begins a new one; a verified backup says what a device may forget."""

from __future__ import annotations

import json
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from simpul import roles
from simpul.journal import actions as journal_actions
from simpul.lib.actor import Actor
from simpul.sync.models import BackupMark, Generation

RESTORED = "restored.json"
"""Left in the data folder by ``simpul restore``: {"at": ISO time}. It is not part of a copy."""
MARGIN = timedelta(minutes=5)
"""What came in the minutes before a snapshot may not have been written yet when it was taken: no request lasts longer."""
MARKS_LAST = timedelta(days=366)


def begin_generation(*, by: Actor, at: datetime) -> str:
    """Give this server a new generation when it has none, or was restored since; returns the number.

    Devices compare what they believe with what is here at every hello, so nothing depends on it but that they may show it.
    """
    roles.require(by, "generation.begin")
    row = Generation.objects.filter(id=1).first()
    restored_at = _restored_at()
    if row is not None and (restored_at is None or restored_at <= row.begun_at):
        return row.number
    number = secrets.token_hex(8)
    with transaction.atomic():
        Generation.objects.update_or_create(
            id=1, defaults={"number": number, "begun_at": max(at, restored_at or at)}
        )
        journal_actions.record(
            by=by,
            at=at,
            kind="generation.begin",
            subject_kind="installation",
            subject_id=journal_actions.NOWHERE,
            facts={"number": number, "restored_at": restored_at},
        )
    return number


def _restored_at() -> datetime | None:
    try:
        said = json.loads((Path(settings.SIMPUL_DATA) / RESTORED).read_text(encoding="utf-8"))
        return datetime.fromisoformat(said["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def mark_backup(*, by: Actor, at: datetime, began_at: datetime, name: str) -> BackupMark:
    """Note that a copy, begun at ``began_at``, was written and opened again: devices may forget what came well before it."""
    roles.require(by, "backup.mark")
    with transaction.atomic():
        mark = BackupMark.objects.create(covers_until=began_at - MARGIN, verified_at=at, name=name[:200])
        BackupMark.objects.filter(verified_at__lt=at - MARKS_LAST).delete()
        journal_actions.record(
            by=by,
            at=at,
            kind="backup.mark",
            subject_kind="installation",
            subject_id=journal_actions.NOWHERE,
            facts={"covers_until": mark.covers_until},
            inputs={"name": name},
        )
    return mark
