#!/usr/bin/env python3
"""Set Simpul up, run it, test it: one script that needs nothing but Python 3.11.

    python3 start.py            set up on first use, load the sample regency, serve on http://127.0.0.1:8000
    python3 start.py test       everything CI checks: lint, tests on SQLite and on PostgreSQL, browser stories
    python3 start.py check      the fast part of that: lint and the quick tests on SQLite
    python3 start.py lint       ruff, types, import contracts, house rules
    python3 start.py setup      only the environment in .venv, with the command `simpul` in it
    python3 start.py lock       renew requirements/*.lock from requirements/*.in

Further arguments go to `simpul serve` (no command) or to pytest (test, check): `python3 start.py check -k clock`.

It uses the standard library only, because it runs before anything is installed. The environment is filled from the
hashed locks: by uv when there is one, else by plain pip. A stamp with the lock's hash lets later starts skip that.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
REQUIREMENTS = ROOT / "requirements"
WINDOWS = os.name == "nt"
BIN = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = BIN / ("python.exe" if WINDOWS else "python")
OLDEST = (3, 11)
WRONG_USE = 2
DOORS = [
    "tests/web",
    "tests/flows",
    "tests/cli",
    "tests/demo",
]  # about half of the quick tests: two cores, two runs
A_MOMENT = 0.2  # seconds between two looks at the runs
NO_TESTS_COLLECTED = 5  # pytest's exit status when a selection matches nothing

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
CHROMIUM_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)

PROGRAMS = (
    # what to look for, Debian's packages that have it: real programs that tests marked "programs" talk with
    ("gammu-smsd", "gammu-smsd libdbd-sqlite3"),
    ("/usr/lib/x86_64-linux-gnu/dbd/libdbdsqlite3.so", "libdbd-sqlite3"),
    ("dovecot", "dovecot-imapd"),
    ("perl", "perl"),
    ("node", "nodejs"),  # the JavaScript side of rules that run on both sides; 20 or newer
    ("/usr/share/perl5/Net/SMPP.pm", "libnet-smpp-perl"),
)

POSIX_LAUNCHER = """\
#!/bin/sh
exec "$(dirname "$(readlink -f "$0")")/python" -m simpul "$@"
"""
WINDOWS_LAUNCHER = '@"%~dp0python.exe" -m simpul %*\r\n'


class Stopped(Exception):  # noqa: N818 - an answer for the person at the keyboard, not a fault
    """Something a person must do first, said in one sentence."""


# --- set-up ---------------------------------------------------------------------------------------------------------


def keep_compiled() -> None:
    """Let every Python started from here keep its compiled modules in `.venv`, whatever the caller's environment says.

    Starting Simpul loads some 3,000 modules. Compiling them anew takes 4 to 5 of its 7 seconds of processor time, and
    the suite starts it often; images for containers commonly switch the keeping off. The folders of sources stay clean.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ.setdefault("PYTHONPYCACHEPREFIX", str(VENV / "compiled"))


def set_up(which: str) -> None:
    """Make `.venv` hold what `which` ("run" or "dev") needs; do nothing that is already done."""
    if not PYTHON.exists():
        create_environment()
    keep_compiled()
    if not is_installed(which):
        install(which)
    write_launcher()
    compile_catalogues()


def create_environment() -> None:
    """Create `.venv`, replacing a broken one (a copied folder, a removed Python)."""
    say("creating the environment in .venv")
    if VENV.exists():
        shutil.rmtree(VENV)
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
        return
    uv = find_uv()
    if uv is None:
        raise Stopped(
            "This Python cannot create environments. Install that part first:  apt-get install python3-venv"
        )
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(VENV)], check=True)


def is_installed(which: str) -> bool:
    """True when the stamp says that the lock as it is now was installed. The dev lock contains the run lock."""
    if stamp("dev").exists() and stamp("dev").read_text(encoding="ascii") == lock_hash("dev"):
        return True
    return (
        which == "run"
        and stamp("run").exists()
        and stamp("run").read_text(encoding="ascii") == lock_hash("run")
    )


