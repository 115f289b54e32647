"""A stack of papers that is typed in sheet by sheet: what its sheets share is said once."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.cases.models.case import Case
from simpul.cases.models.kinds import Kind
from simpul.desks.models import Desk
from simpul.lib.fields import Model


class Stack(Model):
    """Papers that came together: from one village, on one day, by one hand, about one distribution."""

    personal_data: ClassVar[dict[str, str]] = {"brought_by": "personal", "opened_by": "personal"}
    retention: ClassVar[str] = "as long as its matters"

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=100, blank=True)
    region_code = models.CharField(max_length=10)
    kind = models.ForeignKey(Kind, on_delete=models.PROTECT, related_name="+")
    written_date = models.DateField(null=True)  # the usual date on its sheets
    received_at = models.DateTimeField()  # when the office got them: their clocks run from here
    brought_by = models.CharField(max_length=150, blank=True)
    distribution = models.CharField(max_length=100, blank=True)  # which round of a distribution
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=150)
    user_id = models.UUIDField()
    closed_at = models.DateTimeField(null=True)
    last_place = models.PositiveIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user_id", "closed_at"], name="stack_user_closed")]

    def __str__(self) -> str:
        return self.title or self.region_code


class Sheet(Model):
    """One sheet of a stack, and the matter it became. A sheet taken back stays, so that its place is never used twice."""

    personal_data: ClassVar[dict[str, str]] = {"number": "personal"}
    retention: ClassVar[str] = "as long as the stack"

    stack = models.ForeignKey(Stack, on_delete=models.CASCADE, related_name="sheets", db_index=False)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="sheet")
    place = models.PositiveIntegerField()
    number = models.CharField(max_length=60, blank=True)  # on the paper, as it is compared
    entered_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("stack", "place", name="sheet_place_once")]
        indexes: ClassVar = [models.Index(fields=["stack", "number"], name="sheet_number")]

    def __str__(self) -> str:
        return f"{self.stack_id} {self.place}"
