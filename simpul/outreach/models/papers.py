"""Sheets for a day without even a phone: what was printed, row by row, and what was entered from it afterwards."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.db import models

from simpul.lib.fields import Model
from simpul.outreach.models.going import Stop
from simpul.outreach.models.trips import Trip
from simpul.people.models import Household


class Sheet(Model):
    """One printed list: of doors, of aid to hand over, of blank lines for guests, of blank forms with numbers printed on them."""

    personal_data: ClassVar[dict[str, str]] = {"printed_by": "personal", "photo_sha256": "personal"}
    retention: ClassVar[str] = "5 years"

    code = models.CharField(max_length=8, unique=True)  # said aloud and typed: signs of ids.ALPHABET
    kind = models.CharField(max_length=10)  # rules.papers.KINDS
    region_code = models.CharField(max_length=10)
    title = models.CharField(max_length=200)
    trip = models.ForeignKey(Trip, null=True, on_delete=models.PROTECT, related_name="sheets")
    stop = models.ForeignKey(Stop, null=True, on_delete=models.PROTECT, related_name="sheets")
    round_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)
    seat_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)
    state = models.CharField(max_length=8, default="printed")  # printed, finished, void
    printed_at = models.DateTimeField()
    printed_by = models.CharField(max_length=150)
    photo_sha256 = models.CharField(max_length=64, blank=True)
    photo_mime = models.CharField(max_length=40, blank=True)
    finished_at = models.DateTimeField(null=True)
    words = models.CharField(max_length=300, blank=True)  # why it is void, or what was left open

    class Meta:
        indexes: ClassVar = [models.Index(fields=["region_code", "state", "printed_at"], name="sheet_region")]

    def __str__(self) -> str:
        return self.code


class SheetRow(Model):
    """One line of a sheet. Its key is the key of what is entered from it, so a line that is typed twice is one fact."""

    personal_data: ClassVar[dict[str, str]] = {"entered_by": "personal"}
    retention: ClassVar[str] = "as long as the sheet"

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveSmallIntegerField()
    household = models.ForeignKey(Household, null=True, on_delete=models.SET_NULL, related_name="+")
    entry_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)  # of a round's list
    case_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)  # of a number printed
    number = models.CharField(max_length=30, blank=True)
    state = models.CharField(max_length=8, default="open")  # open, entered, blank
    outcome = models.CharField(max_length=12, blank=True)
    entered_at = models.DateTimeField(null=True)
    entered_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("sheet", "position", name="sheet_row_once"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.position}"
