"""Erasing a person out of the posyandu: what is theirs goes, what is of their children, or of those they looked after, stays."""

from __future__ import annotations

from datetime import date

import pytest

from simpul.journal.models import Line
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotAllowed
from simpul.posyandu.actions import erasing, examinations, moving
from simpul.posyandu.models import Cadre, Examination, Finding, MarriageRisk, Participant, Task
from simpul.posyandu.queries import examinations as entry_queries
from simpul.posyandu.queries import examinations as examination_queries
from simpul.posyandu.queries import keeping
from tests.cast import DUNGKAIT, NOW, Cast
from tests.posyandu import day_help

DAY = date(2026, 11, 12)


@pytest.fixture
def there(cast: Cast) -> day_help.Furnished:
    """A mother on a card of her own, with a severely thin child that a cadre looks after."""
    found = day_help.furnish(cast)
    serving = Cadre.objects.create(
        posyandu=found.melati,
        person=day_help.person("Kader Satu"),
        name="Kader Satu",
        since_date=DAY,
        made_at=NOW,
    )
    own = day_help.enrol(cast, found.melati, found.mother, "A")
    child = day_help.enrol(cast, found.melati, found.child, mother_id=found.mother.id, cadre_id=serving.id)
    Participant.objects.filter(id=child.id).update(
        details={"mother_name": "Sitti Hawang", "birth_weight": 2900}
    )
    for who, values in (
        (own, {"muac": 210, "systolic": 150, "diastolic": 95}),
        (child, {"weight": 5200, "height": 700}),
    ):
        examinations.record_examination(by=cast.cadre, at=NOW, participant_id=who.id, date=DAY, values=values)
    return found


def test_a_mothers_own_rows_go_and_her_childs_stay(cast: Cast, there: day_help.Furnished) -> None:
    """Several findings and tasks of hers at once; the child keeps what was measured, without her name."""
    assert Finding.objects.filter(person=there.mother).count() >= 2
    assert keeping.held(there.mother.id)
    done = erasing.blank_participants(by=MACHINE, at=NOW, person_id=there.mother.id)
    assert done.rows["posyandu.Examination"] >= 1
    own = Examination.objects.get(person=there.mother)
    assert own.muac_mm is None and own.values == {} and own.results == []
    assert not Finding.objects.filter(person=there.mother).exclude(state="closed").exists()
    assert not Task.objects.filter(person=there.mother, state="open").exists()
    card = Participant.objects.get(person=there.child)
    assert card.mother is None and card.details == {"birth_weight": 2900}
    assert Examination.objects.get(person=there.child).weight_g == 5200
    assert Finding.objects.filter(person=there.child, state="open").exists()
    assert Line.objects.filter(kind="participants.blank").count() == 1


def test_the_own_copy_tells_of_nobody_else(cast: Cast, there: day_help.Furnished) -> None:
    """A mother's copy holds her own card alone; that a child is accompanied before an early marriage is in no copy."""
    MarriageRisk.objects.create(
        posyandu=there.melati, region_code=DUNGKAIT, person=there.child, found_date=DAY, changed_at=NOW,
        signals=[{"code": "out_of_school", "source": "register", "date": "2026-11-01"}],
    )  # fmt: skip
    told = keeping.held(there.mother.id)
    assert [len(rows) for name, rows in told.items() if "participant" in name] == [1]
    assert "marriage" not in str(list(keeping.held(there.child.id))) and "out_of_school" not in str(
        keeping.held(there.child.id)
    )


def test_a_closed_card_shows_nothing_of_later(cast: Cast, there: day_help.Furnished) -> None:
    """What is measured after a move is not read on the old card."""
    old = Participant.objects.get(person=there.child)
    Participant.objects.filter(id=old.id).update(closed_date=DAY, closed_why="moved")
    fresh = Participant.objects.create(
        posyandu=there.far, region_code=there.far.region_code, person=there.child, form="B", opened_date=DAY,
        moved_from=old, changed_at=NOW,
    )  # fmt: skip
    Examination.objects.create(
        participant=fresh, person=there.child, posyandu=there.far, region_code=there.far.region_code, date=date(2026, 11, 20),
        form="B", form_version="2023", weight_g=6100, recorded_at=NOW,
    )  # fmt: skip
    old.refresh_from_db()
    assert [one.weight_g for one in entry_queries.lines_of(old)] == [5200]
    assert [one.weight_g for one in entry_queries.lines_of(fresh)] == [6100, 5200]


def test_a_cadre_goes_and_whom_they_looked_after_stays(cast: Cast, there: day_help.Furnished) -> None:
    """The board keeps a line without a name."""
    serving = Cadre.objects.get(name="Kader Satu")
    erasing.blank_participants(by=MACHINE, at=NOW, person_id=serving.person_id)
    serving.refresh_from_db()
    assert (serving.person_id, "Kader" in serving.name) == (None, False)
    assert Examination.objects.get(person=there.child).weight_g == 5200


