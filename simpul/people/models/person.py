"""Persons and how to reach them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.lib.fields import EncryptedText, KeyEnding, Model
from simpul.regions.models import Hamlet


class PersonSet(models.QuerySet["Person"]):
    """Filters over persons. What an actor may see is ``people.access.visible``."""

    def listed(self) -> PersonSet:
        """Who may stand on a list: no row that became part of another, nobody whose data stand still at their wish or were erased
        (UU 27/2022 art. 41, 43)."""
        return self.filter(restricted_at=None, erased_at=None).exclude(life="merged")

    def with_nik(self, index: str) -> PersonSet:
        """Persons whose NIK has this blind index; nobody for an empty one."""
        return self.filter(nik_index=index) if index else self.none()

    def reached_at(self, address: str) -> PersonSet:
        """Persons with a current contact at this normalised address."""
        return (
            self.filter(contacts__address=address, contacts__is_current=True).distinct()
            if address
            else self.none()
        )


class Person(Model):
    """Somebody a matter is about or comes from. One name field; everything else may be unknown."""

    personal_data: ClassVar[dict[str, str]] = {
        "full_name": "personal",
        "called": "personal",
        "sex": "personal",
        "birth_date": "personal",
        "nik": "identity",
        "nik_index": "identity",
        "address": "personal",
        "landmark": "personal",
        "needs": "specific",
        "name_key": "personal",
        "birth_place": "personal",
        "household_relation": "personal",
        "family_relation": "personal",
        "died_date": "personal",
    }
    retention: ClassVar[str] = "as long as they live here, or a matter of theirs is kept"

    full_name = models.CharField(max_length=150)
    called = models.CharField(max_length=60, blank=True)
    name_key = models.CharField(max_length=150)
    sex = models.CharField(max_length=1, blank=True)  # L, P or unknown
    birth_date = models.DateField(null=True)
    nik = EncryptedText(blank=True, default="")
    nik_index = models.CharField(max_length=64, blank=True)
    region_code = models.CharField(max_length=10, blank=True)
    hamlet = models.ForeignKey(Hamlet, null=True, on_delete=models.PROTECT, related_name="+")
    address = models.TextField(blank=True)
    landmark = models.CharField(max_length=200, blank=True)
    needs = models.CharField(
        max_length=200, blank=True
    )  # how to communicate: interpreter, large print, reads not
    language = models.CharField(max_length=5, default="id")
    registered_at = models.DateTimeField()

    birth_place = models.CharField(max_length=60, blank=True)
    birth_date_rough = models.BooleanField(
        default=False
    )  # only the year is known, or 1 January stands for "unknown"
    household = models.ForeignKey(
        "Household", null=True, on_delete=models.PROTECT, related_name="members", db_index=False
    )
    household_relation = models.CharField(max_length=16, blank=True)
    family = models.ForeignKey(
        "Family", null=True, on_delete=models.PROTECT, related_name="members", db_index=False
    )
    family_relation = models.CharField(max_length=16, blank=True)
    life = models.CharField(max_length=8, default="here")  # here, away (moved out), dead, merged
    died_date = models.DateField(null=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged_rows")
    restricted_at = models.DateTimeField(
        null=True
    )  # processing stands still at their wish (UU 27/2022 art. 41)
    erased_at = models.DateTimeField(null=True)
    resident = models.BooleanField(default=False)  # of the register; false: known from a matter alone
    import_key = models.CharField(
        max_length=64, blank=True
    )  # blind index of the list's own key: a re-import finds the row

    objects = PersonSet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["region_code", "name_key"], name="person_region_name"),
            models.Index(fields=["name_key"], name="person_name"),
            models.Index(fields=["nik_index"], name="person_nik"),
            models.Index(fields=["household"], name="person_household"),
            models.Index(KeyEnding(), name="person_key_ending"),
            models.Index(fields=["family"], name="person_family"),
            models.Index(fields=["region_code", "life", "resident"], name="person_region_life"),
            models.Index(fields=["import_key"], name="person_import", condition=~models.Q(import_key="")),
        ]

    def __str__(self) -> str:
        return self.full_name


class Contact(Model):
    """A way to reach a person: whose it is, and whether it is safe to call or to write there.

    ``safe_to_call`` and ``safe_to_write`` are unknown until somebody asked; ``people.rules.safe_road`` reads the three apart.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "as_typed": "personal",
        "address": "personal",
        "owner_name": "personal",
        "warning": "safeguarding",
    }
    retention: ClassVar[str] = "as long as the person"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="contacts")
    channel = models.CharField(max_length=12)  # phone, whatsapp, telegram, email, visit
    as_typed = models.CharField(max_length=120)
    address = models.CharField(max_length=120, blank=True)  # E.164 or lower-case e-mail; "" cannot be dialled
    owner = models.CharField(max_length=12, default="own")  # own, family, neighbour, officer, unknown
    owner_name = models.CharField(max_length=100, blank=True)
    safe_to_call = models.BooleanField(null=True)  # null: nobody asked
    safe_to_write = models.BooleanField(null=True)  # null: nobody asked
    warning = models.CharField(max_length=200, blank=True)
    is_current = models.BooleanField(default=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["channel", "address"], name="contact_channel_address")]

    def __str__(self) -> str:
        return self.as_typed


class ContactDoubt(Model):
    """Two ways to reach one person, written down by officers who had not seen each other's: which is right, a person settles.

    ``first`` stood in the register, ``second`` came beside it; both are current until then. ``first_said`` and ``second_said`` hold what
    each said of whether it is safe to call or write; while the question is open, both rows hold the more careful of the two.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "first_said": "safeguarding",
        "second_said": "safeguarding",
        "why": "personal",
    }
    retention: ClassVar[str] = "as long as the person"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="contact_doubts")
    first = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    first_said = models.JSONField(default=dict)
    second_said = models.JSONField(default=dict)
    state = models.CharField(max_length=8, default="open")  # open, settled
    chosen = models.ForeignKey(
        Contact, null=True, on_delete=models.CASCADE, related_name="+"
    )  # null: both hold
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=150, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=150, blank=True)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("first", "second", name="contact_doubt_once")]
        indexes: ClassVar = [models.Index(fields=["person", "state"], name="contact_doubt_person")]

    def __str__(self) -> str:
        return f"{self.first_id} / {self.second_id}"
