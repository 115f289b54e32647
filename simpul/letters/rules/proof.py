"""The signed code on a letter: read, checked and judged with nothing but public keys and a list of what was taken back.

Format, version 1 (``SL1``)::

    SL1:<base45 of data>            data = fields | digest (16 bytes) | signature (64 bytes)
    fields = village code|number|type|day|masked name|last day|key code|      UTF-8, days as YYMMDD, last day "" when there is none

The signature is Ed25519 over ``SL1:`` and everything before it, so that a signature of another kind of thing never fits. The digest
is the first 128 bits of the letter's (``rules.content``). base45 (RFC 9285) is what QR codes hold most densely: about 260 signs, version 9
or 10, 2.6 cm at level M. A later format gets another prefix; readers of today say so instead of guessing.

What a code proves: these fields were signed by the holder of that key. The text of the letter is compared with the file or the record.
The twin in the browser is ``static/js/letter-proof/core.js``; both are held together by ``tests/vectors/letters``.
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b32encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from simpul.letters.rules import validity

PREFIX = "SL1:"
_ANY_PREFIX = re.compile(r"SL([0-9]{1,3}):")
_DIGEST = 16
_SIGNATURE = 64
_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_FIELDS = 7
_LONGEST = 600
FILE_FORMAT = "simpul-surat-kunci-1"

VERDICTS: tuple[str, ...] = (
    *validity.STATES,
    "unreadable",
    "newer_format",
    "unknown_key",
    "other_village",
    "forged",
    "key_retired",
    "from_tomorrow",
)
"""Every answer there is. Only ``valid`` is a yes."""


class Unreadable(ValueError):  # noqa: N818 - it is a fact about a text, said to a program
    """The text is no code of this format. ``reason``: unreadable, newer_format."""

    def __init__(self, reason: str = "unreadable") -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Fields:
    """What a code says in clear."""

    region_code: str
    number: str
    type_code: str
    letter_date: date
    name: str  # masked
    valid_until: date | None
    key_code: str


@dataclass(frozen=True, slots=True)
class Code:
    """A code that was read; nothing about it is believed yet."""

    fields: Fields
    digest: bytes  # 16 bytes
    signed: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A village's key as everybody may know it."""

    code: str
    region_code: str
    village: str
    public: bytes
    retired_date: date | None = None
    certificate: str = ""  # fingerprint of the one its files are sealed with


@dataclass(frozen=True, slots=True)
class Known:
    """What a checker carries: keys, and what was taken back, as it was at a moment."""

    keys: Mapping[str, PublicKey] = field(default_factory=dict)
    taken_back: Mapping[str, str] = field(
        default_factory=dict
    )  # 32 hex signs of the digest: revoked, superseded, cancelled
    made_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """One of ``VERDICTS``, with what the code says where it could be read."""

    state: str
    fields: Fields | None = None
    digest: str = ""  # 32 hex signs
    village: str = ""

    @property
    def genuine(self) -> bool:
        """True when that village really wrote it, whatever became of it since."""
        return self.state in validity.STATES


# --- making ---------------------------------------------------------------------------------------------------------


def masked(name: str) -> str:
    """``Sitti Rahma`` -> ``S*** R***``: enough for who holds the letter, too little for who finds it. At most four words."""
    return " ".join(f"{word[0].upper()}***" for word in name.split()[:4])


def key_code(public: bytes) -> str:
    """A key's name in the code: 8 signs, the first 40 bits of its SHA-256."""
    return b32encode(hashlib.sha256(public).digest()[:5]).decode()


def make(fields: Fields, digest: str, private: bytes) -> str:
    """The signed code of a letter. ``digest``: 64 hex signs; ``private``: the 32 bytes of the village's key."""
    told = "|".join((*_texts(fields), "")).encode()
    data = told + bytes.fromhex(digest)[:_DIGEST]
    signature = Ed25519PrivateKey.from_private_bytes(private).sign(PREFIX.encode() + data)
    return PREFIX + base45(data + signature)


def _texts(fields: Fields) -> tuple[str, ...]:
    return tuple(
        one.replace("|", "/")
        for one in (
            fields.region_code,
            fields.number,
            fields.type_code,
            f"{fields.letter_date:%y%m%d}",
            fields.name,
            f"{fields.valid_until:%y%m%d}" if fields.valid_until else "",
            fields.key_code,
        )
    )


# --- reading and judging ---------------------------------------------------------------------------------------------


def read(text: str) -> Code:
    """A code as it was scanned or typed off. Raises ``Unreadable``."""
    text = re.sub(r"[\r\n\t]", "", text).strip(" ")
    told = _ANY_PREFIX.match(text)
    if told is None or len(text) > _LONGEST:
        raise Unreadable
    if told[0] != PREFIX:
        raise Unreadable("newer_format")
    data = _restored(text[len(PREFIX) :])
    head, digest, signature = (
        data[: -_DIGEST - _SIGNATURE],
        data[-_DIGEST - _SIGNATURE : -_SIGNATURE],
        data[-_SIGNATURE:],
    )
    try:
        parts = head.decode().split("|")
        if len(parts) != _FIELDS + 1 or parts[-1]:
            raise Unreadable
        fields = Fields(
            parts[0],
            parts[1],
            parts[2],
            _day(parts[3]),
            parts[4],
            _day(parts[5]) if parts[5] else None,
            parts[6],
        )
    except ValueError as fault:
        raise Unreadable from fault
    return Code(fields, digest, data[:-_SIGNATURE], signature)


