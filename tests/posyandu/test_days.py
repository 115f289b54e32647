"""The posyandu day: numbers of the queue, steps, two cadres at one child, the closing check with its tasks, the recap."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from simpul.journal.models import Line
from simpul.lib import text
from simpul.lib.errors import NotFound
from simpul.posyandu.actions import days
from simpul.posyandu.models import Coming, Day, Examination, Participant, Task
from simpul.posyandu.queries import days as queries
from simpul.posyandu.rules import days as rules
from simpul.posyandu.rules import examinations as entry_rules
from tests.cast import NOW, Cast, assemble
from tests.posyandu.day_help import TODAY, Furnished, enrol, furnish, person, record

MEASURED = {"weight": 8900, "height": 740, "measured": "l"}


@pytest.fixture
def card(cast: Cast, there: Furnished) -> Participant:
    return enrol(cast, there.melati, there.child)


@pytest.fixture
def day(cast: Cast, there: Furnished) -> Day:
    return days.open_day(by=cast.cadre, at=NOW, posyandu_id=there.melati.id, day=TODAY)


def arrive(cast: Cast, day: Day, card: Participant, **more: Any) -> Coming:
    given = {"by": cast.cadre, "at": NOW, **more}
    return days.arrive_participant(day_id=day.id, participant_id=card.id, **given)


def finish(cast: Cast, coming: Coming, step: int, values: Any = None, **more: Any) -> Coming:
    given = {"by": cast.cadre, "at": NOW, **more}
    return days.finish_step(coming_id=coming.id, step=step, values=values, **given)


def test_a_day_is_opened_once_and_not_ahead(cast: Cast, there: Furnished, day: Day) -> None:
    again = days.open_day(
        by=cast.second_cadre, at=NOW, posyandu_id=there.melati.id, day=TODAY, day_id=uuid4()
    )
    assert again.id == day.id and Line.objects.filter(kind="day.open").count() == 1
    with pytest.raises(days.DayNotCome):
        days.open_day(by=cast.cadre, at=NOW, posyandu_id=there.melati.id, day=TODAY + timedelta(days=1))


def test_a_day_off_the_schedule_is_asked_about(cast: Cast, there: Furnished) -> None:
    there.melati.schedule = {"day": 12}
    there.melati.save()
    given = {"by": cast.cadre, "at": NOW, "posyandu_id": there.melati.id}
    with pytest.raises(days.DayNotScheduled):
        days.open_day(**given, day=TODAY)
    assert not Day.objects.exists()
    assert days.open_day(**given, day=date(2026, 11, 12)).day == date(2026, 11, 12)
    assert days.open_day(**given, day=TODAY, sure=["unscheduled"]).day == TODAY
    assert days.open_day(**given, day=TODAY).day == TODAY  # it is there: nobody is asked again
    facts = Line.objects.filter(kind="day.open").order_by("at", "id").values_list("facts", flat=True)
    assert [one.get("unscheduled", False) for one in facts] == [False, True]


def test_a_day_opened_by_mistake_is_taken_back_with_its_visits(
    cast: Cast, card: Participant, day: Day
) -> None:
    days.close_day(by=cast.cadre, at=NOW, day_id=day.id)
    assert Task.objects.get().state == "open"
    for outsider in (cast.neighbour_cadre, cast.village_head):
        with pytest.raises(NotFound):
            days.remove_day(by=outsider, at=NOW, day_id=day.id)
    days.remove_day(by=cast.cadre, at=NOW, day_id=day.id)
    assert not Day.objects.exists() and Task.objects.get().state == "dropped"
    line = Line.objects.get(kind="day.remove")
    assert line.subject_id == day.id and line.facts == {"day": "2026-11-23", "visits": 1}


def test_a_day_to_which_somebody_came_is_not_taken_back(cast: Cast, card: Participant, day: Day) -> None:
    coming = arrive(cast, day, card)
    with pytest.raises(days.DayInUse):
        days.remove_day(by=cast.cadre, at=NOW, day_id=day.id)
    coming.delete()
    record(cast, card, TODAY, weight=8900, day_id=day.id)
    with pytest.raises(days.DayInUse):
        days.remove_day(by=cast.cadre, at=NOW, day_id=day.id)
    assert Day.objects.get() == day and not Line.objects.filter(kind="day.remove").exists()


def test_who_was_examined_this_month_is_not_expected_on_a_second_day(
    cast: Cast, there: Furnished, card: Participant, day: Day
) -> None:
    last_month = enrol(cast, there.melati, person("Anak Bulan Lalu"))
    never_seen = enrol(cast, there.melati, person("Anak Baru Datang"))
    record(cast, card, date(2026, 11, 12), weight=8700)
    record(cast, last_month, date(2026, 10, 12), weight=8700)
    assert list(queries.missing(cast.cadre, day)) == [never_seen, last_month]
    assert [(one, one.seen_date) for one in queries.seen(cast.cadre, day)] == [(card, date(2026, 11, 12))]
    found = queries.missing(cast.cadre, day, words=text.name_key("Nur Aisyah"))
    assert list(found) == [card]  # who comes all the same is found and gets a number
    recap = queries.recap(cast.cadre, day)
    assert next(one for one in recap.rows if one.form == "B").missed == 2 and recap.skdn.s == 3
    days.close_day(by=cast.cadre, at=NOW, day_id=day.id)
    assert card.id not in Task.objects.values_list("participant_id", flat=True)


def test_who_is_to_be_seen_again_is_expected_although_examined_this_month(
    cast: Cast, there: Furnished, card: Participant, day: Day
) -> None:
    record(cast, card, date(2026, 11, 12), weight=8700)
    task = Task.objects.create(
        posyandu=there.melati, region_code=there.melati.region_code, person=card.person,
        reason="next_visit", due_date=TODAY + timedelta(days=30), made_at=NOW,
    )  # fmt: skip
    assert not queries.missing(cast.cadre, day)
    Task.objects.filter(id=task.id).update(due_date=TODAY)
    assert list(queries.missing(cast.cadre, day)) == [card] and not queries.seen(cast.cadre, day)
    Task.objects.filter(id=task.id).update(state="done")
    assert not queries.missing(cast.cadre, day)


def test_a_mother_is_asked_what_fits_her_state(cast: Cast, there: Furnished, day: Day) -> None:
    mother = enrol(cast, there.melati, there.mother, "A")

    def keys(step: int, **more: Any) -> set[str]:
        state = queries.mother_state(mother, TODAY)
        return {one.key for one in queries.asked(mother, TODAY, step, state=state, **more).own}

    assert "iron_given" in keys(4) and not {"breastfeeding", "vitamin_a_given"} & keys(4)
    assert "breastfeeding" in keys(4, answered=("breastfeeding",))  # what was answered stays in sight
    mother.details = {"delivered_date": "2026-11-10"}
    assert {"breastfeeding", "vitamin_a_given"} <= keys(4) and "iron_given" not in keys(4)
    assert "tbc_cough" in keys(4) and "gestation_weeks" not in keys(2)
    mother.details = {"delivered_date": "2026-09-10"}
    assert "breastfeeding" in keys(4) and "vitamin_a_given" not in keys(4)
    mother.details = {}
    record(cast, mother, date(2026, 11, 12), values={"breastfeeding": True})
    assert queries.mother_state(mother, TODAY) == rules.POSTPARTUM
    assert queries.mother_state(mother, date(2026, 11, 1)) == rules.PREGNANT


@pytest.mark.parametrize(
    ("on", "state"),
    [("2026-10-09", "pregnant"), ("2026-10-10", "postpartum"), ("2026-11-21", "postpartum"), ("2026-11-22", "nursing")],
)  # fmt: skip
def test_the_childbed_lasts_42_days(on: str, state: str) -> None:
    assert rules.mother_state({"delivered_date": "2026-10-10"}, [], date.fromisoformat(on)) == state


def test_numbers_go_up_and_who_has_one_keeps_it(
    cast: Cast, there: Furnished, card: Participant, day: Day
) -> None:
    second = enrol(cast, there.melati, person("Budi"))
    first = arrive(cast, day, card)
    assert arrive(cast, day, card).id == first.id
    assert [first.number, arrive(cast, day, second).number] == [1, 2] and first.step == 2
    days.close_day(by=cast.cadre, at=NOW, day_id=day.id, sure=["unfinished"])
    third = enrol(cast, there.melati, person("Citra"))
    with pytest.raises(days.DayClosed):
        arrive(cast, day, third)
    days.reopen_day(by=cast.cadre, at=NOW, day_id=day.id)
    assert arrive(cast, day, third).number == 3


def test_five_steps_fill_one_line(cast: Cast, card: Participant, day: Day) -> None:
    coming = arrive(cast, day, card)
    coming = finish(cast, coming, 2, MEASURED)
    row = Examination.objects.get()
    assert coming.step == 3 and row.day_id == day.id and row.weight_g == 8900 and row.bb_u
    coming = finish(cast, coming, 3, {"said_status": "B"})
    services = {"vaccines": ["mr1"], "vitamin_a": True, "tbc_cough": False, "refer_slip": None}
    coming = finish(cast, coming, 4, services, by=cast.second_cadre)
    coming = finish(cast, coming, 5, {"education": ["nutrition"]})
    assert coming.step == rules.DONE and Examination.objects.count() == 1
    row.refresh_from_db()
    assert row.values == {**MEASURED, "said_status": "B", "vaccines": ["mr1"], "vitamin_a": True,
                          "tbc_cough": False, "education": ["nutrition"]}  # fmt: skip
    assert row.said_status == "B"


def test_a_step_left_out_stays_open_and_an_empty_one_makes_no_line(
    cast: Cast, card: Participant, day: Day
) -> None:
    coming = finish(cast, arrive(cast, day, card), 4, {"vitamin_a": None})
    assert coming.step == 2 and not Examination.objects.exists()
    with pytest.raises(days.StepUnknown):
        finish(cast, coming, 6)


def test_who_corrects_what_he_saw_amends_and_who_did_not_see_it_stands_beside(
    cast: Cast, card: Participant, day: Day
) -> None:
    coming = arrive(cast, day, card)
    finish(cast, coming, 2, {"weight": 12000, "height": None}, seen="")
    seen = entry_rules.fingerprint({"weight": 12000}, ["weight", "height"])
    finish(cast, coming, 2, {"weight": 9000, "height": None}, seen=seen)
    assert Examination.objects.get().weight_g == 9000
    finish(cast, coming, 2, {"weight": 9000, "height": 741}, seen="", by=cast.second_cadre)
    assert Examination.objects.get().height_mm == 741
    finish(cast, coming, 2, {"weight": 9600, "height": None}, seen="", by=cast.second_cadre)
    first, second = Examination.objects.order_by("recorded_at", "id")
    assert (first.weight_g, first.stands) == (9000, True)
    assert (second.weight_g, second.height_mm, second.stands, second.rival_id) == (9600, 741, False, first.id)
    assert queries.check(cast.cadre, day).rivals == (second,)


def test_what_was_told_at_the_first_step_does_not_make_a_rival_of_ones_own_correction(
    cast: Cast, there: Furnished, day: Day
) -> None:
    mother = enrol(cast, there.melati, person("Ibu Hamil", date(1999, 2, 1)), "A")
    coming = arrive(cast, day, mother)
    told = {"gestation_weeks": 20, "weight": 65000}
    finish(cast, coming, 2, told)
    seen = entry_rules.fingerprint(told, queries.asked(mother, day.day, 2).keys)
    finish(cast, coming, 2, {**told, "weight": 56000}, seen=seen)
    assert Examination.objects.get().values == {**told, "weight": 56000}


def test_an_elders_sheet_that_another_cadre_answered_otherwise_is_not_overwritten(
    cast: Cast, there: Furnished, day: Day
) -> None:
    elder = enrol(cast, there.melati, person("Nenek", date(1950, 1, 1)), "D")
    coming = arrive(cast, day, elder)
    finish(cast, coming, 2, {"weight": 52000})
    finish(cast, coming, 4, {"aks_bathing": 0})
    finish(cast, coming, 4, {"aks_bathing": 1}, seen="", by=cast.second_cadre)
    first, second = Examination.objects.order_by("recorded_at", "id")
    assert (first.values["aks_bathing"], second.values["aks_bathing"]) == (0, 1)
    assert first.stands and not second.stands
    seen = entry_rules.fingerprint(first.values, queries.asked(elder, day.day, 4).keys)
    finish(cast, coming, 4, {"aks_bathing": 1}, seen=seen)
    first.refresh_from_db()
    assert first.values["aks_bathing"] == 1 and Examination.objects.count() == 2


def test_the_same_press_twice_changes_nothing(cast: Cast, card: Participant, day: Day) -> None:
    coming = arrive(cast, day, card)
    key = uuid4()
    for _turn in range(2):
        finish(cast, coming, 2, MEASURED, examination_id=key)
    assert Examination.objects.get().id == key
    assert Line.objects.filter(kind="examination.amend").count() == 0


def test_the_closing_check_and_its_tasks(cast: Cast, there: Furnished, card: Participant, day: Day) -> None:
    came = arrive(cast, day, card)
    finish(cast, came, 2, {"weight": 8900})
    absent = enrol(cast, there.melati, person("Tidak Datang"))
    elder = enrol(cast, there.melati, person("Nenek", date(1950, 1, 1)), "D")
    found = queries.check(cast.cadre, day)
    assert [one.id for one in found.waiting] == [came.id] and len(found.no_height) == 1
    assert {one.id for one in found.missed} == {absent.id, elder.id}
    with pytest.raises(days.StillWaiting):
        days.close_day(by=cast.cadre, at=NOW, day_id=day.id)
    closed = days.close_day(
        by=cast.cadre, at=NOW, day_id=day.id, answers={"tools": True}, note="Hujan", sure=["unfinished"]
    )
    days.close_day(by=cast.cadre, at=NOW, day_id=day.id)
    task = Task.objects.get(reason="missed")
    assert (task.person_id, task.due_date) == (absent.person_id, TODAY + timedelta(days=7))
    assert (
        closed.check_list["missed"] == 2 and closed.check_list["tools"] and not closed.check_list["vaccines"]
    )
    came.refresh_from_db()
    assert came.left_at is not None and Line.objects.filter(kind="day.close").count() == 1


def test_going_home_and_coming_back(cast: Cast, card: Participant, day: Day) -> None:
    coming = arrive(cast, day, card)
    days.leave_participant(by=cast.cadre, at=NOW, coming_id=coming.id)
    assert not queries.check(cast.cadre, day).waiting and len(queries.check(cast.cadre, day).left) == 1
    back = days.leave_participant(by=cast.cadre, at=NOW, coming_id=coming.id, back=True)
    assert back.left_at is None and Line.objects.filter(kind="participant.leave").count() == 2
    changed = days.change_day(by=cast.cadre, at=NOW, day_id=day.id, education=["tbc", "tbc"], note="Ramai")
    assert changed.education == ["tbc"] and changed.note == "Ramai"


def test_the_recap_adds_up(cast: Cast, there: Furnished, card: Participant, day: Day) -> None:
    record(cast, card, date(2026, 10, 12), weight=8850)
    finish(cast, arrive(cast, day, card), 2, MEASURED)
    thin = enrol(cast, there.melati, person("Kurus"))
    finish(cast, arrive(cast, day, thin), 2, {"weight": 5600, "height": 740, "measured": "l"})
    enrol(cast, there.melati, person("Absen"))
    found = queries.recap(cast.cadre, day)
    row = next(one for one in found.rows if one.form == "B")
    assert (row.came, row.missed, row.normal + row.problem, row.referred + row.not_referred) == (2, 1, 2, 2)
    assert row.referred >= 1
    skdn = found.skdn
    assert (skdn.s, skdn.d, skdn.t, skdn.b) == (3, 2, 1, 1) and skdn.holds and skdn.bgm == 1


def test_who_was_typed_in_from_paper_has_come(
    cast: Cast, there: Furnished, card: Participant, day: Day
) -> None:
    record(cast, card, TODAY, weight=8900, source="paper")
    other = record(cast, card, TODAY, weight=9800, source="paper")
    finish(cast, arrive(cast, day, enrol(cast, there.melati, person("Antre"))), 2, MEASURED)
    absent = enrol(cast, there.melati, person("Absen"))
    elsewhere = enrol(cast, there.melati, person("Di Mawar"))
    away = days.open_day(by=cast.cadre, at=NOW, posyandu_id=there.mawar.id, day=TODAY)
    record(cast, elsewhere, TODAY, weight=8800, day_id=away.id)
    found = queries.check(cast.cadre, day)
    assert {one.id for one in found.missed} == {absent.id, elsewhere.id}
    assert [one.participant_id for one in found.no_height] == [card.id] and found.rivals == (other,)
    recap = queries.recap(cast.cadre, day)
    row = next(one for one in recap.rows if one.form == "B")
    assert (row.came, row.missed, row.normal + row.problem, recap.entries) == (2, 2, 2, 2)
    assert (recap.skdn.s, recap.skdn.d) == (4, 2) and recap.skdn.holds
    looked_for = queries.missing(cast.cadre, day, words=text.name_key("Nur Aisyah"))
    assert [one.id for one in looked_for] == [card.id]
    days.close_day(by=cast.cadre, at=NOW, day_id=day.id, sure=["unfinished"])
    assert set(Task.objects.filter(reason="missed").values_list("participant", flat=True)) == {
        absent.id,
        elsewhere.id,
    }


def test_who_may_not(cast: Cast, card: Participant, day: Day) -> None:
    coming = arrive(cast, day, card)
    for outsider in (cast.neighbour_cadre, cast.village_head):
        acts: list[tuple[Any, dict[str, Any]]] = [
            (days.open_day, {"posyandu_id": day.posyandu_id, "day": TODAY}),
            (days.change_day, {"day_id": day.id}),
            (days.close_day, {"day_id": day.id}),
            (days.reopen_day, {"day_id": day.id}),
            (days.arrive_participant, {"day_id": day.id, "participant_id": card.id}),
            (days.finish_step, {"coming_id": coming.id, "step": 2}),
            (days.leave_participant, {"coming_id": coming.id}),
        ]
        for act, more in acts:
            with pytest.raises(NotFound):
                act(by=outsider, at=NOW, **more)


@given(st.lists(st.integers(1, 500), unique=True))
def test_a_number_that_was_given_is_never_given_again(taken: list[int]) -> None:
    assert rules.next_place(taken) not in taken
    assert rules.next_place(taken) == max(taken, default=0) + 1


@given(st.sets(st.integers(1, 5)))
def test_the_next_step_is_the_first_open_one(done: set[int]) -> None:
    step = rules.next_step(done)
    assert step not in done and set(range(1, step)) <= done
    assert (step == rules.DONE) == (done == set(range(1, 6)))


class Queue(TestCase):
    """Whoever comes in whatever order, and however often it is pressed, numbers are 1, 2, 3 ... each once."""

    @settings(max_examples=10, deadline=None)
    @given(pressed=st.lists(st.integers(0, 4), min_size=1, max_size=12))
    def test_numbers(self, pressed: list[int]) -> None:
        cast = assemble()
        there = furnish(cast)
        day = days.open_day(by=cast.cadre, at=NOW, posyandu_id=there.melati.id, day=TODAY)
        cards = [enrol(cast, there.melati, person(f"Anak {number}")) for number in range(5)]
        for index in pressed:
            arrive(cast, day, cards[index])
        order = list(dict.fromkeys(pressed))
        numbers = dict(Coming.objects.values_list("participant_id", "number"))
        assert [numbers[cards[index].id] for index in order] == list(range(1, len(order) + 1))


@pytest.mark.django_db(transaction=True)
def test_several_cadres_at_once_give_each_number_once() -> None:
    cast = assemble()
    there = furnish(cast)
    day = days.open_day(by=cast.cadre, at=NOW, posyandu_id=there.melati.id, day=TODAY)
    cards = [enrol(cast, there.melati, person(f"Anak {number}")) for number in range(6)]
    actors = [cast.cadre, cast.second_cadre, cast.midwife]
    faults: list[Exception] = []

    def work(actor: Any, own: list[UUID]) -> None:
        try:
            for key in own:
                days.arrive_participant(by=actor, at=NOW, day_id=day.id, participant_id=key)
        except Exception as fault:  # noqa: BLE001 - shown by the test
            faults.append(fault)
        finally:
            connections.close_all()

    keys = [card.id for card in cards]
    threads = [
        threading.Thread(target=work, args=(actor, keys[place:] + keys[:place]))
        for place, actor in enumerate(actors)
    ]
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        for thread in threads:
            thread.run()
    else:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert not faults
    assert sorted(Coming.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]
