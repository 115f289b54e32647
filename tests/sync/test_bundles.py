"""Bundles: one form with the JavaScript side, every corruption is found, partial, repeated and reordered import is harmless."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from simpul.journal.models import Line
from simpul.lib import sealing
from simpul.lib.actor import ANYBODY
from simpul.lib.errors import NotAllowed
from simpul.lib.keys import ring
from simpul.sync.actions import bundling
from simpul.sync.models import Envelope, Letter
from simpul.sync.queries import bundles as queries
from simpul.sync.rules import bundles, segments
from simpul.sync.rules.canonical import b64
from tests.cast import Cast
from tests.sync.bundle_parts import NOW, Phone

VECTORS = json.loads(Path("tests/vectors/sync/bundles.json").read_text(encoding="utf-8"))


# --- the form, shared with bundle.js --------------------------------------------------------------------------------


@pytest.mark.parametrize("case", VECTORS["bundles"], ids=lambda case: case["name"])
def test_the_samples_are_written_and_read_alike(case: dict[str, Any]) -> None:
    parts = [(kind, bytes.fromhex(content)) for kind, content in case["parts"]]
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(VECTORS["seed"]))
    signed = bundles.signed_of(case["made"], case["by"], bundles.named(parts))
    assert b64(signed) == case["signed"]
    assert b64(key.sign(signed)) == case["signature"]
    data = bundles.write(case["made"], case["by"], parts, key.sign(signed))
    assert data.hex() == case["bytes"]
    found = bundles.read(data)
    assert [(one.kind, one.content) for one in found.parts] == parts
    assert not found.faults
    assert bundles.as_text(data) == case["text"]
    assert bundles.from_text(case["text"]) == data
    assert bundles.as_pages(data, 400) == case["pages"]
    assert bundles.from_pages(case["pages"][::-1] + case["pages"][:1]) == data


@pytest.mark.parametrize("case", VECTORS["faults"], ids=lambda case: case["name"])
def test_the_samples_of_faults_are_named(case: dict[str, Any]) -> None:
    assert case["reason"] in _faults(bytes.fromhex(case["bytes"]))


@pytest.mark.parametrize("case", VECTORS["base45"], ids=lambda case: case["text"][:10] or "nothing")
def test_base45(case: dict[str, str]) -> None:
    assert bundles.base45(bytes.fromhex(case["bytes"])) == case["text"]
    assert bundles.from_base45(case["text"]).hex() == case["bytes"]


@given(st.binary(max_size=3000), st.integers(100, 900))
def test_every_form_gives_the_same_bytes(data: bytes, size: int) -> None:
    assert bundles.from_text("Halo,\n" + bundles.as_text(data) + "salam") == data
    assert bundles.from_pages(bundles.as_pages(data, size)) == data


def _faults(data: bytes) -> list[str]:
    try:
        return bundles.read(bundles.from_anything(data)).faults
    except bundles.BundleUnreadable as fault:
        return [fault.reason]


# --- every corruption is found --------------------------------------------------------------------------------------

GOOD = bytes.fromhex(VECTORS["bundles"][0]["bytes"])
PUBLIC = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(VECTORS["seed"])).public_key().public_bytes_raw()


def _is_found(data: bytes) -> bool:
    """Some fault is named, or the signature is not the maker's any more."""
    try:
        found = bundles.read(bundles.from_anything(data))
    except bundles.BundleUnreadable:
        return True
    return bool(found.faults) or not sealing.signed_by("ed25519", PUBLIC, found.signed, found.signature)


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_any_change_of_a_bundle_is_found(data: st.DataObject) -> None:
    way = data.draw(st.sampled_from(["flip", "cut", "insert", "drop", "swap", "add", "double"]))
    place = data.draw(st.integers(0, len(GOOD) - 1))
    end = data.draw(st.integers(place + 1, len(GOOD)))
    other = data.draw(st.binary(min_size=1, max_size=20))
    changed = {
        "flip": GOOD[:place] + bytes([GOOD[place] ^ (1 << (end % 8))]) + GOOD[place + 1 :],
        "cut": GOOD[:place],
        "insert": GOOD[:place] + other + GOOD[place:],
        "drop": GOOD[:place] + GOOD[end:],
        "swap": GOOD[end:] + GOOD[place:end] + GOOD[:place],
        "add": GOOD + other,
        "double": GOOD[:end] + GOOD[place:],
    }[way]
    if changed != GOOD:
        assert _is_found(changed)


@settings(max_examples=200, deadline=None)
@given(st.integers(0), st.integers(1, 255))
def test_any_change_of_the_text_is_found_or_does_no_harm(place: int, flip: int) -> None:
    text = bundles.as_text(GOOD).encode()
    place %= len(text)
    changed = text[:place] + bytes([text[place] ^ flip]) + text[place + 1 :]
    try:
        same = bundles.from_anything(changed) == GOOD
    except bundles.BundleUnreadable:
        return
    assert same or _is_found(changed)


@given(st.binary(max_size=400))
def test_any_bytes_are_answered_with_a_reason(data: bytes) -> None:
    for given_bytes in (data, b"SMPLB1\n" + data, b"SIMPUL BUNDLE 1\n" + data, b"SMPLQ1:" + data):
        assert set(_faults(given_bytes)) <= bundles.FAULTS


# --- taking in ------------------------------------------------------------------------------------------------------


def _bundle(phone: Phone, *counts: int) -> bytes:
    return phone.bundle([("envelopes", segments.write([phone.envelope(count) for count in counts]))])


