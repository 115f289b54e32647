"""How much two rows agree, value by value, and how sure that makes it that they are one person. Pure.

Model of Fellegi and Sunter (1969): each value's agreement has a level; a level's weight is log2(m / u), where m is how often one
person's two rows agree so, u how often two strangers' rows do. Weights are learned by Splink (``people/catalogue/match_weights.toml``).
Weights alone would merge twins and namesakes, because a family shares its card, house and birth place; ``GUARDS`` say where
no sum of weights may decide, and a person has to look.

The same levels in SQL are in ``match_sql``; tests hold the two together.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler, Levenshtein

from simpul.people.rules.match_record import Name, Record, is_weak_day, without_forty

Levels = dict[str, int]
MISSING = -1

NAME = {"other": 0, "some": 1, "loose": 2, "part": 3, "near": 4, "same_words": 5, "same": 6}
NIK = {
    "other": 0, "head": 1, "two_digits": 2, "one_digit": 3, "area": 4, "neighbour": 5, "forty": 6, "same": 7,
}  # fmt: skip
BIRTH = {"other": 0, "near_year": 1, "rough": 2, "slip": 3, "same_weak": 4, "same": 5}
SEX = {"other": 0, "same": 1}
PLACE = {"other": 0, "near": 1, "same": 2}
HOME = {"other": 0, "regency": 1, "district": 2, "village": 3, "address": 4, "kk_digit": 5, "kk": 6}
COMPARED: dict[str, dict[str, int]] = {
    "name": NAME, "nik": NIK, "birth": BIRTH, "sex": SEX, "place": PLACE, "home": HOME,
}  # fmt: skip
TERM_LEVELS = (3, 5, 6)
"""Levels of the name where a rare name says more than a common one."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What was learned: m and u of each level, and how common names are."""

    m: Mapping[str, Mapping[str, float]]
    u: Mapping[str, Mapping[str, float]]
    words: Mapping[str, float]
    unknown_word: float = 1e-4
    rarest: float = 2e-6
    commonest: float = 0.05

    def weight(self, compared: str, level: int) -> float:
        """log2(m / u) of a level; nothing for a value that is missing."""
        if level == MISSING:
            return 0.0
        name = _NAMES[compared][level]
        return math.log2(self.m[compared][name] / self.u[compared][name])

    def frequency(self, name: Name) -> float:
        """How often a stranger bears this name: its words' shares multiplied, within bounds."""
        return share_of(self, name.core)

    def term(self, level: int, share: float) -> float:
        """The correction for how common the shared name is."""
        if level not in TERM_LEVELS:
            return 0.0
        return math.log2(self.u["name"][_NAMES["name"][level]] / min(max(share, self.rarest), self.commonest))


def share_of(weights: Weights, core: Sequence[str]) -> float:
    """How often a stranger bears a name of these words: their shares multiplied, within bounds."""
    share = math.prod(weights.words.get(word, weights.unknown_word) for word in core) * len(core)
    return min(max(share, weights.rarest), weights.commonest)


_NAMES = {compared: {level: name for name, level in levels.items()} for compared, levels in COMPARED.items()}


def level_name(compared: str, level: int) -> str:
    """The word for a level, as the weights' file names it."""
    return "missing" if level == MISSING else _NAMES[compared][level]


# --- levels ---------------------------------------------------------------------------------------------------------


def slips(one: str, other: str) -> int:
    """How many signs were mistyped: 0, 1 (also two that changed places), 2, or 3 for more."""
    if one == other:
        return 0
    if Levenshtein.distance(one, other, score_cutoff=2) > 2:
        return 3
    return 1 if DamerauLevenshtein.distance(one, other, score_cutoff=1) <= 1 else 2


def word_likeness(one: str, other: str) -> float:
    """1 equal, 0.95 one slip in a word of five signs or more, 0.9 two slips in eight, 0.88 short for it, 0 otherwise."""
    if one == other:
        return 1.0
    short, long = sorted((one, other), key=len)
    wrong = slips(one, other)
    if len(long) >= 5 and wrong <= 1:
        return 0.95
    if len(short) >= 7 and len(long) >= 8 and wrong <= 2 and one[0] == other[0]:
        return 0.9
    return 0.88 if long.startswith(short) and (len(short) == 1 or len(short) >= 3) else 0.0


