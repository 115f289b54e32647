"""Which version counts where and when; choosing, ending, judging again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from simpul.journal.models import Line
from simpul.lib.errors import NotFound, Refused
from simpul.posyandu.actions import examinations
from simpul.posyandu.actions import rulebook as actions
from simpul.posyandu.models import Examination, Finding, Rejudgement, Rerun, RuleChoice
from simpul.posyandu.queries import reruns, rulebook
from simpul.posyandu.rules import book as rules
from tests.cast import BONTO_JAI, DUNGKAIT, NOW, Cast, assemble
from tests.posyandu.day_help import TODAY, Furnished, enrol, person, record
from tests.posyandu.follow_help import at_once, slowly

pytestmark = pytest.mark.django_db
FIRST = date(2026, 11, 1)


@pytest.fixture
def cast() -> Cast:
    return assemble()


def choose(cast: Cast, **given: Any) -> RuleChoice:
    wanted: dict[str, Any] = {
        "by": cast.manager,
        "at": NOW,
        "rule": "tbc",
        "version": "older-card",
        "region_code": "7602",
        "from_date": FIRST,
        "reason": "Kartu lama masih dipakai",
    }
    return actions.set_rulechoice(**{**wanted, **given})


def version(rule: str = "tbc", region: str = DUNGKAIT, on: date = TODAY) -> str:
    return rulebook.rulebook(region, on)[rule].code


# --- which version counts


def test_every_rule_has_a_source_a_confidence_and_one_default_a_day() -> None:
    assert len(rulebook.shipped()) >= 30
    for rule in rulebook.shipped():
        for one in rule.versions:
            assert one.source and one.confidence in rules.CONFIDENCES and one.name and one.name_en
        for day in (date(2019, 1, 1), date(2024, 8, 1), TODAY, date(2030, 1, 1)):
            found = rules.in_force(rule, DUNGKAIT, day)
            assert found.default
            assert sum(one.default and one.valid(day) for one in rule.versions) <= 1
    with pytest.raises(rules.NoRule):
        rulebook.rulebook(DUNGKAIT, TODAY)["nothing"]


@pytest.mark.parametrize(
    "row",
    [
        {"source": ""},
        {"confidence": "sure"},
        {"data": {}},
        {"default": False},
        {"valid_from": date(2026, 2, 1), "valid_until": date(2026, 1, 1)},
    ],
)
def test_a_catalogue_with_a_fault_is_not_read(row: dict[str, Any]) -> None:
    good = {
        "code": "v",
        "name": "V",
        "name_en": "V",
        "source": "KMK",
        "confidence": "confirmed",
        "default": True,
        "data": {"least": 1},
    }
    whole = {"code": "r", "name": "R", "name_en": "R"}
    assert rules.read([{**whole, "version": [good]}], "t")
    with pytest.raises(rules.CatalogueUnsound):
        rules.read([{**whole, "version": [{**good, **row}]}], "t")
    with pytest.raises(rules.CatalogueUnsound):
        rules.read([{**whole, "version": [good, good]}], "t")


def test_a_version_shipped_for_an_area_counts_there_alone() -> None:
    base = {"name": "V", "name_en": "V", "source": "KMK", "confidence": "confirmed", "data": {"least": 1}}
    rule = rules.read(
        [
            {
                "code": "r",
                "name": "R",
                "name_en": "R",
                "version": [
                    {**base, "code": "all", "default": True},
                    {**base, "code": "local", "areas": ["7602"], "valid_from": FIRST},
                ],
            }
        ],
        "t",
    )[0]
    assert rules.in_force(rule, DUNGKAIT, TODAY).code == "local"
    assert rules.in_force(rule, DUNGKAIT, FIRST - timedelta(days=1)).code == "all"
    assert rules.in_force(rule, BONTO_JAI, TODAY).code == "all"
    chosen = [rules.Choice("r", "all", "76", FIRST)]
    assert rules.in_force(rule, DUNGKAIT, TODAY, chosen).code == "all"


def test_a_choice_counts_in_its_area_and_time(cast: Cast) -> None:
    assert version() == "kmk-2015-2023"
    choose(cast, until_date=date(2026, 11, 30))
    assert version() == "older-card"
    assert version(on=FIRST) == "older-card"
    assert version(on=date(2026, 11, 30)) == "older-card"
    assert version(on=date(2026, 12, 1)) == version(on=date(2026, 10, 31)) == "kmk-2015-2023"
    assert version(region=BONTO_JAI) == "kmk-2015-2023"
    assert version("puma_refer") == "kmk-2015-2023"


def test_the_narrowest_area_goes_first_and_the_newest_choice_of_it(cast: Cast) -> None:
    choose(cast, rule="puma_refer", version="kmk-1936-2022")
    choose(cast, rule="puma_refer", version="card-over-6", region_code=DUNGKAIT)
    assert version("puma_refer") == "card-over-6"
    assert version("puma_refer", region="7602122003") == "kmk-1936-2022"
    choose(
        cast, rule="puma_refer", version="kmk-2015-2023", region_code=DUNGKAIT, from_date=date(2026, 11, 10)
    )
    assert version("puma_refer") == "kmk-2015-2023"
    assert version("puma_refer", on=date(2026, 11, 9)) == "card-over-6"


# --- choosing and ending


def test_a_choice_leaves_a_line_and_the_same_key_again_changes_nothing(cast: Cast) -> None:
    key = uuid4()
    choice = choose(cast, choice_id=key)
    line = Line.objects.get(kind="rulechoice.set")
    assert (line.subject_id, line.facts["version"], line.region_code) == (choice.id, "older-card", "7602")
    again = choose(cast, choice_id=key, version="kmk-2015-2023", from_date=TODAY)
    assert again.version == "older-card"
    assert RuleChoice.objects.count() == Line.objects.filter(kind="rulechoice.set").count() == 1
    with pytest.raises(NotFound):
        choose(cast, choice_id=key, region_code=DUNGKAIT)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"version": "none"}, actions.ChoiceUnknown),
        ({"rule": "none"}, actions.ChoiceUnknown),
        ({"reason": " ok "}, actions.ChoiceIncomplete),
        ({"until_date": date(2026, 10, 31)}, actions.ChoiceIncomplete),
        (
            {"rule": "immunisation", "version": "hexavalent-2026", "from_date": date(2025, 12, 31)},
            actions.ChoiceTooEarly,
        ),
        ({"version": "kmk-2015-2023"}, actions.ChoiceTaken),
    ],
)
def test_what_is_no_choice_is_refused(cast: Cast, given: dict[str, Any], refusal: type[Refused]) -> None:
    choose(cast)
    with pytest.raises(refusal):
        choose(cast, **given)
    assert RuleChoice.objects.count() == 1


@pytest.mark.parametrize("part", ["cadre", "midwife", "posyandu_chair", "village_head", "neighbour_manager"])
def test_who_may_not_choose_end_or_judge_again(cast: Cast, part: str) -> None:
    choice = choose(cast)
    who = getattr(cast, part)
    with pytest.raises(NotFound):
        choose(cast, by=who, from_date=TODAY)
    with pytest.raises(NotFound):
        actions.end_rulechoice(
            by=who, at=NOW, choice_id=choice.id, until_date=TODAY, why="Tidak dipakai lagi"
        )
    with pytest.raises(NotFound):
        actions.apply_rerun(by=who, at=NOW, region_code="7602", since_date=FIRST, reason="Kartu lama")


def test_the_administrator_may_choose_too(cast: Cast) -> None:
    assert choose(cast, by=cast.administrator).set_by == cast.administrator.name


def test_ending_counts_from_the_next_day_and_stays_ended(cast: Cast) -> None:
    choice = choose(cast)
    end: Callable[..., RuleChoice] = lambda **given: actions.end_rulechoice(  # noqa: E731
        **{
            "by": cast.manager,
            "at": NOW,
            "choice_id": choice.id,
            "until_date": date(2026, 11, 15),
            "why": "Kartu baru sudah datang",
            **given,
        }
    )
    with pytest.raises(actions.ChoiceIncomplete):
        end(why="ok")
    with pytest.raises(actions.ChoiceIncomplete):
        end(until_date=date(2026, 10, 30))
    assert end().ended_by == cast.manager.name
    assert version(on=date(2026, 11, 15)) == "older-card"
    assert version(on=date(2026, 11, 16)) == "kmk-2015-2023"
    assert end(until_date=TODAY).until_date == date(2026, 11, 15)
    assert Line.objects.filter(kind="rulechoice.end").count() == 1
    assert choose(cast, version="kmk-2015-2023").id != choice.id  # the day is free again


def test_the_day_before_the_first_takes_a_choice_back(cast: Cast) -> None:
    choice = choose(cast)
    actions.end_rulechoice(
        by=cast.manager,
        at=NOW,
        choice_id=choice.id,
        until_date=FIRST - timedelta(days=1),
        why="Salah pilih",
    )
    assert version(on=FIRST) == "kmk-2015-2023"


# --- judging again

ONE_SIGN = {"tbc_cough": True, "tbc_fever": False, "tbc_weight": False, "tbc_contact": False}


def coughing(cast: Cast, there: Furnished, on: date = TODAY) -> Examination:
    who = enrol(cast, there.melati, person("Daeng Rala", date(1970, 1, 1), "L"), "D")
    return record(cast, who, on, values=ONE_SIGN)


def changes(cast: Cast, since: date = FIRST, **wished: str) -> list[reruns.Change]:
    rows = Examination.objects.filter(stands=True)
    return list(reruns.changes(rows, "7602", since, wished))


def test_nothing_changes_while_the_rules_stay(cast: Cast, there: Furnished) -> None:
    coughing(cast, there)
    record(cast, enrol(cast, there.melati, there.child), TODAY, weight=8900, height=740)
    assert changes(cast) == []


def test_a_version_that_is_only_considered_shows_who_would_change_and_writes_nothing(
    cast: Cast, there: Furnished
) -> None:
    row = coughing(cast, there)
    found = changes(cast, tbc="older-card")
    assert [one.row.id for one in found] == [row.id]
    assert found[0].differences == [("tbc", ("signs",), ("few",))]
    assert found[0].versions == {"tbc": ("kmk-2015-2023", "older-card")}
    assert (found[0].before["refer"], found[0].after["refer"]) == (True, False)
    row.refresh_from_db()
    assert row.refer
    assert not Rejudgement.objects.exists()
    counted = reruns.tally(Examination.objects.all(), "7602", FIRST, {"tbc": "older-card"})
    assert (counted.looked, counted.changed, counted.released, counted.referred) == (1, 1, 1, 0)


def test_another_follow_up_of_the_same_class_is_a_difference_too(cast: Cast, there: Furnished) -> None:
    row = coughing(cast, there)
    row.results = [{**one, "finding": ""} for one in row.results]
    row.save(update_fields=["results"])
    assert [one.differences for one in changes(cast)] == [[("tbc", ("signs",), ("signs",))]]


def test_judging_again_stores_the_new_and_keeps_the_old(cast: Cast, there: Furnished) -> None:
    row = coughing(cast, there)
    old = list(row.results)
    choose(cast)
    key = uuid4()
    given: dict[str, Any] = {
        "by": cast.manager,
        "at": NOW,
        "region_code": "7602",
        "since_date": FIRST,
        "reason": "Kartu lama dipakai sejak November",
        "rerun_id": key,
    }
    rerun = actions.apply_rerun(**given)
    assert (rerun.looked, rerun.changed) == (1, 1)
    row.refresh_from_db()
    assert [one["version"] for one in row.results if one["rule"] == "tbc"] == ["older-card"]
    assert not row.refer
    kept = Rejudgement.objects.get()
    assert kept.before["results"] == old
    assert kept.after["results"] == row.results
    assert kept.versions == {"tbc": ["kmk-2015-2023", "older-card"]}
    assert actions.apply_rerun(**given).id == rerun.id
    assert Line.objects.filter(kind="rerun.apply").count() == Rerun.objects.count() == 1
    assert Line.objects.get(kind="rerun.apply").facts["changed"] == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_correction_while_entries_are_judged_again_is_not_written_over(
    cast: Cast, there: Furnished, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever corrects an entry that is being judged waits until its result is stored; then it is judged as it says now."""
    row = coughing(cast, there)
    choose(cast)
    judged, store = threading.Event(), actions._store

    def slow_store(*given: Any) -> None:
        judged.set()
        time.sleep(0.5)
        store(*given)

    def correct() -> Examination:
        judged.wait(10)
        two = {**ONE_SIGN, "tbc_fever": True}
        return examinations.amend_examination(by=cast.cadre, at=NOW, examination_id=row.id, values=two)

    monkeypatch.setattr(actions, "_store", slow_store)
    given = {"region_code": "7602", "since_date": FIRST, "reason": "Kartu lama dipakai"}
    again, corrected = at_once(lambda: actions.apply_rerun(by=cast.manager, at=NOW, **given), correct)
    assert (again.changed, corrected.id) == (1, row.id)
    row.refresh_from_db()
    assert row.values["tbc_fever"] and row.refer


