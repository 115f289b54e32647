"""The stage of a benchmark: an installation of its own with three regencies, sixty villages, 25 desks, and N invented matters."""

from __future__ import annotations

import base64
import hashlib
import json
import sys
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.db import connection
from django.utils import timezone

from simpul.accounts import actions as account_actions
from simpul.accounts import queries as account_queries
from simpul.cases.actions import kinds as kind_actions
from simpul.cases.queries import kinds as kind_queries
from simpul.cli import house
from simpul.cli.bench import bulk, rows, words
from simpul.desks import actions as desk_actions
from simpul.lib.actor import MACHINE
from simpul.regions import queries as region_queries

REGENCIES = {"7602": "Mamuju", "7303": "Bantaeng", "7305": "Takalar"}
VILLAGES = 20
PASSWORD = "gelombang-dan-layar-26"  # noqa: S105 - of invented people on a passing stage
OFFICER, MANAGER = "petugas.bench", "manajer.bench"
SEED = 26
WRITTEN = 100_000
"""So many matters are written one by one; a larger table holds them several times."""


@dataclass(frozen=True, slots=True)
class Staged:
    """What was set up."""

    cases: int
    seconds: float
    megabytes: float
    villages: dict[str, str]  # of the officer's regency: code, path


def build(count: int) -> Staged:
    """Set the installation up and fill it, or take one that was kept as it is."""
    stamp = Path(settings.SIMPUL_DATA) / "bench.json"
    if stamp.exists():
        known = json.loads(stamp.read_text(encoding="utf-8"))
        if known["cases"] == count:
            return Staged(count, known["seconds"], _megabytes(), _villages("7602"))
    begun = time.perf_counter()
    at = timezone.now()
    house.compile_words()
    house.migrate()
    house.fill_catalogues(at)
    base = _house(at)
    print(
        f"  the house stands after {time.perf_counter() - begun:.1f} s; writing {count:,} matters ...",
        file=sys.stderr,
        flush=True,
    )
    filling = time.perf_counter()
    _fill(base, count, at)
    seconds = time.perf_counter() - filling
    stamp.write_text(json.dumps({"cases": count, "seconds": seconds}), encoding="utf-8")
    return Staged(count, seconds, _megabytes(), _villages("7602"))


