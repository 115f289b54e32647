"""Switched-off KIS cards: the list that came, one row for each person of it, what was found at the door, the rules in force here.

A card is a person of a deactivation list with two states of its own: what was found at the door, and how far the application to switch
the card on again has come. Moves: ``programmes.rules.kis``. Its history is the journal (subject ``card``); doors that were found stand
in ``CardDoor``, because they are facts of which several may be true one after another.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.cases.models import Case
from simpul.desks.models import Seat
from simpul.lib import areas
from simpul.lib.fields import EncryptedText, Model
from simpul.people.models import Person
from simpul.regions.models import Hamlet


class Deactivation(Model):
    """One list of cards that were switched off, as it was given out: by whom, by which decree, on which day, for which area."""

    personal_data: ClassVar[dict[str, str]] = {"loaded_by": "personal"}
    retention: ClassVar[str] = "5 years after its last card was settled; its counts for ever"

    name = models.CharField(max_length=120)
    source = models.CharField(max_length=80)  # who switched off: Kemensos, BPJS, the regency
    decree = models.CharField(max_length=120, blank=True)
    off_date = models.DateField()
    region_code = models.CharField(max_length=10)
    batch_id = models.UUIDField(null=True)  # the file it came in, people.Batch; null: entered otherwise
    listed = models.PositiveIntegerField(default=0)
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=150)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("region_code", "source", "decree", "off_date", name="deactivation_once")
        ]
        indexes: ClassVar = [models.Index(fields=["region_code", "off_date"], name="deactivation_region")]

    def __str__(self) -> str:
        return self.name


class CardSet(models.QuerySet["Card"]):
    """Filters over cards. What an actor may see is ``programmes.access.kis.visible``."""

    def inside(self, code: str) -> CardSet:
        """Cards of people inside a region."""
        return self.filter(areas.inside(code)) if code else self

    def at_the_door(self) -> CardSet:
        """Cards whose door is still to be visited: nobody was found there yet, and nothing was asked."""
        return self.filter(door__in=("to_visit", "not_found"), state="")


class Card(Model):
    """One person of a deactivation list, and the way of their card back to life.

    ``state`` "" means that nothing was asked for yet. ``row_key`` is the blind index of what makes the row of the list one: the NIK, else
    the card number, else name and birth date; so a list that comes again changes nothing twice.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "name": "personal",
        "name_key": "personal",
        "sex": "personal",
        "birth_date": "personal",
        "nik": "identity",
        "nik_index": "identity",
        "kis_number": "specific",
        "address": "personal",
        "landmark": "personal",
        "off_reason": "specific",
        "person": "personal",
        "candidates": "personal",
        "need": "specific",
        "need_words": "specific",
        "facility": "specific",
        "facility_letter": "specific",
        "village_letter": "specific",
        "eligibility_words": "specific",
        "decile": "specific",
        "ministry_words": "specific",
        "end_reason": "specific",
        "data_words": "specific",
        "asked_by": "personal",
        "checked_by_name": "personal",
        "approved_by_name": "personal",
        "signer": "personal",
        "matched_by": "personal",
    }
    retention: ClassVar[str] = "5 years after it was settled"

    deactivation = models.ForeignKey(
        Deactivation, on_delete=models.PROTECT, related_name="cards", db_index=False
    )
    row_key = models.CharField(max_length=64)
    name = models.CharField(max_length=150)
    name_key = models.CharField(max_length=150)
    sex = models.CharField(max_length=1, blank=True)  # L, P or unknown
    birth_date = models.DateField(null=True)
    nik = EncryptedText(blank=True, default="")
    nik_index = models.CharField(max_length=64, blank=True)
    kis_number = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=200, blank=True)
    landmark = models.CharField(max_length=200, blank=True)
    region_code = models.CharField(max_length=10)
    hamlet = models.ForeignKey(Hamlet, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    off_date = models.DateField()
    off_reason = models.CharField(max_length=150, blank=True)  # as the list says

    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="cards")
    match = models.CharField(max_length=8, default="new")  # new, sure, doubtful, decided, none
    score = models.FloatField(null=True)  # 0..1
    candidates = models.JSONField(
        default=list
    )  # [{"person": id, "score": 0.8, "reasons": [..]}], doubtful only
    matched_by = models.CharField(max_length=150, blank=True)
    matched_at = models.DateTimeField(null=True)

    need = models.CharField(max_length=12, default="unknown")  # rules.kis.NEEDS
    need_source = models.CharField(max_length=8, blank=True)  # list, register, door
    need_words = models.CharField(max_length=300, blank=True)
    rank = models.PositiveSmallIntegerField(default=8)  # rules.kis.rank: the smaller, the sooner

    seat = models.ForeignKey(
        Seat, null=True, on_delete=models.PROTECT, related_name="cards", db_index=False
    )  # the facilitator who goes there
    assigned_at = models.DateTimeField(null=True)
    door = models.CharField(max_length=14, default="to_visit")  # rules.kis.DOORS
    door_at = models.DateTimeField(null=True)
    consent = models.CharField(max_length=8, blank=True)  # spoken, ticked, paper: to ask on their behalf

    state = models.CharField(max_length=24, blank=True)  # rules.kis.STATES; "" nothing was asked for
    state_at = models.DateTimeField(null=True)
    before_end = models.CharField(max_length=24, blank=True)  # the state in which it was rejected
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="cards")
    asked_at = models.DateTimeField(null=True)
    asked_by = models.CharField(max_length=150, blank=True)
    facility = models.CharField(max_length=120, blank=True)
    facility_letter = models.CharField(max_length=60, blank=True)
    facility_date = models.DateField(null=True)
    village_letter = models.CharField(max_length=60, blank=True)
    village_date = models.DateField(null=True)
    decile = models.PositiveSmallIntegerField(null=True)  # 1..10; null: unknown
    eligibility_words = models.CharField(max_length=500, blank=True)
    revision_words = models.CharField(max_length=500, blank=True)  # what is missing, while it is
    checked_by = models.UUIDField(null=True)  # the user
    checked_by_name = models.CharField(max_length=150, blank=True)
    approved_by = models.UUIDField(null=True)
    approved_by_name = models.CharField(max_length=150, blank=True)
    recommendation = models.CharField(max_length=60, blank=True)
    recommendation_date = models.DateField(null=True)
    signer = models.CharField(max_length=150, blank=True)
    proposed_date = models.DateField(null=True)
    chased_date = models.DateField(null=True)  # when the ministry was last asked how it stands
    ministry_date = models.DateField(null=True)
    ministry_words = models.CharField(max_length=500, blank=True)
    reactivated_date = models.DateField(null=True)
    data_due_date = models.DateField(null=True)  # until when the family's data must be brought up to date
    data_done_date = models.DateField(null=True)
    data_words = models.CharField(max_length=300, blank=True)
    end_reason = models.CharField(max_length=500, blank=True)
    listed_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = CardSet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("deactivation", "row_key", name="card_once"),
            models.CheckConstraint(
                condition=models.Q(decile=None) | models.Q(decile__range=(1, 10)), name="card_decile_1_to_10"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["deactivation", "region_code", "hamlet", "seat", "door", "state", "match"],
                name="card_progress",
            ),
            models.Index(fields=["seat", "rank", "name_key"], name="card_seat_rank"),
            models.Index(fields=["region_code", "rank", "name_key"], name="card_region_rank"),
            models.Index(fields=["hamlet", "rank"], name="card_hamlet_rank"),
            models.Index(fields=["nik_index"], name="card_nik", condition=~models.Q(nik_index="")),
            models.Index(
                fields=["proposed_date"],
                name="card_at_ministry",
                condition=models.Q(state="proposed_to_ministry"),
            ),
            models.Index(fields=["data_due_date"], name="card_duty", condition=models.Q(state="reactivated")),
            models.Index(
                fields=["match", "region_code"], name="card_match", condition=models.Q(match="doubtful")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CardDoor(Model):
    """What was found at a door, once: facts are kept one after another; the last one that was not taken back counts."""

    personal_data: ClassVar[dict[str, str]] = {
        "need": "specific",
        "need_words": "specific",
        "words": "specific",
        "by_name": "personal",
    }
    retention: ClassVar[str] = "as long as the card"

    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="doors")
    found = models.CharField(max_length=14)
    need = models.CharField(max_length=12, blank=True)
    need_words = models.CharField(max_length=300, blank=True)
    consent = models.CharField(max_length=8, blank=True)
    words = models.CharField(max_length=500, blank=True)
    before = models.JSONField(default=dict)  # what stood on the card: it comes back when this is taken back
    at = models.DateTimeField()
    by_name = models.CharField(max_length=150)
    seat_id = models.UUIDField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=150, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["card", "at"], name="card_door_when")]

    def __str__(self) -> str:
        return self.found


class CardRule(Model):
    """A reactivation rule of the district's own, beside those that ship (``programmes/catalogue/kis_rules.toml``).

    The one that began last among those in force on a day is followed; the others are shown beside it, because sources conflict.
    """

    personal_data: ClassVar[dict[str, str]] = {"added_by": "personal"}
    retention: ClassVar[str] = "for ever"

    name = models.CharField(max_length=120)
    authority = models.CharField(max_length=80)
    source = models.CharField(max_length=200)
    region_code = models.CharField(max_length=10)
    from_date = models.DateField()
    until_date = models.DateField(null=True)
    facility_letter = models.CharField(max_length=8)  # required, optional, no
    village_letter = models.CharField(max_length=8)
    chronic_required = models.BooleanField()
    off_from_date = models.DateField(null=True)  # only cards switched off from this day on
    off_until_date = models.DateField(null=True)
    excludes = models.JSONField(default=list)
    follow_up_days = models.PositiveSmallIntegerField(default=14)
    duty_months = models.PositiveSmallIntegerField(default=6)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=150)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["region_code", "from_date"], name="card_rule_region")]

    def __str__(self) -> str:
        return self.name
