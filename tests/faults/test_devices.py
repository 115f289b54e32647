"""Phones over real HTTP: a link that breaks, is narrow, swallows answers; a server that is killed. Nothing is lost or doubled."""

from __future__ import annotations

import gzip
import http.client
import json
import random
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from simpul.cli.backup import sqlite
from tests.cli.small import Installation
from tests.faults.test_no_loss import Server
from tests.peers import wire as wires
from tests.sync import phone as phones

pytestmark = pytest.mark.slow

PHONES = 3
INVITE = """
import json
from django.utils import timezone
from simpul.accounts.models import User
from simpul.desks.models import Desk, Seat
from simpul.lib.actor import MACHINE
from simpul.people.models import Household
from simpul.sync.actions import enrolling
from tests import cast
desk = Desk.objects.get(code='village')
home = Household.objects.create(region_code=cast.DUNGKAIT, name='Daeng Ngemba', registered_at=cast.NOW, changed_at=cast.NOW)
codes = []
for number in range(%s):
    user = User.objects.create(username=f'jalan{number}', full_name=f'Petugas {number}', password='!', created_at=cast.NOW)
    seat = Seat.objects.create(user=user, desk=desk, role='facilitator', from_at=cast.NOW)
    codes.append(enrolling.invite_device(by=MACHINE, at=timezone.now(), seat_id=seat.id).code)
print(json.dumps({'codes': codes, 'home': str(home.id)}))
"""
STORED = """
import json
from datetime import timedelta
from django.utils import timezone
from simpul.jobs import syncing
from simpul.journal import queries
from simpul.outreach.models import Visit
from simpul.sync.models import Envelope, Event
for minutes in (0, 5):
    syncing.turn(timezone.now() + timedelta(minutes=minutes))
print(json.dumps({
  'visits': sorted(str(key) for key in Visit.objects.values_list('id', flat=True)),
  'hashes': sorted(bytes(one).hex() for one in Event.objects.values_list('hash', flat=True)),
  'states': sorted(set(Event.objects.values_list('state', flat=True))),
  'waiting': Envelope.objects.exclude(state='opened').count() + Envelope.objects.filter(reached=False).count(),
  'damages': [d.what for d in queries.damages()],
}))
"""


def over(port: int, timeout: float = 20.0) -> phones.Wire:
    """HTTP to a port of this machine; whatever goes wrong on the way, the answer is lost."""

    def wire(method: str, path: str, body: bytes, headers: Mapping[str, str]) -> phones.Answer:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
        try:
            link.request(method, f"/sync/v1/{path}", body, {**headers, "Accept-Encoding": "gzip"})
            answer = link.getresponse()
            content = answer.read()
            if answer.headers.get("Content-Encoding") == "gzip":
                content = gzip.decompress(content)
        except (OSError, http.client.HTTPException, EOFError) as fault:
            raise phones.LostAnswer from fault
        finally:
            link.close()
        if answer.status in (429, 503):
            raise phones.LostAnswer
        return phones.Answer(answer.status, content)

    return wire


@pytest.fixture
def server(installation: Installation) -> Iterator[Server]:
    """A server that serves."""
    made = Server(installation)
    made.start()
    yield made
    made.kill()


class Team:
    """Phones that are enrolled over a good link, and what they wrote."""

    def __init__(self, installation: Installation, port: int) -> None:
        self.installation = installation
        told = json.loads(installation.python(INVITE % PHONES))
        self.home: str = told["home"]
        self.visits: list[str] = []
        self.hashes: list[str] = []
        self.phones = [
            phones.enrolled(over(port), code, _now, random.Random(number))
            for number, code in enumerate(told["codes"])
        ]

    def write(self, phone: phones.Phone, count: int, each: int = 10) -> None:
        """So many visits, in segments as a phone closes them."""
        for number in range(count):
            event = phone.act(
                "visit.record/1",
                lambda own: {
                    "visit_id": own(0),
                    "household_id": self.home,
                    "outcome": "met",
                    "words": "Atap bocor.",
                },
                subject=f"household:{self.home}",
            )
            self.visits.append(event.data["visit_id"])
            self.hashes.append(event.hash.hex())
            if number % each == each - 1:
                phone.close()

    def check(self) -> None:
        """Everything that was written is there once, done once."""
        stored = json.loads(self.installation.python(STORED))
        assert stored["hashes"] == sorted(self.hashes)
        assert stored["visits"] == sorted(self.visits)
        assert (stored["states"], stored["waiting"], stored["damages"]) == (["accepted"], 0, [])
        if not self.installation.database_url:
            assert sqlite.fault(Path(self.installation.data) / "simpul.sqlite3") == ""


def _now() -> int:
    return round(time.time() * 1000)


def until_sent(phone: phones.Phone, most: int = 100) -> int:
    """Try again until the server has everything; returns how often it had to be tried."""
    for times in range(1, most):
        if phone.sync():
            return times
        time.sleep(min(0.05 * times, 2))  # a device may ask only so often in a minute
    raise AssertionError("not everything arrived")


def test_over_a_link_that_breaks_and_swallows_answers_everything_arrives_once(server: Server) -> None:
    team = Team(server.installation, server.port)
    with wires.between(server.port) as link:
        for phone in team.phones:
            phone.wire = over(link.port)
            team.write(phone, 120)
        link.lose_answers, link.cut_after = 0.4, 20_000
        tries = [until_sent(phone) for phone in team.phones[:2]]
        link.lose_answers, link.cut_after = 0.2, 6_000
        tries.append(until_sent(team.phones[2]))
        assert max(tries) > 1, "the link was better than it should have been"
    team.check()


def test_a_day_of_fifty_entries_is_small_and_quick_over_a_narrow_link(server: Server) -> None:
    team = Team(server.installation, server.port)
    phone = team.phones[0]
    phone.sync()
    team.write(phone, 50, each=50)
    with wires.between(server.port) as link:
        phone.wire = over(link.port)
        link.latency, link.rate = 0.3, 16_000
        began = time.monotonic()
        assert phone.sync()
        seconds = time.monotonic() - began
        print(f"50 entries: {link.up} B up, {link.down} B down, {link.connections} requests, {seconds:.1f} s")
        assert link.up + link.down <= 8_000 and seconds < 60
    team.check()


def test_a_server_that_is_killed_in_the_middle_of_pushes_loses_and_doubles_nothing(server: Server) -> None:
    team = Team(server.installation, server.port)
    stop = threading.Event()

    def work(phone: phones.Phone) -> None:
        while not stop.is_set():
            phone.sync()
            time.sleep(0.4)

    for phone in team.phones:
        team.write(phone, 300)
    threads = [threading.Thread(target=work, args=(phone,)) for phone in team.phones]
    for thread in threads:
        thread.start()
    try:
        for seconds in (0.7, 1.3, 0.4):
            time.sleep(seconds)
            server.kill()
            server.start()
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    for phone in team.phones:
        until_sent(phone)
    team.check()
