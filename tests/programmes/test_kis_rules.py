"""Rules of switched-off cards: moves, the order of doors, what the rule of the day wants, days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul import roles
from simpul.programmes.queries import kis_rules
from simpul.programmes.rules import kis as rules

DAY = date(2026, 11, 23)


def test_every_move_is_an_act_of_the_role_table_and_leads_to_a_declared_state() -> None:
    assert set(rules.MOVES) <= set(roles.ACTS)
    for sources, target in rules.MOVES.values():
        assert sources <= {*rules.STATES, ""}
        assert target in rules.STATES


def test_the_way_is_the_one_of_the_district_practice() -> None:
    arrows = {(source, target) for sources, target in rules.MOVES.values() for source in sources}
    straight = {pair for pair in arrows if pair[1] != rules.REJECTED}
    assert straight == {
        ("", "submitted"),
        ("submitted", "document_check"),
        ("document_check", "revision_requested"),
        ("revision_requested", "document_check"),
        ("document_check", "eligibility_verification"),
        ("eligibility_verification", "awaiting_approval"),
        ("awaiting_approval", "recommendation_issued"),
        ("recommendation_issued", "proposed_to_ministry"),
        ("proposed_to_ministry", "ministry_approved"),
        ("proposed_to_ministry", "ministry_rejected"),
        ("ministry_approved", "reactivated"),
        ("reactivated", "completed"),
    }
    assert {source for source, target in arrows if target == "rejected"} == set(rules.STATES) - {"rejected"}


@given(st.sampled_from([*rules.MOVES, "card.nothing"]), st.sampled_from([*rules.STATES, "", "elsewhere"]))
def test_an_undeclared_move_leads_nowhere(act: str, state: str) -> None:
    declared = act in rules.MOVES and state in rules.MOVES[act][0]
    assert (rules.target(act, state) is not None) is declared
    assert (act in rules.acts_from(state)) is declared


def test_emergencies_come_first_then_treatment_the_chronic_the_pregnant_and_children() -> None:
    order = sorted(rules.NEEDS, key=rules.rank)
    assert order[:6] == ["emergency", "catastrophic", "treatment", "chronic", "pregnant", "child"]
    assert rules.rank("unknown") < rules.rank("none")
    assert rules.rank("unheard of") == rules.rank("unknown")


def test_a_door_says_why_it_stands_where_it_stands() -> None:
    for need in rules.NEEDS:
        reason, _source = rules.why(need, "register")
        assert len(reason) > 10
    assert rules.why("pregnant", "door")[1] == "seen at the door"


@pytest.mark.parametrize(
    ("words", "need"),
    [
        ("Cuci darah 2x seminggu di RSUD", "catastrophic"),
        ("IGD tadi malam", "emergency"),
        ("Ibu hamil 8 bulan", "pregnant"),
        ("DARAH TINGGI", "chronic"),
        ("Lansia", "elderly"),
        ("Tidak masuk DTSEN", ""),
        ("", ""),
    ],
)
def test_a_lists_own_words_tell_the_need(words: str, need: str) -> None:
    assert rules.need_from_words(words) == need


def test_the_register_tells_the_most_pressing_need_and_never_that_somebody_is_healthy() -> None:
    child = rules.Known(birth_date=DAY - timedelta(days=1000))
    assert rules.need_from_register(child, DAY) == "child"
    assert rules.need_from_register(rules.Known(chronic=True, pregnant=True), DAY) == "chronic"
    assert rules.need_from_register(rules.Known(catastrophic=True, chronic=True), DAY) == "catastrophic"
    assert rules.need_from_register(rules.Known(chronic=False, pregnant=False, disabled=False), DAY) == ""
    assert rules.need_from_register(rules.Known(birth_date=date(1950, 1, 1)), DAY) == "elderly"


def test_the_versions_of_the_rule_hold_by_their_days() -> None:
    shipped = kis_rules.shipped()
    assert rules.followed(shipped, date(2025, 6, 1)).code == "kemensos-2025"
    assert rules.followed(shipped, date(2026, 2, 5)).code == "bpjs-2026-02-05"
    assert rules.followed(shipped, DAY).code == "pusdatin-2026-02-18"
    assert rules.followed(shipped, date(2024, 1, 1)) == rules.DEFAULT
    assert [rule.code for rule in rules.differing(shipped, DAY)] == ["surat-478-2026"]
    assert all(rule.source and rule.confidence for rule in shipped)


def test_what_is_missing_follows_the_rule_of_the_day() -> None:
    shipped = kis_rules.shipped()
    today = rules.followed(shipped, DAY)
    assert rules.missing(today, rules.Given()) == ("facility_letter",)
    assert rules.missing(today, rules.Given(facility_letter=True)) == ()
    strict = next(rule for rule in shipped if rule.code == "surat-478-2026")
    assert rules.missing(strict, rules.Given(facility_letter=True)) == ("village_letter",)


def test_what_speaks_against_an_application_is_said_and_the_unknown_never_counts() -> None:
    shipped = kis_rules.shipped()
    bpjs = rules.followed(shipped, date(2026, 2, 10))
    assert rules.doubts(bpjs, rules.Given(need="unknown")) == ()
    assert rules.doubts(bpjs, rules.Given(need="pregnant", off_date=date(2025, 5, 3))) == (
        "not_chronic",
        "outside_window",
    )
    now = rules.followed(shipped, DAY)
    assert rules.doubts(now, rules.Given(need="pregnant", office="police")) == ("excluded",)
    assert rules.doubts(now, rules.Given(need="pregnant", office="")) == ()


@pytest.mark.parametrize(
    "row",
    [
        {"code": "x"},
        {
            "code": "x",
            "authority": "a",
            "source": "s",
            "from": DAY,
            "facility_letter": "maybe",
            "village_letter": "no",
        },
        {
            "code": "x",
            "authority": "a",
            "source": "s",
            "from": DAY,
            "until": DAY - timedelta(days=1),
            "facility_letter": "no",
            "village_letter": "no",
        },
        {
            "code": "x",
            "authority": "a",
            "source": "s",
            "from": DAY,
            "facility_letter": "no",
            "village_letter": "no",
            "excludes": ["neighbour"],
        },
    ],
)
def test_a_rule_without_source_or_sense_is_refused_by_name(row: dict[str, object]) -> None:
    with pytest.raises(rules.UnreadableRuleError, match="x:"):
        rules.rules_from([row])


def test_the_ministry_is_asked_again_after_the_days_of_the_rule() -> None:
    proposed = DAY - timedelta(days=15)
    assert rules.needs_follow_up(proposed, None, DAY, 14)
    assert not rules.needs_follow_up(proposed, DAY - timedelta(days=2), DAY, 14)
    assert not rules.needs_follow_up(None, None, DAY, 14)


def test_the_data_duty_ends_six_calendar_months_later() -> None:
    assert rules.duty_until(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert rules.duty_until(date(2026, 1, 15), 6) == date(2026, 7, 15)
    assert rules.duty_until(date(2026, 12, 31), 2) == date(2027, 2, 28)


@given(st.dates(date(2014, 1, 1), date(2090, 1, 1)), st.integers(1, 60))
def test_a_duty_always_lies_ahead(day: date, months: int) -> None:
    due = rules.duty_until(day, months)
    assert due > day
    assert (due.year * 12 + due.month) - (day.year * 12 + day.month) == months


def test_one_clear_person_is_sure_and_two_are_not() -> None:
    assert rules.verdict([0.99, 0.6]) == "sure"
    assert rules.verdict([0.99, 0.97]) == "doubtful"
    assert rules.verdict([0.8]) == "doubtful"
    assert rules.verdict([0.3]) == "none"
    assert rules.verdict([]) == "none"


@pytest.mark.parametrize(
    ("words", "need"),
    [
        ("Gagal ginjal kronis, cuci darah", "catastrophic"),
        ("RAWAT  JALAN", "treatment"),
        ("tidak sehat", ""),
        ("kurang sehat", ""),
        ("tidak sakit", "none"),
        ("sehat", "none"),
        ("tidak hamil, sakit gula", "chronic"),
        ("tidak ada penyakit kronis", ""),
        ("anggota koperasi", ""),
        ("bukan gawat darurat, lansia", "elderly"),
    ],
)
def test_what_words_deny_is_no_need_and_nobody_unwell_counts_as_healthy(words: str, need: str) -> None:
    assert rules.need_from_words(words) == need
