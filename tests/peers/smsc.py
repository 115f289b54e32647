"""A real message centre: Net::SMPP for Perl in the centre's part (``smsc.pl``), told what to do line by line."""

from __future__ import annotations

import json
import queue
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROGRAM = shutil.which("perl")
SCRIPT = Path(__file__).with_suffix(".pl")
SYSTEM_ID, PASSWORD = "simpul", "rahasia"


class Centre:
    """A running centre."""

    def __init__(self, port: int) -> None:
        if PROGRAM is None:
            raise RuntimeError("perl is not installed: apt-get install libnet-smpp-perl")
        self.port = port
        self.events: queue.Queue[dict[str, Any]] = queue.Queue()
        self.process = subprocess.Popen(
            [PROGRAM, str(SCRIPT), str(port), SYSTEM_ID, PASSWORD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="latin-1",
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self.wait("ready")

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.events.put(json.loads(line))

    def wait(self, event: str, seconds: float = 15, **fields: Any) -> dict[str, Any]:
        """The next event of this name with these fields; others before it are passed over."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            try:
                found = self.events.get(timeout=0.2)
            except queue.Empty:
                if self.process.poll() is not None:
                    break
                continue
            if found["event"] == event and all(found.get(name) == value for name, value in fields.items()):
                return found
        raise AssertionError(f"the centre saw no {event}")

    def tell(self, do: str, **fields: Any) -> None:
        """Have it do something."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": do, **fields}) + "\n")
        self.process.stdin.flush()

    def deliver(self, sender: str, words: bytes, **fields: Any) -> int:
        """Deliver a message to whoever listens; returns its number."""
        said = {
            "source_addr": sender,
            "source_addr_ton": 1,
            "source_addr_npi": 1,
            "destination_addr": "628110000",
            "dest_addr_ton": 1,
            "dest_addr_npi": 1,
            "short_message": words.hex(),
            **fields,
        }
        self.tell("deliver", **said)
        return int(self.wait("delivered")["seq"])

    def end(self) -> None:
        """Stop it."""
        assert self.process.stdin is not None
        if self.process.stdin.closed:
            return
        self.process.stdin.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._listener.join(5)
        if self.process.stdout is not None:
            self.process.stdout.close()


def free_port() -> int:
    """A port of this machine that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(port: int = 0) -> Iterator[Centre]:
    """A centre, until the end."""
    centre = Centre(port or free_port())
    try:
        yield centre
    finally:
        centre.end()
