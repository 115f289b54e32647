"""The cast, with those who take wishes up, decide, review and watch."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from simpul.lib.actor import Actor
from simpul.people import actions as people_actions
from simpul.people.models import Person
from tests.cast import DUNGKAIT, NOW, Cast, assemble

NIK = "7602134107900003"
NAME = "Nurhayati Daeng Bollo"
PHONE = "0812-4455-6677"


@pytest.fixture
def cast(db: None, settings: Any, tmp_path: Any) -> Cast:
    """One village with its officers; files in a folder of their own."""
    settings.SIMPUL_FILES = tmp_path / "files"
    return assemble()


@pytest.fixture
def officer(cast: Cast) -> Actor:
    """The back office at the call centre: takes wishes up and proposes."""
    return sitting(cast, "back_office", 1)


@pytest.fixture
def head(cast: Cast) -> Actor:
    """Who signs, and does not run the service."""
    return sitting(cast, "head", 2)


@pytest.fixture
def watcher(cast: Cast) -> Actor:
    """The data-protection officer."""
    return cast.protection_officer


def sitting(cast: Cast, role: str, number: int, region_code: str = "7602") -> Actor:
    """Somebody with a role at the call centre."""
    desk = cast.desk("centre")
    return Actor(
        role=role,
        name=f"{role} {number}",
        user_id=UUID(int=number),
        seat_id=UUID(int=number + 100),
        desk_id=desk.id,
        desk_ids=frozenset({desk.id}),
        region_code=region_code,
        strong=True,
    )


@pytest.fixture
def person(cast: Cast, officer: Actor) -> Person:
    """Nurhayati, with a NIK and a telephone."""
    made = people_actions.register_person(
        by=officer, at=NOW, full_name=NAME, called="Mama Ecce", nik=NIK, region_code=DUNGKAIT, sex="P"
    ).person
    people_actions.add_contact(
        by=officer,
        at=NOW,
        person_id=made.id,
        channel="phone",
        as_typed=PHONE,
        safe_to_call=True,
        safe_to_write=True,
    )
    return made
