"""House rules on the locks: hashes for everything, and nothing that says whose machine or registry made them."""

from __future__ import annotations

import re
from pathlib import Path

PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)
TRACES = {
    "an address": re.compile(r"https?:|file:|\bgit\+"),
    "an index or links option": re.compile(r"^\s*(?:-i|-f|--index-url|--extra-index-url|--find-links|--trusted-host)\b", re.MULTILINE),
    "a machine path": re.compile(r"(?:^|\s)(?:/[a-z]+/|~/|[A-Z]:\\)", re.MULTILINE),
}  # fmt: skip


def traces(root: Path) -> list[str]:
    """Index addresses and machine paths in requirements files."""
    return [
        f"requirements/{path.name}: holds {what} ({match.group().strip()}); renew it with: python3 start.py lock."
        for path in sorted((root / "requirements").iterdir())
        for what, pattern in TRACES.items()
        for match in [pattern.search(path.read_text(encoding="utf-8"))]
        if match
    ]


def unhashed(root: Path) -> list[str]:
    """Pinned packages without a hash."""
    found = []
    for path in sorted((root / "requirements").glob("*.lock")):
        entries = re.split(r"^(?=[A-Za-z0-9])", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        found += [
            f"requirements/{path.name}: {entry.split()[0]} has no hash."
            for entry in entries
            if entry[:1].isalnum() and "--hash=sha256:" not in entry
        ]
    return found


def pins(path: Path) -> set[tuple[str, str]]:
    """(name, version) of every package in a lock."""
    return {(name.lower(), version) for name, version in PIN.findall(path.read_text(encoding="utf-8"))}


def apart(root: Path) -> list[str]:
    """Packages that the run lock has and the dev lock has not, or in another version: tests must run what people run."""
    missing = pins(root / "requirements" / "run.lock") - pins(root / "requirements" / "dev.lock")
    return [
        f"requirements/dev.lock: lacks {name}=={version} of run.lock." for name, version in sorted(missing)
    ]
