"""The waste bank's ledger at size: post, balance, statement, trial balance, proof; beside a balance that is simply typed over.

``--cases`` is the number of lines in the ledger before measuring (a million when left out), as ``--postgres`` or ``--both`` say where.
Posting is measured through the whole act: permission, prices and rules of the day, number, lines, sums, the journal's line. The naive
update is what programs without a ledger do in one transaction: raise a number in the saver's row and add a row of history, nothing else
(no prices, no shares, no journal), by plain SQL over the same connection; so its ratio is an upper bound of what the proof costs.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from simpul.cli import house
from simpul.cli.bench import bulk, report
from simpul.community.access import bank as access
from simpul.community.actions import bank as setting
from simpul.community.actions import bank_counter, bank_savers
from simpul.community.queries import bank as queries
from simpul.community.queries import bank_audit, bank_books, bank_public
from simpul.community.queries import bank_counter as counting
from simpul.community.rules import ledger, prices, sharing
from simpul.lib import sqlite_backend
from simpul.lib.actor import Actor
from simpul.lib.ids import uuid7_at

LINES = 1_000_000
SAVERS = 500
POSTS = 400
READS = 200
VILLAGE = "7305112005"
NOW = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)
SHARE = sharing.Share(7000, 1000, 2000)
_USER = uuid4()
OFFICER = Actor(role="post_officer", name="Petugas", user_id=_USER, region_code=VILLAGE)
HEAD = Actor(role="head", name="Kepala desa", user_id=_USER, region_code=VILLAGE, strong=True)
HISTORY = ("community_posting", "community_line")


@dataclass
class Ground:
    """The bank with what was loaded into it."""

    bank: Any
    kinds: list[Any]
    savers: list[Any]
    lines: int
    seconds: float


def run(args: argparse.Namespace) -> int:
    """Measure and print; with ``--both`` each database in a process of its own."""
    count = (args.cases or [LINES])[0]
    parts = [_apart(count, postgres) for postgres in (False, True)] if args.both else [_measure(count)]
    if args.json:
        print(json.dumps(parts if args.both else parts[0]))
        return 0
    for part in parts:
        print(f"\nledger: {part['database']}, {part['lines']:,} lines, {part['savers']:,} pass books ({part['machine']}, "
              f"load {part['load']}), written in {part['filled_seconds']} s; trial balance nought: {part['balances']}")  # fmt: skip
        print(f"{'':44}{'p50 ms':>9}{'p95 ms':>9}{'per s':>9}{'SQL':>5}  ratio")
        for row in part["rows"]:
            per_second = f"{row['per_second']:,.0f}" if row["per_second"] else ""
            print(
                f"{row['what']:44}{row['p50_ms']:>9.2f}{row['p95_ms']:>9.2f}{per_second:>9}{row['sql'] or '':>5}  {row['ratio']}"
            )
    return 0


def _apart(count: int, postgres: bool) -> dict[str, Any]:
    command = [sys.executable, "-m", "simpul", "bench", "ledger", "--cases", str(count), "--json"]
    command += ["--postgres"] * postgres
    done = subprocess.run(command, cwd=settings.ROOT, stdout=subprocess.PIPE, check=True)
    return dict(json.loads(done.stdout))


def _measure(count: int) -> dict[str, Any]:
    house.migrate()
    ground = _fill(count)
    rows = [*_writing(ground), *_reading(ground)]
    trial = bank_audit.trial(ground.bank)
    return {
        "bench": "ledger",
        "database": f"SQLite {sqlite_backend.sqlite_version()}"
        if bulk.sqlite()
        else f"PostgreSQL {'.'.join(str(part) for part in connection.get_database_version())}",
        "machine": report.machine(),
        "load": report.load_average(),
        "lines": ground.lines,
        "savers": len(ground.savers),
        "filled_seconds": round(ground.seconds, 1),
        "balances": trial.balances and not bank_audit.unproved(ground.bank),
        "rows": rows,
    }


# --- the ledger before measuring ------------------------------------------------------------------------------------------


def _fill(count: int) -> Ground:
    """A bank with its pass books by the acts, its history straight into the tables, and the sums made from the lines by the act."""
    began = time.perf_counter()
    place = bulk.Table("regions.Region", "code name level kind search_key zone", source="bench")
    place.add("73", "Sulawesi Selatan", 1, "provinsi", "sulawesi selatan", "Asia/Makassar")
    place.add(VILLAGE, "Massamaturu", 4, "desa", "massamaturu", "")
    place.flush()
    at = NOW - timedelta(days=700)
    bank = setting.open_bank(by=OFFICER, at=at, region_code=VILLAGE, name="Bank Sampah")
    kinds = list(bank.wastes.select_related("stock").order_by("position"))
    day = queries.day_of(bank, at)
    given = {one.id: (1500 + 100 * place_, 2500) for place_, one in enumerate(kinds)}
    setting.set_prices(by=OFFICER, at=at, bank_id=bank.id, from_date=day, given=given)
    rule = setting.SharingGiven(day, SHARE, "Musyawarah desa")
    setting.set_sharing(by=HEAD, at=at, bank_id=bank.id, given=rule)
    with transaction.atomic():
        savers = [
            bank_savers.open_saver(
                by=OFFICER, at=at, bank_id=bank.id, given=bank_savers.SaverGiven(f"Penabung {number}")
            )
            for number in range(SAVERS)
        ]
    lines = _history(bank, kinds, savers, at, count)
    print(f"ledger: {lines:,} lines written; sums ...", file=sys.stderr, flush=True)
    _sums(bank)
    return Ground(bank, kinds, savers, lines, time.perf_counter() - began)


def _history(bank: Any, kinds: list[Any], savers: list[Any], at: datetime, count: int) -> int:
    """Deposits of two to four kinds, shared as the rule says, until there are so many lines."""
    draw = random.Random(11)  # noqa: S311 - a history, no secret
    own = queries.accounts(bank)
    posting = bulk.Table(
        "community.Posting",
        "id bank_id number kind done_at month saver_id rupiah grams recorded_at",
        recorded_by="Petugas",
    )
    line = bulk.Table(
        "community.Line", "posting_id from_account_id to_account_id waste_id grams rupiah per_kg"
    )
    account = {one.id: one.account.id for one in savers}
    made = number = 0
    with bulk.without_indexes(HISTORY):
        while made < count:
            number += 1
            when = at + timedelta(minutes=number % 900_000)
            saver = savers[draw.randrange(len(savers))]
            scale = [
                ledger.Weighed(one.id, one.stock.id, draw.randint(50, 30_000), 1500 + 100 * one.position)
                for one in draw.sample(kinds, draw.randint(2, 4))
            ]
            entries = ledger.deposit(scale, account[saver.id], own["costs"], own["fund"], SHARE)
            key = uuid7_at(when)
            value = sum(prices.value(one.grams, one.per_kg or 0) for one in scale)
            stored = when.strftime("%Y-%m-%d %H:%M:%S")
            stored = stored if bulk.sqlite() else f"{stored}+00"
            grams = sum(one.grams for one in scale)
            posting.add(
                _key(key),
                _key(bank.id),
                number,
                "deposit",
                stored,
                stored[:7],
                _key(saver.id),
                value,
                grams,
                stored,
            )
            for one in entries:
                line.add(
                    _key(key),
                    _key(one.out),
                    _key(one.into),
                    _key(one.waste),
                    one.grams,
                    one.rupiah,
                    one.per_kg,
                )
            made += len(entries)
            if number % 5_000 == 0:
                bulk.flush_all([posting, line])
        bulk.flush_all([posting, line])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE community_bank SET last_number = %s", [number])
    return made


def _key(value: Any) -> str | None:
    return None if value is None else UUID(str(value)).hex


def _sums(bank: Any) -> None:
    """The kept sums, from the lines."""
    rows = bulk.Table("community.Standing", "account_id waste_id rupiah grams lines")
    for one in bank_audit.from_lines(bank).values():
        rows.add(_key(one.account_id), _key(one.waste_id), one.rupiah, one.grams, one.lines)
    rows.flush()


# --- measuring ------------------------------------------------------------------------------------------------------------


def _timed(act: Callable[[], Any], times: int) -> list[float]:
    found = []
    for _time in range(times):
        began = time.perf_counter()
        act()
        found.append(time.perf_counter() - began)
    return found


def _row(
    what: str, times: list[float], ratio: str = "", act: Callable[[], Any] | None = None
) -> dict[str, Any]:
    statements = 0
    if act is not None:
        with CaptureQueriesContext(connection) as seen:
            act()
        statements = sum(
            not one["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")) for one in seen
        )
    return {
        "what": what,
        "p50_ms": round(report.percentile(times, 0.5) * 1000, 3),
        "p95_ms": round(report.percentile(times, 0.95) * 1000, 3),
        "per_second": round(len(times) / sum(times), 1),
        "sql": statements,
        "ratio": ratio,
    }


def _times(one: list[float], other: list[float]) -> str:
    """How many times the one takes of the other, by their medians."""
    return f"x{statistics.median(one) / statistics.median(other):.1f}"


def _writing(ground: Ground) -> Iterator[dict[str, Any]]:
    draw = random.Random(5)  # noqa: S311 - no secret

    def post() -> None:
        weighed = [
            counting.Weighed(one.id, draw.randint(100, 20_000)) for one in draw.sample(ground.kinds, 3)
        ]
        saver = ground.savers[draw.randrange(SAVERS)]
        bank_counter.record_deposit(
            by=OFFICER, at=NOW, bank_id=ground.bank.id, weighed=weighed, saver_id=saver.id
        )

    with _naive() as naive:
        _timed(post, 20)
        posting = _timed(post, POSTS)
        typed_over = _timed(lambda: naive(draw.randrange(SAVERS), draw.randint(100, 90_000)), POSTS)
    yield _row("naive: balance + x, one row of history", typed_over)
    yield _row(
        "post a deposit of 3 kinds, the whole act", posting, f"{_times(posting, typed_over)} naive", post
    )


@contextmanager
def _naive() -> Iterator[Callable[[int, int], None]]:
    """A table with a balance that is typed over, as many rows as pass books."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_saver (id integer PRIMARY KEY, balance bigint NOT NULL)")
        cursor.execute(
            "CREATE TABLE bench_history (saver integer NOT NULL, rupiah bigint NOT NULL, at varchar(40) NOT NULL)"
        )
        cursor.executemany("INSERT INTO bench_saver VALUES (%s, 0)", [(number,) for number in range(SAVERS)])

    def act(number: int, rupiah: int) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE bench_saver SET balance = balance + %s WHERE id = %s", [rupiah, number])
            cursor.execute("INSERT INTO bench_history VALUES (%s, %s, %s)", [number, rupiah, str(NOW)])

    try:
        yield act
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE bench_saver")
            cursor.execute("DROP TABLE bench_history")


