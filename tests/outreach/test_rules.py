"""Every transition of the ministry's verification, the likeness of names, whose door is next, and samples."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.outreach.rules import doors, need, sampling
from simpul.outreach.rules import verification as rules

HOUSEHOLD = sorted(rules.HOUSEHOLD_STATES)
PERSON = sorted(rules.PERSON_STATES)


# --- golden: each step, and nothing else ------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", HOUSEHOLD)
def test_publishing_goes_one_step_at_a_time(state: str) -> None:
    assert rules.publish(state) == {"P0": "P1", "P1": "P2", "P2": "P3"}.get(state, "")


@pytest.mark.parametrize("state", HOUSEHOLD)
def test_a_household_is_taken_from_p3_or_p3a_while_nobody_has_it(state: str) -> None:
    assert rules.take(state, assigned=False) == ("M1" if state in ("P3", "P3a") else "")
    assert rules.take(state, assigned=True) == ""


@pytest.mark.parametrize("state", HOUSEHOLD)
def test_only_who_has_it_works_on_it(state: str) -> None:
    assert rules.update(state, mine=True) == ("M2" if state in ("M1", "M2") else "")
    assert rules.update(state, mine=False) == ""


@pytest.mark.parametrize("state", HOUSEHOLD)
@pytest.mark.parametrize("presence", range(8))
def test_submitting_makes_m4_of_a_household_that_is_there(state: str, presence: int) -> None:
    expected = (
        "" if state not in ("M1", "M2") or presence not in range(1, 7) else "M4" if presence == 1 else "M4a"
    )
    assert rules.submit(state, mine=True, presence=presence) == expected
    assert rules.submit(state, mine=False, presence=presence) == ""


@pytest.mark.parametrize(
    ("presence", "state"),
    [(0, ""), (1, "M4"), (2, "MKb"), (3, "MKb"), (4, "MKb"), (5, "MKb"), (6, "M4"), (7, "")],
)
def test_submitting_a_person(presence: int, state: str) -> None:
    assert rules.submit_person(presence) == state


@pytest.mark.parametrize("state", [*PERSON, ""])
@pytest.mark.parametrize(
    ("similar", "expected"), [(100, "MK"), (60, "MK"), (59, "MKa"), (0, "MKa"), (None, "MKa")]
)
def test_the_match_of_names(state: str, similar: int | None, expected: str) -> None:
    assert rules.match(state, similar) == (expected if state == "M4" else "")


@pytest.mark.parametrize("state", [*PERSON, ""])
@pytest.mark.parametrize("presence", range(1, 7))
def test_approval(state: str, presence: int) -> None:
    plain = {"MK": "Q2", "MKa": "Q1a", "MKb": "Q1b"}.get(state, "")
    assert rules.approve(state, presence) == ("Q2a" if plain and presence in (3, 4) else plain)


@pytest.mark.parametrize("state", [*PERSON, ""])
@pytest.mark.parametrize(("similar", "expected"), [(100, "Q2"), (60, "Q2"), (59, "Q1a"), (None, "Q1a")])
def test_matching_again(state: str, similar: int | None, expected: str) -> None:
    assert rules.rematch(state, similar) == (expected if state == "Q1a" else "")


@pytest.mark.parametrize("state", HOUSEHOLD)
def test_sending_back_needs_a_note_and_no_approval(state: str) -> None:
    sent = "P3a" if state in ("M4", "M4a") else ""
    assert rules.send_back(state, approved=False, note="foto kabur") == sent
    assert rules.send_back(state, approved=True, note="foto kabur") == ""
    assert rules.send_back(state, approved=False, note="  ") == ""


@pytest.mark.parametrize("state", HOUSEHOLD)
def test_giving_up_frees_a_household_that_was_not_submitted(state: str) -> None:
    assert rules.give_up(state) == ("P3" if state in ("M1", "M2") else "")


def test_the_codes_are_the_ministrys_and_nothing_leads_to_the_two_whose_way_is_unknown() -> None:
    assert set(HOUSEHOLD) == {"P0", "P1", "P2", "P3", "P3a", "M1", "M2", "M4", "M4a"}
    assert set(PERSON) == {"M4", "MK", "MKa", "MKb", "Q1", "Q1a", "Q1b", "Q2", "Q2a", "Q2b"}
    ends = {rules.approve(state, code) for state in PERSON for code in range(1, 7)}
    ends |= {rules.rematch(state, similar) for state in PERSON for similar in (None, 0, 100)}
    assert not ends & {"Q1", "Q2b"}


# --- likeness of names --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "registered", "similar"),
    [
        ("SITTI AMINAH", "Sitti  aminah", 100),
        ("Daeng Ngai/Sitti Aminah", "SITTI AMINAH", 100),
        ("Sitti", "Hasan/Sitti", 100),
        ("abcd", "bcde", 75),  # 2 * 3 / 8
        ("abc", "xyz", 0),
        ("", "Sitti", 0),
        ("/", "Sitti", 0),
        ("abcxx", "abcyy", 60),  # exactly at the edge
    ],
)
def test_names_are_compared_by_the_longest_common_parts(said: str, registered: str, similar: int) -> None:
    assert rules.similarity(said, registered) == similar


@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_is_a_share(said: str, registered: str) -> None:
    assert 0 <= rules.similarity(said, registered) <= 100


# --- whose door is next -------------------------------------------------------------------------------------------------------

TODAY = date(2026, 11, 23)


def test_a_household_nobody_knows_comes_before_one_that_is_well_known() -> None:
    unknown = need.need(need.Facts(), TODAY)
    known = need.need(need.Facts(visited_date=TODAY, said_date=TODAY, receives=True), TODAY)
    assert unknown.reasons == ("never", "no_benefit", "old") and unknown.score == 65
    assert known == need.Need(0, ())


def test_every_reason_counts_and_is_named_weightiest_first() -> None:
    facts = need.Facts(None, None, 1, 2, 1, 1, 1, 1, poor_house=True, sent_back=True)
    found = need.need(facts, TODAY)
    assert set(found.reasons) == set(need.REASONS) and found.reasons[0] == "kis_off"
    assert found.score == sum(weight for weight, _words in need.REASONS.values())


def test_data_are_old_after_a_year() -> None:
    young, old = TODAY - timedelta(days=365), TODAY - timedelta(days=366)
    assert "old" not in need.need(need.Facts(said_date=young), TODAY).reasons
    assert "old" in need.need(need.Facts(said_date=old), TODAY).reasons
    assert "old" not in need.need(need.Facts(said_date=old, visited_date=young), TODAY).reasons


@pytest.mark.parametrize(
    ("born", "years"),
    [(date(2020, 11, 23), 6), (date(2020, 11, 24), 5), (None, None), (date(2027, 1, 1), None)],
)
def test_an_age_is_in_whole_years(born: date | None, years: int | None) -> None:
    assert need.age(born, TODAY) == years


def test_progress_and_reach() -> None:
    assert (
        doors.Progress(doors=8, visited=3).share,
        doors.Progress(doors=8, visited=3).left,
        doors.Progress().share,
    ) == (37, 5, 0)
    assert doors.Reached(case=False, visit=False, benefit=False).never
    assert not doors.Reached(case=False, visit=False, benefit=True).never


# --- samples ------------------------------------------------------------------------------------------------------------------


@given(st.sets(st.uuids(), max_size=60), st.integers(1, 100), st.integers(0, 2**62))
def test_a_sample_can_be_drawn_again_and_is_never_empty_or_too_large(
    ids: set[UUID], percent: int, seed: int
) -> None:
    drawn = sampling.draw(ids, percent, seed)
    assert drawn == sampling.draw(sorted(ids, reverse=True), percent, seed)
    assert set(drawn) <= ids and len(set(drawn)) == len(drawn)
    assert bool(drawn) is bool(ids) and len(drawn) * 100 < len(ids) * percent + 100


def test_another_seed_draws_another_sample() -> None:
    ids = [uuid4() for _number in range(200)]
    assert sampling.draw(ids, 10, 1) != sampling.draw(ids, 10, 2)
