"""Texts, the outbound queue, and what providers report about it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.lib import areas
from simpul.lib.fields import Model
from simpul.messages.models.gateways import Gateway, Template
from simpul.messages.models.incoming import Correspondent, Incoming


class Text(Model):
    """The words of a message, for one road and language. Only a row that was edited overrides the catalogue."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever"

    key = models.CharField(max_length=40)
    road = models.CharField(max_length=10)  # email, sms, whatsapp, telegram, slip, or any
    language = models.CharField(max_length=5)
    subject = models.CharField(max_length=150, blank=True)
    body = models.TextField()
    edited_at = models.DateTimeField(null=True)  # null: as the catalogue has it

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("key", "road", "language", name="text_once")]

    def __str__(self) -> str:
        return f"{self.key}/{self.road}/{self.language}"


class MessageSet(models.QuerySet["Message"]):
    """Filters over messages."""

    def due(self, now: object, dead_before: object) -> MessageSet:
        """To be sent now: queued and not to wait any longer, or claimed by a worker that died before ``dead_before``."""
        waiting = models.Q(state="queued", next_try_at__lte=now)
        dead = models.Q(state="sending", claimed_at__lt=dead_before)
        return self.filter(waiting | dead).exclude(road="slip")

    def on_paper(self) -> MessageSet:
        """To be printed or told: the lists of the hamlets."""
        return self.filter(road="slip", state__in=("queued", "printed"))

    def inside(self, code: str) -> MessageSet:
        """Messages to be told inside a region."""
        return self.filter(areas.inside(code)) if code else self


class Message(Model):
    """One thing to be said to one person by one road. Queued in the act's transaction, sent afterwards.

    The road "slip" is paper: the message waits on the printed list of its hamlet until somebody says it was told.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "to_name": "personal",
        "to_address": "personal",
        "subject": "personal",
        "body": "personal",
        "values": "personal",
        "told_note": "personal",
        "to_person_id": "personal",
        "hamlet_name": "personal",
        "landmark": "personal",
        "correspondent": "personal",
    }
    retention: ClassVar[str] = "two years after the matter is closed"

    subject_kind = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    once_key = models.CharField(max_length=120, unique=True)
    asked_key = models.CharField(max_length=40)  # what there is to say
    text_key = models.CharField(max_length=40)  # what is said: the same, or a text without content
    values = models.JSONField(default=dict)  # what fills its text, so that it can go to paper
    road = models.CharField(max_length=10)  # email, sms, whatsapp, telegram, slip
    language = models.CharField(max_length=5)
    to_name = models.CharField(max_length=150, blank=True)
    to_address = models.CharField(max_length=150, blank=True)
    to_person_id = models.UUIDField(null=True)
    to_desk_id = models.UUIDField(null=True)
    region_code = models.CharField(max_length=10, blank=True)
    hamlet_name = models.CharField(max_length=80, blank=True)
    landmark = models.CharField(max_length=200, blank=True)
    sealed = models.BooleanField(default=False)  # shown to focal points only
    sensitive = models.BooleanField(default=False)  # said without content
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    state = models.CharField(
        max_length=10, default="queued"
    )  # queued, sending, sent, failed, held, printed, told, expired
    queued_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    road_since_at = models.DateTimeField(
        null=True
    )  # when it took its present road; null: since it was queued
    expires_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    printed_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    told_by = models.CharField(max_length=150, blank=True)
    told_how = models.CharField(max_length=12, blank=True)  # see messages.rules.HOW_TOLD
    told_note = models.CharField(max_length=200, blank=True)

    # how it travels: empty for paper
    gateway = models.ForeignKey(Gateway, null=True, on_delete=models.SET_NULL, related_name="+")
    correspondent = models.ForeignKey(
        Correspondent, null=True, on_delete=models.PROTECT, related_name="messages"
    )
    written_by = models.CharField(max_length=150, blank=True)  # the officer who wrote it; "" for the machine
    answers = models.ForeignKey(
        Incoming, null=True, on_delete=models.SET_NULL, related_name="answered_by"
    )  # the message it replies to
    template = models.ForeignKey(Template, null=True, on_delete=models.SET_NULL, related_name="+")
    roads_tried = models.JSONField(
        default=list
    )  # roads that failed for good ("sms", or "sms:" and the contact's id), so that the next safe one is taken
    external_id = models.CharField(max_length=190, blank=True)  # what the provider calls it
    parts = models.PositiveSmallIntegerField(default=0)  # of a short message
    cost_rupiah = models.PositiveIntegerField(default=0)
    receipt = models.CharField(max_length=10, blank=True)  # accepted, delivered, read, failed: what is known
    receipt_at = models.DateTimeField(null=True)

    objects = MessageSet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "road", "next_try_at"], name="message_state_road_next"),
            models.Index(fields=["subject_id"], name="message_subject"),
            models.Index(fields=["road", "state", "region_code"], name="message_road_state_region"),
            models.Index(fields=["gateway", "external_id"], name="message_gateway_external"),
            models.Index(fields=["correspondent", "queued_at"], name="message_corr_queued"),
            models.Index(fields=["gateway", "sent_at"], name="message_gateway_sent"),
            models.Index(
                fields=["receipt_at"],
                condition=models.Q(state="sent", receipt="failed"),
                name="message_came_back",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text_key} by {self.road}"


class Status(Model):
    """What a provider reports about a message that left: late, out of order, more than once, or before we know its name.

    It is kept by the provider's name of the message, so that a report that comes first finds its message afterwards.
    """

    personal_data: ClassVar[dict[str, str]] = {"recipient": "personal"}
    retention: ClassVar[str] = "as long as the message"

    gateway = models.ForeignKey(Gateway, on_delete=models.PROTECT, related_name="statuses")
    external_id = models.CharField(max_length=190)
    once_key = models.CharField(max_length=250, unique=True)
    status = models.CharField(max_length=12)  # accepted, sent, delivered, read, failed, deleted
    part = models.PositiveSmallIntegerField(default=0)
    recipient = models.CharField(max_length=190, blank=True)
    at = models.DateTimeField()  # by the provider's clock
    recorded_at = models.DateTimeField()
    code = models.CharField(max_length=20, blank=True)
    detail = models.CharField(max_length=200, blank=True)
    reference = models.CharField(
        max_length=64, blank=True, default=""
    )  # our own name, where it is given back

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["gateway", "external_id"], name="status_gateway_external"),
            models.Index(fields=["reference"], condition=~models.Q(reference=""), name="status_reference"),
        ]

    def __str__(self) -> str:
        return f"{self.status} {self.external_id}"
