"""Accompaniment: going along with somebody until the service is really received, not only handed in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.cases.models import Case
from simpul.desks.models import Seat
from simpul.lib.fields import Model
from simpul.outreach.models.going import Stop
from simpul.people.models import Household, Person


class Accompaniment(Model):
    """One thing that a household or a person waits for, and who stays with them until it is there."""

    personal_data: ClassVar[dict[str, str]] = {
        "words": "specific",
        "evidence": "specific",
        "opened_by": "personal",
        "ended_by": "personal",
    }
    retention: ClassVar[str] = "5 years after it ended"

    region_code = models.CharField(max_length=10)
    household = models.ForeignKey(Household, null=True, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="accompaniments")
    stop = models.ForeignKey(Stop, null=True, on_delete=models.SET_NULL, related_name="accompaniments")
    seat = models.ForeignKey(Seat, null=True, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=12)  # rules.accompanying.WHATS
    words = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=8, default="open")  # open, received, given_up
    next_date = models.DateField(null=True)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=150, blank=True)
    received_date = models.DateField(null=True)
    evidence = models.CharField(max_length=300, blank=True)  # what shows it, or why it was given up
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=150, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(household__isnull=False) | models.Q(person__isnull=False),
                name="accompaniment_of_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(received_date__isnull=False) ^ ~models.Q(state="received"),
                name="accompaniment_received_has_its_day",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["region_code", "state", "next_date"], name="accompaniment_region_next")
        ]

    def __str__(self) -> str:
        return self.what


class AccompanimentVisit(Model):
    """Somebody looked how far it has come. A fact: also after the end."""

    personal_data: ClassVar[dict[str, str]] = {"words": "specific", "recorded_by": "personal"}
    retention: ClassVar[str] = "as long as the accompaniment"

    accompaniment = models.ForeignKey(Accompaniment, on_delete=models.CASCADE, related_name="visits")
    seen_at = models.DateTimeField()
    how = models.CharField(max_length=8)  # rules.accompanying.HOWS
    outcome = models.CharField(max_length=10)  # rules.accompanying.OUTCOMES
    words = models.CharField(max_length=500, blank=True)
    next_date = models.DateField(null=True)
    flags = models.JSONField(default=list)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["accompaniment", "seen_at"], name="accompaniment_visit_seen")
        ]

    def __str__(self) -> str:
        return self.outcome
