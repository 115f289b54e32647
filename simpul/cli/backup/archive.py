"""The form of a copy: a tar of known parts, streamed through age, with a manifest at its end.

::

    simpul.json            format, program version, database: the first part, so that a newer copy is refused at once
    database/...           the SQLite snapshot, or one COPY file for each table
    files/<sha256>         attachments
    spool/<name>           deliveries that were not in the database yet
    keys/<name>            the key ring and the copy's own identity
    installation.json
    manifest.json          size and SHA-256 of every part, rows of every table, migrations, time

age authenticates every 64 KiB block and the end of the stream, so a flipped bit or a cut file is refused by the
cipher; the hashes then prove that each part is the one that was read from the installation. Nothing is ever held in memory
whole: the tar runs through a pipe between two threads.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import tarfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import pyrage
from django.utils.translation import gettext_lazy as _

from simpul import __version__
from simpul.lib.errors import Refused

FORMAT = 1
CHUNK = 1 << 20
HEAD, MANIFEST, INSTALLATION = "simpul.json", "manifest.json", "installation.json"
SNAPSHOT = "database/simpul.sqlite3"
_MOST_JSON = 256 << 20
_NAME = re.compile(
    r"simpul\.json|manifest\.json|installation\.json|database/simpul\.sqlite3|database/[a-z0-9_]{1,63}\.copy"
    r"|keys/[A-Za-z0-9][A-Za-z0-9._-]{0,80}|files/[0-9a-f]{64}"
    r"|spool/(?:aside/)?[A-Za-z0-9][A-Za-z0-9._-]{0,80}"
)


class CopyDamaged(Refused):
    """The file is not, or no longer, what a backup wrote."""

    code = "copy.damaged"
    sentence = _("This copy is damaged (%(why)s). Nothing was changed. Use another copy.")


class WrongIdentity(Refused):
    """The copy was sealed for somebody else."""

    code = "copy.wrong_identity"
    sentence = _(
        "This identity does not open this copy. Give the file that was kept when the copies began, with --identity."
    )


class NewerCopy(Refused):
    """The copy comes from a program that knows more than this one."""

    code = "copy.newer"
    sentence = _(
        "This copy was written by Simpul %(version)s, which is newer than this one (%(own)s). Upgrade first, then restore."
    )


@dataclass(slots=True)
class Part:
    """One file in the copy."""

    size: int
    sha256: str


@dataclass(slots=True)
class Manifest:
    """What a copy says about itself."""

    format: int = FORMAT
    program: str = __version__
    at: str = ""
    kind: str = ""
    vendor: str = ""
    tables: dict[str, int] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)
    migrations: list[list[str]] = field(default_factory=list)
    missing_files: list[str] = field(default_factory=list)
    seal: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, Part] = field(default_factory=dict)


# --- writing --------------------------------------------------------------------------------------------------------


class _Watched:
    """A file that remembers why it could not be written, which the cipher's own exception does not say."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.fault: OSError | None = None

    def write(self, data: bytes) -> int:
        try:
            return self.stream.write(data)
        except OSError as fault:
            self.fault = fault
            raise

    def flush(self) -> None:
        self.stream.flush()


class Writer:
    """Adds parts to an open tar and notes size and hash of each."""

    def __init__(self, tar: tarfile.TarFile, manifest: Manifest) -> None:
        self.tar, self.manifest = tar, manifest
        self.add_json(
            HEAD, {"format": FORMAT, "program": __version__, "vendor": manifest.vendor}, listed=False
        )

    def add(self, name: str, path: Path) -> None:
        """Stream a file into the copy."""
        with path.open("rb") as stream:
            info = _info(name, os.fstat(stream.fileno()).st_size)
            hashing = _Hashing(stream)
            self.tar.addfile(info, hashing)
        self.manifest.parts[name] = Part(info.size, hashing.digest.hexdigest())

    def add_json(self, name: str, value: Any, *, listed: bool = True) -> None:
        """Put a small JSON document into the copy."""
        data = json.dumps(value, ensure_ascii=False, indent=1).encode()
        self.tar.addfile(_info(name, len(data)), io.BytesIO(data))
        if listed:
            self.manifest.parts[name] = Part(len(data), hashlib.sha256(data).hexdigest())

    def finish(self) -> None:
        """Write the manifest, the last part."""
        self.add_json(MANIFEST, asdict(self.manifest), listed=False)


