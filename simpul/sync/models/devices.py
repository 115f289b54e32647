"""Devices: one person's vault on one phone, or one village node; who let it in, what it may hold, how long."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.desks.models import Desk, Seat
from simpul.lib.fields import Model


class Device(Model):
    """One vault with its own keys. Two people on one phone are two devices; a village node is one device with many seats.

    The seat decides what its events may do; ``areas`` what it is sent (empty: the seat's own). A lost device is *revoked*: what it signed
    up to ``known_heads`` stands, later events are put aside.
    """

    personal_data: ClassVar[dict[str, str]] = {"label": "personal", "enrolled_by": "personal"}
    retention: ClassVar[str] = "for ever, for the journal"

    kind = models.CharField(max_length=8)  # phone, node
    seat = models.ForeignKey(
        Seat, null=True, on_delete=models.PROTECT, related_name="devices"
    )  # null: a node
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="devices")
    label = models.CharField(max_length=100)
    areas = models.JSONField(default=list)
    scope_version = models.PositiveIntegerField(default=1)
    sign_algorithm = models.CharField(max_length=8)  # ed25519, p256
    sign_public = models.BinaryField(max_length=65)
    seal_public = models.BinaryField(max_length=65)
    state = models.CharField(max_length=8, default="active")  # active, revoked
    enrolled_at = models.DateTimeField()
    enrolled_by = models.CharField(max_length=150)
    lease_until = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_why = models.CharField(max_length=200, blank=True)
    known_heads = models.JSONField(default=dict)  # epoch -> highest number that was here when it was revoked
    last_seen_at = models.DateTimeField(null=True)
    app_version = models.CharField(max_length=40, blank=True)
    clock_offset_ms = models.BigIntegerField(null=True)  # device minus server, when it last said hello
    is_persisted = models.BooleanField(null=True)  # the browser promised to keep its data
    unsent = models.PositiveIntegerField(null=True)  # what it said it still holds

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["seat", "state"], name="device_seat"),
            models.Index(fields=["desk", "state"], name="device_desk"),
        ]

    def __str__(self) -> str:
        return self.label


class Invitation(Model):
    """A supervisor lets one device in: a code, shown as a QR, that works once and for half an hour."""

    personal_data: ClassVar[dict[str, str]] = {"issued_by": "personal"}
    retention: ClassVar[str] = "for ever, for the journal"

    kind = models.CharField(max_length=8, default="phone")
    code_index = models.CharField(max_length=64, unique=True)
    seat = models.ForeignKey(Seat, null=True, on_delete=models.PROTECT, related_name="invitations")
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="invitations")
    areas = models.JSONField(default=list)
    label = models.CharField(max_length=100)
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=150)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    device = models.OneToOneField(Device, null=True, on_delete=models.PROTECT, related_name="invitation")

    def __str__(self) -> str:
        return self.label


class ScopeGrant(Model):
    """Which areas a device was given, from when until when: an event on a subject that it once held is not a stranger's."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "as long as the device"

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="grants")
    version = models.PositiveIntegerField()
    areas = models.JSONField(default=list)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("device", "version", name="scope_grant_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.device_id} {self.version}"
