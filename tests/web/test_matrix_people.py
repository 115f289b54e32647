"""Every address about people and aid of Dungkait: officers of elsewhere, and those without a register, find nothing there."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import Cast, assemble
from tests.web import matrix_things
from tests.web.desk_pages import sit, words
from tests.web.test_matrix import ADDRESSES, UNKNOWN

pytestmark = pytest.mark.django_db

PARTS_OF_THINGS = {
    "household_id", "person_id", "family_id", "flag_id", "relation_id", "event_id", "observation_id", "subject_id", "plan_id", "batch_id",
    "doubt_id", "pair_id", "saver_id", "posting_id", "collector_id",
    "list_id", "card_id", "consent_id", "suspicion_id", "benefit_id", "run_id", "assignment_id", "meeting_id", "breach_id",
    "trip_id", "stop_id", "member_id", "carry_id", "promise_id", "leg_id", "accompaniment_id",
    "round_id", "entry_id", "movement_id", "delivery_id", "proof_id", "double_id", "handover_id", "dispute_id", "evidence_id",
}  # fmt: skip
ABOUT_PEOPLE = [
    (name, parts)
    for name, parts, policy in ADDRESSES
    if policy.startswith("officer") and PARTS_OF_THINGS & set(parts) and name.startswith("desk_")
]
LISTS = [
    name
    for name, parts, policy in ADDRESSES
    if policy.startswith("officer") and not parts and name.startswith("desk_")
]


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def things(cast: Cast) -> dict[str, Any]:
    return matrix_things.made(cast)


def _address(name: str, parts: tuple[str, ...], things: dict[str, Any]) -> str:
    given = {part: things.get(part, "x" if part in ("slug", "step", "key") else UNKNOWN) for part in parts}
    if "rights_wish" in name or name in ("desk_rights_copy", "desk_rights_act"):
        given["request_id"] = things["wish_id"]
    return reverse(name, kwargs=given)


def test_the_walk_knows_what_it_asks_for(things: dict[str, Any]) -> None:
    assert len(ABOUT_PEOPLE) > 60
    assert set(things) >= PARTS_OF_THINGS


@pytest.mark.once
@pytest.mark.parametrize(
    "part", ["neighbour", "neighbour_coordinator", "neighbour_manager", "partner", "administrator"]
)
def test_who_has_no_register_of_dungkait_finds_nothing(cast: Cast, things: dict[str, Any], part: str) -> None:
    client = sit(cast, part)
    found = []
    for name, parts in ABOUT_PEOPLE:
        for method in ("get", "post"):
            answer = _ask(client, method, _address(name, parts, things))
            if answer.status_code not in (404, 405):
                found.append(f"{part}: {method} {name} answered {answer.status_code}")
    for name in LISTS:
        answer = _ask(client, "get", reverse(name))
        if answer.status_code == 200 and "Rahasia" in words(answer):
            found.append(f"{part}: the list {name} shows somebody of Dungkait")
    assert not found, "\n" + "\n".join(found)


def test_nothing_breaks_for_who_leads_there(cast: Cast, things: dict[str, Any]) -> None:
    client = sit(cast, "manager")
    found = []
    for name, parts in ABOUT_PEOPLE:
        for method in ("get", "post"):
            status = _ask(client, method, _address(name, parts, things)).status_code
            if status >= 500:
                found.append(f"{method} {name} answered {status}")
    for name in LISTS:
        status = _ask(client, "get", reverse(name)).status_code
        if status >= 500:
            found.append(f"get {name} answered {status}")
    assert not found, "\n" + "\n".join(found)


def _ask(client: Client, method: str, address: str) -> Any:
    client.raise_request_exception = False
    return client.post(address) if method == "post" else client.get(address)
