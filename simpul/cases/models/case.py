"""The case itself and what belongs to it from the first minute."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.cases.models.kinds import Kind
from simpul.desks.models import Desk
from simpul.lib import areas
from simpul.lib.fields import EncryptedText, Model
from simpul.people.models import Person
from simpul.regions.models import Hamlet


class NumberSeries(models.Model):
    """The last number given in one month; raised under a lock, in the transaction that opens the case."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever"

    key = models.CharField(max_length=20, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.key


class CaseReservation(Model):
    """A number given out before its matter: a device hands it over where there is no network, with the PIN that follows from its key.

    A number is never given to another matter. One that was taken back and whose matter arrives after all is used all the same:
    somebody holds its receipt. On a village node they come from the server above with their ``receipt``, which only that server can
    derive; ``press_id`` is the key under which the matter was sent in here.
    """

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever: it explains a gap in the numbers"

    case_id = models.UUIDField(
        unique=True
    )  # of the matter to be; no foreign key, because it is not there yet
    number = models.CharField(max_length=24, unique=True)
    series = models.CharField(max_length=20)
    allotment = models.UUIDField()
    for_device = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=8, default="free")  # free, used, returned
    reserved_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)  # used or returned
    receipt = EncryptedText(blank=True, default="")  # JSON {pin, receipt16}, on a node alone
    press_id = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["for_device", "state"], name="reservation_device"),
            models.Index(fields=["series", "state"], name="reservation_series"),
            models.Index(fields=["allotment"], name="reservation_allotment"),
        ]

    def __str__(self) -> str:
        return self.number


class Visit(Model):
    """One person at one counter (or one call) with one or several matters: one receipt."""

    personal_data: ClassVar[dict[str, str]] = {"person": "personal"}
    retention: ClassVar[str] = "as long as its cases"

    desk = models.ForeignKey(Desk, null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="visits")
    channel = models.CharField(max_length=12)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=150, blank=True)
    outside_hours = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.id)


class CaseSet(models.QuerySet["Case"]):
    """Filters over cases. What an actor may see is ``cases.access.visible``."""

    def open(self) -> CaseSet:
        """Not closed, merged or withdrawn."""
        return self.filter(is_open=True)

    def unsealed(self) -> CaseSet:
        """Not sealed."""
        return self.exclude(sensitivity="sealed")

    def inside(self, code: str) -> CaseSet:
        """Cases about places inside a region."""
        return self.filter(areas.inside(code)) if code else self


