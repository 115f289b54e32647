"""An erasure reaches every device that may hold a copy, and each says that it is done."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.lib.fields import Model
from simpul.sync.models.devices import Device


class Erasure(Model):
    """A subject whose data must go everywhere. A restored server replays these before it serves."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever: it is the proof, and holds no data of the person"

    subject = models.CharField(max_length=80)  # "person:<uuid>"
    region_code = models.CharField(max_length=13, blank=True)
    ordered_at = models.DateTimeField()
    events = models.PositiveIntegerField(default=0)  # emptied here

    class Meta:
        indexes: ClassVar = [models.Index(fields=["subject"], name="erasure_subject")]

    def __str__(self) -> str:
        return self.subject


class ErasureReceipt(Model):
    """One device was told, or has said that it is done. A row without ``done_at`` is a missing receipt, and is listed."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever"

    erasure = models.ForeignKey(Erasure, on_delete=models.CASCADE, related_name="receipts")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="erasure_receipts")
    told_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("erasure", "device", name="erasure_receipt_once"),
        ]

    def __str__(self) -> str:
        return "done" if self.done_at else "open"
