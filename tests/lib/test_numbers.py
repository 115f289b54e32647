"""NIK, telephone numbers, money and weights."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.lib import money, nik, phone

TODAY = date(2026, 11, 25)
niks = st.text("0123456789", min_size=16, max_size=16)


def test_a_nik_is_read_in_its_parts() -> None:
    read = nik.parse("7305.0144.0580.0012", TODAY)
    assert read == nik.Nik("7305014405800012", "730501", date(1980, 5, 4), "female", "0012")
    assert (read.province, read.regency) == ("73", "7305")


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        (" 7305 0104 0580 0012 ", "7305010405800012"),
        ("7305-0104\u200b-0580-0012", "7305010405800012"),
        ("７３０５０１０４０５８０００１２", "7305010405800012"),
        ("7305O1", "7305O1"),
        ("", ""),
    ],
)
def test_a_nik_is_cleaned_of_what_is_no_sign_of_it(typed: str, cleaned: str) -> None:
    assert nik.clean(typed) == cleaned


@pytest.mark.parametrize(
    ("number", "born"),
    [("7305012902240012", date(2024, 2, 29)), ("7305012902010012", None), ("7305012612260012", date(1926, 12, 26)),
     ("7305012511260012", date(2026, 11, 25)), ("7305013202800012", None), ("7305010013800012", None)],
)  # fmt: skip
def test_the_century_is_the_latest_that_is_not_in_the_future(number: str, born: date | None) -> None:
    read = nik.parse(number, TODAY)
    assert read is not None
    assert read.birth_date == born


@pytest.mark.parametrize(
    ("number", "known", "codes"),
    [
        ("7305010405800012", {}, []),
        ("7305010405800012", {"birth_date": date(1980, 5, 4), "sex": "male", "area": "7305"}, []),
        ("7305014405800012", {"sex": "male"}, ["sex_mismatch"]),
        ("7305010405800012", {"birth_date": date(1981, 5, 4)}, ["birth_mismatch"]),
        ("7305010405800012", {"area": "7602"}, ["area_mismatch"]),
        ("0005010405800000", {}, ["area", "serial"]),
        ("7305013913800012", {}, ["birth_date"]),
        ("730501", {}, ["length"]),
        ("7305O10405800012", {}, ["not_digits"]),
        ("", {}, ["empty"]),
        ("😀", {}, ["not_digits"]),
    ],
)
def test_oddities_are_warnings_and_never_refusals(
    number: str, known: dict[str, object], codes: list[str]
) -> None:
    warnings = nik.check(number, today=TODAY, **known)  # type: ignore[arg-type]
    assert [warning.code for warning in warnings] == codes
    assert all(warning.sentence.endswith(".") for warning in warnings)


@pytest.mark.parametrize(
    ("number", "masked"),
    [("7305010405800012", "7305********0012"), ("73 05 01", "****01"), ("7305", "****"), ("", "")],
)
def test_a_nik_is_shown_masked(number: str, masked: str) -> None:
    assert nik.mask(number) == masked


@given(niks)
def test_a_mask_never_shows_birth_date_or_district(number: str) -> None:
    assert nik.mask(number)[4:12] == "*" * 8
    nik.check(number, today=TODAY)


@given(st.text(max_size=100))
def test_any_text_may_be_looked_at_as_a_nik_or_a_phone(typed: str) -> None:
    nik.check(typed, today=TODAY)
    nik.mask(typed)
    assert phone.normalise(typed).reason in phone.SENTENCES
    phone.mask(typed)
    money.parse_rupiah(typed)
    money.parse_weight(typed)


@pytest.mark.parametrize(
    "typed",
    ["0812-3456-7890", "+62 812 3456 7890", "6281234567890", "81234567890", "62 (0) 812 3456 7890", "+62-0812-3456-7890",
     "O812 3456 789O", "０８１２３４５６７８９０", "0812 3456 7890 (ibu)", "HP: 0812.3456.7890", "0812 3456 7890 / 0853 1111 2222",
     "0812\u200b34567890"],
)  # fmt: skip
def test_a_mobile_number_is_understood_in_every_spelling(typed: str) -> None:
    understood = phone.normalise(typed)
    assert (understood.e164, understood.kind, understood.is_mobile) == ("+6281234567890", "mobile", True)


@pytest.mark.parametrize(
    ("typed", "e164", "kind", "reason"),
    [
        ("(0411) 872345", "+62411872345", "fixed", ""),
        ("112", None, "short", "short_code"),
        ("1708", None, "short", "short_code"),
        ("1-1-2", None, "short", "short_code"),
        ("+65 6123 4567", "+6561234567", "fixed", ""),
        ("0812", None, "unknown", "too_short"),
        ("0812345678901234567", None, "unknown", "too_long"),
        ("tidak ada", None, "unknown", "not_a_number"),
        ("", None, "empty", "empty"),
        ("  \u200b ", None, "empty", "empty"),
    ],
)
def test_other_numbers_are_kept_with_their_reason(
    typed: str, e164: str | None, kind: str, reason: str
) -> None:
    understood = phone.normalise(typed)
    assert (understood.e164, understood.kind, understood.reason) == (e164, kind, reason)


def test_a_number_is_kept_as_it_was_typed() -> None:
    assert phone.normalise(" 0812-3456-7890 (tetangga) ").as_typed == "0812-3456-7890 (tetangga)"


@pytest.mark.parametrize(
    ("typed", "masked"),
    [
        ("+6281234567890", "0812****7890"),
        ("112", "112"),
        ("0411872345", "*******345"),
        ("0812", "**12"),
        ("x", ""),
    ],
)
def test_a_number_is_shown_masked(typed: str, masked: str) -> None:
    assert phone.mask(typed) == masked


def test_a_number_is_shown_the_way_it_is_dialled_here() -> None:
    assert phone.display("+6281234567890") == "0812-3456-7890"
    assert phone.display("+6561234567") == "+65 6123 4567"
    assert phone.display("112") == "112"


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("1250000", 1250000), ("1.250.000", 1250000), ("Rp1.250.000", 1250000), ("Rp 1.250.000,00", 1250000),
     ("rp. 500.000,-", 500000), ("IDR 15000", 15000), ("0", 0), ("１２．５００", 12500)],
)  # fmt: skip
def test_rupiah_are_read_in_their_plain_forms(typed: str, amount: int) -> None:
    assert money.parse_rupiah(typed) == amount


@pytest.mark.parametrize(
    "typed",
    ["1,25 juta", "1,250,000", "1.25", "12.5000", "-5", "1.250,50", "", "Rp", "satu", "9" * 16, "1e6"],
)
def test_an_amount_that_could_mean_two_things_is_none(typed: str) -> None:
    assert money.parse_rupiah(typed) is None


@given(st.integers(0, 10**15 - 1))
def test_rupiah_written_out_read_back(amount: int) -> None:
    assert money.parse_rupiah(money.rupiah(amount)) == amount


def test_negative_rupiah_carry_their_sign_in_front() -> None:
    assert money.rupiah(-1250000) == "-Rp1.250.000"


@pytest.mark.parametrize(
    ("grams", "written"),
    [
        (0, "0 g"),
        (850, "850 g"),
        (1000, "1 kg"),
        (3250, "3,25 kg"),
        (12005, "12,005 kg"),
        (1234500, "1.234,5 kg"),
        (-50, "-50 g"),
    ],
)
def test_weights_are_written_with_a_decimal_comma(grams: int, written: str) -> None:
    assert money.weight(grams) == written


@pytest.mark.parametrize(
    ("typed", "grams"),
    [("3,25 kg", 3250), ("3.25", 3250), ("850 g", 850), ("1.250 g", 1250), ("12 kilo", 12000), ("3,2505", None),
     ("1.250", None), ("0,5 g", None), ("berat", None), ("", None)],
)  # fmt: skip
def test_weights_are_read_when_they_are_clear(typed: str, grams: int | None) -> None:
    assert money.parse_weight(typed) == grams
