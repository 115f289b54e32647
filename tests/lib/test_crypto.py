"""The key ring: sealing, blind look-ups, signatures, PINs."""

from __future__ import annotations

import os
import stat
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simpul.lib import crypto

NIK = "7305010405800012"


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> crypto.KeyRing:
    """One installation's keys."""
    return crypto.KeyRing.create(tmp_path_factory.mktemp("data") / "keys")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_keys_are_for_their_owner_only(tmp_path: Path) -> None:
    ring = crypto.KeyRing.create(tmp_path / "keys")
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    files = sorted(ring.path.iterdir())
    assert [path.name for path in files] == ["data-001.key", "index-001.key", "sign-001.key"]
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in files)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_keys_that_others_can_read_are_refused_with_the_way_out(tmp_path: Path, mode: int) -> None:
    ring = crypto.KeyRing.create(tmp_path / "keys")
    (ring.path / "data-001.key").chmod(mode)
    with pytest.raises(crypto.KeysExposed, match="chmod 600"):
        crypto.KeyRing.load(ring.path)


def test_keys_are_never_overwritten(tmp_path: Path) -> None:
    ring = crypto.KeyRing.create(tmp_path / "keys")
    before = (ring.path / "data-001.key").read_text()
    with pytest.raises(crypto.KeysExist):
        crypto.KeyRing.create(ring.path)
    assert (ring.path / "data-001.key").read_text() == before


def test_a_missing_or_damaged_key_is_named(tmp_path: Path) -> None:
    with pytest.raises(crypto.KeysMissing):
        crypto.KeyRing.load(tmp_path / "nothing")
    ring = crypto.KeyRing.create(tmp_path / "keys")
    path = ring.path / "sign-001.key"
    path.write_text(path.read_text()[:20])
    with pytest.raises(crypto.KeysDamaged, match=r"sign-001\.key"):
        crypto.KeyRing.load(ring.path)
    path.unlink()
    with pytest.raises(crypto.KeysMissing):
        crypto.KeyRing.load(ring.path)


def test_a_ring_is_printed_without_its_keys(ring: crypto.KeyRing) -> None:
    secret = (ring.path / "data-001.key").read_text().strip()
    assert secret not in repr(ring)
    assert ring.data_keys[1].hex() not in repr(ring)
    assert repr(ring.data_keys[1]) not in repr(ring)


@given(
    st.binary(max_size=300) | st.text(st.characters(exclude_categories=["Cs"]), max_size=80),
    st.text("abc.:", max_size=20),
)
def test_what_is_sealed_opens_in_its_place_only(
    ring: crypto.KeyRing, value: bytes | str, context: str
) -> None:
    sealed = ring.encrypt(value, context)
    assert ring.decrypt(sealed, context) == (value.encode() if isinstance(value, str) else value)
    with pytest.raises(crypto.CannotDecrypt):
        ring.decrypt(sealed, context + "x")


@given(st.data())
def test_one_flipped_bit_is_refused(ring: crypto.KeyRing, data: st.DataObject) -> None:
    sealed = bytearray(ring.encrypt(NIK, "nik"))
    place = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[place // 8] ^= 1 << place % 8
    with pytest.raises(crypto.CannotDecrypt):
        ring.decrypt(bytes(sealed), "nik")


@pytest.mark.parametrize("broken", [b"", b"\x01", b"\x01" * 12, b"\x09" * 60])
def test_fragments_are_refused_not_a_fault(ring: crypto.KeyRing, broken: bytes) -> None:
    with pytest.raises(crypto.CannotDecrypt):
        ring.decrypt(broken, "nik")


def test_the_same_value_is_sealed_differently_each_time(ring: crypto.KeyRing) -> None:
    assert ring.encrypt(NIK, "nik") != ring.encrypt(NIK, "nik")
    assert ring.decrypt_text(memoryview(ring.encrypt(NIK, "nik")), "nik") == NIK  # type: ignore[arg-type]


def test_after_rotation_old_values_open_and_new_ones_use_the_new_key(tmp_path: Path) -> None:
    old = crypto.KeyRing.create(tmp_path / "keys")
    sealed, signature, index = old.encrypt(NIK, "nik"), old.sign(b"seal"), old.blind_index(NIK, "nik")
    new = old.rotate().rotate("sign")
    assert new.decrypt_text(sealed, "nik") == NIK
    assert not new.is_current(sealed)
    assert new.is_current(new.encrypt(NIK, "nik"))
    assert new.verify(b"seal", signature)
    assert new.sign(b"seal")[0] == 2
    assert new.public_key(1) == old.public_key() != new.public_key()
    assert new.blind_index(NIK, "nik") == index
    with pytest.raises(crypto.CannotDecrypt):
        old.decrypt(new.encrypt(NIK, "nik"), "nik")
    with pytest.raises(ValueError, match="index"):
        new.rotate("index")


def test_a_blind_index_depends_on_value_purpose_and_installation(
    ring: crypto.KeyRing, tmp_path: Path
) -> None:
    index = ring.blind_index(NIK, "nik")
    assert len(index) == 64
    assert index == ring.blind_index(NIK.encode(), "nik")
    others = {
        ring.blind_index(NIK[:-1] + "3", "nik"),
        ring.blind_index(NIK, "kk"),
        crypto.KeyRing.create(tmp_path / "keys").blind_index(NIK, "nik"),
    }
    assert len(others | {index}) == 4


def test_signatures_hold_for_exactly_what_was_signed(ring: crypto.KeyRing, tmp_path: Path) -> None:
    signature = ring.sign(b"root 1")
    assert len(signature) == 65
    assert ring.verify(b"root 1", signature)
    assert not ring.verify(b"root 2", signature)
    assert not ring.verify(b"root 1", signature[:-1] + bytes([signature[-1] ^ 1]))
    assert not ring.verify(b"root 1", b"")
    assert crypto.verify_with(ring.public_key(), b"root 1", signature)
    stranger = crypto.KeyRing.create(tmp_path / "keys")
    assert not stranger.verify(b"root 1", signature)
    assert not crypto.verify_with(b"short", b"root 1", signature)


def test_pins_are_hashed_with_the_agreed_cost() -> None:
    hashed = crypto.hash_pin("481923")
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert hashed != crypto.hash_pin("481923")
    assert crypto.verify_pin("481923", hashed)
    assert not crypto.verify_pin("481924", hashed)
    assert not crypto.verify_pin("481923", "not a hash")


def test_an_unknown_number_costs_as_much_time_as_a_wrong_pin() -> None:
    hashed = crypto.hash_pin("481923")
    crypto.verify_pin("000001", None)

    def cost(known: str | None) -> float:
        begun = time.process_time()
        for _ in range(5):
            assert not crypto.verify_pin("000001", known)
        return time.process_time() - begun

    assert 1 / 3 < cost(None) / cost(hashed) < 3
    assert not crypto.verify_pin("", None)
    assert not crypto.verify_pin("", "")


def test_a_full_disk_leaves_no_half_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ring = crypto.KeyRing.create(tmp_path / "keys")

    def no_room(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(OSError, match="No space"):
        ring.rotate()
    monkeypatch.undo()
    assert sorted(crypto.KeyRing.load(ring.path).data_keys) == [1]
