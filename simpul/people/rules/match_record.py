"""What is compared when two rows may be one person: values cleaned into one form, and the keys that bring rows together. Pure.

Names are compared by sound and without titles (``lib.text.name_key``); "/" parts several names of one person, and the best counts.
A NIK is compared whole and in its parts: women's birth day carries +40 there (Permendagri 102/2019), and clerks forget it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from simpul.lib import nik as nik_lib
from simpul.lib import text as text_lib

WEAK_WORDS = frozenset(
    ["muhamad", "siti", "andi", "puang", "karaeng", "peta", "haji", "hajah", "i", "la", "we", "bese", "daing"]
)
"""Words that stand before many names and are often left out (Muhammad, Siti, Andi, Daeng): weak evidence either way."""
_DROPPED = frozenset(
    ["bin", "binti", "bt", "binte", "alm", "almh", "almarhum", "almarhumah", "bapak", "ibu", "pak", "hj", "hjh", "h",
     "haji", "hajah", "tn", "ny", "nn", "sdr", "sdri", "drs", "dra", "ir", "prof"]
)  # fmt: skip
_DEGREES = frozenset(
    ["spd", "spdi", "sh", "se", "sag", "amd", "skm", "spt", "ssos", "sip", "skom", "mpd", "msi", "skep", "ners", "amdkeb",
     "amdkep", "mm", "ssi", "sst", "mh"]
)  # fmt: skip
_ALIASES = re.compile(r"[/\\|;()\[\]]|\b(?:alias|als|alis|a\.k\.a|aka)\b\.?", re.IGNORECASE)
_MOST_NAMES = 3
_UNHEARD = frozenset("aiueohj")


@dataclass(frozen=True, slots=True)
class Name:
    """One name in the forms that are compared. ``core`` is without weak words, unless there are no others."""

    words: tuple[str, ...]
    core: tuple[str, ...]
    full: str
    joined: str  # the core, with blanks
    compact: str  # the core, written together
    flat: str  # the words of the core in the alphabet's order, written together


@dataclass(frozen=True, slots=True)
class Record:
    """One row, cleaned. Empty texts and ``None`` are unknown."""

    names: tuple[Name, ...] = ()
    nik: str = ""
    kk: str = ""
    sex: str = ""  # L, P
    birth_date: date | None = None
    birth_place: str = ""
    address: str = ""
    region: str = ""
    fits: bool = False  # the NIK's birth date is the row's own: no slip in either
    inside: bool = False  # the birth date was read from the NIK: it says nothing more

    @property
    def born(self) -> str:
        """The birth date as eight digits, or nothing."""
        return self.birth_date.strftime("%Y%m%d") if self.birth_date else ""

    @property
    def weak_day(self) -> bool:
        """True when the day often stands for "unknown": 1 January, 1 July, 31 December."""
        return self.birth_date is not None and is_weak_day(self.birth_date)


def is_weak_day(day: date) -> bool:
    """1 January, 1 July and 31 December are written when only the year is known."""
    return (day.month, day.day) in ((1, 1), (7, 1), (12, 31))


def record(
    *,
    name: str = "",
    nik: str = "",
    kk: str = "",
    sex: str = "",
    birth_date: date | None = None,
    birth_place: str = "",
    address: str = "",
    region: str = "",
    today: date | None = None,
) -> Record:
    """A row as it was typed, made comparable. Nothing is refused: what cannot be read is unknown.

    A birth date that is missing is read from the NIK (``today`` decides its century), and that a woman is one.
    """
    number = number_of(nik)
    inside = without_forty(number)[6:12]
    fits = birth_date is not None and inside == birth_date.strftime("%d%m%y")
    read = _inside_nik(inside, today) if birth_date is None and inside and today is not None else None
    return Record(
        names=names_of(name),
        nik=number,
        kk=number_of(kk),
        sex=sex_of(sex) or ("P" if inside and number[6:8] != inside[:2] else ""),
        birth_date=birth_date or read,
        fits=fits,
        inside=read is not None,
        birth_place=place_of(birth_place),
        address=address_of(address),
        region=region_of(region),
    )


def _inside_nik(digits: str, today: date) -> date | None:
    """The latest such day that is not in the future."""
    day, month, year = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    for century in (2000, 1900):
        try:
            born = date(century + year, month, day)
        except ValueError:
            continue
        if born <= today:
            return born
    return None


@lru_cache(maxsize=200_000)
def names_of(typed: str) -> tuple[Name, ...]:
    """The names in what was typed, at most three; "/" and "alias" stand between names of one person."""
    found: dict[str, Name] = {}
    for part in _ALIASES.split(typed[:300]):
        name = _name(part)
        if name is not None:
            found.setdefault(name.full, name)
    return tuple(found.values())[:_MOST_NAMES]


def _name(typed: str) -> Name | None:
    words = [word.replace("sh", "s") for word in text_lib.name_key(typed).split()]
    kept = [word for word in words if word not in _DROPPED and not word.isdigit()]
    while len(kept) > 1 and kept[-1] in _DEGREES:
        kept.pop()
    if not kept:
        return None
    kept = kept[:6]
    core = [word for word in kept if word not in WEAK_WORDS] or kept
    return Name(
        tuple(kept), tuple(core), " ".join(kept), " ".join(core), "".join(core), "".join(sorted(core))
    )


_QUOTES = " \t=\"'`\u2018\u2019\u00b4"
"""What spreadsheets and people put around a number so that it stays one: '7303..., ="7303..."."""


