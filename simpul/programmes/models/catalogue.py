"""Programmes, the dated versions of their rules, who gets what, and what was decided about whom.

A *programme* here is anything an authority judges: aid, a definition of "poor", a standard of a house. Authorities are never merged
into one mark. "Listed" never means "receives".
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.lib.fields import Model
from simpul.people.models import Family, Household, Person


class Programme(models.Model):
    """What an authority gives or judges, with the words of its verdicts."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever"

    code = models.SlugField(max_length=60, primary_key=True)
    kind = models.CharField(max_length=12)  # aid, poverty, house, position, criterion: programmes.rules.rows
    authority = models.CharField(max_length=80)
    name = models.CharField(max_length=150)
    name_en = models.CharField(max_length=150)
    about = models.CharField(max_length=400, blank=True)
    about_en = models.CharField(max_length=400, blank=True)
    yes = models.CharField(max_length=60, blank=True)  # what "yes" means: "miskin", "memenuhi syarat"
    yes_en = models.CharField(max_length=60, blank=True)
    no = models.CharField(max_length=60, blank=True)
    no_en = models.CharField(max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(default=500)
    is_active = models.BooleanField(default=True)
    is_own = models.BooleanField(default=False)  # added here; what ships leaves it alone
    region_code = models.CharField(max_length=10, blank=True)  # of an own programme: where it is given

    def __str__(self) -> str:
        return self.code


class RuleVersion(Model):
    """One programme's rule as it was in force from a day on: criteria of typed tests, numbers, source and certainty.

    ``region_code`` is "" for everybody, or the area of a district's own version, which goes before the general one there.
    """

    personal_data: ClassVar[dict[str, str]] = {"added_by": "personal"}
    retention: ClassVar[str] = "for ever"

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="versions")
    version = models.CharField(max_length=60)
    unit = models.CharField(max_length=10)  # person, pupil, family, household, house
    criteria = models.JSONField()
    figures = models.JSONField(default=dict)  # name -> value, words, source, confidence, by_region
    amounts = models.JSONField(default=list)  # what is given, in rupiah
    source = models.CharField(max_length=250)
    source_date = models.DateField(null=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    confidence = models.CharField(max_length=12)  # confirmed, secondary, unconfirmed
    note = models.CharField(max_length=500, blank=True)
    note_en = models.CharField(max_length=500, blank=True)
    region_code = models.CharField(max_length=10, blank=True)
    is_own = models.BooleanField(default=False)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("programme", "version", "region_code", name="rule_version_once"),
            models.CheckConstraint(
                condition=models.Q(valid_until=None) | models.Q(valid_until__gte=models.F("valid_from")),
                name="rule_version_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme_id} {self.version}"


class Benefit(Model):
    """What a person, a family or a household gets from a programme: proposed, listed, receives, ended.

    Only *receives* means that something arrives. A programme without a row is unknown, not "no".
    """

    personal_data: ClassVar[dict[str, str]] = {
        "state": "specific",
        "source": "specific",
        "note": "specific",
        "recorded_by": "personal",
    }
    retention: ClassVar[str] = "5 years after it ended"

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="benefits")
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="benefits")
    family = models.ForeignKey(Family, null=True, on_delete=models.CASCADE, related_name="benefits")
    household = models.ForeignKey(Household, null=True, on_delete=models.CASCADE, related_name="benefits")
    region_code = models.CharField(max_length=10)
    state = models.CharField(max_length=10)  # proposed, listed, receives, ended, refused
    since_date = models.DateField(null=True)
    until_date = models.DateField(null=True)
    source = models.CharField(max_length=150)
    note = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["region_code", "programme"], name="benefit_region_programme")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(
                    models.Q(person__isnull=False, family=None, household=None)
                    | models.Q(person=None, family__isnull=False, household=None)
                    | models.Q(person=None, family=None, household__isnull=False)
                ),
                name="benefit_of_one_unit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme_id} {self.state}"


class Decision(Model):
    """What a person decided about a unit under one rule, and why. The computed verdict was only advice; both are kept."""

    personal_data: ClassVar[dict[str, str]] = {
        "advice": "specific",
        "outcome": "specific",
        "why": "specific",
        "facts": "specific",
        "decided_by": "personal",
    }
    retention: ClassVar[str] = "5 years"

    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="decisions")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="decisions")
    version = models.ForeignKey(RuleVersion, null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.CharField(max_length=10)
    subject_id = models.UUIDField()  # the person, family, household or house it is about
    region_code = models.CharField(max_length=10)
    advice = models.CharField(max_length=8)  # yes, no, unknown: what the rule said
    outcome = models.CharField(max_length=8)  # yes, no, later: what the person decided
    why = models.TextField()
    facts = models.JSONField(default=list)  # what the rule had before it
    on_date = models.DateField()
    decided_at = models.DateTimeField()
    decided_by = models.CharField(max_length=150)
    decided_user_id = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["household", "decided_at"], name="decision_household")]

    def __str__(self) -> str:
        return f"{self.programme_id} {self.outcome}"


class Run(Model):
    """One screening of a whole area: how many yes, no, unknown. The rows are not kept; a download works them out anew."""

    personal_data: ClassVar[dict[str, str]] = {"started_by": "personal"}
    retention: ClassVar[str] = "2 years"

    region_code = models.CharField(max_length=10)
    on_date = models.DateField()
    compare = models.CharField(max_length=60, blank=True)  # the programme whose two versions are compared
    state = models.CharField(max_length=10, default="waiting")  # waiting, running, done, failed
    started_at = models.DateTimeField()
    started_by = models.CharField(max_length=150)
    finished_at = models.DateTimeField(null=True)
    seconds = models.FloatField(null=True)
    persons = models.PositiveIntegerField(default=0)
    households = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=list)  # per programme: yes, no, unknown
    crossed = models.JSONField(default=list)  # per pair of programmes: in by one and out by the other
    changed = models.JSONField(default=dict)  # of a comparison: how many changed, from what to what
    fault = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["region_code", "started_at"], name="run_region")]

    def __str__(self) -> str:
        return f"{self.region_code} {self.on_date}"
