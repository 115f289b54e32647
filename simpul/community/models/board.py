"""The village's notice board, and the texts that were copied into its social group."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.lib import areas
from simpul.lib.fields import Model
from simpul.regions.models import Hamlet


class BulletinSet(models.QuerySet["Bulletin"]):
    """Filters over bulletins."""

    def inside(self, code: str) -> BulletinSet:
        """Bulletins of a region and of all that lies in it."""
        return self.filter(areas.inside(code)) if code else self


class Bulletin(Model):
    """One announcement for everybody, from a day to a day: on the page, on the printed board, in the group's text."""

    personal_data: ClassVar[dict[str, str]] = {"recorded_by": "personal"}
    retention: ClassVar[str] = "5 years: what the village announced"

    region_code = models.CharField(max_length=10)
    hamlet = models.ForeignKey(Hamlet, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)  # notice, schedule, warning
    title = models.CharField(max_length=120)
    words = models.TextField()
    from_date = models.DateField()
    until_date = models.DateField()
    first = models.BooleanField(default=False)  # stands at the top
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)
    changed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = BulletinSet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(until_date__gte=models.F("from_date")),
                name="bulletin_ends_after_it_begins",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["region_code", "until_date"], name="bulletin_region")]

    def __str__(self) -> str:
        return self.title


class Digest(Model):
    """A text that an officer copied into the village's group: what was said there, when, and by whom."""

    personal_data: ClassVar[dict[str, str]] = {"shared_by": "personal", "body": "personal"}
    retention: ClassVar[str] = "a year"

    region_code = models.CharField(max_length=10)
    day_date = models.DateField()
    body = models.TextField()
    shared_at = models.DateTimeField()
    shared_by = models.CharField(max_length=150, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["region_code", "-shared_at"], name="digest_region")]

    def __str__(self) -> str:
        return str(self.day_date)
