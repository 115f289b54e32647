"""A round of aid: what was decided to be given, to whom, which goods came in, and in whose hands they are.

Goods are a ledger: every arrival, allotment, return and loss is a row of its own; a correction is a new row that names the old one.
What was handed to households stands in ``models.deliveries``. The balance of the two is worked out by ``programmes.rules.rounds``.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.lib import areas
from simpul.lib.fields import Model
from simpul.people.models import Household, Person
from simpul.programmes.models.catalogue import Programme
from simpul.regions.models import Hamlet


class RoundSet(models.QuerySet["Round"]):
    """Filters over rounds."""

    def touching(self, code: str) -> RoundSet:
        """Rounds of a region, of what lies in it, and of what it lies in."""
        if not code:
            return self
        above = [code[:size] for size in (0, 2, 4, 6) if size < len(code)]
        return self.filter(areas.inside(code) | models.Q(region_code__in=above))


class Round(Model):
    """One round of a programme: who decided it, for which area and period, and whether it is still running."""

    personal_data: ClassVar[dict[str, str]] = {"recorded_by": "personal", "closed_by": "personal"}
    retention: ClassVar[str] = "10 years after it is closed: aid from public money"

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="rounds")
    name = models.CharField(max_length=150)
    period = models.CharField(max_length=80, blank=True)  # in words: "Triwulan IV 2026"
    starts_date = models.DateField()
    ends_date = models.DateField()
    region_code = models.CharField(max_length=10)
    meeting_id = models.UUIDField(null=True)  # the musyawarah that decided
    authority = models.CharField(max_length=150, blank=True)  # or who else did
    document = models.CharField(max_length=100, blank=True)
    document_date = models.DateField(null=True)
    storage = models.CharField(max_length=150, blank=True)  # where the goods lie
    state = models.CharField(max_length=8, default="open")  # open, closed
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=150, blank=True)
    explanation = models.CharField(max_length=500, blank=True)  # why it was closed although goods differed

    objects = RoundSet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["region_code", "-starts_date"], name="round_region_start")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "closed"]), name="round_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_date__gte=models.F("starts_date")), name="round_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RoundItem(Model):
    """One kind of goods of a round, and how much of it a household gets unless its entry says otherwise."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "as long as the round"

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=80)
    unit = models.CharField(max_length=8)  # kg, piece, pack, litre, rupiah, month
    per_household = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(per_household__gte=0), name="round_item_not_negative")
        ]

    def __str__(self) -> str:
        return self.what


class Movement(Model):
    """Goods that came in, went to somebody, came back, or were lost. A correction names what it corrects; its quantity is added.

    ``holder_kind`` says whose hands: the store, or a trip, a device or a seat that ``holder_key`` names.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "handed_by": "personal",
        "taken_by": "personal",
        "recorded_by": "personal",
    }
    retention: ClassVar[str] = "as long as the round"

    item = models.ForeignKey(RoundItem, on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=10)  # received, allotted, returned, lost
    holder_kind = models.CharField(max_length=6, default="store")  # store, trip, device, seat
    holder_key = models.CharField(max_length=64, blank=True)
    quantity = models.DecimalField(max_digits=14, decimal_places=2)
    moved_at = models.DateTimeField()
    source = models.CharField(max_length=150, blank=True)  # of what came in: where from
    document = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=300, blank=True)  # of a loss or a correction
    handed_by = models.CharField(max_length=150, blank=True)
    taken_by = models.CharField(max_length=150, blank=True)
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrections")
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["item", "kind"], name="movement_item_kind"),
            models.Index(fields=["holder_kind", "holder_key"], name="movement_holder"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0) | models.Q(corrects__isnull=False),
                name="movement_negative_only_as_correction",
            ),
            models.CheckConstraint(
                condition=models.Q(holder_kind="store") ^ ~models.Q(holder_key=""),
                name="movement_holder_named",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity}"


class RoundEntry(Model):
    """One household, or one person, on the list of a round. Struck off it stays, with the reason."""

    personal_data: ClassVar[dict[str, str]] = {
        "person": "personal",
        "name": "personal",
        "note": "specific",
        "reason": "specific",
        "recorded_by": "personal",
    }
    retention: ClassVar[str] = "as long as the round"

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="entries")
    household = models.ForeignKey(
        Household, null=True, on_delete=models.PROTECT, related_name="round_entries"
    )
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="round_entries")
    name = models.CharField(max_length=150)
    region_code = models.CharField(max_length=10)
    hamlet = models.ForeignKey(Hamlet, null=True, on_delete=models.PROTECT, related_name="+")
    amounts = models.JSONField(default=dict)  # item id -> quantity as text, where it is not the usual one
    note = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, default="listed")  # listed, withdrawn
    reason = models.CharField(max_length=300, blank=True)
    meeting_id = models.UUIDField(null=True)  # the musyawarah whose list it comes from
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["round", "region_code"], name="entry_round_region")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "round",
                "household",
                name="entry_household_once",
                condition=models.Q(state="listed", person=None, household__isnull=False),
            ),
            models.UniqueConstraint(
                "round",
                "person",
                name="entry_person_once",
                condition=models.Q(state="listed", person__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name
