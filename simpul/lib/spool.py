"""A spool: what was promised and cannot be put into the database now, one file each, until somebody reads it in.

One file per record, not one growing log. Several processes add and one takes away, without a lock between them and without a
position that a kill could lose; a record that is torn spoils itself alone; taking one away is removing its file. The price is
two flushes for each record, which only the hours without a database pay.

``add`` returns only when the bytes and their name are on the disk: it writes beside the place, flushes, renames, flushes the
folder. A file that is not whole (a torn write, a disk fault) is laid into ``aside/``, never removed: a person looks at it.

A record is any mapping that JSON can hold. The file is one line of head (length and SHA-256 of what follows) and the JSON.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import secrets
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from simpul.lib.errors import Refused

HEAD = b"simpul-spool 1 "
NAME = re.compile(r"[0-9]{20}-[0-9a-f]{16}\.spool")
ASIDE = "aside"
NEW = ".new-"
LEFT_SECONDS = 600.0
"""A file that was never renamed belongs to a process that died, when it is this old. Nothing was promised for it."""

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class SpoolFull(Refused):
    """There is no room for the record; nothing was kept, and nothing may be promised."""

    code = "spool.full"
    sentence = _("The disk is full, so this could not be kept. Send it again later.")


@dataclass(frozen=True, slots=True)
class Record:
    """A record that lies in the spool."""

    path: Path
    data: dict[str, Any]


class Spool:
    """A folder of records. Every method may be called by several processes at once."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)

    def add(self, record: Mapping[str, Any]) -> Path:
        """Keep a record for good; returns its file.

        Raises:
            SpoolFull: no room on the disk; other faults of the disk rise as they are.
        """
        payload = json.dumps(record, ensure_ascii=True, separators=(",", ":")).encode("ascii")
        name = f"{time.time_ns():020d}-{secrets.token_hex(8)}.spool"
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            return self._write(name, _head(payload) + payload)
        except OSError as fault:
            if fault.errno in _FULL:
                raise SpoolFull from fault
            raise

    def take(self, limit: int) -> list[Record]:
        """The oldest records, at most so many. They stay where they are until ``done``; what is torn is laid aside."""
        found: list[Record] = []
        for path in self._files():
            if len(found) == limit:
                break
            try:
                data = _read(path)
            except FileNotFoundError:
                continue  # somebody else was done with it
            if data is None:
                self.lay_aside(path)
            else:
                found.append(Record(path, data))
        return found

    def done(self, record: Record) -> None:
        """The record is safe elsewhere; asking twice does no harm."""
        record.path.unlink(missing_ok=True)

    def lay_aside(self, path: Path) -> Path:
        """Put a file where nobody reads it by itself and a person finds it."""
        folder = self.root / ASIDE
        folder.mkdir(mode=0o700, exist_ok=True)
        place = folder / path.name.removeprefix(".")
        try:
            path.replace(place)
        except FileNotFoundError:
            return place  # somebody else was faster
        _flush(folder)
        _flush(self.root)
        return place

    def sweep(self, older_than_seconds: float = LEFT_SECONDS) -> int:
        """Lay aside what dead processes left half written; returns how many."""
        if not self.root.is_dir():
            return 0
        oldest = time.time() - older_than_seconds
        left = [path for path in self.root.glob(f"{NEW}*") if path.stat().st_mtime < oldest]
        for path in left:
            self.lay_aside(path)
        return len(left)

    def names(self) -> list[Path]:
        """Every file that a copy of the installation must hold, those laid aside too."""
        aside = self.root / ASIDE
        laid = sorted(path for path in aside.iterdir() if path.is_file()) if aside.is_dir() else []
        return [*self._files(), *laid]

    def length(self) -> int:
        """How many records wait."""
        return sum(1 for _path in self._files())

    def laid_aside(self) -> int:
        """How many files a person should look at."""
        aside = self.root / ASIDE
        return sum(1 for path in aside.iterdir() if path.is_file()) if aside.is_dir() else 0

    def oldest_at(self) -> float | None:
        """When the oldest record was kept, in seconds since 1970; None when none waits."""
        first = next(self._files(), None)
        return None if first is None else int(first.name[:20]) / 1e9

    def _files(self) -> Iterator[Path]:
        try:
            names = sorted(os.listdir(self.root))  # noqa: PTH208 - names alone: half as slow on a hundred thousand
        except FileNotFoundError:
            return
        yield from (self.root / name for name in names if NAME.fullmatch(name))

    def _write(self, name: str, data: bytes) -> Path:
        temporary, place = self.root / f"{NEW}{name}", self.root / name
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(place)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        _flush(self.root)
        return place


def _head(payload: bytes) -> bytes:
    return HEAD + f"{len(payload)} {hashlib.sha256(payload).hexdigest()}\n".encode("ascii")


def _read(path: Path) -> dict[str, Any] | None:
    """What a file holds; None when it is not whole."""
    head, _line, payload = path.read_bytes().partition(b"\n")
    if head + b"\n" != _head(payload):
        return None
    try:
        data = json.loads(payload)
    except ValueError:
        return None
    return data if isinstance(data, dict) else None


def _flush(folder: Path) -> None:
    """Make names durable. Windows has no such call and does it by itself."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
