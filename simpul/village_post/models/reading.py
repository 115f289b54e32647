"""The reading corner: titles and copies, members, loans, donations, visits, activities, and taking stock.

Fines do not exist here. A copy is out when it has a loan without an end; whether a copy is on the shelf is never kept twice.
"""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.db import models

from simpul.lib.fields import Model
from simpul.people.models import Person


class ReadingCorner(Model):
    """A reading corner of a village: where, when it is open, how long a loan lasts, and the last numbers given out."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever: a place of the village"

    region_code = models.CharField(max_length=10)
    name = models.CharField(max_length=100)
    place = models.CharField(max_length=150, blank=True)
    open_days = models.JSONField(default=list)  # ISO weekdays, Monday is 1
    opens = models.TimeField(null=True)
    closes = models.TimeField(null=True)
    holidays_closed = models.BooleanField(default=False)  # the post is open on holidays, too
    closed_dates = models.JSONField(default=list)  # ISO days on which this corner is closed
    loan_days = models.PositiveSmallIntegerField(default=14)
    most_loans = models.PositiveSmallIntegerField(default=3)
    most_renewals = models.PositiveSmallIntegerField(default=2)
    letters = models.CharField(max_length=6)  # what its labels and cards begin with
    last_copy = models.PositiveIntegerField(default=0)
    last_member = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("letters", name="corner_letters_once")]
        indexes: ClassVar = [models.Index(fields=["region_code"], name="corner_region")]

    def __str__(self) -> str:
        return self.name


class BookTitle(Model):
    """A title of a corner; its copies are rows of their own."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever"

    corner = models.ForeignKey(ReadingCorner, on_delete=models.PROTECT, related_name="titles")
    isbn = models.CharField(max_length=13, blank=True)  # always thirteen digits
    title = models.CharField(max_length=200)
    author = models.CharField(max_length=150, blank=True)
    publisher = models.CharField(max_length=100, blank=True)
    year = models.PositiveSmallIntegerField(null=True)
    category = models.CharField(max_length=16)
    language = models.CharField(max_length=8, default="id")
    ages = models.CharField(max_length=12, blank=True)
    shelf = models.CharField(max_length=30, blank=True)
    about = models.CharField(max_length=500, blank=True)
    search_key = models.CharField(max_length=400)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["corner", "title"], name="title_corner"),
            models.Index(fields=["isbn"], name="title_isbn"),
        ]

    def __str__(self) -> str:
        return self.title


class Donation(Model):
    """Books that somebody gave. A donor who wants to stay unnamed is kept out of every list that is shown."""

    personal_data: ClassVar[dict[str, str]] = {"donor": "personal", "words": "personal"}
    retention: ClassVar[str] = "10 years: proof of what was given"

    corner = models.ForeignKey(ReadingCorner, on_delete=models.PROTECT, related_name="donations")
    donor = models.CharField(max_length=150)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    hidden = models.BooleanField(default=False)
    given_date = models.DateField()
    books = models.PositiveSmallIntegerField(default=0)
    words = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.donor


