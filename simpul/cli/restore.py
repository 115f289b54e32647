"""``simpul restore PATH``: prove the copy first, then change places, then let the doctor look.

The copy is unpacked into a new folder inside the data folder and checked there: cipher, hashes, versions, the database's
own integrity, the number of rows. Until all of that holds nothing of the living installation is touched. What was there is set
aside under a name with the time, never deleted. ``installation.json`` leaves first and arrives last, so a swap that is cut
short leaves "nothing is set up here", never a mixture that serves.
"""

from __future__ import annotations

import argparse
import getpass
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import psycopg
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from simpul.cli import ground
from simpul.cli.backup import archive, command, identity, postgres, sqlite
from simpul.lib.crypto import KeyRing
from simpul.lib.errors import Refused
from simpul.sync.actions import generation

PIECES = (
    "installation.json",
    "simpul.sqlite3",
    "simpul.sqlite3-wal",
    "simpul.sqlite3-shm",
    "files",
    "keys",
    command.RECORD,
)
"""What makes an installation, in the order in which it is set aside."""


class PathMissing(Refused):
    """There is no such file."""

    code = "copy.no_file"
    sentence = gettext_lazy("%(path)s cannot be read: %(why)s.")


class InstallationThere(Refused):
    """A living installation is not replaced by accident."""

    code = "copy.installation_there"
    sentence = gettext_lazy(
        "There is an installation in %(path)s already. To put it aside and restore this copy, add --replace."
    )


class DatabaseUnreachable(Refused):
    """The PostgreSQL the copy goes to does not answer, or does not let us."""

    code = "copy.database"
    sentence = gettext_lazy(
        "The database does not take the copy: %(why)s. Check --database-url; nothing was changed."
    )


@dataclass(frozen=True, slots=True)
class Proven:
    """A copy that was opened and checked, unpacked in its stage."""

    stage: Path
    manifest: archive.Manifest
    installation: dict[str, Any]


def run(args: argparse.Namespace) -> int:
    """Check a copy, and put it in place unless only the check was asked for."""
    try:
        done = _restore(args, timezone.now())
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        if args.json:
            print(
                json.dumps({"ok": False, "code": refusal.code, "sentence": str(refusal)}, ensure_ascii=False)
            )
        return 1
    if not args.check:
        done["doctor"] = _ask_doctor(args)
    if args.json:
        print(json.dumps(done, ensure_ascii=False))
    else:
        _tell(args, done)
    return 0


def _restore(args: argparse.Namespace, at: datetime) -> dict[str, Any]:
    stamp = f"{at.astimezone(UTC):%Y%m%d-%H%M%S}"
    data = ground.data_folder()
    identities = _identities(args, data)
    with _stage(data, args.check) as stage:
        proven = _prove(args.path, identities, stage)
        done = {
            "ok": True,
            "at": proven.manifest.at,
            "program": proven.manifest.program,
            "database": proven.manifest.vendor,
            "rows": sum(proven.manifest.tables.values()),
            "files": sum(name.startswith("files/") for name in proven.manifest.parts),
            "missing_files": proven.manifest.missing_files,
            "restored": not args.check,
        }
        if args.check:
            return done
        url = (
            args.database_url
            or os.environ.get("DATABASE_URL")
            or str(proven.installation.get("database_url") or "")
        )
        _refuse_occupied(args, data, url)
        done["set_aside"] = _put_in_place(
            proven, args.path, data, url, stamp, keep_url=bool(args.database_url)
        )
        done["into"] = "postgresql" if url else "sqlite"
    return done


def _identities(args: argparse.Namespace, data: Path) -> list[Any]:
    """The identity named, else the installation's own."""
    path = args.identity or data / "keys" / identity.FILE
    if not path.is_file():
        raise identity.IdentityMissing
    passphrase = ""
    if identity.is_sealed(path):
        if args.passphrase_file:
            passphrase = args.passphrase_file.read_text(encoding="utf-8").strip()
        elif sys.stdin.isatty():
            passphrase = getpass.getpass(_("Passphrase of the identity: "))
    return identity.read(path, passphrase)


@contextmanager
def _stage(data: Path, check: bool) -> Iterator[Path]:
    """A folder to unpack into: on the disk of the data, because it is to become the data."""
    home = data if data.is_dir() or not check else Path(tempfile.gettempdir())
    if home == data:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    stage = Path(tempfile.mkdtemp(prefix="restore-", dir=home))
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


