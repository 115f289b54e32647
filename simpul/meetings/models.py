"""A musyawarah: who came, which names were read, who objected, what was decided, and the minutes nobody can change afterwards.

Everything that is written down during a meeting is an *entry* of its own with the moment it was recorded; taking one back leaves the row
and sets ``withdrawn_at``. When the meeting is closed its content is frozen as one text with a digest (``Minutes``); a correction is a new
meeting that names the one it replaces.
"""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.db import models

from simpul.desks.models import Desk
from simpul.lib import areas
from simpul.lib.fields import EncryptedText, Model
from simpul.people.models import Family, Household, Person
from simpul.regions.models import Hamlet


class MeetingSet(models.QuerySet["Meeting"]):
    """Filters over meetings."""

    def inside(self, code: str) -> MeetingSet:
        """Meetings of a region and of all that lies in it."""
        return self.filter(areas.inside(code)) if code else self

    def standing(self) -> MeetingSet:
        """Closed meetings whose list no newer closed version has replaced."""
        newer = Meeting.objects.filter(replaces=models.OuterRef("pk"), state="closed")
        return self.filter(state="closed").exclude(models.Exists(newer))


class Meeting(Model):
    """One musyawarah: planned, held, closed; or called off."""

    personal_data: ClassVar[dict[str, str]] = {
        "chair": "personal",
        "minute_taker": "personal",
        "course": "personal",
        "recorded_by": "personal",
    }
    retention: ClassVar[str] = "for ever: a public decision of the village; its names 10 years"

    kind = models.CharField(max_length=24)  # meetings/catalogue/kinds.toml
    title = models.CharField(max_length=150)
    purpose = models.TextField(blank=True)
    programme = models.CharField(max_length=40, blank=True)  # a programme's code; programmes stand above
    region_code = models.CharField(max_length=10)
    hamlet = models.ForeignKey(Hamlet, null=True, on_delete=models.PROTECT, related_name="+")
    desk = models.ForeignKey(Desk, null=True, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=150, blank=True)
    planned_at = models.DateTimeField()
    held_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, default="planned")  # planned, held, closed, withdrawn
    chair = models.CharField(max_length=150, blank=True)
    minute_taker = models.CharField(max_length=150, blank=True)
    course = models.TextField(blank=True)  # how it went, in the minute taker's words

    quorum_people = models.PositiveSmallIntegerField(default=0)  # 0: none is asked for
    quorum_groups = models.JSONField(default=list)  # groups of whom at least one must be there
    short_because = models.CharField(max_length=300, blank=True)  # why it was closed although it was short
    objection_days = models.PositiveSmallIntegerField(default=0)
    objections_until = models.DateField(null=True)  # the last day of the time for objections, set on closing

    version = models.PositiveSmallIntegerField(default=1)
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    replaces_because = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)

    objects = MeetingSet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=["planned", "held", "closed", "withdrawn"]),
                name="meeting_state_known",
            ),
            models.CheckConstraint(
                condition=models.Q(held_at__isnull=False) | models.Q(state__in=["planned", "withdrawn"]),
                name="meeting_held_has_its_time",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=False) ^ ~models.Q(state="closed"),
                name="meeting_closed_has_its_time",
            ),
            models.UniqueConstraint(
                "replaces",
                name="meeting_replaced_once",
                condition=models.Q(replaces__isnull=False) & ~models.Q(state="withdrawn"),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["region_code", "-planned_at"], name="meeting_region_planned"),
            models.Index(fields=["programme", "region_code", "state"], name="meeting_programme_region"),
        ]

    def __str__(self) -> str:
        return self.title


class Entry(Model):
    """What was written down in a meeting, when and by whom; taken back, it stays with ``withdrawn_at``."""

    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)
    user_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class Attendance(Entry):
    """Somebody who was asked to come: did they, of which groups are they, did they sign."""

    personal_data: ClassVar[dict[str, str]] = {
        "name": "personal",
        "groups": "specific",
        "recorded_by": "personal",
    }
    retention: ClassVar[str] = "as long as the meeting"

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendances")
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=150)
    office = models.CharField(max_length=100, blank=True)  # "Ketua RT 02", "BPD"
    groups = models.JSONField(default=list)  # codes of rules.GROUPS
    came = models.BooleanField(null=True)  # null: asked, not seen yet
    signed = models.BooleanField(default=False)  # the signature on the paper list was seen
    decides = models.BooleanField(default=False)  # has a voice in the decisions: chair, village head, BPD ...

    class Meta:
        indexes: ClassVar = [models.Index(fields=["meeting", "recorded_at"], name="attendance_meeting")]

    def __str__(self) -> str:
        return self.name


