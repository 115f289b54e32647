"""Moving what belongs to one row of a person to another: who may, and the line it leaves."""

from __future__ import annotations

from uuid import uuid4

import pytest

from simpul.journal.models import Line
from simpul.lib.errors import NotAllowed
from simpul.meetings.actions.moving import COLUMNS, move_attendances
from simpul.people import actions as people_actions
from tests.cast import DUNGKAIT, NOW, assemble

pytestmark = pytest.mark.django_db


def test_rows_are_moved_by_those_who_may_merge_only() -> None:
    cast = assemble()
    one, other = (
        people_actions.register_person(by=cast.manager, at=NOW, full_name=name, region_code=DUNGKAIT).person
        for name in ("Nurhayati", "Noerhajati")
    )
    given = {"at": NOW, "origin_id": one.id, "target_id": other.id, "region_code": DUNGKAIT}
    with pytest.raises(NotAllowed):
        move_attendances(by=cast.village_officer, **given)
    assert COLUMNS
    assert move_attendances(by=cast.manager, **given, only={"x": [str(uuid4())]}) == {}
    assert not Line.objects.filter(kind="attendances.move").exists()
