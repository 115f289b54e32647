"""Summonses, sessions with who came, and evidence."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.db import models

from simpul.lib.fields import EncryptedText
from simpul.mediation.models.disputes import Dispute, Entry, Mediator, Party


class Session(Entry):
    """One meeting of the parties: planned, held and ended, or called off."""

    personal_data: ClassVar[dict[str, str]] = {
        "minutes": "specific",
        "called_off_why": "personal",
        "recorded_by": "personal",
    }
    retention: ClassVar[str] = "as long as the dispute"

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="sessions")
    ordinal = models.PositiveSmallIntegerField()
    planned_at = models.DateTimeField()
    place = models.CharField(max_length=150)
    state = models.CharField(max_length=10, default="planned")  # planned, held, ended, called_off
    held_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    minutes = EncryptedText(blank=True, default="")
    outcome = models.CharField(max_length=10, blank=True)  # agreed, partly, next, failed, withdrawn
    called_off_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("dispute", "ordinal", name="session_ordinal_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["planned", "held", "ended", "called_off"]),
                name="session_state_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ordinal}"


class Attendance(Entry):
    """Who was at a session: a party, a mediator, a witness, somebody else."""

    personal_data: ClassVar[dict[str, str]] = {
        "name": "personal",
        "note": "personal",
        "recorded_by": "personal",
    }
    retention: ClassVar[str] = "as long as the dispute"

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="attendances")
    part = models.CharField(max_length=10)  # party, mediator, witness, other
    party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    mediator = models.ForeignKey(Mediator, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    came = models.BooleanField(null=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["session", "recorded_at"], name="came_session")]

    def __str__(self) -> str:
        return self.name


class Summons(Entry):
    """A call to a party to come: the first, second, third; how it was delivered, and whether they came."""

    personal_data: ClassVar[dict[str, str]] = {
        "delivered_by": "personal",
        "delivered_to": "personal",
        "excuse": "personal",
        "recorded_by": "personal",
    }
    retention: ClassVar[str] = "as long as the dispute"

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="summonses")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="summonses")
    session = models.ForeignKey(Session, null=True, on_delete=models.PROTECT, related_name="summonses")
    ordinal = models.PositiveSmallIntegerField()
    issued_date = models.DateField()
    come_at = models.DateTimeField()
    place = models.CharField(max_length=150)
    letter_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(
        null=True
    )  # in the room of letters
    delivered_at = models.DateTimeField(null=True)
    delivered_by = models.CharField(max_length=150, blank=True)
    delivered_how = models.CharField(max_length=10, blank=True)  # hand, family, rt, message
    delivered_to = models.CharField(max_length=150, blank=True)
    delivery = models.CharField(max_length=10, blank=True)  # received, refused, not_found
    appeared = models.CharField(max_length=10, blank=True)  # came, excused, absent
    excuse = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["dispute", "issued_date"], name="summons_dispute"),
            models.Index(fields=["party", "ordinal"], name="summons_party"),
        ]

    def __str__(self) -> str:
        return f"{self.ordinal}"


class Evidence(Entry):
    """A file that was brought: cleaned like every file here, with the digest of its bytes and where it came from."""

    personal_data: ClassVar[dict[str, str]] = {
        "title": "personal",
        "source": "personal",
        "sha256": "personal",
        "recorded_by": "personal",
    }
    retention: ClassVar[str] = "as long as the dispute"

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="evidence")
    party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="evidence")
    title = models.CharField(max_length=150)
    source = models.CharField(max_length=200)  # who brought it, and how they came by it
    kind = models.CharField(max_length=8)  # photo, audio, pdf
    mime = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)  # of the cleaned bytes as they are kept
    brought_digest = models.CharField(max_length=64)  # of the bytes as they were brought

    class Meta:
        indexes: ClassVar = [models.Index(fields=["dispute", "recorded_at"], name="evidence_dispute")]

    def __str__(self) -> str:
        return self.title
