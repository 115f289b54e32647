"""Programmes and rules in the tables: what ships, a district's own, what is refused, and versions by day and place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from simpul.journal.models import Line
from simpul.lib.actor import ANYBODY, MACHINE
from simpul.lib.errors import NotFound
from simpul.programmes.actions import programmes as acts
from simpul.programmes.models import Programme, RuleVersion
from simpul.programmes.queries import catalogue, words
from simpul.programmes.rules import criteria, rows
from tests.cast import NOW, Cast, assemble

ON = date(2026, 11, 25)
OWN = rows.ProgrammeGiven("rumah-mandiri", "aid", "Kabupaten Bantaeng", "Rumah Mandiri", "Own Roof")
RULE = rows.RuleGiven(
    programme="rumah-mandiri",
    version="Perbup 1/2026",
    unit="household",
    criteria={
        "all": [
            {"field": "house.floor", "one_of": ["earth"]},
            {"field": "household.income", "below": "$line"},
        ]
    },
    source="Perbup Bantaeng 1/2026",
    valid_from=date(2026, 1, 1),
    figures={"line": {"value": 1_000_000, "name": "Batas", "name_en": "Line"}},
    region_code="7303",
)


@pytest.fixture
def cast(db: None) -> Cast:
    """One village with its officers, and the programmes that ship."""
    made = assemble()
    acts.load_programmes(by=MACHINE, at=NOW)
    return made


def test_what_ships_is_loaded_once_and_leaves_a_line(cast: Cast) -> None:
    assert Programme.objects.count() == len(catalogue.shipped()[0])
    assert RuleVersion.objects.count() == len(catalogue.shipped()[1])
    assert Line.objects.filter(kind="programmes.load").count() == 1
    assert acts.load_programmes(by=MACHINE, at=NOW) == 0


def test_every_row_of_the_criteria_table_is_there_with_authority_source_dates_unit_and_certainty(
    cast: Cast,
) -> None:
    wanted = {
        "fakir-miskin", "bps-14", "dtsen-decile", "pkh", "bpnt", "pbi-jk", "blt-desa", "pip", "bsps", "house-aid-2013", "atensi",
        "zakat", "kemensos-excluded",
    }  # fmt: skip
    assert wanted <= set(Programme.objects.values_list("code", flat=True))
    for one in RuleVersion.objects.select_related("programme"):
        assert one.source and one.programme.authority and one.valid_from and one.unit in criteria.UNITS
        assert one.confidence in rows.CONFIDENCES


def test_a_version_holds_from_its_day_until_its_day(cast: Cast) -> None:
    held = {rule.programme_id: rule.given.version for rule in catalogue.rules_in_force(date(2020, 6, 1))}
    assert held["fakir-miskin"] == "146/HUK/2013" and held["pbi-jk"] == "Permensos 21/2019"
    now = {rule.programme_id: rule.given.version for rule in catalogue.rules_in_force(ON)}
    assert now["fakir-miskin"] == "262/HUK/2022" and now["pbi-jk"] == "Permensos 3/2026"
    assert "house-aid-2013" not in now and "kemensos-excluded" not in now


def test_a_district_adds_its_own_programme_and_rule_by_form(cast: Cast) -> None:
    acts.add_programme(by=cast.administrator, at=NOW, given=OWN, region_code="7303")
    made = acts.add_rule(by=cast.administrator, at=NOW, given=RULE)
    assert made.is_own and made.added_by == "Dian Pratiwi"
    there = [rule for rule in catalogue.rules_in_force(ON, "7303012008") if rule.programme_id == OWN.code]
    elsewhere = [rule for rule in catalogue.rules_in_force(ON, "7602") if rule.programme_id == OWN.code]
    assert len(there) == 1 and not elsewhere
    assert there[0].figures == {"line": 1_000_000}
    assert [line.kind for line in Line.objects.order_by("-id")[:2]] == ["rule.add", "programme.add"]


def test_a_districts_own_numbers_go_before_the_general_ones_there(cast: Cast) -> None:
    known = RuleVersion.objects.get(programme="bpnt")
    given = catalogue.given_of(known)
    figures = {"decile": {**given.figures["decile"], "value": 5}}
    acts.add_rule(
        by=cast.administrator,
        at=NOW,
        given=replace(
            given, version="SE 2/2026", source="Surat Edaran 2/2026", region_code="7303", figures=figures
        ),
    )
    here = {rule.programme_id: rule for rule in catalogue.rules_in_force(ON, "7303012008")}
    there = {rule.programme_id: rule for rule in catalogue.rules_in_force(ON, "7602132001")}
    assert here["bpnt"].figures["decile"] == 5 and there["bpnt"].figures["decile"] == 4


def test_a_version_ends_and_another_day_still_finds_it(cast: Cast) -> None:
    known = RuleVersion.objects.get(programme="bpnt")
    acts.end_rule(by=cast.administrator, at=NOW, version_id=known.id, valid_until=date(2026, 6, 30))
    assert "bpnt" not in {rule.programme_id for rule in catalogue.rules_in_force(ON)}
    assert "bpnt" in {rule.programme_id for rule in catalogue.rules_in_force(date(2026, 6, 1))}
    assert acts.load_programmes(by=MACHINE, at=NOW) == 0  # what was ended here stays ended
    with pytest.raises(acts.RuleEndWrong):
        acts.end_rule(by=cast.administrator, at=NOW, version_id=known.id, valid_until=date(2000, 1, 1))


@pytest.mark.parametrize("part", ["admin", "village_officer", "manager", "neighbour_coordinator"])
def test_rules_are_the_administrators_alone(cast: Cast, part: str) -> None:
    by = getattr(cast, part)
    for act in (
        lambda: acts.load_programmes(by=by, at=NOW),
        lambda: acts.add_programme(by=by, at=NOW, given=OWN),
        lambda: acts.add_rule(by=by, at=NOW, given=RULE),
        lambda: acts.end_rule(by=by, at=NOW, version_id=RuleVersion.objects.first().id, valid_until=ON),  # type: ignore[union-attr]
        lambda: acts.load_programmes(by=ANYBODY, at=NOW),
    ):
        with pytest.raises(NotFound):
            act()


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"source": ""}, "tidak memiliki sumber"),
    ({"valid_until": date(2025, 1, 1)}, "sebelum dimulai"),
    ({"valid_from": None}, "tanggal mulai"),
    ({"unit": "village"}, "satuan"),
    ({"confidence": "sure"}, "kepastian"),
    ({"criteria": {"field": "house.walls", "one_of": ["bamboo"]}}, "house.walls"),
    ({"criteria": {"field": "house.floor", "one_of": ["gold"]}}, "gold"),
    ({"criteria": {"field": "house.floor", "below": 3}}, "below"),
    ({"criteria": {"field": "household.income", "below": "much"}}, "much"),
    ({"criteria": {"field": "household.income", "below": "$nothing"}}, "$nothing"),
    ({"criteria": {"field": "household.lacked_food", "is": "maybe"}}, "maybe"),
    ({"criteria": {"field": "person.age", "at_least": 60}}, "person.age"),
    ({"criteria": {"at_least": 4, "of": [{"field": "household.size", "at_least": 1}]}}, "4"),
    ({"criteria": {"criterion": "nobody-knows"}}, "nobody-knows"),
    ({"criteria": {"any_member": {"field": "house.floor", "one_of": ["earth"]}}}, "house.floor"),
    ({"criteria": {"any_member": {"any_member": {"field": "person.age", "at_least": 1}}}}, "any_member"),
    ({"criteria": {"programme": "lottery", "of": "household", "receives": True}}, "lottery"),
    ({"criteria": {"all": []}}, "tanpa"),
    ({"criteria": []}, "tidak dapat dibaca"),
    ({"criteria": {"surprise": 1}}, "surprise"),
    ({"amounts": [{"rupiah": "much", "per": "year"}]}, "much"),
    ({"figures": {"line": {"value": 1.5, "name": "a", "name_en": "b"}}}, "1.5"),
]


@pytest.mark.parametrize(("change", "said"), WRONG, ids=[said for _change, said in WRONG])
def test_a_rule_that_is_wrong_is_refused_in_words_that_name_the_row(
    cast: Cast, change: dict[str, Any], said: str
) -> None:
    acts.add_programme(by=cast.administrator, at=NOW, given=OWN)
    with pytest.raises(acts.RuleWrong) as refused:
        acts.add_rule(by=cast.administrator, at=NOW, given=replace(RULE, **change))
    assert said in str(refused.value)
    assert "rumah-mandiri" in str(refused.value)
    assert not RuleVersion.objects.filter(programme="rumah-mandiri").exists()


def test_a_criterion_that_leads_back_to_itself_is_refused(cast: Cast) -> None:
    shared = replace(OWN, code="lingkaran", kind="criterion")
    acts.add_programme(by=cast.administrator, at=NOW, given=shared)
    circle = replace(
        RULE,
        programme="lingkaran",
        unit="household",
        criteria={"none": [{"criterion": "lingkaran"}]},
        figures={},
    )
    with pytest.raises(acts.RuleWrong) as refused:
        acts.add_rule(by=cast.administrator, at=NOW, given=circle)
    assert "lingkaran → lingkaran" in str(refused.value)


def test_programmes_and_versions_have_names_of_their_own(cast: Cast) -> None:
    acts.add_programme(by=cast.administrator, at=NOW, given=OWN)
    with pytest.raises(acts.ProgrammeTaken):
        acts.add_programme(by=cast.administrator, at=NOW, given=OWN)
    for wrong in (
        replace(OWN, code="A b"),
        replace(OWN, code="x1", kind="gift"),
        replace(OWN, code="x2", authority=""),
    ):
        with pytest.raises(acts.ProgrammeWrong):
            acts.add_programme(by=cast.administrator, at=NOW, given=wrong)
    acts.add_rule(by=cast.administrator, at=NOW, given=RULE)
    with pytest.raises(acts.RuleTaken):
        acts.add_rule(by=cast.administrator, at=NOW, given=RULE)
    with pytest.raises(NotFound):
        acts.add_rule(by=cast.administrator, at=NOW, given=replace(RULE, programme="nobody"))
    with pytest.raises(acts.RuleWrong):
        acts.add_rule(by=cast.administrator, at=NOW, given=replace(RULE, version=" "))


def test_a_catalogue_file_with_a_wrong_row_is_reported_row_by_row() -> None:
    files = {
        "wrong": {
            "authority": "",
            "programme": [
                {"code": "a", "kind": "gift", "name": "A", "name_en": "A", "rule": [{"version": "1", "unit": "household", "criteria": {}}]},
                {"code": "a", "kind": "aid", "name": "A", "name_en": ""},
                {"code": "b", "kind": "aid", "name": "B", "name_en": "B", "colour": "red"},
            ],
        }
    }  # fmt: skip
    _programmes, rules, faults = rows.read_files(files)
    faults += rows.check_rules(rules, catalogue.vocabulary(), {})
    codes = {fault.code for fault in faults}
    assert {"authority_missing", "kind_unknown", "name_missing", "programme_twice", "row_unreadable"} <= codes
    assert {"source_missing", "date_missing", "confidence_unknown"} & codes and "form_unknown" in codes
    assert all(words.fault(fault).startswith(fault.where) for fault in faults)


def test_a_rule_is_said_in_both_languages(cast: Cast) -> None:
    rule = next(one for one in catalogue.rules_in_force(ON, "7303") if one.programme_id == "bps-14")
    said = [line.text for line in words.lines(rule.node, rule.figures)]
    assert said[0] == "Sekurangnya 9 dari 14 ini:"
    assert "Luas lantai per orang: kurang dari 8 m²" in said
