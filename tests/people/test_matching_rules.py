"""Rules of matching: names, numbers, dates, keys, levels, guards."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simpul.people.queries.match_weights import weights
from simpul.people.rules import match_levels, match_record, matching

TODAY = date(2026, 11, 25)
ROWS = 200_000


def row(**given: Any) -> matching.Record:
    return matching.record(today=TODAY, **given)


def score(one: matching.Record, other: matching.Record) -> float:
    return matching.compare(one, other, weights(), rows=ROWS).score


def keys(one: matching.Record) -> set[int]:
    return set(matching.keys_of(one, lambda rule, parts: hash((rule, parts))))


FULL = {
    "name": "Siti Aminah",
    "nik": "7303015708750001",
    "kk": "7303010101010011",
    "sex": "P",
    "birth_date": date(1975, 8, 17),
    "birth_place": "Bantaeng",
    "address": "Jl. Mawar No. 3",
    "region": "73.03.01.2008",
}


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("Hj. St. Aminah, S.Pd", "Sitti Aminah", "same"),
        ("Moh. Zaenal Arifin, SE", "MUHAMMAD ZAINAL ARIPIN", "same"),
        ("Soekarno", "Sukarno", "same"),
        ("Tjokro Djoyo", "Cokro Joyo", "same"),
        ("Siti Aminah", "Aminah", "same_words"),
        ("Rahman Abdul", "Abdul Rahman", "same_words"),
        ("Nurhayati", "Nur Hayati", "same_words"),
        ("Fatimah Azzahra", "Fatimah Azahrah", "near"),
        ("Rahman", "Abdul Rahman Saleh", "part"),
        ("Baso Rahim / Dg. Sikki", "Daeng Sikki", "same"),
        ("Siti", "Siti Rahmawati", "loose"),
        ("Hasan", "Husain", "other"),
        ("Siti Aisyah", "Siti Aminah", "other"),
        ("Rina", "Rini", "other"),
    ],
)
def test_names_are_compared_by_sound_words_and_aliases(one: str, other: str, level: str) -> None:
    found = matching.levels(row(name=one), row(name=other))["name"]
    assert match_levels.level_name("name", found) == level


@pytest.mark.parametrize(
    ("nik", "level"),
    [
        ("7303015708750001", "same"),
        ("7303011708750001", "forty"),  # the 40 forgotten
        ("7303015709760001", "two_digits"),
        ("7303015078750001", "one_digit"),  # two digits that changed places
        ("7303025708750001", "area"),
        ("7303015708750002", "neighbour"),
        ("7303011509990004", "other"),
    ],
)
def test_niks_are_compared_by_their_parts(nik: str, level: str) -> None:
    found = matching.levels(row(nik="7303015708750001"), row(nik=nik))["nik"]
    assert match_levels.level_name("nik", found) == level


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("1975-08-17", date(1975, 8, 17)),
        ("17/08/1975", date(1975, 8, 17)),
        ("17-8-75", date(1975, 8, 17)),
        ("17 Agustus 1975", date(1975, 8, 17)),
        ("08/17/1975", date(1975, 8, 17)),
        ("17081975", date(1975, 8, 17)),
        ("1975", date(1975, 1, 1)),
        ("1975-08-17 00:00:00", date(1975, 8, 17)),
        ("2031-01-01", None),
        ("31/02/1980", None),
        ("kemarin", None),
    ],
)
def test_dates_are_read_as_people_write_them(typed: str, day: date | None) -> None:
    assert match_record.date_of(typed, TODAY) == day


def test_a_birth_date_that_is_missing_is_read_from_the_nik() -> None:
    found = row(nik=FULL["nik"])
    assert (found.birth_date, found.sex) == (date(1975, 8, 17), "P")


@pytest.mark.parametrize("nik", ["7.30301E+15", "123", "0000000000000000", "7303010000000000", "tidak ada"])
def test_a_number_that_is_none_is_unknown(nik: str) -> None:
    assert row(nik=nik).nik == ""


SAME = {
    "typing": {"name": "Sitti Amina"},
    "one word": {"name": "Aminah"},
    "alias": {"name": "Dg. Kanang / Aminah"},
    "old spelling and title": {"name": "Hj. Sitti Aminah"},
    "forty": {"nik": "7303011708750001"},
    "no nik": {"nik": "", "kk": ""},
    "swapped digits": {"nik": "7303015078750001"},
    "first of January": {"birth_date": date(1975, 1, 1), "nik": ""},
    "day and month": {"birth_date": date(1975, 8, 12)},
    "moved": {"region": "7303022001", "address": "", "kk": "7303020101200044"},
}


@pytest.mark.parametrize("changes", SAME.values(), ids=SAME.keys())
def test_errors_of_clerks_leave_a_person_one(changes: dict[str, Any]) -> None:
    one, other = row(**FULL), row(**(FULL | changes))
    assert keys(one) & keys(other)
    assert score(one, other) >= matching.SURE


OTHERS = {
    "twin": {"name": "Siti Aisyah", "nik": "7303015708750002"},
    "twin with a like name": {"name": "Siti Amina", "nik": "7303015708750002"},
    "twin without number": {"name": "Siti Aisyah", "nik": ""},
    "sister": {"name": "Siti Aminati", "nik": "7303014503780001", "birth_date": date(1978, 3, 5)},
    "sister without number": {"name": "Siti Amira", "nik": "", "birth_date": date(1978, 3, 5)},
    "mother of the same name": {"nik": "", "birth_date": date(1950, 2, 3)},
    "namesake elsewhere": {
        "nik": "", "kk": "", "birth_date": None, "region": "7305042001", "address": "", "birth_place": "",
    },
    "man of the house": {"name": "Aminuddin", "sex": "L", "nik": "", "birth_date": date(1970, 5, 5)},
    "the head's number": {"name": "Baso Rahim", "sex": "L", "birth_date": date(1970, 5, 5)},
}  # fmt: skip


@pytest.mark.parametrize("changes", OTHERS.values(), ids=OTHERS.keys())
def test_twins_sisters_and_namesakes_are_never_certain(changes: dict[str, Any]) -> None:
    assert score(row(**FULL), row(**(FULL | changes))) < matching.SURE


def test_father_and_son_of_one_name_are_two() -> None:
    father = row(
        name="Muhammad Rahman", sex="L", birth_date=date(1970, 3, 2), kk=FULL["kk"], region="7303012008"
    )
    son = row(
        name="Muhammad Rahman", sex="L", birth_date=date(1998, 7, 9), kk=FULL["kk"], region="7303012008"
    )
    assert score(father, son) <= matching.DOUBT


def test_a_common_name_says_less_than_a_rare_one() -> None:
    def pair(name: str) -> float:
        one = row(name=name, birth_date=date(1980, 4, 6), region="7303012008")
        return score(one, row(name=name, birth_date=date(1980, 4, 6), region="7304012008"))

    assert pair("Muhammad Rahman") < pair("Wexabu Qolintara")


def test_an_empty_row_is_nobody() -> None:
    nobody = row()
    assert keys(nobody) == set()
    assert score(nobody, nobody) <= matching.DOUBT
    assert score(nobody, row(**FULL)) <= matching.DOUBT


WORDS = st.sampled_from(
    [
        "Siti",
        "Aminah",
        "Muhammad",
        "Rahman",
        "Andi",
        "Baso",
        "Daeng",
        "Sikki",
        "Nur",
        "Hayati",
        "Ali",
        "Fatimah",
        "",
    ]
)
ROW = st.builds(
    row,
    name=st.lists(WORDS, max_size=4).map(" ".join) | st.text(max_size=40),
    nik=st.from_regex(r"7303[0-9]{12}", fullmatch=True) | st.just("") | st.text(max_size=20),
    kk=st.sampled_from(["", "7303010101010011", "7303010101010012"]),
    sex=st.sampled_from(["", "L", "P", "laki-laki", "?"]),
    birth_date=st.none() | st.dates(date(1930, 1, 1), date(2025, 12, 31)),
    birth_place=st.sampled_from(["", "Bantaeng", "Banteng", "Gowa"]),
    address=st.text(max_size=30),
    region=st.sampled_from(["", "7303012008", "73.03.01.2008", "Bonto Jai"]),
)


@settings(max_examples=120, deadline=None)
@given(ROW, ROW)
def test_comparing_is_symmetric_and_within_bounds(one: matching.Record, other: matching.Record) -> None:
    here, there = (matching.compare(a, b, weights(), rows=ROWS) for a, b in ((one, other), (other, one)))
    assert here == there
    assert 0.0 <= here.score <= 1.0
    assert set(matching.reasons(here)) <= {
        f"{compared}.{name}" for compared, levels in matching.COMPARED.items() for name in levels
    }


@settings(max_examples=60, deadline=None)
@given(ROW)
def test_equal_rows_share_all_their_keys(one: matching.Record) -> None:
    assert all(
        0 <= key < 2**63
        for key in matching.keys_of(one, lambda rule, parts: hash((rule, parts)) & (2**63 - 1))
    )
    assert keys(one) == keys(one)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 14), ROW)
def test_swapping_two_digits_never_makes_another_person_certain(at: int, other: matching.Record) -> None:
    """Two digits of a NIK that change places are a slip; they bring nobody else's row to certainty."""
    nik = FULL["nik"]
    assert isinstance(nik, str)
    swapped = nik[:at] + nik[at + 1] + nik[at] + nik[at + 2 :]
    one, slipped = row(**FULL), row(**(FULL | {"nik": swapped}))
    if score(one, other) < 0.3:
        assert score(slipped, other) < matching.SURE


