"""Merkle roots after RFC 6962."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.lib import merkle

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "merkle.json").read_text())
entries = st.lists(st.binary(max_size=40), min_size=1, max_size=40)


def hashed(data: list[bytes]) -> list[bytes]:
    return [merkle.leaf_hash(entry) for entry in data]


def recursive_root(leaves: list[bytes]) -> bytes:
    """The definition of the RFC, word for word."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + recursive_root(leaves[:split]) + recursive_root(leaves[split:])).digest()


@pytest.mark.parametrize("size", range(len(VECTORS["roots"])))
def test_roots_are_those_of_certificate_transparency(size: int) -> None:
    leaves = hashed([bytes.fromhex(entry) for entry in VECTORS["entries"][:size]])
    assert merkle.root(leaves).hex() == VECTORS["roots"][size]


@given(entries)
def test_the_root_is_that_of_the_recursive_definition(data: list[bytes]) -> None:
    assert merkle.root(hashed(data)) == recursive_root(hashed(data))


@given(entries, st.data())
def test_every_leaf_is_proved_and_no_other(data: list[bytes], draw: st.DataObject) -> None:
    leaves = hashed(data)
    root = merkle.root(leaves)
    place = draw.draw(st.integers(0, len(leaves) - 1))
    path = merkle.proof(leaves, place)
    assert merkle.proves(leaves[place], place, len(leaves), path, root)
    assert not merkle.proves(merkle.leaf_hash(b"\xff" * 50), place, len(leaves), path, root)
    assert not merkle.proves(leaves[place], place, len(leaves), [*path, root], root)
    assert not merkle.proves(leaves[place], len(leaves), len(leaves), path, root)


@given(entries, st.data())
def test_a_changed_removed_or_inserted_line_changes_the_root(data: list[bytes], draw: st.DataObject) -> None:
    place = draw.draw(st.integers(0, len(data) - 1))
    root = merkle.root(hashed(data))
    assert merkle.root(hashed([*data[:place], data[place] + b"!", *data[place + 1 :]])) != root
    assert merkle.root(hashed(data[:place] + data[place + 1 :])) != root
    assert merkle.root(hashed([*data[:place], b"new", *data[place:]])) != root


def test_a_leaf_is_never_a_node() -> None:
    left, right = merkle.leaf_hash(b"a"), merkle.leaf_hash(b"b")
    assert merkle.leaf_hash(left + right) != merkle.node_hash(left, right)


def test_data_that_was_not_hashed_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        merkle.root([b"a line"])
    with pytest.raises(ValueError, match="no such leaf"):
        merkle.proof([merkle.leaf_hash(b"")], 1)
    assert not merkle.proves(merkle.leaf_hash(b"a"), 0, 2, [], merkle.leaf_hash(b"a"))