def code_of(username: str, at: float) -> str:
    """What the authenticator app of a staged sign-in shows."""
    return str(totp.format_hotp_value(totp.hotp_value(_secret(username), int(at) // 30)))


def _secret(username: str) -> str:
    return base64.b32encode(hashlib.sha256(f"simpul-bench:{username}".encode()).digest()[:20]).decode()


# --- the house --------------------------------------------------------------------------------------------------------


def _house(at: datetime) -> rows.House:
    """Institution, desks, seats and routes, by the acts that an administrator uses."""
    desk_actions.change_institution(
        by=MACHINE, at=at, name="Pemerintah Kabupaten Mamuju", short_name="Mamuju", region_code="7602"
    )
    villages = {regency: list(_villages(regency)) for regency in REGENCIES}
    desks = {regency: _desks(regency, name, at) for regency, name in REGENCIES.items()}
    partner = desk_actions.open_desk(
        by=MACHINE,
        at=at,
        code="mitra-bench",
        name="Mitra",
        kind="partner",
        level="partner",
        region_code="7602",
    )
    seats, users = _seats(desks, at)
    kinds = {kind.code: kind for kind in kind_queries.kinds_all()}
    for regency, found in desks.items():
        for code, kind in kinds.items():
            first = found["protected"] if kind.sensitivity == "sealed" else found["centre"]
            tiers = (
                [UUID(hex=first)]
                if kind.sensitivity == "sealed"
                else [UUID(hex=first), UUID(hex=found["pokja-1"])]
            )
            kind_actions.set_route(
                by=MACHINE, at=at, kind_code=code, region_code=regency, field_value="", desk_ids=tiers
            )
    names = {code: path.split(",")[0] for regency in REGENCIES for code, path in _villages(regency).items()}
    return rows.House(
        regions=villages,
        names=names,
        desks=desks,
        partner=partner.id.hex,
        seats=seats,
        users=users,
        restricted=frozenset(code for code, kind in kinds.items() if kind.sensitivity == "restricted"),
        groups={code: kind.group for code, kind in kinds.items()},
        decisions={code: str((kind.decisions or ["noted"])[0]) for code, kind in kinds.items()},
    )


def _villages(regency: str) -> dict[str, str]:
    found = [
        village.code
        for district in region_queries.children(regency)
        for village in region_queries.children(district.code)
    ][:VILLAGES]
    return region_queries.paths(found)


def _desks(regency: str, name: str, at: datetime) -> dict[str, str]:
    """Eight desks of a regency; silence climbs from the working groups to the centre to the leadership."""
    made: dict[str, Any] = {}
    plan = [
        ("leaders", "leadership", ""),
        ("centre", "call_centre", "leaders"),
        ("protected", "protected", "leaders"),
        ("secretariat", "secretariat", "leaders"),
    ]
    plan += [(f"pokja-{place}", "pokja", "centre") for place in range(1, 5)]
    for key, kind, above in plan:
        made[key] = desk_actions.open_desk(
            by=MACHINE,
            at=at,
            code=f"{key}-{regency}",
            name=f"{key.capitalize()} {name}",
            kind=kind,
            level="regency",
            region_code=regency,
            above_id=made[above].id if above else None,
            protected=key == "protected",
        )
    return {key: desk.id.hex for key, desk in made.items()}


def _seats(desks: dict[str, dict[str, str]], at: datetime) -> tuple[dict[str, str], dict[str, str]]:
    """Somebody at each centre and working group, and the two who sign in."""
    seats: dict[str, str] = {}
    users: dict[str, str] = {}
    for regency, found in desks.items():
        for key in ("centre", "pokja-1", "pokja-2", "pokja-3", "pokja-4"):
            username = OFFICER if (regency, key) == ("7602", "centre") else f"{key}.{regency}"
            role = "centre_admin" if key == "centre" else "pokja"
            seats[found[key]], users[found[key]] = _sign_in(username, role, found[key], at)
    _sign_in(MANAGER, "manager", desks["7602"]["leaders"], at)
    return seats, users


def _sign_in(username: str, role: str, desk: str, at: datetime) -> tuple[str, str]:
    new = account_actions.add_user(
        by=MACHINE,
        at=at,
        username=username,
        full_name=f"Petugas {username}",
        password=PASSWORD,
        must_change=False,
    )
    seat = desk_actions.give_seat(by=MACHINE, at=at, user_id=new.user.id, desk_id=UUID(hex=desk), role=role)
    if username == MANAGER:
        totp.TOTP.activate(new.user, _secret(username))
    return seat.id.hex, new.user.id.hex


def has_factor(username: str) -> bool:
    """True when a staged sign-in is asked for a code."""
    user = account_queries.by_username(username)
    return user is not None and Authenticator.objects.filter(user_id=user.id).exists()


# --- the matters ------------------------------------------------------------------------------------------------------


def _fill(base: rows.House, count: int, at: datetime) -> None:
    """Matter after matter; beyond ``WRITTEN`` the same again inside the database, with keys of their own."""
    rng = Random(SEED)  # noqa: S311 - the same matters every time
    times = count // WRITTEN if count > WRITTEN and count % WRITTEN == 0 else 1
    written = count // max(1, times)
    size = min(words.SENTENCES, max(500, written))
    vocabulary = words.Vocabulary(rng, size, min(words.STEMS, max(1000, written)))
    writer = rows.Writer(base, rng, at, written, vocabulary)
    tables = writer.tables.all()
    with bulk.without_indexes([table.name for table in tables]):
        for place in range(written):
            writer.matter(place)
            if place % bulk.BATCH == bulk.BATCH - 1:
                bulk.flush_all(tables)
        series = bulk.Table("cases.NumberSeries", "key last")
        for month, last in writer.series.items():
            series.add(f"{rows.PREFIX}-{month}", last)
        bulk.flush_all([*tables, series])
        bulk.multiply(tables, times)


def _megabytes() -> float:
    """The size of the database."""
    if bulk.sqlite():
        files = Path(settings.SIMPUL_DATA).glob("simpul.sqlite3*")
        return sum(file.stat().st_size for file in files) / 1e6
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return float(cursor.fetchone()[0]) / 1e6
