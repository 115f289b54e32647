"""A village node carries for others what it cannot read, and answers that come back the same road."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.lib.fields import EncryptedText, Model


class Parent(models.Model):
    """The server above this node, how it is known there, and how far both have got. One row, on nodes only."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever"

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    url = models.CharField(max_length=300)
    device_id = models.UUIDField()  # what we are called there
    areas = models.JSONField(default=list)
    seal_public = models.BinaryField(max_length=65)
    sign_public = models.BinaryField(max_length=32)
    private = EncryptedText()  # our keys for that road, JSON
    epoch = models.CharField(max_length=10)
    seq = models.BigIntegerField(default=0)
    head = models.BinaryField(max_length=32)
    sent_position = models.BigIntegerField(default=0)  # of our journal
    cursor = models.BigIntegerField(default=0)  # of the parent's
    generation = models.CharField(max_length=16, blank=True)
    scope_version = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    enrolled_at = models.DateTimeField()
    talked_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=300, blank=True)
    have_seq = models.BigIntegerField(default=0)  # what the server above said that it has of ours
    safe_seq = models.BigIntegerField(default=0)  # what it said is in its backup
    judged = models.BooleanField(default=True)  # it has decided about everything it has
    outcomes = models.JSONField(default=dict)  # state -> how many of our entries
    mirror_mark = models.CharField(max_length=80, blank=True)  # where the copy of its tables stands
    mirrored_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)  # in vain, since it last answered
    tried_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.url


class Mirrored(models.Model):
    """How one row of the server above looked when it came: by it a node knows what changed there, and what it changed itself."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "as long as the row is in the area of this node"

    table = models.CharField(max_length=60)
    key = models.CharField(max_length=120)  # one key, or two that name the row together
    digest = models.CharField(max_length=16)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("table", "key", name="mirrored_row_once")]

    def __str__(self) -> str:
        return f"{self.table} {self.key}"


class Carried(Model):
    """An envelope or a file that is not for this installation: kept sealed, handed on, forgotten when it has arrived.

    On a node ``device_id`` may be unknown here: it is another server's phone.
    """

    personal_data: ClassVar[dict[str, str]] = {"content": "personal"}
    retention: ClassVar[str] = "until the server above said that it is there, then 30 days"

    kind = models.CharField(max_length=8)  # envelope, blob
    device_id = models.UUIDField()
    name = models.CharField(max_length=64, unique=True)
    content = models.BinaryField()
    size = models.PositiveBigIntegerField()
    epoch = models.CharField(max_length=10, blank=True)
    first = models.BigIntegerField(null=True)
    last = models.BigIntegerField(null=True)
    own = models.BooleanField(default=False)  # this node's own events
    received_at = models.DateTimeField()
    forwarded_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["received_at"], name="carried_to_send", condition=models.Q(forwarded_at=None)
            ),
            models.Index(fields=["device_id", "epoch"], name="carried_device"),
        ]

    def __str__(self) -> str:
        return self.name[:12]


class Letter(Model):
    """Words for one device, sealed to it (receipts, changes, a renewed lease): fetched directly, or carried by a node or a bundle."""

    personal_data: ClassVar[dict[str, str]] = {"sealed": "personal"}
    retention: ClassVar[str] = "90 days, or until the device says it has it"

    device_id = models.UUIDField()
    number = models.BigIntegerField()  # counts up for each device
    sealed = models.BinaryField()
    made_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("device_id", "number", name="letter_once")]

    def __str__(self) -> str:
        return f"{self.device_id} {self.number}"
