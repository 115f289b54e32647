"""Reading a delivery in a process of its own, for one whose reading may have killed the worker.

Run as a program it reads one set-up and one request on standard input and ends with 0 when the transport came to an end with
them, whatever it said: a refusal is an end too. Memory and time are limited.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from simpul.messages import transports
from simpul.messages.transports import requests
from simpul.messages.transports.incoming import RawRequest, Setup, Unreadable

logger = logging.getLogger(__name__)

SECONDS = 30
MOST_MEMORY = 1 << 30


def survives(setup: Setup, request: RawRequest) -> bool:
    """True when a process that reads this delivery comes to its end."""
    spooled = requests.as_record(requests.Spooled(setup.road, setup.code, True, request))
    asked = json.dumps({"setup": {**asdict(setup), "secrets": {}}, "request": spooled}).encode()
    command = [sys.executable, "-m", __name__]
    try:
        done = subprocess.run(
            command,
            input=asked,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            cwd=Path(__file__).parents[3],
        )
    except subprocess.TimeoutExpired:
        return False
    if done.returncode:
        logger.warning("Reading a delivery apart ended with %s", done.returncode)
    return done.returncode == 0


def main(asked: dict[str, Any]) -> None:
    """Read it, within the limits."""
    _limit()
    request = requests.from_record(asked["request"]).request
    with suppress(Unreadable):
        transports.PROVIDERS[asked["setup"]["kind"]].read(Setup(**asked["setup"]), request)


def _limit() -> None:
    if sys.platform == "win32":
        return
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


if sys.platform != "win32":
    import resource

if __name__ == "__main__":
    main(json.load(sys.stdin))
