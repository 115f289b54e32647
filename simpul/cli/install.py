"""``simpul init``: a real installation: tables, catalogues, the institution, the first administrator."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from simpul.accounts import actions as account_actions
from simpul.cli import house
from simpul.desks import actions as desk_actions
from simpul.desks import queries as desk_queries
from simpul.jobs import nodes
from simpul.letters.actions import keys as letter_key_actions
from simpul.lib.actor import MACHINE
from simpul.lib.errors import Refused
from simpul.regions import queries as region_queries
from simpul.sync.actions import upward


def run(args: argparse.Namespace) -> int:
    """Set everything up in one go; when it does not come to its end, take away again what was made."""
    try:
        done = _install_node(args, timezone.now()) if args.parent else _install(args, timezone.now())
    except nodes.Unreachable as fault:
        _undo()
        print(_UNREACHABLE[str(fault) == "status 404"].format(url=args.parent, why=fault), file=sys.stderr)
        return 1
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
    if args.parent:
        return _tell_node(done)
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
        if _level(region) == "village":
            letter_key_actions.make_letterkey(by=MACHINE, at=at, region_code=region)
    return {
        "name": name,
        "data": str(settings.SIMPUL_DATA),
        "admin": new.user.username,
        "password": new.first_password,
    }


# --- a village node -------------------------------------------------------------------------------------------------

_UNREACHABLE = {
    True: "The code is not valid. Ask for a new one at {url}; it works once, for 30 minutes. Nothing was set up.",
    False: "{url} cannot be reached ({why}). Look at the address and the connection, then try again. Nothing was set up.",
}


def _install_node(args: argparse.Namespace, at: datetime) -> dict[str, Any]:
    """Join the server above, copy the tables of the area, and give everybody who sits there a first password of this laptop."""
    code = _ask(args.code, "Code of the invitation")
    admin = _ask(args.admin, "User name of this laptop's administrator")
    admin_name = _ask(args.admin_name, "Full name of this laptop's administrator")
    house.compile_words()
    house.migrate()
    print("Loading regions, holidays, kinds and texts ...", file=sys.stderr)
    with transaction.atomic():
        house.fill_shared_catalogues(at)
    joined, _said = nodes.enrol(args.parent, code, args.name or "")
    upward.join_parent(by=MACHINE, at=at, joined=joined)
    print("Copying the register of the area ...", file=sys.stderr)
    copied = nodes.talk(timezone.now())
    with transaction.atomic():
        region = joined.areas[0]
        desk = desk_actions.open_desk(
            by=MACHINE,
            at=at,
            code=f"laptop-{joined.device_id.hex[-8:]}",
            name="Pengelola laptop desa",
            kind="leadership",
            level=_level(region),
            region_code=region,
        )
        new = account_actions.add_user(by=MACHINE, at=at, username=admin, full_name=admin_name)
        desk_actions.give_seat(by=MACHINE, at=at, user_id=new.user.id, desk_id=desk.id, role="administrator")
        users = [
            {
                "username": one.username,
                "name": one.full_name,
                "password": account_actions.issue_password(by=MACHINE, at=at, user_id=one.id),
            }
            for one in desk_queries.users_seated(at)
            if one.id != new.user.id
        ]
    return {
        "name": desk_queries.institution().name,
        "data": str(settings.SIMPUL_DATA),
        "device": str(joined.device_id),
        "areas": list(joined.areas),
        "rows": copied.rows,
        "admin": new.user.username,
        "password": new.first_password,
        "users": users,
    }


def _tell_node(done: dict[str, Any]) -> int:
    print(f"{done['rows']} rows of the area {', '.join(done['areas'])} were copied.")
    print("First passwords on this laptop. They are shown once; write them down and hand them over:")
    print(f"  {done['admin']}    {done['password']}    (administrator of this laptop)")
    for one in done["users"]:
        print(f"  {one['username']}    {one['password']}    {one['name']}")
    print("Start it with `simpul serve --host 0.0.0.0`; it speaks with the server above by itself.")
    return 0


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
