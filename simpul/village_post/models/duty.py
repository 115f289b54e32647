"""Who is on duty at a post: its settings, the patterns a roster is made from, shifts, duties, offers, and what one shift hands the next."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.db import models

from simpul.desks.models import Desk, Seat
from simpul.lib.fields import Model

VISITOR_DAYS = 180
"""So long names stay in the guest book. Unconfirmed: no rule for village guest books was found; every post sets its own."""


class Post(Model):
    """What a desk needs to know of itself to be a post that is open at night."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever"

    desk = models.OneToOneField(Desk, on_delete=models.PROTECT, related_name="post")
    region_code = models.CharField(max_length=10)
    visitor_days = models.PositiveSmallIntegerField(default=VISITOR_DAYS)
    keys = models.JSONField(default=list)  # names of keys that change hands
    equipment = models.JSONField(default=list)
    kiosk_token = models.CharField(
        max_length=40, blank=True
    )  # address of the tablet at the door; "" while it is off
    changed_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["region_code"], name="post_region")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "kiosk_token", name="post_kiosk_once", condition=~models.Q(kiosk_token="")
            )
        ]

    def __str__(self) -> str:
        return str(self.desk_id)


class Pattern(Model):
    """On which days, from when till when, and who takes turns: a roster for weeks ahead is made from it."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever"

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="patterns")
    name = models.CharField(max_length=80)
    days = models.JSONField(default=list)  # 1 to 7, and 8 for holidays
    starts = models.TimeField()
    ends = models.TimeField()  # not later than ``starts``: on the next day
    seats = models.JSONField(default=list)  # keys of seats, in the order of their turns
    size = models.PositiveSmallIntegerField(default=1)  # officers of one shift
    on_call = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Shift(Model):
    """One turn at the post. It belongs to the day on which it begins."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "10 years"

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="shifts")
    pattern = models.ForeignKey(Pattern, null=True, on_delete=models.SET_NULL, related_name="shifts")
    region_code = models.CharField(max_length=10)
    day = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    holiday = models.CharField(max_length=150, blank=True)  # its name; "" on an ordinary day
    note = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    cancelled_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="shift_forward"
            ),
            models.UniqueConstraint(
                "post", "starts_at", name="shift_once", condition=models.Q(cancelled_at=None)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["post", "starts_at"], name="shift_post_start"),
            models.Index(fields=["region_code", "day"], name="shift_region_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.starts_at:%H:%M}"


class Duty(Model):
    """One officer of one shift: when they came and left. Where they were is never asked."""

    personal_data: ClassVar[dict[str, str]] = {"name": "personal"}
    retention: ClassVar[str] = "10 years"

    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="duties")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    part = models.CharField(max_length=8)  # officer, on_call, came (nobody had put them on the roster)
    came_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    flags = models.JSONField(default=list)  # rules.duty.FLAGS
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # released, or taken over by somebody else
    taken_over_by = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="taken_from")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("shift", "seat", name="duty_once", condition=models.Q(ended_at=None))
        ]
        indexes: ClassVar = [models.Index(fields=["seat", "ended_at"], name="duty_seat")]

    def __str__(self) -> str:
        return self.name


class Offer(Model):
    """An officer asks a colleague to take a duty over, in return for another duty or for none."""

    personal_data: ClassVar[dict[str, str]] = {"why": "personal", "answer": "personal"}
    retention: ClassVar[str] = "10 years"

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="offers")
    to_seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    in_return = models.ForeignKey(Duty, null=True, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, default="asked")  # asked, taken, declined, withdrawn
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("duty", name="offer_one_open", condition=models.Q(state="asked"))
        ]

    def __str__(self) -> str:
        return self.state


class Relay(Model):
    """What one shift hands the next: note, open items, keys, cash, equipment; and what the next one found."""

    personal_data: ClassVar[dict[str, str]] = {
        "written_by": "personal",
        "accepted_by": "personal",
        "note": "personal",
        "items": "personal",
        "difference": "personal",
        "user_id": "personal",
        "accepted_user_id": "personal",
    }
    retention: ClassVar[str] = "10 years: it proves cash and keys"

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="relays")
    shift = models.ForeignKey(Shift, null=True, on_delete=models.SET_NULL, related_name="relays")
    region_code = models.CharField(max_length=10)
    note = models.TextField(blank=True)
    items = models.JSONField(default=list)  # what stays open, one line each
    keys = models.JSONField(default=list)  # [name, is it there]
    equipment = models.JSONField(default=list)  # [name, is it there]
    cash = models.PositiveBigIntegerField(default=0)  # rupiah
    waiting = models.PositiveIntegerField(default=0)  # what waited for the head when it was written
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=150)
    user_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.CharField(max_length=150, blank=True)
    accepted_user_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)
    found_cash = models.PositiveBigIntegerField(null=True)
    found = models.JSONField(default=list)  # names of keys and equipment that were not there
    difference = models.CharField(max_length=500, blank=True)  # in the words of who accepted
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["post", "-written_at"], name="relay_post")]

    def __str__(self) -> str:
        return f"{self.written_at:%Y-%m-%d}"
