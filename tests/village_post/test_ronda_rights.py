"""Erasing and moving a person in the night watch and the reading corner."""

from __future__ import annotations

from typing import Any

import pytest

from simpul.journal.models import Line
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotAllowed
from simpul.people import actions as people_actions
from simpul.village_post.actions import (
    erasing,
    moving,
    reading_books,
    reading_loans,
    ronda_nights,
    ronda_posts,
)
from simpul.village_post.models import Donation, NightNote, Reader, StayReport, Watcher
from simpul.village_post.queries import keeping
from tests.cast import DUNGKAIT, NOW, Cast, assemble

NAME = "Sudirman Tawil"


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def person(cast: Cast, name: str = NAME) -> Any:
    return people_actions.register_person(
        by=cast.village_officer, at=NOW, full_name=name, region_code=DUNGKAIT
    ).person


def told(cast: Cast, who: Any) -> None:
    """Somebody keeps watch, has a guest, is a member and gave books; another wrote their name in the book."""
    by: dict[str, Any] = {"by": cast.village_officer, "at": NOW}
    post = ronda_posts.open_watchpost(**by, region_code=DUNGKAIT, given=ronda_posts.PostGiven(name="Pos"))
    watcher = ronda_posts.add_watcher(**by, post_id=post.id, given=ronda_posts.WatcherGiven(person_id=who.id))
    ronda_posts.grant_exemption(**by, watcher_id=watcher.id, kind="ill", from_date=NOW.date(), note="sakit")
    night = ronda_nights.open_watchnight(**by, post_id=post.id, night_date=NOW.date().replace(day=20))
    ronda_nights.record_presence(**by, night_id=night.id, watcher_id=watcher.id, came_at=NOW)
    ronda_nights.write_nightnote(**by, night_id=night.id, noted_at=NOW, words=f"{NAME} membawa kopi")
    ronda_nights.report_stay(
        **by, region_code=DUNGKAIT, arrived_at=NOW, reported_at=NOW,
        given=ronda_nights.StayGiven(name="Ipar", host_id=who.id),
    )  # fmt: skip
    corner = reading_books.open_corner(
        **by, region_code=DUNGKAIT, letters="DK", given=reading_books.CornerGiven(name="Pojok")
    )
    reading_loans.add_reader(**by, corner_id=corner.id, given=reading_loans.ReaderGiven(person_id=who.id))
    reading_books.record_donation(
        **by, corner_id=corner.id, donor=NAME, given_date=NOW.date(), person_id=who.id
    )


def test_erasing_empties_names_and_keeps_counts(cast: Cast) -> None:
    who = person(cast)
    told(cast, who)
    assert {"watcher", "reader", "donation", "stay report"} <= set(keeping.held(who.id))
    done = erasing.blank_postrecords(by=MACHINE, at=NOW, person_id=who.id, words=[NAME])
    assert done.rows and NAME not in NightNote.objects.get().words
    for table in (Watcher, Reader, Donation, StayReport):
        row = table._default_manager.get()
        assert NAME not in str(vars(row)), table
    assert StayReport.objects.get().people == 1
    assert Line.objects.latest("recorded_at").kind == "postrecords.blank"
    with pytest.raises(NotAllowed):
        erasing.blank_postrecords(by=cast.village_officer, at=NOW, person_id=who.id, words=[NAME])


def test_moving_points_everything_at_the_other_row_and_back(cast: Cast) -> None:
    who, other = person(cast), person(cast, "Sudirman T.")
    told(cast, who)
    given: dict[str, Any] = {"by": cast.manager, "at": NOW, "region_code": DUNGKAIT}
    moved = moving.move_postrecords(**given, origin_id=who.id, target_id=other.id)
    assert Watcher.objects.get().person_id == other.id and Reader.objects.get().person_id == other.id
    moving.move_postrecords(**given, origin_id=other.id, target_id=who.id, only=moved)
    assert Watcher.objects.get().person_id == who.id
    with pytest.raises(NotAllowed):
        moving.move_postrecords(**{**given, "by": cast.village_officer}, origin_id=who.id, target_id=other.id)
