"""One person of two rows, and two again: everything moves, everything goes back, no room is forgotten."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps

from simpul.cases.actions import intake
from simpul.cases.actions import moving as case_moving
from simpul.cases.models import Case
from simpul.community.actions import moving as community_moving
from simpul.journal.models import Line
from simpul.letters.actions import moving as letter_moving
from simpul.lib import moving
from simpul.lib.errors import NotAllowed, NotFound
from simpul.mediation.actions import moving as mediation_moving
from simpul.meetings.actions import moving as meeting_moving
from simpul.messages.actions import moving as message_moving
from simpul.outreach.actions import moving as outreach_moving
from simpul.people import access
from simpul.people import actions as people_actions
from simpul.people import queries as people_queries
from simpul.people.actions import merging as people_merging
from simpul.people.models import Consent, Contact, Merge, Person, Profile, Relation, Suspicion
from simpul.people.queries import residents, suspicions
from simpul.posyandu.actions import moving as posyandu_moving
from simpul.programmes.actions import moving as programme_moving
from simpul.upkeep.actions import merging
from simpul.village_post.actions import moving as post_moving
from tests.cast import DUNGKAIT, NOW, Cast

pytestmark = pytest.mark.django_db

MOVED = (
    *people_merging.COLUMNS,
    *case_moving.COLUMNS,
    *message_moving.COLUMNS,
    *meeting_moving.COLUMNS,
    *programme_moving.COLUMNS,
    *outreach_moving.COLUMNS,
    *community_moving.COLUMNS,
    *letter_moving.COLUMNS,
    *mediation_moving.COLUMNS,
    *post_moving.COLUMNS,
    *posyandu_moving.COLUMNS,
    *merging.COLUMNS,
)


def test_no_table_that_points_at_a_person_is_forgotten() -> None:
    """A new foreign key to a person has to be moved by its room's ``actions/moving.py``, or to stand in ``STAYS`` with a reason."""
    pointing = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model is Person
    }
    known = {moving.label(column) for column in MOVED} | people_merging.STAYS.keys()
    assert pointing - known == set()
    assert all(column[0]._meta.get_field(column[1]) for column in MOVED)


def two(cast: Cast) -> tuple[Person, Person]:
    """One person, written down twice, with things that hang on each row."""
    first = people_actions.register_person(
        by=cast.manager, at=NOW, full_name="Siti Nurhayati", region_code=DUNGKAIT, nik="7602134107900003"
    ).person
    second = people_actions.register_person(
        by=cast.manager,
        at=NOW,
        full_name="Noerhajati",
        called="Mama Ecce",
        sex="P",
        birth_date=date(1990, 7, 1),
        region_code=DUNGKAIT,
        address="Jl. Mawar 3",
    ).person
    other = people_actions.register_person(
        by=cast.manager, at=NOW, full_name="Baso", region_code=DUNGKAIT
    ).person
    people_actions.add_contact(
        by=cast.manager, at=NOW, person_id=second.id, channel="phone", as_typed="081244556677"
    )
    cast.case(reporter=intake.PersonGiven(name="Noerhajati", phone="0812-4455-6677"))
    Case.objects.update(reporter=second, about=second)
    Profile.objects.create(person=second, marital="bdt/2", changed_at=NOW)
    Relation.objects.create(person=second, other=other, kind="parent", recorded_at=NOW)
    Consent.objects.create(
        person=second, purpose="photo", mode="tick", given_by="x", given_at=NOW, taken_by="y"
    )
    return first, second


def picture(*persons: Person) -> dict[str, Any]:
    """Everything that points at these persons, and their own columns."""
    rows = {
        f"{moving.label((model, name))} {row.pk}": str(getattr(row, model._meta.get_field(name).attname))
        for model, name in MOVED
        for row in model._base_manager.filter(**{f"{name}__in": [person.id for person in persons]})
    }
    for person in Person.objects.filter(id__in=[one.id for one in persons]):
        rows[str(person.id)] = {
            field.attname: getattr(person, field.attname) for field in Person._meta.concrete_fields
        }
    return rows


