"""Findings: one matter, one task, counted again, over when entries or the register say so, and nothing twice."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simpul.cases import access as case_access
from simpul.cases.actions import kinds as kind_actions
from simpul.cases.models import Case, Note
from simpul.desks.models import Desk
from simpul.journal.models import Line
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotAllowed, NotFound
from simpul.people.models import House
from simpul.posyandu.actions import _findings, examinations, findings
from simpul.posyandu.models import Finding, Posyandu, Task
from simpul.posyandu.queries import findings as queries
from simpul.posyandu.queries import forms
from simpul.posyandu.rules import findings as rules
from simpul.posyandu.rules import visits as visit_rules
from simpul.posyandu.rules.forms_shape import COMPUTED
from tests.cast import DUNGKAIT, NOW, Cast
from tests.posyandu.day_help import TODAY, Furnished, enrol, furnish, person, record
from tests.posyandu.follow_help import entry, household, note, schooling, visit

pytestmark = pytest.mark.django_db

ASKED = {
    "not_gaining two_not_gaining below_red_line stunted severely_stunted wasted severely_wasted underweight severely_underweight",
    "overweight thin_arm small_head large_head oedema kek high_pressure very_high_pressure high_glucose tbc_signs tbc_contact low_hb",
    "puma srq suicide_risk dependence skilas eyes hearing high_waist overdue_vaccine danger_sign unfit_house no_clean_water",
    "no_toilet out_of_school early_marriage_risk missed not_taking_medicine no_access",
}

VISITED = {"danger_sign", "tbc_signs", "not_taking_medicine", "no_access", "missed"}


# --- the catalogue and the rules ------------------------------------------------------------------------------------------


def test_every_finding_that_rules_name_is_in_the_catalogue_with_words_in_both_languages():
    book = queries.book()
    assert {code for line in ASKED for code in line.split()} == set(book)
    for kind in book.values():
        assert kind.name and kind.name_en and kind.about and kind.about_en, kind.code
        assert kind.do and len(kind.do) == len(kind.do_en), kind.code
        assert kind.level in rules.LEVELS and kind.case in {"open", "seen", "join", "none"}, kind.code


def test_every_need_is_a_question_of_a_card_or_a_column_of_its_lines():
    cards = [one for one in forms.forms() if one.layout != "recap" and one.code.startswith("card_")]
    asked = {field.key for card in cards for field in card.row if field.type != COMPUTED}
    for kind in queries.book().values():
        for need in kind.needs:
            assert need.partition("=")[0] in {*asked, *_findings.COLUMNS}, (kind.code, need)
        assert kind.needs or not kind.clears, f"{kind.code} ends after entries that say nothing of it"


def test_a_danger_sign_is_not_over_because_somebody_was_weighed(cast: Cast, there: Furnished):
    card = enrol(cast, there.melati, there.child)
    (row,) = note(cast, entry(card, TODAY - timedelta(days=3)), ["danger_sign"], "danger")
    note(cast, entry(card, weight_g=8000, values={"danger_sign": False}), [])
    row.refresh_from_db()
    assert row.state == "open"


def test_an_elder_who_manages_again_is_no_longer_dependent(cast: Cast, there: Furnished):
    card = enrol(cast, there.melati, there.mother, "D")
    values = {"aks_bowel": 2}
    note(cast, entry(card, TODAY - timedelta(days=40), values=values), ["dependence"])
    for days in (20, 1):
        note(cast, entry(card, TODAY - timedelta(days=days), values=values), [])
    assert Finding.objects.get(code="dependence").closed_why == _findings.OVER


def test_a_need_is_a_key_that_is_answered_or_a_value():
    kind = queries.book()["oedema"]
    assert rules.says_over(kind, {"oedema": False})
    assert not rules.says_over(kind, {"oedema": True})
    assert not rules.says_over(queries.book()["high_pressure"], {"systolic": 120, "diastolic": None})
    assert not rules.says_over(queries.book()["skilas"], {"anything": 1}), (
        "without needs an entry says nothing"
    )


def test_two_of_roof_walls_and_floor_make_a_house_unfit_and_an_answer_with_two_meanings_makes_nothing():
    bad = rules.HouseFacts(floor=frozenset({"earth"}), wall_condition=frozenset({"poor"}))
    assert rules.house_findings(bad)["unfit_house"] is True
    unsure = rules.HouseFacts(floor=frozenset({"earth"}), wall=frozenset({"zinc", "thatch"}))
    assert rules.house_findings(unsure)["unfit_house"] is None
    assert rules.house_findings(rules.HouseFacts(water=frozenset({"surface"})))["no_clean_water"] is True
    assert rules.house_findings(rules.HouseFacts())["no_toilet"] is None


@pytest.mark.parametrize(
    ("born", "found"),
    [
        (date(2019, 11, 24), False),
        (date(2019, 11, 23), True),
        (date(2007, 11, 23), False),
        (date(2007, 11, 24), True),
    ],
)
def test_school_age_is_seven_to_eighteen_completed_years(born: date, found: bool):
    assert rules.is_out_of_school(born, frozenset({"left"}), TODAY) is found


# --- from an entry ---------------------------------------------------------------------------------------------------------


def test_a_finding_opens_a_matter_at_the_posyandu_and_a_task_by_the_catalogue(cast: Cast, there: Furnished):
    card = enrol(cast, there.melati, there.child)
    (row,) = note(cast, entry(card, weight_g=7000), ["two_not_gaining"])
    assert (row.person, row.participant, row.household, row.times) == (
        there.child,
        card,
        there.child.household,
        1,
    )
    case = row.case
    assert case is not None and case.kind_id == "spm_request" and case.about_id == there.child.id
    assert case.answers == {"field": "health", "service": "health/referral"}
    assert case.holder_id == cast.desk("posyandu").id and case.reporter_id is None
    task = Task.objects.get()
    assert (task.reason, task.finding, task.due_date) == ("two_not_gaining", row, TODAY + timedelta(days=3))


def test_several_findings_of_one_entry_make_one_matter_with_the_highest_urgency(cast: Cast, there: Furnished):
    card = enrol(cast, there.melati, there.child)
    rows = note(
        cast, entry(card, weight_g=6000, height_mm=700), ["not_gaining", "severely_wasted", "stunted"]
    )
    assert len({row.case_id for row in rows}) == 1 and Case.objects.count() == 1
    case = Case.objects.get()
    assert case.urgency == "danger" and case.title == "Gizi buruk"
    assert Task.objects.count() == 3


def test_a_severe_finding_starts_at_the_health_agency_that_the_route_of_its_field_names(
    cast: Cast, there: Furnished
):
    mild = enrol(cast, there.melati, person("Anak Sehat"))
    severe = enrol(cast, there.melati, there.child)
    post, agency = cast.desk("posyandu"), cast.desk("water")
    Desk.objects.filter(id=agency.id).update(kind="agency")
    given: dict[str, Any] = {
        "by": cast.administrator,
        "at": NOW,
        "kind_code": "spm_request",
        "region_code": DUNGKAIT,
    }
    kind_actions.set_route(**given, field_value="", desk_ids=[post.id])
    kind_actions.set_route(**given, field_value="health", desk_ids=[post.id, agency.id])
    (first,) = note(cast, entry(mild), ["stunted"])
    (second,) = note(cast, entry(severe), ["severely_wasted"])
    assert first.case is not None and second.case is not None
    assert (first.case.holder_id, second.case.holder_id) == (post.id, agency.id)
    assert case_access.visible(cast.posyandu_chair).filter(id=second.case_id).exists(), (
        "the post still sees it"
    )


def test_the_words_of_a_matter_name_no_value_and_nothing_of_a_discreet_finding(cast: Cast, there: Furnished):
    who = enrol(cast, there.melati, person("Daeng Ngawing", date(1970, 1, 1)), "D")
    (row,) = note(cast, entry(who), ["suicide_risk"], "danger")
    assert row.case is not None
    told = f"{row.case.title} {row.case.text}".lower()
    assert "hidup" not in told and "ditemani" not in told and row.case.sensitivity == "normal"
    (row,) = note(cast, entry(who, systolic=170, diastolic=100), ["high_pressure"])
    assert "170" not in Case.objects.get().text


def test_found_again_it_counts_and_stays_in_the_same_matter(cast: Cast, there: Furnished):
    card = enrol(cast, there.melati, there.child)
    (first,) = note(cast, entry(card, TODAY - timedelta(days=31)), ["stunted"])
    (again,) = note(cast, entry(card, TODAY), ["stunted"], "danger")
    assert again.id == first.id and (again.times, again.last_date, again.level) == (2, TODAY, "danger")
    assert Case.objects.count() == 1 and Task.objects.count() == 1


def test_an_entry_that_is_noted_twice_changes_nothing(cast: Cast, there: Furnished):
    card = enrol(cast, there.melati, there.child)
    row = entry(card, weight_g=7000)
    note(cast, row, ["stunted", "not_gaining"])
    note(cast, row, ["stunted", "not_gaining"])
    assert sorted(Finding.objects.values_list("code", "times")) == [("not_gaining", 1), ("stunted", 1)]
    assert Case.objects.count() == 1


def test_an_entry_that_is_corrected_tells_how_serious_it_is_now(cast: Cast, there: Furnished):
    mother = enrol(cast, there.melati, there.mother, "A", details={"pregnancy_weeks": 20})
    row = record(cast, mother, TODAY, values={"haemoglobin": 105})
    found = Finding.objects.get(code="low_hb")
    first = (found.level, found.rule, found.facts["words"])
    examinations.amend_examination(by=cast.cadre, at=NOW, examination_id=row.id, values={"haemoglobin": 60})
    found.refresh_from_db()
    assert (first[0], found.level, found.times) == ("alert", "danger", 1)
    assert found.rule == first[1] and found.facts["words"] != first[2]
    examinations.amend_examination(by=cast.cadre, at=NOW, examination_id=row.id, values={"haemoglobin": 105})
    found.refresh_from_db()
    assert (found.level, found.facts["words"]) == ("alert", first[2])


def test_more_serious_after_a_correction_it_is_news_and_somebody_goes_again(cast: Cast, there: Furnished):
    card = enrol(cast, there.melati, there.child)
    note(cast, entry(card, TODAY - timedelta(days=31)), ["stunted"])
    second = entry(card)
    note(cast, second, ["stunted"])
    Task.objects.update(state="done")
    note(cast, second, ["stunted"])
    assert not Task.objects.filter(state="open").exists()
    note(cast, second, ["stunted"], "danger")
    found = Finding.objects.get()
    assert (found.level, found.times) == ("danger", 2) and Task.objects.filter(state="open").count() == 1
    note(cast, second, ["stunted"], "watch")
    found.refresh_from_db()
    assert found.level == "danger", "what the other entry found keeps its level"


def test_an_old_entry_on_a_closed_card_is_not_the_latest_after_a_move(cast: Cast, there: Furnished):
    card = enrol(cast, there.melati, there.child)
    old = entry(card, TODAY - timedelta(days=20), height_mm=700)
    card.closed_date, card.closed_why = TODAY - timedelta(days=10), "moved"
    card.save()
    now = enrol(cast, there.mawar, there.child)
    (row,) = note(cast, entry(now, TODAY, height_mm=700), ["stunted"])
    assert note(cast, old, ["wasted"]) == []
    assert not Finding.objects.filter(code="wasted").exists()
    row.refresh_from_db()
    assert row.state == "open"


def test_a_later_finding_joins_the_open_matter_with_a_note(cast: Cast, there: Furnished):
    card = enrol(cast, there.melati, there.child)
    note(cast, entry(card, TODAY - timedelta(days=31)), ["not_gaining"])
    note(cast, entry(card, TODAY), ["not_gaining", "thin_arm"])
    assert Case.objects.count() == 1
    assert "Lingkar lengan kecil" in Note.objects.get().text


def test_a_finding_that_only_joins_opens_no_matter_of_its_own(cast: Cast, there: Furnished):
    card = enrol(cast, there.melati, there.child)
    (row,) = note(cast, entry(card), ["overweight"])
    assert row.case is None and not Case.objects.exists()
    note(cast, entry(card, TODAY + timedelta(days=1)), ["overweight", "stunted"])
    assert set(Finding.objects.values_list("case", flat=True)) == {Case.objects.get().id}


def test_it_is_over_when_as_many_entries_as_the_catalogue_says_do_not_find_it(cast: Cast, there: Furnished):
    card = enrol(cast, there.melati, there.child)
    (row,) = note(cast, entry(card, TODAY - timedelta(days=50), height_mm=700), ["stunted"])
    note(cast, entry(card, TODAY - timedelta(days=40)), [])  # nobody measured the height
    note(cast, entry(card, TODAY - timedelta(days=30), height_mm=740), [])
    row.refresh_from_db()
    assert row.state == "open"
    note(cast, entry(card, TODAY, height_mm=760), [])
    row.refresh_from_db()
    assert (row.state, row.closed_why) == ("closed", _findings.OVER)
    assert row.case is not None and row.case.is_open, "people close the matter"
    assert "Tidak ditemukan lagi: Pendek." in Note.objects.get(case=row.case).text
    assert Task.objects.get().state == "dropped"


def test_found_between_it_begins_anew(cast: Cast, there: Furnished):
    card = enrol(cast, there.melati, there.child)
    for days, codes in ((60, ["stunted"]), (40, []), (20, ["stunted"]), (0, [])):
        note(cast, entry(card, TODAY - timedelta(days=days), height_mm=700), codes)
    assert Finding.objects.get().state == "open"


def test_what_one_entry_alone_had_found_is_over_when_it_was_corrected_and_can_be_found_again(
    cast: Cast, there: Furnished
):
    card = enrol(cast, there.melati, there.child)
    row = entry(card, weight_g=7000)
    note(cast, row, ["below_red_line"])
    note(cast, row, [])
    assert Finding.objects.get().closed_why == _findings.CORRECTED
    note(cast, row, ["below_red_line"])
    assert Finding.objects.filter(state="open").count() == 1


def test_an_old_entry_opens_nothing_and_one_overtaken_by_a_later_one_neither(cast: Cast, there: Furnished):
    card = enrol(cast, there.melati, there.child)
    assert note(cast, entry(card, TODAY - timedelta(days=90)), ["wasted"]) == []
    entry(card, TODAY)
    assert note(cast, entry(card, TODAY - timedelta(days=20)), ["wasted"]) == []
    assert not Case.objects.exists() and not Task.objects.exists()


def test_an_entry_that_was_set_aside_and_a_code_that_nobody_knows_note_nothing(
    cast: Cast, there: Furnished, caplog: pytest.LogCaptureFixture
):
    card = enrol(cast, there.melati, there.child)
    assert note(cast, entry(card, stands=False), ["wasted"]) == []
    assert note(cast, entry(card), ["no_such_code", "early_marriage_risk"]) == []
    assert "no_such_code" in caplog.text


def test_found_again_after_its_matter_ended_it_is_a_new_matter_only_after_a_while(
    cast: Cast, there: Furnished
):
    card = enrol(cast, there.melati, there.child)
    (row,) = note(cast, entry(card, TODAY - timedelta(days=30)), ["stunted"])
    ended = row.case_id
    Case.objects.filter(id=ended).update(is_open=False, state="closed", changed_at=NOW - timedelta(days=20))
    note(cast, entry(card, TODAY - timedelta(days=1)), ["stunted"])
    assert Finding.objects.get().case_id == ended
    Case.objects.filter(id=ended).update(changed_at=NOW - timedelta(days=95))
    note(cast, entry(card, TODAY), ["stunted"])
    row = Finding.objects.get()
    assert row.case_id != ended and row.facts["cases"] == [str(ended)]


def test_coming_ends_the_task_to_ask_why_somebody_did_not_come(cast: Cast, there: Furnished):
    card = enrol(cast, there.melati, there.child)
    Task.objects.create(
        posyandu=there.melati,
        region_code=DUNGKAIT,
        person=there.child,
        reason="missed",
        due_date=TODAY,
        made_at=NOW,
    )
    note(cast, entry(card), [])
    assert Task.objects.get().state == "dropped"


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.integers(0, 59),
            st.sets(st.sampled_from(["stunted", "wasted", "not_gaining", "overweight", "danger_sign"])),
        ),
        max_size=8,
    )
)
def test_whatever_comes_in_whichever_order_nothing_stands_twice(
    cast: Cast, entries: list[tuple[int, set[str]]]
):
    who = enrol(cast, furnished_once(cast), person(f"Anak {uuid4().hex[:6]}"))
    for days, codes in entries:
        row = entry(who, TODAY - timedelta(days=days), weight_g=8000, height_mm=750)
        note(cast, row, sorted(codes))
        note(cast, row, sorted(codes))
    opened = Finding.objects.filter(person=who.person, state="open")
    assert len(set(opened.values_list("code", flat=True))) == opened.count()
    tasks = Task.objects.filter(person=who.person, state="open")
    assert len(set(tasks.values_list("reason", flat=True))) == tasks.count()
    assert Case.objects.filter(about=who.person, is_open=True).count() <= 1
    for one in opened:
        assert one.times == len(one.facts["seen"]) == len(set(one.facts["seen"]))


def furnished_once(cast: Cast) -> Posyandu:
    return Posyandu.objects.filter(name="Posyandu Melati").first() or furnish(cast).melati


# --- folded in lists -------------------------------------------------------------------------------------------------------


def test_the_gravest_of_a_family_stands_in_front_and_nothing_is_lost(cast: Cast, there: Furnished):
    card = enrol(cast, there.melati, there.child)
    codes = ["underweight", "not_gaining", "two_not_gaining", "below_red_line", "stunted", "danger_sign"]
    note(cast, entry(card), codes)
    rows = queries.of_person(cast.cadre, there.child.id)
    lines = {one.front.code: {row.code for row in one.milder} for one in queries.folded(rows)}
    assert lines == {
        "below_red_line": {"underweight", "two_not_gaining", "not_gaining"},
        "stunted": set(),
        "danger_sign": set(),
    }
    assert Case.objects.count() == 1 and Task.objects.filter(state="open").count() == len(codes)


def test_a_childs_malnutrition_is_one_line_with_the_danger_in_front(cast: Cast, there: Furnished):
    card = enrol(cast, there.melati, there.child)
    note(cast, entry(card, TODAY - timedelta(days=30)), ["wasted", "two_not_gaining", "underweight"])
    note(cast, entry(card), ["severely_wasted"], "danger")
    (line,) = queries.folded(queries.of_person(cast.cadre, there.child.id))
    assert line.front.code == "severely_wasted"
    assert [row.code for row in line.milder] == ["wasted", "underweight", "two_not_gaining"]


def test_what_another_matter_holds_is_a_line_of_its_own(cast: Cast, there: Furnished):
    card = enrol(cast, there.melati, there.child)
    first = note(cast, entry(card), ["underweight", "below_red_line"])
    went = visit(there.melati, household=there.child.household, checklist=0)
    (water,) = _findings.note_visit(cast.cadre, NOW, visit=went, codes=["no_clean_water"])
    other = Finding.objects.get(code="underweight")
    other.case = water.case
    other.save()
    rows = list(Finding.objects.filter(id__in=[one.id for one in first]).order_by("code"))
    assert [(one.front.code, one.milder) for one in queries.folded(rows)] == [
        ("below_red_line", ()),
        ("underweight", ()),
    ]


def test_each_page_of_the_list_has_its_lines_and_each_finding_is_on_one_of_them(cast: Cast, there: Furnished):
    card = enrol(cast, there.melati, there.child)
    note(cast, entry(card, TODAY - timedelta(days=3), weight_g=8000), ["below_red_line", "stunted"])
    note(cast, entry(card, weight_g=8000), ["underweight"])
    everything = queries.open_of(cast.cadre)
    found = list(everything)
    shown = [line for row in found for line in queries.folded_page([row], everything)]
    assert [line.front.code for line in shown] == ["below_red_line", "stunted"]
    assert [row.code for row in shown[0].milder] == ["underweight"]
    own = everything.filter(code="underweight")
    assert [line.front.code for line in queries.folded_page(list(own), own)] == ["underweight"]


CODES = sorted(queries.book())


@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(CODES),
            st.sampled_from(["watch", "alert", "danger", ""]),
            st.integers(1, 2),
            st.sampled_from([None, 1, 2]),
            st.integers(),
        ),
        max_size=25,
        unique=True,
    )
)
def test_folding_loses_nothing_hides_no_only_one_and_leaves_matters_apart(rows: list[Any]):
    lines = rules.fold(rows, queries.book(), lambda one: rules.Shown(*one[:4]))
    shown = [row for one in lines for row in (one.front, *one.milder)]
    assert sorted(map(str, shown)) == sorted(map(str, rows)), "each row once"
    for one in lines:
        for row in one.milder:
            assert queries.book()[row[0]].family == queries.book()[one.front[0]].family != ""
            assert row[2] == one.front[2] and row[3] in (None, one.front[3])
            assert rules.worse(row[1], one.front[1]) == one.front[1]
    subjects = {(row[2], queries.book()[row[0]].family or row) for row in rows}
    assert {(one.front[2], queries.book()[one.front[0]].family or one.front) for one in lines} == subjects
    assert {row[3] for row in rows} - {None} <= {one.front[3] for one in lines}, (
        "every matter has a line in front"
    )


def test_families_name_findings_of_the_catalogue_and_each_once():
    given = tomllib.loads(Path("simpul/posyandu/catalogue/findings.toml").read_text(encoding="utf-8"))[
        "families"
    ]
    named = [code for one in given for code in one["findings"]]
    assert len(set(named)) == len(named) and set(named) <= set(queries.book())
    for one in given:
        kinds = [queries.book()[code] for code in one["findings"]]
        assert len({kind.group for kind in kinds}) == 1, "a family is of one matter"


# --- from a visit ----------------------------------------------------------------------------------------------------------


def test_a_visit_notes_what_it_found_of_a_household_and_opens_a_matter_for_each_field(
    cast: Cast, there: Furnished
):
    home = there.child.household
    went = visit(there.melati, household=home, checklist=0)
    rows = _findings.note_visit(
        cast.cadre, NOW, visit=went, codes=["no_clean_water", "no_toilet", "unfit_house"]
    )
    assert {row.person for row in rows} == {None} and {row.household for row in rows} == {home}
    services = sorted(case.answers["service"] for case in Case.objects.all())
    assert services == ["housing/house", "works/water"], "water and toilet are one field, and one matter"
    assert not _findings.note_visit(cast.cadre, NOW, visit=went, codes=["no_toilet"])[0].times > 1


def test_a_visit_closes_its_tasks_and_what_it_does_not_see_any_more(cast: Cast, there: Furnished):
    card = enrol(cast, there.melati, there.child)
    note(cast, entry(card, TODAY - timedelta(days=2)), ["stunted"], "danger")
    earlier = visit(
        there.melati, TODAY - timedelta(days=1), person=there.child, values={"danger_breathing": True}
    )
    _findings.note_visit(cast.cadre, NOW, visit=earlier, codes=["danger_sign"])
    went = visit(
        there.melati,
        person=there.child,
        participant=card,
        values={"danger_breathing": False},
        outcome="Sudah dibawa",
        next_date=TODAY + timedelta(days=7),
    )
    _findings.close_by_visit(cast.cadre, NOW, visit=went)
    assert dict(Finding.objects.values_list("code", "state")) == {"danger_sign": "closed", "stunted": "open"}
    states = dict(Task.objects.values_list("reason", "state"))
    assert states == {"danger_sign": "dropped", "stunted": "done", "next_visit": "open"}


@pytest.mark.parametrize(
    ("checklist", "values", "ended"),
    [
        (4, {}, {"missed"}),
        (4, {"danger_cough": False}, {"missed"}),  # what danger it was that the card found, nobody knows
        (4, {"service_missed": False}, {"missed", "no_access"}),
        (
            8,
            {"tbc_cough": False, "tbc_taken": True},
            {"missed", "tbc_signs", "not_taking_medicine"},
        ),
        (8, {"tbc_cough": False, "tbc_fever": True}, {"missed"}),
    ],
)
def test_a_visit_ends_only_what_it_looked_for(
    cast: Cast, there: Furnished, checklist: int, values: dict[str, bool], ended: set[str]
):
    card = enrol(cast, there.melati, there.child)
    note(cast, entry(card, TODAY - timedelta(days=2)), sorted(VISITED))
    form = forms.checklist(checklist)
    went = visit(
        there.melati,
        person=there.child,
        checklist=checklist,
        values=values,
        classes=list(visit_rules.classes(form, values)),
    )
    _findings.close_by_visit(cast.cadre, NOW, visit=went)
    assert set(Finding.objects.filter(state="closed").values_list("code", flat=True)) == ended


def test_by_hand_only_the_health_worker_ends_a_danger(cast: Cast, there: Furnished):
    card = enrol(cast, there.melati, there.child)
    (row,) = note(cast, entry(card), ["danger_sign"], "danger")
    given: dict[str, Any] = {"at": NOW, "finding_id": row.id, "why": "Sudah diperiksa, tidak sesak lagi"}
    for who in (cast.cadre, cast.posyandu_chair):
        with pytest.raises(findings.DangerNotYours):
            findings.close_finding(by=who, **given)
        with pytest.raises(NotAllowed):
            findings.end_danger(by=who, **given)
    findings.end_danger(by=cast.midwife, **given)
    row.refresh_from_db()
    assert row.state == "closed" and Task.objects.get().state == "dropped"
    assert Line.objects.get(kind="danger.end").inputs["why"] == given["why"]


def test_where_nobody_was_met_the_tasks_stay(cast: Cast, there: Furnished):
    card = enrol(cast, there.melati, there.child)
    note(cast, entry(card), ["stunted"])
    _findings.close_by_visit(cast.cadre, NOW, visit=visit(there.melati, person=there.child, met=False))
    assert Task.objects.get().state == "open"


# --- from the register -----------------------------------------------------------------------------------------------------


def test_the_register_opens_findings_and_tasks_to_look_and_no_matter(cast: Cast, there: Furnished):
    household(cast, "Daeng Sija", water="bdt/10", toilet="bdt/4", floor="bdt/9", wall="bdt/6", roof="bdt/9")
    boy = person(
        "Rusli",
        date(2013, 5, 5),
        household=household(cast, "Daeng Ngalle", water="bdt/3"),
        hamlet=cast.hamlet,
    )
    schooling(boy, "bdt/2")
    done = findings.sweep_findings(by=cast.posyandu_chair, at=NOW, posyandu_id=there.melati.id)
    assert done == {"opened": 4, "ended": 0} and not Case.objects.exists()
    assert sorted(Task.objects.values_list("reason", flat=True)) == [
        "no_clean_water",
        "no_toilet",
        "out_of_school",
        "unfit_house",
    ]
    assert findings.sweep_findings(by=MACHINE, at=NOW, posyandu_id=there.melati.id) == {
        "opened": 0,
        "ended": 0,
    }
    line = Line.objects.get(kind="findings.sweep")
    assert line.facts == {"opened": 4, "ended": 0}
    # Somebody looks, and it is so: now it is a matter.
    went = visit(there.melati, household=Finding.objects.get(code="unfit_house").household, checklist=0)
    _findings.note_visit(cast.cadre, NOW, visit=went, codes=["unfit_house"])
    assert Case.objects.get().answers["service"] == "housing/house"


def test_what_the_register_no_longer_says_is_over_and_what_a_person_ended_stays_so(
    cast: Cast, there: Furnished
):
    home = household(cast, "Daeng Sija", water="bdt/10", toilet="bdt/4")
    findings.sweep_findings(by=MACHINE, at=NOW, posyandu_id=there.melati.id)
    House.objects.filter(id=home.house_id).update(water="bdt/3", changed_at=NOW)
    row = Finding.objects.get(code="no_toilet")
    findings.close_finding(by=cast.cadre, at=NOW, finding_id=row.id, why="Ada WC di belakang rumah")
    assert findings.sweep_findings(by=MACHINE, at=NOW, posyandu_id=there.melati.id) == {
        "opened": 0,
        "ended": 1,
    }
    assert not Finding.objects.filter(state="open").exists()


# --- by hand ---------------------------------------------------------------------------------------------------------------


def test_a_finding_is_ended_with_a_reason_and_opened_again(cast: Cast, there: Furnished):
    card = enrol(cast, there.melati, there.child)
    (row,) = note(cast, entry(card), ["stunted"])
    with pytest.raises(findings.FindingReasonMissing):
        findings.close_finding(by=cast.cadre, at=NOW, finding_id=row.id, why=" ")
    findings.close_finding(by=cast.cadre, at=NOW, finding_id=row.id, why="Salah ukur")
    assert Line.objects.get(kind="finding.close").facts == {"code": "stunted"}
    with pytest.raises(findings.FindingEnded):
        findings.take_up_finding(by=cast.cadre, at=NOW, finding_id=row.id)
    with pytest.raises(findings.FindingReasonMissing):
        findings.reopen_finding(by=cast.cadre, at=NOW, finding_id=row.id, why="")
    findings.reopen_finding(by=cast.midwife, at=NOW, finding_id=row.id, why="Diukur ulang")
    row.refresh_from_db()
    assert (row.state, row.closed_why) == ("open", "") and Task.objects.filter(state="open").count() == 1
    assert Line.objects.filter(kind="finding.reopen").count() == 1


def test_one_of_the_same_kind_stands_in_the_way_of_opening_again(cast: Cast, there: Furnished):
    card = enrol(cast, there.melati, there.child)
    (row,) = note(cast, entry(card), ["stunted"])
    findings.close_finding(by=cast.cadre, at=NOW, finding_id=row.id, why="Salah ukur")
    note(cast, entry(card, TODAY + timedelta(days=1)), ["stunted"])
    with pytest.raises(findings.FindingStands):
        findings.reopen_finding(by=cast.cadre, at=NOW, finding_id=row.id, why="Keliru")


def test_a_matter_can_be_made_of_a_finding_by_hand_once(cast: Cast, there: Furnished):
    card = enrol(cast, there.melati, there.child)
    (row,) = note(cast, entry(card), ["overweight"])
    taken = findings.take_up_finding(by=cast.cadre, at=NOW, finding_id=row.id)
    assert taken.case is not None
    findings.take_up_finding(by=cast.cadre, at=NOW, finding_id=row.id)
    assert Case.objects.count() == 1 and Line.objects.filter(kind="finding.take_up").count() == 1


@pytest.mark.parametrize("part", ["neighbour_cadre", "village_head", "manager", "secretary", "admin"])
def test_who_does_not_work_with_people_here_ends_nothing(cast: Cast, there: Furnished, part: str):
    card = enrol(cast, there.melati, there.child)
    (row,) = note(cast, entry(card), ["stunted"])
    by = getattr(cast, part)
    for act in (findings.close_finding, findings.reopen_finding):
        with pytest.raises(NotFound):
            act(by=by, at=NOW, finding_id=row.id, why="Salah")
    with pytest.raises(NotFound):
        findings.take_up_finding(by=by, at=NOW, finding_id=row.id)
    with pytest.raises(NotFound):
        findings.sweep_findings(by=by, at=NOW, posyandu_id=there.melati.id)


def test_a_cadre_does_not_sweep_the_register(cast: Cast, there: Furnished):
    with pytest.raises(NotFound):
        findings.sweep_findings(by=cast.cadre, at=NOW, posyandu_id=there.melati.id)
