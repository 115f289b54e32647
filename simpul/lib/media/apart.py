"""Cleaning a file in a process of its own, for one that may have killed the process that cleaned it.

Run as a program it reads the file on standard input and writes a line of JSON and the clean bytes. Memory and time are limited.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

from simpul.lib import media
from simpul.lib.media import kinds

SECONDS = 120
MOST_MEMORY = 2 << 30


class CleaningDied(kinds.FileRefused):
    """No program of ours survives this file."""

    code = "file.deadly"
    sentence = kinds.FileDamaged.sentence


def clean_apart(data: bytes, declared_name: str, *, max_bytes: int = media.MAX_BYTES) -> kinds.CleanFile:
    """As ``inspect_and_clean``, and nothing in the file can end this process.

    Raises:
        FileRefused: one of its subclasses; ``CleaningDied`` when the other process did not come to its end.
    """
    command = [sys.executable, "-m", __name__, declared_name, str(max_bytes)]
    try:
        done = subprocess.run(
            command,
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            cwd=Path(__file__).parents[3],
        )
    except subprocess.TimeoutExpired:
        raise CleaningDied from None
    head, _end, clean = done.stdout.partition(b"\n")
    if done.returncode or not head:
        raise CleaningDied
    told = json.loads(head)
    if "refused" in told:
        raise _refusals().get(told["refused"], kinds.FileDamaged)(**told["values"])
    return kinds.CleanFile(**{**told, "data": clean, "warnings": tuple(told["warnings"])})


def _refusals() -> dict[str, type[kinds.FileRefused]]:
    return {one.code: one for one in kinds.FileRefused.__subclasses__()}


def main(declared_name: str, max_bytes: str) -> None:
    """Clean it, within the limits."""
    _limit()
    try:
        clean = media.inspect_and_clean(sys.stdin.buffer.read(), declared_name, max_bytes=int(max_bytes))
    except kinds.FileRefused as refusal:
        sys.stdout.write(json.dumps({"refused": refusal.code, "values": refusal.values}) + "\n")
        return
    head = asdict(replace(clean, data=b"")) | {"data": ""}
    sys.stdout.write(json.dumps(head) + "\n")
    sys.stdout.flush()
    sys.stdout.buffer.write(clean.data)


def _limit() -> None:
    if sys.platform == "win32":
        return
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


if sys.platform != "win32":
    import resource

if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
