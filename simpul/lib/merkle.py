"""Merkle roots for sealing the journal, after RFC 6962 section 2.1.

Leaves and inner nodes are hashed with different first bytes (0 and 1), so that a node can never be passed off as a
leaf. A tree of n leaves splits at the largest power of two below n; the root of no leaves is the hash of nothing.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

HASH_BYTES = 32


def leaf_hash(data: bytes) -> bytes:
    """SHA-256 of a zero byte and the data: what a sealed line contributes."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 of a one byte and two child hashes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes (make them with ``leaf_hash``), 32 bytes.

    Pairing level by level, with a last odd node carried up unchanged, gives the same tree as the recursive split.
    Raises ``ValueError`` when a leaf is not 32 bytes long, which mostly means that data was passed unhashed.
    """
    if any(len(leaf) != HASH_BYTES for leaf in leaves):
        raise ValueError("leaves are hashes of 32 bytes; pass data through leaf_hash first")
    level = list(leaves)
    if not level:
        return hashlib.sha256(b"").digest()
    while len(level) > 1:
        level = _next_level(level)
    return level[0]


def proof(leaves: Sequence[bytes], position: int) -> list[bytes]:
    """The sibling hashes, from the leaf upwards, that lead from ``leaves[position]`` to the root (audit path)."""
    if not 0 <= position < len(leaves):
        raise ValueError("there is no such leaf")
    path: list[bytes] = []
    level = list(leaves)
    while len(level) > 1:
        sibling = position ^ 1
        if sibling < len(level):
            path.append(level[sibling])
        level, position = _next_level(level), position // 2
    return path


def proves(leaf: bytes, position: int, size: int, path: Sequence[bytes], expected_root: bytes) -> bool:
    """True when ``path`` proves that ``leaf`` stands at ``position`` in the tree of ``size`` leaves with that root."""
    if not 0 <= position < size:
        return False
    remaining, value = list(path), leaf
    while size > 1:
        sibling = position ^ 1
        if sibling < size:
            if not remaining:
                return False
            other = remaining.pop(0)
            value = node_hash(other, value) if position & 1 else node_hash(value, other)
        position, size = position // 2, (size + 1) // 2
    return not remaining and hmac.compare_digest(value, expected_root)


def _next_level(level: list[bytes]) -> list[bytes]:
    paired = [node_hash(level[start], level[start + 1]) for start in range(0, len(level) - 1, 2)]
    return [*paired, level[-1]] if len(level) % 2 else paired
