"""Codes, zones, changes of areas, spelling."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.regions import rules
from simpul.regions.data import areas, national


def test_a_code_is_read_with_and_without_dots() -> None:
    assert rules.plain_code("73.05.11.2005") == "7305112005"
    assert rules.plain_code(" 7305112005 ") == "7305112005"
    assert rules.plain_code("73.05") == "7305"
    for wrong in ("", "7", "730", "73051120", "73.05.11.2005.1", "Takalar", "73051120051", "73-05"):
        assert rules.plain_code(wrong) == ""


def test_every_province_has_its_zone() -> None:
    assert len(rules.ZONES) == 38
    counts = {zone: list(rules.ZONES.values()).count(zone) for zone in set(rules.ZONES.values())}
    assert counts == {"Asia/Jakarta": 18, "Asia/Makassar": 12, "Asia/Jayapura": 8}
    assert rules.zone("6105") == rules.zone("62") == "Asia/Jakarta"  # western and central Kalimantan
    assert rules.zone("6311") == rules.zone("64") == rules.zone("65") == "Asia/Makassar"
    assert rules.zone("7305112005") == rules.zone("51") == rules.zone("53") == "Asia/Makassar"
    assert rules.zone("81") == rules.zone("96") == "Asia/Jayapura"


def test_the_shipped_list_is_whole() -> None:
    rows = list(areas.areas())
    by_kind: dict[str, int] = {}
    for row in rows:
        by_kind[row.kind] = by_kind.get(row.kind, 0) + 1
    assert by_kind == {
        "provinsi": 38,
        "kabupaten": 416,
        "kota": 98,
        "kecamatan": 7285,
        "desa": 75252,
        "kelurahan": 8496,
        "desa_adat": 14,
    }
    codes = {row.code for row in rows}
    assert len(codes) == len(rows) == 91599
    assert all(set(rules.lineage(row.code)) <= codes for row in rows), "an area lies in an area of the list"
    assert all(row.zone and row.search_key and len(row.name) <= 100 for row in rows)


def test_a_part_of_the_list_has_what_lies_above_it() -> None:
    codes = [row.code for row in areas.areas("7305")]
    assert codes[:2] == ["73", "7305"]
    assert len([code for code in codes if len(code) == 6]) == 12
    assert len([code for code in codes if len(code) == 10]) == 110
    assert next(row for row in areas.areas("3513152017") if row.level == 4).name == 'Soka"an'


def test_names_as_an_address_has_them() -> None:
    assert rules.short_name("Kabupaten Takalar", "kabupaten") == "Kab. Takalar"
    assert rules.short_name("Kota Administrasi Jakarta Pusat", "kota") == "Kota Jakarta Pusat"
    assert rules.short_name("Kampung Beru", "desa") == "Desa Kampung Beru"


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Bonto Jai", "bontojai"),
        ("Pa'rappunganta", "parappunganta"),
        ("Regapu’u", "regapuu"),
        ("Kabupaten Takalar", "takalar"),
        ("Kota Baru", "baru"),
        ("Jéneponto", "jeneponto"),
    ],
)
def test_spelling_does_not_count(typed: str, key: str) -> None:
    assert rules.search_key(typed) == key


def test_which_codes_fit_which_change() -> None:
    fault = rules.fault_of_change
    assert fault("renamed", ["7305112005"], ["7305112005"]) == ""
    assert fault("renamed", ["7305112005"], ["7305112009"]) == "shape"
    assert fault("moved", ["7305042005"], ["7305112005"]) == ""
    assert fault("moved", ["7305112005"], ["7305112005"]) == "shape"
    assert fault("split", ["7305112005"], ["7305112005", "7305112009"]) == ""
    assert fault("split", ["7305112005"], ["7305112009"]) == "shape"
    assert fault("merged", ["7305112001", "7305112002"], ["7305112001"]) == ""
    assert fault("merged", ["7305112001"], ["7305112009"]) == "shape"
    assert fault("moved", ["730511"], ["7305112005"]) == "levels"
    assert fault("moved", ["73.05.11"], ["730512"]) == "levels"
    assert fault("split", ["7305112005"], ["7305112009", "7305112009"]) == "codes"
    assert fault("merged", [], ["7305112009"]) == "codes"
    assert fault("vanished", ["7305112005"], ["7305112009"]) == "kind"


def step(old: str, new: str, year: int) -> rules.Step:
    return rules.Step(old, new, date(year, 1, 1))


def test_an_old_code_leads_to_what_it_became() -> None:
    steps = [step("a", "b", 2020), step("b", "b", 2022), step("b", "c", 2022), step("c", "d", 2024)]
    assert rules.successors("a", steps, date(2019, 12, 31)) == ["a"]
    assert rules.successors("a", steps, date(2021, 1, 1)) == ["b"]
    assert rules.successors("a", steps, date(2023, 1, 1)) == ["b", "c"]
    assert rules.successors("a", steps, date(2025, 1, 1)) == ["b", "d"]
    assert rules.successors("unknown", steps, date(2025, 1, 1)) == ["unknown"]


def test_a_code_given_out_again_makes_no_circle() -> None:
    steps = [step("a", "b", 2020), step("b", "a", 2022)]
    assert rules.successors("a", steps, date(2025, 1, 1)) == ["a"]


@given(
    st.lists(
        st.builds(step, st.sampled_from("abcde"), st.sampled_from("abcde"), st.integers(2000, 2006)),
        max_size=12,
    ),
    st.sampled_from("abcde"),
)
def test_following_changes_always_ends_somewhere(steps: list[rules.Step], code: str) -> None:
    assert rules.successors(code, steps, date(2030, 1, 1))


def test_the_alarm_for_joint_leave_begins_in_october() -> None:
    assert rules.years_to_watch(date(2027, 9, 30)) == [2027]
    assert rules.years_to_watch(date(2027, 10, 1)) == [2027, 2028]


def test_an_office_week_is_written_in_digits() -> None:
    assert rules.week_days("12345") == frozenset({1, 2, 3, 4, 5})
    for wrong in ("", "0", "123458", "11", "mon"):
        with pytest.raises(ValueError, match="office week"):
            rules.week_days(wrong)


def test_the_library_knows_both_kinds_of_a_year() -> None:
    found = national.holidays_of(2026)
    assert len(found) == 25
    assert {row.kind for row in found} == {"public", "joint_leave"}
    assert len([row for row in found if row.kind == "joint_leave"]) == 8
    assert not any(row.estimated for row in found)
    assert all("(perkiraan)" not in row.name for row in national.holidays_of(2028))
    assert any(row.estimated for row in national.holidays_of(2028))