def number_of(typed: str) -> str:
    """A NIK or KK of 15 to 17 digits; anything else, also one rounded by a spreadsheet (7.3E+15), is unknown.

    Serials begin at 0001: one of 0000 was rounded to fifteen digits, or nobody knew it. Many people would share it.
    """
    if not typed:
        return ""
    digits = (
        typed
        if typed.isascii() and typed.isdigit()
        else nik_lib.clean(typed.strip(_QUOTES).removesuffix(".0"))
    )
    if not (digits.isascii() and digits.isdigit() and 15 <= len(digits) <= 17):
        return ""
    return "" if len(set(digits)) <= 2 or digits.endswith("0000") else digits


_SEXES = {
    **dict.fromkeys(("l", "lk", "lakilaki", "laki", "pria", "m", "male", "1", "cowok"), "L"),
    **dict.fromkeys(("p", "pr", "perempuan", "wanita", "w", "f", "female", "2", "cewek"), "P"),
}


@lru_cache(maxsize=500)
def sex_of(typed: str) -> str:
    """L, P, or nothing."""
    return _SEXES.get(re.sub(r"[^a-z0-9]", "", typed.casefold()), "")


@lru_cache(maxsize=20_000)
def place_of(typed: str) -> str:
    """A place's name by sound, without "kab." and "kota"."""
    words = text_lib.search_key(typed[:100]).split()
    kept = [
        word for word in words if word not in ("kab", "kabupaten", "kota", "kec", "kecamatan", "desa", "kel")
    ]
    return "".join(kept)


_STREET = frozenset(
    ["jl", "jln", "jalan", "dusun", "dsn", "dsun", "dukuh", "lingkungan", "lingk", "link", "lk", "rt", "rw", "rk", "no",
     "nomor", "kampung", "kp", "kamp", "desa", "kel", "kelurahan", "blok", "gang", "gg", "lorong", "lr"]
)  # fmt: skip


@lru_cache(maxsize=100_000)
def address_of(typed: str) -> str:
    """An address's own words in the alphabet's order: "Jl. Mawar No. 03, RT 002" is "2 3 mawar"."""
    words = text_lib.search_key(typed[:300]).split()
    kept = {word.lstrip("0") or "0" if word.isdigit() else word for word in words if word not in _STREET}
    return " ".join(sorted(kept))


@lru_cache(maxsize=50_000)
def region_of(typed: str) -> str:
    """A region's code without dots, or its name by sound when it is no code."""
    bare = re.sub(r"[\s.\-]", "", typed[:100])
    return bare[:10] if bare.isascii() and bare.isdigit() else place_of(typed)


_MONTHS = {
    name[:3]: number
    for number, names in enumerate(
        ["jan", "feb peb", "mar", "apr", "mei may", "jun", "jul", "agu aug ags", "sep", "okt oct", "nov nop", "des dec"], 1
    )
    for name in names.split()
}  # fmt: skip
_YEAR_FIRST = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})(?:[T ].*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ]+(\d{1,2}|[A-Za-z]{3,9})[-/. ,]+(\d{4}|\d{2})(?:[T ].*)?")


@lru_cache(maxsize=100_000)
def date_of(typed: str, today: date) -> date | None:
    """A birth date as people and sheets write it; ``None`` when it cannot be read, or lies in the future.

    Day first as in Indonesia, also ISO, month names, eight digits, a year alone (its 1 January), a spreadsheet's day number.
    """
    said = typed.strip()
    found: date | None = None
    try:
        if match := _YEAR_FIRST.fullmatch(said):
            found = _day(int(match[1]), int(match[2]), int(match[3]))
        elif match := _DAY_FIRST.fullmatch(said):
            month = int(match[2]) if match[2].isdigit() else _MONTHS[match[2][:3].casefold()]
            found = _day(_century(match[3], today), month, int(match[1]))
        elif said.isdigit() and len(said) == 8:
            found = _eight_digits(said)
        elif said.isdigit() and len(said) == 4:
            found = date(int(said), 1, 1)
        elif said.isdigit() and len(said) == 5:
            found = date(1899, 12, 30) + timedelta(days=int(said))
    except (ValueError, KeyError, OverflowError):
        return None
    return found if found is not None and date(1890, 1, 1) <= found <= today else None