def test_findings_follow_a_stricter_version(cast: Cast, there: Furnished) -> None:
    choose(cast)
    row = coughing(cast, there)
    assert not Finding.objects.filter(code="tbc_signs").exists()
    choice = RuleChoice.objects.get()
    actions.end_rulechoice(
        by=cast.manager, at=NOW, choice_id=choice.id, until_date=FIRST - timedelta(days=1), why="Salah pilih"
    )
    actions.apply_rerun(
        by=cast.manager, at=NOW, region_code=DUNGKAIT, since_date=FIRST, reason="Kembali ke KMK"
    )
    row.refresh_from_db()
    assert row.refer
    assert Finding.objects.get(code="tbc_signs", state="open").person_id == row.person_id


def test_two_weighings_in_a_row_follow_the_new_status_of_the_earlier_one(
    cast: Cast, there: Furnished
) -> None:
    card = enrol(cast, there.melati, person("Baco", date(2026, 7, 10), "L"), opened_date=date(2026, 7, 20))
    for month, weight in ((9, 4500), (10, 5200), (11, 5300)):
        record(cast, card, date(2026, month, 10), weight=weight)
    rows = Examination.objects.order_by("date")
    assert [one.status for one in rows] == ["B", "T", "T"]  # 700 g in the third month, 100 g in the fourth
    assert rows[2].two_t
    found = changes(cast, date(2026, 9, 1), kbm="field-workbook")
    assert [(one.row.date.month, one.after["status"], one.after["two_t"]) for one in found] == [
        (10, "N", False),
        (11, "T", False),
    ]


