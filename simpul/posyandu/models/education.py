"""Education: an institution's own media, what was shown to whom, and telling families of the day and after a missed one."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.lib.fields import Model
from simpul.posyandu.models.follow_up import HomeVisit
from simpul.posyandu.models.institution import Posyandu
from simpul.posyandu.models.participants import Day, Participant


class Medium(Model):
    """A medium of an area's own: a flip chart, a leaflet as a file, a film on a stick. Those that ship stand in the catalogue."""

    personal_data: ClassVar[dict[str, str]] = {"added_by": "personal"}
    retention: ClassVar[str] = "10 years after it was ended"

    region_code = models.CharField(max_length=10)
    topic = models.CharField(max_length=30)  # a code of the field "education"
    kind = models.CharField(max_length=12, default="leaflet")  # leaflet, poster, flipchart, film, tool
    title = models.CharField(max_length=120)
    forms = models.CharField(max_length=4, blank=True)  # "AB"; "" for everybody
    words = models.TextField(blank=True)  # what to say, a sentence a line
    file_sha256 = models.CharField(max_length=64, blank=True)
    file_mime = models.CharField(max_length=60, blank=True)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=150, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["region_code", "ended_at"], name="medium_region")]

    def __str__(self) -> str:
        return self.title


class Showing(Model):
    """A medium that was shown or a topic that was talked about: to all who came on a day, or to one person, at the post or at home."""

    personal_data: ClassVar[dict[str, str]] = {"recorded_by": "personal"}
    retention: ClassVar[str] = "as long as the participant's card; those to all 10 years"

    posyandu = models.ForeignKey(Posyandu, on_delete=models.PROTECT, related_name="showings")
    region_code = models.CharField(max_length=10)
    medium = models.CharField(max_length=40)  # code of the catalogue, or key of a medium of one's own
    title = models.CharField(max_length=120)
    topic = models.CharField(max_length=30)
    date = models.DateField()
    day = models.ForeignKey(Day, null=True, on_delete=models.PROTECT, related_name="showings")
    visit = models.ForeignKey(HomeVisit, null=True, on_delete=models.PROTECT, related_name="showings")
    participant = models.ForeignKey(
        Participant, null=True, on_delete=models.PROTECT, related_name="showings"
    )  # null: to all
    people = models.PositiveSmallIntegerField(default=1)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["posyandu", "-date"], name="showing_posyandu"),
            models.Index(fields=["participant", "-date"], name="showing_participant"),
        ]

    def __str__(self) -> str:
        return self.title


class Telling(Model):
    """Whether and when the families of a posyandu are told: days before the day, days after a missed one. Nothing until it is set."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever"

    posyandu = models.OneToOneField(Posyandu, on_delete=models.PROTECT, related_name="telling")
    before_days = models.PositiveSmallIntegerField(default=0)  # 0: not told
    missed_days = models.PositiveSmallIntegerField(default=0)  # after the day; 0: not told
    bring = models.CharField(max_length=120, blank=True)  # "Buku KIA dan KTP"
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.posyandu_id)


class Told(Model):
    """That somebody was told of a day, once: before it, or because they had missed it."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "2 years"

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="tellings")
    region_code = models.CharField(max_length=10)
    kind = models.CharField(max_length=6)  # before, missed
    day = models.DateField()
    sent = models.BooleanField(default=False)  # false: there is no safe road, somebody has to say it
    told_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("participant", "kind", "day", name="told_of_day_once")
        ]
        indexes: ClassVar = [models.Index(fields=["region_code", "day", "kind"], name="told_region_day")]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"
