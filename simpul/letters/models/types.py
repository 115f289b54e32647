"""What kinds of letter there are, and the text each of them has, version by version."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.lib.fields import Model


class LetterType(Model):
    """One kind of letter: of the shipped catalogue (``region_code`` empty) or added by a village for itself."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever: released letters name it"

    code = models.SlugField(max_length=40)
    region_code = models.CharField(max_length=10, blank=True)
    position = models.PositiveIntegerField(default=1000)
    group = models.CharField(max_length=24, blank=True)  # people look for letters by what they are about
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # nobody may ask for it any more

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("region_code", "code", name="letter_type_once"),
        ]

    def __str__(self) -> str:
        return self.code


class TypeVersion(Model):
    """One version of a kind of letter; never changed. A village's own text stands before the catalogue's.

    ``body`` is the text with named places (``letters.rules.texts``); ``inputs`` what is asked beyond the register, ``parties`` who else
    is named in it, ``requirements`` what the applicant shows. Shapes: ``letters.rules.types``.
    """

    personal_data: ClassVar[dict[str, str]] = {"written_by": "personal"}
    retention: ClassVar[str] = "for ever: released letters name it"

    type = models.ForeignKey(LetterType, on_delete=models.PROTECT, related_name="versions")
    region_code = models.CharField(max_length=10, blank=True)  # "": for every village
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    about = models.CharField(max_length=300, blank=True)
    about_en = models.CharField(max_length=300, blank=True)
    heading = models.CharField(max_length=150)  # printed over the number
    body = models.TextField()
    inputs = models.JSONField(default=list)
    parties = models.JSONField(default=list)
    requirements = models.JSONField(default=list)
    forms = models.JSONField(default=list)  # official forms that go with it: F-1.06, N-1 ...
    archive_code = models.CharField(max_length=20)  # Permendagri 83/2022
    archive_confidence = models.CharField(max_length=12, default="unconfirmed")
    validity_amount = models.PositiveSmallIntegerField(default=0)  # 0: no end
    validity_unit = models.CharField(max_length=8, default="months")  # days, months
    self_service = models.BooleanField(default=False)  # residents may ask for it without an officer
    nonresidents = models.BooleanField(default=False)
    confirm = models.BooleanField(default=False)  # the RT/RW confirms first
    source = models.CharField(max_length=200, blank=True)
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("type", "region_code", "version", name="letter_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.version})"
