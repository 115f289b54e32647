"""A real gammu-smsd with its dummy phone and an SQLite file, or a PostgreSQL database: files in the phone's inbox are received messages."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import dict_row

from simpul.messages.transports import Setup

PROGRAM = shutil.which("gammu-smsd")
INJECT = shutil.which("gammu-smsd-inject")
EXAMPLES = Path("/usr/share/doc/gammu-smsd/examples")
ZONE = "Asia/Makassar"

CONFIG = """
[gammu]
model = dummy
connection = none
port = {phone}
gammuloc = /dev/null

[smsd]
service = sql
{tables}
phoneid = {phone_id}
logfile = {folder}/{phone_id}.log
debuglevel = 0
commtimeout = 1
sendtimeout = 5
receivefrequency = 1
statusfrequency = 1
loopsleep = 1
checksecurity = 0
multiparttimeout = 2
deliveryreport = log
{more}
"""

ON_SQLITE = """driver = sqlite3
dbdir = {folder}/
database = smsd.db"""

ON_POSTGRES = """driver = native_pgsql
host = {host}
user = {user}
password = {password}
database = {dbname}"""

MESSAGE = """
[SMSBackup000]
PDU = {pdu}
SMSC = "{centre}"
DateTime = {when}Z
State = UnRead
Number = "{number}"
Name = ""
Coding = {coding}
{udh}Folder = 1
Length = {length}
Class = -1
ReplySMSC = False
RejectDuplicates = False
ReplaceMessage = 0
MessageReference = {reference}
DeliveryStatus = {status}
{text}
"""

T = TypeVar("T")


@dataclass
class Modem:
    """A modem with its SIM, and the tables that its program writes."""

    folder: Path
    phone_id: str = "SIM1"
    more: str = ""
    postgres: str = ""  # the address of an empty database
    _count: int = field(default=0)

    @property
    def database(self) -> Path:
        return self.folder / "smsd.db"

    @property
    def address(self) -> str:
        return self.postgres or str(self.database)

    @property
    def inbox(self) -> Path:
        return self.folder / f"phone-{self.phone_id}" / "sms" / "1"

    def setup(self, cursor: str = "", **settings: Any) -> Setup:
        """The gateway of this modem."""
        said = {"database": self.address, "phone_id": self.phone_id, "zone": ZONE, **settings}
        return Setup(
            code=self.phone_id.lower(), kind="gammu", road="sms", number="0811", settings=said, cursor=cursor
        )

    def receive(
        self, number: str, text: str, *, udh: str = "", coding: str = "", when: str = "20261125T010000",
        pdu: str = "Deliver", reference: int = 0, status: int = 0, centre: str = "+6281100000",
    ) -> None:  # fmt: skip
        """Lay a message into the phone, as the network does."""
        self._count += 1
        raw = text.encode("utf-16-be").hex().upper() + "0000"
        lines = [f"Text{place // 200:02} = {raw[place : place + 200]}" for place in range(0, len(raw), 200)]
        plain = text.isascii()
        words = MESSAGE.format(
            pdu=pdu, number=number, when=when, coding=coding or ("Default" if plain else "Unicode"),
            udh=f"UDH = {udh}\n" if udh else "", length=len(text), text="\n".join(lines),
            reference=reference, status=status, centre=centre,
        )  # fmt: skip
        place = self.inbox / str(self._count)
        place.with_suffix(".new").write_text(words, encoding="ascii")
        place.with_suffix(".new").rename(place)

    def rows(self, query: str) -> list[dict[str, Any]]:
        """What the tables hold."""
        if self.postgres:
            with psycopg.connect(self.postgres, row_factory=dict_row) as server:
                return list(server.execute(query).fetchall())
        with sqlite3.connect(self.database, timeout=5) as link:
            link.row_factory = sqlite3.Row
            return [dict(row) for row in link.execute(query)]

    def config(self) -> Path:
        place = self.folder / f"{self.phone_id}.rc"
        phone = self.folder / f"phone-{self.phone_id}"
        self.inbox.mkdir(parents=True, exist_ok=True)
        tables = ON_SQLITE.format(folder=self.folder)
        if self.postgres:
            said = {"host": "", "user": "", "password": "", **conninfo_to_dict(self.postgres)}
            tables = ON_POSTGRES.format(**said)
        words = CONFIG.format(
            phone=phone, folder=self.folder, phone_id=self.phone_id, more=self.more, tables=tables
        )
        place.write_text(words, encoding="ascii")
        return place

    def inject(self, number: str, text: str) -> None:
        """Queue a message as another program of this machine does."""
        assert INJECT is not None
        command = [INJECT, "-c", str(self.config()), "TEXT", number, "-text", text]
        subprocess.run(command, check=True, capture_output=True)

    def _make_tables(self) -> None:
        if self.postgres:
            words = (EXAMPLES / "pgsql.sql").read_text(encoding="utf-8")
            with psycopg.connect(self.postgres, autocommit=True) as server:
                server.execute(words.replace("CREATE LANGUAGE plpgsql;", ""))  # every server has it today
        elif not self.database.exists():
            with sqlite3.connect(self.database) as link:
                link.executescript((EXAMPLES / "sqlite.sql").read_text(encoding="utf-8"))

    @contextmanager
    def running(self) -> Iterator[None]:
        """The program, until the end."""
        if PROGRAM is None:
            raise RuntimeError("gammu-smsd is not installed: apt-get install gammu-smsd libdbd-sqlite3")
        self._make_tables()
        log = (self.folder / f"{self.phone_id}.out").open("wb")
        process = subprocess.Popen(
            [PROGRAM, "-c", str(self.config())],
            env={**os.environ, "TZ": ZONE},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            log.close()


def until(found: Callable[[], T], seconds: float = 20) -> T:
    """What is found, as soon as it is there."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        value = found()
        if value:
            return value
        time.sleep(0.1)
    raise AssertionError("it did not come")
