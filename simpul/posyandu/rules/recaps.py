"""Recaps: what is counted in a month, SKDN and its identity, rates against targets, coverage, the columns of the village's sheet. Pure.

S all under-fives of the month, K those with a growth card, D weighed, N gained, T did not, O not weighed last month, B weighed for the
first time. Each weighed child has exactly one of the four, so D = N + T + O + B (SIP Posyandu, Buku KIA; secondary). A month whose sums do
not hold is shown with what is behind the difference, and cannot be closed.

A count of a month is a flat mapping of figure -> number. Figures of children stand by sex: "d.L", "d.P", "d.?" (sex not known).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Counts = Mapping[str, int]


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


UNDER_FIVE_MONTHS = 60
STATUSES = ("n", "t", "o", "b")
SEXES = ("L", "P", "?")
SKDN = ("s", "k", "d", *STATUSES, "bgm", "two_t")
FORMS = ("A", "B", "C", "D")
PROBLEM_LEVELS = ("alert", "danger")
"""Levels of a judgement that make an entry one "with a problem" on the recap of a form; who is referred has one too."""
LATEST_MONTHS, MOST_MONTHS = 12, 36

SKDN_WORDS: Mapping[str, str] = {
    "s": _("All children under five of this month"),
    "k": _("Have a growth card: weighed at least once, or the card says so"),
    "d": _("Weighed this month, each child once"),
    "n": _("Gained enough"),
    "t": _("Did not gain enough"),
    "o": _("Were not weighed last month"),
    "b": _("Weighed for the first time"),
    "bgm": _("Below the red line"),
    "two_t": _("Twice without gain"),
}
RATES: Mapping[str, tuple[str, str, str]] = {
    "k_s": ("k", "s", _("Coverage: children with a card")),
    "d_k": ("d", "k", _("Continuity: card holders who were weighed")),
    "d_s": ("d", "s", _("Participation: children who were weighed")),
    "n_d": ("n", "d", _("Success: weighed children who gained")),
    "n_s": ("n", "s", _("Success of the programme: all children who gained")),
    "bgm_d": ("bgm", "d", _("Weighed children below the red line")),
}
"""Figure -> counted, of which, what it tells."""
FORM_PARTS: Mapping[str, str] = {
    "open": _("on the list"),
    "came": _("came"),
    "problem": _("with a problem"),
    "refer": _("referred"),
}
OTHER_WORDS: Mapping[str, str] = {
    "new_cards": _("New cards of children"),
    "infants_kms": _("Infants with a growth card"),
    "children_doses": _("Children immunised this month"),
    "vitamin_a": _("Vitamin A given this month"),
    "vitamin_a_due": _("Children of 6 to 59 months"),
    "vitamin_a_had": _("Had vitamin A since February or August"),
    "deworming_due": _("Children of 12 to 59 months"),
    "deworming_had": _("Had deworming medicine this year"),
    "immunised_due": _("Children of 12 to 23 months"),
    "immunised": _("Basic immunisation complete"),
    "mothers": _("Pregnant women on the list"),
    "mothers_seen": _("Pregnant women examined"),
    "mothers_iron": _("Pregnant women given iron tablets"),
    "iron_first": _("Iron tablets for the first time"),
    "iron_again": _("Iron tablets once more"),
    "nursing": _("Mothers after birth examined"),
    "contraception.condom": _("Contraception: condom"),
    "contraception.pill": _("Contraception: pill"),
    "contraception.injection": _("Contraception: injection"),
    "local_food": _("Supplementary food given"),
    "diarrhoea": _("Children with diarrhoea"),
    "thin": _("Children who are light or thin"),
    "stunted": _("Short or very short for their age"),
    "wasted": _("Thin or very thin for their height"),
    "underweight": _("Light or very light for their age"),
    "talks": _("Days with education"),
    "days": _("Posyandu days"),
    "no_status": _("Weighed, but without N, T, O or B"),
    "rivals": _("Entered twice on one day"),
    "no_weight": _("Came, but no weight was written down"),
    "said_other": _("Read in another way than the computer"),
}
"""Figures that are no SKDN, no form and no dose."""
DIFFERENCES: Mapping[str, str] = {
    "no_status": _("weighed, but without N, T, O or B: the birth date is missing or lies after the weighing"),
    "rivals": _("entered twice on one day: choose which entry counts"),
    "no_weight": _("came, but no weight was written down: not counted in D"),
    "said_other": _("the cadre read the curve in another way than the computer"),
}
"""What is worth looking at in a month; the first two keep it from being closed."""
BLOCKING = ("no_status", "rivals")

COVERAGE: Mapping[str, tuple[str, str, str]] = {
    "vitamin_a": (
        "vitamin_a_had",
        "vitamin_a_due",
        _("Vitamin A since February or August: children of 6 to 59 months"),
    ),
    "deworming": ("deworming_had", "deworming_due", _("Deworming this year: children of 12 to 59 months")),
    "iron": ("mothers_iron", "mothers", _("Iron tablets this month: pregnant women")),
    "immunised": (
        "immunised",
        "immunised_due",
        _("Basic immunisation complete: children of 12 to 23 months"),
    ),
}
"""Coverage -> had, due, what it tells."""


# --- months ------------------------------------------------------------------------------------------------------------------


def first_of(day: date) -> date:
    """The first day of a month: the month itself, wherever one is named."""
    return day.replace(day=1)


def back(month: date, months: int) -> date:
    """The month some months before (after, when below nought)."""
    place = month.year * 12 + month.month - 1 - months
    return date(place // 12, place % 12 + 1, 1)


def after(month: date) -> date:
    """The first day that is no longer in the month."""
    return back(month, -1)


def read_month(text: str) -> date | None:
    """ "2026-11" as its first day; None for anything else."""
    year, sep, number = text.strip().partition("-")
    if not (sep and year.isascii() and year.isdigit() and number.isascii() and number.isdigit()):
        return None
    if len(year) != 4 or not 2000 <= int(year) <= 2999 or not 1 <= int(number) <= 12:
        return None
    return date(int(year), int(number), 1)


def written(month: date) -> str:
    """ "2026-11"."""
    return f"{month:%Y-%m}"


def span(month: date, months: int) -> list[date]:
    """Months up to this one, the oldest first."""
    return [back(month, count) for count in range(months - 1, -1, -1)]


def too_old_from(month: date) -> date:
    """Children born on this day or later are under five on the month's first day: they are counted for the whole month."""
    return date(month.year - 5, month.month, 2)


