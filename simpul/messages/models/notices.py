"""One notice to everybody in an area, in a disaster or before a distribution."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.lib.fields import Model


class MassNotice(Model):
    """What was told to everybody in an area, by whose decision. Its messages are ordinary ones with this as their subject."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever"

    region_code = models.CharField(max_length=10)
    title = models.CharField(max_length=100)
    body = models.TextField()
    language = models.CharField(max_length=5, default="id")
    urgent = models.BooleanField(default=False)  # goes out in quiet hours too
    decided_by = models.CharField(max_length=150)
    written_by = models.CharField(max_length=150)
    sent_at = models.DateTimeField()
    reached = models.PositiveIntegerField(default=0)  # messages queued
    on_paper = models.PositiveIntegerField(default=0)  # of them for the lists of the hamlets
    stopped_at = models.DateTimeField(null=True)
    stopped_by = models.CharField(max_length=150, blank=True)

    def __str__(self) -> str:
        return self.title