@pytest.mark.parametrize("given", [{"reason": "ok"}, {"since_date": TODAY + timedelta(days=1)}])
def test_judging_again_needs_a_reason_and_a_day_that_has_come(cast: Cast, given: dict[str, Any]) -> None:
    wanted = {"region_code": "7602", "since_date": FIRST, "reason": "Kartu lama"}
    with pytest.raises(actions.RerunIncomplete):
        actions.apply_rerun(by=cast.manager, at=NOW, **{**wanted, **given})


def test_too_many_at_once_are_refused(cast: Cast, there: Furnished, monkeypatch: pytest.MonkeyPatch) -> None:
    coughing(cast, there)
    monkeypatch.setattr(actions, "MOST", 0)
    with pytest.raises(actions.RerunTooLarge):
        actions.apply_rerun(
            by=cast.manager, at=NOW, region_code="7602", since_date=FIRST, reason="Kartu lama"
        )


def test_entries_of_the_neighbour_are_left_alone(cast: Cast, there: Furnished) -> None:
    coughing(cast, there)
    Examination.objects.update(region_code=BONTO_JAI)
    choose(cast)
    rerun = actions.apply_rerun(
        by=cast.manager, at=NOW, region_code="7602", since_date=FIRST, reason="Kartu lama"
    )
    assert (rerun.looked, rerun.changed) == (0, 0)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_sent_twice_at_once_a_choice_and_a_rerun_are_made_once(
    cast: Cast, there: Furnished, monkeypatch: pytest.MonkeyPatch
) -> None:
    coughing(cast, there)
    monkeypatch.setattr(reruns, "size", slowly(reruns.size))
    key = uuid4()
    found = at_once(*[lambda: choose(cast, choice_id=key)] * 4)
    assert [getattr(one, "id", one) for one in found] == [key] * 4
    given = {"region_code": "7602", "since_date": FIRST, "reason": "Kartu lama dipakai", "rerun_id": key}
    found = at_once(*[lambda: actions.apply_rerun(by=cast.manager, at=NOW, **given)] * 2)
    assert [getattr(one, "id", one) for one in found] == [key] * 2