# --- proof ----------------------------------------------------------------------------------------------------------


def _prove(path: Path, identities: list[Any], stage: Path) -> Proven:
    """Unpack the copy and check everything that can be checked.

    Raises:
        PathMissing, WrongIdentity, CopyDamaged, NewerCopy, NoRoom.
    """
    try:
        with path.open("rb") as source:
            manifest = _unpack(source, identities, stage)
    except OSError as fault:
        if fault.errno in command._FULL:
            raise command.NoRoom(path=stage.parent, needed=path.stat().st_size // 1_000_000 + 1) from fault
        raise PathMissing(path=path, why=fault.strerror or fault) from fault
    _check_database(manifest, stage)
    try:
        KeyRing.load(stage / "keys")
        said = json.loads((stage / archive.INSTALLATION).read_text(encoding="utf-8"))
    except (Refused, OSError, ValueError) as fault:
        raise archive.CopyDamaged(why=fault) from fault
    return Proven(stage, manifest, dict(said))


def _unpack(source: BinaryIO, identities: list[Any], stage: Path) -> archive.Manifest:
    for folder in ("files", "keys", "spool", "database"):
        (stage / folder).mkdir(mode=0o700)
    manifest: archive.Manifest | None = None
    seen: dict[str, archive.Part] = {}
    with archive.reading(source, identities) as parts:
        for name, part, size in parts:
            if name == archive.HEAD:
                archive.check_head(archive.read_json(part, size))
            elif name == archive.MANIFEST:
                manifest = archive.manifest_from(archive.read_json(part, size))
            elif name in seen:
                raise archive.CopyDamaged(why=_("part %(name)s is there twice") % {"name": name})
            else:
                seen[name] = _keep(part, _place(stage, name))
    whole = archive.compare(manifest, seen)
    archive.check_head({"format": whole.format, "program": whole.program})
    (stage / archive.MANIFEST).write_text(json.dumps({"migrations": whole.migrations}), encoding="utf-8")
    return whole


def _place(stage: Path, name: str) -> Path:
    if name.startswith("files/"):
        digest = name.removeprefix("files/")
        return stage / "files" / digest[:2] / digest[2:4] / digest
    return stage / "simpul.sqlite3" if name == archive.SNAPSHOT else stage / name


def _keep(part: BinaryIO, target: Path) -> archive.Part:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with target.open("xb") as stream:
        taken = archive.take(part, stream)
        stream.flush()
        os.fsync(stream.fileno())
    target.chmod(0o600)
    return taken


def _check_database(manifest: archive.Manifest, stage: Path) -> None:
    """The database's own word that it is whole, and the number of rows of each table."""
    if manifest.vendor == "sqlite":
        snapshot = stage / "simpul.sqlite3"
        if fault := sqlite.fault(snapshot) if snapshot.exists() else _("it holds no database"):
            raise archive.CopyDamaged(why=fault)
        found = sqlite.counts(snapshot)
    else:
        paths = {name: stage / "database" / f"{name}.copy" for name in manifest.tables}
        found = {name: postgres.count_lines(path) for name, path in paths.items() if path.exists()}
    for name, wanted in manifest.tables.items():
        if found.get(name) != wanted:
            raise archive.CopyDamaged(why=_("table %(name)s has another number of rows") % {"name": name})


# --- changing places ------------------------------------------------------------------------------------------------


def _refuse_occupied(args: argparse.Namespace, data: Path, url: str) -> None:
    """Raise unless the place is free, or may be replaced and nobody works in it."""
    try:
        there = (data / archive.INSTALLATION).exists() or (data / "simpul.sqlite3").exists()
        filled = bool(url) and not postgres.is_empty(url)
        if (there or filled) and not args.replace:
            raise InstallationThere(path=data)
        if filled:
            postgres.refuse_when_in_use(url)
    except psycopg.Error as fault:
        raise DatabaseUnreachable(why=_first_line(fault)) from fault
    database = data / "simpul.sqlite3"
    try:
        if database.exists() and not sqlite.release(database):
            raise postgres.DatabaseInUse
    except sqlite.driver.DatabaseError:
        pass  # the old database is damaged: a reason to restore, not a reason to refuse


def _put_in_place(
    proven: Proven, source: Path, data: Path, url: str, stamp: str, *, keep_url: bool
) -> list[str]:
    """Lay the database, then swap; returns where the old things are now."""
    said = dict(proven.installation)
    if keep_url or (url and proven.manifest.vendor == "sqlite"):
        said["database_url"] = url
    (proven.stage / archive.INSTALLATION).write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")
    noted = {"path": str(source), "at": proven.manifest.at, "seal": proven.manifest.seal}
    (proven.stage / command.RECORD).write_text(json.dumps(noted, indent=1) + "\n", encoding="utf-8")
    if not url:
        if proven.manifest.vendor != "sqlite":
            raise DatabaseUnreachable(why=_("this copy is of a PostgreSQL database, and none is named"))
        return _swap(proven.stage, data, stamp)
    aside = f"before_restore_{stamp.replace('-', '_')}"
    schema = f"restore_{stamp.replace('-', '_')}"
    try:
        with postgres.new_schema(url, schema):
            if proven.manifest.vendor == "sqlite":
                postgres.make_tables(url, schema, proven.stage, "move")
                (proven.stage / "simpul.sqlite3").unlink()
            else:
                postgres.make_tables(url, schema, proven.stage)
                postgres.load(url, schema, proven.manifest, proven.stage / "database")
            kept = postgres.change_places(url, schema, aside)
    except psycopg.Error as fault:
        raise DatabaseUnreachable(why=_first_line(fault)) from fault
    return [*([f"schema {aside}"] if kept else []), *_swap(proven.stage, data, stamp)]


def _first_line(fault: BaseException) -> str:
    return (str(fault).strip().splitlines() or [type(fault).__name__])[0]


def _swap(stage: Path, data: Path, stamp: str) -> list[str]:
    """Set the old pieces aside and move the new ones in; ``installation.json`` leaves first and arrives last."""
    aside = data / f"before-restore-{stamp}"
    for name in PIECES:
        if (data / name).exists():
            aside.mkdir(mode=0o700, exist_ok=True)
            (data / name).rename(aside / name)
    for name in reversed(PIECES):
        if (stage / name).exists():
            (stage / name).rename(data / name)
    _join_spools(stage / "spool", data / "spool")
    _note_restored(data, stamp)
    command._flush_folder(data)
    return [str(aside)] if aside.exists() else []


def _note_restored(data: Path, stamp: str) -> None:
    """Leave word for the server: at its next talk with a device it begins a new generation, and devices send again what is not here."""
    at = datetime.strptime(stamp, "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
    (data / generation.RESTORED).write_text(json.dumps({"at": at.isoformat()}) + "\n", encoding="utf-8")


def _join_spools(copied: Path, own: Path) -> None:
    """Lay the spool of the copy beside what this machine took since: that was promised too, and is read in by the worker."""
    for path in sorted(path for path in copied.rglob("*") if path.is_file()):
        place = own / path.relative_to(copied)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.replace(place)


# --- afterwards -----------------------------------------------------------------------------------------------------


def _ask_doctor(args: argparse.Namespace) -> dict[str, Any]:
    """Let the doctor look at what is there now, in a process whose settings are the restored ones."""
    language = ["--language", args.language] if args.language else []
    done = subprocess.run(
        [sys.executable, "-m", "simpul", "doctor", "--json", *language],
        capture_output=True,
        text=True,
        check=False,
        cwd=ground.ROOT,
    )
    try:
        return dict(json.loads(done.stdout))
    except ValueError:
        return {
            "ok": False,
            "findings": [
                {"level": "bad", "about": "doctor", "sentence": done.stderr.strip()[-300:], "advice": ""}
            ],
        }


def _tell(args: argparse.Namespace, done: dict[str, Any]) -> None:
    said = {"at": done["at"], "rows": done["rows"], "files": done["files"]}
    if args.check:
        print(_("The copy of %(at)s is whole: %(rows)s rows, %(files)s files. Nothing was changed.") % said)
        return
    print(_("Restored as of %(at)s: %(rows)s rows, %(files)s files.") % said)
    for place in done["set_aside"]:
        print(
            _("What was there before is kept in %(place)s. Remove it when you are sure.") % {"place": place}
        )
    for finding in done["doctor"].get("findings", []):
        if finding["level"] != "ok":
            print(f"{finding['level']}: {finding['sentence']} {finding['advice']}")
    print(_("Start it with `simpul serve`."))
