"""What a posyandu has: kits, facilities, education media, uniforms. Movements only grow; a balance is never below nothing."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.lib.append_only import AppendOnly
from simpul.lib.fields import Model
from simpul.posyandu.models.institution import Cadre, Posyandu


class StockItem(Model):
    """One kind of goods of a posyandu and how many there are: usable here, broken here, with cadres. The sums of its movements."""

    personal_data: ClassVar[dict[str, str]] = {}
    retention: ClassVar[str] = "for ever"

    posyandu = models.ForeignKey(Posyandu, on_delete=models.PROTECT, related_name="stock")
    code = models.CharField(max_length=30, blank=True)  # of catalogue/kits.toml; "" for one of their own
    name = models.CharField(max_length=100)
    group = models.CharField(max_length=10)  # kit, facility, media, uniform, other
    unit = models.CharField(max_length=20)
    used_up = models.BooleanField(default=False)  # handed out, it does not come back
    good = models.PositiveIntegerField(default=0)
    broken = models.PositiveIntegerField(default=0)
    out = models.PositiveIntegerField(default=0)  # with cadres
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "posyandu", "code", name="posyandu_item_code_once", condition=~models.Q(code="")
            ),
            models.UniqueConstraint("posyandu", "name", name="posyandu_item_name_once"),
            models.CheckConstraint(
                condition=models.Q(good__gte=0, broken__gte=0, out__gte=0), name="posyandu_item_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StockMove(Model):
    """Something came, went, broke, was mended, was counted: what changed of the three balances. Never changed, never deleted."""

    personal_data: ClassVar[dict[str, str]] = {"recorded_by": "personal"}
    retention: ClassVar[str] = "for ever: public goods"

    item = models.ForeignKey(StockItem, on_delete=models.PROTECT, related_name="moves")
    kind = models.CharField(max_length=10)  # rules.stock.MOVES
    number = models.PositiveIntegerField()
    good = models.IntegerField(default=0)
    broken = models.IntegerField(default=0)
    out = models.IntegerField(default=0)
    done_date = models.DateField()
    cadre = models.ForeignKey(Cadre, null=True, on_delete=models.PROTECT, related_name="goods")
    whom = models.CharField(max_length=100, blank=True)  # from which office it came, where it went
    words = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints: ClassVar = [AppendOnly(name="posyandu_stock_append_only")]
        indexes: ClassVar = [
            models.Index(fields=["item", "-done_date"], name="posyandu_move_item"),
            models.Index(fields=["cadre", "item"], name="posyandu_move_cadre"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
