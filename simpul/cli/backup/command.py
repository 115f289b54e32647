"""``simpul backup PATH``: snapshot, seal, write, flush, rename, and open it again before calling it a copy."""

from __future__ import annotations

import argparse
import errno
import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from simpul.cli import ground, references
from simpul.cli.backup import archive, identity, postgres, sqlite
from simpul.journal import rules as journal_rules
from simpul.lib.actor import MACHINE
from simpul.lib.errors import Refused
from simpul.lib.files import FileStore
from simpul.lib.spool import Spool
from simpul.sync.actions import generation

RECORD = "last-backup.json"
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class DatabaseDamaged(Refused):
    """A damaged database makes no good copy."""

    code = "copy.database_damaged"
    sentence = gettext_lazy(
        "The database is damaged (%(why)s), so no copy was written. Keep the last good copy and run `simpul doctor`."
    )


class NoRoom(Refused):
    """The disk is full."""

    code = "copy.no_room"
    sentence = gettext_lazy(
        "There is not enough room in %(path)s (%(needed)s MB are needed). No copy was written."
    )


class PathWrong(Refused):
    """The file cannot be written there."""

    code = "copy.path"
    sentence = gettext_lazy("The copy cannot be written to %(path)s: %(why)s.")


def run(args: argparse.Namespace) -> int:
    """Write one copy; print where it is, or why there is none."""
    try:
        done = _backup(args, timezone.now())
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        if args.json:
            print(
                json.dumps({"ok": False, "code": refusal.code, "sentence": str(refusal)}, ensure_ascii=False)
            )
        return 1
    if args.json:
        print(json.dumps(done, ensure_ascii=False))
    else:
        said = {
            "path": done["path"],
            "size": f"{done['size'] / 1e6:.1f}",
            "rows": done["rows"],
            "files": done["files"],
        }
        print(
            _("Copy written and opened again: %(path)s (%(size)s MB, %(rows)s rows, %(files)s files).") % said
        )
    return 0


def _backup(args: argparse.Namespace, at: datetime) -> dict[str, Any]:
    keys = Path(settings.SIMPUL_KEYS)
    own, is_new = identity.own(keys)
    _tell_identity(args, keys, own, is_new)
    target = _target(args.path, at)
    recipients = identity.recipients(own, args.recipient)
    manifest = archive.Manifest(
        at=at.isoformat(), kind=str(ground.installation().get("kind", "")), vendor=connection.vendor
    )
    partial = target.with_name(f".{target.name}.partial")
    try:
        with _workplace() as workplace:
            _write(partial, recipients, manifest, workplace)
        size, digest = _verify(partial, own, manifest)
        partial.replace(target)
        _flush_folder(target.parent)
    except OSError as fault:
        if fault.errno in _FULL:
            raise NoRoom(path=target.parent, needed="?") from fault
        raise PathWrong(path=target, why=fault.strerror or fault) from fault
    finally:
        partial.unlink(missing_ok=True)
    done = _summary(target, size, digest, manifest, own)
    _record(done)
    _mark(at, target.name)
    return done


def _mark(began_at: datetime, name: str) -> None:
    """Tell devices in the field what is safe now. A copy is a copy even if that cannot be noted: they keep their own the longer."""
    try:
        generation.mark_backup(by=MACHINE, at=timezone.now(), began_at=began_at, name=name)
    except DatabaseError as fault:
        print(_("The copy is good, but devices could not be told: %(why)s") % {"why": fault}, file=sys.stderr)


def _tell_identity(args: argparse.Namespace, keys: Path, own: Any, is_new: bool) -> None:
    """Say, with the first copy, what must be kept elsewhere; write it out when asked."""
    if args.export_identity:
        try:
            identity.export(keys, args.export_identity, _passphrase(args.passphrase_file))
        except FileExistsError as fault:
            raise PathWrong(path=args.export_identity, why=_("there is a file already")) from fault
        except OSError as fault:
            raise PathWrong(path=args.export_identity, why=fault.strerror or fault) from fault
    if is_new:
        said = {"path": keys / identity.FILE, "key": own.to_public()}
        print(_FIRST_COPY % said, file=sys.stderr)


_FIRST_COPY = gettext_lazy(
    "This is the first copy. Only the identity in %(path)s opens it and all that follow.\n"
    "Keep that identity away from this machine and away from the copies: print the file, or write it to another disk with "
    "--export-identity FILE. Without it no copy can be opened once this machine is lost.\n"
    "Public key: %(key)s"
)


def _passphrase(path: Path | None) -> str:
    return path.read_text(encoding="utf-8").strip() if path else ""


def _target(path: Path, at: datetime) -> Path:
    """The file to write: the one named, or a new dated one in the folder named."""
    path = path.expanduser().absolute()
    if path.is_dir():
        return path / f"simpul-{at.astimezone(UTC):%Y%m%d-%H%M%S}.simpul"
    if not path.parent.is_dir():
        raise PathWrong(path=path, why=_("there is no such folder"))
    if path.exists():
        raise PathWrong(path=path, why=_("there is a file already"))
    return path


