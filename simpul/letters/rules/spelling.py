"""Numbers, money and dates in Indonesian words, and the filters a letter's text may use on its values.

Letters say amounts and days twice, in figures and in words, because a figure is easily altered. Pure functions of text: a filter that
cannot read its value answers ``None``, and the writer is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, time

DIGITS = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
SCALES = ((10**15, "kuadriliun"), (10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"), (1000, "ribu"))
MOST = 10**18 - 1
"""Largest number that has words here; also the largest an amount column holds."""
MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def number_words(number: int) -> str:
    """A whole number in words: 1.250 is "seribu dua ratus lima puluh".

    Raises:
        ValueError: beyond ``MOST`` on either side.
    """
    if abs(number) > MOST:
        raise ValueError("no words for a number this large")
    if number < 0:
        return "minus " + number_words(-number)
    return " ".join(_parts(number)) if number else DIGITS[0]


def _parts(number: int) -> list[str]:
    for scale, name in SCALES:
        if number >= scale:
            count, rest = divmod(number, scale)
            head = ["seribu"] if scale == 1000 and count == 1 else [*_parts(count), name]
            return [*head, *_parts(rest)]
    if number >= 100:
        count, rest = divmod(number, 100)
        return [*(["seratus"] if count == 1 else [DIGITS[count], "ratus"]), *_parts(rest)]
    if number >= 20:
        count, rest = divmod(number, 10)
        return [DIGITS[count], "puluh", *_parts(rest)]
    if number >= 12:
        return [DIGITS[number - 10], "belas"]
    if number >= 10:
        return ["sepuluh"] if number == 10 else ["sebelas"]
    return [DIGITS[number]] if number else []


def words_number(words: str) -> int | None:
    """The number that words say; ``None`` when they say none. The other direction of ``number_words``."""
    tokens = words.split()
    if not tokens:
        return None
    if tokens[0] == "minus":
        number = words_number(" ".join(tokens[1:]))
        return None if number is None else -number
    if tokens == [DIGITS[0]]:
        return 0
    names = {name: scale for scale, name in SCALES}
    total, part = 0, 0
    for token in tokens:
        if token == "seribu":  # noqa: S105  (a number's word, no secret)
            total += 1000
        elif token in names:
            total, part = total + part * names[token], 0
        else:
            small = _small(token, part)
            if small is None:
                return None
            part = small
    return total + part


def _small(token: str, part: int) -> int | None:
    """A word below a thousand, after what was said before it."""
    fixed = {"sepuluh": 10, "sebelas": 11, "seratus": 100}
    if token in fixed:
        return part + fixed[token]
    if token in DIGITS[1:]:
        return part + DIGITS.index(token)
    times = {"puluh": 10, "ratus": 100}
    unit = part % 10
    if token in times and unit:
        return part - unit + unit * times[token]
    if token == "belas" and unit:  # noqa: S105  (a number's word, no secret)
        return part + 10
    return None


def whole(text: str) -> int | None:
    """A whole number as people type it: "1.250.000", "Rp 1250000,-" or "1250000"; ``None`` for anything else."""
    bare = re.sub(r"^rp\.?\s*", "", text.strip().casefold())
    bare = re.sub(r"(,-|,00)$", "", bare)
    if re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{3})+", bare) or re.fullmatch(r"-?[0-9]{1,3}( [0-9]{3})+", bare):
        bare = bare.replace(".", "").replace(" ", "")
    if not re.fullmatch(r"-?[0-9]{1,18}", bare):
        return None
    return int(bare)


def grouped(number: int) -> str:
    """Digits with dots between thousands: 1250000 is "1.250.000"."""
    return f"{number:,}".replace(",", ".")


def rupiah(number: int) -> str:
    """An amount as letters print it: "Rp1.250.000"."""
    return f"-Rp{grouped(-number)}" if number < 0 else f"Rp{grouped(number)}"


def read_date(text: str) -> date | None:
    """A date as the program stores it (2026-11-26) or as people write it (26-11-2026, 26/11/2026, 26 November 2026)."""
    bare = text.strip()
    for pattern, order in (
        (r"([0-9]{4})-([0-9]{2})-([0-9]{2})", (0, 1, 2)),
        (r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})", (2, 1, 0)),
    ):
        found = re.fullmatch(pattern, bare)
        if found is not None:
            year, month, day = (int(found.groups()[place]) for place in order)
            return _date(year, month, day)
    named = re.fullmatch(r"([0-9]{1,2}) ([A-Za-z]+) ([0-9]{4})", bare)
    names = [month.casefold() for month in MONTHS]
    if named is not None and named.group(2).casefold() in names:
        return _date(int(named.group(3)), names.index(named.group(2).casefold()) + 1, int(named.group(1)))
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def long_date(day: date) -> str:
    """26 November 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def date_words(day: date) -> str:
    """A day in words, as official reports open: "Kamis tanggal dua puluh enam bulan November tahun dua ribu dua puluh enam"."""
    return (
        f"{DAYS[day.weekday()]} tanggal {number_words(day.day)} bulan {MONTHS[day.month - 1]} "
        f"tahun {number_words(day.year)}"
    )


