"""Rules without a database: the questions of safety, ties of mediators, parts of a debt, the frozen text."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.mediation.queries import screen as screen_queries
from simpul.mediation.rules import conflicts, minutes, moves, obligations, screen, steps, words

ASKED = screen_queries.questions()
ONE, TWO = UUID(int=1), UUID(int=2)


@given(
    st.dictionaries(st.sampled_from([one.key for one in ASKED]), st.sampled_from(["no", "yes", "unsure", ""]))
)
def test_a_yes_always_protects_and_only_whole_noes_are_clear(answers: dict[str, str]) -> None:
    verdict = screen.judge(ASKED, answers)
    if "yes" in answers.values():
        assert verdict.outcome == "protect"
    if verdict.outcome == "clear":
        assert len(answers) == len(ASKED) and set(answers.values()) == {"no"}


def test_every_question_names_its_source() -> None:
    assert len({one.key for one in ASKED}) == len(ASKED) >= 5
    assert all(one.source and one.confidence in {"confirmed", "secondary", "unconfirmed"} for one in ASKED)


@given(
    st.integers(1, 10**10),
    st.integers(1, obligations.MOST_PARTS),
    st.dates(date(2020, 1, 1), date(2090, 1, 1)),
)
def test_parts_are_exactly_the_whole_in_order(amount: int, count: int, first: date) -> None:
    if amount < count:
        with pytest.raises(ValueError, match="count"):
            obligations.parts(amount, first, count)
        return
    rows = obligations.parts(amount, first, count)
    assert sum(row.amount or 0 for row in rows) == amount
    assert all((row.amount or 0) > 0 for row in rows)
    days = [row.due_date for row in rows]
    assert days == sorted(set(days)) and days[0] == first


@given(st.integers(1, 10**9), st.lists(st.integers(1, 10**9), max_size=8))
def test_payments_add_up_and_never_above(whole: int, brought: list[int]) -> None:
    done: list[int | None] = []
    for one in brought:
        done.append(obligations.counted(whole, obligations.standing(whole, done).done, one))
    found = obligations.standing(whole, done)
    assert found.done == min(whole, sum(brought))
    assert found.done + found.left == whole
    assert found.complete == (sum(brought) >= whole)


def test_a_deed_is_done_once() -> None:
    assert not obligations.standing(None, []).complete
    assert obligations.standing(None, [None]).complete
    assert obligations.counted(None, 0, 5) is None


def test_days_that_matter() -> None:
    due = date(2026, 1, 31)
    assert obligations.add_months(due, 1) == date(2026, 2, 28)
    assert not obligations.is_late(due, due)
    assert not obligations.may_break(due, 7, date(2026, 2, 7))
    assert obligations.may_break(due, 7, date(2026, 2, 8))
    assert obligations.remind_from(due) == date(2026, 1, 28)
    assert steps.meet_until(date(2026, 11, 1)) == date(2026, 11, 15)
    assert steps.register_until(date(2026, 11, 1)) == date(2026, 12, 1)


def test_ties_are_found_by_what_the_register_knows() -> None:
    side = conflicts.Known(ONE, "nurhayati", household=TWO, family=TWO, speaker_key="rahman")
    same = conflicts.Known(TWO, "rahman", household=TWO, family=TWO, related=frozenset({ONE}))
    assert conflicts.found(same, [side], "sewa") == ("household", "family", "relation", "speaker", "declared")
    assert conflicts.found(conflicts.Known(ONE, "x"), [side]) == ("self",)
    assert conflicts.found(conflicts.Known(None, "nurhayati"), [side]) == ("name",)
    assert not conflicts.shuts_out(("name",), parties_agree=False)
    assert conflicts.shuts_out(("family",), parties_agree=False)
    assert not conflicts.shuts_out(("family",), parties_agree=True)
    assert conflicts.shuts_out(("self",), parties_agree=True)


def test_progress_has_one_step_that_is_now() -> None:
    rows = steps.progress(steps.Reached(parties=2, mediators=1))
    assert [row.state for row in rows] == ["done", "done", "done", "now", "later", "later", "later"]
    ended = steps.progress(steps.Reached(parties=2, state="failed"))
    assert "now" not in [row.state for row in ended]
    assert all(row.state == "done" for row in steps.progress(steps.Reached(signed=True, state="kept")))


def test_moves_lead_to_known_states() -> None:
    for sources, target in moves.MOVES.values():
        assert sources <= set(words.STATES)
        assert target in {"", *words.STATES}
    assert moves.allowed("agreement.sign", "open") and not moves.allowed("agreement.sign", "protected")
    assert moves.target("agreement.sign") == "agreed"


def test_the_frozen_text_is_one_for_one_content() -> None:
    given_ = minutes.Content(
        "001/2026", 1, "", "", "7602132001", "Dungkait", "land", "Batas", [], [], [], "Damai", [], [], "Balai", "2026-11-23", 7
    )  # fmt: skip
    text = minutes.canonical(given_)
    assert minutes.read(text)["format"] == minutes.FORMAT
    assert minutes.digest(text) == minutes.digest(minutes.canonical(given_))
