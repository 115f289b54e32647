"""How alike two texts are: by the words that few matters share."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from simpul.cases.rules import similar as rules

STEMS = st.lists(
    st.sampled_from(["lampu", "jalan", "beras", "putus", "jembatan", "gardu", "bakar", "air", "pipa"]),
    max_size=9,
)


def test_rare_words_weigh_more_than_common_ones() -> None:
    others = {
        "common": ["lampu", "jalan", "padam"],
        "rare": ["gardu", "bakar", "padam"],
        **{f"other {turn}": ["lampu", "jalan", "rusak"] for turn in range(20)},
    }
    best = rules.ranked(["lampu", "jalan", "gardu", "bakar"], others, {}, limit=2)
    assert best[0][0] == "rare"


def test_place_and_kind_never_make_different_words_alike() -> None:
    assert rules.ranked(["jembatan", "putus"], {"other": ["beras", "kutu"]}, {"other": 0.5}, limit=5) == []


@given(STEMS, st.dictionaries(st.integers(0, 20), STEMS, max_size=8))
def test_nothing_is_more_alike_than_the_same_words(asked: list[str], others: dict[int, list[str]]) -> None:
    with_itself = {**others, -1: asked}
    best = rules.ranked(asked, with_itself, {}, limit=10)
    assert bool(best) == bool(asked)
    if asked:
        scores = dict(best)
        assert scores[-1] == max(scores.values())
        assert all(score <= 1.0000001 for score in scores.values())
