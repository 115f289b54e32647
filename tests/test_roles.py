"""The role table, walked whole: every role, act and scope, allow and deny."""

from __future__ import annotations

from uuid import uuid4

import pytest

from simpul import roles
from simpul.lib.actor import PUBLIC, SYSTEM, Actor
from simpul.lib.errors import NotAllowed

MY_DESK, OTHER_DESK = uuid4(), uuid4()
HERE = roles.Place(region_code="7602132001", holder_ids=frozenset({MY_DESK}), chain_ids=frozenset({MY_DESK}))
ON_MY_CHAIN = roles.Place(
    region_code="7303012008", holder_ids=frozenset({OTHER_DESK}), chain_ids=frozenset({MY_DESK, OTHER_DESK})
)
IN_MY_AREA = roles.Place(
    region_code="7602122003", holder_ids=frozenset({OTHER_DESK}), chain_ids=frozenset({OTHER_DESK})
)
ELSEWHERE = roles.Place(
    region_code="7303012008", holder_ids=frozenset({OTHER_DESK}), chain_ids=frozenset({OTHER_DESK})
)
REACH = {
    roles.Scope.HAND: {"hand"},
    roles.Scope.CHAIN: {"hand", "chain"},
    roles.Scope.AREA: {"hand", "area"},
    roles.Scope.ALL: {"hand", "chain", "area", "elsewhere"},
}
PLACES = {"hand": HERE, "chain": ON_MY_CHAIN, "area": IN_MY_AREA, "elsewhere": ELSEWHERE}


def someone(role: str, *, strong: bool = True) -> Actor:
    """An officer of a role at one desk in Mamuju."""
    return Actor(role=role, region_code="7602", desk_id=MY_DESK, desk_ids=frozenset({MY_DESK}), strong=strong)


@pytest.mark.parametrize("role", sorted(roles.ROLES))
def test_every_act_is_allowed_exactly_as_widely_as_the_table_says(role: str) -> None:
    for act in roles.ACTS:
        scope = roles.GRANTS.get(role, {}).get(act)
        reach = REACH[scope] if scope else set()
        for name, place in PLACES.items():
            assert roles.may(someone(role), act, place) is (name in reach), (role, act, name)


@pytest.mark.parametrize("role", sorted(name for name, role in roles.ROLES.items() if role.strong))
def test_a_role_that_demands_a_second_factor_may_do_nothing_without_one(role: str) -> None:
    weak = someone(role, strong=False)
    assert not [act for act in roles.ACTS if roles.may(weak, act, HERE)]


@pytest.mark.parametrize("role", sorted(roles.ROLES))
def test_require_raises_where_may_says_no(role: str) -> None:
    for act in roles.ACTS:
        if not roles.may(someone(role), act, ELSEWHERE):
            with pytest.raises(NotAllowed):
                roles.require(someone(role), act, ELSEWHERE)
        else:
            roles.require(someone(role), act, ELSEWHERE)


def test_an_unknown_role_may_do_nothing() -> None:
    assert not any(roles.may(someone("emperor"), act, HERE) for act in roles.ACTS)


def test_an_unknown_act_is_a_fault_and_not_a_refusal() -> None:
    with pytest.raises(KeyError):
        roles.require(someone(SYSTEM), "case.vanish")


def test_without_a_place_only_a_grant_for_everywhere_counts() -> None:
    assert roles.may(someone("administrator"), "desk.open")
    assert not roles.may(someone("pokja"), "case.refer")
    assert roles.may_somewhere(someone("pokja"), "case.refer")


def test_every_grant_names_a_known_role_and_act() -> None:
    assert set(roles.GRANTS) <= set(roles.ROLES)
    for role, granted in roles.GRANTS.items():
        assert set(granted) <= set(roles.ACTS), role


def test_nobody_who_drafts_also_releases_without_another_role() -> None:
    for role in ("centre_admin", "pokja", "back_office", "agency", "front_office", "facilitator"):
        assert "publication.release" not in roles.GRANTS[role]


def test_the_protection_officer_administers_nothing_and_the_administrator_handles_nothing() -> None:
    assert not {
        act for act in roles.GRANTS["protection_officer"] if act.startswith(("user.", "desk.", "seat."))
    }
    assert not {act for act in roles.GRANTS["administrator"] if act.startswith("case.")}


def test_residents_only_have_what_residents_do() -> None:
    assert not {
        act for act in roles.GRANTS[PUBLIC] if act in {"case.note", "case.refer", "case.answer", "case.seal"}
    }


def test_act_names_follow_the_functions() -> None:
    assert roles.act_name("hand_in_case") == "case.hand_in"
    assert roles.act_name("give_seat") == "seat.give"
