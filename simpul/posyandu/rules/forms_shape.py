"""What the sheets of a posyandu ask: the shape of a form and of its fields, and how the shipped catalogue becomes one.

A form is data (``catalogue/forms``): 13 sheets (``data_A`` to ``data_D``, ``card_A`` to ``card_D``, ``recap_A`` to ``recap_D``,
``card_lansia``) and the checklists of visits at home (``visit_0``, the family sheet, to ``visit_8``). Source: KMK
HK.01.07/MENKES/2015/2023 and the sheets made after it. A sheet that changes gets a new version beside the old one: what was
written down keeps the version it was written on.

Values are kept in whole numbers of the smallest unit: weights in grams, lengths in millimetres, haemoglobin in g/l, temperature in
tenths of a degree. ``Field.factor`` is how many of these one written unit has (kilograms: 1000, centimetres: 10).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

WHOLE, DECIMAL, YES_NO, CHOICE, MANY, DATE, TEXT = (
    "whole",
    "decimal",
    "yesno",
    "choice",
    "many",
    "date",
    "text",
)
POINTS = "points"
"""A choice that counts: the value is the number of its option's code."""
COMPUTED = "computed"
"""A column of the sheet that is worked out (age, class, score) and never typed here."""
TYPES = frozenset((WHOLE, DECIMAL, YES_NO, CHOICE, MANY, POINTS, DATE, TEXT, COMPUTED))

CODES = (
    *(f"{sheet}_{form}" for sheet in ("data", "card", "recap") for form in "ABCD"),
    "card_lansia",
    *(f"visit_{number}" for number in range(9)),
)


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that can be chosen."""

    code: str
    label: str
    label_en: str

    def called(self, language: str) -> str:
        """Its words."""
        return self.label_en if language == "en" else self.label


@dataclass(frozen=True, slots=True)
class Band:
    """What is usual and what is possible between two ages (completed months, both included) for one sex or both."""

    least: int
    most: int
    impossible_least: int
    impossible_most: int
    from_months: int = 0
    until_months: int = 9999
    sex: str = ""


_UNITS_EN = {"tahun": "years", "bulan": "months", "minggu": "weeks", "hari": "days"}


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a sheet. Limits are in kept units; ``only_sex`` and the months say of whom it is asked."""

    key: str
    label: str
    label_en: str
    type: str
    short: str = ""  # the head of its column on the printed sheet
    unit: str = ""  # as written on paper: kg, cm, mmHg
    factor: int = 1
    step: int = 0  # of the five of a posyandu day, 0 outside
    section: str = ""
    parts: tuple[str, ...] = ()  # tables of the sheet that have this column; empty: all
    options: tuple[Option, ...] = ()
    least: int | None = None
    most: int | None = None
    impossible_least: int | None = None
    impossible_most: int | None = None
    bands: tuple[Band, ...] = ()
    column: str = ""  # of Examination
    danger: bool = False
    rule: str = ""  # computed: the rule (or the column of an entry) whose class stands here, in the words of ``options``
    printed: bool = True  # has a column of its own on the official sheet
    beside: str = ""  # a second number written in the same cell: 120/80
    only_sex: str = ""
    from_months: int | None = None
    until_months: int | None = None
    needed: bool = False
    group: str = ""  # fields that stand on one line of the sheet: date, place and officer of one check
    group_label: str = ""
    group_label_en: str = ""
    length: int = 200
    note: str = ""
    note_en: str = ""

    def called(self, language: str) -> str:
        """Its words."""
        return self.label_en if language == "en" else self.label

    def unit_called(self, language: str) -> str:
        """Its unit in this language; most are signs that are the same in all."""
        return _UNITS_EN.get(self.unit, self.unit) if language == "en" else self.unit

    def group_called(self, language: str) -> str:
        """The words of its line."""
        return self.group_label_en if language == "en" else self.group_label

    @property
    def head(self) -> str:
        """What stands over its column on the official sheet."""
        return self.short or self.label

    def asked(self, sex: str = "", age_months: int | None = None) -> bool:
        """Whether it is asked of somebody of this sex and age; what is not known leaves nothing out."""
        if self.only_sex and sex and sex != self.only_sex:
            return False
        if age_months is None:
            return True
        low = self.from_months is None or age_months >= self.from_months
        return low and (self.until_months is None or age_months <= self.until_months)


@dataclass(frozen=True, slots=True)
class Section:
    """A block of a sheet, with its words."""

    code: str
    title: str
    title_en: str

    def called(self, language: str) -> str:
        """Its words."""
        return self.title_en if language == "en" else self.title


@dataclass(frozen=True, slots=True)
class Form:
    """One sheet in one version. ``head`` is asked once, ``row`` at each examination (a checklist has only rows, one answer each)."""

    code: str
    version: str
    title: str
    title_en: str
    layout: str  # card, list, recap, checklist
    head: tuple[Field, ...]
    row: tuple[Field, ...]
    source: str
    confidence: str  # confirmed, secondary, unconfirmed
    valid_from: date
    lines: int = 12
    parts: tuple[Section, ...] = ()
    sections: tuple[Section, ...] = ()
    signatures: tuple[str, ...] = ()
    columns_named: int = 0  # how many columns the official sheet is known to have; 0 not known

    def called(self, language: str) -> str:
        """Its title."""
        return self.title_en if language == "en" else self.title

    def fields(self) -> tuple[Field, ...]:
        """All fields, the head first."""
        return self.head + self.row

    def field(self, key: str) -> Field | None:
        """The field of this key."""
        return next((one for one in self.fields() if one.key == key), None)

    def columns(self, part: str = "") -> tuple[Field, ...]:
        """The columns of the printed sheet, in order; of one of its tables when it has several."""
        return tuple(one for one in self.row if one.printed and (not part or part in (one.parts or (part,))))

    def asked(self, sex: str = "", age_months: int | None = None, *, part: str = "") -> tuple[Field, ...]:
        """What is typed or ticked for somebody at one examination: nothing that is worked out."""
        return tuple(
            one
            for one in self.row
            if one.type != COMPUTED
            and one.asked(sex, age_months)
            and (not part or part in (one.parts or (part,)))
        )

    def of_step(self, step: int, sex: str = "", age_months: int | None = None) -> tuple[Field, ...]:
        """What one of the five steps of a posyandu day asks."""
        return tuple(one for one in self.asked(sex, age_months) if one.step == step)
