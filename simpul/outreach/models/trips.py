"""A trip to the villages: its team, what it carries, whom it wants to see, and whether it may leave."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.db import models

from simpul.desks.models import Desk, Seat
from simpul.lib.fields import Model
from simpul.people.models import Household


class Trip(Model):
    """A team goes out for some days. ``state`` moves as ``rules.trips`` says; money is whole rupiah."""

    personal_data: ClassVar[dict[str, str]] = {
        "safety_name": "personal",
        "safety_phone": "personal",
        "planned_by": "personal",
    }
    retention: ClassVar[str] = "5 years after it was closed"

    purpose = models.CharField(max_length=200)
    region_code = models.CharField(max_length=10)  # the area it is made for, mostly a sub-district
    desk = models.ForeignKey(Desk, null=True, on_delete=models.PROTECT, related_name="trips")
    season = models.CharField(max_length=3)  # dry, wet
    start_date = models.DateField()
    end_date = models.DateField()
    transport = models.CharField(max_length=200, blank=True)  # "2 sepeda motor trail, sampan dari Uren"
    modes = models.JSONField(default=list)  # how the team can travel: road, foot, river
    ends_at_office = models.BooleanField(default=True)
    safety_name = models.CharField(max_length=150, blank=True)
    safety_phone = models.CharField(max_length=40, blank=True)
    fuel_plan = models.BigIntegerField(null=True)
    fuel_actual = models.BigIntegerField(null=True)
    cost_plan = models.BigIntegerField(null=True)  # everything besides fuel
    cost_actual = models.BigIntegerField(null=True)
    cost_words = models.CharField(max_length=300, blank=True)
    words = models.TextField(blank=True)

    state = models.CharField(max_length=10, default="planned")  # rules.trips.STATES
    cleared_because = models.CharField(
        max_length=300, blank=True
    )  # why it may leave although a must is missing
    started_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    return_words = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_because = models.CharField(max_length=300, blank=True)  # why, although something was left open
    called_off_at = models.DateTimeField(null=True)
    called_off_why = models.CharField(max_length=300, blank=True)
    flags = models.JSONField(default=list)  # facts that contradict: rules.trips.FLAGS
    planned_at = models.DateTimeField()
    planned_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(end_date__gte=models.F("start_date")), name="trip_forward"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["planned", "ready", "under_way", "returned", "closed", "called_off"]
                ),
                name="trip_state_known",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["region_code", "start_date"], name="trip_region_start"),
            models.Index(fields=["state", "start_date"], name="trip_state_start"),
        ]

    def __str__(self) -> str:
        return self.purpose


class TripMember(Model):
    """Somebody of the team: an officer by their seat, or a person of another institution by name."""

    personal_data: ClassVar[dict[str, str]] = {"name": "personal"}
    retention: ClassVar[str] = "as long as the trip"

    trip = models.ForeignKey(Trip, on_delete=models.CASCADE, related_name="members")
    seat = models.ForeignKey(Seat, null=True, on_delete=models.PROTECT, related_name="trips")
    name = models.CharField(max_length=150)
    institution = models.CharField(max_length=150, blank=True)
    role = models.CharField(max_length=100, blank=True)  # "petugas Dinsos", "bidan", "pengemudi"
    leads = models.BooleanField(default=False)
    added_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "trip",
                "seat",
                name="trip_member_seat_once",
                condition=models.Q(seat__isnull=False, dropped_at=None),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Carry(Model):
    """One thing to take along: how much was meant, loaded, and brought back. Aid goods are counted by ``programmes``."""

    personal_data: ClassVar[dict[str, str]] = {"counted_by": "personal"}
    retention: ClassVar[str] = "as long as the trip"

    trip = models.ForeignKey(Trip, on_delete=models.CASCADE, related_name="carried")
    kind = models.CharField(max_length=10)  # rules.trips.CARRIED
    name = models.CharField(max_length=120)
    unit = models.CharField(max_length=20, blank=True)
    quantity = models.PositiveIntegerField()
    number_from = models.CharField(max_length=30, blank=True)  # of forms with numbers printed on them
    number_to = models.CharField(max_length=30, blank=True)
    comes_back = models.BooleanField(default=False)  # all of it has to be there again
    loaded = models.PositiveIntegerField(null=True)
    loaded_at = models.DateTimeField(null=True)
    back = models.PositiveIntegerField(null=True)
    back_at = models.DateTimeField(null=True)
    last_used = models.CharField(max_length=30, blank=True)  # the highest number that was used
    difference_why = models.CharField(max_length=200, blank=True)
    counted_by = models.CharField(max_length=150, blank=True)
    added_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class TripDoor(Model):
    """A household the trip wants to see, and why. Whether it was seen is told by what was written down there."""

    personal_data: ClassVar[dict[str, str]] = {
        "words": "specific",
        "why_not": "specific",
        "listed_by": "personal",
    }
    retention: ClassVar[str] = "as long as the trip"

    trip = models.ForeignKey(Trip, on_delete=models.CASCADE, related_name="doors")
    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="trip_doors")
    reason = models.CharField(max_length=16)  # rules.trips.REASONS
    words = models.CharField(max_length=200, blank=True)
    why_not = models.CharField(max_length=200, blank=True)  # why nobody was seen there
    listed_at = models.DateTimeField()
    listed_by = models.CharField(max_length=150, blank=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "trip", "household", name="trip_door_once", condition=models.Q(dropped_at=None)
            )
        ]

    def __str__(self) -> str:
        return self.reason


class TripCheck(Model):
    """The questions before leaving as they were answered once, and what followed. The newest one counts."""

    personal_data: ClassVar[dict[str, str]] = {"checked_by": "personal"}
    retention: ClassVar[str] = "as long as the trip"

    trip = models.ForeignKey(Trip, on_delete=models.CASCADE, related_name="checks")
    answers = models.JSONField(
        default=dict
    )  # check's code -> {"ok": bool | null, "number": int | null, "words": str}
    go = models.BooleanField()
    missing = models.JSONField(default=list)  # codes of musts that do not hold
    doubts = models.JSONField(default=list)  # codes of what should hold and does not
    checked_at = models.DateTimeField()
    checked_by = models.CharField(max_length=150)
    seat_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["trip", "checked_at"], name="trip_check_newest")]

    def __str__(self) -> str:
        return "go" if self.go else "no-go"


class CheckRule(Model):
    """How an area asks one question before leaving: is it a must, with which number. Without a row the catalogue's default holds."""

    personal_data: ClassVar[dict[str, str]] = {"set_by": "personal"}
    retention: ClassVar[str] = "for ever"

    region_code = models.CharField(max_length=10)
    code = models.CharField(max_length=20)
    must = models.BooleanField()
    asked = models.BooleanField(default=True)
    number = models.PositiveIntegerField(null=True)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("region_code", "code", name="check_rule_once")]

    def __str__(self) -> str:
        return self.code
