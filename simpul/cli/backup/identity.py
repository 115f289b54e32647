"""Who can open a copy: the installation's own age identity, and others by their public keys.

The identity is made with the first copy and lives beside the keys, because a copy is only believed after it was opened
again. It must also be kept somewhere else: a copy whose identity burned with the machine is lost. It can be written to a
file, in the clear or sealed with a passphrase; both are plain age formats.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pyrage
from django.utils.translation import gettext_lazy as _

from simpul.lib.errors import Refused

FILE = "backup-identity.txt"
_AGE_HEAD = b"age-encryption.org/"


class RecipientWrong(Refused):
    """That is no age public key."""

    code = "copy.recipient"
    sentence = _("%(given)s is not an age public key (age1...).")


class IdentityMissing(Refused):
    """No identity to open the copy with."""

    code = "copy.no_identity"
    sentence = _("To open this copy, give the file with its identity: --identity FILE.")


class IdentityWrong(Refused):
    """The file holds no identity."""

    code = "copy.identity"
    sentence = _("%(path)s holds no age identity (AGE-SECRET-KEY-1...), or the passphrase is wrong.")


def own(keys: Path) -> tuple[Any, bool]:
    """The installation's identity, and whether it was made just now."""
    path = keys / FILE
    if path.exists():
        return read(path)[0], False
    identity = pyrage.x25519.Identity.generate()
    _write(path, _text(identity).encode())
    return identity, True


def _text(identity: Any) -> str:
    head = "# Simpul: opens the copies of this installation. Keep it apart from the copies."
    return f"{head}\n# public key: {identity.to_public()}\n{identity}\n"


def export(keys: Path, target: Path, passphrase: str = "") -> None:
    """Write the identity to a file of its own, sealed when there is a passphrase. An existing file is left alone."""
    data = _text(own(keys)[0]).encode()
    _write(target, pyrage.passphrase.encrypt(data, passphrase) if passphrase else data)


def _write(path: Path, data: bytes) -> None:
    """A new file that only its owner may read, on disk for good. Raises ``FileExistsError``."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def is_sealed(path: Path) -> bool:
    """True when a passphrase is needed to read this identity."""
    with path.open("rb") as stream:
        return stream.read(len(_AGE_HEAD)) == _AGE_HEAD


def read(path: Path, passphrase: str = "") -> list[Any]:
    """The identities in a file.

    Raises:
        IdentityMissing, IdentityWrong.
    """
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise IdentityMissing from fault
    try:
        if data.startswith(_AGE_HEAD):
            data = pyrage.passphrase.decrypt(data, passphrase)
        lines = [line.strip() for line in data.decode("ascii").splitlines()]
        found = [
            pyrage.x25519.Identity.from_str(line) for line in lines if line.startswith("AGE-SECRET-KEY-")
        ]
    except (UnicodeDecodeError, pyrage.IdentityError, pyrage.DecryptError) as fault:
        raise IdentityWrong(path=path) from fault
    if not found:
        raise IdentityWrong(path=path)
    return found


def recipients(identity: Any, others: list[str]) -> list[Any]:
    """Everybody a copy is sealed for.

    Raises:
        RecipientWrong.
    """
    found = [identity.to_public()]
    for given in others:
        try:
            found.append(pyrage.x25519.Recipient.from_str(given.strip()))
        except pyrage.RecipientError as fault:
            raise RecipientWrong(given=given) from fault
    return found
