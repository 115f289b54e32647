"""Requests of the six fields: what was asked at a posyandu, its papers, who verified, what was seen at the place, where it went."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.cases.models import Case
from simpul.desks.models import Desk
from simpul.lib.fields import Model
from simpul.people.models import Household, Person
from simpul.posyandu.models.institution import Posyandu


class FieldRequest(Model):
    """One request: a matter of the kind ``spm_request`` and how far the posyandu and the village have come with it.

    Source: Permendagri 13/2024 (six fields); flow and limit of the guide (secondary). ``state`` is of ``rules.requests``.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "checked_note": "personal",
        "verified_why": "personal",
        "released_note": "personal",
        "result_words": "personal",
        "place": "personal",
        "latitude": "personal",
        "longitude": "personal",
        "taken_by": "personal",
        "checked_by": "personal",
        "released_by": "personal",
        "verified_by": "personal",
        "handed_by": "personal",
        "forwarded_by": "personal",
        "ended_by": "personal",
    }
    retention: ClassVar[str] = "as long as its matter"

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="field_request")
    posyandu = models.ForeignKey(Posyandu, on_delete=models.PROTECT, related_name="requests")
    region_code = models.CharField(max_length=10)
    field = models.CharField(max_length=20)
    service = models.CharField(max_length=40)  # "works/water", of catalogue/services.toml
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, null=True, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=8, default="desk")  # desk, visit
    state = models.CharField(max_length=12, default="papers")
    confidential = models.BooleanField(default=False)
    anonymous = models.BooleanField(default=False)
    place = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    taken_at = models.DateTimeField()
    taken_by = models.CharField(max_length=150, blank=True)
    taken_by_user_id = models.UUIDField(null=True)
    checked_at = models.DateTimeField(null=True)
    checked_by = models.CharField(max_length=150, blank=True)
    checked_by_user_id = models.UUIDField(null=True)
    checked_meets = models.BooleanField(null=True)
    checked_note = models.CharField(max_length=500, blank=True)
    released_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=150, blank=True)
    released_note = models.CharField(max_length=500, blank=True)
    verified_at = models.DateTimeField(null=True)
    verified_by = models.CharField(max_length=150, blank=True)
    verified_why = models.CharField(max_length=500, blank=True)
    handed_at = models.DateTimeField(null=True)
    handed_by = models.CharField(max_length=150, blank=True)
    forwarded_at = models.DateTimeField(null=True)
    forwarded_by = models.CharField(max_length=150, blank=True)
    forwarded_desk = models.ForeignKey(Desk, null=True, on_delete=models.PROTECT, related_name="+")
    result = models.CharField(max_length=16, blank=True)
    result_words = models.CharField(max_length=1000, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=150, blank=True)
    moved_at = models.DateTimeField()
    stale_at = models.DateTimeField(null=True)  # the red flag is up from then on; null when it is at its end

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["region_code", "state", "-taken_at"], name="fieldrequest_region"),
            models.Index(fields=["posyandu", "state", "-taken_at"], name="fieldrequest_posyandu"),
            models.Index(fields=["region_code", "stale_at"], name="fieldrequest_stale"),
            models.Index(fields=["person"], name="fieldrequest_person"),
        ]

    def __str__(self) -> str:
        return self.service


class RequestPaper(Model):
    """One paper of a request's checklist and how far it is."""

    personal_data: ClassVar[dict[str, str]] = {"note": "personal", "marked_by": "personal"}
    retention: ClassVar[str] = "as long as its matter"

    request = models.ForeignKey(FieldRequest, on_delete=models.CASCADE, related_name="papers")
    code = models.CharField(max_length=24)  # of catalogue/services.toml
    position = models.PositiveSmallIntegerField()
    required = models.BooleanField(default=True)
    mark = models.CharField(max_length=8, default="missing")  # missing, seen, copied
    note = models.CharField(max_length=200, blank=True)
    marked_at = models.DateTimeField(null=True)
    marked_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("request", "code", name="request_paper_once")]

    def __str__(self) -> str:
        return self.code


class RequestVisit(Model):
    """Somebody went there and looked: a fact, whatever was decided before or after."""

    personal_data: ClassVar[dict[str, str]] = {
        "seen": "personal",
        "visitor": "personal",
        "latitude": "personal",
        "longitude": "personal",
        "recorded_by": "personal",
    }
    retention: ClassVar[str] = "as long as its matter"

    request = models.ForeignKey(FieldRequest, on_delete=models.CASCADE, related_name="visits")
    visited_date = models.DateField()
    visitor = models.CharField(max_length=150)
    seen = models.CharField(max_length=1000)
    meets = models.BooleanField(null=True)  # criteria met, as seen there; null: no opinion
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["request", "visited_date"], name="request_visit_date")]

    def __str__(self) -> str:
        return f"{self.request_id} {self.visited_date}"


class RequestPhoto(Model):
    """A photo of a paper, or of a side of the place: re-encoded at the door, kept by its content."""

    personal_data: ClassVar[dict[str, str]] = {"file_sha256": "personal"}
    retention: ClassVar[str] = "as long as its matter"

    request = models.ForeignKey(FieldRequest, on_delete=models.CASCADE, related_name="photos")
    paper = models.ForeignKey(RequestPaper, null=True, on_delete=models.CASCADE, related_name="photos")
    visit = models.ForeignKey(RequestVisit, null=True, on_delete=models.CASCADE, related_name="photos")
    side = models.CharField(max_length=8, blank=True)  # of rules.requests.SIDES
    file_sha256 = models.CharField(max_length=64)
    file_mime = models.CharField(max_length=40)
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.file_sha256[:12]
