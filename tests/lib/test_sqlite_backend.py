"""The SQLite backend: safe settings, one writer at a time, nothing acknowledged is lost."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, connections, transaction
from django.db.utils import OperationalError

from simpul.lib import sqlite_backend
from simpul.lib.sqlite_backend import base, locks

ALIAS = "sqlite_backend_test"
TABLES = """
create table line (id integer primary key, writer integer not null, number integer not null);
create table parent (id integer primary key);
create table child (id integer primary key, parent integer references parent(id) deferrable initially deferred)
"""


@pytest.fixture
def options() -> dict[str, Any]:
    """Options of the database; a test may ask for others."""
    return {"synchronous": "OFF"}


@pytest.fixture
def database(tmp_path: Path, django_db_blocker: Any, options: dict[str, Any]) -> Iterator[Path]:
    """A database of its own under the alias ``ALIAS``, whatever the suite runs on."""
    path = tmp_path / "data.sqlite3"
    named = {"ENGINE": "simpul.lib.sqlite_backend", "NAME": str(path), "OPTIONS": options}
    connections.settings[ALIAS] = connections.configure_settings({"default": dict(named), ALIAS: named})[
        ALIAS
    ]
    with django_db_blocker.unblock():
        for statement in TABLES.split(";"):
            run(statement)
        yield path
        connections[ALIAS].close()
    del connections[ALIAS]
    del connections.settings[ALIAS]


class StoryError(Exception):
    """Something went wrong in the middle of an act."""


def run(statement: str, *values: object) -> list[tuple[Any, ...]]:
    """One statement on this thread's connection."""
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(statement, values or None)
        return list(cursor.fetchall()) if cursor.description else []