CARD = {"kk": "7303010101010011", "region": "7303012008"}
TWO_PERSONS = {
    "the head's NIK for the whole family, no birth dates": (
        {"name": "Siti Aminah", "nik": "7303015708750001"},
        {"name": "Budi Santoso", "nik": "7303015708750001"},
    ),
    "father and son, both born on 1 January": (
        {"name": "Muhammad Rahman", "sex": "L", "birth_date": date(1970, 1, 1), **CARD},
        {"name": "Muhammad Rahman", "sex": "L", "birth_date": date(1990, 1, 1), **CARD},
    ),
    "twins with high serials": (
        {"name": "Ahmad Fadil", "nik": "7303010505100113", "birth_date": date(2010, 5, 5), **CARD},
        {"name": "Ahmad Fadli", "nik": "7303010505100114", "birth_date": date(2010, 5, 5), **CARD},
    ),
    "one word and 1 January in one village": (
        {"name": "Hasan", "sex": "L", "birth_date": date(1960, 1, 1), "region": "7303012008"},
        {"name": "Hasan", "sex": "L", "birth_date": date(1960, 1, 1), "region": "7303012008"},
    ),
    "NIKs rounded to fifteen digits": (
        {"name": "Hasan", "nik": "7303010505100000", "birth_date": date(2010, 5, 5), "kk": CARD["kk"]},
        {"name": "Hasanuddin", "nik": "7303010505100000", "birth_date": date(2010, 5, 5)},
    ),
}


@pytest.mark.parametrize("pair", TWO_PERSONS)
@pytest.mark.parametrize("rows", [2, ROWS])
def test_two_persons_are_never_called_one(pair: str, rows: int) -> None:
    one, other = (row(**given) for given in TWO_PERSONS[pair])
    assert matching.compare(one, other, weights(), rows=rows).score < matching.SURE


def test_an_equal_number_alone_is_still_sure() -> None:
    one = row(nik="7303015708750001")
    assert score(one, one) >= matching.SURE
    assert score(one, row(**FULL)) >= matching.SURE