def vitamin_since(month: date) -> date:
    """The first day of the campaign whose vitamin A counts: February or August, whichever began last (KMK HK.01.07/MENKES/2015/2023)."""
    if month.month >= 8:
        return date(month.year, 8, 1)
    return date(month.year, 2, 1) if month.month >= 2 else date(month.year - 1, 8, 1)


def year_since(month: date) -> date:
    """The first day of the year: deworming counts once a year."""
    return date(month.year, 1, 1)


# --- SKDN --------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Skdn:
    """The figures of a month."""

    s: int = 0
    k: int = 0
    d: int = 0
    n: int = 0
    t: int = 0
    o: int = 0
    b: int = 0
    bgm: int = 0
    two_t: int = 0

    @property
    def gap(self) -> int:
        """D - (N + T + O + B): nought when the sums hold."""
        return self.d - (self.n + self.t + self.o + self.b)

    @property
    def holds(self) -> bool:
        """True when D = N + T + O + B."""
        return self.gap == 0


def skdn(counts: Counts, sex: str = "") -> Skdn:
    """SKDN out of the flat figures; with ``sex`` ("L", "P", "?") of these children alone."""
    sexes = (sex,) if sex else SEXES
    return Skdn(**{name: sum(counts.get(f"{name}.{one}", 0) for one in sexes) for name in SKDN})


def together_skdn(many: Iterable[Skdn]) -> Skdn:
    """SKDN of several groups added up."""
    rows = list(many)
    return Skdn(**{name: sum(getattr(one, name) for one in rows) for name in SKDN})


def together(many: Iterable[Counts]) -> Counter[str]:
    """Several counts added up."""
    total: Counter[str] = Counter()
    for one in many:
        total.update(one)
    return total


@dataclass(frozen=True, slots=True)
class Target:
    """What a rate should reach, where that stands, and how sure it is."""

    figure: str
    percent: int
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Rate:
    """One rate: its two numbers; ``permille`` is None when there is nothing to divide by."""

    figure: str
    counted: int
    out_of: int
    words: str
    target: Target | None = None

    @property
    def permille(self) -> int | None:
        """Tenths of a percent, rounded half up."""
        return None if not self.out_of else (2000 * self.counted + self.out_of) // (2 * self.out_of)

    @property
    def reached(self) -> bool | None:
        """Whether the target is met; None without a target or without anybody."""
        if self.target is None or not self.out_of:
            return None
        return self.counted * 100 >= self.target.percent * self.out_of


def rates(found: Skdn, targets: Mapping[str, Target]) -> tuple[Rate, ...]:
    """K/S, D/K, D/S, N/D, N/S and BGM/D."""
    return tuple(
        Rate(key, getattr(found, above), getattr(found, below), words, targets.get(key))
        for key, (above, below, words) in RATES.items()
    )


def coverage(counts: Counts, targets: Mapping[str, Target]) -> tuple[Rate, ...]:
    """Vitamin A, deworming, iron, immunisation."""
    return tuple(
        Rate(key, counts.get(had, 0), counts.get(due, 0), words, targets.get(key))
        for key, (had, due, words) in COVERAGE.items()
    )


