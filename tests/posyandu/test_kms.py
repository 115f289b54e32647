"""N, T, O, B: what a weighing comes to, by sex, month, gap and version; and that every weighed child is one of the four."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.posyandu.rules import kms
from tests.posyandu.judged import Grown, book, entry

ON = date(2026, 11, 12)
KBM = book().data("kbm")


def line(year: int, month: int, grams: int | None, status: str = "N", day: int = 12) -> kms.Past:
    return kms.Past(date(year, month, day), grams, status=status)


@pytest.mark.parametrize(
    ("version", "sex", "month", "grams"),
    [
        *(
            ("kms-by-sex", "L", month, grams)
            for month, grams in (
                (1, 800),
                (2, 900),
                (3, 800),
                (4, 600),
                (5, 500),
                (6, 400),
                (7, 400),
                (8, 300),
                (11, 300),
                (12, 200),
                (60, 200),
            )
        ),
        *(
            ("kms-by-sex", "P", month, grams)
            for month, grams in (
                (1, 800),
                (2, 900),
                (3, 800),
                (4, 600),
                (5, 500),
                (6, 400),
                (7, 300),
                (10, 300),
                (11, 200),
                (12, 200),
            )
        ),
        *(
            ("field-workbook", sex, month, grams)
            for sex in "LP"
            for month, grams in ((2, 900), (3, 600), (4, 600), (6, 400), (7, 300), (10, 300), (11, 200))
        ),
        *(
            ("kia-2023-to-12", sex, month, grams)
            for sex in "LP"
            for month, grams in ((3, 800), (7, 400), (8, 300), (12, 300), (13, 200))
        ),
        *(
            ("kia-2023-to-11", sex, month, grams)
            for sex in "LP"
            for month, grams in ((6, 400), (7, 300), (11, 300), (12, 200))
        ),
        ("kms-by-sex", "L", 0, 800),
        ("kms-by-sex", "", 7, 300),
    ],
)
def test_the_gain_that_counts(version: str, sex: str, month: int, grams: int) -> None:
    assert kms.gain_wanted(book(kbm=version).data("kbm"), sex, month) == grams


@pytest.mark.parametrize(
    ("past", "grams", "wanted"),
    [
        ([], 6000, "B"),
        ([line(2026, 11, 6000, day=1)], 6000, "B"),  # earlier in this month is no earlier weighing
        ([line(2026, 9, 6000)], 9000, "O"),
        ([line(2026, 10, 6000)], 6400, "N"),
        ([line(2026, 10, 6000)], 6399, "T"),
        ([line(2026, 10, 6000)], 5900, "T"),
        ([line(2026, 10, None), line(2026, 9, 6000)], 7000, "O"),  # came and was not weighed
        ([line(2026, 9, 5000), line(2026, 10, 6000)], 6400, "N"),  # in any order
        ([line(2025, 10, 6000)], 9000, "O"),
    ],
)
def test_status(past: list[kms.Past], grams: int, wanted: str) -> None:
    assert kms.status(past, grams, 6, "L", ON, KBM) == wanted


def test_without_weight_or_age_there_is_no_status() -> None:
    assert kms.status([], None, 6, "L", ON, KBM) == ""
    assert kms.status([], 6000, None, "L", ON, KBM) == ""


def test_one_copy_multiplies_by_the_months_between() -> None:
    times = book(kbm="multiplied").data("kbm")
    assert kms.status([line(2026, 9, 6000)], 6799, 6, "L", ON, times) == "T"
    assert kms.status([line(2026, 9, 6000)], 6800, 6, "L", ON, times) == "N"
    assert kms.status([line(2026, 7, 6000)], 9000, 6, "L", ON, times) == "O"


def test_two_in_a_row_skip_months_without_weighing() -> None:
    assert kms.two_t([line(2026, 10, 6000, "T")], "T", ON)
    assert not kms.two_t([line(2026, 10, 6000, "N")], "T", ON)
    assert not kms.two_t([line(2026, 10, 6000, "T")], "N", ON)
    assert not kms.two_t([], "T", ON)
    # T in August, nothing in September, O in October (so nothing can be told), T now
    assert kms.two_t([line(2026, 10, 6000, "O"), line(2026, 8, 6000, "T")], "T", ON)
    assert kms.two_t([line(2026, 10, None, ""), line(2026, 9, 6000, "T")], "T", ON)
    assert not kms.two_t([line(2026, 11, 6000, "T", day=2)], "T", ON)  # the same month counts once


def test_below_the_red_line() -> None:
    assert kms.bgm(-301)
    assert not kms.bgm(-300)
    assert not kms.bgm(None)


def test_what_t_and_two_t_ask_for() -> None:
    columns = {"weight_g": 6100}
    once = entry("B", sex="L", months=6, columns=columns, past=[line(2026, 10, 6000)])
    assert (once["kbm:T"].finding, once["kbm:T"].refer) == ("not_gaining", True)
    twice = entry("B", sex="L", months=6, columns=columns, past=[line(2026, 10, 6000, "T")])
    assert twice["kms:two_t"].finding == "two_not_gaining"
    assert twice["kbm:T"].finding == ""
    kind = entry(
        "B",
        sex="L",
        months=6,
        columns=columns,
        past=[line(2026, 10, 6000)],
        rules=book(kms="two-t-only"),
    )
    assert not kind["kbm:T"].refer


def test_older_than_the_card_is_not_weighed_for_it() -> None:
    grown = Grown(month={"waz": -400})
    found = entry("B", months=61, columns={"weight_g": 9000}, grown=grown)
    assert not [key for key in found if key.startswith(("kbm", "red_line"))]
    assert "kbm:B" in entry("B", months=60, columns={"weight_g": 9000})


Month = st.tuples(
    st.booleans(),  # came
    st.one_of(st.none(), st.integers(2000, 20_000)),  # weight
    st.integers(1, 28),
)


@given(
    st.lists(Month, min_size=1, max_size=36),
    st.sampled_from(("L", "P", "")),
    st.sampled_from(("kms-by-sex", "field-workbook", "multiplied")),
)
def test_every_weighed_child_is_exactly_one_of_the_four(
    months: list[tuple[bool, int | None, int]], sex: str, version: str
) -> None:
    """D = N + T + O + B in every month of any history, and nobody else is counted."""
    gains = book(kbm=version).data("kbm")
    past: list[kms.Past] = []
    first = True
    for place, (came, grams, day) in enumerate(months):
        year, month = divmod(2024 * 12 + place, 12)
        on = date(year, month + 1, day)
        if not came:
            continue
        found = kms.status(past, grams, place, sex, on, gains)
        weighed = grams is not None
        assert [found == one for one in "NTOB"].count(True) == (1 if weighed else 0)
        assert (found == "B") is (weighed and first)
        if kms.two_t(past, found, on):
            assert found == "T"
        first = first and not weighed
        past.append(kms.Past(on, grams, age_months=place, status=found))
