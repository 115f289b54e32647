"""Providers that deliver over HTTP until they are answered, in a program of their own.

``python -m tests.faults.deliverer PORT COUNT THREADS`` posts signed deliveries of WhatsApp, numbered from 0, over kept-alive
connections. What is not answered with 2xx is sent again, as providers do. Each number is printed when it was answered, in one
piece, so that a test knows at any moment what was promised. A number that is divisible by ten is sent twice.
"""

from __future__ import annotations

import http.client
import os
import sys
import threading
import time

from tests.hooks import senders

PATH = "/hook/whatsapp/wa/"
PATIENCE = 15.0
PAUSE = 0.05


class Line:
    """One kept-alive connection."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.open: http.client.HTTPConnection | None = None

    def post(self, body: bytes) -> int:
        """The status of the answer; 0 when there was none."""
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": senders.signature(body)}
        try:
            if self.open is None:
                self.open = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
            self.open.request("POST", PATH, body, headers)
            answer = self.open.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            if self.open is not None:
                self.open.close()
            self.open = None
            return 0
        return answer.status


def deliver(port: int, numbers: range) -> None:
    """Deliver each number until it is answered."""
    line = Line(port)
    for number in numbers:
        body = senders.envelope([senders.text(number, f"pesan {number}", f"62812{number % 400:08}")])
        for _copy in range(2 if number % 10 == 0 else 1):
            while not 200 <= line.post(body) < 300:
                time.sleep(PAUSE)
        os.write(1, f"{number}\n".encode())


def main(port: int, count: int, threads: int) -> None:
    """Deliver all numbers with several threads."""
    workers = [
        threading.Thread(target=deliver, args=(port, range(start, count, threads)))
        for start in range(threads)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
