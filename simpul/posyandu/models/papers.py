"""Papers of the chain from the village meeting to the registration number, and what cadres learned."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.lib.fields import Model
from simpul.posyandu.models.institution import Cadre, Posyandu


class Decree(Model):
    """One paper of the registration: minutes, a decree, the matrix, the letter with the number. A newer one stands beside an older."""

    personal_data: ClassVar[dict[str, str]] = {
        "file_sha256": "personal",
        "recorded_by": "personal",
        "withdrawn_why": "personal",
    }
    retention: ClassVar[str] = "for ever: the village's own decrees"

    posyandu = models.ForeignKey(Posyandu, on_delete=models.PROTECT, related_name="decrees")
    kind = models.CharField(max_length=10)  # rules.institution.DECREES
    number = models.CharField(max_length=100, blank=True)
    decree_date = models.DateField()
    until_date = models.DateField(null=True)  # end of its validity, as it says itself
    words = models.CharField(max_length=200, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    file_mime = models.CharField(max_length=60, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["posyandu", "kind"], name="posyandu_decree_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class SkillFact(Model):
    """A cadre was trained in a skill, or was assessed in it: two facts, each with its day. Nothing is overwritten."""

    personal_data: ClassVar[dict[str, str]] = {
        "recorded_by": "personal",
        "withdrawn_why": "personal",
    }  # whose it is, the cadre's row says
    retention: ClassVar[str] = "10 years after the end of the term"

    cadre = models.ForeignKey(Cadre, on_delete=models.PROTECT, related_name="skills")
    kind = models.CharField(max_length=8)  # trained, assessed
    skill = models.CharField(max_length=30)  # of catalogue/skills.toml
    done_date = models.DateField()
    passed = models.BooleanField(default=True)  # of an assessment: mastered or not yet
    held_by = models.CharField(max_length=150, blank=True)  # the institution that trained or assessed
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["trained", "assessed"]), name="cadre_skill_kind"
            ),
            models.UniqueConstraint(
                "cadre",
                "kind",
                "skill",
                "done_date",
                name="cadre_skill_once",
                condition=models.Q(withdrawn_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.skill}"
