"""Rounds of aid: units, holders of goods, and the balance of what came in, went out, was given, came back and was lost.

Source of the duty to account for goods: UU 17/2003 and Permendagri 12/2017 on regional goods (secondary). Quantities are decimals with two
places in the unit of the item. Nothing here knows a clock or a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


UNITS: Mapping[str, str] = {
    "kg": _("kg"),
    "piece": _("piece"),
    "pack": _("pack"),
    "litre": _("litre"),
    "rupiah": _("rupiah"),
    "month": _("month"),
}
"""Units in which goods are counted."""

HOLDERS: Mapping[str, str] = {
    "store": _("store"),
    "trip": _("trip"),
    "device": _("device"),
    "seat": _("officer"),
}
"""In whose hands goods can be."""

MOVES: Mapping[str, str] = {
    "received": _("came in"),
    "allotted": _("handed out"),
    "returned": _("brought back"),
    "lost": _("lost or damaged"),
}
"""What can happen to goods beside being given to a household."""

ZERO = Decimal(0)
_MOST = Decimal("999999999999.99")
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, order=True)
class Holder:
    """In whose hands goods are: the store, or a trip, a device, a seat by its key."""

    kind: str = "store"
    key: str = ""

    @property
    def is_store(self) -> bool:
        """True for the place where the goods of the round lie."""
        return self.kind == "store"


STORE = Holder()


@dataclass(frozen=True, slots=True)
class Moved:
    """One movement: what happened, in whose hands, how much (below zero in a correction)."""

    kind: str
    holder: Holder
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Handed:
    """What a delivery gave away: how much, and every holder it could have come from, the nearest first."""

    quantity: Decimal
    holders: tuple[Holder, ...] = ()


@dataclass(slots=True)
class Account:
    """The goods of one item in one pair of hands."""

    came: Decimal = ZERO  # into these hands: received by the store, allotted to others
    out: Decimal = ZERO  # only of the store: allotted to others
    given: Decimal = ZERO  # to households
    back: Decimal = ZERO  # to the store; in the store's own account what came back to it
    lost: Decimal = ZERO

    def left(self, *, store: bool) -> Decimal:
        """What should be there now. Below zero more went away than came."""
        if store:
            return self.came - self.out + self.back - self.given - self.lost
        return self.came - self.given - self.back - self.lost


@dataclass(frozen=True, slots=True)
class Balance:
    """The goods of one item: in the store and in every other pair of hands."""

    store: Account
    others: Mapping[Holder, Account]

    @property
    def received(self) -> Decimal:
        """All that came in."""
        return self.store.came

    @property
    def allotted(self) -> Decimal:
        """All that was handed out to trips, devices and officers."""
        return self.store.out

    @property
    def given(self) -> Decimal:
        """All that households got."""
        return self.store.given + sum((one.given for one in self.others.values()), ZERO)

    @property
    def lost(self) -> Decimal:
        """All that was lost or damaged."""
        return self.store.lost + sum((one.lost for one in self.others.values()), ZERO)

    @property
    def in_store(self) -> Decimal:
        """What should lie in the store."""
        return self.store.left(store=True)

    @property
    def on_the_way(self) -> Decimal:
        """What should still be in other hands."""
        return sum((one.left(store=False) for one in self.others.values()), ZERO)

    def left_with(self, holder: Holder) -> Decimal:
        """What should be in these hands."""
        if holder.is_store:
            return self.in_store
        found = self.others.get(holder)
        return found.left(store=False) if found else ZERO

    @property
    def differences(self) -> tuple[tuple[Holder, Decimal], ...]:
        """Hands in which goods are missing (below zero) or were not accounted for (above zero); what lies in the store is not one."""
        found = [(one, account.left(store=False)) for one, account in sorted(self.others.items())]
        wrong = [(one, left) for one, left in found if left]
        return (*wrong, *([(STORE, self.in_store)] if self.in_store < 0 else []))

    @property
    def is_even(self) -> bool:
        """True when every other pair of hands is empty and the store gave no more than it had."""
        return not self.differences


def balance(moves: Iterable[Moved], handed: Iterable[Handed]) -> Balance:
    """The balance of one item.

    What a delivery gave counts against the first of its holders who was ever allotted some of it, else against the store: the order in
    which acts arrive makes no difference. Always: received = in store + in other hands + given + lost.
    """
    rows = list(moves)
    store, others = Account(), {one.holder: Account() for one in rows if not one.holder.is_store}
    for one in rows:
        mine = store if one.holder.is_store else others[one.holder]
        if one.kind == "received":
            store.came += one.quantity
        elif one.kind == "allotted":
            mine.came += one.quantity
            store.out += one.quantity
        elif one.kind == "returned":
            mine.back += one.quantity
            store.back += one.quantity
        else:
            mine.lost += one.quantity
    for gift in handed:
        source = next((others[one] for one in gift.holders if one in others), store)
        source.given += gift.quantity
    return Balance(store, others)


def quantity(given: object) -> Decimal | None:
    """A quantity as typed or sent, with at most two places; None when it is none. A comma is a decimal comma, as people write here."""
    if isinstance(given, float | bool) or given is None:
        return None
    typed = str(given).strip().replace(" ", "").replace(",", ".")
    try:
        found = Decimal(typed)
    except InvalidOperation:
        return None
    if not found.is_finite() or abs(found) > _MOST or found != found.quantize(_CENT):
        return None
    return found.quantize(_CENT)


def plain(given: Decimal) -> str:
    """A quantity without needless noughts: "10", "2.5"."""
    found = f"{given.normalize():f}"
    return "0" if found == "-0" else found
