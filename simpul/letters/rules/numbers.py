"""How a letter's number is written, which series it belongs to, and which numbers of a series nobody can explain.

Source: Permendagri 83/2022 art. 3(5)-(6): archive codes are numeric and the basis of letter numbers. Everything else about a number is
the village's custom, so its pattern is data: ``{kode_klasifikasi}/{urut:3}/{kode_desa}/{bulan_romawi}/{tahun}``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches


def _(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


PLACES: Mapping[str, str] = {
    "kode_klasifikasi": _("Archive code of the kind of letter"),
    "urut": _("The number itself; {urut:3} writes it with at least three digits"),
    "kode_desa": _("Code of the village"),
    "singkatan": _("Short name of the village in numbers"),
    "bulan": _("Month, two digits"),
    "bulan_romawi": _("Month in Roman numerals"),
    "tahun": _("Year"),
    "tahun_pendek": _("Year, two digits"),
}
"""Place of a pattern -> what it stands for, in English."""

MODES: Mapping[str, str] = {
    "services": _("One series for all service letters"),
    "types": _("A series of its own for each kind of letter"),
    "one": _("One series for everything, incoming letters too"),
}
"""Series mode -> its words in English."""

MOST_SIGNS = 100
LARGEST = 999_999
"""No village writes a million letters of one series in a year; a larger number is a slip of the pen."""
MOST_RESERVED = 200
"""So many numbers at once may be set aside for a post without a network."""
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")

_PLACE = re.compile(r"\{([^{}]*)\}")
_NAME = re.compile(r"([a-z_]+)(?::([1-6]))?")
_PLAIN = re.compile(r"[A-Za-z0-9 ./\-_]*")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a pattern: ``code``, the word it is about, and what was probably meant."""

    code: str  # unknown, no_number, no_year, bad_sign, too_long, bad_width, unclosed
    word: str = ""
    meant: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a pattern: plain signs, or names of which the first that has a value is printed."""

    plain: str = ""
    names: tuple[str, ...] = ()
    width: int = 0


@dataclass(frozen=True, slots=True)
class Given:
    """What a number is made of."""

    number: int
    day: date
    archive_code: str
    village_code: str
    short_code: str = ""


def problems_of(pattern: str) -> tuple[Problem, ...]:
    """Everything that stands against a pattern; nothing when it can be used."""
    found: list[Problem] = [Problem("too_long")] if len(pattern) > MOST_SIGNS else []
    names: set[str] = set()
    for inside in _PLACE.findall(pattern):
        for one in inside.split("|"):
            found += _fault_of(one.strip())
            names.add(one.strip().partition(":")[0])
    rest = _PLACE.sub("", pattern)
    if "{" in rest or "}" in rest:
        found.append(Problem("unclosed"))
    elif _PLAIN.fullmatch(rest) is None:
        found.append(Problem("bad_sign", re.sub(r"[A-Za-z0-9 ./\-_]", "", rest)[:10]))
    if "urut" not in names:
        found.append(Problem("no_number"))
    if not names & {"tahun", "tahun_pendek"}:
        found.append(Problem("no_year"))
    return tuple(dict.fromkeys(found))


def _fault_of(place: str) -> list[Problem]:
    match = _NAME.fullmatch(place)
    name = place.partition(":")[0]
    if name not in PLACES:
        near = get_close_matches(name, PLACES, n=1, cutoff=0.5)
        return [Problem("unknown", name[:40], near[0] if near else "")]
    if match is None or (match[2] and name != "urut"):
        return [Problem("bad_width", place[:40])]
    return []


def parse(pattern: str) -> tuple[Part, ...]:
    """The pieces of a pattern without problems.

    Raises:
        ValueError: it has some; ask ``problems_of`` first.
    """
    if problems_of(pattern):
        raise ValueError(pattern)
    parts: list[Part] = []
    at = 0
    for found in _PLACE.finditer(pattern):
        parts.append(Part(plain=pattern[at : found.start()]))
        at = found.end()
        names = [one.strip() for one in found[1].split("|")]
        width = max(int(one.partition(":")[2] or 0) for one in names)
        parts.append(Part(names=tuple(one.partition(":")[0] for one in names), width=width))
    parts.append(Part(plain=pattern[at:]))
    return tuple(part for part in parts if part.plain or part.names)


def render(pattern: str, given: Given) -> str:
    """The number as it is printed on the letter.

    Raises:
        ValueError: the pattern has problems.
    """
    values = {
        "kode_klasifikasi": given.archive_code,
        "kode_desa": given.village_code,
        "singkatan": given.short_code,
        "bulan": f"{given.day.month:02}",
        "bulan_romawi": ROMAN[given.day.month - 1],
        "tahun": str(given.day.year),
        "tahun_pendek": f"{given.day.year % 100:02}",
    }
    return "".join(_shown(part, values, given.number) for part in parse(pattern))


def _shown(part: Part, values: Mapping[str, str], number: int) -> str:
    if not part.names:
        return part.plain
    if "urut" in part.names:
        return str(number).zfill(part.width)
    return next((values[name] for name in part.names if values[name]), "")


def series_key(mode: str, type_code: str, *, book: str = "letters") -> str:
    """Which series a letter's number comes from. ``book`` is "incoming" or "outgoing" for the agenda's own letters.

    In the mode "one" everything shares one series, as one agenda book does.
    """
    if mode == "one":
        return "one"
    if book != "letters":
        return book
    return f"type:{type_code}"[:48] if mode == "types" else "services"


def row_key(region_code: str, series: str, year: int) -> str:
    """The key of the row that holds the last number of a series in a year."""
    return f"{region_code}/{series}/{year}"


def missing(last: int, taken: Collection[int]) -> list[int]:
    """The numbers up to the last that nobody can explain: neither used, nor void with a reason, nor set aside."""
    known = taken if isinstance(taken, set | frozenset) else set(taken)
    return [number for number in range(1, last + 1) if number not in known]


def spans(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Neighbours joined: 1, 2, 3, 7 becomes (1, 3), (7, 7), for a list that people read."""
    joined: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if joined and joined[-1][1] == number - 1:
            joined[-1] = (joined[-1][0], number)
        else:
            joined.append((number, number))
    return joined
