"""Hops, clocks, notes, questions, answers, escalations."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.cases.models.case import Case
from simpul.desks.models import Desk, Service
from simpul.lib.fields import Model


class Hop(Model):
    """One hand-over on the chain. Custody stays with the sender until the receiver accepts.

    States: offered, accepted, declined, recalled, answered, returned, superseded, silent (its time ran out, and the next desk
    was asked). For an outside desk the sender records what happens; ``their_due_date`` is the other side's clock. ``given_...``
    says what the person got in the end.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "note": "personal",
        "extract": "personal",
        "answer": "personal",
        "reason": "personal",
        "outside_number": "personal",
        "given_service": "specific",
        "given_amount": "specific",
        "given_to": "personal",
    }
    retention: ClassVar[str] = "as long as the case"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="hops", db_index=False)
    position = models.PositiveSmallIntegerField()
    from_desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+", db_index=False)
    to_desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="hops", db_index=False)
    state = models.CharField(max_length=12)
    sent_at = models.DateTimeField()
    sent_by = models.CharField(max_length=150)
    note = models.TextField(blank=True)
    extract = models.TextField(blank=True)
    shares_contact = models.BooleanField(default=False)
    consent = models.CharField(max_length=12, blank=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.CharField(max_length=150, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=150, blank=True)
    reason = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    outcome = models.CharField(max_length=20, blank=True)
    outside_number = models.CharField(max_length=60, blank=True)
    their_due_date = models.DateField(null=True)
    tier = models.PositiveSmallIntegerField(default=0)
    service = models.ForeignKey(
        Service, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    silent_at = models.DateTimeField(null=True)  # when its silence was noticed, once
    given_service = models.CharField(max_length=120, blank=True)
    given_amount = models.PositiveBigIntegerField(null=True)  # whole rupiah
    given_date = models.DateField(null=True)
    given_to = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("case", "position", name="hop_position_once"),
            models.UniqueConstraint("case", condition=models.Q(state="offered"), name="hop_one_offer"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["to_desk", "state"], name="hop_desk_state"),
            models.Index(
                fields=["from_desk", "case"], name="hop_open_from", condition=models.Q(ended_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.position} {self.state}"


class Clock(Model):
    """One promise: stamped once with the rule as it was on that day, never recomputed when the rule changes.

    ``key`` says which: screen, verify, follow_up, answer, hop, theirs, react, protect.
    """

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "as long as the case"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="clocks", db_index=False)
    hop = models.ForeignKey(Hop, null=True, on_delete=models.CASCADE, related_name="clocks")
    desk = models.ForeignKey(Desk, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=12)
    unit = models.CharField(max_length=14)  # working_days, calendar_days, hours
    amount = models.PositiveIntegerField()
    pausable = models.BooleanField(default=True)
    rule_version = models.CharField(max_length=80)
    source = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    pauses = models.JSONField(default=list)  # [[from, to], ...] ISO
    stopped_at = models.DateTimeField(null=True)
    suspensions = models.JSONField(default=list)  # by which decisions it stood still: [{id, decision, days}]
    raise_at = models.DateTimeField(
        null=True
    )  # when silence on it is next shown one level up; null: never again

    class Meta:
        indexes: ClassVar = [
            models.Index(  # covers the count of late turns
                fields=["due_at", "key", "paused_at", "desk", "case"],
                name="clock_running_due",
                condition=models.Q(stopped_at__isnull=True),
            ),
            models.Index(fields=["raise_at"], name="clock_raise", condition=models.Q(raise_at__isnull=False)),
            models.Index(fields=["case", "key"], name="clock_case_key"),
        ]

    def __str__(self) -> str:
        return f"{self.key} due {self.due_at:%Y-%m-%d}"


class Escalation(Model):
    """Silence raised a case one level: which clock ran out, whom it was shown to."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "as long as the case"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="escalations")
    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="+")
    level = models.PositiveSmallIntegerField()
    silent_desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    to_desk = models.ForeignKey(Desk, null=True, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("clock", "level", name="escalation_level_once")]

    def __str__(self) -> str:
        return f"{self.case_id} level {self.level}"


class Note(Model):
    """An internal note; the resident never sees it."""

    personal_data: ClassVar[dict[str, str]] = {"text": "personal"}
    retention: ClassVar[str] = "as long as the case"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField()
    by_name = models.CharField(max_length=150)
    desk = models.ForeignKey(Desk, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    from_resident = models.BooleanField(default=False)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.text[:40]


class Question(Model):
    """Something asked of the resident. While it is open the pausable clocks stand still."""

    personal_data: ClassVar[dict[str, str]] = {"text": "personal", "reply": "personal"}
    retention: ClassVar[str] = "as long as the case"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="questions")
    text = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=150)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+", db_index=False)
    reply = models.TextField(blank=True)
    replied_at = models.DateTimeField(null=True)
    reply_road = models.CharField(max_length=12, blank=True)
    reminded_at = models.DateTimeField(null=True)  # once, after some days of silence

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["asked_at"],
                name="question_to_remind",
                condition=models.Q(replied_at=None, reminded_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]


class Answer(Model):
    """The answer the person gets: what was done, or not done and why."""

    personal_data: ClassVar[dict[str, str]] = {"text": "personal"}
    retention: ClassVar[str] = "as long as the case"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="given")
    text = models.TextField()
    decision = models.CharField(max_length=20)
    by_name = models.CharField(max_length=150)
    by_user_id = models.UUIDField(null=True)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.text[:40]
