"""The doctor: each thing that can be wrong is found, said in one sentence, with what to do."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import override_settings
from django.utils import timezone, translation

from simpul.cases.models import Route
from simpul.cli import references
from simpul.cli.backup.command import RECORD
from simpul.cli.doctor import command, database, keeping, service
from simpul.cli.doctor.finding import Finding
from simpul.desks.models import Desk, Seat
from simpul.journal import actions as journal_actions
from simpul.journal import queries as journal_queries
from simpul.journal.models import Line, Seal, Turn
from simpul.lib import keys
from simpul.lib.actor import MACHINE
from simpul.lib.crypto import KeyRing
from simpul.lib.files import FileStore
from simpul.lib.media import CleanFile
from simpul.lib.spool import Spool
from simpul.messages.models import Message
from simpul.people.models import Person
from simpul.regions.models import Holiday
from tests.cast import Cast, assemble

pytestmark = pytest.mark.django_db

PHOTO = CleanFile(data=b"a photo", kind="photo", mime="image/png")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def house(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """A data folder of this test's own, with keys."""
    settings.SIMPUL_DATA = tmp_path
    settings.SIMPUL_KEYS = tmp_path / "keys"
    settings.SIMPUL_FILES = tmp_path / "files"
    settings.SIMPUL_INSTALLATION = tmp_path / "installation.json"
    settings.SIMPUL_INSTALLATION.write_text("{}", encoding="utf-8")
    settings.SIMPUL_INSTALLATION.chmod(0o600)
    tmp_path.chmod(0o700)
    KeyRing.create(tmp_path / "keys")
    keys.ring.cache_clear()
    yield tmp_path
    keys.ring.cache_clear()


def levels(findings: Iterator[Finding]) -> list[str]:
    return [finding.level for finding in findings]


def only(findings: Iterator[Finding], level: str) -> str:
    """The sentence of the one finding of this level, which must say what to do."""
    [found] = [finding for finding in findings if finding.level == level]
    assert found.advice
    return found.sentence


# --- the spool ------------------------------------------------------------------------------------------------------


def test_the_spool_is_well_while_nothing_waits_long_in_it(house: Path, settings: Any) -> None:
    settings.SIMPUL_SPOOL = house / "spool"
    at = timezone.now()
    assert levels(service.spool(at)) == ["ok"]
    spool = Spool(house / "spool")
    spool.add({"what": "delivery"})
    assert levels(service.spool(at)) == ["ok"]
    assert only(service.spool(at + timedelta(minutes=31)), "warn").startswith(
        "1 deliveries wait in the spool"
    )
    spool.lay_aside(spool.add({}))
    assert levels(service.spool(at)) == ["warn"]


# --- files ----------------------------------------------------------------------------------------------------------


def test_files_are_counted_missed_and_compared(house: Path, cast: Cast, now: datetime) -> None:
    cast.case(clean_files=[PHOTO])
    store = FileStore(house / "files")
    spare = store.put(b"nobody needs this")
    [digest] = references.referenced()
    [well] = keeping.files(now)
    assert (well.level, well.sentence.split(";")[1].split()[0]) == ("ok", "1")
    store.path(spare).write_bytes(b"changed")
    assert "1 files were changed" in only(keeping.files(now), "bad")
    store.delete(spare)
    store.delete(digest)
    assert only(keeping.files(now), "bad") == f"1 files are missing, the first is {digest}."


def test_a_file_that_was_taken_off_its_matter_is_not_missed(house: Path, cast: Cast, now: datetime) -> None:
    case = cast.case(clean_files=[PHOTO])
    case.attachments.update(removed_at=now)
    assert references.referenced() == set()


# --- keys -----------------------------------------------------------------------------------------------------------


def test_keys_that_open_everything_are_well(house: Path, now: datetime) -> None:
    Person.objects.create(full_name="Nurhayati", nik="7602132001900001", registered_at=now)
    assert levels(keeping.keys(now)) == ["ok"]


def test_keys_of_another_installation_are_found(house: Path, now: datetime) -> None:
    Person.objects.create(full_name="Nurhayati", nik="7602132001900001", registered_at=now)
    for path in (house / "keys").iterdir():
        path.unlink()
    KeyRing.create(house / "keys")
    keys.ring.cache_clear()
    assert "cannot be opened" in only(keeping.keys(now), "bad")


def test_missing_keys_are_never_made_anew(house: Path, now: datetime) -> None:
    (house / "keys" / "data-001.key").unlink()
    assert "no complete set of keys" in only(keeping.keys(now), "bad")
    assert not (house / "keys" / "data-001.key").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
