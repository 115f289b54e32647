"""When personal data got where they should not: what happened, who is affected, and who was told (UU 27/2022 art. 46)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.lib.fields import Model
from simpul.people.models import Person


class Breach(Model):
    """One failure to protect personal data. ``due_at`` is 72 hours after somebody here became aware of it; nothing pauses it."""

    personal_data: ClassVar[dict[str, str]] = {"what": "personal", "measures": "personal"}
    retention: ClassVar[str] = "for ever: the register of failures"

    title = models.CharField(max_length=150)
    what = models.TextField()  # what happened, how, when
    classes = models.JSONField(default=list)  # classes of data concerned
    region_code = models.CharField(max_length=10, blank=True)
    happened_at = models.DateTimeField(null=True)
    noticed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    noted_by = models.CharField(max_length=150)
    measures = models.TextField(blank=True)  # what was done and will be done
    contact = models.CharField(max_length=150, blank=True)  # whom people may ask
    scopes = models.JSONField(default=list)  # how the affected were found, for whoever checks it
    authority_told_at = models.DateTimeField(null=True)
    authority_number = models.CharField(max_length=60, blank=True)
    public_told_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=150, blank=True)
    lessons = models.TextField(blank=True)
    warned_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["closed_at", "due_at"], name="breach_open_due")]

    def __str__(self) -> str:
        return self.title


class Affected(Model):
    """A person whose data a breach concerns, and how they were told. Who has no road is visited."""

    personal_data: ClassVar[dict[str, str]] = {"told_by": "personal", "words": "personal"}
    retention: ClassVar[str] = "5 years after the breach was closed"

    breach = models.ForeignKey(Breach, on_delete=models.CASCADE, related_name="affected")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="breaches")
    road = models.CharField(max_length=10, blank=True)  # "" nobody chose yet; sms, whatsapp, ..., slip, visit
    message_id = models.UUIDField(null=True)
    notified_at = models.DateTimeField(null=True)  # queued or put on the list of visits
    told_at = models.DateTimeField(null=True)
    told_by = models.CharField(max_length=150, blank=True)
    words = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("breach", "person", name="affected_once")]

    def __str__(self) -> str:
        return str(self.person_id)


class Authority(models.Model):
    """Whom a breach is reported to: one row, because the body for data protection was not set up when this was written."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever"

    id: models.PositiveSmallIntegerField[int, int] = models.PositiveSmallIntegerField(
        primary_key=True, default=1
    )
    name = models.CharField(max_length=150)
    address = models.TextField(blank=True)
    email = models.EmailField(blank=True)
    officer_contact = models.CharField(
        max_length=200, blank=True
    )  # our own data-protection officer, on every notice
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
