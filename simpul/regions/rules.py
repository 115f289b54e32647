"""Rules about areas and holidays: codes, zones, names, how an area may change, and which name was probably meant. Pure.

A code is the ministry's (Kemendagri) without dots: 2 digits a province, 4 a regency or city, 6 a district, 10 a village.
Source of the code's form: Permendagri 58/2021 and the decrees that amend its annex.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

PROVINCE, REGENCY, DISTRICT, VILLAGE = 1, 2, 3, 4
LEVEL_OF_LENGTH: Mapping[int, int] = {2: PROVINCE, 4: REGENCY, 6: DISTRICT, 10: VILLAGE}

WIB, WITA, WIT = "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"
ZONES: Mapping[str, str] = {
    **dict.fromkeys("11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 61 62".split(), WIB),
    **dict.fromkeys("51 52 53 63 64 65 71 72 73 74 75 76".split(), WITA),
    **dict.fromkeys("81 82 91 92 93 94 95 96".split(), WIT),
}
"""The time zone of each of the 38 provinces. Source: Keppres 41/1987; newer provinces keep the zone they were split from."""

SHORT_KINDS: Mapping[str, str] = {
    "provinsi": "Prov.",
    "kabupaten": "Kab.",
    "kota": "Kota",
    "kecamatan": "Kec.",
    "desa": "Desa",
    "kelurahan": "Kel.",
    "desa_adat": "Desa Adat",
}
VILLAGE_KINDS: Mapping[str, str] = {"1": "kelurahan", "2": "desa", "3": "desa_adat"}
"""First digit of a code's fourth part, and the kind of village it means."""

HAMLET_RANKS: Mapping[str, int] = {"dusun": 0, "lingkungan": 0, "rw": 1, "rt": 2}
"""Kinds of parts of a village; one lies inside another of a lower rank, never the other way round."""

_CODE = re.compile(r"\d{2}(\d{2}(\d{2}(\d{4})?)?)?")
_SUBJECTS = UUID("6f0f6c0e-5f0c-5d07-9a0b-73051120050a")
_FULL_KIND = re.compile(r"^(Kabupaten|Kota)( Administrasi)? ")


def plain_code(text: str) -> str:
    """The code without dots and spaces ("73.05.11.2005" -> "7305112005"); "" when it is none."""
    code = re.sub(r"[.\s]", "", text)
    return code if _CODE.fullmatch(code) else ""


def is_prefix(code: str) -> bool:
    """True for a code of any level, and for "" (everywhere)."""
    return not code or bool(_CODE.fullmatch(code))


def level_of(code: str) -> int:
    """1 province, 2 regency or city, 3 district, 4 village. Raises ``KeyError`` for what is no plain code."""
    return LEVEL_OF_LENGTH[len(code)]


def lineage(code: str) -> list[str]:
    """The codes from the province down to ``code`` itself: 73, 7305, 730511, 7305112005. A short prefix has fewer."""
    return [code[:length] for length in LEVEL_OF_LENGTH if length <= len(code)]


def zone(code: str) -> str:
    """The IANA zone of a code's province; "" for a province the table does not know (or for everywhere)."""
    return ZONES.get(code[:2], "")


def kind_of(code: str, name: str = "") -> str:
    """The kind of an area by its code; a city is told from a regency by the name the ministry gives it."""
    level = level_of(code)
    if level == REGENCY:
        by_name = name.startswith("Kota ") or int(code[2:]) > 70  # the annex numbers cities from 71
        return "kota" if by_name else "kabupaten"
    if level == VILLAGE:
        return VILLAGE_KINDS.get(code[6], "desa")
    return {PROVINCE: "provinsi", DISTRICT: "kecamatan"}[level]


def short_name(name: str, kind: str) -> str:
    """The name as an address has it: "Desa Massamaturu", "Kec. Polongbangkeng Timur", "Kab. Takalar", "Kota Makassar"."""
    return f"{SHORT_KINDS.get(kind, '')} {_FULL_KIND.sub('', name)}".strip()


def subject_id(code: str) -> UUID:
    """The journal's subject for an area: always the same UUID for the same code."""
    return uuid5(_SUBJECTS, code)


# --- changes of areas -----------------------------------------------------------------------------------------------

CHANGES = ("renamed", "moved", "split", "merged")


@dataclass(frozen=True, slots=True)
class Successor:
    """What an area becomes: its code from then on, and its name. ``kind`` only when the code does not tell."""

    code: str
    name: str
    kind: str = ""