def test_two_rows_of_one_person_become_one(cast: Cast, there: day_help.Furnished) -> None:
    """One open card, one entry that counts on a day; what came before changes what came after. Moved back, all is as it was."""
    own = Participant.objects.get(person=there.child)
    later = day_help.record(cast, own, date(2026, 11, 20), weight=5250, height=702)
    first = Examination.objects.get(person=there.child, date=DAY)
    twin = day_help.person("Nur Aisyah Dua")
    other = day_help.enrol(cast, there.mawar, twin)
    before = day_help.record(cast, other, date(2026, 10, 12), weight=5300, height=700)
    same_day = day_help.record(cast, other, DAY, weight=5300, height=705)
    assert later.status and (first.status, first.two_t) == ("B", False)
    given = {"at": NOW, "region_code": DUNGKAIT}
    with pytest.raises(NotAllowed):
        moving.move_participants(by=cast.cadre, origin_id=twin.id, target_id=there.child.id, **given)
    moved = moving.move_participants(
        by=cast.posyandu_chair, origin_id=twin.id, target_id=there.child.id, **given
    )
    for row in (own, other, first, same_day, before):
        row.refresh_from_db()
    assert Participant.objects.get(form="B", closed_date=None) == own
    assert (other.person_id, other.closed_why, other.closed_date) == (
        there.child.id,
        "mistake",
        other.opened_date,
    )
    assert moved[moving.CLOSED] == [str(other.id)]
    assert (first.stands, same_day.stands, same_day.rival_id) == (True, False, first.id)
    assert "rival" in same_day.flags and same_day.set_aside_why == ""
    assert (first.status, before.status) == ("T", "B")
    moving.move_participants(
        by=cast.posyandu_chair, origin_id=there.child.id, target_id=twin.id, only=moved, **given
    )
    for row in (own, other, first, same_day):
        row.refresh_from_db()
    assert (other.person_id, other.closed_date, other.closed_why) == (twin.id, None, "")
    assert (own.person_id, own.closed_date) == (there.child.id, None)
    assert same_day.stands and same_day.rival is None and "rival" not in same_day.flags
    assert (first.stands, first.status) == (True, "B")
    assert set(Examination.objects.filter(person=there.child)) == {first, later}


def test_a_choice_made_between_two_that_parted_again_is_undone(cast: Cast, there: day_help.Furnished) -> None:
    """Each row has its own entry of the day again, whichever was chosen; one of equal figures needed no choice."""
    first = Examination.objects.get(person=there.child)
    twin = day_help.person("Nur Aisyah Dua")
    other = day_help.enrol(cast, there.mawar, twin)
    moved_one = day_help.record(cast, other, DAY, values=dict(first.values))
    given = {"by": cast.posyandu_chair, "at": NOW, "region_code": DUNGKAIT}
    moved = moving.move_participants(origin_id=twin.id, target_id=there.child.id, **given)
    moved_one.refresh_from_db()
    assert moved_one.set_aside_why == "same"
    examinations.choose_examination(by=cast.midwife, at=NOW, examination_id=moved_one.id)
    first.refresh_from_db()
    assert not first.stands
    moving.move_participants(origin_id=there.child.id, target_id=twin.id, only=moved, **given)
    for row in (first, moved_one):
        row.refresh_from_db()
        assert row.stands and not row.set_aside_why


def test_what_the_kept_row_does_not_know_is_read_in_the_other(cast: Cast, there: day_help.Furnished) -> None:
    """A row without a birth date takes the other's entries: they keep their age and scores, as the row is filled afterwards."""
    bare = day_help.person("Nur", None, "")
    given = {"by": cast.posyandu_chair, "at": NOW, "region_code": DUNGKAIT}
    before = Examination.objects.get(person=there.child)
    moving.move_participants(origin_id=there.child.id, target_id=bare.id, **given)
    row = Examination.objects.get(person=bare)
    assert row.age_months is not None and (row.age_months, row.waz) == (before.age_months, before.waz)


def test_one_pregnancy_on_two_cards_is_one_card(cast: Cast, there: day_help.Furnished) -> None:
    """The entries of both cards A are lines of the one that stays open, and part again."""
    own = Participant.objects.get(person=there.mother)
    twin = day_help.person("Sitti Hawang Dua", date(1998, 4, 2))
    other = day_help.enrol(cast, there.mawar, twin, "A")
    line = day_help.record(cast, other, date(2026, 10, 1), values={"weight": 50000})
    given = {"by": cast.posyandu_chair, "at": NOW, "region_code": DUNGKAIT}
    moved = moving.move_participants(origin_id=twin.id, target_id=there.mother.id, **given)
    assert line in examination_queries.history(own)
    moving.move_participants(origin_id=there.mother.id, target_id=twin.id, only=moved, **given)
    assert line not in examination_queries.history(own)
    other.refresh_from_db()
    assert (other.closed_date, other.moved_from_id) == (None, None)


def test_nobody_else_erases(cast: Cast, there: day_help.Furnished) -> None:
    """Neither a cadre nor the chair."""
    for by in (cast.cadre, cast.posyandu_chair, cast.neighbour_manager):
        with pytest.raises(NotAllowed):
            erasing.blank_participants(by=by, at=NOW, person_id=there.mother.id)