def merged(cast: Cast, kept: Person, gone: Person) -> Merge:
    key = merging.merge_persons(by=cast.manager, at=NOW, kept_id=kept.id, gone_id=gone.id, words="Satu KTP.")
    return Merge.objects.get(id=key)


@pytest.mark.parametrize("swapped", [False, True])
def test_everything_moves_and_goes_back_exactly(cast: Cast, swapped: bool) -> None:
    kept, gone = reversed(two(cast)) if swapped else two(cast)
    before = picture(kept, gone)
    merge = merged(cast, kept, gone)
    gone.refresh_from_db()
    assert (gone.life, gone.merged_into_id) == ("merged", kept.id)
    assert [
        one.person.id for one in people_queries.who(cast.manager, name="Nurhayati", nik="7602134107900003")
    ] == [kept.id]
    merging.unmerge_persons(
        by=cast.manager, at=NOW + timedelta(days=1), merge_id=merge.id, words="Dua orang."
    )
    assert picture(kept, gone) == before
    merge.refresh_from_db()
    assert merge.undone_at is not None


def test_the_row_that_went_is_on_no_list_and_in_no_count(cast: Cast) -> None:
    kept, gone = two(cast)
    sides = sorted((gone, Person.objects.get(full_name="Baso")), key=lambda person: person.id)
    Suspicion.objects.create(first=sides[0], second=sides[1], region_code=DUNGKAIT, score=0.9, found_at=NOW)
    by = cast.manager

    def found() -> bool:
        rows = {one.id for one in residents.find_persons(by, residents.Filters(words="Noerhajati")).rows}
        rows |= {one.person.id for one in people_queries.who(by, name="Noerhajati")}
        same = people_queries.find_same(by, name="Noerhajati", region_code=DUNGKAIT)
        return gone.id in rows | {one.person.id for one in same}

    assert found()
    assert suspicions.waiting(by) == 1
    counted = access.visible(by).count()
    merge = merged(cast, kept, gone)
    assert not found()
    assert access.visible(by).count() == counted - 1
    assert suspicions.waiting(by) == 0
    assert access.person_for(by, gone.id).merged_into_id == kept.id  # its own page tells where it went
    with pytest.raises(NotFound):
        access.active_for(by, gone.id)
    merging.unmerge_persons(by=by, at=NOW, merge_id=merge.id, words="Dua orang.")
    assert access.visible(by).count() == counted
    assert suspicions.waiting(by) == 1


def test_what_is_empty_is_filled_and_what_differs_stays(cast: Cast) -> None:
    kept, gone = two(cast)
    merged(cast, kept, gone)
    kept.refresh_from_db()
    assert (kept.full_name, kept.called, kept.sex) == ("Siti Nurhayati", "Mama Ecce", "P")
    assert kept.nik == "7602134107900003"
    case = Case.objects.get()
    assert (case.reporter_id, case.about_id) == (kept.id, kept.id)
    assert Contact.objects.filter(person=kept).count() == 1
    assert Profile.objects.get().person_id == kept.id
    assert {line.kind for line in Line.objects.filter(subject_id=kept.id)} >= {
        "persons.merge",
        "persons.join",
        "matters.move",
    }


def test_what_was_changed_since_is_not_undone(cast: Cast) -> None:
    kept, gone = two(cast)
    merge = merged(cast, kept, gone)
    people_actions.change_person(
        by=cast.manager, at=NOW, person_id=kept.id, changes={"address": "Jl. Baru 9"}
    )
    merging.unmerge_persons(by=cast.manager, at=NOW, merge_id=merge.id, words="Dua orang.")
    kept.refresh_from_db()
    assert (kept.address, kept.called) == ("Jl. Baru 9", "")
    assert {line.kind for line in Line.objects.all()} >= {"persons.unmerge", "persons.part"}


