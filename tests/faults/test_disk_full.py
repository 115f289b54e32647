"""The disk is full: a clear page, nothing acknowledged, nothing lost, and life goes on when there is room again."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from simpul.cli.backup import sqlite
from tests.cli.small import REPOSITORY, Installation

pytestmark = pytest.mark.slow

TRIES = 12


@pytest.fixture
def cramped(sqlite_template: Path, tmp_path: Path) -> Iterator[Installation]:
    """An installation alone on a small disk of its own."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(disk)]
    if (
        sys.platform != "linux"
        or os.geteuid() != 0
        or subprocess.run(mount, check=False, capture_output=True).returncode
    ):
        pytest.skip("mounting a small disk needs root on Linux")
    try:
        shutil.copytree(sqlite_template, disk / "data")
        yield Installation(disk / "data")
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def fill(disk: Path, leave: int) -> Path:
    """Take all room but a little."""
    ballast = disk / "ballast"
    free = shutil.disk_usage(disk).free
    with ballast.open("wb") as stream:
        stream.write(b"\0" * max(0, free - leave))
    return ballast


class Residents:
    """The program that sends reports, one at each asking."""

    def __init__(self, installation: Installation) -> None:
        words = [sys.executable, "-m", "tests.faults.resident", str(TRIES)]
        self.program = subprocess.Popen(
            words,
            env=installation.environment,
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.program.stdout is not None and self.program.stdin is not None
        assert self.program.stdout.readline() == "ready\n"

    def send(self) -> str:
        assert self.program.stdout is not None and self.program.stdin is not None
        self.program.stdin.write("\n")
        self.program.stdin.flush()
        return self.program.stdout.readline().strip()

    def stop(self) -> None:
        self.program.kill()
        self.program.communicate()


def test_a_full_disk_is_said_on_a_clear_page_and_acknowledges_nothing(cramped: Installation) -> None:
    disk = cramped.data.parent
    residents = Residents(cramped)
    try:
        first = residents.send()
        assert first.startswith("200 SPL-"), first
        ballast = fill(disk, leave=32_768)
        answers = [residents.send() for _try in range(6)]
        refused = [answer for answer in answers if not answer.startswith("200 ")]
        assert refused and set(refused) == {"503 0 kept, retry after 60"}
        ballast.unlink()
        after = residents.send()
        assert after.startswith("200 SPL-")
    finally:
        residents.stop()
    said = {answer.split()[1] for answer in [first, *answers, after] if answer.startswith("200 ")}
    numbers = json.loads(
        cramped.python(
            "import json\nfrom simpul.cases.models import Case\n"
            "print(json.dumps(list(Case.objects.values_list('number', flat=True))))"
        )
    )
    assert said <= set(numbers) and len(numbers) == len(set(numbers)) == 5 + len(said)
    assert sqlite.fault(cramped.data / "simpul.sqlite3") == ""


def test_the_doctor_names_the_full_disk(cramped: Installation) -> None:
    fill(cramped.data.parent, leave=65_536)
    done = cramped.run("doctor", "--json")
    assert done.returncode == 1
    assert "disk" in {f["about"] for f in json.loads(done.stdout)["findings"] if f["level"] == "bad"}
