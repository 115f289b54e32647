"""Keys of other programs, answers that were given once, subscriptions, and what is on its way to them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.desks.models import Desk
from simpul.lib.fields import EncryptedText, Model


class Token(Model):
    """The key of another program: what it may do, for which partner's desk, and until when.

    The secret itself is nowhere: it is found by a keyed hash, and recognised by people by its first signs. Without a desk
    the program speaks for residents only (an Open311 application); ``jurisdictions`` are the areas it may send from, as
    region codes, empty for the whole installation.
    """

    personal_data: ClassVar[dict[str, str]] = {"issued_by": "personal"}
    retention: ClassVar[str] = "for ever, for the journal"

    name = models.CharField(max_length=100)
    desk = models.ForeignKey(Desk, null=True, on_delete=models.PROTECT, related_name="+")
    scopes = models.JSONField(default=list)
    jurisdictions = models.JSONField(default=list)
    prefix = models.CharField(max_length=16)
    secret_index = models.CharField(max_length=64, unique=True)
    per_minute = models.PositiveIntegerField(default=120)
    issued_by = models.CharField(max_length=150)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"


class Reply(Model):
    """What was answered to a request that must not be done twice, by the key the program gave it.

    ``status`` is empty while the request is being worked on; a claim that a stopped process left is taken over. The row's id
    is the id of what the request makes, so that a request repeated after a power cut makes nothing new.
    """

    personal_data: ClassVar[dict[str, str]] = {"body": "personal"}
    retention: ClassVar[str] = "48 hours"

    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="replies", db_index=False)
    key = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = EncryptedText(default="")
    claimed_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("token", "key", name="reply_key_once")]

    def __str__(self) -> str:
        return self.key


class Subscription(Model):
    """An address to which events of a desk's matters are sent, signed with a secret both sides know."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever, for the journal"

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    url = models.CharField(max_length=500)
    events = models.JSONField(default=list)
    secret = EncryptedText()
    active = models.BooleanField(default=True)
    added_by = models.CharField(max_length=150)
    added_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.url


class DispatchSet(models.QuerySet["Dispatch"]):
    """Filters over dispatches."""

    def due(self, at: object, stale: object) -> DispatchSet:
        """What is to be sent now, and what a worker that died had in its hands."""
        waiting = models.Q(state="waiting", next_try_at__lte=at)
        return self.filter(waiting | models.Q(state="sending", claimed_at__lt=stale))


class Dispatch(Model):
    """One event on its way to one subscription.

    States: waiting, sending, delivered, dead (given up, can be sent again), dropped (the desk may not see it any more).
    ``position`` is that of the line in the journal; empty for a test.
    """

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "30 days"

    subscription = models.ForeignKey(
        Subscription, on_delete=models.CASCADE, related_name="dispatches", db_index=False
    )
    position = models.BigIntegerField(null=True)
    event = models.CharField(max_length=60)
    case_id = models.UUIDField(null=True)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default="waiting")
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    last_status = models.PositiveSmallIntegerField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    objects = DispatchSet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("subscription", "position", name="dispatch_line_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_try_at"],
                name="dispatch_due",
                condition=models.Q(state__in=("waiting", "sending")),
            ),
            models.Index(fields=["made_at"], name="dispatch_made"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.state}"


class Cursor(models.Model):
    """How far a reader of the sealed journal has come. Positions are sealed in order and without gaps: nothing is passed over."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever"

    name = models.CharField(max_length=40, primary_key=True)
    position = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.position}"
