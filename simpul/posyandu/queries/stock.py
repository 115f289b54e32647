"""Goods of a posyandu: what is there, what is missing to the norm, who has what, and every movement."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.db.models import Sum

from simpul.posyandu.models import Cadre, Posyandu, StockItem, StockMove
from simpul.posyandu.rules import stock as rules

_FILE = Path(__file__).resolve().parents[1] / "catalogue" / "kits.toml"
MOVES = 100


@dataclass(frozen=True, slots=True)
class Kit:
    """One kind of goods of the catalogue, with how many a posyandu (or each of its people) should have."""

    code: str
    group: str
    name: str
    name_en: str
    unit: str
    norm: int = 0
    per_cadre: int = 0
    used_up: bool = False

    def label(self, language: str) -> str:
        """Its name in this language."""
        return self.name_en if language == "en" else self.name


@lru_cache(maxsize=1)
def kits() -> dict[str, Kit]:
    """The catalogue by code, in its order."""
    rows = tomllib.loads(_FILE.read_text(encoding="utf-8"))["items"]
    return {one["code"]: Kit(**one) for one in rows}


@lru_cache(maxsize=1)
def is_confirmed() -> bool:
    """True when the norm is the ministry's own."""
    return bool(tomllib.loads(_FILE.read_text(encoding="utf-8"))["confirmed"])


def balance(item: StockItem) -> rules.Balance:
    """The three balances of a row."""
    return rules.Balance(item.good, item.broken, item.out)


@dataclass(frozen=True, slots=True)
class Shelf:
    """One kind of goods as the page shows it; ``item`` is None while nothing of it ever came."""

    kit: Kit | None
    item: StockItem | None
    balance: rules.Balance
    wanted: rules.Wanted


def shelves(posyandu: Posyandu, cadres: int) -> list[Shelf]:
    """Everything the posyandu has or should have, in the order of the catalogue, then its own goods by name. One query."""
    rows = list(posyandu.stock.order_by("name"))
    by_code = {one.code: one for one in rows if one.code}
    found = [_shelf(kit, by_code.get(code), cadres) for code, kit in kits().items()]
    return found + [_shelf(None, one, cadres) for one in rows if one.code not in kits()]


def _shelf(kit: Kit | None, item: StockItem | None, cadres: int) -> Shelf:
    there = balance(item) if item is not None else rules.Balance()
    norm, each = (kit.norm, kit.per_cadre) if kit else (0, 0)
    return Shelf(kit, item, there, rules.wanted(norm, each, cadres, there))


def missing(shelves_: Iterable[Shelf]) -> list[Shelf]:
    """What is missing to the norm."""
    return [one for one in shelves_ if one.wanted.missing]


def moves(item: StockItem) -> list[StockMove]:
    """The movements of one kind of goods, the latest first."""
    rows = item.moves.select_related("cadre")
    return list(rows.order_by("-done_date", "-recorded_at", "-id")[:MOVES])


@dataclass(frozen=True, slots=True)
class Held:
    """What a cadre has of one kind of goods."""

    item: StockItem
    cadre: Cadre
    number: int


def held(posyandu: Posyandu, cadre: Cadre | None = None) -> list[Held]:
    """What people of the posyandu have and have not brought back, by name."""
    rows = StockMove.objects.filter(item__posyandu=posyandu, cadre__isnull=False)
    if cadre is not None:
        rows = rows.filter(cadre=cadre)
    sums = rows.order_by().values("item", "cadre").annotate(number=Sum("out"))
    left = [(one["item"], one["cadre"], one["number"]) for one in sums if one["number"] > 0]
    items = StockItem.objects.in_bulk({item for item, _cadre, _number in left})
    people = Cadre.objects.in_bulk({one for _item, one, _number in left})
    found = [Held(items[item], people[one], number) for item, one, number in left]
    return sorted(found, key=lambda one: (one.cadre.name, one.item.name))


def held_of(item: StockItem, cadre: Cadre | None) -> int:
    """How many of these goods a cadre has; without a cadre, how many are out in nobody's name."""
    return item.moves.filter(cadre=cadre).aggregate(number=Sum("out"))["number"] or 0
