"""Numbers of letters: each is taken once, at release, and stays for ever, also when its letter is cancelled."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.lib.fields import Model


class Series(models.Model):
    """The last number of one series of one village in one year; raised under a lock, in the transaction that releases the letter."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever"

    key = models.CharField(max_length=80, primary_key=True)  # region/series/year
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.key


class NumberBlock(Model):
    """Numbers set aside for a post without a network. What is left over is given back: void, with the reason."""

    personal_data: ClassVar[dict[str, str]] = {"reserved_by": "personal"}
    retention: ClassVar[str] = "for ever: it explains a gap in the numbers"

    region_code = models.CharField(max_length=10)
    series = models.CharField(max_length=48)
    year = models.PositiveSmallIntegerField()
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    holder = models.CharField(max_length=120)  # which post or device has it
    why = models.CharField(max_length=200, blank=True)
    reserved_at = models.DateTimeField()
    reserved_by = models.CharField(max_length=150, blank=True)
    returned_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(last__gte=models.F("first")), name="letter_block_forward"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["region_code", "series", "year"], name="letter_block_series")
        ]

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"


class TakenNumber(Model):
    """One number of one series: used by a letter, void with a reason, or reserved in a block."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever: the register of letters"

    region_code = models.CharField(max_length=10)
    series = models.CharField(max_length=48)  # services, type:<code>, one, incoming, outgoing
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=8)  # used, void, reserved
    printed = models.CharField(max_length=120, blank=True)  # as it stands on the letter
    why = models.CharField(max_length=300, blank=True)  # of a void one
    block = models.ForeignKey(NumberBlock, null=True, on_delete=models.PROTECT, related_name="numbers")
    taken_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("region_code", "series", "year", "number", name="letter_number_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["used", "void", "reserved"]), name="letter_number_state"
            ),
        ]

    def __str__(self) -> str:
        return self.printed or str(self.number)
