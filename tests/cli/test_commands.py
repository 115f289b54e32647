"""The commands as a keeper types them: a real installation set up, served, refused and taken down again."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.small import REPOSITORY, Installation

pytestmark = pytest.mark.slow

INIT = [
    "init",
    "--name",
    "Pemerintah Kabupaten Mamuju",
    "--region",
    "76.02",
    "--admin",
    "kelola",
    "--admin-name",
    "Dian Pratiwi",
]


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Installation, dict[str, str]]:
    """A new installation by `simpul init`, on SQLite, with what the command said."""
    place = Installation(tmp_path_factory.mktemp("founded") / "data")
    done = place.run(*INIT, "--host", "simpul.contoh.id", "--https", "--json")
    assert done.returncode == 0, done.stderr
    return place, json.loads(done.stdout)


def test_init_makes_everything_and_only_its_owner_may_read_it(
    founded: tuple[Installation, dict[str, str]],
) -> None:
    place, said = founded
    assert (said["admin"], said["name"], said["data"]) == (
        "kelola",
        "Pemerintah Kabupaten Mamuju",
        str(place.data),
    )
    assert len(said["password"]) >= 8
    for path in (
        place.data,
        place.data / "installation.json",
        place.data / "keys",
        place.data / "simpul.sqlite3",
    ):
        assert path.stat().st_mode & 0o077 == 0, path
    known = place.python(
        "from simpul.regions.models import Region\nfrom simpul.desks.models import Seat\n"
        "print(Region.objects.filter(level=4).count() > 80000, Seat.objects.get().role)"
    )
    assert known == "True administrator"


def test_init_never_touches_an_installation(founded: tuple[Installation, dict[str, str]]) -> None:
    place, _said = founded
    before = (place.data / "installation.json").read_bytes()
    done = place.run(*INIT)
    assert done.returncode == 1 and "left as it is" in done.stderr
    assert (place.data / "installation.json").read_bytes() == before
    assert place.run("demo").returncode == 1


def test_init_with_an_unknown_place_leaves_nothing_of_its_own_and_nothing_else_is_lost(
    tmp_path: Path,
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "letter.txt").write_text("mine", encoding="utf-8")
    place = Installation(tmp_path / "data")
    done = place.run(*[word.replace("76.02", "99.99") for word in INIT])
    assert done.returncode == 1 and "Nothing was set up" in done.stderr
    assert [path.name for path in place.data.iterdir() if path.is_file()] == ["letter.txt"]
    assert not (place.data / "keys").exists()


def test_the_settings_of_a_new_installation_pass_the_deployment_checks(
    founded: tuple[Installation, dict[str, str]],
) -> None:
    place, _said = founded
    said = place.python(
        "from django.core import checks\n"
        "print(*[m.id for m in checks.run_checks(include_deployment_checks=True) if not m.is_silenced()])"
    )
    assert set(said.split()) <= {"security.W008"}  # sending http on to https is the proxy's work


def test_a_new_installation_is_healthy_but_for_what_is_not_set_up_yet(
    founded: tuple[Installation, dict[str, str]],
) -> None:
    place, _said = founded
    done = place.run("doctor", "--json")
    findings = json.loads(done.stdout)["findings"]
    assert done.returncode == 0, [finding for finding in findings if finding["level"] == "bad"]
    assert {finding["about"] for finding in findings if finding["level"] == "warn"} == {
        "worker",
        "routes",
        "desks",
        "seats",
        "copies",
    }
    assert place.run("doctor", "--language", "id").stdout.startswith("  ok   Basis data menjawab dan utuh.")


def test_clock_counts_as_the_law_does(founded: tuple[Installation, dict[str, str]], tmp_path: Path) -> None:
    place, _said = founded
    words = ["clock", "--start", "2026-03-13", "--working-days", "10", "--region", "7602", "--json"]
    said = json.loads(place.run(*words).stdout)
    assert said["due_date"] == "2026-04-06"
    assert {"date": "2026-03-19", "reason": "Hari Suci Nyepi"} in said["skipped"]
    assert (
        json.loads(Installation(tmp_path / "nobody").run(*words).stdout) == said
    )  # without an installation too
    assert place.run("clock", "--start", "13-03-2026", "--working-days", "10").returncode == 2


@pytest.mark.parametrize("command", [["serve"], ["work", "--once"], ["doctor"]])
def test_commands_that_need_an_installation_say_so(tmp_path: Path, command: list[str]) -> None:
    done = Installation(tmp_path / "nobody").run(*command)
    assert done.returncode == 1 and "simpul init" in done.stderr
    assert not (tmp_path / "nobody").exists()


@pytest.fixture
def served(founded: tuple[Installation, dict[str, str]]) -> Iterator[str]:
    """The address of `simpul serve`."""
    place, _said = founded
    port = 8937
    server = subprocess.Popen(
        [sys.executable, "-m", "simpul", "serve", "--port", str(port)],
        env=place.environment,
        cwd=REPOSITORY,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(20) in (0, -signal.SIGTERM)


def test_serve_answers_and_its_worker_beats(served: str) -> None:
    until, health = time.monotonic() + 60, {}
    while time.monotonic() < until and health.get("worker_age_seconds") is None:
        try:
            with urllib.request.urlopen(f"{served}/sehat/", timeout=5) as answer:  # noqa: S310 - our own address
                health = json.loads(answer.read())
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            pass
        time.sleep(0.3)
    assert health["ok"] is True and health["worker_age_seconds"] is not None
    with urllib.request.urlopen(f"{served}/", timeout=10) as page:  # noqa: S310 - our own address
        assert "Content-Security-Policy" in page.headers and page.status == 200
