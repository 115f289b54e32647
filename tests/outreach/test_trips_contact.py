"""When a place was last met, across rooms; and where it lies."""

from __future__ import annotations

from datetime import timedelta

import pytest

from simpul.journal.models import Line
from simpul.lib.errors import NotAllowed, NotFound
from simpul.outreach import actions
from simpul.outreach.queries import contact
from simpul.regions import actions as region_actions
from simpul.regions.models import Region
from tests.cast import BONTO_JAI, NOW
from tests.outreach.conftest import Field
from tests.outreach.test_trips import DISTRICT, planned, stop_on

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def test_the_newest_meeting_of_any_room_counts(field_: Field) -> None:
    home, never, shut = field_.home(), field_.home("Belum"), field_.home("Tutup")
    for days, outcome, one in ((100, "met", home), (40, "met", home), (1, "nobody_home", shut)):
        actions.record_visit(
            by=field_.arman,
            at=NOW,
            household_id=one.id,
            visited_at=NOW - timedelta(days=days),
            found=actions.Found(outcome),
        )
    found = contact.of_households([home.id, never.id, shut.id])
    assert {key: one.how for key, one in found.items()} == {home.id: "visit"}
    assert found[home.id].at == NOW - timedelta(days=40)
    row = actions.open_accompaniment(by=field_.arman, at=NOW, what="kis", household_id=home.id)
    actions.record_accompaniment(
        by=field_.arman,
        at=NOW,
        accompaniment_id=row.id,
        seen_at=NOW - timedelta(days=3),
        how="visit",
        outcome="waiting",
    )
    assert contact.of_households([home.id])[home.id].how == "accompaniment"
    (hamlet,) = contact.by_hamlet(field_.arman, BONTO_JAI, TODAY)
    assert (hamlet.name, hamlet.households, hamlet.months) == ("Dusun Pundingin", 3, 0)
    (village,) = contact.by_village(field_.arman, DISTRICT, TODAY)
    assert (village.code, village.households) == (BONTO_JAI, 3)
    assert village.last is not None
    assert village.last.how == "accompaniment"


def test_a_stop_counts_for_its_village(field_: Field) -> None:
    (before,) = contact.by_village(field_.arman, DISTRICT, TODAY)
    assert (before.last, before.months) == (None, None)
    stop = stop_on(field_, planned(field_))
    actions.arrive_stop(by=field_.arman, at=NOW, stop_id=stop.id, arrived_at=NOW - timedelta(days=65))
    (after,) = contact.by_village(field_.arman, DISTRICT, TODAY)
    assert after.last is not None
    assert (after.last.how, after.months) == ("stop", 2)
    assert contact.by_village(field_.cast.manager, DISTRICT, TODAY) == []


def test_a_stop_at_a_hamlet_counts_for_the_hamlet(field_: Field) -> None:
    stop = stop_on(field_, planned(field_), hamlet_id=field_.hamlet.id)
    actions.arrive_stop(by=field_.arman, at=NOW, stop_id=stop.id, arrived_at=NOW - timedelta(days=2))
    (hamlet,) = contact.by_hamlet(field_.arman, BONTO_JAI, TODAY)
    assert hamlet.last is not None
    assert hamlet.last.how == "stop"


def test_where_a_village_lies(field_: Field) -> None:
    given = {"at": NOW, "code": BONTO_JAI}
    for _again in range(2):
        region_actions.place_region(by=field_.rosdiana, **given, latitude=-5.53, longitude=119.94)
    assert Line.objects.filter(kind="region.place").count() == 1
    assert Region.objects.get(code=BONTO_JAI).latitude == -5.53
    for latitude, longitude in ((52.0, 119.0), (-5.5, None)):
        with pytest.raises(region_actions.NoPosition):
            region_actions.place_region(by=field_.rosdiana, **given, latitude=latitude, longitude=longitude)
    with pytest.raises(NotAllowed):
        region_actions.place_region(by=field_.arman, **given, latitude=-5.5, longitude=119.9)
    with pytest.raises(NotFound):
        region_actions.place_region(
            by=field_.cast.administrator, at=NOW, code="9999999999", latitude=None, longitude=None
        )