@pytest.mark.parametrize("name", ["", "keys", "installation.json"])
def test_what_others_can_read_is_named_with_the_command_that_closes_it(
    house: Path, now: datetime, name: str
) -> None:
    path = house / name
    path.chmod(0o755)
    [found] = [finding for finding in keeping.keys(now) if finding.level == "bad"]
    assert found.advice == f"chmod {'600' if name.endswith('json') else '700'} {path}"


# --- clock, disk, copies --------------------------------------------------------------------------------------------


def test_a_clock_behind_the_journal_is_found(cast: Cast) -> None:
    cast.case()
    assert levels(keeping.clock(timezone.now())) == ["ok"]
    assert "but the journal has a line of" in only(keeping.clock(timezone.now() - timedelta(hours=1)), "bad")
    assert "says 2019" in only(keeping.clock(timezone.now().replace(year=2019, day=1)), "bad")


def test_a_disk_with_little_room_is_found(
    house: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type(shutil.disk_usage("/"))
    for free, level in ((50_000_000_000, "ok"), (1_500_000_000, "warn"), (100_000_000, "bad")):
        monkeypatch.setattr(
            keeping.shutil, "disk_usage", lambda path, free=free: usage(10**11, 10**11 - free, free)
        )
        assert levels(keeping.disk(now)) == [level]


@pytest.mark.parametrize(("days", "level"), [(0, "ok"), (1, "ok"), (3, "warn"), (15, "bad")])
def test_the_age_of_the_last_copy_is_watched(house: Path, now: datetime, days: int, level: str) -> None:
    assert only(keeping.copies(now), "warn") == "No copy was written yet."
    said = {"at": (now - timedelta(days=days)).isoformat(), "path": "/usb/copy"}
    (house / RECORD).write_text(json.dumps(said), encoding="utf-8")
    assert levels(keeping.copies(now)) == [level]


# --- journal --------------------------------------------------------------------------------------------------------


def test_an_edited_and_a_removed_line_are_named(house: Path, cast: Cast, now: datetime) -> None:
    for _turn in range(4):
        cast.case()
    journal_actions.seal_journal(by=MACHINE, at=now)
    assert levels(database.seals(now)) == ["ok"]
    edited = Line.objects.get(position=2)
    Line.objects.filter(id=edited.id).update(role="administrator")
    Line.objects.filter(position=4).delete()
    sentences = [finding.sentence for finding in database.seals(now) if finding.level == "bad"]
    assert sentences == [
        f"Journal, position 2, line {edited.id}: a line was edited.",
        "Journal, position 4, line -: a line was removed.",
    ]


def test_a_great_deal_of_damage_does_not_fill_the_screen(house: Path, cast: Cast, now: datetime) -> None:
    for _turn in range(25):
        journal_actions.record_export(by=MACHINE, at=now, what="test", rows=1)
    journal_actions.seal_journal(by=MACHINE, at=now)
    Line.objects.update(role="administrator")
    found = list(database.seals(now))
    assert len(found) == database.MOST_NAMED + 1
    assert "more damage" in found[-1].sentence


def test_a_journal_that_was_cut_off_is_found_by_the_seal_in_the_last_copy(
    house: Path, cast: Cast, now: datetime
) -> None:
    cast.case()
    seal = journal_actions.seal_journal(by=MACHINE, at=now)
    assert seal is not None
    digest = journal_queries.rules.seal_digest(**journal_queries.rules.seal_fields(seal))
    said = {"at": now.isoformat(), "seal": {"number": seal.number, "digest": digest.hex()}}
    (house / RECORD).write_text(json.dumps(said), encoding="utf-8")
    assert levels(database.seals(now)) == ["ok"]
    Seal.objects.all().delete()
    Line.objects.exclude(position=None).delete()
    assert only(database.seals(now), "bad").startswith("The journal was cut off: seal 1")


# --- database -------------------------------------------------------------------------------------------------------


@override_settings(MIGRATION_MODULES={})  # tests make their tables without them (--nomigrations)
def test_a_database_of_a_newer_program_and_one_with_waiting_changes_are_told_apart(now: datetime) -> None:
    assert levels(database.migrations(now)) == ["ok"]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('cases', '9999_later', %s)", [now]
        )
        assert "newer program (cases.9999_later)" in only(database.migrations(now), "bad")
        cursor.execute("DELETE FROM django_migrations WHERE name = '9999_later' OR (app = 'journal')")
    assert only(database.migrations(now), "warn").endswith("changes to the tables are waiting.")


