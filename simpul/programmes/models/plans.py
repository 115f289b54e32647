"""Rehabilitation: one person's plan, from the assessment through goals, services and visits to the last look before closing."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.cases.models import Case
from simpul.desks.models import Desk
from simpul.lib.fields import Model
from simpul.people.models import Person


class PlanSet(models.QuerySet["Plan"]):
    """Filters over plans. What an actor may see is ``programmes.access.plans``."""

    def running(self) -> PlanSet:
        """Not closed."""
        return self.filter(closed_at=None)


class Plan(Model):
    """What is done with one person in need of social services. States and moves: ``programmes.rules.plans``.

    Details are read by who is assigned and by who leads (access.plans); everybody else who oversees sees an outline without a name.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "person": "personal",
        "category": "safeguarding",
        "about": "safeguarding",
        "closing_words": "safeguarding",
    }
    retention: ClassVar[str] = "5 years after it is closed"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="plans")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="plans")
    category = models.PositiveSmallIntegerField()  # PPKS 1..26
    cluster = models.CharField(
        max_length=12
    )  # ATENSI: children, disability, deviance, drugs, elderly, disaster
    about = models.TextField(blank=True)
    region_code = models.CharField(max_length=10)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, default="received")
    user_id = models.UUIDField(null=True)  # to whom it is assigned
    assigned_name = models.CharField(max_length=150, blank=True)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    review_date = models.DateField(null=True)  # when it is looked at next
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, blank=True)  # reached, partly, moved, died, refused, referred
    closing_words = models.TextField(blank=True)

    objects = PlanSet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["region_code", "state"], name="plan_region_state"),
            models.Index(fields=["user_id"], name="plan_assigned", condition=models.Q(closed_at=None)),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "person", "category", name="plan_once_at_a_time", condition=models.Q(closed_at=None)
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class Assessment(Model):
    """What somebody found, area by area of life; a later one does not replace an earlier one."""

    personal_data: ClassVar[dict[str, str]] = {
        "findings": "safeguarding",
        "strengths": "safeguarding",
        "wishes": "safeguarding",
        "risks": "safeguarding",
    }
    retention: ClassVar[str] = "as long as the plan"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="assessments")
    findings = models.JSONField(default=dict)  # area of life -> {"level": 0..3, "words": ...}
    strengths = models.TextField(blank=True)
    wishes = models.TextField(blank=True)  # what the person wants, in their words
    risks = models.TextField(blank=True)
    needs_referral = models.BooleanField(default=False)
    referral_words = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=150)

    def __str__(self) -> str:
        return str(self.plan_id)


class Goal(Model):
    """What shall be different, how one will see it, and by when."""

    personal_data: ClassVar[dict[str, str]] = {
        "words": "safeguarding",
        "sign": "safeguarding",
        "ended_words": "safeguarding",
    }
    retention: ClassVar[str] = "as long as the plan"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="goals")
    position = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=300)
    sign = models.CharField(max_length=300, blank=True)
    due_date = models.DateField(null=True)
    state = models.CharField(max_length=10, default="open")  # open, reached, partly, dropped
    ended_words = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.words[:40]


class Measure(Model):
    """A service the person gets for a goal: which of ATENSI's seven, by whom, from when."""

    personal_data: ClassVar[dict[str, str]] = {"words": "safeguarding", "provider": "personal"}
    retention: ClassVar[str] = "as long as the plan"

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="measures")
    service = models.CharField(max_length=16)
    words = models.CharField(max_length=300, blank=True)
    provider = models.CharField(max_length=150, blank=True)
    from_date = models.DateField()
    until_date = models.DateField(null=True)
    cost = models.BigIntegerField(null=True)  # rupiah
    state = models.CharField(max_length=10, default="planned")  # planned, running, given, not_given
    ended_words = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.service


class Appointment(Model):
    """A visit that was agreed, and what came of it."""

    personal_data: ClassVar[dict[str, str]] = {"words": "safeguarding"}
    retention: ClassVar[str] = "as long as the plan"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="appointments")
    on_date = models.DateField()
    way = models.CharField(max_length=10)  # home, office, phone, agency
    purpose = models.CharField(max_length=200, blank=True)
    result = models.CharField(max_length=10, blank=True)  # "" still to come; met, not_met, moved
    words = models.TextField(blank=True)
    kept_at = models.DateTimeField(null=True)
    by_name = models.CharField(max_length=150)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["on_date"], name="appointment_due", condition=models.Q(result=""))
        ]

    def __str__(self) -> str:
        return f"{self.on_date} {self.way}"


class Monitoring(Model):
    """A look at how the person does after services: without one no plan is closed."""

    personal_data: ClassVar[dict[str, str]] = {"words": "safeguarding"}
    retention: ClassVar[str] = "as long as the plan"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="monitorings")
    direction = models.CharField(max_length=8)  # better, same, worse
    words = models.TextField()
    at = models.DateTimeField()
    by_name = models.CharField(max_length=150)

    def __str__(self) -> str:
        return self.direction
