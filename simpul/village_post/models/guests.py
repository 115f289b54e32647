"""The guest book (code 400.10.1.2) and the numbers people wait with."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.cases.models import Visit
from simpul.lib.fields import Model
from simpul.village_post.models.duty import Post


class Visitor(Model):
    """One line of the guest book. There is no photo, and after the days of its post the name goes; the line still counts."""

    personal_data: ClassVar[dict[str, str]] = {
        "name": "personal",
        "phone": "personal",
        "institution": "personal",
        "sex": "personal",
        "address": "personal",
        "met": "personal",
        "purpose": "personal",
        "words": "personal",
        "recorded_by": "personal",
    }
    retention: ClassVar[str] = (
        "names as many days as the post has set (180, unconfirmed); the line itself 10 years"
    )

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="visitors")
    region_code = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()  # of the book of this year
    day = models.DateField()
    name = models.CharField(max_length=150, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    institution = models.CharField(max_length=150, blank=True)
    sex = models.CharField(max_length=1, blank=True)  # M, F, or not said
    address = models.CharField(max_length=200, blank=True)
    met = models.CharField(max_length=150, blank=True)  # whom they met
    purpose = models.CharField(max_length=300, blank=True)
    people = models.PositiveSmallIntegerField(default=1)  # how many came together
    came_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    outside_hours = models.BooleanField(default=False)  # outside the hours of the village office
    rating = models.PositiveSmallIntegerField(null=True)  # 1 to 5, asked on leaving
    words = models.CharField(max_length=300, blank=True)
    rated_at = models.DateTimeField(null=True)
    way = models.CharField(max_length=6, default="desk")  # desk, kiosk
    visit = models.ForeignKey(Visit, null=True, on_delete=models.SET_NULL, related_name="+")
    flags = models.JSONField(default=list)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    blanked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("post", "year", "number", name="visitor_number_once"),
            models.CheckConstraint(
                condition=models.Q(rating=None) | models.Q(rating__gte=1, rating__lte=5),
                name="visitor_rating_known",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["post", "-came_at"], name="visitor_post_came"),
            models.Index(fields=["region_code", "day"], name="visitor_region_day"),
            models.Index(fields=["day"], name="visitor_to_blank", condition=models.Q(blanked_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.year}/{self.number}"


class Ticket(Model):
    """A number somebody waits with: of one post and one day, from 1."""

    personal_data: ClassVar[dict[str, str]] = {"called_by": "personal"}
    retention: ClassVar[str] = "as long as the guest book"

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="tickets")
    region_code = models.CharField(max_length=10)
    day = models.DateField()  # of the shift it was given in
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, default="waiting")  # waiting, called, served, absent
    given_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True)
    called_by = models.CharField(max_length=150, blank=True)
    done_at = models.DateTimeField(null=True)
    visitor = models.ForeignKey(Visitor, null=True, on_delete=models.SET_NULL, related_name="tickets")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("post", "day", "number", name="ticket_once")]

    def __str__(self) -> str:
        return str(self.number)
