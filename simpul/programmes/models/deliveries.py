"""What was handed over at a door, and its proof; two deliveries that may be one too many; the minutes of handing over (BAST).

A delivery is a fact: never refused because it contradicts something, only flagged. A correction is a new delivery that names the old one.
"""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.db import models

from simpul.lib.fields import Model
from simpul.people.models import Household, Person
from simpul.programmes.models.rounds import Round, RoundEntry, RoundItem
from simpul.regions.models import Hamlet


class HandingSet(models.QuerySet["Delivery"]):
    """Filters over deliveries."""

    def standing(self) -> HandingSet:
        """Those that count: not corrected, not found wrong, not brought back."""
        return self.filter(state="standing")


class Delivery(Model):
    """One attempt to hand something over: what came of it, to whom it was given, by whom, when, where, and how it is proved."""

    personal_data: ClassVar[dict[str, str]] = {
        "person": "personal",
        "by_name": "personal",
        "place": "personal",
        "latitude": "personal",
        "longitude": "personal",
        "receiver_name": "personal",
        "authority": "personal",
        "witness": "personal",
        "words": "specific",
        "why": "specific",
    }
    retention: ClassVar[str] = "as long as the round; proofs 5 years"

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="deliveries")
    entry = models.ForeignKey(RoundEntry, null=True, on_delete=models.PROTECT, related_name="deliveries")
    household = models.ForeignKey(Household, null=True, on_delete=models.PROTECT, related_name="deliveries")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="deliveries")
    region_code = models.CharField(max_length=10)
    hamlet = models.ForeignKey(Hamlet, null=True, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=150, blank=True)
    latitude = models.IntegerField(null=True)  # microdegrees
    longitude = models.IntegerField(null=True)
    outcome = models.CharField(max_length=10)  # delivered, refused, absent, dead, moved, not_found
    receiver = models.CharField(max_length=8, blank=True)  # self, family, proxy
    receiver_name = models.CharField(max_length=150, blank=True)
    authority = models.CharField(max_length=150, blank=True)  # by what a proxy may receive
    proofs = models.JSONField(default=list)  # signature, thumb_photo, goods_photo, witness, paper
    witness = models.CharField(max_length=150, blank=True)
    words = models.CharField(max_length=500, blank=True)
    delivered_at = models.DateTimeField()
    seat_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)
    user_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)
    by_name = models.CharField(max_length=150)
    trip_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)
    stop_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)
    device = models.CharField(max_length=64, blank=True)
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrections")
    why = models.CharField(max_length=300, blank=True)  # why it was corrected or set aside
    state = models.CharField(max_length=10, default="standing")  # standing, corrected, wrong, returned
    flags = models.JSONField(default=list)  # programmes.rules.deliveries.FLAGS
    benefit_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)
    recorded_at = models.DateTimeField()

    objects = HandingSet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["round", "region_code", "state"], name="delivery_round_region"),
            models.Index(fields=["trip_id", "stop_id"], name="delivery_trip_stop"),
            models.Index(fields=["region_code", "delivered_at"], name="delivery_region_when"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=["standing", "corrected", "wrong", "returned"]),
                name="delivery_state_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.delivered_at:%Y-%m-%d}"


class DeliveryLine(Model):
    """How much of one item was handed over."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "as long as the round"

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="lines")
    item = models.ForeignKey(RoundItem, on_delete=models.PROTECT, related_name="lines")
    quantity = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("delivery", "item", name="delivery_line_once"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="delivery_line_positive"),
        ]

    def __str__(self) -> str:
        return str(self.quantity)


class Proof(Model):
    """A photo or a scanned signature of a delivery, made anew by ``lib.media``. It may arrive days after the delivery."""

    personal_data: ClassVar[dict[str, str]] = {
        "sha256": "specific",
        "sent_sha256": "specific",
        "by_name": "personal",
    }
    retention: ClassVar[str] = "5 years"

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="files")
    kind = models.CharField(max_length=12)  # signature, thumb_photo, goods_photo, witness, paper
    sha256 = models.CharField(max_length=64)
    sent_sha256 = models.CharField(max_length=64, blank=True)  # of the bytes as they were sent
    mime = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    by_name = models.CharField(max_length=150, blank=True)
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.kind


class Double(Model):
    """Two deliveries that may be one too many: a task for a person, who decides."""

    personal_data: ClassVar[dict[str, str]] = {"words": "specific", "settled_by": "personal"}
    retention: ClassVar[str] = "as long as the round"

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="doubles")
    first = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="doubles_as_first")
    second = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="doubles_as_second")
    region_code = models.CharField(max_length=10)
    kind = models.CharField(max_length=12)  # household, person, family
    state = models.CharField(max_length=8, default="open")  # open, settled
    decision = models.CharField(max_length=12, blank=True)  # both_right, one_wrong, returned, corrected
    wrong = models.ForeignKey(Delivery, null=True, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=500, blank=True)
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=150, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["region_code"], name="double_open", condition=models.Q(state="open"))
        ]
        constraints: ClassVar = [models.UniqueConstraint("first", "second", name="double_once")]

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id}"


class Handover(Model):
    """Minutes of handing over (berita acara serah terima): the list as it was frozen, its digest and this installation's signature.

    A correction makes a new version that names the one it replaces. The content is written once, never changed.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "content": "specific",
        "signers": "personal",
        "made_by": "personal",
    }
    retention: ClassVar[str] = "10 years: proof of public money"

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="handovers")
    region_code = models.CharField(max_length=10)
    stop_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)
    trip_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)
    number = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    content = models.TextField()  # canonical JSON: programmes.rules.handovers.canonical
    digest = models.CharField(max_length=64)
    signature = models.CharField(max_length=140)  # hexadecimal: key version and Ed25519 over the digest
    token = models.CharField(max_length=22, unique=True)  # its public page
    signers = models.JSONField(default=list)  # [office, name]
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["stop_id"], name="handover_stop")]
        constraints: ClassVar = [models.UniqueConstraint("number", "version", name="handover_number_once")]

    def __str__(self) -> str:
        return self.number
