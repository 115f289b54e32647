"""Files that events name: noted when the event is done, attached when the content is here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from simpul.sync import handlers
from simpul.sync.models import AwaitedFile, Device, Event


def await_files(device: Device, row: Event, files: Iterable[handlers.FileWanted], at: datetime) -> None:
    """Note which files belong to what an event made; a second time changes nothing."""
    wanted = list(files)
    if not wanted:
        return
    AwaitedFile.objects.bulk_create(
        [
            AwaitedFile(device=device, event=row, digest=one.sha256, kind=one.kind, key=one.key, asked_at=at)
            for one in wanted
        ],
        ignore_conflicts=True,
    )
