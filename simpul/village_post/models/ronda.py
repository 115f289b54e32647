"""The night watch: posts with their points, watchers, rosters, nights with what was written down in them, and what happened.

A *night* belongs to the day on which it begins, also after midnight. What is written down in a night is an entry of its own; taken
back, it stays with ``withdrawn_at``. An incident of a protected kind keeps no words here: only that a protected matter was opened.
"""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.db import models

from simpul.cases.models import Case
from simpul.lib.fields import EncryptedText, Model
from simpul.people.models import Person
from simpul.regions.models import Hamlet


class WatchPost(Model):
    """A pos ronda: where people keep watch, from when to when, and how many each night."""

    personal_data: ClassVar[dict[str, str]] = {"recorded_by": "personal"}
    retention: ClassVar[str] = "for ever: a place of the village"

    region_code = models.CharField(max_length=10)
    hamlet = models.ForeignKey(Hamlet, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    place = models.CharField(max_length=150, blank=True)
    starts = models.TimeField()
    ends = models.TimeField()
    per_night = models.PositiveSmallIntegerField(default=4)
    mode = models.CharField(max_length=8, default="person")  # person, group: who takes turns
    round_times = models.JSONField(default=list)  # "22:30": when the points are walked
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(mode__in=["person", "group"]), name="watch_mode_known"),
            models.CheckConstraint(
                condition=models.Q(per_night__gte=1, per_night__lte=30), name="watch_per_night"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["region_code", "name"], name="watch_post_region")]

    def __str__(self) -> str:
        return self.name


class WatchPoint(Model):
    """A place that the round passes: the bridge, the mosque, the pump house."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "as long as the post"

    post = models.ForeignKey(WatchPost, on_delete=models.PROTECT, related_name="points")
    name = models.CharField(max_length=100)
    position = models.PositiveSmallIntegerField(default=0)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["post", "position"], name="watch_point_post")]

    def __str__(self) -> str:
        return self.name


class Watcher(Model):
    """Somebody who keeps watch at a post: of the register, or by name."""

    personal_data: ClassVar[dict[str, str]] = {"name": "personal", "phone": "personal"}
    retention: ClassVar[str] = "2 years after the last night"

    post = models.ForeignKey(WatchPost, on_delete=models.PROTECT, related_name="watchers")
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=150)
    phone = models.CharField(max_length=20, blank=True)
    group = models.CharField(max_length=24, blank=True)
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "post",
                "person",
                name="watcher_once_a_post",
                condition=models.Q(person__isnull=False, ended_at=None),
            )
        ]
        indexes: ClassVar = [models.Index(fields=["post", "group", "name"], name="watcher_post")]

    def __str__(self) -> str:
        return self.name


class Exemption(Model):
    """Why somebody is asked for no nights, from when, and until when; without an end until it is ended."""

    personal_data: ClassVar[dict[str, str]] = {"kind": "specific", "note": "specific"}
    retention: ClassVar[str] = "as long as the watcher"

    watcher = models.ForeignKey(Watcher, on_delete=models.PROTECT, related_name="exemptions")
    kind = models.CharField(max_length=12)  # rules.ronda.EXEMPTIONS
    from_date = models.DateField()
    until_date = models.DateField(null=True)
    note = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(until_date=None) | models.Q(until_date__gte=models.F("from_date")),
                name="exemption_forward",
            )
        ]

    def __str__(self) -> str:
        return self.kind


class WatchRoster(Model):
    """Who keeps watch on which night of a period: a draft, published, or withdrawn."""

    personal_data: ClassVar[dict[str, str]] = {"published_by": "personal"}
    retention: ClassVar[str] = "2 years"

    post = models.ForeignKey(WatchPost, on_delete=models.PROTECT, related_name="rosters")
    starts_date = models.DateField()
    ends_date = models.DateField()
    per_night = models.PositiveSmallIntegerField()
    mode = models.CharField(max_length=8)
    state = models.CharField(max_length=10, default="draft")  # draft, published, withdrawn
    short_nights = models.JSONField(default=list)  # days for which there were too few people
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    published_by = models.CharField(max_length=150, blank=True)
    withdrawn_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "published", "withdrawn"]), name="watch_roster_state"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_date__gte=models.F("starts_date")), name="watch_roster_forward"
            ),
            models.UniqueConstraint(
                "post", "starts_date", name="watch_roster_once", condition=~models.Q(state="withdrawn")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_date} - {self.ends_date}"


class WatchDuty(Model):
    """One person on one night of a roster."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "2 years"

    roster = models.ForeignKey(WatchRoster, on_delete=models.PROTECT, related_name="duties")
    watcher = models.ForeignKey(Watcher, on_delete=models.PROTECT, related_name="duties")
    night_date = models.DateField()
    swapped = models.BooleanField(default=False)  # came here by a swap

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("roster", "night_date", "watcher", name="watch_duty_once")
        ]
        indexes: ClassVar = [models.Index(fields=["watcher", "night_date"], name="watch_duty_watcher")]

    def __str__(self) -> str:
        return str(self.night_date)


