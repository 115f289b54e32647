"""What was agreed: clauses as obligations, who signed, the frozen minutes; what was kept, waived, broken; and where it was sent on."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.db import models

from simpul.desks.models import Desk
from simpul.lib.fields import EncryptedText
from simpul.mediation.models.disputes import Dispute, Entry, Mediator, Party
from simpul.mediation.models.sessions import Evidence


class Agreement(Entry):
    """One version of what the parties agreed on. Signed, nothing in it changes; a correction is a new version that names this one."""

    personal_data: ClassVar[dict[str, str]] = {
        "preamble": "specific",
        "because": "personal",
        "content": "specific",
        "recorded_by": "personal",
        "signed_by": "personal",
    }
    retention: ClassVar[str] = "as long as the dispute"

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="agreements")
    version = models.PositiveSmallIntegerField(default=1)
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    because = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, default="draft")  # draft, signed, replaced
    preamble = EncryptedText(blank=True, default="")
    place = models.CharField(max_length=150, blank=True)
    grace_days = models.PositiveSmallIntegerField(default=7)
    signed_date = models.DateField(null=True)
    signed_at = models.DateTimeField(null=True)
    signed_by = models.CharField(max_length=150, blank=True)
    content = EncryptedText(blank=True, default="")  # canonical JSON: rules.minutes.canonical
    digest = models.CharField(max_length=64, blank=True)
    signature = models.CharField(max_length=140, blank=True)  # hexadecimal: key version and Ed25519
    token = models.CharField(max_length=22, unique=True)  # its public page

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("dispute", "version", name="agreement_version_once"),
            models.CheckConstraint(
                condition=models.Q(state="draft", signed_at__isnull=True)
                | models.Q(state__in=["signed", "replaced"], signed_at__isnull=False),
                name="agreement_signed_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version}"


class Obligation(Entry):
    """One clause: who does what for whom, how much, until when. A debt paid in parts is one row a part."""

    personal_data: ClassVar[dict[str, str]] = {
        "what": "specific",
        "waived_why": "personal",
        "broken_why": "personal",
        "follows": "personal",
        "recorded_by": "personal",
    }
    retention: ClassVar[str] = "as long as the dispute"

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="obligations")
    position = models.PositiveSmallIntegerField()
    what = EncryptedText(blank=True, default="")
    owed_by = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="owes")
    owed_to = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="awaits")
    amount = models.BigIntegerField(null=True)  # rupiah
    due_date = models.DateField()
    part = models.PositiveSmallIntegerField(default=1)
    parts = models.PositiveSmallIntegerField(default=1)
    series: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)  # the parts of one debt
    carried_from = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="carried_to"
    )
    state = models.CharField(max_length=8, default="open")  # open, kept, waived, broken
    kept_date = models.DateField(null=True)
    waived_at = models.DateTimeField(null=True)
    waived_why = models.CharField(max_length=300, blank=True)
    broken_at = models.DateTimeField(null=True)
    broken_why = models.CharField(max_length=300, blank=True)
    follows = models.CharField(max_length=300, blank=True)  # what follows the breach
    warned_at = models.DateTimeField(null=True)  # the office was told that the time and the grace are over

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(amount__isnull=True) | models.Q(amount__gt=0),
                name="obligation_amount_above_nought",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "kept", "waived", "broken"]),
                name="obligation_state_known",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["agreement", "position"], name="obligation_position"),
            models.Index(fields=["due_date"], name="obligation_open_due", condition=models.Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"{self.position}"


class Signer(Entry):
    """Somebody whose name stands under the agreement, and how they signed."""

    personal_data: ClassVar[dict[str, str]] = {"name": "personal", "recorded_by": "personal"}
    retention: ClassVar[str] = "as long as the dispute"

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="signers")
    part = models.CharField(max_length=10)  # party, mediator, witness, head
    party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    mediator = models.ForeignKey(Mediator, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    mark = models.CharField(max_length=10)  # signature, thumb

    class Meta:
        indexes: ClassVar = [models.Index(fields=["agreement", "recorded_at"], name="signer_agreement")]

    def __str__(self) -> str:
        return self.name


class Fulfilment(Entry):
    """Something of an obligation was done: a payment, or the deed itself."""

    personal_data: ClassVar[dict[str, str]] = {"words": "personal", "recorded_by": "personal"}
    retention: ClassVar[str] = "as long as the dispute"

    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="fulfilments")
    amount = models.BigIntegerField(null=True)  # rupiah; counted up to what was still owed
    brought = models.BigIntegerField(null=True)  # rupiah as it was handed over, when that was more
    done_date = models.DateField()
    words = models.CharField(max_length=300, blank=True)
    evidence = models.ForeignKey(Evidence, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(amount__isnull=True) | models.Q(amount__gte=0),
                name="fulfilment_amount_not_below_nought",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["obligation", "done_date"], name="fulfilment_obligation")]

    def __str__(self) -> str:
        return f"{self.done_date}"


class Referral(Entry):
    """The dispute was sent on: to whom, with what, and what they answered."""

    personal_data: ClassVar[dict[str, str]] = {
        "why": "personal",
        "sent": "personal",
        "answer": "personal",
        "recorded_by": "personal",
    }
    retention: ClassVar[str] = "as long as the dispute"

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="referrals")
    body = models.CharField(max_length=12)  # rules.words.BODIES
    desk = models.ForeignKey(Desk, null=True, on_delete=models.PROTECT, related_name="+")
    hop_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(
        null=True
    )  # the matter's own referral
    office = models.CharField(max_length=150)
    sent_date = models.DateField()
    why = models.CharField(max_length=500)
    sent = models.CharField(max_length=500, blank=True)  # which papers went along
    answered_date = models.DateField(null=True)
    answer = models.CharField(max_length=500, blank=True)
    result = models.CharField(max_length=10, blank=True)  # taken, returned, finished

    class Meta:
        indexes: ClassVar = [models.Index(fields=["dispute", "sent_date"], name="referral_dispute")]

    def __str__(self) -> str:
        return self.office
