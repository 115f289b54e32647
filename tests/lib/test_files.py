"""The content-addressed store."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simpul.lib import files


@pytest.fixture
def store(tmp_path: Path) -> files.FileStore:
    """An empty store."""
    return files.FileStore(tmp_path / "files")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.binary(max_size=2_000))
def test_what_is_put_is_what_is_got(store: files.FileStore, data: bytes) -> None:
    digest = store.put(data)
    assert digest == hashlib.sha256(data).hexdigest()
    assert store.read(digest) == data
    assert store.size(digest) == len(data)
    assert store.is_intact(digest)


def test_the_same_bytes_are_kept_once(store: files.FileStore) -> None:
    assert store.put(b"foto") == store.put(b"foto")
    assert list(store.digests()) == [hashlib.sha256(b"foto").hexdigest()]


def test_a_file_is_gone_after_it_is_deleted(store: files.FileStore) -> None:
    digest = store.put(b"foto")
    assert store.delete(digest)
    assert not store.delete(digest)
    assert not store.exists(digest)
    for ask in (store.open, store.read, store.size):
        with pytest.raises(files.FileMissing):
            ask(digest)
    assert not store.is_intact(digest)


@pytest.mark.parametrize(
    "name", ["", "../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n", "a" * 62 + "/.", "é" * 64]
)
def test_only_a_hash_is_ever_part_of_a_path(store: files.FileStore, name: str) -> None:
    with pytest.raises(files.FileMissing):
        store.path(name)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_a_clear_refusal_and_leaves_nothing(
    store: files.FileStore, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def no_room(handle: int) -> None:
        raise OSError(number, "full")

    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(files.DiskFull, match="disk"):
        store.put(b"foto")
    assert [path for path in store.root.rglob("*") if path.is_file()] == []


def test_another_fault_of_the_disk_rises(store: files.FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(handle: int) -> None:
        raise OSError(errno.EIO, "input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="input/output"):
        store.put(b"foto")


def test_a_file_cut_short_by_a_crash_is_written_again(store: files.FileStore) -> None:
    digest = store.put(b"a whole photo")
    store.path(digest).write_bytes(b"a who")
    assert not store.is_intact(digest)
    assert store.put(b"a whole photo") == digest
    assert store.is_intact(digest)


def test_left_over_pieces_are_not_files(store: files.FileStore) -> None:
    digest = store.put(b"foto")
    (store.path(digest).parent / ".new-abc").write_bytes(b"half")
    assert list(store.digests()) == [digest]
