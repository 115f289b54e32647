"""Holidays, joint leave, suspensions, and the due dates they make."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.utils import translation

from simpul.journal.models import Line
from simpul.lib import workdays
from simpul.lib.actor import ANYBODY, MACHINE, Actor
from simpul.lib.errors import NotAllowed, NotFound
from simpul.regions import actions, queries
from simpul.regions.data import national
from simpul.regions.models import Holiday, Suspension
from tests.regions.conftest import MASSAMATURU

pytestmark = pytest.mark.django_db

REFUSED = [
    Actor(role=role, strong=True, region_code="7305")
    for role in ("front_office", "manager", "head", "protection_officer")
] + [ANYBODY, Actor(role="administrator", strong=False)]


def last_line(kind: str) -> Line:
    return Line.objects.filter(kind=kind).latest("recorded_at")


def due(start: date, days: int, region_code: str = "7602", week: str = "12345") -> date:
    return queries.due_with_reasons(start, days, region_code, week).date


@pytest.fixture
def loaded(takalar: str, now: datetime) -> None:
    for year in range(2024, 2030):
        actions.load_holidays(by=MACHINE, at=now, year=year)


# --- the golden vectors ---


def test_due_dates_of_the_law_with_loaded_holidays(loaded: None) -> None:
    assert due(date(2025, 3, 24), 10) == date(2025, 4, 16)
    assert due(date(2026, 3, 13), 10) == date(2026, 4, 6)


def test_due_dates_are_the_same_before_anything_is_loaded(db: None) -> None:
    assert due(date(2025, 3, 24), 10) == date(2025, 4, 16)
    assert due(date(2026, 3, 13), 10) == date(2026, 4, 6)
    assert queries.due_by_library(date(2026, 3, 13), 10, "7602").date == date(2026, 4, 6)


def test_every_skipped_day_has_its_reason_in_words(loaded: None) -> None:
    with translation.override("id"):
        found = queries.due_with_reasons(date(2026, 3, 13), 10, "7602")
        assert found == queries.due_by_library(date(2026, 3, 13), 10, "7602")
    assert found.skipped[:4] == (
        (date(2026, 3, 14), "Sabtu"),
        (date(2026, 3, 15), "Minggu"),
        (date(2026, 3, 18), "Cuti Bersama Hari Suci Nyepi"),
        (date(2026, 3, 19), "Hari Suci Nyepi"),
    )
    assert len(found.skipped) == 14
    assert found.skipped[-1] == (date(2026, 4, 5), "Kebangkitan Yesus Kristus")


def test_an_estimated_date_says_so(db: None) -> None:
    reasons = dict(queries.due_with_reasons(date(2027, 3, 8), 5).skipped)
    assert reasons[date(2027, 3, 10)] == "Hari Raya Idul Fitri (perkiraan)"


def test_a_six_day_week_works_on_saturday(loaded: None) -> None:
    assert due(date(2026, 11, 26), 2) == date(2026, 11, 30)
    assert due(date(2026, 11, 26), 2, week="123456") == date(2026, 11, 28)


def test_a_long_clock_counts_holidays_of_later_years(loaded: None) -> None:
    assert due(date(2026, 11, 25), 60) == queries.due_by_library(date(2026, 11, 25), 60).date
    assert due(date(2025, 12, 1), 600) == queries.due_by_library(date(2025, 12, 1), 600).date


def test_a_clock_longer_than_anybody_can_know_is_refused(db: None) -> None:
    with pytest.raises(queries.ClockTooLong):
        due(date(2026, 11, 25), 2001)
    with pytest.raises(queries.ClockTooLong):
        queries.due_by_library(date(2026, 11, 25), 1_000_000)
    with pytest.raises(ValueError, match="negative"):
        due(date(2026, 11, 25), -1)
    assert queries.calendar_for("73", around=date.max).zone == "Asia/Makassar"
    assert queries.calendar_for("73", around=date.min).zone == "Asia/Makassar"


# --- loading ---


def test_loading_a_year_twice_changes_nothing(db: None, administrator: Actor, now: datetime) -> None:
    first = actions.load_holidays(by=administrator, at=now, year=2026)
    assert first == {"added": 25, "changed": 0, "withdrawn": 0, "joint_leave": 8}
    assert actions.load_holidays(by=administrator, at=now, year=2026)["added"] == 0
    assert Holiday.objects.count() == 25
    assert all(row.source.startswith("holidays ") and "SKB" in row.source for row in Holiday.objects.all())
    assert last_line("holidays.load").facts["year"] == 2026


def test_loading_keeps_what_an_administrator_did(db: None, administrator: Actor, now: datetime) -> None:
    actions.load_holidays(by=MACHINE, at=now, year=2026)
    christmas_leave = Holiday.objects.get(day=date(2026, 12, 24))
    actions.withdraw_holiday(by=administrator, at=now, holiday_id=christmas_leave.id, reason="SKB diubah")
    added = add(administrator, now)
    actions.load_holidays(by=MACHINE, at=now, year=2026)
    christmas_leave.refresh_from_db()
    added.refresh_from_db()
    assert christmas_leave.withdrawn_at == now
    assert added.withdrawn_at is None
    assert due(date(2026, 12, 23), 1) == date(2026, 12, 24)


def test_a_moved_estimate_is_withdrawn_and_may_come_back(
    db: None, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.load_holidays(by=MACHINE, at=now, year=2028)
    real = national.holidays_of(2028)
    eid = next(found for found in real if found.name == "Hari Raya Idul Fitri")
    assert Holiday.objects.get(day=eid.day, name=eid.name).estimated
    without = tuple(found for found in real if found != eid)
    monkeypatch.setattr(national, "holidays_of", lambda year: without)
    assert actions.load_holidays(by=MACHINE, at=now, year=2028)["withdrawn"] == 1
    assert Holiday.objects.get(day=eid.day, name=eid.name).withdrawn_at == now
    monkeypatch.setattr(national, "holidays_of", lambda year: real)
    assert actions.load_holidays(by=MACHINE, at=now, year=2028)["changed"] == 1
    assert Holiday.objects.get(day=eid.day, name=eid.name).withdrawn_at is None


def test_a_year_without_joint_leave_raises_the_alarm_in_october(
    loaded: None, administrator: Actor, now: datetime
) -> None:
    assert queries.years_without_joint_leave(date(2026, 11, 25)) == []
    assert queries.years_without_joint_leave(date(2027, 9, 30)) == []
    assert queries.years_without_joint_leave(date(2027, 10, 1)) == [2028]
    add(
        administrator,
        now,
        day=date(2028, 2, 29),
        name="Cuti Bersama Idul Fitri",
        kind="joint_leave",
        region_code="",
    )
    assert queries.years_without_joint_leave(date(2027, 10, 1)) == []


def test_the_alarm_needs_no_loaded_year(db: None) -> None:
    assert queries.years_without_joint_leave(date(2026, 11, 25)) == []
    assert queries.years_without_joint_leave(date(2027, 10, 1)) == [2028]


def test_estimated_holidays_are_listed_for_checking(loaded: None) -> None:
    assert [row.day for row in queries.estimated_holidays(date(2026, 11, 25))[:2]] == [
        date(2027, 3, 10),
        date(2027, 3, 11),
    ]


# --- local holidays ---


def add(by: Actor, at: datetime, **changes: Any) -> Holiday:
    given: dict[str, Any] = {
        "day": date(2026, 12, 1),
        "name": "Hari Jadi Takalar",
        "kind": "local",
        "region_code": "",
        "source": "Perbup Takalar 1/2026 (contoh)",
    }
    if "region_code" not in changes and changes.get("kind", "local") == "local":
        given["kind"] = "public"
    return actions.add_holiday(by=by, at=at, **{**given, **changes})


def test_a_local_holiday_counts_inside_its_area_only(
    takalar: str, administrator: Actor, now: datetime
) -> None:
    row = add(administrator, now, region_code="73.05")
    assert row.kind == "local"
    monday = date(2026, 11, 30)
    assert due(monday, 1, MASSAMATURU) == date(2026, 12, 2)
    assert due(monday, 1, "7305") == date(2026, 12, 2)
    assert due(monday, 1, "73") == date(2026, 12, 1), "an office of the province works"
    assert due(monday, 1, "7602") == date(2026, 12, 1)
    line = last_line("holiday.add")
    assert (line.subject_id, line.region_code, line.facts["day"]) == (row.id, "7305", "2026-12-01")
    assert queries.get_holiday(row.id) == row
    assert [found.id for found in queries.holidays_in(2026, "7305")] == [row.id]
    assert list(queries.holidays_in(2026, "7602")) == []
    assert [found.id for found in queries.holidays_in(2026, "73")] == [row.id]


def test_two_holidays_on_one_day_are_both_named(takalar: str, administrator: Actor, now: datetime) -> None:
    add(administrator, now, day=date(2026, 12, 25), region_code="7305")
    reasons = dict(queries.due_with_reasons(date(2026, 12, 24), 1, "7305").skipped)
    assert reasons[date(2026, 12, 25)] == "Hari Raya Natal; Hari Jadi Takalar"


def test_a_withdrawn_holiday_counts_no_longer_until_it_is_added_again(
    takalar: str, administrator: Actor, now: datetime
) -> None:
    row = add(administrator, now, region_code="7305")
    actions.withdraw_holiday(by=administrator, at=now, holiday_id=row.id, reason="Salah tanggal")
    assert due(date(2026, 11, 30), 1, "7305") == date(2026, 12, 1)
    assert last_line("holiday.withdraw").facts["reason"] == "Salah tanggal"
    assert [found.id for found in queries.holidays_in(2026, "7305", withdrawn=True)] == [row.id]
    with pytest.raises(NotFound):
        actions.withdraw_holiday(by=administrator, at=now, holiday_id=row.id, reason="Lagi")
    assert add(administrator, now, region_code="7305").id == row.id
    assert due(date(2026, 11, 30), 1, "7305") == date(2026, 12, 2)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"name": " "}, actions.EmptyName),
        ({"source": ""}, actions.NoSource),
        ({"kind": "party"}, actions.WrongHoliday),
        ({"kind": "public"}, actions.WrongHoliday),
        ({"region_code": ""}, actions.WrongHoliday),
        ({"region_code": "7399"}, actions.UnknownRegion),
        ({"region_code": "Takalar"}, actions.UnknownRegion),
    ],
)
def test_a_holiday_that_cannot_be_is_refused(
    takalar: str, administrator: Actor, now: datetime, wrong: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal) as failure:
        add(administrator, now, **{"region_code": "7305", "kind": "local", **wrong})
    assert str(failure.value)
    assert Holiday.objects.count() == 0


def test_the_same_holiday_twice_is_refused(takalar: str, administrator: Actor, now: datetime) -> None:
    add(administrator, now, region_code="7305")
    with pytest.raises(actions.HolidayAlreadyThere):
        add(administrator, now, region_code="7305")


def test_only_the_administrator_keeps_holidays(takalar: str, administrator: Actor, now: datetime) -> None:
    row = add(administrator, now, region_code="7305")
    for by in REFUSED:
        with pytest.raises(NotAllowed):
            actions.load_holidays(by=by, at=now, year=2026)
        with pytest.raises(NotAllowed):
            add(by, now, name="Libur lain")
        with pytest.raises(NotAllowed):
            actions.withdraw_holiday(by=by, at=now, holiday_id=row.id, reason="x")
        with pytest.raises(NotAllowed):
            actions.withdraw_holiday(by=by, at=now, holiday_id=uuid4(), reason="x")
    assert Holiday.objects.filter(withdrawn_at=None).count() == 1


# --- suspensions ---


def suspend(by: Actor, at: datetime, **changes: Any) -> Suspension:
    given: dict[str, Any] = {
        "region_code": "7305",
        "from_date": date(2026, 11, 26),
        "to_date": date(2026, 12, 4),
        "decision": "SK Bupati Takalar 360/2026, banjir (contoh)",
    }
    return actions.add_suspension(by=by, at=at, **{**given, **changes})


def test_clocks_stand_still_in_a_suspended_area(takalar: str, administrator: Actor, now: datetime) -> None:
    row = suspend(administrator, now)
    found = queries.due_with_reasons(date(2026, 11, 25), 2, MASSAMATURU)
    assert found.date == date(2026, 12, 8)
    assert dict(found.skipped)[date(2026, 11, 26)] == row.decision
    assert due(date(2026, 11, 25), 2, "7602") == date(2026, 11, 27)
    assert [s.id for s in queries.suspensions("7305112005", on=date(2026, 12, 1))] == [row.id]
    assert list(queries.suspensions("7602")) == []
    assert last_line("suspension.add").facts["decision"] == row.decision


def test_a_suspension_ends_early_by_a_decision(takalar: str, administrator: Actor, now: datetime) -> None:
    row = suspend(administrator, now)
    ended = actions.end_suspension(
        by=administrator,
        at=now,
        suspension_id=row.id,
        on_date=date(2026, 11, 30),
        decision="SK 361/2026 (contoh)",
    )
    assert ended.to_date == date(2026, 11, 29)
    assert due(date(2026, 11, 25), 2, "7305") == date(2026, 12, 1)
    assert last_line("suspension.end").facts["before"] == "2026-12-04"
    with pytest.raises(actions.SuspensionOver):
        actions.end_suspension(
            by=administrator,
            at=now,
            suspension_id=row.id,
            on_date=date(2026, 12, 10),
            decision="SK 362/2026 (contoh)",
        )


def test_a_suspension_ended_on_its_first_day_never_counted(
    takalar: str, administrator: Actor, now: datetime
) -> None:
    row = suspend(administrator, now)
    actions.end_suspension(
        by=administrator, at=now, suspension_id=row.id, on_date=row.from_date, decision="Salah isi"
    )
    assert due(date(2026, 11, 25), 2, "7305") == date(2026, 11, 27)
    assert list(queries.suspensions()) == []
    assert queries.get_suspension(row.id).withdrawn_at == now
    with pytest.raises(NotFound):
        queries.get_suspension(uuid4())
    with pytest.raises(NotFound):
        queries.get_holiday(uuid4())
    with pytest.raises(NotFound):
        actions.end_suspension(
            by=administrator, at=now, suspension_id=row.id, on_date=row.from_date, decision="x"
        )


def test_a_suspension_that_cannot_be_is_refused(takalar: str, administrator: Actor, now: datetime) -> None:
    with pytest.raises(actions.WrongDates):
        suspend(administrator, now, to_date=date(2026, 11, 25))
    with pytest.raises(actions.WrongDates):
        suspend(administrator, now, to_date=date(2028, 11, 25))
    with pytest.raises(actions.NoSource):
        suspend(administrator, now, decision=" ")
    with pytest.raises(actions.UnknownRegion):
        suspend(administrator, now, region_code="7399")
    assert Suspension.objects.count() == 0


def test_only_the_administrator_and_the_manager_of_the_area_suspend_clocks(
    takalar: str, administrator: Actor, now: datetime
) -> None:
    row = suspend(administrator, now)
    manager = Actor(role="manager", strong=True, region_code="7303")
    for by in [manager, *(by for by in REFUSED if by.role != "manager")]:
        with pytest.raises(NotAllowed):
            suspend(by, now)
        with pytest.raises(NotAllowed):
            actions.end_suspension(
                by=by, at=now, suspension_id=row.id, on_date=date(2026, 11, 30), decision="x"
            )
    assert Suspension.objects.get().to_date == date(2026, 12, 4)


# --- what a process remembers ---


def test_a_calendar_takes_one_query_and_then_none(committed: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        calendar = queries.calendar_for(MASSAMATURU, around=date(2026, 11, 25))
    with django_assert_num_queries(0):
        assert queries.calendar_for(MASSAMATURU, around=date(2026, 3, 1)).holidays == calendar.holidays
        assert queries.calendar_for(MASSAMATURU, "123456", around=date(2026, 3, 1)).week == workdays.SIX_DAYS
    assert calendar.zone == "Asia/Makassar"


def test_a_committed_holiday_is_seen_at_once_in_the_same_process(
    committed: None, administrator: Actor, now: datetime, django_capture_on_commit_callbacks: Any
) -> None:
    monday = date(2026, 11, 30)
    assert due(monday, 1, "7305") == date(2026, 12, 1)
    with django_capture_on_commit_callbacks(execute=True):
        add(administrator, now, region_code="7305")
    assert due(monday, 1, "7305") == date(2026, 12, 2)


def test_what_may_be_rolled_back_is_never_remembered(
    committed: None, administrator: Actor, now: datetime, django_assert_num_queries: Any
) -> None:
    assert due(date(2026, 11, 30), 1, "7305") == date(2026, 12, 1)
    add(administrator, now, region_code="7305")
    for _again in range(2):
        with django_assert_num_queries(1):
            assert due(date(2026, 11, 30), 1, "7305") == date(2026, 12, 2)
    Holiday.objects.all().delete()
    assert due(date(2026, 11, 30), 1, "7305") == date(2026, 12, 1)


def test_another_process_is_seen_after_half_a_minute(
    committed: None, administrator: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    queries.forget()
    assert due(date(2026, 11, 30), 1, "7305") == date(2026, 12, 1)
    Holiday.objects.create(
        day=date(2026, 12, 1), name="Dari proses lain", kind="local", region_code="7305", source="x"
    )
    assert due(date(2026, 11, 30), 1, "7305") == date(2026, 12, 1)
    clock[0] += 31
    assert due(date(2026, 11, 30), 1, "7305") == date(2026, 12, 2)
