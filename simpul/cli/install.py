"""``simpul init``: a real installation: tables, catalogues, the institution, the first administrator."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from simpul.accounts import actions as account_actions
from simpul.cli import house
from simpul.desks import actions as desk_actions
from simpul.lib.actor import MACHINE
from simpul.lib.errors import Refused
from simpul.regions import queries as region_queries


def run(args: argparse.Namespace) -> int:
    """Set everything up in one go; when it does not come to its end, take away again what was made."""
    try:
        done = _install(args, timezone.now())
    except (Refused, ValueError, DatabaseError) as refusal:
        _undo()
        print(f"{refusal}\nNothing was set up.", file=sys.stderr)
        return 1
    except BaseException:
        _undo()
        raise
    if args.json:
        print(json.dumps(done, ensure_ascii=False))
        return 0
    print(f"\nSimpul is set up for {done['name']} in {done['data']}.")
    print(f"First administrator: {done['admin']}    first password: {done['password']}")
    print(
        "Start it with `simpul serve`, sign in at /akun/, choose a new password and set up the second factor."
    )
    print(
        "Then open desks, give seats and set routes under /kelola/, and write a first copy with `simpul backup`."
    )
    return 0


def _install(args: argparse.Namespace, at: datetime) -> dict[str, str]:
    region = _ask(args.region, "Kemendagri code of the place (e.g. 7602)").replace(".", "")
    name = _ask(args.name, "Name of the institution")
    admin = _ask(args.admin, "User name of the first administrator")
    admin_name = _ask(args.admin_name, "Full name of the first administrator")
    house.compile_words()
    house.migrate()
    print("Loading regions, holidays, kinds and texts ...", file=sys.stderr)
    with transaction.atomic():
        house.fill_catalogues(at)
        if region_queries.find_region(region) is None:
            raise ValueError(f"No region has the code {region}. Look it up in Kepmendagri 300.2.2-2138/2025.")
        short_name = args.short_name or name[:40]
        desk_actions.change_institution(
            by=MACHINE, at=at, name=name, short_name=short_name, region_code=region
        )
        desk = desk_actions.open_desk(
            by=MACHINE,
            at=at,
            code="pengelola",
            name=f"Pengelola Simpul {short_name}"[:150],
            kind="leadership",
            level=_level(region),
            region_code=region,
        )
        new = account_actions.add_user(by=MACHINE, at=at, username=admin, full_name=admin_name)
        desk_actions.give_seat(by=MACHINE, at=at, user_id=new.user.id, desk_id=desk.id, role="administrator")
    return {
        "name": name,
        "data": str(settings.SIMPUL_DATA),
        "admin": new.user.username,
        "password": new.first_password,
    }


def _level(region: str) -> str:
    return {2: "province", 4: "regency", 6: "district"}.get(len(region), "village")


def _ask(given: str | None, question: str) -> str:
    """The argument, or an answer from the terminal."""
    if given:
        return given
    if not sys.stdin.isatty():
        raise ValueError(f"{question}: not given. See `simpul init --help`.")
    return input(f"{question}: ").strip()


def _undo() -> None:
    """An installation that was not finished leaves nothing of its own behind, so that ``init`` can simply be run again.

    Only what ``init`` made is taken away: the data folder may be a mounted disk, or hold something else.
    """
    connection.close()
    for path in (*Path(settings.SIMPUL_DATA).glob("simpul.sqlite3*"), Path(settings.SIMPUL_INSTALLATION)):
        path.unlink(missing_ok=True)
    shutil.rmtree(settings.SIMPUL_KEYS, ignore_errors=True)
