"""What a cell of a list of children says. Lists repeat their values, so each text is read once and remembered."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date

FIELDS = (
    "sex",
    "birth_date",
    "measured_date",
    "age_days",
    "age_months",
    "weight_kg",
    "length_cm",
    "measured",
    "oedema",
    "head_cm",
    "muac_cm",
)
NUMBERS = ("age_days", "age_months", "weight_kg", "length_cm", "head_cm", "muac_cm")
DATES = ("birth_date", "measured_date")
HEADINGS = {
    name: field
    for field, names in {
        "sex": "sex gender jk jeniskelamin kelamin",
        "birth_date": "birthdate dateofbirth dob tgllahir tanggallahir",
        "measured_date": "measureddate visitdate dateofvisit tglukur tanggalukur tglpengukuran tanggalpengukuran",
        "age_days": "agedays ageindays umurhari usiahari",
        "age_months": "agemonths agemons ageinmonths umurbulan usiabulan",
        "weight_kg": "weightkg weight berat beratbadan beratkg bb bbkg",
        "length_cm": "lengthcm length height heightcm lenhei tinggi tinggibadan panjang panjangbadan tb pb pbtb tbpb",
        "measured": "measured measure caraukur posisi",
        "oedema": "oedema edema",
        "head_cm": "headcm head headc lingkarkepala lk",
        "muac_cm": "muaccm muac armc lila lingkarlengan",
    }.items()
    for name in names.split()
}
"""What lists here call the columns, beside their own names; without blanks and signs."""

EMPTY = frozenset({"", "-", ".", "na", "n/a", "nan", "null", "none"})
"""Cells that say nothing, in small letters."""
BAD = -(10**9)
"""A cell that cannot be read: its field is left empty and the row is marked."""
_REMEMBERED = 200_000
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)")
_GROUPED = re.compile(r"[+-]?\d{1,3}(([.])\d{3})+,\d+|[+-]?\d{1,3}((,)\d{3})+\.\d+")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})([ T].*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})([ T].*)?")
_EPOCH = date(1970, 1, 1).toordinal()
SEXES = {
    "1": 0, "l": 0, "m": 0, "lk": 0, "laki": 0, "lakilaki": 0, "male": 0, "boy": 0, "pria": 0,
    "2": 1, "p": 1, "f": 1, "pr": 1, "w": 1, "perempuan": 1, "female": 1, "girl": 1, "wanita": 1,
}  # fmt: skip
POSITIONS = {
    "l": 1, "lying": 1, "recumbent": 1, "length": 1, "terlentang": 1, "telentang": 1, "berbaring": 1,
    "h": 2, "standing": 2, "height": 2, "berdiri": 2,
}  # fmt: skip
OEDEMAS = {
    "y": 1, "yes": 1, "ya": 1, "1": 1, "true": 1, "ada": 1,
    "n": 0, "no": 0, "tidak": 0, "2": 0, "0": 0, "false": 0, "tidakada": 0,
}  # fmt: skip


class Memory(dict[str, float]):
    """Text -> what it says, read when it is met first."""

    def __init__(self, read: Callable[[str], float]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> float:
        if len(self) >= _REMEMBERED:
            self.clear()
        said = self[text] = self._read(text)
        return said


def number(text: str) -> float:
    """A number with a decimal point or comma; not a number when empty, ``BAD`` when it is none."""
    bare = text.strip()
    if bare.lower() in EMPTY:
        return math.nan
    if _NUMBER.fullmatch(bare):
        return float(bare.replace(",", "."))
    if _GROUPED.fullmatch(bare):  # 1.234,5 or 1,234.5: what stands last is the decimal sign
        point, comma = bare.rfind("."), bare.rfind(",")
        return float(bare.replace("." if comma > point else ",", "").replace(",", "."))
    return BAD


def day(text: str) -> float:
    """Days since 1970 of a date, year first or day first; two-digit years are not guessed at."""
    bare = text.strip()
    if bare.lower() in EMPTY:
        return math.nan
    found = _YEAR_FIRST.fullmatch(bare)
    if found:
        parts = (found[1], found[2], found[3])
    else:
        found = _DAY_FIRST.fullmatch(bare)
        if not found:
            return BAD
        parts = (found[3], found[2], found[1])
    try:
        return date(*map(int, parts)).toordinal() - _EPOCH
    except ValueError:
        return BAD


def _words(known: dict[str, int], empty: int) -> Callable[[str], float]:
    def read(text: str) -> float:
        bare = text.strip().lower()
        return empty if bare in EMPTY else known.get(re.sub(r"[\s_-]", "", bare), BAD)

    return read


def readers() -> dict[str, Memory]:
    """One memory for each field."""
    return {
        **{name: Memory(number) for name in NUMBERS},
        **{name: Memory(day) for name in DATES},
        "sex": Memory(_words(SEXES, -1)),
        "measured": Memory(_words(POSITIONS, 0)),
        "oedema": Memory(_words(OEDEMAS, 0)),
    }


def column(heading: str) -> str:
    """The field that a heading names: its own name, or what lists here call it; else the heading in small letters."""
    name = heading.strip().strip("\ufeff").casefold()
    return HEADINGS.get(re.sub(r"[^a-z]", "", name), name)
