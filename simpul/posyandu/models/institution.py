"""A posyandu as an institution, and who works in it.

Sources: Permendagri 13/2024 (a village body with six fields), KMK HK.01.07/MENKES/2015/2023 (at the level of hamlet, RT or RW).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Substr

from simpul.desks.models import Desk, Seat
from simpul.lib.fields import Model
from simpul.people.models import Person
from simpul.regions.models import Hamlet

NORM = 15
"""Cadres a posyandu should have (Permendagri 13/2024, secondary): a gap is reported and never blocks."""


class Posyandu(Model):
    """A health post of a hamlet, RT or RW. Its desk is where its matters are handled and where its cadres have their seats."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever"

    desk = models.ForeignKey(Desk, null=True, on_delete=models.PROTECT, related_name="posyandu")
    region_code = models.CharField(max_length=10)  # its village
    hamlet = models.ForeignKey(Hamlet, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    number = models.CharField(max_length=21, blank=True)  # 11.01.10.2001.001; "" until the ministry gave one
    number_date = models.DateField(null=True)
    fields = models.JSONField(default=list)  # codes of its service fields: six by default, data alone
    norm = models.PositiveSmallIntegerField(default=NORM)
    pilot = models.BooleanField(default=False)
    pilot_since = models.DateField(null=True)
    secretariat = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    schedule = models.JSONField(default=dict)  # {"day": 12} of the month, or {"week": 2, "weekday": 4}
    starts = models.TimeField(null=True)
    founded_date = models.DateField(null=True)
    closed_date = models.DateField(null=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("number", name="posyandu_number_once", condition=~models.Q(number="")),
            models.UniqueConstraint("region_code", "name", name="posyandu_name_once"),
            models.UniqueConstraint(
                Substr("region_code", 1, 6),
                name="posyandu_pilot_once",
                condition=models.Q(pilot=True, closed_date=None),
            ),  # one pilot in each kecamatan
        ]
        indexes: ClassVar = [models.Index(fields=["region_code"], name="posyandu_region")]

    def __str__(self) -> str:
        return self.name


class Cadre(Model):
    """Somebody of the board or a cadre, in one field, for a term. A person who works here with an account has a seat."""

    personal_data: ClassVar[dict[str, str]] = {"name": "personal", "phone": "personal", "sex": "personal"}
    retention: ClassVar[str] = "10 years after the end of the term"

    posyandu = models.ForeignKey(Posyandu, on_delete=models.PROTECT, related_name="cadres")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    seat = models.ForeignKey(Seat, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=150)
    sex = models.CharField(max_length=1, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    position = models.CharField(
        max_length=12, default="cadre"
    )  # chair, secretary, treasurer, field_head, member, cadre
    field = models.CharField(max_length=20, blank=True)  # code of one service field; "" for the board
    since_date = models.DateField()
    until_date = models.DateField(null=True)  # end of the term, as the decree says
    ended_date = models.DateField(null=True)
    ended_why = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["posyandu", "ended_date"], name="cadre_posyandu"),
            models.Index(fields=["seat"], name="cadre_seat"),
        ]

    def __str__(self) -> str:
        return self.name
