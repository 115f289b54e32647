"""What goes down, and what is safe: prebuilt packs, the server's generation, the marks of backups."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.lib.fields import EncryptedText, Model


class Pack(Model):
    """Everything of one scope at one position of the sealed journal, encrypted with a key of its own, so that anybody may carry it."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "until a newer one of the same scope is two weeks old"

    scope = models.CharField(max_length=64)  # a digest of role and areas
    hash = models.CharField(max_length=64, unique=True)  # of the encrypted bytes
    key = EncryptedText()
    size = models.PositiveBigIntegerField()
    households = models.PositiveIntegerField()
    cursor = models.BigIntegerField()  # the journal's position it speaks of
    version = models.PositiveSmallIntegerField()
    built_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["scope", "built_at"], name="pack_scope")]

    def __str__(self) -> str:
        return self.hash[:12]


class Generation(models.Model):
    """Which life of this server it is: a restore begins a new one, and every device then asks what the server still has. One row."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever"

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.CharField(max_length=16)
    begun_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.number


class BackupMark(Model):
    """A verified backup holds everything that was received before ``covers_until``: only then may a device forget."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "1 year"

    covers_until = models.DateTimeField()
    verified_at = models.DateTimeField()
    name = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.covers_until:%Y-%m-%d %H:%M}"
