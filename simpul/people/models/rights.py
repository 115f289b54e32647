"""What a person agreed to, and what may be done with what is known about them (UU 27/2022)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.lib.fields import Model


class Consent(Model):
    """A person's agreement to one purpose, in one of three modes: ticked, on paper (a photo), or spoken (a recording).

    One row is one purpose; nothing is ever ticked beforehand. Withdrawing keeps the row: what was done until then stays lawful.
    Source: UU 27/2022 art. 20(2)(a), 22, 24, 25, 40.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "given_by": "personal",
        "words": "personal",
        "evidence_sha256": "personal",
        "why_withdrawn": "personal",
        "basis_words": "safeguarding",
    }
    retention: ClassVar[str] = "5 years after it was withdrawn or its purpose ended"

    person = models.ForeignKey("Person", on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=30)  # people/catalogue/purposes.toml
    scope = models.CharField(
        max_length=60, blank=True
    )  # a case's or desk's id when it is for that alone; "" general
    mode = models.CharField(max_length=8)  # tick, paper, voice
    given_by = models.CharField(max_length=150)  # the person, or the guardian or proxy who spoke for them
    relation = models.CharField(max_length=30, blank=True)  # "" self; guardian, parent, proxy
    basis = models.CharField(
        max_length=1, default="a"
    )  # a: consent; d or e: a child's data without asking the guardian
    basis_words = models.CharField(max_length=300, blank=True)  # why, when it is not a
    words = models.TextField(blank=True)  # what was read to them
    notice_version = models.CharField(max_length=20, blank=True)
    evidence_sha256 = models.CharField(max_length=64, blank=True)
    evidence_mime = models.CharField(max_length=40, blank=True)
    given_at = models.DateTimeField()
    taken_by = models.CharField(max_length=150)
    until_date = models.DateField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    why_withdrawn = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "purpose"], name="consent_person_purpose")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.purpose}"


class Merge(Model):
    """Two rows that turned out to be one person: what was moved, so that it can be taken apart again."""

    personal_data: ClassVar[dict[str, str]] = {"moved": "personal", "before": "personal", "why": "personal"}
    retention: ClassVar[str] = "as long as the person"

    kept = models.ForeignKey("Person", on_delete=models.CASCADE, related_name="merges")
    gone = models.ForeignKey("Person", on_delete=models.CASCADE, related_name="merged_away")
    why = models.CharField(max_length=300, blank=True)
    score = models.FloatField(null=True)
    moved = models.JSONField(default=dict)  # {"cases.Case.reporter": [ids]}
    before = models.JSONField(default=dict)  # columns of the kept row that the merge filled
    merged_at = models.DateTimeField()
    merged_by = models.CharField(max_length=150)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=150, blank=True)

    def __str__(self) -> str:
        return f"{self.gone_id} into {self.kept_id}"


class MatchKey(models.Model):
    """A key under which a person can be found although something was typed otherwise: one row per key, several per person.

    ``key`` is a 63-bit number: a hash of a blocking rule and its parts (``people.rules.matching``). Derived; can be made anew.
    """

    personal_data: ClassVar[dict[str, str]] = {"key": "personal"}
    retention: ClassVar[str] = "as long as the person"

    person = models.ForeignKey("Person", on_delete=models.CASCADE, related_name="match_keys")
    key = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["key", "person"], name="match_key_person")]

    def __str__(self) -> str:
        return str(self.key)


class Suspicion(Model):
    """Two rows that may be one person: found in bulk, decided by a person."""

    personal_data: ClassVar[dict[str, str]] = {"reasons": "personal", "decided_words": "personal"}
    retention: ClassVar[str] = "as long as both persons"

    first = models.ForeignKey("Person", on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey("Person", on_delete=models.CASCADE, related_name="+")
    region_code = models.CharField(max_length=10, blank=True)
    score = models.FloatField()
    reasons = models.JSONField(default=list)
    found_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="open")  # open, same, different
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=150, blank=True)
    decided_words = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("first", "second", name="suspicion_once")]
        indexes: ClassVar = [models.Index(fields=["state", "region_code", "-score"], name="suspicion_open")]

    def __str__(self) -> str:
        return f"{self.first_id} = {self.second_id}?"
