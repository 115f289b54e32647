"""The rules of rounds: whatever happens to goods, nothing appears and nothing vanishes; proof, flags and doubles."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.programmes.rules import deliveries, handovers, rounds

HOLDERS = [rounds.Holder("trip", "1"), rounds.Holder("device", "d"), rounds.Holder("seat", "s")]
MUCH = st.integers(1, 10_000).map(lambda number: Decimal(number) / 100)
SIGNED = st.integers(-10_000, 10_000).map(lambda number: Decimal(number) / 100)
MOVES = st.lists(
    st.one_of(
        st.builds(rounds.Moved, st.just("received"), st.just(rounds.STORE), MUCH),
        st.builds(
            rounds.Moved,
            st.sampled_from(["allotted", "returned", "lost"]),
            st.sampled_from(HOLDERS),
            SIGNED,
        ),
        st.builds(rounds.Moved, st.just("lost"), st.just(rounds.STORE), MUCH),
    ),
    max_size=30,
)
GIFTS = st.lists(
    st.builds(rounds.Handed, MUCH, st.lists(st.sampled_from(HOLDERS), max_size=3, unique=True).map(tuple)),
    max_size=30,
)


@given(MOVES, GIFTS, st.randoms(use_true_random=False))
def test_goods_are_conserved_in_any_order(
    moves: list[rounds.Moved], gifts: list[rounds.Handed], dice: object
) -> None:
    held = rounds.balance(moves, gifts)
    assert held.received == held.in_store + held.on_the_way + held.given + held.lost
    assert held.given == sum((one.quantity for one in gifts), Decimal(0))
    dice.shuffle(moves)  # type: ignore[attr-defined]
    dice.shuffle(gifts)  # type: ignore[attr-defined]
    assert rounds.balance(moves, gifts) == held


@given(MOVES, GIFTS)
def test_a_balance_is_even_exactly_when_no_difference_is_left(
    moves: list[rounds.Moved], gifts: list[rounds.Handed]
) -> None:
    held = rounds.balance(moves, gifts)
    assert held.is_even == (
        all(one.left(store=False) == 0 for one in held.others.values()) and held.in_store >= 0
    )
    assert all(left == held.left_with(holder) for holder, left in held.differences)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("10", "10.00"), (10, "10.00"), ("2,5", "2.50"), (" 1 000 ", "1000.00"), ("0", "0.00"), ("-3", "-3.00"),
        ("1.234", None), ("x", None), ("", None), (None, None), (1.5, None), (True, None), ("NaN", None), ("1e400", None),
    ],
)  # fmt: skip
def test_quantities_are_read_as_people_type_them(typed: object, found: str | None) -> None:
    assert rounds.quantity(typed) == (None if found is None else Decimal(found))


@given(SIGNED)
def test_a_quantity_is_written_and_read_again(much: Decimal) -> None:
    assert rounds.quantity(rounds.plain(much)) == much
    assert "E" not in rounds.plain(much)


@pytest.mark.parametrize(
    ("outcome", "more", "flags"),
    [
        ("delivered", {"proofs": ["signature"]}, ()),
        ("delivered", {"proofs": ["paper"]}, ()),
        ("delivered", {"proofs": ["goods_photo"]}, ("no_proof",)),
        ("delivered", {"proofs": ["goods_photo"], "witness": "Pak RT"}, ()),
        ("delivered", {"proofs": ["witness"], "witness": "Pak RT"}, ("no_proof",)),
        ("delivered", {"proofs": ["signature"], "receiver": "proxy"}, ("no_authority",)),
        ("delivered", {"proofs": [], "receiver": "proxy", "authority": "surat kuasa"}, ("no_proof",)),
        ("refused", {}, ("no_proof",)),
        ("refused", {"words": "sudah cukup"}, ()),
        ("dead", {"witness": "Pak RT"}, ()),
        ("absent", {}, ()),
        ("not_found", {}, ()),
    ],
)
def test_what_counts_as_proof(outcome: str, more: dict[str, object], flags: tuple[str, ...]) -> None:
    assert deliveries.missing_proof(outcome, **more) == flags  # type: ignore[arg-type]


RICE, EGGS = UUID(int=1), UUID(int=2)
HOME, OTHER, CARD = UUID(int=10), UUID(int=11), UUID(int=20)
KAKEK, NENEK = UUID(int=30), UUID(int=31)


def gift(key: int, **more: object) -> deliveries.Given:
    """Ten kilos of rice to a household that should get ten."""
    said: dict[str, object] = {
        "household": HOME, "person": None, "lines": {RICE: Decimal(10)}, "due": {RICE: Decimal(10)}, **more,
    }  # fmt: skip
    return deliveries.Given(key=UUID(int=100 + key), **said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ({}, {}, "household"),
        ({"household": OTHER}, {}, ""),
        ({"lines": {RICE: Decimal(5)}}, {"lines": {RICE: Decimal(5)}}, ""),
        ({"lines": {EGGS: Decimal(10)}}, {}, ""),
        ({"person": KAKEK}, {"person": NENEK}, ""),
        ({"person": KAKEK}, {"person": KAKEK, "household": OTHER}, "person"),
        ({"household": OTHER, "families": frozenset({CARD})}, {"families": frozenset({CARD})}, "family"),
        ({"person": KAKEK}, {}, "household"),
    ],
)
def test_what_may_be_one_too_many(first: dict[str, object], second: dict[str, object], reason: str) -> None:
    one, two = gift(1, **first), gift(2, **second)
    assert deliveries.is_double(one, two) == deliveries.is_double(two, one) == reason
    assert deliveries.doubles(one, [one]) == []


def test_numbers_of_minutes_name_position_round_and_year() -> None:
    key = UUID(int=(1 << 127) + 12345)
    assert handovers.number(key, 3, 2026) == f"003/BAST/{handovers.short_code(key)}/2026"
    assert len(handovers.short_code(key)) == 5
