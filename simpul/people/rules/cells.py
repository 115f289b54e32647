"""Reading one cell of a list that somebody else made. Pure: text in, a value or a fault out.

Nothing is guessed in silence: what can be read in one way is read, what cannot is a fault with a code, and *empty* always stays
unknown. The words people write for "unknown" (``-``, ``NULL``, ``tidak tahu``) are empty.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from simpul.lib import nik as nik_lib
from simpul.lib import text

EMPTY = frozenset(
    {"", "-", "--", "null", "none", "nan", "n/a", "#n/a", "?", ".", "tidak tahu", "tidak diketahui", "kosong"}
)
"""What stands in a cell when nothing is known."""

_DIGITS = re.compile(r"\d+")
_SCIENTIFIC = re.compile(r"\d([.,]\d+)?e\+?\d{2}", re.IGNORECASE)
_NUMBER = re.compile(r"-?\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?|-?\d+(?:[.,]\d+)?")
_DAY_ZERO = date(1899, 12, 30)  # of spreadsheets
_FIRST = date(1890, 1, 1)
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T].*)?")
_DMY = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?:[ T]\d.*)?")
_WORDS = re.compile(r"(\d{1,2})[-/. ]*([a-z]{3,})[-/. ,]*(\d{4}|\d{2})")
_COMPACT = re.compile(r"(19|20)(\d{2})(\d{2})(\d{2})")
_MONTHS: Mapping[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "januari jan january", "februari feb february pebruari peb", "maret mar march", "april apr", "mei may",
            "juni jun june", "juli jul july", "agustus agu ags agt aug august", "september sep sept",
            "oktober okt oct october", "november nov nopember nop", "desember des dec december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_SEXES: Mapping[str, str] = {
    **dict.fromkeys(("l", "lk", "lakilaki", "laki", "pria", "m", "male", "1", "lelaki"), "L"),
    **dict.fromkeys(("p", "pr", "perempuan", "wanita", "f", "female", "2"), "P"),
}
_YES = frozenset(
    {"ya", "y", "ada", "true", "benar", "iya", "yes", "punya", "memiliki", "sudah", "x", "v", "√"}
)
_NO = frozenset(
    {"tidak", "t", "tdk", "tidakada", "false", "no", "n", "bukan", "belum", "tidakpunya", "tidakmemiliki"}
)


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says: a value (None: unknown), and the code of what is odd about it. ``refused``: the row cannot be used."""

    value: Any = None
    fault: str = ""
    refused: bool = False
    rough: bool = False  # of a date: only the year can be trusted


NOTHING = Cell()


def fold(words: str) -> str:
    """A heading or a word without case, blanks and signs: ``"No. KK"`` -> ``"nokk"``."""
    plain = unicodedata.normalize("NFKD", words[:300]).casefold()
    return "".join(sign for sign in plain if sign.isalnum())


def is_empty(cell: str) -> bool:
    """True when a cell says that nothing is known."""
    return cell.strip().casefold() in EMPTY


def line(cell: str, most: int) -> Cell:
    """One line of text, safe to keep; too long for its column is a fault."""
    clean = text.clean_line(cell[: most * 4 + 200])
    if is_empty(clean):
        return NOTHING
    return Cell(clean) if len(clean) <= most else Cell(None, "text_too_long", refused=True)


def number16(cell: str) -> Cell:
    """A NIK or a KK number: 16 digits. Placeholders (``0``, all digits the same) are empty; anything else is refused.

    Source: UU 24/2013; a number that a spreadsheet has rounded (``7.30301E+15``) cannot be repaired.
    """
    if is_empty(cell) or not cell.strip().strip("0"):
        return NOTHING
    if _SCIENTIFIC.fullmatch(cell.strip()):
        return Cell(None, "number_rounded", refused=True)
    number = nik_lib.clean(cell.strip("=\"'`\u2018\u2019 \t").removesuffix(".0"))
    if not (number.isascii() and number.isdigit()):
        return Cell(None, "number_letters", refused=True)
    if len(set(number)) == 1:
        return Cell(None, "number_placeholder")
    if len(number) != 16:
        return Cell(None, "number_length", refused=True)
    return Cell(number)


def masked16(cell: str) -> Cell:
    """A NIK of a list in which it may be masked (``730511**********``) or rounded: what cannot be read is a remark, and the row stands.

    Such a row is found by name and birth date, so its number may be missing.
    """
    if any(sign in cell for sign in "*•xX#"):
        return Cell(None, "number_masked")
    found = number16(cell)
    return Cell(found.value, found.fault)


