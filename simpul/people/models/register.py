"""The register's units: houses, households, families. Four different things that a row of "poor families" mixes up.

A *person* lives in a *household* (people who eat from one kitchen), belongs to a *family* (one KK card), and the household lives in a
*house* (one building), which may hold several. The present unit of a person stands on the person; ``Belonging`` keeps the history.

Housing and goods are typed columns, so that rules and figures can read them fast. Codes are kept with the version of their list
(``bdt/6``, ``dtsen/3``), because the lists collide (``people/catalogue/lists.toml``). An empty column is *unknown*, never "no".
Who said each value, when, and from which source stands in ``Observation``.
Source of the fields: BDT questionnaire 2015 and DTSEN practice (secondary; domain notes in docs/decisions/0050-four-units.md).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.lib.fields import EncryptedText, KeyEnding, Model
from simpul.regions.models import Hamlet


def _code() -> models.CharField[str, str]:
    """A code of a list with its version: "bdt/6"; "" is unknown."""
    return models.CharField(max_length=16, blank=True, default="")


def _said() -> models.BooleanField[bool | None, bool | None]:
    """Yes, no, or nobody knows."""
    return models.BooleanField(null=True)


def _number() -> models.PositiveIntegerField[int | None, int | None]:
    return models.PositiveIntegerField(null=True)


class House(Model):
    """A dwelling: what it is made of and what it is connected to. Several households may live in one."""

    personal_data: ClassVar[dict[str, str]] = {
        "address": "personal",
        "landmark": "personal",
        "latitude": "personal",
        "longitude": "personal",
        "building": "specific",
        "land": "specific",
        "land_proof": "specific",
        "floor": "specific",
        "wall": "specific",
        "wall_condition": "specific",
        "roof": "specific",
        "roof_condition": "specific",
        "floor_area_dm2": "specific",
        "bedrooms": "specific",
        "water": "specific",
        "water_obtained": "specific",
        "lighting": "specific",
        "power": "specific",
        "fuel": "specific",
        "toilet": "specific",
        "closet": "specific",
        "disposal": "specific",
        "lived_years": "specific",
        "only_house": "specific",
        "aided_year": "specific",
        "meter_water": "specific",
        "meter_power": "specific",
        "meter_gas": "specific",
    }
    retention: ClassVar[str] = "as long as a household of the register lives there, then 5 years"

    region_code = models.CharField(max_length=10)
    hamlet = models.ForeignKey(Hamlet, null=True, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=200, blank=True)
    landmark = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    building = _code()
    land = _code()
    land_proof = _said()  # a deed or a village statement for the land was shown
    floor = _code()
    wall = _code()
    wall_condition = _code()
    roof = _code()
    roof_condition = _code()
    floor_area_dm2 = _number()  # square decimetres: 7.5 m² is 750
    bedrooms = _number()
    water = _code()
    water_obtained = _code()
    lighting = _code()
    power = _code()
    fuel = _code()
    toilet = _code()
    closet = _code()
    disposal = _code()
    meter_water = models.CharField(max_length=30, blank=True)
    meter_power = models.CharField(max_length=30, blank=True)
    meter_gas = models.CharField(max_length=30, blank=True)
    lived_years = _number()
    only_house = _said()
    aided_year = _number()  # the year of the last house aid; 0: never
    changed_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["region_code"], name="house_region")]

    def __str__(self) -> str:
        return self.address or str(self.id)


class Household(Model):
    """People who eat from one kitchen: the unit of BDT, and of what a family owns and spends."""

    personal_data: ClassVar[dict[str, str]] = {
        "name": "personal",
        "head": "personal",
        "idbdt": "personal",
        "members_said": "specific",
        "families_said": "specific",
        "presence": "specific",
        "percentile": "specific",
        "income_month": "specific",
        "food_share": "specific",
        "lacked_food": "specific",
        "meals_per_day": "specific",
        "protein_per_week": "specific",
        "outfits_per_year": "specific",
        "no_clothes_spending": "specific",
        "can_pay_clinic": "specific",
        "farm_m2": "specific",
        "land_asset": "specific",
        "land_asset_m2": "specific",
        "saleable_assets": "specific",
        "gas_large": "specific",
        "fridge": "specific",
        "air_conditioner": "specific",
        "water_heater": "specific",
        "landline": "specific",
        "television": "specific",
        "gold": "specific",
        "laptop": "specific",
        "bicycle": "specific",
        "motorcycle": "specific",
        "car": "specific",
        "boat": "specific",
        "outboard": "specific",
        "motorboat": "specific",
        "ship": "specific",
        "other_house": "specific",
        "own_business": "specific",
        "has_kks": "specific",
        "has_kip": "specific",
        "has_kis": "specific",
        "pays_bpjs": "specific",
        "jamsostek": "specific",
        "insurance": "specific",
        "has_pkh": "specific",
        "rastra": "specific",
        "kur": "specific",
        "cattle": "specific",
        "buffalo": "specific",
        "horses": "specific",
        "pigs": "specific",
        "goats": "specific",
        "lost_livelihood": "specific",
        "disaster": "specific",
        "no_dwelling": "specific",
    }
    retention: ClassVar[str] = "as long as somebody lives in it, then 5 years"

    region_code = models.CharField(max_length=10)
    hamlet = models.ForeignKey(Hamlet, null=True, on_delete=models.PROTECT, related_name="+")
    house = models.ForeignKey(House, null=True, on_delete=models.PROTECT, related_name="households")
    head = models.ForeignKey("Person", null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)  # as the village calls it: the head's name
    idbdt = models.CharField(max_length=30, blank=True)
    members_said = _number()
    families_said = _number()
    presence = _code()
    percentile = _number()
    no_dwelling = _said()

    income_month = models.BigIntegerField(null=True)  # rupiah, all members together
    food_share = _number()  # percent of spending that goes to food
    lacked_food = _said()  # worried about food or went without, last year
    meals_per_day = _number()
    protein_per_week = _number()  # days with meat, milk or chicken
    outfits_per_year = _number()
    no_clothes_spending = _said()
    can_pay_clinic = _said()
    farm_m2 = _number()
    land_asset = _said()
    land_asset_m2 = _number()
    saleable_assets = models.BigIntegerField(null=True)  # rupiah: savings and goods that could be sold
    lost_livelihood = _said()
    disaster = _said()

    gas_large = _said()
    fridge = _said()
    air_conditioner = _said()
    water_heater = _said()
    landline = _said()
    television = _said()
    gold = _said()
    laptop = _said()
    bicycle = _said()
    motorcycle = _said()
    car = _said()
    boat = _said()
    outboard = _said()
    motorboat = _said()
    ship = _said()
    other_house = _said()
    own_business = _said()
    has_kks = _said()
    has_kip = _said()
    has_kis = _said()
    pays_bpjs = _said()
    jamsostek = _said()
    insurance = _said()
    has_pkh = _said()
    rastra = _said()
    kur = _said()
    cattle = _number()
    buffalo = _number()
    horses = _number()
    pigs = _number()
    goats = _number()

    registered_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    ended_date = models.DateField(null=True)  # nobody lives in it any more
    import_key = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["region_code", "hamlet"], name="household_region"),
            models.Index(fields=["import_key"], name="household_import"),
            models.Index(KeyEnding(), name="household_key_ending"),
        ]

    def __str__(self) -> str:
        return self.name


class Family(Model):
    """One family card (KK): the unit of DTSEN ranks, PKH, the food account and BLT Desa."""

    personal_data: ClassVar[dict[str, str]] = {
        "kk": "identity",
        "kk_index": "identity",
        "head": "personal",
        "decile": "specific",
        "pkh_number": "personal",
        "kks_number": "personal",
        "account_number": "personal",
    }
    retention: ClassVar[str] = "as long as somebody belongs to it, then 5 years"

    kk = EncryptedText(blank=True, default="")
    kk_index = models.CharField(max_length=64, blank=True)
    region_code = models.CharField(max_length=10)
    head = models.ForeignKey("Person", null=True, on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, null=True, on_delete=models.PROTECT, related_name="families")
    decile = _number()  # DTSEN 1..10; null: not ranked or not known
    decile_period = models.CharField(max_length=20, blank=True)  # "2026-Q3"
    listed = _said()  # in the national register; null: nobody checked
    pkh_number = models.CharField(max_length=30, blank=True)
    kks_number = models.CharField(max_length=30, blank=True)
    account_number = models.CharField(max_length=30, blank=True)
    registered_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    ended_date = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kk_index"], name="family_kk"),
            models.Index(fields=["region_code"], name="family_region"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(decile=None) | models.Q(decile__range=(1, 10)),
                name="family_decile_1_to_10",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class Belonging(Model):
    """A person in a household or a family, from one day until another: the history of who lived with whom."""

    personal_data: ClassVar[dict[str, str]] = {"relation": "personal", "source": "personal"}
    retention: ClassVar[str] = "as long as the person"

    person = models.ForeignKey("Person", on_delete=models.CASCADE, related_name="belongings")
    household = models.ForeignKey(Household, null=True, on_delete=models.CASCADE, related_name="belongings")
    family = models.ForeignKey(Family, null=True, on_delete=models.CASCADE, related_name="belongings")
    relation = _code()
    from_date = models.DateField(null=True)
    until_date = models.DateField(null=True)
    why_ended = models.CharField(max_length=12, blank=True)  # moved, died, married, corrected
    source = models.CharField(max_length=100, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(household=None) ^ models.Q(family=None), name="belonging_to_one_unit"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.relation}"


class Relation(Model):
    """How two persons belong together beside the family card: parent, guardian, who looks after whom."""

    personal_data: ClassVar[dict[str, str]] = {"kind": "personal"}
    retention: ClassVar[str] = "as long as both persons"

    person = models.ForeignKey("Person", on_delete=models.CASCADE, related_name="relations")
    other = models.ForeignKey("Person", on_delete=models.CASCADE, related_name="related_from")
    kind = models.CharField(max_length=12)  # parent, guardian, carer, spouse, heir
    from_date = models.DateField(null=True)
    until_date = models.DateField(null=True)
    source = models.CharField(max_length=100, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(person=models.F("other")), name="relation_to_another")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind} {self.other_id}"


class HouseholdDoubt(Model):
    """Two rows that may be one household, or one person who is said to live in both: kept beside each other, decided by a person.

    ``reason``: *lives* (the person stands in ``first`` and was said, unseen, to live in ``second``), *nik* or *name* (their heads may be
    one), *card* (one family card). ``moved`` is what a decision moved, so that it can be taken back.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "relation": "personal",
        "said_by": "personal",
        "source_words": "personal",
        "moved": "personal",
        "words": "personal",
    }
    retention: ClassVar[str] = "as long as both households"

    first = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey("Person", null=True, on_delete=models.CASCADE, related_name="household_doubts")
    reason = models.CharField(max_length=8)
    relation = models.CharField(max_length=16, blank=True)
    from_date = models.DateField(null=True)
    source = models.CharField(max_length=24, blank=True)
    source_words = models.CharField(max_length=150, blank=True)
    said_by = models.CharField(max_length=150, blank=True)
    observed_date = models.DateField(null=True)
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="open")  # open, first, second, same, different
    moved = models.JSONField(default=dict)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=150, blank=True)
    words = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["first", "second", "reason", "person"],
                name="household_doubt_once_for_a_person",
                condition=models.Q(person__isnull=False, state="open"),
            ),
            models.UniqueConstraint(
                fields=["first", "second", "reason"],
                name="household_doubt_once",
                condition=models.Q(person__isnull=True, state="open"),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state"], name="household_doubt_open", condition=models.Q(state="open"))
        ]

    def __str__(self) -> str:
        return f"{self.first_id} / {self.second_id}"


