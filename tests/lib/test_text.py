"""Cleaning, comparing and writing out text."""

from __future__ import annotations

import threading
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.lib import text

FAMILY = "👨\u200d👩\u200d👧"
anything = st.text(st.characters(), max_size=200) | st.text(
    st.sampled_from("aé\u0301\u200b\u200d\u202e\u2066\ufeff\x00\r\n\t \u00a0👩👧🏽\ufe0f\u3164\u2028❤️"),
    max_size=60,
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Bantuan   rumah\t rusak ", "Bantuan rumah rusak"),
        ("cafe\u0301", "café"),
        ("tidak\u200b ter\u00adlihat\ufeff", "tidak terlihat"),
        ("nama\u202e gnp.exe", "nama gnp.exe"),
        ("a\x00b\x1b[31mc", "ab[31mc"),
        ("dua\r\nbaris", "dua baris"),
        (f"keluarga {FAMILY} dan 👩🏽\u200d🌾 ❤️\u200d🔥", f"keluarga {FAMILY} dan 👩🏽\u200d🌾 ❤️\u200d🔥"),
        ("ka\u200drung", "karung"),
        ("\u3164\u2800", ""),
        ("\ud800rusak", "rusak"),
        ("z" + "\u0335" * 40, "z" + "\u0335" * 4),
    ],
)
def test_a_line_is_kept_without_what_hides_or_reorders(typed: str, kept: str) -> None:
    assert text.clean_line(typed) == kept


def test_a_text_keeps_its_lines_and_loses_heaps_of_blank_ones() -> None:
    assert text.clean_text("satu \r\n\r\n\r\n\r\n\r\ndua\u2028tiga\n\n") == "satu\n\n\ndua\ntiga"


@given(anything)
def test_cleaning_twice_is_cleaning_once(typed: str) -> None:
    for clean in (text.clean_text, text.clean_line):
        once = clean(typed)
        assert clean(once) == once
        assert unicodedata.is_normalized("NFC", once)


@given(anything)
def test_nothing_invisible_or_turning_is_left(typed: str) -> None:
    cleaned = text.clean_text(typed)
    assert not {"\x00", "\u202e", "\u2066", "\ufeff", "\u200b", "\u200f"} & set(cleaned)
    assert all(unicodedata.category(sign) not in ("Cc", "Cs") or sign == "\n" for sign in cleaned)
    cleaned.encode()


@given(st.text("abc XYZ 123 .,-\n", max_size=300))
def test_ordinary_words_come_through_unharmed(typed: str) -> None:
    assert text.clean_line(typed).split() == typed.split()


def test_what_is_too_long_is_refused_whole_with_both_numbers() -> None:
    with pytest.raises(text.TooLong, match="12 characters long; at most 10") as refused:
        text.clean_line("a" * 12, 10)
    assert refused.value.code == "text.too_long"
    assert text.clean_text("a" * 10, 10) == "a" * 10
    assert text.too_long("a" * 11, 10)
    assert not text.too_long("a" * 10, 10)


def test_ten_megabytes_are_cleaned_in_the_time_of_a_page() -> None:
    assert len(text.clean_text("rusak berat " * 900_000)) == 12 * 900_000 - 1
    with pytest.raises(text.TooLong):
        text.clean_text("rusak 😭 " * 1_000_000, 5_000)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("H. Soekarno, S.Pd.", "sukarno"),
        ("Dr. Tjokroaminoto, M.Si", "cokroaminoto"),
        ("Drs. H. Djamaluddin", "jamaluddin"),
        ("Hj. Sitti Aminah, A.Md.Keb.", "sitti aminah"),
        ("  ＲＵＳＡＫ—berat!! ", "rusak berat"),
        ("Ma'rang, Jum’at", "marang jumat"),
        ("Surat No. 12/SE/2026", "surat no 12 se 2026"),
        ("Éléonore", "eleonore"),
        ("👍", ""),
    ],
)
def test_search_keys_fold_spellings_and_titles(typed: str, key: str) -> None:
    assert text.search_key(typed) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Moh. Zaenal Arifin, SE", "Muhammad Jainal Aripin"),
        ("Hj. St. Nurhayati Dg. Ngai", "Sitti Nurhajati Daeng Ngai".replace("hajati", "hayati")),
        ("Bapak H. Achmad Yusuf, S.H., M.H.", "Ahmad Yusup"),
        ("Soekardjo", "Sukarjo"),
        ("Abd. Rahman", "Abdul Rahmann"),
        ("SYAFRUDDIN", "Safrudin"),
    ],
)
def test_one_person_s_spellings_share_a_name_key(one: str, other: str) -> None:
    assert text.name_key(one) == text.name_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("Basri", "Basra"), ("Ahmad, Basri", "Ahmad"), ("Siti Aminah", "Siti Aisyah")]
)
def test_different_people_keep_different_name_keys(one: str, other: str) -> None:
    assert text.name_key(one) != text.name_key(other)


def test_a_name_that_is_only_a_title_still_has_a_key() -> None:
    assert text.name_key("Haji") == "haji"


@given(anything)
def test_keys_of_keys_are_the_keys(typed: str) -> None:
    key = text.search_key(typed)
    assert key == " ".join(key.split())
    assert all(sign.isalnum() or sign == " " for sign in key)
    text.name_key(typed)
    text.stems(typed)


def test_stems_bring_word_forms_together_in_any_thread() -> None:
    expected = text.stems("pembagian bantuan tidak merata")
    assert text.stems("membagikan")[0] == text.stems("pembagian")[0] == "bagi"
    results: list[list[str]] = []
    threads = [
        threading.Thread(
            target=lambda: results.extend(text.stems("pembagian bantuan tidak merata") for _ in range(500))
        )
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * 4_000


@pytest.mark.parametrize(
    "risky",
    [
        "=1+1",
        "+62812",
        "-5",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1",
        "＋1",
        "－1",
        "＠a",
        " =1",
        "\u200b=1",
        "\ufeff@a",
        "\u00a0+1",
        "−1",
    ],
)
def test_a_cell_that_a_spreadsheet_could_run_is_made_text(risky: str) -> None:
    assert text.neutralise_cell(risky) == "'" + risky


@pytest.mark.parametrize("harmless", ["", "Bantuan", "1+1", "a=b", 5, -5, 2.5, None, True, "'=1"])
def test_other_cells_stay_as_they_are(harmless: object) -> None:
    assert text.neutralise_cell(harmless) == harmless


@pytest.mark.parametrize(
    ("name", "short"),
    [("Hj. Sitti Aminah Dg. Ngai", "S.A.D."), ("basri", "B."), ("", ""), ("Bapak H. Ali", "A."), ("👍", "")],
)
def test_initials_leave_titles_out(name: str, short: str) -> None:
    assert text.initials(name) == short


def test_words_join_in_both_languages() -> None:
    assert [text.join_words(list("abc")[:count]) for count in range(4)] == ["", "a", "a dan b", "a, b, dan c"]
    assert text.join_words(["a", "b", "c"], "en") == "a, b and c"


@given(anything, st.integers(1, 50))
def test_shortening_never_exceeds_the_limit(typed: str, limit: int) -> None:
    assert len(text.shorten(typed, limit)) <= limit
    assert text.shorten("bantuan rumah rusak", 15) == "bantuan rumah…"
