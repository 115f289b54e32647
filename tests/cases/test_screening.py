"""Words that flag a matter: found under affixes, capitals and disguises; harmless uses pass."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.cases.queries import screening
from simpul.cases.rules import screening as rules


@pytest.mark.parametrize(
    ("said", "topic"),
    [
        ("Anak saya diperkosa tetangga", "sexual_violence"),
        ("ada PEMERKOSAAN di dusun", "sexual_violence"),
        ("ia mencabuli muridnya", "sexual_violence"),
        ("p3rk0sa", "sexual_violence"),
        ("perkosaaaa", "sexual_violence"),
        ("Saya dilecehkan di kantor", "sexual_violence"),
        ("istri sering dipukuli suami", "domestic_violence"),
        ("KDRT", "domestic_violence"),
        ("anaknya dianiaya", "domestic_violence"),
        ("penyiksaan", "domestic_violence"),
        ("bayi dibuang di sungai", "child_abuse"),
        ("gadis itu dijual ke kota", "trafficking"),
        ("ingin bunuh diri", "suicide_danger"),
        ("lebih baik saya mati", "suicide_danger"),
        ("petugas minta ditemani tidur supaya dapat bantuan", "exploitation_by_aid_workers"),
        ("disuruh buka baju oleh relawan", "exploitation_by_aid_workers"),
        ("saya diancam dengan parang", "threat"),
        ("adik saya ditikamnya", "threat"),
    ],
)
def test_danger_is_seen(said: str, topic: str) -> None:
    found = screening.screen([said])
    assert found.flagged and topic in found.topics, found


@pytest.mark.parametrize(
    "said",
    [
        "",
        "Lampu jalan padam sejak sebulan lalu.",
        "Mohon uji kekerasan beton jalan desa",
        "Beras bantuan kurang dua kilo",
        "Rumah kami terancam longsor",
        "tebing mengancam roboh",
        "Mati lampu tiga hari",
        "Perlu racun tikus untuk sawah",
        "Posyandu buka pukul 10 pagi",
        "Ada lansia terlantar dan anak terlantar",
        "harga beras mencekik leher",
        "organisasi pemuda terorganisir baik",
    ],
)
def test_ordinary_matters_pass(said: str) -> None:
    assert not screening.screen([said]).flagged


def test_words_are_found_in_any_of_the_texts_and_named_once() -> None:
    found = screening.screen(["judul biasa", "dia diperkosa, diperkosa lagi", "ancaman"])
    assert found.words.count("diperkosa") == 1
    assert set(found.topics) == {"sexual_violence", "threat"}


def test_a_harmless_phrase_does_not_hide_danger_in_the_same_text() -> None:
    assert screening.screen(["Jalan terancam longsor dan istri saya dipukuli"]).flagged


def test_a_long_text_costs_little() -> None:
    screening.table()
    start = time.perf_counter()
    screening.screen(["lampu jalan padam " * 300])
    assert time.perf_counter() - start < 0.5


@given(st.lists(st.text(max_size=200), max_size=4))
def test_any_text_gets_a_verdict(texts: list[str]) -> None:
    found = screening.screen(texts)
    assert found.flagged == bool(found.words) == bool(found.topics)


def test_a_topic_without_words_is_a_fault_of_the_catalogue() -> None:
    with pytest.raises(ValueError, match="threat"):
        rules.compile_table({"topics": {"threat": {}}})
