"""What a matter can be, as data: seeded from ``catalogue/kinds.toml``, changed by the institution with a version each time."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.desks.models import Desk
from simpul.lib.fields import Model


class KindSet(models.QuerySet["Kind"]):
    """Filters over kinds."""

    def offered(self) -> KindSet:
        """Kinds that residents can choose on the public page."""
        return self.filter(is_active=True, is_public=True)


class Kind(models.Model):
    """A kind of matter: its own fields, clocks, sensitivity and publication rule, with the legal source of its clock.

    ``fields`` is a list of {key, type, label, label_en, hint, hint_en, options, required, personal}.
    ``clocks`` is a list of {key, unit, amount, from, until, source, confidence, pausable}.
    """

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever"

    code = models.SlugField(max_length=40, primary_key=True)
    group = models.CharField(max_length=20)  # complaint, request, social, dispute, idea, rights, election
    position = models.PositiveSmallIntegerField(default=100)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    about = models.TextField(blank=True)
    about_en = models.TextField(blank=True)
    icon = models.CharField(max_length=30, blank=True)
    fields = models.JSONField(default=list)
    clocks = models.JSONField(default=list)
    decisions = models.JSONField(default=list)
    sensitivity = models.CharField(max_length=10, default="normal")  # normal, restricted, sealed
    publishable = models.BooleanField(default=True)
    anonymous_allowed = models.BooleanField(default=True)
    needs_verification = models.BooleanField(default=False)
    reaction_days = models.PositiveSmallIntegerField(default=10)
    falls_through = models.CharField(max_length=4, default="ask")  # to the next desk: self, or ask the holder
    asks_consent = models.BooleanField(
        default=False
    )  # another institution gets it only when the person agreed
    approvals = models.JSONField(
        default=list
    )  # who looks at a decision before it is given: check, initial, sign
    standard = models.JSONField(default=dict)  # the service standard shown to residents
    retention_years = models.PositiveSmallIntegerField(default=5)
    basis = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=200, blank=True)
    confidence = models.CharField(max_length=12, default="unconfirmed")
    version = models.PositiveIntegerField(default=1)
    is_active = models.BooleanField(default=True)
    is_public = models.BooleanField(default=True)

    objects = KindSet.as_manager()

    def __str__(self) -> str:
        return self.code


class Route(Model):
    """Where a kind of matter goes first in a region, and which tiers it falls through when a desk refuses."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever"

    kind = models.ForeignKey(Kind, on_delete=models.CASCADE, related_name="routes")
    region_code = models.CharField(max_length=10, blank=True)
    field_value = models.CharField(
        max_length=60, blank=True
    )  # e.g. the category that this row is for; "" any
    position = models.PositiveSmallIntegerField()  # 0 is the first desk; 1, 2, ... are proposed in order
    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="routes")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "kind", "region_code", "field_value", "position", name="route_position_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind_id} {self.position} {self.desk_id}"
