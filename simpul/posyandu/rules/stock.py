"""Goods of a posyandu: three balances (usable here, broken here, with cadres), none of them ever below nothing. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from simpul.lib.errors import Refused

MOST = 100_000


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


MOVES: Mapping[str, str] = {
    "receive": _("received"),
    "issue": _("given out"),
    "return": _("brought back"),
    "break": _("broken"),
    "mend": _("mended"),
    "write_off": _("written off"),
    "count": _("counted"),
}
GROUPS: Mapping[str, str] = {
    "kit": _("Health equipment"),
    "facility": _("Facilities"),
    "media": _("Education media"),
    "uniform": _("Uniforms and logo"),
    "other": _("Other goods"),
}
PLACES: Mapping[str, str] = {
    "broken": _("broken ones"),
    "good": _("usable ones"),
    "out": _("lost by the one who had them"),
}
"""From which balance something is written off."""


class NumberWrong(Refused):
    """A movement moves something."""

    code = "stock.number_wrong"
    sentence = _("Write how many, from 1 to 100000.")
    field = "number"


class NotEnough(Refused):
    """No balance falls below nothing."""

    code = "stock.not_enough"
    sentence = _(
        "Only %(have)s are there by the book. Write down first what came in, or count the goods if the book is wrong."
    )
    field = "number"


@dataclass(frozen=True, slots=True)
class Balance:
    """How many are usable here, broken here, and with cadres."""

    good: int = 0
    broken: int = 0
    out: int = 0

    @property
    def total(self) -> int:
        """All that the posyandu answers for."""
        return self.good + self.broken + self.out


@dataclass(frozen=True, slots=True)
class Change:
    """What a movement adds to each balance; the sum of all changes is the balance."""

    good: int = 0
    broken: int = 0
    out: int = 0


def change(
    kind: str, number: int, *, used_up: bool = False, place: str = "broken", whole: bool = True
) -> Change:
    """What a movement of ``number`` pieces changes. ``used_up`` goods that are handed out are gone. ``place``: from where something is
    written off; ``whole``: whether what is brought back is usable.

    Raises:
        NumberWrong: nothing is moved, or too much.
        KeyError: no such movement (a fault in the program).
    """
    if not 1 <= number <= MOST:
        raise NumberWrong
    n = number
    table = {
        "receive": Change(good=n),
        "issue": Change(good=-n, out=0 if used_up else n),
        "return": Change(out=-n, good=n if whole else 0, broken=0 if whole else n),
        "break": Change(good=-n, broken=n),
        "mend": Change(good=n, broken=-n),
        "write_off": {"good": Change(good=-n), "broken": Change(broken=-n), "out": Change(out=-n)}[place],
    }
    return table[kind]


def counted(balance: Balance, good: int, broken: int) -> Change:
    """What a count of the goods here corrects. What is with cadres is not here to be counted.

    Raises:
        NumberWrong: a number that cannot be.
    """
    if not (0 <= good <= MOST and 0 <= broken <= MOST):
        raise NumberWrong
    return Change(good=good - balance.good, broken=broken - balance.broken)


def after(balance: Balance, made: Change) -> Balance:
    """The balance after a change.

    Raises:
        NotEnough: one of the three would fall below nothing.
    """
    new = Balance(balance.good + made.good, balance.broken + made.broken, balance.out + made.out)
    for name in ("good", "broken", "out"):
        if getattr(new, name) < 0:
            raise NotEnough(have=getattr(balance, name))
    return new


def total(changes: Iterable[Change]) -> Balance:
    """The sum of changes."""
    found = list(changes)
    return Balance(
        sum(one.good for one in found), sum(one.broken for one in found), sum(one.out for one in found)
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many of a kind should be there and how many are (usable here or with cadres; a broken one does not count)."""

    norm: int
    have: int

    @property
    def missing(self) -> int:
        """How many are missing to the norm."""
        return max(0, self.norm - self.have)


def wanted(norm: int, per_cadre: int, cadres: int, balance: Balance) -> Wanted:
    """The norm of a posyandu with so many people against what it has."""
    return Wanted(norm + per_cadre * cadres, balance.good + balance.out)
