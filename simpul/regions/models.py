"""Regions, hamlets, holidays, suspensions."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from django.db import models

from simpul.lib import areas
from simpul.lib.fields import Model
from simpul.regions import rules


class RegionSet(models.QuerySet["Region"]):
    """Filters over regions."""

    def inside(self, code: str) -> RegionSet:
        """This region and all that lies in it: a range on the primary key."""
        return self.filter(areas.inside(code, "code")) if code else self

    def current(self, day: date) -> RegionSet:
        """Regions that exist on a day."""
        return self.filter(models.Q(valid_from=None) | models.Q(valid_from__lte=day)).filter(
            models.Q(valid_to=None) | models.Q(valid_to__gte=day)
        )


class Region(models.Model):
    """A province, regency, district or village, by its Kemendagri code without dots.

    A village that is split or renamed keeps its old row with ``valid_to``; ``RegionChange`` says what it became.
    """

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever"

    code = models.CharField(max_length=10, primary_key=True)
    name = models.CharField(max_length=100)
    level = models.PositiveSmallIntegerField()  # 1 province, 2 regency or city, 3 district, 4 village
    kind = models.CharField(max_length=20)  # provinsi, kabupaten, kota, kecamatan, desa, kelurahan, desa_adat
    search_key = models.CharField(max_length=100)
    zone = models.CharField(max_length=40, blank=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=120)
    latitude = models.FloatField(
        null=True
    )  # of its office or its middle, for maps; the shipped list knows none
    longitude = models.FloatField(null=True)

    objects = RegionSet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["level", "search_key"], name="region_level_search")]

    def __str__(self) -> str:
        return self.name

    @property
    def dotted(self) -> str:
        """The code as the ministry prints it: 73.05.11.2005."""
        parts = [self.code[0:2], self.code[2:4], self.code[4:6], self.code[6:10]]
        return ".".join(part for part in parts if part)

    @property
    def parent_code(self) -> str:
        """The code of the region one level up; "" for a province."""
        return {2: "", 4: self.code[:2], 6: self.code[:4], 10: self.code[:6]}[len(self.code)]

    @property
    def short_name(self) -> str:
        """The name with its kind, as an address has it: "Desa Massamaturu", "Kab. Takalar"."""
        return rules.short_name(self.name, self.kind)

    def exists_on(self, day: date) -> bool:
        """True when the region's validity includes the day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or self.valid_to >= day
        )


class RegionChange(Model):
    """An old code and what it became: a split has several rows. ``old_name`` is the name it had until then."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever"

    old_code = models.CharField(max_length=10)
    new_code = models.CharField(max_length=10)
    kind = models.CharField(max_length=10)  # renamed, moved, split, merged
    old_name = models.CharField(max_length=100, blank=True)
    on_date = models.DateField()
    source = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["old_code", "new_code", "on_date"], name="region_change_once")
        ]

    def __str__(self) -> str:
        return f"{self.old_code} to {self.new_code}"


class Hamlet(Model):
    """A dusun, lingkungan, RW or RT of a village; optional everywhere."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever"

    village = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="hamlets")
    kind = models.CharField(max_length=12)  # dusun, lingkungan, rw, rt
    name = models.CharField(max_length=80)
    inside = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts")

    class Meta:
        constraints: ClassVar = [
            # Two constraints, since SQLite has no NULLS NOT DISTINCT.
            models.UniqueConstraint(
                fields=["village", "kind", "name"], condition=models.Q(inside=None), name="hamlet_once_at_top"
            ),
            models.UniqueConstraint(fields=["village", "kind", "name", "inside"], name="hamlet_once_inside"),
        ]

    def __str__(self) -> str:
        return self.name


class Holiday(Model):
    """A day on which the offices of a region are shut: national, joint leave, or local, each with its source."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever"

    day = models.DateField()
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=12)  # public, joint_leave, local
    region_code = models.CharField(max_length=10, blank=True)
    source = models.CharField(max_length=200)
    estimated = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "name", "region_code"], name="holiday_once")
        ]
        indexes: ClassVar = [models.Index(fields=["region_code", "day"], name="holiday_region_day")]

    def __str__(self) -> str:
        return f"{self.day}: {self.name}"


class Suspension(Model):
    """Legal clocks of an area stand still by a decision (a disaster); never the ones that protect a person."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever"

    region_code = models.CharField(max_length=10)
    from_date = models.DateField()
    to_date = models.DateField()
    decision = models.CharField(max_length=200)
    withdrawn_at = models.DateTimeField(null=True)  # ended before it began: it never counted

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(to_date__gte=models.F("from_date")), name="suspension_forward"
            )
        ]

    def __str__(self) -> str:
        return self.decision


class Emergency(Model):
    """A disaster in an area, by a decision: matters are taken in with danger first and identity last.

    It ends at ``until_at``, or when somebody ends it (``ended_at``), whichever comes first.
    """

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever"

    region_code = models.CharField(max_length=10)
    name = models.CharField(max_length=100)  # "Gempa Mamuju"
    decision_number = models.CharField(max_length=100)
    decision_date = models.DateField()
    decided_by = models.CharField(max_length=150)  # the office: "Bupati Mamuju"
    phones = models.CharField(max_length=200, blank=True)  # numbers that residents call now
    words = models.CharField(max_length=500, blank=True)  # what residents are told
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_decision = models.CharField(max_length=200, blank=True)
    relaxes_identity = models.BooleanField(default=True)
    suspends_clocks = models.BooleanField(default=False)
    asks_safety = models.BooleanField(default=True)  # life-safety questions come first
    suspension = models.ForeignKey(Suspension, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(until_at=None) | models.Q(until_at__gt=models.F("from_at")),
                name="emergency_forward",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["region_code", "from_at"], name="emergency_region_from")]

    def __str__(self) -> str:
        return self.name

    @property
    def decision(self) -> str:
        """The decision as a letter names it."""
        return f"{self.decided_by}, {self.decision_number}"

    def is_on(self, at: datetime) -> bool:
        """True while it lasts."""
        ends = min((moment for moment in (self.until_at, self.ended_at) if moment), default=None)
        return self.from_at <= at and (ends is None or at < ends)
