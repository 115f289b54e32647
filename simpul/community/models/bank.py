"""The waste bank (Sapu Bangun): who saves, what a kind is worth, how value is shared, and the ledger in grams and rupiah.

The ledger has no balances that are typed over. A *posting* is one thing that happened; its *lines* each name the account that something
leaves and the account it enters, with whole grams of one kind, whole rupiah, or both. So every posting, and the whole ledger, sums to
nought in rupiah and in grams of each kind by its form: there is no row that could break it. Postings and lines are added and never
changed or deleted (``AppendOnly``: the database refuses); a mistake is corrected by a second posting that mirrors the first.
``Standing`` keeps the sums of each account for speed, written in the same transaction; ``queries.bank_audit`` proves it from the lines.
"""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.db import models

from simpul.community.models.works import Work
from simpul.lib import areas
from simpul.lib.append_only import AppendOnly
from simpul.lib.fields import Model
from simpul.meetings.models import Meeting
from simpul.people.models import Person
from simpul.regions.models import Hamlet

SAVER_KINDS = ("person", "group", "class", "hamlet")
WASTE_GROUPS = ("plastic", "paper", "metal", "glass", "oil", "electronic", "textile", "other")
ROLES = (
    "saver",
    "costs",
    "fund",
    "cash",
    "collector",
    "stock",
    "shrinkage",
    "craft",
    "margin",
    "capital",
    "difference",
)
POSTING_KINDS = (
    "deposit",
    "donation",
    "withdrawal",
    "sale",
    "payment",
    "craft",
    "shrinkage",
    "expense",
    "capital",
    "count",
    "spending",
    "assignment",
    "reversal",
)


class Recorded(Model):
    """A row with when and by whom it was written down."""

    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)
    user_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)

    class Meta:
        abstract = True


class BankSet(models.QuerySet["Bank"]):
    """Filters over banks."""

    def inside(self, code: str) -> BankSet:
        """Banks of a region and of all that lies in it."""
        return self.filter(areas.inside(code)) if code else self


class Bank(Recorded):
    """The waste bank of one village. Its row is locked by every posting, so that numbers and balances have one order."""

    personal_data: ClassVar[dict[str, str]] = {"recorded_by": "personal"}
    retention: ClassVar[str] = "for ever: the accounts of public money"

    region_code = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=120)
    place = models.CharField(max_length=150, blank=True)
    last_number = models.PositiveIntegerField(default=0)
    last_saver = models.PositiveIntegerField(default=0)

    objects = BankSet.as_manager()

    def __str__(self) -> str:
        return self.name


class Terms(Recorded):
    """What the village has set from a day on: the least weight, opening days, above which sum two people are needed."""

    personal_data: ClassVar[dict[str, str]] = {"recorded_by": "personal"}
    retention: ClassVar[str] = "as long as the bank"

    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="terms")
    from_date = models.DateField()
    minimum_grams = models.PositiveIntegerField(default=0)
    open_days = models.JSONField(default=list)  # 0 Monday ... 6 Sunday; none: every day
    hours = models.CharField(max_length=100, blank=True)
    two_people_from = models.PositiveBigIntegerField(default=0)  # rupiah; 0: never
    least_withdrawal = models.PositiveBigIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["bank", "-from_date", "-recorded_at"], name="bank_terms_newest")
        ]

    def __str__(self) -> str:
        return f"{self.bank_id} {self.from_date}"


class Sharing(Recorded):
    """How the value of a deposit is shared from a day on, in basis points (ten thousand are the whole), as a meeting decided."""

    personal_data: ClassVar[dict[str, str]] = {"recorded_by": "personal"}
    retention: ClassVar[str] = "as long as the bank"

    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="sharings")
    from_date = models.DateField()
    saver_bp = models.PositiveSmallIntegerField()
    costs_bp = models.PositiveSmallIntegerField()
    fund_bp = models.PositiveSmallIntegerField()
    meeting = models.ForeignKey(Meeting, null=True, on_delete=models.PROTECT, related_name="+")
    decided = models.CharField(max_length=200)  # "Musyawarah desa 3 Oktober 2026, keputusan nomor 4"

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(saver_bp=10000 - models.F("costs_bp") - models.F("fund_bp")),
                name="bank_sharing_whole",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["bank", "-from_date", "-recorded_at"], name="bank_sharing_newest")
        ]

    def __str__(self) -> str:
        return f"{self.saver_bp}/{self.costs_bp}/{self.fund_bp}"


