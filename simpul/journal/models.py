"""Lines and seals."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.lib.fields import Model


class Seal(models.Model):
    """A batch of lines, frozen: their positions, the hash of each, their Merkle root, chained to the seal before and signed.

    ``leaves`` holds 32 bytes for each line in order, so that a line that no longer fits can be named and not only noticed.
    """

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever"

    number = models.BigIntegerField(primary_key=True)
    first_position = models.BigIntegerField(unique=True)
    last_position = models.BigIntegerField(unique=True)
    leaves = models.BinaryField()
    root = models.BinaryField(max_length=32)
    previous = models.BinaryField(max_length=32)
    signature = models.BinaryField(max_length=65)  # the key's version, then Ed25519
    sealed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(last_position__gte=models.F("first_position")), name="seal_not_empty"
            )
        ]

    def __str__(self) -> str:
        return f"seal {self.number}"


class LineSet(models.QuerySet["Line"]):
    """Filters over lines."""

    def about(self, subject_id: object) -> LineSet:
        """Lines on one subject."""
        return self.filter(subject_id=subject_id)

    def unsealed(self) -> LineSet:
        """Lines that no seal covers yet."""
        return self.filter(position=None)


class Line(Model):
    """One act: who, what, on which subject, when it happened, when it was recorded, and with which inputs.

    ``inputs`` are what people typed and may be redacted; ``digest`` is their salted hash, which stays, so that the seals
    stay true. ``facts`` hold what is not personal (states, desk names, dates) and are shown on timelines.
    """

    personal_data: ClassVar[dict[str, str]] = {"inputs": "personal", "actor_name": "personal"}
    retention: ClassVar[str] = "as long as the subject; inputs can be redacted"

    kind = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    region_code = models.CharField(max_length=13, blank=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    user_id = models.UUIDField(null=True)
    seat_id = models.UUIDField(null=True)
    desk_id = models.UUIDField(null=True)
    role = models.CharField(max_length=30)
    actor_name = models.CharField(max_length=150, blank=True)
    device = models.CharField(max_length=60, blank=True)
    facts = models.JSONField(default=dict)
    inputs = models.JSONField(null=True)
    salt = models.BinaryField(max_length=16)
    digest = models.BinaryField(max_length=32)
    redacted_at = models.DateTimeField(null=True)
    position = models.BigIntegerField(null=True, unique=True)

    objects = LineSet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject_id", "at"], name="line_subject_at"),
            models.Index(fields=["user_id", "recorded_at"], name="line_user_recorded"),
            models.Index(fields=["kind", "recorded_at"], name="line_kind_recorded"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%Y-%m-%d %H:%M}"


class Turn(models.Model):
    """One piece of periodic work: when it is next due, who is at it, how it went. Claimed by compare-and-set."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever"

    name = models.CharField(max_length=60, primary_key=True)
    next_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    succeeded_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)
    runs = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return self.name