class LifeEvent(Model):
    """A birth, a death, a move: what changed the register on a day, and who said so."""

    personal_data: ClassVar[dict[str, str]] = {
        "words": "personal",
        "said_by": "personal",
        "before": "personal",
    }
    retention: ClassVar[str] = "as long as the person"

    person = models.ForeignKey("Person", on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=12)  # birth, death, move_in, move_out, return
    on_date = models.DateField()
    from_region = models.CharField(max_length=10, blank=True)
    to_region = models.CharField(max_length=10, blank=True)
    words = models.CharField(max_length=300, blank=True)
    said_by = models.CharField(max_length=150, blank=True)
    source = models.CharField(max_length=24)  # resident, family, officer, document, import
    recorded_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    before = models.JSONField(default=dict)  # what the event changed, so that it can be taken back

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kind", "on_date"], name="life_event_kind_day")]

    def __str__(self) -> str:
        return f"{self.kind} {self.on_date}"


class Observation(Model):
    """One value of one field as somebody said it: the history behind every column of the register.

    ``value`` is what was said, as text ("bdt/6", "750", "yes"); ``state`` is *current*, *past*, *conflict* (another source says otherwise
    and a person has to choose) or *rejected*. ``rival``: a statement that it contradicts although neither author had seen the other's word;
    it keeps the conflict open, whatever is said later, until a person settles it.
    """

    personal_data: ClassVar[dict[str, str]] = {
        "value": "specific",
        "said_by": "personal",
        "source_words": "personal",
    }
    retention: ClassVar[str] = "as long as its subject"

    subject_kind = models.CharField(max_length=10)  # person, household, house, family
    subject_id = models.UUIDField()
    field = models.CharField(max_length=40)
    value = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, default="current")
    source = models.CharField(max_length=24)  # resident, family, officer, visit, document, import, register
    source_words = models.CharField(max_length=150, blank=True)  # "DTSEN 2026-Q3", "KK lama"
    said_by = models.CharField(max_length=150, blank=True)
    observed_date = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)
    rival = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject_id", "field", "recorded_at"], name="observation_subject_field"),
            models.Index(
                fields=["subject_kind", "recorded_at"],
                name="observation_conflicts",
                condition=models.Q(state="conflict"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field}={self.value}"
