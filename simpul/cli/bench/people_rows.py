"""Invented residents in many lists: families, twins, namesakes, and the errors that clerks and sheets make. The same seed, the same rows.

Each person stands in one to four rows; ``person`` is the truth that a benchmark compares with.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate

from simpul.cli.bench import people_names as names

Row = dict[str, str]
Hit = Callable[[float], bool]
COLUMNS = ("id", "nik", "kk", "name", "sex", "birth_date", "birth_place", "address", "region")


@dataclass(slots=True)
class Errors:
    """How often each thing goes wrong in a row; ``times`` makes all of it more or less frequent."""

    times: float = 1.0
    typo: float = 0.10
    one_word: float = 0.06
    word_left_out: float = 0.05
    alias: float = 0.05
    old_spelling: float = 0.06
    title: float = 0.12
    short_form: float = 0.25
    swapped: float = 0.02
    nik_missing: float = 0.22
    nik_forty: float = 0.05
    nik_swapped: float = 0.03
    nik_digit: float = 0.03
    nik_area: float = 0.01
    nik_of_family: float = 0.004
    kk_missing: float = 0.25
    kk_digit: float = 0.02
    kk_other: float = 0.06
    born_missing: float = 0.05
    born_january: float = 0.07
    born_swapped: float = 0.02
    born_digit: float = 0.02
    born_year: float = 0.015
    sex_missing: float = 0.05
    sex_wrong: float = 0.004
    place_missing: float = 0.15
    place_other: float = 0.04
    address_missing: float = 0.2
    address_other: float = 0.3
    moved: float = 0.05
    region_missing: float = 0.03


@dataclass(slots=True)
class Person:
    """Who somebody is, before anybody mistypes it."""

    name: str
    sex: str
    born: date
    nik: str
    kk: str
    place: str
    address: str
    region: str
    family: list[Person] = field(default_factory=list)


class Town:
    """A generator of families, and of the rows in which lists show them."""

    def __init__(self, seed: int, errors: Errors | None = None, villages: int = 200) -> None:
        self.draw = random.Random(seed)  # noqa: S311 - invented people, the same everywhere
        self.errors = errors or Errors()
        self.villages = [
            f"73{1 + number // 80:02d}{1 + number // 8 % 10:02d}{2001 + number % 8}"
            for number in range(villages)
        ]
        self._serials: dict[str, int] = {}
        self._weights = {
            id(words): list(accumulate(1 / (rank + 3) for rank in range(len(words))))
            for words in (names.MEN, names.WOMEN, names.LAST, names.LAST_WOMEN)
        }

    def rows(self, count: int) -> Iterator[tuple[Row, int]]:
        """``count`` rows in a shuffled order, each with the number of its person."""
        made: list[tuple[Row, int]] = []
        number = 0
        while len(made) < count:
            for person in self.family():
                number += 1
                copies = self.draw.choices((1, 2, 3, 4), (70, 23, 5, 2))[0]
                made += [(self.row(person, first=copy == 0), number) for copy in range(copies)]
        del made[count:]
        self.draw.shuffle(made)
        for place, (row, person_number) in enumerate(made, 1):
            row["id"] = str(place)
            yield row, person_number

    # --- people ---

    def family(self) -> list[Person]:
        """One family card: parents, children, now and then twins, a grandparent, a son with his father's name."""
        region = self.draw.choice(self.villages)
        kk = f"{region[:6]}{self._day(2000, 2024):%d%m%y}{self.draw.randint(1, 60):04d}"
        address = f"Jl. {self.draw.choice(names.STREETS)} No. {self.draw.randint(1, 120)}"
        father_born = self._born(1945, 2000)
        members = [
            self._person("L", father_born, kk, address, region),
            self._person("P", self._shift(father_born, -2, 9), kk, address, region),
        ]
        year = father_born.year + self.draw.randint(20, 30)
        for _child in range(self.draw.choices(range(7), (8, 20, 27, 22, 12, 7, 4))[0]):
            if year > 2024:
                break
            members += self._children(year, members[0], kk, address, region)
            year += self.draw.randint(1, 4)
        if self.draw.random() < 0.1:
            members.append(
                self._person(self.draw.choice("LP"), self._shift(father_born, -32, -20), kk, address, region)
            )
        for member in members:
            member.family = members
        return members

    def _children(self, year: int, father: Person, kk: str, address: str, region: str) -> Iterator[Person]:
        born = self._born(year, year)
        sex = self.draw.choice("LP")
        child = self._person(sex, born, kk, address, region)
        if sex == "L" and self.draw.random() < 0.02:
            child.name = father.name
        yield child
        if self.draw.random() < 0.012:
            twin = self._person(
                sex if self.draw.random() < 0.7 else self.draw.choice("LP"), born, kk, address, region
            )
            if twin.sex == sex and " " in child.name and self.draw.random() < 0.5:
                twin.name = f"{child.name.split()[0]} {twin.name.split()[-1]}"
            if twin.name != child.name:
                twin.place = child.place
                yield twin

    def _person(self, sex: str, born: date, kk: str, address: str, region: str) -> Person:
        area = region[:6] if self.draw.random() < 0.8 else self.draw.choice(self.villages)[:6]
        place = (
            names.PLACES[int(area[2:4]) % 9] if self.draw.random() < 0.85 else self.draw.choice(names.PLACES)
        )
        return Person(self._name(sex), sex, born, self._nik(area, born, sex), kk, place, address, region)

    def _name(self, sex: str) -> str:
        first, last = (names.MEN, names.LAST) if sex == "L" else (names.WOMEN, names.LAST_WOMEN)
        words = [self._pick(first)]
        if self.draw.random() < 0.8 or words[0] in ("Muhammad", "Abdul", "Siti", "Nur", "Andi", "Sri"):
            words.append(self._pick(last if self.draw.random() < 0.6 else first))
        if self.draw.random() < 0.18:
            words.append(self._pick(last))
        return " ".join(dict.fromkeys(words))

    def _pick(self, words: list[str]) -> str:
        return self.draw.choices(words, cum_weights=self._weights[id(words)])[0]

    def _nik(self, area: str, born: date, sex: str) -> str:
        head = f"{area}{born.day + (40 if sex == 'P' else 0):02d}{born:%m%y}"
        serial = self._serials.get(head, 0) + (1 if self.draw.random() < 0.85 else self.draw.randint(1, 6))
        self._serials[head] = serial
        return f"{head}{serial:04d}"

    def _born(self, first: int, last: int) -> date:
        """A birth date; for the old, often 1 January on every paper they have."""
        day = self._day(first, last)
        return day.replace(month=1, day=1) if day.year < 1975 and self.draw.random() < 0.1 else day

    def _day(self, first: int, last: int) -> date:
        return date(first, 1, 1) + timedelta(days=self.draw.randint(0, (last - first + 1) * 365 - 1))

    def _shift(self, day: date, first: int, last: int) -> date:
        year = day.year + self.draw.randint(first, last)
        return self._born(year, year)

    # --- rows ---

    def row(self, person: Person, *, first: bool = False) -> Row:
        """A person as one list shows them; the first list is the civil office's, with few errors."""
        wrong, draw = self.errors, self.draw
        times = wrong.times * (0.4 if first else 1.0)

        def hit(rate: float) -> bool:
            return draw.random() < rate * times

        region = draw.choice(self.villages) if hit(wrong.moved) else person.region
        sex = "" if hit(wrong.sex_missing) else person.sex
        return {
            "id": "",
            "nik": self._nik_typed(person, hit),
            "kk": self._kk_typed(person, hit),
            "name": self.name_typed(person, times),
            "sex": {"L": "P", "P": "L"}.get(sex, "") if hit(wrong.sex_wrong) else sex,
            "birth_date": self._born_typed(person.born, hit),
            "birth_place": self._place_typed(person, hit),
            "address": self._address_typed(person.address, hit),
            "region": "" if hit(wrong.region_missing) else region,
        }

    def name_typed(self, person: Person, times: float) -> str:
        """A name with what clerks do to it."""
        wrong, draw = self.errors, self.draw

        def hit(rate: float) -> bool:
            return draw.random() < rate * times

        name = _short(person.name, draw) if hit(wrong.short_form) else person.name
        words = name.split()
        if len(words) > 1 and hit(wrong.one_word):
            words = [draw.choice(words if words[0] not in ("Muhammad", "Siti") else words[1:])]
        elif len(words) > 1 and hit(wrong.word_left_out):
            del words[draw.randrange(len(words))]
        elif len(words) > 1 and hit(wrong.swapped):
            words.reverse()
        if hit(wrong.typo):
            at = max(range(len(words)), key=lambda place: (len(words[place]), place))
            words[at] = typo(words[at], draw)
        name = " ".join(words)
        if hit(wrong.old_spelling):
            name = old_spelling(name)
        if hit(wrong.title):
            name = f"{draw.choice(names.TITLES_MEN if person.sex == 'L' else names.TITLES_WOMEN)} {name}"
        if hit(wrong.title / 3):
            name += draw.choice(names.DEGREES)
        if hit(wrong.alias):
            nick = f"Dg. {draw.choice(names.NICK)}"
            name = f"{name} / {nick}" if draw.random() < 0.7 else f"{nick} / {name}"
        return name.upper() if draw.random() < 0.4 else name

    def _nik_typed(self, person: Person, hit: Hit) -> str:
        wrong, draw, nik = self.errors, self.draw, person.nik
        if hit(wrong.nik_missing):
            return ""
        if person.sex == "P" and hit(wrong.nik_forty):
            return f"{nik[:6]}{int(nik[6:8]) - 40:02d}{nik[8:]}"
        if hit(wrong.nik_of_family):
            return draw.choice(person.family).nik
        if hit(wrong.nik_swapped):
            at = draw.randrange(15)
            return nik[:at] + nik[at + 1] + nik[at] + nik[at + 2 :]
        if hit(wrong.nik_digit):
            return _digit(nik, draw)
        return draw.choice(self.villages)[:6] + nik[6:] if hit(wrong.nik_area) else nik

    def _kk_typed(self, person: Person, hit: Hit) -> str:
        wrong, draw = self.errors, self.draw
        if hit(wrong.kk_missing):
            return ""
        if hit(wrong.kk_other):
            return f"{person.region[:6]}{self._day(2000, 2024):%d%m%y}{draw.randint(1, 60):04d}"
        return _digit(person.kk, draw) if hit(wrong.kk_digit) else person.kk

    def _born_typed(self, born: date, hit: Hit) -> str:
        wrong, draw = self.errors, self.draw
        if hit(wrong.born_missing):
            return ""
        if hit(wrong.born_january):
            born = date(born.year, 1, 1)
        elif born.day <= 12 and hit(wrong.born_swapped):
            born = date(born.year, born.day, born.month)
        elif born.day <= 28 and hit(wrong.born_year):
            born = date(born.year + draw.choice((-1, 1)), born.month, born.day)
        elif hit(wrong.born_digit):
            born = born.replace(day=max(1, min(28, born.day + draw.choice((-10, -1, 1, 10)))))
        return born.isoformat()

    def _place_typed(self, person: Person, hit: Hit) -> str:
        wrong, draw = self.errors, self.draw
        if hit(wrong.place_missing):
            return ""
        place = draw.choice(names.PLACES) if hit(wrong.place_other) else person.place
        return typo(place, draw) if hit(wrong.typo / 3) else place

    def _address_typed(self, address: str, hit: Hit) -> str:
        wrong, draw = self.errors, self.draw
        if hit(wrong.address_missing):
            return ""
        if hit(wrong.address_other):
            return address.replace("Jl. ", draw.choice(("Jalan ", "Dusun ", ""))).replace("No. ", "")
        return address


