"""Entries of cards: judged at once, replayed, doubled, out of order, corrected, chosen, taken back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from simpul.journal.models import Line
from simpul.lib.errors import NotFound
from simpul.posyandu.actions import _recording, examinations
from simpul.posyandu.models import Examination, Finding, Participant
from simpul.posyandu.queries import days as day_queries
from simpul.posyandu.queries import examinations as queries
from simpul.posyandu.rules import examinations as rules
from tests.cast import NOW, Cast, assemble
from tests.posyandu.day_help import BORN, TODAY, Furnished, enrol, furnish, noon, person, record

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def card(cast: Cast, there: Furnished) -> Participant:
    return enrol(cast, there.melati, there.child)


def test_a_weighing_is_judged_at_once_and_leaves_a_line(cast: Cast, card: Participant) -> None:
    row = record(cast, card, TODAY, weight=8900, height=740)
    row.refresh_from_db()
    assert (row.age_days, row.age_months) == ((TODAY - BORN).days, 12)
    assert (row.weight_g, row.height_mm, row.measured, row.status) == (8900, 740, "l", "B")
    assert row.waz is not None and row.waz_m is not None and row.bb_u == "normal" and row.tb_u == "normal"
    assert row.form_version and row.stands and row.results and all(one["version"] for one in row.results)
    line = Line.objects.get(kind="examination.record")
    assert line.subject_id == row.id and line.facts["form"] == "B" and "8900" not in str(line.inputs)


def test_the_same_key_again_changes_nothing_and_another_persons_key_is_not_found(
    cast: Cast, there: Furnished, card: Participant
) -> None:
    key = uuid4()
    first = record(cast, card, TODAY, weight=8900, examination_id=key)
    again = record(cast, card, TODAY, weight=12000, examination_id=key)
    assert first.id == again.id == key and Examination.objects.count() == 1
    assert Examination.objects.get().weight_g == 8900
    other = enrol(cast, there.melati, person("Budi"))
    with pytest.raises(NotFound):
        examinations.record_examination(
            by=cast.cadre,
            at=NOW,
            participant_id=other.id,
            date=TODAY,
            values={"weight": 8000},
            examination_id=key,
        )


def test_statuses_follow_the_months_n_t_two_t_and_o(cast: Cast, card: Participant) -> None:
    rows = [
        record(cast, card, date(2026, month, 10), weight=weight, at=noon(date(2026, month, 10)))
        for month, weight in ((5, 7400), (6, 7800), (7, 7850), (8, 7900), (10, 8300))
    ]
    assert [row.status for row in rows] == ["B", "N", "T", "T", "O"]
    assert [row.two_t for row in rows] == [False, False, False, True, False]


def test_an_older_entry_changes_what_the_later_ones_mean(cast: Cast, card: Participant) -> None:
    late = record(cast, card, date(2026, 11, 10), weight=8300)
    assert late.status == "B"
    record(cast, card, date(2026, 10, 10), weight=8250)
    late.refresh_from_db()
    assert late.status == "T"
    record(cast, card, date(2026, 9, 10), weight=8240)
    late.refresh_from_db()
    assert late.status == "T" and late.two_t
    middle = Examination.objects.get(date=date(2026, 10, 10))
    examinations.withdraw_examination(by=cast.cadre, at=NOW, examination_id=middle.id, why="Salah anak")
    late.refresh_from_db()
    assert late.status == "O" and not late.two_t


def test_a_second_entry_of_one_day_stands_beside_the_first_until_somebody_chooses(
    cast: Cast, card: Participant
) -> None:
    first = record(cast, card, TODAY, weight=8900)
    second = record(cast, card, TODAY, weight=9800, by=cast.second_cadre)
    assert first.stands and not second.stands and second.rival_id == first.id and "rival" in second.flags
    assert second.waz is not None
    chosen = examinations.choose_examination(
        by=cast.cadre, at=NOW, examination_id=second.id, why="Ditimbang ulang"
    )
    first.refresh_from_db()
    assert chosen.stands and not first.stands and "Ditimbang ulang" in first.set_aside_why
    assert Line.objects.filter(kind="examination.choose", subject_id=second.id).count() == 1
    same = record(cast, card, TODAY, weight=9800, by=cast.midwife)
    assert not same.stands and same.set_aside_why == "same"


def test_an_entry_that_said_the_same_waits_for_a_choice_once_it_says_something_else(
    cast: Cast, card: Participant
) -> None:
    record(cast, card, TODAY, weight=8900)
    same = record(cast, card, TODAY, weight=8900, by=cast.second_cadre)
    assert same.set_aside_why == "same" and not day_queries.is_open_rival(same)
    given: Any = {"by": cast.cadre, "at": NOW, "examination_id": same.id}
    untouched = examinations.amend_examination(values={"weight": 8900}, **given)
    assert untouched.set_aside_why == "same"
    amended = examinations.amend_examination(values={"weight": 9800}, **given)
    amended.refresh_from_db()
    assert not amended.stands and amended.set_aside_why == "" and day_queries.is_open_rival(amended)


def test_taking_back_needs_a_reason_and_lets_the_other_entry_count(cast: Cast, card: Participant) -> None:
    first = record(cast, card, TODAY, weight=8900)
    second = record(cast, card, TODAY, weight=9800)
    with pytest.raises(examinations.WhyMissing):
        examinations.withdraw_examination(by=cast.cadre, at=NOW, examination_id=first.id, why=" ")
    examinations.withdraw_examination(by=cast.cadre, at=NOW, examination_id=first.id, why="Timbangan rusak")
    examinations.withdraw_examination(by=cast.cadre, at=NOW, examination_id=first.id, why="Timbangan rusak")
    second.refresh_from_db()
    first.refresh_from_db()
    assert second.stands and not first.stands and "withdrawn" in first.flags
    assert Line.objects.filter(kind="examination.withdraw").count() == 1
    for act in (examinations.choose_examination,):
        with pytest.raises(examinations.TakenBackAlready):
            act(by=cast.cadre, at=NOW, examination_id=first.id)
    with pytest.raises(examinations.TakenBackAlready):
        examinations.amend_examination(by=cast.cadre, at=NOW, examination_id=first.id, values={"weight": 1})


def test_adding_to_an_entry_keeps_the_rest_and_the_journal_keeps_what_stood_there(
    cast: Cast, card: Participant
) -> None:
    row = record(cast, card, TODAY, weight=12000, values={"tbc_cough": False})
    row = examinations.amend_examination(
        by=cast.second_cadre,
        at=NOW,
        examination_id=row.id,
        values={"weight": 9000, "vitamin_a": True, "tbc_cough": None},
        sure=["unusual.weight"],
    )
    assert row.weight_g == 9000 and row.values == {"weight": 9000, "vitamin_a": True}
    assert "sure:unusual.weight" in row.flags
    line = Line.objects.get(kind="examination.amend")
    assert line.facts["changed"] == ["tbc_cough", "vitamin_a", "weight"]
    assert line.inputs["before"] == {"weight": 12000, "tbc_cough": False}


def test_a_birth_after_the_measurement_is_kept_with_a_mark_and_no_scores(
    cast: Cast, there: Furnished
) -> None:
    unborn = enrol(cast, there.melati, person("Bayi Salah", TODAY), opened_date=TODAY)
    row = record(cast, unborn, TODAY - timedelta(days=3), weight=3200, height=490)
    assert "before_birth" in row.flags and row.age_days is None and row.waz is None
    assert row.bb_u == "" and row.status == "" and row.results == []
    unknown = enrol(cast, there.melati, person("Tanpa Jenis", sex=""))
    row = record(cast, unknown, TODAY, weight=8000)
    assert row.flags == ["no_sex"] and row.waz is None and row.status == "B"


def test_what_the_cadre_read_is_kept_beside_what_was_computed(cast: Cast, card: Participant) -> None:
    record(cast, card, date(2026, 10, 10), weight=8900)
    row = record(cast, card, TODAY, weight=8900, said_status="N")
    assert (row.status, row.said_status) == ("T", "N") and "said_other" in row.flags
    row = record(cast, card, TODAY - timedelta(days=1), weight=8900, values={"said_status": "T"})
    assert row.said_status == "T" and "said_other" not in row.flags


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"weight": "12"}, "weight"),
        ({"height": -3}, "height"),
        ({"muac": 10**7}, "muac"),
        ({"head": True}, "head"),
    ],
)
def test_what_no_column_holds_is_refused_by_its_field(
    cast: Cast, card: Participant, values: dict[str, Any], wrong: str
) -> None:
    with pytest.raises(examinations.ValueUnreadable) as refused:
        record(cast, card, TODAY, values=values)
    assert refused.value.field == wrong and not Examination.objects.exists()


def test_tomorrow_is_refused_and_a_closed_card_is_not(cast: Cast, card: Participant) -> None:
    with pytest.raises(examinations.DayAhead):
        record(cast, card, TODAY + timedelta(days=1), weight=8900)
    Participant.objects.update(closed_date=date(2026, 11, 1), closed_why="away")
    assert "card_closed" in record(cast, card, TODAY, weight=8900).flags


def test_only_those_who_look_after_the_child_may(cast: Cast, card: Participant) -> None:
    for outsider in (cast.neighbour_cadre, cast.village_head, cast.secretary, cast.village_officer):
        with pytest.raises(NotFound):
            record(cast, card, TODAY, weight=8900, by=outsider)
    row = record(cast, card, TODAY, weight=8900, by=cast.midwife)
    for act, more in (
        (examinations.amend_examination, {"values": {"weight": 1}}),
        (examinations.choose_examination, {}),
        (examinations.withdraw_examination, {"why": "tidak boleh"}),
    ):
        with pytest.raises(NotFound):
            act(by=cast.neighbour_cadre, at=NOW, examination_id=row.id, **more)
    assert Examination.objects.get().weight_g == 8900


def test_a_pregnancy_has_its_own_history_and_it_follows_a_move(cast: Cast, there: Furnished) -> None:
    old = enrol(cast, there.melati, there.mother, "A", opened_date=date(2025, 1, 5))
    record(cast, old, date(2025, 2, 1), weight=52000)
    old.closed_date, old.closed_why = date(2025, 12, 1), "born"
    old.save()
    new = enrol(cast, there.melati, there.mother, "A", opened_date=date(2026, 6, 1))
    row = record(cast, new, TODAY, weight=55000)
    assert [one.id for one in queries.lines_of(new)] == [row.id]
    assert row.status == "" and row.waz is None


def test_a_finding_is_handed_on_and_over_when_the_entry_is_taken_back(cast: Cast, card: Participant) -> None:
    row = record(cast, card, TODAY, weight=5600, height=740)
    assert row.refer and row.bb_tb == "severely_wasted"
    opened = Finding.objects.filter(examination=row, state="open")
    assert opened.exists()
    examinations.withdraw_examination(by=cast.cadre, at=NOW, examination_id=row.id, why="Salah timbang")
    assert not Finding.objects.filter(state="open").exists()


DAYS = st.lists(
    st.tuples(st.integers(0, 330), st.one_of(st.none(), st.integers(3000, 12000))),
    min_size=1,
    max_size=7,
    unique_by=lambda one: one[0],
)


class Orders(TestCase):
    """Whatever order entries come in, the card reads as if they had come in the order of their days."""

    @settings(max_examples=12, deadline=None)
    @given(days=DAYS, data=st.data())
    def test_recomputed_is_recorded_in_order(self, days: list[tuple[int, int | None]], data: Any) -> None:
        cast = assemble()
        there = furnish(cast)
        first = enrol(cast, there.melati, there.child)
        second = enrol(cast, there.melati, person("Kembarannya"), sure=["another"])
        mixed = data.draw(st.permutations(days))
        for rows, card in ((sorted(days), first), (mixed, second)):
            for day, weight in rows:
                record(cast, card, BORN + timedelta(days=day), weight=weight, height=700, at=NOW)
        one, other = (list(queries.history(card).order_by("date")) for card in (first, second))
        names = [name for name in _recording.DERIVED if name != "flags"]
        for left, right in zip(one, other, strict=True):
            assert [getattr(left, name) for name in names] == [getattr(right, name) for name in names]
        weighed = [row for row in one if row.weight_g]
        assert all(row.status in rules.STATUSES for row in weighed)
        assert not any(row.status for row in one if not row.weight_g)
