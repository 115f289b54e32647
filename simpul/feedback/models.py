"""What was said, how it is coded, what was rumoured, and what changed because of it. Nobody's name is kept here."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.cases.models import Case
from simpul.desks.models import Desk
from simpul.lib import areas
from simpul.lib.fields import Model
from simpul.regions.models import Hamlet


class Code(models.Model):
    """One code of the frame: type > category > code. Codes are switched off, never removed: old records keep their meaning."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever"

    code = models.SlugField(max_length=40, primary_key=True)
    type = models.CharField(max_length=20)  # see feedback.rules.TYPES
    category = models.CharField(max_length=40)
    category_name = models.CharField(max_length=80)
    category_name_en = models.CharField(max_length=80)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    about = models.CharField(max_length=300, blank=True)
    about_en = models.CharField(max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=100)
    confidence = models.CharField(max_length=12, default="unconfirmed")
    source = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    is_own = models.BooleanField(
        default=False
    )  # added or changed here: the shipped catalogue leaves it alone

    def __str__(self) -> str:
        return self.code


class FrameVersion(models.Model):
    """The whole frame as it was from a moment on, so that figures of another year can be read with the words of that year."""

    personal_data: ClassVar[dict[str, str]] = {"made_by": "personal"}
    retention: ClassVar[str] = "for ever"

    number = models.PositiveIntegerField(primary_key=True)
    codes = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)

    def __str__(self) -> str:
        return f"version {self.number}"


class Rumour(Model):
    """A belief that goes round: what is said, what is true, and what we answer."""

    personal_data: ClassVar[dict[str, str]] = {"answered_by": "personal"}
    retention: ClassVar[str] = "five years"

    words = models.CharField(max_length=200)
    first_heard_at = models.DateTimeField()
    noted_at = models.DateTimeField()
    region_code = models.CharField(max_length=10)  # where it was heard first
    verdict = models.CharField(max_length=10, default="unknown")  # unknown, true, partly, untrue
    answer = models.TextField(blank=True)
    answer_public = models.BooleanField(default=False)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=150, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["region_code", "noted_at"], name="rumour_region")]

    def __str__(self) -> str:
        return self.words


class RecordSet(models.QuerySet["Record"]):
    """Filters over what was said."""

    def inside(self, code: str) -> RecordSet:
        """What was said inside a region."""
        return self.filter(areas.inside(code)) if code else self


class Record(Model):
    """One piece of feedback. Who said it is not kept; what they are is asked only where it helps, and never has to be told.

    What is sensitive never becomes a record: it goes to the protected intake (``actions.recording``).
    """

    personal_data: ClassVar[dict[str, str]] = {
        "text": "personal",
        "sex": "personal",
        "age_band": "personal",
        "disability": "specific",
        "taken_by": "personal",
    }
    retention: ClassVar[str] = "three years; its codes are counted for ever"

    text = models.TextField()
    language = models.CharField(max_length=20, default="id")
    channel = models.CharField(max_length=12)
    received_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    region_code = models.CharField(max_length=10)
    hamlet = models.ForeignKey(Hamlet, null=True, on_delete=models.PROTECT, related_name="+")
    sex = models.CharField(max_length=6, blank=True)  # "", female, male, other
    age_band = models.CharField(max_length=6, blank=True)  # "", see feedback.rules.AGE_BANDS
    disability = models.CharField(max_length=8, blank=True)  # "", yes, no
    voices = models.PositiveSmallIntegerField(default=1)  # how many people said it, e.g. in a meeting
    source_kind = models.CharField(max_length=10, default="officer")  # officer, incoming, call
    source_id = models.UUIDField(null=True)
    desk = models.ForeignKey(Desk, null=True, on_delete=models.PROTECT, related_name="+")
    taken_by = models.CharField(max_length=150, blank=True)
    state = models.CharField(max_length=8, default="new")  # new, coded, turned
    rumour = models.ForeignKey(Rumour, null=True, on_delete=models.PROTECT, related_name="records")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="feedback")

    objects = RecordSet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "source_kind",
                "source_id",
                name="feedback_source_once",
                condition=models.Q(source_id__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["region_code", "received_at"], name="feedback_region_received"),
            models.Index(fields=["state", "received_at"], name="feedback_state_received"),
            models.Index(fields=["received_at", "region_code"], name="feedback_received_region"),
        ]

    def __str__(self) -> str:
        return self.text[:40]


class Coding(models.Model):
    """One code on one record, with the version of the frame it was chosen from."""

    personal_data: ClassVar[dict[str, str]] = {"by_name": "personal"}
    retention: ClassVar[str] = "as long as the record"

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="codings", db_index=False)
    code = models.ForeignKey(Code, on_delete=models.PROTECT, related_name="+", db_index=False)
    frame = models.PositiveIntegerField()
    at = models.DateTimeField()
    by_name = models.CharField(max_length=150)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("record", "code", name="coding_once")]
        indexes: ClassVar = [models.Index(fields=["code", "record"], name="coding_code_record")]

    def __str__(self) -> str:
        return f"{self.record_id} {self.code_id}"


class Change(Model):
    """What changed because of what people said: the other half of listening."""

    personal_data: ClassVar[dict[str, str]] = {"decided_by": "personal", "noted_by": "personal"}
    retention: ClassVar[str] = "for ever"

    words = models.TextField()
    codes = models.ManyToManyField(Code, related_name="changes")
    since_date = models.DateField()  # of the feedback that led to it
    until_date = models.DateField()
    region_code = models.CharField(max_length=10)
    decided_by = models.CharField(max_length=150)
    decided_date = models.DateField()
    is_public = models.BooleanField(default=False)
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=150)
    withdrawn_at = models.DateTimeField(null=True)
    withdraw_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["is_public", "decided_date"], name="change_public_date")]

    def __str__(self) -> str:
        return self.words[:40]