class WatchSwap(Model):
    """Somebody asks another to take over a night, in exchange for one of theirs or not; it counts when both have agreed."""

    personal_data: ClassVar[dict[str, str]] = {"why": "personal", "recorded_by": "personal"}
    retention: ClassVar[str] = "2 years"

    duty = models.ForeignKey(WatchDuty, on_delete=models.PROTECT, related_name="swaps")
    other = models.ForeignKey(Watcher, on_delete=models.PROTECT, related_name="+")
    other_duty = models.ForeignKey(WatchDuty, null=True, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=200, blank=True)
    asked_by = models.CharField(max_length=10)  # how the one who asks said so: present, phone, message
    agreed_by = models.CharField(max_length=10, blank=True)  # how the other one agreed
    state = models.CharField(max_length=8, default="asked")  # asked, agreed, refused
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=["asked", "agreed", "refused"]), name="watch_swap_state"
            ),
            models.UniqueConstraint("duty", name="watch_swap_one_open", condition=models.Q(state="asked")),
        ]

    def __str__(self) -> str:
        return self.state


class WatchNight(Model):
    """One night at a post: opened when people come, closed in the morning; its book is one page."""

    personal_data: ClassVar[dict[str, str]] = {"closing_note": "personal", "recorded_by": "personal"}
    retention: ClassVar[str] = "5 years; the book of the night"

    post = models.ForeignKey(WatchPost, on_delete=models.PROTECT, related_name="nights")
    night_date = models.DateField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closing_note = models.TextField(blank=True)
    recorded_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("post", "night_date", name="watch_night_once")]

    def __str__(self) -> str:
        return str(self.night_date)


