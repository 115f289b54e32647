"""A month of a posyandu as it was closed, and the counts of months that wide areas and trends are drawn from."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from simpul.lib.fields import Model
from simpul.posyandu.models.institution import Posyandu


class Recap(Model):
    """A closed month: its figures as one frozen text with a digest. Opened again, the row stays; closing makes a new one."""

    personal_data: ClassVar[dict[str, str]] = {"closed_by": "personal", "reopened_by": "personal"}
    retention: ClassVar[str] = "10 years"

    posyandu = models.ForeignKey(Posyandu, on_delete=models.PROTECT, related_name="recaps")
    region_code = models.CharField(max_length=10)
    month = models.DateField()  # its first day
    version = models.PositiveSmallIntegerField(default=1)
    content = models.TextField()  # canonical JSON of the figures
    digest = models.CharField(max_length=64)
    d = models.PositiveIntegerField()
    n = models.PositiveIntegerField()
    t = models.PositiveIntegerField()
    o = models.PositiveIntegerField()
    b = models.PositiveIntegerField()
    closed_at = models.DateTimeField()
    closed_by = models.CharField(max_length=150, blank=True)
    reopened_at = models.DateTimeField(null=True)
    reopened_by = models.CharField(max_length=150, blank=True)
    reopened_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "posyandu", "month", name="recap_closed_once", condition=Q(reopened_at=None)
            ),
            models.UniqueConstraint("posyandu", "month", "version", name="recap_version_once"),
            models.CheckConstraint(name="recap_adds_up", condition=Q(d=F("n") + F("t") + F("o") + F("b"))),
        ]
        indexes: ClassVar = [models.Index(fields=["region_code", "month"], name="recap_region")]

    def __str__(self) -> str:
        return f"{self.posyandu_id} {self.month:%Y-%m}"


class MonthCount(Model):
    """The figures of one posyandu in one month as they were counted last: what a kecamatan, a regency and trends add up."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever"

    posyandu = models.ForeignKey(Posyandu, on_delete=models.PROTECT, related_name="month_counts")
    region_code = models.CharField(max_length=10)
    month = models.DateField()
    s = models.PositiveIntegerField(default=0)
    k = models.PositiveIntegerField(default=0)
    d = models.PositiveIntegerField(default=0)
    n = models.PositiveIntegerField(default=0)
    t = models.PositiveIntegerField(default=0)
    o = models.PositiveIntegerField(default=0)
    b = models.PositiveIntegerField(default=0)
    bgm = models.PositiveIntegerField(default=0)
    two_t = models.PositiveIntegerField(default=0)
    figures = models.JSONField(default=dict)
    counted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("posyandu", "month", name="month_count_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["month", "region_code"], name="month_count_region")]

    def __str__(self) -> str:
        return f"{self.posyandu_id} {self.month:%Y-%m}"
