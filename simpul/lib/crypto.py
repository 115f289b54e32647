"""Keys of one installation: sealing fields, blind look-ups, signatures, and PIN hashes.

The key ring lives in its own folder (0700) of the data folder, one small file (0600) per key and version:

* ``data-001.key``: AES-256-GCM for identity numbers and other sealed fields. A new version is added by ``rotate``; old
  versions still open what they sealed. At most 2**32 values should be sealed with one version (random 96-bit nonces).
* ``index-001.key``: HMAC-SHA256 for blind indexes. It has one version: changing it means computing every index again.
* ``sign-001.key``: Ed25519, for seals of the journal, bundles and letters.

Losing the folder loses every sealed field for ever; it is part of each backup.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import stat
import sys
import tempfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

import argon2
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.utils.translation import gettext_lazy as _

from simpul.lib import sealing
from simpul.lib.errors import Refused

Purpose = Literal["data", "index", "sign"]

_KEY_BYTES = 32
_NONCE_BYTES = 12
_FILE = re.compile(r"(data|index|sign)-([0-9]{3})\.key")
_CONTENT = re.compile(r"[0-9a-f]{64}\n?")


class KeysExposed(Refused):
    """Other users of this machine could read the keys."""

    code = "keys.exposed"
    sentence = _(
        "The key file %(path)s can be read by other users of this machine. Close it with: chmod 600 %(path)s"
    )


class KeysMissing(Refused):
    """The folder has no keys, or not all of them."""

    code = "keys.missing"
    sentence = _("There is no complete set of keys in %(path)s. Restore the folder from a backup.")


class KeysDamaged(Refused):
    """A key file is not what was written."""

    code = "keys.damaged"
    sentence = _("The key file %(path)s is damaged. Restore it from a backup.")


class KeysExist(Refused):
    """A key ring is never overwritten."""

    code = "keys.exist"
    sentence = _("There are keys in %(path)s already. They were left as they are.")


class CannotDecrypt(Refused):
    """The value was changed, moved to another place, or sealed with a key that is not here."""

    code = "crypto.cannot_decrypt"
    sentence = _("A protected value cannot be opened. Its key may be missing, or it was changed.")


@dataclass(frozen=True, repr=False)
class KeyRing:
    """All keys of an installation, in memory. Made by ``create`` or ``load``; never printed."""

    path: Path
    data_keys: dict[int, bytes] = field(default_factory=dict)
    index_key: bytes = b""
    sign_keys: dict[int, Ed25519PrivateKey] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"KeyRing({self.path}, data {sorted(self.data_keys)}, sign {sorted(self.sign_keys)})"

    # --- files ---

    @classmethod
    def create(cls, path: Path) -> KeyRing:
        """Make a new set of keys in ``path``. Raises ``KeysExist`` rather than touch an existing set."""
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(_FILE.fullmatch(entry.name) for entry in path.iterdir()):
            raise KeysExist(path=path)
        for purpose in ("data", "index", "sign"):
            _write_key(path / f"{purpose}-001.key")
        return cls.load(path)

    @classmethod
    def load(cls, path: Path) -> KeyRing:
        """Read the keys. Raises ``KeysMissing``, ``KeysDamaged`` or, on POSIX, ``KeysExposed``."""
        found: dict[str, dict[int, bytes]] = {"data": {}, "index": {}, "sign": {}}
        for entry in sorted(path.iterdir()) if path.is_dir() else []:
            if match := _FILE.fullmatch(entry.name):
                found[match[1]][int(match[2])] = _read_key(entry)
        if not all(found.values()):
            raise KeysMissing(path=path)
        signers = {v: Ed25519PrivateKey.from_private_bytes(seed) for v, seed in found["sign"].items()}
        return cls(path, found["data"], found["index"][min(found["index"])], signers)

    def rotate(self, purpose: Purpose = "data") -> KeyRing:
        """Add a new version of the data or the signing key and return the ring that uses it.

        Raises ``ValueError`` for the index key and after 255 versions.
        """
        if purpose == "index":
            raise ValueError(
                "the index key is not rotated: every blind index would have to be computed again"
            )
        version = 1 + max(self.data_keys if purpose == "data" else self.sign_keys)
        if version > 255:
            raise ValueError("a key version is one byte")
        _write_key(self.path / f"{purpose}-{version:03d}.key")
        return KeyRing.load(self.path)

    # --- sealed fields ---

    def encrypt(self, value: bytes | str, context: str) -> bytes:
        """Seal ``value``: key version (1 byte), nonce (12), ciphertext and tag. UTF-8 for text.

        ``context`` names the place ("people.person.nik:<id>"); the same must be given to open it, so that a sealed
        value copied into another row is refused.
        """
        version, nonce = max(self.data_keys), secrets.token_bytes(_NONCE_BYTES)
        sealed = AESGCM(self.data_keys[version]).encrypt(nonce, _bytes(value), _aad(version, context))
        return bytes([version]) + nonce + sealed

    def decrypt(self, sealed: bytes, context: str) -> bytes:
        """Open what ``encrypt`` sealed. Raises ``CannotDecrypt``."""
        sealed = bytes(sealed)  # databases hand out memoryviews
        key = self.data_keys.get(sealed[0]) if sealed else None
        if key is None or len(sealed) <= _NONCE_BYTES:
            raise CannotDecrypt
        nonce, body = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        try:
            return AESGCM(key).decrypt(nonce, body, _aad(sealed[0], context))
        except InvalidTag:
            raise CannotDecrypt from None

    def decrypt_text(self, sealed: bytes, context: str) -> str:
        """Open a sealed text. Raises ``CannotDecrypt``."""
        return self.decrypt(sealed, context).decode()

    def is_current(self, sealed: bytes) -> bool:
        """False when ``sealed`` should be sealed again with the newest key."""
        return bool(sealed) and bytes(sealed[:1])[0] == max(self.data_keys)

    def blind_index(self, value: bytes | str, purpose: str) -> str:
        """64 hex signs that are equal exactly when ``value`` and ``purpose`` are; useless without the key.

        Clean the value first (``nik.clean``): the index knows no spellings.
        """
        key = hmac.digest(self.index_key, b"blind-index:" + purpose.encode(), hashlib.sha256)
        return hmac.digest(key, _bytes(value), hashlib.sha256).hex()

    # --- signatures ---

    def sign(self, data: bytes) -> bytes:
        """65 bytes: the signing key's version and its Ed25519 signature over ``data``."""
        version = max(self.sign_keys)
        return bytes([version]) + self.sign_keys[version].sign(data)

    def verify(self, data: bytes, signature: bytes) -> bool:
        """True when one of this installation's keys signed exactly ``data``."""
        signature = bytes(signature)
        key = self.sign_keys.get(signature[0]) if signature else None
        return key is not None and verify_with(key.public_key().public_bytes_raw(), data, signature)

    def seal_private(self, version: int | None = None) -> ec.EllipticCurvePrivateKey:
        """The key that opens what was sealed to this installation (``lib.sealing``): derived from a signing key, never stored."""
        return _seal_private(self.sign_keys[version or max(self.sign_keys)].private_bytes_raw())

    def seal_public(self, version: int | None = None) -> bytes:
        """The 65 bytes others seal to; the newest, or that of ``version``."""
        return sealing.public_of(self.seal_private(version))

    def seal_ids(self) -> dict[str, int]:
        """Which version a sealing key's name stands for: what was sealed to an older key is still opened."""
        return {sealing.key_id(self.seal_public(version)): version for version in self.sign_keys}

    def public_key(self, version: int | None = None) -> bytes:
        """The 32 raw bytes others verify with; the newest, or that of ``version`` (``KeyError`` when unknown)."""
        return self.sign_keys[version or max(self.sign_keys)].public_key().public_bytes_raw()


