"""Figures for people and for programs."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

AIMS_MS = {"list": 100.0, "search": 150.0, "case": 60.0, "dashboard": 200.0, "intake": 50.0}
"""What a page (one client) or an intake (four clients) may take at the 95th percentile with 100,000 cases; with a million, twice that."""

HELPDESK = {"list": 482.0, "search": 376.0, "dashboard": 3900.0, "intake": 104.0}
HELPDESK_PER_SECOND = 68.0
HELPDESK_CASES = 100_000
HELPDESK_SOURCE = (
    "django-helpdesk 2.6.1, 100,000 tickets, SQLite (issue 2, item 26): "
    "intake 68/s at p95 104 ms, list 482 ms, search 376 ms, dashboard 3.9 s"
)


@dataclass
class Row:
    """One line of the table. Milliseconds."""

    what: str
    page: str  # list, search, case, dashboard, intake, or "" when there is no aim
    clients: int
    times: list[float] = field(repr=False, default_factory=list)
    elapsed: float = 0.0
    plain: list[float] = field(repr=False, default_factory=list)
    statements: int = 0
    note: str = ""
    cpu_ms: float | None = None

    def figures(self, cases: int) -> dict[str, Any]:
        """Everything a program may want to read."""
        p50, p95, p99 = (percentile(self.times, share) for share in (0.5, 0.95, 0.99))
        plain = percentile(self.plain, 0.5) if self.plain else None
        per_second = len(self.times) / self.elapsed if self.elapsed else 0.0
        aim = AIMS_MS[self.page] * (2 if cases >= 1_000_000 else 1) if self._is_aimed_at() else None
        return {
            "what": self.what,
            "clients": self.clients,
            "times": len(self.times),
            "p50_ms": _ms(p50),
            "p95_ms": _ms(p95),
            "p99_ms": _ms(p99),
            "per_second": round(per_second, 1),
            "server_cpu_ms": None if self.cpu_ms is None else round(self.cpu_ms, 1),
            "statements": self.statements,
            "bare_sql_p50_ms": _ms(plain),
            "ratio_to_bare_sql": round(p50 / plain, 1) if plain else None,
            "aim_p95_ms": aim,
            "within_aim": None if aim is None else p95 * 1000 <= aim,
            "times_faster_than_helpdesk": self._faster(cases, p50, p95, per_second),
            "note": self.note,
        }

    def _is_aimed_at(self) -> bool:
        return self.page in AIMS_MS and self.clients == (4 if self.page == "intake" else 1)

    def _faster(self, cases: int, p50: float, p95: float, per_second: float) -> dict[str, float] | None:
        """Against the reference, on the table size it was measured with or a larger one."""
        if cases < HELPDESK_CASES or not self._is_aimed_at() or self.page not in HELPDESK:
            return None
        if self.page == "intake":
            return {
                "per_second": round(per_second / HELPDESK_PER_SECOND, 1),
                "p95": round(HELPDESK["intake"] / (p95 * 1000), 1),
            }
        return {"p50": round(HELPDESK[self.page] / (p50 * 1000), 1)}


def percentile(times: Sequence[float], share: float) -> float:
    """The value at or below which ``share`` of the times lie (nearest rank)."""
    ordered = sorted(times)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0


def machine() -> str:
    """The class of the machine, for whoever reads the figures."""
    try:
        pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        pages = 0
    return (
        f"{os.cpu_count() or 1} cores, {round(pages / 2**30)} GiB"
        if pages
        else f"{os.cpu_count() or 1} cores"
    )


def table(part: dict[str, Any]) -> str:
    """One database at one size, as people read it."""
    head = (
        f"\n{part['bench']}: {part['database']}, {part['cases']:,} cases ({part['database_mb']:,.0f} MB, "
        f"written in {part['staged_seconds']:.0f} s), {part['machine']}, server {part['server_mb']:,.0f} MB"
    )
    titles = (
        f"{'':38}{'clients':>8}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'per s':>9}"
        f"{'CPU ms':>8}{'SQL':>5}{'bare ms':>9}{'ratio':>7}{'aim p95':>10}  helpdesk"
    )
    lines = [head, titles]
    for row in part["rows"]:
        aim = (
            ""
            if row["aim_p95_ms"] is None
            else f"{row['aim_p95_ms']:.0f} {'ok' if row['within_aim'] else 'NO'}"
        )
        faster = row["times_faster_than_helpdesk"] or {}
        lines.append(
            f"{row['what'][:37]:38}{row['clients']:>8}{row['p50_ms']:>9.1f}{row['p95_ms']:>9.1f}{row['p99_ms']:>9.1f}"
            f"{row['per_second']:>9.1f}"
            f"{_shown(row['server_cpu_ms']):>8}{row['statements'] or '':>5}{_shown(row['bare_sql_p50_ms']):>9}"
            f"{_shown(row['ratio_to_bare_sql']):>7}{aim:>10}  "
            + ", ".join(
                [*(f"x{value:g} ({name})" for name, value in faster.items()), *filter(None, [row["note"]])]
            )
        )
    return "\n".join(lines)


def legend() -> str:
    """What the columns mean."""
    return (
        "\nCPU ms: the server's processor time for one request. SQL: statements of one request or act.\n"
        "bare ms: the same statements, replayed by the database driver alone (p50). ratio: p50 / bare ms.\n"
        "aim: p95 with 100,000 cases (twice that with a million); pages with one client, intake with four.\n"
        f"helpdesk: how many times faster than {HELPDESK_SOURCE}."
    )


def compared(parts: Sequence[dict[str, Any]]) -> str:
    """SQLite beside PostgreSQL, where both were measured."""
    lines = []
    by_size: dict[int, dict[str, dict[str, Any]]] = {}
    for part in parts:
        by_size.setdefault(part["cases"], {})[part["database"].split()[0]] = {
            f"{row['what']} / {row['clients']}": row for row in part["rows"]
        }
    for size, found in by_size.items():
        if len(found) == 2:
            lines.append(f"\nSQLite and PostgreSQL, {size:,} cases, p95 ms:")
            small, large = found["SQLite"], found["PostgreSQL"]
            lines += [
                f"  {what:46}{row['p95_ms']:>9.1f}{large[what]['p95_ms']:>9.1f}"
                for what, row in small.items()
                if what in large
            ]
    return "\n".join(lines)


def plain(rows: Sequence[Row], cases: int) -> list[dict[str, Any]]:
    """The figures of all rows."""
    return [row.figures(cases) for row in rows]


def load_average() -> str:
    """What else the machine was doing; figures taken on a busy machine say so."""
    file = Path("/proc/loadavg")
    return file.read_text(encoding="ascii").split()[0] if file.exists() else ""


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * 1000, 2)


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"
