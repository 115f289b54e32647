"""From ideas to the village's plan of a year: the calendar, the ranking in a meeting, the rows of RKPDes and DU-RKP."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.db import models

from simpul.community.models.ideas import Idea
from simpul.lib import areas
from simpul.lib.fields import Model
from simpul.meetings.models import Meeting
from simpul.regions.models import Hamlet

PLAN_STATES = ("draft", "set", "sent", "funded", "unfunded", "dropped")


class PlanYear(Model):
    """One year's plan of a village: until when ideas, hamlet talks, musrenbang and the regulation are to be ready."""

    personal_data: ClassVar[dict[str, str]] = {"recorded_by": "personal"}
    retention: ClassVar[str] = "for ever: part of the village's plan"

    region_code = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    starts_date = models.DateField()
    ideas_until_date = models.DateField()
    talks_until_date = models.DateField()
    musrenbang_date = models.DateField()
    ends_date = models.DateField()
    ceiling = models.PositiveBigIntegerField(null=True)  # indicative, in whole rupiah
    regulation = models.CharField(max_length=100, blank=True)  # number of the village regulation
    regulation_date = models.DateField(null=True)
    sent_date = models.DateField(null=True)  # when the DU-RKP list went to the camat
    sent_number = models.CharField(max_length=80, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("region_code", "year", name="plan_year_once"),
            models.CheckConstraint(
                condition=models.Q(ideas_until_date__gte=models.F("starts_date"))
                & models.Q(talks_until_date__gte=models.F("ideas_until_date"))
                & models.Q(musrenbang_date__gte=models.F("talks_until_date"))
                & models.Q(ends_date__gte=models.F("musrenbang_date")),
                name="plan_year_in_order",
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)


class Ranking(Model):
    """What a meeting said of one idea: its place, its points, and whether it goes on. Saying it anew adds a row."""

    personal_data: ClassVar[dict[str, str]] = {"recorded_by": "personal", "user_id": "personal"}
    retention: ClassVar[str] = "as long as the meeting"

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="+")
    idea = models.ForeignKey(Idea, on_delete=models.PROTECT, related_name="rankings")
    level = models.CharField(max_length=8)  # hamlet, village
    place = models.PositiveSmallIntegerField(null=True)
    points = models.PositiveIntegerField(null=True)
    outcome = models.CharField(max_length=10)  # on, deferred, rejected
    reason = models.CharField(max_length=500, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)
    user_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "meeting", "idea", name="ranking_once", condition=models.Q(withdrawn_at=None)
            ),
            models.CheckConstraint(
                condition=models.Q(outcome__in=["on", "deferred", "rejected"]), name="ranking_outcome_known"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["meeting", "place"], name="ranking_meeting")]

    def __str__(self) -> str:
        return f"{self.place}. {self.outcome}"


class PlanRowSet(models.QuerySet["PlanRow"]):
    """Filters over rows of the plan."""

    def inside(self, code: str) -> PlanRowSet:
        """Rows of a region and of all that lies in it."""
        return self.filter(areas.inside(code)) if code else self

    def standing(self) -> PlanRowSet:
        """Rows that were not struck out."""
        return self.exclude(state="dropped")


class PlanRow(Model):
    """One activity of a year's RKPDes, or of the DU-RKP list that goes to the camat for what the village cannot pay."""

    personal_data: ClassVar[dict[str, str]] = {"recorded_by": "personal"}
    retention: ClassVar[str] = "for ever: part of the village's plan"

    region_code = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    list = models.CharField(max_length=4, default="rkp")  # rkp, du
    position = models.PositiveSmallIntegerField(default=0)
    idea = models.ForeignKey(Idea, null=True, on_delete=models.PROTECT, related_name="plan_rows")
    hamlet = models.ForeignKey(Hamlet, null=True, on_delete=models.PROTECT, related_name="+")
    field = models.CharField(max_length=12)  # the five bidang
    activity = models.CharField(max_length=200)
    location = models.CharField(max_length=150)
    volume = models.CharField(max_length=100, blank=True)
    benefits = models.CharField(max_length=200, blank=True)  # what for, for whom
    beneficiaries = models.PositiveIntegerField(null=True)  # people
    time = models.CharField(max_length=80, blank=True)  # "April to June"
    cost = models.PositiveBigIntegerField()  # whole rupiah, without what residents give
    source = models.CharField(max_length=10)  # community.rules.planning.SOURCES
    self_cost = models.PositiveBigIntegerField(default=0)  # swadaya on top, whole rupiah
    executor = models.CharField(max_length=120, blank=True)
    pattern = models.CharField(max_length=12)  # self, between, third
    note = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, default="draft")
    reason = models.CharField(max_length=500, blank=True)  # why it was not funded, or struck out
    decided_date = models.DateField(null=True)
    carried_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="carried_to")
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)
    changed_at = models.DateTimeField()

    objects = PlanRowSet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(state__in=PLAN_STATES), name="plan_row_state_known"),
            models.CheckConstraint(condition=models.Q(list__in=["rkp", "du"]), name="plan_row_list_known"),
            models.UniqueConstraint(
                "idea",
                "year",
                name="plan_row_once_a_year",
                condition=models.Q(idea__isnull=False) & ~models.Q(state="dropped"),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["region_code", "year", "list"], name="plan_row_region_year")
        ]

    def __str__(self) -> str:
        return self.activity
