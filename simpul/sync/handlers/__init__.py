"""What devices may send: for every kind and version of event the handler that calls the act. The table is explicit.

A version is taken for at least 180 days after no app writes it any more, so nothing that was written in the hills is ever too old
(domain rules of offline work, 11). ``docs/sync-events.md`` is written out of this table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from simpul.sync.handlers import cases, lives, meetings, node, outreach, people, persons, programmes, trips
from simpul.sync.handlers.files import attach
from simpul.sync.handlers.frame import (
    Done,
    EventUnreadable,
    FileWanted,
    Handler,
    Input,
    TaskWanted,
    Work,
)

TABLE: Mapping[str, Handler] = {
    **people.HANDLERS,
    **persons.HANDLERS,
    **lives.HANDLERS,
    **outreach.HANDLERS,
    **trips.HANDLERS,
    **programmes.HANDLERS,
    **cases.HANDLERS,
    **meetings.HANDLERS,
    **node.HANDLERS,
}
"""Kind with its version -> how it is done."""

__all__ = [
    "TABLE",
    "Done",
    "EventUnreadable",
    "FileWanted",
    "Handler",
    "Input",
    "TaskWanted",
    "Work",
    "attach",
    "newest",
    "oldest",
]


def newest() -> dict[str, int]:
    """The newest version of each act, for hello: what a device should write."""
    return _versions(max)


def oldest() -> dict[str, int]:
    """The oldest version of each act that is still taken."""
    return _versions(min)


def _versions(choose: Callable[[list[int]], int]) -> dict[str, int]:
    found: dict[str, list[int]] = {}
    for kind in TABLE:
        act, _sep, version = kind.partition("/")
        found.setdefault(act, []).append(int(version))
    return {act: choose(versions) for act, versions in sorted(found.items())}
