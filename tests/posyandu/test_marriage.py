"""The early-marriage list: reasons that are held already, few readers, every opening in the journal, support and what became of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from simpul.cases.actions import intake
from simpul.cases.models import Case
from simpul.journal.models import Line
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotFound
from simpul.people.models import Person
from simpul.posyandu.actions import dispensations, marriage
from simpul.posyandu.models import MarriageRisk, MarriageStep
from simpul.posyandu.queries import marriage as queries
from simpul.posyandu.rules import marriage as rules
from tests.cast import NOW, Cast
from tests.posyandu.day_help import TODAY, Furnished, enrol, person
from tests.posyandu.follow_help import at_once, household, schooling, slowly

pytestmark = pytest.mark.django_db

WATCHERS = ("posyandu_chair", "midwife", "focal")
OTHERS = (
    "cadre",
    "second_cadre",
    "village_head",
    "secretary",
    "manager",
    "neighbour_cadre",
    "neighbour_coordinator",
    "admin",
)


@pytest.fixture
def girl(cast: Cast, there: Furnished) -> Person:
    home = household(cast, "Daeng Sija")
    home.percentile = 12
    home.save()
    found = person("Nurlina", date(2010, 3, 4), household=home, hamlet=cast.hamlet)
    schooling(found, "bdt/2")
    return found


@pytest.fixture
def risk(cast: Cast, there: Furnished, girl: Person) -> MarriageRisk:
    sweep(cast, there)
    return MarriageRisk.objects.get()


def sweep(cast: Cast, there: Furnished, by: Any = MACHINE, at: Any = NOW) -> dict[str, int]:
    return marriage.sweep_marriages(by=by, at=at, posyandu_id=there.melati.id)


def step(key: UUID | None = None, due: date = TODAY) -> marriage.StepGiven:
    return marriage.StepGiven("Bicara dengan orang tua dan sekolah", "Ibu Kartini", due, key)


def plan(cast: Cast, risk: MarriageRisk, **more: Any) -> MarriageRisk:
    given = {"by": cast.midwife, "at": NOW, "risk_id": risk.id, "goal": "school", "steps": [step()], **more}
    return marriage.plan_marriage(**given)


def test_nobody_is_listed_at_nineteen_or_by_a_guess():
    assert rules.is_minor(date(2007, 11, 24), TODAY) and not rules.is_minor(date(2007, 11, 23), TODAY)
    assert not rules.is_minor(None, TODAY)
    assert rules.of_age_date(date(2008, 2, 29)) == date(2027, 3, 1)


def test_poverty_alone_lists_nobody():
    poor = {"code": "poor", "source": "register", "date": "2026-01-01"}
    assert not rules.listed([poor]) and rules.listed([poor, {**poor, "code": "pregnant"}])


def test_a_reason_keeps_the_day_on_which_it_was_first_held():
    old = [{"code": "out_of_school", "source": "register", "date": "2026-01-01"}]
    new = [{"code": "out_of_school", "source": "register", "date": "2026-06-01"}]
    assert rules.merged(old, new) == old


def test_the_list_comes_from_the_register_and_cards_with_source_and_date(
    cast: Cast, there: Furnished, girl: Person
):
    mother = person("Sahira", date(2008, 6, 1), hamlet=cast.hamlet)
    enrol(cast, there.melati, mother, "A", opened_date=TODAY - timedelta(days=9))
    person("Anak lain", date(2010, 1, 1), hamlet=cast.hamlet)
    assert sweep(cast, there, cast.posyandu_chair) == {"listed": 2, "ended": 0}
    by_name = {row.person.full_name: row.signals for row in MarriageRisk.objects.all()}
    assert [one["code"] for one in by_name["Nurlina"]] == ["out_of_school", "poor"]
    assert by_name["Sahira"] == [
        {"code": "pregnant", "source": "card", "date": (TODAY - timedelta(days=9)).isoformat()}
    ]
    assert sweep(cast, there) == {"listed": 0, "ended": 0}
    assert Line.objects.filter(kind="marriages.sweep").count() == 1


def test_a_child_back_at_school_leaves_the_list_and_one_under_support_stays(
    cast: Cast, there: Furnished, risk: MarriageRisk, girl: Person
):
    schooling(girl, "bdt/1")
    assert sweep(cast, there) == {"listed": 0, "ended": 1}
    risk.refresh_from_db()
    assert (risk.state, risk.outcome) == ("ended", "signals_gone")
    schooling(girl, "bdt/2")
    sweep(cast, there)
    second = MarriageRisk.objects.get(state="open")
    plan(cast, second)
    schooling(girl, "bdt/1")
    assert sweep(cast, there) == {"listed": 0, "ended": 0}


def test_at_nineteen_it_is_over(cast: Cast, there: Furnished, risk: MarriageRisk, girl: Person):
    sweep(cast, there, at=NOW + timedelta(days=365 * 3))
    risk.refresh_from_db()
    assert (risk.state, risk.outcome) == ("ended", "of_age")


@pytest.mark.parametrize("part", WATCHERS)
def test_who_accompanies_opens_the_list_and_the_journal_says_so(
    cast: Cast, there: Furnished, risk: MarriageRisk, part: str
):
    by = getattr(cast, part)
    marriage.look_marriages(by=by, at=NOW, posyandu_id=there.melati.id)
    marriage.look_marriages(by=by, at=NOW, risk_id=risk.id)
    lines = list(Line.objects.filter(kind="marriages.look"))
    assert len(lines) == 2 and all("Nurlina" not in str(line.facts) for line in lines)
    assert [line.risk.id for line in queries.listed(by)[0]] == [risk.id]


@pytest.mark.parametrize("part", OTHERS)
def test_everybody_else_finds_nothing(
    cast: Cast, there: Furnished, risk: MarriageRisk, girl: Person, part: str
):
    by = getattr(cast, part)
    assert queries.listed(by)[0] == []
    key: dict[str, Any] = {"by": by, "at": NOW, "risk_id": risk.id}
    for act in (
        lambda: marriage.look_marriages(**key),
        lambda: marriage.look_marriages(by=by, at=NOW, posyandu_id=there.melati.id),
        lambda: sweep(cast, there, by),
        lambda: plan(cast, risk, by=by),
        lambda: marriage.add_marriagestep(step=step(), **key),
        lambda: marriage.end_marriage(outcome="prevented", words="Sudah", **key),
        lambda: marriage.withdraw_marriage(why="Keliru", **key),
        lambda: marriage.resume_marriage(**key),
        lambda: dispensations.record_dispensation(
            by=by, at=NOW, posyandu_id=there.melati.id, person_id=girl.id, court="PA Mamuju", seen_date=TODAY
        ),
    ):
        with pytest.raises(NotFound):
            act()
    if part != "neighbour_coordinator":
        with pytest.raises(NotFound):
            marriage.look_marriages(by=by, at=NOW)


def test_a_chair_sees_the_own_posyandu_alone(cast: Cast, there: Furnished, girl: Person):
    MarriageRisk.objects.create(
        posyandu=there.mawar,
        region_code=there.mawar.region_code,
        person=girl,
        found_date=TODAY,
        changed_at=NOW,
    )
    assert queries.listed(cast.posyandu_chair)[0] == [] and len(queries.listed(cast.midwife)[0]) == 1


def test_a_protected_report_is_a_reason_without_content_for_those_who_may_know(
    cast: Cast, there: Furnished, risk: MarriageRisk, girl: Person
):
    opened = intake.open_case(
        by=MACHINE,
        at=NOW,
        kind_code="protected_report",
        text_given="Ia dipaksa oleh pamannya.",
        region_code=girl.region_code,
        channel="desk",
        mode="anonymous",
        answers={"what": "other"},
    )
    Case.objects.filter(id=opened.case.id).update(about=girl)
    codes = {
        part: [one["code"] for one in queries.listed(getattr(cast, part))[0][0].reasons] for part in WATCHERS
    }
    assert codes["focal"][-1] == "confidential"
    assert "confidential" not in codes["midwife"] and "confidential" not in codes["posyandu_chair"]
    assert "confidential" not in str(MarriageRisk.objects.get().signals), "it is kept nowhere"


def test_who_asked_that_nothing_be_done_is_not_on_the_list(cast: Cast, risk: MarriageRisk, girl: Person):
    Person.objects.filter(id=girl.id).update(restricted_at=NOW)
    assert queries.listed(cast.midwife)[0] == []


def test_support_is_planned_with_steps_done_and_ended(cast: Cast, there: Furnished, risk: MarriageRisk):
    with pytest.raises(marriage.StepsMissing):
        plan(cast, risk, steps=[])
    with pytest.raises(marriage.MarriageChoiceUnknown):
        plan(cast, risk, goal="none")
    key = uuid4()
    plan(cast, risk, steps=[step(key)])
    plan(cast, risk, steps=[step(key)])
    one = MarriageStep.objects.get()
    risk.refresh_from_db()
    assert (risk.state, risk.goal, risk.made_by) == (
        "supported",
        "school",
        "Irmawati Tasrif",
    ) and risk.case is None
    added = marriage.add_marriagestep(
        by=cast.focal, at=NOW, risk_id=risk.id, step=step(due=TODAY + timedelta(days=3))
    )
    with pytest.raises(marriage.DayWrong):
        marriage.add_marriagestep(
            by=cast.focal, at=NOW, risk_id=risk.id, step=step(due=TODAY - timedelta(days=3))
        )
    marriage.withdraw_marriagestep(by=cast.focal, at=NOW, step_id=added.id)
    with pytest.raises(marriage.MarriageWordsMissing):
        marriage.finish_marriagestep(by=cast.midwife, at=NOW, step_id=one.id, done_date=TODAY, result="")
    with pytest.raises(marriage.DayWrong):
        marriage.finish_marriagestep(
            by=cast.midwife, at=NOW, step_id=one.id, done_date=TODAY + timedelta(days=1), result="Mau sekolah"
        )
    marriage.finish_marriagestep(
        by=cast.midwife, at=NOW, step_id=one.id, done_date=TODAY, result="Mau sekolah lagi"
    )
    with pytest.raises(marriage.MarriageChoiceUnknown):
        marriage.end_marriage(by=cast.midwife, at=NOW, risk_id=risk.id, outcome="of_age", words="Sudah")
    marriage.end_marriage(
        by=cast.midwife, at=NOW, risk_id=risk.id, outcome="back_to_school", words="Masuk SMP lagi"
    )
    risk.refresh_from_db()
    assert (risk.state, risk.outcome, risk.ended_by) == ("ended", "back_to_school", "Irmawati Tasrif")
    with pytest.raises(marriage.MarriageEnded):
        plan(cast, risk)
    kinds = set(Line.objects.values_list("kind", flat=True))
    assert {
        "marriage.plan",
        "marriagestep.add",
        "marriagestep.finish",
        "marriagestep.withdraw",
        "marriage.end",
    } <= kinds


def test_a_matter_of_the_support_tells_nothing(cast: Cast, risk: MarriageRisk):
    case = plan(cast, risk, with_matter=True).case
    assert case is not None and case.about_id is None and case.kind_id == "social_problem"
    assert "nikah" not in f"{case.title} {case.text}".lower() and "Nurlina" not in case.text


def test_a_false_alarm_stays_one_until_a_reason_is_new(
    cast: Cast, there: Furnished, risk: MarriageRisk, girl: Person
):
    with pytest.raises(marriage.MarriageWordsMissing):
        marriage.withdraw_marriage(by=cast.midwife, at=NOW, risk_id=risk.id, why="")
    marriage.withdraw_marriage(by=cast.midwife, at=NOW, risk_id=risk.id, why="Bersekolah di pesantren")
    assert sweep(cast, there)["listed"] == 0
    marriage.resume_marriage(by=cast.midwife, at=NOW, risk_id=risk.id)
    risk.refresh_from_db()
    assert risk.state == "open"
    marriage.withdraw_marriage(by=cast.midwife, at=NOW, risk_id=risk.id, why="Bersekolah di pesantren")
    enrol(cast, there.melati, girl, "A", opened_date=TODAY)
    assert sweep(cast, there)["listed"] == 1


def test_of_age_nobody_is_put_back(cast: Cast, risk: MarriageRisk, girl: Person):
    marriage.withdraw_marriage(by=cast.midwife, at=NOW, risk_id=risk.id, why="Keliru")
    Person.objects.filter(id=girl.id).update(birth_date=date(2000, 1, 1))
    with pytest.raises(marriage.NotMinor):
        marriage.resume_marriage(by=cast.midwife, at=NOW, risk_id=risk.id)


def test_a_request_to_a_court_is_a_reason_and_its_decision_is_written_down(cast: Cast, there: Furnished):
    child = person("Hasriani", date(2009, 1, 1), hamlet=cast.hamlet)
    given: dict[str, Any] = {
        "by": cast.midwife,
        "at": NOW,
        "posyandu_id": there.melati.id,
        "person_id": child.id,
        "court": "PA Mamuju",
        "seen_date": TODAY - timedelta(days=5),
        "dispensation_id": uuid4(),
    }
    one = dispensations.record_dispensation(**given)
    assert dispensations.record_dispensation(**given).id == one.id
    assert [signal["code"] for signal in MarriageRisk.objects.get().signals] == ["dispensation"]
    assert sweep(cast, there) == {"listed": 0, "ended": 0}, "a request seen keeps the child on the list"
    key: dict[str, Any] = {"by": cast.focal, "at": NOW, "dispensation_id": one.id}
    with pytest.raises(marriage.MarriageChoiceUnknown):
        dispensations.decide_dispensation(decision="pending", decided_date=TODAY, **key)
    with pytest.raises(marriage.DayWrong):
        dispensations.decide_dispensation(decision="refused", decided_date=TODAY - timedelta(days=9), **key)
    dispensations.decide_dispensation(decision="refused", decided_date=TODAY, **key)
    dispensations.withdraw_dispensation(**key)
    assert MarriageRisk.objects.get().signals == []
    with pytest.raises(marriage.NotMinor):
        dispensations.record_dispensation(**{**given, "person_id": there.mother.id, "dispensation_id": None})
    with pytest.raises(marriage.DayWrong):
        dispensations.record_dispensation(
            **{**given, "seen_date": TODAY + timedelta(days=1), "dispensation_id": None}
        )
    for part in ("cadre", "neighbour_coordinator"):
        with pytest.raises(NotFound):
            dispensations.withdraw_dispensation(by=getattr(cast, part), at=NOW, dispensation_id=one.id)
        with pytest.raises(NotFound):
            dispensations.decide_dispensation(
                by=getattr(cast, part), at=NOW, dispensation_id=one.id, decision="refused", decided_date=TODAY
            )
    kinds = set(Line.objects.values_list("kind", flat=True))
    assert {"dispensation.record", "dispensation.decide", "dispensation.withdraw"} <= kinds


def test_steps_are_not_touched_by_others(cast: Cast, risk: MarriageRisk):
    plan(cast, risk)
    one = MarriageStep.objects.get()
    for part in ("cadre", "neighbour_coordinator", "village_head"):
        by = getattr(cast, part)
        with pytest.raises(NotFound):
            marriage.finish_marriagestep(by=by, at=NOW, step_id=one.id, done_date=TODAY, result="Selesai")
        with pytest.raises(NotFound):
            marriage.withdraw_marriagestep(by=by, at=NOW, step_id=one.id)


def test_counts_show_no_small_group(cast: Cast, there: Furnished, risk: MarriageRisk):
    shown = queries.counts(cast.manager, "7602")
    assert all(row.whole is None for row in shown.rows)
    assert queries.counts(cast.neighbour, "7602").rows == ()


def test_the_list_costs_the_same_whatever_its_length(
    cast: Cast, there: Furnished, risk: MarriageRisk, django_assert_num_queries: Any
):
    queries.listed(cast.midwife)
    with django_assert_num_queries(3):
        queries.listed(cast.midwife)
    for number in range(5):
        child = person(f"Anak {number}", date(2011, 1, 1), hamlet=cast.hamlet)
        schooling(child, "bdt/2")
    sweep(cast, there)
    with django_assert_num_queries(3):
        assert len(queries.listed(cast.midwife)[0]) == 6


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_swept_twice_at_once_a_child_is_listed_once(
    cast: Cast, there: Furnished, girl: Person, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(marriage, "_set_aside", slowly(marriage._set_aside))
    found = at_once(lambda: sweep(cast, there), lambda: sweep(cast, there))
    assert sorted(one["listed"] for one in found) == [0, 1] and MarriageRisk.objects.count() == 1