@contextmanager
def _workplace() -> Iterator[Path]:
    """A folder beside the data for the snapshot: the same disk, the same protection."""
    folder = Path(tempfile.mkdtemp(prefix="backup-", dir=settings.SIMPUL_DATA))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write(partial: Path, recipients: list[Any], manifest: archive.Manifest, workplace: Path) -> None:
    with partial.open("xb") as stream:
        partial.chmod(0o600)
        with archive.writing(stream, recipients, manifest) as copy:
            _add_spool(copy)
            _add_database(copy, manifest, workplace)
            _add_files(copy, manifest)
            for key in sorted(Path(settings.SIMPUL_KEYS).iterdir()):
                if key.is_file() and not key.name.startswith("."):
                    copy.add(f"keys/{key.name}", key)
            copy.add(archive.INSTALLATION, Path(settings.SIMPUL_INSTALLATION))
        stream.flush()
        os.fsync(stream.fileno())


def _add_database(copy: archive.Writer, manifest: archive.Manifest, workplace: Path) -> None:
    if connection.vendor == "postgresql":
        manifest.seal = _seal(postgres.last_seal())
        for table in postgres.dump(workplace, manifest):
            copy.add(f"database/{table.name}", table)
        return
    source, target = Path(connection.settings_dict["NAME"]), workplace / "simpul.sqlite3"
    needed = source.stat().st_size
    if shutil.disk_usage(workplace).free < needed * 1.05:
        raise NoRoom(path=workplace.parent, needed=needed // 1_000_000 + 1)
    try:
        sqlite.snapshot(source, target)
    except sqlite.driver.DatabaseError as fault:
        raise DatabaseDamaged(why=fault) from fault
    if fault_found := sqlite.fault(target):
        raise DatabaseDamaged(why=fault_found)
    manifest.tables, manifest.migrations = sqlite.counts(target), sqlite.migrations(target)
    manifest.seal = _seal(sqlite.last_seal(target))
    copy.add(archive.SNAPSHOT, target)


def _seal(found: tuple[Any, ...] | None) -> dict[str, Any]:
    """The newest seal as the copy remembers it: if it is not in the journal later, the journal lost its end."""
    if found is None:
        return {}
    number, first, last, root, previous = found
    digest = journal_rules.seal_digest(
        number=number, first_position=first, last_position=last, root=bytes(root), previous=bytes(previous)
    )
    return {"number": number, "digest": digest.hex()}


def _add_files(copy: archive.Writer, manifest: archive.Manifest) -> None:
    """Every file that is kept; those that a row needs and that are gone are named in the manifest."""
    store = FileStore(settings.SIMPUL_FILES)
    kept = set()
    for digest in store.digests():
        try:
            copy.add(f"files/{digest}", store.path(digest))
        except FileNotFoundError:
            continue  # removed since it was listed
        kept.add(digest)
        if copy.manifest.parts[f"files/{digest}"].sha256 != digest:
            del copy.manifest.parts[f"files/{digest}"]
            raise DatabaseDamaged(why=_("file %(name)s was changed on the disk") % {"name": digest})
    manifest.missing_files = sorted(references.referenced() - kept)


def _add_spool(copy: archive.Writer) -> None:
    """What came while the database could not be asked.

    Before the database: a delivery that is read in meanwhile is in both, which does no harm, and never in neither.
    """
    spool = Spool(settings.SIMPUL_SPOOL)
    for path in spool.names():
        try:
            copy.add(f"spool/{path.relative_to(spool.root).as_posix()}", path)
        except FileNotFoundError:
            continue  # read in since it was listed


def _verify(partial: Path, own: Any, manifest: archive.Manifest) -> tuple[int, str]:
    """Read the whole copy back from the disk: it must open, and every part must have the hash of what was read."""
    with partial.open("rb") as stream:
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)  # ask the disk, not the memory
        seen: dict[str, archive.Part] = {}
        back: archive.Manifest | None = None
        with archive.reading(stream, [own]) as parts:
            for name, part, length in parts:
                if name == archive.MANIFEST:
                    back = archive.manifest_from(archive.read_json(part, length))
                elif name == archive.HEAD:
                    archive.check_head(archive.read_json(part, length))
                else:
                    seen[name] = archive.take(part, None)
        if archive.compare(back, seen) != manifest:
            raise archive.CopyDamaged(why=_("its list of contents was changed"))
        stream.seek(0)
        return partial.stat().st_size, hashlib.file_digest(stream, "sha256").hexdigest()


def _flush_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as fault:
        if fault.errno != errno.EINVAL:  # some USB file systems have no such call
            raise
    finally:
        os.close(handle)


def _summary(target: Path, size: int, digest: str, manifest: archive.Manifest, own: Any) -> dict[str, Any]:
    return {
        "ok": True,
        "path": str(target),
        "at": manifest.at,
        "size": size,
        "sha256": digest,
        "database": manifest.vendor,
        "rows": sum(manifest.tables.values()),
        "files": sum(name.startswith("files/") for name in manifest.parts),
        "missing_files": manifest.missing_files,
        "seal": manifest.seal,
        "public_key": str(own.to_public()),
    }


def _record(done: dict[str, Any]) -> None:
    """Leave a note for the doctor: when the last copy was written, and which seal it holds."""
    path = Path(settings.SIMPUL_DATA) / RECORD
    temporary = path.with_suffix(".new")
    temporary.write_text(json.dumps(done, indent=1) + "\n", encoding="utf-8")
    temporary.chmod(0o600)
    temporary.replace(path)
