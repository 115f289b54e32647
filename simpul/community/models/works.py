"""Works that residents build themselves (swadaya): hours, materials, money, tools, photos; apart from what the state pays.

Everything written down is an *entry* of its own; taking one back leaves the row and sets ``withdrawn_at`` with a reason.
"""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.db import models

from simpul.cases.models import Case
from simpul.lib import areas
from simpul.lib.fields import Model
from simpul.people.models import Person
from simpul.regions.models import Hamlet


class WorkSet(models.QuerySet["Work"]):
    """Filters over works."""

    def inside(self, code: str) -> WorkSet:
        """Works of a region and of all that lies in it."""
        return self.filter(areas.inside(code)) if code else self

    def public(self) -> WorkSet:
        """What everybody may see."""
        return self.filter(published_at__isnull=False).exclude(state="called_off")


class Work(Model):
    """One work: planned, under way, done, handed over; or called off. Moves: ``community.rules.works``."""

    personal_data: ClassVar[dict[str, str]] = {"leader": "personal", "handed_to": "personal"}
    retention: ClassVar[str] = "for ever: what the village built; names of helpers 5 years"

    region_code = models.CharField(max_length=10)
    hamlet = models.ForeignKey(Hamlet, null=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=150)
    about = models.TextField(blank=True)
    place = models.CharField(max_length=150, blank=True)
    volume = models.CharField(max_length=100, blank=True)  # "120 m", "2 unit"
    beneficiaries = models.PositiveIntegerField(null=True)  # people, as counted or guessed
    leader = models.CharField(max_length=150, blank=True)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="works")
    idea = models.ForeignKey("community.Idea", null=True, on_delete=models.PROTECT, related_name="works")
    plan_row = models.ForeignKey(
        "community.PlanRow", null=True, on_delete=models.PROTECT, related_name="works"
    )
    state = models.CharField(max_length=12, default="planned")
    starts_date = models.DateField(null=True)  # as planned
    ends_date = models.DateField(null=True)
    started_date = models.DateField(null=True)
    finished_date = models.DateField(null=True)
    result = models.TextField(blank=True)
    handed_over_date = models.DateField(null=True)
    handed_to = models.CharField(max_length=150, blank=True)  # who looks after it from now on
    called_off_why = models.CharField(max_length=300, blank=True)
    hides_amounts = models.BooleanField(default=False)  # the board of thanks names people without sums
    published_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)
    changed_at = models.DateTimeField()

    objects = WorkSet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=["planned", "running", "done", "handed_over", "called_off"]),
                name="work_state_known",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["region_code", "state"], name="work_region_state")]

    def __str__(self) -> str:
        return self.title


class WorkEntry(Model):
    """What was written down about a work, when and by whom; taken back, it stays with ``withdrawn_at``."""

    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="%(class)s_rows")
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)
    user_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True


class Rate(Model):
    """What a unit is worth from a day on, in whole rupiah: a material's price, or a day's wage. A newer row takes its place."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever: older works are valued by it"

    region_code = models.CharField(max_length=10)
    name = models.CharField(max_length=100)
    unit = models.CharField(max_length=20)  # sak, m3, batang, HOK ...
    price = models.PositiveBigIntegerField()
    from_date = models.DateField()
    source = models.CharField(max_length=200, blank=True)
    is_wage = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("region_code", "name", "unit", "from_date", name="work_rate_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} / {self.unit}"


class Labour(WorkEntry):
    """One person's hours on one day of a work, in half days (two make one HOK)."""

    personal_data: ClassVar[dict[str, str]] = {
        "name": "personal",
        "recorded_by": "personal",
        "withdrawn_why": "personal",
    }
    retention: ClassVar[str] = "5 years after the work; the sums for ever"

    worked_date = models.DateField()
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=150)  # of a person, or of a group: "Pemuda Dusun Taruttuka"
    people = models.PositiveSmallIntegerField(default=1)
    half_days = models.PositiveSmallIntegerField()  # of each of them
    task = models.CharField(max_length=100, blank=True)
    food = models.BooleanField(default=False)  # was given a meal
    named = models.BooleanField(default=False)  # agreed to be thanked by name
    wage = models.PositiveBigIntegerField(
        default=0
    )  # rupiah paid to all of them together; 0: a gift of hours

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(half_days__range=(1, 4), people__gte=1), name="work_labour_sensible"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["work", "worked_date"], name="work_labour_day")]

    def __str__(self) -> str:
        return self.name