class BookCopy(Model):
    """One book that can be held in the hand, with the code on its label."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever"

    title = models.ForeignKey(BookTitle, on_delete=models.PROTECT, related_name="copies")
    corner = models.ForeignKey(ReadingCorner, on_delete=models.PROTECT, related_name="copies")
    code = models.CharField(max_length=24)
    state = models.CharField(max_length=10, default="here")  # here, lost, withdrawn
    state_why = models.CharField(max_length=200, blank=True)
    state_at = models.DateTimeField(null=True)
    source = models.CharField(max_length=10, default="bought")  # bought, given, village, other
    donation = models.ForeignKey(Donation, null=True, on_delete=models.PROTECT, related_name="copies")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("code", name="copy_code_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["here", "lost", "withdrawn"]), name="copy_state_known"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["corner", "state"], name="copy_corner")]

    def __str__(self) -> str:
        return self.code


class Reader(Model):
    """A member of the corner: of the register, or by name; with a card."""

    personal_data: ClassVar[dict[str, str]] = {
        "name": "personal",
        "phone": "personal",
        "address": "personal",
        "guardian": "personal",
    }
    retention: ClassVar[str] = "2 years after the last loan"

    corner = models.ForeignKey(ReadingCorner, on_delete=models.PROTECT, related_name="readers")
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    code = models.CharField(max_length=24)
    name = models.CharField(max_length=150)
    group = models.CharField(max_length=10)  # rules.reading.GROUPS
    phone = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=200, blank=True)
    guardian = models.CharField(max_length=150, blank=True)
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("code", name="reader_code_once"),
            models.UniqueConstraint(
                "corner",
                "person",
                name="reader_once_a_corner",
                condition=models.Q(person__isnull=False, ended_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Loan(Model):
    """A copy in somebody's hands: until it is returned or lost. Written by mistake, it is struck and stays."""

    personal_data: ClassVar[dict[str, str]] = {"lent_by": "personal"}
    retention: ClassVar[str] = "2 years; what somebody read is their own affair"

    copy = models.ForeignKey(BookCopy, on_delete=models.PROTECT, related_name="loans")
    reader = models.ForeignKey(Reader, on_delete=models.PROTECT, related_name="loans")
    lent_at = models.DateTimeField()
    due_date = models.DateField()
    renewals = models.PositiveSmallIntegerField(default=0)
    returned_at = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True)
    struck_at = models.DateTimeField(null=True)
    lent_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "copy",
                name="loan_one_open_a_copy",
                condition=models.Q(returned_at=None, lost_at=None, struck_at=None),
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["reader", "-lent_at"], name="loan_reader"),
            models.Index(fields=["due_date"], name="loan_due"),
        ]

    def __str__(self) -> str:
        return str(self.due_date)


class CornerEntry(Model):
    """What was counted or written down on a day of the corner; taken back, it stays with ``withdrawn_at``."""

    corner = models.ForeignKey(ReadingCorner, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)
    user_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class ReaderCount(CornerEntry):
    """People of one group who came on a day: one row a press of the button; below nought takes back."""

    personal_data: ClassVar[dict[str, str]] = {"recorded_by": "personal"}
    retention: ClassVar[str] = "for ever; counts without names"

    day = models.DateField()
    group = models.CharField(max_length=10)
    number = models.SmallIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["corner", "day"], name="reader_count_day")]

    def __str__(self) -> str:
        return f"{self.group} {self.number:+d}"


class ReadingActivity(CornerEntry):
    """Something that was or will be done together: reading aloud, homework help, a film."""

    personal_data: ClassVar[dict[str, str]] = {
        "leader": "personal",
        "words": "personal",
        "recorded_by": "personal",
    }
    retention: ClassVar[str] = "for ever; who led it 5 years"

    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=150)
    starts_at = models.DateTimeField()
    leader = models.CharField(max_length=150, blank=True)
    ages = models.CharField(max_length=12, blank=True)
    count = models.PositiveSmallIntegerField(null=True)  # how many came; None: not yet
    words = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["corner", "-starts_at"], name="reading_activity_corner")]

    def __str__(self) -> str:
        return self.name


class Stocktake(Model):
    """One taking of stock: every copy is held in the hand once, and what differs is looked at before it is closed."""

    personal_data: ClassVar[dict[str, str]] = {"begun_by": "personal", "words": "personal"}
    retention: ClassVar[str] = "5 years"

    corner = models.ForeignKey(ReadingCorner, on_delete=models.PROTECT, related_name="stocktakes")
    begun_at = models.DateTimeField()
    begun_by = models.CharField(max_length=150, blank=True)
    closed_at = models.DateTimeField(null=True)
    words = models.TextField(blank=True)
    counts = models.JSONField(default=dict)  # what stood there on closing: expected, seen, missing, surprise

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("corner", name="stocktake_one_open", condition=models.Q(closed_at=None))
        ]

    def __str__(self) -> str:
        return str(self.begun_at)


class StocktakeCopy(Model):
    """A copy that was held in the hand while stock was taken."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "5 years"

    stocktake = models.ForeignKey(Stocktake, on_delete=models.PROTECT, related_name="seen")
    copy = models.ForeignKey(BookCopy, on_delete=models.PROTECT, related_name="+")
    seen_at = models.DateTimeField()
    was = models.CharField(max_length=10)  # what the book said at that moment: here, out, lost, withdrawn

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("stocktake", "copy", name="stocktake_copy_once")]

    def __str__(self) -> str:
        return self.was
