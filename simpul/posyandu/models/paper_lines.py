"""Lines of a paper sheet that were typed and could not be saved yet: kept as typed until their questions are answered."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.lib.fields import Model
from simpul.people.models import Person
from simpul.posyandu.models.institution import Posyandu
from simpul.posyandu.models.participants import Participant


class PaperLine(Model):
    """One line of one sheet, word for word, so that a break in the middle of a pile loses nothing."""

    personal_data: ClassVar[dict[str, str]] = {"raw": "specific", "made_by": "personal"}
    retention: ClassVar[str] = "until the line is saved or thrown away"

    posyandu = models.ForeignKey(Posyandu, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="+")
    region_code = models.CharField(max_length=10)
    form = models.CharField(max_length=12)  # code of the sheet: card_B
    date = models.DateField()
    raw = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("participant", "form", "date", name="paper_line_once")
        ]
        indexes: ClassVar = [models.Index(fields=["posyandu", "form", "date"], name="paper_line_sheet")]

    def __str__(self) -> str:
        return f"{self.form} {self.date}"