class Case(Model):
    """A matter handed to somebody.

    ``holder`` has custody; ``acting`` is the desk whose turn it is (the receiver of an open offer, else the holder), so that
    an inbox is one index range. States and moves: ``cases.rules.moves``.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "title": "personal",
        "text": "personal",
        "place": "personal",
        "answers": "specific",
        "triage": "specific",
        "reporter": "personal",
        "about": "personal",
        "rating_words": "personal",
        "draft_answer": "personal",
        "paper_writer": "personal",
        "paper_number": "personal",
        "relation": "personal",
        "decision_words": "personal",
        "outside_numbers": "personal",
        "screen_words": "safeguarding",
    }
    retention: ClassVar[str] = "the kind's retention_years after it is closed"

    number = models.CharField(max_length=24, unique=True)
    receipt_index = models.CharField(max_length=64, blank=True)
    visit = models.ForeignKey(Visit, null=True, on_delete=models.PROTECT, related_name="cases")
    kind = models.ForeignKey(Kind, on_delete=models.PROTECT, related_name="cases", db_index=False)
    kind_version = models.PositiveIntegerField()
    state = models.CharField(max_length=12)
    is_open = models.BooleanField(default=True)
    decision = models.CharField(max_length=20, blank=True)
    decision_words = models.TextField(blank=True)

    title = models.CharField(max_length=150)
    text = models.TextField()
    answers = models.JSONField(default=dict)
    region_code = models.CharField(max_length=10)
    hamlet = models.ForeignKey(Hamlet, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    place = models.CharField(max_length=200, blank=True)
    happened_date = models.DateField(null=True)

    channel = models.CharField(max_length=12)
    mode = models.CharField(max_length=12, default="self")  # self, proxy, group, anonymous
    reporter = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="reported")
    about = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="concerned")
    relation = models.CharField(max_length=60, blank=True)
    group_size = models.PositiveIntegerField(null=True)
    assisted_by = models.CharField(max_length=150, blank=True)
    consent = models.CharField(max_length=12, blank=True)  # spoken, ticked, paper, proxy
    hide_name = models.BooleanField(default=False)
    notice_version = models.CharField(max_length=20, blank=True)
    paper_number = models.CharField(max_length=60, blank=True)
    paper_date = models.DateField(null=True)
    paper_writer = models.CharField(max_length=150, blank=True)
    language = models.CharField(max_length=5, default="id")

    received_at = models.DateTimeField()
    device_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()
    outside_hours = models.BooleanField(default=False)
    urgency = models.CharField(max_length=10, default="normal")  # normal, urgent, danger
    triage = models.JSONField(default=list)  # life-safety questions that were ticked in an emergency

    sensitivity = models.CharField(max_length=10, default="normal")  # normal, restricted, sealed
    screening = models.CharField(max_length=10, default="clear")  # clear, flagged, judged
    screen_words = models.JSONField(default=list)

    holder = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="held", db_index=False)
    acting = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="inbox", db_index=False)
    seat_id = models.UUIDField(null=True)  # the seat that took it on
    handler_name = models.CharField(max_length=150, blank=True)
    first_desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+", db_index=False)
    draft_answer = models.TextField(blank=True)
    handed_in_by = models.UUIDField(null=True)
    handed_in_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)

    due_at = models.DateTimeField(null=True)  # the promise to the resident; null: paused or none
    turn_due_at = models.DateTimeField(null=True)  # the acting desk's own clock
    level = models.PositiveSmallIntegerField(default=0)  # how often silence has raised it
    untaken_at = models.DateTimeField(
        null=True
    )  # since when every desk of the route has refused or stayed silent
    first_disposed_at = models.DateTimeField(null=True)
    first_answered_at = models.DateTimeField(null=True)
    hours_to_answer = models.PositiveIntegerField(
        null=True
    )  # from first disposition to first answer: the official measure
    answered_at = models.DateTimeField(null=True)
    react_until_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    reopened = models.PositiveSmallIntegerField(default=0)
    rating = models.PositiveSmallIntegerField(null=True)
    rating_words = models.TextField(blank=True)
    rated_at = models.DateTimeField(null=True)
    rating_asked_at = models.DateTimeField(null=True)  # once, some days after the answer

    incident = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="members")
    is_incident = models.BooleanField(default=False)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    appeal_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="appeals")
    outside_numbers = models.JSONField(default=dict)  # {"SP4N-LAPOR": "1234567"}

    objects = CaseSet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "receipt_index", name="case_receipt_once", condition=~models.Q(receipt_index="")
            ),
            models.CheckConstraint(
                condition=models.Q(rating=None) | models.Q(rating__range=(1, 5)), name="case_rating_1_to_5"
            ),
        ]
        # Lists read open cases, a small part of the table: an index over those alone is small, and a bare boolean in the query
        # matches its condition on both databases (SQLite does not look a bare boolean up in an index column).
        indexes: ClassVar = [
            models.Index(  # covers the turn list, the rail's counts and the load of desks
                fields=[
                    "acting",
                    "due_at",
                    "received_at",
                    "turn_due_at",
                    "region_code",
                    "sensitivity",
                    "state",
                    "seat_id",
                    "id",
                ],
                name="case_inbox",
                condition=models.Q(is_open=True),
            ),
            models.Index(
                fields=["holder", "received_at"], name="case_holder", condition=models.Q(is_open=True)
            ),
            models.Index(
                fields=["due_at", "received_at"], name="case_open_due", condition=models.Q(is_open=True)
            ),
            models.Index(fields=["seat_id"], name="case_seat", condition=models.Q(is_open=True)),
            models.Index(fields=["region_code"], name="case_incident", condition=models.Q(is_incident=True)),
            models.Index(fields=["changed_at"], name="case_changed"),
            models.Index(
                fields=["untaken_at"], name="case_untaken", condition=models.Q(untaken_at__isnull=False)
            ),
            models.Index(fields=["state", "changed_at"], name="case_state_changed"),
            models.Index(
                fields=["react_until_at"], name="case_reaction", condition=models.Q(state="answered")
            ),
            models.Index(fields=["region_code", "received_at"], name="case_region_received"),
            models.Index(fields=["kind", "region_code", "received_at"], name="case_kind_region"),
            models.Index(  # covers the figures of a period
                fields=[
                    "received_at",
                    "region_code",
                    "sensitivity",
                    "is_open",
                    "hours_to_answer",
                    "due_at",
                    "rating",
                    "outside_hours",
                    "id",
                ],
                name="case_figures",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class CaseDesk(models.Model):
    """A desk that is or was on the chain of a case, and may therefore see it."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "as long as the case"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="chain", db_index=False)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+", db_index=False)
    since_at = models.DateTimeField()
    extract_only = models.BooleanField(default=False)  # a partner sees the forwarded extract, nothing else

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("case", "desk", name="case_desk_once")]
        indexes: ClassVar = [models.Index(fields=["desk", "case"], name="case_desk_lookup")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.desk_id}"


class CaseWords(models.Model):
    """The stems of a case for full-text search, newest last. A sealed case has no row here."""

    personal_data: ClassVar[dict[str, str]] = {"words": "personal"}
    retention: ClassVar[str] = "as long as the case"

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="words")
    words = models.TextField()

    def __str__(self) -> str:
        return str(self.case_id)


class Party(Model):
    """Somebody named in a case besides the reporter: affected, witness, or the one complained about."""

    personal_data: ClassVar[dict[str, str]] = {
        "name": "personal",
        "person": "personal",
        "office": "personal",
    }
    retention: ClassVar[str] = "as long as the case"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="parties")
    role = models.CharField(max_length=12)  # affected, witness, accused
    name = models.CharField(max_length=150)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    office = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return self.name


class Attachment(Model):
    """A photo, recording or PDF: re-encoded at the door, kept by its content, served as a download only."""

    personal_data: ClassVar[dict[str, str]] = {
        "name": "personal",
        "sha256": "personal",
        "masked_sha256": "personal",
        "transcript": "personal",
    }
    retention: ClassVar[str] = "as long as the case"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="attachments")
    sha256 = models.CharField(max_length=64)
    masked_sha256 = models.CharField(max_length=64, blank=True)
    boxes = models.JSONField(default=list)
    kind = models.CharField(max_length=8)  # photo, audio, pdf
    mime = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    name = models.CharField(max_length=100)
    transcript = models.TextField(blank=True)
    by_name = models.CharField(max_length=150, blank=True)
    from_resident = models.BooleanField(default=False)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Link(Model):
    """Two cases that belong together, and how."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "as long as the cases"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="linked_from")
    kind = models.CharField(max_length=12)  # related, duplicate, split, visit, appeal
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("case", "other", "kind", name="link_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.other_id}"