def test_a_phones_bundle_is_told_and_taken_in(cast: Cast) -> None:
    phone = Phone()
    phone.known(cast)
    data = _bundle(phone, 3, 2)
    view = queries.inspect(data)
    assert (view.signature, view.maker, view.events, view.faults) == ("good", "HP contoh", 5, ())
    assert [(one.first, one.last, one.ours, one.here) for one in view.sent] == [(1, 5, 2, 0)]
    done = bundling.import_bundle(by=cast.village_officer, at=NOW, data=data)
    assert dict(done.envelopes) == {"stored": 2}
    assert done.whole
    assert Envelope.objects.filter(device_id=phone.id, road="bundle", reached=True).count() == 2
    assert Line.objects.filter(kind="bundle.import").count() == 1
    assert queries.inspect(data).sent[0].here == 2


def test_a_repeat_changes_nothing(cast: Cast) -> None:
    phone = Phone()
    phone.known(cast)
    data = _bundle(phone, 1, 1, 1)
    bundling.import_bundle(by=cast.village_officer, at=NOW, data=data)
    for form in (data, bundles.as_text(data).encode(), "\n".join(bundles.as_pages(data)).encode()):
        done = bundling.import_bundle(by=cast.village_officer, at=NOW, data=form)
        assert dict(done.envelopes) == {"duplicate": 3}
        assert done.new == 0
    assert Envelope.objects.count() == 3


def test_a_wrong_signature_lets_nothing_in(cast: Cast) -> None:
    phone, thief = Phone(), Phone()
    phone.known(cast)
    thief.id = phone.id
    parts = [("envelopes", segments.write([phone.envelope()]))]
    with pytest.raises(queries.BundleRefused) as refusal:
        bundling.import_bundle(by=cast.village_officer, at=NOW, data=thief.bundle(parts))
    assert refusal.value.reason == "unsigned"
    assert not Envelope.objects.exists()


def test_a_cut_off_bundle_gives_its_whole_parts_and_says_so(cast: Cast) -> None:
    phone = Phone()
    phone.known(cast)
    first, second = phone.envelope(), phone.envelope()
    data = phone.bundle([("envelopes", segments.write([first])), ("envelopes", segments.write([second]))])
    done = bundling.import_bundle(by=cast.village_officer, at=NOW, data=data[:-5])
    assert done.faults == ("truncated",)
    assert dict(done.envelopes) == {"stored": 1}
    again = bundling.import_bundle(by=cast.village_officer, at=NOW, data=data)
    assert dict(again.envelopes) == {"stored": 1, "duplicate": 1}
    assert Envelope.objects.filter(reached=True).count() == 2


def test_a_changed_part_is_left_out(cast: Cast) -> None:
    phone = Phone()
    phone.known(cast)
    parts = [("envelopes", segments.write([phone.envelope()])), ("letters", b"SMPLL1")]
    data = bytearray(phone.bundle(parts))
    data[-20] ^= 1
    done = bundling.import_bundle(by=cast.village_officer, at=NOW, data=bytes(data))
    assert done.faults == ("tampered",)
    assert not Envelope.objects.exists()


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (2, 1, 0), (1, 1, 0, 2)])
def test_bundles_in_any_order_end_alike(cast: Cast, order: tuple[int, ...]) -> None:
    phone = Phone()
    phone.known(cast)
    made = [_bundle(phone, 2), _bundle(phone, 1), _bundle(phone, 3)]
    for place in order:
        bundling.import_bundle(by=cast.village_officer, at=NOW, data=made[place])
    rows = Envelope.objects.order_by("first").values_list("first", "last", "reached", "is_fork")
    assert list(rows) == [(1, 2, True, False), (3, 3, True, False), (4, 6, True, False)]


def test_a_bundle_for_another_server_is_refused_in_words(cast: Cast) -> None:
    stranger = Phone()
    other = sealing.public_of(Phone().seal)
    data = stranger.bundle([("envelopes", segments.write([stranger.envelope(2, to=other)]))])
    view = queries.inspect(data)
    assert (view.signature, view.sent[0].ours) == ("unknown", 0)
    done = bundling.import_bundle(by=cast.village_officer, at=NOW, data=data)
    assert dict(done.envelopes) == {"refused": 1}


def test_the_public_may_not(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        bundling.import_bundle(by=ANYBODY, at=NOW, data=b"")
    with pytest.raises(NotAllowed):
        bundling.export_bundle(by=ANYBODY, at=NOW)


def test_what_is_no_bundle_is_refused_with_what_to_do(cast: Cast) -> None:
    for data, reason in ((b"", "empty"), (b"%PDF-1.7", "foreign"), (b"SMPLB7\nfuture", "future")):
        with pytest.raises(queries.BundleRefused) as refusal:
            bundling.import_bundle(by=cast.village_officer, at=NOW, data=data)
        assert refusal.value.reason == reason
        assert len(str(refusal.value)) > 20


def test_receipts_go_out_signed_by_this_server(cast: Cast) -> None:
    phone, other = Phone(), Phone()
    phone.known(cast)
    other.known(cast, "neighbour")
    for one in (phone, other):
        Letter.objects.create(device_id=one.id, number=1, sealed=b"sealed", made_at=NOW)
    data = bundling.export_bundle(by=cast.village_officer, at=NOW)
    found = bundles.read(data)
    assert found.by == bundles.server_name(ring().public_key())
    view = queries.inspect(data)
    assert view.signature == "good"
    assert [key for key, _label, _count in view.letters] == [phone.id]
    assert Line.objects.filter(kind="bundle.export").count() == 1
