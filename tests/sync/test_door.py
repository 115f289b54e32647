"""A phone talks with the server over HTTP: enrolled, heard, answered; and whatever is sent, nothing breaks and nothing is half taken."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import OperationalError
from django.utils import timezone

from simpul.cli import restore
from simpul.jobs import syncing
from simpul.journal.models import Line
from simpul.lib import sealing
from simpul.lib.actor import MACHINE
from simpul.lib.errors import NotAllowed
from simpul.outreach.models import Visit
from simpul.sync.actions import generation, greeting, receiving
from simpul.sync.models import BackupMark, Device, Envelope, Event, Generation, Letter
from simpul.sync.queries import devices, short, tokens
from simpul.sync.rules import segments
from simpul.sync.rules.canonical import b64, canonical, unb64
from tests.sync import talking, works
from tests.sync.phone import Phone, signed

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.sync.urls")]
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def here(db: None) -> works.Stage:
    cache.clear()
    return works.stage()


@pytest.fixture
def phone(here: works.Stage) -> Phone:
    return talking.phone_of(here)


def visit(phone: Phone, home: Any, times: int = 1) -> None:
    for _time in range(times):
        phone.act(
            "visit.record/1",
            lambda own: {
                "visit_id": own(0),
                "household_id": str(home.id),
                "outcome": "met",
                "words": "Atap.",
            },
            subject=f"household:{home.id}",
        )


def states(phone: Phone) -> list[str]:
    return [line[3] for line in phone.vault.outcomes.values()]


# --- the way --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("algorithm", ["ed25519", "p256"])
def test_what_is_written_on_a_phone_is_done_once_and_answered(here: works.Stage, algorithm: str) -> None:
    home, phone = here.home(), talking.phone_of(here, algorithm=algorithm)
    visit(phone, home, 3)
    assert phone.sync() and states(phone) == ["accepted"] * 3
    assert phone.sync() and Visit.objects.filter(household=home).count() == 3
    line = Line.objects.filter(kind="visit.record").first()
    assert line is not None and line.device == devices.code_of(phone.vault.device)
    assert line.actor_name == "Walker"


def test_hello_says_what_is_here_what_is_safe_and_who_one_is(here: works.Stage, phone: Phone) -> None:
    visit(phone, here.home(), 60)
    phone.sync()
    assert "kinds" not in (phone.hello() or {})  # nothing has changed since the last hello
    phone.vault.known = ""
    told = phone.hello()
    assert told is not None
    name, heads = phone.epoch.name, [b64(phone.epoch.hashes[49]), b64(phone.epoch.hashes[59])]
    assert told["have"] == [[name, 60, heads[1]]] and told["safe"] == []
    assert (
        told["areas"][0]["code"] == "730301"
        and told["kinds"]["visit.record"] == 2
        and told["oldest"]["visit.record"] == 1
    )
    assert told["generation"] == devices.generation() != ""
    generation.mark_backup(
        by=MACHINE, at=timezone.now(), began_at=timezone.now() + generation.MARGIN, name="a"
    )
    visit(phone, here.home("Daeng Baso"))
    assert phone.epoch.events and len(phone.epoch.closed) == 2
    phone.sync()
    assert phone.vault.epochs[0].closed[0].envelope.first == 61  # what is safe was forgotten, hashes stay
    assert len(phone.epoch.hashes) == 61
    row = Device.objects.get()
    assert (row.app_version, row.is_persisted, row.unsent) == (
        "model/1",
        True,
        61,
    ) and row.clock_offset_ms is not None
    assert Line.objects.filter(kind="backup.mark").count() == 1


def test_a_server_that_was_set_back_gets_everything_again(here: works.Stage, phone: Phone) -> None:
    visit(phone, here.home(), 4)
    phone.sync()
    Event.objects.all().delete()
    Envelope.objects.all().delete()
    Visit.objects.all().delete()
    phone.sync()
    assert Visit.objects.count() == 4 and states(phone) == ["accepted"] * 4


def test_what_changed_comes_down_and_everything_after_a_restore(here: works.Stage, phone: Phone) -> None:
    home = here.home()
    phone.hello()
    phone.pull()
    assert short.of(home.id) in phone.vault.rows["households"]
    begun = phone.vault.cursor
    phone.act(
        "household.change/1", {"household_id": short.of(home.id), "f.farm_m2": "300"}, seen={"farm_m2": ""}
    )
    phone.sync()
    phone.pull()
    assert (
        phone.vault.rows["households"][short.of(home.id)]["f"]["farm_m2"] == "300"
        and phone.vault.cursor > begun
    )
    phone.vault.rows = {}
    phone.pull()
    assert "households" not in phone.vault.rows
    number = Generation.objects.get().number
    Generation.objects.update(number=f"{(int(number[:4], 16) + 1) % 65536:04x}{number[4:]}")
    phone.pull()
    assert short.of(home.id) in phone.vault.rows["households"]


def test_a_restore_begins_a_new_generation(here: works.Stage, phone: Phone) -> None:
    phone.hello()
    before = phone.vault.generation
    place = Path(settings.SIMPUL_DATA) / generation.RESTORED
    try:
        place.write_text(json.dumps({"at": (timezone.now() + timedelta(seconds=2)).isoformat()}))
        phone.hello()
        assert phone.vault.generation != before
        again = phone.vault.generation
        place.write_text("broken")
        phone.hello()
        assert phone.vault.generation == again
    finally:
        place.unlink()
    assert Line.objects.filter(kind="generation.begin").count() == 2
    with pytest.raises(NotAllowed):
        generation.begin_generation(by=here.chief, at=timezone.now())
    with pytest.raises(NotAllowed):
        generation.mark_backup(by=here.chief, at=timezone.now(), began_at=timezone.now(), name="")
    assert not BackupMark.objects.exists()


def test_a_cloned_phone_learns_of_it_and_begins_a_new_history(here: works.Stage, phone: Phone) -> None:
    home = here.home()
    visit(phone, home)
    phone.sync()
    twin = Phone(phone.vault.copy(), phone.wire, phone.clock, phone.chance)
    visit(phone, home)
    visit(twin, home, 2)
    phone.sync()
    twin.sync()
    assert twin.forks_seen == 1 and len(twin.vault.epochs) == 2
    phone.sync()
    assert phone.forks_seen == 1
    assert Visit.objects.count() == 4 and Event.objects.filter(is_fork=True).count() == 1


# --- carried --------------------------------------------------------------------------------------------------------


def test_what_is_carried_is_taken_and_answered_by_a_letter(here: works.Stage, phone: Phone) -> None:
    visit(phone, here.home(), 2)
    phone.close()
    body = segments.write([one.envelope for one in phone.epoch.closed])
    answer = phone.wire("POST", "carry", body, {"Content-Type": "application/x-simpul-envelopes"})
    assert answer.status == 200 and [line[1] for line in answer.json["received"]] == ["stored"]
    assert phone.wire("POST", "carry", body, {}).json["received"][0][1] == "duplicate"
    later = timezone.now() + timedelta(minutes=2)
    assert syncing.write_letters(later) == 1 and syncing.write_letters(later + timedelta(minutes=2)) == 0
    mail = phone.wire("GET", f"mail/{phone.vault.device}?after=0", b"", {}).json
    assert len(mail["letters"]) == 1 and not mail["more"]
    phone.read_letters(mail["letters"])
    assert states(phone) == ["accepted", "accepted"]
    assert phone.hello() is not None and Letter.objects.get().taken_at is not None
    token = {"Authorization": f"Simpul {phone.vault.token}"}
    assert phone.wire("GET", "letters?after=1", b"", token).json == {"letters": [], "more": False}
    with pytest.raises(NotAllowed):
        greeting.write_letters(by=here.chief, at=later, device_ids=[phone.vault.device])


def test_a_letter_opens_for_nobody_else(here: works.Stage, phone: Phone) -> None:
    other = talking.phone_of(here, "chief")
    greeting.write_letters(by=MACHINE, at=timezone.now(), device_ids=[phone.vault.device])
    mail = phone.wire("GET", f"mail/{phone.vault.device}", b"", {}).json["letters"]
    with pytest.raises(sealing.CannotOpen):
        other.read_letters(mail)


def test_one_with_a_token_carries_for_others(here: works.Stage, phone: Phone) -> None:
    other, home = talking.phone_of(here, "chief"), here.home()
    visit(other, home)
    other.close()
    phone.hello()
    told = phone.push([one.envelope for one in other.epoch.closed])
    assert told["received"][0][1] == "stored" and told["outcomes"] == [] and told["have"] == []
    assert Envelope.objects.get().road == "node" and Visit.objects.count() == 1


def test_the_worker_goes_on_with_what_a_push_had_no_time_for(
    here: works.Stage, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit(phone, here.home(), 3)
    with monkeypatch.context() as patch:
        patch.setattr("simpul.api.sync.talking.JUDGE_SECONDS", -1.0)
        phone.sync()
    assert states(phone) == ["stored"] * 3 and syncing.waits(timezone.now())
    done, faults = syncing.turn(timezone.now())
    assert (done, faults) == (3, []) and not syncing.waits(timezone.now())
    phone.sync()
    assert states(phone) == ["accepted"] * 3


# --- badly sent -----------------------------------------------------------------------------------------------------


def test_bodies_that_are_none_are_told_so(here: works.Stage, phone: Phone) -> None:
    phone.hello()
    token = {"Authorization": f"Simpul {phone.vault.token}"}
    visit(phone, here.home())
    phone.close()
    whole = segments.write([phone.epoch.closed[0].envelope])
    for body, reason in (
        (b"", "foreign"),
        (b"PK\x03\x04", "foreign"),
        (whole[:-1], "truncated"),
        (whole[:7], "truncated"),
        (whole[:5] + b"\xff\xff\xff\xff" + whole[9:], "broken"),
        (whole.replace(b'"v":1', b'"v":9'), "future"),
        (whole.replace(b'"a":1', b'"a":0'), "broken"),
    ):
        answer = phone.wire("POST", "push", body, token)
        assert (answer.status, answer.json["detail"]) == (400, reason)
    assert not Envelope.objects.exists()
    assert phone.wire("POST", "push", b"x" * 2_000_001, token).status == 413
    assert phone.wire("POST", "push", whole, token).status == 200


def test_json_that_is_none_and_values_that_are_none(here: works.Stage, phone: Phone) -> None:
    bad = (b"", b"[]", b"{", b"\xff", b'{"device": 5}', b'{"device": "x", "sig": "!"}', b"[" * 100_000)
    for body in bad:
        assert phone.wire("POST", "hello", body, JSON).status in (400, 404)
        assert phone.wire("POST", "enrol", body, JSON).status == 400
    bomb = gzip.compress(b" " * 5_000_000)
    assert phone.wire("POST", "hello", bomb, {**JSON, "Content-Encoding": "gzip"}).status == 413
    assert phone.wire("POST", "hello", b"no gzip", {**JSON, "Content-Encoding": "gzip"}).status == 400
    assert phone.wire("POST", "hello", bomb[:100], {**JSON, "Content-Encoding": "gzip"}).status == 400
    said = {"device": str(phone.vault.device), "at": talking.clock_now(), "nonce": b64(bytes(16))}
    for name, value in (("at", "x"), ("at", 1.5), ("heads", [["a"]]), ("heads", {}), ("open", [[1, 2]]), ("erased", ["x"]),
                        ("letters", -1), ("unsent", "many"), ("app", 5)):  # fmt: skip
        broken = {**said, name: value}
        if value != 1.5:
            broken["sig"] = b64(signed(phone.vault.sign, canonical(["simpul-hello", 1, broken])))
        assert phone.wire("POST", "hello", json.dumps(broken).encode(), JSON).status in (400, 404), name


def test_a_device_with_very_much_to_ask_is_not_turned_away(here: works.Stage, phone: Phone) -> None:
    said = {"device": str(phone.vault.device), "at": talking.clock_now(), "nonce": b64(bytes(16)), "erased": [str(uuid4())] * 1500,
            "heads": [["00000000aa", 1, b64(bytes(32))]] * 700, "open": [["00000000aa", 1]] * 3000}  # fmt: skip
    said["sig"] = b64(signed(phone.vault.sign, canonical(["simpul-hello", 1, said])))
    assert phone.wire("POST", "hello", json.dumps(said).encode(), JSON).status == 200


def test_a_restore_leaves_word_for_the_server(tmp_path: Path) -> None:
    restore._note_restored(tmp_path, "20261126-010203")
    assert json.loads((tmp_path / generation.RESTORED).read_text()) == {"at": "2026-11-26T01:02:03+00:00"}


def test_nobody_speaks_for_a_device_but_itself(here: works.Stage, phone: Phone) -> None:
    other = talking.phone_of(here, "chief")
    other.vault.device = phone.vault.device
    with pytest.raises(AssertionError, match="404"):
        other.hello()
    phone.vault.device = uuid4()
    with pytest.raises(AssertionError, match="404"):
        phone.hello()


def test_a_token_is_for_a_day_and_for_one_device(here: works.Stage, phone: Phone) -> None:
    phone.hello()
    token = phone.vault.token
    now = timezone.now()
    assert tokens.read(token, now) == phone.vault.device
    assert tokens.read(token, now + timedelta(hours=25)) is None
    raw = bytearray(unb64(token))
    raw[3] ^= 1
    for forged in (b64(bytes(raw)), token[:-4], "", "!", "x" * 1000):
        assert tokens.read(forged, now) is None
        answer = phone.wire("GET", "pull", b"", {"Authorization": f"Simpul {forged}"})
        assert answer.status == 401
    assert phone.wire("GET", "pull", b"", {"Authorization": f"Bearer {token}"}).status == 401


def test_methods_addresses_and_too_many(here: works.Stage, phone: Phone) -> None:
    assert phone.wire("GET", "hello", b"", {}).status == 405
    assert phone.wire("GET", f"mail/{uuid4()}", b"", {}).json == {"letters": [], "more": False}
    assert phone.wire("GET", "mail/x", b"", {}).status == 404
    assert phone.wire("GET", "pack/" + "a" * 64, b"", {}).status == 404
    assert phone.wire("GET", "pack/..", b"", {}).status == 404
    for _time in range(25):
        answer = phone.wire("POST", "enrol", b"{}", JSON)
    assert answer.status == 429 and 0 < answer.json["wait"] <= 60


def test_a_busy_database_is_said_so_and_nothing_is_acknowledged(
    here: works.Stage, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit(phone, here.home())
    phone.hello()

    def locked(**_given: Any) -> None:
        raise OperationalError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(receiving, "keep_envelopes", locked)
        with pytest.raises(AssertionError, match="503"):
            phone.push([phone.epoch.closed[0].envelope])
    assert phone.sync() and states(phone) == ["accepted"]


def test_a_locked_phone_gets_nothing_more_and_may_send_what_it_has(here: works.Stage, phone: Phone) -> None:
    phone.hello()
    token = {"Authorization": f"Simpul {phone.vault.token}"}
    Device.objects.filter(id=phone.vault.device).update(
        state="revoked", revoked_at=timezone.now(), known_heads={}
    )
    assert phone.wire("GET", "pull", b"", token).status == 410
    assert phone.wire("POST", "numbers", b'{"count": 1}', {**token, **JSON}).status == 410
    visit(phone, here.home())
    assert phone.sync() and states(phone) == ["quarantined"]


# --- receipts beforehand --------------------------------------------------------------------------------------------


def test_receipts_are_handed_out_sealed_once_and_taken_back(here: works.Stage, phone: Phone) -> None:
    phone.hello()
    token = {"Authorization": f"Simpul {phone.vault.token}", **JSON}
    asked = json.dumps({"count": 3, "id": str(uuid4())}).encode()
    answers = [phone.wire("POST", "numbers", asked, token).json for _time in range(2)]
    opened = [
        json.loads(sealing.unseal(phone.vault.seal, unb64(one["sealed"]), b"simpul-numbers"))
        for one in answers
    ]
    assert opened[0] == opened[1] and len(opened[0]["numbers"]) == 3 and answers[1]["numbers_left"] == 3
    assert "pin" not in str(answers)
    other = talking.phone_of(here, "chief")
    other.hello()
    keys = [one["case_id"] for one in opened[0]["numbers"]]
    back = json.dumps({"case_ids": keys}).encode()
    theirs = {"Authorization": f"Simpul {other.vault.token}", **JSON}
    assert other.wire("POST", "numbers/return", back, theirs).json == {"returned": []}
    assert len(phone.wire("POST", "numbers/return", back, token).json["returned"]) == 3
    for count in (0, 51, "x", None):
        assert phone.wire("POST", "numbers", json.dumps({"count": count}).encode(), token).status == 400


def test_only_the_machine_greets(here: works.Stage, phone: Phone) -> None:
    with pytest.raises(NotAllowed):
        greeting.greet_device(
            by=here.chief, at=timezone.now(), device_id=phone.vault.device, said=greeting.Said(at_ms=0)
        )