def weight(cell: str) -> Cell:
    """A weight in kilograms (``8,4``, ``8.4 kg``) in grams; 200 and above can only be grams already, and is remarked upon.

    ``3.200`` is 3.2 kg in one spelling and 3200 g in the other, which is the same weight.
    """
    if is_empty(cell):
        return NOTHING
    plain = re.sub(r"(?i)\s*k?gr?(am)?\s*$", "", cell.strip()).replace(" ", "")
    if not re.fullmatch(r"\d{1,6}([.,]\d{1,3})?", plain):
        return Cell(None, "weight_unreadable")
    said = float(plain.replace(",", "."))
    grams = said if said >= _GRAMS_FROM else said * 1000
    if not 0 < grams < 300_000:
        return Cell(None, "weight_unreadable") if grams else NOTHING
    return Cell(round(grams), "weight_grams" if said >= _GRAMS_FROM else "")


def birth_weight(cell: str) -> Cell:
    """A weight at birth: written in grams or in kilograms, both are usual and neither is remarked upon."""
    found = weight(cell)
    return Cell(found.value, "" if found.value else found.fault)


_GRAMS_FROM = 200
"""From here on a number cannot be kilograms of anybody a posyandu weighs as a child."""


def length(cell: str) -> Cell:
    """A length in centimetres (``72,5``, ``72.5 cm``), in millimetres; 0 is unknown."""
    if is_empty(cell):
        return NOTHING
    plain = re.sub(r"(?i)\s*cm\s*$", "", cell.strip()).replace(" ", "")
    if not re.fullmatch(r"\d{1,3}([.,]\d{1,2})?", plain):
        return Cell(None, "length_unreadable")
    found = round(float(plain.replace(",", ".")) * 10)
    if not found:
        return NOTHING
    return Cell(found) if found <= 2500 else Cell(None, "length_unreadable")


def z_score(cell: str) -> Cell:
    """A z-score as printed (``-2,13``), in hundredths."""
    plain = cell.strip().lstrip("'").replace("\u2212", "-").replace(",", ".")
    if is_empty(cell) or not re.fullmatch(r"-?\d{1,3}(\.\d{1,6})?", plain):
        return NOTHING
    found = round(float(plain) * 100)
    return Cell(found) if abs(found) < 10_000 else NOTHING


def position(cell: str) -> Cell:
    """How a child was measured: ``l`` lying (telentang), ``h`` standing (berdiri)."""
    said = fold(cell)
    if said.startswith(("telentang", "terlentang", "baring", "lying", "tidur", "recumbent")) or said == "l":
        return Cell("l")
    return Cell("h") if said.startswith(("berdiri", "standing")) or said == "h" else NOTHING


def sex(cell: str) -> Cell:
    """L or P, in the words and codes that lists use (1 is a man, 2 a woman)."""
    if is_empty(cell) or cell.strip() == "0":
        return NOTHING
    found = _SEXES.get(fold(cell))
    return Cell(found) if found else Cell(None, "sex_unreadable")


def yes(cell: str, *, upper: bool = False) -> Cell:
    """Yes, no or unknown. BDT alternates its codes along the form: 1/2, then 3/4; ``upper`` says which pair stands here.

    A code of the other pair means that columns have shifted: it is unknown and a fault, never a "no".
    """
    if is_empty(cell) or cell.strip() == "0":
        return NOTHING
    word = fold(cell)
    if word in _YES or word in _NO:
        return Cell(word in _YES)
    pairs = {"1": True, "2": False, "3": True, "4": False}
    if word not in pairs:
        return Cell(None, "yes_unreadable")
    if (word in "34") is not upper:
        return Cell(None, "yes_other_pair")
    return Cell(pairs[word])


def number(cell: str, *, most: int = 1_000_000) -> Cell:
    """A whole number, not negative."""
    if is_empty(cell):
        return NOTHING
    found = _decimal(cell)
    if found is None or found < 0 or found > most or found != int(found):
        return Cell(None, "number_unreadable")
    return Cell(int(found))


def square_metres(cell: str) -> Cell:
    """An area in m² (``7,5`` or ``7.5 m2``), kept in square decimetres."""
    if is_empty(cell):
        return NOTHING
    found = _decimal(re.sub(r"(?i)\s*m(2|²)?\s*$", "", cell.strip()))
    if found is None or found < 0 or found > 100_000:
        return Cell(None, "number_unreadable")
    return Cell(round(found * 100))


def rupiah(cell: str) -> Cell:
    """An amount in rupiah: ``Rp 1.250.000,00``, ``1250000``."""
    if is_empty(cell):
        return NOTHING
    found = _decimal(re.sub(r"(?i)^\s*rp\.?\s*|,-\s*$", "", cell.strip()))
    if found is None or found < 0 or found > 10**13:
        return Cell(None, "number_unreadable")
    return Cell(int(found))