def judge(text: str, known: Known, today: date) -> Verdict:
    """Whether a code is true today: first whether it can be read, then whose it is, then what became of the letter.

    A retired key proves what it signed while it was in use: a letter dated later than its last day is refused, because
    whoever stole the key could write one.
    """
    try:
        code = read(text)
    except Unreadable as fault:
        return Verdict(fault.reason)
    fields, digest = code.fields, code.digest.hex()
    key = known.keys.get(fields.key_code)
    if key is None:
        return Verdict("unknown_key", fields, digest)
    state = _refusal(code, key, today) or validity.state_of(
        standing(fields.valid_until, known.taken_back.get(digest, "")), today
    )
    return Verdict(state, fields, digest, key.village)


def standing(valid_until: date | None, taken_back: str) -> validity.Standing:
    """What a list of taken-back letters says, as a standing."""
    return validity.Standing(
        valid_until,
        cancelled=taken_back == "cancelled",
        revoked=taken_back == "revoked",
        superseded=taken_back == "superseded",
    )


def _refusal(code: Code, key: PublicKey, today: date) -> str:
    if not is_signed(key.public, code):
        return "forged"
    if key.region_code != code.fields.region_code:
        return "other_village"
    if key.retired_date is not None and code.fields.letter_date > key.retired_date:
        return "key_retired"
    if code.fields.letter_date > today + timedelta(days=1):  # the clocks of two zones may be a day apart
        return "from_tomorrow"
    return ""


def is_signed(public: bytes, code: Code) -> bool:
    """True when the holder of this key signed exactly this code."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(code.signature, PREFIX.encode() + code.signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def _day(told: str) -> date:
    if not re.fullmatch(r"[0-9]{6}", told):
        raise ValueError(told)
    return date(2000 + int(told[:2]), int(told[2:4]), int(told[4:]))


# --- base45 ---------------------------------------------------------------------------------------------------------


def base45(data: bytes) -> str:
    """RFC 9285."""
    out = []
    for place in range(0, len(data), 2):
        pair = data[place : place + 2]
        number = int.from_bytes(pair, "big")
        for _power in range(len(pair) + 1):
            number, sign = divmod(number, 45)
            out.append(_SIGNS[sign])
    return "".join(out)


def _restored(words: str) -> bytes:
    if len(words) % 3 == 1 or any(sign not in _SIGNS for sign in words):
        raise Unreadable
    data = bytearray()
    for place in range(0, len(words), 3):
        group = words[place : place + 3]
        number = sum(_SIGNS.index(sign) * 45**power for power, sign in enumerate(group))
        size = len(group) - 1
        if number >= 256**size:
            raise Unreadable
        data += number.to_bytes(size, "big")
    if len(data) <= _DIGEST + _SIGNATURE:
        raise Unreadable
    return bytes(data)


# --- the file of keys -------------------------------------------------------------------------------------------------


def keys_body(known: Known) -> dict[str, Any]:
    """What a file of keys holds, before it is signed: public keys, and the list of what was taken back."""
    return {
        "format": FILE_FORMAT,
        "made_at": known.made_at.astimezone(UTC).isoformat(timespec="seconds") if known.made_at else "",
        "keys": [
            {
                "code": key.code,
                "village": key.region_code,
                "name": key.village,
                "public": key.public.hex(),
                "certificate": key.certificate,
                "retired": key.retired_date.isoformat() if key.retired_date else "",
            }
            for key in sorted(known.keys.values(), key=lambda one: (one.region_code, one.code))
        ],
        "taken_back": dict(sorted(known.taken_back.items())),
    }


def signed_bytes(body: Mapping[str, Any]) -> bytes:
    """The bytes of a file of keys that its maker signs."""
    told = {key: value for key, value in body.items() if key not in ("signer", "signature")}
    return (
        b"simpul-surat-kunci\n"
        + json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    )


def read_keys(words: str | bytes) -> tuple[Known, Mapping[str, Any]]:
    """A file of keys: what it says, and the file itself with its signature. Raises ``ValueError`` for anything else."""
    body = json.loads(words)
    if not isinstance(body, dict) or body.get("format") != FILE_FORMAT:
        raise ValueError("no file of keys")
    keys = _keys(body["keys"])
    made = datetime.fromisoformat(body["made_at"]) if body.get("made_at") else None
    return Known({one.code: one for one in keys}, dict(body["taken_back"]), made), body


def _keys(rows: Sequence[Mapping[str, str]]) -> list[PublicKey]:
    return [
        PublicKey(
            row["code"],
            row["village"],
            row["name"],
            bytes.fromhex(row["public"]),
            date.fromisoformat(row["retired"]) if row["retired"] else None,
            row.get("certificate", ""),
        )
        for row in rows
    ]