def _reading(ground: Ground) -> Iterator[dict[str, Any]]:
    draw = random.Random(7)  # noqa: S311 - no secret
    savers = [access.saver_for(OFFICER, one.id) for one in draw.sample(ground.savers, READS)]
    turn = iter(savers * 8)
    fund = queries.account_of(ground.bank, "fund")

    def plain() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT last_number FROM community_bank WHERE region_code = %s", [VILLAGE])
            cursor.fetchone()

    one_number = _timed(plain, READS)
    balance = _timed(lambda: queries.standing(next(turn).account.id), READS)
    yield _row("naive: read one number", one_number)
    yield _row("balance of a pass book, kept sum", balance, f"{_times(balance, one_number)} naive")
    lines = _timed(lambda: bank_audit.from_lines_of(next(turn).account.id), READS)
    yield _row("balance of a pass book, added up from lines", lines, f"{_times(lines, balance)} kept sum")
    yield _row("statement of a pass book, newest page", _timed(lambda: bank_books.entries(next(turn)), READS))
    yield _row("fund account down to its lines, newest page", _timed(lambda: bank_audit.moves(fund), 20))
    yield _row("trial balance, kept sums", _timed(lambda: bank_audit.trial(ground.bank), 10))
    yield _row("proof: all sums from all lines", _timed(lambda: bank_audit.unproved(ground.bank), 3))
    yield _row("public statement", _timed(lambda: bank_public.statement(ground.bank), 2))
