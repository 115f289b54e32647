"""This room's part of a merge: who may, and both lines."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from simpul.journal.models import Line
from simpul.lib.actor import Actor
from simpul.lib.errors import NotAllowed, NotFound
from simpul.people import actions
from simpul.people.actions.merging import OnePersonTwice, join_persons, part_persons

pytestmark = pytest.mark.django_db


def test_rows_are_joined_and_parted_by_those_who_may(
    village: Any, officer: Actor, neighbour: Actor, now: datetime
) -> None:
    manager = Actor(role="manager", name="Marwah", region_code="7602", strong=True)
    kept, gone = (
        actions.register_person(by=officer, at=now, full_name=name, region_code="7602132001").person
        for name in ("Nurhayati", "Noerhajati")
    )
    given = {"at": now, "kept_id": kept.id, "gone_id": gone.id, "why": "Satu KTP."}
    with pytest.raises(NotAllowed):
        join_persons(by=officer, **given)
    with pytest.raises(NotFound):
        join_persons(by=neighbour, **given)
    with pytest.raises(OnePersonTwice):
        join_persons(by=manager, **(given | {"gone_id": kept.id}))
    merge = join_persons(by=manager, **given)
    with pytest.raises(NotAllowed):
        part_persons(by=officer, at=now, merge_id=merge.id, words="Kembar.")
    part_persons(by=manager, at=now, merge_id=merge.id, words="Kembar.")
    assert {line.kind for line in Line.objects.all()} >= {"persons.join", "persons.part"}
