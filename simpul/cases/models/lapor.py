"""What SP4N-LAPOR knows of a case: its number there, class, status as told, and the dates of that system."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.cases.models.case import Case
from simpul.lib.fields import Model


class LaporRecord(Model):
    """One report there, one case here. Dates are those of SP4N-LAPOR; the case's own clocks run beside them.

    ``is_anonymous``: the name is hidden from the agency. ``is_secret`` (*rahasia*): the report is hidden from the public.
    """

    personal_data: ClassVar[dict[str, str]] = {"noted_by": "personal"}
    retention: ClassVar[str] = "as long as the case"

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="lapor")
    number = models.CharField(max_length=40, unique=True)
    report_class = models.CharField(max_length=20, blank=True)  # see cases/catalogue/lapor.toml
    status = models.CharField(max_length=20, blank=True)  # our key for the status they told
    status_told = models.CharField(max_length=80, blank=True)  # as it was written there
    received_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    disposed_at = models.DateTimeField(null=True)
    followed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    is_anonymous = models.BooleanField(default=False)
    is_secret = models.BooleanField(default=False)
    was_imported = models.BooleanField(default=False)
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=150)

    def __str__(self) -> str:
        return self.number
