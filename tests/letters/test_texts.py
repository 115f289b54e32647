"""The small language of letters: what is read, what is refused, what is missing; numbers and dates in words."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.letters.rules import spelling, texts, types, variables


def filled(text: str, **values: str) -> texts.Rendered:
    return texts.render(texts.parse(text), values)


def test_a_text_becomes_blocks_of_plain_data() -> None:
    done = filled(
        "Menerangkan\nbahwa:\n\nNama :: {nama|besar}\nNIK :: {nik}\n\n! MENYATAKAN\n\n1. satu\n2. dua\n\n"
        "# No | Nama\n| 1 | {nama}\n\n@ Saksi, | {nama}",
        nama="Contoh",
        nik="7399",
    )
    assert done.body == (
        texts.Paragraph("Menerangkan bahwa:"),
        texts.Lines((("Nama", "CONTOH"), ("NIK", "7399"))),
        texts.Heading("MENYATAKAN"),
        texts.Items(("satu", "dua"), numbered=True),
        texts.Table(("No", "Nama"), (("1", "Contoh"),)),
        texts.Signatures((("Saksi,", "Contoh"),)),
    )
    assert not done.missing


def test_what_is_missing_is_listed_and_never_blank() -> None:
    done = filled("Nama :: {nama}\nUsia :: {usia} tahun")
    assert done.missing == ("nama", "usia")
    assert done.body == (texts.Lines((("Nama", "‹nama›"), ("Usia", "‹usia› tahun"))),)


def test_optional_parts_go_when_they_are_empty() -> None:
    text = "Tinggal di sini[[ sejak {sejak|tanggal}]].\n\n? Catatan :: {catatan}\n?{cara=tunai} Tunai :: ya"
    assert filled(text).body == (texts.Paragraph("Tinggal di sini."),)
    done = filled(text, sejak="2026-11-02", catatan="ada", cara="Tunai")
    assert done.body == (
        texts.Paragraph("Tinggal di sini sejak 2 November 2026."),
        texts.Lines((("Catatan", "ada"), ("Tunai", "ya"))),
    )
    assert filled("?{cara!=tunai} Lain.\n\nAkhir.", cara="kredit").body[0] == texts.Paragraph("Lain.")


def test_a_row_is_repeated_for_each_person_and_never_takes_the_applicants_data() -> None:
    done = filled(
        "# No | Nama | NIK\n*klg: {no} | {nama} | {nik}",
        nama="Pemohon",
        nik="1",
        klg1_nama="A",
        klg1_nik="2",
        klg2_nama="B",
        klg4_nama="D",
        klg4_nik="4",
    )
    assert done.body == (
        texts.Table(("No", "Nama", "NIK"), (("1", "A", "2"), ("2", "B", "‹nik›"), ("3", "D", "4"))),
    )
    assert done.missing == ("klg2_nik",)
    assert filled("# No | Nama\n*klg: {no} | {nama}\n\nAkhir.").body == (texts.Paragraph("Akhir."),)


def test_sums_and_filters() -> None:
    done = filled("{a + b - 5|rupiah}, {a|terbilang}, {tgl|hari}", a="1.000", b="Rp 20", tgl="26-11-2026")
    assert done.body == (texts.Paragraph("Rp1.015, seribu, Kamis"),)
    assert filled("{a + b}", a="1", b="banyak").missing
    assert filled("{tgl|tanggal}", tgl="kemarin").unreadable == ("tgl",)


def test_unknown_places_are_refused_with_what_was_meant() -> None:
    found = texts.problems_of("Halo\n{nma} {nama|tangal} {x", {"nama"}, {})
    assert {(one.code, one.word, one.meant) for one in found} == {
        ("unknown_place", "nma", "nama"),
        ("unknown_filter", "tangal", "tanggal"),
        ("unclosed", "{", ""),
    }
    assert all(one.line == 2 for one in found)
    assert texts.problems_of("*orang: {nama}", {"nama"}, {})[0].word == "orang"
    assert texts.problems_of(" \n ", set(), {})[0].code == "empty"
    assert texts.problems_of("x" * 30_000, set(), {})[0].code == "too_long"
    assert texts.problems_of("@ Saksi", set(), {})[0].code == "bad_row"
    assert texts.problems_of("[[ a", set(), {})[0].code == "unclosed"
    assert texts.problems_of("{a b}", {"a"}, {})[0].code == "bad_place"


@given(st.text(max_size=60), st.text(max_size=200))
def test_values_are_data_and_never_markup(value: str, other: str) -> None:
    text = "Awal {a} akhir.\n\nNama :: {a}\n\n# X\n| {a}"
    done = filled(text, a=value, b=other)
    shown = " ".join("".join(sign if sign.isprintable() else " " for sign in value).split())
    if not done.missing and value.isprintable():
        assert [type(one) for one in done.body] == [texts.Paragraph, texts.Lines, texts.Table]
        assert done.body[1] == texts.Lines((("Nama", shown),))


@given(st.text(max_size=400))
def test_any_text_is_read_and_printed_and_kept(text: str) -> None:
    done = texts.render(texts.parse(text), variables.sample_values())
    assert texts.from_data(texts.to_data(done.body)) == done.body
    texts.problems_of(text, variables.NAMES, variables.GROUPS)


@given(st.integers(-spelling.MOST, spelling.MOST))
def test_numbers_in_words_say_the_number(number: int) -> None:
    assert spelling.words_number(spelling.number_words(number)) == number
    assert spelling.whole(spelling.grouped(number)) == number
    assert spelling.whole(spelling.rupiah(abs(number))) == abs(number)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "nol"),
        (11, "sebelas"),
        (17, "tujuh belas"),
        (100, "seratus"),
        (1000, "seribu"),
        (1250, "seribu dua ratus lima puluh"),
        (21_000, "dua puluh satu ribu"),
        (101_000, "seratus satu ribu"),
        (1_000_000, "satu juta"),
        (2_001_000, "dua juta seribu"),
        (-5, "minus lima"),
    ],
)
def test_numbers_are_said_as_people_say_them(number: int, words: str) -> None:
    assert spelling.number_words(number) == words


def test_numbers_beyond_the_words_are_a_fault() -> None:
    with pytest.raises(ValueError, match="large"):
        spelling.number_words(spelling.MOST + 1)
    assert spelling.words_number("banyak") is None
    assert spelling.whole("1.25") is None


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_dates_are_read_in_every_spelling(day: date) -> None:
    for typed in (day.isoformat(), f"{day.day}/{day.month}/{day.year}", spelling.long_date(day)):
        assert spelling.read_date(typed) == day
    assert str(day.year) not in spelling.date_words(day)


def test_days_and_hours() -> None:
    assert spelling.date_words(date(2026, 11, 26)) == (
        "Kamis tanggal dua puluh enam bulan November tahun dua ribu dua puluh enam"
    )
    assert spelling.read_date("31-02-2026") is None
    assert spelling.read_time("19.30") == time(19, 30)
    assert spelling.read_time("25:00") is None
    assert spelling.titled("ABD. RAHMAN BIN DAENG NGALLE") == "Abd. Rahman bin Daeng Ngalle"
    assert spelling.masked("Nur Hayati") == "N•• H•••••"
    assert spelling.masked("7305112005900001") == "••••••••••••0001"


def test_who_signs_in_somebodys_name_says_so() -> None:
    given = {
        "heading": "X",
        "number": "1",
        "letter_date": date(2026, 11, 26),
        "valid_until": None,
        "signer_name": "Nurbaya",
        "signer_number": "",
        "head_title": "Kepala Desa Massamaturu",
    }
    own = variables.release_values(authority="own", signer_title="Kepala Desa Massamaturu", **given)  # type: ignore[arg-type]
    acting = variables.release_values(authority="an", signer_title="Sekretaris Desa", **given)  # type: ignore[arg-type]
    assert own["atas_nama"] == ""
    assert acting["atas_nama"] == "a.n. Kepala Desa Massamaturu"
    assert acting["jabatan"] == "Sekretaris Desa, atas nama Kepala Desa Massamaturu"


@pytest.mark.parametrize(
    ("start", "amount", "unit", "last"),
    [
        (date(2026, 1, 31), 1, "months", date(2026, 2, 28)),
        (date(2028, 1, 31), 1, "months", date(2028, 2, 29)),
        (date(2026, 11, 26), 2, "months", date(2027, 1, 26)),
        (date(2026, 11, 26), 14, "days", date(2026, 12, 10)),
        (date(2026, 11, 26), 0, "months", None),
    ],
)
def test_the_last_day_of_a_letter(start: date, amount: int, unit: str, last: date | None) -> None:
    assert types.last_day(start, amount, unit) == last
