"""Suggestions of personal data in free text, and blackening it."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.lib import redact

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "redact.json").read_text())

pieces = st.sampled_from(
    ["Ibu Sitti Aminah", "aminah", "0812-3456-7890", "+62 853 1111 2222", "7305 0104 0580 0012", "Jl. Poros No. 3", "RT 03/RW 01",
     "basri@contoh.id", "DD 1234 AB", "Ali", "kali", " ", ", ", "dan", "rusak", "No.", "█", "H.", "123", "nya", "\n"]
)  # fmt: skip
messages = st.lists(pieces, max_size=14).map(" ".join) | st.text(max_size=120)
NAMES = ["Hj. Siti Aminah", "Ali", "Muh. Basri"]


@pytest.mark.parametrize("vector", VECTORS["texts"], ids=lambda vector: vector["why"])
def test_personal_data_is_found_where_people_write_it(vector: dict[str, Any]) -> None:
    spans = redact.suggest(vector["text"], vector.get("names", []))
    assert [[span.kind, span.text] for span in spans] == vector["spans"]


@pytest.mark.parametrize("text", VECTORS["nothing_in"])
def test_ordinary_words_and_figures_are_left_alone(text: str) -> None:
    assert redact.suggest(text, ["Ali", "Basri"]) == []


@given(messages)
def test_spans_are_true_in_order_and_apart(text: str) -> None:
    spans = redact.suggest(text, NAMES)
    assert all(text[span.start : span.end] == span.text for span in spans)
    assert all(before.end <= after.start for before, after in pairwise(spans))
    assert all(span.kind in redact.KINDS for span in spans)


@given(messages)
def test_what_was_matched_is_never_left_standing(text: str) -> None:
    spans = redact.suggest(text, NAMES)
    blackened = redact.apply(text, spans)
    for span in spans:
        assert not any(
            again.text.casefold() == span.text.casefold() for again in redact.suggest(blackened, NAMES)
        ), (span, blackened)


@given(messages, st.lists(st.tuples(st.integers(-5, 130), st.integers(-5, 130)), max_size=6))
def test_any_marks_may_be_applied_in_any_order(text: str, marks: list[tuple[int, int]]) -> None:
    spans = [redact.Span(start, end, "name", text[max(start, 0) : max(end, 0)]) for start, end in marks]
    redact.apply(text, spans)


def test_the_same_words_are_blackened_wherever_else_they_stand() -> None:
    text = "Basri datang. basri pergi. Basrihan tinggal."
    assert (
        redact.apply(text, [redact.Span(0, 5, "name", "Basri")])
        == "█████ datang. █████ pergi. Basrihan tinggal."
    )


def test_overlapping_marks_become_one() -> None:
    spans = [redact.Span(4, 9, "name", "Aminah"[:5]), redact.Span(0, 6, "name", "Ibu Am")]
    assert redact.apply("Ibu Aminah", spans, "[x]") == "[x]h"


def test_a_long_text_is_searched_in_good_time() -> None:
    text = "Bantuan rumah rusak di dusun kami belum merata, mohon diperiksa. " * 1_500 + "0812-3456-7890"
    assert redact.suggest(text, NAMES)[-1].text == "0812-3456-7890"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Tanda terima dipegang kepala dusun. Daftar penerima diperbaiki.", []),
        ("Diantar ke Dusun Ranga-ranga. Hubungi kami lagi.", ["Dusun Ranga-ranga"]),
        ("Rumah di dsn. Taludu Atas, dekat masjid.", ["dsn. Taludu Atas"]),
    ],
)
def test_an_address_ends_with_its_sentence(words: str, found: list[str]) -> None:
    assert [span.text for span in redact.suggest(words) if span.kind == "address"] == found
