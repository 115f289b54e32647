"""Lists that are taken in: the file, how its columns were read, how far it got, and what was wrong with which row."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.lib.fields import Model


class Batch(Model):
    """One file being taken in. Rows are read in portions; ``next_row`` says where to go on after a stop.

    States: mapping (columns are being named), tried (the dry run is done), running, done, stopped, failed.
    """

    personal_data: ClassVar[dict[str, str]] = {"file_name": "personal", "sha256": "personal"}
    retention: ClassVar[str] = "the file 90 days after it was taken in; its counts for ever"

    kind = models.CharField(max_length=24)  # residents, dtsen, kis_off ...
    region_code = models.CharField(max_length=10)  # rows outside it are refused
    file_name = models.CharField(max_length=150)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    headings = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)  # our field -> their column
    state = models.CharField(max_length=10, default="mapping")
    list_version = models.CharField(max_length=10, blank=True)  # bdt, dtsen
    as_of_date = models.DateField(null=True)
    source_words = models.CharField(max_length=150, blank=True)
    rows = models.PositiveIntegerField(default=0)
    next_row = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    doubtful = models.PositiveIntegerField(default=0)
    started_by = models.CharField(max_length=150)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "started_at"], name="batch_state")]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"


class BatchFault(Model):
    """What was wrong with one row of a list, in words for who sent it."""

    personal_data: ClassVar[dict[str, str]] = {"value": "personal"}
    retention: ClassVar[str] = "as long as the batch's file"

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="faults")
    row = models.PositiveIntegerField()  # as the sheet numbers it: the heading is row 1
    field = models.CharField(max_length=40, blank=True)
    value = models.CharField(max_length=150, blank=True)
    code = models.CharField(max_length=60)
    refused = models.BooleanField(default=True)  # false: taken in all the same, with a remark

    class Meta:
        indexes: ClassVar = [models.Index(fields=["batch", "row"], name="batch_fault_row")]

    def __str__(self) -> str:
        return f"{self.row} {self.code}"


class Layout(Model):
    """How the columns of a known sheet are read, remembered by its headings."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever"

    kind = models.CharField(max_length=24)
    headings_key = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    list_version = models.CharField(max_length=10, blank=True)
    used_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("kind", "headings_key", name="layout_once")]

    def __str__(self) -> str:
        return self.kind
