"""What the sheets of a posyandu ask: the shape of a form and of its fields, and how the shipped catalogue becomes one.

A form is data (``catalogue/forms``): 13 sheets (``data_A`` to ``data_D``, ``card_A`` to ``card_D``, ``recap_A`` to ``recap_D``,
``card_lansia``) and the checklists of visits at home (``visit_0``, the family sheet, to ``visit_8``). Source: KMK
HK.01.07/MENKES/2015/2023 and the sheets made after it. A sheet that changes gets a new version beside the old one: what was
written down keeps the version it was written on.

Values are kept in whole numbers of the smallest unit: weights in grams, lengths in millimetres, haemoglobin in g/l, temperature in
tenths of a degree. ``Field.factor`` is how many of these one written unit has (kilograms: 1000, centimetres: 10).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

WHOLE, DECIMAL, YES_NO, CHOICE, MANY, DATE, TEXT = (
    "whole",
    "decimal",
    "yesno",
    "choice",
    "many",
    "date",
    "text",
)
COMPUTED = "computed"
"""A column of the sheet that is worked out (age, class, score) and never typed here."""
TYPES = frozenset((WHOLE, DECIMAL, YES_NO, CHOICE, MANY, DATE, TEXT, COMPUTED))

CODES = (
    *(f"{sheet}_{form}" for sheet in ("data", "card", "recap") for form in "ABCD"),
    "card_lansia",
    *(f"visit_{number}" for number in range(9)),
)


class FormUnsound(ValueError):  # noqa: N818 - a fault of the program's own files
    """A row of the shipped catalogue of forms is wrong; the message names it."""


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
    printed: bool = True  # has a column of its own on the official sheet
    beside: str = ""  # a second number written in the same cell: 120/80
    only_sex: str = ""
    from_months: int | None = None
    until_months: int | None = None
    needed: bool = False
    repeats: int = 0  # lines of a small table on the sheet; 0: one answer
    length: int = 200
    note: str = ""
    note_en: str = ""

    def called(self, language: str) -> str:
        """Its words."""
        return self.label_en if language == "en" else self.label

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


def read_fields(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, Field]:
    """The shared fields by key. Raises ``FormUnsound``."""
    return {key: _field(key, dict(row)) for key, row in rows.items()}


def read_form(given: Mapping[str, Any], shared: Mapping[str, Field], version: Mapping[str, Any]) -> Form:
    """One version of a form. A row of fields is a key of ``shared``, a list of keys, or a table with the key and what differs.

    Raises:
        FormUnsound: a key is unknown or given twice, or words are missing.
    """
    made = Form(
        code=given["code"],
        version=version["version"],
        title=given["title"],
        title_en=given["title_en"],
        layout=given["layout"],
        head=_fields(version.get("head", given.get("head", ())), shared, given["code"]),
        row=_fields(version.get("row", given.get("row", ())), shared, given["code"]),
        source=version["source"],
        confidence=version["confidence"],
        valid_from=version["valid_from"],
        lines=given.get("lines", 12),
        parts=tuple(Section(*one) for one in given.get("parts", ())),
        sections=tuple(Section(*one) for one in given.get("sections", ())),
        signatures=tuple(given.get("signatures", ())),
        columns_named=version.get("columns_named", 0),
    )
    _check(made)
    return made


def _fields(rows: Iterable[Any], shared: Mapping[str, Field], form: str) -> tuple[Field, ...]:
    found: list[Field] = []
    for row in rows:
        given = {"key": row} if isinstance(row, str) else dict(row)
        key = given.pop("key")
        if "label" in given and "type" in given:
            found.append(_field(key, given))
        elif (like := given.pop("like", key)) in shared:
            found.append(_changed(replace(shared[like], key=key), given))
        else:
            raise FormUnsound(f"{form}: {key} is no shared field and has no label and type")
    return tuple(found)


def _field(key: str, row: dict[str, Any]) -> Field:
    try:
        start = Field(key=key, label=row.pop("label"), label_en=row.pop("label_en"), type=row.pop("type"))
    except KeyError as missing:
        raise FormUnsound(f"{key}: {missing} is missing") from missing
    return _changed(start, row)


def _changed(field: Field, row: Mapping[str, Any]) -> Field:
    given = dict(row)
    if "options" in given:
        given["options"] = tuple(Option(*one) for one in given["options"])
    if "bands" in given:
        given["bands"] = tuple(Band(**one) for one in given["bands"])
    if "parts" in given:
        given["parts"] = tuple(given["parts"])
    try:
        return replace(field, **given)
    except TypeError as fault:
        raise FormUnsound(f"{field.key}: {fault}") from fault


def _check(form: Form) -> None:
    for group in (form.head, form.row):
        keys = [one.key for one in group]
        if len(keys) != len(set(keys)):
            raise FormUnsound(f"{form.code}: {sorted(one for one in keys if keys.count(one) > 1)} twice")
    for one in form.fields():
        if one.type not in TYPES or not (one.label and one.label_en):
            raise FormUnsound(f"{form.code}: {one.key} has no type or no words")
        if one.type in (CHOICE, MANY) and not one.options:
            raise FormUnsound(f"{form.code}: {one.key} has nothing to choose from")
