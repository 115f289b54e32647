"""A village laptop below a server: two real installations, a server that goes away and comes back, and nothing lost or doubled."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cli.small import Installation
from tests.sync.parent_house import Served, install

pytestmark = pytest.mark.slow


@dataclass
class Pair:
    """The server above, and the laptop."""

    parent: Served
    node: Installation
    told: dict[str, Any]

    def above(self, expression: str) -> Any:
        """What an expression over ``village`` is at the server."""
        return _ask(self.parent.home, expression)

    def here(self, expression: str) -> Any:
        """The same at the laptop."""
        return _ask(self.node, expression)

    def talk(self, *, until_judged: bool = True) -> str:
        """Speak with the server, let its worker judge what is left, and speak again; "" when it went well, else why not."""
        why = str(self.here("village.talk()"))
        if not why and until_judged and not self.here("village.is_judged()"):
            self.parent.home.run("work", "--once")
            why = str(self.here("village.talk()"))
        return why


def _ask(home: Installation, expression: str) -> Any:
    code = f"from tests.sync import village\nvillage.tell({expression})"
    return json.loads(home.python(code).splitlines()[-1])


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("pair")
    home = Installation(folder / "server")
    made = home.run(module="tests.sync.parent_house", seconds=900)
    assert made.returncode == 0, made.stderr
    parent = Served(home)
    parent.start()
    try:
        node = Installation(folder / "laptop")
        done = install(parent, node, _ask(home, "village.invite()"))
        assert done.returncode == 0, done.stderr
        yield Pair(parent, node, json.loads(done.stdout.splitlines()[-1]))
    finally:
        parent.stop()


def test_a_story_of_weeks(pair: Pair, tmp_path: Path) -> None:
    # what was copied: the village, its people and their seats; nobody of the neighbour
    assert {one["username"] for one in pair.told["users"]} >= {"fasilitator", "ilham"}
    here = pair.here(
        "[sorted(village.Person.objects.values_list('full_name', flat=True)),"
        " village.Household.objects.count(), village.Case.objects.count()]"
    )
    assert len([name for name in here[0] if name.startswith("Keluarga")]) == 12
    assert here[1:] == [12, 1]
    assert b"Tetangga Rahasia" not in (pair.node.data / "simpul.sqlite3").read_bytes()
    found = pair.here("__import__('simpul.people.queries', fromlist=['x']).nik_index('7602132001900001')")
    assert (
        pair.here("village.Person.objects.exclude(nik_index='').values_list('nik_index', flat=True)[0]")
        == found
    )

    # alone: the server is away, work goes on, the try is noted and nothing breaks
    pair.parent.stop()
    first = pair.here("village.work('minggu pertama')")
    assert first["number"].startswith("SPL-")
    assert pair.talk()
    state = pair.here(
        "[(p.tries, p.seq) for p in [__import__('simpul.sync.models', fromlist=['x']).Parent.objects.get()]][0]"
    )
    assert state[0] == 1
    assert state[1] == 7

    # back again: every act is there once, under the same keys and the receipt that was handed over
    before = tmp_path / "yesterday"
    shutil.copytree(pair.parent.home.data, before)
    pair.parent.start()
    assert pair.talk() == ""
    assert set(pair.above("village.states()").values()) == {"accepted"}
    there = pair.above(f"village.seen({first!r})")
    assert there == {
        "person": 1, "contacts": 1, "members": 19, "told": 1, "conflicts": 0, "number": first["number"], "notes": 1,
        "clocks": there["clocks"], "visits": 1,
    }  # fmt: skip
    assert there["clocks"] > 0
    pin = pair.above(
        f"__import__('simpul.cases.queries.receipts', fromlist=['x']).pin_fits("
        f"village.Case.objects.get(id={first['case']!r}), {first['pin']!r})"
    )
    assert pin is True
    assert pair.here(f"village.seen({first!r})") == there

    # again: nothing is sent twice, nothing is made twice
    assert pair.talk() == ""
    assert pair.above(f"village.seen({first!r})") == there
    assert len(pair.above("village.states()")) == 7

    # an edit above and another here, on different fields, both stand; and the laptop sees it
    pair.above(
        f"(village.people_actions.change_household(by=village.officer(), at=village.now(),"
        f" household_id={first['home']!r}, changes={{'families_said': 2}}, said=village.said()), 0)[1]"
    )
    second = pair.here("village.work('minggu kedua')")
    assert pair.talk() == ""
    assert pair.above(f"village.Household.objects.get(id={first['home']!r}).families_said") == 2
    assert pair.here(f"village.Household.objects.get(id={first['home']!r}).families_said") == 2
    assert pair.above(f"village.seen({second!r})")["conflicts"] == 0

    # the server is restored from yesterday's copy: it says so, and everything is sent again, once
    pair.parent.stop()
    shutil.rmtree(pair.parent.home.data)
    shutil.copytree(before, pair.parent.home.data)
    pair.parent.start()
    assert pair.talk() == ""
    for made in (first, second):
        there = pair.above(f"village.seen({made!r})")
        assert (there["person"], there["visits"], there["notes"], there["number"]) == (
            1,
            1,
            1,
            made["number"],
        )
    assert len(pair.above("village.states()")) == 14

    # by hand: a bundle brings the next week, and what is sent afterwards is known already
    pair.parent.stop()
    third = pair.here("village.work('minggu ketiga')")
    assert pair.talk()
    stick = tmp_path / "stick.simpul"
    written = pair.node.run("bundle", "export", stick, "--json")
    assert written.returncode == 0, written.stderr
    assert json.loads(written.stdout)["events"] == 7
    looked = pair.parent.home.run("bundle", "inspect", stick, "--json")
    assert looked.returncode == 0
    assert json.loads(looked.stdout)["signature"] == "good"
    assert json.loads(looked.stdout)["maker"] == "Laptop Dungkait"
    taken = pair.parent.home.run("bundle", "import", stick, "--json")
    assert taken.returncode == 0, taken.stdout + taken.stderr
    pair.parent.start()
    assert pair.talk() == ""
    there = pair.above(f"village.seen({third!r})")
    assert (there["person"], there["visits"], there["number"]) == (1, 1, third["number"])
    assert len(pair.above("village.states()")) == 21