class Waste(Model):
    """One kind that is taken: "Botol PET bersih". Weighed in grams, oil too."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "as long as the bank"

    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="wastes")
    code = models.CharField(max_length=24)
    name = models.CharField(max_length=80)
    group = models.CharField(max_length=12)
    hint = models.CharField(max_length=150, blank=True)  # how it has to be brought
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("bank", "code", name="bank_waste_once"),
            models.CheckConstraint(condition=models.Q(group__in=WASTE_GROUPS), name="bank_waste_group"),
        ]

    def __str__(self) -> str:
        return self.name


class WastePrice(Recorded):
    """What a kilogram is worth from a day on: paid to savers, and hoped for from collectors. A newer row takes its place."""

    personal_data: ClassVar[dict[str, str]] = {"recorded_by": "personal"}
    retention: ClassVar[str] = "as long as the bank"

    waste = models.ForeignKey(Waste, on_delete=models.PROTECT, related_name="prices")
    from_date = models.DateField()
    in_per_kg = models.PositiveIntegerField()
    out_per_kg = models.PositiveIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["waste", "-from_date", "-recorded_at"], name="bank_price_newest")
        ]

    def __str__(self) -> str:
        return f"{self.waste_id} {self.from_date}: {self.in_per_kg}"


class Saver(Recorded):
    """Somebody with a pass book: a person of the register or by name alone, a group, a school class, a hamlet."""

    personal_data: ClassVar[dict[str, str]] = {
        "person": "personal",
        "name": "personal",
        "name_key": "personal",
        "guardian_person": "personal",
        "guardian": "personal",
        "phone": "personal",
        "recorded_by": "personal",
    }
    retention: ClassVar[str] = "10 years after the book is closed: the accounts of somebody else's money"

    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="savers")
    number = models.PositiveIntegerField()  # of the pass book
    kind = models.CharField(max_length=8, default="person")
    name = models.CharField(max_length=150)
    name_key = models.CharField(max_length=150, blank=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    is_minor = models.BooleanField(default=False)
    guardian = models.CharField(max_length=150, blank=True)  # of a minor; who answers for a group
    guardian_person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    hamlet = models.ForeignKey(Hamlet, null=True, on_delete=models.PROTECT, related_name="+")
    phone = models.CharField(max_length=40, blank=True)
    token = models.CharField(max_length=32, unique=True)  # in the QR of the pass book; 100 bits
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("bank", "number", name="bank_saver_number_once"),
            models.UniqueConstraint(
                "bank",
                "person",
                condition=models.Q(person__isnull=False, closed_at__isnull=True),
                name="bank_saver_person_once",
            ),
            models.CheckConstraint(condition=models.Q(kind__in=SAVER_KINDS), name="bank_saver_kind"),
        ]
        indexes: ClassVar = [models.Index(fields=["bank", "name_key"], name="bank_saver_name")]

    def __str__(self) -> str:
        return f"{self.number}"


class Collector(Model):
    """Who buys lots: a pengepul, the regency's main bank, a factory."""

    personal_data: ClassVar[dict[str, str]] = {"name": "personal", "phone": "personal"}
    retention: ClassVar[str] = "as long as the bank"

    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="collectors")
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=40, blank=True)
    place = models.CharField(max_length=150, blank=True)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Account(Model):
    """One account of a bank: of a saver, a collector or a kind of waste, or one of the bank's own."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever: the accounts of public money"

    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="accounts")
    role = models.CharField(max_length=12)
    saver = models.OneToOneField(Saver, null=True, on_delete=models.PROTECT, related_name="account")
    collector = models.OneToOneField(Collector, null=True, on_delete=models.PROTECT, related_name="account")
    waste = models.OneToOneField(Waste, null=True, on_delete=models.PROTECT, related_name="stock")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(role__in=ROLES), name="bank_account_role"),
            models.CheckConstraint(
                condition=(
                    models.Q(role="saver", saver__isnull=False, collector__isnull=True, waste__isnull=True)
                    | models.Q(
                        role="collector", saver__isnull=True, collector__isnull=False, waste__isnull=True
                    )
                    | models.Q(role="stock", saver__isnull=True, collector__isnull=True, waste__isnull=False)
                    | (
                        ~models.Q(role__in=["saver", "collector", "stock"])
                        & models.Q(saver__isnull=True, collector__isnull=True, waste__isnull=True)
                    )
                ),
                name="bank_account_whose",
            ),
            models.UniqueConstraint(
                "bank",
                "role",
                condition=~models.Q(role__in=["saver", "collector", "stock"]),
                name="bank_account_own_once",
            ),
        ]

    def __str__(self) -> str:
        return self.role


class Posting(Recorded):
    """One thing that happened, under one number of the bank. Never changed: a wrong one is mirrored by another."""

    personal_data: ClassVar[dict[str, str]] = {"recorded_by": "personal"}
    retention: ClassVar[str] = "for ever: the accounts of public money"

    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="postings")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    done_at = models.DateTimeField()  # when it happened
    month = models.CharField(max_length=7, default="")  # of that moment at the place: "2026-11"
    saver = models.ForeignKey(Saver, null=True, on_delete=models.PROTECT, related_name="postings")
    collector = models.ForeignKey(Collector, null=True, on_delete=models.PROTECT, related_name="postings")
    work = models.ForeignKey(Work, null=True, on_delete=models.PROTECT, related_name="fund_postings")
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    rupiah = models.BigIntegerField(default=0)  # what it is about in one figure, for lists
    grams = models.BigIntegerField(default=0)
    words = models.CharField(max_length=300, blank=True)  # for what; why it is reversed; no names of savers
    receipt = models.CharField(max_length=60, blank=True)  # number of the shop's receipt
    flags = models.JSONField(default=list)  # rules.ledger.FLAGS: what somebody should look at

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("bank", "number", name="bank_posting_number_once"),
            models.CheckConstraint(condition=models.Q(kind__in=POSTING_KINDS), name="bank_posting_kind"),
            models.CheckConstraint(
                condition=models.Q(kind="reversal", reverses__isnull=False)
                | (~models.Q(kind="reversal") & models.Q(reverses__isnull=True)),
                name="bank_posting_reverses",
            ),
            AppendOnly(name="bank_posting_append_only"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["bank", "done_at"], name="bank_posting_done"),
            models.Index(fields=["bank", "month"], name="bank_posting_month"),
            models.Index(fields=["bank", "kind", "-number"], name="bank_posting_kind_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class Line(models.Model):
    """Something leaves one account and enters another: rupiah, grams of one kind, or grams with what they are worth."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever: the accounts of public money"

    id = models.BigAutoField(primary_key=True)
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="lines")
    from_account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="lines_out", db_index=False
    )
    to_account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="lines_in", db_index=False)
    waste = models.ForeignKey(Waste, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    grams = models.BigIntegerField(default=0)
    rupiah = models.BigIntegerField(default=0)
    per_kg = models.PositiveIntegerField(null=True)  # the price that was used

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(from_account=models.F("to_account")), name="bank_line_moves"
            ),
            models.CheckConstraint(
                condition=models.Q(grams__gte=0, rupiah__gte=0)
                & (models.Q(grams__gt=0) | models.Q(rupiah__gt=0)),
                name="bank_line_something",
            ),
            models.CheckConstraint(
                condition=models.Q(grams=0, waste__isnull=True) | models.Q(grams__gt=0, waste__isnull=False),
                name="bank_line_grams_of_a_kind",
            ),
            AppendOnly(name="bank_line_append_only"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["from_account", "id"], name="bank_line_from"),
            models.Index(fields=["to_account", "id"], name="bank_line_to"),
        ]

    def __str__(self) -> str:
        return f"{self.from_account_id} > {self.to_account_id}"