class Material(WorkEntry):
    """Something that was brought: how much, valued by the price of its day, from whom."""

    personal_data: ClassVar[dict[str, str]] = {
        "donor": "personal",
        "recorded_by": "personal",
        "withdrawn_why": "personal",
    }
    retention: ClassVar[str] = "5 years after the work; the sums for ever"

    given_date = models.DateField()
    rate = models.ForeignKey(Rate, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    unit = models.CharField(max_length=20)
    quantity = models.DecimalField(max_digits=10, decimal_places=2)
    unit_price = models.PositiveBigIntegerField()  # rupiah, of the price list or as said with its reason
    value = models.PositiveBigIntegerField()  # rupiah, rounded once
    source = models.CharField(max_length=8, default="swadaya")  # swadaya, company, state
    donor = models.CharField(max_length=150, blank=True)
    donor_named = models.BooleanField(default=False)  # agreed to be thanked by name

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="work_material_amount"),
        ]

    def __str__(self) -> str:
        return self.name


class Money(WorkEntry):
    """Cash that came in for a work, or was spent on it, with the number of its receipt."""

    personal_data: ClassVar[dict[str, str]] = {
        "who": "personal",
        "words": "personal",
        "recorded_by": "personal",
        "withdrawn_why": "personal",
    }
    retention: ClassVar[str] = "10 years: records of money"

    direction = models.CharField(max_length=3)  # in, out
    amount = models.PositiveBigIntegerField()
    moved_date = models.DateField()
    source = models.CharField(max_length=8, default="swadaya")  # swadaya, company, state
    who = models.CharField(max_length=150, blank=True)  # who gave, or was paid
    who_named = models.BooleanField(default=False)  # agreed to be thanked by name
    words = models.CharField(max_length=200, blank=True)  # what for
    number = models.PositiveIntegerField()  # of the receipt, in its work
    file_sha256 = models.CharField(max_length=64, blank=True)
    file_mime = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("work", "number", name="work_money_number_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="work_money_amount"),
            models.CheckConstraint(condition=models.Q(direction__in=["in", "out"]), name="work_money_way"),
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.amount}"


class Tool(WorkEntry):
    """A tool somebody lent: a work is not over before it is back."""

    personal_data: ClassVar[dict[str, str]] = {
        "owner": "personal",
        "condition": "personal",
        "recorded_by": "personal",
        "withdrawn_why": "personal",
    }
    retention: ClassVar[str] = "1 year after the work"

    name = models.CharField(max_length=100)
    count = models.PositiveSmallIntegerField(default=1)
    owner = models.CharField(max_length=150)
    lent_date = models.DateField()
    due_date = models.DateField(null=True)
    returned_date = models.DateField(null=True)
    condition = models.CharField(max_length=200, blank=True)  # as it came back

    def __str__(self) -> str:
        return self.name


class Picture(WorkEntry):
    """A photo of before, meanwhile or after, cleaned and without hidden data."""

    personal_data: ClassVar[dict[str, str]] = {"recorded_by": "personal", "withdrawn_why": "personal"}
    retention: ClassVar[str] = "as long as the work's page"

    stage = models.CharField(max_length=6)  # before, during, after
    taken_date = models.DateField()
    words = models.CharField(max_length=150, blank=True)
    file_sha256 = models.CharField(max_length=64)
    file_mime = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    shown = models.BooleanField(default=True)  # on the public page: nobody can be recognised, or they agreed

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(stage__in=["before", "during", "after"]), name="work_picture_stage"
            ),
        ]

    def __str__(self) -> str:
        return self.words or self.stage