def install(which: str) -> None:
    """Install one lock; the stamp is written last, so an interrupted installation is taken up again."""
    lock = REQUIREMENTS / f"{which}.lock"
    began = time.monotonic()
    say(f"installing {lock.relative_to(ROOT).as_posix()} (once)")
    stamp(which).unlink(missing_ok=True)
    if not install_with_uv(lock):
        install_with_pip(lock)
    stamp(which).write_text(lock_hash(which), encoding="ascii")
    say(f"installed in {time.monotonic() - began:.0f} s")


def install_with_uv(lock: Path) -> bool:
    """Try uv, which is several times faster. False when there is none, or when it fails where pip's own settings may help."""
    uv = find_uv()
    if uv is None:
        return False
    command = [uv, "pip", "install", "--quiet", "--python", str(PYTHON), "--require-hashes", "-r", str(lock)]
    if subprocess.run(command, env=uv_environment(), check=False).returncode == 0:
        return True
    say("uv could not install; trying pip")
    return False


def install_with_pip(lock: Path) -> None:
    """Install with pip, fetching pip itself from the standard library when uv made the environment without it."""
    pip = [str(PYTHON), "-m", "pip"]
    if subprocess.run([*pip, "--version"], capture_output=True, check=False).returncode != 0:
        subprocess.run([str(PYTHON), "-m", "ensurepip", "--default-pip"], check=True)
    options = ["--quiet", "--disable-pip-version-check", "--no-input", "--require-hashes"]
    if subprocess.run([*pip, "install", *options, "-r", str(lock)], check=False).returncode != 0:
        raise Stopped(
            f"The packages of {lock.name} could not be installed. Check the network, then run this again."
        )


def write_launcher() -> None:
    """Make the project importable in `.venv` and give it the command `simpul`.

    A path file and a two-line script do what an editable installation would, without a build step and without the
    folder's name in them, so the folder may be moved.
    """
    site_packages = next(VENV.glob("Lib/site-packages" if WINDOWS else "lib/python*/site-packages"))
    write_if_changed(site_packages / "simpul.pth", os.path.relpath(ROOT, site_packages) + "\n")
    launcher = BIN / ("simpul.cmd" if WINDOWS else "simpul")
    write_if_changed(launcher, WINDOWS_LAUNCHER if WINDOWS else POSIX_LAUNCHER)
    launcher.chmod(0o755)


def compile_catalogues() -> None:
    """Compile the translations whose .mo file is missing or older than its .po file."""
    stale = [
        po
        for po in (ROOT / "simpul").rglob("locale/*/LC_MESSAGES/*.po")
        if not po.with_suffix(".mo").exists() or po.with_suffix(".mo").stat().st_mtime < po.stat().st_mtime
    ]
    if stale and (ROOT / "simpul" / "lib" / "words.py").exists():
        subprocess.run([str(PYTHON), "-m", "simpul.lib.words"], cwd=ROOT, check=True)


def stamp(which: str) -> Path:
    return VENV / f"simpul-{which}.stamp"


def lock_hash(which: str) -> str:
    return hashlib.sha256((REQUIREMENTS / f"{which}.lock").read_bytes()).hexdigest()


def find_uv() -> str | None:
    inside = BIN / ("uv.exe" if WINDOWS else "uv")
    return shutil.which("uv") or (str(inside) if inside.exists() else None)


def uv_environment() -> dict[str, str]:
    """Uv trusts its own certificates unless told to use the machine's, which offices behind a filter need."""
    return {**os.environ, "UV_SYSTEM_CERTS": "true"}


def write_if_changed(path: Path, text: str) -> None:
    data = text.encode("ascii")
    if not path.exists() or path.read_bytes() != data:
        path.write_bytes(data)


