"""Self-help works: moves, half days, what things are worth, and sums that keep the village's own apart from the state's.

Sources: the village budget shows self-help (swadaya) apart from state funds, and labour is counted in HOK, days of work of one person
(Permendesa PDTT on village cash-for-work, secondary); that wages of cash-for-work are at least 30 % of a work's money is secondary, so the
page shows the share and refuses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


STATES: Mapping[str, str] = {
    "planned": _("planned"),
    "running": _("under way"),
    "done": _("finished"),
    "handed_over": _("handed over"),
    "called_off": _("called off"),
}
PATH = ("planned", "running", "done", "handed_over")
MOVES: Mapping[str, tuple[str, ...]] = {
    "start": ("planned",),
    "finish": ("running",),
    "reopen": ("done",),
    "hand_over": ("done",),
    "call_off": ("planned", "running"),
}
"""From which states an act leads on. What was done is written down in every state but a called-off one: facts come late."""

SOURCES: Mapping[str, str] = {
    "swadaya": _("residents (swadaya)"),
    "company": _("companies and others"),
    "state": _("state funds (APBN, APBD, village fund)"),
}
STAGES: Mapping[str, str] = {"before": _("before"), "during": _("during the work"), "after": _("after")}
WAGE_SHARE = 30
"""Percent of a work's money that cash-for-work pays as wages at least (secondary)."""
MOST_HALF_DAYS = 4


def quantity(given: object) -> Decimal | None:
    """An amount above nought with two digits after the comma at most; None for anything else."""
    try:
        found = Decimal(str(given).strip())
    except InvalidOperation:
        return None
    if not found.is_finite() or found <= 0 or found >= 10**8:
        return None
    exponent = found.normalize().as_tuple().exponent
    return found if isinstance(exponent, int) and exponent >= -2 else None


def value_of(amount: Decimal, unit_price: int) -> int:
    """Whole rupiah, rounded once and half up: ``Decimal("2.5")`` at 65,001 is 162,503."""
    return int((amount * unit_price).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def hok(half_days: int) -> str:
    """Days of work from half days, in words: 25 -> "12,5"; 24 -> "12"."""
    whole, rest = divmod(half_days, 2)
    return f"{whole:,}".replace(",", ".") + (",5" if rest else "")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a work's book: what it is, whose, its value in rupiah (labour: wages), its half days."""

    what: str  # labour, material, in, out
    source: str = "swadaya"
    value: int = 0
    half_days: int = 0
    people: int = 1


@dataclass(frozen=True, slots=True)
class Sums:
    """What a work took. ``ours`` and ``state`` are never added up into one figure of help."""

    half_days: int = 0
    materials: Mapping[str, int] | None = None  # by source, rupiah
    money_in: Mapping[str, int] | None = None  # by source, rupiah
    spent: int = 0
    wages: int = 0

    @property
    def materials_ours(self) -> int:
        """Materials of residents and companies, rupiah."""
        return sum(value for source, value in (self.materials or {}).items() if source != "state")

    @property
    def money_ours(self) -> int:
        """Cash of residents and companies, rupiah."""
        return sum(value for source, value in (self.money_in or {}).items() if source != "state")

    @property
    def ours(self) -> int:
        """Materials and cash that did not come from the state, rupiah; hours are counted in HOK beside it."""
        return self.materials_ours + self.money_ours

    @property
    def state(self) -> int:
        """Materials and cash of the state, rupiah."""
        return (self.materials or {}).get("state", 0) + (self.money_in or {}).get("state", 0)

    @property
    def left(self) -> int:
        """Cash that is still there, rupiah; below nought when more was spent than came in."""
        return sum((self.money_in or {}).values()) - self.spent

    @property
    def wage_share(self) -> int | None:
        """Wages in percent of what was spent; None when nothing was."""
        return round(100 * self.wages / self.spent) if self.spent else None


def sums(lines: Iterable[Line]) -> Sums:
    """Add a work's book up. The order of the lines does not matter."""
    half_days = spent = wages = 0
    materials: dict[str, int] = {}
    money: dict[str, int] = {}
    for one in lines:
        if one.what == "labour":
            half_days += one.half_days * one.people
            wages += one.value
        elif one.what == "material":
            materials[one.source] = materials.get(one.source, 0) + one.value
        elif one.what == "in":
            money[one.source] = money.get(one.source, 0) + one.value
        else:
            spent += one.value
    return Sums(half_days, materials, money, spent + wages, wages)


def worth(half_days: int, wage: int | None) -> int | None:
    """What gifts of hours would have cost at a day's wage, rupiah; None without a wage in the price list."""
    return None if wage is None else value_of(Decimal(half_days) / 2, wage)


def newest(rates: Iterable[tuple[date, int]], day: date) -> int | None:
    """The price that holds on a day: of the latest list that began before or on it."""
    fitting = [(begins, price) for begins, price in rates if begins <= day]
    return max(fitting)[1] if fitting else None