def alike(one: Sequence[str], other: Sequence[str]) -> float:
    """The likeness of the worst word of the shorter name, each beside its best in the longer."""
    if len(one) != len(other):
        short, long = sorted((one, other), key=len)
        return _within(short, long)
    return min(_within(one, other), _within(other, one))


def _within(short: Sequence[str], long: Sequence[str]) -> float:
    return min(max(word_likeness(word, against) for against in long) for word in short)


def share_word(one: Sequence[str], other: Sequence[str]) -> bool:
    """True when a word stands in both."""
    return not set(one).isdisjoint(other)


def inside(one: Sequence[str], other: Sequence[str]) -> bool:
    """True when all words of one stand in the other."""
    return set(one) <= set(other) or set(other) <= set(one)


def like(one: str, other: str) -> float:
    """Jaro and Winkler's likeness of two texts, 0 to 1."""
    return JaroWinkler.similarity(one, other)


def name_level(one: Name, other: Name) -> int:
    """How alike two names are, 0 to 6 (``NAME``)."""
    if one.full == other.full:
        return NAME["same"]
    if one.flat == other.flat or one.compact == other.compact:
        return NAME["same_words"]
    agreed = alike(one.core, other.core)
    length = max(len(one.compact), len(other.compact))
    wrong = slips(one.compact, other.compact)
    if (len(one.core) == len(other.core) and agreed >= 0.9) or wrong <= (length >= 6) + (length >= 12):
        return NAME["near"]
    if agreed == 1.0:
        return NAME["part"]
    if agreed >= 0.85 or inside(one.words, other.words):
        return NAME["loose"]
    return NAME["some"] if share_word(one.core, other.core) else NAME["other"]


def nik_level(one: Record, other: Record) -> int:
    """How alike two NIKs are (``NIK``).

    Another low serial on the same day in the same place is a twin's or a neighbour's: no slip. Nor is a day that differs when
    each NIK has its own row's birth date in it.
    """
    if not one.nik or not other.nik:
        return MISSING
    if one.nik == other.nik:
        return NIK["same"]
    first, second = without_forty(one.nik), without_forty(other.nik)
    if first and first == second:
        return NIK["forty"]
    if first and first[:12] == second[:12] and _side_by_side(first[12:], second[12:]):
        return NIK["neighbour"]
    if first and second and first[6:12] != second[6:12] and one.fits and other.fits:
        return NIK["other"]
    if first and first[6:] == second[6:]:
        return NIK["area"]
    wrong = slips(one.nik, other.nik)
    if wrong <= 2:
        return NIK["one_digit"] if wrong <= 1 else NIK["two_digits"]
    return NIK["head"] if first and first[:12] == second[:12] else NIK["other"]


def _side_by_side(one: str, other: str) -> bool:
    """Serials as twins or two neighbours get them: both low, or following each other."""
    return one[:2] == other[:2] == "00" or abs(int(one) - int(other)) == 1


def birth_level(one: Record, other: Record) -> int:
    """How alike two birth dates are (``BIRTH``): 1 January and the like stand for "unknown".

    Of a placeholder only the year is known, so another year there is another person's: a father and his son.
    """
    if one.birth_date is None or other.birth_date is None:
        return MISSING
    weak = is_weak_day(one.birth_date) or is_weak_day(other.birth_date)
    if one.birth_date == other.birth_date:
        return BIRTH["same_weak"] if weak else BIRTH["same"]
    first, second = one.born, other.born
    years = abs(int(first[:4]) - int(second[:4]))
    if weak and years != 100:
        return BIRTH["rough" if years <= 1 else "other"]
    swapped = first[:4] == second[:4] and first[4:6] == second[6:] and first[6:] == second[4:6]
    if swapped or slips(first, second) <= 1 or (years in (1, 100) and first[4:] == second[4:]):
        return BIRTH["slip"]
    return BIRTH["near_year"] if years <= 1 else BIRTH["other"]


def _place_level(one: str, other: str) -> int:
    if not one or not other:
        return MISSING
    if one == other:
        return PLACE["same"]
    return PLACE["near"] if like(one, other) >= 0.9 else PLACE["other"]


def _home_level(one: Record, other: Record) -> int:
    if one.kk and one.kk == other.kk:
        return HOME["kk"]
    if one.kk and other.kk and slips(one.kk, other.kk) <= 1:
        return HOME["kk_digit"]
    if not one.region or not other.region:
        return MISSING
    if one.region == other.region:
        return HOME["address"] if _near_address(one.address, other.address) else HOME["village"]
    if one.region[:6] == other.region[:6]:
        return HOME["district"]
    return HOME["regency"] if one.region[:4] == other.region[:4] else HOME["other"]