class NightEntry(Model):
    """What was written down in a night, when it was and when it was recorded."""

    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)
    user_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class Presence(NightEntry):
    """Somebody who came to keep watch, on the roster or not, and when they left."""

    personal_data: ClassVar[dict[str, str]] = {"name": "personal", "recorded_by": "personal"}
    retention: ClassVar[str] = "5 years"

    night = models.ForeignKey(WatchNight, on_delete=models.PROTECT, related_name="presences")
    watcher = models.ForeignKey(Watcher, null=True, on_delete=models.PROTECT, related_name="presences")
    name = models.CharField(max_length=150)
    came_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "night",
                "watcher",
                name="presence_once",
                condition=models.Q(withdrawn_at=None, watcher__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Patrol(NightEntry):
    """A point that was passed on a round, and what was seen there."""

    personal_data: ClassVar[dict[str, str]] = {"words": "personal", "recorded_by": "personal"}
    retention: ClassVar[str] = "5 years"

    night = models.ForeignKey(WatchNight, on_delete=models.PROTECT, related_name="patrols")
    point = models.ForeignKey(WatchPoint, on_delete=models.PROTECT, related_name="+")
    passed_at = models.DateTimeField()
    safe = models.BooleanField(default=True)
    words = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return str(self.passed_at)


class Gear(Model):
    """A key or a thing of the post: kentongan, torch, radio, first-aid box."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "as long as the post"

    post = models.ForeignKey(WatchPost, on_delete=models.PROTECT, related_name="gear")
    kind = models.CharField(max_length=12)  # rules.ronda.GEAR
    name = models.CharField(max_length=100, blank=True)
    count = models.PositiveSmallIntegerField(default=1)
    removed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name or self.kind


class GearHandover(NightEntry):
    """A thing that changed hands in a night: how many, in which condition, from whom to whom."""

    personal_data: ClassVar[dict[str, str]] = {
        "from_name": "personal",
        "to_name": "personal",
        "words": "personal",
        "recorded_by": "personal",
    }
    retention: ClassVar[str] = "5 years"

    night = models.ForeignKey(WatchNight, on_delete=models.PROTECT, related_name="handovers")
    gear = models.ForeignKey(Gear, on_delete=models.PROTECT, related_name="+")
    handed_at = models.DateTimeField()
    count = models.PositiveSmallIntegerField()
    condition = models.CharField(max_length=8)  # good, damaged, missing
    from_name = models.CharField(max_length=100, blank=True)
    to_name = models.CharField(max_length=100, blank=True)
    words = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(condition__in=["good", "damaged", "missing"]), name="gear_condition_known"
            )
        ]

    def __str__(self) -> str:
        return self.condition


class NightNote(NightEntry):
    """One line of the book of mutations: what was noticed, when."""

    personal_data: ClassVar[dict[str, str]] = {"words": "personal", "recorded_by": "personal"}
    retention: ClassVar[str] = "5 years"

    night = models.ForeignKey(WatchNight, on_delete=models.PROTECT, related_name="notes")
    noted_at = models.DateTimeField()
    words = models.CharField(max_length=500)

    def __str__(self) -> str:
        return self.words[:40]


class StayReport(NightEntry):
    """A guest who stays longer than 24 hours and was reported: who, with whom, from when to when."""

    personal_data: ClassVar[dict[str, str]] = {
        "name": "personal",
        "nik": "identity",
        "origin": "personal",
        "phone": "personal",
        "host_name": "personal",
        "purpose": "personal",
        "recorded_by": "personal",
    }
    retention: ClassVar[str] = "1 year after the guest left (unconfirmed)"

    region_code = models.CharField(max_length=10)
    post = models.ForeignKey(WatchPost, null=True, on_delete=models.PROTECT, related_name="+")
    night = models.ForeignKey(WatchNight, null=True, on_delete=models.PROTECT, related_name="stays")
    name = models.CharField(max_length=150)
    nik = EncryptedText(blank=True, default="")
    origin = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    people = models.PositiveSmallIntegerField(default=1)
    host_name = models.CharField(max_length=150)
    host = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    hamlet = models.ForeignKey(Hamlet, null=True, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=200, blank=True)
    arrived_at = models.DateTimeField()
    reported_at = models.DateTimeField()
    late = models.BooleanField(default=False)  # reported more than 24 hours after arriving
    until_date = models.DateField(null=True)
    left_date = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["region_code", "-reported_at"], name="stay_region")]

    def __str__(self) -> str:
        return self.name


class WatchIncident(NightEntry):
    """Something that happened. One of a protected kind has no words here, only the protected matter that was opened for it."""

    personal_data: ClassVar[dict[str, str]] = {
        "persons": "personal",
        "words": "personal",
        "first_action": "personal",
        "outcome": "personal",
        "recorded_by": "personal",
    }
    retention: ClassVar[str] = "5 years"

    region_code = models.CharField(max_length=10)
    post = models.ForeignKey(WatchPost, null=True, on_delete=models.PROTECT, related_name="+")
    night = models.ForeignKey(WatchNight, null=True, on_delete=models.PROTECT, related_name="incidents")
    hamlet = models.ForeignKey(Hamlet, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)  # catalogue/ronda.toml
    protected = models.BooleanField(default=False)
    severity = models.CharField(max_length=8, default="low")  # low, medium, high
    happened_at = models.DateTimeField()
    place = models.CharField(max_length=150, blank=True)
    persons = models.CharField(max_length=300, blank=True)
    words = models.TextField(blank=True)
    first_action = models.TextField(blank=True)
    state = models.CharField(max_length=8, default="open")  # open, closed
    outcome = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(severity__in=["low", "medium", "high"]), name="watch_incident_severity"
            ),
            models.CheckConstraint(
                condition=models.Q(state="closed", closed_at__isnull=False)
                | models.Q(state="open", closed_at=None),
                name="watch_incident_closed_time",
            ),
            models.CheckConstraint(
                condition=models.Q(protected=False)
                | models.Q(words="", persons="", place="", first_action="", outcome=""),
                name="watch_incident_protected_mute",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["region_code", "-happened_at"], name="watch_incident_region")
        ]

    def __str__(self) -> str:
        return self.kind


class IncidentTold(NightEntry):
    """Who was told of an incident, when, by which road, and what they said."""

    personal_data: ClassVar[dict[str, str]] = {
        "name": "personal",
        "reply": "personal",
        "recorded_by": "personal",
    }
    retention: ClassVar[str] = "as long as the incident"

    incident = models.ForeignKey(WatchIncident, on_delete=models.PROTECT, related_name="told")
    body = models.CharField(max_length=16)  # rules.ronda.BODIES
    name = models.CharField(max_length=100, blank=True)
    road = models.CharField(max_length=10)  # phone, message, present
    told_at = models.DateTimeField()
    reply = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.body