def typo(word: str, draw: random.Random) -> str:
    """One slip: a sign changed, lost, doubled, or two swapped."""
    if len(word) < 3:
        return word
    at = draw.randrange(1, len(word))
    kind = draw.randrange(4)
    if kind == 0:
        return word[:at] + draw.choice("aiueonrstlkm") + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    if kind == 2:
        return word[:at] + draw.choice("aiueonrstlkm") + word[at:]
    return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]


def old_spelling(name: str) -> str:
    """As before 1972: oe, dj, tj, j for y."""
    for new, old in (("y", "~"), ("j", "dj"), ("~", "j"), ("c", "tj"), ("u", "oe")):
        name = name.replace(new, old)
    return name.replace("J", "Dj").replace("C", "Tj").replace("Y", "J").replace("U", "Oe")


def _short(name: str, draw: random.Random) -> str:
    for long, shorts in (
        ("Muhammad", ("Muh.", "Moh.", "M.", "Mohammad")),
        ("Abdul", ("Abd.",)),
        ("Siti", ("St.", "Sitti")),
        ("Andi", ("A.",)),
        ("Ahmad", ("Akhmad",)),
    ):
        name = name.replace(long, draw.choice(shorts))
    return name


def _digit(number: str, draw: random.Random) -> str:
    at = draw.randrange(len(number))
    return number[:at] + str((int(number[at]) + draw.randint(1, 9)) % 10) + number[at + 1 :]
