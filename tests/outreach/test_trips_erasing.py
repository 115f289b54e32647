"""An erased person leaves the guest book, promises and accompaniment; what others hold stays."""

from __future__ import annotations

import pytest

from simpul.lib.actor import MACHINE
from simpul.outreach import actions
from simpul.outreach.actions.erasing import blank_checks
from simpul.outreach.actions.moving import COLUMNS, move_checks
from simpul.outreach.models import Accompaniment, AccompanimentVisit, Guest, Promise, TripDoor
from tests.cast import BONTO_JAI, NOW
from tests.outreach.conftest import Field
from tests.outreach.test_trips import planned, stop_on

pytestmark = pytest.mark.django_db


def test_names_and_words_go(field_: Field) -> None:
    home, trip = field_.home("Rahasia Sekali"), planned(field_)
    stop = stop_on(field_, trip)
    given = {"by": field_.arman, "at": NOW}
    actions.sign_guest(**given, stop_id=stop.id, guest=actions.GuestSaid(person_id=home.head_id), came_at=NOW)
    actions.record_promise(
        **given, trip_id=trip.id, words="Rahasia Sekali diantar", promised_at=NOW, household_id=home.id
    )
    actions.list_doors(
        by=field_.rosdiana,
        at=NOW,
        trip_id=trip.id,
        household_ids=[home.id],
        reason="other",
        words="Rahasia Sekali sakit",
    )
    row = actions.open_accompaniment(
        **given, what="kis", person_id=home.head_id, words="Rahasia Sekali sakit"
    )
    actions.record_accompaniment(
        **given, accompaniment_id=row.id, seen_at=NOW, how="visit", outcome="waiting", words="masih sakit"
    )
    blank_checks(by=MACHINE, at=NOW, person_id=home.head_id, household_id=home.id, words=("Rahasia Sekali",))
    left = [
        *Guest.objects.values_list("name", "purpose"),
        *Promise.objects.values_list("words", "to_name"),
        *TripDoor.objects.values_list("words", "why_not"),
        *Accompaniment.objects.values_list("words", "evidence"),
        *AccompanimentVisit.objects.values_list("words", "outcome"),
    ]
    assert "Rahasia" not in str(left)
    assert "sakit" not in str(Accompaniment.objects.values_list("words"))


def test_guests_promises_and_accompaniment_move_with_their_person(field_: Field) -> None:
    one, other, trip = field_.home("Satu"), field_.home("Dua"), planned(field_)
    stop = stop_on(field_, trip)
    actions.sign_guest(
        by=field_.arman, at=NOW, stop_id=stop.id, guest=actions.GuestSaid(person_id=one.head_id), came_at=NOW
    )
    assert len(COLUMNS) == 4
    assert one.head_id is not None
    assert other.head_id is not None
    moved = move_checks(
        by=field_.cast.neighbour_manager,
        at=NOW,
        origin_id=one.head_id,
        target_id=other.head_id,
        region_code=BONTO_JAI,
    )
    assert list(moved) == ["outreach.Guest.person"]
    assert Guest.objects.get().person_id == other.head_id
