"""Disaster mode: declared and ended by a decision, at one place and not at the next."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from simpul.journal.models import Line
from simpul.lib.actor import ANYBODY
from simpul.lib.errors import NotAllowed, NotFound, Refused
from simpul.lib.ids import uuid7
from simpul.regions import actions, queries
from simpul.regions.models import Emergency, Suspension
from tests.cast import BONTO_JAI, BOTTENG, DUNGKAIT, NOW, Cast, assemble

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)


@pytest.fixture
def cast() -> Cast:
    return assemble()


def declare(cast: Cast, **given: Any) -> Emergency:
    wanted: dict[str, Any] = {
        "by": cast.manager,
        "at": NOW,
        "region_code": "7602",
        "name": "Gempa Mamuju",
        "decision_number": "188.45/77/2026",
        "decision_date": date(2026, 11, 22),
        "decided_by": "Bupati Mamuju",
        "phones": "0426 21000, 0811 222 333",
    }
    return actions.declare_emergency(**(wanted | given))


def test_an_emergency_holds_in_its_area_until_it_ends(cast: Cast) -> None:
    row = declare(cast, until_date=date(2026, 12, 6))
    assert queries.emergency_at(DUNGKAIT, NOW) == row
    assert queries.emergency_at(BONTO_JAI, NOW) is None
    assert queries.emergency_at(DUNGKAIT, NOW + timedelta(days=14)) is None
    narrow = declare(cast, region_code="760213", name="Longsor")
    assert queries.emergency_at(DUNGKAIT, NOW) == narrow
    assert queries.emergency_at(BOTTENG, NOW) == row
    assert queries.emergencies_touching(["7303"], NOW) == []
    assert queries.emergencies_touching([DUNGKAIT], NOW) == [narrow, row]
    assert queries.emergencies_touching([""], NOW) == [narrow, row]
    assert Line.objects.filter(kind="emergency.declare", region_code="7602").exists()


def test_the_clocks_stand_still_by_the_same_decision(cast: Cast) -> None:
    row = declare(cast, suspends_clocks=True, until_date=date(2026, 12, 6))
    stop = Suspension.objects.get()
    assert (row.suspension, stop.from_date, stop.to_date) == (stop, date(2026, 11, 23), date(2026, 12, 6))
    assert stop.decision == "Bupati Mamuju, 188.45/77/2026"
    actions.end_emergency(by=cast.manager, at=LATER, emergency_id=row.id, decision="188.45/80/2026")
    stop.refresh_from_db()
    assert stop.to_date == date(2026, 11, 26)
    assert queries.emergency_at(DUNGKAIT, LATER) is None
    assert Line.objects.filter(kind="emergency.end", subject_id=row.id).exists()


def test_without_the_wish_no_clock_stands_still(cast: Cast) -> None:
    declare(cast)
    assert not Suspension.objects.exists()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"name": "  "}, "region.empty_name"),
        ({"decision_number": ""}, "region.no_source"),
        ({"decided_by": ""}, "region.no_source"),
        ({"region_code": "760299"}, "region.unknown"),
        ({"until_date": date(2026, 11, 20)}, "emergency.wrong_dates"),
        ({"until_date": date(2028, 1, 1)}, "emergency.wrong_dates"),
        ({"from_at": LATER}, "emergency.wrong_dates"),
        ({"decision_date": date(2026, 12, 1)}, "emergency.wrong_dates"),
    ],
)
def test_a_decision_that_cannot_be_is_refused(cast: Cast, given: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        declare(cast, **given)
    assert refusal.value.code == code
    assert not Emergency.objects.exists()


def test_the_same_area_is_not_declared_twice_and_not_ended_twice(cast: Cast) -> None:
    row = declare(cast)
    with pytest.raises(actions.EmergencyThere):
        declare(cast, name="Gempa lagi")
    with pytest.raises(actions.NoSource):
        actions.end_emergency(by=cast.manager, at=LATER, emergency_id=row.id, decision=" ")
    actions.end_emergency(by=cast.manager, at=LATER, emergency_id=row.id, decision="SK 80")
    with pytest.raises(actions.EmergencyOver):
        actions.end_emergency(by=cast.manager, at=LATER, emergency_id=row.id, decision="SK 80")
    declare(cast, at=LATER + timedelta(days=1), name="Gempa kedua")


def test_only_the_leader_of_the_area_and_the_administrator_decide(cast: Cast) -> None:
    for by in (ANYBODY, cast.admin, cast.pokja, cast.neighbour_manager, cast.focal, cast.village_officer):
        with pytest.raises(NotAllowed):
            declare(cast, by=by)
    row = declare(cast, by=cast.administrator)
    for by in (cast.admin, cast.neighbour_manager):
        with pytest.raises(NotAllowed):
            actions.end_emergency(by=by, at=LATER, emergency_id=row.id, decision="SK 80")
    with pytest.raises(NotFound):
        actions.end_emergency(by=cast.administrator, at=LATER, emergency_id=uuid7(), decision="SK")
    assert queries.get_emergency(row.id) == row
    with pytest.raises(NotFound):
        queries.get_emergency(uuid7())
