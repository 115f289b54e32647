"""A quarrel brought to the village: its parties, what each of them said, who mediates, and the questions of safety that came first."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.db import models

from simpul.cases.models import Case
from simpul.lib import areas
from simpul.lib.fields import EncryptedText, Model
from simpul.people.models import Person


class DisputeSet(models.QuerySet["Dispute"]):
    """Filters over disputes."""

    def inside(self, code: str) -> DisputeSet:
        """Disputes of a region and of all that lies in it."""
        return self.filter(areas.inside(code)) if code else self


class Dispute(Model):
    """One quarrel in the register of disputes, on the matter (``cases.Case``) in which it was brought.

    States and moves: ``mediation.rules.moves``. A dispute that turned out to be no matter for mediation is *protected*: its matter is
    sealed, and from then on only those who may see the sealed matter see anything here.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "about": "personal",
        "ended_why": "personal",
        "taken_by_name": "personal",
        "recorded_by": "personal",
    }
    retention: ClassVar[str] = "as long as its matter: 10 years after it is closed"

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    sequence = models.PositiveIntegerField()  # in the village's register of disputes, from 1 on each year
    subject = models.CharField(max_length=16)  # rules.words.SUBJECTS
    about = models.CharField(max_length=300)
    place = models.CharField(max_length=150, blank=True)
    channel = models.CharField(max_length=12, blank=True)
    confidentiality = models.CharField(max_length=8, default="usual")  # usual, narrow
    state = models.CharField(max_length=10, default="open")
    opened_date = models.DateField()
    meet_until_date = models.DateField()  # UU 30/1999 art. 6(2): a direct meeting within 14 days
    next_date = models.DateField(
        null=True
    )  # the next session or obligation, for those who see no more than that
    taken_by_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)
    taken_by_name = models.CharField(max_length=150, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=500, blank=True)
    reopened = models.PositiveSmallIntegerField(default=0)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)

    objects = DisputeSet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("region_code", "year", "sequence", name="dispute_number_once"),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=[
                        "open",
                        "agreed",
                        "kept",
                        "broken",
                        "failed",
                        "withdrawn",
                        "referred",
                        "protected",
                    ]
                ),
                name="dispute_state_known",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["region_code", "state", "next_date"], name="dispute_region_state"),
            models.Index(fields=["region_code", "opened_date"], name="dispute_region_opened"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """Its number in the register: ``"007/2026"``."""
        return f"{self.sequence:03d}/{self.year}"


class Register(models.Model):
    """The last number of a village's register of disputes in a year; held while a number is taken, so that none is given twice."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever"

    key = models.CharField(max_length=20, primary_key=True)  # region and year
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.key


class Entry(Model):
    """What was written down about a dispute, when and by whom; taken back, it stays with ``withdrawn_at``."""

    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)
    user_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class Screening(Model):
    """The questions of safety as they were answered, before mediation and again before each session."""

    personal_data: ClassVar[dict[str, str]] = {"answers": "safeguarding", "recorded_by": "personal"}
    retention: ClassVar[str] = "as long as the matter"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    answers = EncryptedText(blank=True, default="")  # JSON: question -> yes, no, unsure
    verdict = models.CharField(max_length=8)  # clear, protect
    catalogue = models.CharField(max_length=20)  # the version of the questions
    screened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)
    user_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["case", "screened_at"], name="screening_case")]

    def __str__(self) -> str:
        return self.verdict


class Party(Entry):
    """Somebody who quarrels: of the village or not, in person or through somebody who speaks for them."""

    personal_data: ClassVar[dict[str, str]] = {
        "name": "personal",
        "address": "personal",
        "phone": "personal",
        "spoken_by": "personal",
        "recorded_by": "personal",
    }
    retention: ClassVar[str] = "as long as the dispute"

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="parties")
    role = models.CharField(max_length=12)  # complainant, respondent, other
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=150)
    resident = models.BooleanField(default=True)
    address = models.CharField(max_length=200, blank=True)
    phone = EncryptedText(blank=True, default="")
    spoken_by = models.CharField(max_length=150, blank=True)  # who speaks for them
    spoken_basis = models.CharField(max_length=150, blank=True)  # by which paper, or kinship

    class Meta:
        indexes: ClassVar = [models.Index(fields=["dispute", "recorded_at"], name="party_dispute")]

    def __str__(self) -> str:
        return self.name


class Statement(Entry):
    """What a party said on their own, apart from the others; theirs until they agree that it is shared."""

    personal_data: ClassVar[dict[str, str]] = {"words": "specific", "recorded_by": "personal"}
    retention: ClassVar[str] = "as long as the dispute"

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="statements")
    words = EncryptedText(blank=True, default="")
    said_at = models.DateTimeField()
    shared_at = models.DateTimeField(null=True)
    shared_how = models.CharField(max_length=8, blank=True)  # spoken, written

    class Meta:
        indexes: ClassVar = [models.Index(fields=["party", "said_at"], name="statement_party")]

    def __str__(self) -> str:
        return f"{self.party_id}"


class Mediator(Entry):
    """Who mediates, by which decision, and what ties them to the parties."""

    personal_data: ClassVar[dict[str, str]] = {
        "name": "personal",
        "interest": "personal",
        "parties_agree": "personal",
        "ended_why": "personal",
        "recorded_by": "personal",
    }
    retention: ClassVar[str] = "as long as the dispute"

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="mediators")
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    account_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)  # when they sign in
    name = models.CharField(max_length=150)
    office = models.CharField(max_length=100, blank=True)
    leads = models.BooleanField(default=False)
    decision_number = models.CharField(max_length=80, blank=True)
    decision_date = models.DateField(null=True)
    interest = models.CharField(max_length=300, blank=True)  # what they declared themselves
    conflicts = models.JSONField(default=list)  # what was found: rules.conflicts
    parties_agree = models.CharField(max_length=300, blank=True)  # how all parties were told, and agreed
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["dispute", "recorded_at"], name="mediator_dispute"),
            models.Index(fields=["account_id"], name="mediator_account"),
        ]

    def __str__(self) -> str:
        return self.name
