"""What was found and must not be left lying: findings, tasks of cadres, visits at home."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.cases.models import Case
from simpul.lib.fields import Model
from simpul.people.models import Household, Person
from simpul.posyandu.models.institution import Cadre, Posyandu
from simpul.posyandu.models.participants import Examination, Participant


class HomeVisit(Model):
    """A cadre at somebody's door with one of the eight checklists, or with the family sheet (0)."""

    personal_data: ClassVar[dict[str, str]] = {
        "values": "specific",
        "classes": "specific",
        "outcome": "specific",
        "recorded_by": "personal",
    }
    retention: ClassVar[str] = "as long as the card"

    posyandu = models.ForeignKey(Posyandu, on_delete=models.PROTECT, related_name="visits")
    region_code = models.CharField(max_length=10)
    household = models.ForeignKey(Household, null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    participant = models.ForeignKey(Participant, null=True, on_delete=models.PROTECT, related_name="visits")
    cadre = models.ForeignKey(Cadre, null=True, on_delete=models.SET_NULL, related_name="visits")
    checklist = models.PositiveSmallIntegerField()  # 1 to 8; 0 the family sheet
    form_version = models.CharField(max_length=20)
    date = models.DateField()
    met = models.BooleanField(default=True)  # somebody was there
    values = models.JSONField(default=dict)
    classes = models.JSONField(default=list)  # no_access, no_medicine, danger_sign, tbc
    outcome = models.CharField(max_length=500, blank=True)
    reported_date = models.DateField(null=True)  # when it was told to the health worker
    next_date = models.DateField(null=True)
    flags = models.JSONField(default=list)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["posyandu", "-date"], name="home_visit_posyandu"),
            models.Index(fields=["person", "-date"], name="home_visit_person"),
            models.Index(fields=["household", "-date"], name="home_visit_household"),
        ]

    def __str__(self) -> str:
        return f"{self.checklist} {self.date}"


class Finding(Model):
    """Something that needs somebody's hands: opened or joined to a matter by the catalogue's rule, and one at a time."""

    personal_data: ClassVar[dict[str, str]] = {
        "code": "specific",
        "level": "specific",
        "facts": "specific",
        "closed_why": "specific",
        "closed_by": "personal",
    }
    retention: ClassVar[str] = "as long as the card"

    posyandu = models.ForeignKey(Posyandu, on_delete=models.PROTECT, related_name="findings")
    region_code = models.CharField(max_length=10)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, null=True, on_delete=models.PROTECT, related_name="+")
    participant = models.ForeignKey(Participant, null=True, on_delete=models.PROTECT, related_name="findings")
    examination = models.ForeignKey(Examination, null=True, on_delete=models.PROTECT, related_name="findings")
    visit = models.ForeignKey(HomeVisit, null=True, on_delete=models.PROTECT, related_name="findings")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=30)  # of catalogue/findings.toml
    level = models.CharField(max_length=8)  # watch, alert, danger
    rule = models.CharField(max_length=40, blank=True)
    rule_version = models.CharField(max_length=40, blank=True)
    facts = models.JSONField(default=dict)
    found_date = models.DateField()
    last_date = models.DateField()  # when it was seen last: found again, it is not found anew
    times = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=8, default="open")  # open, closed
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=150, blank=True)
    closed_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "person", "code", name="finding_person_once", condition=models.Q(state="open")
            ),
            models.UniqueConstraint(
                "household",
                "code",
                name="finding_household_once",
                condition=models.Q(state="open", person=None),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["posyandu", "state", "code"], name="finding_posyandu"),
            models.Index(fields=["region_code", "state", "code"], name="finding_region"),
            models.Index(fields=["case"], name="finding_case"),
        ]

    def __str__(self) -> str:
        return self.code


class Task(Model):
    """Whom a cadre should visit or call, why, and by when."""

    personal_data: ClassVar[dict[str, str]] = {
        "reason": "specific",
        "done_by": "personal",
        "note": "specific",
    }
    retention: ClassVar[str] = "as long as the card"

    posyandu = models.ForeignKey(Posyandu, on_delete=models.PROTECT, related_name="tasks")
    region_code = models.CharField(max_length=10)
    cadre = models.ForeignKey(Cadre, null=True, on_delete=models.SET_NULL, related_name="tasks")
    household = models.ForeignKey(Household, null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    participant = models.ForeignKey(Participant, null=True, on_delete=models.CASCADE, related_name="tasks")
    finding = models.ForeignKey(Finding, null=True, on_delete=models.PROTECT, related_name="tasks")
    reason = models.CharField(max_length=30)  # a finding's code, or missed, routine, vaccine_due ...
    due_date = models.DateField()
    state = models.CharField(max_length=8, default="open")  # open, done, dropped
    visit = models.ForeignKey(HomeVisit, null=True, on_delete=models.PROTECT, related_name="tasks")
    note = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "person", "reason", name="task_person_once", condition=models.Q(state="open")
            ),
            models.UniqueConstraint(
                "household",
                "reason",
                name="task_household_once",
                condition=models.Q(state="open", person=None),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["posyandu", "state", "due_date"], name="task_posyandu_due"),
            models.Index(fields=["cadre", "state", "due_date"], name="task_cadre_due"),
        ]

    def __str__(self) -> str:
        return self.reason
