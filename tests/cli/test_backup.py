"""Copies: everything comes back, nothing is touched before it is proven, and no half copy is ever called one."""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.utils import translation

from simpul.cli import ground
from simpul.cli import restore as restore_module
from simpul.cli.backup import archive, identity, sqlite
from simpul.lib.errors import Refused
from simpul.lib.spool import Spool
from tests.cli.conftest import ON_POSTGRES
from tests.cli.small import REPOSITORY, Installation

pytestmark = pytest.mark.slow

FACTS = """
from django.apps import apps
from simpul.journal import queries
from simpul.people.models import Person
import json
rows = {m._meta.db_table: m._base_manager.count() for m in apps.get_models(include_auto_created=True)}
niks = sorted(p.nik for p in Person.objects.all() if p.nik)
from simpul.cases.models import Case
print(json.dumps({"rows": rows, "niks": niks, "numbers": sorted(Case.objects.values_list("number", flat=True)),
  "damages": [d.what for d in queries.damages()]}))
"""


def facts(installation: Installation) -> dict[str, Any]:
    return dict(json.loads(installation.python(FACTS)))


def tree(folder: Path) -> dict[str, str]:
    """Every file of a folder with its hash; SQLite's own log files come and go by reading."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(("-wal", "-shm"))
    }


def copy_of(installation: Installation, folder: Path, *arguments: str) -> Path:
    """A fresh copy in ``folder``."""
    folder.mkdir(exist_ok=True)
    done = installation.run("backup", folder, "--json", *arguments)
    assert done.returncode == 0, done.stderr + done.stdout
    return Path(json.loads(done.stdout)["path"])


def identity_of(installation: Installation) -> Path:
    return installation.data / "keys" / identity.FILE


# --- the drill ------------------------------------------------------------------------------------------------------


def test_a_restore_drill_on_an_empty_machine_brings_everything_back(
    installation: Installation, empty: Installation, tmp_path: Path
) -> None:
    before = facts(installation)
    copy = copy_of(installation, tmp_path / "usb")
    key = shutil.copy(identity_of(installation), tmp_path / "identity.txt")
    kept = tree(installation.data / "files"), tree(installation.data / "keys")
    shutil.rmtree(installation.data)  # the machine burned

    extra = ["--database-url", empty.database_url] if empty.database_url else []
    done = empty.run("restore", copy, "--identity", key, "--json", *extra)
    assert done.returncode == 0, done.stderr + done.stdout
    report = json.loads(done.stdout)
    assert report["set_aside"] == []
    assert not [f for f in report["doctor"]["findings"] if f["level"] == "bad" and f["about"] != "settings"]

    assert facts(empty) == before
    assert before["niks"] == ["7602132001900001"] and before["damages"] == []
    assert (tree(empty.data / "files"), tree(empty.data / "keys")) == kept
    assert not list(empty.data.glob("restore-*"))


def test_life_goes_on_after_a_restore(
    installation: Installation, empty: Installation, tmp_path: Path
) -> None:
    copy = copy_of(installation, tmp_path / "usb")
    assert empty.run("restore", copy, "--identity", identity_of(installation)).returncode == 0
    opened = empty.python(
        "from simpul.cases.actions import intake\nfrom simpul.lib.actor import ANYBODY\n"
        "from django.utils import timezone\nfrom tests.cast import DUNGKAIT, NOW\n"
        "o = intake.open_case(by=ANYBODY, at=NOW, kind_code='complaint', text_given='Jembatan putus lagi.',"
        " region_code=DUNGKAIT, channel='web')\n"
        "from django.contrib.contenttypes.models import ContentType\nContentType.objects.create(app_label='a', model='b')\n"
        "print(o.number)"
    )
    assert opened.split("-")[2] == "00006"


def test_a_good_copy_tells_devices_what_is_safe(installation: Installation, tmp_path: Path) -> None:
    copy_of(installation, tmp_path / "usb")
    marks = installation.python(
        "from simpul.sync.models import BackupMark\n"
        "print([(m.covers_until < m.verified_at, m.name[:7]) for m in BackupMark.objects.all()])"
    )
    assert marks == "[(True, 'simpul-')]"


def test_the_copy_holds_one_moment_although_others_go_on_writing(
    installation: Installation, empty: Installation, tmp_path: Path
) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.writer", "--threads", "2"],
        env=installation.environment,
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert writer.stdout is not None
        first = [writer.stdout.readline() for _turn in range(4)]
        copy = copy_of(installation, tmp_path / "usb")
        later = [writer.stdout.readline() for _turn in range(4)]
    finally:
        writer.terminate()
        writer.communicate()
    done = empty.run("restore", copy, "--identity", identity_of(installation), "--json")
    assert done.returncode == 0, done.stderr + done.stdout
    after = facts(empty)
    assert {line.split()[0] for line in first} <= set(after["numbers"])
    assert after["rows"]["cases_case"] == len(after["numbers"]) == len(set(after["numbers"]))
    opened = sum(1 for number in after["numbers"] if number)
    lines = empty.python(
        "from simpul.journal.models import Line\nprint(Line.objects.filter(kind='case.open').count())"
    )
    assert int(lines) == opened  # each case has its line: the copy cut no transaction in two
    assert all(later)


def test_replacing_sets_the_old_installation_aside_whole(installation: Installation, tmp_path: Path) -> None:
    copy = copy_of(installation, tmp_path / "usb")
    refused = installation.run("restore", copy)
    assert refused.returncode == 1 and "--replace" in refused.stderr
    (installation.data / "files" / "note.txt").write_text("later", encoding="utf-8")
    done = installation.run("restore", copy, "--replace", "--json")
    assert done.returncode == 0, done.stderr + done.stdout
    aside = [Path(place) for place in json.loads(done.stdout)["set_aside"] if not place.startswith("schema ")]
    assert (aside[0] / "files" / "note.txt").exists() and not (
        installation.data / "files" / "note.txt"
    ).exists()
    assert {"installation.json", "keys", "files"} <= {path.name for path in aside[0].iterdir()}
    assert len(json.loads(done.stdout)["set_aside"]) == (2 if ON_POSTGRES else 1)
    assert facts(installation)["damages"] == []


def test_deliveries_that_wait_outside_the_database_are_copied_and_none_is_lost_by_replacing(
    on_sqlite: Installation, tmp_path: Path
) -> None:
    spool = Spool(on_sqlite.data / "spool")
    copied = spool.add({"what": "copied"})
    torn = spool.lay_aside(spool.add({"what": "laid aside"}))
    copy = copy_of(on_sqlite, tmp_path / "usb")
    copied.unlink()
    torn.unlink()
    spool.add({"what": "came since"})
    done = on_sqlite.run("restore", copy, "--replace", "--json")
    assert done.returncode == 0, done.stderr + done.stdout
    assert [record.data["what"] for record in spool.take(9)] == ["copied", "came since"]
    assert spool.laid_aside() == 1 and torn.exists()


def test_a_database_that_is_in_use_is_not_replaced(installation: Installation, tmp_path: Path) -> None:
    copy = copy_of(installation, tmp_path / "usb")
    holder = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.writer", "--threads", "1"],
        env=installation.environment,
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout is not None and holder.stdout.readline()
        done = installation.run("restore", copy, "--replace")
        assert done.returncode == 1 and "Stop `simpul serve`" in done.stderr
    finally:
        holder.terminate()
        holder.communicate()
    assert facts(installation)["damages"] == []


@pytest.mark.postgres
def test_a_copy_of_a_sqlite_box_moves_to_postgresql(
    on_sqlite: Installation, empty: Installation, tmp_path: Path
) -> None:
    before = facts(on_sqlite)
    copy = copy_of(on_sqlite, tmp_path / "usb")
    url, empty.database_url = empty.database_url, ""
    done = empty.run("restore", copy, "--identity", identity_of(on_sqlite), "--database-url", url, "--json")
    assert done.returncode == 0, done.stderr + done.stdout
    assert json.loads(done.stdout)["into"] == "postgresql"
    assert json.loads((empty.data / "installation.json").read_text())["database_url"] == url
    assert not (empty.data / "simpul.sqlite3").exists()
    after = facts(empty)
    assert (after["niks"], after["numbers"], after["damages"]) == (before["niks"], before["numbers"], [])
    assert after["rows"] == before["rows"]


def read_through(source: Any, identities: list[Any]) -> None:
    """Read every part of a copy and throw it away."""
    with archive.reading(source, identities) as parts:
        for _name, part, _size in parts:
            archive.take(part, None)


# --- what is refused ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def copied_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A filled installation and a copy of it, made once."""
    home = tmp_path_factory.mktemp("copied")
    shutil.copytree(sqlite_template, home / "data")
    return home / "data", copy_of(Installation(home / "data"), home / "usb")


