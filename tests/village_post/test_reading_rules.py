"""The rules of the reading corner: book numbers, codes, due days, taking stock."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.village_post.rules import reading as rules


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("978-0-306-40615-7", "9780306406157"),
        ("0-306-40615-2", "9780306406157"),
        ("ISBN 080442957X", "9780804429573"),
        ("", ""),
    ],
)
def test_a_book_number_is_kept_as_thirteen_digits(typed: str, kept: str) -> None:
    assert rules.isbn(typed) == kept


@pytest.mark.parametrize("typed", ["0-306-40615-3", "9789792238807", "1234567890123", "12", "080442957Y"])
def test_a_book_number_with_a_slip_is_refused(typed: str) -> None:
    with pytest.raises(rules.IsbnWrong):
        rules.isbn(typed)
    assert not rules.is_isbn(typed)


@given(st.integers(0, 10**9 - 1), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_of_ten_is_always_noticed(number: int, place: int, step: int) -> None:
    nine = f"{number:09d}"
    right = nine + rules.check_ten(nine)
    wrong = right[:place] + str((int(right[place]) + step) % 10) + right[place + 1 :]
    assert rules.is_isbn(right) and not rules.is_isbn(wrong)


@given(st.integers(1, 99_999), st.integers(0, 4), st.integers(1, 9))
def test_one_wrong_digit_of_a_label_is_always_noticed(number: int, place: int, step: int) -> None:
    digits = f"{number:05d}"
    other = int(digits[:place] + str((int(digits[place]) + step) % 10) + digits[place + 1 :])
    assert rules.check_code(number) != rules.check_code(other)


@given(
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.integers(1, 60),
    st.sets(st.integers(1, 7)),
    st.sets(st.integers(0, 90)),
)
def test_a_book_is_due_on_the_first_open_day(
    start: date, length: int, week: set[int], offs: set[int]
) -> None:
    closed = {start + timedelta(days=one) for one in offs}
    due = rules.due_date(start, length, week, closed)
    earliest = start + timedelta(days=length)
    is_open = lambda day: day.isoweekday() in (week or range(1, 8)) and day not in closed  # noqa: E731
    assert due >= earliest and is_open(due)
    assert not any(is_open(earliest + timedelta(days=step)) for step in range((due - earliest).days))


def test_taking_stock_tells_what_is_missing_and_what_should_not_be_there() -> None:
    found = rules.stock({"a": "here", "b": "here", "c": "out", "d": "lost"}, {"a": "here", "d": "lost"})
    assert (found.missing, found.surprise) == ({"b"}, {"d"})
