"""What devices sent: envelopes as they came, the events inside, files, and questions that only a person can answer."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.lib.fields import EncryptedText, Model
from simpul.sync.models.devices import Device


class Envelope(Model):
    """A sealed segment as it came, kept before it is opened: the raw store. A repeat finds it by its name and gets the same receipt.

    ``reached``: the chain from the epoch's beginning to its head is here without a gap. Once its events are stored, ``sealed`` is emptied.
    """

    personal_data: ClassVar[dict[str, str]] = {"sealed": "personal"}
    retention: ClassVar[str] = "until its events are stored"

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="envelopes")
    name = models.CharField(max_length=64, unique=True)
    epoch = models.CharField(max_length=10)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    prev = models.BinaryField(max_length=32)
    head = models.BinaryField(max_length=32)
    key = models.CharField(max_length=8)
    sealed = models.BinaryField()
    signature = models.BinaryField(max_length=64)
    road = models.CharField(max_length=8)  # direct, node, bundle
    received_at = models.DateTimeField()
    reached = models.BooleanField(default=False)
    is_fork = models.BooleanField(default=False)  # another envelope of the same numbers was here
    state = models.CharField(max_length=8, default="stored")  # stored, opened, broken
    fault = models.CharField(max_length=200, blank=True)
    opened_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["device", "epoch", "first"], name="envelope_numbers"),
            models.Index(fields=["received_at"], name="envelope_to_open", condition=models.Q(state="stored")),
        ]

    def __str__(self) -> str:
        return f"{self.epoch} {self.first}-{self.last}"


class Event(Model):
    """One act as its device wrote it, and what became of it. The body is erasable; the hashes stay, so that the chain verifies."""

    personal_data: ClassVar[dict[str, str]] = {"body": "specific", "words": "personal"}
    retention: ClassVar[str] = "as long as its subject"

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="events")
    envelope = models.ForeignKey(Envelope, on_delete=models.PROTECT, related_name="events")
    epoch = models.CharField(max_length=10)
    seq = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)
    prev = models.BinaryField(max_length=32)
    kind = models.CharField(max_length=66)
    at_ms = models.BigIntegerField()  # the device's clock
    subject = models.CharField(max_length=80, blank=True)
    body = EncryptedText(blank=True, default="")  # JSON; "" after an erasure
    body_hash = models.BinaryField(max_length=32)
    salt = models.BinaryField(max_length=16)
    offset_ms = models.BigIntegerField(null=True)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=12, default="stored")  # rules.outcomes.STATES
    is_fork = models.BooleanField(default=False)
    reason = models.CharField(max_length=60, blank=True)  # a code: of the refusal, of the flag
    words = models.CharField(max_length=300, blank=True)  # the sentence that was shown
    facts = models.JSONField(default=dict)  # what the act told: number of the matter, fields in conflict
    region_code = models.CharField(max_length=13, blank=True)  # whose repair list it is on
    judged_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)  # a person dealt with what was put aside
    settled_by = models.CharField(max_length=150, blank=True)
    settled_words = models.CharField(max_length=300, blank=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("device", "epoch", "seq", "hash", name="event_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["received_at"],
                name="event_to_judge",
                condition=models.Q(state__in=["stored", "held"]),
            ),
            models.Index(fields=["subject", "state"], name="event_subject"),
            models.Index(fields=["region_code", "state"], name="event_region"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.epoch}:{self.seq}"


class Task(Model):
    """A question that only a person can answer: two deliveries, two states, a fork, a household registered twice, an event put aside."""

    personal_data: ClassVar[dict[str, str]] = {"facts": "personal", "settled_words": "personal"}
    retention: ClassVar[str] = "5 years after it was settled"

    kind = models.CharField(max_length=16)  # rules.outcomes.TASKS
    subject = models.CharField(max_length=80, blank=True)
    region_code = models.CharField(max_length=13, blank=True)
    event = models.ForeignKey(Event, null=True, on_delete=models.PROTECT, related_name="tasks")
    device = models.ForeignKey(Device, null=True, on_delete=models.PROTECT, related_name="tasks")
    facts = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=8, default="open")  # open, settled
    decision = models.CharField(max_length=24, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=150, blank=True)
    settled_words = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "kind", "event", name="sync_task_once", condition=models.Q(event__isnull=False)
            )
        ]
        indexes: ClassVar = [models.Index(fields=["region_code", "state"], name="sync_task_region")]

    def __str__(self) -> str:
        return self.kind


class Blob(Model):
    """A file that an event names by its content: it comes after the events, thumbnails first, in pieces."""

    personal_data: ClassVar[dict[str, str]] = {"file_sha256": "personal"}
    retention: ClassVar[str] = "as long as what it belongs to"

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="blobs")
    digest = models.CharField(
        max_length=64
    )  # sha256, hex, of what the device sends; no file of the store has this name
    size = models.PositiveBigIntegerField()
    have = models.PositiveBigIntegerField(default=0)
    state = models.CharField(max_length=8, default="coming")  # coming, here, refused
    file_sha256 = models.CharField(max_length=64, blank=True)  # of the cleaned file in the store
    media_type = models.CharField(max_length=40, blank=True)
    fault = models.CharField(max_length=200, blank=True)
    begun_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("device", "digest", name="blob_once")]

    def __str__(self) -> str:
        return self.digest[:12]
