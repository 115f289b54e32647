"""A bundle: sealed envelopes, files, letters and packs in one file that hands can carry, as bytes, as text, or as pages of QR codes.

A magic line, one line of canonical JSON that says what follows and is signed by who made it, an empty line, the parts. Whoever carries it
sees which devices and numbers are inside, and nothing else. Every part is named by its hash: a file that was cut off still gives the
parts that are whole, and the rest is named. Source: docs/sync-protocol.md section 10.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from simpul.sync.rules import segments
from simpul.sync.rules.canonical import NotCanonical, b64, canonical, unb64

VERSION = 1
MAGIC = b"SMPLB1\n"
MAGIC_OF_ANY = re.compile(rb"SMPLB([0-9]{1,3})\n")
MAGIC_BLOBS = b"SMPLF1"
MAGIC_LETTERS = b"SMPLL1"
TEXT_FIRST = "SIMPUL BUNDLE 1"
TEXT_FIRST_OF_ANY = re.compile(r"SIMPUL BUNDLE ([0-9]{1,3})")
TEXT_LAST = "END"
TEXT_WIDTH = 76
PARTS = ("envelopes", "blobs", "letters", "pack")
MOST_PARTS = 200
LARGEST_HEADER = 64_000
LARGEST_PART = 500_000_000
QR_BYTES = 500
"""What one QR page carries: 1,200 alphanumeric signs and a head of at most 30, which fit version 23 at error correction M."""
MOST_PAGES = 999

FAULTS = frozenset(
    {"empty", "foreign", "future", "truncated", "broken", "tampered", "reordered", "missing", "unsigned"}
)
"""What can be wrong with a bundle or a part of it; the words for people are in ``sync.queries.bundles``."""


class BundleUnreadable(ValueError):  # noqa: N818 - it is a fact about bytes, said to a program
    """The bytes are no bundle that can be read. ``reason`` is one of ``FAULTS``; ``missing`` names the QR pages that are not there."""

    def __init__(self, reason: str, missing: Sequence[int] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.missing = tuple(missing)


@dataclass(frozen=True, slots=True)
class Part:
    """One part as the header names it, with its bytes when they are whole. ``fault``: "", truncated, tampered, reordered."""

    kind: str
    size: int
    digest: str
    content: bytes | None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a file says of itself. ``by``: a device's UUID, or ``server:`` and the first 8 hex signs of the sha256 of the signing key.

    ``extra``: bytes stand behind the last part that no header names.
    """

    made: int
    by: str
    parts: tuple[Part, ...]
    signature: bytes
    extra: bool = False

    @property
    def signed(self) -> bytes:
        """What its maker signs: the header without the signature, so every part by its hash."""
        return signed_of(self.made, self.by, [(one.kind, one.size, one.digest) for one in self.parts])

    @property
    def faults(self) -> list[str]:
        """What is wrong with it, without asking whose signature it is."""
        found = [one.fault for one in self.parts if one.fault]
        return sorted({*found, *(["tampered"] if self.extra else [])})