def test_merges_are_undone_from_the_last(cast: Cast) -> None:
    kept, gone = two(cast)
    first = merged(cast, kept, gone)
    third = people_actions.register_person(
        by=cast.manager, at=NOW, full_name="Nur", region_code=DUNGKAIT
    ).person
    merging.merge_persons(
        by=cast.manager, at=NOW + timedelta(hours=1), kept_id=third.id, gone_id=kept.id, words="Sama."
    )
    with pytest.raises(people_merging.NotLast):
        merging.unmerge_persons(by=cast.manager, at=NOW, merge_id=first.id, words="x")


def test_what_cannot_be_merged(cast: Cast) -> None:
    kept, gone = two(cast)
    with pytest.raises(people_merging.OnePersonTwice):
        merging.merge_persons(by=cast.manager, at=NOW, kept_id=kept.id, gone_id=kept.id, words="x")
    with pytest.raises(merging.WhyMissing):
        merging.merge_persons(by=cast.manager, at=NOW, kept_id=kept.id, gone_id=gone.id, words=" ")
    merged(cast, kept, gone)
    with pytest.raises(people_merging.NotMergeable):
        merging.merge_persons(by=cast.manager, at=NOW, kept_id=kept.id, gone_id=gone.id, words="x")


def test_who_may_not(cast: Cast) -> None:
    kept, gone = two(cast)
    for part in ("village_officer", "admin", "neighbour_manager"):
        with pytest.raises(NotFound):
            merging.merge_persons(by=getattr(cast, part), at=NOW, kept_id=kept.id, gone_id=gone.id, words="x")
    merge = merged(cast, kept, gone)
    for part in ("village_officer", "neighbour_manager"):
        with pytest.raises(NotFound):
            merging.unmerge_persons(by=getattr(cast, part), at=NOW, merge_id=merge.id, words="x")


def test_a_suspicion_is_settled_with_the_merge_and_parted_with_it(cast: Cast) -> None:
    kept, gone = two(cast)
    first, second = sorted((kept, gone), key=lambda person: person.id)
    pair = Suspicion.objects.create(first=first, second=second, region_code=DUNGKAIT, score=0.9, found_at=NOW)
    key = merging.merge_persons(
        by=cast.manager, at=NOW, kept_id=kept.id, gone_id=gone.id, words="Satu KTP.", suspicion_id=pair.id
    )
    pair.refresh_from_db()
    assert pair.state == "same"
    merging.unmerge_persons(by=cast.manager, at=NOW, merge_id=key, words="Ternyata kembar.")
    pair.refresh_from_db()
    assert (pair.state, pair.decided_words) == ("different", "Ternyata kembar.")


@pytest.mark.parametrize(
    "act",
    [
        case_moving.move_matters,
        message_moving.move_messages,
        programme_moving.move_benefits,
        meeting_moving.move_attendances,
        outreach_moving.move_checks,
    ],
)
def test_rooms_move_rows_for_those_who_may_merge_only(cast: Cast, act: Any) -> None:
    kept, gone = two(cast)
    given = {"at": NOW, "origin_id": gone.id, "target_id": kept.id, "region_code": DUNGKAIT}
    with pytest.raises(NotAllowed):
        act(by=cast.village_officer, **given)
    moved = act(by=cast.manager, **given)
    assert Line.objects.filter(subject_id=kept.id, kind__endswith=".move").exists() == bool(moved)


def test_the_rooms_part_is_asked_for_by_those_who_may(cast: Cast) -> None:
    kept, gone = two(cast)
    with pytest.raises(NotFound):
        people_merging.join_persons(
            by=cast.neighbour_manager, at=NOW, kept_id=kept.id, gone_id=gone.id, why="x"
        )
    with pytest.raises(NotAllowed):
        people_merging.join_persons(
            by=cast.village_officer, at=NOW, kept_id=kept.id, gone_id=gone.id, why="x"
        )
    merge = people_merging.join_persons(by=cast.manager, at=NOW, kept_id=kept.id, gone_id=gone.id, why="x")
    with pytest.raises(NotAllowed):
        people_merging.part_persons(by=cast.village_officer, at=NOW, merge_id=merge.id, words="x")
    people_merging.part_persons(by=cast.manager, at=NOW, merge_id=merge.id, words="x")
    assert {line.kind for line in Line.objects.all()} >= {"persons.join", "persons.part"}