def fault_of_change(kind: str, old: Sequence[str], new: Sequence[str]) -> str:
    """Why ``old`` cannot become ``new`` by a change of this kind; "" when it can.

    renamed: one area keeps its code. moved: one area gets another code (a new district took it over). split: one
    becomes two or more, and may itself go on, smaller. merged: two or more become one, which may be one of them.
    Source: UU 6/2014 art. 7-8 and Permendagri 1/2017 on forming, merging and changing the status of villages.
    """
    if kind not in CHANGES:
        return "kind"
    if not old or not new or len(set(old)) != len(old) or len(set(new)) != len(new):
        return "codes"
    if len({len(code) for code in (*old, *new)}) != 1 or any(
        plain_code(code) != code for code in (*old, *new)
    ):
        return "levels"
    one_to_one = len(old) == len(new) == 1
    fits = {
        "renamed": one_to_one and old[0] == new[0],
        "moved": one_to_one and old[0] != new[0],
        "split": len(old) == 1 and len(new) > 1,
        "merged": len(old) > 1 and len(new) == 1,
    }
    return "" if fits[kind] else "shape"


@dataclass(frozen=True, slots=True)
class Step:
    """One row of history: on this day the old code became (among others) the new one."""

    old_code: str
    new_code: str
    on_date: date


def successors(code: str, steps: Iterable[Step], day: date) -> list[str]:
    """The codes that ``code`` has become by ``day``, in order; the code itself when nothing happened to it.

    Steps are followed forward in time only: a code that is given out again later starts no circle, and the part of a
    split that keeps its code does not split again.
    """
    by_old: dict[str, list[Step]] = {}
    for step in steps:
        if step.on_date <= day:
            by_old.setdefault(step.old_code, []).append(step)
    found: dict[str, None] = {}
    waiting: list[tuple[str, date | None]] = [(code, None)]
    seen: set[tuple[str, date | None]] = set()
    while waiting:
        here = waiting.pop(0)
        if here in seen:
            continue
        seen.add(here)
        current, since = here
        later = [step for step in by_old.get(current, []) if since is None or step.on_date > since]
        if not later:
            found[current] = None
            continue
        first = min(step.on_date for step in later)
        waiting += [(step.new_code, first) for step in later if step.on_date == first]
    return list(found)


# --- searching names ------------------------------------------------------------------------------------------------

_KIND_WORDS = frozenset(
    "desa ds kelurahan kel kampung gampong nagari kecamatan kec distrik kabupaten kab kota provinsi prov".split()
)
_LETTERS = re.compile(r"[^a-z0-9]+")
EXACT, PREFIX, PART = 100.0, 92.0, 78.0
"""How good a match is: the whole name, its beginning, some part of it. A name with typing errors lies below EXACT."""


def words_of(text: str) -> list[str]:
    """The plain lower-case words of a text: accents gone, apostrophes closed up ("Pa'rappunganta" is one word)."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return [word for word in _LETTERS.split(plain.replace("'", "")) if word]


def search_key(name: str) -> str:
    """A name as it is compared: letters and digits only, so that "Bonto Jai" and "Bontojai" are one."""
    return "".join(words_of(_FULL_KIND.sub("", name)))


def name_words(text: str) -> list[str]:
    """The words of what somebody typed, without the leading "desa", "kec." and the like."""
    words = words_of(text)
    while len(words) > 1 and words[0] in _KIND_WORDS:
        words = words[1:]
    return words


def allowed_errors(key: str) -> int:
    """How many typing errors are forgiven in a name of this length."""
    return 0 if len(key) < 4 else 1 if len(key) < 6 else 2 if len(key) < 10 else 3


def similarity(errors: int, length: int) -> float:
    """The score of a name with typing errors: 100 for none, less for each, weighing more in a short name."""
    return EXACT - 100.0 * errors / max(length, 1) * 0.8


def nearness(code: str, inside: str) -> float:
    """What a match gains by lying in, or near, the place that asks: the same district most, then regency, province."""
    shared = next(
        (length for length in (10, 6, 4, 2) if len(inside) >= length and code[:length] == inside[:length]), 0
    )
    return {0: 0.0, 2: 6.0, 4: 14.0, 6: 18.0, 10: 20.0}[shared]


# --- holidays -------------------------------------------------------------------------------------------------------

PUBLIC_HOLIDAY, JOINT_LEAVE, LOCAL_HOLIDAY = "public", "joint_leave", "local"
ALARM_MONTH = 10
"""From 1 October the next year's joint leave should be known: the joint decree (SKB) usually comes in September."""


def years_to_watch(today: date) -> list[int]:
    """The years whose joint leave must be known by today: this one, and from 1 October the next."""
    return [today.year, today.year + 1] if today.month >= ALARM_MONTH else [today.year]


def week_days(week: str) -> frozenset[int]:
    """The office week "12345" as ISO weekdays (Monday is 1). Raises ``ValueError`` for what is no week."""
    days = frozenset(int(digit) for digit in week if digit in "1234567")
    if not days or len(days) != len(week):
        raise ValueError(f"{week!r} is no office week; write the working days as digits, Monday is 1: 12345")
    return days
