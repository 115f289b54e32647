"""The village that writes letters: its ways, whom it lets sign, and its keys."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.desks.models import Seat
from simpul.lib.fields import EncryptedText, Model


class Office(Model):
    """How one village writes its letters. Without a row the defaults here hold."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever"

    region_code = models.CharField(max_length=10, unique=True)
    short_code = models.CharField(max_length=20, blank=True)  # {singkatan} in a number
    pattern = models.CharField(
        max_length=120, default="{kode_klasifikasi}/{urut:3}/{kode_desa}/{bulan_romawi}/{tahun}"
    )
    series_mode = models.CharField(max_length=8, default="services")  # services, types, one
    check_first = models.BooleanField(default=True)  # the secretary looks before the head
    confirm_first = models.BooleanField(default=False)  # the RT/RW confirms every request
    alone = models.BooleanField(default=False)  # who has a mandate may release what he drafted himself
    letterhead = models.TextField(blank=True)  # address lines under the village's name
    signer_name = models.CharField(max_length=150, blank=True)
    signer_title = models.CharField(max_length=100, blank=True)  # "Kepala Desa Massamaturu"
    signer_number = models.CharField(max_length=40, blank=True)  # NIP or NIAP, when there is one
    proof_words = models.TextField(blank=True)  # "": the shipped wording under the QR
    bsre = models.JSONField(default=dict)  # {"url", "version", "user"}; empty: off
    bsre_secret = EncryptedText(blank=True, default="")  # of the agency, never a signer's passphrase
    signer_nik = EncryptedText(blank=True, default="")
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(series_mode__in=["services", "types", "one"]), name="letter_office_series"
            ),
        ]

    def __str__(self) -> str:
        return self.region_code


class Mandate(Model):
    """One person may receive, draft or release letters of these types in the head's name, between two dates, by a written decision."""

    personal_data: ClassVar[dict[str, str]] = {"name": "personal"}
    retention: ClassVar[str] = "for ever: released letters name it"

    region_code = models.CharField(max_length=10)
    decision_number = models.CharField(max_length=100)
    decision_date = models.DateField()
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)  # as it is printed
    title = models.CharField(max_length=100)  # "Sekretaris Desa"
    types = models.JSONField(default=list)  # codes of letter types; empty: all
    acts = models.JSONField(default=list)  # receive, draft, release
    from_date = models.DateField()
    to_date = models.DateField()
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=150, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(to_date__gte=models.F("from_date")), name="letter_mandate_forward"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["region_code", "to_date"], name="letter_mandate_region")]

    def __str__(self) -> str:
        return self.decision_number


class VillageKey(Model):
    """A village's keys: Ed25519 for the code that is checked without a network, P-256 with a certificate of its own for PAdES.

    A retired key signs nothing more and still proves what it signed. The certificate is the village's own: it shows tampering and is
    no certified electronic signature (UU 1/2024 art. 11; PP 71/2019 art. 60).
    """

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever: letters are checked with it"

    region_code = models.CharField(max_length=10)
    code = models.CharField(max_length=12, unique=True)  # of the public key; printed in every signed code
    public: models.BinaryField[bytes, bytes] = models.BinaryField()  # 32 bytes, Ed25519
    private = EncryptedText(blank=True, default="")  # base64 of 32 bytes
    certificate = models.TextField(blank=True)  # PEM, P-256
    certificate_private = EncryptedText(blank=True, default="")  # PEM
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "region_code", condition=models.Q(retired_at=None), name="letter_key_one_in_use"
            ),
        ]

    def __str__(self) -> str:
        return self.code
