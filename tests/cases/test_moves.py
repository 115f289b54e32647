"""The table of moves: what is declared happens, what is not is refused."""

from __future__ import annotations

import pytest

from simpul import roles
from simpul.cases.rules import moves


def test_every_move_is_an_act_of_the_role_table() -> None:
    assert set(moves.MOVES) <= set(roles.ACTS)


def test_every_state_a_move_names_is_declared() -> None:
    for act, move in moves.MOVES.items():
        assert move.sources <= set(moves.STATES), act
        assert move.target is None or move.target in moves.STATES, act


def test_every_state_but_the_first_is_reached_by_some_move() -> None:
    reached = {move.target for move in moves.MOVES.values()}
    assert set(moves.STATES) - reached == {moves.NEW}


def test_no_open_state_is_a_dead_end() -> None:
    for state in moves.OPEN_STATES | {moves.ANSWERED}:
        targets = {moves.MOVES[act].target for act in moves.acts_from(state)}
        assert targets - {None, state}, state


def test_merged_and_withdrawn_matters_stay_as_they_are() -> None:
    assert moves.acts_from(moves.MERGED) == frozenset()
    assert moves.acts_from(moves.WITHDRAWN) == frozenset()


@pytest.mark.parametrize("act", sorted(moves.MOVES))
def test_an_undeclared_move_is_refused(act: str) -> None:
    for state in moves.STATES:
        if state in moves.MOVES[act].sources:
            assert moves.allowed(act, state)
            assert moves.target(act, state) in moves.STATES
        else:
            assert not moves.allowed(act, state)
            with pytest.raises(KeyError):
                moves.target(act, state)


def test_an_act_that_moves_nothing_is_always_allowed() -> None:
    assert moves.allowed("case.note", moves.CLOSED)
