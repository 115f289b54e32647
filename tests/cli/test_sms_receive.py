"""The command that Gammu SMSD runs for a message: kept at once, harmless when it runs again, spooled without a database."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.small import REPOSITORY, Installation
from tests.peers.gammu import Modem, until

pytestmark = pytest.mark.slow

MESSAGE = {
    "SMS_MESSAGES": "1",
    "SMS_1_NUMBER": "+6281234567890",
    "SMS_1_TEXT": "LAPOR jembatan 😀",
    "SMS_1_REFERENCE": "0",
    "DECODED_PARTS": "0",
}
ADD = """
from django.utils import timezone
from simpul.desks.models import Desk
from simpul.lib.actor import MACHINE
from simpul.messages import actions
actions.add_gateway(by=MACHINE, at=timezone.now(), code="sim1", kind="gammu", name="Modem",
                    desk_id=Desk.objects.first().id, settings={"receive": "command"})
"""
KEPT = """
import json
from django.utils import timezone
from simpul.jobs import spooled
from simpul.lib.actor import MACHINE
from simpul.messages import actions
from simpul.messages.models import Delivery, Incoming
spooled.read_in(timezone.now())
for delivery in Delivery.objects.filter(state="stored"):
    actions.read_delivery(by=MACHINE, at=timezone.now(), delivery_id=delivery.id)
print(json.dumps([[one.correspondent.address, one.text] for one in Incoming.objects.order_by("id")]))
"""


@pytest.fixture
def house(on_sqlite: Installation) -> Installation:
    """An installation with one modem that is heard by the command."""
    on_sqlite.python(ADD)
    return on_sqlite


def receive(house: Installation, *arguments: str, **values: str) -> subprocess.CompletedProcess[str]:
    house.extra = MESSAGE | values
    return house.run("sms-receive", *arguments)


def test_a_message_is_kept_once_however_often_the_command_runs(house: Installation) -> None:
    for _run in range(2):
        done = receive(house, "sim1", "41")
        assert (done.returncode, done.stderr) == (0, "")
    assert receive(house, "sim1", "42", SMS_1_TEXT="Kedua").returncode == 0
    assert json.loads(house.python(KEPT)) == [
        ["+6281234567890", "LAPOR jembatan 😀"],
        ["+6281234567890", "Kedua"],
    ]


def test_what_is_wrong_is_said(house: Installation) -> None:
    assert "sim9" in receive(house, "sim9", "1").stderr
    empty = receive(house, "sim1", SMS_MESSAGES="")
    assert (empty.returncode, "no message" in empty.stderr) == (1, True)
    assert receive(house).returncode == 2


def test_without_a_database_it_waits_in_the_spool(house: Installation) -> None:
    base = next(house.data.glob("*.sqlite3"))
    away = base.with_suffix(".away")
    base.rename(away)
    base.mkdir()  # a database that cannot be opened, even by root
    try:
        for _run in range(2):
            assert receive(house, "sim1", "41").returncode == 0
        assert len(list((house.data / "spool").glob("*.spool"))) == 2
    finally:
        base.rmdir()
        away.rename(base)
    assert json.loads(house.python(KEPT)) == [["+6281234567890", "LAPOR jembatan 😀"]]


@pytest.mark.programs
def test_a_real_smsd_runs_it(house: Installation, tmp_path: Path) -> None:
    """With input and output closed, as SMSD runs its command."""
    script = tmp_path / "receive.sh"
    names = ("SIMPUL_DATA", "DJANGO_SETTINGS_MODULE", "LANG")
    said = "".join(f"export {name}='{house.environment[name]}'\n" for name in names)
    command = f'cd {REPOSITORY} && exec {sys.executable} -m simpul sms-receive sim1 "$@"\n'
    script.write_text(f"#!/bin/sh\nunset DATABASE_URL\n{said}{command}", encoding="utf-8")
    script.chmod(0o755)
    modem = Modem(tmp_path, more=f"RunOnReceive = {script}")
    with modem.running():
        until(lambda: modem.rows("SELECT 1 FROM phones"))
        modem.receive("+6281234567890", "LAPOR air ŋ")
        modem.receive("+6281234567890", "satu ", udh="0500031A0201")
        modem.receive("+6281234567890", "dua", udh="0500031A0202")
        until(lambda: len(modem.rows("SELECT * FROM inbox")) == 3)
        found = until(lambda: _enough(json.loads(house.python(KEPT)), 2), 60)
    assert sorted(text for _sender, text in found) == ["LAPOR air ŋ", "satu dua"]


def _enough(rows: list[list[str]], count: int) -> list[list[str]]:
    return rows if len(rows) >= count else []
