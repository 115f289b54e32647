"""The institution, desks, seats, delegations, service hours, personal links."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import ClassVar

from django.conf import settings
from django.db import models

from simpul.lib import areas
from simpul.lib.fields import Model


class Institution(models.Model):
    """Who runs this installation: one row. Its name, emblem and colour are what residents see."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever"

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    name = models.CharField(max_length=150)
    short_name = models.CharField(max_length=40)
    service_name = models.CharField(max_length=80, default="Simpul")
    region_code = models.CharField(max_length=10)
    brand = models.CharField(max_length=7, default="#0b4f6c")
    emblem_sha256 = models.CharField(max_length=64, blank=True)
    emblem_mime = models.CharField(max_length=40, blank=True)
    number_prefix = models.CharField(max_length=4, default="SPL")
    phone = models.CharField(max_length=40, blank=True)
    whatsapp = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    address = models.TextField(blank=True)
    opening_words = models.TextField(blank=True)
    protection_officer = models.CharField(max_length=200, blank=True)
    ombudsman = models.CharField(max_length=200, blank=True)
    quiet_from = models.TimeField(default=time(20, 0))
    quiet_to = models.TimeField(default=time(7, 0))
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="institution_one_row")]

    def __str__(self) -> str:
        return self.name

    @property
    def tagline(self) -> str:
        """The line under the name on public pages."""
        return self.service_name

    @property
    def dpo_contact(self) -> str:
        """Whom residents ask about their personal data."""
        return self.protection_officer

    @property
    def brand_ink(self) -> str:
        """What is written on the colour: white, because the colour is only taken when white can be read on it."""
        return "#ffffff"

    @property
    def emblem_url(self) -> str:
        """The address of the emblem; it changes with the picture, so a browser may keep it for ever."""
        return f"/lambang/{self.emblem_sha256}" if self.emblem_sha256 else ""


class DeskSet(models.QuerySet["Desk"]):
    """Filters over desks."""

    def open(self) -> DeskSet:
        """Desks that take work."""
        return self.filter(closed_at=None)

    def inside(self, code: str) -> DeskSet:
        """Desks whose own region lies in this one."""
        return self.filter(areas.inside(code)) if code else self


class Desk(Model):
    """A place that matters are handed to: a counter, a working group, an agency, a partner institution, an outside body.

    ``above`` is the desk that silence escalates to. ``level`` orders the tiers of referral.
    An ``outside`` desk has no seats here: the sending desk records what it answers, and two clocks run.
    """

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever"

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=150)
    name_en = models.CharField(max_length=150, blank=True)
    kind = models.CharField(max_length=24)  # see desks.rules.DESK_KINDS
    level = models.CharField(max_length=10)  # village, district, regency, province, national, partner
    region_code = models.CharField(max_length=10)
    above = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="below")
    outside = models.BooleanField(default=False)
    protected = models.BooleanField(default=False)  # may hold sealed matters
    week = models.CharField(max_length=7, default="12345")  # ISO weekdays that are working days
    hop_days = models.PositiveSmallIntegerField(default=3)
    work_days = models.PositiveSmallIntegerField(default=5)
    their_days = models.PositiveSmallIntegerField(default=14)
    needs = models.TextField(blank=True)
    contact = models.TextField(blank=True)
    email = models.EmailField(blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = DeskSet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kind", "region_code"], name="desk_kind_region")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_closed(self) -> bool:
        """True when no new work comes here."""
        return self.closed_at is not None


class ServiceHours(Model):
    """When a desk is open to people; apart from the legal working days that clocks count."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "while the desk exists"

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField()  # ISO 1..7; 8 = holidays
    opens = models.TimeField()
    closes = models.TimeField()  # earlier than ``opens``: over midnight

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens:%H:%M}-{self.closes:%H:%M}"


class SeatSet(models.QuerySet["Seat"]):
    """Filters over seats."""

    def current(self, at: datetime) -> SeatSet:
        """Seats that somebody may sit in at this moment."""
        begun = self.filter(withdrawn_at=None, from_at__lte=at, user__is_active=True)
        return begun.filter(models.Q(until_at=None) | models.Q(until_at__gt=at))


class Seat(Model):
    """A user in a role at a desk, from one moment until another. One person can hold several and switches openly."""

    personal_data: ClassVar[dict[str, str]] = {"user": "personal"}
    retention: ClassVar[str] = "for ever, for the journal"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="seats")
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="seats")
    role = models.CharField(max_length=30)
    title = models.CharField(max_length=100, blank=True)
    areas = models.JSONField(default=list)  # region prefixes; empty: the desk's own region
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = SeatSet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "user", "desk", "role", condition=models.Q(withdrawn_at=None), name="seat_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} at {self.desk_id}"


class DelegationSet(models.QuerySet["Delegation"]):
    """Filters over delegations."""

    def on(self, day: date) -> DelegationSet:
        """Delegations that hold on a day at the desk."""
        return self.filter(ended_at=None, from_date__lte=day, to_date__gte=day)


class Delegation(Model):
    """One seat lends its desk's work to another person, in writing and with dates."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever, for the journal"

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="lent")
    to_seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="borrowed")
    decision = models.CharField(max_length=120)
    from_date = models.DateField()
    to_date = models.DateField()
    ended_at = models.DateTimeField(null=True)

    objects = DelegationSet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(to_date__gte=models.F("from_date")), name="delegation_forward"
            )
        ]

    def __str__(self) -> str:
        return self.decision


class PersonalLink(Model):
    """The link a partner's focal point opens, without an account: a long secret in the address and a PIN told apart."""

    personal_data: ClassVar[dict[str, str]] = {"holder_name": "personal", "holder_contact": "personal"}
    retention: ClassVar[str] = "for ever, for the journal"

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="links")
    holder_name = models.CharField(max_length=150)
    holder_contact = models.CharField(max_length=150, blank=True)
    token_index = models.CharField(max_length=64, unique=True)
    pin_hash = models.CharField(max_length=200)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    last_opened_at = models.DateTimeField(null=True)
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"link of {self.holder_name}"


class Service(Model):
    """One thing a desk does for people: what it needs, how long it takes, what it costs, who may get it.

    Adopted from ``catalogue/services.toml`` or written by the district; ``confidence`` says how sure the row is. A change ends the
    row's promise for new referrals only; referrals keep naming it.
    """

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever"

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="services")
    seed = models.SlugField(max_length=40, blank=True)  # the row of the catalogue it was adopted from
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    sector = models.CharField(max_length=20)  # see desks.rules.SECTORS
    documents = models.JSONField(default=list)  # one line each
    amount = models.PositiveSmallIntegerField(null=True)  # the promise; null: none is known
    unit = models.CharField(max_length=14, blank=True)  # working_days, calendar_days, hours
    time_note = models.CharField(max_length=200, blank=True)
    cost = models.PositiveBigIntegerField(null=True)  # whole rupiah; 0 free; null: not known
    who = models.TextField(blank=True)
    hours = models.CharField(max_length=200, blank=True)  # "": the desk's own hours
    contact = models.CharField(max_length=300, blank=True)
    region_code = models.CharField(max_length=10, blank=True)  # "": the desk's own area
    source = models.CharField(max_length=200, blank=True)
    confidence = models.CharField(max_length=12, default="unconfirmed")
    added_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("desk", "seed", condition=~models.Q(seed=""), name="service_seed_once")
        ]
        indexes: ClassVar = [models.Index(fields=["sector"], name="service_sector")]

    def __str__(self) -> str:
        return self.name
