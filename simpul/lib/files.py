"""Files kept by their content: the name of a file is the SHA-256 of its bytes.

A file appears whole or not at all: it is written beside its place, flushed to the disk, then renamed. The same bytes are
kept once. Nothing a client sends is ever part of a path. Only cleaned files (``lib.media``) come here.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import gettext_lazy as _

from simpul.lib.errors import NotFound, Refused

_SHA256 = re.compile(r"[0-9a-f]{64}")
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class DiskFull(Refused):
    """There is no room left for the file; nothing was kept."""

    code = "files.disk_full"
    sentence = _(
        "The disk of this service is full, so the file was not saved. Please tell the officer, then try again."
    )


class FileMissing(NotFound):
    """There is no file with that content here."""

    code = "files.missing"
    sentence: Any = _("The file is not here any more.")


class FileStore:
    """A folder of content-addressed files, in 256 x 256 subfolders."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)

    def put(self, data: bytes) -> str:
        """Keep ``data`` for good and return its SHA-256 in hex. Raises ``DiskFull``; other faults rise."""
        digest = hashlib.sha256(data).hexdigest()
        target = self.path(digest)
        if not (target.exists() and target.stat().st_size == len(data)):
            try:
                self._write(target, data)
            except OSError as fault:
                if fault.errno in _FULL:
                    raise DiskFull from fault
                raise
        return digest

    def open(self, digest: str) -> BinaryIO:
        """The file, opened for reading. Raises ``FileMissing``."""
        try:
            return self.path(digest).open("rb")
        except FileNotFoundError:
            raise FileMissing from None

    def read(self, digest: str) -> bytes:
        """All bytes of the file. Raises ``FileMissing``."""
        with self.open(digest) as stream:
            return stream.read()

    def exists(self, digest: str) -> bool:
        """True when the file is here."""
        return self.path(digest).is_file()

    def size(self, digest: str) -> int:
        """Length in bytes. Raises ``FileMissing``."""
        try:
            return self.path(digest).stat().st_size
        except FileNotFoundError:
            raise FileMissing from None

    def delete(self, digest: str) -> bool:
        """Remove the file; true when it was here. Whether somebody still needs it is the caller's question."""
        try:
            self.path(digest).unlink()
        except FileNotFoundError:
            return False
        return True

    def is_intact(self, digest: str) -> bool:
        """True when the file is here and its bytes still have this hash."""
        try:
            with self.path(digest).open("rb") as stream:
                return hashlib.file_digest(stream, "sha256").hexdigest() == digest
        except (FileMissing, FileNotFoundError):
            return False

    def digests(self) -> Iterator[str]:
        """The hashes of all files, in order: for backups and the doctor."""
        for folder in sorted(self.root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]")):
            yield from (entry.name for entry in sorted(folder.iterdir()) if _SHA256.fullmatch(entry.name))

    def path(self, digest: str) -> Path:
        """Where a file lives. Raises ``FileMissing`` for anything that is not a SHA-256 in lower-case hex."""
        if not _SHA256.fullmatch(digest):
            raise FileMissing
        return self.root / digest[:2] / digest[2:4] / digest

    def _write(self, target: Path, data: bytes) -> None:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".new-", dir=target.parent)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        _flush_folders(target.parent, self.root)


def sweep_folders(root: Path, *, older_than_seconds: float) -> int:
    """Remove the folders in ``root`` that nobody touched for so long; returns how many."""
    if not root.is_dir():
        return 0
    oldest = time.time() - older_than_seconds
    left = [folder for folder in root.iterdir() if folder.is_dir() and folder.stat().st_mtime < oldest]
    for folder in left:
        shutil.rmtree(folder, ignore_errors=True)
    return len(left)


def _flush_folders(folder: Path, root: Path) -> None:
    """Make the new names durable, up to the root. Windows has no such call and does it by itself."""
    if sys.platform == "win32":
        return
    while True:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        if folder in (root, folder.parent):
            return
        folder = folder.parent