class Standing(models.Model):
    """The sums of one account for one kind (or for money alone): what entered less what left. Made of the lines, and provable from them."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "a copy: as long as its account"

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="standings")
    waste = models.ForeignKey(Waste, null=True, on_delete=models.PROTECT, related_name="+")
    rupiah = models.BigIntegerField(default=0)
    grams = models.BigIntegerField(default=0)
    lines = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "account",
                "waste",
                condition=models.Q(waste__isnull=False),
                name="bank_standing_kind_once",
            ),
            models.UniqueConstraint(
                "account", condition=models.Q(waste__isnull=True), name="bank_standing_money_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}"


class ReversalAsk(Recorded):
    """Somebody asks to reverse a posting above the limit; a second person agrees or declines."""

    personal_data: ClassVar[dict[str, str]] = {"recorded_by": "personal", "decided_by": "personal"}
    retention: ClassVar[str] = "for ever: who agreed to a correction"

    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="asks")
    why = models.CharField(max_length=300)
    state = models.CharField(max_length=8, default="open")  # open, agreed, declined
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=150, blank=True)
    decided_user_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)
    decided_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "agreed", "declined"]), name="bank_ask_state"
            ),
            models.UniqueConstraint("posting", condition=models.Q(state="open"), name="bank_ask_open_once"),
        ]

    def __str__(self) -> str:
        return f"{self.posting_id} {self.state}"
