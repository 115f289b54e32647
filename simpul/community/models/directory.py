"""What the village makes, sells and shares: businesses, produce with its seasons, market days, shared places."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.db import models

from simpul.lib import areas
from simpul.lib.fields import EncryptedText, Model
from simpul.people.models import Person
from simpul.regions.models import Hamlet


class ListingSet(models.QuerySet["Listing"]):
    """Filters over the directory."""

    def inside(self, code: str) -> ListingSet:
        """Listings of a region and of all that lies in it."""
        return self.filter(areas.inside(code)) if code else self

    def current(self) -> ListingSet:
        """Listings that stand in the directory now."""
        return self.filter(ended_at=None)


class Listing(Model):
    """One line of the directory. The contact is shown only while an ``Agreement`` to it stands."""

    personal_data: ClassVar[dict[str, str]] = {
        "contact_name": "personal",
        "contact_phone": "personal",
        "recorded_by": "personal",
    }
    retention: ClassVar[str] = "as long as it exists; the contact until consent is withdrawn"

    region_code = models.CharField(max_length=10)
    hamlet = models.ForeignKey(Hamlet, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)  # business, produce, market, place
    name = models.CharField(max_length=120)
    about = models.TextField(blank=True)
    offers = models.CharField(max_length=200, blank=True)  # "ikan kering, abon" / "jagung"
    search_key = models.CharField(max_length=400, blank=True)
    place = models.CharField(max_length=150, blank=True)
    hours = models.CharField(max_length=120, blank=True)  # when it is open, in words
    months = models.PositiveSmallIntegerField(default=0)  # bits: January is 1; 0 is all the year
    weekdays = models.PositiveSmallIntegerField(default=0)  # bits: Monday is 1; market days
    unit = models.CharField(max_length=40, blank=True)  # "per kg"
    price = models.PositiveBigIntegerField(null=True)  # whole rupiah, as told
    price_date = models.DateField(null=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    contact_name = models.CharField(max_length=120, blank=True)
    contact_phone = EncryptedText(blank=True, default="")
    parcel_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)  # idle land in use
    work_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)  # a work of swadaya
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)
    changed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=300, blank=True)

    objects = ListingSet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["business", "produce", "market", "place"]),
                name="listing_kind_known",
            ),
            models.CheckConstraint(
                condition=models.Q(months__lte=0b111111111111, weekdays__lte=0b1111111),
                name="listing_days_known",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["region_code", "kind", "name"], name="listing_region_kind")]

    def __str__(self) -> str:
        return self.name


class Agreement(Model):
    """Somebody agreed that their name and number stand in the directory: the words read to them, how, when; and the end of it."""

    personal_data: ClassVar[dict[str, str]] = {
        "given_by": "personal",
        "taken_by": "personal",
        "withdrawn_why": "personal",
    }
    retention: ClassVar[str] = "5 years after it was withdrawn, as proof"

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="agreements")
    given_by = models.CharField(max_length=120)
    how = models.CharField(max_length=8)  # spoken, paper, message
    words = models.TextField()
    version = models.CharField(max_length=10)
    given_at = models.DateTimeField()
    taken_by = models.CharField(max_length=150)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "listing", name="agreement_one_standing", condition=models.Q(withdrawn_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.given_by