@pytest.fixture
def prepared(copied_template: tuple[Path, Path], tmp_path: Path) -> tuple[Installation, Path]:
    """An installation on SQLite with a copy of it, for one test alone."""
    data, copy = copied_template
    shutil.copytree(data, tmp_path / "data")
    return Installation(tmp_path / "data"), Path(shutil.copy(copy, tmp_path / "copy.simpul"))


@dataclass
class Refusal:
    """How a restore ended."""

    returncode: int
    stdout: str
    stderr: str


def restore(installation: Installation, copy: Path, *arguments: object) -> Refusal:
    """``simpul restore`` in this process: for what is refused, and for checks, which need no settings of their own."""
    parser = argparse.ArgumentParser()
    ground.restore_arguments(parser)
    args = parser.parse_args([str(copy), *map(str, arguments)])
    args.language = "en"
    out, err = io.StringIO(), io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patch,
        redirect_stdout(out),
        redirect_stderr(err),
        translation.override("en"),
    ):
        patch.setenv("SIMPUL_DATA", str(installation.data))
        patch.delenv("DATABASE_URL", raising=False)
        return Refusal(restore_module.run(args), out.getvalue(), err.getvalue())


def test_a_flipped_bit_anywhere_is_refused_before_anything_is_touched(
    prepared: tuple[Installation, Path],
) -> None:
    installation, copy = prepared
    own = identity.read(identity_of(installation))
    data = copy.read_bytes()
    places = [0, 30, 120, 250, 340, *range(400, len(data), len(data) // 40), len(data) - 20, len(data) - 1]
    for place in places:
        flipped = bytearray(data)
        flipped[place] ^= 0x10
        with pytest.raises(Refused):
            read_through(io.BytesIO(bytes(flipped)), own)
    before = tree(installation.data)
    copy.write_bytes(bytes([*data[: len(data) // 2], data[len(data) // 2] ^ 1, *data[len(data) // 2 + 1 :]]))
    done = restore(installation, copy, "--replace", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["code"] == "copy.damaged"
    assert tree(installation.data) == before


@pytest.mark.parametrize("share", [0.0, 0.0005, 0.3, 0.999, 0.99999])
def test_a_cut_file_is_refused(prepared: tuple[Installation, Path], share: float) -> None:
    installation, copy = prepared
    data = copy.read_bytes()
    copy.write_bytes(data[: int(len(data) * share)])
    before = tree(installation.data)
    done = restore(installation, copy, "--replace")
    assert done.returncode == 1 and "This copy is damaged" in done.stderr
    assert tree(installation.data) == before


def test_the_wrong_identity_and_none_at_all_are_refused(
    prepared: tuple[Installation, Path], tmp_path: Path
) -> None:
    _installation, copy = prepared
    stranger = tmp_path / "stranger.txt"
    stranger.write_text(str(pyrage.x25519.Identity.generate()) + "\n", encoding="ascii")
    empty = Installation(tmp_path / "empty")
    assert "does not open this copy" in restore(empty, copy, "--identity", stranger).stderr
    assert "--identity FILE" in restore(empty, copy).stderr
    stranger.write_text("not a key\n", encoding="ascii")
    assert "holds no age identity" in restore(empty, copy, "--identity", stranger).stderr
    assert not (tmp_path / "empty" / "installation.json").exists()


def test_a_file_that_is_not_there_or_no_copy_is_refused(
    prepared: tuple[Installation, Path], tmp_path: Path
) -> None:
    installation, _copy = prepared
    assert "cannot be read" in restore(installation, tmp_path / "nothing.simpul").stderr
    (tmp_path / "letter.simpul").write_text("Dear mother, " * 100, encoding="ascii")
    assert "This copy is damaged" in restore(installation, tmp_path / "letter.simpul").stderr


def forged(path: Path, installation: Installation, change: Any) -> Path:
    """A copy sealed with the right key, whose manifest or parts were changed by ``change(writer, manifest)``."""
    own = identity.read(identity_of(installation))[0]
    manifest = archive.Manifest(vendor="sqlite", kind="real")
    with path.open("wb") as stream, archive.writing(stream, [own.to_public()], manifest) as copy:
        copy.add(archive.SNAPSHOT, installation.data / "simpul.sqlite3")
        for key in sorted((installation.data / "keys").iterdir()):
            copy.add(f"keys/{key.name}", key)
        copy.add(archive.INSTALLATION, installation.data / "installation.json")
        change(copy, manifest)
    return path


def _plain_tar(path: Path, installation: Installation, members: list[tarfile.TarInfo]) -> Path:
    own = identity.read(identity_of(installation))[0]
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as tar:
        for member in members:
            tar.addfile(member, io.BytesIO(b"x" * member.size))
    path.write_bytes(pyrage.encrypt(plain.getvalue(), [own.to_public()]))
    return path


def _member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname, member.size = kind, link, 4 if kind == tarfile.REGTYPE else 0
    return member


@pytest.mark.parametrize(
    "member",
    [
        _member("../outside"),
        _member("/etc/cron.d/x"),
        _member("files/../../x"),
        _member("keys/.hidden"),
        _member("keys/a/b"),
        _member("files/short"),
        _member("files/" + "a" * 64, tarfile.SYMTYPE, "/etc/passwd"),
        _member("installation.json", tarfile.LNKTYPE, "/etc/passwd"),
        _member("files", tarfile.DIRTYPE),
    ],
    ids=lambda member: member.name,
)
def test_a_part_that_no_backup_writes_is_never_unpacked(
    prepared: tuple[Installation, Path], tmp_path: Path, member: tarfile.TarInfo
) -> None:
    installation, _copy = prepared
    evil = _plain_tar(tmp_path / "evil.simpul", installation, [member])
    before = tree(tmp_path)
    own = identity.read(identity_of(installation))
    with pytest.raises(archive.CopyDamaged), evil.open("rb") as source:
        read_through(source, own)
    assert tree(tmp_path) == before


def test_a_copy_of_a_newer_program_is_refused(prepared: tuple[Installation, Path], tmp_path: Path) -> None:
    installation, _copy = prepared
    newer = forged(
        tmp_path / "newer", installation, lambda copy, manifest: setattr(manifest, "program", "9.0.1")
    )
    done = restore(installation, newer, "--replace")
    assert done.returncode == 1 and "written by Simpul 9.0.1, which is newer" in done.stderr


def _wrong_hash(copy: archive.Writer, manifest: archive.Manifest) -> None:
    manifest.parts[archive.INSTALLATION].sha256 = "0" * 64


def _missing_part(copy: archive.Writer, manifest: archive.Manifest) -> None:
    manifest.parts["files/" + "a" * 64] = archive.Part(1, "a" * 64)


def _unlisted_part(copy: archive.Writer, manifest: archive.Manifest) -> None:
    copy.add_json("keys/extra.txt", {}, listed=False)


def _twice(copy: archive.Writer, manifest: archive.Manifest) -> None:
    copy.add_json("keys/extra.txt", {})
    copy.add_json("keys/extra.txt", {})


def _renamed_file(copy: archive.Writer, manifest: archive.Manifest) -> None:
    copy.add_json("files/" + "b" * 64, {"not": "its content"})


def _other_count(copy: archive.Writer, manifest: archive.Manifest) -> None:
    manifest.tables["cases_case"] = 4


@pytest.mark.parametrize(
    "change", [_wrong_hash, _missing_part, _unlisted_part, _twice, _renamed_file, _other_count]
)
def test_a_copy_whose_contents_differ_from_its_list_is_refused(
    prepared: tuple[Installation, Path], tmp_path: Path, change: Any
) -> None:
    installation, _copy = prepared
    sqlite.release(installation.data / "simpul.sqlite3")
    done = restore(installation, forged(tmp_path / "forged", installation, change), "--check", "--json")
    assert json.loads(done.stdout)["code"] == "copy.damaged", done.stdout + done.stderr


def test_a_snapshot_with_a_damaged_page_is_refused_although_its_hash_is_right(
    prepared: tuple[Installation, Path], tmp_path: Path
) -> None:
    installation, _copy = prepared
    database = installation.data / "simpul.sqlite3"
    sqlite.release(database)
    with database.open("r+b") as stream:
        stream.seek(4096 * 6)
        stream.write(b"\xa5" * 4096)
    damaged = forged(tmp_path / "damaged", installation, lambda copy, manifest: None)
    done = restore(installation, damaged, "--check", "--json")
    assert json.loads(done.stdout)["code"] == "copy.damaged"
    made = installation.run("backup", tmp_path, "--json")
    assert (made.returncode, json.loads(made.stdout)["code"]) == (1, "copy.database_damaged")
    assert not list(tmp_path.glob("*.partial")) and not list(tmp_path.glob(".*.partial"))


def test_checking_changes_nothing(prepared: tuple[Installation, Path], tmp_path: Path) -> None:
    installation, copy = prepared
    before = tree(installation.data)
    done = restore(installation, copy, "--check", "--json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["ok"], report["restored"], report["files"]) == (0, True, False, 1)
    assert tree(installation.data) == before
    assert not (tmp_path / "nobody").exists()
    assert (
        Installation(tmp_path / "nobody")
        .run("restore", copy, "--check", "--identity", identity_of(installation))
        .returncode
        == 0
    )
    assert not (tmp_path / "nobody").exists()


# --- writing --------------------------------------------------------------------------------------------------------


def test_the_first_copy_says_that_the_identity_must_be_kept_elsewhere(
    on_sqlite: Installation, tmp_path: Path
) -> None:
    first = on_sqlite.run("backup", tmp_path / "one.simpul")
    assert first.returncode == 0 and "This is the first copy" in first.stderr
    assert (tmp_path / "one.simpul").stat().st_mode & 0o077 == 0
    assert identity_of(on_sqlite).stat().st_mode & 0o077 == 0
    second = on_sqlite.run("backup", tmp_path / "two.simpul", "--language", "id")
    assert second.stderr == "" and second.stdout.startswith("Cadangan ditulis dan sudah dibuka kembali")
    assert b"SQLite format" not in (tmp_path / "one.simpul").read_bytes()


def test_an_existing_file_and_a_missing_folder_are_refused(
    prepared: tuple[Installation, Path], tmp_path: Path
) -> None:
    installation, copy = prepared
    before = copy.read_bytes()
    assert "there is a file already" in installation.run("backup", copy).stderr
    assert copy.read_bytes() == before
    assert "no such folder" in installation.run("backup", tmp_path / "not" / "there.simpul").stderr
    assert (
        "is not an age public key"
        in installation.run("backup", tmp_path, "--recipient", "age1nonsense").stderr
    )


def test_another_recipient_and_a_sealed_identity_open_the_copy(
    on_sqlite: Installation, tmp_path: Path
) -> None:
    regency = pyrage.x25519.Identity.generate()
    (tmp_path / "regency.txt").write_text(f"{regency}\n", encoding="ascii")
    (tmp_path / "words.txt").write_text("sampan kecil di laut tenang\n", encoding="utf-8")
    copy = copy_of(
        on_sqlite, tmp_path / "usb", "--recipient", str(regency.to_public()),
        "--export-identity", str(tmp_path / "sealed.age"), "--passphrase-file", str(tmp_path / "words.txt"),
    )  # fmt: skip
    nobody = Installation(tmp_path / "nobody")
    assert restore(nobody, copy, "--check", "--identity", tmp_path / "regency.txt").returncode == 0
    sealed = [copy, "--check", "--identity", tmp_path / "sealed.age"]
    assert restore(nobody, *sealed, "--passphrase-file", tmp_path / "words.txt").returncode == 0
    (tmp_path / "words.txt").write_text("salah\n", encoding="utf-8")
    wrong = restore(nobody, *sealed, "--passphrase-file", tmp_path / "words.txt")
    assert wrong.returncode == 1 and "passphrase is wrong" in wrong.stderr


def test_a_file_that_is_gone_is_named_and_the_rest_is_copied(on_sqlite: Installation, tmp_path: Path) -> None:
    lost = next(path for path in (on_sqlite.data / "files").rglob("*") if path.is_file())
    lost.unlink()
    done = on_sqlite.run("backup", tmp_path, "--json")
    assert (done.returncode, json.loads(done.stdout)["missing_files"]) == (0, [lost.name])
    lost.write_bytes(b"changed")
    done = on_sqlite.run("backup", tmp_path / "again.simpul", "--json")
    assert (done.returncode, json.loads(done.stdout)["code"]) == (1, "copy.database_damaged")


@pytest.fixture
def little_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 300 KB; skipped where it cannot be mounted."""
    place = tmp_path / "little"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(place)]
    if (
        sys.platform != "linux"
        or os.geteuid() != 0
        or subprocess.run(mount, check=False, capture_output=True).returncode
    ):
        pytest.skip("mounting a little disk needs root on Linux")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_leaves_no_half_copy(on_sqlite: Installation, little_disk: Path) -> None:
    done = on_sqlite.run("backup", little_disk)
    assert done.returncode == 1 and "not enough room" in done.stderr
    assert list(little_disk.iterdir()) == []
    assert not list(on_sqlite.data.glob("backup-*"))


def test_nothing_is_copied_before_anything_is_set_up(tmp_path: Path) -> None:
    done = Installation(tmp_path / "nobody").run("backup", tmp_path)
    assert done.returncode == 1 and "simpul init" in done.stderr
