"""Files of devices come in pieces, are made anew, and go to what their event made, whichever came first."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from PIL import Image

from simpul.jobs import syncing
from simpul.journal.models import Line
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotAllowed, NotFound
from simpul.sync import handlers
from simpul.sync.actions import blobs as actions
from simpul.sync.actions import generation
from simpul.sync.models import AwaitedFile, Blob, Event
from simpul.sync.queries import blobs
from tests.sync import talking, works
from tests.sync.phone import Phone

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.sync.urls")]


@pytest.fixture
def here(db: None) -> works.Stage:
    cache.clear()
    return works.stage()


@pytest.fixture
def phone(here: works.Stage) -> Phone:
    made = talking.phone_of(here)
    made.hello()
    return made


def photo() -> bytes:
    """A JPEG that says where it was taken."""
    exif = Image.Exif()
    exif[0x8825] = {1: "S", 2: (5.0, 30.0, 0.0)}
    exif[0x010F] = "Kamera Rahasia"
    data = io.BytesIO()
    Image.effect_noise((320, 240), 60).convert("RGB").save(data, "JPEG", exif=exif)
    return data.getvalue()


def put(phone: Phone, data: bytes, offset: int, piece: bytes, digest: str = "") -> Any:
    name = digest or hashlib.sha256(data).hexdigest()
    token = {"Authorization": f"Simpul {phone.vault.token}"}
    return phone.wire("PUT", f"blob/{name}?offset={offset}&size={len(data)}", piece, token)


def test_a_photo_comes_in_pieces_and_loses_what_it_says_of_places(phone: Phone) -> None:
    data = photo()
    digest, half = hashlib.sha256(data).hexdigest(), len(data) // 2
    assert put(phone, data, 0, data[:half]).json == {
        "have": half,
        "state": "coming",
        "reason": "",
        "safe": False,
    }
    again = put(phone, data, 0, data[:half])
    assert (again.status, again.json["have"]) == (409, half)
    assert put(phone, data, half + 5, data[half:]).status == 409
    token = {"Authorization": f"Simpul {phone.vault.token}"}
    assert phone.wire("GET", f"blob/{digest}", b"", token).json["have"] == half
    assert put(phone, data, half, data[half:]).json["state"] == "here"
    assert put(phone, data, 0, data).json == {"have": len(data), "state": "here", "reason": "", "safe": False}
    now = timezone.now()
    generation.mark_backup(by=MACHINE, at=now, began_at=now + generation.MARGIN, name="uji")
    assert put(phone, data, 0, data).json["safe"]
    came = blobs.file_of(phone.vault.device, digest)
    assert came is not None and came.media_type == "image/jpeg"
    kept = blobs.read(came)
    assert b"Rahasia" in data and b"Rahasia" not in kept and not Image.open(io.BytesIO(kept)).getexif()
    assert not blobs.pieces_at(Blob.objects.get()).exists()
    assert Line.objects.filter(kind="blob.receive").count() == 1


def test_bytes_that_are_not_those_of_the_name_begin_again(phone: Phone) -> None:
    data = photo()
    digest = hashlib.sha256(data).hexdigest()
    other = bytes(len(data))
    assert put(phone, other, 0, other, digest).json == {
        "have": 0,
        "state": "coming",
        "reason": "changed",
        "safe": False,
    }
    assert put(phone, data, 0, data, digest).json["state"] == "here"


def test_what_is_no_photo_is_refused_for_good_and_what_is_no_file_at_once(phone: Phone) -> None:
    data = b"MZ" + bytes(500)
    answer = put(phone, data, 0, data).json
    assert answer["state"] == "refused" and answer["reason"].startswith("file.")
    assert put(phone, data, 0, data).json["state"] == "refused"
    assert put(phone, data, 0, data, "x" * 64).status == 404
    token = {"Authorization": f"Simpul {phone.vault.token}"}
    assert phone.wire("PUT", "blob/" + "a" * 64 + "?offset=0&size=99999999", b"x", token).status == 400
    assert phone.wire("PUT", "blob/" + "a" * 64 + "?offset=0&size=x", b"x", token).status == 400
    assert phone.wire("PUT", "blob/" + "a" * 64 + "?offset=0&size=5", b"x" * 9, token).status == 409
    assert phone.wire("PUT", "blob/" + "a" * 64 + "?offset=0&size=5", b"x", {}).status == 401
    assert (
        phone.wire("PUT", "blob/" + "a" * 64 + "?offset=0&size=2000000", bytes(1_000_001), token).status
        == 413
    )


def test_a_device_begins_only_so_many_files(
    here: works.Stage, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_UNFINISHED", 2)
    now = timezone.now()
    for sign in "ab":
        actions.receive_blob(
            by=MACHINE, at=now, device_id=phone.vault.device, piece=actions.Piece(sign * 64, 0, 9, b"x")
        )
    with pytest.raises(actions.TooManyFiles):
        actions.receive_blob(
            by=MACHINE, at=now, device_id=phone.vault.device, piece=actions.Piece("c" * 64, 0, 9, b"x")
        )
    with pytest.raises(NotFound):
        actions.receive_blob(
            by=MACHINE, at=now, device_id=works.DEVICE, piece=actions.Piece("c" * 64, 0, 9, b"x")
        )
    with pytest.raises(NotAllowed):
        actions.receive_blob(
            by=here.chief, at=now, device_id=phone.vault.device, piece=actions.Piece("c" * 64, 0, 9, b"x")
        )


@pytest.mark.parametrize("first", ["event", "file"])
def test_a_file_goes_to_what_its_event_made_whichever_came_first(
    here: works.Stage, phone: Phone, first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, str, bytes]] = []

    def attach(*, by: Any, at: Any, kind: str, key: Any, data: bytes, name: str) -> None:
        told.append((by.name, kind, data[:3]))

    monkeypatch.setattr(handlers, "attach", attach)
    data, home = photo(), here.home()
    digest = hashlib.sha256(data).hexdigest()

    def write() -> None:
        phone.act(
            "visit.record/2",
            lambda own: {
                "visit_id": own(0),
                "household_id": str(home.id),
                "outcome": "met",
                "photos": [digest],
            },
        )
        phone.sync()

    if first == "event":
        write()
        assert actions.attach_files(by=MACHINE, at=timezone.now()) == 0
        put(phone, data, 0, data)
    else:
        put(phone, data, 0, data)
        write()
    assert Event.objects.get().state == "accepted"
    assert syncing.waits(timezone.now())
    syncing.turn(timezone.now())
    syncing.turn(timezone.now())
    assert told == [("Walker", "visit", b"\xff\xd8\xff")]
    assert AwaitedFile.objects.get().attached_at is not None
    with pytest.raises(NotAllowed):
        actions.attach_files(by=here.chief, at=timezone.now())


def test_what_a_file_belongs_to_may_refuse_it_and_the_reason_is_kept(
    here: works.Stage, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    def attach(**_given: Any) -> None:
        raise NotFound

    monkeypatch.setattr(handlers, "attach", attach)
    data, home = photo(), here.home()
    digest = hashlib.sha256(data).hexdigest()
    phone.act(
        "visit.record/2",
        lambda own: {"visit_id": own(0), "household_id": str(home.id), "outcome": "met", "photos": [digest]},
    )
    phone.sync()
    put(phone, data, 0, data)
    assert actions.attach_files(by=MACHINE, at=timezone.now()) == 1
    assert actions.attach_files(by=MACHINE, at=timezone.now()) == 0
    assert AwaitedFile.objects.get().fault == "not_found"
