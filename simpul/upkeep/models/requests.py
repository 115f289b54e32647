"""What people ask about their own data, and what is left of who was erased."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.lib.fields import Model
from simpul.people.models import Person


class RequestSet(models.QuerySet["RightsRequest"]):
    """Filters over requests."""

    def open(self) -> RequestSet:
        """Not told to the person yet."""
        return self.filter(told_at=None)

    def late(self, at: object) -> RequestSet:
        """Open beyond 3 x 24 hours."""
        return self.open().filter(due_at__lt=at)


class RightsRequest(Model):
    """One wish of a person about their own data, and what became of it (UU 27/2022 art. 30, 32-34, 40, 41, 43).

    States: open, proposed (an officer has written what should be decided), granted, partly, refused. ``due_at`` is 72 hours by the
    clock on the wall; nothing pauses it.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "words": "personal",
        "asked_by": "personal",
        "proof": "personal",
        "ground_words": "personal",
        "review_words": "personal",
        "told_words": "personal",
    }
    retention: ClassVar[str] = "5 years after the person was told"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="rights_requests")
    case_id = models.UUIDField(null=True)  # the matter it came with
    kind = models.CharField(max_length=12)  # upkeep.rules.requests.KINDS
    region_code = models.CharField(max_length=10, blank=True)
    words = models.TextField(blank=True)
    asked_by = models.CharField(max_length=150)  # the person, or who speaks for them
    relation = models.CharField(max_length=30, blank=True)
    proof = models.CharField(max_length=200)  # how it was seen that the data are theirs; no copy is kept
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    opened_by = models.CharField(max_length=150)
    state = models.CharField(max_length=10, default="open")
    decision = models.CharField(max_length=10, blank=True)  # granted, partly, refused
    ground = models.CharField(max_length=30, blank=True)  # upkeep/catalogue/grounds.toml
    ground_words = models.TextField(blank=True)
    proposed_at = models.DateTimeField(null=True)
    proposed_by = models.CharField(max_length=150, blank=True)
    proposed_user_id = models.UUIDField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.CharField(max_length=150, blank=True)
    review_words = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)  # when it was carried out: data handed out, erased, corrected
    done_facts = models.JSONField(default=dict)  # counts and digests, no content
    told_at = models.DateTimeField(null=True)
    told_by = models.CharField(max_length=150, blank=True)
    told_how = models.CharField(max_length=12, blank=True)
    told_words = models.CharField(max_length=300, blank=True)
    warned_at = models.DateTimeField(null=True)  # when its lateness was shown to those who oversee

    objects = RequestSet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["told_at", "due_at"], name="request_open_due"),
            models.Index(fields=["region_code", "received_at"], name="request_region"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "person", "kind", name="request_one_open_a_kind", condition=models.Q(told_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class Tombstone(Model):
    """That a row was erased or destroyed, and when: whoever holds a copy (a phone, a village node) drops it when it next asks."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "2 years, longer than any device may stay away"

    subject_kind = models.CharField(max_length=20)  # person, case, file
    subject_id = models.UUIDField(null=True)
    subject_key = models.CharField(max_length=64, blank=True)  # a file's name
    why = models.CharField(max_length=12)  # erased, destroyed, restricted
    region_code = models.CharField(max_length=10, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["at"], name="tombstone_at")]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.why}"