@cache
def _seal_private(seed: bytes) -> ec.EllipticCurvePrivateKey:
    return sealing.private_from(seed, b"seal")


def verify_with(public_key: bytes, data: bytes, signature: bytes) -> bool:
    """Verify a 65-byte ``KeyRing.sign`` signature of another installation by its public key."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(bytes(signature)[1:], data)
    except (InvalidSignature, ValueError):
        return False
    return True


def _bytes(value: bytes | str) -> bytes:
    return value.encode() if isinstance(value, str) else value


def _aad(version: int, context: str) -> bytes:
    return bytes([version]) + context.encode()


def _write_key(path: Path) -> None:
    """A new random key, whole and on disk for good before it is used. Raises ``FileExistsError`` when it is there."""
    handle, name = tempfile.mkstemp(prefix=".new-", dir=path.parent)  # 0600 from the start
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(secrets.token_hex(_KEY_BYTES) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        os.link(temporary, path)  # unlike a rename, this never replaces a key
    finally:
        temporary.unlink()
    if sys.platform != "win32":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _read_key(path: Path) -> bytes:
    with path.open(encoding="ascii", errors="replace") as stream:
        if sys.platform != "win32" and os.fstat(stream.fileno()).st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise KeysExposed(path=path)
        content = stream.read(_KEY_BYTES * 4)
    if not _CONTENT.fullmatch(content):
        raise KeysDamaged(path=path)
    return bytes.fromhex(content)


# --- PINs -----------------------------------------------------------------------------------------------------------

_pins = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""OWASP's parameters for argon2id: 19 MiB, two passes, one lane; about 20 ms."""


def hash_pin(pin: str) -> str:
    """An argon2id hash of a PIN, with its salt and parameters."""
    return _pins.hash(pin)


def verify_pin(pin: str, hashed: str | None) -> bool:
    """True when ``pin`` belongs to ``hashed``.

    Give ``None`` for a number that does not exist: the same work is done, so the time tells nothing.
    """
    try:
        _pins.verify(hashed or _hash_of_nothing(), pin)
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False
    return bool(hashed)


@cache
def _hash_of_nothing() -> str:
    """A hash that no PIN has."""
    return _pins.hash(secrets.token_hex(_KEY_BYTES))
