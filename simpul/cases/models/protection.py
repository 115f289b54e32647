"""What keeps a matter safe: exclusions, readers, broken glass, identity requests, and guards against guessing."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.cases.models.case import Case
from simpul.desks.models import Desk
from simpul.lib.fields import Model


class Exclusion(Model):
    """A user or a whole desk that must not see this case, because it is about them."""

    personal_data: ClassVar[dict[str, str]] = {"user_id": "safeguarding", "reason": "safeguarding"}
    retention: ClassVar[str] = "as long as the case"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="exclusions")
    user_id = models.UUIDField(null=True)
    desk = models.ForeignKey(Desk, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user_id"], name="exclusion_user")]

    def __str__(self) -> str:
        return f"{self.case_id}"


class Reader(Model):
    """A person named to a sealed case."""

    personal_data: ClassVar[dict[str, str]] = {"user_id": "safeguarding"}
    retention: ClassVar[str] = "as long as the case"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="readers")
    user_id = models.UUIDField()
    named_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("case", "user_id", name="reader_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.user_id}"


class BreakGlass(Model):
    """Somebody opened a sealed case in an emergency: why, until when, and who was alerted."""

    personal_data: ClassVar[dict[str, str]] = {"reason": "safeguarding"}
    retention: ClassVar[str] = "for ever"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="broken_glass")
    user_id = models.UUIDField()
    by_name = models.CharField(max_length=150)
    reason = models.TextField()
    at = models.DateTimeField()
    until_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case_id}"


class IdentityRequest(Model):
    """A reasoned wish to see who reported, decided by the identity custodian, with the reasons of both."""

    personal_data: ClassVar[dict[str, str]] = {"reason": "safeguarding", "decision_reason": "safeguarding"}
    retention: ClassVar[str] = "for ever"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="identity_requests")
    asked_by_user_id = models.UUIDField()
    asked_by = models.CharField(max_length=150)
    reason = models.TextField()
    asked_at = models.DateTimeField()
    granted = models.BooleanField(null=True)
    decision_reason = models.TextField(blank=True)
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True)
    until_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.case_id}"


class FollowGuard(models.Model):
    """Wrong tries against one number or from one address: five, then a wait. Holds hashes only."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "one day"

    key = models.CharField(max_length=64, primary_key=True)
    wrong = models.PositiveSmallIntegerField(default=0)
    first_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.key
