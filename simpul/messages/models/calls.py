"""The call log: there is no exchange, so an officer writes down what was said on the telephone, and what was promised."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from simpul.desks.models import Desk
from simpul.lib.fields import Model
from simpul.messages.models.gateways import Gateway
from simpul.messages.models.incoming import Correspondent


class Call(Model):
    """One call, in or out, answered or missed. A promised call-back is a debt: it shows in the desk's list when it is due."""

    personal_data: ClassVar[dict[str, str]] = {
        "number_typed": "personal",
        "caller_name": "personal",
        "notes": "personal",
        "agent": "personal",
        "callback_why": "personal",
    }
    retention: ClassVar[str] = "two years, or as long as the matter it belongs to"

    correspondent = models.ForeignKey(
        Correspondent, null=True, on_delete=models.PROTECT, related_name="calls"
    )
    number_typed = models.CharField(max_length=40, blank=True)
    is_withheld = models.BooleanField(default=False)
    caller_name = models.CharField(max_length=150, blank=True)
    direction = models.CharField(max_length=6, default="in")  # in, out, missed
    gateway = models.ForeignKey(
        Gateway, null=True, on_delete=models.SET_NULL, related_name="+"
    )  # the SIM called
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=10, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    agent_name = models.CharField(max_length=150, blank=True)
    language = models.CharField(max_length=20, default="id")  # spoken: id, mdr, bug, mak ...
    outcome = models.CharField(max_length=16, blank=True)  # see messages.rules.calls.OUTCOMES
    notes = models.TextField(blank=True)
    sealed = models.BooleanField(default=False)
    callback_due_at = models.DateTimeField(null=True)
    callback_why = models.CharField(max_length=200, blank=True)
    callback_tries = models.PositiveSmallIntegerField(default=0)  # calls in vain since it was promised
    callback_done_at = models.DateTimeField(null=True)
    callback_done_by = models.CharField(max_length=150, blank=True)
    callback_result = models.CharField(max_length=16, blank=True)
    subject_kind = models.CharField(max_length=20, blank=True)
    subject_id = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["desk", "started_at"], name="call_desk_started"),
            models.Index(fields=["desk", "callback_done_at", "callback_due_at"], name="call_desk_callback"),
            models.Index(fields=["subject_id"], name="call_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.started_at:%Y-%m-%d %H:%M}"
