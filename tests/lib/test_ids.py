"""Row keys, case numbers, PINs and receipts."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from simpul.lib import ids

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "case_numbers.json").read_text())

digit_strings = st.text("0123456789", min_size=9, max_size=11)
sequences = st.integers(1, 9_999_999)
months = st.tuples(st.integers(2000, 2099), st.integers(1, 12))


def test_row_keys_are_version_7_and_always_grow() -> None:
    made = [ids.uuid7() for _ in range(5_000)]
    assert all(key.version == 7 and key.variant == "specified in RFC 4122" for key in made)
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_row_keys_of_many_threads_never_meet() -> None:
    made: list[UUID] = []
    threads = [
        threading.Thread(target=lambda: made.extend([ids.uuid7() for _ in range(2_000)])) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 16_000


def test_a_row_key_tells_when_it_was_made() -> None:
    assert abs(ids.uuid7_moment(ids.uuid7()) - datetime.now(UTC)) < timedelta(seconds=5)


@given(st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)))
def test_a_row_key_for_an_earlier_moment_keeps_it_to_the_millisecond(moment: datetime) -> None:
    assert moment - ids.uuid7_moment(ids.uuid7_at(moment)) < timedelta(milliseconds=1)


def test_a_key_of_another_version_has_no_moment() -> None:
    with pytest.raises(ValueError, match="UUIDv7"):
        ids.uuid7_moment(UUID("00000000-0000-4000-8000-000000000000"))


@pytest.mark.parametrize("vector", VECTORS["numbers"])
def test_case_numbers_are_those_of_the_shared_vectors(vector: dict[str, str | int]) -> None:
    made = ids.format_case_number(
        str(vector["prefix"]), int(vector["year"]), int(vector["month"]), int(vector["sequence"])
    )
    assert made == vector["number"]


@pytest.mark.parametrize("typed", VECTORS["typed_as_the_first"])
def test_a_case_number_is_read_however_it_is_typed(typed: str) -> None:
    assert str(ids.parse_case_number(typed, "SPL")) == VECTORS["numbers"][0]["number"]


@pytest.mark.parametrize("typed", VECTORS["not_numbers"])
def test_what_is_no_case_number_of_ours_is_none(typed: str) -> None:
    assert ids.parse_case_number(typed, "SPL") is None


@given(months, sequences)
def test_every_case_number_reads_back(month: tuple[int, int], sequence: int) -> None:
    number = ids.format_case_number("SPL", *month, sequence)
    read = ids.parse_case_number(number.lower().replace("-", " "), "SPL")
    assert read == ids.CaseNumber("SPL", *month, sequence)
    assert str(read) == number


@given(digit_strings, st.data())
def test_the_check_letter_catches_every_single_wrong_digit(digits: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(digits) - 1))
    wrong = data.draw(st.sampled_from("0123456789"))
    assume(wrong != digits[place])
    assert ids.check_letter(digits[:place] + wrong + digits[place + 1 :]) != ids.check_letter(digits)


@given(digit_strings, st.data())
def test_the_check_letter_catches_any_two_digits_swapped(digits: str, data: st.DataObject) -> None:
    first, second = data.draw(st.lists(st.integers(0, len(digits) - 1), min_size=2, max_size=2, unique=True))
    assume(digits[first] != digits[second])
    swapped = list(digits)
    swapped[first], swapped[second] = swapped[second], swapped[first]
    assert ids.check_letter("".join(swapped)) != ids.check_letter(digits)


@given(st.text(max_size=80))
def test_any_text_at_all_may_be_asked_for_as_a_number(text: str) -> None:
    ids.parse_case_number(text, "SPL")
    ids.parse_receipt16(text)
    ids.clean_pin(text)


@pytest.mark.parametrize(
    ("prefix", "year", "month", "sequence"),
    [("S", 2026, 1, 1), ("spl", 2026, 1, 1), ("SP1", 2026, 1, 1), ("SPL", 1999, 1, 1), ("SPL", 2026, 13, 1),
     ("SPL", 2026, 1, 0), ("SPL", 2026, 1, 10_000_000)],
)  # fmt: skip
def test_a_number_that_cannot_be_held_is_an_error(prefix: str, year: int, month: int, sequence: int) -> None:
    with pytest.raises(ValueError, match="case number"):
        ids.format_case_number(prefix, year, month, sequence)


def test_letters_are_no_input_for_the_check_letter() -> None:
    for wrong in ("", "12A", "１２"):
        with pytest.raises(ValueError, match="digits"):
            ids.check_letter(wrong)


def test_pins_have_six_digits_and_are_never_the_obvious_ones() -> None:
    pins = [ids.new_pin() for _ in range(2_000)]
    assert all(len(pin) == 6 and pin.isdigit() and not ids.is_weak_pin(pin) for pin in pins)
    for weak in ("000000", "123456", "654321", "111222", "121212", "123123", "890123", "975319"):
        assert ids.is_weak_pin(weak), weak
    assert not ids.is_weak_pin("481923")


def test_a_pin_is_read_with_blanks_and_wide_digits() -> None:
    assert ids.clean_pin(" 48-19\u200b２３ ") == "481923"


def test_a_receipt_reads_back_in_groups_and_is_never_taken_for_a_nik() -> None:
    for _ in range(500):
        receipt = ids.new_receipt16()
        assert len(receipt) == 16
        assert ids.parse_receipt16(ids.group_digits(receipt, 4)) == receipt
        assert int(receipt[:2]) not in {11, 31, 52, 64, 73, 76, 91, 97}


@given(st.data())
def test_the_receipt_check_catches_every_single_wrong_digit(data: st.DataObject) -> None:
    receipt = ids.new_receipt16()
    place = data.draw(st.integers(0, 15))
    wrong = data.draw(st.sampled_from("0123456789"))
    assume(wrong != receipt[place])
    assert ids.parse_receipt16(receipt[:place] + wrong + receipt[place + 1 :]) is None


def test_the_check_digit_is_that_of_iso_7064() -> None:
    assert ids.check_digit("0794") == "5"


@pytest.mark.parametrize("vector", VECTORS["spoken"])
def test_numbers_are_read_aloud_in_pairs(vector: dict[str, str]) -> None:
    assert ids.group_for_speech(vector["text"], vector["language"]) == vector["words"]


def test_printed_groups_hold_all_digits() -> None:
    assert ids.group_digits("481923") == "48 19 23"
    assert ids.group_digits("4831900000000007", 4) == "4831 9000 0000 0007"


@pytest.mark.parametrize(
    "said", ["2611-47", "SPL 2611 47", "261100047", "spl-2611-00047", "2611 00047", "SPL 2611 47 {letter}"]
)
def test_officers_leave_the_check_letter_and_the_zeros_out(said: str) -> None:
    number = ids.CaseNumber("SPL", 2026, 11, 47)
    assert ids.said_case_number(said.format(letter=number.check), "SPL") == number


@pytest.mark.parametrize(
    "said", ["2611", "47", "2613-47", "2611-0", "2611 47 {wrong}", "banjir 2611 47", "2611-47-47"]
)
def test_what_is_no_number_is_not_taken_for_one(said: str) -> None:
    right = ids.CaseNumber("SPL", 2026, 11, 47).check
    assert ids.said_case_number(said.format(wrong="A" if right != "A" else "B"), "SPL") is None