def in_threads(work: Callable[[int], None], count: int) -> list[BaseException]:
    """Run ``work`` in several threads with a connection each; what went wrong in them."""
    faults: list[BaseException] = []

    def guarded(number: int) -> None:
        try:
            work(number)
        except BaseException as fault:  # noqa: BLE001 - handed to the test, which must see every one
            faults.append(fault)
        finally:
            connections[ALIAS].close()

    threads = [threading.Thread(target=guarded, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return faults


def is_free(path: Path) -> bool:
    """True when another thread could write at once."""
    lock = locks.lock_for(str(path))
    if not lock.acquire(0.05):
        return False
    lock.release()
    return True


# --- settings ---


def test_the_library_in_use_is_current_and_everywhere_the_same() -> None:
    assert sqlite_backend.is_safe_version()
    assert sys.modules["sqlite3"] is sqlite_backend.driver
    assert base.DatabaseWrapper.Database.sqlite_version == sqlite_backend.sqlite_version()


@pytest.mark.parametrize("options", [{}])
def test_every_connection_is_opened_safely(database: Path) -> None:
    expected = {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "trusted_schema": 0,
        "mmap_size": 0, "busy_timeout": 20_000, "cache_size": -65_536,
    }  # fmt: skip
    assert {name: run(f"pragma {name}")[0][0] for name in expected} == expected
    assert connections[ALIAS].transaction_mode == "IMMEDIATE"


@pytest.mark.parametrize("options", [{"synchronous": "normal", "cache_mib": 8, "timeout": 1}])
def test_tests_may_ask_for_less(database: Path) -> None:
    assert [run(f"pragma {name}")[0][0] for name in ("synchronous", "cache_size", "busy_timeout")] == [
        1,
        -8192,
        1000,
    ]


def test_an_old_library_is_refused_unless_it_serves_one_process(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_backend, "sqlite_version", lambda: "3.40.1")
    connections[ALIAS].close()
    with pytest.raises(ImproperlyConfigured, match=r"3\.40\.1 can lose saved data"):
        run("select 1")
    settings = {**connections.settings[ALIAS], "OPTIONS": {"single_process": True}}
    alone = base.DatabaseWrapper(settings, ALIAS)
    alone.ensure_connection()
    alone.close()


def test_an_unknown_safety_is_refused(database: Path) -> None:
    wrong = base.DatabaseWrapper(
        {**connections.settings[ALIAS], "OPTIONS": {"synchronous": "EXTREME"}}, ALIAS
    )
    with pytest.raises(ImproperlyConfigured, match="synchronous"):
        wrong.ensure_connection()


# --- writing together ---


@pytest.mark.parametrize("options", [{}, {"synchronous": "OFF"}], ids=["full", "off"])
def test_eight_threads_write_and_nothing_is_locked_or_lost(database: Path) -> None:
    def work(writer: int) -> None:
        for number in range(60):
            if number % 3 == 0:
                run("insert into line (writer, number) values (%s, %s)", writer, number)
            elif number % 3 == 1:
                run("insert into line (writer, number) values (%s, %s) returning id", writer, number)
            else:
                with transaction.atomic(using=ALIAS):
                    (before,) = run("select count(*) from line")[0]
                    with transaction.atomic(using=ALIAS):
                        run("insert into line (writer, number) values (%s, %s)", writer, number)
                    assert run("select count(*) from line")[0][0] == before + 1

    assert in_threads(work, 8) == []
    assert run("select writer, count(distinct number) from line group by writer") == [
        (n, 60) for n in range(8)
    ]
    assert run("pragma integrity_check") == [("ok",)]
    assert is_free(database)


def test_readers_are_not_held_up_by_a_writer(database: Path) -> None:
    def read(_number: int) -> None:
        begun = time.monotonic()
        assert run("select count(*) from line") == [(0,)]
        assert time.monotonic() - begun < 5

    with transaction.atomic(using=ALIAS):
        run("insert into line (writer, number) values (1, 1)")
        assert in_threads(read, 4) == []


WRITER = """
    import sys
    from django.conf import settings
    settings.configure(DATABASES={{"default": {{"ENGINE": "simpul.lib.sqlite_backend", "NAME": sys.argv[1],
                                                "OPTIONS": {{"synchronous": "{safety}"}}}}}}, USE_TZ=True)
    import django
    django.setup()
    from django.db import connection, transaction
    for number in range({count}):
        with transaction.atomic():
            connection.cursor().execute("insert into line (writer, number) values (99, %s)", [number])
        print(number, flush=True)
"""


def start_writer(path: Path, count: int, safety: str) -> subprocess.Popen[str]:
    """Another process that writes and says each number after its commit."""
    script = textwrap.dedent(WRITER.format(count=count, safety=safety))
    return subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True,
        cwd=Path(__file__).parents[2], env={**os.environ, "PYTHONPATH": "."},
    )  # fmt: skip


def test_a_second_process_writes_beside_the_threads(database: Path) -> None:
    def work(writer: int) -> None:
        for number in range(50):
            with transaction.atomic(using=ALIAS):
                run("insert into line (writer, number) values (%s, %s)", writer, number)

    with start_writer(database, 150, "OFF") as other:
        assert in_threads(work, 4) == []
        said, _nothing = other.communicate(timeout=60)
    assert other.returncode == 0
    assert len(said.split()) == 150
    assert run("select count(*) from line") == [(350,)]


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_after_a_kill_every_acknowledged_number_exists_exactly_once(database: Path) -> None:
    with start_writer(database, 100_000, "FULL") as other:
        assert other.stdout is not None
        acknowledged = [int(other.stdout.readline()) for _ in range(40)]
        other.send_signal(signal.SIGKILL)
        acknowledged += [int(line) for line in other.stdout if line.endswith("\n")]
    kept = [number for (number,) in run("select number from line order by number")]
    assert kept[: len(acknowledged)] == acknowledged
    assert len(kept) - len(acknowledged) in (0, 1)
    assert run("pragma integrity_check") == [("ok",)]


# --- the lock is given back ---


def test_a_rolled_back_part_keeps_the_turn_and_the_end_gives_it_back(database: Path) -> None:
    with transaction.atomic(using=ALIAS):
        run("insert into line (writer, number) values (1, 1)")
        with contextlib.suppress(StoryError), transaction.atomic(using=ALIAS):
            run("insert into line (writer, number) values (1, 2)")
            raise StoryError
        assert not is_free(database)
        run("insert into line (writer, number) values (1, 3)")
    assert is_free(database)
    assert run("select number from line") == [(1,), (3,)]


def test_a_failed_act_gives_the_turn_back(database: Path) -> None:
    with contextlib.suppress(StoryError), transaction.atomic(using=ALIAS):
        run("insert into line (writer, number) values (1, 1)")
        raise StoryError
    assert is_free(database)
    assert run("select count(*) from line") == [(0,)]


def test_a_refused_commit_gives_the_turn_back(database: Path) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(using=ALIAS):
        run("insert into child (parent) values (5)")
    assert is_free(database)
    run("insert into line (writer, number) values (1, 1)")


@pytest.mark.parametrize("options", [{"timeout": 0.2}])
def test_a_beginning_that_fails_gives_the_turn_back(database: Path) -> None:
    stranger = sqlite_backend.driver.connect(database, isolation_level=None)
    stranger.execute("begin immediate")
    with pytest.raises(OperationalError, match="locked"), transaction.atomic(using=ALIAS):
        pytest.fail("it must not get here")
    assert is_free(database)
    with pytest.raises(OperationalError, match="locked"):
        run("insert into line (writer, number) values (1, 1)")
    assert is_free(database)
    stranger.execute("rollback")
    stranger.close()
    run("insert into line (writer, number) values (1, 1)")


@pytest.mark.parametrize("options", [{"timeout": 0.2}])
def test_waiting_for_oneself_ends_with_a_clear_fault(database: Path) -> None:
    second = base.DatabaseWrapper(connections.settings[ALIAS], ALIAS)
    second.ensure_connection()
    with transaction.atomic(using=ALIAS), pytest.raises(OperationalError, match="another writer"):
        second.cursor().execute("insert into line (writer, number) values (1, 1)")
    second.cursor().execute("insert into line (writer, number) values (1, 1)")
    second.close()


def test_a_single_statement_that_fails_gives_the_turn_back(database: Path) -> None:
    with pytest.raises(IntegrityError):
        run("insert into line (writer, number) values (1, null)")
    with pytest.raises(OperationalError):
        run("insert into nowhere values (1)")
    assert is_free(database)


def test_closing_in_the_middle_gives_the_turn_back(database: Path) -> None:
    connection = connections[ALIAS]
    connection.set_autocommit(False)
    run("insert into line (writer, number) values (1, 1)")
    assert not is_free(database)
    connection.close()
    assert is_free(database)
    connection.set_autocommit(True)


def test_manual_transactions_hold_the_turn_until_they_end(database: Path) -> None:
    connection = connections[ALIAS]
    connection.set_autocommit(False)
    for end in (connection.commit, connection.rollback):
        run("insert into line (writer, number) values (1, 1)")
        assert not is_free(database)
        end()
        assert is_free(database)
    connection.set_autocommit(True)
    assert run("select count(*) from line") == [(1,)]


def test_a_connection_that_is_forgotten_gives_the_turn_back(database: Path) -> None:
    forgotten = base.DatabaseWrapper(connections.settings[ALIAS], ALIAS)
    forgotten.set_autocommit(False)
    forgotten.cursor().execute("insert into line (writer, number) values (1, 1)")
    assert not is_free(database)
    forgotten.connection.close()
    del forgotten
    gc.collect()
    assert is_free(database)


def test_many_rows_at_once_and_scripts_of_the_schema_take_turns(database: Path) -> None:
    def work(writer: int) -> None:
        with connections[ALIAS].cursor() as cursor:
            cursor.executemany(
                "insert into line (writer, number) values (%s, %s)", [(writer, n) for n in range(50)]
            )
        with connections[ALIAS].schema_editor() as editor:
            editor.execute(f"create table extra_{writer} (id integer primary key)")

    assert in_threads(work, 6) == []
    assert run("select count(*) from line") == [(300,)]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_a_forked_child_does_not_wait_for_its_parent(database: Path) -> None:
    with transaction.atomic(using=ALIAS):
        child = os.fork()
        if child == 0:
            os._exit(0 if locks.lock_for(str(database)).acquire(0.5) else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


# --- the queue itself ---


def test_the_lock_is_handed_on_in_the_order_of_asking() -> None:
    lock, order = locks.FairLock(), []
    assert lock.acquire(0)

    def wait(number: int) -> None:
        assert lock.acquire(10)
        order.append(number)
        lock.release()

    threads = []
    for number in range(6):
        threads.append(threading.Thread(target=wait, args=(number,)))
        threads[-1].start()
        time.sleep(0.02)
    lock.release()
    for thread in threads:
        thread.join()
    assert order == list(range(6))


def test_who_gives_up_waiting_is_left_out() -> None:
    lock = locks.FairLock()
    assert lock.acquire(0)
    assert not lock.acquire(0.01)
    lock.release()
    assert lock.acquire(0)
    lock.release()


def test_a_turn_taken_twice_is_given_up_once() -> None:
    turn = locks.WriteTurn()
    assert turn.take("nowhere", 0)
    assert turn.take("nowhere", 0)
    assert turn.held
    turn.give_up()
    turn.give_up()
    assert not turn.held
    assert locks.lock_for("nowhere").acquire(0)
    locks.lock_for("nowhere").release()
