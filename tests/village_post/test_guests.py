"""The guest book: lines with numbers, taken back and put back, rated at the tablet, and emptied of names in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from simpul.cases.actions import intake
from simpul.journal.models import Line
from simpul.lib.actor import ANYBODY, MACHINE
from simpul.lib.errors import NotFound
from simpul.lib.ids import uuid7
from simpul.village_post.actions import guests, posts
from simpul.village_post.models import Post, Visitor
from simpul.village_post.queries import figures
from simpul.village_post.queries import guests as queries_guests
from tests.cast import NOW, Cast, assemble

EVENING = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
"""20.30 at the post."""


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def post(cast: Cast) -> Post:
    return posts.set_post(by=cast.village_head, at=NOW, desk_id=cast.desk("village").id)


def came(cast: Cast, post: Post, name: str = "Sitti Hasnah", **given: object) -> Visitor:
    said: dict[str, object] = {"by": cast.village_officer, "at": EVENING, "post_id": post.id, **given}
    people = said.pop("people", 1)
    return guests.enter_visitor(
        **said, guest=guests.Guest(name=name, sex="F", purpose="Surat usaha", people=people)
    )  # type: ignore[arg-type]


def test_lines_are_numbered_and_the_same_line_twice_is_one(cast: Cast, post: Post) -> None:
    key = uuid7()
    first = came(cast, post, visitor_id=key)
    assert came(cast, post, visitor_id=key).id == first.id
    assert came(cast, post, "Baso").number == 2
    assert first.outside_hours
    assert not came(cast, post, "Siang", came_at=NOW).outside_hours
    line = Line.objects.filter(kind="visitor.enter", subject_id=first.id).get()
    assert line.inputs == {"name": "Sitti Hasnah"}
    with pytest.raises(guests.NameMissing):
        came(cast, post, " ")
    with pytest.raises(NotFound):
        came(cast, post, by=cast.neighbour_officer)


def test_a_line_bears_its_visit(cast: Cast, post: Post) -> None:
    visit = intake.open_visit(by=cast.village_officer, at=EVENING, channel="desk")
    assert came(cast, post, visit_id=visit.id).visit_id == visit.id


def test_leaving_before_coming_is_kept_and_marked(cast: Cast, post: Post) -> None:
    one = came(cast, post)
    early = EVENING - timedelta(hours=1)
    guests.leave_visitor(by=cast.village_officer, at=EVENING, visitor_id=one.id, left_at=early)
    guests.leave_visitor(by=cast.village_officer, at=EVENING, visitor_id=one.id)
    one.refresh_from_db()
    assert one.left_at == early
    assert one.flags == ["order"]


def test_a_line_is_corrected_taken_back_and_put_back(cast: Cast, post: Post) -> None:
    by, one = cast.village_officer, came(cast, post)
    guests.change_visitor(
        by=by, at=EVENING, visitor_id=one.id, guest=guests.Guest(name="Sitti Hasna", sex="F")
    )
    guests.withdraw_visitor(by=by, at=EVENING, visitor_id=one.id)
    assert queries_guests.book(by, post, queries_guests.Filters()).rows == []
    guests.restore_visitor(by=by, at=EVENING, visitor_id=one.id)
    assert [
        row.name for row in queries_guests.book(by, post, queries_guests.Filters(words="hasna")).rows
    ] == ["Sitti Hasna"]
    assert queries_guests.book(cast.neighbour_officer, post, queries_guests.Filters()).total == 0
    for act in (guests.withdraw_visitor, guests.restore_visitor, guests.blank_visitor):
        with pytest.raises(NotFound):
            act(by=cast.neighbour_officer, at=EVENING, visitor_id=one.id)


def test_the_tablet_writes_and_rates_only_fresh_lines_of_its_post(cast: Cast, post: Post) -> None:
    token = posts.open_kiosk(by=cast.village_head, at=NOW, post_id=post.id)
    said = {"by": ANYBODY, "post_id": post.id, "guest": guests.Guest(name="Rahmat")}
    one = guests.enter_visitor(**said, at=EVENING, token=token)  # type: ignore[arg-type]
    assert one.way == "kiosk"
    with pytest.raises(NotFound):
        guests.enter_visitor(**said, at=EVENING, token="x" * 20)  # type: ignore[arg-type]
    assert queries_guests.kiosk_line(post, EVENING, one.number) == one.id
    guests.rate_visitor(by=ANYBODY, at=EVENING, visitor_id=one.id, rating=5, words="Cepat", token=token)
    assert queries_guests.kiosk_line(post, EVENING, one.number) is None
    with pytest.raises(guests.ChoiceUnknown):
        guests.rate_visitor(by=ANYBODY, at=EVENING, visitor_id=one.id, rating=6, token=token)
    with pytest.raises(NotFound):
        guests.leave_visitor(by=ANYBODY, at=EVENING + timedelta(days=2), visitor_id=one.id, token=token)


def test_names_go_after_their_days_and_counts_stay(cast: Cast, post: Post) -> None:
    posts.set_post(by=cast.village_head, at=NOW, desk_id=post.desk_id, visitor_days=30)
    old = came(cast, post, came_at=EVENING - timedelta(days=40), people=3)
    new = came(cast, post, "Baso")
    assert guests.sweep_visitors(by=MACHINE, at=EVENING) == 1
    assert guests.sweep_visitors(by=MACHINE, at=EVENING) == 0
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.name, old.purpose, old.people, old.sex) == ("", "", 3, "F")
    assert new.name == "Baso"
    with pytest.raises(guests.NameGone):
        guests.change_visitor(
            by=cast.village_officer, at=EVENING, visitor_id=old.id, guest=guests.Guest(name="Siapa")
        )
    with pytest.raises(NotFound):
        guests.sweep_visitors(by=cast.village_head, at=EVENING)
    guests.blank_visitor(by=cast.village_head, at=EVENING, visitor_id=new.id)
    new.refresh_from_db()
    assert new.name == ""
    assert Line.objects.filter(kind="visitors.sweep").count() == 1


def test_figures_count_heads_by_hour_and_outside_hours(cast: Cast, post: Post) -> None:
    one = came(cast, post, people=4)
    came(cast, post, "Siang", came_at=NOW)
    guests.rate_visitor(by=cast.village_officer, at=EVENING, visitor_id=one.id, rating=4)
    guests.withdraw_visitor(by=cast.village_officer, at=EVENING, visitor_id=came(cast, post, "Keliru").id)
    found = figures.served("7602", EVENING.date(), EVENING.date())
    assert (found.lines, found.people, found.outside, found.by_hour[20]) == (2, 5, 4, 4)
    assert found.outside_share == 80
    assert found.content_share == 100
    assert figures.served("7303", EVENING.date(), EVENING.date()).people == 0


def test_lines_that_leave_the_screen_are_written_down(cast: Cast, post: Post) -> None:
    guests.export_visitors(by=cast.village_officer, at=EVENING, post_id=post.id, what="csv", lines=3)
    assert Line.objects.get(kind="visitors.export").facts == {"what": "csv", "lines": 3}
    with pytest.raises(NotFound):
        guests.export_visitors(by=cast.neighbour_officer, at=EVENING, post_id=post.id, what="csv", lines=3)
