"""Children who may be married early: named people with the reasons that are held already, what is done, and what became of it.

Minimum age 19 for both (UU 16/2019 art. 7), else by dispensation of a court. Read by few (``access.marriage``), exported by nobody.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.cases.models import Case
from simpul.lib.fields import Model
from simpul.people.models import Person
from simpul.posyandu.models.institution import Posyandu


class MarriageRisk(Model):
    """One child on the list. ``signals``: code, source and date of each reason; never what a protected report says."""

    personal_data: ClassVar[dict[str, str]] = {
        "signals": "safeguarding",
        "outcome": "safeguarding",
        "words": "safeguarding",
        "made_by": "personal",
        "ended_by": "personal",
    }
    retention: ClassVar[str] = "2 years after the 19th birthday"

    posyandu = models.ForeignKey(Posyandu, on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=10)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")
    signals = models.JSONField(default=list)  # [{"code", "source", "date"}]
    state = models.CharField(max_length=10, default="open")  # open, supported, ended, withdrawn
    found_date = models.DateField()
    goal = models.CharField(max_length=12, blank=True)  # what the support is to lead to
    supported_at = models.DateTimeField(null=True)
    made_by = models.CharField(max_length=150, blank=True)  # who planned the support
    outcome = models.CharField(max_length=20, blank=True)
    words = models.CharField(max_length=300, blank=True)  # of the outcome, or why it was a false alarm
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=150, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "person",
                name="marriage_risk_once",
                condition=models.Q(state__in=("open", "supported")),
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["region_code", "state"], name="marriage_risk_region"),
            models.Index(fields=["posyandu", "state"], name="marriage_risk_posyandu"),
        ]

    def __str__(self) -> str:
        return self.state


class MarriageStep(Model):
    """One step of the support: what, by whom, by when, and what came of it."""

    personal_data: ClassVar[dict[str, str]] = {
        "what": "safeguarding",
        "who": "personal",
        "result": "safeguarding",
        "made_by": "personal",
        "done_by": "personal",
    }
    retention: ClassVar[str] = "as long as the child's line on the list"

    risk = models.ForeignKey(MarriageRisk, on_delete=models.CASCADE, related_name="steps")
    what = models.CharField(max_length=200)
    who = models.CharField(max_length=150)
    due_date = models.DateField()
    done_date = models.DateField(null=True)
    result = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150, blank=True)
    done_by = models.CharField(max_length=150, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["risk", "due_date"], name="marriage_step_risk")]

    def __str__(self) -> str:
        return str(self.due_date)


class Dispensation(Model):
    """A request to a court to marry below 19 that somebody saw, and what the court decided."""

    personal_data: ClassVar[dict[str, str]] = {
        "number": "safeguarding",
        "decision": "safeguarding",
        "words": "safeguarding",
        "recorded_by": "personal",
    }
    retention: ClassVar[str] = "as long as the child's line on the list"

    risk = models.ForeignKey(MarriageRisk, on_delete=models.CASCADE, related_name="dispensations")
    court = models.CharField(max_length=100)
    number = models.CharField(max_length=60, blank=True)
    seen_date = models.DateField()
    decision = models.CharField(max_length=10, default="pending")  # pending, granted, refused, dropped
    decided_date = models.DateField(null=True)
    words = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["risk", "seen_date"], name="dispensation_risk")]

    def __str__(self) -> str:
        return f"{self.court} {self.seen_date}"
