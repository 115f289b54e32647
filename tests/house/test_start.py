"""start.py: what it says and skips. (That it sets up from nothing is what the build server does first.)"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from tests.house.source import REPOSITORY


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """start.py as a module, pointed at an empty folder with two small locks."""
    spec = importlib.util.spec_from_file_location("start_under_test", REPOSITORY / "start.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "run.lock").write_text("a==1\n")
    (tmp_path / "requirements" / "dev.lock").write_text("a==1\nb==2\n")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "lib" / "python3.11" / "site-packages").mkdir(parents=True)
    places = {
        "ROOT": "",
        "VENV": ".venv",
        "REQUIREMENTS": "requirements",
        "BIN": ".venv/bin",
        "PYTHON": ".venv/bin/python",
    }
    for name, place in places.items():
        monkeypatch.setattr(module, name, tmp_path / place)
    return module


def never(*_args: object, **_options: object) -> None:
    raise AssertionError("this should have been skipped")


def test_a_lock_that_was_installed_is_not_installed_again(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start, "install_with_uv", lambda lock: True)
    start.install("run")
    assert start.is_installed("run")
    assert not start.is_installed("dev")


def test_a_changed_lock_is_installed_again(start: ModuleType) -> None:
    start.stamp("run").write_text(hashlib.sha256(b"a==1\n").hexdigest())
    assert start.is_installed("run")
    (start.REQUIREMENTS / "run.lock").write_text("a==2\n")
    assert not start.is_installed("run")


def test_the_developer_packages_serve_for_running_too(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start, "install_with_uv", lambda lock: True)
    start.install("dev")
    assert start.is_installed("run")


def test_an_interrupted_installation_is_taken_up_again(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start, "install_with_uv", never)
    with pytest.raises(AssertionError):
        start.install("run")
    assert not start.is_installed("run")


def test_without_venv_it_names_the_package_to_install(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(start, "find_uv", lambda: None)
    with pytest.raises(start.Stopped, match="apt-get install python3-venv"):
        start.create_environment()


def test_without_chromium_it_names_the_command(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SIMPUL_CHROMIUM", raising=False)
    monkeypatch.setattr(start, "CHROMIUM_NAMES", ())
    monkeypatch.setattr(start, "CHROMIUM_PLACES", ())
    monkeypatch.setattr(start.shutil, "which", lambda name: None)
    with pytest.raises(start.Stopped, match="sudo apt-get update && sudo apt-get install -y chromium"):
        start.find_chromium()


def test_an_old_python_is_told_so(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "OLDEST", (99, 0))
    with pytest.raises(start.Stopped, match=r"needs Python 3\.11 or newer"):
        start.main(["lint"])


def test_an_unknown_command_is_wrong_use(start: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        start.main(["fly"])
    assert stopped.value.code == 2
    assert "python3 start.py test" in capsys.readouterr().err


def test_options_without_a_command_go_to_the_server(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []
    keep: Callable[[list[str]], None] = seen.append
    monkeypatch.setattr(start, "run", keep)
    start.main(["--port", "8001"])
    assert seen == [["--port", "8001"]]


@pytest.mark.skipif(os.name == "nt", reason="the Windows launcher is a .cmd file")
def test_the_launcher_works_from_anywhere_through_a_link_and_with_spaces(
    start: ModuleType, tmp_path: Path
) -> None:
    (start.BIN / "python").symlink_to(sys.executable)
    (tmp_path / "simpul").mkdir()
    (tmp_path / "simpul" / "__main__.py").write_text("import sys; print('called with', sys.argv[1:])")
    start.write_launcher()
    moved = tmp_path.parent / f"{tmp_path.name} moved"
    tmp_path.rename(moved)
    link = moved.parent / f"{tmp_path.name}-link"
    link.symlink_to(moved / ".venv" / "bin" / "simpul")
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(moved)}
    said = subprocess.run(
        [link, "a b"], env=environment, cwd="/", capture_output=True, text=True, check=True
    ).stdout
    assert said.strip() == "called with ['a b']"


def test_a_path_file_makes_the_project_importable(start: ModuleType) -> None:
    start.write_launcher()
    site = start.VENV / "lib" / "python3.11" / "site-packages"
    assert (site / (site / "simpul.pth").read_text().strip()).resolve() == start.ROOT.resolve()


def test_programs_that_are_missing_are_named_with_the_exact_command(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    start.find_programs.__globals__["PROGRAMS"] = (("sh", "dash"),)
    start.find_programs()  # nothing is missing
    start.find_programs.__globals__["PROGRAMS"] = (
        ("no-such-one", "b a"),
        ("/no/such/file", "a"),
        ("sh", "dash"),
    )
    monkeypatch.setattr(start, "install_packages", lambda *_given: False)
    with pytest.raises(start.Stopped, match=r"apt-get install -y a b$"):
        start.find_programs()


def test_what_was_compiled_once_is_kept_even_where_the_caller_switched_that_off(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", "")  # so that what is set below is taken back
    monkeypatch.delenv("PYTHONPYCACHEPREFIX")
    start.keep_compiled()
    (tmp_path / "a_module.py").write_text("HERE = 1\n")
    subprocess.run([sys.executable, "-c", "import a_module"], cwd=tmp_path, check=True)
    kept = [path.name for path in start.VENV.rglob("a_module.*.pyc")]
    assert len(kept) == 1
    assert not list(tmp_path.rglob("__pycache__"))


def test_runs_are_made_side_by_side_and_counted_and_after_one_that_failed_none_is_begun(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(start, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(start.os, "cpu_count", lambda: 1)
    texts = {
        "good": "def test_one(): pass\n\ndef test_two(): pass\n",
        "bad": "def test_it(): assert False, 'this is wrong'\n",
        "never": "def test_it(): open('was-begun', 'w')\n",
    }
    for name, text in texts.items():
        (tmp_path / f"test_{name}.py").write_text(text)
    alone = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    good, bad, late = (
        start.Step(f"the {name} ones", ["-p", "no:cacheprovider"], extra=alone, folders=[f"test_{name}.py"])
        for name in texts
    )
    with start.Tally() as tally:
        tally.side_by_side([good])
    assert "==== all runs: 2 passed, 0 skipped" in capsys.readouterr().out
    with pytest.raises(SystemExit) as stopped, start.Tally() as tally:
        tally.side_by_side([bad, bad._replace(name="the bad ones again"), late])
    said = capsys.readouterr().out
    assert stopped.value.code == 1
    assert "this is wrong" in said and "FAILED the bad ones again" in said
    assert "==== all runs: 2 failed, 0 passed" in said
    assert not (tmp_path / "was-begun").exists()


def test_the_suite_is_halved_into_rooms_and_doors_with_nothing_left_out(
    start: ModuleType, tmp_path: Path
) -> None:
    for folder in ("web", "cli", "cases"):
        (tmp_path / "tests" / folder).mkdir(parents=True)
    whole = start.Step("tests on SQLite", ["-m", "not browser"])
    rooms, doors = start.halves(whole)
    assert doors.folders == ["tests/web", "tests/cli"] and doors.arguments == whole.arguments
    assert rooms.folders == ("tests",)
    assert rooms.arguments == ["-m", "not browser", "--ignore=tests/web", "--ignore=tests/cli"]
