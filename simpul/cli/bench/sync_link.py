"""A link between a client and a server as the hills have it: slow, late, and broken off in the middle. In process, on the loopback."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from dataclasses import dataclass, field


@dataclass
class Link:
    """Passes bytes on at a rate, after a delay, and cuts the connection after so many bytes; counts what went over it.

    ``bits`` a second (0: no limit), ``delay`` seconds each way, ``cut_after`` bytes sent up in one connection (0: never).
    """

    port: int
    bits: int = 0
    delay: float = 0.0
    cut_after: int = 0
    up: int = 0
    down: int = 0
    connections: int = 0
    cuts: int = 0
    listening: socket.socket = field(init=False)

    def __post_init__(self) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def entry(self) -> int:
        """The port a client talks to."""
        return int(self.listening.getsockname()[1])

    def close(self) -> None:
        """No more connections."""
        self.listening.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _address = self.listening.accept()
                far = socket.create_connection(("127.0.0.1", self.port))
            except OSError:
                return
            self.connections += 1
            for source, target, is_up in ((near, far, True), (far, near, False)):
                threading.Thread(target=self._pass, args=(source, target, is_up), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, is_up: bool) -> None:
        passed = 0
        waited = False
        with contextlib.suppress(OSError):
            while data := source.recv(2048):
                if self.delay and not waited:
                    time.sleep(self.delay)
                    waited = True
                if self.bits:
                    time.sleep(len(data) * 8 / self.bits)
                target.sendall(data)
                passed += len(data)
                if is_up:
                    self.up += len(data)
                    waited = waited and not self.delay
                else:
                    self.down += len(data)
                if is_up and self.cut_after and passed >= self.cut_after:
                    self.cuts += 1
                    break
        for one in (source, target):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
