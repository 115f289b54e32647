"""The server that is measured: ``simpul serve`` as people run it, on the staged data."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from simpul.cli.bench import load, stage

_READY_WITHIN = 120.0
LOAD = Path(load.__file__)


class NotServedError(RuntimeError):
    """The server did not start, or answered with something else than the page that was to be measured."""


@dataclass
class Server:
    """A running server."""

    port: int
    process: subprocess.Popen[bytes]

    def memory_mb(self) -> float:
        """Resident memory of the server's processes together; 0 where the system does not tell."""
        return sum(_resident(pid) for pid in _family(self.process.pid)) / 1024

    def cpu_seconds(self) -> float:
        """Processor time the server's processes have used: it tells what a page costs also on a busy machine."""
        return sum(_worked(pid) for pid in _family(self.process.pid))

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start() -> Server:
    """Serve the staged installation on a free port, without the worker: what is measured is the page alone."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    log = (settings.SIMPUL_DATA / "serve.log").open("wb")
    command = [sys.executable, "-m", "simpul", "serve", "--port", str(port), "--no-worker"]
    server = Server(
        port, subprocess.Popen(command, cwd=settings.ROOT, stdout=log, stderr=log, env=dict(os.environ))
    )
    until = time.monotonic() + _READY_WITHIN
    while time.monotonic() < until and server.process.poll() is None:
        try:
            if load.Browser(port).get("/").status == 200:
                return server
        except OSError:
            time.sleep(0.2)
    server.stop()
    said = (settings.SIMPUL_DATA / "serve.log").read_text(encoding="utf-8", errors="replace")[-2000:]
    raise NotServedError(f"the server did not start:\n{said}")


def sign_in(server: Server, username: str) -> dict[str, str]:
    """The real sign-in, with the code of the second factor when it is asked for; returns the session's cookies."""
    browser = load.Browser(server.port)
    browser.get("/akun/masuk/")
    answer = browser.post("/akun/masuk/", {"login": username, "password": stage.PASSWORD})
    if stage.has_factor(username):
        place = answer.location
        for _try in range(3):  # a code may run out on its way
            browser.get(place)
            answer = browser.post(place, {"code": stage.code_of(username, time.time())})
            if answer.status == 302:
                break
            time.sleep(1)
    page = browser.get("/meja/")
    if answer.status != 302 or page.status != 200:
        raise NotServedError(
            f"{username} could not sign in: {answer.status} {answer.location}, then {page.status} {page.location}"
        )
    return browser.cookies


def run(server: Server, job: dict[str, Any]) -> load.Result:
    """Let clients in a process of their own do a job against the server."""
    asked = json.dumps({"port": server.port, **job}).encode()
    before = server.cpu_seconds()
    done = subprocess.run([sys.executable, str(LOAD)], input=asked, stdout=subprocess.PIPE, check=True)
    found = load.Result(**json.loads(done.stdout))
    if found.fault or not found.times:
        raise NotServedError(found.fault or "nothing was measured")
    if job["scenario"] in ("read", "counter", "deliver"):  # the others ask for more pages than they time
        found.extra["cpu_ms"] = (
            1000 * (server.cpu_seconds() - before) / (len(found.times) + load.WARM_UP * job["clients"])
        )
    return found


def _family(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        for file in Path(f"/proc/{parent}/task").glob("*/children"):
            found += [
                int(child) for child in file.read_text(encoding="ascii").split() if int(child) not in found
            ]
    return found


def _worked(pid: int) -> float:
    """Seconds in user and system mode."""
    try:
        parts = (
            Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        )
    except OSError:
        return 0.0
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def _resident(pid: int) -> int:
    """Kilobytes."""
    file = Path(f"/proc/{pid}/status")
    try:
        lines = file.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)