@dataclass(frozen=True, slots=True)
class File:
    """A file inside a part ``blobs``: whose device it comes from, the hash of what it holds, and the file sealed to the server."""

    device: UUID
    sha256: str
    sealed: bytes

    @property
    def info(self) -> bytes:
        """What the seal is bound to."""
        return canonical(["simpul-blob", VERSION, str(self.device), self.sha256])


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter inside a part ``letters``: for which device, its number there, sealed to it."""

    device: UUID
    number: int
    sealed: bytes


def signed_of(made: int, by: str, parts: Sequence[tuple[str, int, str]]) -> bytes:
    """The bytes that are signed."""
    return canonical(["simpul-bundle", VERSION, _header(made, by, parts)])


def server_name(sign_public: bytes) -> str:
    """What a server is called as the maker of a bundle."""
    return "server:" + hashlib.sha256(sign_public).hexdigest()[:8]


def _header(made: int, by: str, parts: Sequence[tuple[str, int, str]]) -> dict[str, Any]:
    return {
        "v": VERSION,
        "made": made,
        "by": by,
        "parts": [{"t": kind, "n": size, "h": digest} for kind, size, digest in parts],
    }


def named(parts: Sequence[tuple[str, bytes]]) -> list[tuple[str, int, str]]:
    """Kind, size and hash of each part, as the header says them."""
    return [(kind, len(content), hashlib.sha256(content).hexdigest()) for kind, content in parts]


def write(made: int, by: str, parts: Sequence[tuple[str, bytes]], signature: bytes) -> bytes:
    """The file. ``signature`` is over ``signed_of(made, by, named(parts))``."""
    header = {**_header(made, by, named(parts)), "sig": b64(signature)}
    return MAGIC + canonical(header) + b"\n\n" + b"".join(content for _kind, content in parts)


def read(data: bytes) -> Bundle:
    """What is in a file. Parts that are cut off or changed are named with their fault; the whole ones have their bytes.

    Raises:
        BundleUnreadable: empty, foreign, future, or its header cannot be read (truncated, broken).
    """
    if not data:
        raise BundleUnreadable("empty")
    if not data.startswith(MAGIC):
        told = MAGIC_OF_ANY.match(data[:12])
        if told and int(told[1]) > VERSION:
            raise BundleUnreadable("future")
        raise BundleUnreadable("truncated" if MAGIC.startswith(data) else "foreign")
    end = data.find(b"\n", len(MAGIC), len(MAGIC) + LARGEST_HEADER)
    if end < 0:
        raise BundleUnreadable("truncated" if len(data) < len(MAGIC) + LARGEST_HEADER else "broken")
    made, by, parts, signature = _read_header(data[len(MAGIC) : end])
    if data[end : end + 2] != b"\n\n":
        raise BundleUnreadable("truncated" if len(data) <= end + 1 else "broken")
    found, place = [], end + 2
    for kind, size, digest in parts:
        content = data[place : place + size]
        found.append(_part(kind, size, digest, content))
        place += size
    return Bundle(made, by, _with_reordering(found, data[end + 2 :]), signature, extra=len(data) > place)


def _read_header(line: bytes) -> tuple[int, str, list[tuple[str, int, str]], bytes]:
    try:
        said = json.loads(line)
        if said["v"] != VERSION:
            raise BundleUnreadable("future" if _whole(said["v"], VERSION) else "broken")
        parts = [(one["t"], one["n"], one["h"]) for one in said["parts"]]
        signature = unb64(said["sig"])
        fine = (
            canonical(said) == line
            and set(said) == {"v", "made", "by", "parts", "sig"}
            and _whole(said["made"], 0)
            and _is_maker(said["by"])
            and len(parts) <= MOST_PARTS
            and all(_is_part(part, one) for part, one in zip(said["parts"], parts, strict=True))
            and b64(signature) == said["sig"]
        )
    except BundleUnreadable:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError, NotCanonical):
        raise BundleUnreadable("broken") from None
    if not fine:
        raise BundleUnreadable("broken")
    return said["made"], said["by"], parts, signature


def _is_maker(by: Any) -> bool:
    if not isinstance(by, str):
        return False
    if re.fullmatch(r"server:[0-9a-f]{8}", by):
        return True
    return str(UUID(by)) == by


def _is_part(said: Mapping[str, Any], part: tuple[Any, Any, Any]) -> bool:
    kind, size, digest = part
    return (
        set(said) == {"t", "n", "h"}
        and isinstance(kind, str)
        and re.fullmatch(r"[a-z]{1,16}", kind) is not None
        and _whole(size, 0)
        and size <= LARGEST_PART
        and isinstance(digest, str)
        and re.fullmatch(r"[0-9a-f]{64}", digest) is not None
    )


def _whole(value: Any, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value < 2**53


def _part(kind: str, size: int, digest: str, content: bytes) -> Part:
    if len(content) < size:
        return Part(kind, size, digest, None, "truncated")
    if hashlib.sha256(content).hexdigest() != digest:
        return Part(kind, size, digest, None, "tampered")
    return Part(kind, size, digest, content)


def _with_reordering(parts: list[Part], rest: bytes) -> tuple[Part, ...]:
    """Two changed parts may only have changed places: then it is said so, and nothing of them is lost."""
    changed = [one for one in parts if one.fault == "tampered"]
    if len(changed) < 2:
        return tuple(parts)
    wanted = {(one.size, one.digest): one for one in changed}
    place, got = 0, {}
    while place < len(rest):  # walk the bytes: each stretch must be one of the parts that the header names
        stretch = next(
            (
                (size, digest)
                for size, digest in {(one.size, one.digest) for one in parts}
                if size and hashlib.sha256(rest[place : place + size]).hexdigest() == digest
            ),
            None,
        )
        if stretch is None:
            return tuple(parts)
        got[stretch] = rest[place : place + stretch[0]]
        place += stretch[0]
    if not all(key in got for key in wanted):
        return tuple(parts)
    return tuple(
        Part(one.kind, one.size, one.digest, got[(one.size, one.digest)], "reordered")
        if one.fault == "tampered"
        else one
        for one in parts
    )


# --- inside the parts -----------------------------------------------------------------------------------------------


def write_files(files: Sequence[File]) -> bytes:
    """A part ``blobs``: the magic, then for each file 4 bytes big-endian length, header, 4 bytes length, content."""
    return MAGIC_BLOBS + b"".join(
        _framed({"v": VERSION, "d": b64(one.device.bytes), "h": one.sha256}, one.sealed) for one in files
    )


def joined(framed: Sequence[bytes]) -> bytes:
    """Several frames of one kind (envelopes, files) as one: they share the magic at the front."""
    start = len(MAGIC_BLOBS) if framed[0].startswith(MAGIC_BLOBS) else len(segments.MAGIC)
    return framed[0][:start] + b"".join(one[start:] for one in framed)


def read_files(data: bytes) -> list[File]:
    """The files again.

    Raises:
        BundleUnreadable: foreign, truncated, future, broken.
    """
    found = []
    for header, sealed in _framed_parts(data, MAGIC_BLOBS):
        try:
            one = File(UUID(bytes=unb64(header["d"])), header["h"], sealed)
            if not re.fullmatch(r"[0-9a-f]{64}", one.sha256):
                raise BundleUnreadable("broken")
        except (KeyError, TypeError, ValueError) as fault:
            if isinstance(fault, BundleUnreadable):
                raise
            raise BundleUnreadable("broken") from None
        found.append(one)
    return found


def write_letters(letters: Sequence[Letter]) -> bytes:
    """A part ``letters``: framed as files are."""
    return MAGIC_LETTERS + b"".join(
        _framed({"v": VERSION, "d": b64(one.device.bytes), "n": one.number}, one.sealed) for one in letters
    )


def read_letters(data: bytes) -> list[Letter]:
    """The letters again.

    Raises:
        BundleUnreadable: foreign, truncated, future, broken.
    """
    found = []
    for header, sealed in _framed_parts(data, MAGIC_LETTERS):
        try:
            number = header["n"]
            if not _whole(number, 1):
                raise BundleUnreadable("broken")
            found.append(Letter(UUID(bytes=unb64(header["d"])), number, sealed))
        except (KeyError, TypeError, ValueError) as fault:
            if isinstance(fault, BundleUnreadable):
                raise
            raise BundleUnreadable("broken") from None
    return found


def _framed(header: Mapping[str, Any], content: bytes) -> bytes:
    line = canonical(dict(header))
    return len(line).to_bytes(4, "big") + line + len(content).to_bytes(4, "big") + content


def _framed_parts(data: bytes, magic: bytes) -> list[tuple[dict[str, Any], bytes]]:
    if not data.startswith(magic):
        raise BundleUnreadable("foreign")
    found, place = [], len(magic)
    while place < len(data):
        line, place = _stretch(data, place, 4_000)
        content, place = _stretch(data, place, LARGEST_PART)
        try:
            header = json.loads(line)
        except (ValueError, RecursionError):
            raise BundleUnreadable("broken") from None
        if not isinstance(header, dict):
            raise BundleUnreadable("broken")
        if header.get("v") != VERSION:
            raise BundleUnreadable("future" if _whole(header.get("v"), VERSION) else "broken")
        found.append((header, content))
    return found


def _stretch(data: bytes, place: int, most: int) -> tuple[bytes, int]:
    length = int.from_bytes(data[place : place + 4], "big")
    end = place + 4 + length
    if place + 4 > len(data) or (end > len(data) and length <= most):
        raise BundleUnreadable("truncated")
    if length > most:
        raise BundleUnreadable("broken")
    return data[place + 4 : end], end


# --- as text, for the share sheet -----------------------------------------------------------------------------------


def as_text(data: bytes) -> str:
    """The file as lines that any messenger or mail carries."""
    signs = base64.b64encode(data).decode()
    lines = [signs[place : place + TEXT_WIDTH] for place in range(0, len(signs), TEXT_WIDTH)]
    return "\n".join([TEXT_FIRST, *lines, TEXT_LAST]) + "\n"


def from_text(words: str) -> bytes:
    """The file again. Words before the first line and after ``END`` (a greeting, a signature of a mail) do no harm.

    Raises:
        BundleUnreadable: foreign (no first line), future, truncated (no last line), broken (signs that are none).
    """
    lines = [line.strip().lstrip("> ") for line in words.replace("\ufeff", "").splitlines()]
    first = next((place for place, line in enumerate(lines) if TEXT_FIRST_OF_ANY.fullmatch(line)), None)
    if first is None:
        raise BundleUnreadable("foreign" if words.strip() else "empty")
    told = TEXT_FIRST_OF_ANY.fullmatch(lines[first])
    if told and int(told[1]) != VERSION:
        raise BundleUnreadable("future")
    if TEXT_LAST not in lines[first:]:
        raise BundleUnreadable("truncated")
    signs = "".join(lines[first + 1 : lines.index(TEXT_LAST, first)])
    try:
        data = base64.b64decode(signs, validate=True)
    except ValueError:
        raise BundleUnreadable("broken") from None
    if base64.b64encode(data).decode() != signs:
        raise BundleUnreadable("broken")
    return data


# --- as pages of QR codes -------------------------------------------------------------------------------------------

_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_PLACE = {sign: place for place, sign in enumerate(_SIGNS)}
_PAGE = re.compile(r"SMPLQ([0-9]{1,3}):([0-9A-F]{8}):([0-9]{1,3})/([0-9]{1,3}):(.*)", re.DOTALL)


def base45(data: bytes) -> str:
    """RFC 9285: two bytes are three signs of the QR code's alphanumeric mode, a last single byte two."""
    signs = []
    for place in range(0, len(data) - 1, 2):
        number = data[place] * 256 + data[place + 1]
        signs += [number % 45, number // 45 % 45, number // 2025]
    if len(data) % 2:
        signs += [data[-1] % 45, data[-1] // 45]
    return "".join(_SIGNS[sign] for sign in signs)


def from_base45(words: str) -> bytes:
    """The bytes again.

    Raises:
        BundleUnreadable: broken.
    """
    if len(words) % 3 == 1 or any(sign not in _PLACE for sign in words):
        raise BundleUnreadable("broken")
    data = bytearray()
    for place in range(0, len(words), 3):
        group = [_PLACE[sign] for sign in words[place : place + 3]]
        number = sum(value * 45**power for power, value in enumerate(group))
        size = len(group) - 1
        if number >= 256**size:
            raise BundleUnreadable("broken")
        data += number.to_bytes(size, "big")
    return bytes(data)


def as_pages(data: bytes, size: int = QR_BYTES) -> list[str]:
    """The file as pages ``SMPLQ1:<id>:<page>/<pages>:<base45>``; the id is the first 8 hex signs of its sha256 in capitals.

    Raises:
        BundleUnreadable: broken: more than 999 pages (give a file instead).
    """
    stretches = [data[place : place + size] for place in range(0, len(data), size)] or [b""]
    if len(stretches) > MOST_PAGES:
        raise BundleUnreadable("broken")
    name = hashlib.sha256(data).hexdigest()[:8].upper()
    return [
        f"SMPLQ{VERSION}:{name}:{number}/{len(stretches)}:{base45(stretch)}"
        for number, stretch in enumerate(stretches, start=1)
    ]


def from_pages(pages: Sequence[str]) -> bytes:
    """The file again, whatever the order and however often a page was read.

    Raises:
        BundleUnreadable: foreign, future, broken, tampered (the whole is not what its id says), or missing, with the pages not there.
    """
    got: dict[int, str] = {}
    names, totals = set(), set()
    for page in pages:
        told = _PAGE.fullmatch(page.strip("\r\n"))
        if told is None:
            raise BundleUnreadable("foreign" if page.strip() else "empty")
        if int(told[1]) != VERSION:
            raise BundleUnreadable("future")
        names.add(told[2])
        totals.add(int(told[4]))
        if got.setdefault(int(told[3]), told[5]) != told[5]:
            raise BundleUnreadable("tampered")
    if not got:
        raise BundleUnreadable("empty")
    if len(names) > 1 or len(totals) > 1:
        raise BundleUnreadable("foreign")
    total = totals.pop()
    if missing := [number for number in range(1, total + 1) if number not in got]:
        raise BundleUnreadable("missing", missing)
    if len(got) != total:
        raise BundleUnreadable("broken")
    data = b"".join(from_base45(got[number]) for number in range(1, total + 1))
    if hashlib.sha256(data).hexdigest()[:8].upper() != names.pop():
        raise BundleUnreadable("tampered")
    return data


def from_anything(data: bytes) -> bytes:
    """The file out of whatever was handed over: the file itself, its text form, or QR pages one on a line.

    Raises:
        BundleUnreadable: as the form says.
    """
    if MAGIC_OF_ANY.match(data[:12]) or not data.strip():
        return data
    try:
        words = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            words = data.decode("utf-16") if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ""
        except UnicodeDecodeError:
            words = ""
    if re.search(r"^[> ]*SIMPUL BUNDLE [0-9]", words, re.MULTILINE):
        return from_text(words)
    if words.lstrip().startswith("SMPLQ"):
        return from_pages([line for line in words.splitlines() if line.strip()])
    return data