def read_time(text: str) -> time | None:
    """A time of day: "19.30", "19:30", with or without seconds."""
    found = re.fullmatch(r"([0-9]{1,2})[.:]([0-9]{2})(?:[.:][0-9]{2})?", text.strip())
    if found is None or int(found.group(1)) > 23 or int(found.group(2)) > 59:
        return None
    return time(int(found.group(1)), int(found.group(2)))


_SMALL_WORDS = frozenset("dan di ke dari yang untuk bin binti atau pada dengan".split())


def titled(text: str) -> str:
    """Capitals at the beginning of words, as names and places are written; "bin" and "binti" stay small."""
    words = text.split()
    return " ".join(
        word.casefold()
        if place and word.casefold() in _SMALL_WORDS
        else re.sub(r"(^|[-'’./(])([^\W\d_])", lambda one: one[1] + one[2].upper(), word.casefold())
        for place, word in enumerate(words)
    )


def masked(text: str) -> str:
    """The first letter of every word, the rest dots; of numbers the last four: enough to compare, too little to use."""
    if text.isdigit():
        return "•" * max(len(text) - 4, 0) + text[-4:]
    return " ".join(word[0] + "•" * (len(word) - 1) for word in text.split())


def _of_number(show: Callable[[int], str]) -> Callable[[str], str | None]:
    def shown(text: str) -> str | None:
        number = whole(text)
        return None if number is None else show(number)

    return shown


def _of_date(show: Callable[[date], str]) -> Callable[[str], str | None]:
    def shown(text: str) -> str | None:
        day = read_date(text)
        return None if day is None else show(day)

    return shown


def _hour(text: str) -> str | None:
    hour = read_time(text)
    return None if hour is None else f"pukul {hour:%H.%M}"


def _yes(text: str) -> str | None:
    return {"yes": "ya", "no": "tidak"}.get(text.casefold(), text)


FILTERS: Mapping[str, Callable[[str], str | None]] = {
    "besar": str.upper,
    "kecil": str.lower,
    "judul": titled,
    "tanggal": _of_date(long_date),
    "hari": _of_date(lambda day: DAYS[day.weekday()]),
    "bulan": _of_date(lambda day: MONTHS[day.month - 1]),
    "tahun": _of_date(lambda day: str(day.year)),
    "tanggal_huruf": _of_date(date_words),
    "jam": _hour,
    "angka": _of_number(grouped),
    "rupiah": _of_number(rupiah),
    "terbilang": _of_number(number_words),
    "terbilang_rupiah": _of_number(lambda number: number_words(number) + " rupiah"),
    "romawi": _of_number(lambda number: ROMAN[number - 1] if 1 <= number <= len(ROMAN) else str(number)),
    "samar": masked,
    "ya_tidak": _yes,
}
"""Filters by the name they have in a text; what each does is shown on the page where texts are written."""
