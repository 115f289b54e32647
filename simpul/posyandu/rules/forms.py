"""What was typed on a sheet becomes values: comma decimals and written units are read, what looks wrong becomes a question.

Nothing is ever put right in silence. A value outside what is usual is a question with a proposal where there is one ("12000 kg: 12,0?");
who is sure says so, and the value stays as it was typed with a flag. A value that cannot be (a person of 12 000 kg) stays a question
until it is changed. What cannot be read at all is a fault. ``written`` gives a value back as it would be typed, so that reading what
was written gives the same values.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as blank
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from simpul.posyandu.rules.forms_shape import (
    CHOICE,
    CODES,
    COMPUTED,
    DATE,
    DECIMAL,
    MANY,
    POINTS,
    TEXT,
    TYPES,
    WHOLE,
    YES_NO,
    Band,
    Field,
    Form,
    Option,
    Section,
)

__all__ = [
    "CHOICE",
    "CODES",
    "COMPUTED",
    "DATE",
    "DECIMAL",
    "MANY",
    "POINTS",
    "TEXT",
    "TYPES",
    "WHOLE",
    "YES_NO",
    "Band",
    "Fault",
    "Field",
    "Form",
    "Option",
    "Question",
    "Read",
    "Section",
    "limits",
    "read",
    "shown",
    "value_of",
    "written",
]


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


LONG_AGO = 200
"""Days after which a weight is no longer compared with the last one."""
ROUNDING = 7
"""Millimetres a child is shorter standing than lying (WHO): no question for that."""
ADULT_MONTHS = 228
_YES = frozenset(("ya", "y", "yes", "1", "true", "on", "v", "✓", "✔"))
_NO = frozenset(("tidak", "t", "tdk", "no", "n", "0", "false", "-"))
_UNITS = {
    "kg": {"kg": 1000, "g": 1, "gr": 1, "gram": 1},
    "cm": {"cm": 10, "mm": 1, "m": 1000},
    "mmHg": {"mmhg": 1},
    "mg/dl": {"mg/dl": 1},
    "g/dl": {"g/dl": 10},
    "°C": {"°c": 10, "c": 10},
}
_SHIFTS = (Decimal("0.001"), Decimal(1000), Decimal("0.1"), Decimal(10), Decimal(100), Decimal("0.01"))
_NUMBER = re.compile(r"(\d{1,9})(?:[.,](\d{0,9}))?\s*([^\d\s.,][^\d]{0,6})?", re.ASCII)
_LOCAL_DATE = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Question:
    """Something to be asked before a value is taken. ``must``: it cannot be, being sure does not help."""

    code: str  # unit, unusual, shorter, jump, swapped, not_asked
    field: str
    words: str
    facts: Mapping[str, str] = blank(default_factory=dict)
    suggestion: str = ""
    must: bool = False

    @property
    def token(self) -> str:
        """What ``sure`` holds once somebody has said that it is so."""
        return f"{self.code}.{self.field}"


@dataclass(frozen=True, slots=True)
class Fault:
    """What was typed could not be read."""

    code: str  # number, whole, fine, metres, yesno, choice, date, long, twice, needed
    field: str
    words: str
    facts: Mapping[str, str] = blank(default_factory=dict)
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """What a sheet's line says. ``flags`` are the questions that somebody was sure about."""

    values: dict[str, Any]
    columns: dict[str, Any]
    questions: tuple[Question, ...] = ()
    faults: tuple[Fault, ...] = ()
    flags: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Nothing is left to ask or to put right."""
        return not self.questions and not self.faults


def read(
    form: Form,
    raw: Mapping[str, str],
    *,
    sex: str = "",
    age_months: int | None = None,
    before: Mapping[str, Any] | None = None,
    sure: Collection[str] = (),
    head: bool = False,
) -> Read:
    """Read what was typed under the form's keys. ``before``: the values of the last time, with ``days`` since then.

    ``head`` reads the upper part of the sheet instead of a line of it.
    """
    fields = [one for one in (form.head if head else form.row) if one.type != COMPUTED]
    values, faults = _taken(fields, raw)
    asked = _questions(fields, values, sex, age_months, before or {})
    open_ones = tuple(one for one in asked if one.must or one.token not in sure)
    return Read(
        values=values,
        columns={one.column: values[one.key] for one in fields if one.column and one.key in values},
        questions=open_ones,
        faults=tuple(faults),
        flags=tuple(sorted({one.token for one in asked} - {one.token for one in open_ones})),
    )


def _taken(fields: list[Field], raw: Mapping[str, str]) -> tuple[dict[str, Any], list[Fault]]:
    texts = {one.key: str(raw.get(one.key) or "").strip() for one in fields}
    faults: list[Fault] = []
    for one in fields:
        if one.beside and "/" in texts[one.key]:
            first, _slash, second = texts[one.key].partition("/")
            if texts.get(one.beside) and texts[one.beside] != second.strip():
                faults.append(Fault("twice", one.key, _("Two different second numbers were typed.")))
            texts[one.key], texts[one.beside] = first.strip(), second.strip()
    values: dict[str, Any] = {}
    for one in fields:
        text = texts[one.key]
        if not text:
            if one.needed:
                faults.append(Fault("needed", one.key, _("This must be answered.")))
            continue
        found = value_of(one, text)
        if isinstance(found, Fault):
            faults.append(found)
        else:
            values[one.key] = found
    return values, faults


def value_of(one: Field, text: str) -> Any:
    """The kept value of what was typed, or a ``Fault``."""
    if one.type in (WHOLE, DECIMAL):
        return _number(one, text)
    if one.type == YES_NO:
        return _yes_no(one, text)
    if one.type in (CHOICE, POINTS):
        code = _option(one, text)
        if code is None:
            return Fault("choice", one.key, _("Choose one of the answers offered."))
        return int(code) if one.type == POINTS else code
    if one.type == MANY:
        return _many(one, text)
    if one.type == DATE:
        return _date(one, text)
    if len(text) > one.length:
        return Fault("long", one.key, _("At most %(length)s letters fit here."), {"length": str(one.length)})
    return text


def _number(one: Field, text: str) -> Any:
    fitting = _NUMBER.fullmatch(text)
    if fitting is None:
        return Fault("number", one.key, _("Write a number, for example 12,5."))
    whole, rest, unit = fitting.groups()
    factor = one.factor
    if unit:
        known = _UNITS.get(one.unit, {}).get(unit.strip().lower())
        if known is None:
            return Fault("number", one.key, _("Write the number in %(unit)s."), {"unit": one.unit or "1"})
        factor = known
    try:
        kept = Decimal(f"{whole}.{rest or '0'}") * factor
    except InvalidOperation:
        return Fault("number", one.key, _("Write a number, for example 12,5."))
    if kept != kept.to_integral_value():
        if factor == 1:
            return Fault("whole", one.key, _("Write a whole number, without a comma."))
        digits = len(str(factor)) - 1
        if one.unit == "cm" and kept < 30 and kept * 100 == (kept * 100).to_integral_value():
            better = written(one, int(kept * 100))
            return Fault("metres", one.key, _("Metres? Write it in centimetres."), {}, better)
        return Fault(
            "fine", one.key, _("Write at most %(digits)s digits after the comma."), {"digits": str(digits)}
        )
    return int(kept)


def _yes_no(one: Field, text: str) -> Any:
    said = text.casefold()
    if said in _YES:
        return True
    if said in _NO:
        return False
    return Fault("yesno", one.key, _("Answer yes or no."))


def _option(one: Field, text: str) -> str | None:
    said = text.casefold()
    for option in one.options:
        if said in (option.code.casefold(), option.label.casefold(), option.label_en.casefold()):
            return option.code
    return None


def _many(one: Field, text: str) -> Any:
    found: list[str] = []
    for piece in re.split(r"[,;\n]", text):
        if not piece.strip():
            continue
        code = _option(one, piece.strip())
        if code is None:
            return Fault(
                "choice", one.key, _("“%(given)s” is not one of the answers."), {"given": piece.strip()[:60]}
            )
        if code not in found:
            found.append(code)
    return [option.code for option in one.options if option.code in found]


def _date(one: Field, text: str) -> Any:
    local = _LOCAL_DATE.fullmatch(text)
    try:
        if local:
            day, month, year = (int(part) for part in local.groups())
            return date(year, month, day).isoformat()
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return Fault("date", one.key, _("Write the date as day-month-year, for example 05-11-2026."))


# --- questions


def _questions(
    fields: list[Field],
    values: Mapping[str, Any],
    sex: str,
    age_months: int | None,
    before: Mapping[str, Any],
) -> list[Question]:
    by_key = {one.key: one for one in fields}
    found = list(_swapped(by_key, values, sex, age_months))
    quiet = {one.field for one in found}
    quiet |= {by_key[key].beside for key in quiet}
    for one in fields:
        value = values.get(one.key)
        if value is None:
            continue
        if not one.asked(sex, age_months) and value is not False and value != []:
            found.append(
                Question("not_asked", one.key, _("This is not asked of somebody of this age or sex."))
            )
        if one.type in (WHOLE, DECIMAL) and one.key not in quiet:
            found.extend(_limits(one, value, sex, age_months))
    quiet = {one.field for one in found if one.code != "not_asked"}
    found.extend(one for one in _compared(by_key, values, age_months, before) if one.field not in quiet)
    return found


def limits(one: Field, sex: str, age_months: int | None) -> Band | None:
    """What is usual and possible for somebody; over all ages when the age is not known; None without limits."""
    if not one.bands:
        if one.least is None or one.most is None:
            return None
        low = one.impossible_least if one.impossible_least is not None else 0
        high = one.impossible_most if one.impossible_most is not None else 10**9
        return Band(one.least, one.most, low, high)
    fitting = [
        band
        for band in one.bands
        if (not band.sex or not sex or band.sex == sex)
        and (age_months is None or band.from_months <= age_months <= band.until_months)
    ]
    if not fitting:
        return None
    return Band(
        min(band.least for band in fitting),
        max(band.most for band in fitting),
        min(band.impossible_least for band in fitting),
        max(band.impossible_most for band in fitting),
    )


def _limits(one: Field, value: int, sex: str, age_months: int | None) -> Iterator[Question]:
    band = limits(one, sex, age_months)
    if band is None or band.least <= value <= band.most:
        return
    must = not band.impossible_least <= value <= band.impossible_most
    facts = {"given": _with_unit(one, value)}
    for shift in _SHIFTS:
        other = Decimal(value) * shift
        if other == other.to_integral_value() and band.least <= other <= band.most:
            better = written(one, int(other))
            facts["better"] = _with_unit(one, int(other))
            yield Question("unit", one.key, _("%(given)s? Is %(better)s meant?"), facts, better, must)
            return
    if must:
        words = _("%(given)s cannot be. Measure again or look at the paper again.")
    else:
        words = _("%(given)s is unusual at this age. Is it so?")
    yield Question("unusual", one.key, words, facts, "", must)


def _swapped(
    by_key: Mapping[str, Field], values: Mapping[str, Any], sex: str, age_months: int | None
) -> Iterator[Question]:
    if {"weight", "height"} <= by_key.keys() & values.keys():
        weight, height = by_key["weight"], by_key["height"]
        as_height = Decimal(values["weight"]) / weight.factor * height.factor
        as_weight = Decimal(values["height"]) / height.factor * weight.factor
        wrong = not (
            _usual(weight, values["weight"], sex, age_months)
            or _usual(height, values["height"], sex, age_months)
        )
        if (
            wrong
            and _usual(height, as_height, sex, age_months)
            and _usual(weight, as_weight, sex, age_months)
        ):
            words = _("%(weight)s and %(height)s: are weight and height swapped?")
            facts = {
                "weight": _with_unit(weight, values["weight"]),
                "height": _with_unit(height, values["height"]),
            }
            for one, other in ((weight, height), (height, weight)):
                must = _impossible(one, values[one.key], sex, age_months)
                yield Question("swapped", one.key, words, facts, written(other, values[other.key]), must)
    if {"systolic", "diastolic"} <= values.keys() and values["systolic"] <= values["diastolic"]:
        facts = {"first": str(values["systolic"]), "second": str(values["diastolic"])}
        words = _("%(first)s/%(second)s: the first number is always the larger one. Are they swapped?")
        yield Question("swapped", "systolic", words, facts, f"{facts['second']}/{facts['first']}", must=True)


def _usual(one: Field, value: Decimal | int, sex: str, age_months: int | None) -> bool:
    band = limits(one, sex, age_months)
    return band is None or band.least <= value <= band.most


def _impossible(one: Field, value: int, sex: str, age_months: int | None) -> bool:
    band = limits(one, sex, age_months)
    return band is not None and not band.impossible_least <= value <= band.impossible_most


def _compared(
    by_key: Mapping[str, Field],
    values: Mapping[str, Any],
    age_months: int | None,
    before: Mapping[str, Any],
) -> Iterator[Question]:
    """Against the last time: a child does not grow shorter, a head not smaller; a weight does not leap."""
    height, last = values.get("height"), before.get("height")
    if height and last and "height" in by_key:
        grown = age_months is not None and age_months >= ADULT_MONTHS
        stood_up = values.get("measured") == "h" and before.get("measured") == "l"
        allowed = 30 if grown else ROUNDING if stood_up else 0
        if height < last - allowed:
            yield _against(by_key["height"], "shorter", height, last)
    head, last = values.get("head"), before.get("head")
    if head and last and "head" in by_key and head < last - 5:
        yield _against(by_key["head"], "shorter", head, last)
    weight, last = values.get("weight"), before.get("weight")
    days = before.get("days")
    recent = days is None or 0 <= days <= LONG_AGO
    if weight and last and recent and "weight" in by_key:
        leap = weight * 10 > last * 14 or weight * 10 < last * 8
        if leap and abs(weight - last) >= 1500:
            yield _against(by_key["weight"], "jump", weight, last)


def _against(one: Field, code: str, value: int, last: int) -> Question:
    words = {
        "shorter": _("%(given)s is less than last time (%(last)s). Is it so?"),
        "jump": _("%(given)s is very different from last time (%(last)s). Is it so?"),
    }
    return Question(
        code, one.key, words[code], {"given": _with_unit(one, value), "last": _with_unit(one, last)}
    )


# --- back to words


def written(one: Field, value: Any) -> str:
    """A kept value as it would be typed: reading it gives the value again."""
    if value is None:
        return ""
    if one.type in (WHOLE, DECIMAL):
        if one.factor == 1:
            return str(value)
        digits = len(str(one.factor)) - 1
        whole, rest = divmod(int(value), one.factor)
        return f"{whole},{str(rest).zfill(digits).rstrip('0') or '0'}"
    if one.type == YES_NO:
        return "ya" if value else "tidak"
    if one.type == MANY:
        return ",".join(value)
    return str(value)


def shown(one: Field, value: Any, language: str = "id") -> str:
    """A kept value in words for people: the answers' words, dates as day-month-year."""
    if value is None or value == "":
        return ""
    if one.type == YES_NO:
        return ("Yes" if value else "No") if language == "en" else ("Ya" if value else "Tidak")
    if one.type in (CHOICE, POINTS, MANY):
        words = {option.code: option.called(language) for option in one.options}
        chosen = value if isinstance(value, list) else [str(value)]
        return ", ".join(words.get(code, str(code)) for code in chosen)
    if one.type == DATE:
        year, month, day = str(value)[:10].split("-")
        return f"{day}-{month}-{year}"
    text = written(one, value)
    return text.replace(",", ".") if language == "en" and one.type == DECIMAL else text


def _with_unit(one: Field, value: int) -> str:
    """A number as people read it: thousands with a point, and nothing after the comma where that is nought ("16.500 kg")."""
    whole, _comma, rest = written(one, value).partition(",")
    if len(whole) > 3:
        whole, rest = f"{int(whole):,}".replace(",", "."), rest.strip("0")
    return f"{whole},{rest} {one.unit}".strip() if rest else f"{whole} {one.unit}".strip()
