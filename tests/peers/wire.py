"""A bad link between a phone and a server: a small proxy for TCP that is slow, narrow, breaks, or swallows answers.

It knows nothing of HTTP: it passes bytes on, counts them, and does to them what roads in the hills do.
"""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

PIECE = 1024


@dataclass
class Link:
    """What is done to the connections that are opened from now on."""

    latency: float = 0.0  # seconds each way
    rate: float = 0.0  # bytes a second each way; 0: as fast as it goes
    cut_after: int = 0  # bytes of a connection in both directions, then it breaks; 0: never
    lose_answers: float = 0.0  # share of the connections whose answer never arrives
    chance: random.Random = field(default_factory=lambda: random.Random(1))
    up: int = 0
    down: int = 0
    connections: int = 0
    port: int = 0

    def reset(self) -> None:
        """Count from nothing."""
        self.up = self.down = self.connections = 0


class _Passing:
    """One connection."""

    def __init__(self, link: Link, near: socket.socket, far: socket.socket) -> None:
        self.link, self.near, self.far = link, near, far
        self.left = link.cut_after or None
        self.swallow = link.chance.random() < link.lose_answers
        self.guard = threading.Lock()

    def run(self) -> None:
        """Pass on both ways until one side closes or the link breaks."""
        back = threading.Thread(target=self._pump, args=(self.far, self.near, False), daemon=True)
        back.start()
        self._pump(self.near, self.far, True)
        back.join()
        self._close()

    def _pump(self, source: socket.socket, target: socket.socket, up: bool) -> None:
        with suppress(OSError):
            while data := source.recv(PIECE):
                time.sleep(self.link.latency if self._first(up) else 0)
                if self.link.rate:
                    time.sleep(len(data) / self.link.rate)
                if not self._count(len(data), up):
                    self._close()
                    return
                if up or not self.swallow:
                    target.sendall(data)
                elif not up:
                    self._close()
                    return
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    _begun_up = False
    _begun_down = False

    def _first(self, up: bool) -> bool:
        begun = self._begun_up if up else self._begun_down
        if up:
            self._begun_up = True
        else:
            self._begun_down = True
        return not begun

    def _count(self, size: int, up: bool) -> bool:
        with self.guard:
            if up:
                self.link.up += size
            else:
                self.link.down += size
            if self.left is None:
                return True
            self.left -= size
            return self.left > 0

    def _close(self) -> None:
        for one in (self.near, self.far):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            with suppress(OSError):
                one.close()


@contextmanager
def between(server_port: int) -> Iterator[Link]:
    """A link to a port of this machine; ``port`` is where the phone connects."""
    link = Link()
    listening = socket.create_server(("127.0.0.1", 0))
    link.port = int(listening.getsockname()[1])
    stopped = threading.Event()

    def serve() -> None:
        while not stopped.is_set():
            try:
                near, _where = listening.accept()
            except OSError:
                return
            link.connections += 1
            try:
                far = socket.create_connection(("127.0.0.1", server_port), 10)
            except OSError:
                near.close()
                continue
            threading.Thread(target=_Passing(link, near, far).run, daemon=True).start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield link
    finally:
        stopped.set()
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)