def _near_address(one: str, other: str) -> bool:
    return bool(one and other) and like(one, other) >= 0.9


def levels(one: Record, other: Record) -> Levels:
    """Every value's level; the best pair of names counts."""
    found = [name_level(first, second) for first in one.names for second in other.names]
    return {
        "name": max(found, default=MISSING),
        "nik": nik_level(one, other),
        "birth": birth_level(one, other),
        "sex": int(one.sex == other.sex) if one.sex and other.sex else MISSING,
        "place": _place_level(one.birth_place, other.birth_place),
        "home": _home_level(one, other),
    }


# --- guards ---------------------------------------------------------------------------------------------------------

Guard = Mapping[str, tuple[int, ...]]
DOUBT = 0.5
"""No score above this where a guard speaks: a person looks."""
_SAME_NIK = (NIK["same"], NIK["forty"])
_NOT_SAME_NIK = (MISSING, 0, 1, 2, 3, 4, 5)
GUARDS: tuple[Guard, ...] = (
    # Another name, or none, and no equal NIK: nobody is found by house and birth date alone (twins, siblings).
    {"name": (MISSING, 0, 1), "nik": _NOT_SAME_NIK},
    {"name": (0,), "nik": (NIK["forty"],)},
    # Somebody else's NIK: the head's number is often written for the whole family.
    {"name": (0,), "nik": _SAME_NIK, "birth": (MISSING, 0, 1, 2)},
    {"name": (0,), "nik": _SAME_NIK, "home": (0, 1, 2, 3)},
    {"name": (0,), "nik": _SAME_NIK, "sex": (0,)},
    {"name": (1,), "nik": _SAME_NIK, "birth": (0, 1)},
    # Father and son, two sisters: another birth date, and the NIK does not say otherwise.
    {"birth": (0, 1), "nik": (MISSING, 0, 1, 2, 4, 5)},
    {"birth": (0, 1), "nik": (NIK["one_digit"],), "name": (2, 3, 4)},
    # Twins: serial numbers side by side and another name, however near. Namesakes born on one day in one district.
    {"nik": (NIK["neighbour"],), "name": (2, 3, 4)},
    {"nik": (NIK["neighbour"],), "home": (0, 1, 2)},
    {"nik": (NIK["neighbour"],), "birth": (2, 3, 4), "home": (MISSING, 3, 4)},
    # The same day and serial in another place is chance more often than a slip.
    {"nik": (NIK["area"],), "name": (2, 3)},
    {"nik": (NIK["area"],), "home": (MISSING, 0, 1, 2)},
    # Two whole NIKs that differ: only everything else being equal outweighs them.
    {"nik": (0, 1), "name": (MISSING, 0, 1, 2, 3, 4)},
    {"nik": (0, 1), "birth": (MISSING, 0, 1, 2, 3, 4)},
    {"nik": (0, 1), "home": (MISSING, 0, 1, 2)},
    {"nik": (NIK["two_digits"],), "name": (2, 3)},
    {"nik": (NIK["two_digits"],), "home": (0, 1, 2)},
    {"nik": (NIK["two_digits"],), "birth": (MISSING, 2, 3, 4), "home": (MISSING, 0, 1, 2, 3)},
    {"nik": (NIK["one_digit"],), "name": (2, 3), "birth": (MISSING, 2, 3, 4), "home": (MISSING, 0, 1, 2)},
    {"nik": (NIK["one_digit"],), "name": (2, 3), "home": (0, 1, 2)},
    {"nik": (NIK["one_digit"],), "birth": (2, 4), "home": (0, 1, 2)},
    # A man and a woman.
    {"sex": (0,), "name": (0, 1, 2, 3, 4), "nik": (*_NOT_SAME_NIK, NIK["forty"])},
    # No NIK and no day of birth: the name alone is not enough, and a part of a name in one house is a brother's.
    {"nik": (MISSING,), "birth": (MISSING,), "name": (2, 3, 4)},
    {"nik": (MISSING,), "birth": (2, 4), "name": (2, 3, 4), "home": (MISSING, 0, 1, 2, 3)},
    {"nik": (MISSING,), "birth": (MISSING, 2, 4), "home": (MISSING, 0, 1, 2)},
    # A part of a name and a birthday, and nothing says that they live near each other.
    {"nik": (MISSING,), "name": (2,), "home": (MISSING, 0, 1, 2)},
    # No NIK, another day, in one house: brothers and sisters have like names.
    {"nik": (MISSING,), "birth": (3,), "name": (2, 3), "home": (4, 5, 6)},
)
"""Where a pair has all the levels of one of these, weights alone may not decide."""


