"""What the public reads: separate, redacted records. The portal reads these tables and no others."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.cases.models.case import Case
from simpul.lib.fields import Model


class PublicationSet(models.QuerySet["Publication"]):
    """Filters over publications."""

    def released(self) -> PublicationSet:
        """What the public may read."""
        return self.filter(state="released")


class Publication(Model):
    """The published form of a case: its own words, redacted, released by a second person.

    States: draft, offered, returned, released, withdrawn.
    """

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "as long as the case; withdrawn ones keep their log"

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="publication")
    slug = models.CharField(max_length=24, unique=True)
    state = models.CharField(max_length=10)
    kind_code = models.CharField(max_length=40)
    group = models.CharField(max_length=20)
    region_code = models.CharField(max_length=10)
    place_words = models.CharField(max_length=120)
    title = models.CharField(max_length=150)
    text = models.TextField()
    answer = models.TextField()
    desk_name = models.CharField(max_length=150)
    decision = models.CharField(max_length=20)
    received_date = models.DateField()
    answered_date = models.DateField()
    photos = models.JSONField(default=list)  # sha256 of masked photos
    language = models.CharField(max_length=5, default="id")
    prepared_by_user_id = models.UUIDField(null=True)
    prepared_by = models.CharField(max_length=150)
    prepared_at = models.DateTimeField()
    return_reason = models.TextField(blank=True)
    released_by = models.CharField(max_length=150, blank=True)
    released_at = models.DateTimeField(null=True)
    corrected_at = models.DateTimeField(null=True)
    correction_words = models.CharField(max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdraw_reason = models.CharField(max_length=200, blank=True)

    objects = PublicationSet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "released_at"], name="publication_released"),
            models.Index(fields=["state", "region_code", "released_at"], name="publication_region"),
        ]

    def __str__(self) -> str:
        return self.title


class PublicationVersion(Model):
    """What a publication said before it was corrected or withdrawn: the log, for those who release."""

    personal_data: ClassVar[dict[str, str]] = {"text": "personal"}
    retention: ClassVar[str] = "as long as the publication"

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="versions")
    title = models.CharField(max_length=150)
    text = models.TextField()
    answer = models.TextField()
    by_name = models.CharField(max_length=150)
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title


class PublicationWords(models.Model):
    """The stems of a released publication for the portal's search."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "as long as it is released"

    publication = models.OneToOneField(Publication, on_delete=models.CASCADE, related_name="words")
    words = models.TextField()

    def __str__(self) -> str:
        return str(self.publication_id)
