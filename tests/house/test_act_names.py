"""An act name means one thing: no two rooms ask for the same permission."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

ROOMS = Path(__file__).parents[2] / "simpul"
ASKED = re.compile(r'roles\.require\(\s*\w+,\s*"([\w.]+)"')
DOORS = {"web", "jobs", "cli", "demo", "api"}


def test_an_act_name_is_asked_for_by_one_room_alone() -> None:
    rooms: dict[str, set[str]] = defaultdict(set)
    for file in ROOMS.glob("*/actions/**/*.py"):
        room = file.relative_to(ROOMS).parts[0]
        if room not in DOORS:
            for act in ASKED.findall(file.read_text(encoding="utf-8")):
                rooms[act].add(room)
    assert rooms
    assert {act: sorted(names) for act, names in rooms.items() if len(names) > 1} == {}
