"""A server and a village laptop below it, each an installation of its own: ``python -m tests.sync.parent_house`` fills the server."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field

from tests.cli.small import REPOSITORY, Installation, open_house


def free_port() -> int:
    """A port that nobody listens at now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Served:
    """A served installation: its process can be stopped and started again."""

    home: Installation
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Serve, without the worker, and wait until it answers."""
        words = [sys.executable, "-m", "simpul", "serve", "--port", str(self.port), "--no-worker"]
        self.process = subprocess.Popen(
            words,
            env=self.home.environment,
            cwd=REPOSITORY,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + 120
        while True:
            try:
                with urllib.request.urlopen(f"{self.url}/sehat/", timeout=2):  # noqa: S310 - our own
                    return
            except urllib.error.HTTPError:
                return
            except OSError:
                if time.monotonic() > until or self.process.poll() is not None:
                    raise
                time.sleep(0.2)

    def stop(self) -> None:
        """The server is not reachable any more."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(30)
            self.process = None


def install(parent: Served, node: Installation, code: str) -> subprocess.CompletedProcess[str]:
    """``simpul init --parent`` on a new laptop."""
    return node.run(
        "init", "--parent", parent.url, "--code", code, "--admin", "admin.laptop", "--admin-name", "Admin Laptop",
        "--host", "testserver", "--json", seconds=900,
    )  # fmt: skip


def fill() -> None:
    """Found the server and put the cast, a village with its register, and a neighbour in."""
    from simpul.cli import ground  # noqa: PLC0415 - settings are read after the folder is there

    ground._found("real", hosts=["127.0.0.1", "testserver"], https=False, database_url="")
    open_house()
    from simpul.cli import house  # noqa: PLC0415
    from tests import cast as cast_module  # noqa: PLC0415
    from tests.sync import village  # noqa: PLC0415

    house.compile_words()
    house.migrate()
    village.settle(cast_module.assemble())


if __name__ == "__main__":
    fill()