def _decimal(cell: str) -> float | None:
    """A number with points or commas: groups of three are thousands, one or two digits after the last sign are a fraction."""
    plain = cell.strip().replace(" ", "")
    if not _NUMBER.fullmatch(plain) or len(plain) > 20:
        return None
    signs = re.findall(r"[.,]", plain)
    if len(signs) == 1 and re.fullmatch(r"-?\d{1,3}[.,]\d{3}", plain):
        return float(re.sub(r"[.,]", "", plain))
    if signs and len(set(signs)) == 1 and len(signs) > 1:
        return float(re.sub(r"[.,]", "", plain))
    whole, _sign, part = plain.replace(",", ".").rpartition(".")
    return float(f"{whole.replace('.', '')}.{part}") if whole else float(part)


def day(cell: str, today: date) -> Cell:
    """A date as lists write it, day first: ``31/12/1985``, ``1985-12-31``, ``31 Des 1985``, a spreadsheet's day number, a year alone.

    1 January stands for "unknown" in many registers, and a year alone is one: both are rough. A date in the future, an impossible one,
    and one whose month stands first are refused, since the next row would be read wrongly without anybody noticing.
    """
    if is_empty(cell) or not re.sub(r"[0\s/.:\-]", "", cell):
        return NOTHING
    plain = " ".join(cell.casefold().split())
    if len(plain) == 4 and plain.isascii() and plain.isdigit():
        return _in_time(int(plain), 1, 1, today, rough=True)
    if found := _ISO.fullmatch(plain) or _COMPACT.fullmatch(plain):
        parts = found.groups()
        if len(parts) == 4:
            parts = (parts[0] + parts[1], parts[2], parts[3])
        return _in_time(int(parts[0]), int(parts[1]), int(parts[2]), today)
    if found := _DMY.fullmatch(plain):
        return _in_time(int(found[3]), int(found[2]), int(found[1]), today, short=len(found[3]) == 2)
    if (found := _WORDS.fullmatch(plain)) and (month := _MONTHS.get(found[2])):
        return _in_time(int(found[3]), month, int(found[1]), today, short=len(found[3]) == 2)
    if re.fullmatch(r"\d{4,5}(\.0+)?", plain) and plain.isascii():
        counted = _DAY_ZERO + timedelta(days=int(plain.partition(".")[0]))
        return _in_time(counted.year, counted.month, counted.day, today)
    return Cell(None, "date_unreadable", refused=True)


def _in_time(
    year: int, month: int, dayno: int, today: date, *, rough: bool = False, short: bool = False
) -> Cell:
    if short:
        year += today.year // 100 * 100
        year -= 100 if year > today.year else 0
    if year and not month and not dayno:
        month, dayno, rough = 1, 1, True
    if month > 12 >= dayno:
        return Cell(None, "date_month_first", refused=True)
    try:
        found = date(year, month, dayno)
    except ValueError:
        return Cell(None, "date_impossible", refused=True)
    if found > today:
        return Cell(None, "date_future", refused=True)
    if found < _FIRST:
        return Cell(None, "date_impossible", refused=True)
    if rough or (month, dayno) == (1, 1):
        return Cell(found, "date_rough", rough=True)
    return Cell(found, "date_two_digits" if short else "")


def code(cell: str, table: Mapping[str, str]) -> Cell:
    """A code of a list: ``table`` maps codes and folded words to the code with its version (``"6" -> "bdt/6"``)."""
    if is_empty(cell):
        return NOTHING
    plain = cell.strip()
    key = plain.removesuffix(".0")
    known = table.get(key.lstrip("0") or "0") or table.get(fold(plain))
    if known is None and (number_first := re.match(r"\s*(\d{1,2})\s*[.)=:-]", plain)):
        known = table.get(number_first[1].lstrip("0") or "0")
    if known is None and not table:
        return Cell(None, "list_unknown")
    if known is None:
        return NOTHING if key.strip("0") == "" else Cell(None, "code_unknown")
    return Cell(known)


def region(cell: str) -> Cell:
    """A region code with or without dots: ``73.03.01.2008`` -> ``7303012008``."""
    if is_empty(cell):
        return NOTHING
    digits = re.sub(r"[.\s\-]", "", cell)
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 13:
        return Cell(None, "region_unreadable", refused=True)
    return Cell(digits[:10])


def digits(cell: str, most: int) -> Cell:
    """The digits of a cell, such as a number of a card; letters are kept, since some cards have them."""
    if is_empty(cell) or not cell.strip().strip("0"):
        return NOTHING
    kept = "".join(sign for sign in text.clean_line(cell[:200]).upper() if sign.isalnum())
    return Cell(kept) if 0 < len(kept) <= most else Cell(None, "text_too_long")
