"""Doors: who was asked to go there, what was found, the ministry's verification of the household, and the sample a supervisor looks at."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.desks.models import Seat
from simpul.lib.fields import EncryptedText, Model
from simpul.people.models import Household, Person
from simpul.regions.models import Hamlet


class Assignment(Model):
    """A household is on the list of one facilitator's seat, from a moment until it is taken off."""

    personal_data: ClassVar[dict[str, str]] = {"assigned_by": "personal", "note": "personal"}
    retention: ClassVar[str] = "2 years after it ended"

    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="assignments")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="doors")
    region_code = models.CharField(max_length=10)
    hamlet = models.ForeignKey(Hamlet, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True)  # why, or until when
    due_date = models.DateField(null=True)
    assigned_at = models.DateTimeField()
    assigned_by = models.CharField(max_length=150)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "household", name="assignment_once_at_a_time", condition=models.Q(ended_at=None)
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["seat", "ended_at"], name="assignment_seat"),
            models.Index(fields=["region_code", "ended_at"], name="assignment_region"),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} to {self.seat_id}"


class Visit(Model):
    """Somebody went to a door. A fact: several may stand side by side, none replaces another."""

    personal_data: ClassVar[dict[str, str]] = {
        "spoke_to": "personal",
        "words": "specific",
        "by_name": "personal",
        "latitude": "personal",
        "longitude": "personal",
    }
    retention: ClassVar[str] = "5 years"

    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="outreach_visits")
    region_code = models.CharField(max_length=10)
    seat = models.ForeignKey(Seat, null=True, on_delete=models.PROTECT, related_name="+")
    visited_at = models.DateTimeField()
    outcome = models.CharField(max_length=12)  # visits.OUTCOMES
    spoke_to = models.CharField(max_length=150, blank=True)
    words = models.TextField(blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    recorded_at = models.DateTimeField()
    by_name = models.CharField(max_length=150)
    undone_at = models.DateTimeField(null=True)
    stop = models.ForeignKey("outreach.Stop", null=True, on_delete=models.SET_NULL, related_name="visits")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["household", "visited_at"], name="visit_household"),
            models.Index(fields=["region_code", "visited_at"], name="visit_region"),
        ]

    def __str__(self) -> str:
        return self.outcome


class Verification(Model):
    """One household in one round of the ministry's verification. ``state`` is the ministry's code (rules.verification)."""

    personal_data: ClassVar[dict[str, str]] = {"revoke_note": "specific"}
    retention: ClassVar[str] = "5 years after its round"

    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="verifications")
    round_name = models.CharField(max_length=20)  # "2026-Q4"
    region_code = models.CharField(max_length=10)
    hamlet = models.ForeignKey(Hamlet, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=3, default="P0")
    presence = models.PositiveSmallIntegerField(null=True)  # 1..6
    seat = models.ForeignKey(Seat, null=True, on_delete=models.PROTECT, related_name="verifications")
    revoke_note = models.CharField(max_length=300, blank=True)
    opened_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("household", "round_name", name="verification_once_a_round"),
            models.CheckConstraint(
                condition=models.Q(presence=None) | models.Q(presence__range=(1, 6)),
                name="verification_presence_1_to_6",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["region_code", "state"], name="verification_region_state"),
            models.Index(fields=["seat", "state"], name="verification_seat_state"),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.state}"


class PersonCheck(Model):
    """One person of the household in the same round."""

    personal_data: ClassVar[dict[str, str]] = {"name": "personal", "nik": "identity"}
    retention: ClassVar[str] = "as long as the verification"

    verification = models.ForeignKey(Verification, on_delete=models.CASCADE, related_name="persons")
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=150)  # as it was said at the door
    nik = EncryptedText(blank=True, default="")  # as it was shown at the door
    presence = models.PositiveSmallIntegerField(null=True)  # 1..6
    state = models.CharField(max_length=3, blank=True)
    similar = models.PositiveSmallIntegerField(
        null=True
    )  # per cent; null: the NIK is not known, or nobody matched yet
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(presence=None) | models.Q(presence__range=(1, 6)),
                name="person_check_presence_1_to_6",
            ),
            models.UniqueConstraint(
                "verification", "person", name="person_check_once", condition=models.Q(person__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Transition(Model):
    """Who moved what from which code to which: one row for every step of a household or a person."""

    personal_data: ClassVar[dict[str, str]] = {"by_name": "personal", "note": "specific"}
    retention: ClassVar[str] = "as long as the verification"

    verification = models.ForeignKey(Verification, on_delete=models.CASCADE, related_name="transitions")
    person_check = models.ForeignKey(
        PersonCheck, null=True, on_delete=models.CASCADE, related_name="transitions"
    )
    act = models.CharField(max_length=40)
    from_state = models.CharField(max_length=3, blank=True)
    to_state = models.CharField(max_length=3)
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=150)
    seat_id = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["verification", "at"], name="transition_verification")]

    def __str__(self) -> str:
        return f"{self.from_state} to {self.to_state}"


class Sample(Model):
    """What was drawn for a second look: from what, how much, with which seed."""

    personal_data: ClassVar[dict[str, str]] = {"drawn_by": "personal"}
    retention: ClassVar[str] = "5 years"

    region_code = models.CharField(max_length=10)
    seat = models.ForeignKey(
        Seat, null=True, on_delete=models.PROTECT, related_name="+"
    )  # null: all of the area
    since_date = models.DateField()
    until_date = models.DateField()
    percent = models.PositiveSmallIntegerField()
    seed = models.BigIntegerField()
    pool = models.PositiveIntegerField()  # how many there were to draw from
    drawn_at = models.DateTimeField()
    drawn_by = models.CharField(max_length=150)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["region_code", "drawn_at"], name="sample_region")]

    def __str__(self) -> str:
        return f"{self.percent} % of {self.pool}"


class SampleRow(Model):
    """One household of a sample, and what the second look found."""

    personal_data: ClassVar[dict[str, str]] = {"words": "specific", "reviewed_by": "personal"}
    retention: ClassVar[str] = "as long as the sample"

    sample = models.ForeignKey(Sample, on_delete=models.CASCADE, related_name="rows")
    verification = models.ForeignKey(Verification, on_delete=models.CASCADE, related_name="samples")
    position = models.PositiveSmallIntegerField()
    result = models.CharField(max_length=8, blank=True)  # agree, differ, return
    words = models.CharField(max_length=500, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("sample", "verification", name="sample_row_once")]

    def __str__(self) -> str:
        return self.result or "open"
