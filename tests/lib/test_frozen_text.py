"""A content has one spelling, and what has none is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from simpul.lib import frozen_text


@dataclass(frozen=True, slots=True)
class Inner:
    name: str


@dataclass(frozen=True, slots=True)
class Content:
    said: Any
    inner: tuple[Inner, ...] = ()


def test_keys_are_sorted_nothing_is_blank_and_the_format_is_told() -> None:
    words = frozen_text.canonical("x-1", Content({"b": 1, "a": None}, (Inner("Ani"),)))
    assert words == '{"format":"x-1","inner":[{"name":"Ani"}],"said":{"a":null,"b":1}}'
    assert frozen_text.read(words)["said"] == {"a": None, "b": 1}


def test_one_letter_has_one_spelling_in_values_and_in_keys() -> None:
    composed, apart = Content({"é": "é"}), Content({"e\u0301": "e\u0301"})
    assert frozen_text.canonical("x-1", composed) == frozen_text.canonical("x-1", apart)


@pytest.mark.parametrize("value", [1.5, float("nan"), date(2026, 11, 25), b"x", {1, 2}])
def test_what_has_no_one_spelling_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        frozen_text.canonical("x-1", Content([value]))


def test_the_digest_is_sha256_of_the_words() -> None:
    assert frozen_text.digest("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
