"""What every room's mirroring is asked: it lays rows down, leaves a line, changes nothing when repeated, and is the system's alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from simpul.journal.models import Line
from simpul.lib import mirror
from simpul.lib.actor import ANYBODY, MACHINE
from simpul.lib.errors import NotAllowed
from tests.cast import NOW

Act = Callable[..., mirror.Done]


def check(
    act: Act, kind: str, tables: Sequence[mirror.Table], areas: tuple[str, ...], desks: Any = ()
) -> dict[str, mirror.Part]:
    """Ask the act of one room; returns the rows of the area."""
    scope = mirror.Scope(areas, frozenset(desks), NOW)
    parts = mirror.snapshot(tables, scope)
    ground = mirror.Ground({}, settled=True)
    with pytest.raises(NotAllowed):
        act(by=ANYBODY, at=NOW, parts=parts, ground=ground)
    assert not Line.objects.filter(kind=kind).exists()
    done = act(by=MACHINE, at=NOW, parts=parts, ground=ground)
    assert (done.kept, done.clashes, done.gave_way) == (0, 0, 0)
    assert {name: set(rows) for name, rows in done.written.items()} == {
        name: set(part.rows) for name, part in parts.items() if part.rows
    }
    assert Line.objects.filter(kind=kind).count() == 1
    assert mirror.snapshot(tables, scope) == parts
    return parts