class Count(Entry):
    """People of one group who were counted without their names: one row a press of the button."""

    personal_data: ClassVar[dict[str, str]] = {"recorded_by": "personal"}
    retention: ClassVar[str] = "as long as the meeting"

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="counts")
    group = models.CharField(max_length=12)
    number = models.SmallIntegerField()  # how many more; below zero takes back

    class Meta:
        indexes: ClassVar = [models.Index(fields=["meeting", "recorded_at"], name="count_meeting")]

    def __str__(self) -> str:
        return f"{self.group} {self.number:+d}"


class Item(Entry):
    """One name that the meeting reads: as it stood on the list, tied to the register where it is known."""

    personal_data: ClassVar[dict[str, str]] = {
        "name": "personal",
        "address": "personal",
        "nik": "identity",
        "reason": "specific",
        "recorded_by": "personal",
    }
    retention: ClassVar[str] = "10 years after the meeting"

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveIntegerField()
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    household = models.ForeignKey(Household, null=True, on_delete=models.SET_NULL, related_name="+")
    family = models.ForeignKey(Family, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=150)
    address = models.CharField(max_length=200, blank=True)
    nik = EncryptedText(blank=True, default="")
    reason = models.CharField(max_length=300, blank=True)  # why the name is on the list
    source = models.CharField(max_length=10)  # typed, list, register, usul, older
    before = models.CharField(max_length=10, blank=True)  # what the version before had decided

    class Meta:
        indexes: ClassVar = [models.Index(fields=["meeting", "position"], name="item_meeting_position")]

    def __str__(self) -> str:
        return self.name


class Objection(Entry):
    """Somebody says a name is missing (usul) or should not be there (sanggah), and what they were answered.

    After the meeting is closed a new one may still arrive; it is no part of the minutes, and only a new version can heed it.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "by_name": "personal",
        "about_name": "personal",
        "about_address": "personal",
        "reasons": "specific",
        "answer": "specific",
        "answered_by": "personal",
        "recorded_by": "personal",
    }
    retention: ClassVar[str] = "as long as the meeting"

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="objections")
    item = models.ForeignKey(Item, null=True, on_delete=models.PROTECT, related_name="objections")
    kind = models.CharField(max_length=8)  # usul, sanggah
    phase = models.CharField(max_length=8)  # before, during, after
    late = models.BooleanField(default=False)  # it came when the time for objections was over
    by_name = models.CharField(max_length=150, blank=True)
    by_group = models.CharField(max_length=12, blank=True)
    about_name = models.CharField(max_length=150)
    about_address = models.CharField(max_length=200, blank=True)
    reasons = models.TextField()
    made_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    outcome = models.CharField(max_length=8, blank=True)  # upheld, refused
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=150, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["meeting", "made_at"], name="objection_meeting")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.about_name}"


class Decision(Entry):
    """What was decided about one name. Deciding again adds a row; the newest that was not taken back stands."""

    personal_data: ClassVar[dict[str, str]] = {"reason": "specific", "recorded_by": "personal"}
    retention: ClassVar[str] = "as long as the meeting"

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=10)  # in, out, deferred
    reason = models.CharField(max_length=300, blank=True)
    votes_for = models.PositiveSmallIntegerField(null=True)
    votes_against = models.PositiveSmallIntegerField(null=True)
    abstained = models.PositiveSmallIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["item", "recorded_at"], name="decision_item")]

    def __str__(self) -> str:
        return self.outcome


class Minutes(Model):
    """The content of a closed meeting as one text, and its SHA-256: written once, never changed."""

    personal_data: ClassVar[dict[str, str]] = {"content": "specific", "made_by": "personal"}
    retention: ClassVar[str] = "as long as the meeting"

    meeting = models.OneToOneField(Meeting, on_delete=models.PROTECT, related_name="minutes")
    content = models.TextField()  # canonical JSON: rules.minutes.canonical
    digest = models.CharField(max_length=64)
    version = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)

    def __str__(self) -> str:
        return self.digest


class Package(Model):
    """A by-name-by-address file that left the house: what for, how many rows, with or without NIK, and the digest of its bytes."""

    personal_data: ClassVar[dict[str, str]] = {"purpose": "personal", "made_by": "personal"}
    retention: ClassVar[str] = "for ever; the file itself is not kept"

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="packages")
    purpose = models.CharField(max_length=200)
    with_nik = models.BooleanField()
    rows = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)

    def __str__(self) -> str:
        return self.digest
