"""Whom a posyandu looks after (sasaran), and what was measured and asked on a day.

One card is one person on one of the forms A (pregnant, post-partum, breast-feeding), B (0 to 59 months and pre-school), C (school age,
6 to 18 years), D (adult and elderly). What a form asks is data (``catalogue/forms``): answers lie in ``values`` by the form's keys, and
those that figures are made of have columns beside. Source: KMK HK.01.07/MENKES/2015/2023 and its card sheets.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.lib.fields import Model
from simpul.people.models import Person
from simpul.posyandu.models.institution import Cadre, Posyandu


class Participant(Model):
    """One person on one form at one posyandu, from when till when. A new pregnancy is a new card A."""

    personal_data: ClassVar[dict[str, str]] = {"details": "specific", "closed_why": "personal"}
    retention: ClassVar[str] = (
        "a child's until 25 years old, others 10 years after the last entry (Permenkes 24/2022 art. 39)"
    )

    posyandu = models.ForeignKey(Posyandu, on_delete=models.PROTECT, related_name="participations")
    region_code = models.CharField(max_length=10)  # of the posyandu's village
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="participations")
    form = models.CharField(max_length=1)  # A, B, C, D
    mother = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    cadre = models.ForeignKey(Cadre, null=True, on_delete=models.SET_NULL, related_name="participations")
    details = models.JSONField(
        default=dict
    )  # the head of the form, by its keys: birth weight, last period ...
    opened_date = models.DateField()
    closed_date = models.DateField(null=True)
    closed_why = models.CharField(max_length=20, blank=True)  # aged, moved, away, died, born, wish, mistake
    moved_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "person", "form", name="participant_open_once", condition=models.Q(closed_date=None)
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["posyandu", "form", "closed_date"], name="participant_posyandu_form"),
            models.Index(fields=["region_code", "form"], name="participant_region_form"),
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.person_id}"


class Day(Model):
    """One posyandu day: from the moment it was opened until its closing check."""

    personal_data: ClassVar[dict[str, str]] = {"opened_by": "personal", "closed_by": "personal"}
    retention: ClassVar[str] = "10 years"

    posyandu = models.ForeignKey(Posyandu, on_delete=models.PROTECT, related_name="days")
    region_code = models.CharField(max_length=10)
    day = models.DateField()
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=150, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=150, blank=True)
    education = models.JSONField(default=list)  # what was told to all: codes of topics
    check_list = models.JSONField(default=dict)  # answers of the closing check
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("posyandu", "day", name="posyandu_day_once")]
        indexes: ClassVar = [models.Index(fields=["region_code", "day"], name="posyandu_day_region")]

    def __str__(self) -> str:
        return f"{self.posyandu_id} {self.day}"


class Coming(Model):
    """Somebody who came to a day: their number in the queue and how far they are (steps 1 to 5)."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "as long as the card"

    day = models.ForeignKey(Day, on_delete=models.PROTECT, related_name="comings")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="comings")
    number = models.PositiveSmallIntegerField()
    came_at = models.DateTimeField()
    step = models.PositiveSmallIntegerField(default=1)  # the next one to be done; 6 when all are
    steps = models.JSONField(default=dict)  # step -> {"at", "by"}
    left_at = models.DateTimeField(null=True)  # went away, whether all was done or not

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("day", "participant", name="coming_once"),
            models.UniqueConstraint("day", "number", name="coming_number_once"),
        ]

    def __str__(self) -> str:
        return str(self.number)


class Examination(Model):
    """One line of a card: what was measured, asked, given, and how the rules of that day judged it.

    Facts are kept as they were said: a second entry of the same day stands beside the first with ``rival`` and a flag, and a person
    decides which one counts (``stands``). Lengths are millimetres, weights grams; z-scores are hundredths, empty where undefined.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "values": "specific",
        "weight_g": "specific",
        "height_mm": "specific",
        "head_mm": "specific",
        "muac_mm": "specific",
        "waist_mm": "specific",
        "systolic": "specific",
        "diastolic": "specific",
        "glucose": "specific",
        "results": "specific",
        "said_status": "specific",
        "flags": "specific",
        "set_aside_why": "personal",
        "recorded_by": "personal",
    }
    retention: ClassVar[str] = "as long as the card"

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="examinations")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="examinations")
    posyandu = models.ForeignKey(Posyandu, on_delete=models.PROTECT, related_name="examinations")
    region_code = models.CharField(max_length=10)
    day = models.ForeignKey(Day, null=True, on_delete=models.PROTECT, related_name="examinations")
    date = models.DateField()
    form = models.CharField(max_length=1)
    form_version = models.CharField(max_length=20)
    source = models.CharField(max_length=8, default="day")  # day, paper, visit, import
    values = models.JSONField(default=dict)
    age_days = models.IntegerField(null=True)
    age_months = models.IntegerField(null=True)  # completed calendar months

    weight_g = models.PositiveIntegerField(null=True)
    height_mm = models.PositiveIntegerField(null=True)  # as measured, uncorrected
    measured = models.CharField(max_length=1, blank=True)  # l lying, h standing
    oedema = models.BooleanField(default=False)
    head_mm = models.PositiveIntegerField(null=True)
    muac_mm = models.PositiveIntegerField(null=True)
    waist_mm = models.PositiveIntegerField(null=True)
    systolic = models.PositiveSmallIntegerField(null=True)
    diastolic = models.PositiveSmallIntegerField(null=True)
    glucose = models.PositiveSmallIntegerField(null=True)  # mg/dl

    waz = models.SmallIntegerField(null=True)  # by days, WHO's method
    haz = models.SmallIntegerField(null=True)
    whz = models.SmallIntegerField(null=True)
    baz = models.SmallIntegerField(null=True)
    hcz = models.SmallIntegerField(null=True)
    acz = models.SmallIntegerField(null=True)
    waz_m = models.SmallIntegerField(null=True)  # by completed months, the regulation's method
    haz_m = models.SmallIntegerField(null=True)
    whz_m = models.SmallIntegerField(null=True)
    baz_m = models.SmallIntegerField(null=True)
    bb_u = models.CharField(max_length=20, blank=True)  # legal classes (Permenkes 2/2020), by the months
    tb_u = models.CharField(max_length=20, blank=True)
    bb_tb = models.CharField(max_length=20, blank=True)
    imt_u = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=1, blank=True)  # N, T, O, B as computed
    said_status = models.CharField(max_length=1, blank=True)  # as the cadre read the curve
    two_t = models.BooleanField(default=False)
    bgm = models.BooleanField(default=False)
    refer = models.BooleanField(default=False)
    results = models.JSONField(default=list)  # each judgement: rule, version, class, level, refer
    flags = models.JSONField(default=list)  # what was asked about or looks impossible, by code

    stands = models.BooleanField(default=True)  # false: set aside in favour of another entry, or withdrawn
    rival = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="rivals")
    set_aside_why = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)
    cadre = models.ForeignKey(Cadre, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["participant", "-date"], name="examination_participant_date"),
            models.Index(fields=["person", "-date"], name="examination_person_date"),
            models.Index(fields=["posyandu", "date", "form"], name="examination_posyandu_date"),
            models.Index(fields=["region_code", "date", "form"], name="examination_region_date"),
        ]

    def __str__(self) -> str:
        return f"{self.participant_id} {self.date}"