# --- service --------------------------------------------------------------------------------------------------------


def test_a_worker_that_never_ran_is_told_once_and_a_failing_one_by_name(now: datetime) -> None:
    assert only(service.queue(now), "warn").startswith("The worker does not run")
    for beat in service.worker.health(now):
        Turn.objects.create(name=beat.name, next_at=now, succeeded_at=now)
    assert levels(service.queue(now)) == ["ok"]
    Turn.objects.filter(name="deliver").update(last_error="unreachable: email")
    assert "deliver fails in part: unreachable: email" in only(service.queue(now), "warn")
    Turn.objects.filter(name="seal").update(succeeded_at=now - timedelta(days=1))
    assert any("seal has not been done" in finding.sentence for finding in service.queue(now))


def test_messages_that_wait_too_long_or_failed_are_counted(cast: Cast, now: datetime) -> None:
    assert levels(service.messages(now)) == ["ok"]
    cast.case(reporter=None)
    case = cast.case()
    Message.objects.all().delete()
    base = {
        "subject_kind": "case",
        "subject_id": case.id,
        "asked_key": "receipt",
        "text_key": "receipt",
        "body": "x",
    }
    for number, state in enumerate(("queued", "failed", "failed")):
        old = now - timedelta(days=2)
        Message.objects.create(
            **base,
            once_key=str(number),
            road="email",
            language="id",
            state=state,
            queued_at=old,
            next_try_at=old,
        )
    assert [f.sentence for f in service.messages(now)] == [
        "1 messages are stuck in the queue.",
        "2 messages could not be delivered.",
    ]


def test_kinds_without_a_route_and_a_missing_protected_desk_are_named(cast: Cast, now: datetime) -> None:
    assert levels(service.routes(now)) == ["ok"]
    Route.objects.filter(kind="complaint").delete()
    assert "1 kinds of matter have no route: complaint." in only(service.routes(now), "warn")
    Desk.objects.filter(protected=True).update(closed_at=now)
    assert any(
        "No desk is named for protected matters" in finding.sentence for finding in service.routes(now)
    )


def test_empty_desks_and_people_without_a_second_factor_are_named(cast: Cast) -> None:
    now = cast.now
    sentences = [finding.sentence for finding in service.seats(now)]
    assert any(
        "need a second factor and have none yet" in sentence and "grace" in sentence for sentence in sentences
    )
    assert not any("ratna" in sentence for sentence in sentences)
    Seat.objects.filter(role="administrator").update(withdrawn_at=now)
    assert "administrator's seat" in only(service.seats(now), "bad")


def test_a_person_who_is_gone_leaves_the_desk_empty(cast: Cast) -> None:
    assert not any("Puskesos Bonto Jai" in finding.sentence for finding in service.seats(cast.now))
    get_user_model().objects.filter(seats__desk=cast.desk("puskesos")).update(is_active=False)
    assert any("Puskesos Bonto Jai" in finding.sentence for finding in service.seats(cast.now))


def test_the_joint_leave_of_the_next_year_is_missed_from_october_on(now: datetime) -> None:
    Holiday.objects.all().delete()
    found = list(service.calendar(datetime(2027, 11, 1, tzinfo=now.tzinfo)))
    assert [finding.level for finding in found] == ["warn"]
    assert "2028" in found[0].sentence


# --- the whole list -------------------------------------------------------------------------------------------------


def test_a_check_that_fails_does_not_hide_the_others(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_at: datetime) -> Iterator[Finding]:
        raise RuntimeError("?")
        yield  # makes it a generator

    monkeypatch.setattr(command, "ALWAYS", (broken, keeping.disk))
    found = command.examine(now)
    assert "The check broken could not be made (RuntimeError)." in [finding.sentence for finding in found]
    assert found[-1].about == "disk"


def test_the_answer_is_no_when_something_is_bad(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "examine", lambda at: [Finding("bad", "disk", "Full.", "Make room.")])
    assert command.run(argparse.Namespace(json=True)) == 1
    said = json.loads(capsys.readouterr().out)
    assert said == {
        "ok": False,
        "findings": [{"level": "bad", "about": "disk", "sentence": "Full.", "advice": "Make room."}],
    }
    monkeypatch.setattr(
        command, "examine", lambda at: [Finding("warn", "disk", "Nearly full.", "Make room.")]
    )
    assert command.run(argparse.Namespace(json=False)) == 0
    assert "-> Make room." in capsys.readouterr().out