BARE: Guard = {"nik": (MISSING,), "birth": (MISSING, 2, 4), "home": (MISSING, 0, 1, 2, 3)}
"""No NIK, no day of birth, no house: here a name of one word decides nothing (every village has several called Hasan)."""

BORROWED: Guard = {"name": (0, 1), "nik": _SAME_NIK}
"""The head's NIK written for somebody else of the family; a birth date that was read from that NIK proves nothing."""


def is_guarded(found: Levels) -> bool:
    """True when no sum of weights may call the two one person."""
    return any(_has(found, guard) for guard in GUARDS)


def _has(found: Levels, guard: Guard) -> bool:
    return all(found[compared] in those for compared, those in guard.items())


@dataclass(frozen=True, slots=True)
class Likeness:
    """How sure it is that two rows are one person (0 to 1), and how each value agrees."""

    score: float
    levels: Levels
    guarded: bool = False


def contradicts(likeness: Likeness) -> bool:
    """True when two rows are clearly two persons, whatever a third row says.

    Two names of one person (a given name here, a nickname there) are no contradiction where birth date and house agree.
    """
    found = likeness.levels
    if found["nik"] == NIK["same"]:
        return False
    if likeness.guarded and (
        found["nik"] in (NIK["other"], NIK["head"], NIK["neighbour"]) or found["birth"] in (0, 1)
    ):
        return True
    if found["sex"] == SEX["other"] and found["name"] < NAME["same_words"]:
        return True
    apart = found["birth"] < BIRTH["slip"] or found["home"] < HOME["address"]
    return (found["name"] in (0, 1) and apart) or likeness.score < 1e-4


def is_worth_showing(likeness: Likeness) -> bool:
    """False for somebody with another name and no NIK in common: brothers and neighbours would fill every list."""
    return likeness.levels["name"] >= NAME["loose"] or likeness.levels["nik"] in (
        *_SAME_NIK,
        NIK["one_digit"],
    )


SURE = 0.9
"""From this score on, a list calls two rows one person."""
_SAID = {
    "name": (2, 3, 4, 5, 6), "nik": (0, 2, 3, 4, 5, 6, 7), "birth": (0, 1, 2, 3, 4, 5), "sex": (0,), "place": (2,), "home": (3, 4, 5, 6),
}  # fmt: skip
"""Levels worth telling a person."""


def reasons(likeness: Likeness) -> tuple[str, ...]:
    """What speaks for and against, in codes that the doors put into words: "nik.forty", "birth.rough"."""
    return tuple(
        f"{compared}.{level_name(compared, level)}"
        for compared, level in likeness.levels.items()
        if level in _SAID[compared]
    )


def prior(rows: int) -> float:
    """log2 odds that two rows drawn from so many are one person; small lists are taken for parts of a larger one."""
    return math.log2(0.5 / max(rows, 3000))


def compare(
    one: Record,
    other: Record,
    weights: Weights,
    *,
    rows: int,
    frequency: Callable[[Name], float] | None = None,
) -> Likeness:
    """How sure it is that two rows are one person, among ``rows`` rows. Symmetric."""
    found = levels(one, other)
    total = prior(rows) + sum(weights.weight(compared, level) for compared, level in found.items())
    share = frequency or weights.frequency
    pairs = [
        (first, second)
        for first in one.names
        for second in other.names
        if name_level(first, second) == found["name"]
    ]
    shares = [max(share(first), share(second)) for first, second in pairs]
    total += weights.term(found["name"], min(shares)) if shares else 0.0
    sure = 1 / (1 + 2 ** -max(min(total, 60.0), -60.0))
    one_word = all(1 in (len(first.core), len(second.core)) for first, second in pairs)
    read = one.inside or other.inside
    guarded = is_guarded(found) or (one_word and _has(found, BARE)) or (read and _has(found, BORROWED))
    return Likeness(min(sure, DOUBT) if guarded else sure, found, guarded)
