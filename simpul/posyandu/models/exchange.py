"""What went to and came from other systems: judgements of e-PPGBM beside ours."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.lib.fields import Model
from simpul.people.models import Batch
from simpul.posyandu.models.participants import Examination


class Comparison(Model):
    """One row of a list of e-PPGBM: what it said of a weighing, and what we computed."""

    personal_data: ClassVar[dict[str, str]] = {
        "theirs": "specific",
        "ours": "specific",
        "differs": "specific",
    }
    retention: ClassVar[str] = "as long as the weighing"

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="+")
    row = models.PositiveIntegerField()  # as the sheet numbers it
    examination = models.ForeignKey(Examination, on_delete=models.CASCADE, related_name="comparisons")
    region_code = models.CharField(max_length=10)
    theirs = models.JSONField(default=dict)
    ours = models.JSONField(default=dict)
    differs = models.JSONField(default=list)  # indices whose classes differ
    different = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("batch", "row", name="comparison_row_once")]
        indexes: ClassVar = [models.Index(fields=["batch", "different"], name="comparison_batch")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.row}"
