"""Search: whole stems, newest first, only what one may see, the same on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from simpul.cases import search
from simpul.cases.actions import intake, referral
from simpul.cases.models import Case, CaseWords
from simpul.lib.actor import ANYBODY, MACHINE
from tests.cast import BONTO_JAI, NOW, Cast


def test_every_word_must_occur_and_the_newest_comes_first(cast: Cast) -> None:
    older = cast.case(text_given="Jalan desa rusak berat di dekat jembatan.")
    newer = cast.case(text_given="Jembatan gantung di jalan kebun putus.")
    cast.case(text_given="Beras bantuan kurang.")
    assert search.find_cases(cast.admin, "jalan jembatan") == [newer.id, older.id]
    assert search.find_cases(cast.admin, "JEMBATAN, gantung!") == [newer.id]
    assert search.find_cases(cast.admin, "jalan beras") == []


@pytest.mark.parametrize("asked", ["kerusakan", "rusak", "merusakkan", "RUSAK", "rusak."])
def test_affixes_do_not_matter(cast: Cast, asked: str) -> None:
    case = cast.case(text_given="Jalan dirusak truk.")
    assert search.find_cases(cast.admin, asked) == [case.id]


def test_a_case_number_in_any_spelling_is_found_first(cast: Cast) -> None:
    case = cast.case()
    number = case.number
    for typed in (number, number.lower(), number.replace("-", " "), number.removeprefix("SPL-")):
        assert search.find_cases(cast.admin, typed) == [case.id]
    assert search.find_cases(cast.neighbour, number) == []


def test_the_start_of_the_last_word_is_enough_when_nothing_else_is_found(cast: Cast) -> None:
    case = cast.case(text_given="Jembatan gantung putus.")
    assert search.find_cases(cast.admin, "putus jemb") == [case.id]
    assert search.find_cases(cast.admin, "je") == []


def test_reporter_place_and_hamlet_are_found_and_a_hidden_name_is_not(cast: Cast) -> None:
    shown = cast.case(place="dekat masjid Nurul Huda", hamlet_id=cast.hamlet.id)
    hidden = cast.case(hide_name=True, reporter=intake.PersonGiven(name="Sanneng", phone="0811-222-3333"))
    assert search.find_cases(cast.admin, "nurhayati") == [shown.id]
    assert search.find_cases(cast.admin, "masjid huda taludu") == [shown.id]
    assert search.find_cases(cast.admin, "sanneng") == []
    assert hidden.id in search.find_cases(cast.admin, "lampu")


def test_personal_answers_are_not_in_the_index(cast: Cast) -> None:
    case = cast.case(
        kind_code="dispute",
        answers={"subject": "land", "parties": "Daeng Sikki melawan Daeng Ngalle"},
        text_given="Batas tanah.",
    )
    assert "ngalle" not in CaseWords.objects.get(case=case).words


def test_everybody_finds_only_what_they_may_see(cast: Cast) -> None:
    ours = cast.case()
    theirs = cast.case(region_code=BONTO_JAI)
    assert search.find_cases(cast.admin, "lampu jalan") == [ours.id]
    assert search.find_cases(cast.neighbour, "lampu jalan") == [theirs.id]
    assert search.find_cases(MACHINE, "lampu jalan") == [theirs.id, ours.id]
    for by in (cast.partner, cast.administrator, cast.custodian, cast.other_pokja, ANYBODY):
        assert search.find_cases(by, "lampu jalan") == []


@pytest.mark.parametrize("few", [0, 3000])
def test_a_desk_finds_what_was_handed_to_it_by_either_way(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(search, "FEW", few)
    older, newer = cast.case(), cast.case(text_given="Lampu jembatan padam.")
    cast.case(text_given="Lampu yang tidak diteruskan.")
    for case in (older, newer):
        referral.refer_case(
            by=cast.admin, at=NOW, case_id=case.id, to_desk_id=cast.desk("shelter").id, note="Mohon dicek."
        )
    assert search.find_cases(cast.pokja, "lampu") == [newer.id, older.id]
    assert search.find_cases(cast.pokja, "lampu jemb") == [newer.id]
    assert search.find_cases(cast.pokja, "padam lampu", limit=1, offset=1) == [older.id]
    assert search.find_cases(cast.pokja, "diteruskan") == [] == search.find_cases(cast.other_pokja, "lampu")


def test_sealed_matters_have_no_words_at_all(cast: Cast) -> None:
    case = cast.case(kind_code="protected_report", text_given="Lampu padam dan saya takut pulang.")
    assert not CaseWords.objects.filter(case=case).exists()
    assert search.find_cases(cast.focal, "lampu padam") == []


def test_pages_follow_each_other(cast: Cast) -> None:
    cases = [cast.case(text_given=f"Lampu nomor {turn} padam.") for turn in range(5)]
    newest_first = [case.id for case in reversed(cases)]
    assert search.find_cases(cast.admin, "lampu", limit=2) == newest_first[:2]
    assert search.find_cases(cast.admin, "lampu", limit=2, offset=2) == newest_first[2:4]
    assert search.find_cases(cast.admin, "lampu", limit=2, offset=4) == newest_first[4:]


def test_a_matter_far_behind_others_hits_is_still_found(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = cast.case()
    for _turn in range(8):
        cast.case(region_code=BONTO_JAI)
    monkeypatch.setattr(search, "BATCHES", (2, 4, 8))
    assert search.find_cases(cast.admin, "lampu jalan") == [ours.id]


def test_renewed_words_replace_the_old_ones(cast: Cast) -> None:
    case = cast.case()
    case.text = "Pipa air bocor."
    case.title = "Pipa"
    search.index_case(case)
    assert search.find_cases(cast.admin, "pipa bocor") == [case.id]
    assert search.find_cases(cast.admin, "lampu") == []
    search.drop_case(case.id)
    assert search.find_cases(cast.admin, "pipa bocor") == []


ODD = (
    "", "   ", "'", '"', 'lampu" OR 1=1 --', "a* b* NEAR(c)", "NOT AND OR", "-lampu", "{}", "(", "lampu:*", "\\", "%s", "🙂", "\u200b",
    "x" * 5000,
)  # fmt: skip


@pytest.mark.parametrize("asked", ODD)
def test_no_input_breaks_the_query(cast: Cast, asked: str) -> None:
    cast.case()
    search.find_cases(cast.admin, asked)


@given(st.text(max_size=300))
def test_stems_are_plain_words_that_both_databases_read_alike(words: str) -> None:
    for stem in search.asked_for(words):
        assert stem.isalnum() and 0 < len(stem) <= 60


def test_the_index_follows_cascades(cast: Cast) -> None:
    case = cast.case()
    CaseWords.objects.filter(case=case).delete()
    assert search.find_cases(cast.admin, "lampu jalan") == []
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO cases_casewords_fts(cases_casewords_fts) VALUES ('integrity-check')")


def test_the_cost_of_a_search_does_not_grow_with_the_hits(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    for turn in range(12):
        cast.case(text_given=f"Lampu {turn} padam.", at=NOW + timedelta(minutes=turn))
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        assert len(search.find_cases(cast.admin, "lampu", limit=5)) == 5
    assert Case.objects.count() == 12
