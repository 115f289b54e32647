"""Files of messages: fetched from a service that keeps the provider's protocol, cleaned, kept, or refused with a sentence."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import signal
import subprocess
import wave
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image

from simpul.desks.models import Desk
from simpul.jobs import schedule
from simpul.journal.models import Line
from simpul.lib import files as lib_files
from simpul.lib import media
from simpul.lib.actor import ANYBODY, MACHINE, Actor
from simpul.lib.errors import NotAllowed, NotFound
from simpul.lib.files import FileStore
from simpul.lib.media import apart
from simpul.messages import actions, transports
from simpul.messages.actions import fetching
from simpul.messages.models import Gateway, Incoming, IncomingFile
from simpul.messages.queries import incoming as incoming_queries
from simpul.messages.rules import media as rules
from tests.peers import webapi

pytestmark = pytest.mark.django_db


def photo(side: int = 40) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (side, side), "green").save(target, "JPEG")
    return target.getvalue()


def sound(seconds: float = 0.5) -> bytes:
    target = io.BytesIO()
    with wave.open(target, "wb") as tone:
        tone.setnchannels(1)
        tone.setsampwidth(2)
        tone.setframerate(8_000)
        tone.writeframes(b"\x00\x20" * int(8_000 * seconds))
    return target.getvalue()


@pytest.fixture
def api() -> Iterator[webapi.CloudApi]:
    with webapi.serving(webapi.CloudApi()) as service:
        yield service  # type: ignore[misc]


@pytest.fixture
def whatsapp(hamlet: Any, api: webapi.CloudApi, now: datetime) -> Gateway:
    desk = Desk.objects.create(code="pusat", name="Pusat Pengaduan", kind="centre", opened_at=now)
    return actions.add_gateway(
        by=MACHINE,
        at=now,
        code="wa",
        kind="whatsapp",
        name="WhatsApp Mamuju",
        region_code="7602132001",
        desk_id=desk.id,
        settings={"phone_number_id": api.PHONE_ID, "api_url": api.url},
        secrets={"access_token": api.TOKEN},
    )


Came = Callable[..., IncomingFile]


@pytest.fixture
def came(whatsapp: Gateway, api: webapi.CloudApi, now: datetime) -> Came:
    """A message with one file, heard from a true delivery; the bytes lie with the provider."""

    def run(data: bytes | None, kind: str = "image", **told: Any) -> IncomingFile:
        name = uuid4().hex
        if data is not None:
            api.files[name] = data
        mime = {"image": "image/jpeg", "audio": "audio/wav"}.get(kind, "")
        content = {"id": name, "mime_type": mime, "caption": "Rumah saya", **told}
        message = {"from": "6281234567890", "id": f"wamid.{name}", "type": kind, kind: content}
        body = {
            "object": "whatsapp_business_account",
            "entry": [{"changes": [{"value": {"messages": [message]}}]}],
        }
        raw = transports.RawRequest("POST", webapi.as_json(200, body).body, received_at=now)
        stored = actions.store_delivery(
            by=MACHINE, at=now, gateway_id=whatsapp.id, request=raw, verdict=transports.Verdict(ok=True)
        )
        assert actions.read_delivery(by=MACHINE, at=now, delivery_id=stored.delivery.id) == "read"
        return IncomingFile.objects.get(source__id=name)

    return run


def fetch(file: IncomingFile, at: datetime) -> str:
    result = actions.fetch_file(by=MACHINE, at=at, file_id=file.id)
    file.refresh_from_db()
    return result


def bytes_of(file: IncomingFile, settings: Any) -> bytes:
    return FileStore(settings.SIMPUL_FILES).read(file.sha256)


# --- kept -------------------------------------------------------------------------------------------------------------


def test_a_photo_is_fetched_made_anew_and_kept(came: Came, now: datetime, settings: Any) -> None:
    file = came(photo())
    assert incoming_queries.files_due(now) == [file.id]
    assert fetch(file, now) == "kept"
    assert (file.state, file.mime, file.fetched_at, file.reason) == ("kept", "image/jpeg", now, "")
    kept = bytes_of(file, settings)
    assert hashlib.sha256(kept).hexdigest() == file.sha256
    assert file.size == len(kept)
    line = Line.objects.get(kind="file.fetch")
    assert (line.subject_kind, line.subject_id) == ("incoming", file.incoming_id)
    assert line.facts == {"file": str(file.id), "state": "kept", "kind": "image", "tries": 1, "reason": ""}


def test_a_voice_becomes_opus_and_the_announced_hash_is_checked(
    came: Came, now: datetime, settings: Any
) -> None:
    data = sound()
    announced = base64.b64encode(hashlib.sha256(data).digest()).decode()
    file = came(data, "audio", voice=True, sha256=announced)
    assert file.kind == "voice"
    assert fetch(file, now) == "kept"
    assert file.mime == "audio/ogg"
    assert bytes_of(file, settings).startswith(b"OggS")


def test_once_decided_it_is_never_fetched_again(came: Came, api: webapi.CloudApi, now: datetime) -> None:
    file = came(photo())
    fetch(file, now)
    asked = len(api.asked)
    assert fetch(file, now + timedelta(days=1)) == "kept"
    assert len(api.asked) == asked
    assert Line.objects.filter(kind="file.fetch").count() == 1


def test_two_workers_fetch_it_once(came: Came, now: datetime) -> None:
    file = came(photo())
    stale = IncomingFile.objects.get(id=file.id)
    assert fetching._claim(file, now)
    assert not fetching._claim(stale, now)
    assert actions.fetch_file(by=MACHINE, at=now, file_id=file.id) == "busy"


# --- refused ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "kind", "told", "state", "words"),
    [
        (b"%PDF-1.4 dressed as a photo", "image", {}, "refused", "tidak sesuai"),
        (b"\xff\xd8\xff broken", "image", {}, "refused", "rusak"),
        (
            b"PK\x03\x04 a zip",
            "document",
            {"mime_type": "application/zip"},
            "refused",
            "tidak dapat disimpan",
        ),
        (b"<script>alert(1)</script>", "document", {"filename": "surat.pdf"}, "refused", "tidak sesuai"),
        (b"", "image", {}, "refused", "kosong"),
        (b"moving", "video", {"mime_type": "video/mp4"}, "refused", "Video"),
        (None, "image", {}, "gone", "tidak lagi menyimpan"),
        (b"x" * (10 * rules.MEGABYTE + 1), "image", {}, "too_large", "MB"),
        (b"x", "image", {"file_size": 20_000_000}, "too_large", "MB"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_sentence_and_the_message_stays(
    came: Came, now: datetime, data: bytes, kind: str, told: dict[str, Any], state: str, words: str
) -> None:
    file = came(data, kind, **told)
    assert fetch(file, now) == state
    assert file.state == state
    assert words in file.reason
    assert (file.sha256, file.mime) == ("", "")
    message = Incoming.objects.get(id=file.incoming_id)
    assert message.text == "Rumah saya"
    assert Line.objects.get(kind="file.fetch").facts["state"] == state


def test_a_video_is_not_even_fetched(came: Came, api: webapi.CloudApi, now: datetime) -> None:
    fetch(came(b"moving", "video"), now)
    assert api.asked == []


def test_who_may_not_fetch_and_what_is_not_there(came: Came, now: datetime) -> None:
    file = came(photo())
    for by in (ANYBODY, Actor(role="centre_admin", name="Rahma", region_code="7602")):
        with pytest.raises(NotAllowed):
            actions.fetch_file(by=by, at=now, file_id=file.id)
    with pytest.raises(NotFound):
        actions.fetch_file(by=MACHINE, at=now, file_id=uuid4())


# --- again ------------------------------------------------------------------------------------------------------------


def test_a_provider_that_does_not_answer_is_asked_again_ever_later_and_given_up_within_a_week(
    came: Came, api: webapi.CloudApi, now: datetime
) -> None:
    file, at, results = came(photo()), now, []
    for _turn in range(40):
        api.next = [webapi.Reply(503)]
        results.append(fetch(file, at))
        if file.state == "gone":
            break
        assert (file.state, file.reason) == ("waiting", "503")
        assert incoming_queries.files_due(at) == []
        at = file.next_try_at
    assert results == ["unreachable"] * (len(rules.FETCH_AGAIN) - 1) + ["gone"]
    assert timedelta(days=3) < at - now < timedelta(days=7)
    assert "beberapa hari" in file.reason
    assert Line.objects.filter(kind="file.fetch").count() == 1


def test_an_expired_token_costs_a_try_and_no_file(came: Came, api: webapi.CloudApi, now: datetime) -> None:
    file = came(photo())
    api.next = [api.error(401, 190, "Expired")]
    assert fetch(file, now) == "unreachable"
    assert fetch(file, now) == "busy"
    assert fetch(file, file.next_try_at) == "kept"
    assert (file.tries, file.reason) == (2, "")


def test_other_bytes_than_announced_are_asked_for_again_and_refused_in_the_end(
    came: Came, now: datetime
) -> None:
    file = came(photo(), sha256="ab" * 32)
    assert fetch(file, now) == "unreachable"
    IncomingFile.objects.filter(id=file.id).update(tries=len(rules.FETCH_AGAIN) - 1)
    assert fetch(file, now + timedelta(days=6)) == "gone"
    assert "utuh" in file.reason


def test_a_full_disk_keeps_the_file_waiting(
    came: Came, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_store: FileStore, _data: bytes) -> str:
        raise lib_files.DiskFull

    file = came(photo())
    with monkeypatch.context() as patch:
        patch.setattr(FileStore, "put", full)
        assert fetch(file, now) == "waiting"
    assert fetch(file, file.next_try_at) == "kept"


def test_a_fault_of_ours_is_counted_and_loses_nothing(
    came: Came, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any, **_options: Any) -> media.CleanFile:
        raise RuntimeError("a fault")

    file = came(photo())
    with monkeypatch.context() as patch:
        patch.setattr(media, "inspect_and_clean", broken)
        with pytest.raises(RuntimeError):
            fetch(file, now)
    file.refresh_from_db()
    assert (file.state, file.tries) == ("waiting", 1)
    assert fetch(file, file.next_try_at) == "kept"


def test_a_worker_that_died_while_cleaning_does_not_die_of_the_same_file_again(
    came: Came, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = came(photo()), came(photo(50))
    IncomingFile.objects.update(state="cleaning", tries=1, next_try_at=now)

    def never(*_args: Any, **_options: Any) -> media.CleanFile:
        pytest.fail("it was cleaned in this process")

    monkeypatch.setattr(media, "inspect_and_clean", never)
    assert fetch(good, now) == "kept"
    assert good.mime == "image/jpeg"
    monkeypatch.setattr(apart, "SECONDS", 0)
    assert fetch(bad, now) == "refused"
    assert "rusak" in bad.reason


def test_cleaning_apart_gives_the_same_file_and_the_same_refusals(tmp_path: Path) -> None:
    here, there = media.inspect_and_clean(photo(), "a.jpg"), apart.clean_apart(photo(), "a.jpg")
    assert here == there
    with pytest.raises(media.FileTypeDiffers):
        apart.clean_apart(b"%PDF-1.4", "a.jpg")
    with pytest.raises(media.FileTooLarge) as refusal:
        apart.clean_apart(b"x" * 3_000_000, "a.jpg", max_bytes=1_000_000)
    assert refusal.value.values == {"size": "2.9", "limit": "1"}


def test_a_process_that_is_killed_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    command = ["-c", f"import os; os.kill(os.getpid(), {int(signal.SIGKILL)})"]
    run: Any = subprocess.run
    monkeypatch.setattr(subprocess, "run", lambda args, **options: run([args[0], *command], **options))
    with pytest.raises(apart.CleaningDied):
        apart.clean_apart(photo(), "a.jpg")
    assert os.getpid()


def test_a_gateway_that_was_switched_off_still_gives_its_files(
    came: Came, whatsapp: Gateway, now: datetime
) -> None:
    file = came(photo())
    actions.change_gateway(by=MACHINE, at=now, gateway_id=whatsapp.id, changes={"is_active": False})
    assert fetch(file, now) == "kept"


# --- the worker -------------------------------------------------------------------------------------------------------


def test_the_worker_fetches_what_is_due_and_leaves_a_silent_provider_alone(
    came: Came, api: webapi.CloudApi, now: datetime
) -> None:
    came(photo())
    came(sound(), "audio")
    api.next = [webapi.Reply(503)]
    assert schedule.fetch_files(now).done == 2
    assert len(api.asked) == 1
    outcome = schedule.fetch_files(now + timedelta(minutes=5))
    assert (outcome.done, outcome.error) == (2, "")
    assert set(IncomingFile.objects.values_list("state", flat=True)) == {"kept"}
    assert "fetch" in [work.name for work in schedule.SCHEDULE]


# --- the rules --------------------------------------------------------------------------------------------------------


def test_a_name_claims_what_it_ends_with_else_what_the_media_type_says() -> None:
    assert rules.claimed_name("surat.pdf", "image/jpeg") == "surat.pdf"
    assert rules.claimed_name("", "audio/ogg; codecs=opus") == "file.ogg"
    assert rules.claimed_name("Foto", "IMAGE/PNG") == "file.png"
    assert rules.claimed_name("Foto.", "") == "Foto."
    assert rules.claimed_name("", "application/x-new") == ""


def test_limits_and_waits() -> None:
    assert rules.most_bytes("image") == 10 * rules.MEGABYTE
    assert rules.most_bytes("new kind") == rules.most_bytes("document")
    assert rules.next_fetch(1) == timedelta(minutes=1)
    assert rules.next_fetch(len(rules.FETCH_AGAIN) + 1) is None
    assert sum(rules.FETCH_AGAIN, timedelta()) < timedelta(days=7)
    assert rules.is_as_announced(b"x", "")
    assert not rules.is_as_announced(b"x", "00")