def _day(year: int, month: int, day: int) -> date:
    """Day and month change places where the month says it must (2/17/1980)."""
    return date(year, day, month) if month > 12 >= day else date(year, month, day)


def _century(year: str, today: date) -> int:
    if len(year) == 4:
        return int(year)
    return 2000 + int(year) if int(year) <= today.year % 100 else 1900 + int(year)


def _eight_digits(said: str) -> date:
    if said[:2] in ("18", "19", "20") and 1 <= int(said[4:6]) <= 12:
        return date(int(said[:4]), int(said[4:6]), int(said[6:]))
    return _day(int(said[4:]), int(said[2:4]), int(said[:2]))


# --- a NIK in its parts ---------------------------------------------------------------------------------------------


def without_forty(nik: str) -> str:
    """The NIK with women's +40 taken off the day; nothing when it has not 16 digits."""
    if len(nik) != 16:
        return ""
    day = int(nik[6:8])
    return f"{nik[:6]}{day - 40:02d}{nik[8:]}" if 41 <= day <= 71 else nik


def slipped(nik: str) -> tuple[str, ...]:
    """The NIK with each two neighbouring digits in the other order, without the forty: what a finger types most often by mistake."""
    pairs = [place for place in range(len(nik) - 1) if nik[place] != nik[place + 1]] if len(nik) == 16 else []
    other = (f"{nik[:at]}{nik[at + 1]}{nik[at]}{nik[at + 2 :]}" for at in pairs)
    return tuple(dict.fromkeys(without_forty(one) for one in other))


# --- keys -----------------------------------------------------------------------------------------------------------

Number = Callable[[str, str], int]
"""From a rule and its parts, a number: the same for the same, and with a secret inside where a NIK is in it."""
SECRET_RULES = frozenset(["nik", "tail", "head", "kk_name", "kk_born"])
"""Keys with a NIK or KK inside: their number is made with the installation's key, never by a plain hash."""


def keys_of(row: Record, number: Number) -> list[int]:
    """The keys under which a row is found although something in it is wrong; rows that share one are compared."""
    found: dict[tuple[str, str], None] = {}
    for place, name in enumerate(row.names or (None,)):
        found.update(dict.fromkeys(key_parts(row, name, whole=place == 0)))
    return [number(rule, parts) for rule, parts in found]


def key_parts(row: Record, name: Name | None, *, whole: bool = True) -> Iterator[tuple[str, str]]:
    """Each key's rule and parts for one name of a row; with ``whole`` also those without a name."""
    born = row.born
    folded = born[:4] + "".join(sorted((born[4:6], born[6:]))) if born else ""
    if whole:
        yield from _nameless_keys(row, born, folded)
    if name is not None:
        yield from _name_keys(row, name, born, folded)


def _nameless_keys(row: Record, born: str, folded: str) -> Iterator[tuple[str, str]]:
    plain = without_forty(row.nik)
    if row.nik:
        yield "nik", plain or row.nik
    if plain:
        yield "head", plain[:12]
    if row.kk and born:
        yield "kk_born", f"{row.kk}{folded}"
    if born and not row.weak_day:
        if row.region:
            yield "born_region", f"{born}{row.region}"
        if row.birth_place:
            yield "born_place", f"{born}{row.birth_place}{row.sex}"


def _name_keys(row: Record, name: Name, born: str, folded: str) -> Iterator[tuple[str, str]]:
    first, last = skeleton(name.core[0]), skeleton(name.core[-1])
    plain = without_forty(row.nik)
    if plain:
        yield "tail", f"{plain[6:]}{first}"
    if born:
        yield "name_year", f"{name.flat}{born[:4]}{row.region[:4]}"
        yield "sound_born", f"{first}{folded}"
        if last != first:
            yield "sound_born", f"{last}{folded}"
        if not row.weak_day:
            yield "initials_born", f"{''.join(sorted(word[0] for word in name.core))}{folded}"
    if row.kk:
        yield "kk_name", f"{row.kk}{first}"
    if row.region:
        yield "name_region", f"{name.flat}{row.region}"
        yield "word_region", f"{first}{born[:4]}{row.region}"
        if last != first:
            yield "word_region", f"{last}{born[:4]}{row.region}"


@lru_cache(maxsize=200_000)
def skeleton(word: str) -> str:
    """A word's first sign and its next three consonants: "nurhaiati" is "nrt". J is heard as i: before 1972 it was y."""
    heard = ["i" if word[0] == "j" else word[0]]
    for sign in word[1:]:
        if sign not in _UNHEARD and sign != heard[-1]:
            heard.append(sign)
    return "".join(heard[:4])
