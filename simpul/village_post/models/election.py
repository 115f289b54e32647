"""The election box: stages that open it, supervisors' keys, and reports that only a supervisor can read.

The village and this server keep what they need to count days: a number, dates, a state. What somebody wrote is sealed to the key of
the supervisor; the private half of that key is kept under the supervisor's own passphrase and was never here in clear.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.desks.models import Seat
from simpul.lib.fields import Model


class Keeper(Model):
    """A supervisor's key: the public half, and the private half wrapped under a passphrase only the supervisor knows."""

    personal_data: ClassVar[dict[str, str]] = {"name": "personal"}
    retention: ClassVar[str] = "as long as reports that are sealed to it"

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    region_code = models.CharField(max_length=10)
    public = models.BinaryField()
    wrapped = models.BinaryField()
    salt = models.BinaryField()
    turns = models.PositiveIntegerField()  # of PBKDF2
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("seat", name="keeper_one_key", condition=models.Q(retired_at=None))
        ]

    def __str__(self) -> str:
        return self.name


class Stage(Model):
    """A stage of an election in an area, from one day to another: only then does the box take reports."""

    personal_data: ClassVar[dict[str, str]] = {"opened_by": "personal"}
    retention: ClassVar[str] = "for ever"

    region_code = models.CharField(max_length=10)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12)  # rules.election.KINDS
    from_date = models.DateField()
    to_date = models.DateField()
    keeper = models.ForeignKey(Keeper, on_delete=models.PROTECT, related_name="stages")
    clocks = models.JSONField(default=dict)  # rules.election.Clocks as they were when the stage was opened
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=150)
    closed_at = models.DateTimeField(null=True)
    closing_words = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(to_date__gte=models.F("from_date")), name="stage_forward"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["region_code", "to_date"], name="stage_region")]

    def __str__(self) -> str:
        return self.name


class Report(Model):
    """One report or finding. ``sealed`` holds Form B.1; everything beside it is what the village may see."""

    personal_data: ClassVar[dict[str, str]] = {"sealed": "safeguarding", "answer": "personal"}
    retention: ClassVar[str] = "5 years after the stage (unconfirmed); the sealed part is destroyed then"

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="reports")
    keeper = models.ForeignKey(Keeper, on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=10)
    number = models.PositiveIntegerField()  # within the stage
    receipt_index = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=8, default="report")  # report, finding
    way = models.CharField(max_length=6)  # web, desk
    sealed = models.BinaryField()
    sealed_by = models.CharField(max_length=8)  # browser, server
    known_date = models.DateField()
    filed_at = models.DateTimeField()
    file_by_date = models.DateField()  # the last day on which it counts
    in_time = models.BooleanField()
    state = models.CharField(max_length=12, default="filed")  # rules.election.STATES
    received_at = models.DateTimeField(null=True)
    registered_at = models.DateTimeField(null=True)
    register_number = models.CharField(max_length=60, blank=True)
    category = models.CharField(max_length=12, blank=True)  # rules.election.CATEGORIES
    asked_at = models.DateTimeField(null=True)
    due_date = models.DateField(null=True)  # of the follow-up
    decided_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, blank=True)  # rules.election.OUTCOMES
    answer = models.CharField(max_length=500, blank=True)  # what the reporter is told; no names
    forwarded_to = models.CharField(max_length=120, blank=True)
    flags = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("stage", "number", name="report_number_once")]
        indexes: ClassVar = [models.Index(fields=["region_code", "-filed_at"], name="report_region")]

    def __str__(self) -> str:
        return str(self.number)


class Step(Model):
    """One act on a report, for the time line: who and when, no content."""

    personal_data: ClassVar[dict[str, str]] = {"by_name": "personal"}
    retention: ClassVar[str] = "as long as the report"

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="steps")
    what = models.CharField(max_length=12)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=150)
    note = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.what