def differences(counts: Counts) -> tuple[tuple[str, int, str], ...]:
    """What is worth looking at: kind, how many, in words."""
    return tuple((key, counts[key], words) for key, words in DIFFERENCES.items() if counts.get(key))


def may_close(counts: Counts) -> bool:
    """A month is closed when its sums hold and nothing is left undecided."""
    return skdn(counts).holds and not any(counts.get(key) for key in BLOCKING)


def changed(before: Counts, now: Counts) -> tuple[tuple[str, int, int], ...]:
    """Figures that are not what they were when the month was closed: figure, then, now."""
    keys = sorted(set(before) | set(now))
    return tuple(
        (key, before.get(key, 0), now.get(key, 0)) for key in keys if before.get(key, 0) != now.get(key, 0)
    )


# --- forms A to D ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FormRecap:
    """The official recap of one form: came or not, normal or with a problem, referred or not."""

    form: str
    open: int
    came: int
    problem: int
    referred: int

    @property
    def absent(self) -> int:
        """Cards whose person did not come."""
        return max(0, self.open - self.came)

    @property
    def normal(self) -> int:
        """Who came and had no problem."""
        return self.came - self.problem

    @property
    def kept(self) -> int:
        """Who came and was not referred."""
        return self.came - self.referred


def forms(counts: Counts) -> tuple[FormRecap, ...]:
    """The recap of each form."""
    return tuple(
        FormRecap(form, *(counts.get(f"{form}.{part}", 0) for part in ("open", "came", "problem", "refer")))
        for form in FORMS
    )


# --- what lies in the answers ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Basics:
    """Which doses make a child's basic immunisation complete: each row one dose, any code of it."""

    version: str
    source: str
    confidence: str
    doses: tuple[frozenset[str], ...]

    def complete(self, had: Iterable[str]) -> bool:
        """True when every dose was given under one of its codes."""
        codes = set(had)
        return bool(self.doses) and all(codes & dose for dose in self.doses)


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers of one entry of the month that figures are made of."""

    person: Any
    form: str
    age_months: int | None
    pregnant: bool
    nursing: bool
    thin: bool
    had_iron: bool  # before this month
    values: Mapping[str, Any] = field(default_factory=dict)


ILL = ("diarrhoea", "diare", "mencret")
METHODS: Mapping[str, tuple[str, ...]] = {
    "condom": ("condom", "kondom"),
    "pill": ("pill", "pil"),
    "injection": ("injection", "suntik"),
}


AFTER_BIRTH = ("breastfeeding", "vitamin_a_given", "vitamin_a_taken")
"""Answers of the part of card A that is about mothers after birth."""


def is_after_birth(details: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """True when the head of a card A has the day of birth, or the entry answers what is asked after birth."""
    return bool(details.get("delivered_date")) or any(key in values for key in AFTER_BIRTH)


def answered(rows: Iterable[Answers]) -> Counter[str]:
    """Figures out of answers. A person who came twice in the month counts once in each figure; doses count each."""
    seen: dict[str, set[Any]] = {}
    found: Counter[str] = Counter()
    for row in rows:
        for key in _figures(row):
            seen.setdefault(key, set()).add(row.person)
        for code in set(_codes(row.values.get("vaccines"))):
            found[f"dose.{code}"] += 1
    found.update({key: len(persons) for key, persons in seen.items()})
    return found


def _figures(row: Answers) -> list[str]:
    values, keys = row.values, []
    if row.form == "B":
        young = row.age_months is None or row.age_months < UNDER_FIVE_MONTHS
        keys += ["vitamin_a"] * (values.get("vitamin_a") is True)
        keys += ["local_food"] * (values.get("local_food") is True)
        keys += ["children_doses"] * (young and bool(_codes(values.get("vaccines"))))
        keys += ["thin"] * (young and row.thin)
        if ill(values.get("illness")):
            keys += ["diarrhoea"]
    if row.form == "A":
        keys += ["mothers_seen"] * row.pregnant + ["nursing"] * row.nursing
        if row.pregnant and given(values.get("iron_given")):
            keys += ["mothers_iron", "iron_again" if row.had_iron else "iron_first"]
    method = str(values.get("contraception") or "").casefold()
    keys += [f"contraception.{name}" for name, words in METHODS.items() if method in words]
    return keys


def ill(told: Any) -> bool:
    """True when the signs of illness that were written down name diarrhoea."""
    words = " ".join(map(str, told)) if isinstance(told, list) else str(told or "")
    return any(word in words.casefold() for word in ILL)


def _codes(given: Any) -> list[str]:
    return [str(code) for code in given] if isinstance(given, list) else []


def given(value: Any) -> bool:
    """True when an answer says that something was given: yes, or how many."""
    return value is True or (isinstance(value, int) and value > 0)
