"""Every text on every road in every language: short where it must be, filled, and silent about what is protected."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.messages import queries, rules
from simpul.messages.rules import fitting

pytestmark = pytest.mark.django_db

LANGUAGES = ("id", "en")
ROADS = ("sms", "whatsapp", "telegram", "email", "slip")
PERSONAL = [key for key, kind in queries.catalogue().items() if kind.to == "person"]
NOTICES = [key for key in PERSONAL if key not in ("written", "tell_in_person", "mass_notice")]
NAMES_NOTHING = ("call_us", "tell_in_person", "desk_protected")
ONE_PART = (
    "receipt",
    "assigned",
    "reopened",
    "closed",
    "withdrawn",
    "merged",
    "rating",
    "published",
    "call_us",
    "reminder",
)


def shown(key: str, road: str, language: str, **values: str) -> rules.Words:
    everything = queries.samples() | values
    everything |= queries.common_values(everything["to_name"]) | {
        name: queries.samples()[name] for name in rules.COMMON
    }
    return queries.filled(queries.words(key, road, language), road, language, everything)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", PERSONAL)
def test_every_text_for_residents_can_be_said_on_every_road(key: str, language: str) -> None:
    for road in ROADS:
        words = shown(key, road, language)
        assert words.body
        assert "{" not in words.subject + words.body
        if road != "sms":
            assert len(words.body) <= 1024, "the longest that a template of WhatsApp takes"


@pytest.mark.parametrize("key", NOTICES)
def test_a_notice_by_sms_has_two_parts_at_most_and_only_signs_of_its_alphabet(key: str) -> None:
    for language in LANGUAGES:
        words = shown(key, "sms", language)
        assert rules.not_gsm(words.body) == "", (key, language)
        size = rules.short_length(words.body)
        assert size.alphabet == "gsm"
        assert size.parts <= (1 if key in ONE_PART else 2), (key, language, size.units, words.body)


def test_indonesian_words_for_sms_have_no_sign_outside_its_alphabet() -> None:
    for key, kind in queries.catalogue().items():
        for (road, language), words in kind.words.items():
            if road == "sms":
                assert rules.not_gsm(words.body) == "", (key, language)


@pytest.mark.parametrize("key", list(queries.catalogue()))
def test_no_text_names_what_nobody_fills_in_and_all_keep_what_their_reader_needs(key: str) -> None:
    kind = queries.catalogue()[key]
    for (road, language), words in kind.words.items():
        named = rules.places(words.subject) | rules.places(words.body)
        assert named <= kind.possible, (key, road, language)
        assert kind.needs <= named, (key, road, language)


@pytest.mark.parametrize("key", NAMES_NOTHING)
def test_what_is_said_in_a_protected_matter_names_nothing(key: str) -> None:
    kind = queries.catalogue()[key]
    assert not kind.variables
    for words in kind.words.values():
        named = rules.places(words.subject) | rules.places(words.body)
        allowed = {"reach_us", "institution", "desk_at", "service"} | (
            {"to_name"} if key != "call_us" else set()
        )
        assert named <= allowed
        for word in ("lapor", "report", "aduan", "complaint", "kekerasan", "violence"):
            assert word not in (words.subject + words.body).lower()


@pytest.mark.parametrize("key", [key for key in PERSONAL if key != "menu_receipt"])
def test_no_text_but_the_receipt_by_message_carries_a_pin(key: str) -> None:
    assert "pin" not in queries.catalogue()[key].possible


def test_what_loses_its_sense_is_never_paper() -> None:
    for kind in queries.catalogue().values():
        assert kind.lasts_hours is None or not kind.paper, kind.key
    assert queries.catalogue()["answer"].lasts_hours is None
    assert queries.catalogue()["menu_receipt"].lasts_hours is None


LONG = "Kami sudah memeriksa daftar penerima bersama kepala dusun dan kantor desa. " * 30


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_answer_by_sms_says_where_the_whole_of_it_is(language: str) -> None:
    words = shown("answer", "sms", language, answer=LONG)
    assert rules.short_length(words.body).parts == 2
    assert "https://simpul.example.id/lacak/" in words.body
    assert "SPL-2611-00047-K" in words.body
    assert "0426 21000" in words.body
    assert "..." in words.body
    assert LONG.strip() in shown("answer", "whatsapp", language, answer=LONG).body


def test_typographic_signs_do_not_make_an_sms_dearer() -> None:
    words = shown("closed", "sms", "id", reason="Sudah “selesai” – lihat daftar… ½ liter")
    assert rules.short_length(words.body).alphabet == "gsm"
    assert '"selesai" - lihat daftar... 1/2 liter' in words.body


def test_telegram_speaks_like_whatsapp(db: Any) -> None:
    assert queries.words("answer", "telegram", "id") == queries.words("answer", "whatsapp", "id")
    assert queries.words("tell_in_person", "telegram", "id") == queries.words("tell_in_person", "any", "id")


@given(
    answer=st.text(max_size=900),
    desk=st.text(min_size=1, max_size=60),
    most=st.integers(min_value=1, max_value=3),
)
def test_a_fitted_text_has_no_more_parts_than_allowed_unless_its_frame_has(
    answer: str, desk: str, most: int
) -> None:
    frame = rules.Words("{number}", "{desk} {number}: {answer}")
    values = {"answer": answer, "desk": desk, "number": "SPL-2611-00047-K", "follow_at": "s.id/lacak"}
    words = fitting.fitted(frame, values, rest=" {follow_at}", most=most)
    assert "SPL-2611-00047-K" in words.body
    assert rules.short_length(words.body).parts <= most
    whole = rules.filled(frame, {name: fitting.plain_signs(value) for name, value in values.items()})
    if rules.short_length(whole.body).parts <= most:
        assert words == whole
    else:
        assert words.body.endswith("s.id/lacak")
