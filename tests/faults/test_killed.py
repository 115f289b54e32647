"""Killed in the middle of taking matters in: every number that was said exists exactly once, and nothing is half there."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from simpul.cli.backup import sqlite
from tests.cli.small import REPOSITORY, Installation

pytestmark = pytest.mark.slow

STORED = """
import json
from simpul.cases.models import Case, Clock, Hop
from simpul.journal.models import Line
from simpul.journal import queries
from simpul.lib import ids
cases = {str(c.id): c.number for c in Case.objects.all()}
print(json.dumps({
  "cases": cases,
  "lines": sorted(str(i) for i in Line.objects.filter(kind="case.open").values_list("subject_id", flat=True)),
  "clocks": sorted({str(i) for i in Clock.objects.values_list("case_id", flat=True)}),
  "sequence": sorted(ids.parse_case_number(n, "SPL").sequence for n in cases.values()),
  "damages": [d.what for d in queries.damages()],
}))
"""


def start(installation: Installation, *arguments: str) -> subprocess.Popen[str]:
    """The program that takes matters in, saying each number after its commit."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.writer", *arguments],
        env=installation.environment,
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def check_all_kept(installation: Installation, acknowledged: dict[str, str]) -> None:
    """Each acknowledged case is stored once, with its number, its line and its clocks; numbers follow without a gap."""
    stored = json.loads(installation.python(STORED))
    assert {case_id: stored["cases"].get(case_id) for case_id in acknowledged} == acknowledged
    assert sorted(stored["cases"]) == stored["lines"] == stored["clocks"]
    assert stored["sequence"] == list(range(1, len(stored["cases"]) + 1))
    assert max(Counter(stored["cases"].values()).values()) == 1
    assert stored["damages"] == []
    if not installation.database_url:
        assert sqlite.fault(installation.data / "simpul.sqlite3") == ""


def test_a_number_that_was_said_before_the_kill_exists_exactly_once(installation: Installation) -> None:
    acknowledged: dict[str, str] = {}
    for turn in range(3):
        program = start(installation, "--threads", "4")
        assert program.stdout is not None
        for _line in range(5 + 7 * turn):
            said = program.stdout.readline().split()
            acknowledged[said[1]] = said[0]
        program.kill()  # SIGKILL: no handler, no clean-up
        for line in program.communicate()[0].splitlines():  # said before the kill, not read before it
            number, case_id = line.split()
            acknowledged[case_id] = number
    assert len(acknowledged) >= 36
    check_all_kept(installation, acknowledged)


def test_asking_again_after_the_kill_gives_the_same_number(installation: Installation) -> None:
    program = start(installation, "--threads", "1")
    assert program.stdout is not None
    number, case_id = program.stdout.readline().split()
    program.kill()
    program.communicate()
    again = installation.python(
        "from simpul.cases.actions import intake\nfrom simpul.lib.actor import ANYBODY\nfrom tests import cast\n"
        "o = intake.open_case(by=ANYBODY, at=cast.NOW, kind_code='complaint', text_given='Lampu jalan padam.',"
        f" region_code=cast.DUNGKAIT, channel='web', case_id=__import__('uuid').UUID('{case_id}'))\n"
        "print(o.number, o.again)"
    )
    assert again.split() == [number, "True"]


def test_a_long_run_on_a_large_sqlite_file_loses_nothing(on_sqlite: Installation) -> None:
    database = on_sqlite.data / "simpul.sqlite3"
    _blow_up(database, megabytes=520)
    assert database.stat().st_size > 500_000_000
    worker = subprocess.Popen(
        [sys.executable, "-m", "simpul", "work"],
        env=on_sqlite.environment,
        cwd=REPOSITORY,
        stderr=subprocess.DEVNULL,
    )
    program = start(on_sqlite, "--threads", "4", "--readers", "2")
    assert program.stdout is not None
    acknowledged: dict[str, str] = {}
    try:
        until = time.monotonic() + 20
        while time.monotonic() < until:
            said = program.stdout.readline().split()
            assert len(said) == 2, said
            acknowledged[said[1]] = said[0]
        assert worker.poll() is None
    finally:
        program.kill()
        worker.kill()
        worker.wait()
    for line in program.communicate()[0].splitlines():
        number, case_id = line.split()
        acknowledged[case_id] = number
    assert len(acknowledged) > 100
    check_all_kept(on_sqlite, acknowledged)


def _blow_up(database: Path, megabytes: int) -> None:
    """Make the file as large as that of a regency after some years, by a table of random bytes."""
    connection = sqlite.connect(database, read_only=False)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("CREATE TABLE padding (id INTEGER PRIMARY KEY, data BLOB)")
    connection.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
        " INSERT INTO padding (data) SELECT randomblob(1000000) FROM n",
        [megabytes],
    )
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
