"""What comes in and how what goes out leaves the house: the agenda (A7) and the expedition book (A8) of Permendagri 47/2016."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.letters.models.letters import Letter
from simpul.letters.models.numbers import TakenNumber
from simpul.lib.fields import Model


class IncomingLetter(Model):
    """A letter that came to the village office, in the order of the agenda."""

    personal_data: ClassVar[dict[str, str]] = {
        "sender": "personal",
        "subject": "personal",
        "recorded_by": "personal",
    }
    retention: ClassVar[str] = "for ever: the agenda book"

    region_code = models.CharField(max_length=10)
    taken = models.OneToOneField(TakenNumber, on_delete=models.PROTECT, related_name="incoming")
    received_date = models.DateField()
    sender = models.CharField(max_length=150)
    number = models.CharField(max_length=100, blank=True)
    letter_date = models.DateField(null=True)
    subject = models.CharField(max_length=300)
    disposition = models.CharField(max_length=300, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    file_mime = models.CharField(max_length=40, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)
    void_why = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["region_code", "-received_date"], name="letter_incoming_date")
        ]

    def __str__(self) -> str:
        return self.subject


class Expedition(Model):
    """A letter that was carried to somebody: when, to whom, who took it."""

    personal_data: ClassVar[dict[str, str]] = {
        "addressee": "personal",
        "subject": "personal",
        "receiver": "personal",
        "note": "personal",
        "recorded_by": "personal",
    }
    retention: ClassVar[str] = "for ever: the expedition book"

    region_code = models.CharField(max_length=10)
    letter = models.ForeignKey(Letter, null=True, on_delete=models.PROTECT, related_name="expeditions")
    sent_date = models.DateField()
    number = models.CharField(max_length=120, blank=True)
    letter_date = models.DateField(null=True)
    subject = models.CharField(max_length=300)
    addressee = models.CharField(max_length=150)
    receiver = models.CharField(max_length=150, blank=True)
    received_date = models.DateField(null=True)
    note = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["region_code", "-sent_date"], name="letter_expedition_date")
        ]

    def __str__(self) -> str:
        return self.subject
