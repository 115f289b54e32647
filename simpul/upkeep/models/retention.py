"""What may not be destroyed yet, and what was destroyed by whose decision."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.lib.fields import Model


class LegalHold(Model):
    """A person, a matter or a whole class of records that must stay whole: a trial, an inspection, an objection that runs."""

    personal_data: ClassVar[dict[str, str]] = {"why": "personal"}
    retention: ClassVar[str] = "5 years after it was lifted"

    subject_kind = models.CharField(max_length=20)  # person, case, or class (a code of retention.toml)
    subject_id = models.UUIDField(null=True)
    what = models.CharField(max_length=24, blank=True)
    why = models.CharField(max_length=300)
    asked_by = models.CharField(max_length=150)  # the court, the inspectorate, the Ombudsman
    placed_at = models.DateTimeField()
    placed_by = models.CharField(max_length=150)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=150, blank=True)
    lifted_why = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject_id"], name="hold_subject", condition=models.Q(lifted_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.what}"


class Destruction(Model):
    """A list of records whose time is over, to be destroyed once two people who are not its author have approved (UU 43/2009 art. 51).

    States: proposed, approved, running, done, refused.
    """

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever: it is the minutes of what was destroyed"

    what = models.CharField(max_length=24)  # a code of retention.toml
    region_code = models.CharField(max_length=10, blank=True)
    until_date = models.DateField()  # the day on which they were found to be over
    rows = models.PositiveIntegerField()
    digest = models.CharField(
        max_length=64
    )  # SHA-256 over the sorted keys: what was approved is what is destroyed
    source = models.CharField(max_length=200)
    state = models.CharField(max_length=10, default="proposed")
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=150)
    proposed_user_id = models.UUIDField(null=True)
    first_at = models.DateTimeField(null=True)
    first_by = models.CharField(max_length=150, blank=True)
    first_user_id = models.UUIDField(null=True)
    first_role = models.CharField(max_length=30, blank=True)
    second_at = models.DateTimeField(null=True)
    second_by = models.CharField(max_length=150, blank=True)
    second_user_id = models.UUIDField(null=True)
    second_role = models.CharField(max_length=30, blank=True)
    refused_at = models.DateTimeField(null=True)
    refused_by = models.CharField(max_length=150, blank=True)
    refused_why = models.CharField(max_length=300, blank=True)
    destroyed = models.PositiveIntegerField(default=0)
    spared = models.PositiveIntegerField(default=0)  # held, reopened or changed since it was proposed
    files = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "proposed_at"], name="destruction_state")]

    def __str__(self) -> str:
        return f"{self.what} {self.rows}"


class DestructionItem(Model):
    """One record on the list."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "as long as its list"

    destruction = models.ForeignKey(Destruction, on_delete=models.CASCADE, related_name="items")
    subject_id = models.UUIDField()
    outcome = models.CharField(max_length=10, blank=True)  # "", destroyed, held, changed

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("destruction", "subject_id", name="destruction_item_once")
        ]

    def __str__(self) -> str:
        return str(self.subject_id)
