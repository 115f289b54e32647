"""Periodic work: once however many ask, one failing item stops nobody, and the heart can be listened to."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import OperationalError, connection

from simpul.jobs import queries, schedule, turns, worker
from simpul.jobs.turns import Outcome, Work
from simpul.journal import actions as journal_actions
from simpul.journal.models import Line, Seal, Turn
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotFound
from simpul.messages import actions as message_actions
from simpul.messages import queries as message_queries
from simpul.messages import transports
from simpul.messages.models import Message

pytestmark = pytest.mark.django_db

TEN = timedelta(seconds=10)


class Counter:
    """Work that counts its turns and can be told to fail."""

    def __init__(self) -> None:
        self.turns: list[datetime] = []
        self.fault: Exception | None = None

    def __call__(self, at: datetime) -> Outcome:
        self.turns.append(at)
        if self.fault:
            raise self.fault
        return Outcome(done=1)


def test_work_runs_when_it_is_due_and_not_before(now: datetime) -> None:
    counter = Counter()
    table = (Work("count", TEN, counter),)
    assert schedule.run_due(now, table) == ["count"]
    assert schedule.run_due(now + timedelta(seconds=5), table) == []
    assert schedule.run_due(now + timedelta(seconds=11), table) == ["count"]
    turn = Turn.objects.get(name="count")
    assert (turn.runs, turn.claimed_at, turn.last_error) == (2, None, "")


def test_the_first_turn_after_a_long_sleep_runs_once(now: datetime) -> None:
    counter = Counter()
    table = (Work("count", TEN, counter),)
    schedule.run_due(now, table)
    later = now + timedelta(days=3)
    assert schedule.run_due(later, table) == ["count"]
    assert schedule.run_due(later, table) == []
    assert len(counter.turns) == 2


def test_another_worker_at_the_same_moment_finds_it_taken(now: datetime) -> None:
    inner: list[list[str]] = []
    table: tuple[Work, ...] = ()

    def run(at: datetime) -> Outcome:
        inner.append(schedule.run_due(at, table))
        return Outcome()

    table = (Work("count", TEN, run),)
    assert schedule.run_due(now, table) == ["count"]
    assert inner == [[]]


def test_a_claim_of_a_killed_worker_is_taken_over(now: datetime) -> None:
    counter = Counter()
    work = Work("count", TEN, counter)
    assert journal_actions.claim_turn(by=MACHINE, at=now, name="count", stale_after=work.stale_after)
    assert schedule.run_due(now + timedelta(minutes=2), (work,)) == []
    assert schedule.run_due(now + timedelta(minutes=4), (work,)) == ["count"]


def test_a_turn_that_takes_too_long_leaves_the_rest_for_the_next(now: datetime) -> None:
    began_long_ago = turns.Stopwatch(now)
    began_long_ago.began -= 61
    done: list[UUID] = []
    assert turns.each("test", [uuid4()], done.append, began_long_ago).done == 0
    assert done == []


def test_a_finished_turn_says_when_it_comes_again(now: datetime) -> None:
    journal_actions.claim_turn(by=MACHINE, at=now, name="count", stale_after=TEN)
    journal_actions.finish_turn(by=MACHINE, at=now, name="count", next_at=now + TEN, error="x" * 300)
    turn = Turn.objects.get(name="count")
    assert (turn.claimed_at, turn.next_at, len(turn.last_error)) == (None, now + TEN, 200)


def test_failing_work_is_remembered_tried_again_soon_and_stops_no_other(
    now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    broken, well = Counter(), Counter()
    broken.fault = RuntimeError("Nurhayati")
    table = (Work("broken", timedelta(days=1), broken), Work("well", TEN, well))
    with caplog.at_level(logging.ERROR, logger="simpul.jobs.turns"):
        assert schedule.run_due(now, table) == ["broken", "well"]
    assert "Periodic work broken failed" in caplog.text
    turn = Turn.objects.get(name="broken")
    assert turn.last_error == "1 failed, last: RuntimeError"
    assert turn.succeeded_at is None
    assert now + timedelta(minutes=4) < turn.next_at < now + timedelta(minutes=6)
    broken.fault = None
    schedule.run_due(now + timedelta(minutes=6), table)
    assert Turn.objects.get(name="broken").last_error == ""


def test_one_failing_item_does_not_stop_the_others(now: datetime, caplog: pytest.LogCaptureFixture) -> None:
    ids = [uuid4() for _item in range(4)]
    done: list[UUID] = []

    def act(item: UUID) -> None:
        if item == ids[0]:
            raise ValueError("a person's words")
        if item == ids[1]:
            raise NotFound
        done.append(item)

    with caplog.at_level(logging.ERROR, logger="simpul.jobs.turns"):
        outcome = turns.each("test", ids, act, turns.Stopwatch(now))
    assert done == ids[2:]
    assert (outcome.done, outcome.failed, outcome.error) == (2, 1, "1 failed, last: ValueError")
    assert len(caplog.records) == 1


# --- the real schedule ----------------------------------------------------------------------------------------------


def test_the_whole_schedule_runs_on_an_empty_installation(now: datetime) -> None:
    ran = schedule.run_due(now)
    assert ran == [work.name for work in schedule.SCHEDULE]
    assert [turn.last_error for turn in Turn.objects.all()] == [""] * len(schedule.SCHEDULE)


def test_the_journal_is_sealed_each_minute(now: datetime) -> None:
    journal_actions.record_export(by=MACHINE, at=now, what="test", rows=1)
    schedule.run_due(now)
    assert Seal.objects.count() == 1
    assert not Line.objects.unsealed().filter(kind="export.record").exists()


def test_holidays_of_this_and_the_next_year_are_loaded_once(
    now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    assert schedule.watch_holidays(now).done == 2
    assert schedule.watch_holidays(now + timedelta(days=1)).done == 0
    with caplog.at_level(logging.WARNING, logger="simpul.jobs.turns"):
        schedule.watch_holidays(now + timedelta(days=366))
    assert "The joint leave (cuti bersama) of 2028 is not known" in caplog.text


def desk_message(now: datetime, number: int) -> Message:
    message = message_actions.queue_message(
        by=MACHINE,
        at=now,
        subject_kind="case",
        subject_id=uuid4(),
        once_key=f"case-{number}",
        text_key="desk_new",
        values={"number": f"SPL-{number}", "desk": "Baznas"},
        to_name="Baznas",
        to_address="baznas@contoh.id",
    )
    assert message is not None
    return message


class Gateway:
    """A mail server that can be down; it counts how often it was called."""

    def __init__(self) -> None:
        self.down = False
        self.sent: list[str] = []
        self.calls = 0

    def is_ready(self) -> bool:
        return True

    def send(self, outgoing: transports.Outgoing) -> None:
        self.calls += 1
        if self.down:
            raise transports.Unreachable("TimeoutError")
        self.sent.append(outgoing.reference)


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Gateway:
    fake = Gateway()
    monkeypatch.setattr(transports, "TRANSPORTS", {"email": fake})
    return fake


def test_a_gateway_that_is_down_and_comes_back_makes_no_storm(now: datetime, gateway: Gateway) -> None:
    messages = [desk_message(now, number) for number in range(30)]
    gateway.down = True
    at = now
    for _turn in range(20):
        at += timedelta(seconds=10)
        outcome = schedule.deliver_due(at)
        assert outcome.error == "unreachable: email"
    assert gateway.calls == 20  # one knock in each turn, whatever waits behind it
    gateway.down = False
    for _turn in range(10):
        at += timedelta(minutes=10)
        schedule.deliver_due(at)
    assert sorted(gateway.sent) == sorted(str(message.id) for message in messages)
    assert message_queries.outbox(at).count("sent") == 30
    assert gateway.calls == 20 + 30


def test_one_turn_sends_no_more_than_its_limit(
    now: datetime, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "LIMIT", 4)
    for number in range(6):
        desk_message(now, number)
    assert schedule.deliver_due(now).done == 4
    assert schedule.deliver_due(now).done == 2


# --- the worker and its health --------------------------------------------------------------------------------------


def test_health_tells_which_heart_no_longer_beats(now: datetime) -> None:
    beats = {beat.name: beat for beat in worker.health(now)}
    assert set(beats) == {work.name for work in schedule.SCHEDULE}
    assert all(beat.late and beat.age is None for beat in beats.values())
    schedule.run_due(now)
    assert not any(beat.late for beat in worker.health(now + timedelta(minutes=1)))
    later = {beat.name: beat for beat in worker.health(now + timedelta(hours=1))}
    assert later["deliver"].late
    assert later["deliver"].age > timedelta(minutes=59)
    assert not later["expire"].late


def test_an_idle_worker_only_reads(now: datetime, django_assert_num_queries: Callable[..., Any]) -> None:
    schedule.run_due(now)
    with django_assert_num_queries(1):
        assert schedule.run_due(now + timedelta(seconds=1)) == []
    assert queries.due_names(now, ["never run"]) == {"never run"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("threads", [1, 2])
def test_a_worker_runs_until_it_is_told_to_stop_and_each_turn_once(
    threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if threads > 1 and connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"]):
        pytest.skip(
            "a database in memory has no readers beside a writer: set SIMPUL_TEST_SQLITE, or use PostgreSQL"
        )
    monkeypatch.setattr(worker, "IDLE_SECONDS", 0.01)
    stop, counter = threading.Event(), Counter()

    def run(at: datetime) -> Outcome:
        outcome = counter(at)
        if len(counter.turns) == 3:
            stop.set()
        return outcome

    alarm = threading.Timer(20, stop.set)
    alarm.start()
    worker.Worker(threads=threads, work=(Work("count", timedelta(milliseconds=1), run),)).run_forever(stop)
    alarm.cancel()
    assert 3 <= len(counter.turns) <= 4
    assert Turn.objects.get(name="count").runs == len(counter.turns)


def test_a_database_that_does_not_answer_makes_the_worker_wait_longer_each_time(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    crew = worker.Worker()

    def broken(at: datetime | None = None) -> list[str]:
        raise OperationalError("disk full")

    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    monkeypatch.setattr(crew, "run_once", broken)
    waits = [1.0]
    for _round in range(8):
        waits.append(crew._round(waits[-1]))
    assert waits[1:4] == [2.0, 4.0, 8.0]
    assert waits[-1] == worker.LONGEST_WAIT_SECONDS
    monkeypatch.setattr(crew, "run_once", list)
    assert crew._round(waits[-1]) == worker.IDLE_SECONDS
    assert "could not look at its schedule" in caplog.text
