"""A decision on paper before it is given: who drafted, checked, initialled and signed it; and a referral allowed without consent."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.cases.models.case import Case
from simpul.desks.models import Desk
from simpul.lib.fields import Model


class Approval(Model):
    """One version of a decision as it goes from hand to hand. Other words are another version, and void this one.

    States: open, returned, signed, void. ``needs`` is what the kind wanted on the day of the draft. ``digest`` is that of the
    decision and its words; every step repeats it, so that nobody's name stands under words they did not see.
    """

    personal_data: ClassVar[dict[str, str]] = {"text": "personal", "proposed_by_user_id": "personal"}
    retention: ClassVar[str] = "as long as the case"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="approvals")
    version = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8)
    needs = models.JSONField(default=list)
    decision = models.CharField(max_length=20)
    text = models.TextField()
    digest = models.CharField(max_length=64)
    proposed_by_user_id = models.UUIDField()
    proposed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("case", "version", name="approval_version_once"),
            models.UniqueConstraint("case", condition=models.Q(state="open"), name="approval_one_open"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["proposed_at"], name="approval_open", condition=models.Q(state="open"))
        ]

    def __str__(self) -> str:
        return f"{self.case_id} v{self.version}"


class ApprovalStep(Model):
    """What one person did to one version: propose, check, initial, sign, return. Nobody stands twice under the same paper."""

    personal_data: ClassVar[dict[str, str]] = {
        "user_id": "personal",
        "by_name": "personal",
        "words": "personal",
    }
    retention: ClassVar[str] = "as long as the case"

    approval = models.ForeignKey(Approval, on_delete=models.CASCADE, related_name="steps", db_index=False)
    step = models.CharField(max_length=8)
    user_id = models.UUIDField()
    by_name = models.CharField(max_length=150)
    position = models.CharField(max_length=200, blank=True)  # the office they hold, as it stood that day
    desk = models.ForeignKey(Desk, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    digest = models.CharField(max_length=64)
    words = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("approval", "user_id", name="approval_person_once"),
            models.UniqueConstraint("approval", "step", name="approval_step_once"),
        ]

    def __str__(self) -> str:
        return f"{self.approval_id} {self.step}"


class ConsentOverride(Model):
    """Somebody with the power decided that a matter goes to another institution although the person was not asked.

    Source: UU 27/2022 art. 20(2)(d): vital interest of the person; the reason is kept and read later.
    """

    personal_data: ClassVar[dict[str, str]] = {"reason": "personal"}
    retention: ClassVar[str] = "as long as the case"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="consent_overrides")
    reason = models.TextField()
    by_name = models.CharField(max_length=150)
    by_user_id = models.UUIDField(null=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case_id}"
