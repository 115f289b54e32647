"""The stops of a trip and what happened there; what was promised; how long the ways are."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.cases.models import Case
from simpul.lib.fields import Model
from simpul.outreach.models.trips import Trip
from simpul.people.models import Household, Person
from simpul.regions.models import Hamlet


class Stop(Model):
    """One place of a trip, in the order of ``position``: when the team came, what it opened there, what it could not do."""

    personal_data: ClassVar[dict[str, str]] = {"official": "personal", "closed_by": "personal"}
    retention: ClassVar[str] = "as long as the trip"

    trip = models.ForeignKey(Trip, on_delete=models.CASCADE, related_name="stops")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, default="service")  # rules.trips.STOPS
    region_code = models.CharField(max_length=10)
    hamlet = models.ForeignKey(Hamlet, null=True, on_delete=models.PROTECT, related_name="+")
    planned_date = models.DateField(null=True)
    place = models.CharField(max_length=150, blank=True)
    arrived_at = models.DateTimeField(null=True)
    official = models.CharField(max_length=150, blank=True)  # who of the village was there
    official_office = models.CharField(max_length=100, blank=True)
    opened_at = models.DateTimeField(null=True)
    opened_place = models.CharField(max_length=150, blank=True)
    shut_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    not_done = models.TextField(blank=True)
    not_done_why = models.CharField(max_length=300, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=150, blank=True)
    flags = models.JSONField(default=list)  # rules.trips.FLAGS
    added_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["trip", "position"], name="stop_trip_position"),
            models.Index(fields=["region_code", "arrived_at"], name="stop_region_arrived"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.region_code}"


class Socialisation(Model):
    """Something was explained to people at a stop. ``men`` and ``women`` make the number; the other groups are part of it."""

    personal_data: ClassVar[dict[str, str]] = {"recorded_by": "personal"}
    retention: ClassVar[str] = "as long as the trip"

    stop = models.ForeignKey(Stop, on_delete=models.CASCADE, related_name="socialisations")
    topic = models.CharField(max_length=150)
    held_at = models.DateTimeField()
    men = models.PositiveIntegerField(default=0)
    women = models.PositiveIntegerField(default=0)
    elderly = models.PositiveIntegerField(default=0)
    disabled = models.PositiveIntegerField(default=0)
    youth = models.PositiveIntegerField(default=0)
    words = models.TextField(blank=True)
    photos = models.JSONField(default=list)  # keys of files
    flags = models.JSONField(default=list)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.topic


class Guest(Model):
    """A line in the guest book of an open door."""

    personal_data: ClassVar[dict[str, str]] = {
        "name": "personal",
        "origin": "personal",
        "purpose": "specific",
        "recorded_by": "personal",
    }
    retention: ClassVar[str] = "2 years after the trip"

    stop = models.ForeignKey(Stop, on_delete=models.CASCADE, related_name="guests")
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=150)
    origin = models.CharField(max_length=100, blank=True)
    purpose = models.CharField(max_length=200, blank=True)
    came_at = models.DateTimeField()
    flags = models.JSONField(default=list)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["stop", "came_at"], name="guest_stop_came")]

    def __str__(self) -> str:
        return self.name


class StopMatter(Model):
    """A matter that was taken in at a stop."""

    personal_data: ClassVar[dict[str, str]] = {"tied_by": "personal"}
    retention: ClassVar[str] = "as long as the trip"

    stop = models.ForeignKey(Stop, on_delete=models.CASCADE, related_name="matters")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="stops")
    tied_at = models.DateTimeField()
    tied_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("case", name="stop_matter_once")]

    def __str__(self) -> str:
        return str(self.case_id)


class Promise(Model):
    """What the team promised, to whom and until when; open until it is kept or a person was told why not."""

    personal_data: ClassVar[dict[str, str]] = {
        "to_name": "personal",
        "words": "specific",
        "kept_words": "specific",
        "recorded_by": "personal",
    }
    retention: ClassVar[str] = "as long as the trip"

    trip = models.ForeignKey(Trip, on_delete=models.CASCADE, related_name="promises")
    stop = models.ForeignKey(Stop, null=True, on_delete=models.CASCADE, related_name="promises")
    household = models.ForeignKey(Household, null=True, on_delete=models.SET_NULL, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    to_name = models.CharField(max_length=150, blank=True)
    words = models.CharField(max_length=300)
    due_date = models.DateField(null=True)
    promised_at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True)
    kept_how = models.CharField(max_length=8, blank=True)  # kept, told
    kept_words = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kept_at", "due_date"], name="promise_open_due")]

    def __str__(self) -> str:
        return self.words


class TravelLeg(Model):
    """How long one way takes by one means in one season. ``minutes`` None: not passable. No row: nobody has said.

    Places are villages by their code, and "office" for the office of the area ``region_code``.
    """

    personal_data: ClassVar[dict[str, str]] = {"set_by": "personal"}
    retention: ClassVar[str] = "for ever"

    region_code = models.CharField(max_length=10)
    from_place = models.CharField(max_length=10)
    to_place = models.CharField(max_length=10)
    mode = models.CharField(max_length=5)  # road, foot, river
    season = models.CharField(max_length=3)  # dry, wet
    minutes = models.PositiveIntegerField(null=True)
    both_ways = models.BooleanField(default=True)
    source = models.CharField(max_length=150, blank=True)
    confidence = models.CharField(max_length=12, default="unconfirmed")  # confirmed, secondary, unconfirmed
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=150, blank=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "region_code",
                "from_place",
                "to_place",
                "mode",
                "season",
                name="travel_leg_once",
                condition=models.Q(dropped_at=None),
            ),
            models.CheckConstraint(
                condition=~models.Q(from_place=models.F("to_place")), name="travel_leg_goes_somewhere"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_place} to {self.to_place}"
