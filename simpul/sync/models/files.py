"""Files that events name before they are here."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.lib.fields import Model
from simpul.sync.models.devices import Device
from simpul.sync.models.events import Event


class AwaitedFile(Model):
    """An event was done, and a file that it names belongs to what it made: attached when its content has come, however late."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "as long as its event"

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="awaited_files")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="awaited_files")
    digest = models.CharField(max_length=64)  # sha256, hex, of what the device sends
    kind = models.CharField(max_length=24)  # what it belongs to: visit, case, delivery ...
    key = models.UUIDField()
    asked_at = models.DateTimeField()
    attached_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("event", "digest", "kind", "key", name="awaited_file_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["device", "digest"], name="awaited_file", condition=models.Q(attached_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.digest[:12]
