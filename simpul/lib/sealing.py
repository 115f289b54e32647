"""Sealing to a recipient (HPKE, RFC 9180) and signing with a device's key: what crosses hands that must not read it.

One suite everywhere: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, single shot, so that every browser with WebCrypto can do it.
What is sealed is ``enc || ciphertext``: 65 bytes of the ephemeral key, then the ciphertext with its 16-byte tag. Public keys are
uncompressed points (65 bytes). Signatures are Ed25519 (64 bytes), or ECDSA over P-256 with SHA-256 as r || s (64 bytes) where a phone's
browser knows no Ed25519.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils.translation import gettext_lazy as _

from simpul.lib.errors import Refused

ED25519 = "ed25519"
P256 = "p256"
_SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_CURVE = ec.SECP256R1()
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class CannotOpen(Refused):
    """Sealed for somebody else, damaged on its way, or cut off."""

    code = "sealing.cannot_open"
    sentence = _("This cannot be opened here. It is meant for another server, or it was damaged on its way.")


class KeyUnreadable(Refused):
    """What was given is no public key."""

    code = "sealing.key_unreadable"
    sentence = _("The device's key cannot be read. Enrol the device again.")


def private_from(secret: bytes, purpose: bytes) -> ec.EllipticCurvePrivateKey:
    """The P-256 key that belongs to a secret of an installation: derived, so that there is no further file to lose."""
    seed = HKDF(algorithm=hashes.SHA256(), length=48, salt=None, info=b"simpul:" + purpose).derive(secret)
    return ec.derive_private_key(int.from_bytes(seed, "big") % (_ORDER - 1) + 1, _CURVE)


def public_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The 65 bytes of its public key."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def key_id(public: bytes) -> str:
    """Eight hex signs that name a public key."""
    return hashlib.sha256(public).hexdigest()[:8]


def seal(public: bytes | memoryview, plain: bytes, info: bytes) -> bytes:
    """Seal ``plain`` to a public key. ``info`` binds it to its place: the same must be given to open it.

    Raises:
        KeyUnreadable: ``public`` is no point of the curve.
    """
    return _SUITE.encrypt(plain, _point(bytes(public)), info)


def unseal(private: ec.EllipticCurvePrivateKey, sealed: bytes | memoryview, info: bytes) -> bytes:
    """Open what ``seal`` made.

    Raises:
        CannotOpen: another key, another place, or damaged.
    """
    try:
        return _SUITE.decrypt(bytes(sealed), private, info)
    except (InvalidTag, ValueError):
        raise CannotOpen from None


def check_public(algorithm: str, public: bytes) -> None:
    """Refuse what cannot be a signing key of this algorithm.

    Raises:
        KeyUnreadable: unknown algorithm, wrong length, or no point.
    """
    if algorithm == ED25519:
        if len(public) != 32:
            raise KeyUnreadable
    elif algorithm == P256:
        _point(bytes(public))
    else:
        raise KeyUnreadable


def signed_by(algorithm: str, public: bytes | memoryview, data: bytes, signature: bytes | memoryview) -> bool:
    """True when the key of this device signed exactly ``data``."""
    signature = bytes(signature)
    if len(signature) != 64:
        return False
    try:
        if algorithm == ED25519:
            ed25519.Ed25519PublicKey.from_public_bytes(bytes(public)).verify(signature, data)
            return True
        r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
        _point(bytes(public)).verify(encode_dss_signature(r, s), data, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError, KeyUnreadable):
        return False
    return True


@lru_cache(maxsize=1024)
def _point(public: bytes) -> ec.EllipticCurvePublicKey:
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, public)
    except ValueError:
        raise KeyUnreadable from None
