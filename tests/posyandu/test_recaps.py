"""SKDN adds up on any history; a month is closed only when it does; what was closed stays on file; wide areas add up what was counted."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from simpul import roles
from simpul.journal.models import Line
from simpul.lib import frozen_text
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotFound
from simpul.people.models import Person
from simpul.posyandu.actions import recaps as actions
from simpul.posyandu.models import Day, Examination, MonthCount, Participant, Posyandu, Recap
from simpul.posyandu.queries import forms, recap_rules, rulebook
from simpul.posyandu.queries import recaps as queries
from simpul.posyandu.rules import recaps as rules
from simpul.posyandu.rules import recaps_sheet as sheet_rules
from tests.cast import BONTO_JAI, DUNGKAIT, NOW, Cast, assemble
from tests.posyandu.recap_help import BEFORE, MONTH, card, entry, posyandu

OCTOBER = date(2026, 10, 1)


@pytest.fixture
def cast(db: Any) -> Cast:
    return assemble()


def counts(place: Posyandu, month: date = MONTH) -> Counter[str]:
    """The figures of one posyandu."""
    return Counter(queries.count(queries.Scope(place.region_code, place.id), month).get(place.id, {}))


# --- rules -------------------------------------------------------------------------------------------------------------------


def test_months_are_read_and_walked() -> None:
    assert rules.read_month("2026-11") == MONTH
    assert [rules.read_month(text) for text in ("", "2026-13", "26-11", "x-y", "2026-1x", "٢٠٢٦-11")] == [
        None
    ] * 6
    assert rules.back(date(2026, 1, 1), 1) == date(2025, 12, 1)
    assert rules.after(date(2026, 12, 1)) == date(2027, 1, 1)
    assert rules.span(date(2026, 2, 1), 3) == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
    assert rules.too_old_from(MONTH) == date(2021, 11, 2)


def test_vitamin_a_counts_since_the_campaign_that_began_last() -> None:
    assert rules.vitamin_since(date(2026, 1, 1)) == date(2025, 8, 1)
    assert rules.vitamin_since(date(2026, 2, 1)) == date(2026, 2, 1)
    assert rules.vitamin_since(date(2026, 12, 1)) == date(2026, 8, 1)


def test_rates_stand_beside_their_targets() -> None:
    found = rules.Skdn(s=50, k=48, d=40, n=31, t=5, o=3, b=1, bgm=2)
    rates = {one.figure: one for one in rules.rates(found, recap_rules.targets())}
    assert found.holds and rates["d_s"].permille == 800 and rates["d_s"].reached is True
    assert rates["n_d"].permille == 775 and rates["n_d"].reached is False
    assert rates["k_s"].target is None and rates["k_s"].reached is None
    assert rates["bgm_d"].permille == 50
    nobody = rules.rates(rules.Skdn(), recap_rules.targets())
    assert all(one.permille is None and one.reached is None for one in nobody)


def test_the_village_sheet_has_46_columns_with_formulas_that_are_known() -> None:
    sheet = sheet_rules.sheet_of(recap_rules.sheets(), MONTH)
    assert len(sheet.columns) == 46
    assert sum(span for _head, span in sheet.heads("id")) == 46
    assert [span for _head, span in sheet.heads("en")] == [span for _head, span in sheet.heads("id")]
    assert all(label for column in sheet.columns for label in (column.heads("en")[1], column.heads("id")[1]))
    figures = {f"{name}.{sex}": 1 for name in rules.SKDN for sex in rules.SEXES} | {
        "dose.dpt1": 2,
        "dose.hexa1": 3,
    }
    by_key = {column.key: column.value(figures, {"hamlet": "Taludu"}) for column in sheet.columns}
    assert by_key["rt"] == "Taludu" and by_key["dpt1"] == 5 and by_key["s_l"] == 1


def test_what_the_village_sheet_counts_is_asked_on_a_card() -> None:
    fields = [one for letter in "ABCD" for one in forms.card(letter).row]
    doses = {option.code for one in fields if one.key == "vaccines" for option in one.options}
    for sheet in recap_rules.sheets():
        for column in sheet.columns:
            parts = [one.strip() for one in column.formula.split("+")]
            assert {one.removeprefix("dose.") for one in parts if one.startswith("dose.")} <= doses, column
        unasked = [one.key for one in sheet.columns if one.is_unasked]
        assert unasked == ["tt1", "tt2", "oralit"]


@pytest.mark.django_db
def test_every_dose_of_the_schedule_stands_on_a_card() -> None:
    fields = [one for letter in "BC" for one in forms.card(letter).row]
    asked = {option.code for one in fields if one.key == "vaccines" for option in one.options}
    book = rulebook.rulebook(DUNGKAIT, MONTH)
    wanted = {row["code"] for row in book.data("immunisation")["doses"] if not row.get("endemic")}
    assert wanted <= asked


def test_a_basic_immunisation_is_complete_under_either_vaccine() -> None:
    basics = recap_rules.basics()
    old = ["hb0", "bcg", "opv1", "opv2", "opv3", "opv4", "dpt1", "dpt2", "dpt3", "ipv1", "mr1"]
    changed = ["hb0", "bcg", "opv1", "opv2", "opv3", "opv4", "hexa1", "dpt2", "hexa3", "mr1"]
    assert basics.complete(old) and basics.complete(changed) and not basics.complete(old[:-1])


def test_answers_count_persons_once_and_doses_each() -> None:
    def line(person: int, form: str, **values: Any) -> rules.Answers:
        return rules.Answers(
            person, form, 8, pregnant=form == "A", nursing=False, thin=False, had_iron=False, values=values
        )

    found = rules.answered(
        [
            line(1, "B", vitamin_a=True, vaccines=["mr1"], illness="Diare 2 hari"),
            line(1, "B", vitamin_a=True, vaccines=["je"]),
            line(2, "A", iron_given=30),
            line(3, "D", contraception="pil"),
        ]
    )
    assert found["vitamin_a"] == 1 and found["dose.mr1"] == 1 and found["dose.je"] == 1
    assert found["diarrhoea"] == 1
    assert found["mothers_iron"] == found["iron_first"] == 1 and not found["iron_again"]
    assert found["contraception.pill"] == 1


# --- counting ----------------------------------------------------------------------------------------------------------------


def test_a_month_of_a_posyandu_adds_up(cast: Cast) -> None:
    melati = posyandu()
    for place, status in enumerate("NNTOB"):
        entry(card(melati, f"Anak {place}", sex="LP"[place % 2]), status=status, two_t=status == "T")
    card(melati, "Tidak datang")
    card(melati, "Sudah enam tahun", born=date(2020, 5, 1))
    found = rules.skdn(counts(melati))
    assert (found.s, found.k, found.d) == (6, 5, 5)
    assert (found.n, found.t, found.o, found.b, found.two_t) == (2, 1, 1, 1, 1)
    assert found.holds
    assert rules.skdn(counts(melati), "L").d == 3


def test_a_child_weighed_twice_counts_once_by_its_last_weighing(cast: Cast) -> None:
    melati, mawar = posyandu(), posyandu("Posyandu Mawar")
    child = card(melati)
    entry(child, date(2026, 11, 3), "T")
    entry(child, date(2026, 11, 20), "N")
    assert (rules.skdn(counts(melati)).n, rules.skdn(counts(melati)).t) == (1, 0)
    entry(child, date(2026, 11, 25), "T", place=mawar)
    assert rules.skdn(counts(melati)).d == 0
    there = rules.skdn(counts(mawar))
    assert (there.s, there.k, there.d, there.t) == (1, 1, 1, 1)


def test_a_child_weighed_elsewhere_or_moved_counts_once_in_an_area(cast: Cast) -> None:
    """Where it was weighed last; in the month without a weighing where its card is open."""
    melati, mawar = posyandu(), posyandu("Posyandu Mawar")
    guest = card(melati, "Tamu")
    entry(guest, date(2026, 11, 5), "N", place=mawar)
    moved = card(melati, "Pindah", closed=date(2026, 11, 15))
    card(mawar, "Pindah", opened=date(2026, 11, 15), person=moved.person, moved_from=moved)
    entry(moved, date(2026, 11, 8), "T")
    for month, at_melati, at_mawar in (
        (MONTH, (1, 1, 1), (1, 1, 1)),
        (date(2026, 12, 1), (1, 1, 0), (1, 1, 0)),
    ):
        found = queries.count(queries.Scope(DUNGKAIT), month)
        for place, wanted in ((melati, at_melati), (mawar, at_mawar)):
            told = rules.skdn(found[place.id])
            assert (told.s, told.k, told.d) == wanted
            assert Counter(found[place.id]) == counts(place, month)
        total = rules.skdn(rules.together(found.values()))
        assert (total.s, total.k) == (2, 2) and total.d <= total.s


def test_a_child_that_turned_five_in_the_month_is_counted_to_its_end(cast: Cast) -> None:
    melati = posyandu()
    entry(card(melati, born=date(2021, 11, 2)))
    entry(card(melati, "Tepat lima tahun", born=date(2021, 11, 1)))
    assert rules.skdn(counts(melati)).s == rules.skdn(counts(melati)).d == 1


def test_what_is_behind_a_difference_is_told(cast: Cast) -> None:
    melati = posyandu()
    entry(card(melati, "Tanpa status", born=None), status="")
    first = entry(card(melati, "Dua kali"), status="N", said_status="T")
    entry(first.participant, status="N", stands=False, rival=first, flags=["rival"])
    entry(card(melati, "Tanpa berat"), status="", weight_g=None)
    found = counts(melati)
    assert rules.skdn(found).gap == 1 and not rules.may_close(found)
    assert {key: number for key, number, _words in rules.differences(found)} == {
        "no_status": 1,
        "rivals": 1,
        "no_weight": 1,
        "said_other": 1,
    }


def test_forms_vitamins_doses_and_talks(cast: Cast) -> None:
    melati = posyandu()
    bad = [{"rule": "muac", "level": "danger", "refer": True}]
    entry(
        card(melati, born=date(2025, 6, 10)),
        values={"vitamin_a": True, "vaccines": ["mr2"]},
        results=bad,
        refer=True,
    )
    entry(card(melati, "Agustus"), date(2026, 8, 5), values={"vitamin_a": True, "deworming": True})
    doses = sorted(next(iter(dose)) for dose in recap_rules.basics().doses)
    entry(card(melati, "Lengkap"), date(2026, 3, 5), values={"vaccines": doses})
    mother = card(melati, "Ibu", form="A", born=date(1998, 1, 1), opened=date(2026, 9, 1))
    entry(mother, values={"iron_given": 30}, results=[{"level": "alert", "refer": False}])
    card(melati, "Ibu nifas", form="A", born=date(1996, 1, 1), details={"delivered_date": "2026-10-10"})
    entry(
        card(melati, "Ibu menyusui", form="A", born=date(1995, 1, 1)),
        values={"breastfeeding": True, "iron_given": 30},
    )
    Day.objects.create(
        posyandu=melati, region_code=DUNGKAIT, day=date(2026, 11, 12), opened_at=NOW, education=["tbc"]
    )
    found = counts(melati)
    forms = {one.form: one for one in rules.forms(found)}
    assert (forms["B"].open, forms["B"].came, forms["B"].absent) == (3, 1, 2)
    assert (forms["B"].problem, forms["B"].referred) == (1, 1)
    assert (forms["A"].open, forms["A"].came, forms["A"].problem, forms["A"].referred) == (3, 2, 1, 0)
    assert (forms["A"].normal, forms["A"].kept) == (1, 2)
    rates = {one.figure: (one.counted, one.out_of) for one in rules.coverage(found, {})}
    assert rates["vitamin_a"] == (2, 3) and rates["deworming"] == (1, 3)
    assert found["mothers_seen"] == found["nursing"] == 1
    assert rates["iron"] == (1, 1) and rates["immunised"] == (1, 3)
    assert found["dose.mr2"] == 1 and found["talks"] == 1


def test_the_same_few_queries_at_any_size(cast: Cast, django_assert_num_queries: Any) -> None:
    melati = posyandu()
    with django_assert_num_queries(8):
        queries.count(queries.Scope(DUNGKAIT), MONTH)
    for place in range(12):
        entry(card(melati if place % 2 else posyandu(f"Posyandu {place}"), f"Anak {place}"))
    with django_assert_num_queries(8):
        queries.count(queries.Scope("76"), MONTH)


# --- any history -------------------------------------------------------------------------------------------------------------

_LINE = some.tuples(
    some.integers(0, 3),  # child
    some.integers(1, 30),  # day
    some.sampled_from(["N", "T", "O", "B", ""]),
    some.booleans(),  # weighed
    some.booleans(),  # stands
    some.integers(0, 1),  # posyandu
)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.lists(_LINE, max_size=9))
def test_d_is_n_and_t_and_o_and_b_on_any_history(
    cast: Cast, lines: list[tuple[int, int, str, bool, bool, int]]
) -> None:
    for table in (Examination, Participant, Posyandu, Person):
        table._default_manager.all().delete()
    places = [posyandu(), posyandu("Posyandu Mawar")]
    children = [card(places[one % 2], f"Anak {one}", sex="LP"[one % 2]) for one in range(4)]
    for order, (child, day, status, weighed, stands, place) in enumerate(lines):
        entry(
            children[child],
            date(2026, 11, day),
            status,
            place=places[place],
            weight_g=9000 if weighed else None,
            stands=stands,
            recorded_at=NOW + timedelta(seconds=order),
        )
    last: dict[int, tuple[int, int, str, int]] = {}
    for order, (child, day, status, weighed, stands, place) in enumerate(lines):
        if weighed and stands:
            last[child] = max(last.get(child, (0, 0, "", 0)), (day, order, status, place))
    found = queries.count(queries.Scope(DUNGKAIT), MONTH)
    for number, place in enumerate(places):
        mine = [status for _day, _order, status, where in last.values() if where == number]
        told = found.get(place.id, Counter())
        skdn = rules.skdn(told)
        assert skdn.d == len(mine) and skdn.n == mine.count("N") and skdn.b == mine.count("B")
        assert skdn.d == skdn.n + skdn.t + skdn.o + skdn.b + told["no_status"]
        assert skdn.gap == told["no_status"] == mine.count("")
        assert skdn.d <= skdn.s
    total = rules.skdn(rules.together(found.values()))
    assert total.d == len(last) <= total.s == 4
    assert total.d <= total.k <= total.s


# --- closing -----------------------------------------------------------------------------------------------------------------


def month_of(place: Posyandu) -> Participant:
    """A month with one child that gained."""
    child = card(place)
    entry(child)
    return child


def test_a_month_is_closed_with_its_digest_and_a_later_correction_is_a_difference(cast: Cast) -> None:
    melati = posyandu(desk=cast.desk("posyandu"))
    child = month_of(melati)
    key = uuid4()
    done = actions.close_recap(
        by=cast.posyandu_chair, at=NOW, posyandu_id=melati.id, month=MONTH, recap_id=key
    )
    assert (
        actions.close_recap(by=cast.posyandu_chair, at=NOW, posyandu_id=melati.id, month=MONTH, recap_id=key)
        == done
    )
    assert (done.d, done.n, done.version) == (1, 1, 1)
    assert frozen_text.digest(done.content) == done.digest
    assert json.loads(done.content)["figures"]["d.P"] == 1
    assert MonthCount.objects.get(posyandu=melati).d == 1
    line = Line.objects.get(kind="recap.close")
    assert line.subject_id == key and line.facts["month"] == "2026-11" and line.region_code == DUNGKAIT
    Examination.objects.update(status="T")
    assert child.id
    frozen = frozen_text.read(queries.closed(cast.cadre, melati.id, MONTH).content)["figures"]
    assert rules.changed(frozen, counts(melati)) == (("n.P", 1, 0), ("t.P", 0, 1))


def test_a_month_that_does_not_add_up_stays_open(cast: Cast) -> None:
    melati = posyandu()
    entry(card(melati), status="")
    with pytest.raises(actions.DoesNotAddUp):
        actions.close_recap(by=cast.posyandu_chair, at=NOW, posyandu_id=melati.id, month=MONTH)
    assert not Recap.objects.exists()


def test_what_is_refused_when_closing(cast: Cast) -> None:
    melati = posyandu()
    close = {"by": cast.posyandu_chair, "at": NOW, "posyandu_id": melati.id}
    with pytest.raises(actions.NothingCounted):
        actions.close_recap(**close, month=MONTH)
    with pytest.raises(actions.MonthAhead):
        actions.close_recap(**close, month=date(2026, 12, 1))
    month_of(melati)
    actions.close_recap(**close, month=MONTH)
    with pytest.raises(actions.ClosedAlready):
        actions.close_recap(**close, month=MONTH)


def test_the_chair_opens_a_month_again_with_a_reason(cast: Cast) -> None:
    melati = posyandu()
    month_of(melati)
    first = actions.close_recap(by=cast.midwife, at=NOW, posyandu_id=melati.id, month=MONTH)
    with pytest.raises(actions.WhyReopened):
        actions.reopen_recap(by=cast.posyandu_chair, at=NOW, recap_id=first.id, why=" ")
    for part in ("midwife", "cadre", "village_head"):
        with pytest.raises(roles.NotAllowed):
            actions.reopen_recap(by=getattr(cast, part), at=NOW, recap_id=first.id, why="salah timbang")
    actions.reopen_recap(by=cast.posyandu_chair, at=NOW, recap_id=first.id, why="salah timbang")
    with pytest.raises(actions.OpenAlready):
        actions.reopen_recap(by=cast.posyandu_chair, at=NOW, recap_id=first.id, why="salah timbang")
    assert Line.objects.filter(kind="recap.reopen", subject_id=first.id).count() == 1
    second = actions.close_recap(by=cast.posyandu_chair, at=NOW, posyandu_id=melati.id, month=MONTH)
    assert second.version == 2 and frozen_text.read(second.content)["replaces"] == first.digest
    assert [one.version for one in queries.versions(cast.cadre, melati.id, MONTH)] == [2, 1]


def test_who_may_not_close_and_the_neighbour_finds_nothing(cast: Cast) -> None:
    melati = posyandu()
    month_of(melati)
    for part in ("cadre", "village_head", "secretary"):
        with pytest.raises(roles.NotAllowed):
            actions.close_recap(by=getattr(cast, part), at=NOW, posyandu_id=melati.id, month=MONTH)
    recap = actions.close_recap(by=cast.posyandu_chair, at=NOW, posyandu_id=melati.id, month=MONTH)
    with pytest.raises(NotFound):
        actions.close_recap(by=cast.neighbour_coordinator, at=NOW, posyandu_id=melati.id, month=OCTOBER)
    with pytest.raises(NotFound):
        actions.reopen_recap(by=cast.neighbour_coordinator, at=NOW, recap_id=recap.id, why="salah timbang")
    assert queries.closed(cast.neighbour_coordinator, melati.id, MONTH) is None


def test_the_table_itself_refuses_a_recap_that_does_not_add_up(cast: Cast) -> None:
    melati = posyandu()
    with pytest.raises(IntegrityError), transaction.atomic():
        Recap.objects.create(
            posyandu=melati,
            region_code=DUNGKAIT,
            month=MONTH,
            content="{}",
            digest="x",
            d=3,
            n=1,
            t=1,
            o=0,
            b=0,
            closed_at=NOW,
        )


# --- wide areas --------------------------------------------------------------------------------------------------------------


def test_wide_areas_and_trends_add_up_what_was_counted(cast: Cast, django_assert_num_queries: Any) -> None:
    melati, far = posyandu(), posyandu("Posyandu Bonto Jai", BONTO_JAI)
    for place in (melati, far):
        child = card(place, f"Anak {place.name}")
        entry(child, date(2026, 10, 10), "B")
        entry(child, date(2026, 11, 10), "N")
    assert queries.counted(queries.Scope("76"), MONTH).at is None
    assert actions.count_months(by=MACHINE, at=NOW, months=[OCTOBER, MONTH]) == 4
    again = NOW + timedelta(hours=6)
    assert actions.count_months(by=MACHINE, at=again, months=[MONTH]) == 2
    assert MonthCount.objects.count() == 4
    wide = queries.counted(queries.Scope("76"), MONTH)
    assert wide.at == again and rules.skdn(wide.total).n == 1 and set(wide.tallies) == {melati.id}
    with django_assert_num_queries(1):
        line = queries.trend(queries.Scope(""), MONTH, 3)
    assert [(month.month, [(key, one.d) for key, one in groups]) for month, groups in line] == [
        (9, []),
        (10, [("73", 1), ("76", 1)]),
        (11, [("73", 1), ("76", 1)]),
    ]
    village = queries.trend(queries.Scope(DUNGKAIT), MONTH, 1)
    assert [(key, one.d) for key, one in village[0][1]] == [(str(melati.id), 1)]
    assert Line.objects.filter(kind="months.count").count() == 2
    for part in ("cadre", "posyandu_chair", "manager", "village_head"):
        with pytest.raises(roles.NotAllowed):
            actions.count_months(by=getattr(cast, part), at=NOW, months=[MONTH])


def test_months_that_may_be_old_are_counted_again(cast: Cast) -> None:
    melati = posyandu()
    actions.count_months(by=MACHINE, at=NOW, months=[date(2026, 3, 1)])
    entry(card(melati), date(2026, 6, 6), recorded_at=NOW + timedelta(hours=1))
    entry(card(melati, "Lama"), date(2026, 5, 6), recorded_at=BEFORE)
    found = queries.months_to_count(datetime(2026, 11, 24, tzinfo=NOW.tzinfo), MONTH)
    assert found == [MONTH, OCTOBER, date(2026, 6, 1), date(2026, 3, 1)]
