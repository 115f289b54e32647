"""Idle land that others may till for a time. Use never changes rights: the page and the paper say so."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.db import models

from simpul.lib.fields import Model
from simpul.people.models import Person
from simpul.regions.models import Hamlet


class Parcel(Model):
    """A piece of land whose owner does not till it now."""

    personal_data: ClassVar[dict[str, str]] = {
        "owner_name": "personal",
        "owner_phone": "personal",
        "right": "personal",
        "bounds": "personal",
    }
    retention: ClassVar[str] = "10 years after its last use"

    region_code = models.CharField(max_length=10)
    hamlet = models.ForeignKey(Hamlet, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)  # how people call it
    square_metres = models.PositiveIntegerField()
    ground = models.CharField(max_length=12)  # paddy, dry, garden, pond, yard
    water = models.CharField(max_length=100, blank=True)
    owner = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    owner_name = models.CharField(max_length=150)
    owner_phone = models.CharField(max_length=40, blank=True)
    right = models.CharField(max_length=150, blank=True)  # what proves it, as the owner says
    bounds = models.CharField(max_length=300, blank=True)
    listed_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)
    removed_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(square_metres__gt=0), name="land_parcel_size"),
        ]
        indexes: ClassVar = [models.Index(fields=["region_code", "removed_at"], name="land_parcel_region")]

    def __str__(self) -> str:
        return self.name


class LandEntry(Model):
    """What was written down about a parcel; taken back, it stays with ``withdrawn_at``."""

    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)
    user_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True


class OwnerConsent(LandEntry):
    """The owner agrees that the land is used between two days, on what terms; it can be withdrawn, and then ends after the harvest."""

    personal_data: ClassVar[dict[str, str]] = {
        "giver": "personal",
        "terms": "personal",
        "recorded_by": "personal",
        "withdrawn_why": "personal",
    }
    retention: ClassVar[str] = "10 years after its last day"

    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="consents")
    giver = models.CharField(max_length=150)
    how = models.CharField(max_length=8)  # signed, spoken
    from_date = models.DateField()
    to_date = models.DateField()
    terms = models.TextField(blank=True)
    witnesses = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(to_date__gte=models.F("from_date")), name="land_consent_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_date} - {self.to_date}"


class LandUse(LandEntry):
    """A group tills a parcel for a time and gives it back."""

    personal_data: ClassVar[dict[str, str]] = {
        "group": "personal",
        "contact": "personal",
        "returned_words": "personal",
        "recorded_by": "personal",
        "withdrawn_why": "personal",
    }
    retention: ClassVar[str] = "10 years after it was given back"

    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="uses")
    consent = models.ForeignKey(OwnerConsent, on_delete=models.PROTECT, related_name="uses")
    group = models.CharField(max_length=150)
    contact = models.CharField(max_length=150, blank=True)
    people = models.PositiveSmallIntegerField(default=1)
    crop = models.CharField(max_length=100)
    started_date = models.DateField()
    until_date = models.DateField()
    owner_share = models.PositiveSmallIntegerField(default=0)  # percent of the harvest
    village_share = models.PositiveSmallIntegerField(default=0)
    returned_date = models.DateField(null=True)
    returned_words = models.CharField(max_length=300, blank=True)  # in which state

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "parcel",
                name="land_one_use",
                condition=models.Q(returned_date__isnull=True, withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=models.Q(owner_share__lte=100 - models.F("village_share")), name="land_shares_fit"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.crop}"


class LandInput(LandEntry):
    """Seed, fertiliser, hours: what a use cost."""

    personal_data: ClassVar[dict[str, str]] = {"recorded_by": "personal", "withdrawn_why": "personal"}
    retention: ClassVar[str] = "as long as the use"

    use = models.ForeignKey(LandUse, on_delete=models.PROTECT, related_name="inputs")
    given_date = models.DateField()
    what = models.CharField(max_length=100)
    value = models.PositiveBigIntegerField()  # rupiah
    source = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return self.what


class Harvest(LandEntry):
    """What the land bore, and how it was shared."""

    personal_data: ClassVar[dict[str, str]] = {"recorded_by": "personal", "withdrawn_why": "personal"}
    retention: ClassVar[str] = "as long as the use"

    use = models.ForeignKey(LandUse, on_delete=models.PROTECT, related_name="harvests")
    harvested_date = models.DateField()
    what = models.CharField(max_length=100)
    grams = models.PositiveBigIntegerField()
    value = models.PositiveBigIntegerField(default=0)  # rupiah, when it was sold or is known
    owner_grams = models.PositiveBigIntegerField()
    village_grams = models.PositiveBigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(grams__gte=models.F("owner_grams") + models.F("village_grams")),
                name="land_harvest_shared",
            ),
        ]

    def __str__(self) -> str:
        return self.what
