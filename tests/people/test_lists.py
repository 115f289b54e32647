"""The code lists: what a code says, what it can mean, and what is not in a list."""

from __future__ import annotations

import pytest

from simpul.people.queries import lists


def test_the_same_number_means_different_things_in_different_lists() -> None:
    assert lists.meanings("chronic", "bdt/1") == {"hypertension"}
    assert lists.meanings("chronic", "dtsen/1") == {"none"}
    assert lists.label("roof", "bdt/6") == lists.label("roof", "dtsen/3") == "Seng"
    assert lists.label("presence", "siks/3") == "Ganda"
    assert lists.label("presence", "dtsen/3", "en") == "Died"


def test_a_coarse_code_has_several_meanings() -> None:
    assert lists.meanings("floor", "dtsen/5") == {"wood_good", "wood_poor"}
    assert lists.meanings("floor", "bdt/8") == {"wood_poor"}
    assert lists.meanings("floor", "") == frozenset()


@pytest.mark.parametrize(
    ("field", "version", "given", "kept"),
    [
        ("floor", "bdt", "6", "bdt/6"),
        ("floor", "bdt", 6, "bdt/6"),
        ("floor", "bdt", "06", "bdt/6"),
        ("floor", "bdt", "6.0", "bdt/6"),
        ("floor", "dtsen", "bdt/6", "bdt/6"),
        ("floor", "dtsen", "Tanah", "dtsen/8"),
        ("water", "dtsen", "7", "bdt/7"),  # DTSEN has no list of its own known for it
        ("floor", "bdt", "tidak tahu", ""),
        ("floor", "bdt", None, ""),
        ("disability", "bdt", "Tidak ada", "bdt/0"),
        ("household_relation", "kk", "Istri", "kk/3"),
        ("family_relation", "bdt", "1", "bdt/1"),
        ("office", "bdt", "army", "army"),
        ("school_level", "bdt_b", "8", "bdt_b/8"),
    ],
)
def test_reads_what_sheets_hold(field: str, version: str, given: object, kept: str) -> None:
    assert lists.code(field, version, given) == kept


@pytest.mark.parametrize("given", ["11", "-1", "marmer?", "dtsen/10", "1.5"])
def test_refuses_what_the_list_has_not(given: str) -> None:
    with pytest.raises(lists.NotInList):
        lists.code("floor", "bdt", given)


def test_yes_and_no_alternate_on_the_bdt_form() -> None:
    assert lists.yes_no("gas_large", "bdt", "1") is True
    assert lists.yes_no("gas_large", "bdt", "2") is False
    assert lists.yes_no("fridge", "bdt", "3") is True
    assert lists.yes_no("fridge", "bdt", "4") is False
    assert lists.yes_no("fridge", "dtsen", "1") is True
    assert lists.yes_no("fridge", "bdt", "") is None
    assert lists.yes_no("fridge", "bdt", "Ya") is True
    with pytest.raises(lists.NotInList):
        lists.yes_no(
            "fridge", "bdt", "1"
        )  # a code of the other kind of item is a shifted column, and no answer


def test_papers_are_bits_or_one_code() -> None:
    assert lists.papers("bdt", "5") == 5
    assert lists.papers("bdt_b", "3") == 4
    assert lists.papers("bdt", "") is None
    with pytest.raises(lists.NotInList):
        lists.papers("bdt", "16")


def test_every_label_has_both_languages_and_fits_its_column() -> None:
    for field in lists.fields():
        for version in lists.versions(field):
            for option in lists.options(field, version):
                assert option.name and option.name_en
                assert len(option.code) <= (24 if field == "office" else 16)


def test_sensitive_categories() -> None:
    assert len(lists.categories()) == 26
    assert lists.sensitive_categories() == {3, 6, 7, 10, 15, 16, 17, 18, 19}