class _Hashing:
    """A readable stream that hashes what passes."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream, self.digest = stream, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.stream.read(size)
        self.digest.update(data)
        return data


def _info(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info


@contextmanager
def writing(target: BinaryIO, recipients: Sequence[Any], manifest: Manifest) -> Iterator[Writer]:
    """Open a copy for writing; on leaving, everything has passed the cipher. ``OSError`` rises as it came (disk full)."""
    watched = _Watched(target)
    with _pumped(lambda plain, _out: pyrage.encrypt_io(plain, watched, recipients), feed=True) as (
        pipe,
        faults,
    ):
        try:
            with tarfile.open(fileobj=pipe, mode="w|", bufsize=CHUNK, format=tarfile.PAX_FORMAT) as tar:
                writer = Writer(tar, manifest)
                yield writer
                writer.finish()
            pipe.close()
        except BrokenPipeError:
            if not faults:
                raise
    if faults:
        raise watched.fault or faults[0]


# --- reading --------------------------------------------------------------------------------------------------------


@contextmanager
def reading(source: BinaryIO, identities: Sequence[Any]) -> Iterator[Iterator[tuple[str, BinaryIO, int]]]:
    """Open a copy: its parts in order, as (name, stream, size). Leaving it proves that the stream was whole.

    Raises:
        WrongIdentity, CopyDamaged.
    """
    with _pumped(lambda _in, plain: pyrage.decrypt_io(source, plain, identities), feed=False) as (
        pipe,
        faults,
    ):
        trouble: Exception | None = None
        try:
            with tarfile.open(fileobj=pipe, mode="r|", bufsize=CHUNK) as tar:
                yield _members(tar)
            while pipe.read(CHUNK):
                pass
        except (tarfile.TarError, EOFError) as fault:
            trouble = fault
    if faults:
        if isinstance(faults[0], pyrage.DecryptError) and "matching keys" in str(faults[0]):
            raise WrongIdentity from faults[0]
        raise CopyDamaged(why=faults[0]) from faults[0]
    if trouble is not None:
        raise CopyDamaged(why=trouble) from trouble


def _members(tar: tarfile.TarFile) -> Iterator[tuple[str, BinaryIO, int]]:
    for member in tar:
        stream = tar.extractfile(member) if member.isfile() else None
        if stream is None or not _NAME.fullmatch(member.name):
            raise CopyDamaged(why=_("it holds a part that no backup writes"))
        yield member.name, stream, member.size  # type: ignore[misc]


@contextmanager
def _pumped(pump: Callable[[Any, Any], None], *, feed: bool) -> Iterator[tuple[Any, list[Exception]]]:
    """Run the cipher in a thread at the other end of a pipe; yields our end, and the list its fault will be in."""
    read_end, write_end = os.pipe()
    ours, theirs = (write_end, read_end) if feed else (read_end, write_end)
    faults: list[Exception] = []

    def work() -> None:
        with os.fdopen(theirs, "rb" if feed else "wb", buffering=CHUNK) as stream:
            try:
                pump(stream, stream)
                if not feed:
                    stream.flush()
            except Exception as fault:  # noqa: BLE001 - handed over to the thread that waits, which raises it
                if isinstance(fault, BrokenPipeError) and isinstance(stream, io.BufferedWriter):
                    stream.raw.close()  # the reader went away first: its own fault is the one to tell
                else:
                    faults.append(fault)

    thread = threading.Thread(target=work, name="cipher")
    thread.start()
    stream = os.fdopen(ours, "wb" if feed else "rb", buffering=CHUNK)
    try:
        yield stream, faults
    finally:
        with suppress(BrokenPipeError):  # when the cipher stopped first its fault is in the list
            stream.close()
        thread.join()


def check_head(value: Any) -> None:
    """Refuse a copy that is newer than this program.

    Raises:
        NewerCopy, CopyDamaged.
    """
    try:
        number, version = int(value["format"]), str(value["program"])
        newer = number > FORMAT or _version(version) > _version(__version__)
    except (TypeError, KeyError, ValueError) as fault:
        raise CopyDamaged(why=fault) from fault
    if newer:
        raise NewerCopy(version=version, own=__version__)


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:3])


def read_json(stream: BinaryIO, size: int) -> Any:
    """A JSON part. Raises ``CopyDamaged``."""
    if size > _MOST_JSON:
        raise CopyDamaged(why=_("its list of contents is too long"))
    try:
        return json.loads(stream.read())
    except ValueError as fault:
        raise CopyDamaged(why=fault) from fault


def manifest_from(value: Any) -> Manifest:
    """The manifest of a copy. Raises ``CopyDamaged``."""
    try:
        parts = {
            str(name): Part(int(part["size"]), str(part["sha256"])) for name, part in value["parts"].items()
        }
        return Manifest(**{**value, "parts": parts})
    except (TypeError, KeyError, ValueError, AttributeError) as fault:
        raise CopyDamaged(why=fault) from fault


def compare(manifest: Manifest | None, seen: dict[str, Part]) -> Manifest:
    """The manifest, when exactly its parts were seen and none was changed.

    Raises:
        CopyDamaged: with the first difference.
    """
    if manifest is None:
        raise CopyDamaged(why=_("its list of contents is missing"))
    for name, part in manifest.parts.items():
        if seen.get(name) != part:
            raise CopyDamaged(why=_("part %(name)s is missing or was changed") % {"name": name})
    if extra := set(seen) - set(manifest.parts):
        raise CopyDamaged(why=_("part %(name)s is not in its list of contents") % {"name": min(extra)})
    for name, part in manifest.parts.items():
        if name.startswith("files/") and name != f"files/{part.sha256}":
            raise CopyDamaged(why=_("part %(name)s is missing or was changed") % {"name": name})
    return manifest


def take(stream: BinaryIO, target: BinaryIO | None) -> Part:
    """Read a part to its end, into ``target`` when there is one; its size and hash."""
    digest, size = hashlib.sha256(), 0
    while data := stream.read(CHUNK):
        digest.update(data)
        size += len(data)
        if target is not None:
            target.write(data)
    return Part(size, digest.hexdigest())
