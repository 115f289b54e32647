"""What went to and came from other systems: judgements of e-PPGBM beside ours."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.lib.fields import EncryptedText, Model
from simpul.people.models import Batch
from simpul.posyandu.models.participants import Examination


class Comparison(Model):
    """One row of a list of e-PPGBM: what it said of a weighing, and what we computed."""

    personal_data: ClassVar[dict[str, str]] = {
        "theirs": "specific",
        "ours": "specific",
        "differs": "specific",
    }
    retention: ClassVar[str] = "as long as the weighing"

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="+")
    row = models.PositiveIntegerField()  # as the sheet numbers it
    examination = models.ForeignKey(Examination, on_delete=models.CASCADE, related_name="comparisons")
    region_code = models.CharField(max_length=10)
    theirs = models.JSONField(default=dict)
    ours = models.JSONField(default=dict)
    differs = models.JSONField(default=list)  # indices whose classes differ
    different = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("batch", "row", name="comparison_row_once")]
        indexes: ClassVar = [models.Index(fields=["batch", "different"], name="comparison_batch")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.row}"


class Connection(Model):
    """Another system that gets our figures or days: where it is, who we are there, and what our names are called there.

    ``account`` holds what is no secret (organisation, location, health worker, data set, program); ``names`` maps our figures, units and
    fields to the identifiers of the other side.
    """

    personal_data: ClassVar[dict[str, str]] = {"changed_by": "personal"}
    retention: ClassVar[str] = "for ever; its secret until it is switched off"

    system = models.CharField(max_length=10)  # dhis2, satusehat
    region_code = models.CharField(max_length=10)
    url = models.CharField(max_length=200)
    user = models.CharField(max_length=100, blank=True)
    secret = EncryptedText(blank=True, default="")
    account = models.JSONField(default=dict)
    names = models.JSONField(default=dict)
    on = models.BooleanField(default=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("system", "region_code", name="exchange_connection_once")
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.region_code}"


class Shipment(Model):
    """One parcel for another system: the figures of a month, or one person's day. Sent by the worker, and again until it is answered.

    States: waiting, sent, refused (the other side says no: a person must look), dropped.
    """

    personal_data: ClassVar[dict[str, str]] = {"answer": "specific", "prepared_by": "personal"}
    retention: ClassVar[str] = "2 years"

    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="shipments")
    region_code = models.CharField(max_length=10)
    kind = models.CharField(max_length=10)  # values, tracker, bundle
    month = models.DateField()  # its first day
    examination = models.ForeignKey(
        Examination, null=True, on_delete=models.CASCADE, related_name="shipments"
    )
    digest = models.CharField(max_length=64, blank=True)  # of what was sent last
    rows = models.PositiveIntegerField(default=0)
    left_out = models.JSONField(default=list)  # what had no identifier of the other side
    state = models.CharField(max_length=8, default="waiting")
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True)
    remote_id = models.CharField(max_length=80, blank=True)
    remote_ids = models.JSONField(default=dict)  # what of a day is called there: {"weight": "Observation/…"}
    prepared_at = models.DateTimeField()
    prepared_by = models.CharField(max_length=150, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "connection",
                "examination",
                name="shipment_examination_once",
                condition=models.Q(examination__isnull=False),
            ),
            models.UniqueConstraint(
                "connection",
                "kind",
                "month",
                "region_code",
                name="shipment_month_once",
                condition=models.Q(examination=None),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "next_at"], name="shipment_waiting")]

    def __str__(self) -> str:
        return f"{self.kind} {self.month:%Y-%m}"
