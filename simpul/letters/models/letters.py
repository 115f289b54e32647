"""One letter: asked for, drafted, checked, approved, released; or refused, withdrawn, cancelled, revoked."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.cases.models import Case
from simpul.desks.models import Desk
from simpul.letters.models.numbers import TakenNumber
from simpul.letters.models.offices import Mandate, VillageKey
from simpul.letters.models.types import LetterType, TypeVersion
from simpul.lib import areas
from simpul.lib.fields import EncryptedText, Model
from simpul.people.models import Person


class LetterSet(models.QuerySet["Letter"]):
    """Filters over letters. What an actor may see is ``letters.access.visible``."""

    def inside(self, code: str) -> LetterSet:
        """Letters of a region and of all that lies in it."""
        return self.filter(areas.inside(code)) if code else self


class Letter(Model):
    """A letter of a village, from the request to what became of it. States and moves: ``letters.rules.flow``.

    ``facts`` and ``inputs`` are stored when it is drafted; the text and the PDF are made of them and of ``version`` alone, on the
    server. ``digest`` covers that canonical content; a file cannot contain its own hash, so the PDF's is stored beside it.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "applicant_name": "personal",
        "subject_name": "personal",
        "facts": "identity",
        "inputs": "specific",
        "purpose": "personal",
        "returned_why": "personal",
        "refused_why": "personal",
        "drafted_by": "personal",
        "checked_by": "personal",
        "approved_by": "personal",
        "released_by": "personal",
        "signer_name": "personal",
        "received_name": "personal",
    }
    retention: ClassVar[str] = "10 years after its year; the register's line for ever"

    region_code = models.CharField(max_length=10)
    type = models.ForeignKey(LetterType, on_delete=models.PROTECT, related_name="letters")
    version = models.ForeignKey(TypeVersion, null=True, on_delete=models.PROTECT, related_name="letters")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="letters")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="letters")
    applicant_name = models.CharField(max_length=150)
    subject_name = models.CharField(max_length=150, blank=True)  # whom it is about, when somebody else
    purpose = models.CharField(max_length=300, blank=True)
    facts = EncryptedText(blank=True, default="")  # JSON: the places of the text, as they were when drafted
    inputs = EncryptedText(blank=True, default="")  # JSON: what the type asks beyond the register
    channel = models.CharField(max_length=12)  # web, kiosk, desk, whatsapp, phone, field
    desk = models.ForeignKey(Desk, null=True, on_delete=models.PROTECT, related_name="+")
    outside_hours = models.BooleanField(default=False)
    state = models.CharField(max_length=12, default="requested")

    requested_at = models.DateTimeField()
    drafted_at = models.DateTimeField(null=True)
    drafted_by = models.CharField(max_length=150, blank=True)
    drafted_by_id = models.UUIDField(null=True)  # the user; nobody approves what he drafted himself alone
    checked_at = models.DateTimeField(null=True)
    checked_by = models.CharField(max_length=150, blank=True)
    checked_by_id = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=150, blank=True)
    approved_by_id = models.UUIDField(null=True)
    released_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=150, blank=True)
    returned_at = models.DateTimeField(null=True)
    returned_why = models.CharField(max_length=300, blank=True)
    refused_at = models.DateTimeField(null=True)  # refused by the village, or withdrawn by who asked
    refused_why = models.CharField(max_length=300, blank=True)
    received_at = models.DateTimeField(null=True)  # handed to the applicant
    received_name = models.CharField(max_length=150, blank=True)

    authority = models.CharField(max_length=8, blank=True)  # own, an (atas nama)
    mandate = models.ForeignKey(Mandate, null=True, on_delete=models.PROTECT, related_name="letters")
    signer_name = models.CharField(max_length=150, blank=True)
    signer_title = models.CharField(max_length=100, blank=True)
    signer_number = models.CharField(max_length=40, blank=True)

    taken = models.OneToOneField(TakenNumber, null=True, on_delete=models.PROTECT, related_name="letter")
    number = models.CharField(max_length=120, blank=True)  # as printed
    letter_date = models.DateField(null=True)
    valid_until = models.DateField(null=True)

    body = EncryptedText(blank=True, default="")  # the frozen text, JSON
    digest = models.CharField(max_length=64, blank=True)  # SHA-256 of the canonical content
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    pdf_bytes = models.PositiveIntegerField(default=0)
    signature = models.CharField(max_length=8, blank=True)  # none, local, bsre
    key = models.ForeignKey(VillageKey, null=True, on_delete=models.PROTECT, related_name="letters")
    code_text = models.CharField(max_length=400, blank=True)  # the signed code, base45
    token = models.CharField(max_length=32, null=True, unique=True)  # of the short address, 100 bits

    cancelled_at = models.DateTimeField(null=True)
    cancelled_why = models.CharField(max_length=300, blank=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_why = models.CharField(max_length=300, blank=True)
    supersedes = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    expiry_told_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    objects = LetterSet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(state="released")
                | models.Q(taken__isnull=False, released_at__isnull=False),
                name="letter_released_has_number",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["region_code", "state", "requested_at"], name="letter_region_state"),
            models.Index(fields=["region_code", "-letter_date"], name="letter_region_date"),
            models.Index(fields=["valid_until"], name="letter_valid_until"),
            models.Index(
                fields=["revoked_at"], name="letter_revoked", condition=models.Q(revoked_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(self.id)


class Requirement(Model):
    """One thing the applicant was to show: seen as it is, photographed, or let off with a reason."""

    personal_data: ClassVar[dict[str, str]] = {
        "file_sha256": "identity",
        "why": "personal",
        "checked_by": "personal",
    }
    retention: ClassVar[str] = "photos 90 days after release, the mark as long as the letter"

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="shown")
    code = models.CharField(max_length=40)  # R1 ... R12, or the type's own
    state = models.CharField(max_length=8, default="wanted")  # wanted, shown, missing, waived
    file_sha256 = models.CharField(max_length=64, blank=True)
    file_mime = models.CharField(max_length=40, blank=True)
    why = models.CharField(max_length=200, blank=True)
    checked_at = models.DateTimeField(null=True)
    checked_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("letter", "code", name="letter_requirement_once")]

    def __str__(self) -> str:
        return self.code


class Confirmation(Model):
    """What the head of the RT or RW says about a request, where the village wants it."""

    personal_data: ClassVar[dict[str, str]] = {"name": "personal", "words": "personal"}
    retention: ClassVar[str] = "as long as the letter"

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="confirmations")
    name = models.CharField(max_length=150)
    office = models.CharField(max_length=60)  # "Ketua RT 02"
    how = models.CharField(max_length=12)  # signed paper, phone, present
    agrees = models.BooleanField()
    words = models.CharField(max_length=300, blank=True)
    confirmed_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)

    def __str__(self) -> str:
        return self.office