# --- commands -------------------------------------------------------------------------------------------------------


def run(arguments: list[str]) -> None:
    """Load the sample regency on first use, then serve, with the worker, until Ctrl+C."""
    set_up("run")
    simpul = [str(PYTHON), "-m", "simpul"]
    if subprocess.run([*simpul, "demo", "--if-empty"], cwd=ROOT, check=False).returncode != 0:
        raise Stopped("The sample regency could not be loaded; the message above says why.")
    if "--port" not in arguments and "--host" not in arguments:
        say("Simpul is at http://127.0.0.1:8000  (Ctrl+C stops it)")
    try:
        sys.exit(subprocess.run([*simpul, "serve", *arguments], cwd=ROOT, check=False).returncode)
    except KeyboardInterrupt:
        sys.exit(0)


def setup() -> None:
    """Only the environment."""
    set_up("dev")
    say(r"ready: .venv\Scripts\simpul --help" if WINDOWS else "ready: .venv/bin/simpul --help")


def lint() -> None:
    """Ruff, types, import contracts and house rules; the slow type check runs beside the others."""
    set_up("dev")
    began = time.monotonic()
    types = subprocess.Popen(
        [str(PYTHON), "-m", "mypy"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    try:
        step("ruff check", ["-m", "ruff", "check", "."])
        step("ruff format", ["-m", "ruff", "format", "--check", "."])
        step("import contracts", ["-c", "from importlinter.cli import lint_imports_command as c; c()"])
        step("house rules", ["-m", "pytest", "-q", "tests/house"])
        output, _ = types.communicate()
    finally:
        types.kill()
    if types.returncode != 0:
        print(output)
    report("types", types.returncode, time.monotonic() - began)


def check(arguments: list[str]) -> None:
    """Lint, then the quick tests on SQLite."""
    lint()
    quick = ["-m", "not slow and not browser and not postgres and not programs", *arguments]
    with Tally() as tally:
        tally.side_by_side(halves(Step("tests", quick)))


def test(arguments: list[str]) -> None:
    """Everything: lint, the suite on SQLite and on a real PostgreSQL, the stories in a browser."""
    lint()
    browser = {"SIMPUL_CHROMIUM": find_chromium()}
    find_programs()
    # What asks no database runs once, on SQLite. The flood of deliveries is 2,000 here; by itself
    # (python -m tests.postgres tests/faults) it is 10,000.
    beside = {"SIMPUL_BESIDE_SQLITE": "1", "SIMPUL_DELIVERIES": "2000"}
    postgres = Step("tests on PostgreSQL", ["-m", "not browser", *arguments], "tests.postgres", beside)
    given_one_server = "SIMPUL_TEST_POSTGRES" in os.environ  # two runs there would share one database
    steps = [postgres] if given_one_server else halves(postgres)
    if (ROOT / "tests" / "browser").is_dir():
        stories = ["-m", "browser", *arguments]
        steps.append(Step("browser stories", stories, extra=browser, folders=["tests/browser"]))
    steps += halves(Step("tests on SQLite", ["-m", "not browser and not postgres", *arguments]))
    with Tally() as tally:
        tally.side_by_side(steps)


def halves(whole: Step) -> list[Step]:
    """The suite as two steps of about the same length: the rooms, and the doors to them."""
    doors = [folder for folder in DOORS if (ROOT / folder).is_dir()]
    others = [*whole.arguments, *(f"--ignore={folder}" for folder in doors)]
    rooms = whole._replace(name=f"{whole.name}, rooms", arguments=others)
    return [rooms, whole._replace(name=f"{whole.name}, doors", folders=doors)] if doors else [rooms]


def lock() -> None:
    """Resolve both .in files for every platform, with hashes and without any index address."""
    set_up("dev")
    uv = find_uv()
    if uv is None:
        raise Stopped("Renewing the locks needs uv:  .venv/bin/pip install uv")
    for which in ("run", "dev"):
        options = [
            "--universal",
            "--generate-hashes",
            "--no-header",
            "--no-emit-index-url",
            "--python-version",
            "3.11",
        ]
        if which == "dev":
            options += ["--constraint", "requirements/run.lock"]
        files = [f"requirements/{which}.in", "-o", f"requirements/{which}.lock"]
        subprocess.run(
            [uv, "pip", "compile", "--quiet", *options, *files], cwd=ROOT, env=uv_environment(), check=True
        )
        say(f"wrote requirements/{which}.lock")


# --- steps ----------------------------------------------------------------------------------------------------------


def step(name: str, arguments: list[str]) -> None:
    """Run one step in the environment; show how long it took; stop everything when it fails."""
    began = time.monotonic()
    status = subprocess.run([str(PYTHON), *arguments], cwd=ROOT, check=False).returncode
    report(name, status, time.monotonic() - began)


def report(name: str, status: int, seconds: float) -> None:
    """Say how a step ended; stop everything when it failed."""
    show(name, good=status == 0, seconds=seconds)
    if status != 0:
        sys.exit(status)


def show(name: str, *, good: bool, seconds: float) -> None:
    print(f"{'ok' if good else 'FAILED':7}{name} ({seconds:.1f} s)", flush=True)


class Step(NamedTuple):
    """A run of pytest to be made: its options, what starts it, what it finds in the environment, which folders."""

    name: str
    arguments: list[str]
    runner: str = "pytest"
    extra: Mapping[str, str] = MappingProxyType({})
    folders: Sequence[str] = ("tests",)


class Run(NamedTuple):
    """A run of pytest that has begun."""

    name: str
    process: subprocess.Popen[bytes]
    results: Path
    log: Path
    began: float


class Tally:
    """Counts the tests of several pytest runs and ends with one summary line of all of them."""

    def __enter__(self) -> Tally:
        self.began = time.monotonic()
        self.folder = tempfile.TemporaryDirectory(prefix="simpul-tests-")
        self.passed = self.failed = self.skipped = 0
        self.running: list[Run] = []
        return self

    def __exit__(self, stopped_by: object, *_more: object) -> None:
        for run in self.running:
            run.process.terminate()
            run.process.wait()
        self.folder.cleanup()
        parts = [f"{self.failed} failed"] if self.failed else []
        parts += [f"{self.passed} passed", f"{self.skipped} skipped"]
        print(f"==== all runs: {', '.join(parts)} in {time.monotonic() - self.began:.2f}s ====", flush=True)
        if stopped_by is None and not self.passed:
            sys.exit(NO_TESTS_COLLECTED)

    def side_by_side(self, steps: list[Step]) -> None:
        """Make the runs, as many at once as there are cores, and at least two. After one that failed none is begun."""
        waiting, at_once = list(steps), max(2, os.cpu_count() or 2)
        failed = False
        while self.running or (waiting and not failed):
            while waiting and not failed and len(self.running) < at_once:
                self.begin(waiting.pop(0))
            ended = [run for run in self.running if run.process.poll() is not None]
            for run in ended:
                failed = not self.finish(run) or failed
            time.sleep(0 if ended else A_MOMENT)
        if failed:
            sys.exit(1)

    def begin(self, step: Step) -> None:
        """Start a run of pytest; what it prints is kept until it has ended."""
        stem = Path(self.folder.name) / step.name.replace(" ", "-")
        results, log = stem.with_suffix(".xml"), stem.with_suffix(".log")
        command = [
            str(PYTHON),
            "-m",
            step.runner,
            *step.folders,
            "--ignore=tests/house",
            f"--junitxml={results}",
        ]
        say(f"{step.name} ...")
        with log.open("wb") as kept:
            process = subprocess.Popen(
                [*command, *step.arguments],
                cwd=ROOT,
                env={**os.environ, **step.extra},
                stdout=kept,
                stderr=subprocess.STDOUT,
            )
        self.running.append(Run(step.name, process, results, log, time.monotonic()))

    def finish(self, run: Run) -> bool:
        """Show what an ended run printed and add up its tests. True when none failed."""
        self.running.remove(run)
        sys.stdout.write(run.log.read_text(encoding="utf-8", errors="replace"))
        if run.results.exists():
            self.add(run.results)
        good = run.process.returncode in (0, NO_TESTS_COLLECTED)
        show(run.name, good=good, seconds=time.monotonic() - run.began)
        return good

    def add(self, results: Path) -> None:
        for suite in ET.parse(results).getroot().iter("testsuite"):
            wrong = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            skipped = int(suite.get("skipped", 0))
            self.failed += wrong
            self.skipped += skipped
            self.passed += int(suite.get("tests", 0)) - wrong - skipped


def find_chromium() -> str:
    """The browser of the stories: one that is installed, or Debian's package when this is root on Debian."""
    chosen = os.environ.get("SIMPUL_CHROMIUM")
    found = chosen or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    found = found or next((place for place in CHROMIUM_PLACES if Path(place).exists()), None)
    if found:
        return found
    if install_packages(["chromium"], "for the browser stories"):
        found = shutil.which("chromium")
    if not found:
        raise Stopped(
            "The browser stories need Chromium:  sudo apt-get update && sudo apt-get install -y chromium"
        )
    return found


def find_programs() -> None:
    """The programs that tests talk with: those that are installed, or Debian's packages when this is root on Debian."""
    missing = [packages for name, packages in PROGRAMS if not is_there(name)]
    if missing and install_packages(missing, "for the tests that talk with real programs"):
        missing = [packages for name, packages in PROGRAMS if not is_there(name)]
    if missing:
        words = " ".join(sorted(set(" ".join(missing).split())))
        raise Stopped(
            f"Some tests need other programs:  sudo apt-get update && sudo apt-get install -y {words}"
        )


def is_there(name: str) -> bool:
    """A program by its name, or a file (with another machine's folder for libraries) by its place."""
    if name.startswith("/"):
        return Path(name).exists() or any(Path("/usr/lib").glob(f"*/{'/'.join(Path(name).parts[-2:])}"))
    return bool(
        shutil.which(name, path=f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin{os.pathsep}/sbin")
    )


def install_packages(packages: list[str], why: str) -> bool:
    """Install Debian's packages; False, and nothing done, when this is not root on Debian."""
    if not (shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0):
        return False
    words = sorted(set(" ".join(packages).split()))
    say(f"installing {', '.join(words)} {why} (once)")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=False)
    few = (
        [] if "chromium" in words else ["--no-install-recommends"]
    )  # a modem's program would bring a database server
    command = ["apt-get", "install", "-y", "-qq", *few, *words]
    subprocess.run(command, env=quiet, check=False)
    return True


def say(text: str) -> None:
    print(text, flush=True)


def main(arguments: list[str]) -> None:
    if sys.version_info < OLDEST:
        raise Stopped(f"Simpul needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    if arguments and arguments[0] in ("-h", "--help", "help"):
        return print(__doc__)
    takes_more = {"run": run, "test": test, "check": check}
    alone = {"lint": lint, "setup": setup, "lock": lock}
    command, rest = (
        (arguments[0], arguments[1:])
        if arguments and not arguments[0].startswith("-")
        else ("run", arguments)
    )
    if command in takes_more:
        return takes_more[command](rest)
    if command in alone and not rest:
        return alone[command]()
    print(__doc__, file=sys.stderr)
    sys.exit(WRONG_USE)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Stopped as answer:
        sys.exit(str(answer))
    except subprocess.CalledProcessError as fault:
        sys.exit(f"This step failed (exit {fault.returncode}): {' '.join(map(str, fault.cmd))}")
    except KeyboardInterrupt:
        sys.exit(130)
