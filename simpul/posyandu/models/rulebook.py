"""Which version of a rule an area follows, and what changed when entries were judged again.

Rules themselves are files (``catalogue/rules``). What an institution decides about them lies here, with dates and the reason.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.lib.fields import Model
from simpul.posyandu.models.participants import Examination


class RuleChoice(Model):
    """An area follows another version than the default, from a day on. Ended, it counts until that day; never taken away."""

    personal_data: ClassVar[dict[str, str]] = {"set_by": "personal", "ended_by": "personal"}
    retention: ClassVar[str] = "for ever"

    rule = models.CharField(max_length=40)
    version = models.CharField(max_length=40)
    region_code = models.CharField(max_length=10)
    from_date = models.DateField()
    until_date = models.DateField(null=True)  # the last day on which it counts
    reason = models.CharField(max_length=300)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=150, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=150, blank=True)
    ended_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "rule",
                "region_code",
                "from_date",
                name="rule_choice_once",
                condition=models.Q(ended_at=None),
            )
        ]
        indexes: ClassVar = [models.Index(fields=["region_code", "rule"], name="rule_choice_region")]

    def __str__(self) -> str:
        return f"{self.rule} {self.version}"


class Rerun(Model):
    """Entries of an area and a time were judged again by the rules in force, and what changed was written down."""

    personal_data: ClassVar[dict[str, str]] = {"made_by": "personal"}
    retention: ClassVar[str] = "10 years"

    region_code = models.CharField(max_length=10)
    from_date = models.DateField()
    until_date = models.DateField()
    reason = models.CharField(max_length=300)
    looked = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["region_code", "-made_at"], name="rerun_region")]

    def __str__(self) -> str:
        return f"{self.region_code} {self.from_date}"


class Rejudgement(Model):
    """What an entry was judged before a re-run and after it; rows are added and not changed."""

    personal_data: ClassVar[dict[str, str]] = {"before": "specific", "after": "specific"}
    retention: ClassVar[str] = "as long as the card"

    rerun = models.ForeignKey(Rerun, on_delete=models.PROTECT, related_name="rejudgements")
    examination = models.ForeignKey(Examination, on_delete=models.CASCADE, related_name="rejudgements")
    region_code = models.CharField(max_length=10)
    before = models.JSONField(default=dict)  # results, status, two_t, bgm, refer
    after = models.JSONField(default=dict)
    versions = models.JSONField(default=dict)  # rule -> [version before, version after]
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("rerun", "examination", name="rejudgement_once")]
        indexes: ClassVar = [models.Index(fields=["examination", "made_at"], name="rejudgement_examination")]

    def __str__(self) -> str:
        return str(self.examination_id)
